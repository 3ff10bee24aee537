import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, CfnBucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination, SnsDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

const NOTE = `
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const client = new SQSClient({});
exports.handler = async ({ Records }) => {
  for (const { eventName, s3 } of Records)
    await client.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: eventName + ' ' + s3.object.key }));
};`;

/** Buckets as CDK's constructs make them, with functions, queues, topics and a rule that listen to them. */
const assembly = synthesize((app) => {
  const stack = new Stack(app, 'App');
  const queue = (name: string) => new Queue(stack, name, { queueName: name });
  const plain = new Bucket(stack, 'Plain', {
    bucketName: 'plain',
    eventBridgeEnabled: true,
    autoDeleteObjects: true,
    removalPolicy: RemovalPolicy.DESTROY,
    lifecycleRules: [{ prefix: 'old/', expiration: Duration.days(1) }],
  });
  const note = new Lambda(stack, 'Note', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(NOTE),
    environment: { QUEUE: queue('noted').queueUrl },
    logGroup: new LogGroup(stack, 'Logs', { retention: RetentionDays.ONE_DAY }),
  });
  plain.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(note), { prefix: 'in/', suffix: '.csv' });
  plain.addEventNotification(EventType.OBJECT_REMOVED, new SqsDestination(queue('removed')));
  plain.addEventNotification(EventType.LIFECYCLE_EXPIRATION_DELETE, new SqsDestination(queue('expired')));
  const topic = new Topic(stack, 'Topic');
  topic.addSubscription(new SqsSubscription(queue('announced'), { rawMessageDelivery: true }));
  plain.addEventNotification(EventType.OBJECT_TAGGING, new SnsDestination(topic));
  new Rule(stack, 'All', { eventPattern: { source: ['aws.s3'] }, targets: [new SqsQueue(queue('bridged'))] });

  const versioned = queue('versioned');
  new CfnBucket(stack, 'Versioned', {
    bucketName: 'versioned',
    versioningConfiguration: { status: 'Enabled' },
    notificationConfiguration: {
      queueConfigurations: [
        {
          event: 's3:ObjectRemoved:DeleteMarkerCreated',
          queue: versioned.queueArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: 'k' }] } },
        },
        { event: 's3:ObjectCreated:Put', queue: versioned.queueArn },
      ],
    },
  });
});

describe('notifications of a bucket', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await startCloud({ assembly, start: '2026-03-02T01:00:00Z', seed: 3 });
  });
  afterEach(() => cloud.close());

  async function bodies(QueueUrl: string): Promise<string[]> {
    await cloud.settle();
    const { Messages = [] } = await cloud.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
    });
    return Messages.map(({ Body }) => Body);
  }

  async function records(queue: string): Promise<Record<string, unknown>[]> {
    return (await bodies(queue)).flatMap((body) => (JSON.parse(body) as { Records: Record<string, unknown>[] }).Records);
  }

  const put = (Bucket: string, Key: string, Body = 'hello') => cloud.call('s3', 'PutObject', { Bucket, Key, Body });

  it('go to a function whose prefix and suffix the key has, with the key as in an address', async () => {
    // Act
    await put('plain', 'in/März 1+1.csv');
    await put('plain', 'in/other.txt');
    await put('plain', 'out/other.csv');
    await cloud.call('s3', 'CopyObject', { Bucket: 'plain', Key: 'in/copy.csv', CopySource: 'plain/in/other.txt' });

    // Assess
    expect(await bodies('noted')).toEqual(['ObjectCreated:Put in/M%C3%A4rz+1%2B1.csv', 'ObjectCreated:Copy in/copy.csv']);
    expect(cloud.kernel.failures()).toEqual([]);
  });

  it('tell of a removal what S3 tells, once it has happened', async () => {
    // Act
    await put('plain', 'a');
    await cloud.call('s3', 'DeleteObjects', { Bucket: 'plain', Delete: { Objects: [{ Key: 'a' }, { Key: 'nothing' }] } });

    // Assess
    expect(await records('removed')).toEqual([
      {
        eventVersion: '2.6',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: '2026-03-02T01:00:00.000Z',
        eventName: 'ObjectRemoved:Delete',
        userIdentity: { principalId: '000000000000' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: {
          'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
          'x-amz-id-2': expect.stringMatching(/^[0-9A-F]{16}$/),
        },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: expect.stringMatching(/^PlainNotifications/),
          bucket: { name: 'plain', ownerIdentity: { principalId: '000000000000' }, arn: 'arn:aws:s3:::plain' },
          object: { key: 'a', sequencer: '0000000000000002' },
        },
      },
    ]);
  });

  it('are events on the default bus where the bucket says so', async () => {
    // Act
    const { ETag } = await cloud.call<{ ETag: string }>('s3', 'PutObject', { Bucket: 'plain', Key: 'in/März.csv', Body: 'hello' });
    await cloud.call('s3', 'PutObjectTagging', { Bucket: 'plain', Key: 'in/März.csv', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } });
    await cloud.call('s3', 'DeleteObject', { Bucket: 'plain', Key: 'in/März.csv' });
    await put('versioned', 'nobody asks');

    // Assess
    const events = (await bodies('bridged')).map((body) => JSON.parse(body) as Record<string, unknown>);
    const request = { 'request-id': expect.any(String), requester: '000000000000', 'source-ip-address': '127.0.0.1' };
    expect(events).toMatchObject([
      {
        source: 'aws.s3',
        'detail-type': 'Object Created',
        resources: ['arn:aws:s3:::plain'],
        time: '2026-03-02T01:00:00Z',
        detail: {
          version: '0',
          bucket: { name: 'plain' },
          object: { key: 'in/März.csv', size: 5, etag: ETag.replaceAll('"', ''), sequencer: '0000000000000001' },
          ...request,
          reason: 'PutObject',
        },
      },
      { 'detail-type': 'Object Tags Added', detail: { object: { key: 'in/März.csv', sequencer: '0000000000000002' }, ...request } },
      { 'detail-type': 'Object Deleted', detail: { ...request, reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' } },
    ]);
    expect(await records('announced')).toMatchObject([{ eventName: 'ObjectTagging:Put', s3: { object: { key: 'in/M%C3%A4rz.csv' } } }]);
  });

  it('name the version in a bucket that keeps them, and a delete marker by its own kind', async () => {
    // Act
    const first = await put('versioned', 'key');
    await put('versioned', 'other');
    const marker = await cloud.call<{ VersionId: string }>('s3', 'DeleteObject', { Bucket: 'versioned', Key: 'key' });
    await cloud.call('s3', 'DeleteObject', { Bucket: 'versioned', Key: 'other' });
    await cloud.call('s3', 'DeleteObject', { Bucket: 'versioned', Key: 'key', VersionId: first.VersionId });

    // Assess
    const told = await records('versioned');
    expect(told.map(({ eventName, s3 }) => [eventName, (s3 as { object: object }).object])).toMatchObject([
      ['ObjectCreated:Put', { key: 'key', size: 5, versionId: first.VersionId }],
      ['ObjectCreated:Put', { key: 'other' }],
      ['ObjectRemoved:DeleteMarkerCreated', { key: 'key', versionId: marker.VersionId }],
    ]);
  });

  it('tell of what a lifecycle rule took, and of an upload in parts as one object', async () => {
    // Act
    const old = { Bucket: 'plain', Key: 'old/file' };
    const { InitiateMultipartUploadResult: begun } = await cloud.call<{ InitiateMultipartUploadResult: { UploadId: string } }>(
      's3',
      'CreateMultipartUpload',
      old,
    );
    const part = { ...old, UploadId: begun.UploadId };
    const { ETag } = await cloud.call<{ ETag: string }>('s3', 'UploadPart', { ...part, PartNumber: '1', Body: 'all' });
    await cloud.call('s3', 'CompleteMultipartUpload', { ...part, MultipartUpload: { Parts: [{ PartNumber: '1', ETag }] } });
    await cloud.advance('P3D');

    // Assess
    expect(await records('expired')).toMatchObject([{ eventName: 'LifecycleExpiration:Delete', eventTime: '2026-03-04T00:00:00.000Z' }]);
    expect(await records('removed')).toEqual([]);
    const events = (await bodies('bridged')).map((body) => (JSON.parse(body) as { detail: object }).detail);
    expect(events).toMatchObject([
      { reason: 'CompleteMultipartUpload', object: { size: 3 } },
      { reason: 'Lifecycle Expiration', 'deletion-type': 'Permanently Deleted' },
    ]);
  });

  it('wait a minute where the target cannot be reached, also for a cloud that goes on from there', async () => {
    // Prepare
    cloud.faults.add({ service: 'sqs', match: { origin: 's3', count: 1 }, effect: 'fail' });

    // Act
    await put('plain', 'a');
    await cloud.call('s3', 'DeleteObject', { Bucket: 'plain', Key: 'a' });
    expect(await records('removed')).toEqual([]);
    const other = await startCloud({ assembly, from: await cloud.snapshot() });
    await other.advance('PT1M');

    // Assess
    expect(await other.call('sqs', 'ReceiveMessage', { QueueUrl: 'removed' })).toMatchObject({ Messages: [{}] });
    await other.close();
  });

  it('refuse an event that S3 has not, by name', async () => {
    const wrong = synthesize((app) => {
      const stack = new Stack(app, 'App');
      const queueConfigurations = [{ event: 's3:ObjectRead', queue: 'arn:aws:sqs:us-east-1:000000000000:q' }];
      new CfnBucket(stack, 'Bucket', { notificationConfiguration: { queueConfigurations } });
    });
    await expect(startCloud({ assembly: wrong })).rejects.toThrow(
      'Bucket (AWS::S3::Bucket): NotificationConfiguration.QueueConfigurations[0]: s3:ObjectRead is no event of S3.',
    );
  });
});
