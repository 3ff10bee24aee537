import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import type { Item } from '../../../local/services/dynamodb/values.ts';
import { aTable, aWorld } from './world.ts';

const key = (id: string) => ({ pk: { S: id } });
const put = (id: string, more: Item = {}) => ({ PutRequest: { Item: { ...key(id), ...more } } });

function world() {
  const cloud = aWorld();
  cloud.call('CreateTable', aTable('cases', 'pk'));
  cloud.call('CreateTable', aTable('tasks', 'pk'));
  return cloud;
}

describe('a batch', () => {
  it('writes and reads over several tables', () => {
    const { call } = world();
    call('PutItem', { TableName: 'tasks', Item: key('old') });

    const written = call('BatchWriteItem', {
      RequestItems: { cases: [put('1', { a: { S: 'x' } }), put('2')], tasks: [put('3'), { DeleteRequest: { Key: key('old') } }] },
    });
    const read = call('BatchGetItem', {
      RequestItems: {
        cases: { Keys: [key('1'), key('9')], ProjectionExpression: 'a' },
        tasks: { Keys: [key('3'), key('old')], ConsistentRead: true },
      },
    });

    expect(written).toEqual({ UnprocessedItems: {} });
    expect(read).toEqual({ Responses: { cases: [{ a: { S: 'x' } }], tasks: [key('3')] }, UnprocessedKeys: {} });
  });

  it('of reads ends at 16 MB and hands back the keys it did not get to', () => {
    const { call } = world();
    const keys = Array.from({ length: 50 }, (_, position) => key(`k${position}`));
    for (const one of keys) call('PutItem', { TableName: 'cases', Item: { ...one, a: { S: 'x'.repeat(400_000) } } });
    const seen: (string | undefined)[] = [];
    let request: JsonObject = { cases: { Keys: keys } };
    let calls = 0;

    while (Object.keys(request).length > 0) {
      const answer = call('BatchGetItem', { RequestItems: request });
      seen.push(...((answer.Responses as Record<string, Item[]>).cases ?? []).map((item) => item.pk?.S));
      request = answer.UnprocessedKeys as JsonObject;
      calls += 1;
    }

    expect(seen).toEqual(keys.map((one) => one.pk.S));
    expect(calls).toBe(2);
  });

  const many = (count: number) => Array.from({ length: count }, (_, position) => key(`k${position}`));
  it.each<[string, JsonObject, string]>([
    ['BatchGetItem', { cases: { Keys: [key('1'), key('1')] } }, 'Provided list of item keys contains duplicates'],
    ['BatchGetItem', { cases: { Keys: many(60) }, tasks: { Keys: many(60) } }, 'Too many items requested for the BatchGetItem call'],
    [
      'BatchGetItem',
      { cases: { Keys: [] } },
      "1 validation error detected: Value '[]' at 'requestItems.cases.member.keys' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    ['BatchWriteItem', { cases: [put('1'), { DeleteRequest: { Key: key('1') } }] }, 'Provided list of item keys contains duplicates'],
    [
      'BatchWriteItem',
      { cases: many(20).map((one) => put(one.pk.S)), tasks: many(20).map((one) => put(one.pk.S)) },
      'Too many items requested for the BatchWriteItem call',
    ],
    [
      'BatchWriteItem',
      { cases: [{ ...put('1'), DeleteRequest: { Key: key('2') } }] },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    ['BatchGetItem', {}, 'The requestItems parameter is required for BatchGetItem'],
    ['BatchWriteItem', {}, 'The requestItems parameter is required for BatchWriteItem'],
    [
      'BatchWriteItem',
      { cases: many(26).map((one) => put(one.pk.S)) },
      "1 validation error detected: Value '{cases=[26 members]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy " +
        'constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]',
    ],
    ['BatchWriteItem', { cases: [{ PutRequest: { Item: { pk: { N: '5' } } } }] }, 'The provided key element does not match the schema'],
    ['BatchWriteItem', { cases: [{ PutRequest: { Item: { a: { N: '5' } } } }] }, 'The provided key element does not match the schema'],
  ])('%s %j is refused and writes nothing', (operation, requestItems, message) => {
    const { call, refusal } = world();

    expect(refusal(operation, { RequestItems: requestItems })).toMatchObject({ code: 'ValidationException', message });
    expect(call('Scan', { TableName: 'cases' }).Count).toBe(0);
  });

  it('of an unknown table is refused whole', () => {
    const { call, refusal } = world();

    expect(refusal('BatchWriteItem', { RequestItems: { cases: [put('1')], nobody: [put('2')] } }).code).toBe('ResourceNotFoundException');
    expect(call('Scan', { TableName: 'cases' }).Count).toBe(0);
  });
});
