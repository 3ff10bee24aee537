import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type EventPattern, matches } from '../events/pattern.ts';
import { sendDeadLetter } from './destination.ts';
import { functionArn, type LambdaPart, type StreamPosition } from './lambda-service.ts';
import type { Outcome } from './outcome.ts';

/** A record as the table's stream hands it out; only what the mapping itself reads is named. */
export interface TableStreamRecord {
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
  readonly eventSourceARN: string;
}

/** The part of DynamoDB that a mapping reads. */
export interface TableStreams {
  /** Records after a sequence number (empty text: from the oldest), oldest first. */
  readStream(tableName: string, after: string, limit: number): readonly TableStreamRecord[];
  /** The newest record's sequence number, where a mapping begins that starts at `LATEST`. */
  latestSequence(): string;
  onStreamWrite(tableName: string, listener: () => void): unknown;
}

export interface StreamSourceOptions {
  /** Stable across restarts. */
  readonly id: string;
  readonly tableName: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly startAtLatest: boolean;
  readonly filters: readonly EventPattern[];
  readonly bisect: boolean;
  /** Undefined: until the records expire. */
  readonly retriesMax?: number;
  readonly maximumAgeSeconds?: number;
  readonly reportBatchItemFailures: boolean;
  readonly onFailureArn?: string;
}

interface Position {
  /** The last record dealt with. */
  after: string;
  /** Failed attempts at the record that follows. */
  attempts: number;
  /** While a failed batch is halved: how many records to take, and up to which record. */
  batch: number | null;
  until: string | null;
}

const BACKOFF_MILLISECONDS_MAX = 60_000;
/** Filters let some records through; so many times the batch size are looked at to fill a batch. */
const LOOK_AHEAD = 4;

/**
 * The event source mapping from a table's stream to a function: one shard, in order, one batch at a time. A failed batch is tried
 * again with growing pauses, halved if so configured, and given up when its retries or its age end; nothing behind it moves until
 * then (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).
 */
export class StreamSource implements LambdaPart {
  readonly prefix: string;
  readonly #kernel: Kernel;
  readonly #streams: TableStreams;
  readonly #invoke: (functionName: string, payload: string) => Promise<Outcome>;
  readonly #options: StreamSourceOptions;
  #position: Position;
  #posted = false;
  #running = false;
  /** Written to while a batch was under way. */
  #again = false;
  #pausing = false;

  constructor(
    kernel: Kernel,
    streams: TableStreams,
    invoke: (functionName: string, payload: string) => Promise<Outcome>,
    options: StreamSourceOptions,
  ) {
    this.#kernel = kernel;
    this.#streams = streams;
    this.#invoke = invoke;
    this.#options = options;
    this.prefix = `stream-${options.id}`;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS lambda_streams (id TEXT PRIMARY KEY, after_sequence TEXT NOT NULL, attempts INTEGER NOT NULL,
        batch INTEGER, until_sequence TEXT) WITHOUT ROWID;`);
    this.#position = this.#recall() ?? {
      after: options.startAtLatest ? streams.latestSequence() : '',
      attempts: 0,
      batch: null,
      until: null,
    };
    this.#remember();
    streams.onStreamWrite(options.tableName, () => this.#wake());
  }

  onTimer(): void {
    this.#pausing = false;
    this.#wake();
  }

  position(): StreamPosition {
    const { tableName, functionName } = this.#options;
    return { tableName, functionName, after: this.#position.after, attempts: this.#position.attempts };
  }

  resume(): void {
    this.#pausing = this.#kernel.timerPayload('lambda', this.#timerKey()) !== undefined;
    this.#wake();
  }

  #wake(): void {
    if (this.#posted || this.#pausing) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#posted = true;
    this.#kernel.postBehind(`stream ${this.#options.tableName}`, () => this.#poll());
  }

  async #poll(): Promise<void> {
    this.#posted = false;
    this.#running = true;
    this.#again = false;
    let more = false;
    try {
      more = await this.#step();
    } finally {
      this.#running = false;
    }
    if (more || this.#again) this.#wake();
  }

  /** Deals with the next batch; answers whether there may be another. */
  async #step(): Promise<boolean> {
    const { tableName, filters, batchSize } = this.#options;
    const size = this.#position.batch ?? batchSize;
    const limit = filters.length === 0 ? size : size * LOOK_AHEAD;
    const read = this.#streams.readStream(tableName, this.#position.after, limit);
    const batch: TableStreamRecord[] = [];
    let seen = 0;
    for (const record of read) {
      if (batch.length === size) break;
      seen += 1;
      if (filters.length === 0 || filters.some((pattern) => matches(pattern, record))) batch.push(record);
    }
    const end = read[seen - 1];
    if (end === undefined) return false;
    if (batch.length === 0) {
      this.#advanceTo(end.dynamodb.SequenceNumber);
      return seen === limit;
    }
    await this.#deliver(batch, end.dynamodb.SequenceNumber);
    return seen < read.length || read.length === limit;
  }

  async #deliver(batch: readonly TableStreamRecord[], end: string): Promise<void> {
    const outcome = await this.#attempt(batch);
    const failedAt = outcome.failed ? batch[0]?.dynamodb.SequenceNumber : this.#reportedFailure(outcome.payload, batch);
    if (failedAt === undefined) {
      this.#advanceTo(end);
      return;
    }
    const failedIndex = batch.findIndex((record) => record.dynamodb.SequenceNumber === failedAt);
    const before = batch[failedIndex - 1];
    if (before !== undefined) this.#advanceTo(before.dynamodb.SequenceNumber);
    await this.#retryOrGiveUp(batch.slice(failedIndex), end, outcome);
  }

  async #attempt(batch: readonly TableStreamRecord[]): Promise<Outcome> {
    try {
      return await this.#invoke(this.#options.functionName, JSON.stringify({ Records: batch }));
    } catch (error) {
      if (error instanceof AwsError)
        return { failed: true, payload: JSON.stringify({ errorType: error.code, errorMessage: error.message }) };
      throw error;
    }
  }

  /** The first record the function reported as failed; an identifier it was not given fails the whole batch. */
  #reportedFailure(payload: string, batch: readonly TableStreamRecord[]): string | undefined {
    if (!this.#options.reportBatchItemFailures) return undefined;
    const failures = (JSON.parse(payload) as { batchItemFailures?: { itemIdentifier?: string }[] } | null)?.batchItemFailures;
    if (!Array.isArray(failures) || failures.length === 0) return undefined;
    const reported = new Set(failures.map((failure) => failure?.itemIdentifier));
    const first = batch.find((record) => reported.has(record.dynamodb.SequenceNumber));
    return (first ?? batch[0])?.dynamodb.SequenceNumber;
  }

  async #retryOrGiveUp(batch: readonly TableStreamRecord[], end: string, outcome: Outcome): Promise<void> {
    const { bisect, retriesMax, maximumAgeSeconds, onFailureArn } = this.#options;
    const position = this.#position;
    if (bisect && batch.length > 1) {
      // Halving costs no attempt.
      position.batch = Math.ceil(batch.length / 2);
      position.until ??= end;
      this.#remember();
      return this.#pause(1);
    }
    position.attempts += 1;
    const oldest = batch[0]?.dynamodb.ApproximateCreationDateTime ?? 0;
    const tooOld = maximumAgeSeconds !== undefined && this.#kernel.now() / 1000 - oldest > maximumAgeSeconds;
    if (tooOld || (retriesMax !== undefined && position.attempts > retriesMax)) {
      if (onFailureArn !== undefined)
        await sendDeadLetter(this.#kernel, onFailureArn, JSON.stringify(this.#failureRecord(batch, outcome, tooOld)));
      this.#advanceTo(batch.at(-1)?.dynamodb.SequenceNumber ?? end);
      return;
    }
    this.#remember();
    this.#pause(position.attempts);
  }

  #failureRecord(batch: readonly TableStreamRecord[], outcome: Outcome, tooOld: boolean): object {
    const [first, last] = [batch[0], batch.at(-1)];
    const instant = (record: TableStreamRecord | undefined) =>
      new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
    return {
      requestContext: {
        requestId: this.#kernel.uuid(),
        functionArn: functionArn(this.#options.functionName),
        condition: tooOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted',
        approximateInvokeCount: this.#position.attempts,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', ...(outcome.failed && { functionError: 'Unhandled' }) },
      version: '1.0',
      timestamp: new Date(this.#kernel.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: 'shardId-00000000000000000000-00000000',
        startSequenceNumber: first?.dynamodb.SequenceNumber,
        endSequenceNumber: last?.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: instant(first),
        approximateArrivalOfLastRecord: instant(last),
        batchSize: batch.length,
        streamArn: first?.eventSourceARN,
      },
    };
  }

  #pause(attempts: number): void {
    this.#pausing = true;
    const pause = Math.min(1000 * 2 ** Math.min(attempts - 1, 16), BACKOFF_MILLISECONDS_MAX);
    this.#kernel.setTimer('lambda', this.#timerKey(), this.#kernel.now() + pause);
  }

  #advanceTo(sequence: string): void {
    const position = this.#position;
    position.after = sequence;
    position.attempts = 0;
    if (position.until !== null && sequence >= position.until) {
      position.batch = null;
      position.until = null;
    }
    this.#remember();
  }

  #timerKey(): string {
    return `${this.prefix}:retry`;
  }

  #recall(): Position | undefined {
    const row = this.#kernel.store.get<{ after: string; attempts: number; batch: number | null; until: string | null }>(
      'SELECT after_sequence AS after, attempts, batch, until_sequence AS until FROM lambda_streams WHERE id = ?',
      this.#options.id,
    );
    return row === undefined ? undefined : { ...row };
  }

  #remember(): void {
    const { after, attempts, batch, until } = this.#position;
    this.#kernel.store.run(
      `INSERT INTO lambda_streams (id, after_sequence, attempts, batch, until_sequence) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET after_sequence = excluded.after_sequence, attempts = excluded.attempts, batch = excluded.batch,
         until_sequence = excluded.until_sequence`,
      this.#options.id,
      after,
      attempts,
      batch,
      until,
    );
  }
}
