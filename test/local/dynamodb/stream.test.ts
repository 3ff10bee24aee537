import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { aTable, aWorld, START, type World } from './world.ts';

const key = { pk: { S: 'p' } };
const HOUR = 3_600_000;

function world(viewType: string): World {
  const cloud = aWorld();
  cloud.call('CreateTable', aTable('cases', 'pk', { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } }));
  cloud.call('CreateTable', aTable('tasks', 'pk'));
  return cloud;
}

function change({ call }: World): void {
  call('PutItem', { TableName: 'cases', Item: { ...key, a: { S: '1' } } });
  call('UpdateItem', { TableName: 'cases', Key: key, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { S: '22' } } });
  call('DeleteItem', { TableName: 'cases', Key: key });
}

describe('a stream', () => {
  it('records inserts, changes and removals in the order of writes, in the shape functions get', () => {
    const cloud = world('NEW_AND_OLD_IMAGES');

    change(cloud);

    const records = cloud.dynamodb.readStream('cases', '', 10);
    const [first, second, third] = records;
    expect(first).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: START / 1000,
        Keys: key,
        NewImage: { ...key, a: { S: '1' } },
        SequenceNumber: '000000000000000000001',
        SizeBytes: 8,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/cases/stream/2026-03-01T00:00:00.000',
    });
    expect(second).toMatchObject({ eventName: 'MODIFY', dynamodb: { OldImage: { a: { S: '1' } }, NewImage: { a: { S: '22' } } } });
    expect(third).toMatchObject({ eventName: 'REMOVE', dynamodb: { OldImage: { a: { S: '22' } } } });
    expect(third?.dynamodb).not.toHaveProperty('NewImage');
    expect(third).not.toHaveProperty('userIdentity');
    expect(new Set(records.map((record) => record.eventID)).size).toBe(3);
    expect(cloud.dynamodb.readStream('cases', second?.dynamodb.SequenceNumber ?? '', 10)).toEqual([third]);
    expect(cloud.dynamodb.readStream('cases', '', 1)).toEqual([first]);
  });

  it.each([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', true, false],
    ['OLD_IMAGE', false, true],
  ])('of %s carries no more than that', (viewType, hasNew, hasOld) => {
    const cloud = world(viewType);

    change(cloud);

    const modified = cloud.dynamodb.readStream('cases', '', 10)[1]?.dynamodb;
    expect(modified?.Keys).toEqual(key);
    expect(modified?.NewImage !== undefined).toBe(hasNew);
    expect(modified?.OldImage !== undefined).toBe(hasOld);
  });

  it('has no record of a write that changes nothing', () => {
    const cloud = world('NEW_IMAGE');
    cloud.call('PutItem', { TableName: 'cases', Item: { ...key, a: { S: '1' }, tags: { SS: ['x', 'y'] } } });

    cloud.call('PutItem', { TableName: 'cases', Item: { tags: { SS: ['y', 'x'] }, a: { S: '1' }, ...key } });
    cloud.call('UpdateItem', { TableName: 'cases', Key: key, UpdateExpression: 'SET a = a REMOVE b' });
    cloud.call('DeleteItem', { TableName: 'cases', Key: { pk: { S: 'nobody' } } });

    expect(cloud.dynamodb.readStream('cases', '', 10)).toHaveLength(1);
  });

  it('wakes its listeners once a call, and only for its table', () => {
    const cloud = world('NEW_IMAGE');
    let woken = 0;
    const end = cloud.dynamodb.onStreamWrite('cases', () => {
      woken += 1;
    });
    const put = (id: string, table = 'cases') => ({ Put: { TableName: table, Item: { pk: { S: id } } } });

    cloud.call('TransactWriteItems', { TransactItems: [put('1'), put('2'), put('3', 'tasks')] });
    cloud.call('PutItem', { TableName: 'tasks', Item: key });
    expect(woken).toBe(1);

    end();
    cloud.call('PutItem', { TableName: 'cases', Item: key });
    expect(woken).toBe(1);
  });

  it('keeps records for 24 hours', async () => {
    const cloud = world('NEW_IMAGE');
    cloud.call('PutItem', { TableName: 'cases', Item: { pk: { S: 'early' } } });
    await cloud.kernel.advance(23 * HOUR);
    cloud.call('PutItem', { TableName: 'cases', Item: { pk: { S: 'late' } } });
    expect(cloud.dynamodb.readStream('cases', '', 10)).toHaveLength(2);

    await cloud.kernel.advance(HOUR);

    expect(cloud.dynamodb.readStream('cases', '', 10).map((record) => record.dynamodb.Keys.pk?.S)).toEqual(['late']);
  });

  it('gives disk back as it goes', async () => {
    const cloud = world('NEW_IMAGE');
    const stored = () => cloud.kernel.store.get<{ n: number }>('SELECT count(*) AS n FROM dynamodb_stream')?.n ?? 0;
    const write = (from: number, count: number) => {
      for (let n = from; n < from + count; n += 1) cloud.call('PutItem', { TableName: 'cases', Item: { pk: { S: String(n) } } });
    };
    write(0, 3000);

    await cloud.kernel.advance(25 * HOUR);
    write(3000, 3000);

    expect(stored()).toBeLessThanOrEqual(4000);
    expect(cloud.dynamodb.readStream('cases', '', 5000)).toHaveLength(3000);
  });

  it('is read by stock clients shard by shard', () => {
    const cloud = world('NEW_IMAGE');
    cloud.call('PutItem', { TableName: 'cases', Item: { pk: { S: '1' } } });
    const { Streams: streams } = cloud.call('ListStreams', {});
    const arn = (streams as JsonObject[])[0]?.StreamArn as string;
    const described = cloud.call('DescribeStream', { StreamArn: arn }).StreamDescription as { Shards: { ShardId: string }[] };
    const shard = described.Shards[0]?.ShardId;
    const iterator = (type: string, more = {}) =>
      cloud.call('GetShardIterator', { StreamArn: arn, ShardId: shard, ShardIteratorType: type, ...more }).ShardIterator;
    const latest = iterator('LATEST');
    cloud.call('PutItem', { TableName: 'cases', Item: { pk: { S: '2' } } });
    const read = (from: unknown) => cloud.call('GetRecords', { ShardIterator: from });
    const ids = (from: unknown) =>
      (read(from).Records as { dynamodb: { Keys: { pk: { S: string } } } }[]).map((record) => record.dynamodb.Keys.pk.S);

    expect(ids(iterator('TRIM_HORIZON'))).toEqual(['1', '2']);
    expect(ids(latest)).toEqual(['2']);
    expect(ids(iterator('AFTER_SEQUENCE_NUMBER', { SequenceNumber: '000000000000000000001' }))).toEqual(['2']);
    expect(ids(iterator('AT_SEQUENCE_NUMBER', { SequenceNumber: '000000000000000000001' }))).toEqual(['1', '2']);
    expect(ids(read(latest).NextShardIterator)).toEqual([]);
    expect((read(latest).Records as JsonObject[])[0]).not.toHaveProperty('eventSourceARN');
  });

  it('is refused where there is none', () => {
    const cloud = world('NEW_IMAGE');

    expect(() => cloud.dynamodb.readStream('tasks', '', 1)).toThrow('has no stream');
    expect(() => cloud.dynamodb.readStream('nobody', '', 1)).toThrow('Requested resource not found');
    expect(cloud.refusal('DescribeStream', { StreamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/tasks/stream/x' }).code).toBe(
      'ResourceNotFoundException',
    );
  });
});
