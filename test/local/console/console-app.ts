import { type App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Function as LambdaFunction, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { httpFront } from '../../../local/server/front.ts';
import { bundle, synthesize } from '../cloud/sample-app.ts';
import { addMachines, HOSTILE } from './console-machines.ts';

export { HOSTILE };

const TAKE = `
const { SFNClient, StartExecutionCommand } = require('@aws-sdk/client-sfn');
const states = new SFNClient({});
exports.handler = async (event) => {
  for (const record of event.Records) {
    const { detail } = JSON.parse(record.body);
    if (detail.order === undefined) throw new Error('an order without a number');
    console.log('taken', detail.order);
    await states.send(new StartExecutionCommand({ stateMachineArn: process.env.MACHINE, name: detail.order, input: JSON.stringify(detail) }));
  }
};`;

const CHARGE = `
exports.handler = async ({ order, card }) => {
  if (card === 'stolen') { const error = new Error('The card of ' + order + ' is stolen.'); error.name = 'CardStolen'; throw error; }
  if (card === 'flaky' && Math.random() < 2) { const error = new Error('No answer.'); error.name = 'NoAnswer'; throw error; }
  return { charged: order };
};`;

const WRITE = `
const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
const { SESClient, SendEmailCommand } = require('@aws-sdk/client-ses');
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const [text, mail, table] = [new SNSClient({}), new SESClient({}), new DynamoDBClient({})];
exports.handler = async ({ order, note }) => {
  await table.send(new PutItemCommand({ TableName: process.env.ORDER_TABLE, Item: { pk: { S: order }, sk: { S: 'ORDER' }, note: { S: note ?? 'none' }, dice: { N: String(Math.random()) }, parts: { L: [{ N: '1' }, { NULL: true }] } } }));
  await text.send(new PublishCommand({ PhoneNumber: '+8613800138000', Message: 'Your parcel ' + order + ' is on its way. ' + (note ?? ''),
    MessageAttributes: { accountId: { DataType: 'String', StringValue: order } } }));
  await mail.send(new SendEmailCommand({ Source: 'shop@example.com', Destination: { ToAddresses: ['wang@example.com'] }, Tags: [{ Name: 'accountId', Value: order }],
    Message: { Subject: { Data: '包裹 ' + order }, Body: { Text: { Data: 'Dear 王小明' }, Html: { Data: '<h1>Dear 王小明</h1><p id="note">' + (note ?? '') + '</p><script>parent.document.title="owned"</script>' } } } }));
  return { told: order };
};`;

const IGNORE = 'exports.handler = async () => {};';

const task = (substitution: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: {
    FunctionName: substitution,
    Payload: '{% $states.context.Execution.Input %}',
  },
});

/** Every kind of state: around others, chosen, failing, caught, tried again, waiting. */
export const ORDER_MACHINE = {
  QueryLanguage: 'JSONata',
  StartAt: 'Pack the parcels',
  States: {
    'Pack the parcels': {
      Type: 'Map',
      Items: '{% $states.input.parcels ? $states.input.parcels : [] %}',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Pack a parcel',
        States: { 'Pack a parcel': { Type: 'Pass', Output: { packed: '{% $states.input %}' }, End: true } },
      },
      Assign: { count: '{% $count($states.result) %}' },
      Next: 'Do both',
    },
    'Do both': {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Charge the card',
          States: {
            'Charge the card': {
              // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's substitution
              ...task('${Charge}'),
              Retry: [{ ErrorEquals: ['NoAnswer'], IntervalSeconds: 60, MaxAttempts: 2 }],
              Catch: [{ ErrorEquals: ['CardStolen'], Next: 'Note the theft' }],
              End: true,
            },
            'Note the theft': { Type: 'Pass', Output: { stolen: true }, End: true },
          },
        },
        { StartAt: 'Print the label', States: { 'Print the label': { Type: 'Pass', End: true } } },
      ],
      Next: 'Choose how to go on',
    },
    'Choose how to go on': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $exists($states.input[0].stolen) %}', Next: 'Refuse the order' }],
      Default: 'Wait for the lorry',
    },
    'Wait for the lorry': { Type: 'Wait', Seconds: 86_400, Next: 'Tell the customer' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's substitution
    'Tell the customer': { ...task('${Write}'), End: true },
    'Refuse the order': { Type: 'Fail', Error: 'OrderRefused', Cause: 'The card is stolen.' },
  },
};

/** A shop: bus → queue → function → machine → messages; a table with a stream; dead letters of orders without a number. */
export function consoleApp(): string {
  return synthesize((app: App, directory) => {
    const stack = new Stack(app, 'Shop');
    const table = new Table(stack, 'Orders', {
      tableName: 'orders',
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      stream: StreamViewType.NEW_IMAGE,
    });
    table.addGlobalSecondaryIndex({ indexName: 'byNote', partitionKey: { name: 'note', type: AttributeType.STRING } });
    const bus = new EventBus(stack, 'Bus', { eventBusName: 'shop-bus' });
    const dead = new Queue(stack, 'Dead', { queueName: 'shop-dead' });
    const inbox = new Queue(stack, 'Inbox', {
      queueName: 'shop-inbox',
      visibilityTimeout: Duration.seconds(30),
      deadLetterQueue: { queue: dead, maxReceiveCount: 2 },
    });
    new Rule(stack, 'All', { eventBus: bus, eventPattern: { source: ['shop'] }, targets: [new SqsQueue(inbox)] });
    const fn = (id: string, source: string, environment: Record<string, string> = {}) =>
      new LambdaFunction(stack, id, {
        functionName: `shop-${id.toLowerCase()}`,
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: bundle(directory, id, source),
        environment,
      });
    const machine = new CfnStateMachine(stack, 'Machine', {
      roleArn: 'arn:aws:iam::000000000000:role/machine',
      stateMachineName: 'shop-order',
      definitionString: JSON.stringify(ORDER_MACHINE),
      definitionSubstitutions: {
        Charge: fn('Charge', CHARGE).functionArn,
        Write: fn('Write', WRITE, { ORDER_TABLE: table.tableName, API_KEY: 'very-secret', RETRIES: '3', GREETING: HOSTILE }).functionArn,
      },
    });
    new CfnStateMachine(stack, 'Idle', {
      roleArn: 'arn:aws:iam::000000000000:role/machine',
      stateMachineName: 'shop-idle',
      definitionString: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
    });
    fn('Take', TAKE, { MACHINE: machine.attrArn }).addEventSource(new SqsEventSource(inbox, { batchSize: 1 }));
    fn('Watch', IGNORE).addEventSourceMapping('Stream', {
      eventSourceArn: table.tableStreamArn ?? '',
      startingPosition: StartingPosition.TRIM_HORIZON,
    });
    addMachines(stack);
    new CfnOutput(stack, 'MachineArn', { value: machine.attrArn });
  });
}

/** An event for the shop's bus; without an order its detail leads to the dead letters. */
export function orderEvent(detail: Record<string, unknown>) {
  return { EventBusName: 'shop-bus', Source: 'shop', DetailType: 'Ordered', Detail: JSON.stringify(detail) };
}

export const START = '2026-03-02T01:00:00Z';

/** A shop with an order of each kind: one that waits for its lorry, one refused, one that is tried again and fails; and a dead letter. */
export async function startShop(assembly: string, options: { readonly clock?: 'real'; readonly seed?: number } = {}): Promise<Cloud> {
  const cloud = await startCloud({ assembly, start: START, seed: 3, ...options });
  const put = (detail: Record<string, unknown>) => cloud.call('events', 'PutEvents', { Entries: [orderEvent(detail)] });
  await put({ order: 'o-stolen', card: 'stolen' });
  await put({ order: 'o-flaky', card: 'flaky' });
  await put({ order: 'o-waits', parcels: ['a', 'b', 'c'], note: HOSTILE });
  await put({ note: 'without a number' });
  await cloud.settle();
  if (options.clock !== 'real') await cloud.advance('PT10M');
  return cloud;
}

export interface Visitor {
  /** A page as a browser on this machine gets it. */
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; text: string; headers: Headers }>;
  post(
    path: string,
    form: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; headers: Headers }>;
}

/** Somebody at a browser on this machine, without a port between. */
export function visitorOf(cloud: Cloud): Visitor {
  const front = httpFront(cloud);
  const ask = async (path: string, init: RequestInit) => {
    const headers = { host: 'localhost:4566', ...(init.headers as Record<string, string>) };
    const response = await front.request(`http://localhost:4566${path}`, { ...init, headers });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  return {
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, form, headers = {}) =>
      ask(path, {
        method: 'POST',
        body: new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:4566', ...headers },
      }),
  };
}

/** The pages that need no name of an execution. */
export const PAGES = [
  '/',
  '/console/machines',
  '/console/machine?name=shop-order',
  '/console/machine?name=shop-pack&state=Have+it+packed',
  '/console/machine?name=shop-quick',
  '/console/activity?name=shop-packing',
  '/console/executions',
  '/console/tables',
  '/console/table?name=orders',
  '/console/inbox',
  '/console/message?id=1',
  '/console/message?id=2',
  '/console/queues',
  '/console/queue?name=shop-dead',
  '/console/events',
  '/console/functions',
  '/console/function?name=shop-write',
] as const;
