import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { aTable, aWorld, type World } from './world.ts';

function world(): World {
  const cloud = aWorld();
  cloud.call('CreateTable', aTable('cases', 'pk', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } }));
  cloud.call('CreateTable', aTable('tasks', 'pk'));
  cloud.call('PutItem', { TableName: 'cases', Item: head('1', '7') });
  return cloud;
}

const head = (id: string, version: string) => ({ pk: { S: id }, version: { N: version } });
const key = (id: string) => ({ pk: { S: id } });
const put = (id: string, more: JsonObject = {}, table = 'cases') => ({ Put: { TableName: table, Item: head(id, '1'), ...more } });
const fresh = { ConditionExpression: 'attribute_not_exists(pk)' };
const bump = (id: string, from: string, more: JsonObject = {}) => ({
  Update: {
    TableName: 'cases',
    Key: key(id),
    UpdateExpression: 'SET version = version + :one',
    ConditionExpression: 'version = :v',
    ExpressionAttributeValues: { ':one': { N: '1' }, ':v': { N: from } },
    ...more,
  },
});
const write = (...items: JsonObject[]) => ({ TransactItems: items });
const versions = ({ call }: World) =>
  Object.fromEntries((call('Scan', { TableName: 'cases' }).Items ?? []).map((item) => [item.pk?.S, item.version?.N]));

describe('a write transaction', () => {
  it('does everything', () => {
    const cloud = world();
    cloud.call('PutItem', { TableName: 'cases', Item: head('2', '1') });

    const answer = cloud.call(
      'TransactWriteItems',
      write(
        bump('1', '7'),
        put('3', fresh),
        put('9', {}, 'tasks'),
        { Delete: { TableName: 'cases', Key: key('2') } },
        { ConditionCheck: { TableName: 'cases', Key: key('4'), ...fresh } },
      ),
    );

    expect(answer).toEqual({});
    expect(versions(cloud)).toEqual({ 1: '8', 3: '1' });
    expect(cloud.call('GetItem', { TableName: 'tasks', Key: key('9') }).Item).toEqual(head('9', '1'));
  });

  it('does nothing where one condition fails, and gives each action its reason', () => {
    const cloud = world();
    const before = cloud.dynamodb.readStream('cases', '', 10).length;

    const error = cloud.refusal(
      'TransactWriteItems',
      write(
        put('3', fresh),
        bump('1', '6', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
        { ConditionCheck: { TableName: 'cases', Key: key('4'), ConditionExpression: 'attribute_exists(pk)' } },
        bump('5', '1', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      ),
    );

    expect(error).toMatchObject({
      code: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
        '[None, ConditionalCheckFailed, ConditionalCheckFailed, ConditionalCheckFailed]',
    });
    expect(error.extra.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: head('1', '7') },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    ]);
    expect(versions(cloud)).toEqual({ 1: '7' });
    expect(cloud.dynamodb.readStream('cases', '', 10)).toHaveLength(before);
  });

  it.each<[string, JsonObject, string]>([
    [
      'a key of another type',
      { Put: { TableName: 'cases', Item: { pk: { N: '5' } } } },
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [
      'a key that is no key',
      { Delete: { TableName: 'cases', Key: { id: { S: 'x' } } } },
      'The provided key element does not match the schema',
    ],
    [
      'an attribute that is not there',
      { Update: { TableName: 'cases', Key: key('5'), UpdateExpression: 'SET a = b' } },
      'The provided expression refers to an attribute that does not exist in the item',
    ],
    [
      'an item that grows too large',
      {
        Update: {
          TableName: 'cases',
          Key: key('5'),
          UpdateExpression: 'SET a = :a',
          ExpressionAttributeValues: { ':a': { S: 'x'.repeat(409_600) } },
        },
      },
      'Item size to update has exceeded the maximum allowed size',
    ],
  ])('is cancelled for %s', (_, action, message) => {
    const cloud = world();

    const error = cloud.refusal('TransactWriteItems', write(put('3'), action));

    expect(error.code).toBe('TransactionCanceledException');
    expect(error.extra.CancellationReasons).toEqual([{ Code: 'None' }, { Code: 'ValidationError', Message: message }]);
    expect(versions(cloud)).toEqual({ 1: '7' });
  });

  it.each<[string, JsonObject, string, string]>([
    [
      'an item twice',
      write(put('3'), bump('3', '1')),
      'ValidationException',
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'nothing at all',
      write(),
      'ValidationException',
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'over 100 actions',
      write(...Array.from({ length: 101 }, (_, position) => put(`many-${position}`))),
      'ValidationException',
      "1 validation error detected: Value '[101 members]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100",
    ],
    [
      'two actions in one',
      write({ ...put('3'), ...bump('1', '7') }),
      'ValidationException',
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    ['an unknown table', write(put('3', {}, 'nobody')), 'ResourceNotFoundException', 'Requested resource not found'],
    [
      'an empty key',
      write(put('')),
      'ValidationException',
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      'an item too large',
      write(put('3'), { Put: { TableName: 'cases', Item: { pk: { S: 'x' }, a: { S: 'x'.repeat(409_600) } } } }),
      'ValidationException',
      'Item size has exceeded the maximum allowed size',
    ],
    [
      'a broken expression',
      write(put('3', { ConditionExpression: 'pk' })),
      'ValidationException',
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "pk"',
    ],
    [
      'over 4 MB',
      write(
        ...Array.from({ length: 12 }, (_, n) => ({
          Put: { TableName: 'cases', Item: { pk: { S: `${n}` }, a: { S: 'x'.repeat(380_000) } } },
        })),
      ),
      'ValidationException',
      'Transaction request exceeds the maximum allowed size of 4 MB',
    ],
  ])('is refused with %s', (_, input, code, message) => {
    const cloud = world();

    expect(cloud.refusal('TransactWriteItems', input)).toMatchObject({ code, message });
    expect(versions(cloud)).toEqual({ 1: '7' });
  });

  it('is done once under a token for ten minutes, and then again', async () => {
    const cloud = world();
    const request = {
      ClientRequestToken: 'token-1',
      TransactItems: [
        { Update: { ...bump('1', '7').Update, ConditionExpression: undefined, ExpressionAttributeValues: { ':one': { N: '1' } } } },
      ],
    };

    cloud.call('TransactWriteItems', request);
    cloud.call('TransactWriteItems', request);
    await cloud.kernel.advance(9 * 60_000);
    cloud.call('TransactWriteItems', request);
    expect(versions(cloud)).toEqual({ 1: '8' });

    await cloud.kernel.advance(2 * 60_000);
    cloud.call('TransactWriteItems', request);
    expect(versions(cloud)).toEqual({ 1: '9' });
  });

  it('is refused under the token of another one', () => {
    const cloud = world();
    cloud.call('TransactWriteItems', { ClientRequestToken: 'token-1', ...write(put('3')) });

    const error = cloud.refusal('TransactWriteItems', { ClientRequestToken: 'token-1', ...write(put('4')) });

    expect(error.code).toBe('IdempotentParameterMismatchException');
    expect(versions(cloud)).toEqual({ 1: '7', 3: '1' });
  });

  it('leaves its token free where it is cancelled', () => {
    const cloud = world();
    const request = { ClientRequestToken: 'token-1', ...write(bump('1', '8')) };
    cloud.refusal('TransactWriteItems', request);
    cloud.call('TransactWriteItems', write(bump('1', '7')));

    cloud.call('TransactWriteItems', request);

    expect(versions(cloud)).toEqual({ 1: '9' });
  });
});

describe('a read transaction', () => {
  it('answers the items in order, with nothing for those not there', () => {
    const { call } = world();
    const get = (id: string, more: JsonObject = {}) => ({ Get: { TableName: 'cases', Key: key(id), ...more } });

    const { Responses: responses } = call('TransactGetItems', {
      TransactItems: [get('1'), get('2'), get('3', { ProjectionExpression: 'pk' })],
    });

    expect(responses).toEqual([{ Item: head('1', '7') }, {}, {}]);
  });

  it('refuses an item twice, and cancels for a key that is none', () => {
    const { refusal } = world();
    const get = (item: JsonObject) => ({ Get: { TableName: 'cases', Key: item } });

    expect(refusal('TransactGetItems', { TransactItems: [get(key('1')), get(key('1'))] }).message).toBe(
      'Transaction request cannot include multiple operations on one item',
    );
    expect(refusal('TransactGetItems', { TransactItems: [get(key('1')), get({ id: { S: '1' } })] }).extra.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
    ]);
  });
});
