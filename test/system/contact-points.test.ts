import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { findings, sentOn } from './feedback.ts';
import { walk } from './walk.ts';

const NUMBER = '+8613800138000';
const SMS = { id: 'cp-1', channel: 'sms', address: NUMBER, owner: 'self' };
const VOICE = { id: 'cp-2', channel: 'voice', address: NUMBER, owner: 'self' };
const MAIL = { id: 'cp-3', channel: 'email', address: 'wang@example.com', owner: 'self' };

async function aCase(contactPoints: readonly object[]): Promise<System> {
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer({ contactPoints }));
  await system.put('AccountOverdue', anOverdue());
  return system;
}

/** The same customer, as the bank sends the record again later. */
const later = (contactPoints: readonly object[], asOf = '2026-03-20T00:00:00Z') => aCustomer({ contactPoints, asOf });
const aCall = async (system: System, count: number) => {
  const opened = (journey: { timeline: readonly { type: string; queue?: unknown }[] }) =>
    journey.timeline.filter((entry) => entry.type === 'TaskOpened' && entry.queue === 'call').length;
  await walk(system, { until: (journey) => opened(journey) === count, answers: {} });
  return system.task('call');
};
const callsTo = async (system: System) =>
  (await system.journey()).timeline.flatMap((entry) =>
    entry.type === 'TaskOpened' && entry.queue === 'call' ? [entry.contactPointId] : [],
  );
const rejected = (system: System) => system.said('acc-1').filter((type) => type === 'EventRejected');

describe('who wants no calls', () => {
  it('gets none on that number, also when the record is replaced, and goes on getting messages there', async () => {
    // Prepare
    const system = await aCase([SMS, VOICE]);
    const { taskId } = await aCall(system, 1);

    // Act
    await system.report(taskId, 'do-not-call');
    await system.advanceTo('2026-03-20T01:00:00Z');
    await system.put('CustomerUpdated', later([SMS, { ...VOICE, id: 'cp-again', consent: true }]));
    const messages = system.outbox().length;
    await system.advance('P20D');

    // Assess
    expect(await findings(system)).toEqual({ 'cp-again': 'opted-out' });
    expect(await callsTo(system)).toEqual(['cp-2']);
    expect(system.outbox().length).toBeGreaterThan(messages);
  });

  it('is called on another number that the bank sends', async () => {
    // Prepare
    const system = await aCase([SMS, VOICE]);
    const { taskId } = await aCall(system, 1);
    await system.report(taskId, 'do-not-call');

    // Act
    const other = { ...VOICE, id: 'cp-other', address: '+8613900139000' };
    await system.put('CustomerUpdated', later([SMS, VOICE, other], '2026-03-08T00:00:00Z'));
    await aCall(system, 2);

    // Assess
    expect(await callsTo(system)).toEqual(['cp-2', 'cp-other']);
  });
});

describe('a number of somebody else', () => {
  it('is used on no channel any more', async () => {
    // Prepare
    const system = await aCase([SMS, VOICE, MAIL]);
    const { taskId } = await aCall(system, 1);
    const before = system.outbox().length;

    // Act
    await system.report(taskId, 'wrong-number');
    await system.advance('P10D');

    // Assess
    expect(await findings(system)).toEqual({ 'cp-1': 'wrong-number', 'cp-2': 'wrong-number' });
    expect(
      new Set(
        system
          .outbox()
          .slice(before)
          .map((message) => message.channel),
      ),
    ).toEqual(new Set(['email']));
    expect(await callsTo(system)).toEqual(['cp-2']);
  });

  it('is known by the second call that another person answered', async () => {
    // Prepare
    const system = await aCase([SMS, VOICE, MAIL]);
    const seen: unknown[] = [];

    // Act
    for (const count of [1, 2]) {
      const { taskId } = await aCall(system, count);
      await system.report(taskId, 'third-party-answered');
      seen.push(await findings(system));
    }

    // Assess
    expect(seen).toEqual([{}, { 'cp-1': 'wrong-number', 'cp-2': 'wrong-number' }]);
  });

  it('is not looked for elsewhere: when the last is gone somebody is asked, and no third party is called', async () => {
    // Prepare
    const relative = { id: 'cp-relative', channel: 'voice', address: '+8613700137000', owner: 'third-party' };
    const system = await aCase([SMS, VOICE, relative]);
    const { taskId } = await aCall(system, 1);

    // Act
    await system.report(taskId, 'wrong-number');
    await system.advance('P10D');

    // Assess
    expect(await callsTo(system)).toEqual(['cp-2']);
    expect(await system.task('data-quality')).toMatchObject({
      facts: { unusable: { 'cp-1': 'wrong-number', 'cp-2': 'wrong-number' } },
    });
  });
});

describe('a malformed address', () => {
  it('rejects nothing and is never used, while the others are', async () => {
    // Prepare
    const system = await aCase([{ ...SMS, address: '13800138000' }, MAIL]);

    // Act
    await system.advance('P12D');

    // Assess
    expect(rejected(system)).toEqual([]);
    expect(await findings(system)).toEqual({ 'cp-1': 'malformed' });
    expect(new Set(system.outbox().map(({ channel, to }) => `${channel} ${to}`))).toEqual(new Set(['email wang@example.com']));
    expect(await system.tasks('data-quality')).toEqual([]);
  });

  it('is named where none is left, and the task ends with a better one', async () => {
    // Prepare
    const bad = [
      { ...SMS, address: '+86 138 0013 8000' },
      { ...MAIL, address: 'wang at example.com' },
    ];
    const system = await aCase(bad);
    await system.advance('P4D');
    const asked = await system.task('data-quality');

    // Act
    await system.put('CustomerUpdated', later([{ ...SMS, id: 'cp-9' }], '2026-03-05T00:00:00Z'));
    await system.advance('P2D');

    // Assess
    expect(asked).toMatchObject({ objective: 'complete-contact-data', facts: { unusable: { 'cp-1': 'malformed', 'cp-3': 'malformed' } } });
    expect(await system.tasks('data-quality')).toEqual([]);
    expect(await findings(system)).toEqual({});
    expect(sentOn(await system.journey())).toHaveLength(system.outbox().length);
    expect(new Set(system.outbox().map(({ to }) => to))).toEqual(new Set([NUMBER]));
  });

  it('with blanks around it is none', async () => {
    // Prepare
    const system = await aCase([{ ...SMS, address: ` ${NUMBER} ` }]);

    // Act
    await system.advance('P4D');

    // Assess
    expect(system.outbox()).toMatchObject([{ to: NUMBER }]);
  });
});

it('a place of work is rung by a person, and never written to', async () => {
  // Prepare
  const system = await aCase([
    { ...SMS, owner: 'work' },
    { ...MAIL, owner: 'work' },
    { ...VOICE, owner: 'work' },
  ]);

  // Act
  await aCall(system, 1);
  await system.advance('P10D');

  // Assess
  expect(system.outbox()).toEqual([]);
  expect(new Set(await callsTo(system))).toEqual(new Set(['cp-2']));
  expect(await system.tasks('data-quality')).toEqual([]);
});
