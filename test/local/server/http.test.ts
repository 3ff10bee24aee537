import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { sampleApp } from '../cloud/sample-app.ts';

let server: RunningServer;
let config: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string }; maxAttempts: number };
let outputs: Record<string, string>;
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5 });
  config = { endpoint: server.url, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'thing' }, maxAttempts: 1 };
  outputs = server.cloud.outputs();
});
afterAll(() => server.close());

async function json(path: string, init: RequestInit = {}): Promise<{ status: number; type: string | null; body: unknown }> {
  const response = await fetch(server.url + path, init);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

function clock(body: unknown) {
  return json('/_local/clock', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
}

describe('stock AWS clients over HTTP', () => {
  it('CloudFormation answers the outputs', async () => {
    const { Stacks } = await new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName: 'App' }));
    expect(Stacks).toMatchObject([{ StackName: 'App', StackStatus: 'CREATE_COMPLETE' }]);
    expect(Stacks?.[0]?.Outputs).toContainEqual({ OutputKey: 'EventBusName', OutputValue: 'sample-bus' });
    expect(Stacks?.[0]?.Outputs).toContainEqual({ OutputKey: 'ApiUrl', OutputValue: `${server.url}/api` });
    await expect(new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName: 'None' }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('DynamoDB writes, reads, and answers its own errors', async () => {
    const client = new DynamoDBClient(config);
    const TableName = outputs.TableName;
    const Item = { pk: { S: 'p' }, sk: { S: 's' }, n: { N: '1.5' }, b: { B: new Uint8Array([1, 2]) } };
    await client.send(new PutItemCommand({ TableName, Item }));
    expect((await client.send(new GetItemCommand({ TableName, Key: { pk: Item.pk, sk: Item.sk } }))).Item).toEqual(Item);
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([TableName]);
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(1);
    await expect(client.send(new GetItemCommand({ TableName: 'none', Key: { pk: Item.pk } }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const failing = client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } }] }),
    );
    await expect(failing).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });
  });

  it('EventBridge takes events, and says which it does not', async () => {
    const client = new EventBridgeClient(config);
    const entry = { EventBusName: 'sample-bus', Source: 'bank.core', DetailType: 'T', Detail: '{"accountId":"acc-http"}' };
    const answer = await client.send(
      new PutEventsCommand({
        Entries: [
          entry,
          { ...entry, Detail: '[1]' },
          { ...entry, Source: 'aws.s3' },
          { ...entry, DetailType: '' },
          { ...entry, EventBusName: 'other' },
          { ...entry, Detail: JSON.stringify({ x: 'y'.repeat(262_144) }) },
        ],
      }),
    );
    expect(answer.FailedEntryCount).toBe(5);
    expect(answer.Entries?.map((result) => result.ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
      'ResourceNotFoundException',
      'EntrySizeExceeded',
    ]);
    await expect(client.send(new PutEventsCommand({ Entries: Array(11).fill(entry) }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect((await client.send(new ListRulesCommand({ EventBusName: 'sample-bus' }))).Rules).toMatchObject([
      { State: 'ENABLED', EventBusName: 'sample-bus' },
    ]);
    await expect(client.send(new ListRulesCommand({ EventBusName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('Step Functions starts, describes and stops', async () => {
    const client = new SFNClient(config);
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn: outputs.MachineArn, input: '{"accountId":"x"}' }),
    );
    await clock({ advance: 'PT0S' });
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'RUNNING',
      startDate: expect.any(Date),
    });
    await client.send(new StopExecutionCommand({ executionArn, error: 'Enough' }));
    const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn: outputs.MachineArn, statusFilter: 'ABORTED' }));
    expect(executions).toMatchObject([{ executionArn }]);
    await expect(client.send(new DescribeExecutionCommand({ executionArn: `${executionArn}x` }))).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
  });

  it('Lambda invokes and lists', async () => {
    const client = new LambdaClient(config);
    const { Functions } = await client.send(new ListFunctionsCommand({}));
    const FunctionName = Functions?.find((found) => found.FunctionName?.includes('Read'))?.FunctionName;
    expect(Functions).toHaveLength(4);
    const answer = await client.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from('{"pathParameters":{"accountId":"nobody"}}') }),
    );
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toMatchObject({ statusCode: 404 });
    const failed = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{}') }));
    expect(failed.FunctionError).toBe('Unhandled');
    await expect(client.send(new InvokeCommand({ FunctionName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('SQS sends, receives, deletes; its errors have the names clients know', async () => {
    const client = new SQSClient(config);
    const QueueUrl = outputs.DeadLetterQueueUrl;
    await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'a', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } }),
    );
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
    expect(Messages).toMatchObject([{ Body: 'a', MessageAttributes: { k: { StringValue: 'v' } } }]);
    expect((await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes).toMatchObject({
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'App-Dead' }))).QueueUrls).toEqual([QueueUrl]);
    await expect(client.send(new ReceiveMessageCommand({ QueueUrl: `${server.url}/000000000000/none` }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('SNS and SES fill the outbox', async () => {
    const sns = new SNSClient(config);
    const ses = new SESClient(config);
    await sns.send(
      new PublishCommand({
        PhoneNumber: '+8613900139000',
        Message: '您好 <&> "x"',
        MessageAttributes: {
          accountId: { DataType: 'String', StringValue: 'acc-out' },
          stage: { DataType: 'String', StringValue: 'call' },
          template: { DataType: 'String', StringValue: 't-2' },
        },
      }),
    );
    await ses.send(
      new SendEmailCommand({
        Source: 'a@b.example',
        Destination: { ToAddresses: ['c@d.example'] },
        Message: { Subject: { Data: 'S' }, Body: { Html: { Data: '<p>x</p>' } } },
        Tags: [{ Name: 'accountId', Value: 'acc-out' }],
      }),
    );
    const raw = [
      'From: a@b.example',
      'To: e@f.example',
      'Subject: =?utf-8?B?5o+Q6YaS?=',
      'X-SES-MESSAGE-TAGS: accountId=acc-out, stage=plan',
      'Content-Type: multipart/alternative; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '=E6=82=A8=',
      ' there',
      '--b--',
      '',
    ].join('\r\n');
    await ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));

    expect((await json('/_local/outbox?accountId=acc-out')).body).toEqual([
      {
        at: expect.any(String),
        channel: 'sms',
        to: '+8613900139000',
        accountId: 'acc-out',
        stage: 'call',
        template: 't-2',
        body: '您好 <&> "x"',
      },
      { at: expect.any(String), channel: 'email', to: 'c@d.example', accountId: 'acc-out', subject: 'S', body: '<p>x</p>' },
      {
        at: expect.any(String),
        channel: 'email',
        to: 'e@f.example',
        accountId: 'acc-out',
        stage: 'plan',
        subject: '提醒',
        body: '您 there',
      },
    ]);
    await expect(sns.send(new PublishCommand({ PhoneNumber: 'nobody', Message: 'x' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:none', Message: 'x' }))).rejects.toMatchObject(
      { name: 'NotFoundException' },
    );
    const unsigned = new SendRawEmailCommand({ RawMessage: { Data: Buffer.from('To: e@f.example\r\n\r\nx') } });
    await expect(ses.send(unsigned)).rejects.toThrow("Missing required header 'From'.");
    await expect(
      ses.send(
        new SendEmailCommand({
          Source: 'a@b.example',
          Destination: {},
          Message: { Subject: { Data: 'S' }, Body: { Text: { Data: 'x' } } },
        }),
      ),
    ).rejects.toThrow('Missing final recipient.');
  });
});

describe('the cloud’s own routes', () => {
  it('move the clock, run what falls due, and say how much it was', async () => {
    const before = Date.parse(((await json('/_local/clock')).body as { now: string }).now);
    const moved = await clock({ advance: 'P1DT2H' });
    expect(moved).toMatchObject({
      status: 200,
      body: { now: new Date(before + 26 * 3_600_000).toISOString().replace('.000Z', 'Z'), fired: expect.any(Number) },
    });
    const target = new Date(before + 48 * 3_600_000).toISOString();
    expect((await clock({ to: target })).body).toMatchObject({ now: target.replace('.000Z', 'Z') });
    expect((await clock({ advance: 'PT0S' })).body).toEqual({ now: target.replace('.000Z', 'Z'), fired: 0 });
  });

  it.each([
    { body: '{', status: 400 },
    { body: {}, status: 400 },
    { body: { advance: 'P1D', to: '2027-01-01T00:00:00Z' }, status: 400 },
    { body: { advance: 5 }, status: 400 },
    { body: { advance: 'P1M' }, status: 400 },
    { body: { advance: '-P1D' }, status: 400 },
    { body: { advance: 'P1D', speed: 2 }, status: 400 },
    { body: { to: '2026-13-01T00:00:00Z' }, status: 400 },
    { body: { to: '2026-05-01' }, status: 400 },
    { body: { to: '2020-01-01T00:00:00Z' }, status: 409 },
    { body: [], status: 400 },
  ])('answer a problem to $body', async ({ body, status }) => {
    expect(await clock(body)).toMatchObject({ status, type: 'application/problem+json', body: { status, detail: expect.any(String) } });
  });

  it('list what was put on the bus, by account and in order', async () => {
    await server.cloud.call('events', 'PutEvents', {
      Entries: ['1', '2'].map((n) => ({ EventBusName: 'sample-bus', Source: 'other', DetailType: n, Detail: '{"accountId":"acc-list"}' })),
    });
    const { body } = await json('/_local/events?accountId=acc-list');
    expect(body).toMatchObject([{ 'detail-type': '1', source: 'other', detail: { accountId: 'acc-list' } }, { 'detail-type': '2' }]);
  });

  it('list however many there are', async () => {
    const entries = Array.from({ length: 10 }, (_, n) => ({
      EventBusName: 'sample-bus',
      Source: 'other',
      DetailType: String(n),
      Detail: '{"accountId":"acc-many"}',
    }));
    for (let round = 0; round < 120; round += 1) await server.cloud.call('events', 'PutEvents', { Entries: entries });
    const { body } = await json('/_local/events?accountId=acc-many');
    expect((body as unknown[]).length).toBe(1200);
    expect((await json('/_local/events?accountId=acc-none')).body).toEqual([]);
  });

  it('serve the HTTP API under /api', async () => {
    expect(await json('/api/accounts/acc-http/journey')).toMatchObject({ status: 200, body: { accountId: 'acc-http' } });
    expect(await json('/api//accounts/acc-http/journey')).toMatchObject({ status: 200 });
    expect(await json('/api/nothing')).toMatchObject({ status: 404, body: { message: 'Not Found' } });
  });

  it('are looked at in the console at /', async () => {
    const page = await (await fetch(server.url)).text();
    expect(page).toContain('<h1>Overview</h1>');
  });
});

describe('malformed requests', () => {
  it.each([
    {
      description: 'JSON that is none',
      init: { headers: { 'x-amz-target': 'AWSEvents.PutEvents' }, body: '{' },
      status: 400,
      text: 'SerializationException',
    },
    {
      description: 'JSON that is a list',
      init: { headers: { 'x-amz-target': 'AmazonSQS.SendMessage' }, body: '[]' },
      status: 400,
      text: 'SerializationException',
    },
    {
      description: 'an unknown target',
      init: { headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord' }, body: '{}' },
      status: 400,
      text: 'UnknownOperationException',
    },
    {
      description: 'an unknown operation',
      init: { headers: { 'x-amz-target': 'AWSEvents.DeleteRule' }, body: '{}' },
      status: 400,
      text: 'UnknownOperationException',
    },
    { description: 'no action', init: { body: 'x=1' }, status: 400, text: 'InvalidAction' },
    { description: 'an unknown version', init: { body: 'Action=Publish&Version=2001-01-01' }, status: 400, text: 'InvalidAction' },
    { description: 'nothing at all', init: { body: '' }, status: 400, text: 'InvalidAction' },
    {
      description: 'too many parameters',
      init: { body: `Action=Publish&Version=2010-03-31&${'a=1&'.repeat(3000)}` },
      status: 400,
      text: 'InvalidParameterValue',
    },
    {
      description: 'too much',
      init: { headers: { 'x-amz-target': 'AWSEvents.PutEvents' }, body: 'x'.repeat(17 * 1024 * 1024) },
      status: 413,
      text: 'RequestEntityTooLarge',
    },
  ])('$description gets an AWS error', async ({ init, status, text }) => {
    const response = await fetch(server.url, { method: 'POST', ...init });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
  });

  it('a form that names Object’s own members changes nothing of this process', async () => {
    await fetch(server.url, {
      method: 'POST',
      body: 'Action=Publish&Version=2010-03-31&__proto__.polluted=1&constructor.prototype.polluted=1',
    });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
