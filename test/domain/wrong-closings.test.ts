import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import { openCase } from '../../domain/case-status.ts';
import { CLOSE_REASONS, type CloseReason } from '../../domain/model.ts';
import {
  recordAccountOverdue,
  recordBalanceUpdated,
  recordPaymentReceived,
  recordPaymentReversed,
} from '../../domain/record/bank-facts.ts';
import { recordAccountStatus, recordClosing, recordEndingWithdrawn } from '../../domain/record/endings.ts';
import { Journal, Refusal } from '../../domain/record/journal.ts';
import { anAccount, anOverdueFact, cny } from '../builders/account.ts';
import { aSetting, START } from '../builders/setting.ts';
import { CaseDriver } from './case-driver.ts';

/** What a person ended, and what opens a case on the account again: a closing made in error must not be the last word. */

const PAID = { amount: cny('100.00'), paidAt: START, postedAt: START, state: 'posted' as const };

/** A case of CNY 6,250.00 that was paid in part and that a person has ended; two days later, its machine done. */
function closedAs(reason: CloseReason): CaseDriver {
  const driver = new CaseDriver()
    .tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(12).fact()))
    .tell((journal) => recordPaymentReceived(journal, { paymentId: 'p-1', ...PAID }));
  const ending = { reason, endedAt: toInstant(driver.now), reference: 'memo-1', by: 'anna' };
  driver.tell((journal) => recordClosing(journal, driver.case.caseId, ending));
  driver.runDays(2);
  expect(driver.case).toMatchObject({ status: 'closed', closeReason: reason });
  return driver;
}

const later = (driver: CaseDriver, days = 0) => toInstant(driver.now + days * DAY);
const dateOf = (driver: CaseDriver) => toInstant(driver.now - DAY).slice(0, 10);

const FACTS = {
  'a newer figure of the same debt': (driver: CaseDriver) => (journal: Journal) =>
    recordAccountOverdue(journal, { ...anAccount().overdueBy(12).fact(), asOf: later(driver) }),
  'a newer balance': (driver: CaseDriver) => (journal: Journal) =>
    recordBalanceUpdated(journal, { overdue: cny('6250.00'), balance: cny('18600.00'), asOf: later(driver) }),
  'what falls due later': (driver: CaseDriver) => (journal: Journal) =>
    recordAccountOverdue(journal, anOverdueFact({ dueDate: dateOf(driver), asOf: later(driver) })),
  'a reversal': (driver: CaseDriver) => (journal: Journal) =>
    recordPaymentReversed(journal, { paymentId: 'p-1', reversedAt: later(driver), payment: PAID }),
  'the core’s recall': (driver: CaseDriver) => (journal: Journal) =>
    recordAccountStatus(journal, { status: 'recalled', changedAt: later(driver), reference: 'core-1' }),
  'another person’s word': (driver: CaseDriver) => (journal: Journal) =>
    recordEndingWithdrawn(journal, driver.case.caseId, { reference: 'memo-2', by: 'ben' }),
} as const;
type Fact = keyof typeof FACTS;

/** Beside what falls due later and another person's word, which do for every reason. */
const OPENS: Readonly<Record<CloseReason, readonly Fact[]>> = {
  settled: ['a reversal'],
  'plan-completed': ['a reversal'],
  closed: ['a reversal', 'the core’s recall'],
  sold: ['the core’s recall'],
  transferred: ['the core’s recall'],
  'charged-off': [],
  'written-off': [],
  deceased: [],
  bankrupt: [],
  'time-barred': [],
};
const ALWAYS: readonly Fact[] = ['what falls due later', 'another person’s word'];

describe.each(CLOSE_REASONS)('a case that a person ended as %s', (reason) => {
  it.each(Object.keys(FACTS) as Fact[])('and %s', (fact) => {
    const driver = closedAs(reason);
    const before = driver.case.caseId;
    driver.tell((journal) => FACTS[fact](driver)(journal));

    const expected = [...ALWAYS, ...OPENS[reason]].includes(fact);
    expect(openCase(driver.account) !== undefined).toBe(expected);
    if (expected) expect(driver.case).toMatchObject({ previousCaseId: before, stage: 'reminder' });
    driver.check();
  });
});

describe('an ending that is taken back', () => {
  const withdraw = (driver: CaseDriver, by?: string, caseId = driver.case.caseId) =>
    driver.tell((journal) => recordEndingWithdrawn(journal, caseId, { reference: 'memo-2', ...(by === undefined ? {} : { by }) }));
  const refusal = (run: () => unknown): Refusal => {
    try {
      run();
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    throw new Error('It was not refused');
  };

  it('is the business of two people', () => {
    expect(refusal(() => withdraw(closedAs('deceased'), 'anna'))).toMatchObject({ status: 422, field: 'by', rule: 'PERSONS.REQUESTER' });
    expect(openCase(withdraw(closedAs('deceased')).account)).toBeDefined();
  });

  it('is refused for a case that runs, that a later one followed, or that nobody but the core ended', () => {
    const running = new CaseDriver().tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(12).fact()));
    expect(refusal(() => withdraw(running))).toMatchObject({ status: 409, message: 'No person has ended this case.' });

    const twice = closedAs('closed');
    const first = twice.case.caseId;
    withdraw(twice, 'ben');
    expect(refusal(() => withdraw(twice, 'ben', first))).toMatchObject({ status: 409, message: /later case/ });

    const sold = running.tell((journal) => recordAccountStatus(journal, { status: 'sold', changedAt: START, reference: 'deal-1' }));
    expect(refusal(() => withdraw(sold))).toMatchObject({ status: 409, message: 'No person has ended this case.' });
  });

  it('opens nothing while the core’s own word ends it too, or nothing is owed any more', () => {
    const writtenDown = closedAs('written-off').tell((journal) =>
      recordAccountStatus(journal, { status: 'charged-off', changedAt: toInstant(journal.setting.now), reference: 'core-1' }),
    );
    expect(openCase(withdraw(writtenDown, 'ben').account)).toBeUndefined();

    const paid = closedAs('closed');
    paid.tell((journal) =>
      recordBalanceUpdated(journal, { overdue: cny('0.00'), balance: cny('0.00'), asOf: toInstant(journal.setting.now) }),
    );
    withdraw(paid, 'ben');
    expect(openCase(paid.account)).toBeUndefined();
    // What the core tells later opens one: nothing stands against it any more.
    paid.tell((journal) => recordAccountOverdue(journal, { ...anAccount().overdueBy(12).fact(), asOf: later(paid, 0.5) }));
    expect(openCase(paid.account)).toBeDefined();
  });

  it('lets the next case open with the closing where its machine has not closed it yet', () => {
    const driver = new CaseDriver().tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(12).fact()));
    const { caseId } = driver.case;
    const setting = aSetting({ now: toMillis(START), governor: driver.governor });
    const journal = new Journal(driver.account, setting);
    recordClosing(journal, caseId, { reason: 'closed', endedAt: START, reference: 'memo-1', by: 'anna' });
    recordEndingWithdrawn(journal, caseId, { reference: 'memo-2', by: 'ben' });

    expect([openCase(journal.account), journal.account.case?.caseId]).toEqual([undefined, caseId]);
  });
});
