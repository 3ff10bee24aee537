import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Cloud, type CloudOptions, startCloud } from '../../../local/cloud.ts';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { sampleApp } from './sample-app.ts';

let assembly: string;
beforeAll(() => {
  assembly = sampleApp();
});

const clouds: Cloud[] = [];
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
});

async function aCloud(options: Partial<CloudOptions> = {}): Promise<Cloud> {
  const cloud = await startCloud({ assembly, start: '2026-03-02T01:00:00Z', ...(options.from === undefined && { seed: 11 }), ...options });
  clouds.push(cloud);
  return cloud;
}

function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-snapshots-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function put(cloud: Cloud, ...accounts: string[]): Promise<void> {
  const entry = { EventBusName: 'sample-bus', Source: 'bank.core', DetailType: 'AccountOverdue' };
  for (const accountId of accounts)
    await cloud.call('events', 'PutEvents', { Entries: [{ ...entry, Detail: JSON.stringify({ accountId }) }] });
  await cloud.settle();
}

/** All that can be seen of a cloud: clock, events with their identifiers, messages, executions with their histories, timers. */
async function seen(cloud: Cloud): Promise<unknown> {
  const stateMachineArn = cloud.outputs().MachineArn;
  const { executions } = await cloud.call<{ executions: { executionArn: string }[] }>('states', 'ListExecutions', { stateMachineArn });
  const histories = [];
  for (const { executionArn } of executions)
    histories.push(await cloud.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 }));
  return { now: cloud.now(), events: cloud.events(), outbox: cloud.outbox(), executions, histories, timers: cloud.kernel.timers(100) };
}

/** What then happens, the same each time. */
async function future(cloud: Cloud): Promise<unknown> {
  await cloud.advance('PT5H');
  await put(cloud, 'acc-3', 'acc-4');
  await cloud.advance('P2D');
  expect(cloud.kernel.failures()).toEqual([]);
  return { seen: await seen(cloud), next: cloud.kernel.uuid() };
}

describe('a snapshot', () => {
  it('leads to the same future each time: order, identifiers, histories', async () => {
    // Prepare
    const cloud = await aCloud();
    await put(cloud, 'acc-1', 'acc-2');
    const before = await seen(cloud);
    const snapshot = await cloud.snapshot();
    // Act
    const first = await future(cloud);
    await cloud.restore(snapshot);
    const restored = await seen(cloud);
    const second = await future(cloud);
    const elsewhere = await aCloud({ from: snapshot, start: '2030-01-01T00:00:00Z' });
    const third = await future(elsewhere);
    // Assess
    expect(restored).toEqual(before);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(elsewhere.outbox()).toHaveLength(8);
  });

  it('leads to another future under another seed', async () => {
    const cloud = await aCloud();
    await put(cloud, 'acc-1');
    const snapshot = await cloud.snapshot();
    const [one, same, other] = [await aCloud({ from: snapshot, seed: 5 }), await aCloud({ from: snapshot, seed: 5 }), cloud];
    const ids = [];
    for (const branch of [one, same, other]) {
      await put(branch, 'acc-2');
      ids.push(branch.events('acc-2').map((event) => event.id));
    }
    expect(ids[0]).toEqual(ids[1]);
    expect(ids[0]).not.toEqual(ids[2]);
  });

  it('takes away what came after it, of every service and out of every cache', async () => {
    // Prepare
    const cloud = await aCloud();
    await put(cloud, 'acc-1');
    cloud.delivery.add({ service: 'sns', match: { to: '+1' }, outcome: 'none' });
    const snapshot = await cloud.snapshot();
    // Act
    await put(cloud, 'acc-2');
    await cloud.call('sqs', 'SendMessage', { QueueUrl: cloud.outputs().DeadLetterQueueUrl, MessageBody: 'later' });
    cloud.delivery.clear();
    await cloud.advance('P3D');
    await cloud.restore(snapshot);
    // Assess
    expect(cloud.now()).toBe(Date.parse('2026-03-02T01:00:00Z'));
    expect(cloud.delivery.list()).toMatchObject([{ match: { to: '+1' } }]);
    expect(cloud.events('acc-2')).toEqual([]);
    expect(await cloud.fetchApi('GET', '/accounts/acc-2/journey')).toMatchObject({ status: 404 });
    expect(await cloud.fetchApi('GET', '/accounts/acc-1/journey')).toMatchObject({ status: 200 });
    const QueueUrl = cloud.outputs().DeadLetterQueueUrl;
    expect(await cloud.call('sqs', 'ReceiveMessage', { QueueUrl })).not.toHaveProperty('Messages.0');
    await cloud.advance('P1D');
    expect(cloud.outbox().map((message) => message.accountId)).toEqual(['acc-1', 'acc-1']);
  });

  it('is waited for by what runs, and clients made before a restore go on with the cloud', async () => {
    const cloud = await aCloud();
    const client = new DynamoDBClient(cloud.clientConfig() as object);
    const get = async () =>
      (await client.send(new GetItemCommand({ TableName: cloud.outputs().TableName, Key: { pk: { S: 'acc-1' }, sk: { S: '#HEAD' } } })))
        .Item;
    const empty = await cloud.snapshot();
    const putting = put(cloud, 'acc-1');
    const full = await cloud.snapshot();
    await putting;
    await cloud.restore(empty);
    expect(await get()).toBeUndefined();
    await cloud.restore(full);
    expect(await get()).toMatchObject({ pk: { S: 'acc-1' } });
  });

  it('keeps what looks at calls', async () => {
    const cloud = await aCloud();
    const calls: string[] = [];
    const stop = cloud.kernel.intercept((call, next) => {
      calls.push(call.operation);
      return next();
    });
    await cloud.restore(await cloud.snapshot());
    await cloud.call('sqs', 'ListQueues', {});
    stop();
    await cloud.call('sqs', 'ListQueues', {});
    expect(calls).toEqual(['ListQueues']);
  });

  it('changes nothing where it cannot be used', async () => {
    const cloud = await aCloud();
    await put(cloud, 'acc-1');
    const before = await seen(cloud);
    await expect(cloud.restore({ at: 0, image: Buffer.from('none '.repeat(1000)) })).rejects.toThrow('The snapshot cannot be used');
    expect(await seen(cloud)).toEqual(before);
    await put(cloud, 'acc-2');
    expect(cloud.events('acc-2')).toHaveLength(2);
  });
});

describe('with a state directory', () => {
  it('a restore lasts, and a cloud of its own may begin with a snapshot', async () => {
    // Prepare
    const stateDir = stateFolder();
    const first = await startCloud({ assembly, stateDir, start: '2026-03-02T01:00:00Z', seed: 11 });
    await put(first, 'acc-1');
    const snapshot = await first.snapshot();
    await put(first, 'acc-2');
    await first.advance('P1D');
    // Act
    await first.restore(snapshot);
    await put(first, 'acc-5');
    await first.close();
    const again = await aCloud({ stateDir });
    // Assess
    expect(again.now()).toBe(snapshot.at);
    expect(again.events().map((event) => event.detail.accountId)).toEqual(['acc-1', 'acc-1', 'acc-5', 'acc-5']);
    await expect(startCloud({ assembly, stateDir, from: snapshot })).rejects.toThrow('holds a state already');
    const other = await aCloud({ stateDir: join(stateFolder(), 'new'), from: snapshot });
    expect(other.events().map((event) => event.detail.accountId)).toEqual(['acc-1', 'acc-1']);
  });

  it('named snapshots last', async () => {
    const stateDir = stateFolder();
    const first = await startCloud({ assembly, stateDir, start: '2026-03-02T01:00:00Z' });
    await first.snapshots.save('monday');
    await first.advance('P1D');
    await first.snapshots.save('later');
    await first.snapshots.save('monday');
    await first.close();
    const second = await aCloud({ stateDir });
    expect(second.snapshots.list()).toMatchObject([
      { name: 'later', at: '2026-03-03T01:00:00Z' },
      { name: 'monday', at: '2026-03-03T01:00:00Z' },
    ]);
    await second.advance('P1D');
    await second.snapshots.restore('monday');
    expect(second.now()).toBe(Date.parse('2026-03-03T01:00:00Z'));
    expect(second.snapshots.delete('monday')).toBe(true);
    expect(existsSync(join(stateDir, 'snapshots'))).toBe(true);
    await expect(second.snapshots.restore('monday')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

describe('over HTTP', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ port: 0, assembly, start: '2026-03-02T01:00:00Z', seed: 5 });
    return () => server.close();
  });

  async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const init = { method, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) };
    const response = await fetch(`${server.url}/_local${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }

  it('snapshots are taken, listed, restored and deleted', async () => {
    const taken = await ask('POST', '/snapshot', { name: 'a-1' });
    expect(taken).toEqual({ status: 201, body: { name: 'a-1', at: '2026-03-02T01:00:00Z', bytes: expect.any(Number) } });
    expect((await ask('POST', '/clock', { advance: 'P3D' })).body).toMatchObject({ now: '2026-03-05T01:00:00Z' });
    expect((await ask('GET', '/snapshots')).body).toEqual([taken.body]);
    expect(await ask('POST', '/restore', { name: 'a-1' })).toEqual({ status: 200, body: { name: 'a-1', now: '2026-03-02T01:00:00Z' } });
    expect((await ask('GET', '/clock')).body).toEqual({ now: '2026-03-02T01:00:00Z' });
    expect((await ask('DELETE', '/snapshots/a-1')).status).toBe(204);
    expect(await ask('DELETE', '/snapshots/a-1')).toMatchObject({ status: 404 });
    expect(await ask('POST', '/restore', { name: 'a-1' })).toMatchObject({ status: 404, body: { detail: 'There is no snapshot a-1.' } });
  });

  it.each([
    { body: '{', detail: 'The body must be JSON' },
    { body: [], detail: 'The body must be an object' },
    { body: {}, detail: 'name must be 1 to 64 letters' },
    { body: { name: '../x' }, detail: 'name must be 1 to 64 letters' },
    { body: { name: 'x', speed: 1 }, detail: 'The body must have no member speed' },
  ])('a malformed wish is refused: $detail', async ({ body, detail }) => {
    for (const path of ['/snapshot', '/restore'])
      expect(await ask('POST', path, body)).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
    expect((await ask('GET', '/snapshots')).body).toEqual([]);
  });
});
