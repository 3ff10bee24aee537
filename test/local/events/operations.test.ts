import { Stack } from 'aws-cdk-lib';
import { CfnArchive, CfnEventBus, CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** What operators and clients ask EventBridge besides putting events. */

let cloud: Cloud;
beforeAll(async () => {
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const queue = new CfnQueue(stack, 'Queue');
    const targets = ['c', 'a', 'b'].map((id) => ({ id, arn: queue.attrArn }));
    for (const name of ['two', 'one', 'three'])
      new CfnRule(stack, `R${name}`, { name, eventPattern: { source: [name] }, ...(name === 'one' && { targets }) });
    for (const name of ['bus-b', 'bus-a']) {
      const bus = new CfnEventBus(stack, name, { name });
      new CfnArchive(stack, `${name}Archive`, { archiveName: `of-${name}`, sourceArn: bus.attrArn });
    }
  });
  cloud = await startCloud({ assembly, start: '2026-03-02T01:00:00Z', seed: 2 });
});
afterAll(() => cloud.close());

async function walk(operation: string, member: string, name: string, input: object = {}): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  let NextToken: unknown;
  do {
    const page = await cloud.call('events', operation, { ...input, Limit: 2, ...(NextToken !== undefined && { NextToken }) });
    pages.push((page[member] as Record<string, unknown>[]).map((item) => item[name]));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return pages;
}

describe('lists', () => {
  it('come in pages, in the order of their names', async () => {
    expect(await walk('ListRules', 'Rules', 'Name')).toEqual([['one', 'three'], ['two']]);
    expect(await walk('ListRules', 'Rules', 'Name', { NamePrefix: 't' })).toEqual([['three', 'two']]);
    expect(await walk('ListTargetsByRule', 'Targets', 'Id', { Rule: 'one' })).toEqual([['a', 'b'], ['c']]);
    expect(await walk('ListEventBuses', 'EventBuses', 'Name')).toEqual([['bus-a', 'bus-b'], ['default']]);
    expect(await walk('ListArchives', 'Archives', 'ArchiveName')).toEqual([['of-bus-a', 'of-bus-b']]);
  });

  it('of archives and replays are of a source and a state, where these are given', async () => {
    const EventSourceArn = 'arn:aws:events:us-east-1:000000000000:event-bus/bus-b';
    expect(await walk('ListArchives', 'Archives', 'ArchiveName', { EventSourceArn })).toEqual([['of-bus-b']]);
    expect(await walk('ListArchives', 'Archives', 'ArchiveName', { State: 'DISABLED' })).toEqual([[]]);
    const archive = 'arn:aws:events:us-east-1:000000000000:archive/of-bus-b';
    await cloud.call('events', 'StartReplay', {
      ReplayName: 'r',
      EventSourceArn: archive,
      EventStartTime: 0,
      EventEndTime: 1,
      Destination: { Arn: EventSourceArn },
    });
    expect(await walk('ListReplays', 'Replays', 'ReplayName', { EventSourceArn: archive, State: 'COMPLETED' })).toEqual([['r']]);
    expect(await walk('ListReplays', 'Replays', 'ReplayName', { State: 'RUNNING' })).toEqual([[]]);
  });

  it.each([{ Limit: 0 }, { Limit: 101 }, { NextToken: '' }, { NextToken: 'not one' }])('are refused with %j', async (input) => {
    await expect(cloud.call('events', 'ListRules', input)).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

describe('TestEventPattern', () => {
  const EVENT = { id: '1', account: '1', source: 'bank', time: '2026-03-02T01:00:00Z', region: 'r', 'detail-type': 'T', resources: [] };
  const test = (pattern: unknown, event: unknown = EVENT) =>
    cloud.call('events', 'TestEventPattern', { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) });

  it('says whether an event matches', async () => {
    expect(await test({ source: [{ prefix: 'b' }] })).toEqual({ Result: true });
    expect(await test({ source: ['other'] })).toEqual({ Result: false });
  });

  it('refuses what is no pattern or no event', async () => {
    await expect(test({ source: 'bank' })).rejects.toMatchObject({ code: 'InvalidEventPatternException' });
    await expect(test({ source: ['bank'] }, { source: 'bank' })).rejects.toThrow('id is missing');
    await expect(test({ source: ['bank'] }, 7)).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

describe('an entry', () => {
  const ENTRY = { Source: 's', DetailType: 't', Detail: '{}' };
  it.each([
    [{ Time: 'yesterday' }, 'Parameter Time is not valid'],
    [{ Time: 1e30 }, 'Parameter Time is not valid'],
    [{ Resources: [1] }, 'Parameter Resources is not valid'],
    [{ DetailType: 'x'.repeat(129) }, 'Parameter DetailType is not valid'],
    [{ Source: 'x'.repeat(257) }, 'Parameter Source is not valid'],
  ])('is refused with %j', async (more, message) => {
    expect(await cloud.call('events', 'PutEvents', { Entries: [{ ...ENTRY, ...more }, ENTRY] })).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining(message) }, { EventId: expect.any(String) }],
    });
  });
});
