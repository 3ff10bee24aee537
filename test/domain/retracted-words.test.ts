import { describe, expect, it } from 'vitest';
import { HOUR, toInstant } from '../../domain/calendar.ts';
import { openCase } from '../../domain/case-status.ts';
import type { AccountStatus } from '../../domain/model.ts';
import { recordPlanAgreed } from '../../domain/plans/agreement.ts';
import { offersOn } from '../../domain/plans/offers.ts';
import { recordAccountOverdue } from '../../domain/record/bank-facts.ts';
import { recordAccountStatus, recordClosing, recordLegalStatus, recordStatusRetracted } from '../../domain/record/endings.ts';
import { Journal } from '../../domain/record/journal.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { anAccount, anOverdueFact } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';
import type { CaseDriver } from './case-driver.ts';
import { drive } from './drive.ts';

/** What the core said of an account in error, and takes back. */

const FINAL: readonly AccountStatus[] = ['charged-off', 'sold', 'closed', 'settled', 'time-barred'];
const at = (driver: CaseDriver, hours = 0) => toInstant(driver.now + hours * HOUR);

const says = (status: AccountStatus, changedAt: string) => (journal: Journal) =>
  recordAccountStatus(journal, { status, changedAt, reference: 'core-1' });
const takesBack = (status: AccountStatus, retractedAt: string) => (journal: Journal) =>
  recordStatusRetracted(journal, { status, retractedAt, reference: 'core-2' });

describe.each(FINAL)('an account reported %s in error', (status) => {
  it('has its next case once that is taken back, also where the last one has not closed yet', () => {
    for (const daysBetween of [0, 3]) {
      // Prepare
      const driver = drive(anAccount().overdueBy(12)).runDays(2);
      const first = driver.case.caseId;
      driver.tell(says(status, at(driver)));
      if (daysBetween > 0) driver.runDays(daysBetween);
      // Act
      driver.now += HOUR;
      driver.tell(takesBack(status, at(driver)));
      driver.runDays(2);
      // Assess
      expect(driver.case).toMatchObject({ status: 'open', previousCaseId: first });
      expect(driver.entriesOf('AccountStatusRetracted')).toMatchObject([{ status, endedCaseId: first, reference: 'core-2' }]);
      driver.check();
    }
  });

  it('is as if nothing had been said where the word comes after its retraction', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(2);
    driver.tell(takesBack(status, at(driver)));
    driver.tell(says(status, at(driver, -1)));
    expect(openCase(driver.account)?.ending).toBeUndefined();
    expect(driver.entriesOf('AccountStatusRetracted')[0]).not.toHaveProperty('endedCaseId');
    driver.runDays(5).check();
    expect(driver.account.caseCount).toBe(1);
  });

  it('ends again where the core says it anew', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(2);
    driver.tell(says(status, at(driver))).runDays(1);
    driver.tell(takesBack(status, at(driver))).runDays(1);
    driver.tell(says(status, at(driver))).runDays(1);
    expect(driver.case).toMatchObject({ status: 'closed', closeReason: status });
    expect(driver.account.caseCount).toBe(2);
    driver.check();
  });

  it('before anybody knew the account opens a case with its figure', () => {
    const journal = new Journal(emptyAccount('acc-1'), aSetting({ governor: aCustomer().build() }));
    says(status, '2026-03-01T00:00:00Z')(journal);
    takesBack(status, '2026-03-01T01:00:00Z')(journal);
    recordAccountOverdue(journal, anOverdueFact());
    expect(openCase(journal.account)).toBeDefined();
  });
});

describe('a retraction', () => {
  it('undoes that word alone: what else ended the account goes on ending it', () => {
    const sold = drive(anAccount().overdueBy(12)).runDays(2);
    sold.tell(says('charged-off', at(sold))).tell(says('sold', at(sold, 1)));
    sold.tell(takesBack('charged-off', at(sold, 2))).runDays(3);
    expect(openCase(sold.account)).toBeUndefined();
  });

  it('undoes neither a person’s word nor a court’s', () => {
    const byPerson = drive(anAccount().overdueBy(12)).runDays(2);
    const ending = { reason: 'charged-off', endedAt: at(byPerson), reference: 'memo-1', by: 'anna' } as const;
    byPerson.tell((journal) => recordClosing(journal, byPerson.case.caseId, ending)).runDays(1);
    byPerson.tell(takesBack('charged-off', at(byPerson))).runDays(1);
    const byCourt = drive(anAccount().overdueBy(12)).runDays(2);
    byCourt.tell((journal) => recordLegalStatus(journal, { status: 'settled', reportedAt: at(byCourt), reference: 'docket-7' }));
    byCourt.tell(takesBack('settled', at(byCourt, 1))).runDays(1);
    expect([openCase(byPerson.account), openCase(byCourt.account)]).toEqual([undefined, undefined]);
  });

  it('names the arrangement that had ended with the case, and another may be agreed at once', () => {
    // Prepare
    const driver = drive(anAccount().overdueBy(12)).runDays(1);
    const agree = () => {
      const offerId = offersOn(driver.account, driver.setting, driver.today)[0]?.offerId ?? '';
      driver.tell((journal) => recordPlanAgreed(journal, { offerId, agreedAt: at(driver), channel: 'app' }));
    };
    agree();
    const planId = driver.case.plan?.planId;
    driver.runDays(2);
    // Act
    driver.tell(says('charged-off', at(driver))).runDays(1);
    driver.tell(takesBack('charged-off', at(driver))).runDays(1);
    agree();
    // Assess
    expect(planId).toBeDefined();
    expect(driver.entriesOf('AccountStatusRetracted')).toMatchObject([{ endedPlanId: planId }]);
    expect(driver.case.plan?.status).toBe('active');
    driver.check();
  });

  it('lets a placement that is told late go on: it says nothing of that', () => {
    const driver = drive(anAccount().overdueBy(20)).runDays(2);
    driver.tell(takesBack('charged-off', at(driver)));
    driver.tell(says('placed', at(driver, -2)));
    expect(driver.account.holds).toMatchObject([{ kind: 'placed' }]);
    expect(driver.account.holds[0]?.releasedAt).toBeUndefined();
  });
});
