import { Stack } from 'aws-cdk-lib';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
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
    subscribe('Mail', 'email', 'ops@example.com');
    const fn = new Lambda(stack, 'F', {
      functionName: 'f',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log(event.Records[0].Sns.Message)'),
    });
    subscribe('Function', 'lambda', fn.functionArn);
  });
  const cloud = await startCloud({ assembly, start: 0 });

  // Act
  const attributes = { kind: { DataType: 'String', StringValue: 'this' } };
  await cloud.call('sns', 'Publish', {
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
    { Type: 'Notification', Subject: 'S', Message: 'hello', MessageAttributes: { kind: { Type: 'String', Value: 'this' } } },
  ]);
  expect(await bodies('raw')).toEqual(['hello']);
  expect(await bodies('picky')).toEqual([]);
  expect(cloud.outbox()).toMatchObject([{ channel: 'email', to: 'ops@example.com', subject: 'S', body: 'hello' }]);
  expect(cloud.services.lambda.logs('f').map((line) => line.text)).toEqual(['hello']);
  await cloud.close();
});
