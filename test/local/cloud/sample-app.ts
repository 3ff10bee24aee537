import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { AttributeType, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** A directory that CDK synthesizes `define` into, without its validation of templates: a second and a half a file, for advice that nobody reads. */
export function synthesize(define: (app: App, directory: string) => void): string {
  const directory = mkdtempSync(join(tmpdir(), 'cloud-test-'));
  const outdir = join(directory, 'cdk.out');
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  define(app, directory);
  app.synth();
  return outdir;
}

/** Code of a function as the CDK app of a user has it: a directory with a bundle in it. */
export function bundle(directory: string, name: string, source: string, file = 'index.js'): Code {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, file), source);
  return Code.fromAsset(path);
}

const INTAKE = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { SFNClient, StartExecutionCommand } = require('@aws-sdk/client-sfn');
const table = new DynamoDBClient({});
const states = new SFNClient({});
exports.handler = async (event) => {
  for (const record of event.Records) {
    const { detail } = JSON.parse(record.body);
    await table.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: detail.accountId }, sk: { S: '#HEAD' }, at: { S: new Date().toISOString() } } }));
    await states.send(new StartExecutionCommand({ stateMachineArn: process.env.MACHINE, name: detail.accountId, input: JSON.stringify({ accountId: detail.accountId }) }));
  }
};`;

const PUBLISH = `
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
const bus = new EventBridgeClient({});
exports.handler = async (event) => {
  const entries = event.Records.map((record) => ({ EventBusName: process.env.BUS, Source: 'sample', DetailType: record.eventName,
    Detail: JSON.stringify({ accountId: record.dynamodb.Keys.pk.S, at: record.dynamodb.NewImage?.at?.S }) }));
  while (entries.length > 0) await bus.send(new PutEventsCommand({ Entries: entries.splice(0, 10) }));
};`;

const REMIND = `
const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
const { SESClient, SendEmailCommand } = require('@aws-sdk/client-ses');
const [text, mail] = [new SNSClient({}), new SESClient({})];
exports.handler = async ({ accountId }) => {
  await text.send(new PublishCommand({ PhoneNumber: '+8613800138000', Message: 'Pay <soon> & well, ' + accountId,
    MessageAttributes: { accountId: { DataType: 'String', StringValue: accountId }, stage: { DataType: 'String', StringValue: 'reminder' }, template: { DataType: 'String', StringValue: 't-1' } } }));
  await mail.send(new SendEmailCommand({ Source: 'bank@example.com', Destination: { ToAddresses: ['wang@example.com'] },
    Message: { Subject: { Data: '提醒' }, Body: { Text: { Data: 'Dear 王小明' } } }, Tags: [{ Name: 'accountId', Value: accountId }, { Name: 'stage', Value: 'reminder' }] }));
  return { reminded: accountId };
};`;

const READ = `
const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
const table = new DynamoDBClient({});
exports.handler = async (event) => {
  const { Item } = await table.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: event.pathParameters.accountId }, sk: { S: '#HEAD' } } }));
  if (Item === undefined) return { statusCode: 404, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify({ title: 'unknown' }) };
  return { accountId: Item.pk.S, at: Item.at.S, asked: event.queryStringParameters ?? {} };
};`;

/** A small application with the same shape as a real one: bus → queue → function → table and state machine; stream → bus; API. */
export function sampleApp(): string {
  return synthesize((app, directory) => {
    const data = new Stack(app, 'Data');
    const table = new Table(data, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'byTime',
      partitionKey: { name: 'at', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    const stack = new Stack(app, 'App');
    const bus = new EventBus(stack, 'Bus', { eventBusName: 'sample-bus' });
    const deadLetters = new Queue(stack, 'DeadLetters');
    const inbox = new Queue(stack, 'Inbox', {
      visibilityTimeout: Duration.seconds(60),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
    });
    new Rule(stack, 'Intake', {
      eventBus: bus,
      eventPattern: { source: [{ prefix: 'bank.' } as unknown as string] },
      targets: [new SqsQueue(inbox)],
    });

    const fn = (id: string, source: string, environment: Record<string, string> = {}) =>
      new LambdaFunction(stack, id, {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: bundle(directory, id, source),
        environment,
      });
    const remind = fn('Remind', REMIND);
    const machine = new CfnStateMachine(stack, 'Machine', {
      roleArn: 'arn:aws:iam::000000000000:role/machine',
      stateMachineName: 'sample-machine',
      definitionString: JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: 'Wait a day',
        States: {
          'Wait a day': { Type: 'Wait', Seconds: 86_400, Next: 'Remind' },
          Remind: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's substitution
            Arguments: { FunctionName: '${Remind}', Payload: { accountId: '{% $states.input.accountId %}' } },
            Output: '{% $states.result.Payload %}',
            End: true,
          },
        },
      }),
      definitionSubstitutions: { Remind: remind.functionArn },
    });
    const intake = fn('IntakeFunction', INTAKE, { TABLE: table.tableName, MACHINE: machine.attrArn });
    intake.addEventSource(new SqsEventSource(inbox, { batchSize: 5, reportBatchItemFailures: true }));
    table.grantReadWriteData(intake);
    const publish = fn('Publish', PUBLISH, { BUS: bus.eventBusName });
    publish.addEventSourceMapping('Stream', {
      eventSourceArn: table.tableStreamArn ?? '',
      startingPosition: StartingPosition.TRIM_HORIZON,
      retryAttempts: 3,
    });
    const read = fn('Read', READ, { TABLE: table.tableName });

    const api = new CfnApi(stack, 'Api', { name: 'sample', protocolType: 'HTTP' });
    const integration = new CfnIntegration(stack, 'Integration', {
      apiId: api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: read.functionArn,
      payloadFormatVersion: '2.0',
    });
    new CfnRoute(stack, 'Route', {
      apiId: api.ref,
      routeKey: 'GET /accounts/{accountId}/journey',
      authorizationType: 'AWS_IAM',
      target: `integrations/${integration.ref}`,
    });
    new CfnStage(stack, 'Stage', { apiId: api.ref, stageName: '$default', autoDeploy: true });

    new CfnOutput(stack, 'EventBusName', { value: bus.eventBusName });
    new CfnOutput(stack, 'TableName', { value: table.tableName });
    new CfnOutput(stack, 'DeadLetterQueueUrl', { value: deadLetters.queueUrl });
    new CfnOutput(stack, 'ApiUrl', { value: api.attrApiEndpoint });
    new CfnOutput(stack, 'MachineArn', { value: machine.attrArn });
  });
}
