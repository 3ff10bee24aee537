import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { types } from './walk.ts';

interface StopSeen {
  readonly stopId: string;
  readonly status: string;
  readonly history: readonly { readonly what: string; readonly by: string; readonly at: string }[];
}

const stop = { stopId: 'stop-1', by: 'anna', channel: 'sms', reason: 'wrong amounts in the texts' };

function place(system: System, body: object = stop) {
  return system.api<StopSeen>('POST', '/stops', body);
}

function lift(system: System, by: string, stopId = 'stop-1') {
  return system.api<StopSeen>('POST', `/stops/${stopId}/lift`, { by });
}

async function inForce(system: System): Promise<readonly string[]> {
  const { json } = await system.api<{ stops: StopSeen[] }>('GET', '/stops');
  return json.stops.map(({ stopId }) => stopId);
}

const PHONE_ONLY = (aCustomer().contactPoints as readonly { readonly channel: string }[]).filter(({ channel }) => channel !== 'email');

/** Of a customer who can be written to by text message alone, unless told otherwise. */
async function overdue(system: System, account = 1, contactPoints: unknown = PHONE_ONLY): Promise<void> {
  const customerId = `cus-${account}`;
  await system.put('CustomerUpdated', aCustomer({ customerId, contactPoints }));
  await system.put('AccountOverdue', anOverdue({ accountId: `acc-${account}`, customerId }));
}

describe('a stop of messages', () => {
  it('holds what is not handed over, until two people have lifted it, and then it goes', async () => {
    // Prepare
    const system = await aSystem();
    await place(system);
    await overdue(system);

    // Act
    await system.advance('P4D');
    const stopped = { left: system.outbox().length, types: types(await system.journey()) };
    const once = await lift(system, 'anna');
    await system.advance('PT3H');
    const half = system.outbox().length;
    const twice = await lift(system, 'ben');
    await system.advance('P1D');

    // Assess
    expect(stopped.left).toBe(0);
    expect(stopped.types.filter((type) => type.startsWith('Contact'))).toEqual(['ContactWithheld']);
    expect([once.json.status, half, twice.json.status]).toEqual(['active', 0, 'lifted']);
    expect(system.outbox()).toMatchObject([{ channel: 'sms' }]);
  });

  it('names itself on the timeline of what it holds, and in what comes next', async () => {
    const system = await aSystem({}, { lateWakes: true });
    await place(system);
    await overdue(system);
    await system.advance('P4D');
    const { timeline, next } = await system.journey();
    expect(timeline.find(({ type }) => type === 'ContactWithheld')).toMatchObject({ channel: 'sms', why: 'stopped by stop-1' });
    expect(next).toMatchObject({ what: 'send-message', why: expect.stringContaining('it waits: stopped by stop-1') });
  });

  it('of one channel lets a message go by another that may carry it', async () => {
    const system = await aSystem();
    await place(system);
    await overdue(system, 1, aCustomer().contactPoints);
    await system.advance('P4D');
    expect(system.outbox().map(({ channel }) => channel)).toEqual(['email']);
    expect(types(await system.journey())).not.toContain('ContactWithheld');
  });

  it('of every channel that may carry a message holds it, by the first reason', async () => {
    const system = await aSystem({}, { lateWakes: true });
    await place(system);
    await place(system, { ...stop, stopId: 'stop-2', channel: 'email' });
    await overdue(system, 1, aCustomer().contactPoints);
    await system.advance('P4D');
    const { timeline } = await system.journey();
    expect(system.outbox()).toEqual([]);
    expect(timeline.filter(({ type }) => type === 'ContactWithheld')).toMatchObject([{ channel: 'sms', why: 'stopped by stop-1' }]);
  });

  it('reaches a sender that has just sent, within a minute', async () => {
    // Prepare: seven in the evening, when the messages of cases that open go at once.
    const system = await aSystem({ start: '2026-03-06T11:00:00Z' }, { lateWakes: true });
    await overdue(system, 1);
    const before = system.outbox().map(({ accountId }) => accountId);

    // Act
    await place(system);
    await system.advance('PT59S');
    await overdue(system, 2);

    // Assess
    expect(before).toEqual(['acc-1']);
    expect(system.outbox()).toHaveLength(1);
    expect(types(await system.journey('acc-2'))).toContain('ContactWithheld');
  });

  it.each([
    { scope: { channel: 'email' }, stops: false },
    { scope: { template: 'reminder-first' }, stops: true },
    { scope: { template: 'legal-formal-notice' }, stops: false },
    { scope: { jurisdiction: 'CN' }, stops: true },
    { scope: { jurisdiction: 'CN', channel: 'email' }, stops: false },
    { scope: { agency: 'agency-1' }, stops: false },
  ])('on $scope stops the first message: $stops', async ({ scope, stops }) => {
    const system = await aSystem({}, { lateWakes: true });
    await place(system, { stopId: 'stop-1', by: 'anna', reason: 'to be checked', ...scope });
    await overdue(system);
    await system.advance('P4D');
    expect(system.outbox()).toHaveLength(stops ? 0 : 1);
  });
});

describe('the stops', () => {
  it('say who placed and lifted them, and when', async () => {
    // Prepare
    const system = await aSystem();
    await place(system);
    await system.advance('PT1H');

    // Act
    await lift(system, 'ben');
    await system.advance('PT1H');
    const { json } = await lift(system, 'carla');

    // Assess
    expect(json.history).toEqual([
      { what: 'placed', by: 'anna', at: '2026-03-02T01:30:00Z' },
      { what: 'lift-agreed', by: 'ben', at: '2026-03-02T02:30:00Z' },
      { what: 'lifted', by: 'carla', at: '2026-03-02T03:30:00Z' },
    ]);
    expect(await inForce(system)).toEqual([]);
    const all = await system.api<{ stops: StopSeen[] }>('GET', '/stops?status=all');
    expect(all.json.stops).toEqual([json]);
  });

  it('are placed once, and the same request again answers the same', async () => {
    const system = await aSystem();
    const first = await place(system);
    await system.advance('PT1H');
    expect(await place(system)).toEqual(first);
    expect(await inForce(system)).toEqual(['stop-1']);
  });

  it('are not lifted by one person, however often', async () => {
    const system = await aSystem();
    await place(system);
    const once = await lift(system, 'anna');
    expect((await lift(system, 'anna')).json).toEqual(once.json);
    expect(await inForce(system)).toEqual(['stop-1']);
  });

  it('stand beside each other', async () => {
    const system = await aSystem();
    await place(system);
    await place(system, { ...stop, stopId: 'stop-2', channel: 'email' });
    await lift(system, 'anna');
    await lift(system, 'ben');
    expect(await inForce(system)).toEqual(['stop-2']);
  });

  it.each([
    { what: 'no scope', body: { ...stop, channel: undefined }, status: 400, field: 'channel' },
    { what: 'an unknown channel', body: { ...stop, channel: 'fax' }, status: 400, field: 'channel' },
    { what: 'an unknown template', body: { ...stop, template: 'reminder-frist' }, status: 400, field: 'template' },
    { what: 'an unknown jurisdiction', body: { ...stop, jurisdiction: 'XX' }, status: 400, field: 'jurisdiction' },
    { what: 'a misspelt member', body: { ...stop, chanel: 'sms' }, status: 400, field: 'body' },
    { what: 'nobody', body: { ...stop, by: undefined }, status: 400, field: 'by' },
    { what: 'no reason', body: { ...stop, reason: '' }, status: 400, field: 'reason' },
  ])('refuse $what, and nothing is stopped', async ({ body, status, field }) => {
    const system = await aSystem();
    const answer = await place(system, body);
    expect(answer).toMatchObject({ status, json: { field } });
    expect(await inForce(system)).toEqual([]);
  });

  it('refuse an id that stands for another', async () => {
    const system = await aSystem();
    await place(system);
    expect((await place(system, { ...stop, channel: 'email' })).status).toBe(409);
    expect((await lift(system, 'anna', 'stop-9')).status).toBe(404);
    expect((await system.api('GET', '/stops?status=lifted')).status).toBe(400);
  });
});
