import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { CloudWatchLogGroup } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

const COPY = `
const { gunzipSync } = require('node:zlib');
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
exports.handler = async ({ awslogs }) => {
  const MessageBody = gunzipSync(Buffer.from(awslogs.data, 'base64')).toString();
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: 'copies', MessageBody }));
};`;

it('writes events to a log group, from where its subscribers have them', async () => {
  // Prepare
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    new Queue(stack, 'Copies', { queueName: 'copies' });
    const logGroup = new LogGroup(stack, 'Heard', { logGroupName: '/events/heard' });
    const unread = new LogGroup(stack, 'Unread');
    for (const group of [logGroup, unread])
      new Rule(stack, `To${group.node.id}`, { eventPattern: { source: ['app'] }, targets: [new CloudWatchLogGroup(group)] });
    const runtime = Runtime.NODEJS_22_X;
    const fn = new Lambda(stack, 'Copy', { runtime, handler: 'index.handler', code: Code.fromInline(COPY) });
    new SubscriptionFilter(stack, 'Filter', { logGroup, destination: new LambdaDestination(fn), filterPattern: FilterPattern.allEvents() });
  });
  const cloud = await startCloud({ assembly, start: '2026-03-02T01:00:00Z' });

  // Act
  await cloud.call('events', 'PutEvents', { Entries: [{ Source: 'app', DetailType: 'Said', Detail: '{"word":"hello"}' }] });
  await cloud.settle();

  // Assess
  const received = await cloud.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', { QueueUrl: 'copies' });
  const { logGroup, logEvents } = JSON.parse(received.Messages?.[0]?.Body ?? '') as { logGroup: string; logEvents: { message: string }[] };
  expect(logGroup).toBe('/events/heard');
  expect(JSON.parse(logEvents[0]?.message ?? '')).toMatchObject({ source: 'app', 'detail-type': 'Said', detail: { word: 'hello' } });
  expect(cloud.kernel.failures()).toEqual([]);
  await cloud.close();
});
