import type { JsonObject } from '../../kernel/kernel.ts';
import type { Store } from '../../kernel/store.ts';

export interface MessageRow {
  readonly id: number;
  readonly messageId: string;
  readonly body: string;
  readonly attributes: string | null;
  readonly sentAt: number;
  readonly visibleAt: number;
  /** How often it was received from the queue that it lies in, and before from the one that gave it up. */
  readonly receives: number;
  readonly earlierReceives: number;
  readonly firstReceivedAt: number | null;
  /** The queue that gave the message up. */
  readonly source: string | null;
}

const COLUMNS =
  'id, message_id AS messageId, body, attributes, sent_at AS sentAt, visible_at AS visibleAt, receives, first_received_at AS firstReceivedAt, source, earlier_receives AS earlierReceives';

const VISIBLE = `SELECT ${COLUMNS} FROM sqs_messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ? + 0`;

/** The messages of all queues: one table, one row a message, deleted with the message. */
export class Messages {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS sqs_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL,
        body TEXT NOT NULL, attributes TEXT, sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receives INTEGER NOT NULL,
        first_received_at INTEGER);
      CREATE INDEX IF NOT EXISTS sqs_messages_by_queue ON sqs_messages (queue, visible_at, id);`);
    const known = store.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', 'sqs_messages');
    if (!known.some(({ name }) => name === 'source')) store.define('ALTER TABLE sqs_messages ADD COLUMN source TEXT');
    if (!known.some(({ name }) => name === 'earlier_receives'))
      store.define('ALTER TABLE sqs_messages ADD COLUMN earlier_receives INTEGER NOT NULL DEFAULT 0');
  }

  add(queue: string, messageId: string, body: string, attributes: JsonObject | undefined, sentAt: number, visibleAt: number): void {
    this.#store.run(
      'INSERT INTO sqs_messages (queue, message_id, body, attributes, sent_at, visible_at, receives) VALUES (?, ?, ?, ?, ?, ?, 0)',
      queue,
      messageId,
      body,
      attributes === undefined ? null : JSON.stringify(attributes),
      sentAt,
      visibleAt,
    );
  }

  /** What may be received now, oldest visible first. */
  visible(queue: string, now: number, limit: number): MessageRow[] {
    return this.#store.all<MessageRow>(VISIBLE, queue, now, limit);
  }

  received(id: number, now: number, visibleAt: number): void {
    this.#store.run(
      'UPDATE sqs_messages SET receives = receives + 1, visible_at = ?, first_received_at = coalesce(first_received_at, ?) WHERE id = ?',
      visibleAt,
      now,
      id,
    );
  }

  /** The message behind a receipt, unless it was received again since (an old receipt does nothing, as on AWS). */
  find(queue: string, id: number): MessageRow | undefined {
    return this.#store.get<MessageRow>(`SELECT ${COLUMNS} FROM sqs_messages WHERE id = ? AND queue = ?`, id, queue);
  }

  setVisibleAt(id: number, visibleAt: number): void {
    this.#store.run('UPDATE sqs_messages SET visible_at = ? WHERE id = ?', visibleAt, id);
  }

  /**
   * To the dead-letter queue of `source`, which gives it up. It keeps its sending time and what it counts of itself
   * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html); towards that
   * queue's own limit it counts from nothing.
   */
  giveUp(id: number, queue: string, source: string, visibleAt: number): void {
    this.#store.run(
      'UPDATE sqs_messages SET queue = ?, source = ?, visible_at = ?, earlier_receives = earlier_receives + receives, receives = 0 WHERE id = ?',
      queue,
      source,
      visibleAt,
      id,
    );
  }

  delete(id: number, receives: number): void {
    this.#store.run('DELETE FROM sqs_messages WHERE id = ? AND receives = ?', id, receives);
  }

  /** Deletes a message where it is of the queue and was not received again since. */
  deleteFrom(queue: string, id: number, receives: number): void {
    this.#store.run('DELETE FROM sqs_messages WHERE id = ? AND receives = ? AND queue = ?', id, receives, queue);
  }

  purge(queue: string): void {
    this.#store.run('DELETE FROM sqs_messages WHERE queue = ?', queue);
  }

  expire(queue: string, sentBefore: number): void {
    this.#store.run('DELETE FROM sqs_messages WHERE queue = ? AND sent_at < ?', queue, sentBefore);
  }

  /** Messages of a queue as they lie there, in the order of sending, behind message `after`. Nothing is received by it. */
  peek(queue: string, after: number, limit: number): MessageRow[] {
    return this.#store.all<MessageRow>(
      `SELECT ${COLUMNS} FROM sqs_messages WHERE queue = ? AND id > ? ORDER BY id LIMIT ? + 0`,
      queue,
      after,
      limit,
    );
  }

  nextVisibleAt(queue: string, after: number): number | undefined {
    return this.#store.get<{ at: number }>(
      'SELECT visible_at AS at FROM sqs_messages WHERE queue = ? AND visible_at > ? ORDER BY visible_at LIMIT 1',
      queue,
      after,
    )?.at;
  }

  /** `delayed` were never received; `hidden` are being worked on. */
  count(queue: string, now: number): { visible: number; delayed: number; hidden: number } {
    const row = this.#store.get<{ visible: number | null; delayed: number | null; hidden: number | null }>(
      `SELECT sum(visible_at <= ?) AS visible, sum(visible_at > ? AND receives = 0) AS delayed,
        sum(visible_at > ? AND receives > 0) AS hidden FROM sqs_messages WHERE queue = ?`,
      now,
      now,
      now,
      queue,
    );
    return { visible: row?.visible ?? 0, delayed: row?.delayed ?? 0, hidden: row?.hidden ?? 0 };
  }
}
