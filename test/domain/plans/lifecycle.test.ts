import { describe, expect, it } from 'vitest';
import { ROWS } from '../../../audit/evidence/ledger.ts';
import { addDays, toInstant, toMillis } from '../../../domain/calendar.ts';
import { statementRow } from '../../../domain/evidence/statement.ts';
import { recordPlanAgreed } from '../../../domain/plans/agreement.ts';
import { offersOn } from '../../../domain/plans/offers.ts';
import { isPaidOff, paidIntoPlan, payoffOn } from '../../../domain/plans/paid.ts';
import {
  recordBalanceUpdated,
  recordHoldPlaced,
  recordHoldReleased,
  recordPaymentReceived,
  recordPaymentReversed,
} from '../../../domain/record/bank-facts.ts';
import type { Journal } from '../../../domain/record/journal.ts';
import { recordPlanBooked, recordPlanRejected } from '../../../domain/record/plans.ts';
import { anAccount, cny } from '../../builders/account.ts';
import type { CaseDriver } from '../case-driver.ts';
import { emptyDesk, patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

const pays = (paymentId: string, amount: string, at: string) => (journal: Journal) =>
  recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt: at, postedAt: at, state: 'posted' });

function agree(driver: CaseDriver, months = 3): void {
  const offer = offersOn(driver.account, driver.world().setting, driver.today).find((row) => row.key === `instalments-${months}`);
  driver.tell((journal) => recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt: toInstant(driver.now), channel: 'app' }));
}

/** Agreed on the first day of a case, so many days past due. */
function arrangedAt(daysPastDue: number, until?: (driver: CaseDriver) => boolean, desk = patientDesk()): CaseDriver {
  const driver = drive(anAccount().overdueBy(daysPastDue).owing('1200.00'), desk);
  for (let day = 0; day < 60 && until?.(driver) === false; day += 1) driver.runDays(1);
  agree(driver);
  return driver;
}

const planId = (driver: CaseDriver) => driver.case.plan?.planId ?? '';
const stages = (driver: CaseDriver) => driver.entriesOf('StageEntered').map((entry) => entry.stage);

describe('a broken plan comes back', () => {
  it('one stage above the reminders in which it was agreed, however late, and rises from there', () => {
    // Agreed before any stage but the first, at a height that would allow a suit.
    const driver = arrangedAt(100);
    driver.runDays(30);
    expect(driver.case.plan?.status).toBe('broken');
    const broken = driver.entriesOf('PlanBroken')[0]?.at;
    expect(driver.entriesOf('StageEntered')[2]).toMatchObject({ at: broken, stage: 'call', rise: false });
    expect(stages(driver).slice(0, 4)).toEqual(['reminder', 'plan', 'call', 'plan']);
    driver.check();
  });

  it('no higher than the days past due allow', () => {
    const driver = arrangedAt(12, ({ case: current }) => current.stage === 'call');
    driver.runDays(14);
    expect(driver.case.plan?.status).toBe('broken');
    expect(driver.case.stage).toBe('call');
    driver.check();
  });

  it('above the plan stage on the way of every case: one stage a night', () => {
    const driver = arrangedAt(100, ({ case: current }) => current.stage === 'plan');
    driver.runDays(16);
    expect(driver.case.plan?.status).toBe('broken');
    const after = driver.entries.findIndex((entry) => entry.type === 'PlanBroken');
    const entered = driver.entries.slice(after).filter((entry) => entry.type === 'StageEntered');
    expect(entered.map((entry) => entry.stage)[0]).toBe('field-visit');
    driver.check();
  });
});

describe('the core’s answer', () => {
  it('that it would not book a plan brings the case back to where that was agreed', () => {
    const driver = arrangedAt(100);
    driver.runDays(2);
    expect(driver.case.stage).toBe('plan');
    driver.tell((journal) => recordPlanRejected(journal, { planId: planId(driver), at: toInstant(driver.now), reason: 'terms' }));
    driver.runDays(10);
    expect(stages(driver).slice(0, 4)).toEqual(['reminder', 'plan', 'reminder', 'call']);
    driver.check();
  });

  it('older than its booking changes nothing; newer it ends the plan', () => {
    const driver = arrangedAt(12);
    const id = planId(driver);
    driver.tell((journal) => recordPlanBooked(journal, { planId: id, at: '2026-03-02T03:00:00Z' }));
    driver.tell((journal) => recordPlanRejected(journal, { planId: id, at: '2026-03-02T02:00:00Z', reason: 'terms' }));
    expect(driver.case.plan?.status).toBe('active');
    driver.tell((journal) => recordPlanRejected(journal, { planId: id, at: '2026-03-02T04:00:00Z', reason: 'limit' }));
    expect(driver.case.plan?.status).toBe('ended');
    // What the core would not book is not offered again.
    const again = offersOn(driver.account, driver.world().setting, driver.today).map((row) => row.key);
    expect(again).toEqual(['instalments-6', 'instalments-12']);
    driver.check();
  });

  it('is the newest whichever comes first: a booking makes a rejected plan run again, and an older one nothing', () => {
    const early = '2026-03-02T02:00:00Z';
    const late = '2026-03-02T03:00:00Z';
    for (const [booked, rejected, status] of [
      [late, early, 'active'],
      [early, late, 'ended'],
      [late, late, 'active'],
    ] as const) {
      const [one, other] = [arrangedAt(12), arrangedAt(12)];
      const book = (journal: Journal) => recordPlanBooked(journal, { planId: planId(one), at: booked });
      const reject = (journal: Journal) => recordPlanRejected(journal, { planId: planId(one), at: rejected, reason: 'terms' });
      one.tell(book);
      one.tell(reject);
      other.tell(reject);
      other.tell(book);
      for (const driver of [one, other]) {
        expect(driver.case.plan).toMatchObject({ status, bookedAt: toInstant(toMillis(booked)) });
        expect(driver.case.planRequests?.rejectedKeys ?? []).toEqual(status === 'ended' ? ['instalments-3'] : []);
        driver.check();
      }
    }
  });

  it('that it is booked after all ends what was promised since, and calls', () => {
    const driver = arrangedAt(12, undefined, emptyDesk);
    driver.tell((journal) => recordPlanRejected(journal, { planId: planId(driver), at: toInstant(driver.now) }));
    const calls = () => driver.case.tasks.filter((task) => task.queue === 'call');
    for (let day = 0; day < 30 && calls().length === 0; day += 1) driver.runDays(1);
    const promised = { amount: cny('100.00'), date: addDays(driver.today, 9) };
    driver.answer(calls()[0]?.taskId ?? '', { outcome: 'promise', promises: [promised] });
    expect(driver.case.promises.map(({ status }) => status)).toEqual(['open']);
    driver.tell((journal) => recordPlanBooked(journal, { planId: planId(driver), at: toInstant(driver.now) }));
    expect([driver.case.plan?.status, driver.case.promises.map(({ status }) => status), calls()]).toEqual(['active', ['ended'], []]);
    driver.check();
  });

  it('never takes the newest booking back to an older one', () => {
    const driver = arrangedAt(12);
    for (const at of ['2026-03-02T03:00:00Z', '2026-03-02T02:00:00Z'])
      driver.tell((journal) => recordPlanBooked(journal, { planId: planId(driver), at }));
    driver.tell((journal) => recordPlanRejected(journal, { planId: planId(driver), at: '2026-03-02T02:30:00Z' }));
    expect(driver.case.plan?.status).toBe('active');
  });

  it('makes no plan run again where another was agreed since, a hold forbids it, something else had ended it, or it is paid or in court', () => {
    const bookedAt = '2026-03-02T04:00:00Z';
    const reject = (id: string) => (journal: Journal) => recordPlanRejected(journal, { planId: id, at: '2026-03-02T03:00:00Z' });
    const other = arrangedAt(12);
    const first = planId(other);
    other.tell(reject(first));
    agree(other, 6);
    other.tell((journal) => recordPlanBooked(journal, { planId: first, at: bookedAt }));
    expect([other.case.plan?.key, other.entriesOf('PlanReopened')]).toEqual(['instalments-6', []]);
    const held = arrangedAt(12);
    held.tell(reject(planId(held)));
    held.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'deceased', placedAt: toInstant(held.now) }));
    held.tell((journal) => recordPlanBooked(journal, { planId: planId(held), at: bookedAt }));
    expect(held.case.plan?.status).toBe('ended');
    const ended = arrangedAt(12);
    ended.tell((journal) => journal.add({ type: 'PlanEnded', planId: planId(ended), why: 'The case is closed' }));
    ended.tell(reject(planId(ended)));
    ended.tell((journal) => recordPlanBooked(journal, { planId: planId(ended), at: bookedAt }));
    expect(ended.case.plan?.status).toBe('ended');
    const since: readonly ((journal: Journal) => void)[] = [
      pays('p', '1200.00', '2026-03-02T03:30:00Z'),
      (journal) => journal.add({ type: 'LegalReferred', approvedBy: 'counsel-1', evidenceHash: 'hash', evidenceRef: 'pack' }),
    ];
    for (const tell of since) {
      const driver = arrangedAt(12);
      driver.tell(reject(planId(driver)));
      driver.tell(tell);
      driver.tell((journal) => recordPlanBooked(journal, { planId: planId(driver), at: bookedAt }));
      expect([driver.case.curedAt ?? driver.case.legal.referredAt, driver.case.plan?.status]).toEqual([expect.any(String), 'ended']);
    }
  });

  it('closes the question whether it came, and so does the end of the plan', () => {
    for (const answer of ['booked', 'broken'] as const) {
      const driver = arrangedAt(12, undefined, emptyDesk);
      driver.runDays(4);
      expect(driver.case.tasks.map((task) => task.objective)).toEqual(['confirm-booking']);
      if (answer === 'booked') driver.tell((journal) => recordPlanBooked(journal, { planId: planId(driver), at: toInstant(driver.now) }));
      else driver.runDays(12);
      expect(driver.case.tasks.filter((task) => task.objective === 'confirm-booking')).toEqual([]);
      driver.check();
    }
  });
});

describe('what is paid into a plan', () => {
  it('counts beyond the payments that the case lists, and a reversal takes it back', () => {
    const driver = arrangedAt(12);
    const at = toInstant(driver.now);
    for (let index = 0; index < 200; index += 1) driver.tell(pays(`p${index}`, '1.00', at));
    expect([driver.case.payments.length, paidIntoPlan(driver.case)]).toEqual([150, 20_000]);
    const payment = { amount: cny('1.00'), paidAt: at, postedAt: at, state: 'posted' as const };
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p0', reversedAt: at, payment }));
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p199', reversedAt: at, payment }));
    expect(paidIntoPlan(driver.case)).toBe(19_800);
    driver.check();
  });

  it('settles it early where it covers what is left on the day of a payment, and not a cent less', () => {
    const terms = { annualRate: '0.1825', dayCount: 'ACT/365' };
    for (const [short, done] of [
      [0, true],
      [1, false],
    ] as const) {
      const driver = drive(anAccount().overdueBy(12).owing('1200.00').with({ terms }), patientDesk());
      agree(driver, 6);
      const { plan } = driver.case;
      if (plan === undefined) throw new Error('Nothing was agreed');
      const now = driver.now;
      const day = Math.floor((now + 8 * 3_600_000) / 86_400_000);
      const payoff = payoffOn(plan, day);
      expect(payoff).toBe(120_000);
      driver.tell(pays('p', ((payoff - short) / 100).toFixed(2), toInstant(now)));
      expect(isPaidOff({ plan, payments: driver.case.payments }, 'Asia/Shanghai')).toBe(done);
      driver.check();
    }
  });
});

describe('what a payment counts for', () => {
  it('is not the plan where it had lowered what the plan is about', () => {
    const driver = drive(anAccount().overdueBy(12).owing('3000.00'), emptyDesk);
    driver.runDays(1);
    driver.tell(pays('p1', '1000.00', toInstant(driver.now)));
    const [offer] = offersOn(driver.account, driver.world().setting, driver.today);
    expect(offer?.totalMinor).toBe(200_000);
    const agreedAt = toInstant(driver.now - 3_600_000);
    driver.tell((journal) => recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt, channel: 'app' }));
    expect(paidIntoPlan(driver.case)).toBe(0);
    driver.tell(pays('p2', '1999.99', toInstant(driver.now)));
    expect(driver.case.plan?.status).toBe('active');
    driver.check();
  });

  it('is the plan where it was made before and nobody knew of it: on its way at the agreement, or told late', () => {
    const driver = drive(anAccount().overdueBy(12).owing('1200.00'), emptyDesk);
    driver.runDays(1);
    const paidAt = toInstant(driver.now - 3_600_000);
    const onItsWay = { paymentId: 'p1', amount: cny('400.00'), paidAt, postedAt: paidAt } as const;
    driver.tell((journal) => recordPaymentReceived(journal, { ...onItsWay, state: 'pending' }));
    agree(driver);
    expect(driver.case.plan?.totalMinor).toBe(120_000);
    driver.tell((journal) => recordPaymentReceived(journal, { ...onItsWay, state: 'posted' }));
    driver.tell(pays('p2', '400.00', paidAt));
    expect(paidIntoPlan(driver.case)).toBe(80_000);
    expect(driver.case.plan?.instalments.map((row) => row.status)).toEqual(['paid', 'paid', 'open']);
    driver.check();
  });

  it('is not the plan where the figure that this is about had it in', () => {
    const driver = drive(anAccount().overdueBy(12).owing('1200.00'), emptyDesk);
    driver.runDays(1);
    const asOf = toInstant(driver.now - 60_000);
    driver.tell((journal) => recordBalanceUpdated(journal, { overdue: cny('900.00'), balance: cny('9000.00'), asOf }));
    agree(driver);
    driver.tell(pays('p1', '300.00', asOf));
    expect([driver.case.plan?.totalMinor, paidIntoPlan(driver.case)]).toEqual([90_000, 0]);
    const booked = { paymentId: 'p2', amount: cny('100.00'), paidAt: asOf, postedAt: toInstant(driver.now), state: 'posted' } as const;
    driver.tell((journal) => recordPaymentReceived(journal, booked));
    expect(paidIntoPlan(driver.case)).toBe(10_000);
    driver.check();
  });

  it('is the plan where it was made once that was recorded, however fast the clock of whoever agreed it', () => {
    const driver = drive(anAccount().overdueBy(12).owing('1200.00'), emptyDesk);
    const [offer] = offersOn(driver.account, driver.world().setting, driver.today);
    const agreedAt = toInstant(driver.now + 20 * 3_600_000);
    driver.tell((journal) => recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt, channel: 'app' }));
    driver.tell(pays('p1', '400.00', toInstant(driver.now)));
    expect(driver.case.plan?.instalments.map((row) => row.status)).toEqual(['paid', 'open', 'open']);
    driver.check();
  });
});

describe('an instalment whose payment bounced', () => {
  const bounces = (paymentId: string, amount: string, at: string) => (journal: Journal) =>
    recordPaymentReversed(journal, {
      paymentId,
      reversedAt: at,
      payment: { amount: cny(amount), paidAt: at, postedAt: at, state: 'posted' },
    });
  const rows = (driver: CaseDriver) => driver.case.plan?.instalments.map((row) => row.status);

  it('is open again, announced and debited again, and paid again', () => {
    const driver = arrangedAt(12, undefined, emptyDesk);
    const at = toInstant(driver.now);
    driver.tell(pays('p1', '400.00', at));
    driver.tell(bounces('p1', '400.00', at));
    expect(rows(driver)).toEqual(['open', 'open', 'open']);
    driver.runDays(6);
    expect(driver.entriesOf('InstalmentDue').map((entry) => entry.index)).toEqual([0]);
    driver.tell(pays('p2', '400.00', toInstant(driver.now)));
    expect(driver.entriesOf('InstalmentPaid').map((entry) => entry.index)).toEqual([0, 0]);
    driver.check();
  });

  it('takes back that a plan was paid, and the plan runs on while something else is overdue', () => {
    const driver = arrangedAt(12, undefined, emptyDesk);
    const at = toInstant(driver.now);
    driver.tell(pays('p1', '400.00', at));
    driver.tell((journal) => recordBalanceUpdated(journal, { overdue: cny('1300.00'), balance: cny('9000.00'), asOf: at }));
    driver.tell(pays('p2', '800.00', toInstant(driver.now + 1000)));
    expect([driver.case.plan?.status, driver.case.curedAt]).toEqual(['completed', undefined]);
    // Meanwhile the rest is called for.
    for (let day = 0; day < 30 && !driver.case.tasks.some((task) => task.queue === 'call'); day += 1) driver.runDays(1);
    driver.tell(bounces('p2', '800.00', toInstant(driver.now)));
    expect(driver.case.tasks).toEqual([]);
    expect([driver.case.plan?.status, rows(driver)]).toEqual(['active', ['paid', 'open', 'open']]);
    driver.check();
    // The statement of account tells of it, and whoever verifies that expects the same rows.
    const listed = driver.entries.filter((entry) => statementRow(entry, driver.account) !== undefined).map(({ type }) => type);
    expect(listed.slice(-4)).toEqual(['PaymentReversed', 'PlanReopened', 'InstalmentReopened', 'InstalmentReopened']);
    expect(driver.entries.map(({ type }) => type).filter((type) => ROWS.includes(type))).toEqual(listed);
  });

  it.each([
    ['while that is overdue', false],
    ['and a cure had ended, too', true],
  ])('ends what was promised of the rest %s: no promise is awaited beside a plan', (_when, cured) => {
    const driver = arrangedAt(12, undefined, emptyDesk);
    const at = toInstant(driver.now);
    driver.tell((journal) => recordBalanceUpdated(journal, { overdue: cny('1300.00'), balance: cny('9000.00'), asOf: at }));
    const paidAt = toInstant(driver.now + 1000);
    const payment = { amount: cny('1200.00'), paidAt, postedAt: paidAt, state: 'posted' as const };
    driver.tell((journal) => recordPaymentReceived(journal, { paymentId: 'p1', ...payment }));
    for (let day = 0; day < 30 && !driver.case.tasks.some((task) => task.queue === 'call'); day += 1) driver.runDays(1);
    const promised = { amount: cny('100.00'), date: addDays(driver.today, 3) };
    driver.answer(driver.case.tasks[0]?.taskId ?? '', { outcome: 'promise', promises: [promised] });
    expect([driver.case.plan?.status, driver.case.promises.map(({ status }) => status)]).toEqual(['completed', ['open']]);
    const asOf = toInstant(driver.now);
    if (cured) driver.tell((journal) => recordBalanceUpdated(journal, { overdue: cny('0.00'), balance: cny('9000.00'), asOf }));
    expect(driver.case.curedAt !== undefined).toBe(cured);
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p1', reversedAt: toInstant(driver.now + 1000), payment }));
    expect(driver.case.curedAt).toBeUndefined();
    expect([driver.case.plan?.status, driver.case.promises.map(({ status }) => status)]).toEqual(['active', ['ended']]);
    driver.check();
  });

  it('leaves a paid plan alone where it was for something else', () => {
    const driver = arrangedAt(12, undefined, emptyDesk);
    const at = toInstant(driver.now);
    driver.tell((journal) => recordBalanceUpdated(journal, { overdue: cny('2000.00'), balance: cny('9000.00'), asOf: at }));
    driver.tell(pays('p1', '1200.00', toInstant(driver.now + 1000)));
    driver.tell(pays('p2', '100.00', toInstant(driver.now + 1000)));
    driver.tell(bounces('p2', '100.00', toInstant(driver.now + 1000)));
    expect(driver.case.plan?.status).toBe('completed');
    driver.check();
  });
});

describe('an instalment that is debited and fell due under a hold', () => {
  it('is instructed once the hold is gone, before it can be missed', () => {
    const driver = drive(anAccount().overdueBy(12).owing('1200.00'), emptyDesk);
    const [offer] = offersOn(driver.account, driver.world().setting, driver.today);
    const agreement = { offerId: offer?.offerId ?? '', agreedAt: toInstant(driver.now), channel: 'app', autodebit: true };
    driver.tell((journal) => recordPlanAgreed(journal, agreement));
    driver.runDays(2);
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: toInstant(driver.now) }));
    driver.runDays(10);
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h', releasedAt: toInstant(driver.now) }));
    driver.runDays(1);
    const told = driver.entries.filter(({ type }) => type.startsWith('Instalment'));
    expect(told).toMatchObject([
      { type: 'InstalmentDue', index: 0, autodebit: true },
      { type: 'InstalmentMissed', index: 0 },
    ]);
    driver.check();
  });
});
