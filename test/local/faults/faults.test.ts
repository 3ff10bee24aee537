import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import type { FaultRule } from '../../../local/services/faults/rules.ts';
import { bundle, synthesize } from '../cloud/sample-app.ts';

/** Writes one item after the other, and counts how often its module was loaded and run. */
const WRITE = `
const { DynamoDBClient, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const table = new DynamoDBClient({});
let runs = 0;
const add = (pk) => table.send(new UpdateItemCommand({ TableName: 'items', Key: { pk: { S: pk } },
  UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } }));
exports.handler = async (event) => {
  runs += 1;
  console.log(String(runs));
  await add('first');
  await add('second');
  return { runs };
};`;

const NAMES = { TableName: 'items', machine: 'arn:aws:states:us-east-1:000000000000:stateMachine:writing' };

function app(): string {
  return synthesize((cdk, directory) => {
    const stack = new Stack(cdk, 'App');
    new Table(stack, 'Items', { tableName: NAMES.TableName, partitionKey: { name: 'pk', type: AttributeType.STRING } });
    new Bucket(stack, 'Bucket', { bucketName: 'papers' });
    const queue = new Queue(stack, 'Queue', { queueName: 'work', visibilityTimeout: Duration.seconds(30) });
    const write = new LambdaFunction(stack, 'Write', {
      functionName: 'write',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: bundle(directory, 'write', WRITE),
    });
    write.addEventSource(new SqsEventSource(queue, { batchSize: 1 }));
    new CfnStateMachine(stack, 'Machine', {
      roleArn: 'arn:aws:iam::000000000000:role/machine',
      stateMachineName: 'writing',
      definitionString: JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: 'Write',
        States: {
          Write: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            TimeoutSeconds: 600,
            Arguments: { FunctionName: 'write', Payload: {} },
            Output: '{% $states.result.Payload %}',
            End: true,
          },
        },
      }),
    });
  });
}

let server: RunningServer;
let config: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string }; maxAttempts: number };
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: app(), start: '2026-03-02T01:00:00Z', seed: 5 });
  config = { endpoint: server.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };
});
afterEach(async () => {
  server.cloud.faults.clear();
  for (const pk of ['first', 'second', 'x'])
    await server.cloud.call('dynamodb', 'DeleteItem', { TableName: NAMES.TableName, Key: { pk: { S: pk } } });
});
afterAll(() => server.close());

async function ask(method: string, path = '', body?: unknown): Promise<{ status: number; body: unknown }> {
  const init = { method, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) };
  const response = await fetch(`${server.url}/_local/faults${path}`, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

function call(service: string, operation: string, input: JsonObject): Promise<JsonObject> {
  return server.cloud.call(service, operation, input);
}

/** How often the function has added to each item. */
async function counts(): Promise<Record<string, number>> {
  const { Items } = await call('dynamodb', 'Scan', { TableName: NAMES.TableName });
  return Object.fromEntries((Items as { pk: { S: string }; n?: { N: string } }[]).map(({ pk, n }) => [pk.S, Number(n?.N ?? 0)]));
}

function putX(): Promise<unknown> {
  return call('dynamodb', 'PutItem', { TableName: NAMES.TableName, Item: { pk: { S: 'x' } } });
}

/** Runs the machine to its end, an hour at most. */
async function execution(): Promise<JsonObject> {
  const { executionArn } = await call('states', 'StartExecution', { stateMachineArn: NAMES.machine });
  await server.cloud.settle();
  return call('states', 'DescribeExecution', { executionArn });
}

describe('faults', () => {
  it('are added, listed and deleted', async () => {
    // Act
    const throttle = { service: 'dynamodb', match: { operation: 'PutItem', skip: 1, count: 2 }, effect: 'throttle' };
    const added = await ask('POST', '', throttle);
    const other = await ask('POST', '', { service: 'sqs', effect: 'fail', error: { name: 'Broken', status: 503, message: 'no' } });
    // Assess
    expect(added).toEqual({ status: 201, body: { id: expect.any(Number), ...throttle, fired: 0 } });
    expect((await ask('GET')).body).toEqual([added.body, other.body]);
    const { id } = other.body as { id: number };
    expect((await ask('DELETE', `/${id}`)).status).toBe(204);
    expect(await ask('DELETE', `/${id}`)).toMatchObject({ status: 404, body: { detail: `There is no fault ${id}.` } });
    await putX();
    await expect(putX()).rejects.toThrow();
    expect((await ask('GET')).body).toEqual([{ ...(added.body as object), match: { operation: 'PutItem', skip: 0, count: 1 }, fired: 1 }]);
    expect((await ask('DELETE')).status).toBe(204);
    expect((await ask('GET')).body).toEqual([]);
    await putX();
  });

  it.each([
    { rule: '{', detail: 'The body must be JSON' },
    { rule: [], detail: 'The fault must be an object' },
    { rule: { service: 'dynamodb', effect: 'fail', speed: 1 }, detail: 'The fault must have no member speed' },
    { rule: { service: 'kinesis', effect: 'fail' }, detail: 'service must be one of apigateway, cloudformation, dynamodb' },
    { rule: { service: 'sqs', effect: 'explode' }, detail: 'effect must be one of throttle, fail, delay, duplicate' },
    { rule: { service: 'sqs', effect: 'fail', match: 'x' }, detail: 'match must be an object' },
    { rule: { service: 'sqs', effect: 'fail', match: { table: 'x' } }, detail: 'match must have no member table' },
    { rule: { service: 'sqs', effect: 'fail', match: { operation: '' } }, detail: 'match.operation must be text of 1 to 200 characters' },
    { rule: { service: 'sqs', effect: 'fail', match: { input: '/(/' } }, detail: 'match.input must be a regular expression' },
    { rule: { service: 'sqs', effect: 'fail', match: { count: 0 } }, detail: 'match.count must be a whole number from 1' },
    { rule: { service: 'sqs', effect: 'fail', match: { skip: -1 } }, detail: 'match.skip must be a whole number from 0' },
    { rule: { service: 'sqs', effect: 'fail', match: { probability: 2 } }, detail: 'match.probability must be a number above 0' },
    { rule: { service: 'sqs', effect: 'fail', match: { seed: 2 } }, detail: 'match.seed must not be given without match.probability' },
    { rule: { service: 'sqs', effect: 'fail', error: { name: 'a b' } }, detail: 'error.name must be the name of an error' },
    { rule: { service: 'sqs', effect: 'fail', error: { status: 200 } }, detail: 'error.status must be a whole number from 400' },
    { rule: { service: 'sqs', effect: 'duplicate', error: { name: 'X' } }, detail: 'error must not be given with effect duplicate' },
    { rule: { service: 'sqs', effect: 'delay' }, detail: 'after must be given with effect delay' },
    { rule: { service: 'sqs', effect: 'delay', after: '5' }, detail: 'after must be an ISO 8601 duration' },
    { rule: { service: 'sqs', effect: 'delay', after: 'P366D' }, detail: 'after must be more than nothing and at most 365 days' },
    {
      rule: { service: 'sqs', effect: 'delay', after: 'PT5M', match: { origin: 'client' } },
      detail: 'match.origin must be that of executions',
    },
    { rule: { service: 'sqs', effect: 'crash', commit: 'never' }, detail: 'commit must be before or after' },
    { rule: { service: 'sqs', effect: 'crash' }, detail: 'effect must not be crash in a process that is not the cloud’s own' },
  ])('are refused where they are wrong: $detail', async ({ rule, detail }) => {
    expect(await ask('POST', '', rule)).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
    expect((await ask('GET')).body).toEqual([]);
  });

  it('are chosen by operation, origin and input, oldest first', async () => {
    const { faults } = server.cloud;
    faults.add({ service: 'dynamodb', match: { operation: '/^Put/', input: '"S":"x"' }, effect: 'fail', error: { name: 'First' } });
    faults.add({ service: 'dynamodb', match: { input: '/"S":"[xy]"/' }, effect: 'fail', error: { name: 'Second' } });
    faults.add({ service: 'dynamodb', match: { origin: 'lambda:write' }, effect: 'fail', error: { name: 'Third', status: 400 } });
    const put = (pk: string) => call('dynamodb', 'PutItem', { TableName: NAMES.TableName, Item: { pk: { S: pk } } });
    await expect(put('x')).rejects.toMatchObject({ code: 'First', status: 500 });
    await expect(put('y')).rejects.toMatchObject({ code: 'Second' });
    await put('z');
    await call('dynamodb', 'DeleteItem', { TableName: NAMES.TableName, Key: { pk: { S: 'z' } } });
    expect(await call('lambda', 'Invoke', { FunctionName: 'write' })).toMatchObject({
      FunctionError: 'Unhandled',
      Payload: expect.stringContaining('"errorType":"Third"'),
    });
  });

  it('of a probability are the same each time, and leave the cloud’s own randomness alone', async () => {
    const round = async (seed: number) => {
      server.cloud.faults.clear();
      server.cloud.faults.add({ service: 'sqs', match: { probability: 0.5, seed }, effect: 'fail' });
      const outcomes: boolean[] = [];
      for (let n = 0; n < 40; n += 1)
        outcomes.push(
          await call('sqs', 'ListQueues', {}).then(
            () => true,
            () => false,
          ),
        );
      return outcomes.map(Number).join('');
    };
    const [one, same, other] = [await round(1), await round(1), await round(2)];
    expect(one).toBe(same);
    expect(one).not.toBe(other);
    expect([...one].filter((digit) => digit === '1').length).toBeGreaterThan(10);
    expect([...one].filter((digit) => digit === '0').length).toBeGreaterThan(10);
  });
});

describe('a call that is throttled or fails', () => {
  it.each([
    { service: 'dynamodb', effect: 'throttle', code: 'ProvisionedThroughputExceededException', status: 400 },
    { service: 'dynamodb', effect: 'fail', code: 'InternalServerError', status: 500 },
    { service: 'lambda', effect: 'throttle', code: 'TooManyRequestsException', status: 429 },
    { service: 'lambda', effect: 'fail', code: 'ServiceException', status: 500 },
    { service: 'states', effect: 'throttle', code: 'ThrottlingException', status: 400 },
    { service: 'states', effect: 'fail', code: 'InternalFailure', status: 500 },
    { service: 'events', effect: 'fail', code: 'InternalException', status: 500 },
    { service: 's3', effect: 'throttle', code: 'SlowDown', status: 503 },
    { service: 'sqs', effect: 'throttle', code: 'RequestThrottled', status: 400 },
    { service: 'sns', effect: 'throttle', code: 'ThrottledException', status: 429 },
  ] as const)('of $service gets $code and has no effect', async ({ service, effect, code, status }) => {
    server.cloud.faults.add({ service, effect });
    await expect(call(service, 'Anything', {})).rejects.toMatchObject({ code, status });
  });

  it('reaches stock clients as their own errors', async () => {
    const { faults } = server.cloud;
    faults.add({ service: 'dynamodb', effect: 'throttle', match: { count: 1 } });
    faults.add({ service: 's3', effect: 'throttle', match: { count: 1 } });
    const put = new PutItemCommand({ TableName: NAMES.TableName, Item: { pk: { S: 'x' } } });
    await expect(new DynamoDBClient(config).send(put)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    const object = new PutObjectCommand({ Bucket: 'papers', Key: 'k', Body: 'x' });
    await expect(new S3Client({ ...config, forcePathStyle: true }).send(object)).rejects.toMatchObject({ name: 'SlowDown' });
    expect(await counts()).toEqual({});
  });

  it('is tried again by the SDK of a function', async () => {
    const fault = server.cloud.faults.add({ service: 'dynamodb', match: { origin: 'lambda:write', count: 2 }, effect: 'throttle' });
    expect(await call('lambda', 'Invoke', { FunctionName: 'write' })).not.toHaveProperty('FunctionError');
    expect(await counts()).toEqual({ first: 1, second: 1 });
    expect(server.cloud.faults.list().map(({ id }) => id)).not.toContain(fault.id);
  });

  it('also where a queue invokes a function', async () => {
    const { faults } = server.cloud;
    faults.add({ service: 'lambda', match: { origin: 'sqs', count: 1 }, effect: 'throttle' });
    await call('sqs', 'SendMessage', { QueueUrl: 'work', MessageBody: 'go' });
    await server.cloud.settle();
    expect(await counts()).toEqual({});
    await server.cloud.advance('PT31S');
    expect(await counts()).toEqual({ first: 1, second: 1 });
    expect(server.cloud.kernel.failures()).toEqual([]);
  });
});

describe('a call that is done twice', () => {
  it('has its effect twice, and the answer of the second', async () => {
    server.cloud.faults.add({ service: 'dynamodb', match: { operation: 'UpdateItem', input: '"first"', count: 1 }, effect: 'duplicate' });
    await call('lambda', 'Invoke', { FunctionName: 'write' });
    expect(await counts()).toEqual({ first: 2, second: 1 });
    server.cloud.faults.add({ service: 'dynamodb', match: { operation: 'PutItem' }, effect: 'duplicate' });
    const once = { TableName: NAMES.TableName, Item: { pk: { S: 'x' } }, ConditionExpression: 'attribute_not_exists(pk)' };
    await expect(call('dynamodb', 'PutItem', once)).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
    expect(await counts()).toHaveProperty('x');
  });
});

describe('a delay', () => {
  it('lets the answer of a task count later', async () => {
    server.cloud.faults.add({ service: 'lambda', match: { operation: 'Invoke', count: 1 }, effect: 'delay', after: 'PT5M' });
    expect(await execution()).toMatchObject({ status: 'RUNNING' });
    expect(await counts()).toEqual({ first: 1, second: 1 });
    const { executions } = await call('states', 'ListExecutions', { stateMachineArn: NAMES.machine, statusFilter: 'RUNNING' });
    const [{ executionArn } = { executionArn: '' }] = executions as { executionArn: string }[];
    await server.cloud.advance('PT4M59S');
    expect(await call('states', 'DescribeExecution', { executionArn })).toMatchObject({ status: 'RUNNING' });
    await server.cloud.advance('PT1S');
    expect(await call('states', 'DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('beyond the task’s time ends in States.Timeout', async () => {
    server.cloud.faults.add({ service: 'lambda', match: { origin: '/^states:/', count: 1 }, effect: 'delay', after: 'PT11M' });
    const { executionArn } = await execution();
    await server.cloud.advance('PT10M');
    expect(await call('states', 'DescribeExecution', { executionArn })).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('lets a function wait for the answer, and run out of time', async () => {
    const late: FaultRule = { service: 'dynamodb', match: { origin: 'lambda:write', count: 1 }, effect: 'delay', after: 'PT2S' };
    server.cloud.faults.add(late);
    const inTime = call('lambda', 'Invoke', { FunctionName: 'write' });
    await server.cloud.settle();
    expect(await counts()).toEqual({ first: 1 });
    await server.cloud.advance('PT2S');
    expect(await inTime).not.toHaveProperty('FunctionError');
    expect(await counts()).toEqual({ first: 1, second: 1 });
    server.cloud.faults.add({ ...late, after: 'PT4S' });
    const tooLate = call('lambda', 'Invoke', { FunctionName: 'write' });
    await server.cloud.advance('PT10S');
    expect(await tooLate).toMatchObject({ Payload: expect.stringContaining('Sandbox.Timedout') });
    expect(await counts()).toEqual({ first: 2, second: 1 });
  });

  it('concerns no client: it has its answer before time passes', async () => {
    server.cloud.faults.add({ service: 'lambda', effect: 'delay', after: 'PT5M' });
    expect(await call('lambda', 'Invoke', { FunctionName: 'write' })).toMatchObject({ StatusCode: 200 });
    expect(server.cloud.faults.list()).toMatchObject([{ fired: 0 }]);
  });
});

describe('a crash after the effect', () => {
  it('of a function’s call ends its instance: what it would have done next never happens, and the next one starts afresh', async () => {
    // Prepare
    const invoke = async () => call('lambda', 'Invoke', { FunctionName: 'write' });
    const [{ Payload: warm }, { Payload: warmer }] = [await invoke(), await invoke()];
    const runs = (payload: unknown) => (JSON.parse(String(payload)) as { runs: number }).runs;
    expect(runs(warmer)).toBe(runs(warm) + 1);
    const before = await counts();
    // Act
    const fault: FaultRule = { service: 'dynamodb', match: { origin: 'lambda:write', count: 1 }, effect: 'crash-after-effect' };
    server.cloud.faults.add(fault);
    const dead = await invoke();
    const afterwards = await counts();
    const { Payload: fresh } = await invoke();
    // Assess
    expect(dead).toMatchObject({ FunctionError: 'Unhandled', Payload: expect.stringContaining('"errorType":"Runtime.ExitError"') });
    expect(afterwards).toEqual({ first: (before.first ?? 0) + 1, second: before.second });
    expect(runs(fresh)).toBe(1);
  });

  it('of an execution’s call is a lost connection', async () => {
    server.cloud.faults.add({ service: 'lambda', match: { origin: '/^states:/', count: 1 }, effect: 'crash-after-effect' });
    expect(await execution()).toMatchObject({ status: 'FAILED', error: 'Lambda.SdkClientException' });
    expect(await counts()).toEqual({ first: 1, second: 1 });
    expect(server.cloud.kernel.failures()).toEqual([]);
  });

  it('of a client’s call breaks its connection, over each protocol', async () => {
    const { faults } = server.cloud;
    faults.add({ service: 'dynamodb', match: { origin: 'client', operation: 'PutItem' }, effect: 'crash-after-effect' });
    faults.add({ service: 's3', effect: 'crash-after-effect' });
    faults.add({ service: 'sns', effect: 'crash-after-effect' });
    const put = new PutItemCommand({ TableName: NAMES.TableName, Item: { pk: { S: 'x' } } });
    await expect(new DynamoDBClient(config).send(put)).rejects.toMatchObject({ code: 'ECONNRESET' });
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    await expect(s3.send(new PutObjectCommand({ Bucket: 'papers', Key: 'k', Body: 'x' }))).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(fetch(server.url, { method: 'POST', body: 'Action=ListTopics&Version=2010-03-31' })).rejects.toThrow('fetch failed');
    await expect(putX()).rejects.toMatchObject({ code: 'SdkClientException' });
    faults.clear();
    expect(await counts()).toHaveProperty('x');
    expect(await call('s3', 'ListObjectsV2', { Bucket: 'papers' })).toMatchObject({ KeyCount: 1 });
  });

  it('makes a client in this process try again', async () => {
    server.cloud.faults.add({ service: 'sqs', match: { operation: 'SendMessage', count: 1 }, effect: 'crash-after-effect' });
    const client = new SQSClient(server.cloud.clientConfig() as object);
    await client.send(new SendMessageCommand({ QueueUrl: `${server.url}/000000000000/work`, MessageBody: 'twice' }));
    await server.cloud.settle();
    expect(await counts()).toEqual({ first: 2, second: 2 });
  });
});

it('without a fault no call is looked at, and a restored cloud meets those that are set', async () => {
  const { cloud } = server;
  const snapshot = await cloud.snapshot();
  expect(cloud.kernel.fault).toBeUndefined();
  cloud.faults.add({ service: 'sqs', match: { count: 1 }, effect: 'fail' });
  await cloud.restore(snapshot);
  await expect(call('sqs', 'ListQueues', {})).rejects.toMatchObject({ code: 'InternalFailure' });
  expect(cloud.kernel.fault).toBeUndefined();
  await call('sqs', 'ListQueues', {});
});
