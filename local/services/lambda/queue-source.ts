import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { md5 } from '../../kernel/md5.ts';
import { REGION } from '../../template/intrinsics.ts';
import { type EventPattern, matches } from '../events/pattern.ts';
import { type ReceivedMessage, systemAttributes } from '../sqs/message-view.ts';
import { arnOf } from '../sqs/queue-arn.ts';
import type { SqsService } from '../sqs/sqs-service.ts';
import type { Outcome } from './outcome.ts';

export interface QueueSourceOptions {
  readonly queue: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly reportBatchItemFailures: boolean;
  /** A message passes if any pattern matches; none: all pass. One that does not pass is deleted. */
  readonly filters: readonly EventPattern[];
}

/**
 * The event source mapping from a queue to a function. What is visible at the instant is gathered up to the batch size; a failed
 * message becomes visible again after the queue's visibility timeout
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 */
export class QueueSource {
  readonly #kernel: Kernel;
  readonly #sqs: SqsService;
  readonly #invoke: (functionName: string, payload: string) => Promise<Outcome>;
  readonly #options: QueueSourceOptions;
  #posted = false;
  #running = 0;

  constructor(
    kernel: Kernel,
    sqs: SqsService,
    invoke: (functionName: string, payload: string) => Promise<Outcome>,
    options: QueueSourceOptions,
  ) {
    this.#kernel = kernel;
    this.#sqs = sqs;
    this.#invoke = invoke;
    this.#options = options;
    sqs.listen(options.queue, () => this.#wake());
  }

  #wake(): void {
    if (this.#posted || this.#running >= this.#options.maximumConcurrency) return;
    this.#posted = true;
    this.#kernel.postBehind(`queue ${this.#options.queue}`, () => this.#poll());
  }

  /** A function that takes longer than the messages are hidden meets them again. */
  onStill(): void {
    if (this.#running > 0) this.#sqs.wakeWhenVisible(this.#options.queue);
  }

  async #poll(): Promise<void> {
    this.#posted = false;
    const messages = this.#sqs.receive(this.#options.queue, this.#options.batchSize);
    if (messages.length === 0) return;
    this.#running += 1;
    try {
      // A full batch hints at more: the next one need not wait for this one.
      if (messages.length === this.#options.batchSize) this.#wake();
      await this.#deliver(messages);
    } finally {
      this.#running -= 1;
    }
    this.#wake();
  }

  async #deliver(received: ReceivedMessage[]): Promise<void> {
    const records = received.map((message) => ({ message, record: recordOf(this.#options.queue, message) }));
    const wanted = records.filter(({ record }) => this.#wants(record));
    for (const { message } of records) if (!wanted.some((other) => other.message === message)) this.#sqs.done(message);
    if (wanted.length === 0) return;
    const failed = await this.#failedIds(wanted.map(({ record }) => record));
    let left = false;
    for (const { message } of wanted) {
      if (failed === 'all' || failed.has(message.row.messageId)) left = true;
      else this.#sqs.done(message);
    }
    if (left) this.#sqs.wakeWhenVisible(this.#options.queue);
  }

  async #failedIds(records: readonly QueueRecord[]): Promise<'all' | ReadonlySet<string>> {
    let outcome: Outcome;
    try {
      outcome = await this.#invoke(this.#options.functionName, JSON.stringify({ Records: records }));
    } catch (error) {
      // Lambda refused (throttled): the messages come back after the visibility timeout, as on AWS.
      if (error instanceof AwsError) return 'all';
      throw error;
    }
    if (outcome.failed) return 'all';
    return this.#options.reportBatchItemFailures ? batchItemFailures(outcome.payload, records) : new Set();
  }

  #wants(record: QueueRecord): boolean {
    const { filters } = this.#options;
    if (filters.length === 0) return true;
    const view = { ...record, body: parsedBody(record.body) };
    return filters.some((pattern) => matches(pattern, view));
  }
}

interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
}

/** The identifiers a function reported; an answer that names unknown messages fails the batch, as on AWS. */
function batchItemFailures(payload: string, records: readonly QueueRecord[]): 'all' | ReadonlySet<string> {
  const answer = JSON.parse(payload) as { batchItemFailures?: unknown } | null;
  const failures = answer?.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const ids = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  const known = new Set(records.map((record) => record.messageId));
  return ids.every((id) => typeof id === 'string' && known.has(id)) ? new Set(ids as string[]) : 'all';
}

function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function recordOf(queue: string, message: ReceivedMessage): QueueRecord & Record<string, unknown> {
  const { row } = message;
  const attributes = row.attributes === null ? {} : (JSON.parse(row.attributes) as Record<string, Record<string, unknown>>);
  return {
    messageId: row.messageId,
    receiptHandle: message.receipt,
    body: row.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        {
          stringValue: value.StringValue,
          binaryValue: value.BinaryValue,
          stringListValues: [],
          binaryListValues: [],
          dataType: value.DataType,
        },
      ]),
    ),
    md5OfBody: md5(row.body),
    eventSource: 'aws:sqs',
    eventSourceARN: arnOf(queue),
    awsRegion: REGION,
  };
}
