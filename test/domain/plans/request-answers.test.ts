import { describe, expect, it } from 'vitest';
import { HOUR, toInstant, toMillis } from '../../../domain/calendar.ts';
import type { HoldKind } from '../../../domain/model.ts';
import { offersOn } from '../../../domain/plans/offers.ts';
import { type AskedPlan, recordPlanRequested } from '../../../domain/plans/wish.ts';
import { recordBalanceUpdated, recordHoldPlaced, recordPaymentReceived } from '../../../domain/record/bank-facts.ts';
import { recordOutcome } from '../../../domain/record/outcome.ts';
import { slotsOf } from '../../../domain/words/slots.ts';
import { type AccountBuilder, anAccount, cny } from '../../builders/account.ts';
import type { CaseDriver } from '../case-driver.ts';
import { patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

/** What a customer is written of an arrangement that a person had to approve. */

const LONG: AskedPlan = { requestId: 'r-1', kind: 'instalments', months: 24 };
const WORDS = { bankName: 'Bank', hotline: '1', paymentLink: 'https://pay.example' };

function asking(account: AccountBuilder = anAccount().overdueBy(7), asked = LONG): CaseDriver {
  const driver = drive(
    account,
    patientDesk((task) => (task.queue === 'plan-review' ? 'lies' : undefined)),
  );
  driver.tell((journal) => recordPlanRequested(journal, asked));
  return driver.runTo(driver.now);
}

function decideOn(driver: CaseDriver, outcome: 'approve' | 'reject'): void {
  const task = driver.case.tasks.find(({ queue }) => queue === 'plan-review');
  if (task === undefined) throw new Error('Nobody is asked');
  driver.tell((journal) => recordOutcome(journal, task, { taskId: task.taskId, outcome, by: 'supervisor-1', at: toInstant(driver.now) }));
}

function hold(driver: CaseDriver, kind: HoldKind): void {
  driver.tell((journal) => recordHoldPlaced(journal, { holdId: `h-${kind}`, kind, placedAt: toInstant(driver.now) }));
}

const answers = (driver: CaseDriver) =>
  driver.sent.filter(({ template }) => template.startsWith('plan-request-')).map(({ template, purpose }) => [template, purpose]);

describe('the answer to a request for an arrangement', () => {
  it('names what was approved, once, until when it may be agreed', () => {
    // Prepare
    const driver = asking();
    decideOn(driver, 'approve');
    const approved = offersOn(driver.account, driver.setting, driver.today).find(({ key }) => key === 'long-instalments-24');
    // Act
    const slots = slotsOf(driver.world(), 'plan-request-approved', 'Wang', WORDS);
    driver.runDays(10);
    // Assess
    driver.check();
    expect(answers(driver)).toEqual([['plan-request-approved', 'reply']]);
    expect(slots.offers).toMatchObject([{ count: 24, firstDate: approved?.instalments[0]?.dueDate }]);
    expect(slots.deadline).toBe(approved?.validUntil);
    expect(driver.case.planOfferedAt).toBeUndefined();
  });

  it('says that it was declined, once', () => {
    const driver = asking();
    decideOn(driver, 'reject');
    driver.runDays(20);
    driver.check();
    expect(answers(driver)).toEqual([['plan-request-declined', 'reply']]);
  });

  it('waits for the morning', () => {
    // Prepare: 20:45 in Shanghai.
    const driver = asking(anAccount().overdueBy(7).at('2026-03-02T12:45:00Z')).runTo('2026-03-02T12:45:00Z');
    // Act
    decideOn(driver, 'reject');
    driver.runDays(2);
    // Assess
    driver.check();
    const at = toMillis(driver.sent.find(({ template }) => template === 'plan-request-declined')?.at ?? '');
    expect(at).toBeGreaterThan(toMillis('2026-03-03T00:00:00Z'));
    expect(at).toBeLessThan(toMillis('2026-03-03T12:30:00Z'));
  });

  it.each([1, 40, 75, 120])('goes in every stage: %d days past due', (days) => {
    const driver = asking(anAccount().overdueBy(days));
    decideOn(driver, 'approve');
    driver.runDays(5);
    driver.check();
    expect(answers(driver)).toEqual([['plan-request-approved', 'reply']]);
  });

  it('does not count as pressure, nor as a step of the ladder', () => {
    const driver = asking();
    const other = asking();
    decideOn(driver, 'reject');
    const told = driver.runTo(driver.now + 4 * HOUR).case;
    const untold = other.runTo(other.now + 4 * HOUR).case;
    expect(answers(driver)).toHaveLength(1);
    expect([told.contactCount, told.writtenDemands, told.sentByStage]).toEqual([
      untold.contactCount,
      untold.writtenDemands,
      untold.sentByStage,
    ]);
  });

  it('is not sent once the money has come, nor while it is on its way', () => {
    // Prepare
    const paid = asking();
    decideOn(paid, 'reject');
    const awaited = asking();
    decideOn(awaited, 'reject');
    // Act
    paid.tell((journal) => recordBalanceUpdated(journal, { overdue: cny('0.00'), balance: cny('1.00'), asOf: toInstant(paid.now + 1) }));
    const at = toInstant(awaited.now);
    const pending = { paymentId: 'p-1', amount: cny('100.00'), paidAt: at, postedAt: at, state: 'pending' as const };
    awaited.tell((journal) => recordPaymentReceived(journal, pending));
    paid.runDays(20);
    const meanwhile = answers(awaited.runDays(2));
    awaited.runDays(5);
    // Assess
    expect(answers(paid)).toEqual([]);
    expect(meanwhile).toEqual([]);
    expect(answers(awaited)).toHaveLength(1);
  });

  it.each<[HoldKind, number]>([
    ['dispute', 1],
    ['complaint', 1],
    ['manual', 1],
    ['cease-contact', 0],
    ['represented', 0],
    ['fraud', 0],
    ['deceased', 0],
  ])('under a hold of the kind %s that came after the request goes %d times', (kind, times) => {
    const driver = asking();
    decideOn(driver, 'reject');
    hold(driver, kind);
    driver.runDays(5);
    driver.check();
    expect(answers(driver)).toHaveLength(times);
  });

  it('goes to whoever asked although they had asked for silence before', () => {
    const driver = drive(
      anAccount().overdueBy(7),
      patientDesk((task) => (task.queue === 'plan-review' ? 'lies' : undefined)),
    );
    hold(driver, 'cease-contact');
    driver.now += 1000;
    driver.tell((journal) => recordPlanRequested(journal, LONG));
    driver.runTo(driver.now);
    decideOn(driver, 'approve');
    driver.runDays(5);
    driver.check();
    expect(answers(driver)).toEqual([['plan-request-approved', 'reply']]);
  });

  it('is not sent where what was approved cannot be agreed any more', () => {
    const driver = asking();
    decideOn(driver, 'approve');
    // Less than twice the smallest instalment is left: nothing is offered.
    driver.tell((journal) =>
      recordBalanceUpdated(journal, { overdue: cny('150.00'), balance: cny('1.00'), asOf: toInstant(driver.now + 1) }),
    );
    driver.runDays(5);
    driver.check();
    expect(answers(driver)).toEqual([]);
  });
});
