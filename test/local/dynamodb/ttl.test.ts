import { describe, expect, it } from 'vitest';
import { anIndex, aTable, aWorld, START, type World } from './world.ts';

const HOUR = 3_600_000;
const seconds = (hours: number) => ({ N: String((START + hours * HOUR) / 1000) });

function world(): World {
  const cloud = aWorld();
  cloud.call(
    'CreateTable',
    aTable('cases', 'pk/stage', {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'OLD_IMAGE' },
      GlobalSecondaryIndexes: [anIndex('byStage', 'stage')],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    }),
  );
  return cloud;
}

const ids = ({ call }: World) => (call('Scan', { TableName: 'cases' }).Items ?? []).map((item) => item.pk?.S).sort();
const put = ({ call }: World, id: string, expiresAt: object) =>
  call('PutItem', { TableName: 'cases', Item: { pk: { S: id }, stage: { S: 'call' }, expiresAt } });

describe('time to live', () => {
  it('removes items at the full hour after they expire, with a record of who did it', async () => {
    const cloud = world();
    put(cloud, 'soon', seconds(1.5));
    put(cloud, 'later', seconds(30));

    await cloud.kernel.advance(1.9 * HOUR);
    expect(ids(cloud)).toEqual(['later', 'soon']);
    await cloud.kernel.advance(0.1 * HOUR);

    expect(ids(cloud)).toEqual(['later']);
    expect(cloud.call('Scan', { TableName: 'cases', IndexName: 'byStage' }).Count).toBe(1);
    expect(cloud.dynamodb.readStream('cases', '', 10).at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { OldImage: { pk: { S: 'soon' } } },
    });
    await cloud.kernel.advance(40 * HOUR);
    expect(ids(cloud)).toEqual([]);
    expect(cloud.kernel.failures()).toEqual([]);
  });

  it('tells the listeners of the stream', async () => {
    const cloud = world();
    put(cloud, 'soon', seconds(1));
    let woken = 0;
    cloud.dynamodb.onStreamWrite('cases', () => {
      woken += 1;
    });

    await cloud.kernel.advance(3 * HOUR);

    expect(woken).toBe(1);
  });

  it('follows the attribute when it moves or goes, and reads only numbers within the last five years', async () => {
    const cloud = world();
    for (const id of ['moved', 'gone']) put(cloud, id, seconds(1));
    put(cloud, 'text', { S: seconds(1).N });
    put(cloud, 'ancient', seconds(-6 * 365 * 24));
    put(cloud, 'past', seconds(-24));

    cloud.call('UpdateItem', {
      TableName: 'cases',
      Key: { pk: { S: 'moved' } },
      UpdateExpression: 'SET expiresAt = :at',
      ExpressionAttributeValues: { ':at': seconds(50) },
    });
    cloud.call('UpdateItem', { TableName: 'cases', Key: { pk: { S: 'gone' } }, UpdateExpression: 'REMOVE expiresAt' });
    await cloud.kernel.advance(24 * HOUR);

    expect(ids(cloud)).toEqual(['ancient', 'gone', 'moved', 'text']);
  });

  it('sets no timer where nothing expires', () => {
    const cloud = world();

    cloud.call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' } } });

    expect(cloud.kernel.nextTimerAt()).toBeUndefined();
  });

  it('removes any number of items', async () => {
    const cloud = world();
    for (let n = 0; n < 2500; n += 1) put(cloud, `id${n}`, seconds(1));

    await cloud.kernel.advance(2 * HOUR);

    expect(ids(cloud)).toEqual([]);
  });

  it('is switched by clients, also for items that are already there', async () => {
    const cloud = aWorld();
    cloud.call('CreateTable', aTable('cases', 'pk'));
    put(cloud, 'soon', seconds(1));
    const specification = (enabled: boolean) => ({
      TableName: 'cases',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: enabled },
    });
    const status = () => cloud.call('DescribeTimeToLive', { TableName: 'cases' }).TimeToLiveDescription;
    expect(status()).toEqual({ TimeToLiveStatus: 'DISABLED' });

    expect(cloud.call('UpdateTimeToLive', specification(true))).toEqual({
      TimeToLiveSpecification: specification(true).TimeToLiveSpecification,
    });
    expect(status()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
    expect(cloud.refusal('UpdateTimeToLive', specification(true)).message).toBe('TimeToLive is already enabled');
    await cloud.kernel.advance(3 * HOUR);
    expect(ids(cloud)).toEqual([]);

    cloud.call('UpdateTimeToLive', specification(false));
    put(cloud, 'stays', seconds(4));
    await cloud.kernel.advance(9 * HOUR);
    expect(ids(cloud)).toEqual(['stays']);
    expect(cloud.refusal('UpdateTimeToLive', specification(false)).message).toBe('TimeToLive is already disabled');
  });
});
