import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import { recordAccountOverdue, recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import { recordAccountStatus } from '../../domain/record/endings.ts';
import { recordCaseImported, recordImportEnd } from '../../domain/record/imports.ts';
import { Journal } from '../../domain/record/journal.ts';
import type { CaseImport } from '../../domain/take-over/import.ts';
import { anAccount, cny } from '../builders/account.ts';
import { anImport, day, daysAgo, plan, sms } from '../builders/case-import.ts';
import { aSetting, START } from '../builders/setting.ts';
import { CaseDriver } from './case-driver.ts';

/** Imports that no case goes on with. */

const now = toMillis(START);

/** The import first, then the figure that opens the case. */
function takenOver(imported: CaseImport, daysPastDue: number, accountId = 'acc-1'): CaseDriver {
  const driver = new CaseDriver({ accountId });
  driver.tell((journal) => recordCaseImported(journal, imported));
  return driver.tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(daysPastDue).fact()));
}

describe('an import that fits no case', () => {
  const refusal = (before: CaseDriver, imported: CaseImport) => () => before.tell((journal) => recordCaseImported(journal, imported));
  const opened = () => new CaseDriver().tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(12).fact()));

  it.each([
    ['another customer', anImport({ customerId: 'cus-9' }), 'customerId: the account belongs to another customer'],
    [
      'another currency',
      anImport({ promises: [{ amount: { amount: '10.00', currency: 'EUR' }, date: day(3), recordedAt: daysAgo(2) }] }),
      'promises.0.amount.currency: the account is kept in CNY',
    ],
    ['another currency of its plan', anImport(plan([10], 'EUR')), 'plan.instalments.0.amount.currency: the account is kept in CNY'],
    ['an earlier debt', anImport({ asOf: daysAgo(30) }), 'asOf: what is overdue now fell due later: the import is of an earlier case'],
  ])('names %s: at once where the account is known, else when it comes', (_what, imported, why) => {
    expect(refusal(opened(), imported)).toThrow(why);

    const early = takenOver(imported, 12);
    expect(early.entriesOf('ImportRejected').map(({ field, rule }) => `${field}: ${rule}`)).toEqual([why]);
    expect(early.account.import).toBeUndefined();
    expect(early.case).toMatchObject({ stage: 'reminder' });
    expect(early.case.takenOver).toBeUndefined();
  });

  it.each([
    ['has acts of its own', () => opened().runDays(2), 'the open case of this account has acts of its own already'],
    ['was taken over before', () => takenOver(anImport({ importId: 'imp-0' }), 12), 'the open case of this account was taken over before'],
    [
      'has another import waiting',
      () => new CaseDriver().tell((journal) => recordCaseImported(journal, anImport({ importId: 'imp-0' }))),
      'another import of this account waits for its case',
    ],
  ])('is refused where the account %s', (_what, before, why) => {
    expect(refusal(before(), anImport())).toThrow(`accountId: ${why}`);
  });

  it('is refused where a case was closed after it, and waits where it is newer', () => {
    const closed = opened();
    const paidAt = toInstant(closed.now);
    closed.tell((journal) =>
      recordPaymentReceived(journal, { paymentId: 'p-1', amount: cny('6250.00'), paidAt, postedAt: paidAt, state: 'posted' }),
    );
    closed.runDays(10);
    expect(closed.case.status).toBe('closed');

    expect(refusal(closed, anImport())).toThrow('asOf: a case of this account was closed here after that');
    closed.tell((journal) => recordCaseImported(journal, anImport({ asOf: toInstant(closed.now) })));
    expect(closed.account.import?.importId).toBe('imp-1');
  });

  it('is not taken over by a case that has ended and is about to be closed', () => {
    const ended = opened().tell((journal) =>
      recordAccountStatus(journal, { status: 'sold', changedAt: daysAgo(0.05), reference: 'deal-1' }),
    );
    const cured = new Journal(opened().account, aSetting({ now }));
    recordPaymentReceived(cured, { paymentId: 'p-1', amount: cny('6250.00'), paidAt: START, postedAt: START, state: 'posted' });

    for (const account of [ended.account, cured.account])
      expect(() => recordCaseImported(new Journal(account, aSetting({ now })), anImport())).toThrow(
        'asOf: a case of this account was closed here after that',
      );
  });

  it('is refused by the field of the hold that breaks a rule', () => {
    const hold = { holdId: 'h-1', kind: 'disaster', placedAt: daysAgo(3) } as const;

    expect(() => opened().tell((journal) => recordCaseImported(journal, anImport(), [{ index: 2, hold }]))).toThrow(
      'holds.2.expiresAt: a disaster hold needs an end',
    );
  });
});

describe('an import whose account never falls overdue', () => {
  const WHY = 'no case of this account opened in the 40 days after it came';
  const waiting = () => new CaseDriver().tell((journal) => recordCaseImported(journal, anImport({ stage: 'call', contacts: [sms(9)] })));
  const told = (driver: CaseDriver) => driver.entriesOf('ImportRejected').map(({ importId, field, rule }) => [importId, field, rule]);

  it('waits for forty days, and then ends as rejected', () => {
    const driver = waiting();
    driver.now = now + 40 * DAY - 1;
    driver.tell((journal) => expect(recordImportEnd(journal)).toBe(false));
    expect(driver.account.import?.importId).toBe('imp-1');

    driver.now += 1;
    driver.tell((journal) => expect(recordImportEnd(journal)).toBe(true));
    expect(told(driver)).toEqual([['imp-1', 'accountId', WHY]]);
    expect(driver.account.import).toBeUndefined();
    driver.tell((journal) => expect(recordImportEnd(journal)).toBe(false));
  });

  it('is as late for a case that opens afterwards, also where nobody has found that yet', () => {
    const driver = waiting();
    driver.now = now + 40 * DAY;
    driver.tell((journal) => recordAccountOverdue(journal, { ...anAccount().overdueBy(20).fact(), asOf: toInstant(driver.now) }));

    expect(told(driver)).toEqual([['imp-1', 'accountId', WHY]]);
    expect(driver.case).toMatchObject({ status: 'open', stage: 'reminder' });
    expect(driver.case.takenOver).toBeUndefined();
    driver.check();
  });
});
