import { describe, expect, it } from 'vitest';
import { DAY, toInstant } from '../../../domain/calendar.ts';
import { catalogueOn, offersOn } from '../../../domain/plans/offers.ts';
import { type AskedPlan, recordPlanRequested, wishSeen } from '../../../domain/plans/wish.ts';
import { ARRANGEMENTS } from '../../../domain/policy/arrangements.ts';
import { recordBalanceUpdated, recordHoldPlaced, recordHoldReleased } from '../../../domain/record/bank-facts.ts';
import { recordOutcome } from '../../../domain/record/outcome.ts';
import { type AccountBuilder, anAccount, cny } from '../../builders/account.ts';
import type { CaseDriver } from '../case-driver.ts';
import { patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

/** What a customer asks for through the bank's portal. */

const LONG: AskedPlan = { requestId: 'r-1', kind: 'instalments', months: 24 };
const COMPONENTS = { principal: cny('17900.00'), interest: cny('610.00'), fees: cny('90.00') };

const reviewsLie = patientDesk((task) => (task.queue === 'plan-review' ? 'lies' : undefined));
const aCase = (account: AccountBuilder = anAccount().overdueBy(7)) => drive(account, reviewsLie);

/** @returns the key of the line that may be agreed at once; undefined where a person is asked */
function ask(driver: CaseDriver, asked: AskedPlan): string | undefined {
  let key: string | undefined;
  driver.tell((journal) => {
    key = recordPlanRequested(journal, asked)?.offer.key;
  });
  return key;
}

const review = (driver: CaseDriver) => driver.case.tasks.find(({ queue }) => queue === 'plan-review');
const seen = (driver: CaseDriver, requestId?: string) => wishSeen(driver.account, driver.case, driver.setting, requestId);

function answer(driver: CaseDriver, outcome: 'approve' | 'reject', by = 'supervisor-1'): void {
  const task = review(driver);
  if (task === undefined) throw new Error('Nobody is asked');
  driver.tell((journal) => recordOutcome(journal, task, { taskId: task.taskId, outcome, by, at: toInstant(driver.now) }));
}

const refused = (driver: CaseDriver, asked: AskedPlan) => {
  try {
    ask(driver, asked);
  } catch (error) {
    return error;
  }
  throw new Error('It was taken');
};

describe('a customer who asks for an arrangement', () => {
  it('is looked at by a person at once, who sees what was asked for and why', () => {
    const driver = aCase();
    ask(driver, { ...LONG, perMonthMinor: 30_000, reasonForArrears: 'illness' });
    driver.runTo(driver.now);

    const opened = driver.entriesOf('TaskOpened').at(-1);
    expect(opened).toMatchObject({
      queue: 'plan-review',
      objective: 'approve-plan',
      subject: 'long-instalments-24',
      asks: {
        kind: 'instalments',
        instalments: 24,
        authority: 'supervisor',
        requestId: 'r-1',
        reasonForArrears: 'illness',
        perMonth: cny('300.00'),
      },
    });
    expect(opened?.asks).not.toHaveProperty('requestedBy');
    expect(seen(driver)).toMatchObject({ requestId: 'r-1', state: 'in-review', kind: 'instalments', months: 24 });
    expect(driver.decision().next.why).toContain('An arrangement that the customer asked for is being looked at');
    driver.check();
  });

  it('may agree it once it is approved, as long as the approval holds', () => {
    const driver = aCase();
    ask(driver, LONG);
    driver.runTo(driver.now);
    answer(driver, 'approve');

    const keys = () => offersOn(driver.account, driver.setting, driver.today).map(({ key }) => key);
    expect(keys()).toContain('long-instalments-24');
    expect(seen(driver)).toMatchObject({ state: 'approved', validUntil: '2026-03-16', decidedAt: toInstant(driver.now) });
    expect(driver.decision().next.why).toContain('was approved and may be agreed');
    driver.runDays(ARRANGEMENTS.grantDays + 1);
    expect(keys()).not.toContain('long-instalments-24');
    expect(seen(driver)?.state).toBe('lapsed');
    driver.check();
  });

  it('is told where a person declined it, and the ladder goes on as if nobody had asked', () => {
    const driver = aCase();
    ask(driver, LONG);
    driver.runTo(driver.now);
    answer(driver, 'reject');

    expect(seen(driver)).toMatchObject({ state: 'declined', decidedAt: toInstant(driver.now) });
    expect(driver.decision().next.why).toContain('was declined');
    driver.runDays(3);
    expect(review(driver)).toBeUndefined();
    driver.check();
  });

  it('needs nobody for what may be agreed at once, and nothing is written then', () => {
    const driver = aCase();
    const before = driver.entries.length;
    expect(ask(driver, { requestId: 'r-1', kind: 'instalments', months: 12 })).toBe('instalments-12');
    expect(ask(driver, { requestId: 'r-2', kind: 'instalments', perMonthMinor: 60_000 })).toBe('instalments-12');
    expect(driver.entries.length).toBe(before);
    expect(seen(driver)).toBeUndefined();
  });

  it('gets what is paid soonest of what they can pay a month', () => {
    const driver = aCase();
    ask(driver, { requestId: 'r-1', kind: 'instalments', perMonthMinor: 20_000 });
    expect(seen(driver)?.months).toBe(36);
  });

  it.each<[string, AskedPlan, string, string]>([
    ['a kind that does not fit', { requestId: 'r', kind: 'settlement' }, 'kind', 'PLAN.KIND'],
    ['months that nobody offers', { requestId: 'r', kind: 'instalments', months: 7 }, 'months', 'PLAN.MONTHS'],
    ['neither months nor an amount', { requestId: 'r', kind: 'instalments' }, 'months', 'PLAN.MONTHS'],
    ['too little a month', { requestId: 'r', kind: 'instalments', perMonthMinor: 10_000 }, 'amountPerMonth', 'PLAN.AMOUNT'],
    [
      'too little for so few months',
      { requestId: 'r', kind: 'instalments', months: 3, perMonthMinor: 60_000 },
      'amountPerMonth',
      'PLAN.AMOUNT',
    ],
  ])('is refused by rule and field: %s', (_what, asked, field, rule) => {
    expect(refused(aCase(), asked)).toMatchObject({ status: 422, field, rule });
  });

  it.each([1, 7, 40, 75, 120])('is served in any stage, from the first day: %d days past due', (days) => {
    const driver = aCase(anAccount().overdueBy(days));
    ask(driver, LONG);
    driver.runTo(driver.now);
    expect(review(driver)?.subject).toBe('long-instalments-24');
  });

  it.each<[string, number]>([
    ['dispute', 200],
    ['complaint', 200],
    ['represented', 200],
    ['cease-contact', 200],
    ['fraud', 409],
    ['bankruptcy', 409],
    ['deceased', 409],
  ])('is served under a hold where anything may be arranged: %s', (kind, status) => {
    const driver = aCase();
    driver.tell((journal) =>
      recordHoldPlaced(journal, { holdId: 'h', kind: kind as 'dispute', placedAt: toInstant(driver.now), reason: 'customer-request' }),
    );
    if (status === 409) {
      expect(refused(driver, LONG)).toMatchObject({ status, rule: 'PLAN.NONE' });
      return;
    }
    ask(driver, LONG);
    driver.runTo(driver.now);
    expect(review(driver)?.subject).toBe('long-instalments-24');
  });

  it('who says so themselves is not in hardship yet: years are reviewed, until a person has found that they are', () => {
    // Prepare
    const driver = aCase();
    const hold = { holdId: 'h', kind: 'hardship-review', placedAt: toInstant(driver.now), reason: 'customer-request' } as const;
    driver.tell((journal) => recordHoldPlaced(journal, hold));
    const reviewed = () => catalogueOn(driver.account, driver.setting, driver.today).filter(({ months }) => months >= 24);
    const asked = reviewed();
    // Act
    driver.desk = patientDesk((task) => (task.objective === 'review-hold' ? 'lies' : undefined));
    driver.runDays(31);
    const review = driver.case.tasks.find(({ objective }) => objective === 'review-hold');
    const waiting = reviewed();
    driver.answer(review?.taskId ?? '', { outcome: 'approve' });
    // Assess
    for (const offer of [...asked, ...waiting]) expect(offer).toMatchObject({ kind: 'instalments', needs: { role: 'supervisor' } });
    expect([asked.length, waiting.length]).toEqual([4, 4]);
    expect(ask(driver, LONG)).toBe('instalments-24');
    driver.check();
  });

  it('whose hold ends without that finding has years reviewed as before', () => {
    const driver = aCase();
    const hold = { holdId: 'h', kind: 'hardship-review', placedAt: toInstant(driver.now), reason: 'customer-request' } as const;
    driver.tell((journal) => recordHoldPlaced(journal, hold)).runDays(2);
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h', releasedAt: toInstant(driver.now) }));
    expect(ask(driver, LONG)).toBeUndefined();
  });

  it.each<[string, (driver: CaseDriver) => void]>([
    ['a collector who heard it', (driver) => driver.tell((journal) => journal.add({ type: 'HardshipReported', contactId: 'c-1' }))],
    ['the bank’s own model', () => undefined],
  ])('gets years at once by the word of %s, also while they are looked at', (who, tell) => {
    const risk = { willingness: 'willing', ability: 'unable', timesOverdueLast12Months: 2 };
    const driver = aCase(who.startsWith('the bank') ? anAccount().overdueBy(7).with({ risk }) : undefined);
    tell(driver);
    const hold = { holdId: 'h', kind: 'hardship-review', placedAt: toInstant(driver.now) } as const;
    driver.tell((journal) => recordHoldPlaced(journal, hold));
    expect(ask(driver, LONG)).toBe('instalments-24');
  });

  it('whose customer dies meanwhile is answered by nobody', () => {
    const driver = aCase();
    ask(driver, LONG);
    driver.runTo(driver.now);
    driver.tell((journal) =>
      recordHoldPlaced(journal, { holdId: 'h', kind: 'deceased', placedAt: toInstant(driver.now), reason: 'customer-request' }),
    );
    driver.runTo(driver.now);
    expect([review(driver), seen(driver)?.state]).toEqual([undefined, 'lapsed']);
  });

  it('has nothing to ask for once all is paid, and what was asked for closes with the case', () => {
    const driver = aCase();
    ask(driver, LONG);
    driver.runTo(driver.now);
    driver.now += 1000;
    driver.tell((journal) =>
      recordBalanceUpdated(journal, { overdue: cny('0.00'), balance: cny('18600.00'), asOf: toInstant(driver.now) }),
    );
    expect(refused(driver, { ...LONG, requestId: 'r-2' })).toMatchObject({ status: 409, rule: 'PLAN.NONE' });
    expect([driver.case.tasks, seen(driver)?.state]).toEqual([[], 'lapsed']);
    driver.runTo(driver.now);
    expect(refused(driver, { ...LONG, requestId: 'r-2' })).toMatchObject({ status: 409, rule: 'PLAN.NONE' });
  });

  it('stops nothing by that: calls and letters go on meanwhile', () => {
    const asked = aCase();
    ask(asked, LONG);
    const [contacts, others] = [asked.runDays(10), aCase().runDays(10)].map((driver) =>
      driver.entries
        .filter((entry) => entry.type === 'ContactReserved' || (entry.type === 'TaskOpened' && entry.queue === 'call'))
        .map(({ at, type }) => `${at} ${type}`),
    );
    expect(contacts).toEqual(others);
    expect(contacts?.length).toBeGreaterThan(3);
  });

  it('moves neither score nor track by the reason that they give', () => {
    const driver = aCase();
    ask(driver, { ...LONG, reasonForArrears: 'unemployment' });
    expect(driver.case.reasonForArrears).toBeUndefined();
    expect(driver.case.hardshipAt).toBeUndefined();
    expect(offersOn(driver.account, driver.setting, driver.today).map(({ months }) => months)).toEqual([3, 6, 12]);
  });
});

describe('a customer who asks again', () => {
  it('waits for the answer to the first', () => {
    const driver = aCase();
    ask(driver, LONG);
    expect(refused(driver, { requestId: 'r-2', kind: 'instalments', months: 36 })).toMatchObject({ status: 409, rule: 'PLAN.IN_REVIEW' });
    driver.runTo(driver.now);
    expect(refused(driver, { requestId: 'r-3', kind: 'instalments', months: 36 })).toMatchObject({ status: 409, rule: 'PLAN.IN_REVIEW' });
  });

  it('does not get the same looked at again in a month, and something else a few times', () => {
    const driver = aCase();
    for (const [index, months] of [24, 36, 48].entries()) {
      ask(driver, { requestId: `r-${index}`, kind: 'instalments', months });
      driver.runTo(driver.now);
      answer(driver, 'reject');
      expect(refused(driver, { requestId: 'again', kind: 'instalments', months })).toMatchObject({ status: 409, rule: 'PLAN.DECLINED' });
    }
    expect(refused(driver, { requestId: 'more', kind: 'instalments', months: 60 })).toMatchObject({ status: 409, rule: 'PLAN.REQUESTS' });
    driver.now += ARRANGEMENTS.requests.everyDays * DAY;
    ask(driver, { requestId: 'later', kind: 'instalments', months: 24 });
    expect(seen(driver)).toMatchObject({ requestId: 'later', state: 'in-review' });
    expect(seen(driver, 'r-1')).toMatchObject({ requestId: 'r-1', state: 'declined', months: 36 });
  });

  it('may do so where nobody answered as long as an offer is valid', () => {
    const driver = drive(
      anAccount().overdueBy(7),
      patientDesk((task) => (task.queue === 'plan-review' ? 'lies' : undefined)),
    );
    ask(driver, LONG);
    driver.now += 15 * DAY;
    expect(seen(driver)?.state).toBe('lapsed');
    ask(driver, { ...LONG, requestId: 'r-2' });
    expect(seen(driver)).toMatchObject({ requestId: 'r-2', state: 'in-review' });
  });
});

describe('whoever answers a customer', () => {
  const waiver = anAccount()
    .overdueBy(70)
    .with({ components: COMPONENTS, risk: { willingness: 'willing', ability: 'unable' } });

  it('is asked anew where a newer figure changed the amounts', () => {
    const driver = aCase(waiver);
    ask(driver, { requestId: 'r-1', kind: 'waiver', months: 1 });
    driver.runTo(driver.now);
    const first = review(driver);
    driver.tell((journal) =>
      journal.add({
        type: 'TaskClosed',
        taskId: first?.taskId ?? '',
        queue: 'plan-review',
        objective: 'approve-waiver',
        reason: 'other-amounts',
      }),
    );
    driver.runTo(driver.now);
    expect(review(driver)?.taskId).not.toBe(first?.taskId);
    expect([review(driver)?.subject, seen(driver)?.state]).toEqual(['waiver-1', 'in-review']);
  });

  it('is not who passed the wish on', () => {
    const driver = aCase();
    ask(driver, { ...LONG, by: 'clerk-1' });
    driver.runTo(driver.now);
    expect(driver.entriesOf('TaskOpened').at(-1)?.asks?.requestedBy).toBe('clerk-1');
    expect(() => answer(driver, 'approve', 'Clerk-1')).toThrow(expect.objectContaining({ rule: 'PERSONS.REQUESTER' }));
    answer(driver, 'approve');
    expect(seen(driver)?.state).toBe('approved');
  });

  it('decides on a second arrangement as such, whatever its terms, after the days that it takes', () => {
    const driver = aCase();
    const [offer] = offersOn(driver.account, driver.setting, driver.today);
    driver.tell((journal) => {
      const money = { total: cny('6250.00'), instalments: [{ dueDate: '2026-03-09', amount: cny('6250.00') }] };
      const agreed = {
        planId: 'p-1',
        offerId: offer?.offerId ?? '',
        kind: 'instalments',
        agreedAt: toInstant(driver.now),
        channel: 'app',
      } as const;
      journal.add({ type: 'PlanAgreed', ...agreed, ...money });
      journal.add({ type: 'PlanBroken', planId: 'p-1', index: 0, paid: cny('0.00'), short: cny('6250.00') });
    });
    expect(refused(driver, LONG)).toMatchObject({ status: 409, rule: 'PLAN.NONE' });
    driver.now += 31 * DAY;
    ask(driver, LONG);
    driver.runTo(driver.now);
    expect(review(driver)?.subject).toBe('new-plan');
    answer(driver, 'approve');
    expect(offersOn(driver.account, driver.setting, driver.today).length).toBeGreaterThan(0);
    expect(seen(driver)).toMatchObject({ state: 'approved', months: 24 });
  });
});
