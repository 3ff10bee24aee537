import type { Kernel } from '../../kernel/kernel.ts';
import { entriesOf } from './indexes.ts';
import { expiryOf, type ItemRow, type Items } from './items.ts';
import type { UserIdentity } from './stream.ts';
import type { Table, Tables } from './tables.ts';
import type { Item } from './values.ts';

const HOUR_MS = 3_600_000;
const SWEEP_BATCH = 1000;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html: older ones stay. */
const EXPIRED_AT_MOST_MS = 5 * 365 * 24 * HOUR_MS;
const SERVICE: UserIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
const TIMER = 'ttl';

interface ExpiredRow {
  id: number;
  table_id: number;
  hash: string;
  range: string;
  size: number;
  item: string;
}

/**
 * Removes expired items. AWS does so within a few days; here it is done at the next full hour, by a timer that stands only where
 * some item will expire. Until then reads show the item, as on AWS.
 */
export class TimeToLive {
  readonly #kernel: Kernel;
  readonly #service: string;
  readonly #tables: Tables;
  readonly #items: () => Items;
  /** When the timer fires, in milliseconds. */
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(kernel: Kernel, service: string, tables: Tables, items: () => Items) {
    this.#kernel = kernel;
    this.#service = service;
    this.#tables = tables;
    this.#items = items;
  }

  /** An item will expire at this instant, in seconds. */
  expect(expires: number): void {
    const now = this.#kernel.now();
    const at = (Math.floor(Math.max(expires * 1000, now) / HOUR_MS) + 1) * HOUR_MS;
    if (at >= this.#timerAt || expires * 1000 <= now - EXPIRED_AT_MOST_MS) return;
    this.#timerAt = at;
    this.#kernel.setTimer(this.#service, TIMER, at);
  }

  /** Sets the timer for the item that expires next. */
  resume(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const row = this.#kernel.store.get<{ expires: number }>(
      'SELECT expires FROM dynamodb_items WHERE expires > ? ORDER BY expires LIMIT 1',
      this.#oldest(),
    );
    if (row !== undefined) this.expect(row.expires);
  }

  /** Removes a batch of expired items; returns whether there may be more. */
  sweep(): boolean {
    const expired = this.#kernel.store.all<ExpiredRow & Record<string, never>>(
      `SELECT id, table_id, hash, range, size, item FROM dynamodb_items WHERE expires > ? AND expires <= ? ORDER BY expires LIMIT ${SWEEP_BATCH}`,
      this.#oldest(),
      Math.floor(this.#kernel.now() / 1000),
    );
    for (const row of expired) this.#remove(row);
    return expired.length === SWEEP_BATCH;
  }

  #remove(row: ExpiredRow): void {
    const table = this.#tables.byId(row.table_id);
    if (table === undefined) throw new Error(`An item belongs to table ${row.table_id}, which does not exist.`);
    const old: ItemRow = { id: row.id, size: row.size, item: row.item };
    const oldEntries = entriesOf(table, JSON.parse(row.item) as Item, row.size);
    this.#items().apply({ table, key: { hash: row.hash, range: row.range }, old, oldEntries, next: undefined, size: 0 }, SERVICE);
  }

  /** Works out again when the items of a table expire, after its attribute has changed. */
  recompute(table: Table): void {
    const { store } = this.#kernel;
    store.run('UPDATE dynamodb_items SET expires = NULL WHERE table_id = ? AND expires IS NOT NULL', table.id);
    if (table.timeToLive !== undefined) this.#recomputeAll(table);
    this.resume();
  }

  #recomputeAll(table: Table): void {
    const { store } = this.#kernel;
    let after = 0;
    for (;;) {
      const rows = store.all<{ id: number; item: string }>(
        `SELECT id, item FROM dynamodb_items WHERE table_id = ? AND id > ? ORDER BY id LIMIT ${SWEEP_BATCH}`,
        table.id,
        after,
      );
      for (const row of rows) {
        const expires = expiryOf(table, JSON.parse(row.item) as Item);
        if (expires !== null) store.run('UPDATE dynamodb_items SET expires = ? WHERE id = ?', expires, row.id);
        after = row.id;
      }
      if (rows.length < SWEEP_BATCH) return;
    }
  }

  #oldest(): number {
    return Math.floor((this.#kernel.now() - EXPIRED_AT_MOST_MS) / 1000);
  }
}
