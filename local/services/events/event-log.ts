import type { Store } from '../../kernel/store.ts';
import type { Envelope } from './events-service.ts';

/** An event that was put on a bus: EventBridge's envelope and the bus. */
export interface LoggedEvent extends Envelope {
  readonly eventBusName: string;
}

const PAGE_SIZE = 500;

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
}
