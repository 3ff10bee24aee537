import { formatInstant } from '../../duration.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Look, likePattern, look } from '../../kernel/look.ts';

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
/** How many messages one look goes through in search of what it was asked for. */
const LOOK_MAX = 20_000;

/** A message with its number, for people who look through the outbox. */
export interface NumberedMessage extends OutboxMessage {
  readonly id: number;
}

export interface OutboxFilter {
  readonly channel?: 'sms' | 'email';
  readonly accountId?: string;
  /** Part of the recipient, the subject or the text; capitals of ASCII make no difference. */
  readonly text?: string;
}

/** Where messages end on one machine: a table instead of phones and mailboxes. */
export class Outbox {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, channel TEXT NOT NULL,
        recipient TEXT NOT NULL, account_id TEXT, stage TEXT, template TEXT, subject TEXT, body TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS outbox_by_account ON outbox (account_id, id);
      CREATE TABLE IF NOT EXISTS outbox_html (id INTEGER PRIMARY KEY, html TEXT NOT NULL);`);
  }

  add(channel: 'sms' | 'email', to: string, labels: OutboxLabels, body: string, subject?: string, html?: string): void {
    const { lastInsertRowid } = this.#kernel.store.run(
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
    if (html !== undefined) this.#kernel.store.run('INSERT INTO outbox_html (id, html) VALUES (?, ?)', lastInsertRowid, html);
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

  /**
   * Messages numbered below `before`, latest first, at most `limit`. A look goes through so many messages only: `next` says where to go
   * on, `cut` that it ended there short of the limit.
   */
  page(filter: OutboxFilter, before: number | undefined, limit: number): Look<NumberedMessage> {
    const conditions = [
      { sql: 'channel = ?', value: filter.channel },
      { sql: 'account_id = ?', value: filter.accountId },
      {
        sql: "recipient || char(10) || coalesce(subject, '') || char(10) || body LIKE ? ESCAPE '\\'",
        value: filter.text === undefined ? undefined : likePattern(filter.text),
      },
    ].filter((condition) => condition.value !== undefined);
    const { store } = this.#kernel;
    return look({
      before: before ?? (store.get<{ id: number | null }>('SELECT max(id) AS id FROM outbox')?.id ?? 0) + 1,
      limit,
      lookMax: LOOK_MAX,
      read: (below, from, rowsMax) =>
        store.all<OutboxRow & Record<string, never>>(
          `SELECT id, at, channel, recipient, account_id AS accountId, stage, template, subject, body FROM outbox
           WHERE id < ? AND id >= ? ${conditions.map(({ sql }) => `AND ${sql}`).join(' ')} ORDER BY id DESC LIMIT ? + 0`,
          below,
          from,
          ...conditions.map(({ value }) => value ?? ''),
          rowsMax,
        ),
      show: (row) => ({ id: row.id, ...messageOf(row) }),
    });
  }

  /** One message, and the HTML part of a mail that has one. */
  find(id: number): (NumberedMessage & { readonly html?: string }) | undefined {
    const row = this.#kernel.store.get<OutboxRow & { html: string | null }>(
      `SELECT id, at, channel, recipient, account_id AS accountId, stage, template, subject, body,
         (SELECT html FROM outbox_html WHERE outbox_html.id = outbox.id) AS html FROM outbox WHERE id = ?`,
      id,
    );
    return row === undefined ? undefined : { id: row.id, ...messageOf(row), ...(row.html !== null && { html: row.html }) };
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
