import { describe, expect, it } from 'vitest';
import { DAY, toInstant } from '../../../domain/calendar.ts';
import type { Task } from '../../../domain/model.ts';
import { recordPlanAgreed } from '../../../domain/plans/agreement.ts';
import { offersOn } from '../../../domain/plans/offers.ts';
import { ARRANGEMENTS } from '../../../domain/policy/arrangements.ts';
import { type Outcome, recordOutcome } from '../../../domain/record/outcome.ts';
import { recordPlanBooked } from '../../../domain/record/plans.ts';
import { anAccount } from '../../builders/account.ts';
import type { CaseDriver } from '../case-driver.ts';
import { patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

/** What was agreed by word of mouth needs a recording (CN, art. 70). */

/** An arrangement that was agreed on a Monday and booked, while the desk leaves reviews lying. */
function agreed(how: { readonly channel: string; readonly proofRef?: string }): CaseDriver {
  const driver = drive(
    anAccount().overdueBy(7),
    patientDesk((task) => (task.queue === 'plan-review' ? 'lies' : undefined)),
  );
  driver.tell((journal) => {
    const [offer] = offersOn(driver.account, driver.setting, driver.today);
    const planId = recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt: toInstant(driver.now), ...how });
    recordPlanBooked(journal, { planId, at: toInstant(driver.now) });
  });
  return driver.runTo(driver.now);
}

const asked = (driver: CaseDriver): Task | undefined => driver.case.tasks.find(({ objective }) => objective === 'obtain-proof');

function answer(driver: CaseDriver, said: Partial<Outcome> & Pick<Outcome, 'outcome'>): CaseDriver {
  const task = asked(driver);
  if (task === undefined) throw new Error('Nobody is asked');
  return driver.tell((journal) =>
    recordOutcome(journal, task, { taskId: task.taskId, by: 'collector-1', at: toInstant(driver.now), ...said }),
  );
}

describe('an arrangement that was agreed by word of mouth', () => {
  it.each(['voice', 'Voice', 'phone', 'telephone', 'call', 'hotline', 'branch', 'visit'])('by %s needs a recording, at once', (channel) => {
    const driver = agreed({ channel });
    expect(asked(driver)).toMatchObject({ queue: 'plan-review', subject: driver.case.plan?.planId });
    // Monday, and three business days: the end of Thursday in Shanghai.
    expect(asked(driver)?.dueAt).toBe('2026-03-05T16:00:00Z');
  });

  it.each([{ channel: 'app' }, { channel: 'voice', proofRef: 'rec-1' }])('or in writing, or with its recording, needs none: %j', (how) => {
    const driver = agreed(how).runDays(20);
    expect(driver.entriesOf('TaskOpened').filter(({ objective }) => objective === 'obtain-proof')).toEqual([]);
  });

  it('is proven by whoever knows where the recording is, also who made the call', () => {
    const driver = answer(agreed({ channel: 'voice' }), { outcome: 'approve', recordingRef: 'rec-7#sha256=abc' });
    expect(driver.case.plan).toMatchObject({ status: 'active', proofRef: 'rec-7#sha256=abc' });
    expect(driver.case.plan).not.toHaveProperty('proofMissing');
    expect(driver.entriesOf('PlanProven')).toMatchObject([{ proofRef: 'rec-7#sha256=abc', by: 'collector-1' }]);
    driver.runDays(5);
    expect(asked(driver)).toBeUndefined();
    driver.check();
  });

  it('is proven by a letter that the customer signed', () => {
    const letter = { ref: 'letter-7', sha256: 'a'.repeat(64), kind: 'document' } as const;
    const driver = answer(agreed({ channel: 'voice' }), { outcome: 'approve', evidence: [letter] });
    expect(driver.case.plan?.proofRef).toBe('letter-7');
  });

  it('is not proven by a word without a reference', () => {
    const driver = agreed({ channel: 'voice' });
    const refused = { status: 422, field: 'recordingRef', rule: 'PLAN.PROOF' };
    expect(() => answer(driver, { outcome: 'approve' })).toThrow(expect.objectContaining(refused));
    expect(driver.case.plan).toMatchObject({ proofMissing: true });
    expect(asked(driver)).toBeDefined();
  });

  it('stands where nobody finds a recording, and somebody is asked again, so many times and no more', () => {
    const driver = agreed({ channel: 'voice' });
    const rounds: string[] = [];
    for (let day = 0; day < 60 && driver.case.plan?.status === 'active'; day += 1) {
      if (asked(driver) !== undefined) {
        rounds.push(driver.today);
        answer(driver, { outcome: 'reject' });
        expect(driver.case.plan?.status).toBe('active');
      }
      const [due] = driver.case.plan?.instalments.filter(({ status }) => status === 'due') ?? [];
      if (due !== undefined) {
        const at = toInstant(driver.now);
        const amount = { amount: (due.amountMinor / 100).toFixed(2), currency: 'CNY' };
        driver.tell((journal) =>
          journal.add({ type: 'PaymentReceived', paymentId: `p-${day}`, amount, paidAt: at, postedAt: at, state: 'posted' }),
        );
        driver.tell((journal) =>
          journal.add({
            type: 'InstalmentPaid',
            planId: driver.case.plan?.planId ?? '',
            index: driver.case.plan?.instalments.indexOf(due) ?? 0,
            paid: amount,
          }),
        );
      }
      driver.runTo(driver.now + DAY);
    }
    // Ten business days after the question before, counted from the day after.
    expect(rounds).toHaveLength(ARRANGEMENTS.proof.asksMax);
    expect(rounds.slice(0, 2)).toEqual(['2026-03-02', '2026-03-17']);
    expect(driver.entriesOf('PlanUnproven')).toHaveLength(3);
    expect(driver.case.plan).toMatchObject({ proofMissing: true });
  });

  it('asks nobody anew once it is broken', () => {
    const driver = agreed({ channel: 'voice' }).runDays(15);
    expect(driver.case.plan?.status).toBe('broken');
    driver.runDays(30);
    expect(driver.entriesOf('TaskOpened').filter(({ objective }) => objective === 'obtain-proof')).toHaveLength(1);
    driver.check();
  });
});
