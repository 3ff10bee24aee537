import { formatInstant } from '../../duration.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** A message that left the system. `accountId`, `stage` and `template` come from the SNS attributes or SES tags of those names. */
export interface OutboxMessage {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly channel: 'sms' | 'email';
  readonly to: string;
  readonly accountId?: string;
  readonly stage?: string;
  readonly template?: string;
  readonly subject?: string;
  readonly body: string;
}

export interface OutboxLabels {
  readonly accountId?: string | undefined;
  readonly stage?: string | undefined;
  readonly template?: string | undefined;
}

interface OutboxRow {
  readonly id: number;
  readonly at: number;
  readonly channel: 'sms' | 'email';
  readonly recipient: string;
  readonly accountId: string | null;
  readonly stage: string | null;
  readonly template: string | null;
  readonly subject: string | null;
  readonly body: string;
}

const PAGE_SIZE = 500;

/** Where messages end on one machine: a table instead of phones and mailboxes. */
export class Outbox {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, channel TEXT NOT NULL,
        recipient TEXT NOT NULL, account_id TEXT, stage TEXT, template TEXT, subject TEXT, body TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS outbox_by_account ON outbox (account_id, id);`);
  }

  add(channel: 'sms' | 'email', to: string, labels: OutboxLabels, body: string, subject?: string): void {
    this.#kernel.store.run(
      'INSERT INTO outbox (at, channel, recipient, account_id, stage, template, subject, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      this.#kernel.now(),
      channel,
      to,
      labels.accountId ?? null,
      labels.stage ?? null,
      labels.template ?? null,
      subject ?? null,
      body,
    );
  }

  /** Every message in the order it left, page by page; those of one account where `accountId` is given. */
  *pages(accountId?: string): Generator<OutboxMessage[]> {
    for (let after = 0; ; ) {
      const [condition, parameters] = accountId === undefined ? ['', []] : ['account_id = ? AND ', [accountId]];
      const rows = this.#kernel.store.all<OutboxRow & Record<string, never>>(
        `SELECT id, at, channel, recipient, account_id AS accountId, stage, template, subject, body FROM outbox
         WHERE ${condition}id > ? ORDER BY id LIMIT ${PAGE_SIZE}`,
        ...parameters,
        after,
      );
      if (rows.length > 0) yield rows.map(messageOf);
      if (rows.length < PAGE_SIZE) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  /** How many mails left at or after an instant. */
  emailsSince(at: number): number {
    return (
      this.#kernel.store.get<{ count: number }>("SELECT count(*) AS count FROM outbox WHERE channel = 'email' AND at >= ?", at)?.count ?? 0
    );
  }

  count(): number {
    return this.#kernel.store.get<{ count: number }>('SELECT count(*) AS count FROM outbox')?.count ?? 0;
  }
}

function messageOf(row: OutboxRow): OutboxMessage {
  return {
    at: formatInstant(row.at),
    channel: row.channel,
    to: row.recipient,
    ...(row.accountId !== null && { accountId: row.accountId }),
    ...(row.stage !== null && { stage: row.stage }),
    ...(row.template !== null && { template: row.template }),
    ...(row.subject !== null && { subject: row.subject }),
    body: row.body,
  };
}
