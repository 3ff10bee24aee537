import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import { recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import { anAccount, cny } from '../builders/account.ts';
import { patientDesk } from './desks.ts';
import { drive } from './drive.ts';
import { unprovenOfReferral } from './proofs.ts';

describe('a referral', () => {
  it.each([1, 60, 90, 200])('has all its gates on the timeline: %d days past due', (days) => {
    const driver = drive(anAccount().overdueBy(days)).runDays(140);
    expect(unprovenOfReferral(driver)).toEqual([]);
    expect(driver.world().contractDaysPastDue).toBeGreaterThanOrEqual(90);
    driver.check();
  });

  it('needs its notice anew when the suit was given up in between', () => {
    const arrears = [
      { dueDate: '2025-11-20', amount: cny('5000.00') },
      { dueDate: '2026-01-20', amount: cny('5000.00') },
    ];
    const account = anAccount().with({ dueDate: '2025-11-20', overdue: cny('10000.00'), arrears });
    const driver = drive(account).runDays(15);
    expect(driver.case.legal.noticeServedAt).toBeDefined();
    driver.tell((journal) =>
      recordPaymentReceived(journal, {
        paymentId: 'p',
        amount: cny('5000.00'),
        paidAt: toInstant(driver.now),
        postedAt: toInstant(driver.now),
        state: 'posted',
      }),
    );
    driver.runDays(1);
    expect(driver.case.stage).toBe('plan');
    expect(driver.case.legal).toEqual({ noticeContactKeys: [] });
    driver.runDays(90);
    expect(driver.entriesOf('LegalNoticeServed').length).toBe(2);
    expect(unprovenOfReferral(driver)).toEqual([]);
    driver.check();
  });

  it('that counsel returns is asked for again after a month, with new evidence', () => {
    const driver = drive(
      anAccount().overdueBy(95),
      patientDesk((task) => (task.objective === 'approve-referral' ? { outcome: 'return' } : undefined)),
    ).runDays(120);
    const asked = driver.entriesOf('TaskOpened').flatMap((entry) => (entry.objective === 'approve-referral' ? [toMillis(entry.at)] : []));
    expect(asked.length).toBe(4);
    for (const [index, at] of asked.slice(1).entries()) expect(at - (asked[index] ?? 0)).toBeGreaterThanOrEqual(30 * DAY);
    expect(driver.entriesOf('EvidenceAssembled').length).toBe(4);
    driver.check();
  });

  it('that was rejected is not asked for again', () => {
    for (const objective of ['confirm-intent', 'approve-referral']) {
      const driver = drive(
        anAccount().overdueBy(95),
        patientDesk((task) => (task.objective === objective ? { outcome: 'reject' } : undefined)),
      ).runDays(150);
      expect(driver.entriesOf('TaskOpened').filter((entry) => entry.objective === objective).length).toBe(1);
      expect(driver.case.legal.referredAt).toBeUndefined();
      driver.check();
    }
  });

  it('ends contact: nobody is written to, called or visited, and people are asked for news of the suit alone', () => {
    const driver = drive(anAccount().overdueBy(95)).runDays(60);
    const [sent, tasks] = [driver.sent.length, driver.entriesOf('TaskOpened').length];
    driver.runDays(100);
    const since = driver.entriesOf('TaskOpened').slice(tasks);
    expect([driver.sent.length, new Set(since.map(({ objective }) => objective))]).toEqual([sent, new Set(['review-suit'])]);
    driver.check();
  });
});
