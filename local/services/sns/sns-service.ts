import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { DeliveryRules } from '../delivery/delivery-rules.ts';
import { type EventPattern, matches } from '../events/pattern.ts';
import type { LogsService } from '../logs/logs-service.ts';
import { assertMembers } from '../members.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { pageOf } from '../page.ts';
import { assertSize, assertText, checkAttributes, invalid, type MessageTexts, messageTexts, subjectOf } from './message.ts';
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

/** https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
const TOPICS_MAX = 100;

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
    assertMembers(this.name, operation, input, 'InvalidParameterException');
    switch (operation) {
      case 'Publish':
        return this.#publish(input);
      case 'CreateTopic':
        if (!/^[A-Za-z0-9_-]{1,256}$/.test(String(input.Name ?? ''))) throw invalid('Topic Name');
        return { TopicArn: this.createTopic(String(input.Name)) };
      case 'ListTopics':
        return this.#listTopics(input);
      default:
        throw new AwsError('InvalidAction', `The embedded cloud's SNS has no operation ${operation}.`);
    }
  }

  async #publish(input: JsonObject): Promise<JsonObject> {
    const texts = messageTexts(input.Message, input.MessageStructure);
    const attributes = checkAttributes(input.MessageAttributes);
    assertSize(texts.given, attributes);
    const { TopicArn, TargetArn, PhoneNumber } = input;
    const [to, ...more] = [TopicArn, TargetArn, PhoneNumber].filter((one) => one !== undefined);
    if (to === undefined || more.length > 0) throw invalid('Exactly one of TopicArn, TargetArn and PhoneNumber must be given');
    if (input.MessageDeduplicationId !== undefined)
      throw invalid(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    const subject = subjectOf(input.Subject);
    if (to === PhoneNumber) return { MessageId: this.#publishText(String(to), texts.for('sms'), attributes) };
    return { MessageId: await this.#fanOut(String(to), texts, subject, attributes) };
  }

  #publishText(phoneNumber: string, message: string, attributes: AttributeValues): string {
    assertText(phoneNumber, message);
    if (this.#rules.throttles('sns', [phoneNumber])) throw new AwsError('ThrottledException', 'Rate exceeded', 429);
    const messageId = this.#kernel.uuid();
    this.#outbox.add('sms', phoneNumber, labelsOf(attributes), message);
    const type = attributes['AWS.SNS.SMS.SMSType']?.StringValue ?? 'Promotional';
    this.#status.accepted({ messageId, phoneNumber, body: message, type });
    return messageId;
  }

  #listTopics(input: JsonObject): JsonObject {
    const arns = this.#kernel.store.all<{ arn: string }>('SELECT arn FROM sns_topics ORDER BY arn').map(({ arn }) => arn);
    const invalidToken = () => invalid('NextToken');
    const { items, next } = pageOf(arns, (arn) => arn, { token: input.NextToken, limit: TOPICS_MAX, invalid: invalidToken });
    return { Topics: items.map((TopicArn) => ({ TopicArn })), NextToken: next };
  }

  async #fanOut(topic: string, texts: MessageTexts, subject: string | undefined, attributes: AttributeValues): Promise<string> {
    if (this.#kernel.store.get('SELECT arn FROM sns_topics WHERE arn = ?', topic) === undefined)
      throw new AwsError('NotFoundException', 'Topic does not exist', 404);
    const published = {
      topic,
      messageId: this.#kernel.uuid(),
      ...(subject !== undefined && { subject }),
      attributes,
      timestamp: new Date(this.#kernel.now()).toISOString(),
    };
    for (const subscription of this.#subscriptions.get(topic) ?? [])
      if (passes(subscription, texts.for(subscription.protocol), attributes))
        await this.#deliver(subscription, { ...published, message: texts.for(subscription.protocol) });
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
        assertText(endpoint, message);
        this.#outbox.add('sms', endpoint, labelsOf(attributes), message);
        return;
      default:
        this.#outbox.add('email', endpoint, labelsOf(attributes), message, published.subject ?? 'AWS Notification Message');
    }
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
  return value.DataType === 'String.Array' ? listIn(value.StringValue ?? '') : value.StringValue;
}

/** What is no list of JSON matches no filter. */
function listIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function labelsOf(attributes: AttributeValues) {
  return { accountId: attributes.accountId?.StringValue, stage: attributes.stage?.StringValue, template: attributes.template?.StringValue };
}
