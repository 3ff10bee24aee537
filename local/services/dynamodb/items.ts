import type { Kernel } from '../../kernel/kernel.ts';
import type { Store } from '../../kernel/store.ts';
import { type IndexUnits, type Units, writeUnits } from './capacity.ts';
import { entriesOf, entryKey, type IndexEntry } from './indexes.ts';
import type { EncodedKey } from './keys.ts';
import type { Streams, UserIdentity } from './stream.ts';
import type { Table } from './tables.ts';
import { equalItems, type Item } from './values.ts';

/** An item as it is stored. */
export interface ItemRow {
  readonly id: number;
  /** Bytes, as DynamoDB counts them. */
  readonly size: number;
  /** DynamoDB-JSON. */
  readonly item: string;
}

/** A write that was checked and only needs to be done. */
export interface Change {
  readonly table: Table;
  readonly key: EncodedKey;
  readonly old: ItemRow | undefined;
  /** The entries of the old item in the table's indexes; empty without an old item. */
  readonly oldEntries: readonly (IndexEntry | undefined)[];
  /** The item to store; undefined to have none. */
  readonly next: Item | undefined;
  /** Bytes of `next`. */
  readonly size: number;
}

const NO_INDEXES: readonly IndexUnits[] = [];

/**
 * The items of all tables, one row each, and their entries in secondary indexes, which point to the row. Index reads so always
 * see the latest write; what an index does not project is left out when it is read.
 */
export class Items {
  readonly #store: Store;
  readonly #streams: Streams;
  /** Told of each item that will expire, with the instant in seconds. */
  readonly #onExpiring: (expires: number) => void;

  constructor(kernel: Kernel, streams: Streams, onExpiring: (expires: number) => void) {
    this.#store = kernel.store;
    this.#streams = streams;
    this.#onExpiring = onExpiring;
    this.#store.define(`
      CREATE TABLE IF NOT EXISTS dynamodb_items (
        id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, hash TEXT NOT NULL, range TEXT NOT NULL, size INTEGER NOT NULL,
        expires INTEGER, item TEXT NOT NULL);
      CREATE UNIQUE INDEX IF NOT EXISTS dynamodb_items_by_key ON dynamodb_items (table_id, hash, range);
      CREATE INDEX IF NOT EXISTS dynamodb_items_by_expiry ON dynamodb_items (expires) WHERE expires IS NOT NULL;
      CREATE TABLE IF NOT EXISTS dynamodb_entries (
        index_id INTEGER NOT NULL, hash TEXT NOT NULL, range TEXT NOT NULL, key TEXT NOT NULL, item INTEGER NOT NULL,
        PRIMARY KEY (index_id, hash, range, key)) WITHOUT ROWID;`);
  }

  read(table: Table, key: EncodedKey): ItemRow | undefined {
    return this.#store.get<ItemRow & Record<string, never>>(
      'SELECT id, size, item FROM dynamodb_items WHERE table_id = ? AND hash = ? AND range = ?',
      table.id,
      key.hash,
      key.range,
    );
  }

  /** Stores a change with all that follows from it. Nothing here may fail once the first row is written. */
  apply(change: Change, identity?: UserIdentity): Units {
    const { table, old, next } = change;
    if (next === undefined) return this.#delete(change, identity);
    const json = JSON.stringify(next);
    const tableUnits = writeUnits(Math.max(change.size, old?.size ?? 0));
    if (old !== undefined && old.size === change.size && (old.item === json || equalItems(JSON.parse(old.item) as Item, next)))
      return { table: tableUnits, indexes: NO_INDEXES };
    const id = this.#write(change, json);
    const indexes = table.indexes.length === 0 ? NO_INDEXES : this.#writeEntries(change, id, entriesOf(table, next, change.size));
    if (table.stream !== undefined) this.#streams.append(table, old?.item, next, json, identity);
    return { table: tableUnits, indexes };
  }

  #write({ table, key, old, next, size }: Change, json: string): number {
    const expires = next === undefined ? null : expiryOf(table, next);
    if (expires !== null) this.#onExpiring(expires);
    if (old !== undefined) {
      this.#store.run('UPDATE dynamodb_items SET size = ?, expires = ?, item = ? WHERE id = ?', size, expires, json, old.id);
      return old.id;
    }
    return this.#store.run(
      'INSERT INTO dynamodb_items (table_id, hash, range, size, expires, item) VALUES (?, ?, ?, ?, ?, ?)',
      table.id,
      key.hash,
      key.range,
      size,
      expires,
      json,
    ).lastInsertRowid;
  }

  #delete(change: Change, identity: UserIdentity | undefined): Units {
    const { table, old } = change;
    if (old === undefined) return { table: 1, indexes: NO_INDEXES };
    this.#store.run('DELETE FROM dynamodb_items WHERE id = ?', old.id);
    const indexes = table.indexes.length === 0 ? NO_INDEXES : this.#writeEntries(change, old.id, []);
    if (table.stream !== undefined) this.#streams.append(table, old.item, undefined, undefined, identity);
    return { table: writeUnits(old.size), indexes };
  }

  /** Moves the index entries to where they belong and says what that costs: nothing where an index sees no change. */
  #writeEntries(change: Change, id: number, entries: readonly (IndexEntry | undefined)[]): readonly IndexUnits[] {
    const units: IndexUnits[] = [];
    for (const [position, index] of change.table.indexes.entries()) {
      const [before, now] = [change.oldEntries[position], entries[position]];
      const cost = this.#moveEntry(index.id, entryKey(change.key), before, now, id);
      if (cost > 0) units.push({ name: index.name, local: index.local, units: cost });
    }
    return units;
  }

  #moveEntry(indexId: number, key: string, before: IndexEntry | undefined, now: IndexEntry | undefined, id: number): number {
    if (before !== undefined && now !== undefined && before.hash === now.hash && before.range === now.range)
      return before.view === undefined || before.view !== now.view ? writeUnits(Math.max(before.size, now.size)) : 0;
    let cost = 0;
    if (before !== undefined) {
      this.#store.run(
        'DELETE FROM dynamodb_entries WHERE index_id = ? AND hash = ? AND range = ? AND key = ?',
        indexId,
        before.hash,
        before.range,
        key,
      );
      cost += writeUnits(before.size);
    }
    if (now !== undefined) {
      this.#store.run(
        'INSERT INTO dynamodb_entries (index_id, hash, range, key, item) VALUES (?, ?, ?, ?, ?)',
        indexId,
        now.hash,
        now.range,
        key,
        id,
      );
      cost += writeUnits(now.size);
    }
    return cost;
  }
}

/** When the item expires, in seconds since the epoch; null where it never does: time to live reads only top-level numbers. */
export function expiryOf(table: Table, item: Item): number | null {
  if (table.timeToLive === undefined) return null;
  const seconds = Number(item[table.timeToLive]?.N ?? Number.NaN);
  return Number.isFinite(seconds) && Math.abs(seconds) < Number.MAX_SAFE_INTEGER ? Math.floor(seconds) : null;
}
