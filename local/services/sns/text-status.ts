import type { Kernel } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { DeliveryRules } from '../delivery/delivery-rules.ts';
import type { LogsService } from '../logs/logs-service.ts';

/** The log groups that SNS writes to; their names are its own. */
const SUCCESS_GROUP = `sns/${REGION}/${ACCOUNT}/DirectPublishToPhoneNumber`;
const FAILURE_GROUP = `${SUCCESS_GROUP}/Failure`;

const AFTER_MILLISECONDS = 2_000;
const DWELL_MILLISECONDS = 599;
const PART_BYTES_MAX = 140;
const PRICE_IN_USD = 0.00645;

/** A text message that SNS has accepted. */
export interface SentText {
  readonly messageId: string;
  readonly phoneNumber: string;
  readonly body: string;
  readonly type: string;
}

interface StatusRow {
  readonly logGroup: string;
  readonly status: string;
}

/**
 * What became of text messages, in the log that SNS keeps of it
 * (https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html). On AWS an attribute of the account turns the log on, which no
 * template can set; here it is on for a group that something subscribed to.
 */
export class TextStatus {
  readonly #kernel: Kernel;
  readonly #rules: DeliveryRules;
  readonly #logs: LogsService;

  constructor(kernel: Kernel, rules: DeliveryRules, logs: LogsService) {
    this.#kernel = kernel;
    this.#rules = rules;
    this.#logs = logs;
    kernel.store.define(
      'CREATE TABLE IF NOT EXISTS sns_text_status (id INTEGER PRIMARY KEY AUTOINCREMENT, log_group TEXT NOT NULL, status TEXT NOT NULL);',
    );
  }

  /** Decides what becomes of a text just accepted; it is written when its time comes. */
  accepted(text: SentText): void {
    if (!this.#logs.hasSubscription(SUCCESS_GROUP) && !this.#logs.hasSubscription(FAILURE_GROUP)) return;
    const decided = this.#rules.decide('sns', text.phoneNumber);
    if (decided?.outcome === 'none') return;
    const failed = decided?.outcome === 'failure';
    const logGroup = failed ? FAILURE_GROUP : SUCCESS_GROUP;
    if (!this.#logs.hasSubscription(logGroup)) return;
    const after = decided?.afterMilliseconds ?? AFTER_MILLISECONDS;
    const response = failed ? (decided?.reason ?? 'Unknown error attempting to reach phone') : 'Message has been accepted by phone carrier';
    const status = statusOf(text, this.#kernel.now(), after, failed, response);
    const { lastInsertRowid } = this.#kernel.store.run(
      'INSERT INTO sns_text_status (log_group, status) VALUES (?, ?)',
      logGroup,
      JSON.stringify(status),
    );
    this.#kernel.setTimer('sns', String(lastInsertRowid), this.#kernel.now() + after);
  }

  /** Writes the status whose time has come. */
  write(id: number): void {
    const row = this.#kernel.store.get<StatusRow & Record<string, never>>(
      'SELECT log_group AS logGroup, status FROM sns_text_status WHERE id = ?',
      id,
    );
    if (row === undefined) return;
    this.#kernel.store.run('DELETE FROM sns_text_status WHERE id = ?', id);
    this.#logs.write(row.logGroup, 'embedded', row.status);
  }
}

function statusOf(text: SentText, at: number, after: number, failed: boolean, providerResponse: string): object {
  return {
    notification: { messageId: text.messageId, timestamp: new Date(at).toISOString().replace('T', ' ').replace('Z', '') },
    delivery: {
      ...(!failed && { phoneCarrier: 'Embedded Carrier' }),
      mnc: failed ? 0 : 270,
      numberOfMessageParts: Math.max(1, Math.ceil(Buffer.byteLength(text.body) / PART_BYTES_MAX)),
      destination: text.phoneNumber,
      priceInUSD: PRICE_IN_USD,
      smsType: text.type,
      mcc: failed ? 0 : 310,
      providerResponse,
      dwellTimeMs: Math.min(DWELL_MILLISECONDS, after),
      dwellTimeMsUntilDeviceAck: after,
    },
    status: failed ? 'FAILURE' : 'SUCCESS',
  };
}
