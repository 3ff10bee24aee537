import { beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../local/kernel/errors.ts';
import { aSystem, type System } from './cloud.ts';
import { aBalance, aCustomer, aHold, anOverdue, aPayment, cny } from './events.ts';
import { lastSent, report, silenceProviders } from './feedback.ts';
import { stateFolder } from './fork.ts';
import { callsOf, disturbedAt, isOfTheCase, type Scene, wholeEvent } from './interleave.ts';

/** One customer, several overdue accounts: one leads, its messages speak for all, and each keeps its own proofs. */

const LARGE = { accountId: 'acc-1001', overdue: cny('6250.00'), balance: cny('18600.00') };
const SMALL = { accountId: 'acc-2002', overdue: cny('830.50'), balance: cny('4000.00') };

async function both(change: Record<string, unknown> = {}): Promise<System> {
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer({ locale: 'en' }));
  await system.put('AccountOverdue', anOverdue({ ...SMALL, ...change }));
  await system.put('AccountOverdue', anOverdue(LARGE));
  return system;
}

const typesOf = async (system: System, accountId: string) => (await system.journey(accountId)).timeline.map(({ type }) => type);

/** How often an account's machine has lain down to wait. */
async function waitsOf(system: System, accountId: string): Promise<number> {
  const { items } = await system.snapshot();
  return Number(items.find(({ pk, sk }) => pk === `ACCOUNT#${accountId}` && sk === '#HEAD')?.waits);
}

describe('two accounts of one customer', () => {
  it('are told of in one message, by the account that owes more, with both amounts and the total', async () => {
    const system = await both();

    await system.advanceTo('2026-03-06T16:00:00Z');

    expect(system.collected()).toMatchObject([
      { accountId: 'acc-1001', template: 'reminder-first' },
      { accountId: 'acc-1001', template: 'reminder-again' },
    ]);
    const { body } = system.collected()[0] ?? { body: '' };
    for (const words of ['1001', '2002', '6,250.00', '830.50', '7,080.50']) expect(body).toContain(words);
  });

  it('count it both: the one that follows says so, rises when its time comes, and is never told the same again', async () => {
    const system = await both();

    await system.advanceTo('2026-03-08T16:30:00Z');

    const shared = (await system.journey('acc-2002')).timeline.filter(({ type }) => type === 'ContactShared');
    expect(shared.map(({ at }) => at)).toEqual(system.collected().map(({ at }) => at));
    expect(await typesOf(system, 'acc-2002')).not.toContain('ContactSent');
    expect((await system.journey('acc-2002')).stage).toBe('call');
    expect(new Set(system.collected().map(({ accountId }) => accountId))).toEqual(new Set(['acc-1001']));
  });

  it('look at once at what a dead address leaves them, whichever account’s message found it', async () => {
    const system = await both();
    silenceProviders(system);
    await system.advanceTo('2026-03-05T05:00:00Z');
    const { contactId } = await lastSent(system, 'acc-1001');
    const before = await waitsOf(system, 'acc-2002');

    await report(system, contactId, 'delivered');
    expect(await waitsOf(system, 'acc-2002')).toBe(before);
    await report(system, contactId, 'bounced', { at: '2026-03-05T05:00:00Z' });

    expect(await waitsOf(system, 'acc-2002')).toBe(before + 1);
  });

  it('of which one is cured: the next message is about the other alone', async () => {
    const system = await both();
    await system.advanceTo('2026-03-05T05:00:00Z');
    await system.put('BalanceUpdated', aBalance({ accountId: 'acc-2002', overdue: cny('0.00'), asOf: '2026-03-05T04:30:00Z' }));
    const before = system.collected().length;

    await system.advanceTo('2026-03-12T00:00:00Z');

    const later = system.collected().slice(before);
    expect(later.length).toBeGreaterThan(0);
    for (const { body } of later) expect(body).not.toContain('2002');
  });

  it('of which the leading one is cured: the other goes on by itself', async () => {
    const system = await both();
    await system.advanceTo('2026-03-05T05:00:00Z');
    await system.put('PaymentReceived', aPayment({ accountId: 'acc-1001', paidAt: '2026-03-05T04:30:00Z' }));
    const before = system.collected().length;

    await system.advanceTo('2026-03-12T00:00:00Z');

    const later = system.collected().slice(before);
    expect(later.map(({ accountId }) => accountId)).toEqual(later.map(() => 'acc-2002'));
    expect(later.length).toBeGreaterThan(0);
    for (const { body } of later) expect(body).not.toContain('1001');
  });

  it('of which one is disputed: it is left out, and its own clock stands, while the other goes on (OCA 170)', async () => {
    const system = await both();
    await system.put('HoldPlaced', aHold({ accountId: 'acc-2002' }));

    await system.advanceTo('2026-03-12T00:00:00Z');

    expect(system.collected().length).toBeGreaterThan(0);
    for (const { body, accountId } of system.collected()) expect([accountId, body.includes('2002')]).toEqual(['acc-1001', false]);
    expect(await typesOf(system, 'acc-2002')).not.toContain('ContactShared');
  });

  it('in different stages are led by the higher stage, not by the larger amount (OCA 21)', async () => {
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer({ locale: 'en' }));
    await system.put('AccountOverdue', anOverdue({ ...SMALL, dueDate: '2026-02-20' }));
    const days = async (count: number) => {
      for (let day = 0; day < count; day += 1) {
        const task = (await system.tasks('call')).find(({ accountId }) => accountId === 'acc-2002');
        if (task !== undefined) await system.report(task.taskId, 'no-answer');
        await system.advance('P1D');
      }
    };
    await days(4);
    expect((await system.journey('acc-2002')).stage).toBe('call');
    await system.put('AccountOverdue', anOverdue({ ...LARGE, asOf: '2026-03-05T00:00:00Z' }));
    const before = system.collected().length;

    await days(4);

    const [first] = system.collected().slice(before);
    expect(first).toMatchObject({ accountId: 'acc-2002' });
    expect(first?.body).toContain('1001');
  });

  it('keep their own offers: what needs proof for an account is never shared', async () => {
    const system = await both({ dueDate: '2026-01-25' });

    await system.advanceTo('2026-03-25T00:00:00Z');

    const offers = system.collected().filter(({ template }) => template === 'plan-offer');
    for (const { accountId, body } of offers) expect(body).not.toContain(accountId === 'acc-1001' ? '2002' : '1001');
    const { timeline } = await system.journey('acc-2002');
    const own = timeline.filter(({ type }) => type === 'PlanOffered').length;
    expect(own).toBe(offers.filter(({ accountId }) => accountId === 'acc-2002').length);
  });

  it('count a message that was given up as lost for both, once a report says that it arrived', async () => {
    // Prepare
    const system = await both();
    silenceProviders(system);
    let died = false;
    system.cloud.kernel.intercept(async (call, next) => {
      if (died || call.operation !== 'TransactWriteItems' || !JSON.stringify(call.input).includes('ContactSent')) return next();
      died = true;
      throw new AwsError('Crashed', 'The invocation that made this call is dead.', 400);
    });
    await system.advanceTo('2026-03-05T16:00:00Z');
    const lost = (await system.journey('acc-1001')).timeline.find((entry) => entry.type === 'ContactLost')?.contactId ?? '';
    const sharedOn = async () =>
      (await system.journey('acc-2002')).timeline.flatMap((entry) => (entry.type === 'ContactShared' ? [entry.contactId] : []));
    const before = await sharedOn();

    // Act
    await report(system, lost, 'delivered');
    await system.advance('P4D');

    // Assess: another message of both accounts has gone since the lost one was reserved.
    const after = await sharedOn();
    expect(before).toHaveLength(1);
    expect(before).not.toContain(lost);
    expect(after).toContain(lost);
    expect(after).toEqual([...new Set(after)]);
  });

  it('in two currencies are listed with a total for each', async () => {
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer({ locale: 'en' }));
    const usd = { amount: '120.00', currency: 'USD' };
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-3003', overdue: usd, balance: usd, minimumDue: usd }));
    await system.put('AccountOverdue', anOverdue(LARGE));

    await system.advanceTo('2026-03-06T16:00:00Z');

    const { body } = system.collected()[0] ?? { body: '' };
    for (const words of ['6,250.00', '120.00']) expect(body).toContain(words);
    expect(body).not.toContain('6,370.00');
  });
});

describe('on the account that follows', () => {
  /** The world just before the leading account sends. */
  let stateDir = '';
  beforeAll(async () => {
    stateDir = stateFolder();
    const system = await aSystem({ stateDir });
    await system.put('CustomerUpdated', aCustomer({ locale: 'en' }));
    await system.put('AccountOverdue', anOverdue(SMALL));
    await system.put('AccountOverdue', anOverdue(LARGE));
    await system.advanceTo('2026-03-05T04:05:00Z');
    await system.close();
  });
  const scene = (): Scene => ({
    name: 'the leading account sends',
    stateDir,
    act: (system) => system.advanceTo('2026-03-05T04:07:00Z'),
  });

  it.each([
    ['a payment', 'PaymentReceived', aPayment({ accountId: 'acc-2002', amount: cny('830.50'), paidAt: '2026-03-05T04:00:00Z' })],
    ['a hold', 'HoldPlaced', aHold({ accountId: 'acc-2002', placedAt: '2026-03-05T04:00:00Z' })],
  ])('%s at every call of the send: once accepted, no message that names the account is reserved', async (_what, type, detail) => {
    const calls = await callsOf(scene(), isOfTheCase);
    expect(calls).toContain('send-contact sns.Publish');
    for (const position of calls.keys()) {
      const system = await disturbedAt(scene(), position, isOfTheCase, (running) => wholeEvent(running, type, detail));
      // The independent checker judges every contact for each account that it names.
      await system.checkSound();
      const [{ body } = { body: '' }] = system.collected();
      expect(body).toContain('1001');
      await system.close();
    }
  });
});
