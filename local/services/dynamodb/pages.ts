import type { Store } from '../../kernel/store.ts';
import type { Units } from './capacity.ts';
import { validation } from './errors.ts';
import { entryKey, projectedItem } from './indexes.ts';
import { encodeHash, encodeKey, encodeValue, keyOf, successor } from './keys.ts';
import type { Table, TableIndex } from './tables.ts';
import { type AttributeValue, type Item, itemSize } from './values.ts';

/** A place in a table or index: partition, sort key, and in an index the key of the item. */
export interface Position {
  readonly hash: string;
  readonly range: string;
  readonly key: string;
}

/** What a query or scan reads: from `from` on, up to but without `to`. */
export interface Span {
  readonly table: Table;
  readonly index: TableIndex | undefined;
  readonly from: Position;
  readonly to: Position;
  readonly forward: boolean;
}

interface SpanRow {
  hash: string;
  range: string;
  key: string;
  size: number;
  item: string;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html: "1 MB". */
const PAGE_BYTES_MAX = 1024 * 1024;
const CHUNK_ROWS = 100;

const TABLE_SQL = `SELECT hash, range, '' AS key, size, item FROM dynamodb_items
  WHERE table_id = ? AND (hash, range, '') >= (?, ?, ?) AND (hash, range, '') < (?, ?, ?)`;
const INDEX_SQL = `SELECT e.hash AS hash, e.range AS range, e.key AS key, i.size AS size, i.item AS item
  FROM dynamodb_entries e CROSS JOIN dynamodb_items i ON i.id = e.item
  WHERE e.index_id = ? AND (e.hash, e.range, e.key) >= (?, ?, ?) AND (e.hash, e.range, e.key) < (?, ?, ?)`;
// SQLite plans a statement anew for each value of a bare `LIMIT ?` (computeLimit looks at what is bound); a sum it takes as it comes.
const SQL = {
  table: {
    forward: `${TABLE_SQL} ORDER BY hash, range LIMIT ? + 0`,
    backward: `${TABLE_SQL} ORDER BY hash DESC, range DESC LIMIT ? + 0`,
  },
  index: {
    forward: `${INDEX_SQL} ORDER BY e.hash, e.range, e.key LIMIT ? + 0`,
    backward: `${INDEX_SQL} ORDER BY e.hash DESC, e.range DESC, e.key DESC LIMIT ? + 0`,
  },
};

function* rowsOf(store: Store, span: Span, atMost: number): Generator<SpanRow> {
  const { table, index, forward } = span;
  const sql = SQL[index === undefined ? 'table' : 'index'][forward ? 'forward' : 'backward'];
  let { from, to } = span;
  let left = atMost;
  while (left > 0) {
    const limit = Math.min(left, CHUNK_ROWS);
    const rows = store.all<SpanRow & Record<string, never>>(
      sql,
      index?.id ?? table.id,
      from.hash,
      from.range,
      from.key,
      to.hash,
      to.range,
      to.key,
      limit,
    );
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < limit || last === undefined) return;
    left -= rows.length;
    if (forward) from = behind(last, index);
    else to = last;
  }
}

function behind(position: Position, index: TableIndex | undefined): Position {
  return index === undefined
    ? { hash: position.hash, range: successor(position.range), key: '' }
    : { hash: position.hash, range: position.range, key: successor(position.key) };
}

/** How the items of a page are chosen and shown. */
export interface PageOptions {
  readonly limit: number | undefined;
  /** Whether whole items are read where the index holds only a part. */
  readonly wholeItems: boolean;
  readonly filter: ((item: Item) => boolean) | undefined;
}

export interface Page {
  readonly items: Item[];
  readonly scannedCount: number;
  readonly lastEvaluatedKey: Item | undefined;
  /** Bytes read from the table or index, and for whole items besides, from the table. */
  readonly bytes: number;
}

/** Reads one page. It ends at the limit or after 1 MB, and then says where to go on, even if nothing follows. */
export function readPage(store: Store, span: Span, options: PageOptions): Page {
  const projected = options.wholeItems ? undefined : span.index?.projected;
  const items: Item[] = [];
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let scannedCount = 0;
  let bytes = 0;
  for (const row of rowsOf(store, span, limit)) {
    const whole = JSON.parse(row.item) as Item;
    const item = projected === undefined ? whole : projectedItem(whole, projected);
    scannedCount += 1;
    bytes += projected === undefined ? row.size : itemSize(item);
    if (options.filter === undefined || options.filter(item)) items.push(item);
    if (scannedCount >= limit || bytes >= PAGE_BYTES_MAX) return { items, scannedCount, lastEvaluatedKey: positionKey(span, whole), bytes };
  }
  return { items, scannedCount, lastEvaluatedKey: undefined, bytes };
}

function positionKey({ table, index }: Span, item: Item): Item {
  const key = keyOf(item, table.schema);
  return index === undefined ? key : { ...key, ...keyOf(item, index.schema) };
}

/** The place that an `ExclusiveStartKey` names. */
export function startPosition(table: Table, index: TableIndex | undefined, startKey: Item): Position {
  const invalid = (why?: string) => validation(`The provided starting key is invalid${why === undefined ? '' : `: ${why}`}`);
  const tableKey: Item = {};
  const names = new Set<string>();
  for (const schema of [table.schema, ...(index === undefined ? [] : [index.schema])])
    for (const attribute of [schema.hash, schema.range]) {
      if (attribute === undefined) continue;
      const value = startKey[attribute.name];
      if (value?.[attribute.type] === undefined)
        throw invalid(index === undefined ? 'The provided key element does not match the schema' : undefined);
      names.add(attribute.name);
      if (schema === table.schema) tableKey[attribute.name] = value;
    }
  if (Object.keys(startKey).length !== names.size)
    throw invalid(index === undefined ? 'The provided key element does not match the schema' : undefined);
  const encoded = encodeKey(tableKey, table.schema);
  if (index === undefined) return { ...encoded, key: '' };
  const { hash, range } = index.schema;
  return {
    hash: encodeHash(startKey[hash.name] as AttributeValue, hash.type),
    range: range === undefined ? '' : encodeValue(startKey[range.name] as AttributeValue, range.type),
    key: entryKey(encoded),
  };
}

/** A span that goes on behind a place. */
export function startingBehind(span: Span, start: Position): Span {
  return span.forward ? { ...span, from: behind(start, span.index) } : { ...span, to: start };
}

/** Read units of a page: all its bytes together, rounded up once. */
export function pageUnits({ index }: Span, units: number): Units {
  return index === undefined ? { table: units, indexes: [] } : { table: 0, indexes: [{ name: index.name, local: index.local, units }] };
}
