import { Stack } from 'aws-cdk-lib';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

it('hands a message to each subscription in its form', async () => {
  // Prepare
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const topic = new Topic(stack, 'T', { topicName: 't' });
    const subscribe = (id: string, protocol: string, endpoint: string, more: object = {}) =>
      new CfnSubscription(stack, id, { topicArn: topic.topicArn, protocol, endpoint, ...more });
    subscribe('Wrapped', 'sqs', new Queue(stack, 'Q1', { queueName: 'wrapped' }).queueArn);
    subscribe('Raw', 'sqs', new Queue(stack, 'Q2', { queueName: 'raw' }).queueArn, { rawMessageDelivery: true });
    subscribe('Picky', 'sqs', new Queue(stack, 'Q3', { queueName: 'picky' }).queueArn, { filterPolicy: { kind: ['other'] } });
    subscribe('Chosen', 'sqs', new Queue(stack, 'Q4', { queueName: 'chosen' }).queueArn, { filterPolicy: { kind: [{ prefix: 'th' }] } });
    new CfnTopicPolicy(stack, 'Policy', { topics: [topic.topicArn], policyDocument: { Statement: [] } });
    subscribe('Mail', 'email', 'ops@example.com');
    const fn = new Lambda(stack, 'F', {
      functionName: 'f',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log(JSON.stringify(event))'),
    });
    subscribe('Function', 'lambda', fn.functionArn);
  });
  const cloud = await startCloud({ assembly, start: 0 });

  // Act
  const attributes = { kind: { DataType: 'String', StringValue: 'this' } };
  const published = await cloud.call('sns', 'Publish', {
    TopicArn: 'arn:aws:sns:us-east-1:000000000000:t',
    Subject: 'S',
    Message: 'hello',
    MessageAttributes: attributes,
  });
  await cloud.settle();

  // Assess
  const bodies = async (QueueUrl: string) => {
    const { Messages = [] } = await cloud.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', { QueueUrl });
    return Messages.map((message) => message.Body);
  };
  expect((await bodies('wrapped')).map((body) => JSON.parse(body) as unknown)).toMatchObject([
    {
      Type: 'Notification',
      MessageId: published.MessageId,
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:t',
      Subject: 'S',
      Message: 'hello',
      Timestamp: '1970-01-01T00:00:00.000Z',
      SigningCertURL: expect.any(String),
      UnsubscribeURL: expect.any(String),
      MessageAttributes: { kind: { Type: 'String', Value: 'this' } },
    },
  ]);
  expect(await bodies('raw')).toEqual(['hello']);
  expect(await bodies('picky')).toEqual([]);
  expect(await bodies('chosen')).toHaveLength(1);
  expect(cloud.outbox()).toMatchObject([{ channel: 'email', to: 'ops@example.com', subject: 'S', body: 'hello' }]);
  expect(cloud.services.lambda.logs('f').map((line) => JSON.parse(line.text) as unknown)).toEqual([
    {
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: 'arn:aws:sns:us-east-1:000000000000:t:Function',
          Sns: {
            Type: 'Notification',
            MessageId: published.MessageId,
            TopicArn: 'arn:aws:sns:us-east-1:000000000000:t',
            Subject: 'S',
            Message: 'hello',
            Timestamp: '1970-01-01T00:00:00.000Z',
            SignatureVersion: '1',
            Signature: expect.any(String),
            SigningCertUrl: expect.any(String),
            UnsubscribeUrl: expect.any(String),
            MessageAttributes: { kind: { Type: 'String', Value: 'this' } },
          },
        },
      ],
    },
  ]);
  await cloud.close();
});
