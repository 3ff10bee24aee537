import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import type { Item } from '../../../local/services/dynamodb/values.ts';
import { aTable, aWorld, type World } from './world.ts';

/** Twelve entries of one partition, three of another. */
function world(): World {
  const cloud = aWorld();
  cloud.call('CreateTable', aTable('cases', 'pk,sk:N'));
  for (let n = 1; n <= 12; n += 1) cloud.call('PutItem', { TableName: 'cases', Item: entry('a', n) });
  for (let n = 1; n <= 3; n += 1) cloud.call('PutItem', { TableName: 'cases', Item: entry('b', n) });
  return cloud;
}

const entry = (pk: string, n: number): Item => ({ pk: { S: pk }, sk: { N: String(n) }, odd: { BOOL: n % 2 === 1 }, text: { S: `t${n}` } });
const numbers = (items: readonly Item[] | undefined) => items?.map((item) => Number(item.sk?.N));
const ask = (condition: string, values: Item, more: JsonObject = {}) => ({
  TableName: 'cases',
  KeyConditionExpression: condition,
  ExpressionAttributeValues: { ':a': { S: 'a' }, ...values },
  ...more,
});

describe('a query', () => {
  const { call, refusal } = world();

  it.each<[string, Item, number[]]>([
    ['pk = :a', {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    ['pk = :a AND sk = :x', { ':x': { N: '2.0' } }, [2]],
    ['pk = :a AND sk < :x', { ':x': { N: '3' } }, [1, 2]],
    ['sk <= :x AND pk = :a', { ':x': { N: '3' } }, [1, 2, 3]],
    ['pk = :a AND sk > :x', { ':x': { N: '10' } }, [11, 12]],
    ['pk = :a AND :x <= sk', { ':x': { N: '10' } }, [10, 11, 12]],
    ['(pk = :a) AND (sk BETWEEN :x AND :y)', { ':x': { N: '8.5' }, ':y': { N: '11' } }, [9, 10, 11]],
    ['(pk = :a AND sk > :x)', { ':x': { N: '12' } }, []],
  ])('%s', (condition, values, expected) => {
    const answer = call('Query', ask(condition, values));

    expect(numbers(answer.Items)).toEqual(expected);
    expect(answer).toMatchObject({ Count: expected.length, ScannedCount: expected.length });
    expect(answer.LastEvaluatedKey).toBeUndefined();
    expect(numbers(call('Query', ask(condition, values, { ScanIndexForward: false })).Items)).toEqual(expected.toReversed());
  });

  it('finds the texts that begin with a prefix', () => {
    const cloud = aWorld();
    cloud.call('CreateTable', aTable('cases', 'pk,sk'));
    for (const sk of ['#HEAD', 'FACT#a', 'FACT#b', 'FACT', 'FACTS', 'T#1'])
      cloud.call('PutItem', { TableName: 'cases', Item: { pk: { S: 'a' }, sk: { S: sk } } });
    const find = (prefix: string) =>
      cloud.call('Query', ask('pk = :a AND begins_with(sk, :x)', { ':x': { S: prefix } })).Items?.map((item) => item.sk?.S);

    expect(find('FACT#')).toEqual(['FACT#a', 'FACT#b']);
    expect(find('FACT')).toEqual(['FACT', 'FACT#a', 'FACT#b', 'FACTS']);
    expect(find('Z')).toEqual([]);
  });

  it('pages by limit in both directions, and says so even where nothing follows', () => {
    for (const forward of [true, false]) {
      const pages: (number[] | undefined)[] = [];
      let start: Item | undefined;
      do {
        const answer = call(
          'Query',
          ask('pk = :a', {}, { Limit: 4, ScanIndexForward: forward, ...(start && { ExclusiveStartKey: start }) }),
        );
        pages.push(numbers(answer.Items));
        start = answer.LastEvaluatedKey;
      } while (start !== undefined && pages.length < 9);

      const all = [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10, 11, 12],
      ];
      expect(pages).toEqual([...(forward ? all : all.toReversed().map((page) => page.toReversed())), []]);
    }
  });

  it('filters after the limit, and counts both', () => {
    const filtered = ask('pk = :a', { ':true': { BOOL: true } }, { FilterExpression: 'odd = :true', Limit: 5 });

    const answer = call('Query', filtered);
    const counted = call('Query', { ...filtered, Select: 'COUNT' });

    expect(answer).toMatchObject({ Count: 3, ScannedCount: 5, LastEvaluatedKey: { pk: { S: 'a' }, sk: { N: '5' } } });
    expect(numbers(answer.Items)).toEqual([1, 3, 5]);
    expect(counted).toMatchObject({ Count: 3, ScannedCount: 5 });
    expect(counted.Items).toBeUndefined();
  });

  it('ends a page after 1 MB', () => {
    const cloud = aWorld();
    cloud.call('CreateTable', aTable('cases', 'pk,sk:N'));
    for (let n = 0; n < 5; n += 1)
      cloud.call('PutItem', { TableName: 'cases', Item: { pk: { S: 'a' }, sk: { N: String(n) }, blob: { S: 'x'.repeat(300_000) } } });

    const first = cloud.call('Query', ask('pk = :a', {}, { ProjectionExpression: 'sk', ReturnConsumedCapacity: 'TOTAL' }));
    const second = cloud.call('Query', ask('pk = :a', {}, { ProjectionExpression: 'sk', ExclusiveStartKey: first.LastEvaluatedKey }));

    expect(numbers(first.Items)).toEqual([0, 1, 2, 3]);
    expect(first.ConsumedCapacity).toEqual({ TableName: 'cases', CapacityUnits: 146.5 });
    expect(numbers(second.Items)).toEqual([4]);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  const INVALID = 'One or more parameter values were invalid';
  it.each<[string, JsonObject, string]>([
    [
      'no condition',
      { TableName: 'cases' },
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    ],
    ['an empty one', ask('', {}), 'Invalid KeyConditionExpression: The expression can not be empty;'],
    [
      'no partition key',
      ask('sk = :x', { ':x': { N: '1' } }, { ExpressionAttributeValues: { ':x': { N: '1' } } }),
      'Query condition missed key schema element: pk',
    ],
    ['another attribute', ask('pk = :a AND odd = :x', { ':x': { N: '1' } }), 'Query condition missed key schema element: sk'],
    ['a range of partitions', ask('pk > :a', {}), 'Query key condition not supported'],
    ['another type', ask('pk = :a AND sk = :x', { ':x': { S: '1' } }), `${INVALID}: Condition parameter type does not match schema type`],
    [
      'a prefix of a number',
      ask('pk = :a AND begins_with(sk, :x)', { ':x': { S: '1' } }),
      `${INVALID}: Condition parameter type does not match schema type`,
    ],
    ['OR', ask('pk = :a OR sk = :x', { ':x': { N: '1' } }), 'Invalid operator used in KeyConditionExpression: OR'],
    ['NOT', ask('pk = :a AND NOT sk = :x', { ':x': { N: '1' } }), 'Invalid operator used in KeyConditionExpression: NOT'],
    ['<>', ask('pk = :a AND sk <> :x', { ':x': { N: '1' } }), 'Invalid operator used in KeyConditionExpression: <>'],
    ['a function', ask('pk = :a AND contains(sk, :x)', { ':x': { N: '1' } }), 'Invalid operator used in KeyConditionExpression: contains'],
    [
      'a key twice',
      ask('pk = :a AND sk > :x AND sk < :x', { ':x': { N: '1' } }),
      'KeyConditionExpressions must only contain one condition per key',
    ],
    [
      'a nested path',
      ask('pk = :a AND sk.x = :x', { ':x': { N: '1' } }),
      'KeyConditionExpressions cannot have conditions on nested attributes',
    ],
    ['a size', ask('pk = :a AND sk = size(x)', {}), 'KeyConditionExpressions cannot contain nested operations'],
    [
      'a filter on a key',
      ask('pk = :a', { ':x': { N: '1' } }, { FilterExpression: 'sk = :x' }),
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    ],
    ['no such index', ask('pk = :a', {}, { IndexName: 'nobody' }), 'The table does not have the specified index: nobody'],
    [
      'a limit of 0',
      ask('pk = :a', {}, { Limit: 0 }),
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'a start elsewhere',
      ask('pk = :a', {}, { ExclusiveStartKey: { pk: { S: 'b' }, sk: { N: '1' } } }),
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [
      'a start outside the range',
      ask('pk = :a AND sk > :x', { ':x': { N: '5' } }, { ExclusiveStartKey: { pk: { S: 'a' }, sk: { N: '4' } } }),
      'The provided starting key does not match the range key predicate',
    ],
    [
      'half a start',
      ask('pk = :a', {}, { ExclusiveStartKey: { pk: { S: 'a' } } }),
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [
      'a projection of a count',
      ask('pk = :a', {}, { Select: 'COUNT', ProjectionExpression: 'sk' }),
      'Cannot specify the ProjectionExpression when choosing to get only the Count',
    ],
    [
      'a projection of everything',
      ask('pk = :a', {}, { Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'sk' }),
      'Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES',
    ],
    [
      'projected attributes of a table',
      ask('pk = :a', {}, { Select: 'ALL_PROJECTED_ATTRIBUTES' }),
      `${INVALID}: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`,
    ],
    [
      'key conditions of old',
      ask('pk = :a', {}, { KeyConditions: {} }),
      'The embedded cloud does not support the legacy parameter KeyConditions: use the expression parameter instead.',
    ],
  ])('with %s is refused', (_, input, message) => {
    expect(refusal('Query', input)).toMatchObject({ code: 'ValidationException', message });
  });
});

describe('a scan', () => {
  const { call, refusal } = world();
  const pages = (more: JsonObject) => {
    const found: Item[] = [];
    let start: Item | undefined;
    do {
      const answer = call('Scan', { TableName: 'cases', ...more, ...(start && { ExclusiveStartKey: start }) });
      found.push(...(answer.Items ?? []));
      start = answer.LastEvaluatedKey;
    } while (start !== undefined);
    return found.map((item) => `${item.pk?.S}${item.sk?.N}`).sort();
  };

  it('meets every item once, whatever the pages and segments', () => {
    const all = pages({});

    expect(all).toHaveLength(15);
    for (const limit of [1, 4, 15]) expect(pages({ Limit: limit })).toEqual(all);
    for (const segments of [1, 2, 3, 7]) {
      const parts = Array.from({ length: segments }, (_, segment) => pages({ Segment: segment, TotalSegments: segments, Limit: 2 }));
      expect(parts.flat().sort()).toEqual(all);
    }
  });

  it('filters, also on keys', () => {
    const answer = call('Scan', {
      TableName: 'cases',
      FilterExpression: 'sk = :x',
      ExpressionAttributeValues: { ':x': { N: '2' } },
      ProjectionExpression: 'pk',
    });

    expect(answer).toMatchObject({ Count: 2, ScannedCount: 15 });
    expect(answer.Items).toEqual(expect.arrayContaining([{ pk: { S: 'a' } }, { pk: { S: 'b' } }]));
  });

  it.each<[JsonObject, string]>([
    [{ Segment: 1 }, 'The TotalSegments parameter is required but was not present in the request when Segment parameter is present'],
    [{ TotalSegments: 1 }, 'The Segment parameter is required but was not present in the request when parameter TotalSegments is present'],
    [
      { Segment: 2, TotalSegments: 2 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
    ],
    [{ ExclusiveStartKey: { pk: { S: 'a' } } }, 'The provided starting key is invalid: The provided key element does not match the schema'],
  ])('%j is refused', (input, message) => {
    expect(refusal('Scan', { TableName: 'cases', ...input })).toMatchObject({ code: 'ValidationException', message });
  });
});
