import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { anIndex, aTable, aWorld, START } from './world.ts';

const INVALID = 'One or more parameter values were invalid';

describe('a table', () => {
  it('is described as it was made', () => {
    const { call } = aWorld();
    const input = aTable('cases', 'pk,sk:N/due', {
      GlobalSecondaryIndexes: [anIndex('byDue', 'due', { ProjectionType: 'KEYS_ONLY' })],
      LocalSecondaryIndexes: [anIndex('local', 'pk,due')],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      DeletionProtectionEnabled: true,
    });

    call('CreateTable', input);
    call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, sk: { N: '1' }, due: { S: 'd' } } });
    call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, sk: { N: '2' } } });

    expect(call('DescribeTable', { TableName: 'cases' }).Table).toMatchObject({
      TableName: 'cases',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/cases',
      TableStatus: 'ACTIVE',
      CreationDateTime: START / 1000,
      ItemCount: 2,
      TableSizeBytes: 18,
      AttributeDefinitions: input.AttributeDefinitions,
      KeySchema: input.KeySchema,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      GlobalSecondaryIndexes: [{ IndexName: 'byDue', IndexStatus: 'ACTIVE', ItemCount: 1, Projection: { ProjectionType: 'KEYS_ONLY' } }],
      LocalSecondaryIndexes: [{ IndexName: 'local', Projection: { ProjectionType: 'ALL' } }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      LatestStreamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/cases/stream/2026-03-01T00:00:00.000',
      DeletionProtectionEnabled: true,
    });
    expect(call('DescribeContinuousBackups', { TableName: 'cases' }).ContinuousBackupsDescription).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
  });

  it('goes with everything in it, unless protected', () => {
    const { call, refusal } = aWorld();
    const input = aTable('cases', 'pk/due', { GlobalSecondaryIndexes: [anIndex('byDue', 'due')], DeletionProtectionEnabled: true });
    call('CreateTable', input);
    call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, due: { S: 'd' } } });
    expect(refusal('DeleteTable', { TableName: 'cases' }).code).toBe('ValidationException');

    call('UpdateTable', { TableName: 'cases', DeletionProtectionEnabled: false });
    call('DeleteTable', { TableName: 'cases' });
    expect(refusal('DescribeTable', { TableName: 'cases' })).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: cases not found',
    });

    call('CreateTable', input);
    expect(call('Scan', { TableName: 'cases' }).Count).toBe(0);
    expect(call('Scan', { TableName: 'cases', IndexName: 'byDue' }).Count).toBe(0);
  });

  it('gains an index over the items it has, loses one, and gains a stream', () => {
    const { call, dynamodb } = aWorld();
    call('CreateTable', aTable('cases', 'pk'));
    for (const due of [{ S: 'b' }, { S: 'a' }, { N: '1' }, { S: '' }] as const)
      call('PutItem', { TableName: 'cases', Item: { pk: { S: JSON.stringify(due) }, due } });

    call('UpdateTable', {
      TableName: 'cases',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'due', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexUpdates: [{ Create: anIndex('byDue', 'due') }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    });
    expect((call('Scan', { TableName: 'cases', IndexName: 'byDue' }).Items ?? []).map((item) => item.due?.S).sort()).toEqual(['a', 'b']);
    call('PutItem', { TableName: 'cases', Item: { pk: { S: 'new' }, due: { S: 'c' } } });
    expect(call('Scan', { TableName: 'cases', IndexName: 'byDue' }).Count).toBe(3);
    expect(dynamodb.readStream('cases', '', 5)).toHaveLength(1);

    call('UpdateTable', { TableName: 'cases', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byDue' } }] });
    expect(() => call('Scan', { TableName: 'cases', IndexName: 'byDue' })).toThrow('The table does not have the specified index: byDue');
    expect(call('DescribeTable', { TableName: 'cases' }).Table).not.toHaveProperty('GlobalSecondaryIndexes');
  });

  it('is listed page by page', () => {
    const { call } = aWorld();
    for (const name of ['ccc', 'aaa', 'bbb']) call('CreateTable', aTable(name, 'pk'));

    expect(call('ListTables', {})).toEqual({ TableNames: ['aaa', 'bbb', 'ccc'] });
    expect(call('ListTables', { Limit: 2 })).toEqual({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
    expect(call('ListTables', { Limit: 2, ExclusiveStartTableName: 'bbb' })).toEqual({ TableNames: ['ccc'] });
  });

  it.each<[string, JsonObject, string]>([
    [
      'a short name',
      aTable('ab', 'pk'),
      "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    ],
    [
      'an undefined key',
      { ...aTable('cases', 'pk'), AttributeDefinitions: [{ AttributeName: 'x', AttributeType: 'S' }] },
      `${INVALID}: Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], AttributeDefinitions: [x]`,
    ],
    [
      'a definition too many',
      aTable('cases', 'pk/x'),
      `${INVALID}: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    ],
    ['one name for both keys', aTable('cases', 'pk,pk'), 'Both the Hash Key and the Range Key element in the KeySchema have the same name'],
    [
      'another type',
      aTable('cases', 'pk:BOOL'),
      "1 validation error detected: Value 'BOOL' at 'attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
    ],
    [
      'a range first',
      { ...aTable('cases', 'pk'), KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }] },
      'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
    ],
    [
      'an index name twice',
      aTable('cases', 'pk/x', { GlobalSecondaryIndexes: [anIndex('one', 'x'), anIndex('one', 'x')] }),
      `${INVALID}: Duplicate index name: one`,
    ],
    [
      'a projection of nothing',
      aTable('cases', 'pk/x', { GlobalSecondaryIndexes: [anIndex('one', 'x', {})] }),
      `${INVALID}: Unknown ProjectionType: null`,
    ],
    [
      'attributes of ALL',
      aTable('cases', 'pk/x', { GlobalSecondaryIndexes: [anIndex('one', 'x', { ProjectionType: 'ALL', NonKeyAttributes: ['a'] })] }),
      `${INVALID}: ProjectionType is ALL, but NonKeyAttributes is specified`,
    ],
    [
      'a local index without sort key',
      aTable('cases', 'pk,sk', { LocalSecondaryIndexes: [anIndex('one', 'pk')] }),
      `${INVALID}: Index KeySchema does not have a range key for index: one`,
    ],
    [
      'a local index of a table without sort key',
      aTable('cases', 'pk/x', { LocalSecondaryIndexes: [anIndex('one', 'pk,x')] }),
      `${INVALID}: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    ],
    [
      'a local index of another partition',
      aTable('cases', 'pk,sk/x', { LocalSecondaryIndexes: [anIndex('one', 'x,sk')] }),
      `${INVALID}: Index KeySchema does not have the same leading hash key as table KeySchema for index: one. index hash key: x, table hash key: pk`,
    ],
  ])('with %s is refused', (_, input, message) => {
    expect(aWorld().refusal('CreateTable', input)).toMatchObject({ code: 'ValidationException', message });
  });

  it('cannot be made twice', () => {
    const { call, refusal } = aWorld();
    call('CreateTable', aTable('cases', 'pk'));

    expect(refusal('CreateTable', aTable('cases', 'pk'))).toMatchObject({
      code: 'ResourceInUseException',
      message: 'Table already exists: cases',
    });
  });
});

describe('a restart', () => {
  it('finds tables, items, indexes, streams, tokens and expiries again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'dynamodb-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const definition = aTable('cases', 'pk/due', {
      GlobalSecondaryIndexes: [anIndex('byDue', 'due')],
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    const transaction = {
      ClientRequestToken: 'once',
      TransactItems: [
        {
          Update: {
            TableName: 'cases',
            Key: { pk: { S: 'p' } },
            UpdateExpression: 'ADD n :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ],
    };
    const before = aWorld(directory);
    const stream = before.dynamodb.createTable(definition).stream?.arn;
    before.call('PutItem', {
      TableName: 'cases',
      Item: { pk: { S: 'p' }, due: { S: 'd' }, expiresAt: { N: String(START / 1000 + 7200) } },
    });
    before.call('TransactWriteItems', transaction);
    before.kernel.stop();

    const after = aWorld(directory);
    onTestFinished(() => after.kernel.stop());
    expect(after.dynamodb.createTable(definition).stream?.arn).toBe(stream);
    after.call('TransactWriteItems', transaction);

    expect(after.call('Scan', { TableName: 'cases', IndexName: 'byDue' }).Items).toMatchObject([{ pk: { S: 'p' }, n: { N: '1' } }]);
    expect(after.dynamodb.readStream('cases', '', 5).map((record) => record.dynamodb.SequenceNumber)).toEqual([
      '000000000000000000001',
      '000000000000000000002',
    ]);
    await after.kernel.advance(4 * 3_600_000);
    expect(after.call('Scan', { TableName: 'cases' }).Count).toBe(0);
  });

  it('with a changed template changes the table and keeps its items', () => {
    const { call, dynamodb } = aWorld();
    dynamodb.createTable(aTable('cases', 'pk'));
    call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, due: { S: 'd' } } });

    dynamodb.createTable(aTable('cases', 'pk/due', { GlobalSecondaryIndexes: [anIndex('byDue', 'due')] }));
    expect(call('Scan', { TableName: 'cases', IndexName: 'byDue' }).Count).toBe(1);

    expect(() => dynamodb.createTable(aTable('cases', 'pk,sk'))).toThrow('exists with another primary key');
  });
});
