import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCase } from '../../../domain/case-status.ts';
import { type World, worldOf } from '../../../domain/decide/world.ts';
import type { Case } from '../../../domain/model.ts';
import { exponentOf } from '../../../domain/money.ts';
import { CAPACITY } from '../../../domain/policy/capacity.ts';
import { budgetedQueue, lineOf, STEPS, stepOf, whyForgone, worthOf } from '../../../domain/strategy/capacity.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';

function worldWith(change: Partial<Case> = {}, owing = '6250.00', currency = 'CNY'): World {
  const account = anAccount().overdueBy(40).owing(owing, owing, currency).build();
  const current = openCase(account);
  if (current === undefined) throw new Error('The account has a case');
  const governor = aCustomer().build();
  return { ...worldOf(account, { ...current, ...change }, governor, aSetting({ governor })), track: 'standard' };
}

describe('what a contact is worth', () => {
  it('is the overdue amount times the chance, against the cost, as a sum that a person can check', () => {
    expect(worthOf(worldWith(), 'call')).toEqual({
      percent: 12_500,
      why: 'CNY 6250.00 overdue x 30 % (standard) - CNY 15.00 = CNY 1860.00',
    });
    expect(worthOf(worldWith(), 'field-visit').percent).toBe(468);
  });

  it('bends with what the customer did', () => {
    const tries = { 'p-voice': { days: 4, firstDate: '2026-02-20', lastDate: '2026-02-26', evening: true, weekend: true } };
    const broken = [
      { promiseId: 'p', taskId: 't', recordedAt: '2026-02-20T00:00:00Z', amountMinor: 1, date: '2026-02-21', status: 'broken' as const },
    ];
    expect(worthOf(worldWith({ lastConversationAt: '2026-03-01T00:00:00Z' }), 'call').why).toContain('45 % (standard, spoken to before)');
    expect(worthOf(worldWith({ tries }), 'call').why).toContain('15 % (standard, no answer on 4 days)');
    expect(worthOf(worldWith({ promises: broken }), 'call').why).toContain('21 % (standard, broke a promise)');
  });

  it.each([
    ['CNY', '6250.00'],
    ['USD', '875.00'],
    ['JPY', '131250'],
    ['GBP', '656.25'],
    ['INR', '75000.00'],
  ])('is about the same for as much money in %s: the same people work all accounts', (currency, owing) => {
    const { percent = 0, why } = worthOf(worldWith({}, owing, currency), 'call');
    expect(percent / 12_500).toBeCloseTo(1, 1);
    expect(why).toContain(`${currency} ${owing} overdue`);
  });

  it('does not take a yen for a yuan, nor a fen for a cent', () => {
    const [yen, yuan, dollars] = [worldWith({}, '6250', 'JPY'), worldWith(), worldWith({}, '6250.00', 'USD')].map((world) =>
      stepOf(worthOf(world, 'field-visit')),
    );
    expect(yen).toBeLessThan(yuan ?? 0);
    expect(yuan).toBeLessThan(dollars ?? 0);
  });

  it('is compared with no other in a currency that nobody weighed: no line leaves the account out, only a full day does', () => {
    const worth = worthOf(worldWith({}, '50.000', 'KWD'), 'call');
    expect(worth.percent).toBeUndefined();
    expect(worth.why).toContain('KWD is compared with no other currency');
    expect(whyForgone({ objective: 'recover' }, worth, { budget: 10, line: STEPS.length - 1, taken: 9 })).toBeUndefined();
    expect(whyForgone({ objective: 'recover' }, worth, { budget: 10, line: 0, taken: 10 })).toContain('all 10 of the day are taken');
  });

  it('is known for the currencies in which the packs collect, as amounts of that currency', () => {
    for (const currency of ['CNY', 'USD', 'GBP', 'AUD', 'INR', 'HKD', 'SGD', 'EUR', 'RON', 'TWD'])
      expect({ currency, percent: worthOf(worldWith({}, '100.00', currency), 'call').percent }).toEqual({
        currency,
        percent: expect.any(Number),
      });
    expect(Object.keys(CAPACITY.hundredYuanMinor).filter((code) => exponentOf(code) === undefined)).toEqual([]);
  });
});

describe('the line of a day', () => {
  const dayOf = (counts: Readonly<Record<number, number>>) => STEPS.map((_, step) => counts[step] ?? 0);

  it('is drawn where as many stand above as there are places', () => {
    expect(lineOf([dayOf({ 40: 6, 20: 4, 10: 90 })], 10)).toBe(20);
    expect(lineOf([dayOf({ 40: 6, 20: 4, 10: 90 })], 5)).toBe(40);
    expect(lineOf([dayOf({ 40: 12 }), dayOf({ 20: 7, 10: 50 })], 10)).toBe(10);
  });

  it('is at the bottom where there were places for all, and where nothing is known', () => {
    expect(lineOf([dayOf({ 40: 6, 20: 4 })], 11)).toBe(0);
    expect(lineOf([], 1)).toBe(0);
    expect(lineOf([dayOf({})], 1)).toBe(0);
  });

  it('never leaves places empty that the days before would have filled, nor lets more of them pass by a whole step', () => {
    const day = fc.array(fc.nat(50), { minLength: STEPS.length, maxLength: STEPS.length });
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 500 }), (demand, budget) => {
        const days = demand.filter((counts) => counts.some((count) => count > 0));
        const line = lineOf(demand, budget);
        const from = (step: number) => days.reduce((sum, counts) => sum + counts.slice(step).reduce((all, count) => all + count, 0), 0);
        if (line > 0) expect(from(line)).toBeGreaterThanOrEqual(budget * days.length);
        expect(from(line + 1)).toBeLessThan(Math.max(1, budget * days.length));
      }),
    );
  });

  it('has steps that rise, and every worth stands on one', () => {
    expect(STEPS.every((step, index) => index === 0 || step > (STEPS[index - 1] ?? 0))).toBe(true);
    expect([0, 99, 100, 119, 120, 10_000_000].map((percent) => stepOf({ percent }))).toEqual([0, 0, 1, 1, 2, STEPS.length - 1]);
  });
});

describe('whom a budget leaves out', () => {
  const worth = { percent: 500, why: 'the sum' };
  const recover = { objective: 'recover' } as const;

  it('is whoever stands below the line, or comes when all places are taken', () => {
    expect(whyForgone(recover, worth, { budget: 10, line: 40, taken: 0 })).toContain('of 10 a day those come first');
    expect(whyForgone(recover, worth, { budget: 10, line: 0, taken: 10 })).toBe('all 10 of the day are taken; here the sum');
    expect(whyForgone(recover, worth, { budget: 10, line: 0, taken: 9 })).toBeUndefined();
  });

  it('is never somebody who asked to be called', () => {
    expect(whyForgone({ objective: 'call-back' }, worth, { budget: 1, line: 47, taken: 9 })).toBeUndefined();
  });

  it('is nobody whose task asks for no call and no visit', () => {
    expect(budgetedQueue({ queue: 'field-visit', objective: 'approve-visit' })).toBeUndefined();
    expect(budgetedQueue({ queue: 'case-review', objective: 'review-hold' })).toBeUndefined();
    expect(budgetedQueue({ queue: 'field-visit', objective: 'visit' })).toBe('field-visit');
  });
});
