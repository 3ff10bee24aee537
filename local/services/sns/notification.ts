import type { JsonObject } from '../../kernel/kernel.ts';
import { REGION } from '../../template/intrinsics.ts';

export type AttributeValues = Record<string, { DataType?: string; StringValue?: string; BinaryValue?: string }>;

/** A message published to a topic. */
export interface Published {
  readonly topic: string;
  readonly messageId: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes: AttributeValues;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** Nothing is signed here; the members are there for those who expect them. */
const SIGNATURE = 'EMBEDDED';
const CERTIFICATE = `https://sns.${REGION}.amazonaws.com/SimpleNotificationService-embedded.pem`;

/** What a queue receives (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html). */
export function queueEnvelope(published: Published, subscriptionArn: string): JsonObject {
  const { topic, messageId, message, subject, attributes, timestamp } = published;
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topic,
    ...(subject !== undefined && { Subject: subject }),
    Message: message,
    Timestamp: timestamp,
    SignatureVersion: '1',
    Signature: SIGNATURE,
    SigningCertURL: CERTIFICATE,
    UnsubscribeURL: unsubscribeUrl(subscriptionArn),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributesOf(attributes) }),
  };
}

/** What a function receives (https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html): two members are spelled otherwise. */
export function functionEvent(published: Published, subscriptionArn: string): JsonObject {
  const { topic, messageId, message, subject, attributes, timestamp } = published;
  const Sns = {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topic,
    Subject: subject ?? null,
    Message: message,
    Timestamp: timestamp,
    SignatureVersion: '1',
    Signature: SIGNATURE,
    SigningCertUrl: CERTIFICATE,
    UnsubscribeUrl: unsubscribeUrl(subscriptionArn),
    MessageAttributes: attributesOf(attributes),
  };
  return { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn, Sns }] };
}

function unsubscribeUrl(subscriptionArn: string): string {
  return `https://sns.${REGION}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`;
}

function attributesOf(attributes: AttributeValues): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { Type: value.DataType, Value: value.StringValue ?? value.BinaryValue }]),
  );
}
