import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import type { Item } from '../../../local/services/dynamodb/values.ts';
import { anIndex, aTable, aWorld, type World } from './world.ts';

describe('a global index', () => {
  const SWEEP = anIndex('sweep', 'sweep,sweepAt', { ProjectionType: 'KEYS_ONLY' });
  const BY_STAGE = anIndex('byStage', 'stage', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] });
  const head = (id: string, more: Item = {}): Item => ({ pk: { S: id }, note: { S: `n${id}` }, secret: { S: 'x' }, ...more });
  const due = (at: string): Item => ({ sweep: { S: 'all' }, sweepAt: { S: at } });

  function indexed(): World {
    const cloud = aWorld();
    cloud.call('CreateTable', aTable('cases', 'pk/sweep,sweepAt,stage', { GlobalSecondaryIndexes: [SWEEP, BY_STAGE] }));
    return cloud;
  }
  const sweep = (cloud: World, until: string, more: JsonObject = {}) =>
    cloud.call('Query', {
      TableName: 'cases',
      IndexName: 'sweep',
      KeyConditionExpression: 'sweep = :all AND sweepAt <= :until',
      ExpressionAttributeValues: { ':all': { S: 'all' }, ':until': { S: until } },
      ...more,
    });

  it('holds only the items that have its keys, as they are now', () => {
    const cloud = indexed();
    const ids = (until: string) => sweep(cloud, until).Items?.map((item) => item.pk?.S);
    cloud.call('PutItem', { TableName: 'cases', Item: head('1', due('2026-03-05')) });
    cloud.call('PutItem', { TableName: 'cases', Item: head('2', due('2026-03-03')) });
    cloud.call('PutItem', { TableName: 'cases', Item: head('3', { sweepAt: { S: '2026-03-01' } }) });
    expect(ids('2026-03-05')).toEqual(['2', '1']);

    cloud.call('UpdateItem', {
      TableName: 'cases',
      Key: { pk: { S: '1' } },
      UpdateExpression: 'SET sweepAt = :at',
      ExpressionAttributeValues: { ':at': { S: '2026-03-02' } },
    });
    cloud.call('UpdateItem', {
      TableName: 'cases',
      Key: { pk: { S: '3' } },
      UpdateExpression: 'SET sweep = :all',
      ExpressionAttributeValues: { ':all': { S: 'all' } },
    });
    expect(ids('2026-03-05')).toEqual(['3', '1', '2']);

    cloud.call('UpdateItem', { TableName: 'cases', Key: { pk: { S: '3' } }, UpdateExpression: 'REMOVE sweepAt' });
    cloud.call('PutItem', { TableName: 'cases', Item: head('1') });
    cloud.call('DeleteItem', { TableName: 'cases', Key: { pk: { S: '2' } } });
    expect(ids('2026-03-05')).toEqual([]);
  });

  it('shows what it projects, and no more', () => {
    const cloud = indexed();
    cloud.call('PutItem', { TableName: 'cases', Item: head('1', { ...due('2026-03-02'), stage: { S: 'call' } }) });
    const byStage = {
      TableName: 'cases',
      IndexName: 'byStage',
      KeyConditionExpression: 'stage = :s',
      ExpressionAttributeValues: { ':s': { S: 'call' } },
    };

    expect(sweep(cloud, '2026-03-02').Items).toEqual([{ pk: { S: '1' }, ...due('2026-03-02') }]);
    expect(cloud.call('Query', byStage).Items).toEqual([{ pk: { S: '1' }, stage: { S: 'call' }, note: { S: 'n1' } }]);
    expect(cloud.call('Query', { ...byStage, FilterExpression: 'attribute_exists(secret)' }).Items).toEqual([]);
    expect(cloud.call('Scan', { TableName: 'cases', IndexName: 'byStage', ProjectionExpression: 'note' }).Items).toEqual([
      { note: { S: 'n1' } },
    ]);
    expect(cloud.refusal('Query', { ...byStage, ProjectionExpression: 'secret' }).message).toBe(
      'One or more parameter values were invalid: Global secondary index byStage does not project [secret]',
    );
    expect(cloud.refusal('Query', { ...byStage, Select: 'ALL_ATTRIBUTES' }).message).toContain('because its projection type is not ALL');
  });

  it('refuses consistent reads', () => {
    const cloud = indexed();

    expect(() => sweep(cloud, '2026-03-02', { ConsistentRead: true })).toThrow(
      'Consistent reads are not supported on global secondary indexes',
    );
  });

  it('pages over equal keys without losing or repeating an item, also while items go', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('1', '2', '3'), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (days, limit, forward) => {
          const cloud = indexed();
          for (const [position, day] of days.entries())
            cloud.call('PutItem', { TableName: 'cases', Item: head(`id${position}`, due(`2026-03-0${day}`)) });
          const found: Item[] = [];
          let start: Item | undefined;
          do {
            const page = sweep(cloud, '2026-03-09', {
              Limit: limit,
              ScanIndexForward: forward,
              ...(start && { ExclusiveStartKey: start }),
            });
            found.push(...(page.Items ?? []));
            start = page.LastEvaluatedKey;
            // The place to go on stays good when its item is gone.
            if (start !== undefined) cloud.call('DeleteItem', { TableName: 'cases', Key: { pk: start.pk } });
          } while (start !== undefined);

          const times = found.map((item) => item.sweepAt?.S ?? '');
          expect(new Set(found.map((item) => item.pk?.S)).size).toBe(days.length);
          expect(found).toHaveLength(days.length);
          expect(times).toEqual(forward ? times.toSorted() : times.toSorted().toReversed());
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a local index', () => {
  it('sorts the partition by another attribute, may be read consistently, and fetches what it lacks', () => {
    const { call } = aWorld();
    const index = anIndex('byDue', 'pk,due', { ProjectionType: 'KEYS_ONLY' });
    call('CreateTable', aTable('cases', 'pk,sk/due', { LocalSecondaryIndexes: [index] }));
    for (const [sk, due] of [
      ['1', 'c'],
      ['2', 'a'],
      ['3', 'b'],
    ] as const)
      call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, sk: { S: sk }, due: { S: due }, note: { S: sk } } });
    call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, sk: { S: '4' } } });
    const query = {
      TableName: 'cases',
      IndexName: 'byDue',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
      ConsistentRead: true,
    };

    expect(call('Query', query).Items?.map((item) => item.sk?.S)).toEqual(['2', '3', '1']);
    expect(call('Query', query).Items?.[0]).not.toHaveProperty('note');
    expect(call('Query', { ...query, Select: 'ALL_ATTRIBUTES', Limit: 1 }).Items?.[0]?.note).toEqual({ S: '2' });
    expect(call('Query', { ...query, ProjectionExpression: 'note', Limit: 1 }).Items).toEqual([{ note: { S: '2' } }]);
  });
});
