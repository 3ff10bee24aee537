import { describe, expect, it } from 'vitest';
import { HOUR, toInstant } from '../../domain/calendar.ts';
import { statusOf } from '../../domain/case-status.ts';
import { recordPlanAgreed } from '../../domain/plans/agreement.ts';
import { offersOn } from '../../domain/plans/offers.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { recordHoldPlaced, recordHoldReleased, recordPaymentReceived, recordPaymentReversed } from '../../domain/record/bank-facts.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { recordPlanBooked } from '../../domain/record/plans.ts';
import { anAccount, cny } from '../builders/account.ts';
import type { CaseDriver } from './case-driver.ts';
import { emptyDesk, patientDesk } from './desks.ts';
import { drive } from './drive.ts';

const pays = (paymentId: string, amount: string, at: string) => (journal: Journal) =>
  recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt: at, postedAt: at, state: 'posted' });
const reverses = (paymentId: string, reversedAt: string) => (journal: Journal) => recordPaymentReversed(journal, { paymentId, reversedAt });

/** A case of 3 March, in the call stage, whose first call brought these promises on the 3rd at 10:31 in Shanghai. */
function promised(...parts: readonly (readonly [string, string])[]): CaseDriver {
  let given = false;
  const desk = patientDesk((task) => {
    if (task.queue !== 'call' || given) return undefined;
    given = true;
    return { outcome: 'promise', promises: parts.map(([amount, date]) => ({ amount: cny(amount), date })) };
  });
  return drive(anAccount().overdueBy(12).owing('1000.00'), desk).runTo('2026-03-03T04:00:00Z');
}

const statuses = (driver: CaseDriver) => driver.case.promises.map((promise) => promise.status);

describe('a promise', () => {
  it('is kept by the payment, reminded of the day before, and nothing else is said meanwhile', () => {
    const driver = promised(['500.00', '2026-03-09']);
    const sent = driver.sent.length;
    const tasks = driver.case.taskCount;
    driver.later('2026-03-09T12:00:00Z', pays('p', '500.00', '2026-03-09T12:00:00Z'));
    driver.runTo('2026-03-09T11:59:59Z');
    expect(driver.sent.slice(sent).map((message) => [message.purpose, message.at.slice(0, 10)])).toEqual([
      ['promise-reminder', '2026-03-08'],
    ]);
    expect(driver.case.taskCount).toBe(tasks);
    driver.runTo('2026-03-09T12:00:00Z');
    expect(statuses(driver)).toEqual(['kept']);
    driver.check();
  });

  it.each([
    ['nothing was paid', [], 'broken'],
    ['a part was paid', [['200.00', '2026-03-08T04:00:00Z']], 'part-kept'],
    ['all but the small tolerance was paid', [['490.00', '2026-03-08T04:00:00Z']], 'kept'],
    ['a little more was missing', [['489.99', '2026-03-08T04:00:00Z']], 'part-kept'],
    [
      'two payments made it up',
      [
        ['250.00', '2026-03-05T04:00:00Z'],
        ['250.00', '2026-03-07T04:00:00Z'],
      ],
      'kept',
    ],
    ['it was paid on the day of grace', [['500.00', '2026-03-10T15:59:59Z']], 'kept'],
    ['it was paid after it', [['500.00', '2026-03-10T16:00:00Z']], 'broken'],
  ])('where %s ends as it should: %s', (_name, payments, status) => {
    const driver = promised(['500.00', '2026-03-09']);
    for (const [index, [amount = '', at = '']] of payments.entries()) driver.later(at, pays(`p${index}`, amount, at));
    driver.runTo('2026-03-10T15:59:59Z');
    expect(statuses(driver)).toEqual([status === 'kept' ? 'kept' : 'open']);
    driver.runTo('2026-03-11T04:00:00Z');
    expect(statuses(driver)).toEqual([status]);
    driver.check();
  });

  it('that was broken brings the next call', () => {
    const driver = promised(['500.00', '2026-03-09']).runTo('2026-03-12T04:00:00Z');
    expect(driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'call').length).toBe(2);
    expect(driver.entriesOf('PromiseBroken').map((entry) => [entry.at, entry.partKept])).toEqual([['2026-03-10T16:00:00Z', false]]);
  });

  it.each([
    ['both in full', ['300.00', '2026-03-05T04:00:00Z'], ['200.00', '2026-03-12T04:00:00Z'], ['kept', 'kept']],
    ['all at once and early', ['500.00', '2026-03-04T04:00:00Z'], undefined, ['kept', 'kept']],
    ['the first only', ['300.00', '2026-03-05T04:00:00Z'], undefined, ['kept', 'broken']],
    ['the second only', ['200.00', '2026-03-12T04:00:00Z'], undefined, ['broken', 'kept']],
    ['too late for the first, so it is the second’s', ['300.00', '2026-03-09T04:00:00Z'], undefined, ['broken', 'kept']],
  ])('in two parts counts each yuan once: %s', (_name, first, second, expected) => {
    const driver = promised(['300.00', '2026-03-06'], ['200.00', '2026-03-13']);
    for (const [index, payment] of [first, second].entries()) {
      if (payment !== undefined) driver.later(payment[1] ?? '', pays(`p${index}`, payment[0] ?? '', payment[1] ?? ''));
    }
    driver.runTo('2026-03-16T04:00:00Z');
    expect(statuses(driver)).toEqual(expected);
    driver.check();
  });

  it('is not kept a second time by the money that kept the one before', () => {
    const driver = promised(['300.00', '2026-03-05']);
    driver.later('2026-03-05T02:00:00Z', pays('p', '300.00', '2026-03-05T02:00:00Z'));
    let given = false;
    driver.desk = (task) => {
      if (given || task.queue !== 'call') return undefined;
      given = true;
      return { outcome: 'promise', afterHours: 0, promises: [{ amount: cny('300.00'), date: '2026-03-11' }] };
    };
    driver.runTo('2026-03-07T04:00:00Z');
    expect(statuses(driver)).toEqual(['kept', 'open']);
  });

  it('does not count a payment that was reversed', () => {
    const driver = promised(['500.00', '2026-03-09']);
    driver.later('2026-03-05T04:00:00Z', pays('p', '400.00', '2026-03-05T04:00:00Z'));
    driver.later('2026-03-06T04:00:00Z', reverses('p', '2026-03-06T04:00:00Z'));
    driver.runTo('2026-03-11T04:00:00Z');
    expect(statuses(driver)).toEqual(['broken']);
  });

  it.each([
    ['without an amount', [], 'promises'],
    ['of nothing', [{ amount: cny('0.00'), date: '2026-03-09' }], 'promises.0.amount.amount'],
    ['in another currency', [{ amount: { amount: '5.00', currency: 'TWD' }, date: '2026-03-09' }], 'promises.0.amount.currency'],
    ['for yesterday', [{ amount: cny('1.00'), date: '2026-03-02' }], 'promises.0.date'],
    ['for next year', [{ amount: cny('1.00'), date: '2027-03-02' }], 'promises.0.date'],
    ['in four parts', Array.from({ length: 4 }, () => ({ amount: cny('1.00'), date: '2026-03-09' })), 'promises'],
  ])('%s is refused by its field', (_name, promises, field) => {
    const driver = drive(anAccount().overdueBy(12), emptyDesk).runTo('2026-03-03T04:00:00Z');
    const taskId = driver.case.tasks[0]?.taskId ?? '';
    expect(() => driver.answer(taskId, { outcome: 'promise', promises })).toThrow(expect.objectContaining({ status: 422, field }));
    expect(driver.case.tasks.length).toBe(1);
  });
});

/** A case with a plan of three times 400.00 (due 10 March, 10 April, 10 May), agreed on 3 March. */
function arranged(desk = patientDesk()): CaseDriver {
  const driver = drive(anAccount().overdueBy(12).owing('1200.00'), desk).runTo('2026-03-03T04:00:00Z');
  agree(driver);
  return driver;
}

function agree(driver: CaseDriver): void {
  const [offer] = offersOn(driver.account, driver.world().setting, driver.today);
  const how = { agreedAt: toInstant(driver.now), channel: 'voice', proofRef: 'rec-1' };
  driver.tell((journal) => recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', ...how }));
}

const entriesSince = (driver: CaseDriver, ...types: readonly string[]) =>
  driver.entries.filter((entry) => types.includes(entry.type)).map((entry) => `${entry.type} ${entry.at.slice(0, 10)}`);
const purposes = (driver: CaseDriver, from: number) =>
  driver.sent.slice(from).map((message) => `${message.purpose} ${message.at.slice(0, 10)}`);

describe('a plan', () => {
  it('moves the case to the plan stage, says what serves it and nothing else, and completes', () => {
    const driver = arranged();
    const sent = driver.sent.length;
    for (const [index, at] of ['2026-03-10T04:00:00Z', '2026-04-10T04:00:00Z', '2026-05-10T04:00:00Z'].entries())
      driver.later(at, pays(`p${index}`, '400.00', at));

    driver.runTo('2026-05-09T04:00:00Z');
    expect(driver.case.stage).toBe('plan');
    expect(statusOf(driver.account, LADDER, driver.now)).toBe('arranged');
    expect(purposes(driver, sent)).toEqual(['plan-servicing 2026-03-07', 'plan-servicing 2026-04-07', 'plan-servicing 2026-05-07']);
    driver.runTo('2026-05-20T04:00:00Z');

    expect(entriesSince(driver, 'InstalmentDue', 'InstalmentPaid', 'InstalmentMissed', 'PlanCompleted', 'PlanBroken')).toEqual([
      'InstalmentDue 2026-03-06',
      'InstalmentPaid 2026-03-10',
      'InstalmentDue 2026-04-06',
      'InstalmentPaid 2026-04-10',
      'InstalmentDue 2026-05-06',
      'InstalmentPaid 2026-05-10',
      'PlanCompleted 2026-05-10',
    ]);
    expect(driver.case.closeReason).toBe('cured');
    driver.check();
  });

  it('of which an instalment is missed warns, leaves days to make it good, and goes on when it is', () => {
    const driver = arranged();
    driver.later('2026-03-14T04:00:00Z', pays('p', '400.00', '2026-03-14T04:00:00Z'));
    driver.runTo('2026-04-01T04:00:00Z');
    expect(entriesSince(driver, 'InstalmentMissed', 'InstalmentPaid', 'PlanBroken')).toEqual([
      'InstalmentMissed 2026-03-10',
      'InstalmentPaid 2026-03-14',
    ]);
    expect(driver.case.plan?.status).toBe('active');
    driver.check();
  });

  it('breaks when those days are over and the ladder goes on at the height of the days past due', () => {
    const driver = arranged();
    driver.runTo('2026-03-15T15:59:59Z');
    expect(driver.case.plan?.status).toBe('active');
    driver.runTo('2026-03-15T16:00:00Z');
    expect(driver.case.plan?.status).toBe('broken');
    expect(driver.entriesOf('StageEntered').map((entry) => entry.stage)).toEqual(['reminder', 'call', 'plan', 'call']);
    driver.runTo('2026-04-10T00:00:00Z');
    expect(driver.case.stage).toBe('plan');
    expect(driver.sent.filter((message) => message.purpose === 'plan-offer')).toEqual([]);
    driver.runDays(60);
    expect(driver.case.stage).toBe('legal');
    driver.check();
  });

  it('keeps no call, visit or suit open, and takes none up while it runs', () => {
    const driver = arranged();
    driver.tell((journal) => recordPlanBooked(journal, { planId: driver.case.plan?.planId ?? '', at: toInstant(driver.now) }));
    const tasks = driver.case.taskCount;
    driver.runTo('2026-03-15T04:00:00Z');
    expect([driver.case.tasks, driver.case.taskCount]).toEqual([[], tasks]);
  });

  it('ends with the cure of the account', () => {
    const driver = arranged();
    driver.later('2026-03-12T04:00:00Z', pays('p', '1200.00', '2026-03-12T04:00:00Z'));
    driver.runTo('2026-03-20T04:00:00Z');
    expect([driver.case.status, driver.case.plan?.status]).toEqual(['closed', 'completed']);
    driver.check();
  });

  it('whose paid instalment is reversed later leaves days to make it good', () => {
    const driver = arranged();
    driver.later('2026-03-10T04:00:00Z', pays('p', '400.00', '2026-03-10T04:00:00Z'));
    driver.later('2026-03-25T04:00:00Z', reverses('p', '2026-03-25T04:00:00Z'));
    driver.runTo('2026-03-29T15:00:00Z');
    expect(driver.case.plan?.status).toBe('active');
    expect(driver.sent.at(-1)?.purpose).toBe('plan-servicing');
    driver.runTo('2026-03-31T00:00:00Z');
    expect(entriesSince(driver, 'InstalmentMissed', 'PlanBroken')).toEqual(['InstalmentMissed 2026-03-25', 'PlanBroken 2026-03-29']);
    driver.check();
  });

  it('is not broken by a hold: after it the days to make good begin', () => {
    const driver = arranged();
    driver.runTo('2026-03-08T04:00:00Z');
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: toInstant(driver.now) }));
    driver.runDays(15);
    // Something else wakes the case meanwhile.
    driver.tell(pays('p', '1.00', toInstant(driver.now)));
    driver.runDays(5);
    expect([driver.case.plan?.status, driver.case.plan?.instalments[0]?.status]).toEqual(['active', 'due']);
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h', releasedAt: toInstant(driver.now) }));
    driver.runDays(4);
    expect(driver.case.plan?.status).toBe('active');
    driver.runDays(2);
    expect(driver.case.plan?.status).toBe('broken');
    driver.check();
  });

  it('counts many small payments, and all of them', () => {
    const driver = arranged();
    const from = driver.now;
    for (let index = 0; index < 100; index += 1) {
      const at = from + (index + 1) * 1.5 * HOUR;
      driver.later(at, pays(`p${index}`, '12.00', toInstant(at)));
    }
    driver.runDays(7);
    expect(driver.case.plan?.status).toBe('completed');
    driver.check();
  });
});

describe('an offer', () => {
  it('answers a request once, in the stage it came in', () => {
    let asked = false;
    const desk = patientDesk((task) => {
      if (task.queue !== 'call' || asked) return undefined;
      asked = true;
      return { outcome: 'plan-requested' };
    });
    const driver = drive(anAccount().overdueBy(8), desk).runDays(12);
    expect(driver.sent.filter((message) => message.purpose === 'plan-offer').map((message) => message.stage)).toEqual(['call']);
    driver.check();
  });

  it('that cannot be delivered is tried three times, then the case goes on, and no contact is ever made twice', () => {
    const desk = patientDesk((task) => (task.queue === 'call' ? { outcome: 'plan-requested' } : undefined));
    const driver = drive(anAccount().overdueBy(8), desk);
    driver.provider = ({ key }) => !key.startsWith('plan-request');
    driver.runDays(40);
    const [first] = driver.entriesOf('ContactFailed');
    const step = first?.key.slice(0, -2) ?? '';
    expect(
      driver
        .entriesOf('ContactFailed')
        .filter((entry) => entry.key.startsWith(`${step}_`))
        .map((entry) => entry.key.slice(-2)),
    ).toEqual(['_1', '_2', '_3']);
    expect(driver.case.contacts.filter((contact) => contact.key.startsWith(`${step}_`)).length).toBeLessThanOrEqual(1);
    expect(driver.sent.some((message) => message.purpose === 'plan-offer')).toBe(true);
    driver.check();
  });

  it('is not made where there is nothing to offer, and the case goes on for that', () => {
    const driver = drive(anAccount().overdueBy(40).owing('150.00')).runDays(40);
    expect(driver.sent.filter((message) => message.purpose === 'plan-offer')).toEqual([]);
    expect(driver.entriesOf('MessageImpossible').map((entry) => entry.stage)).toEqual(['plan']);
    expect(driver.sent.some((message) => message.stage === 'plan')).toBe(true);
    expect(driver.case.stage).toBe('field-visit');
    driver.check();
  });
});
