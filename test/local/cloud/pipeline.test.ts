import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, EventType, type IBucket } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import {
  Chain,
  CsvHeaders,
  DefinitionBody,
  DistributedMap,
  Map as InlineMap,
  IntegrationPattern,
  ItemBatcher,
  OutputType,
  Pass,
  ProvideItems,
  QueryLanguage,
  ResultWriterV2,
  S3CsvItemReader,
  StateMachine,
  StateMachineType,
  TaskInput,
  Transformation,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  CallAwsService,
  DynamoAttributeValue,
  DynamoGetItem,
  DynamoPutItem,
  LambdaInvoke,
  StepFunctionsStartExecution,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2 } from 'aws-cdk-lib/cx-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { synthesize } from './sample-app.ts';

const SCORE = 'exports.handler = async ({ Items }) => Items.map(({ id, amount }) => ({ id, score: Number(amount) * 2 }));';
const NOTE = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async ({ Records }) => {
  for (const { s3 } of Records)
    await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: 'manifest' }, size: { N: String(s3.object.size) } } }));
};`;

/** A pipeline as people write it: a file arrives, its rows are scored in batches, another machine looks through the results, all is kept. */
const assembly = synthesize((app) => {
  const data = new Stack(app, 'Data');
  const table = new TableV2(data, 'Runs', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const stack = new Stack(app, 'Pipeline');
  stack.node.setContext(STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2, true);
  const fn = (id: string, code: string) =>
    new Lambda(stack, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(code),
      environment: { TABLE: table.tableName },
    });
  const input = new Bucket(stack, 'Input', {
    eventBridgeEnabled: true,
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  });
  const output = new Bucket(stack, 'Output', { lifecycleRules: [{ expiration: Duration.days(30) }] });
  output.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(fn('Note', NOTE)), { suffix: 'manifest.json' });

  const list = new CallAwsService(stack, 'List', {
    queryLanguage: QueryLanguage.JSONATA,
    service: 's3',
    action: 'listObjectsV2',
    parameters: { Bucket: '{% $states.input.bucket %}', Prefix: 'results/' },
    iamResources: ['*'],
    outputs: { keys: '{% [$states.result.Contents.Key] %}' },
  });
  const each = InlineMap.jsonata(stack, 'Each key', {
    items: ProvideItems.jsonata('{% $states.input.keys %}'),
    itemSelector: { key: '{% $states.context.Map.Item.Value %}', index: '{% $states.context.Map.Item.Index %}' },
  }).itemProcessor(
    Pass.jsonata(stack, 'Name', { outputs: '{% $split($states.input.key, "/")[2] & " " & $string($states.input.index) %}' }),
  );
  const child = new StateMachine(stack, 'Child', {
    queryLanguage: QueryLanguage.JSONATA,
    definitionBody: DefinitionBody.fromChainable(list.next(each)),
  });

  const rows = DistributedMap.jsonata(stack, 'Each row', {
    itemReader: new S3CsvItemReader({
      bucket: input as IBucket,
      key: '{% $states.input.detail.object.key %}',
      csvHeaders: CsvHeaders.useFirstRow(),
    }),
    itemBatcher: new ItemBatcher({ maxItemsPerBatch: 10 }),
    mapExecutionType: StateMachineType.EXPRESS,
    resultWriterV2: new ResultWriterV2({
      bucket: output as IBucket,
      prefix: 'results',
      writerConfig: { outputType: OutputType.JSONL, transformation: Transformation.COMPACT },
    }),
  }).itemProcessor(
    LambdaInvoke.jsonata(stack, 'Score', {
      lambdaFunction: fn('ScoreFunction', SCORE),
      payload: TaskInput.fromText('{% $states.input %}'),
      outputs: '{% $states.result.Payload %}',
    }),
  );
  const look = StepFunctionsStartExecution.jsonata(stack, 'Look through', {
    stateMachine: child,
    integrationPattern: IntegrationPattern.RUN_JOB,
    input: TaskInput.fromObject({ bucket: output.bucketName }),
    associateWithParent: true,
    outputs: '{% $states.result.Output %}',
  });
  const id = DynamoAttributeValue.fromString('run');
  const names = DynamoAttributeValue.fromString('{% $string($states.input) %}');
  const keep = DynamoPutItem.jsonata(stack, 'Keep', { table, item: { id, names } });
  const load = DynamoGetItem.jsonata(stack, 'Load', {
    table,
    key: { id },
    consistentRead: true,
    outputs: '{% $parse($states.result.Item.names.S) %}',
  });
  const write = new CallAwsService(stack, 'Write', {
    queryLanguage: QueryLanguage.JSONATA,
    service: 's3',
    action: 'putObject',
    parameters: { Bucket: output.bucketName, Key: 'summary.json', Body: '{% $states.input %}' },
    iamResources: ['*'],
  });
  const machine = new StateMachine(stack, 'Machine', {
    queryLanguage: QueryLanguage.JSONATA,
    definitionBody: DefinitionBody.fromChainable(Chain.start(rows).next(look).next(keep).next(load).next(write)),
    timeout: Duration.hours(1),
  });
  new Rule(stack, 'OnUpload', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [input.bucketName] }, object: { key: [{ suffix: '.csv' }] } },
    },
    targets: [new SfnStateMachine(machine, { retryAttempts: 3 })],
  });
  for (const [name, value] of Object.entries({ Input: input.bucketName, Output: output.bucketName, Arn: machine.stateMachineArn }))
    new CfnOutput(stack, `${name}Name`, { value });
  new CfnOutput(data, 'Table', { value: table.tableName });
});

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ port: 0, assembly, start: '2026-03-02T09:00:00Z', seed: 1 });
});
afterAll(() => server.close());

it('takes a file through a pipeline of CDK constructs, started by its arrival', async () => {
  // Prepare
  const config = { endpoint: server.url, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'thing' } };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const sfn = new SFNClient(config);
  const { InputName, OutputName: Bucket, ArnName: stateMachineArn, Table: TableName } = server.cloud.outputs();
  const rows = Array.from({ length: 25 }, (_, index) => `${index},${index * 10}`);

  // Act
  await s3.send(new PutObjectCommand({ Bucket: InputName, Key: 'in/rows 1.csv', Body: ['id,amount', ...rows].join('\n') }));
  await s3.send(new PutObjectCommand({ Bucket: InputName, Key: 'in/other.txt', Body: 'no rows' }));
  await server.cloud.settle();

  // Assess
  const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  expect(executions).toMatchObject([{ status: 'SUCCEEDED' }]);
  const execution = await sfn.send(new DescribeExecutionCommand({ executionArn: executions?.[0]?.executionArn }));
  expect(JSON.parse(execution.input ?? '')).toMatchObject({ source: 'aws.s3', detail: { object: { key: 'in/rows 1.csv' } } });
  const textOf = async (Key: string | undefined) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString() ?? '';
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const [results, manifest] = Contents;
  const scores = (await textOf(results?.Key))
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line) as { id: string; score: number }[]);
  expect(scores).toHaveLength(25);
  expect(scores).toContainEqual({ id: '24', score: 480 });
  expect(JSON.parse(await textOf('summary.json'))).toEqual(['SUCCEEDED_0.jsonl 0', 'manifest.json 1']);
  const kept = await server.cloud.call('dynamodb', 'GetItem', { TableName, Key: { id: { S: 'manifest' } } });
  expect(kept).toMatchObject({ Item: { size: { N: String(manifest?.Size) } } });
  expect(server.cloud.kernel.failures()).toEqual([]);
  for (const client of [s3, sfn]) client.destroy();
});
