import { describe, expect, it } from 'vitest';
import type { Item } from '../../../local/services/dynamodb/values.ts';
import { anIndex, aTable, aWorld } from './world.ts';

const ITEM: Item = {
  a: { S: 'old' },
  n: { N: '10' },
  big: { N: '99999999999999999999999999999999999999' },
  tags: { SS: ['a', 'b'] },
  numbers: { NS: ['1', '2'] },
  list: { L: [{ S: '0' }, { S: '1' }, { S: '2' }, { S: '3' }] },
  map: { M: { x: { N: '1' }, y: { M: { z: { S: 'deep' } } } } },
};
const VALUES: Item = {
  ':s': { S: 'new' },
  ':t': { S: 'other' },
  ':1': { N: '1' },
  ':half': { N: '0.5' },
  ':list': { L: [{ S: 'l' }] },
  ':map': { M: { m: { S: 'm' } } },
  ':ab': { SS: ['a', 'b'] },
  ':bc': { SS: ['b', 'c'] },
  ':n2': { NS: ['2.0', '3'] },
};

function aWorldWith(item: Item | undefined) {
  const world = aWorld();
  world.call('CreateTable', aTable('cases', 'pk'));
  if (item !== undefined) world.call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, ...item } });
  return world;
}

function request(expression: string, more = {}) {
  const values = Object.fromEntries(Object.entries(VALUES).filter(([name]) => new RegExp(`${name}(?![A-Za-z0-9_])`).test(expression)));
  return {
    TableName: 'cases',
    Key: { pk: { S: 'p' } },
    UpdateExpression: expression,
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    ...more,
  };
}

describe('an update', () => {
  it.each<[string, Item]>([
    ['SET a = :s', { ...ITEM, a: { S: 'new' } }],
    ['set b = a, a = :s', { ...ITEM, a: { S: 'new' }, b: { S: 'old' } }],
    ['SET n = n + :1', { ...ITEM, n: { N: '11' } }],
    ['SET n = :half - n', { ...ITEM, n: { N: '-9.5' } }],
    ['SET n = (n + :1)', { ...ITEM, n: { N: '11' } }],
    ['SET big = big - :1', { ...ITEM, big: { N: '99999999999999999999999999999999999998' } }],
    ['SET c = if_not_exists(c, :1) + :1', { ...ITEM, c: { N: '2' } }],
    ['SET n = if_not_exists(n, :1) + :1', { ...ITEM, n: { N: '11' } }],
    ['SET c = if_not_exists(c, a)', { ...ITEM, c: { S: 'old' } }],
    ['SET c = list_append(:list, if_not_exists(c, :list))', { ...ITEM, c: { L: [{ S: 'l' }, { S: 'l' }] } }],
    ['SET #list = list_append(#list, :list)', { ...ITEM, list: { L: [...(ITEM.list?.L ?? []), { S: 'l' }] } }],
    ['SET #list[1] = :s', { ...ITEM, list: { L: [{ S: '0' }, { S: 'new' }, { S: '2' }, { S: '3' }] } }],
    ['SET #list[9] = :s, #list[7] = :t', { ...ITEM, list: { L: [...(ITEM.list?.L ?? []), { S: 'other' }, { S: 'new' }] } }],
    ['REMOVE #list[0], #list[2]', { ...ITEM, list: { L: [{ S: '1' }, { S: '3' }] } }],
    ['SET #list[3] = :s REMOVE #list[0], #list[9]', { ...ITEM, list: { L: [{ S: '1' }, { S: '2' }, { S: 'new' }] } }],
    ['SET #map.x = :s', { ...ITEM, map: { M: { ...ITEM.map?.M, x: { S: 'new' } } } }],
    ['SET #map.y.q = #map.x + :1', { ...ITEM, map: { M: { x: { N: '1' }, y: { M: { z: { S: 'deep' }, q: { N: '2' } } } } } }],
    ['SET b = #map, #map.x = :s', { ...ITEM, b: ITEM.map as { M: Item }, map: { M: { ...ITEM.map?.M, x: { S: 'new' } } } }],
    ['REMOVE #map.y.z', { ...ITEM, map: { M: { x: { N: '1' }, y: { M: {} } } } }],
    ['REMOVE nobody, #map.nobody', ITEM],
    ['ADD n :half', { ...ITEM, n: { N: '10.5' } }],
    ['ADD c :1', { ...ITEM, c: { N: '1' } }],
    ['ADD tags :bc', { ...ITEM, tags: { SS: ['a', 'b', 'c'] } }],
    ['ADD numbers :n2', { ...ITEM, numbers: { NS: ['1', '2', '3'] } }],
    ['ADD c :bc', { ...ITEM, c: { SS: ['b', 'c'] } }],
    ['ADD #map.x :1', { ...ITEM, map: { M: { ...ITEM.map?.M, x: { N: '2' } } } }],
    ['DELETE tags :bc', { ...ITEM, tags: { SS: ['a'] } }],
    ['DELETE nobody :bc', ITEM],
    ['DELETE numbers :n2 ADD n :1 REMOVE a SET b = :s', { ...without(ITEM, 'a'), numbers: { NS: ['1'] }, n: { N: '11' }, b: { S: 'new' } }],
    ['DELETE tags :ab', without(ITEM, 'tags')],
  ])('%s', (expression, expected) => {
    const { call } = aWorldWith(ITEM);

    const { Attributes: attributes } = call('UpdateItem', {
      ...request(expression, { ReturnValues: 'ALL_NEW' }),
      ...names(expression),
    });

    expect(attributes).toEqual({ pk: { S: 'p' }, ...expected });
    expect(call('GetItem', { TableName: 'cases', Key: { pk: { S: 'p' } } }).Item).toEqual(attributes);
  });

  it.each([
    ['', 'Invalid UpdateExpression: The expression can not be empty;'],
    ['INVALID SYNTAX HERE', 'Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"'],
    ['SET a', 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "a"'],
    ['SET a = n + :1 + :1', 'Invalid UpdateExpression: Syntax error; token: "+", near: ":1 + :1"'],
    ['SET a = :s, ', 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: ", "'],
    ['SET a = :s SET b = :t', 'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;'],
    ['REMOVE a = :s', 'Invalid UpdateExpression: Syntax error; token: "=", near: "a = :s"'],
    ['ADD n n', 'Invalid UpdateExpression: Syntax error; token: "n", near: "n n"'],
    ['SET status = :s', 'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status'],
    ['SET a = size(n)', 'Invalid UpdateExpression: Invalid function name; function: size'],
    [
      'SET a = if_not_exists(a)',
      'Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
    ],
    [
      'SET a = if_not_exists(:s, :t)',
      'Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'SET a = list_append(#list, :s)',
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: S',
    ],
    [
      'SET a = n + :s',
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S',
    ],
    ['ADD a :s', 'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING'],
    ['DELETE a :1', 'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER'],
    [
      'SET a = :s, a = :t',
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
    ],
    [
      'SET #map.y = :s REMOVE #map.y.z',
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [map, y], path two: [map, y, z]',
    ],
    [
      'SET #map.x = :s, #map[0] = :t',
      'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [map, x], path two: [map, [0]]',
    ],
    ['SET pk = :s', 'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key'],
    ['REMOVE pk', 'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key'],
    ['SET a = nobody', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET a = nobody + :1', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET a = a + :1', 'An operand in the update expression has an incorrect data type'],
    ['SET a = list_append(a, :list)', 'An operand in the update expression has an incorrect data type'],
    ['ADD a :1', 'An operand in the update expression has an incorrect data type'],
    ['ADD tags :n2', 'An operand in the update expression has an incorrect data type'],
    ['DELETE numbers :bc', 'An operand in the update expression has an incorrect data type'],
    ['SET nobody.b = :s', 'The document path provided in the update expression is invalid for update'],
    ['SET a.b = :s', 'The document path provided in the update expression is invalid for update'],
    ['SET a[0] = :s', 'The document path provided in the update expression is invalid for update'],
    ['REMOVE nobody.b', 'The document path provided in the update expression is invalid for update'],
    ['SET big = big + :1, n = big + :half', 'Attempting to store more than 38 significant digits in a Number'],
  ])('%s is refused and changes nothing', (expression, message) => {
    const { call, refusal } = aWorldWith(ITEM);

    const error = refusal('UpdateItem', { ...request(expression), ...names(expression) });

    expect(error).toMatchObject({ code: 'ValidationException', message });
    expect(call('GetItem', { TableName: 'cases', Key: { pk: { S: 'p' } } }).Item).toEqual({ pk: { S: 'p' }, ...ITEM });
  });

  it.each<[string, string, Item | undefined]>([
    ['NONE', 'SET a = :s', undefined],
    ['ALL_OLD', 'SET a = :s', { pk: { S: 'p' }, ...ITEM }],
    ['UPDATED_OLD', 'SET a = :s, c = :t', { a: { S: 'old' } }],
    ['UPDATED_NEW', 'SET a = :s, c = :t', { a: { S: 'new' }, c: { S: 'other' } }],
    ['UPDATED_NEW', 'SET #map.x = :s', { map: { M: { x: { S: 'new' } } } }],
    ['UPDATED_OLD', 'SET #list[2] = :s, #list[1] = :t', { list: { L: [{ S: '1' }, { S: '2' }] } }],
    ['UPDATED_OLD', 'SET c = :s', undefined],
    ['UPDATED_NEW', 'REMOVE a', undefined],
  ])('answers %s of %s', (returned, expression, expected) => {
    const { call } = aWorldWith(ITEM);

    const { Attributes: attributes } = call('UpdateItem', {
      ...request(expression, { ReturnValues: returned }),
      ...names(expression),
    });

    expect(attributes).toEqual(expected);
  });

  it('makes the item it does not find, with its key', () => {
    const { call } = aWorldWith(undefined);

    call('UpdateItem', request('ADD n :1'));

    expect(call('GetItem', { TableName: 'cases', Key: { pk: { S: 'p' } } }).Item).toEqual({ pk: { S: 'p' }, n: { N: '1' } });
  });

  it('makes an item of the key alone without an expression, and none where it only takes away', () => {
    const [bare, removing] = [aWorldWith(undefined), aWorldWith(undefined)];

    bare.call('UpdateItem', { TableName: 'cases', Key: { pk: { S: 'p' } } });
    removing.call('UpdateItem', request('REMOVE a'));

    expect(bare.call('GetItem', { TableName: 'cases', Key: { pk: { S: 'p' } } }).Item).toEqual({ pk: { S: 'p' } });
    expect(removing.call('GetItem', { TableName: 'cases', Key: { pk: { S: 'p' } } })).toEqual({});
  });

  it('refuses values that an index cannot take', () => {
    const { call, refusal } = aWorld();
    call('CreateTable', aTable('cases', 'pk/due', { GlobalSecondaryIndexes: [anIndex('byDue', 'due')] }));
    const set = (value: object) =>
      refusal('UpdateItem', {
        TableName: 'cases',
        Key: { pk: { S: 'p' } },
        UpdateExpression: 'SET due = :v',
        ExpressionAttributeValues: { ':v': value },
      }).message;

    expect(set({ N: '5' })).toBe(
      'One or more parameter values were invalid: Type mismatch for Index Key due Expected: S Actual: N IndexName: byDue',
    );
    expect(set({ S: '' })).toBe(
      'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value ' +
        'that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
    );
  });

  it('leaves what a failed condition guards, and shows the item where asked', () => {
    const { call, refusal } = aWorldWith(ITEM);
    const guarded = { ConditionExpression: 'n = :1', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };

    const error = refusal('UpdateItem', {
      ...request('SET a = :s', guarded),
      ExpressionAttributeValues: { ':s': { S: 'new' }, ':1': { N: '1' } },
    });

    expect(error).toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      extra: { Item: { pk: { S: 'p' }, ...ITEM } },
    });
    expect(call('GetItem', { TableName: 'cases', Key: { pk: { S: 'p' } } }).Item?.a).toEqual({ S: 'old' });
  });
});

function names(expression: string) {
  const used = Object.fromEntries(['#list', '#map'].filter((name) => expression.includes(name)).map((name) => [name, name.slice(1)]));
  return Object.keys(used).length === 0 ? {} : { ExpressionAttributeNames: used };
}

function without(item: Item, name: string): Item {
  const { [name]: _, ...rest } = item;
  return rest;
}
