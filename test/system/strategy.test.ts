import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { configured } from './configured.ts';
import { aBalance, aCustomer, anOverdue } from './events.ts';
import { isReferred, types, walk } from './walk.ts';

/** The contact strategy as the bank sees it: what leaves, when, and what the journey says of it. */

interface Outlook {
  readonly track: string;
  readonly pressure: { readonly contacts: number; readonly conversations: number };
  readonly next?: {
    readonly what: string;
    readonly why: string;
    readonly changes: readonly { readonly what: string; readonly then: string }[];
  };
}

async function outlookOf(system: System): Promise<Outlook> {
  const { status, json } = await system.api<Outlook>('GET', '/accounts/acc-1/journey');
  expect(status).toBe(200);
  return json;
}

async function anOpenCase(change: Parameters<typeof anOverdue>[0] = {}, options: Parameters<typeof aSystem>[0] = {}): Promise<System> {
  const system = await aSystem(options);
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue(change));
  return system;
}

describe('a customer whom messages do not reach', () => {
  it('is written to on the same day by another channel, with the first message’s words', async () => {
    // Prepare
    const system = await anOpenCase({ dueDate: '2026-02-25' });
    await walk(system, { until: () => system.outbox('acc-1').length > 0 });
    const sent = (await system.journey()).timeline.find((entry) => entry.type === 'ContactSent');
    if (sent?.type !== 'ContactSent') throw new Error('A message went');

    // Act
    await system.put('DeliveryReported', { contactId: sent.contactId, status: 'bounced', at: system.now() });
    await walk(system, { until: () => system.outbox('acc-1').length > 1 });

    // Assess
    const [first, second] = system.outbox('acc-1');
    expect([first?.channel, second?.channel]).toEqual(['sms', 'email']);
    expect([first?.template, second?.template]).toEqual(['reminder-first', 'reminder-first']);
    expect(second?.at.slice(0, 10)).toBe(first?.at.slice(0, 10));
  });
});

describe('a customer where the law gives more days of grace than the ladder', () => {
  it('is written to when they are over, and not taken for one who cannot be reached', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer({ jurisdiction: 'EU-GR', timeZone: 'Europe/Athens' }));
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-03-01' }));

    // Act
    await system.advanceTo('2026-03-11T21:00:00Z');
    const inGrace = await system.journey();
    await system.advanceTo('2026-03-14T21:00:00Z');

    // Assess
    expect(types(inGrace)).not.toContain('ContactSent');
    expect(inGrace.next?.why).toContain('grace');
    const after = types(await system.journey());
    expect(after).toContain('ContactSent');
    expect(after).not.toContain('MessageImpossible');
  });
});

describe('a case that nobody pays', () => {
  it('never reads the same text twice, hears of the bureau once and in time, and says how much contact there was', async () => {
    // Prepare
    const system = await anOpenCase();

    // Act
    const journey = await walk(system, { until: isReferred });

    // Assess
    const messages = system.outbox('acc-1');
    const texts = messages.map((message) => `${message.channel} ${message.body}`);
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
    const notices = messages.filter((message) => message.template === 'bureau-notice');
    expect(notices.map((message) => message.at.slice(0, 10))).toEqual(['2026-03-20']);
    expect(notices[0]?.body).toContain('2026年3月25日');
    const { pressure } = await outlookOf(system);
    const calls = journey.timeline.filter((entry) => entry.type === 'TaskOutcomeReported' && entry.contactPointId !== undefined).length;
    const demands = messages.filter((message) => !['bureau-notice', 'legal-formal-notice'].includes(message.template ?? '')).length;
    expect(pressure).toEqual({ contacts: calls + demands, conversations: 0 });
  });
});

describe('what comes next', () => {
  it('is answered with what would change it, and with the track that bends it', async () => {
    // Prepare
    const system = await anOpenCase({ risk: { timesOverdueLast12Months: 0 } });

    // Act
    const early = await outlookOf(system);
    await walk(system, { until: (journey) => types(journey).includes('ContactSent') });
    await system.put('HoldPlaced', { holdId: 'hold-1', accountId: 'acc-1', kind: 'dispute', placedAt: system.now() });
    const held = await outlookOf(system);

    // Assess
    expect(early).toMatchObject({ track: 'first-time', pressure: { contacts: 0, conversations: 0 } });
    const [change] = early.next?.changes ?? [];
    expect([change?.what, change?.then]).toEqual(['A payment of at least CNY 6240.00', 'The case is cured and closes']);
    expect(held.next?.changes.map((change) => change.what)).toContain('Hold hold-1 (dispute) is released');
    expect((await system.journey()).timeline.find((entry) => entry.type === 'TrackChanged')).toMatchObject({
      from: 'standard',
      to: 'first-time',
    });
    expect(system.said()).not.toContain('TrackChanged');
  });
});

describe('a figure that is too old', () => {
  it('lets a person call back who was asked to, and tells them no amount', async () => {
    // Prepare
    const system = await anOpenCase({ dueDate: '2026-02-20' }, { assembly: configured({ maxFigureAgeHours: 48 }) });
    for (let hour = 0; hour < 40 && (await system.tasks('call')).length === 0; hour += 1) await system.advance('PT1H');
    const first = await system.task('call');
    await system.report(first.taskId, 'call-back', { callBackAt: '2026-03-06T03:00:00Z' });

    // Act
    await system.advanceTo('2026-03-06T03:01:00Z');
    const task = await system.task('call');
    const attempt = await system.api('POST', `/tasks/${task.taskId}/attempts`, { by: 'collector-7' });

    // Assess
    expect(task.objective).toBe('call-back');
    expect(task.facts).toMatchObject({ figureTooOld: expect.any(String) });
    expect([first.facts.overdue, task.facts.overdue, task.facts.balance]).toEqual([expect.anything(), undefined, undefined]);
    expect(attempt.status).toBe(200);
  });

  it('lets a dialler of the bank make the call that the customer asked for, from the time that was asked for', async () => {
    // Prepare
    const system = await anOpenCase({ dueDate: '2026-02-20' }, { assembly: configured({ maxFigureAgeHours: 48 }) });
    for (let hour = 0; hour < 40 && (await system.tasks('call')).length === 0; hour += 1) await system.advance('PT1H');
    const first = await system.task('call');
    await system.report(first.taskId, 'call-back', { callBackAt: '2026-03-06T03:00:00Z' });
    const call = { customerId: 'cus-1', accountId: 'acc-1', channel: 'voice', actor: 'dialler' };
    const check = async (more: object) => (await system.api('POST', '/contacts/check', { ...call, ...more })).json;

    // Act
    await system.advanceTo('2026-03-06T02:00:00Z');
    const [early, planned] = [await check({}), await check({ at: '2026-03-06T03:00:00Z' })];
    await system.advanceTo('2026-03-06T03:01:00Z');
    const sms = await check({ channel: 'sms' });
    const due = await check({ reserve: true });
    const task = await system.task('call');
    await system.report(task.taskId, 'no-answer');
    const after = await check({});

    // Assess
    expect(early).toMatchObject({ decision: 'deny', rule: 'STATE.STALE' });
    expect(planned).toMatchObject({ decision: 'allow' });
    expect(sms).toMatchObject({ decision: 'deny', rule: 'STATE.STALE' });
    expect(due).toMatchObject({ decision: 'allow', attemptId: expect.any(String) });
    expect(after).toMatchObject({ decision: 'deny', rule: 'STATE.STALE' });
  });

  it('stops messages and calls until the core sends a newer one', async () => {
    // Prepare
    const system = await anOpenCase({ dueDate: '2026-02-20' }, { assembly: configured({ maxFigureAgeHours: 48 }) });

    // Act
    await system.advance('P4D');
    const before = types(await system.journey());
    const { next } = await outlookOf(system);
    await system.advance('P10D');
    const later = types(await system.journey());
    await system.put('BalanceUpdated', aBalance({ asOf: system.now() }));
    await system.advance('P1D');

    // Assess
    expect(next?.why).toContain('is older than 48 hours');
    expect(next?.changes.map((change) => change.then)).toContain('Collection goes on');
    expect(later.filter((type) => type === 'ContactSent' || type === 'TaskOpened')).toEqual(
      before.filter((type) => type === 'ContactSent' || type === 'TaskOpened'),
    );
    const after = types(await system.journey()).slice(later.length);
    expect(after.filter((type) => type === 'ContactSent' || type === 'TaskOpened').length).toBeGreaterThan(0);
  });
});
