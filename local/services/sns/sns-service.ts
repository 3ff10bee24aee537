import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { type EventPattern, matches } from '../events/pattern.ts';
import type { Outbox } from '../outbox/outbox.ts';

export interface Subscription {
  readonly protocol: 'sqs' | 'lambda' | 'email' | 'email-json' | 'sms';
  readonly endpoint: string;
  readonly raw: boolean;
  readonly filter?: EventPattern;
  readonly filterScope: 'MessageAttributes' | 'MessageBody';
}

type AttributeValues = Record<string, { DataType?: string; StringValue?: string; BinaryValue?: string }>;

const MESSAGE_BYTES_MAX = 262_144;
const SMS_BYTES_MAX = 1600;

/** SNS: text messages and mail to the outbox, topics to queues and functions, both with the publish itself. */
export class SnsService implements Service {
  readonly name = 'sns';
  readonly #kernel: Kernel;
  readonly #outbox: Outbox;
  readonly #subscriptions = new Map<string, Subscription[]>();

  constructor(kernel: Kernel, outbox: Outbox) {
    this.#kernel = kernel;
    this.#outbox = outbox;
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
    const MessageId = this.#kernel.uuid();
    if (arn === undefined) this.#sendText(String(input.PhoneNumber), message, attributes);
    else await this.#fanOut(String(arn), MessageId, message, input, attributes);
    return { MessageId };
  }

  #sendText(phoneNumber: string, message: string, attributes: AttributeValues): void {
    if (!/^\+?[1-9]\d{1,14}$/.test(phoneNumber.replace(/[ ().-]/g, '')))
      throw invalid(`PhoneNumber Reason: ${phoneNumber} is not valid to publish to`);
    if (Buffer.byteLength(message) > SMS_BYTES_MAX) throw invalid(`Message Reason: a text message has at most ${SMS_BYTES_MAX} bytes`);
    this.#outbox.add('sms', phoneNumber, labelsOf(attributes), message);
  }

  async #fanOut(topic: string, messageId: string, message: string, input: JsonObject, attributes: AttributeValues): Promise<void> {
    if (this.#kernel.store.get('SELECT arn FROM sns_topics WHERE arn = ?', topic) === undefined)
      throw new AwsError('NotFoundException', 'Topic does not exist', 404);
    const subject = input.Subject === undefined ? undefined : String(input.Subject);
    for (const subscription of this.#subscriptions.get(topic) ?? []) {
      if (!passes(subscription, message, attributes)) continue;
      const notification = this.#notification(topic, messageId, message, subject, attributes);
      await this.#deliver(subscription, topic, message, subject, notification, attributes);
    }
  }

  async #deliver(
    subscription: Subscription,
    topic: string,
    message: string,
    subject: string | undefined,
    notification: JsonObject,
    attributes: AttributeValues,
  ): Promise<void> {
    const { protocol, endpoint } = subscription;
    switch (protocol) {
      case 'sqs':
        await this.#kernel.call(
          'sqs',
          'SendMessage',
          {
            QueueUrl: endpoint.slice(endpoint.lastIndexOf(':') + 1),
            MessageBody: subscription.raw ? message : JSON.stringify(notification),
            ...(subscription.raw && { MessageAttributes: attributes }),
          },
          'sns',
        );
        return;
      case 'lambda': {
        const event = {
          Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: `${topic}:embedded`, Sns: notification }],
        };
        await this.#kernel.call(
          'lambda',
          'Invoke',
          { FunctionName: endpoint, InvocationType: 'Event', Payload: JSON.stringify(event) },
          'sns',
        );
        return;
      }
      case 'sms':
        this.#sendText(endpoint, message, attributes);
        return;
      default:
        this.#outbox.add('email', endpoint, labelsOf(attributes), message, subject ?? 'AWS Notification Message');
    }
  }

  #notification(topic: string, messageId: string, message: string, subject: string | undefined, attributes: AttributeValues): JsonObject {
    return {
      Type: 'Notification',
      MessageId: messageId,
      TopicArn: topic,
      ...(subject !== undefined && { Subject: subject }),
      Message: message,
      Timestamp: new Date(this.#kernel.now()).toISOString(),
      ...(Object.keys(attributes).length > 0 && {
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [
            name,
            { Type: value.DataType, Value: value.StringValue ?? value.BinaryValue },
          ]),
        ),
      }),
    };
  }
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
