import type { Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaFunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { CfnAlias, CfnEventInvokeConfig, CfnVersion, type Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { EventBridgeDestination, LambdaDestination, S3Destination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { httpFront } from '../../../local/server/front.ts';
import { type Answer, functionCloud, invoke } from './function-cloud.ts';

const TOLD = `exports.handler = async (event, context) => ({ version: context.functionVersion, arn: context.invokedFunctionArn, id: context.awsRequestId,
  client: context.clientContext ?? null, waits: context.callbackWaitsForEmptyEventLoop, environment: [process.env.AWS_EXECUTION_ENV, process.env._HANDLER] });`;
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';

let cloud: Cloud | undefined;
afterEach(() => cloud?.close());

type Functions = Readonly<Record<string, LambdaFunction>>;

function published(stack: Stack, { f }: Functions): void {
  const version = new CfnVersion(stack, 'Version', { functionName: f?.functionName ?? '' });
  new CfnAlias(stack, 'Alias', { functionName: f?.functionName ?? '', functionVersion: version.attrVersion, name: 'live' });
}

async function call(started: Cloud, input: Record<string, unknown>): Promise<Answer & { value: unknown }> {
  const answer = await started.call<Answer>('lambda', 'Invoke', { FunctionName: 'f', ...input });
  return { ...answer, value: JSON.parse(answer.Payload ?? 'null') };
}

async function messages(started: Cloud, QueueUrl: string): Promise<{ Body: string; MessageAttributes?: unknown }[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  return (await started.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', input)).Messages ?? [];
}

describe('Invoke', () => {
  it.each([
    [{}, '$LATEST', ''],
    [{ Qualifier: '$LATEST' }, '$LATEST', ':$LATEST'],
    [{ FunctionName: `${ARN}:1` }, '1', ':1'],
    [{ FunctionName: 'f:live' }, '1', ':live'],
    [{ Qualifier: 'live' }, '1', ':live'],
    [{ FunctionName: 'f:live', Qualifier: 'live' }, '1', ':live'],
  ])('by %j runs version %s', async (input, version, suffix) => {
    cloud = await functionCloud({ f: TOLD }, { more: published });
    expect(await call(cloud, input)).toMatchObject({ ExecutedVersion: version, value: { version, arn: ARN + suffix } });
    expect(await cloud.call('lambda', 'Invoke', { FunctionName: 'f', ...input, InvocationType: 'DryRun' })).toEqual({
      StatusCode: 204,
      ExecutedVersion: version,
    });
  });

  it.each([
    ['a version that is not there', { Qualifier: 'other' }, 'ResourceNotFoundException', `Function not found: ${ARN}:other`],
    [
      'two versions',
      { FunctionName: 'f:live', Qualifier: '1' },
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    ],
    [
      'a context that is no JSON',
      { ClientContext: 'e30x{' },
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
    ],
    ['a member that it does not know', { TenantId: 't' }, 'UnsupportedOperation', expect.stringContaining('TenantId')],
    [
      'a large event',
      { InvocationType: 'Event', Payload: `"${'x'.repeat(1024 * 1024 - 1)}"` },
      'RequestEntityTooLargeException',
      '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    ],
  ])('refuses %s', async (_, input, code, message) => {
    cloud = await functionCloud({ f: TOLD }, { more: published });
    await expect(call(cloud, input)).rejects.toMatchObject({ code, message });
  });

  it('hands over what its client says of itself, and what it says in the path and in headers', async () => {
    cloud = await functionCloud({ f: TOLD }, { more: published });
    const client = Buffer.from('{"custom":{"a":1}}').toString('base64');
    expect((await call(cloud, { ClientContext: client })).value).toMatchObject({
      client: { custom: { a: 1 } },
      environment: ['AWS_Lambda_nodejs22.x', 'index.handler'],
    });
    const answer = await httpFront(cloud).request('http://127.0.0.1/2015-03-31/functions/f/invocations?Qualifier=live', {
      method: 'POST',
      headers: { 'x-amz-client-context': client },
    });
    expect(answer.headers.get('x-amz-executed-version')).toBe('1');
    expect(await answer.json()).toMatchObject({ version: '1', client: { custom: { a: 1 } } });
  });

  it.each([
    ['a callback, up to Node.js 22', Runtime.NODEJS_22_X, 'exports.handler = (event, context, done) => done(null, 1)', 1],
    ['the ways of the context, up to Node.js 22', Runtime.NODEJS_22_X, 'exports.handler = (event, { succeed }) => { succeed(2) }', 2],
    ['no answer but a promise, up to Node.js 22', Runtime.NODEJS_22_X, 'exports.handler = () => 3', null],
    ['any answer, from Node.js 24 on', Runtime.NODEJS_24_X, 'exports.handler = () => 4', 4],
    [
      'no callback, from Node.js 24 on',
      Runtime.NODEJS_24_X,
      'exports.handler = (event, context, done) => done(null, 5)',
      { errorType: 'Runtime.CallbackHandlerDeprecated' },
    ],
    [
      'a rejection with nothing',
      Runtime.NODEJS_22_X,
      'exports.handler = async () => { throw undefined }',
      { errorType: 'string', errorMessage: 'handled' },
    ],
    [
      'what is no JSON',
      Runtime.NODEJS_22_X,
      'exports.handler = async () => 1n',
      { errorType: 'Error', errorMessage: 'Unable to stringify response body' },
    ],
    [
      'too much',
      Runtime.NODEJS_22_X,
      `exports.handler = async () => 'x'.repeat(6291556 - 1)`,
      { errorType: 'Function.ResponseSizeTooLarge' },
    ],
    [
      'no response stream',
      Runtime.NODEJS_22_X,
      'exports.handler = awslambda.streamifyResponse(async () => {})',
      { errorType: 'UnsupportedError' },
    ],
    [
      'an error of a foreign realm',
      Runtime.NODEJS_22_X,
      `exports.handler = async () => { throw require('node:vm').runInNewContext('new TypeError("far")') }`,
      { errorType: 'TypeError', errorMessage: 'far' },
    ],
  ])('takes %s', async (_, runtime, source, expected) => {
    cloud = await functionCloud({ f: source }, { runtime });
    const { value } = await invoke(cloud, 'f');
    if (typeof expected === 'object' && expected !== null) expect(value).toMatchObject(expected);
    else expect(value).toBe(expected);
  });
});

describe('an asynchronous event', () => {
  const withDestinations =
    (options: object, concurrency?: number) =>
    (stack: Stack, { f }: Functions) => {
      const [dead, failed, done] = ['dead', 'failed', 'done'].map((queueName) => new Queue(stack, queueName, { queueName }));
      const resource = f?.node.defaultChild as unknown as { deadLetterConfig: object; reservedConcurrentExecutions?: number };
      resource.deadLetterConfig = { targetArn: dead?.queueArn };
      if (concurrency !== undefined) resource.reservedConcurrentExecutions = concurrency;
      new CfnEventInvokeConfig(stack, 'Async', {
        functionName: f?.functionName ?? '',
        qualifier: '$LATEST',
        destinationConfig: { onFailure: { destination: failed?.queueArn ?? '' }, onSuccess: { destination: done?.queueArn ?? '' } },
        ...options,
      });
    };
  const event = (started: Cloud) => started.call('lambda', 'Invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: '{"n":1}' });

  it('has one identifier for all its attempts, by which its record and its dead letter tell of it', async () => {
    cloud = await functionCloud(
      { f: `exports.handler = async (event, { awsRequestId }) => { console.log(awsRequestId); throw new Error('no') }` },
      { more: withDestinations({ maximumRetryAttempts: 1 }) },
    );
    await event(cloud);
    await cloud.advance('PT1H');
    const lines = cloud.services.lambda.logs('f').filter(({ level }) => level === 'INFO');
    const ids = lines.map(({ text }) => text);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    const [record] = await messages(cloud, 'failed');
    expect(JSON.parse(record?.Body ?? '')).toEqual({
      version: '1.0',
      timestamp: '2026-03-02T01:01:00.000Z',
      requestContext: { requestId: ids[0], functionArn: `${ARN}:$LATEST`, condition: 'RetriesExhausted', approximateInvokeCount: 2 },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'no', trace: expect.any(Array) },
    });
    expect(await messages(cloud, 'dead')).toMatchObject([
      {
        Body: '{"n":1}',
        MessageAttributes: {
          RequestID: { DataType: 'String', StringValue: ids[0] },
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: { DataType: 'String', StringValue: 'no' },
        },
      },
    ]);
  });

  it('is given up by its age, and told so', async () => {
    cloud = await functionCloud(
      { f: `exports.handler = async () => { throw new Error('no') }` },
      { more: withDestinations({ maximumEventAgeInSeconds: 60 }) },
    );
    await event(cloud);
    await cloud.advance('PT1H');
    const [record] = await messages(cloud, 'failed');
    expect(JSON.parse(record?.Body ?? '')).toMatchObject({ requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 } });
  });

  it('waits longer and longer where it is throttled, which costs no attempt', async () => {
    cloud = await functionCloud(
      {
        f: `exports.handler = async ({ seconds = 0 }) => { await new Promise((done) => setTimeout(done, seconds * 1000)); return 'done' }`,
      },
      { timeout: 900, more: withDestinations({}, 1) },
    );
    const first = invoke(cloud, 'f', { seconds: 20 });
    await event(cloud);
    await cloud.advance('PT10M');
    await first;
    // After 1, 2, 4, 8 and 16 seconds it was throttled, and at once; after 32 it was not.
    expect(cloud.counters().functions.f).toEqual({ invocations: 2, errors: 0, throttles: 6 });
    const [record] = await messages(cloud, 'done');
    expect(JSON.parse(record?.Body ?? '')).toMatchObject({
      timestamp: '2026-03-02T01:00:32.000Z',
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
    });
  });

  it('has its record handed to another function, and to a bus as an event of Lambda', async () => {
    const told = `exports.handler = async (event) => console.log(JSON.stringify(event));`;
    cloud = await functionCloud(
      { f: `exports.handler = async ({ fails }) => { if (fails) throw new Error('no'); return { done: true } }`, g: told, watcher: told },
      {
        more: (stack, { f, g, watcher }) => {
          const bus = new EventBus(stack, 'Bus', { eventBusName: 'results' });
          f?.configureAsyncInvoke({
            retryAttempts: 0,
            onSuccess: new LambdaDestination(g as LambdaFunction),
            onFailure: new EventBridgeDestination(bus as IEventBus),
          });
          const eventPattern = { source: ['lambda'], detailType: ['Lambda Function Invocation Result - Failure'] };
          new Rule(stack, 'Rule', { eventBus: bus, eventPattern, targets: [new LambdaFunctionTarget(watcher as LambdaFunction)] });
        },
      },
    );

    for (const fails of [false, true]) {
      await cloud.call('lambda', 'Invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: JSON.stringify({ fails }) });
      await cloud.settle();
    }

    const seen = (name: string) => (cloud?.services.lambda.logs(name) ?? []).map(({ text }) => JSON.parse(text) as unknown);
    const record = { version: '1.0', timestamp: '2026-03-02T01:00:00.000Z', requestContext: { functionArn: `${ARN}:$LATEST` } };
    expect(seen('g')).toMatchObject([
      { ...record, requestContext: { condition: 'Success' }, requestPayload: { fails: false }, responsePayload: { done: true } },
    ]);
    expect(seen('watcher')).toMatchObject([
      {
        source: 'lambda',
        'detail-type': 'Lambda Function Invocation Result - Failure',
        resources: [`${ARN}:$LATEST`, 'arn:aws:events:us-east-1:000000000000:event-bus/results'],
        detail: { ...record, requestContext: { condition: 'RetriesExhausted' }, responsePayload: { errorMessage: 'no' } },
      },
    ]);
  });

  it('hands what another answered to a function, where CDK takes the answer out of its record', async () => {
    cloud = await functionCloud(
      { f: `exports.handler = async () => ({ n: 7 })`, g: `exports.handler = async (event) => console.log(JSON.stringify(event));` },
      {
        more: (_stack, { f, g }) =>
          f?.configureAsyncInvoke({ onSuccess: new LambdaDestination(g as LambdaFunction, { responseOnly: true }) }),
      },
    );

    await event(cloud);
    await cloud.settle();

    expect(cloud.services.lambda.logs('g').map(({ text }) => text)).toEqual(['{"n":7}']);
  });

  it('leaves the record of a failure in a bucket', async () => {
    cloud = await functionCloud(
      { f: `exports.handler = async () => { throw new Error('no') }` },
      {
        more: (stack, { f }) =>
          f?.configureAsyncInvoke({
            retryAttempts: 0,
            onFailure: new S3Destination(new Bucket(stack, 'Failed', { bucketName: 'failed' }) as IBucket),
          }),
      },
    );

    await event(cloud);
    await cloud.settle();

    const { Contents } = await cloud.call<{ Contents: { Key: string }[] }>('s3', 'ListObjectsV2', { Bucket: 'failed' });
    const Key = Contents[0]?.Key ?? '';
    expect(Key).toMatch(/^aws\/lambda\/async\/f\/2026\/03\/02\/2026-03-02T01\.00\.00-[0-9a-f-]{36}$/);
    const { Body } = await cloud.call<{ Body: string }>('s3', 'GetObject', { Bucket: 'failed', Key });
    expect(JSON.parse(String(Body))).toMatchObject({ requestPayload: { n: 1 }, responsePayload: { errorMessage: 'no' } });
  });

  it.each([
    ['onSuccess', 'arn:aws:s3:::done', /its OnSuccess arn:aws:s3:::done is no destination/],
    [
      'onFailure',
      'arn:aws:dynamodb:us-east-1:000000000000:table/t',
      /its OnFailure arn:aws:dynamodb:.* is no destination: they are functions, queues/,
    ],
  ])('stops the start where %s is no destination', async (kind, destination, problem) => {
    const more = withDestinations({ destinationConfig: { [kind]: { destination } } });
    cloud = undefined;
    await expect(functionCloud({ f: 'exports.handler = async () => 1' }, { more })).rejects.toThrow(problem);
  });

  it('goes to where failures go at once, where nothing may run', async () => {
    cloud = await functionCloud({ f: 'exports.handler = async () => 1' }, { more: withDestinations({}, 0) });
    await event(cloud);
    await cloud.settle();
    expect(await messages(cloud, 'failed')).toHaveLength(1);
    expect(await messages(cloud, 'dead')).toMatchObject([{ Body: '{"n":1}' }]);
    await expect(invoke(cloud, 'f')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  });
});

describe('a function that Lambda would not make', () => {
  it.each([
    ['for its time-out', { timeout: 901 }, /property Timeout must be a whole number from 1 to 900/],
    ['for its memory', { memorySize: 64 }, /property MemorySize must be a whole number from 128 to 10240/],
    [
      'for a variable that is reserved',
      { environment: { variables: { AWS_REGION: 'x' } } },
      /the environment variable AWS_REGION is reserved by Lambda/,
    ],
    ['for the name of a variable', { environment: { variables: { '1A': 'x' } } }, /1A is no name of an environment variable/],
    [
      'for the size of its variables',
      { environment: { variables: { LONG: 'x'.repeat(4093) } } },
      /the environment variables have 4097 bytes together, more than 4096/,
    ],
  ])('%s stops the start', async (_, properties, problem) => {
    cloud = undefined;
    const more = (_stack: Stack, { f }: Functions) => void Object.assign(f?.node.defaultChild ?? {}, properties);
    await expect(functionCloud({ f: 'exports.handler = async () => 1' }, { more })).rejects.toThrow(problem);
  });
});
