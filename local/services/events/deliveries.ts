import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import type { Envelope } from './events-service.ts';
import { type InputTransformer, targetInput } from './target-input.ts';

/** A target of a rule or schedule. */
export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly input?: string;
  readonly inputPath?: string;
  readonly transformer?: InputTransformer;
  readonly retriesMax: number;
  readonly maximumAgeSeconds: number;
  readonly deadLetterArn?: string;
}

export interface RuleReference {
  readonly key: string;
  readonly arn: string;
  readonly name: string;
}

export const RETRIES_DEFAULT = 185;
export const MAXIMUM_AGE_SECONDS_DEFAULT = 86_400;
const BACKOFF_MILLISECONDS_MAX = 15 * 60_000;

interface DeliveryRow {
  readonly id: number;
  readonly rule: string;
  readonly target: string;
  readonly envelope: string;
  readonly attempts: number;
  readonly at: number;
}

/**
 * Hands events to targets. One that a target refuses is kept and tried again with exponential back-off, until the target's retry
 * policy ends it; then it goes to the dead-letter queue, if there is one
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html).
 */
export class Deliveries {
  readonly #kernel: Kernel;
  readonly #find: (rule: string, target: string) => { rule: RuleReference; target: Target } | undefined;

  constructor(kernel: Kernel, find: (rule: string, target: string) => { rule: RuleReference; target: Target } | undefined) {
    this.#kernel = kernel;
    this.#find = find;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS events_deliveries (id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, target TEXT NOT NULL,
        envelope TEXT NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL);`);
  }

  async deliver(rule: RuleReference, target: Target, envelope: Envelope): Promise<void> {
    try {
      await invokeTarget(this.#kernel, target.arn, targetInput(target, envelope, rule, this.#kernel.now()), 'events');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (target.retriesMax === 0 || isGone(error))
        return this.#giveUp(rule, target, JSON.stringify(envelope), 1, error, 'MaximumRetryAttempts');
      const { lastInsertRowid } = this.#kernel.store.run(
        'INSERT INTO events_deliveries (rule, target, envelope, attempts, at) VALUES (?, ?, ?, 1, ?)',
        rule.key,
        target.id,
        JSON.stringify(envelope),
        this.#kernel.now(),
      );
      this.#schedule(lastInsertRowid, 1);
    }
  }

  /** Writes down what is to be delivered, and delivers it as work of its own. */
  deliverLater(rule: string, target: Target, envelope: Envelope): void {
    const { lastInsertRowid } = this.#kernel.store.run(
      'INSERT INTO events_deliveries (rule, target, envelope, attempts, at) VALUES (?, ?, ?, 0, ?)',
      rule,
      target.id,
      JSON.stringify(envelope),
      this.#kernel.now(),
    );
    this.#post(lastInsertRowid);
  }

  resume(): void {
    // One that waits for its next attempt has a timer; the others were being delivered when the process died.
    for (const { id } of this.#kernel.store.all<{ id: number }>('SELECT id FROM events_deliveries ORDER BY id'))
      if (this.#kernel.timerAt('events', `delivery:${id}`) === undefined) this.#post(id);
  }

  #post(id: number): void {
    this.#kernel.post(`delivery ${id}`, () => this.attempt(id));
  }

  async attempt(id: number): Promise<void> {
    const row = this.#kernel.store.get<DeliveryRow & Record<string, never>>(
      'SELECT id, rule, target, envelope, attempts, at FROM events_deliveries WHERE id = ?',
      id,
    );
    if (row === undefined) return;
    const found = this.#find(row.rule, row.target);
    if (found === undefined) return this.#forget(id);
    const { rule, target } = found;
    try {
      const envelope = JSON.parse(row.envelope) as Envelope;
      await invokeTarget(this.#kernel, target.arn, targetInput(target, envelope, rule, this.#kernel.now()), 'events');
      this.#forget(id);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const attempts = row.attempts + 1;
      const tooOld = this.#kernel.now() - row.at >= target.maximumAgeSeconds * 1000;
      if (attempts > target.retriesMax || tooOld || isGone(error)) {
        this.#forget(id);
        await this.#giveUp(rule, target, row.envelope, attempts, error, tooOld ? 'MaximumEventAgeInSeconds' : 'MaximumRetryAttempts');
        return;
      }
      this.#kernel.store.run('UPDATE events_deliveries SET attempts = ? WHERE id = ?', attempts, id);
      this.#schedule(id, attempts);
    }
  }

  #schedule(id: number, attempts: number): void {
    const pause = Math.min(1000 * 2 ** (attempts - 1), BACKOFF_MILLISECONDS_MAX);
    this.#kernel.setTimer('events', `delivery:${id}`, this.#kernel.now() + pause);
  }

  #forget(id: number): void {
    this.#kernel.store.run('DELETE FROM events_deliveries WHERE id = ?', id);
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
  async #giveUp(
    rule: RuleReference,
    target: Target,
    envelope: string,
    attempts: number,
    error: AwsError,
    exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds',
  ): Promise<void> {
    if (target.deadLetterArn === undefined) return;
    const attribute = (value: string, DataType = 'String') => ({ DataType, StringValue: value });
    await this.#kernel.call(
      'sqs',
      'SendMessage',
      {
        QueueUrl: target.deadLetterArn.slice(target.deadLetterArn.lastIndexOf(':') + 1),
        MessageBody: envelope,
        MessageAttributes: {
          RULE_ARN: attribute(rule.arn),
          TARGET_ARN: attribute(target.arn),
          ERROR_CODE: attribute(errorCodeOf(error)),
          ERROR_MESSAGE: attribute(error.message.slice(0, 1024) || error.code),
          ...(!isGone(error) && { EXHAUSTED_RETRY_CONDITION: attribute(exhausted) }),
          RETRY_ATTEMPTS: attribute(String(attempts - 1), 'Number'),
        },
      },
      'events',
    );
  }
}

const GONE: ReadonlySet<string> = new Set([
  'QueueDoesNotExist',
  'ResourceNotFoundException',
  'NotFoundException',
  'StateMachineDoesNotExist',
]);

/** A target that is not there is not tried again (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html). */
function isGone({ code }: AwsError): boolean {
  return GONE.has(code);
}

/**
 * What EventBridge makes of a target's error, as far as its names speak for themselves
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html); others stay what they are.
 */
function errorCodeOf(error: AwsError): string {
  if (isGone(error)) return 'NO_RESOURCE';
  return error.status === 429 || /Throttl|TooManyRequests/.test(error.code) ? 'THROTTLING' : error.code;
}

/** The kinds of target this cloud can reach. */
export function isTarget(arn: string): boolean {
  return /^arn:aws:(sqs|lambda|states|sns|events|logs):/.test(arn);
}

/** Hands text to a target of a rule or schedule. */
export async function invokeTarget(kernel: Kernel, arn: string, input: string, origin: string): Promise<void> {
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  switch (arn.split(':')[2]) {
    case 'sqs':
      await kernel.call('sqs', 'SendMessage', { QueueUrl: name, MessageBody: input }, origin);
      return;
    case 'lambda':
      await kernel.call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: input }, origin);
      return;
    case 'sns':
      await kernel.call('sns', 'Publish', { TopicArn: arn, Message: input }, origin);
      return;
    case 'states':
      await kernel.call('states', 'StartExecution', { stateMachineArn: arn, input }, origin);
      return;
    case 'logs':
      await kernel.call('logs', 'PutLogEvents', logEvent(kernel, arn, input), origin);
      return;
    case 'events':
      await forward(kernel, arn, JSON.parse(input) as JsonObject, origin);
      return;
    default:
      throw new AwsError('ValidationException', `The embedded cloud cannot deliver to ${arn}.`);
  }
}

/** A stream for each event, as EventBridge makes them (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html). */
function logEvent(kernel: Kernel, arn: string, message: string): JsonObject {
  const logGroupName = arn.split(':')[6];
  return { logGroupName, logStreamName: kernel.uuid(), logEvents: [{ timestamp: kernel.now(), message }] };
}

/** An event sent on to another bus; its source stays its own. */
async function forward(kernel: Kernel, arn: string, event: JsonObject, origin: string): Promise<void> {
  const entry = {
    EventBusName: arn,
    Source: event.source,
    DetailType: event['detail-type'],
    Detail: JSON.stringify(event.detail),
    Resources: event.resources,
  };
  const { FailedEntryCount, Entries } = (await kernel.call('events', 'PutEvents', { Entries: [entry] }, origin)) as {
    FailedEntryCount: number;
    Entries: JsonObject[];
  };
  if (FailedEntryCount > 0) throw new AwsError(String(Entries[0]?.ErrorCode), String(Entries[0]?.ErrorMessage));
}
