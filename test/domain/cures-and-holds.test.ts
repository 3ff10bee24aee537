import { describe, expect, it } from 'vitest';
import { DAY, HOUR, toInstant, toMillis } from '../../domain/calendar.ts';
import { statusOf } from '../../domain/case-status.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import {
  recordAccountOverdue,
  recordBalanceUpdated,
  recordHoldPlaced,
  recordHoldReleased,
  recordPaymentReceived,
  recordPaymentReversed,
} from '../../domain/record/bank-facts.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { anAccount, cny } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { emptyDesk, onceOnCall, patientDesk } from './desks.ts';
import { drive } from './drive.ts';

const pays =
  (paymentId: string, amount: string, at: string, state: 'posted' | 'pending' = 'posted') =>
  (journal: Journal) =>
    recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt: at, postedAt: at, state });

describe('“I have paid already”', () => {
  it('gives three business days of rest, also where the money ends the case and a new figure opens another meanwhile', () => {
    // Prepare: the money comes an hour after the call, and another month is overdue by then.
    const driver = drive(anAccount().overdueBy(40), onceOnCall({ outcome: 'paid-already' }));
    while (driver.entriesOf('TaskOutcomeReported').length === 0) driver.runTo(toInstant(driver.now + HOUR));
    const quietUntil = driver.case.quietUntil ?? '';
    driver.runTo(toInstant(driver.now + HOUR)).tell(pays('p', '6250.00', toInstant(driver.now)));
    driver.runTo(toInstant(driver.now + HOUR));
    const ended = driver.case.caseId;
    // Act
    driver.tell((journal) =>
      recordAccountOverdue(
        journal,
        anAccount()
          .overdueBy(60)
          .with({ asOf: toInstant(driver.now) })
          .fact(),
      ),
    );
    driver.runDays(12);
    // Assess
    const after = driver.sent.filter(({ caseId }) => caseId !== ended);
    expect(driver.account.caseCount).toBe(2);
    expect(after.length).toBeGreaterThan(0);
    expect(after.filter(({ at }) => toMillis(at) < toMillis(quietUntil))).toEqual([]);
    driver.check();
  });
});

describe('a cure', () => {
  const uncured = drive(anAccount().overdueBy(50)).runDays(80);
  /** Shortly after each entry of the uncured journey, one for every step there is. */
  const steps = [
    ...new Map(
      uncured.entries
        .filter((entry) => entry.caseId !== undefined)
        .map((entry) => [`${entry.type} ${'queue' in entry ? entry.queue : ''} ${'purpose' in entry ? entry.purpose : ''}`, entry.at]),
    ).entries(),
  ];

  it('has many steps to come at', () => {
    expect(uncured.case.legal.referredAt).toBeDefined();
    expect(steps.length).toBeGreaterThan(20);
  });

  it.each(steps)('right after %s (%s) ends everything', (_step, at) => {
    const driver = drive(anAccount().overdueBy(50)).runTo(at);
    const before = driver.sent.length;

    driver.tell(pays('p', '6250.00', toInstant(driver.now)));

    expect(statusOf(driver.account, LADDER, driver.now)).toBe('cured');
    expect(driver.case.tasks).toEqual([]);
    // Of a case that was handed to counsel the record goes under lock first.
    expect(driver.decision().proposal.act).toBe(driver.case.legal.referredAt === undefined ? 'close' : 'assemble-record');
    driver.runDays(60);
    expect(driver.sent.length).toBe(before);
    expect([driver.case.status, driver.case.closeReason, driver.case.curedBy]).toEqual(['closed', 'cured', 'payment']);
    expect(statusOf(driver.account, LADDER, driver.now)).toBe('cured');
    driver.check();
  });

  it('by the core’s figure is a cure by balance', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(3);
    driver.tell((journal) =>
      recordBalanceUpdated(journal, { overdue: cny('0.00'), balance: cny('12350.00'), asOf: toInstant(driver.now) }),
    );
    expect(driver.case.curedBy).toBe('balance');
  });

  it('that is reversed before the case closes goes on in the same case, afterwards in a new one with the old due date', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(3);
    const reversed = (journal: Journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: toInstant(driver.now) });
    driver.tell(pays('p', '6250.00', toInstant(driver.now)));
    driver.tell(reversed);
    expect([driver.account.caseCount, driver.case.status, driver.case.curedAt]).toEqual([1, 'open', undefined]);

    const late = drive(anAccount().overdueBy(12)).runDays(3);
    const first = late.case.caseId;
    late.tell(pays('p', '6250.00', toInstant(late.now)));
    late.runDays(2);
    late.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: toInstant(late.now) }));
    expect([late.account.caseCount, late.case.status, late.case.previousCaseId]).toEqual([2, 'open', first]);
    expect(late.world().contractDaysPastDue).toBe(17);
    expect(late.case.stage).toBe('reminder');
    late.runDays(10);
    late.check();
  });
});

describe('a hold', () => {
  it.each(['2026-03-02T01:31:00Z', '2026-03-02T17:00:00Z', '2026-03-04T02:00:00Z', '2026-03-12T02:00:00Z', '2026-03-25T12:00:00Z'])(
    'placed at %s stops all contact until it is released, and the journey goes on from there',
    (at) => {
      const driver = drive(anAccount().overdueBy(75)).runTo(at);
      const stage = driver.case.stage;
      const { daysPastDue } = driver.world();
      driver.desk = patientDesk((task) => (task.objective === 'review-hold' ? { outcome: 'reject' } : undefined));
      driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: toInstant(driver.now) }));
      const sent = driver.sent.length;
      expect(statusOf(driver.account, LADDER, driver.now)).toBe('held');
      expect(driver.case.tasks.filter((task) => task.queue === 'call' || task.queue === 'field-visit')).toEqual([]);

      driver.runDays(40);

      expect(driver.sent.length).toBe(sent);
      expect([driver.case.stage, driver.world().daysPastDue]).toEqual([stage, daysPastDue]);
      expect(driver.entriesOf('HoldReviewed').length).toBe(1);
      driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h', releasedAt: toInstant(driver.now) }));
      expect(driver.case.held).toBeUndefined();
      driver.runDays(30);
      expect(driver.entriesOf('JourneyResumed').length).toBe(1);
      expect(driver.sent.length).toBeGreaterThan(sent);
      driver.check();
    },
  );

  it('closes the open call in its own transaction', () => {
    const driver = drive(anAccount().overdueBy(20), emptyDesk).runTo('2026-03-03T08:00:00Z');
    expect(driver.case.tasks.map((task) => task.queue)).toEqual(['call']);
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'manual', placedAt: toInstant(driver.now) }));
    expect(driver.case.tasks).toEqual([]);
    expect(driver.case.callsWorkedByStage).toEqual({});
  });

  it('with an end resumes by itself at that instant', () => {
    const driver = drive(anAccount().overdueBy(20)).runDays(4);
    const expiresAt = toInstant(driver.now + 10 * DAY);
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'disaster', placedAt: toInstant(driver.now), expiresAt }));
    driver.runDays(12);
    expect(driver.entriesOf('JourneyResumed').map((entry) => entry.at)).toEqual([expiresAt]);
    expect(driver.account.holds[0]?.releasedAt).toBe(expiresAt);
    driver.check();
  });

  it('placed for a later instant of the day begins then', () => {
    const driver = drive(anAccount().overdueBy(20), emptyDesk).runTo('2026-03-03T08:00:00Z');
    expect(driver.case.tasks.map((task) => task.queue)).toEqual(['call']);
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'manual', placedAt: '2026-03-03T12:00:00Z' }));
    expect(driver.case.tasks.length).toBe(1);
    driver.runTo('2026-03-03T12:00:01Z');
    expect([driver.case.held, driver.case.tasks]).toEqual([true, []]);
    driver.check();
  });

  it('is one of several: the journey resumes with the last', () => {
    const driver = drive(anAccount().overdueBy(20)).runDays(4);
    for (const holdId of ['h1', 'h2'])
      driver.tell((journal) => recordHoldPlaced(journal, { holdId, kind: 'manual', placedAt: toInstant(driver.now) }));
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h1', releasedAt: toInstant(driver.now) }));
    expect(driver.case.held).toBe(true);
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h2', releasedAt: toInstant(driver.now) }));
    expect(driver.case.held).toBeUndefined();
  });

  it('that is released takes its review along', () => {
    const driver = drive(anAccount().overdueBy(20), emptyDesk).runDays(4);
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'complaint', placedAt: toInstant(driver.now) }));
    driver.runDays(11);
    expect(driver.case.tasks.map((task) => [task.objective, task.subject])).toEqual([['review-hold', 'h']]);
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h', releasedAt: toInstant(driver.now) }));
    expect(driver.case.tasks).toEqual([]);
  });

  it('on the customer that was lifted while the account had no case does not hold the next one', () => {
    const hold = { holdId: 'h', kind: 'manual', placedAt: '2026-03-01T00:00:00Z' } as const;
    const driver = drive(anAccount().overdueBy(12), patientDesk(), { governor: aCustomer().held(hold).build() });
    expect(driver.case.held).toBe(true);
    driver.tell(pays('p', '6250.00', toInstant(driver.now)));
    driver.runDays(1);
    driver.governor = { ...driver.governor, holds: [{ ...hold, customerWide: true, releasedAt: toInstant(driver.now) }] };
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: toInstant(driver.now) }));
    expect([driver.case.status, driver.case.held, statusOf(driver.account, LADDER, driver.now)]).toEqual(['open', undefined, 'open']);
    driver.runDays(3);
    expect(driver.sent.length).toBeGreaterThan(0);
    driver.check();
  });

  it.each([
    ['dispute', 'dispute'],
    ['complaint', 'complaint'],
    ['hardship', 'hardship-review'],
    ['deceased', 'deceased'],
    ['vulnerable', 'manual'],
  ])('follows from what was said on the phone: %s', (outcome, kind) => {
    const driver = drive(anAccount().overdueBy(7), onceOnCall({ outcome })).runDays(3);
    expect(driver.account.holds.map((hold) => [hold.kind, hold.customerWide])).toEqual([[kind, kind === 'deceased' ? true : undefined]]);
    expect(statusOf(driver.account, LADDER, driver.now)).toBe('held');
    driver.check();
  });
});
