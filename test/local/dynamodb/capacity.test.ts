import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import type { Item } from '../../../local/services/dynamodb/values.ts';
import { anIndex, aTable, aWorld } from './world.ts';

const KEY = { pk: { S: 'p' }, sk: { S: '1' } };
const asked = { TableName: 'cases', ReturnConsumedCapacity: 'INDEXES' };

function world() {
  const cloud = aWorld();
  cloud.call(
    'CreateTable',
    aTable('cases', 'pk,sk/gsiPk,lsiSk', {
      GlobalSecondaryIndexes: [anIndex('byProj', 'gsiPk', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['proj'] })],
      LocalSecondaryIndexes: [anIndex('byLsi', 'pk,lsiSk')],
    }),
  );
  return cloud;
}

/** Total, table, global and local index units. */
function units(answer: { ConsumedCapacity?: JsonObject }): (number | undefined)[] {
  const of = (value: unknown) => (value as { CapacityUnits?: number } | undefined)?.CapacityUnits;
  const {
    Table: table,
    GlobalSecondaryIndexes: global,
    LocalSecondaryIndexes: local,
  } = answer.ConsumedCapacity as Record<string, JsonObject>;
  return [of(answer.ConsumedCapacity), of(table), of(global?.byProj), of(local?.byLsi)];
}

const SEED: Item = { ...KEY, gsiPk: { S: 'g' }, lsiSk: { S: 'L1' }, proj: { S: 'p' }, beside: { S: 'o' } };

describe('consumed capacity', () => {
  it.each<[string, Item, (number | undefined)[]]>([
    ['an item outside the indexes', KEY, [1, 1, undefined, undefined]],
    ['an item in one', { ...KEY, lsiSk: { S: 'L1' } }, [2, 1, undefined, 1]],
    ['an item in both', SEED, [3, 1, 1, 1]],
    ['1025 bytes', { ...KEY, a: { S: 'x'.repeat(1025 - 7) } }, [2, 2, undefined, undefined]],
    ['1024 bytes', { ...KEY, a: { S: 'x'.repeat(1024 - 7) } }, [1, 1, undefined, undefined]],
  ])('of a put of %s', (_, item, expected) => {
    const { call } = world();

    expect(units(call('PutItem', { ...asked, Item: item }))).toEqual(expected);
  });

  it('of the same put again is the table alone', () => {
    const { call } = world();
    call('PutItem', { ...asked, Item: SEED });

    expect(units(call('PutItem', { ...asked, Item: SEED }))).toEqual([1, 1, undefined, undefined]);
  });

  it.each<[string, (number | undefined)[]]>([
    ['SET beside = :v', [2, 1, undefined, 1]],
    ['SET proj = :v', [3, 1, 1, 1]],
    ['SET gsiPk = :v', [4, 1, 2, 1]],
    ['REMOVE gsiPk', [3, 1, 1, 1]],
    ['SET lsiSk = :v', [3, 1, undefined, 2]],
  ])('of the update %s', (expression, expected) => {
    const { call } = world();
    call('PutItem', { TableName: 'cases', Item: SEED });

    const answer = call('UpdateItem', {
      ...asked,
      Key: KEY,
      UpdateExpression: expression,
      ...(expression.includes(':v') ? { ExpressionAttributeValues: { ':v': { S: 'new' } } } : {}),
    });

    expect(units(answer)).toEqual(expected);
  });

  it('of a delete is the old item and its index entries; of nothing one unit', () => {
    const { call } = world();
    call('PutItem', { TableName: 'cases', Item: SEED });

    expect(units(call('DeleteItem', { ...asked, Key: KEY }))).toEqual([3, 1, 1, 1]);
    expect(units(call('DeleteItem', { ...asked, Key: KEY }))).toEqual([1, 1, undefined, undefined]);
  });

  it('of reads is a unit for each 4 KB, half of it where they may be stale, twice in a transaction', () => {
    const { call } = world();
    call('PutItem', { TableName: 'cases', Item: { ...KEY, a: { S: 'x'.repeat(5000) } } });
    const total = (answer: { ConsumedCapacity?: unknown }) => [answer.ConsumedCapacity].flat();
    const get = { TableName: 'cases', Key: KEY, ReturnConsumedCapacity: 'TOTAL' };

    expect(total(call('GetItem', get))).toEqual([{ TableName: 'cases', CapacityUnits: 1 }]);
    expect(total(call('GetItem', { ...get, ConsistentRead: true }))).toEqual([{ TableName: 'cases', CapacityUnits: 2 }]);
    expect(total(call('GetItem', { ...get, Key: { ...KEY, sk: { S: 'x' } } }))).toEqual([{ TableName: 'cases', CapacityUnits: 0.5 }]);
    expect(
      total(call('TransactGetItems', { TransactItems: [{ Get: { TableName: 'cases', Key: KEY } }], ReturnConsumedCapacity: 'TOTAL' })),
    ).toEqual([{ TableName: 'cases', CapacityUnits: 4, ReadCapacityUnits: 4 }]);
  });

  it('of a write transaction is doubled, indexes too, and of its repetition read units', () => {
    const { call } = world();
    const request = {
      ClientRequestToken: 'once',
      TransactItems: [
        { Put: { TableName: 'cases', Item: SEED } },
        { ConditionCheck: { TableName: 'cases', Key: { ...KEY, sk: { S: '2' } }, ConditionExpression: 'attribute_not_exists(pk)' } },
      ],
      ReturnConsumedCapacity: 'INDEXES',
    };

    expect(call('TransactWriteItems', request).ConsumedCapacity).toEqual([
      {
        TableName: 'cases',
        CapacityUnits: 8,
        WriteCapacityUnits: 8,
        Table: { CapacityUnits: 4 },
        GlobalSecondaryIndexes: { byProj: { CapacityUnits: 2 } },
        LocalSecondaryIndexes: { byLsi: { CapacityUnits: 2 } },
      },
    ]);
    expect(call('TransactWriteItems', request).ConsumedCapacity).toMatchObject([{ ReadCapacityUnits: 4 }]);
  });

  it('of queries adds all bytes before it rounds, on the index where one is read', () => {
    const { call } = world();
    for (let n = 0; n < 10; n += 1)
      call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, sk: { S: `${n}` }, gsiPk: { S: 'g' }, a: { S: 'x'.repeat(1000) } } });
    const query = { ...asked, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } };
    const onIndex = {
      ...asked,
      IndexName: 'byProj',
      KeyConditionExpression: 'gsiPk = :p',
      ExpressionAttributeValues: { ':p': { S: 'g' } },
    };

    expect(units(call('Query', { ...query, ConsistentRead: true }))).toEqual([3, 3, undefined, undefined]);
    expect(units(call('Query', query))).toEqual([1.5, 1.5, undefined, undefined]);
    expect(units(call('Query', onIndex))).toEqual([0.5, 0, 0.5, undefined]);
  });

  it('is counted over all calls, failed conditions included', () => {
    const { call, refusal, dynamodb } = world();
    call('PutItem', { TableName: 'cases', Item: { ...KEY, a: { S: 'x'.repeat(2000) } } });
    call('GetItem', { TableName: 'cases', Key: KEY });

    refusal('DeleteItem', { TableName: 'cases', Key: KEY, ConditionExpression: 'attribute_not_exists(pk)' });

    expect(dynamodb.counts()).toEqual({ reads: 1, writes: 2, readUnits: 0.5, writeUnits: 4 });
  });
});
