import { Stack } from 'aws-cdk-lib';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** What `Publish` takes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */

const TopicArn = 'arn:aws:sns:us-east-1:000000000000:t';
const PhoneNumber = '+8613800138000';
const TEXT = { DataType: 'String', StringValue: 'x' };

let cloud: Cloud;
beforeAll(async () => {
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const topic = new Topic(stack, 'T', { topicName: 't' });
    const subscribe = (id: string, protocol: string, endpoint: string, more: object = {}) =>
      new CfnSubscription(stack, id, { topicArn: topic.topicArn, protocol, endpoint, ...more });
    subscribe('Queue', 'sqs', new Queue(stack, 'Q', { queueName: 'q' }).queueArn, { rawMessageDelivery: true });
    subscribe('Listed', 'sqs', new Queue(stack, 'L', { queueName: 'listed' }).queueArn, {
      rawMessageDelivery: true,
      filterPolicy: { kinds: ['b'] },
    });
    subscribe('Mail', 'email', 'ops@example.com');
  });
  cloud = await startCloud({ assembly, start: 0 });
});
afterAll(() => cloud.close());

const publish = (input: object) => cloud.call('sns', 'Publish', { Message: 'm', ...input });
const received = async (QueueUrl: string) => {
  const { Messages = [] } = await cloud.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
  });
  return Messages.map(({ Body }) => Body);
};

describe('a message', () => {
  it('may have a text of its own for each kind of subscriber', async () => {
    const Message = JSON.stringify({ default: 'for all', sqs: 'for queues', sms: 'for phones', email: 7 });
    await publish({ TopicArn, Message, MessageStructure: 'json' });
    await publish({ PhoneNumber, Message, MessageStructure: 'json' });
    expect(await received('q')).toEqual(['for queues']);
    expect(cloud.outbox().map(({ channel, body }) => [channel, body])).toEqual([
      ['email', 'for all'],
      ['sms', 'for phones'],
    ]);
  });

  it('passes a filter by an item of a list, and by no list that is none', async () => {
    const kinds = (StringValue: string) => ({ kinds: { DataType: 'String.Array', StringValue } });
    await publish({ TopicArn, Message: 'listed', MessageAttributes: kinds('["a","b"]') });
    await publish({ TopicArn, Message: 'broken', MessageAttributes: kinds('["b"') });
    expect(await received('listed')).toEqual(['listed']);
  });

  it.each([
    ['a structure that is none', { TopicArn, MessageStructure: 'xml' }, 'InvalidParameterException', 'MessageStructure'],
    ['a structure of texts that is no JSON', { TopicArn, MessageStructure: 'json' }, 'InvalidParameterException', 'failed to parse'],
    [
      'no text for the rest',
      { TopicArn, MessageStructure: 'json', Message: '{"sqs":"x"}' },
      'InvalidParameterException',
      'No default entry',
    ],
    ['two receivers', { TopicArn, TargetArn: TopicArn }, 'InvalidParameterException', 'Exactly one'],
    ['no receiver', {}, 'InvalidParameterException', 'Exactly one'],
    ['a subject of two lines', { TopicArn, Subject: 'a\nb' }, 'InvalidParameterException', 'Subject'],
    ['a subject too long', { TopicArn, Subject: 'x'.repeat(101) }, 'InvalidParameterException', 'Subject'],
    ['a subject that is not ASCII', { TopicArn, Subject: 'ü' }, 'InvalidParameterException', 'Subject'],
    ['a member of FIFO topics', { TopicArn, MessageDeduplicationId: 'd' }, 'InvalidParameterException', 'MessageDeduplicationId'],
    ['a message too long', { TopicArn, Message: 'x'.repeat(262_145) }, 'InvalidParameterException', 'Message too long'],
    [
      'attributes too long',
      { TopicArn, MessageAttributes: { a: { ...TEXT, StringValue: 'x'.repeat(262_144) } } },
      'InvalidParameterException',
      'too long',
    ],
    ['an attribute’s name that is none', { TopicArn, MessageAttributes: { 'a b': TEXT } }, 'ParameterValueInvalid', 'name'],
    [
      'a number that is none',
      { TopicArn, MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
      'ParameterValueInvalid',
      'number',
    ],
    [
      'bytes that are text',
      { TopicArn, MessageAttributes: { a: { DataType: 'Binary', StringValue: 'x' } } },
      'ParameterValueInvalid',
      'non-empty',
    ],
    [
      'a kind of text message that is none',
      { PhoneNumber, MessageAttributes: { 'AWS.SNS.SMS.SMSType': TEXT } },
      'InvalidParameterException',
      'SMSType',
    ],
    [
      'a sender that is none',
      { PhoneNumber, MessageAttributes: { 'AWS.SNS.SMS.SenderID': { ...TEXT, StringValue: '123' } } },
      'InvalidParameterException',
      'SenderID',
    ],
  ])('is refused with %s', async (_, input, code, message) => {
    const before = cloud.outbox().length;
    await expect(publish(input)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(cloud.outbox()).toHaveLength(before);
  });
});

it('topics are listed a hundred at a time', async () => {
  for (let index = 0; index < 100; index += 1) await cloud.call('sns', 'CreateTopic', { Name: `n${index}`, Tags: [] });
  const first = await cloud.call('sns', 'ListTopics', {});
  expect(first.Topics).toHaveLength(100);
  expect(await cloud.call('sns', 'ListTopics', { NextToken: first.NextToken })).toMatchObject({ Topics: [{ TopicArn }] });
  await expect(cloud.call('sns', 'ListTopics', { NextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
});
