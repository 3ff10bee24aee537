import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  type EventBridgeClientConfig,
  ListArchivesCommand,
  ListReplaysCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { Duration, Stack } from 'aws-cdk-lib';
import { Archive, type CfnRule, EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

const ARCHIVE = 'arn:aws:events:us-east-1:000000000000:archive/kept';
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/main';

let cloud: Cloud;
let client: EventBridgeClient;
beforeAll(async () => {
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const bus = new EventBus(stack, 'Bus', { eventBusName: 'main' });
    new Archive(stack, 'Archive', {
      archiveName: 'kept',
      sourceEventBus: bus,
      eventPattern: { detailType: Match.anythingBut('Private') },
      retention: Duration.days(5),
    });
    const rule = (name: string, pattern: object) =>
      new Rule(stack, name, {
        ruleName: name,
        eventBus: bus,
        eventPattern: pattern,
        targets: [new SqsQueue(new Queue(stack, `${name}Queue`, { queueName: name }))],
      });
    rule('all', { source: ['bank'] });
    const fresh = rule('fresh', { source: ['bank'] }).node.defaultChild as CfnRule;
    fresh.eventPattern = { source: ['bank'], 'replay-name': [{ exists: false }] };
  });
  cloud = await startCloud({ assembly, start: '2026-03-02T00:00:00Z', seed: 5 });
  client = new EventBridgeClient(cloud.clientConfig() as EventBridgeClientConfig);
  for (let day = 2; day <= 9; day += 1) {
    for (const type of ['Fact', 'Private']) await put(type, day);
    await cloud.advance('P1D');
  }
  await received('all');
  await received('fresh');
});
afterAll(() => cloud.close());

async function put(DetailType: string, day: number): Promise<void> {
  await cloud.call('events', 'PutEvents', {
    Entries: [{ EventBusName: 'main', Source: 'bank', DetailType, Detail: JSON.stringify({ day }) }],
  });
}

interface Received {
  readonly id: string;
  readonly time: string;
  readonly detail: { readonly day: number };
  readonly 'replay-name'?: string;
}

/** What lies in a queue, taken out. */
async function received(QueueUrl: string): Promise<Received[]> {
  await cloud.settle();
  const all: Received[] = [];
  for (;;) {
    const { Messages = [] } = await cloud.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
    });
    if (Messages.length === 0) return all;
    all.push(...Messages.map(({ Body }) => JSON.parse(Body) as Received));
  }
}

function replay(ReplayName: string, from: string, to: string, Destination: object = { Arn: BUS }) {
  const times = { EventStartTime: new Date(from), EventEndTime: new Date(to) };
  return client.send(new StartReplayCommand({ ReplayName, EventSourceArn: ARCHIVE, Destination: { Arn: BUS, ...Destination }, ...times }));
}

describe('a replay', () => {
  it('hands the events of a time to the rules again, under its name, as they were', async () => {
    // It is the 10th: what came before the 5th is kept no longer.
    const started = await replay('again', '2026-03-01T00:00:00Z', '2026-03-07T12:00:00Z');
    expect(started).toMatchObject({ State: 'STARTING', ReplayArn: 'arn:aws:events:us-east-1:000000000000:replay/again' });
    const events = await received('all');
    expect(events.map(({ detail, 'replay-name': name }) => [detail.day, name])).toEqual([
      [5, 'again'],
      [6, 'again'],
      [7, 'again'],
    ]);
    const { eventBusName: _, ...first } = cloud.events().find((event) => event.detail.day === 5 && event['detail-type'] === 'Fact') ?? {
      eventBusName: '',
    };
    expect(events[0]).toEqual({ ...first, 'replay-name': 'again' });
    expect(await received('fresh')).toEqual([]);
    expect(await client.send(new DescribeReplayCommand({ ReplayName: 'again' }))).toMatchObject({
      State: 'COMPLETED',
      EventSourceArn: ARCHIVE,
      Destination: { Arn: BUS },
      EventStartTime: new Date('2026-03-01T00:00:00Z'),
      EventLastReplayedTime: new Date('2026-03-07T00:00:00Z'),
    });
    expect((await client.send(new ListReplaysCommand({ NamePrefix: 'a' }))).Replays).toMatchObject([{ ReplayName: 'again' }]);
  });

  it('is archived no second time', async () => {
    const before = cloud.events().length;
    await replay('counted', '2026-03-06T00:00:00Z', '2026-03-10T00:00:00Z');
    await received('all');
    expect(cloud.events()).toHaveLength(before);
  });

  it('goes to the rules that it names alone', async () => {
    const FilterArns = ['arn:aws:events:us-east-1:000000000000:rule/main/fresh'];
    await replay('filtered', '2026-03-06T00:00:00Z', '2026-03-10T00:00:00Z', { FilterArns });
    expect(await received('all')).toEqual([]);
  });

  it.each([
    ['of a name that was used', () => replay('again', '2026-03-06T00:00:00Z', '2026-03-07T00:00:00Z'), 'ResourceAlreadyExistsException'],
    ['of a name that is none', () => replay('a b', '2026-03-06T00:00:00Z', '2026-03-07T00:00:00Z'), 'ValidationException'],
    ['backwards', () => replay('back', '2026-03-07T00:00:00Z', '2026-03-06T00:00:00Z'), 'ValidationException'],
    ['to another bus', () => replay('else', '2026-03-06T00:00:00Z', '2026-03-07T00:00:00Z', { Arn: 'default' }), 'ValidationException'],
    ['that is not there', () => client.send(new DescribeReplayCommand({ ReplayName: 'none' })), 'ResourceNotFoundException'],
  ])('is refused %s', async (_, act, name) => {
    await expect(act()).rejects.toMatchObject({ name });
  });
});

it('an archive says what it keeps', async () => {
  const { Archives } = await client.send(new ListArchivesCommand({}));
  expect(Archives).toMatchObject([{ ArchiveName: 'kept', EventSourceArn: BUS, RetentionDays: 5, State: 'ENABLED' }]);
  const { EventPattern } = await client.send(new DescribeArchiveCommand({ ArchiveName: 'kept' }));
  expect(JSON.parse(EventPattern ?? '')).toMatchObject({ 'detail-type': [{ 'anything-but': ['Private'] }] });
});
