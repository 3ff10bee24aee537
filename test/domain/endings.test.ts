import { describe, expect, it } from 'vitest';
import { DAY, HOUR, toInstant, toMillis } from '../../domain/calendar.ts';
import { openCase, statusOf } from '../../domain/case-status.ts';
import type { AccountStatus, CloseReason, LegalStatus } from '../../domain/model.ts';
import { CLOSE_REASONS } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { recordAccountOverdue, recordHoldPlaced, recordPaymentReceived, recordPaymentReversed } from '../../domain/record/bank-facts.ts';
import { recordAccountStatus, recordClosing, recordLegalStatus } from '../../domain/record/endings.ts';
import { Journal } from '../../domain/record/journal.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { anAccount, anOverdueFact, cny } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting, START } from '../builders/setting.ts';
import type { CaseDriver } from './case-driver.ts';
import { emptyDesk, onceOnCall, patientDesk } from './desks.ts';
import { drive } from './drive.ts';

const said = (status: AccountStatus, changedAt: string) => (journal: Journal) =>
  recordAccountStatus(journal, { status, changedAt, reference: `core-${status}` });
const reported = (status: LegalStatus, reportedAt: string) => (journal: Journal) =>
  recordLegalStatus(journal, { status, reportedAt, reference: 'docket-7' });
const pays = (paymentId: string, amount: string, at: string) => (journal: Journal) =>
  recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt: at, postedAt: at, state: 'posted' });
const closes = (reason: CloseReason, endedAt: string) => (journal: Journal) =>
  recordClosing(journal, journal.account.case?.caseId ?? '', { reason, endedAt, reference: 'memo-1', by: 'approver-1' });

const nowOf = (driver: CaseDriver): string => toInstant(driver.now);
const FINAL: readonly AccountStatus[] = ['charged-off', 'sold', 'closed', 'settled', 'time-barred'];

/** A case with a promise that lies ahead and a hold's review open beside it. */
function inTheMiddle(): CaseDriver {
  const promises = [{ amount: cny('3000.00'), date: '2026-03-20' }];
  const driver = drive(anAccount().overdueBy(12), onceOnCall({ outcome: 'promise', promises })).runDays(4);
  driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'complaint', placedAt: nowOf(driver) }));
  driver.desk = emptyDesk;
  driver.runDays(11);
  expect([driver.case.tasks.length, driver.case.promises[0]?.status]).toEqual([1, 'open']);
  return driver;
}

describe('a case ends', () => {
  it.each(FINAL)('by the word of the core that the account is %s, with everything that was open in it', (status) => {
    const driver = inTheMiddle();
    driver.tell(said(status, nowOf(driver)));
    // At once, in the transaction of the fact:
    expect(statusOf(driver.account, LADDER, driver.now)).toBe('closed');
    expect([driver.case.tasks, driver.case.promises[0]?.status, openCase(driver.account)]).toEqual([[], 'ended', undefined]);
    driver.runDays(1);
    expect(driver.entriesOf('JourneyClosed')).toMatchObject([{ reason: status, reference: `core-${status}` }]);
    driver.check();
  });

  it.each(CLOSE_REASONS)('by a person: %s, with the reference and who it was', (reason) => {
    const driver = inTheMiddle();
    driver.tell(closes(reason, nowOf(driver)));
    expect([driver.case.tasks, driver.case.promises[0]?.status]).toEqual([[], 'ended']);
    driver.runDays(1);
    expect(driver.entriesOf('JourneyClosed')).toMatchObject([{ reason, reference: 'memo-1', by: 'approver-1' }]);
    driver.check();
  });

  it.each(['filed', 'judgment', 'enforcement'] as const)('by a settlement or a payment after a suit was reported as %s', (status) => {
    for (const end of ['settled', 'paid'] as const) {
      const driver = drive(anAccount().overdueBy(95)).runDays(3);
      driver.tell(reported(status, nowOf(driver))).runDays(1);
      if (end === 'settled') driver.tell(reported('settled', nowOf(driver)));
      else driver.tell(pays('p', '6250.00', nowOf(driver)));
      driver.runDays(1);
      expect(driver.case).toMatchObject({ status: 'closed', closeReason: end === 'settled' ? 'settled' : 'cured' });
      driver.check();
    }
  });

  it('as cured where it was cured first, and no person can say otherwise', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(2);
    driver.tell(pays('p', '6250.00', nowOf(driver)));
    driver.tell(said('sold', nowOf(driver)));
    expect(() => driver.tell(closes('written-off', nowOf(driver)))).toThrow('the case ends as cured');
    driver.runDays(1);
    expect(driver.case.closeReason).toBe('cured');
    driver.check();
  });

  it('once: a second word of another kind, or a person after it, changes nothing', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(2);
    driver.tell(said('sold', nowOf(driver)));
    driver.tell(said('charged-off', toInstant(driver.now + 1000)));
    expect(() => driver.tell(closes('closed', nowOf(driver)))).toThrow('ended before');
    driver.runDays(1);
    expect(driver.entriesOf('CaseEnded')).toHaveLength(1);
    expect(driver.case.closeReason).toBe('sold');
    expect(driver.account.standing?.status).toBe('charged-off');
    driver.check();
  });

  it('not by an old word about a debt before this one', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(2);
    driver.tell(said('settled', '2026-01-10T00:00:00Z'));
    driver.tell(reported('settled', '2026-01-11T00:00:00Z'));
    driver.tell(reported('filed', '2026-01-12T00:00:00Z'));
    driver.runDays(1);
    expect([driver.case.status, driver.case.legal.referredAt]).toEqual(['open', undefined]);
    driver.check();
  });
});

describe('what is overdue after an end', () => {
  const figure = (dueDate: string, asOf: string) => (journal: Journal) => recordAccountOverdue(journal, anOverdueFact({ dueDate, asOf }));

  it.each(CLOSE_REASONS)('(%s) opens a case where it fell due later, and none where it is the same debt', (reason) => {
    const driver = drive(anAccount().overdueBy(12)).runDays(2);
    driver.tell(closes(reason, nowOf(driver))).runDays(3);
    driver.tell(figure('2026-02-18', nowOf(driver)));
    driver.runDays(40);
    expect([driver.account.caseCount, driver.case.status]).toEqual([1, 'closed']);
    driver.tell(figure('2026-04-01', nowOf(driver)));
    expect([driver.account.caseCount, driver.case.status, driver.case.previousCaseId]).toEqual([
      2,
      'open',
      driver.entriesOf('JourneyOpened')[0]?.caseId,
    ]);
    driver.check();
  });

  it.each([
    ['settled', true, false],
    ['plan-completed', true, false],
    ['closed', true, true],
    ['sold', false, true],
    ['transferred', false, true],
    ['charged-off', false, false],
    ['written-off', false, false],
    ['deceased', false, false],
    ['bankrupt', false, false],
    ['time-barred', false, false],
  ] as const)('(%s) by a reversal opens one: %s; by a recall: %s', (reason, byReversal, byRecall) => {
    for (const undoing of ['reversal', 'recall'] as const) {
      const driver = drive(anAccount().overdueBy(12)).runDays(2);
      driver.tell(pays('p', '1000.00', nowOf(driver)));
      driver.tell(closes(reason, nowOf(driver))).runDays(2);
      if (undoing === 'recall') driver.tell(said('recalled', nowOf(driver)));
      else driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: nowOf(driver) }));
      const opened = undoing === 'recall' ? byRecall : byReversal;
      expect([undoing, driver.case.status, driver.account.caseCount]).toEqual([undoing, opened ? 'open' : 'closed', opened ? 2 : 1]);
      driver.check();
    }
  });

  it('opens the next case when the last one closes, where its reason came in between', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(2);
    driver.tell(said('sold', nowOf(driver)));
    driver.tell(said('recalled', toInstant(driver.now + HOUR)));
    expect([driver.account.caseCount, openCase(driver.account)]).toEqual([1, undefined]);
    driver.runDays(1);
    expect([driver.account.caseCount, driver.case.status]).toEqual([2, 'open']);
    driver.check();
  });

  it.each(FINAL)('opens none where the core said %s before the account was known', (status) => {
    const journal = new Journal(emptyAccount('acc-1'), aSetting({ governor: aCustomer().build() }));
    said(status, '2026-03-01T00:00:00Z')(journal);
    recordAccountOverdue(journal, anOverdueFact());
    expect([journal.account.case, journal.account.figure?.overdueMinor]).toEqual([undefined, 625_000]);
  });
});

describe('an account that is placed with an agency', () => {
  it('is held without a hold of ours, its tasks close, and collection goes on after the recall by at most a rise a night', () => {
    const driver = drive(anAccount().overdueBy(20), emptyDesk);
    while (driver.case.tasks.length === 0) driver.runTo(driver.now + HOUR);
    const placedAt = nowOf(driver);
    driver.tell(said('placed', placedAt));
    expect([driver.case.tasks, statusOf(driver.account, LADDER, driver.now)]).toEqual([[], 'held']);
    const before = driver.sent.length;
    driver.desk = patientDesk();
    driver.runDays(60);
    expect([driver.sent.length, driver.case.stage]).toEqual([before, 'call']);
    driver.tell(said('recalled', nowOf(driver))).runDays(10);
    expect(driver.sent.length).toBeGreaterThan(before);
    expect(driver.case.stage).not.toBe('call');
    expect(driver.account.holds[0]).toMatchObject({ kind: 'placed', placedAt });
    driver.check();
  });

  it('comes up for review, which can ask for its recall and never lifts it', () => {
    const driver = drive(anAccount().overdueBy(20)).runDays(4);
    driver.tell(said('placed', nowOf(driver))).runDays(91);
    expect(driver.entriesOf('TaskOpened').at(-1)).toMatchObject({ objective: 'review-placement', queue: 'case-review' });
    driver.runDays(1);
    expect(driver.entriesOf('AccountActionAdvised').filter(({ action }) => action === 'recall-from-agency')).toHaveLength(1);
    expect(statusOf(driver.account, LADDER, driver.now)).toBe('held');
    driver.check();
  });

  it('knew of it before it was known itself', () => {
    const journal = new Journal(emptyAccount('acc-1'), aSetting({ governor: aCustomer().build() }));
    said('placed', '2026-03-01T00:00:00Z')(journal);
    recordAccountOverdue(journal, anOverdueFact());
    expect(statusOf(journal.account, LADDER, toMillis(START))).toBe('held');
    expect(journal.drafts.map(({ type }) => type)).toContain('JourneyHeld');
  });
});

describe('a suit', () => {
  it.each(['filed', 'judgment', 'enforcement'] as const)('that is reported as %s rests the case, whatever its stage', (status) => {
    for (const days of [7, 40, 95]) {
      const driver = drive(anAccount().overdueBy(days), emptyDesk).runDays(8);
      const { stage } = driver.case;
      driver.tell(reported(status, nowOf(driver)));
      expect(driver.case.tasks.filter(({ queue }) => queue !== 'data-quality')).toEqual([]);
      const before = driver.sent.length;
      driver.runDays(60);
      expect([driver.sent.length, driver.case.stage]).toEqual([before, stage]);
      expect(driver.decision().next.why).toContain('court');
      driver.check();
    }
  });

  it('that was withdrawn leaves the case in legal, and another starts from its first step a month later', () => {
    const driver = drive(anAccount().overdueBy(95)).runDays(60);
    expect(driver.case.legal.referredAt).toBeDefined();
    driver.tell(reported('filed', nowOf(driver))).runDays(5);
    const withdrawnAt = nowOf(driver);
    driver.tell(reported('withdrawn', withdrawnAt));
    expect(driver.case.legal).toEqual({ noticeContactKeys: [], intentDeclinedAt: withdrawnAt });
    driver.runDays(29);
    expect([driver.case.stage, driver.case.legal.intentConfirmedAt]).toEqual(['legal', undefined]);
    expect(driver.sent.some(({ at }) => at > withdrawnAt)).toBe(true);
    driver.runDays(3);
    expect(driver.case.legal.intentConfirmedAt).toBeDefined();
    driver.check();
  });

  it('lets the limitation run anew from the day it was filed, and by no other news', () => {
    const driver = drive(anAccount().overdueBy(95)).runDays(2);
    const filedAt = nowOf(driver);
    driver
      .tell(reported('filed', filedAt))
      .runDays(20)
      .tell(reported('judgment', nowOf(driver)));
    const suits = (driver.account.interruptions ?? []).filter(({ kind }) => kind === 'suit');
    expect(suits).toEqual([{ kind: 'suit', on: '2026-03-04' }]);
    driver.check();
  });

  it('whose older news come late stays where the newer ones put it', () => {
    const driver = drive(anAccount().overdueBy(95)).runDays(60);
    const at = (hours: number) => toInstant(driver.now - HOUR * hours);
    driver.tell(reported('judgment', at(1)));
    driver.tell(reported('withdrawn', at(3)));
    driver.tell(reported('filed', at(2)));
    expect([driver.account.suit, driver.case.legal.referredAt !== undefined]).toEqual([
      { status: 'judgment', at: at(1), reference: 'docket-7' },
      true,
    ]);
    driver.check();
  });

  it('was known before the account: the case is the court’s from its first day', () => {
    const driver = drive(anAccount().overdueBy(95));
    const journal = new Journal(emptyAccount('acc-1'), aSetting({ governor: aCustomer().build() }));
    reported('filed', '2026-03-01T00:00:00Z')(journal);
    recordAccountOverdue(journal, anOverdueFact());
    expect(journal.account.case?.legal.referredAt).toBe('2026-03-01T00:00:00Z');
    expect(driver.case.legal.referredAt).toBeUndefined();
  });

  it('of a debt that was paid is nothing to the next one, and still stands where the payment came back', () => {
    for (const next of ['reversal', 'new debt'] as const) {
      const driver = drive(anAccount().overdueBy(95)).runDays(3);
      driver.tell(reported('judgment', nowOf(driver)));
      driver.tell(pays('p', '6250.00', nowOf(driver))).runDays(60);
      const fact = anOverdueFact({ dueDate: '2026-04-20', asOf: nowOf(driver) });
      if (next === 'new debt') driver.tell((journal) => recordAccountOverdue(journal, fact));
      else driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: nowOf(driver) }));
      expect([next, driver.account.caseCount, driver.case.legal.referredAt !== undefined]).toEqual([next, 2, next === 'reversal']);
      driver.check();
    }
  });
});

it('a held case of a customer who died is closed by a person, and nothing is sent from the death on', () => {
  const driver = drive(anAccount().overdueBy(12), onceOnCall({ outcome: 'deceased' })).runDays(4);
  const before = driver.sent.length;
  driver.tell(closes('deceased', nowOf(driver)));
  driver.runTo(driver.now + 30 * DAY);
  expect([driver.sent.length, driver.case.closeReason]).toEqual([before, 'deceased']);
  driver.check();
});
