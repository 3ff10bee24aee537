import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { sendDeadLetter, sendRecord } from './destination.ts';
import { functionArn, type LambdaPart } from './lambda-service.ts';
import type { Outcome } from './outcome.ts';

export interface AsyncOptions {
  /** Retries after the first failure, 0-2. */
  readonly retries?: number;
  /** Seconds an event may wait for its next attempt. */
  readonly maximumAgeSeconds?: number;
  /** Its reserved concurrency is zero: its events fail at once. */
  readonly isStopped?: boolean;
  readonly deadLetterArn?: string;
  readonly onFailureArn?: string;
  readonly onSuccessArn?: string;
}

interface AsyncRow {
  readonly id: number;
  readonly function: string;
  readonly payload: string;
  readonly attempts: number;
  readonly at: number;
  /** The invocation's own identifier, the same for all its attempts; empty where an earlier version of this cloud took it. */
  readonly request: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const THROTTLED_PAUSE_MIN = 1000;
const THROTTLED_PAUSE_MAX = 300_000;
const RETRIES_DEFAULT = 2;
const MAXIMUM_AGE_SECONDS_DEFAULT = 21_600;

/**
 * Invocations of type `Event`: kept until the function succeeded or gave up for good; one minute before the first retry, two
 * before the second (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
 */
export class AsyncInvocations implements LambdaPart {
  readonly prefix = 'async';
  readonly #kernel: Kernel;
  readonly #invoke: (functionName: string, payload: string, requestId: string) => Promise<Outcome>;
  readonly #options = new Map<string, AsyncOptions>();

  constructor(kernel: Kernel, invoke: (functionName: string, payload: string, requestId: string) => Promise<Outcome>) {
    this.#kernel = kernel;
    this.#invoke = invoke;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS lambda_async (id INTEGER PRIMARY KEY AUTOINCREMENT, function TEXT NOT NULL, payload TEXT NOT NULL,
        attempts INTEGER NOT NULL, at INTEGER NOT NULL, due INTEGER NOT NULL, request TEXT NOT NULL DEFAULT '');`);
    // A file of before there were identifiers.
    if (kernel.store.get("SELECT 1 FROM pragma_table_info('lambda_async') WHERE name = 'request'") === undefined)
      kernel.store.define("ALTER TABLE lambda_async ADD COLUMN request TEXT NOT NULL DEFAULT ''");
  }

  configure(functionName: string, options: AsyncOptions): void {
    this.#options.set(functionName, options);
  }

  options(functionName: string): AsyncOptions {
    return this.#options.get(functionName) ?? {};
  }

  add(functionName: string, payload: string): void {
    const now = this.#kernel.now();
    const { lastInsertRowid } = this.#kernel.store.run(
      'INSERT INTO lambda_async (function, payload, attempts, at, due, request) VALUES (?, ?, 0, ?, ?, ?)',
      functionName,
      payload,
      now,
      now,
      this.#kernel.uuid(),
    );
    this.#post(lastInsertRowid);
  }

  onTimer(key: string): Promise<void> {
    return this.#attempt(Number(key));
  }

  resume(): void {
    for (const { id } of this.#kernel.store.all<{ id: number }>(
      'SELECT id FROM lambda_async WHERE due <= ? ORDER BY id',
      this.#kernel.now(),
    ))
      this.#post(id);
  }

  #post(id: number): void {
    this.#kernel.post(`lambda event ${id}`, () => this.#attempt(id));
  }

  async #attempt(id: number): Promise<void> {
    const row = this.#kernel.store.get<AsyncRow>('SELECT id, function, payload, attempts, at, request FROM lambda_async WHERE id = ?', id);
    if (row === undefined) return;
    const options = this.options(row.function);
    let outcome: Outcome;
    try {
      outcome = await this.#invoke(row.function, row.payload, row.request);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === 'TooManyRequestsException' && this.#mayWait(row, options) && options.isStopped !== true) {
        // A throttled event costs no attempt: again after a second, and each time after twice as long, up to five minutes.
        const pause = Math.min(Math.max(this.#kernel.now() - row.at, THROTTLED_PAUSE_MIN), THROTTLED_PAUSE_MAX);
        this.#retryAt(row, row.attempts, this.#kernel.now() + pause);
        return;
      }
      outcome = { failed: true, payload: JSON.stringify({ errorType: error.code, errorMessage: error.message }) };
    }
    const attempts = row.attempts + 1;
    if (outcome.failed && options.isStopped !== true && attempts <= (options.retries ?? RETRIES_DEFAULT) && this.#mayWait(row, options)) {
      this.#retryAt(row, attempts, this.#kernel.now() + attempts * 60_000);
      return;
    }
    this.#kernel.store.run('DELETE FROM lambda_async WHERE id = ?', id);
    await this.#report(row, attempts, outcome, options);
  }

  #mayWait(row: AsyncRow, options: AsyncOptions): boolean {
    return this.#kernel.now() - row.at < (options.maximumAgeSeconds ?? MAXIMUM_AGE_SECONDS_DEFAULT) * 1000;
  }

  #retryAt(row: AsyncRow, attempts: number, due: number): void {
    this.#kernel.store.run('UPDATE lambda_async SET attempts = ?, due = ? WHERE id = ?', attempts, due, row.id);
    this.#kernel.setTimer('lambda', `${this.prefix}:${row.id}`, due);
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  #conditionOf(row: AsyncRow, attempts: number, { failed }: Outcome, options: AsyncOptions): string {
    if (!failed) return 'Success';
    return attempts > (options.retries ?? RETRIES_DEFAULT) || this.#mayWait(row, options) ? 'RetriesExhausted' : 'EventAgeExceeded';
  }

  async #report(row: AsyncRow, attempts: number, outcome: Outcome, options: AsyncOptions): Promise<void> {
    if (outcome.failed && options.deadLetterArn !== undefined) {
      const error = JSON.parse(outcome.payload) as { errorMessage?: string };
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
      await sendDeadLetter(this.#kernel, options.deadLetterArn, row.payload, {
        ...text('RequestID', row.request),
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ...text('ErrorMessage', (error.errorMessage ?? '').slice(0, 1024)),
      });
    }
    const destination = outcome.failed ? options.onFailureArn : options.onSuccessArn;
    if (destination === undefined) return;
    const record = {
      version: '1.0',
      timestamp: new Date(this.#kernel.now()).toISOString(),
      requestContext: {
        requestId: row.request,
        functionArn: `${functionArn(row.function)}:$LATEST`,
        condition: this.#conditionOf(row, attempts, outcome, options),
        approximateInvokeCount: attempts,
      },
      requestPayload: JSON.parse(row.payload) as unknown,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', ...(outcome.failed && { functionError: 'Unhandled' }) },
      responsePayload: JSON.parse(outcome.payload) as unknown,
    };
    await sendRecord(this.#kernel, destination, row.function, record);
  }
}

/** An attribute of a message; none where the text is empty, which no queue takes. */
function text(name: string, StringValue: string): JsonObject {
  return StringValue === '' ? {} : { [name]: { DataType: 'String', StringValue } };
}
