import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { sampleApp } from './sample-app.ts';

describe('a synthesized application in this process', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud({ assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 7 });
  });
  afterAll(() => cloud.close());

  it('takes an event from the bus to the customer, on the virtual clock', async () => {
    // Act
    const put = await cloud.call('events', 'PutEvents', {
      Entries: [{ EventBusName: 'sample-bus', Source: 'bank.core', DetailType: 'AccountOverdue', Detail: '{"accountId":"acc-1"}' }],
    });
    await cloud.settle();

    // Assess
    expect(put).toMatchObject({ FailedEntryCount: 0 });
    const read = await cloud.fetchApi('GET', '/accounts/acc-1/journey?caseId=7');
    expect(read).toMatchObject({ status: 200, json: { accountId: 'acc-1', at: '2026-03-02T01:00:00.000Z', asked: { caseId: '7' } } });
    expect(cloud.events('acc-1').map((event) => event.source)).toEqual(['bank.core', 'sample']);
    expect(cloud.outbox()).toEqual([]);

    // Act
    await cloud.advance('P1D');

    // Assess
    expect(cloud.outbox('acc-1')).toEqual([
      {
        at: '2026-03-03T01:00:00Z',
        channel: 'sms',
        to: '+8613800138000',
        accountId: 'acc-1',
        stage: 'reminder',
        template: 't-1',
        body: 'Pay <soon> & well, acc-1',
      },
      {
        at: '2026-03-03T01:00:00Z',
        channel: 'email',
        to: 'wang@example.com',
        accountId: 'acc-1',
        stage: 'reminder',
        subject: '提醒',
        body: 'Dear 王小明',
      },
    ]);
    expect(cloud.kernel.failures()).toEqual([]);
  });

  it('answers what API Gateway answers where no route or no item is found', async () => {
    expect(await cloud.fetchApi('GET', '/accounts/none/journey')).toMatchObject({ status: 404, json: { title: 'unknown' } });
    expect(await cloud.fetchApi('GET', '/nowhere')).toMatchObject({ status: 404, json: { message: 'Not Found' } });
    expect(await cloud.fetchApi('POST', '/accounts/acc-1/journey')).toMatchObject({ status: 404, json: { message: 'Not Found' } });
  });
});

it('does the same in the same order with the same seed', async () => {
  const runs = [];
  for (let round = 0; round < 2; round += 1) {
    const cloud = await startCloud({ assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 11 });
    const entries = Array.from({ length: 10 }, (_, n) => ({
      EventBusName: 'sample-bus',
      Source: 'bank.core',
      DetailType: 'T',
      Detail: JSON.stringify({ accountId: `acc-${n}` }),
    }));
    await Promise.all([
      cloud.call('events', 'PutEvents', { Entries: entries.slice(0, 7) }),
      cloud.call('events', 'PutEvents', { Entries: entries.slice(7) }),
    ]);
    await cloud.advance('P2D');
    runs.push({ events: cloud.events(), outbox: cloud.outbox() });
    await cloud.close();
  }
  expect(runs[0]?.outbox).toHaveLength(20);
  expect(runs[0]).toEqual(runs[1]);
});
