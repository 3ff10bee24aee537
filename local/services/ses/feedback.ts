import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import type { DeliveryRules } from '../delivery/delivery-rules.ts';
import type { ConfigurationSets, EventType } from './configuration-sets.ts';
import { type AcceptedMail, type FeedbackEvent, feedbackEvent, sendEvent } from './events.ts';
import { fatesOf } from './outcomes.ts';

/** How long after the sending AWS tells of it, where no rule says: a mail server answers within seconds, people take a minute. */
const AFTER_MILLISECONDS: Readonly<Record<string, number>> = {
  delivery: 3_000,
  bounce: 5_000,
  'transient-bounce': 5_000,
  reject: 1_000,
  complaint: 60_000,
};

const SEND_AFTER_MILLISECONDS = 1_000;

/** A topic that did not take an event is tried again; AWS does not say how often it does. */
const RETRY_MILLISECONDS = 60_000;

const SUBJECT = 'Amazon SES Email Event Notification';
/** What anti-virus software finds in place of a virus: the way SES itself offers for trying rejections. */
const TEST_VIRUS = 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE';

interface EventRow {
  readonly configurationSet: string;
  readonly type: EventType;
  readonly event: string;
}

/** Tells of what became of mails: keeps each event until its time, then publishes it to the topics that want to hear of its kind. */
export class Feedback {
  readonly #kernel: Kernel;
  readonly #rules: DeliveryRules;
  readonly #sets: ConfigurationSets;

  constructor(kernel: Kernel, rules: DeliveryRules, sets: ConfigurationSets) {
    this.#kernel = kernel;
    this.#rules = rules;
    this.#sets = sets;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS ses_events (id INTEGER PRIMARY KEY AUTOINCREMENT, configuration_set TEXT NOT NULL, type TEXT NOT NULL,
        event TEXT NOT NULL);`);
  }

  /** Decides what becomes of a mail just accepted. */
  accepted(mail: AcceptedMail, body: string): void {
    this.#keep(mail, sendEvent(mail), mail.at + SEND_AFTER_MILLISECONDS);
    const fates = body.includes(TEST_VIRUS)
      ? [{ outcome: 'reject' as const, recipients: mail.recipients }]
      : fatesOf(this.#rules, mail.recipients);
    for (const fate of fates) {
      const at = mail.at + (fate.afterMilliseconds ?? AFTER_MILLISECONDS[fate.outcome] ?? 0);
      const event = feedbackEvent(mail, fate, at, `0100${this.#kernel.uuid()}-000000`);
      if (event !== undefined) this.#keep(mail, event, at);
    }
  }

  /** Publishes the event whose time has come. */
  async publish(id: number): Promise<void> {
    const row = this.#kernel.store.get<EventRow & Record<string, never>>(
      'SELECT configuration_set AS configurationSet, type, event FROM ses_events WHERE id = ?',
      id,
    );
    if (row === undefined) return;
    for (const TopicArn of this.#sets.topics(row.configurationSet, row.type)) {
      const input: JsonObject = { TopicArn, Subject: SUBJECT, Message: row.event };
      try {
        await this.#kernel.call('sns', 'Publish', input, 'ses');
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        this.#kernel.setTimer('ses', String(id), this.#kernel.now() + RETRY_MILLISECONDS);
        return;
      }
    }
    // Only now: whoever dies on the way publishes it again.
    this.#kernel.store.run('DELETE FROM ses_events WHERE id = ?', id);
  }

  /** Events that were being published when the process died. */
  resume(): void {
    for (const { id } of this.#kernel.store.all<{ id: number }>('SELECT id FROM ses_events ORDER BY id'))
      if (this.#kernel.timerAt('ses', String(id)) === undefined) this.#kernel.setTimer('ses', String(id), this.#kernel.now());
  }

  /** What nobody listens to is not kept. */
  #keep(mail: AcceptedMail, { type, body }: FeedbackEvent, at: number): void {
    if (this.#sets.topics(mail.configurationSet, type).length === 0) return;
    const { lastInsertRowid } = this.#kernel.store.run(
      'INSERT INTO ses_events (configuration_set, type, event) VALUES (?, ?, ?)',
      mail.configurationSet,
      type,
      JSON.stringify(body),
    );
    this.#kernel.setTimer('ses', String(lastInsertRowid), at);
  }
}
