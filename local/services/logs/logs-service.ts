import { gzipSync } from 'node:zlib';
import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT } from '../../template/intrinsics.ts';
import { assertMembers } from '../members.ts';
import { describeLogGroups, describeLogStreams, filterLogEvents, getLogEvents, type ReadableGroups } from './reading.ts';

/** A subscription filter of the template: all of a log group's events go to a function. */
export interface LogSubscription {
  readonly name: string;
  readonly logGroup: string;
  readonly functionArn: string;
}

interface LogEvent {
  readonly message: string;
}

interface LogRow {
  readonly id: number;
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

/** A log group has at most so many filters (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html). */
const FILTERS_MAX = 2;
const BATCH_MAX = 100;
/** A function that cannot be reached is tried again for a day (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html). */
const RETRY_MILLISECONDS = 60_000;
const RETRIED_MILLISECONDS_MAX = 86_400_000;

/**
 * The part of CloudWatch Logs that applications hear: what AWS services write to a log group goes to the functions that subscribed to
 * it. Nothing is kept once it was handed over, and what nobody listens to is not written. What functions wrote last can be read.
 */
export class LogsService implements Service {
  readonly name = 'logs';
  readonly #kernel: Kernel;
  readonly #subscriptions = new Map<string, LogSubscription[]>();
  readonly #posted = new Set<string>();
  readonly #readable: ReadableGroups;

  constructor(kernel: Kernel, readable: ReadableGroups = () => new Map()) {
    this.#readable = readable;
    this.#kernel = kernel;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS logs_pending (id INTEGER PRIMARY KEY AUTOINCREMENT, log_group TEXT NOT NULL, stream TEXT NOT NULL,
        at INTEGER NOT NULL, message TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS logs_pending_by_group ON logs_pending (log_group, id);`);
  }

  subscribe(subscription: LogSubscription): void {
    const subscriptions = this.#subscriptions.get(subscription.logGroup) ?? [];
    if (subscriptions.length === FILTERS_MAX)
      throw new AwsError('LimitExceededException', `log group ${subscription.logGroup} has ${FILTERS_MAX} subscription filters already`);
    this.#subscriptions.set(subscription.logGroup, [...subscriptions, subscription]);
  }

  hasSubscription(logGroup: string): boolean {
    return this.#subscriptions.has(logGroup);
  }

  /** Writes an event; those of one instant are handed over together. */
  write(logGroup: string, stream: string, message: string): void {
    if (!this.hasSubscription(logGroup)) return;
    this.#kernel.store.run(
      'INSERT INTO logs_pending (log_group, stream, at, message) VALUES (?, ?, ?, ?)',
      logGroup,
      stream,
      this.#kernel.now(),
      message,
    );
    this.#post(logGroup);
  }

  call(operation: string, input: JsonObject, origin: string): unknown {
    assertMembers(this.name, operation, input, 'InvalidParameterException');
    switch (operation) {
      case 'DescribeLogGroups':
        return describeLogGroups(this.#readable, input);
      case 'DescribeLogStreams':
        return describeLogStreams(this.#readable, input);
      case 'FilterLogEvents':
        return filterLogEvents(this.#readable, input);
      case 'GetLogEvents':
        return getLogEvents(this.#readable, input);
      case 'PutLogEvents':
        // What clients would write, nobody could read.
        if (origin === 'client' || origin.startsWith('lambda:')) throw unknown(operation);
        return this.#put(input);
      default:
        throw unknown(operation);
    }
  }

  #put(input: JsonObject): JsonObject {
    const { logGroupName, logStreamName, logEvents } = input as { logGroupName: string; logStreamName: string; logEvents: LogEvent[] };
    for (const { message } of logEvents) this.write(logGroupName, logStreamName, message);
    return {};
  }

  resume(): void {
    for (const { logGroup } of this.#kernel.store.all<{ logGroup: string }>('SELECT DISTINCT log_group AS logGroup FROM logs_pending'))
      this.#post(logGroup);
  }

  /** A group whose function could not be reached. */
  onTimer(logGroup: string): void {
    this.#post(logGroup);
  }

  #post(logGroup: string): void {
    if (this.#posted.has(logGroup)) return;
    this.#posted.add(logGroup);
    this.#kernel.postBehind(`logs ${logGroup}`, () => this.#handOver(logGroup));
  }

  async #handOver(logGroup: string): Promise<void> {
    try {
      for (;;) {
        const rows = this.#next(logGroup);
        if (rows[0] === undefined) return;
        if (!(await this.#reached(logGroup, rows)) && this.#kernel.now() - rows[0].at < RETRIED_MILLISECONDS_MAX) {
          this.#kernel.setTimer(this.name, logGroup, this.#kernel.now() + RETRY_MILLISECONDS);
          return;
        }
        // Only now: whoever dies on the way hands them over again.
        for (const { id } of rows) this.#kernel.store.run('DELETE FROM logs_pending WHERE id = ?', id);
      }
    } finally {
      this.#posted.delete(logGroup);
    }
  }

  /** Hands events to the functions of a group; answers whether all have them. */
  async #reached(logGroup: string, rows: readonly LogRow[]): Promise<boolean> {
    for (const subscription of this.#subscriptions.get(logGroup) ?? []) {
      const Payload = JSON.stringify({ awslogs: { data: packed(subscription, rows) } });
      try {
        await this.#kernel.call('lambda', 'Invoke', { FunctionName: subscription.functionArn, InvocationType: 'Event', Payload }, 'logs');
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return false;
      }
    }
    return true;
  }

  /** The oldest events of one stream: a payload holds those of one stream only. */
  #next(logGroup: string): LogRow[] {
    const rows = this.#kernel.store.all<LogRow & Record<string, never>>(
      `SELECT id, stream, at, message FROM logs_pending WHERE log_group = ? ORDER BY id LIMIT ${BATCH_MAX}`,
      logGroup,
    );
    return rows.filter(({ stream }) => stream === rows[0]?.stream);
  }
}

/** What the function receives as `awslogs.data` (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html). */
function packed({ name, logGroup }: LogSubscription, rows: readonly LogRow[]): string {
  const data = {
    messageType: 'DATA_MESSAGE',
    owner: ACCOUNT,
    logGroup,
    logStream: rows[0]?.stream,
    subscriptionFilters: [name],
    logEvents: rows.map(({ id, at, message }) => ({ id: String(id).padStart(56, '0'), timestamp: at, message })),
  };
  return gzipSync(JSON.stringify(data)).toString('base64');
}

function unknown(operation: string): AwsError {
  return new AwsError('UnknownOperationException', `The embedded cloud's CloudWatch Logs has no operation ${operation}.`);
}
