import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { sampleApp } from '../cloud/sample-app.ts';

/** The calls that the contract names and `http.test.ts` has not, by clients as they are installed: an endpoint, a region, credentials. */

let server: RunningServer;
let config: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5 });
  config = { endpoint: server.url, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'thing' } };
});
afterAll(() => server.close());

const output = (name: string) => server.cloud.outputs()[name] ?? '';

describe('DynamoDB', () => {
  const key = (sk: string) => ({ pk: { S: 'walk' }, sk: { S: sk } });

  it('reads and writes one item, many, and some in one transaction', async () => {
    const client = new DynamoDBClient(config);
    const TableName = output('TableName');
    await client.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: ['a', 'b', 'c'].map((sk) => ({ PutRequest: { Item: key(sk) } })) } }),
    );
    const updated = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('a'),
        UpdateExpression: 'ADD #n :one SET tags = :tags',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':tags': { L: [{ S: 'x' }, { BOOL: false }, { NULL: true }] } },
        ReturnValues: 'ALL_NEW',
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(updated).toMatchObject({
      Attributes: { ...key('a'), n: { N: '1' }, tags: { L: [{ S: 'x' }, { BOOL: false }, { NULL: true }] } },
      ConsumedCapacity: { TableName, CapacityUnits: 1 },
    });
    const deleted = await client.send(new DeleteItemCommand({ TableName, Key: key('b'), ReturnValues: 'ALL_OLD' }));
    expect(deleted.Attributes).toEqual(key('b'));
    const page = await client.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'walk' } }, Limit: 1 }),
    );
    expect(page).toMatchObject({ Count: 1, LastEvaluatedKey: key('a') });
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('b'), key('c')], ConsistentRead: true } } }),
    );
    expect(Responses).toEqual({ [TableName]: [key('c')] });
    await client.send(
      new TransactWriteItemsCommand({
        ClientRequestToken: 'walk-1',
        TransactItems: [
          { Put: { TableName, Item: { ...key('d'), b: { B: Buffer.from('bytes') } } } },
          { ConditionCheck: { TableName, Key: key('c'), ConditionExpression: 'attribute_exists(pk)' } },
        ],
      }),
    );
    const both = await client.send(
      new TransactGetItemsCommand({ TransactItems: ['d', 'b'].map((sk) => ({ Get: { TableName, Key: key(sk) } })) }),
    );
    expect(Buffer.from(both.Responses?.[0]?.Item?.b?.B ?? []).toString()).toBe('bytes');
    expect(both.Responses?.[1]).toEqual({});
    const scanned = await client.send(
      new ScanCommand({ TableName, FilterExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'walk' } } }),
    );
    expect(scanned.Count).toBe(3);
    expect((await client.send(new DescribeTableCommand({ TableName }))).Table).toMatchObject({
      TableStatus: 'ACTIVE',
      CreationDateTime: expect.any(Date),
    });
  });

  it('hands back the item that failed a condition', async () => {
    const put = new PutItemCommand({
      TableName: output('TableName'),
      Item: key('a'),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(new DynamoDBClient(config).send(put)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      $metadata: { httpStatusCode: 400, attempts: 1 },
      Item: key('a'),
    });
  });
});

describe('Step Functions', () => {
  it('describes machines, pages through histories, redrives, and takes tokens', async () => {
    const client = new SFNClient(config);
    const stateMachineArn = output('MachineArn');
    const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
    expect(stateMachines).toMatchObject([{ stateMachineArn, name: 'sample-machine', type: 'STANDARD', creationDate: expect.any(Date) }]);
    const machine = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(machine).toMatchObject({ status: 'ACTIVE', definition: expect.stringContaining('Wait a day') });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'walk', input: '{"accountId":"walk"}' }));
    await client.send(new StopExecutionCommand({ executionArn, error: 'Walk', cause: 'on purpose' }));
    const first = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1 }));
    expect(first).toMatchObject({
      events: [{ id: 1, type: 'ExecutionStarted', timestamp: expect.any(Date) }],
      nextToken: expect.any(String),
    });
    const last = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }));
    expect(last.events).toMatchObject([{ type: 'ExecutionAborted', executionAbortedEventDetails: { error: 'Walk', cause: 'on purpose' } }]);
    expect(await client.send(new RedriveExecutionCommand({ executionArn }))).toMatchObject({ redriveDate: expect.any(Date) });
    expect((await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }))).executions).toMatchObject([
      { name: 'walk', redriveCount: 1 },
    ]);
    const taskToken = 'nobody-has-it';
    for (const command of [
      new SendTaskSuccessCommand({ taskToken, output: '{}' }),
      new SendTaskFailureCommand({ taskToken, error: 'E' }),
      new SendTaskHeartbeatCommand({ taskToken }),
    ])
      await expect(client.send(command as SendTaskSuccessCommand)).rejects.toMatchObject({ name: 'InvalidToken' });
  });
});

describe('SQS', () => {
  it('sends, hides and deletes in batches, and delays by the cloud’s clock', async () => {
    const client = new SQSClient(config);
    const QueueUrl = output('DeadLetterQueueUrl');
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'a' },
          { Id: 'b', MessageBody: 'b', MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } },
          { Id: 'c', MessageBody: 'c', DelaySeconds: 901 },
        ],
      }),
    );
    expect(sent).toMatchObject({
      Successful: [{ Id: 'a' }, { Id: 'b' }],
      Failed: [{ Id: 'c', SenderFault: true, Code: 'InvalidParameterValue' }],
    });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late', DelaySeconds: 30 }));
    const receive = async () =>
      (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }))).Messages ?? [];
    const received = await receive();
    expect(received.map(({ Body }) => Body)).toEqual(['a', 'b']);
    expect(await receive()).toEqual([]);
    const Entries = received.map(({ ReceiptHandle = '' }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: Entries.map((entry) => ({ ...entry, VisibilityTimeout: 60 })) }),
    );
    await server.cloud.advance('PT30S');
    expect((await receive()).map(({ Body }) => Body)).toEqual(['late']);
    await server.cloud.advance('PT30S');
    const again = await receive();
    expect(again.map(({ Body }) => Body)).toEqual(['a', 'b', 'late']);
    const deleted = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl, Entries: again.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })) }),
    );
    expect(deleted.Successful).toHaveLength(3);
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
  });
});

describe('the parameter store and S3', () => {
  it('keep what they are given', async () => {
    const ssm = new SSMClient(config);
    await ssm.send(new PutParameterCommand({ Name: '/walk', Value: 'on', Type: 'String' }));
    expect((await ssm.send(new GetParameterCommand({ Name: '/walk' }))).Parameter).toMatchObject({
      Value: 'on',
      Version: 1,
      LastModifiedDate: expect.any(Date),
    });
    await expect(ssm.send(new GetParameterCommand({ Name: '/none' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(ssm.send(new PutParameterCommand({ Name: '/walk', Value: 'off' }))).rejects.toMatchObject({
      name: 'ParameterAlreadyExists',
    });

    const s3 = new S3Client({ ...config, forcePathStyle: true });
    const [Bucket, Key] = ['walked', 'letters/您好 +&.pdf'];
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(
      new PutObjectCommand({ Bucket, Key, Body: Buffer.from([0, 255]), ContentType: 'application/pdf', Metadata: { case: 'c-1' } }),
    );
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ContentLength: 2,
      ContentType: 'application/pdf',
      Metadata: { case: 'c-1' },
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect([...((await Body?.transformToByteArray()) ?? [])]).toEqual([0, 255]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'letters/' }))).Contents).toMatchObject([{ Key, Size: 2 }]);
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
