import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { md5 } from '../../kernel/md5.ts';
import { ACCOUNT } from '../../template/intrinsics.ts';
import { assertMembers } from '../members.ts';
import { pageOf } from '../page.ts';
import { QUEUE_ATTRIBUTES, SYSTEM_ATTRIBUTES } from './attribute-names.ts';
import { assertBatchSize, BATCH_MAX, batchIn, MESSAGE_BYTES_MAX } from './batch.ts';
import { LongPolls } from './long-polls.ts';
import { bytesOfAttributes, checkMessageAttributes, md5OfMessageAttributes } from './message-attributes.ts';
import { describe, type ReceivedMessage, readReceipt, receiptOf } from './message-view.ts';
import { type MessageRow, Messages } from './messages.ts';
import { MoveTasks } from './move-tasks.ts';
import { arnOf, nameOfArn } from './queue-arn.ts';

/** A queue as the template defines it. Durations are seconds. */
export interface QueueDefinition {
  readonly name: string;
  readonly visibilityTimeout: number;
  readonly delay: number;
  readonly retention: number;
  readonly maximumMessageSize: number;
  /** How long a client waits that does not say. */
  readonly receiveWait?: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

export interface QueueOverview {
  readonly definition: QueueDefinition;
  readonly counts: { readonly visible: number; readonly delayed: number; readonly hidden: number };
  /** The queues whose dead-letter queue this is. */
  readonly deadLettersOf: readonly string[];
}

const VISIBILITY_TIMEOUT_SECONDS_MAX = 43_200;
const QUEUES_MAX = 1000;
/** Functions must not wait: what they wait for is time. */
const CLIENT = 'client';
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a message must not hold
const HOLDS_NO_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * SQS standard queues. Delivery takes no time of its own; visibility timeouts, delays and retention run on the cloud's clock.
 * Order is the order of sending, which AWS does not promise. A long poll waits on the real clock, where a client asks.
 */
export class SqsService implements Service {
  readonly name = 'sqs';
  readonly #kernel: Kernel;
  readonly #messages: Messages;
  readonly #moves: MoveTasks;
  readonly #queues = new Map<string, QueueDefinition>();
  readonly #listeners = new Map<string, () => void>();
  readonly #polls: LongPolls;
  #baseUrl = 'http://127.0.0.1:4566';

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#messages = new Messages(kernel.store);
    this.#polls = new LongPolls(kernel);
    this.#moves = new MoveTasks(kernel, this.#messages, {
      has: (name) => this.#queues.has(name),
      isDeadLetterQueue: (name) => [...this.#queues.values()].some(({ redrive }) => redrive?.deadLetterArn === arnOf(name)),
      move: (row, to) => this.#moveAsNew(row, to),
    });
  }

  createQueue(definition: QueueDefinition, baseUrl: string): void {
    this.#baseUrl = baseUrl;
    this.#queues.set(definition.name, definition);
  }

  /** Calls `listener` whenever a message of the queue may be received: sent, visible again, or found at `resume`. One per queue. */
  listen(queue: string, listener: () => void): void {
    this.#listeners.set(queue, listener);
  }

  call(operation: string, input: JsonObject, origin: string): unknown {
    assertMembers(this.name, operation, input, 'UnsupportedOperation');
    switch (operation) {
      case 'SendMessage':
        return this.#send(this.#queue(input), input);
      case 'SendMessageBatch':
        return this.#sendBatch(input);
      case 'ReceiveMessage':
        return this.#receiveMessage(this.#queue(input), input, origin);
      case 'DeleteMessage':
        return this.#delete(this.#queue(input), input);
      case 'DeleteMessageBatch':
        return this.#batch(operation, input, (queue, entry) => this.#delete(queue, entry));
      case 'ChangeMessageVisibility':
        return this.#changeVisibility(this.#queue(input), input);
      case 'ChangeMessageVisibilityBatch':
        return this.#batch(operation, input, (queue, entry) => this.#changeVisibility(queue, entry));
      case 'GetQueueUrl':
        if ((input.QueueOwnerAWSAccountId ?? ACCOUNT) !== ACCOUNT) throw noQueue();
        return { QueueUrl: this.url(this.#existing(String(input.QueueName)).name) };
      case 'GetQueueAttributes':
        return this.#attributes(this.#queue(input), (input.AttributeNames as string[] | undefined) ?? []);
      case 'ListQueues':
        return this.#list(input);
      case 'PurgeQueue':
        this.#messages.purge(this.#queue(input).name);
        return {};
      case 'StartMessageMoveTask':
        return this.#moves.start(input);
      case 'ListMessageMoveTasks':
        return this.#moves.list(input);
      case 'CancelMessageMoveTask':
        return this.#moves.cancel(input);
      default:
        throw new AwsError('UnsupportedOperation', `The embedded cloud's SQS has no operation ${operation}.`);
    }
  }

  resume(): void {
    for (const queue of this.#listeners.keys()) {
      this.#arrived(queue);
      this.wakeWhenVisible(queue);
    }
  }

  stop(): void {
    this.#polls.stop();
  }

  onTimer(queue: string): void {
    if (queue.startsWith(this.#moves.prefix)) {
      this.#moves.onTimer(queue);
      return;
    }
    this.#arrived(queue);
    this.wakeWhenVisible(queue);
  }

  url(queue: string): string {
    return `${this.#baseUrl}/${ACCOUNT}/${queue}`;
  }

  /** Takes up to `limit` messages that are visible now; ones received too often go to the dead-letter queue instead. */
  receive(queueName: string, limit: number, visibilityTimeout?: number): ReceivedMessage[] {
    const queue = this.#existing(queueName);
    const now = this.#kernel.now();
    const timeout = visibilityTimeout ?? queue.visibilityTimeout;
    const received: ReceivedMessage[] = [];
    for (;;) {
      const wanted = limit - received.length;
      const rows = this.#messages.visible(queue.name, now, wanted);
      for (const row of rows) {
        if (this.#dropped(queue, row, now)) continue;
        this.#messages.received(row.id, now, now + timeout * 1000);
        const receiveCount = row.receives + 1;
        received.push({ row, receipt: receiptOf(row.id, receiveCount), receiveCount, firstReceivedAt: row.firstReceivedAt ?? now });
      }
      // Others may take the places of those that were dropped. With a timeout of 0 what was received is at once visible again, and must not
      // fill this answer twice.
      if (received.length === limit || rows.length < wanted || timeout === 0) return received;
    }
  }

  /** All queues by name, and what lies in them. Queues that others name as their dead-letter queue say which. */
  overview(): QueueOverview[] {
    const queues = [...this.#queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return queues.map((definition) => ({
      definition,
      counts: this.#messages.count(definition.name, this.#kernel.now()),
      deadLettersOf: queues.filter(({ redrive }) => redrive?.deadLetterArn === arnOf(definition.name)).map(({ name }) => name),
    }));
  }

  /** Messages of a queue as they lie there, in the order of sending, behind message `after`: a look, which receives nothing. */
  peek(queue: string, after: number, limit: number): MessageRow[] {
    return this.#messages.peek(this.#existing(queue).name, after, limit);
  }

  /**
   * Moves a message of a dead-letter queue back to the queue that gave it up, as a new message with an identifier and a time of its own
   * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html).
   * @throws AwsError `InvalidParameterValue` where no queue did (a function, a rule or a client put it there), or the message is gone.
   */
  moveBack(deadLetterQueue: string, id: number): void {
    const row = this.#messages.find(deadLetterQueue, id);
    if (row === undefined) throw new AwsError('InvalidParameterValue', `${deadLetterQueue} no longer holds the message.`);
    if (row.source === null || !this.#queues.has(row.source))
      throw new AwsError('InvalidParameterValue', `The message did not come to ${deadLetterQueue} from another queue.`);
    this.#moveAsNew(row, row.source);
  }

  #moveAsNew(row: MessageRow, to: string): void {
    const now = this.#kernel.now();
    this.#messages.delete(row.id, row.receives);
    const attributes = row.attributes === null ? undefined : (JSON.parse(row.attributes) as JsonObject);
    this.#messages.add(to, this.#kernel.uuid(), row.body, attributes, now, now);
    this.#arrived(to);
  }

  /** Deletes a message that `receive` returned. */
  done(message: ReceivedMessage): void {
    this.#messages.delete(message.row.id, message.receiveCount);
  }

  /** Sees to it that the queue's listener is called when the next hidden message becomes visible. */
  wakeWhenVisible(queue: string): void {
    if (!this.#listeners.has(queue) && !this.#polls.isAwaited(queue)) return;
    const at = this.#messages.nextVisibleAt(queue, this.#kernel.now());
    if (at !== undefined) this.#kernel.setTimer(this.name, queue, at);
  }

  /** A message of the queue may be received. */
  #arrived(queue: string): void {
    this.#listeners.get(queue)?.();
    this.#polls.arrived(queue);
  }

  #dropped(queue: QueueDefinition, row: MessageRow, now: number): boolean {
    if (row.sentAt + queue.retention * 1000 < now) {
      this.#messages.delete(row.id, row.receives);
      return true;
    }
    if (queue.redrive === undefined || row.receives < queue.redrive.maxReceiveCount) return false;
    const target = this.#existing(nameOfArn(queue.redrive.deadLetterArn));
    this.#messages.giveUp(row.id, target.name, queue.name, now);
    this.#arrived(target.name);
    return true;
  }

  #send(queue: QueueDefinition, input: JsonObject): JsonObject {
    const body = input.MessageBody;
    if (typeof body !== 'string' || body === '')
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    if (HOLDS_NO_TEXT.test(body))
      throw new AwsError('InvalidMessageContents', 'Message has characters that are not allowed: only #x9, #xA, #xD, and #x20 and above.');
    const attributes = checkMessageAttributes(input.MessageAttributes);
    if (Buffer.byteLength(body) + bytesOfAttributes(attributes) > queue.maximumMessageSize)
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maximumMessageSize} bytes.`,
      );
    if (input.MessageDeduplicationId !== undefined)
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${String(input.MessageDeduplicationId)} for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.`,
      );
    const delay = input.DelaySeconds === undefined ? queue.delay : integer(input.DelaySeconds, 'DelaySeconds', 0, 900, DELAY);
    const messageId = this.#kernel.uuid();
    const now = this.#kernel.now();
    this.#messages.add(queue.name, messageId, body, attributes, now, now + delay * 1000);
    if (delay > 0) this.wakeWhenVisible(queue.name);
    else this.#arrived(queue.name);
    return {
      MessageId: messageId,
      MD5OfMessageBody: md5(body),
      ...(attributes !== undefined && { MD5OfMessageAttributes: md5OfMessageAttributes(attributes) }),
    };
  }

  #receiveMessage(queue: QueueDefinition, input: JsonObject, origin: string): JsonObject | Promise<JsonObject> {
    const limit = integer(input.MaxNumberOfMessages ?? 1, 'MaxNumberOfMessages', 1, BATCH_MAX);
    const seconds = integer(input.WaitTimeSeconds ?? queue.receiveWait ?? 0, 'WaitTimeSeconds', 0, 20, WAIT);
    const timeout =
      input.VisibilityTimeout === undefined
        ? undefined
        : integer(input.VisibilityTimeout, 'VisibilityTimeout', 0, VISIBILITY_TIMEOUT_SECONDS_MAX);
    const system = [...((input.AttributeNames as string[]) ?? []), ...((input.MessageSystemAttributeNames as string[]) ?? [])];
    for (const name of system) if (!SYSTEM_ATTRIBUTES.has(name) && !QUEUE_ATTRIBUTES.has(name)) throw unknownAttribute(name);
    const wanted = (input.MessageAttributeNames as string[] | undefined) ?? [];
    const take = () => {
      const received = this.receive(queue.name, limit, timeout);
      if (received.length === 0) return undefined;
      this.wakeWhenVisible(queue.name);
      return { Messages: received.map((message) => describe(message, system, wanted)) };
    };
    const found = this.#polls.wait(queue.name, origin === CLIENT ? seconds : 0, take, () => this.wakeWhenVisible(queue.name));
    return found instanceof Promise ? found.then((answer) => answer ?? {}) : (found ?? {});
  }

  #delete(queue: QueueDefinition, input: JsonObject): JsonObject {
    const { id, receives } = readReceipt(input.ReceiptHandle);
    this.#messages.deleteFrom(queue.name, id, receives);
    return {};
  }

  #changeVisibility(queue: QueueDefinition, input: JsonObject): JsonObject {
    const { id, receives } = readReceipt(input.ReceiptHandle);
    const timeout = integer(input.VisibilityTimeout, 'VisibilityTimeout', 0, VISIBILITY_TIMEOUT_SECONDS_MAX);
    const row = this.#messages.find(queue.name, id);
    const now = this.#kernel.now();
    if (row === undefined || row.receives !== receives || row.visibleAt <= now)
      throw new AwsError(
        'MessageNotInflight',
        `Value ${String(input.ReceiptHandle)} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    this.#messages.setVisibleAt(id, now + timeout * 1000);
    if (timeout === 0) this.#arrived(queue.name);
    else this.wakeWhenVisible(queue.name);
    return {};
  }

  #sendBatch(input: JsonObject): JsonObject {
    assertBatchSize(input.Entries);
    return this.#batch('SendMessageBatch', input, (queue, entry) => this.#send(queue, entry));
  }

  #batch(operation: string, input: JsonObject, run: (queue: QueueDefinition, entry: JsonObject) => JsonObject): JsonObject {
    const queue = this.#queue(input);
    const entries = batchIn(input.Entries);
    const Successful: JsonObject[] = [];
    const Failed: JsonObject[] = [];
    for (const entry of entries) {
      try {
        assertMembers(this.name, `${operation}.Entries`, entry, 'UnsupportedOperation');
        Successful.push({ Id: entry.Id, ...run(queue, entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
      }
    }
    return { Successful, ...(Failed.length > 0 && { Failed }) };
  }

  #attributes(queue: QueueDefinition, names: readonly string[]): JsonObject {
    this.#messages.expire(queue.name, this.#kernel.now() - queue.retention * 1000);
    const count = this.#messages.count(queue.name, this.#kernel.now());
    const all: Record<string, string> = {
      QueueArn: arnOf(queue.name),
      ApproximateNumberOfMessages: String(count.visible),
      ApproximateNumberOfMessagesNotVisible: String(count.hidden),
      ApproximateNumberOfMessagesDelayed: String(count.delayed),
      VisibilityTimeout: String(queue.visibilityTimeout),
      DelaySeconds: String(queue.delay),
      MessageRetentionPeriod: String(queue.retention),
      MaximumMessageSize: String(queue.maximumMessageSize),
      ReceiveMessageWaitTimeSeconds: String(queue.receiveWait ?? 0),
      ...(queue.redrive !== undefined && {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.redrive.deadLetterArn, maxReceiveCount: queue.redrive.maxReceiveCount }),
      }),
    };
    for (const name of names) if (!QUEUE_ATTRIBUTES.has(name)) throw unknownAttribute(name);
    if (names.includes('All')) return { Attributes: all };
    const chosen = names.filter((name) => Object.hasOwn(all, name));
    return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen.map((name) => [name, all[name]])) };
  }

  #list(input: JsonObject): JsonObject {
    const prefix = String(input.QueueNamePrefix ?? '');
    const names = [...this.#queues.keys()].filter((name) => name.startsWith(prefix)).sort();
    const limit = input.MaxResults === undefined ? QUEUES_MAX : integer(input.MaxResults, 'MaxResults', 1, QUEUES_MAX);
    const { items, next } = pageOf(names, (name) => name, {
      token: input.NextToken,
      limit,
      invalid: () => new AwsError('InvalidParameterValue', 'Invalid or expired next token.'),
    });
    // Without a limit of the caller's there is one page, as on AWS.
    return {
      ...(items.length > 0 && { QueueUrls: items.map((name) => this.url(name)) }),
      ...(next !== undefined && input.MaxResults !== undefined && { NextToken: next }),
    };
  }

  #queue(input: JsonObject): QueueDefinition {
    if (typeof input.QueueUrl !== 'string') throw new AwsError('MissingParameter', 'The request must contain the parameter QueueUrl.');
    return this.#existing(input.QueueUrl.slice(input.QueueUrl.lastIndexOf('/') + 1));
  }

  #existing(name: string): QueueDefinition {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw noQueue();
    return queue;
  }
}

export const MESSAGE_SIZE_DEFAULT = MESSAGE_BYTES_MAX;

function noQueue(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

function unknownAttribute(name: string): AwsError {
  return new AwsError('InvalidAttributeName', `Unknown Attribute ${String(name).slice(0, 100)}.`);
}

/** Why a number is not taken, as AWS words it, which is not the same for all of them. */
type Wording = (min: number, max: number) => string;
const DELAY: Wording = (min, max) => `DelaySeconds must be >= ${min} and <= ${max}.`;
const WAIT: Wording = (min, max) => `Must be >= ${min} and <= ${max}, if provided.`;
const BETWEEN: Wording = (min, max) => `Must be between ${min} and ${max}, if provided.`;

function integer(value: unknown, name: string, min: number, max: number, wording = BETWEEN): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max)
    throw new AwsError('InvalidParameterValue', `Value ${String(value)} for parameter ${name} is invalid. Reason: ${wording(min, max)}`);
  return number;
}
