import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/kernel/errors.ts';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { Harness, machineArn, recorder, returns } from './harness.ts';

const AT = 'Mon, 02 Mar 2026 09:00:00 GMT';
const JSON_1 = 'application/x-amz-json-1.0';
const TRACE = /^Root=1-69a55190-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:0$/;
const SENT = { MessageId: '62aa5cdd-664b-4c4a-a065-fadf65efb523', MD5OfMessageBody: 'c4886909bfd56ccb3bac4dbe93b8ba34' };

const task = (Resource: string, Arguments: JsonObject): Record<string, JsonObject> => ({
  T: { Type: 'Task', Resource: `arn:aws:states:::${Resource}`, Arguments, End: true },
});

interface Told {
  readonly SdkHttpMetadata: {
    readonly AllHttpHeaders: Readonly<Record<string, readonly string[]>>;
    readonly HttpHeaders: Readonly<Record<string, string>>;
    readonly HttpStatusCode: number;
  };
  readonly SdkResponseMetadata: { readonly RequestId: string };
}

/**
 * Which headers are told of, in which order, and how long the answers are, was recorded in `tests/aws/services/stepfunctions/v2/services` of
 * localstack/localstack and in `task_integrations.json` and `lambda_integrations.json` in `testdata/aws/stepfunctions` of radkawar/stackd.
 */
describe('the exchange with a service', () => {
  it.each<{ resource: string; given: JsonObject; answer: JsonObject; all: string[]; headers: (id: string) => [string, string][] }>([
    {
      resource: 'sqs:sendMessage',
      given: { QueueUrl: 'q', MessageBody: { source: 'optimized', nullable: null } },
      answer: SENT,
      all: ['x-amzn-RequestId', 'connection', 'Content-Length', 'Date', 'Content-Type'],
      headers: (id) => [
        ['connection', 'keep-alive'],
        ['Content-Length', '106'],
        ['Content-Type', JSON_1],
        ['Date', AT],
        ['x-amzn-RequestId', id],
      ],
    },
    {
      resource: 'sns:publish',
      given: { TopicArn: 't', Message: 'm' },
      answer: { MessageId: SENT.MessageId },
      all: ['x-amzn-RequestId', 'connection', 'Content-Length', 'Date', 'Content-Type'],
      headers: (id) => [
        ['connection', 'keep-alive'],
        ['Content-Length', '294'],
        ['Content-Type', 'text/xml'],
        ['Date', AT],
        ['x-amzn-RequestId', id],
      ],
    },
    {
      resource: 'dynamodb:putItem',
      given: { TableName: 't', Item: {} },
      answer: {},
      all: ['Server', 'Connection', 'x-amzn-RequestId', 'x-amz-crc32', 'Content-Length', 'Date', 'Content-Type'],
      headers: (id) => [
        ['Connection', 'keep-alive'],
        ['Content-Length', '2'],
        ['Content-Type', JSON_1],
        ['Date', AT],
        ['Server', 'Server'],
        ['x-amz-crc32', '2745614147'],
        ['x-amzn-RequestId', id],
      ],
    },
    {
      resource: 'dynamodb:getItem',
      given: { TableName: 't', Key: {} },
      answer: { Item: { data: { S: 'HelloWorld' }, id: { S: 'id1' } } },
      all: ['Server', 'Connection', 'x-amzn-RequestId', 'x-amz-crc32', 'Content-Length', 'Date', 'Content-Type'],
      headers: (id) => [
        ['Connection', 'keep-alive'],
        ['Content-Length', '53'],
        ['Content-Type', JSON_1],
        ['Date', AT],
        ['Server', 'Server'],
        ['x-amz-crc32', expect.stringMatching(/^\d+$/) as unknown as string],
        ['x-amzn-RequestId', id],
      ],
    },
    {
      resource: 'lambda:invoke',
      given: { FunctionName: 'f' },
      answer: returns({}),
      all: [
        'X-Amz-Executed-Version',
        'x-amzn-Remapped-Content-Length',
        'Connection',
        'x-amzn-RequestId',
        'Content-Length',
        'Date',
        'X-Amzn-Trace-Id',
        'Content-Type',
      ],
      headers: (id) => [
        ['Connection', 'keep-alive'],
        ['Content-Length', '2'],
        ['Content-Type', 'application/json'],
        ['Date', AT],
        ['X-Amz-Executed-Version', '$LATEST'],
        ['x-amzn-Remapped-Content-Length', '0'],
        ['x-amzn-RequestId', id],
        ['X-Amzn-Trace-Id', expect.stringMatching(TRACE) as unknown as string],
      ],
    },
    {
      resource: 'lambda:invoke',
      given: { FunctionName: 'f', InvocationType: 'Event' },
      answer: { StatusCode: 202, ExecutedVersion: '$LATEST' },
      all: ['x-amzn-Remapped-Content-Length', 'Connection', 'x-amzn-RequestId', 'Content-Length', 'Date', 'X-Amzn-Trace-Id'],
      headers: (id) => [
        ['Connection', 'keep-alive'],
        ['Content-Length', '0'],
        ['Date', AT],
        ['x-amzn-Remapped-Content-Length', '0'],
        ['x-amzn-RequestId', id],
        ['X-Amzn-Trace-Id', expect.stringMatching(/^root=1-69a55190-[0-9a-f]{24};parent=[0-9a-f]{16};sampled=0$/) as unknown as string],
      ],
    },
  ])('of $resource is told of', async ({ resource, given, answer, all, headers }) => {
    const services = Object.fromEntries(['sqs', 'sns', 'dynamodb', 'lambda'].map((name) => [name, () => answer]));
    const run = await new Harness({ services }).run(task(resource, given));
    const { SdkHttpMetadata: http, SdkResponseMetadata: response } = JSON.parse(run.output ?? '{}') as Told;
    expect(http.HttpStatusCode).toBe(answer.StatusCode ?? 200);
    expect(Object.keys(http.AllHttpHeaders)).toEqual(all);
    expect(Object.entries(http.HttpHeaders)).toEqual(headers(response.RequestId));
    expect(http.AllHttpHeaders).toEqual(Object.fromEntries(headers(response.RequestId).map(([name, value]) => [name, [value]])));
  });

  it('stands between the members of the answer, in the order of the alphabet', async () => {
    const run = await new Harness({ services: { sqs: () => SENT } }).run(task('sqs:sendMessage', { QueueUrl: 'q', MessageBody: 'm' }));
    expect(Object.keys(JSON.parse(run.output ?? '{}') as object)).toEqual([
      'MD5OfMessageBody',
      'MessageId',
      'SdkHttpMetadata',
      'SdkResponseMetadata',
    ]);
  });

  it.each([
    { resource: 'events:putEvents', given: { Entries: [] }, output: '{"Entries":[],"FailedEntryCount":0}' },
    { resource: 'aws-sdk:sqs:sendMessage', given: { QueueUrl: 'q', MessageBody: 'm' }, output: '{"MessageId":"m"}' },
    { resource: 'aws-sdk:dynamodb:putItem', given: { TableName: 't', Item: {} }, output: '{}' },
  ])('of $resource is not', async ({ resource, given, output }) => {
    const services = {
      events: () => ({ FailedEntryCount: 0, Entries: [] }),
      sqs: () => ({ MessageId: 'm' }),
      dynamodb: () => ({}),
    };
    expect((await new Harness({ services }).run(task(resource, given))).output).toBe(output);
  });

  it('is told of where a task was handed over, and not in what becomes of it', async () => {
    const harness = new Harness();
    harness.machine({ S: { Type: 'Succeed' } }, { name: 'child' });
    const run = await harness.run(task('states:startExecution.sync', { StateMachineArn: machineArn('child'), Name: 'c' }));
    const submitted = (await harness.history(run.arn)).find(({ type }) => type === 'TaskSubmitted') as JsonObject | undefined;
    const { output } = (submitted?.taskSubmittedEventDetails ?? {}) as { output?: string };
    expect(Object.keys(JSON.parse(output ?? '{}') as object)).toEqual([
      'ExecutionArn',
      'SdkHttpMetadata',
      'SdkResponseMetadata',
      'StartDate',
    ]);
    expect(JSON.parse(run.output ?? '{}')).not.toHaveProperty('SdkHttpMetadata');
  });
});

describe('a call through the SDK', () => {
  // As recorded in `task_integrations.json` and `sdk_requests.json` of radkawar/stackd: a text is written as JSON, too.
  it.each([
    { Body: { a: 1 }, more: {}, sent: { Body: '{"a":1}', ContentType: 'text/plain; charset=UTF-8', ChecksumCRC32: 'Vhusrw==' } },
    { Body: 'AP9BQgo=', more: { ContentType: 't/x' }, sent: { Body: '"AP9BQgo="', ContentType: 't/x', ChecksumCRC32: 'FAe4eQ==' } },
    {
      Body: null,
      more: { ContentType: null, Expires: '2030-01-02T03:04:05Z', ChecksumSHA1: 'own' },
      sent: { Body: 'null', ContentType: 'text/plain; charset=UTF-8', Expires: new Date('2030-01-02T03:04:05Z'), ChecksumSHA1: 'own' },
    },
    {
      Body: null,
      more: { ChecksumAlgorithm: 'CRC32' },
      sent: { Body: 'null', ContentType: 'text/plain; charset=UTF-8', ChecksumAlgorithm: 'CRC32', ChecksumCRC32: 'Jcv8Tw==' },
    },
    {
      Body: 1,
      more: { ChecksumAlgorithm: 'CRC32', ChecksumSHA256: 'own' },
      sent: {
        Body: '1',
        ContentType: 'text/plain; charset=UTF-8',
        ChecksumAlgorithm: 'CRC32',
        ChecksumCRC32: 'g9zvtw==',
        ChecksumSHA256: 'own',
      },
    },
  ])('of S3 writes $Body as its text', async ({ Body, more, sent }) => {
    const { calls, handler } = recorder(() => ({}));
    const harness = new Harness({ services: { s3: handler } });
    await harness.run(task('aws-sdk:s3:putObject', { Bucket: 'b', Key: 'k', Body, ...more }));
    expect(calls).toEqual([{ operation: 'PutObject', Bucket: 'b', Key: 'k', ...sent }]);
  });

  it('of S3 answers with members in their order, texts, times as text and no empty lists', async () => {
    const LastModified = new Date('2026-03-02T08:00:00Z');
    const object = { LastModified, Body: Buffer.from('"text"'), Expires: 'Wed, 02 Jan 2030 03:04:05 GMT', Metadata: { b: '2', a: '1' } };
    const list = { Name: 'b', CommonPrefixes: [], Contents: [{ Owner: { ID: 'o' }, Key: 'k', LastModified }], VersionId: undefined };
    const harness = new Harness({ services: { s3: (operation) => (operation === 'GetObject' ? object : list) } });
    const run = await harness.run(task('aws-sdk:s3:getObject', { Bucket: 'b', Key: 'k' }));
    expect(run.output).toBe(
      '{"Expires":"2030-01-02T03:04:05Z","ExpiresString":"Wed, 02 Jan 2030 03:04:05 GMT","LastModified":"2026-03-02T08:00:00Z","Metadata":{"b":"2","a":"1"},"Body":"\\"text\\""}',
    );
    harness.machine(task('aws-sdk:s3:listObjectsV2', { Bucket: 'b' }), { name: 'list' });
    expect(await harness.describe(await harness.start({}, { machine: 'list' }))).toMatchObject({
      output: '{"Contents":[{"Key":"k","LastModified":"2026-03-02T08:00:00Z","Owner":{"Id":"o"}}],"Name":"b"}',
    });
  });

  it('of SQS has the members of the SDK, and of an optimized one those of the API', async () => {
    const sent = { MessageId: 'm', MD5OfMessageBody: '1', MessageAttributes: { MD5Of: 1 } };
    const harness = new Harness({ services: { sqs: () => ({ ...sent, Messages: [{ MD5OfBody: '2' }] }) } });
    const run = await harness.run(task('aws-sdk:sqs:receiveMessage', { QueueUrl: 'q', MaxNumberOfMessages: null }));
    expect(JSON.parse(run.output ?? '')).toEqual({
      MessageId: 'm',
      Md5OfMessageBody: '1',
      MessageAttributes: { MD5Of: 1 },
      Messages: [{ Md5OfBody: '2' }],
    });
    harness.machine(task('sqs:sendMessage', { QueueUrl: 'q', MessageBody: 'b' }), { name: 'optimized' });
    expect(await harness.output(await harness.start({}, { machine: 'optimized' }))).toMatchObject({
      MessageId: 'm',
      MD5OfMessageBody: '1',
    });
  });

  // As recorded in `test_task_service_sqs.snapshot.json` and `test_aws_sdk.snapshot.json` of localstack/localstack.
  it.each([
    { resource: 'aws-sdk:sqs:sendMessage', given: { MessageBody: 'b', DelaySeconds: null }, sent: { MessageBody: 'b' } },
    { resource: 'sqs:sendMessage', given: { MessageBody: null }, sent: {} },
  ])('leaves out members that are null: $resource', async ({ resource, given, sent }) => {
    const { calls, handler } = recorder(() => ({}));
    const harness = new Harness({ services: { sqs: handler } });
    await harness.run(task(resource, { QueueUrl: 'q', ...given }));
    expect(calls).toEqual([{ operation: 'SendMessage', QueueUrl: 'q', ...sent }]);
  });

  // As recorded in `task_integrations.json` of radkawar/stackd.
  it.each([
    {
      resource: 'aws-sdk:sqs:sendMessage',
      cause: /^no \(Service: Sqs, Status Code: 400, Request ID: [0-9a-f-]{36}\) \(SDK Attempt Count: 1\)$/,
    },
    {
      resource: 'aws-sdk:s3:headObject',
      cause: /^no \(Service: S3, Status Code: 400, Request ID: [0-9A-F]{16}, Extended Request ID: [\w+/]{64}\) \(SDK Attempt Count: 1\)$/,
    },
  ])('of $resource that fails says so as the SDK does', async ({ resource, cause }) => {
    const refuse = () => {
      throw new AwsError('InvalidParameterValue', 'no');
    };
    const harness = new Harness({ services: { sqs: refuse, s3: refuse } });
    const given = resource.includes('sqs') ? { QueueUrl: 'q', MessageBody: 'm' } : { Bucket: 'b', Key: 'k' };
    expect((await harness.run(task(resource, given))).cause).toMatch(cause);
  });
});
