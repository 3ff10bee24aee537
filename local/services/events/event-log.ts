import type { Store } from '../../kernel/store.ts';
import type { Envelope } from './events-service.ts';

/** An event that was put on a bus: EventBridge's envelope and the bus. */
export interface LoggedEvent extends Envelope {
  readonly eventBusName: string;
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

  read(accountId?: string): LoggedEvent[] {
    const rows =
      accountId === undefined
        ? this.#store.all<{ bus: string; envelope: string }>('SELECT bus, envelope FROM events_log ORDER BY id')
        : this.#store.all<{ bus: string; envelope: string }>(
            'SELECT bus, envelope FROM events_log WHERE account_id = ? ORDER BY id',
            accountId,
          );
    return rows.map((row) => ({ eventBusName: row.bus, ...(JSON.parse(row.envelope) as Envelope) }));
  }

  count(): number {
    return this.#store.get<{ count: number }>('SELECT count(*) AS count FROM events_log')?.count ?? 0;
  }
}
