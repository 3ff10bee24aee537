import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { DeliveryRules } from '../delivery/delivery-rules.ts';
import { type EventPattern, matches } from '../events/pattern.ts';
import type { LogsService } from '../logs/logs-service.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type AttributeValues, functionEvent, type Published, queueEnvelope } from './notification.ts';
import { TextStatus } from './text-status.ts';

export interface Subscription {
  readonly arn: string;
  readonly protocol: 'sqs' | 'lambda' | 'email' | 'email-json' | 'sms';
  readonly endpoint: string;
  readonly raw: boolean;
  readonly filter?: EventPattern;
  readonly filterScope: 'MessageAttributes' | 'MessageBody';
}

const MESSAGE_BYTES_MAX = 262_144;
const SMS_BYTES_MAX = 1600;

/** SNS: text messages and mail to the outbox, topics to queues and functions, with the publish itself; what became of texts, later. */
export class SnsService implements Service {
  readonly name = 'sns';
  readonly #kernel: Kernel;
  readonly #outbox: Outbox;
  readonly #rules: DeliveryRules;
  readonly #status: TextStatus;
  readonly #subscriptions = new Map<string, Subscription[]>();

  constructor(kernel: Kernel, outbox: Outbox, rules: DeliveryRules, logs: LogsService) {
    this.#kernel = kernel;
    this.#outbox = outbox;
    this.#rules = rules;
    this.#status = new TextStatus(kernel, rules, logs);
    kernel.store.define('CREATE TABLE IF NOT EXISTS sns_topics (arn TEXT PRIMARY KEY) WITHOUT ROWID;');
  }

  createTopic(name: string): string {
    const arn = topicArn(name);
    this.#kernel.store.run('INSERT OR IGNORE INTO sns_topics (arn) VALUES (?)', arn);
    return arn;
  }

  subscribe(topic: string, subscription: Subscription): void {
    this.#subscriptions.set(topic, [...(this.#subscriptions.get(topic) ?? []), subscription]);
  }

  onTimer(key: string): void {
    this.#status.write(Number(key));
  }

  call(operation: string, input: JsonObject): unknown {
    switch (operation) {
      case 'Publish':
        return this.#publish(input);
      case 'CreateTopic':
        if (!/^[A-Za-z0-9_-]{1,256}$/.test(String(input.Name ?? ''))) throw invalid('Topic Name');
        return { TopicArn: this.createTopic(String(input.Name)) };
      case 'ListTopics':
        return {
          Topics: this.#kernel.store.all<{ arn: string }>('SELECT arn FROM sns_topics ORDER BY arn').map(({ arn }) => ({ TopicArn: arn })),
        };
      default:
        throw new AwsError('InvalidAction', `The embedded cloud's SNS has no operation ${operation}.`);
    }
  }

  async #publish(input: JsonObject): Promise<JsonObject> {
    const message = input.Message;
    if (typeof message !== 'string' || message === '') throw invalid('Empty message');
    if (Buffer.byteLength(message) > MESSAGE_BYTES_MAX) throw invalid('Message too long');
    const attributes = checkAttributes(input.MessageAttributes);
    const arn = input.TopicArn ?? input.TargetArn;
    if ((arn === undefined) === (input.PhoneNumber === undefined))
      throw invalid('Exactly one of TopicArn, TargetArn and PhoneNumber must be given');
    if (input.MessageStructure !== undefined) throw invalid('MessageStructure is not supported by the embedded cloud');
    if (arn === undefined) return { MessageId: this.#publishText(String(input.PhoneNumber), message, attributes) };
    return { MessageId: await this.#fanOut(String(arn), message, input.Subject as string | undefined, attributes) };
  }

  #publishText(phoneNumber: string, message: string, attributes: AttributeValues): string {
    checkText(phoneNumber, message);
    if (this.#rules.throttles('sns', [phoneNumber])) throw new AwsError('ThrottledException', 'Rate exceeded', 429);
    const messageId = this.#kernel.uuid();
    this.#outbox.add('sms', phoneNumber, labelsOf(attributes), message);
    const type = attributes['AWS.SNS.SMS.SMSType']?.StringValue ?? 'Promotional';
    this.#status.accepted({ messageId, phoneNumber, body: message, type });
    return messageId;
  }

  async #fanOut(topic: string, message: string, subject: string | undefined, attributes: AttributeValues): Promise<string> {
    if (this.#kernel.store.get('SELECT arn FROM sns_topics WHERE arn = ?', topic) === undefined)
      throw new AwsError('NotFoundException', 'Topic does not exist', 404);
    const published: Published = {
      topic,
      messageId: this.#kernel.uuid(),
      message,
      ...(subject !== undefined && { subject: String(subject) }),
      attributes,
      timestamp: new Date(this.#kernel.now()).toISOString(),
    };
    for (const subscription of this.#subscriptions.get(topic) ?? [])
      if (passes(subscription, message, attributes)) await this.#deliver(subscription, published);
    return published.messageId;
  }

  async #deliver(subscription: Subscription, published: Published): Promise<void> {
    const { protocol, endpoint, raw, arn } = subscription;
    const { message, attributes } = published;
    switch (protocol) {
      case 'sqs': {
        const QueueUrl = endpoint.slice(endpoint.lastIndexOf(':') + 1);
        const MessageBody = raw ? message : JSON.stringify(queueEnvelope(published, arn));
        await this.#kernel.call('sqs', 'SendMessage', { QueueUrl, MessageBody, ...(raw && { MessageAttributes: attributes }) }, 'sns');
        return;
      }
      case 'lambda': {
        const Payload = JSON.stringify(functionEvent(published, arn));
        await this.#kernel.call('lambda', 'Invoke', { FunctionName: endpoint, InvocationType: 'Event', Payload }, 'sns');
        return;
      }
      case 'sms':
        checkText(endpoint, message);
        this.#outbox.add('sms', endpoint, labelsOf(attributes), message);
        return;
      default:
        this.#outbox.add('email', endpoint, labelsOf(attributes), message, published.subject ?? 'AWS Notification Message');
    }
  }
}

function checkText(phoneNumber: string, message: string): void {
  if (!/^\+?[1-9]\d{1,14}$/.test(phoneNumber.replace(/[ ().-]/g, '')))
    throw invalid(`PhoneNumber Reason: ${phoneNumber} is not valid to publish to`);
  if (Buffer.byteLength(message) > SMS_BYTES_MAX) throw invalid(`Message Reason: a text message has at most ${SMS_BYTES_MAX} bytes`);
}

function topicArn(name: string): string {
  return `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
}

function passes(subscription: Subscription, message: string, attributes: AttributeValues): boolean {
  if (subscription.filter === undefined) return true;
  if (subscription.filterScope === 'MessageAttributes')
    return matches(
      subscription.filter,
      Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeValue(value)])),
    );
  try {
    return matches(subscription.filter, JSON.parse(message));
  } catch {
    return false;
  }
}

function attributeValue(value: { DataType?: string; StringValue?: string }): unknown {
  if (value.DataType === 'Number') return Number(value.StringValue);
  return value.DataType === 'String.Array' ? JSON.parse(value.StringValue ?? '[]') : value.StringValue;
}

function checkAttributes(given: unknown): AttributeValues {
  const attributes = (given ?? {}) as AttributeValues;
  for (const [name, value] of Object.entries(attributes)) {
    if (!/^(String|Number|Binary|String\.Array)(\..+)?$/.test(value?.DataType ?? ''))
      throw new AwsError('ParameterValueInvalid', `The message attribute '${name}' has an invalid message attribute type.`);
    if (!value.StringValue && !value.BinaryValue)
      throw new AwsError(
        'ParameterValueInvalid',
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${value.DataType}'.`,
      );
  }
  return attributes;
}

function labelsOf(attributes: AttributeValues) {
  return { accountId: attributes.accountId?.StringValue, stage: attributes.stage?.StringValue, template: attributes.template?.StringValue };
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
}
