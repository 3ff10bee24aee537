import { CfnOutput, CustomResource, Duration, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { ConfigurationSet, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { UnsupportedError } from '../../../local/kernel/errors.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** Starts an application of one stack. */
function start(define: (stack: Stack) => void): Promise<Cloud> {
  return startCloud({ assembly: synthesize((app) => define(new Stack(app, 'App'))), start: 0 });
}

describe('provisioning', () => {
  it('refuses a resource type it cannot run, by name', async () => {
    const starting = start((stack) => new CfnStream(stack, 'Flow'));
    await expect(starting).rejects.toThrow(UnsupportedError);
    await expect(starting).rejects.toThrow('Stack App: Flow is of type AWS::Kinesis::Stream, which the embedded cloud cannot run.');
  });

  it('refuses a property it would not honour, by name', async () => {
    const starting = start((stack) => new CfnQueue(stack, 'Inbox', { fifoQueue: true }));
    await expect(starting).rejects.toThrow('Inbox (AWS::SQS::Queue): property FifoQueue is not supported by the embedded cloud');
  });

  it('tells all that is in the way at once, and not what only follows from it', async () => {
    const starting = start((stack) => {
      const flow = new CfnStream(stack, 'Flow');
      const inbox = new CfnQueue(stack, 'Inbox', { fifoQueue: true, tags: [{ key: 'flow', value: flow.attrArn }] });
      new CfnQueue(stack, 'Wrong', { queueName: Fn.importValue('nowhere') });
      new CfnQueue(stack, 'Right');
      new CfnOutput(stack, 'InboxUrl', { value: inbox.ref });
      new CfnQueue(stack, 'Fifo', { fifoQueue: true });
    });
    await expect(starting).rejects.toMatchObject({
      name: 'UnsupportedError',
      message: [
        'Stack App: Flow is of type AWS::Kinesis::Stream, which the embedded cloud cannot run.',
        'Stack App: Fifo (AWS::SQS::Queue): property FifoQueue is not supported by the embedded cloud.',
      ].join('\n'),
    });
  });

  it('makes the stacks in a stack, with what leads in and out of them', async () => {
    const define = (inner: (nested: NestedStack, queue: Queue) => void) => (stack: Stack) => {
      const nested = new NestedStack(stack, 'Nested');
      const outer = new Queue(stack, 'Outer', { queueName: 'outer' });
      const queue = new Queue(nested, 'Inner', { deadLetterQueue: { queue: outer, maxReceiveCount: 2 } });
      new CfnOutput(stack, 'InnerUrl', { value: queue.queueUrl });
      inner(nested, queue);
    };
    const cloud = await start(define(() => undefined));
    const { InnerUrl: QueueUrl = '' } = cloud.outputs();
    expect(QueueUrl).toMatch(/\/App-NestedNested[^/]*-Inner/);
    expect(await cloud.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['RedrivePolicy'] })).toMatchObject({
      Attributes: { RedrivePolicy: expect.stringContaining(':outer"') },
    });
    expect(cloud.stacks.map(({ name }) => name)).toEqual([expect.stringMatching(/^App-NestedNested/), 'App']);
    await cloud.close();
    await expect(start(define((nested) => new CfnStream(nested, 'Flow')))).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Stack App-NestedNested\S+: Flow is of type AWS::Kinesis::Stream, which the embedded cloud cannot run\.$/,
      ),
    });
  });

  it('runs a stack that is meant for another account and Region as one of its own', async () => {
    // Prepare
    const [account, region] = ['123456789012', 'eu-west-1'];
    const assembly = synthesize((app) => {
      const stack = new Stack(app, 'App', { env: { account, region } });
      new Queue(stack, 'Inbox', { queueName: `inbox-${region}` });
      const eventPattern = { account: [stack.account], region: [stack.region], resources: [`arn:aws:x:${region}:${account}:y`] };
      new Rule(stack, 'Rule', {
        eventPattern,
        targets: [new SqsQueue(Queue.fromQueueArn(stack, 'ByArn', `arn:aws:sqs:${region}:${account}:inbox-${region}`))],
      });
      new CfnOutput(stack, 'Arns', {
        value: `arn:aws:iam::${account}:role/r arn:aws:s3:::b-${region} arn:aws:sns:us-west-2:999999999999:other`,
      });
    });
    const cloud = await startCloud({ assembly });

    // Act
    const entry = { Source: 's', DetailType: 't', Detail: '{}', Resources: ['arn:aws:x:us-east-1:000000000000:y'] };
    await cloud.call('events', 'PutEvents', { Entries: [entry] });
    await cloud.settle();

    // Assess
    expect(cloud.outputs()).toEqual({
      Arns: 'arn:aws:iam::000000000000:role/r arn:aws:s3:::b-eu-west-1 arn:aws:sns:us-west-2:999999999999:other',
    });
    expect(await cloud.call('sqs', 'ReceiveMessage', { QueueUrl: 'inbox-eu-west-1' })).toMatchObject({ Messages: [{}] });
    await cloud.close();
  });

  it('refuses a custom resource, and nothing of the function behind it', async () => {
    const starting = start((stack) => {
      const runtime = Runtime.PYTHON_3_13;
      const fn = new Lambda(stack, 'F', { runtime, handler: 'index.handler', code: Code.fromInline('def handler(event, context): pass') });
      new CustomResource(stack, 'Seed', { resourceType: 'Custom::Seed', serviceToken: fn.functionArn });
    });
    await expect(starting).rejects.toMatchObject({
      message: 'Stack App: Seed is of type Custom::Seed, which the embedded cloud cannot run.',
    });
  });

  it('reads parameters of Parameter Store that an earlier stack declares, and refuses others', async () => {
    const read = (name: string) =>
      startCloud({
        assembly: synthesize((app) => {
          const shared = new Stack(app, 'Shared');
          new StringParameter(shared, 'Name', { parameterName: '/shared/name', stringValue: 'the-inbox' });
          const stack = new Stack(app, 'App');
          stack.addStackDependency(shared);
          new CfnQueue(stack, 'Inbox', { queueName: StringParameter.valueForStringParameter(stack, name) });
        }),
      });
    const cloud = await read('/shared/name');
    expect(await cloud.call('sqs', 'ListQueues', {})).toMatchObject({ QueueUrls: [expect.stringMatching(/\/the-inbox$/)] });
    await cloud.close();
    await expect(read('/shared/other')).rejects.toThrow(
      'Stack App: Inbox (AWS::SQS::Queue): property QueueName: Parameter Store holds no /shared/other: a stack of this application must',
    );
  });

  it('takes the constructs of CDK for what a bank hears of its messages and where its documents lie', async () => {
    const cloud = await start((stack) => {
      const fn = new Lambda(stack, 'F', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = () => 0'),
      });
      const topic = new Topic(stack, 'Topic', { enforceSSL: true });
      topic.addSubscription(new LambdaSubscription(fn));
      new ConfigurationSet(stack, 'Set').addEventDestination('Feedback', {
        destination: EventDestination.snsTopic(topic),
        events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.RENDERING_FAILURE, EmailSendingEvent.DELIVERY_DELAY],
      });
      const logGroup = new LogGroup(stack, 'Texts', { logGroupName: 'sns/us-east-1/000000000000/DirectPublishToPhoneNumber' });
      new SubscriptionFilter(stack, 'Filter', {
        logGroup,
        destination: new LambdaDestination(fn),
        filterPattern: FilterPattern.allEvents(),
      });
      new Bucket(stack, 'Documents', {
        blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
        encryption: BucketEncryption.KMS,
        bucketKeyEnabled: true,
        enforceSSL: true,
        versioned: true,
        objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(30)),
        lifecycleRules: [
          {
            expiration: Duration.days(90),
            noncurrentVersionExpiration: Duration.days(7),
            abortIncompleteMultipartUploadAfter: Duration.days(1),
          },
        ],
      });
    });
    expect(await cloud.call('s3', 'ListBuckets', {})).toMatchObject({ Buckets: [{ Name: expect.stringMatching(/^app-documents/) }] });
    await cloud.close();
  });

  it('gives the same resource the same name at every start', async () => {
    const names = [];
    for (let round = 0; round < 2; round += 1) {
      const cloud = await start((stack) => new CfnQueue(stack, 'Inbox'));
      names.push(await cloud.call('sqs', 'ListQueues', {}));
      await cloud.close();
    }
    expect(names[0]).toEqual(names[1]);
    expect(names[0]).toMatchObject({ QueueUrls: [expect.stringMatching(/\/App-Inbox-[0-9a-f]{12}$/)] });
  });

  it('names a directory that is no cloud assembly', async () => {
    await expect(startCloud({ assembly: '/nowhere' })).rejects.toThrow('/nowhere holds no cloud assembly');
  });
});
