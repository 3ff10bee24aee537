import { validation } from './errors.ts';
import { type EncodedKey, emptyKey, encodeHash, encodeValue, type KeyAttribute } from './keys.ts';
import type { Table, TableIndex } from './tables.ts';
import { type AttributeValue, type Item, itemSize, typeOf } from './values.ts';

/** What an index holds of one item. */
export interface IndexEntry {
  readonly hash: string;
  readonly range: string;
  /** Bytes of the projected attributes. */
  readonly size: number;
  /** The projected attributes as JSON, to see a change; undefined where the index holds all of the item. */
  readonly view: string | undefined;
}

/** The entries of an item in the indexes of its table, in their order; undefined where an index leaves the item out. */
export function entriesOf(table: Table, item: Item, size: number): readonly (IndexEntry | undefined)[] {
  return table.indexes.map((index) => entryOf(index, item, size));
}

function entryOf(index: TableIndex, item: Item, size: number): IndexEntry | undefined {
  const { hash, range } = index.schema;
  const hashValue = item[hash.name];
  const rangeValue = range === undefined ? undefined : item[range.name];
  if (hashValue === undefined || (range !== undefined && rangeValue === undefined)) return undefined;
  const projected = index.projected === undefined ? undefined : projectedItem(item, index.projected);
  return {
    hash: encodeHash(hashValue, hash.type),
    range: range === undefined || rangeValue === undefined ? '' : encodeValue(rangeValue, range.type),
    size: projected === undefined ? size : itemSize(projected),
    view: projected === undefined ? undefined : JSON.stringify(projected),
  };
}

/** The attributes of an item that an index holds. */
export function projectedItem(item: Item, attributes: ReadonlySet<string>): Item {
  const projected: Item = {};
  for (const name of attributes) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (value !== undefined) projected[name] = value;
  }
  return projected;
}

/** Refuses an item whose attribute is an index's key but cannot be one. */
export function checkIndexKeys(table: Table, item: Item, by: 'item' | 'update'): void {
  for (const index of table.indexes) {
    checkIndexKey(index, index.schema.hash, item, by);
    if (index.schema.range !== undefined) checkIndexKey(index, index.schema.range, item, by);
  }
}

const INDEX_KEY_BYTES_MAX = { hash: 2048, range: 1024 };

function checkIndexKey(index: TableIndex, key: KeyAttribute, item: Item, by: 'item' | 'update'): void {
  const value = Object.hasOwn(item, key.name) ? item[key.name] : undefined;
  if (value === undefined) return;
  if (value[key.type] === undefined)
    throw validation(
      `One or more parameter values were invalid: Type mismatch for Index Key ${key.name} Expected: ${key.type} ` +
        `Actual: ${typeOf(value)} IndexName: ${index.name}`,
    );
  if (value.S === '' || value.B === '')
    throw validation(
      by === 'item'
        ? 'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
            `${emptyKey(key.type)} IndexName: ${index.name}, IndexKey: ${key.name}`
        : 'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value ' +
            `that is not supported. ${emptyKey(key.type)}`,
    );
  checkIndexKeySize(index, key, value);
}

function checkIndexKeySize(index: TableIndex, key: KeyAttribute, value: AttributeValue): void {
  if (key.type === 'N') return;
  const max = key === index.schema.hash ? INDEX_KEY_BYTES_MAX.hash : INDEX_KEY_BYTES_MAX.range;
  const size = Buffer.byteLength((value.S ?? value.B) as string, value.S === undefined ? 'base64' : 'utf8');
  if (size > max)
    throw validation(
      `One or more parameter values were invalid: Size of ${key === index.schema.hash ? 'hashkey' : 'rangekey'} has exceeded ` +
        `the maximum size limit of ${max} bytes. IndexName: ${index.name}, IndexKey: ${key.name}`,
    );
}

/** The key of an item as text that no other key of the table has: it orders entries of equal index keys. */
export function entryKey(key: EncodedKey): string {
  return `${key.hash.length}:${key.hash}${key.range}`;
}
