import { type Look, likePattern, look } from '../../kernel/look.ts';
import type { Store } from '../../kernel/store.ts';
import type { Envelope } from './events-service.ts';

/** An event that was put on a bus: EventBridge's envelope and the bus. */
export interface LoggedEvent extends Envelope {
  readonly eventBusName: string;
}

const PAGE_SIZE = 500;
/** How many events one look goes through in search of what it was asked for. */
const LOOK_MAX = 10_000;

export interface EventFilter {
  readonly bus?: string;
  readonly source?: string;
  readonly detailType?: string;
  /** Part of the envelope's JSON text; capitals of ASCII make no difference. */
  readonly text?: string;
}

/** An event with its number in the log, and when it was put, in milliseconds since the epoch. */
export interface NumberedEvent extends LoggedEvent {
  readonly number: number;
  readonly putAt: number;
}

/** Every event put on a bus, in order: what an archive holds, and what people look at. */
export class EventLog {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS events_log (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, bus TEXT NOT NULL, account_id TEXT,
        envelope TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS events_log_by_account ON events_log (account_id, id);`);
  }

  add(at: number, bus: string, envelope: Envelope): void {
    const { accountId } = envelope.detail;
    this.#store.run(
      'INSERT INTO events_log (at, bus, account_id, envelope) VALUES (?, ?, ?, ?)',
      at,
      bus,
      typeof accountId === 'string' ? accountId : null,
      JSON.stringify(envelope),
    );
  }

  /** All of them, or those of one account, page by page. */
  *pages(accountId?: string): Generator<LoggedEvent[]> {
    for (let after = 0; ; ) {
      const [condition, parameters] = accountId === undefined ? ['', []] : ['account_id = ? AND ', [accountId]];
      const rows = this.#store.all<{ id: number; bus: string; envelope: string }>(
        `SELECT id, bus, envelope FROM events_log WHERE ${condition}id > ? ORDER BY id LIMIT ${PAGE_SIZE}`,
        ...parameters,
        after,
      );
      if (rows.length > 0) yield rows.map((row) => ({ eventBusName: row.bus, ...(JSON.parse(row.envelope) as Envelope) }));
      if (rows.length < PAGE_SIZE) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  /** Events numbered below `before`, latest first, at most `limit`. */
  page(filter: EventFilter, before: number | undefined, limit: number): Look<NumberedEvent> {
    const conditions = [
      { sql: 'bus = ?', value: filter.bus },
      { sql: "envelope LIKE ? ESCAPE '\\'", value: filter.text === undefined ? undefined : likePattern(filter.text) },
      { sql: "envelope ->> '$.source' = ?", value: filter.source },
      { sql: `envelope ->> '$."detail-type"' = ?`, value: filter.detailType },
    ].filter(({ value }) => value !== undefined);
    return look({
      before: before ?? (this.#store.get<{ id: number | null }>('SELECT max(id) AS id FROM events_log')?.id ?? 0) + 1,
      limit,
      lookMax: LOOK_MAX,
      read: (below, from, rowsMax) =>
        this.#store.all<{ id: number; at: number; bus: string; envelope: string }>(
          `SELECT id, at, bus, envelope FROM events_log WHERE id < ? AND id >= ? ${conditions.map(({ sql }) => `AND ${sql}`).join(' ')}
           ORDER BY id DESC LIMIT ? + 0`,
          below,
          from,
          ...conditions.map(({ value }) => value ?? ''),
          rowsMax,
        ),
      show: ({ id, at, bus, envelope }) => ({ number: id, putAt: at, eventBusName: bus, ...(JSON.parse(envelope) as Envelope) }),
    });
  }
}
