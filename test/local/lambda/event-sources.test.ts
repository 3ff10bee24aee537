import { Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  type EventSourceMappingOptions,
  FilterCriteria,
  Function as LambdaFunction,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { bundle, synthesize } from '../cloud/sample-app.ts';

/** Writes down each batch in its log, and fails as its records ask for. */
const SOURCE = `
const seen = new Map();
exports.handler = async (event) => {
  const bodies = event.Records.map((record) => record.body ?? record.dynamodb.Keys.pk.S);
  console.log(JSON.stringify(bodies));
  const failing = event.Records.filter((record, index) => {
    const [kind, times] = bodies[index].split('-');
    const attempt = (seen.get(bodies[index]) ?? 0) + 1;
    seen.set(bodies[index], attempt);
    return kind === 'fail' && attempt <= Number(times);
  });
  if (failing.length > 0 && process.env.REPORT !== 'yes') throw new Error('failed');
  return { batchItemFailures: failing.map((record) => ({ itemIdentifier: record.messageId ?? record.dynamodb.SequenceNumber })) };
};`;

let cloud: Cloud;
afterEach(() => cloud.close());

async function start(mapping: (stack: Stack) => EventSourceMappingOptions & { source: string }, report: boolean): Promise<void> {
  const assembly = synthesize((app, directory) => {
    const stack = new Stack(app, 'App');
    const { source, ...options } = mapping(stack);
    new LambdaFunction(stack, 'F', {
      functionName: 'f',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: bundle(directory, 'f', SOURCE),
      environment: { REPORT: report ? 'yes' : 'no' },
    }).addEventSourceMapping('Source', { ...options, eventSourceArn: source, reportBatchItemFailures: report });
  });
  cloud = await startCloud({ assembly, start: 0, seed: 1 });
}

function batches(): string[][] {
  const lines = cloud.services.lambda.logs('f').filter(({ level }) => level === 'INFO');
  return lines.map((line) => JSON.parse(line.text) as string[]);
}

async function received(queue: string): Promise<string[]> {
  const { Messages = [] } = await cloud.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', {
    QueueUrl: queue,
    MaxNumberOfMessages: 10,
  });
  return Messages.map((message) => message.Body);
}

describe('a queue as event source', () => {
  const queue = (options: EventSourceMappingOptions | object) => (stack: Stack) => {
    const dead = new Queue(stack, 'Dead', { queueName: 'dead' });
    const inbox = new Queue(stack, 'Inbox', {
      queueName: 'inbox',
      visibilityTimeout: Duration.seconds(60),
      deadLetterQueue: { queue: dead, maxReceiveCount: 2 },
    });
    return { ...options, source: inbox.queueArn };
  };
  const send = (...bodies: string[]) =>
    cloud.call('sqs', 'SendMessageBatch', {
      QueueUrl: 'inbox',
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    });

  it('gathers what is there at the instant, up to the batch size, in order', async () => {
    await start(queue({ batchSize: 3 }), false);
    await send('a', 'b', 'c', 'd');
    await cloud.settle();
    expect(batches()).toEqual([['a', 'b', 'c'], ['d']]);
    expect(cloud.now()).toBe(0);
  });

  it('brings back only the messages reported as failed, after the visibility timeout', async () => {
    await start(queue({ batchSize: 10 }), true);
    await send('a', 'fail-1', 'b');
    await cloud.advance(59_999);
    expect(batches()).toEqual([['a', 'fail-1', 'b']]);
    await cloud.advance(1);
    expect(batches()).toEqual([['a', 'fail-1', 'b'], ['fail-1']]);
    await cloud.advance('P1D');
    expect(batches()).toHaveLength(2);
  });

  it('brings back the whole batch where the function failed, and redrives to the dead-letter queue', async () => {
    await start(queue({ batchSize: 10 }), false);
    await send('fail-9', 'b');
    await cloud.advance('P1D');
    expect(batches()).toEqual([
      ['fail-9', 'b'],
      ['fail-9', 'b'],
    ]);
    expect(await received('dead')).toEqual(['fail-9', 'b']);
  });

  it('delivers only what the filter lets through, and drops the rest', async () => {
    await start(queue({ filters: [FilterCriteria.filter({ body: { kind: ['call'] } })] }), false);
    await send('{"kind":"call"}', '{"kind":"visit"}', 'text');
    await cloud.settle();
    expect(batches()).toEqual([['{"kind":"call"}']]);
    await cloud.advance('P1D');
    expect(await received('inbox')).toEqual([]);
  });
});

describe('a table’s stream as event source', () => {
  const stream = (options: object) => (stack: Stack) => {
    const table = new Table(stack, 'Table', {
      tableName: 'items',
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      stream: StreamViewType.NEW_IMAGE,
    });
    new Queue(stack, 'Dead', { queueName: 'dead' });
    return { startingPosition: StartingPosition.TRIM_HORIZON, ...options, source: table.tableStreamArn ?? '' };
  };
  async function put(...keys: string[]): Promise<void> {
    for (const key of keys) await cloud.call('dynamodb', 'PutItem', { TableName: 'items', Item: { pk: { S: key } } });
  }

  it('delivers in order, once, in batches', async () => {
    await start(stream({ batchSize: 2 }), false);
    await put('a', 'b', 'c');
    await cloud.settle();
    expect(batches().flat()).toEqual(['a', 'b', 'c']);
    expect(batches().every((batch) => batch.length <= 2)).toBe(true);
  });

  it('holds back everything behind a record that fails, then goes on in order', async () => {
    await start(stream({ batchSize: 1 }), false);
    await put('a', 'fail-2', 'b');
    await cloud.settle();
    expect(batches().flat()).toEqual(['a', 'fail-2']);
    await cloud.advance(3000);
    expect(batches().flat()).toEqual(['a', 'fail-2', 'fail-2', 'fail-2', 'b']);
  });

  it('goes on from the record reported as failed', async () => {
    await start(stream({ batchSize: 10 }), true);
    await put('a', 'fail-1', 'b');
    await cloud.advance('PT1M');
    expect(
      batches()
        .flat()
        .filter((key) => key === 'a'),
    ).toHaveLength(1);
    expect(batches().flat().slice(-2)).toEqual(['fail-1', 'b']);
  });

  it('halves a failing batch until the record is alone, and gives only that one up', async () => {
    await start((stack) => ({ ...stream({ batchSize: 4, bisectBatchOnError: true, retryAttempts: 1 })(stack) }), false);
    // One transaction, so that all four are in one batch.
    await cloud.call('dynamodb', 'BatchWriteItem', {
      RequestItems: { items: ['a', 'b', 'fail-99', 'd'].map((key) => ({ PutRequest: { Item: { pk: { S: key } } } })) },
    });
    await cloud.advance('PT10M');
    const alone = batches().filter((batch) => batch.length === 1 && batch[0] === 'fail-99');
    expect(alone).toHaveLength(2);
    expect(batches().at(-1)).toEqual(['d']);
  });

  it('filters by the record', async () => {
    await start(
      stream({ filters: [FilterCriteria.filter({ eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'T#' }] } } } })] }),
      false,
    );
    await put('T#1', 'HEAD', 'T#2', 'T#1');
    await cloud.settle();
    expect(batches().flat()).toEqual(['T#1', 'T#2']);
  });
});
