import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { anIndex, aTable, aWorld } from './world.ts';

function world() {
  const cloud = aWorld();
  cloud.call('CreateTable', aTable('cases', 'pk,sk'));
  return cloud;
}

const KEY = { pk: { S: 'p' }, sk: { S: 's' } };

describe('items', () => {
  it('come back as they were put, with numbers in one spelling', () => {
    const { call } = world();
    const item = {
      ...KEY,
      text: { S: 'é 王小明 😀' },
      blank: { S: '' },
      number: { N: '1.500' },
      bytes: { B: 'AAEC' },
      no: { BOOL: false },
      nothing: { NULL: false },
      words: { SS: ['', 'b'] },
      numbers: { NS: ['10', '1e0'] },
      blobs: { BS: ['', 'AQ=='] },
      list: { L: [{ N: '007' }, { M: { k: { NULL: true } } }] },
      empty: { M: {} },
    };

    call('PutItem', { TableName: 'cases', Item: item });

    expect(call('GetItem', { TableName: 'cases', Key: KEY, ConsistentRead: true }).Item).toEqual({
      ...item,
      number: { N: '1.5' },
      nothing: { NULL: true },
      numbers: { NS: ['10', '1'] },
      list: { L: [{ N: '7' }, { M: { k: { NULL: true } } }] },
    });
    expect(item.number).toEqual({ N: '1.500' });
  });

  it('are one for every spelling of a number key', () => {
    const { call } = aWorld();
    call('CreateTable', aTable('numbers', 'pk:N'));

    call('PutItem', { TableName: 'numbers', Item: { pk: { N: '1.0' }, a: { S: 'first' } } });
    const replaced = call('PutItem', { TableName: 'numbers', Item: { pk: { N: '1e0' } }, ReturnValues: 'ALL_OLD' });

    expect(replaced.Attributes).toEqual({ pk: { N: '1' }, a: { S: 'first' } });
    expect(call('Scan', { TableName: 'numbers' }).Count).toBe(1);
  });

  it('go when deleted, which may be repeated', () => {
    const { call } = world();
    call('PutItem', { TableName: 'cases', Item: { ...KEY, a: { S: 'x' } } });

    const first = call('DeleteItem', { TableName: 'cases', Key: KEY, ReturnValues: 'ALL_OLD' });
    const second = call('DeleteItem', { TableName: 'cases', Key: KEY, ReturnValues: 'ALL_OLD' });

    expect(first).toEqual({ Attributes: { ...KEY, a: { S: 'x' } } });
    expect(second).toEqual({});
    expect(call('GetItem', { TableName: 'cases', Key: KEY })).toEqual({});
  });

  it('are put only where a condition holds', () => {
    const { call, refusal } = world();
    const put = { TableName: 'cases', Item: { ...KEY, a: { S: 'x' } }, ConditionExpression: 'attribute_not_exists(pk)' };

    call('PutItem', put);
    const error = refusal('PutItem', { ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });

    expect(error).toMatchObject({ code: 'ConditionalCheckFailedException', extra: { Item: put.Item } });
    expect(refusal('PutItem', put).extra).toEqual({});
  });

  it('show the parts a projection names', () => {
    const { call } = world();
    const item = { ...KEY, a: { M: { b: { S: '1' }, c: { S: '2' } } }, l: { L: [{ S: '0' }, { M: { x: { S: 'x' }, y: { S: 'y' } } }] } };
    call('PutItem', { TableName: 'cases', Item: item });

    const { Item: shown } = call('GetItem', {
      TableName: 'cases',
      Key: KEY,
      ProjectionExpression: 'a.#c, l[1].y, l[7], nobody, sk.x',
      ExpressionAttributeNames: { '#c': 'c' },
    });

    expect(shown).toEqual({ a: { M: { c: { S: '2' } } }, l: { L: [{ M: { y: { S: 'y' } } }] } });
  });

  it.each<[string, JsonObject, string]>([
    [
      'GetItem',
      { Key: KEY },
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    ],
    [
      'GetItem',
      { TableName: 'cases' },
      "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null",
    ],
    [
      'PutItem',
      { TableName: 'cases' },
      "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
    ],
    [
      'GetItem',
      { TableName: 'bad table!', Key: KEY },
      "1 validation error detected: Value 'bad table!' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ],
    ['GetItem', { TableName: 'cases', Key: { pk: { S: 'p' } } }, 'The provided key element does not match the schema'],
    ['GetItem', { TableName: 'cases', Key: { ...KEY, x: { S: 'x' } } }, 'The provided key element does not match the schema'],
    ['GetItem', { TableName: 'cases', Key: { pk: { S: 'p' }, sk: { N: '1' } } }, 'The provided key element does not match the schema'],
    [
      'GetItem',
      { TableName: 'cases', Key: { pk: { S: '' }, sk: { S: 's' } } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      'GetItem',
      { TableName: 'cases', Key: { pk: { S: 'p'.repeat(2049) }, sk: { S: 's' } } },
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
    [
      'GetItem',
      { TableName: 'cases', Key: { pk: { S: 'p' }, sk: { S: 's'.repeat(1025) } } },
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    ],
    [
      'GetItem',
      { TableName: 'cases', Key: KEY, ProjectionExpression: 'a, a.b' },
      'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    ],
    [
      'GetItem',
      { TableName: 'cases', Key: KEY, ProjectionExpression: 'a,' },
      'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","',
    ],
    [
      'GetItem',
      { TableName: 'cases', Key: KEY, AttributesToGet: ['a'] },
      'The embedded cloud does not support the legacy parameter AttributesToGet: use the expression parameter instead.',
    ],
    [
      'GetItem',
      { TableName: 'cases', Key: KEY, ReturnConsumedCapacity: 'ALL' },
      "1 validation error detected: Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    ],
    [
      'PutItem',
      { TableName: 'cases', Item: { pk: { S: 'p' } } },
      'One or more parameter values were invalid: Missing the key sk in the item',
    ],
    [
      'PutItem',
      { TableName: 'cases', Item: { pk: { N: '1' }, sk: { S: 's' } } },
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [
      'PutItem',
      { TableName: 'cases', Item: { ...KEY, a: {} } },
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    ],
    [
      'PutItem',
      { TableName: 'cases', Item: { ...KEY, a: { S: 'x', N: '1' } } },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [
      'PutItem',
      { TableName: 'cases', Item: { ...KEY, a: { SS: [] } } },
      'One or more parameter values were invalid: An string set  may not be empty',
    ],
    [
      'PutItem',
      { TableName: 'cases', Item: { ...KEY, a: { NS: [] } } },
      'One or more parameter values were invalid: An number set  may not be empty',
    ],
    [
      'PutItem',
      { TableName: 'cases', Item: { ...KEY, a: { BS: [] } } },
      'One or more parameter values were invalid: Binary sets should not be empty',
    ],
    [
      'PutItem',
      { TableName: 'cases', Item: { ...KEY, a: { SS: ['x', 'x'] } } },
      'One or more parameter values were invalid: Input collection [x, x] contains duplicates.',
    ],
    ['PutItem', { TableName: 'cases', Item: { ...KEY, a: { NS: ['1', '1.0'] } } }, 'Input collection contains duplicates'],
    ['PutItem', { TableName: 'cases', Item: KEY, ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
  ])('%s %j is refused', (operation, input, message) => {
    expect(world().refusal(operation, input)).toMatchObject({ code: 'ValidationException', message });
  });

  it('have at most 400 KB, names and values together, to the byte', () => {
    const { call, refusal } = world();
    // pk, sk and a are 5 bytes of names; p and s two of values.
    const item = (bytes: number) => ({ ...KEY, a: { S: 'x'.repeat(bytes - 7) } });

    call('PutItem', { TableName: 'cases', Item: item(409_600) });
    const put = refusal('PutItem', { TableName: 'cases', Item: item(409_601) });
    const update = refusal('UpdateItem', {
      TableName: 'cases',
      Key: KEY,
      UpdateExpression: 'SET b = :b',
      ExpressionAttributeValues: { ':b': { S: '' } },
    });

    expect(put.message).toBe('Item size has exceeded the maximum allowed size');
    expect(update.message).toBe('Item size to update has exceeded the maximum allowed size');
  });

  it('nest 32 levels deep, no deeper', () => {
    const { call, refusal } = world();
    const nested = (levels: number): JsonObject => (levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] });

    call('PutItem', { TableName: 'cases', Item: { ...KEY, a: nested(32) } });
    const error = refusal('PutItem', { TableName: 'cases', Item: { ...KEY, a: nested(33) } });

    expect(error.message).toContain('Nesting Levels have exceeded supported limits');
  });

  it('are refused where an index cannot take them, and enter it where it can', () => {
    const { call, refusal } = aWorld();
    call('CreateTable', aTable('cases', 'pk/due', { GlobalSecondaryIndexes: [anIndex('byDue', 'due')] }));
    const put = (due: JsonObject) => ({ TableName: 'cases', Item: { pk: { S: 'p' }, due } });

    expect(refusal('PutItem', put({ L: [] })).message).toBe(
      'One or more parameter values were invalid: Type mismatch for Index Key due Expected: S Actual: L IndexName: byDue',
    );
    expect(refusal('PutItem', put({ S: '' })).message).toBe(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue ' +
        'for a key attribute cannot contain an empty string value. IndexName: byDue, IndexKey: due',
    );
    call('PutItem', put({ S: 'x' }));
    expect(call('Scan', { TableName: 'cases', IndexName: 'byDue' }).Count).toBe(1);
  });

  it('of an unknown table or operation are refused by name', () => {
    const { refusal } = aWorld();

    expect(refusal('GetItem', { TableName: 'nobody', Key: KEY })).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
    expect(refusal('ExecuteStatement', {}).code).toBe('UnknownOperationException');
  });

  it('are found by the ARN of their table too', () => {
    const { call } = world();
    call('PutItem', { TableName: 'arn:aws:dynamodb:us-east-1:000000000000:table/cases', Item: KEY });

    expect(call('GetItem', { TableName: 'cases', Key: KEY }).Item).toEqual(KEY);
  });
});
