import { describe, expect, it } from 'vitest';
import { DAY, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import { contractDaysPastDue, statusOf } from '../../domain/case-status.ts';
import { overdueMinor } from '../../domain/ledger.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import {
  recordAccountOverdue,
  recordBalanceUpdated,
  recordHoldPlaced,
  recordHoldReleased,
  recordPaymentReceived,
  recordPaymentReversed,
} from '../../domain/record/bank-facts.ts';
import { Journal } from '../../domain/record/journal.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { anAccount, anOverdueFact, cny } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';
import { CaseDriver } from './case-driver.ts';
import { emptyDesk, patientDesk } from './desks.ts';
import { drive } from './drive.ts';

/** Published bugs of comparable systems, each as the scenario that must pass here. Named by repository and issue. */

const pays = (paymentId: string, amount: string, at: string) => (journal: Journal) =>
  recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt: at, postedAt: at, state: 'posted' });
const balance = (overdue: string, total: string, asOf: string) => (journal: Journal) =>
  void recordBalanceUpdated(journal, { overdue: cny(overdue), balance: cny(total), asOf });
const sentOn = (driver: CaseDriver) => driver.sent.map((message) => localDate(toMillis(message.at), 'Asia/Shanghai'));

describe('someone who paid is still chased', () => {
  it('killbill #695: a credit that brings the balance to 0 clears the case, whatever kind of fact says so', () => {
    const driver = drive(anAccount().overdueBy(40)).runDays(5);
    driver.tell(balance('0.00', '0.00', toInstant(driver.now)));
    driver.runDays(30);
    expect(driver.case.closeReason).toBe('cured');
    expect(driver.case.curedBy).toBe('balance');
  });

  it('killbill #687: a balance in credit clears the case and keeps it cleared', () => {
    const driver = drive(anAccount().overdueBy(40)).runDays(5);
    driver.tell(pays('p', '20000.00', toInstant(driver.now)));
    driver.runDays(30);
    expect([driver.case.status, driver.account.caseCount, overdueMinor(driver.account)]).toEqual(['closed', 1, 0]);
  });

  it('akaunting #259: no reminder to who has paid, up to the last moment before it would go', () => {
    const unpaid = drive(anAccount().overdueBy(12), emptyDesk).runDays(2);
    const first = unpaid.sent[0]?.at ?? '';
    const driver = drive(anAccount().overdueBy(12), emptyDesk).runTo(toMillis(first) - 1000);
    driver.tell(pays('p', '6250.00', toInstant(driver.now)));
    driver.runDays(30);
    expect(driver.sent).toEqual([]);
  });

  it('invoiceninja #7465: no due date is known, so nothing is due and nothing is sent', () => {
    const driver = new CaseDriver();
    driver.tell(balance('6250.00', '18600.00', '2026-03-02T01:00:00Z'));
    driver.runDays(10);
    expect([driver.account.case, driver.sent]).toEqual([undefined, []]);
    driver.tell((journal) =>
      recordAccountOverdue(journal, anOverdueFact({ dueDate: '2026-02-18', overdue: cny('6000.00'), asOf: '2026-03-01T23:00:00Z' })),
    );
    expect([driver.case.status, overdueMinor(driver.account), driver.world().contractDaysPastDue]).toEqual(['open', 625_000, 22]);
  });

  it('invoiceninja #9312: no past-due mail the day after the due date', () => {
    const driver = drive(anAccount().overdueBy(1)).runTo('2026-03-04T15:59:59Z');
    expect(driver.sent).toEqual([]);
  });

  it('odoo/documentation #4497: a payment booked just before the follow-up stops it, and one posted late counts from its figure on', () => {
    const driver = drive(anAccount().overdueBy(12), emptyDesk);
    driver.tell((journal) =>
      recordPaymentReceived(journal, {
        paymentId: 'p',
        amount: cny('6250.00'),
        paidAt: '2026-03-01T20:00:00Z',
        postedAt: '2026-03-02T01:29:30Z',
        state: 'posted',
      }),
    );
    expect(statusOf(driver.account, LADDER, driver.now)).toBe('cured');
    driver.tell(balance('0.00', '12350.00', '2026-03-02T02:00:00Z'));
    expect(driver.account.payments).toEqual({});
    driver.runDays(10);
    expect(driver.sent).toEqual([]);
  });
});

describe('storms and silences', () => {
  it('invoiceninja #553, #1693, #1447: never the same message twice, never two of a channel on a day', () => {
    const driver = drive(anAccount().overdueBy(2)).runDays(120);
    const perDay = driver.sent
      .filter((message) => message.purpose !== 'formal-notice')
      .map((message) => `${message.channel} ${localDate(toMillis(message.at), 'Asia/Shanghai')}`);
    expect(new Set(perDay).size).toBe(perDay.length);
    const keys = driver.entriesOf('ContactReserved').map((entry) => entry.contactId);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('invoiceninja #637: after 20 days out of service the case goes on with one message and one step, not with all it missed', () => {
    const driver = drive(anAccount().overdueBy(4), emptyDesk).runTo('2026-03-02T12:00:00Z');
    expect(driver.sent.length).toBe(1);
    driver.now += 20 * DAY;
    driver.runTo('2026-03-22T15:59:59Z');
    expect(sentOn(driver).filter((date) => date === '2026-03-22').length).toBeLessThanOrEqual(1);
    expect(driver.entriesOf('StageEntered').map((entry) => entry.stage)).toEqual(['reminder', 'call']);
    driver.runDays(20);
    driver.check();
  });

  it('invoiceninja #8665, #9228, #9299, #11160: reminders do not silently stop when the provider refuses for a while', () => {
    const driver = drive(anAccount().overdueBy(35), patientDesk());
    driver.provider = () => driver.now > toMillis('2026-03-10T00:00:00Z') && driver.now < toMillis('2026-03-20T00:00:00Z');
    driver.runTo('2026-03-30T00:00:00Z');
    const before = driver.sent.length;
    expect(before).toBeGreaterThan(0);
    driver.provider = () => true;
    driver.runDays(40);
    expect(driver.sent.length).toBeGreaterThan(before + 2);
    driver.check();
  });

  it('open-forms #1498, woocommerce-payments #3783: a payment told twice, by two ways, is one payment', () => {
    const driver = drive(anAccount().overdueBy(12));
    const pending = {
      paymentId: 'p',
      amount: cny('100.00'),
      paidAt: '2026-03-02T01:29:30Z',
      postedAt: '2026-03-02T01:29:30Z',
      state: 'pending',
    } as const;
    driver.tell((journal) => recordPaymentReceived(journal, pending));
    driver.tell((journal) => recordPaymentReceived(journal, { ...pending, state: 'posted' }));
    driver.tell((journal) => recordPaymentReceived(journal, pending));
    expect(overdueMinor(driver.account)).toBe(615_000);
    expect(driver.case.payments.length).toBe(1);
  });
});

describe('the ladder skips a step or fires the wrong severity', () => {
  const arrears = [
    { dueDate: '2026-01-01', amount: cny('5000.00') },
    { dueDate: '2026-02-26', amount: cny('1250.00') },
  ];

  it('killbill #2297: a part payment moves the oldest due date; the case falls at once and climbs again one step a day', () => {
    const driver = drive(
      anAccount().with({ dueDate: '2026-01-01', arrears }),
      patientDesk((task) => (task.queue === 'legal-review' ? { outcome: 'return' } : undefined)),
    ).runDays(10);
    expect(driver.case.stage).toBe('field-visit');

    driver.tell(pays('p', '5000.00', toInstant(driver.now)));
    driver.runTo(driver.now + 1000);
    expect([driver.case.stage, driver.world().daysPastDue]).toEqual(['call', 14]);
    driver.runDays(90);

    const stages = driver.entriesOf('StageEntered').map((entry) => entry.stage);
    expect(stages).toEqual(['reminder', 'call', 'plan', 'field-visit', 'call', 'plan', 'field-visit', 'legal']);
    driver.check();
  });

  it('killbill #2297: cleared down to the days of grace, the case is warned again before it is called', () => {
    const recent = [
      { dueDate: '2026-02-01', amount: cny('5000.00') },
      { dueDate: '2026-03-04', amount: cny('1250.00') },
    ];
    const driver = new CaseDriver({ desk: patientDesk(), now: '2026-03-05T01:30:00Z' });
    driver.tell((journal) =>
      recordAccountOverdue(journal, anOverdueFact({ dueDate: '2026-02-01', arrears: recent, asOf: '2026-03-05T01:00:00Z' })),
    );
    driver.runTo('2026-03-06T10:00:00Z');
    expect(driver.case.stage).toBe('call');
    driver.tell(pays('p', '5000.00', toInstant(driver.now)));
    const before = driver.sent.length;
    driver.runTo('2026-03-07T15:00:00Z');
    expect([driver.case.stage, driver.sent.length]).toEqual(['reminder', before]);
    driver.runTo('2026-03-10T15:00:00Z');
    const rose = driver.entriesOf('StageEntered').findLast((entry) => entry.rise && entry.stage === 'call')?.at ?? '';
    expect(driver.sent.slice(before).filter((message) => message.stage === 'reminder' && message.at < rose).length).toBeGreaterThan(0);
  });

  it('killbill #894: the last state does not evaluate for ever', () => {
    const driver = drive(
      anAccount().overdueBy(120),
      patientDesk((task) => (task.queue === 'legal-review' ? { outcome: 'reject' } : undefined)),
    ).runDays(60);
    const turns = driver.turns;
    driver.runDays(100);
    expect(driver.turns - turns).toBeLessThan(110);
    driver.check();
  });

  it('killbill #535: late facts count by their own times, not by when they came', () => {
    const journal = new Journal(emptyAccount('acc-1'), aSetting({ now: '2026-03-10T01:00:00Z', governor: aCustomer().build() }));
    recordPaymentReceived(journal, {
      paymentId: 'p',
      amount: cny('250.00'),
      paidAt: '2026-03-01T00:00:00Z',
      postedAt: '2026-03-01T00:00:00Z',
      state: 'posted',
    });
    recordAccountOverdue(journal, anOverdueFact({ asOf: '2026-03-02T01:00:00Z' }));
    expect(overdueMinor(journal.account)).toBe(625_000);
    recordPaymentReceived(journal, {
      paymentId: 'q',
      amount: cny('250.00'),
      paidAt: '2026-03-03T00:00:00Z',
      postedAt: '2026-03-03T00:00:00Z',
      state: 'posted',
    });
    expect([overdueMinor(journal.account), contractDaysPastDue(journal.account, journal.setting.now)]).toEqual([600_000, 20]);
  });

  it('erpnext #45685: nothing is demanded on the due date itself', () => {
    const driver = drive(anAccount().overdueBy(0)).runTo('2026-03-02T15:59:59Z');
    expect([driver.sent, driver.case.taskCount]).toEqual([[], 0]);
  });

  it('erpnext #58220: a newer figure refreshes the running case, fees that came after included', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(3);
    driver.tell((journal) => recordAccountOverdue(journal, anOverdueFact({ overdue: cny('6300.00'), asOf: toInstant(driver.now) })));
    expect([overdueMinor(driver.account), driver.account.caseCount]).toEqual([630_000, 1]);
    driver.tell(pays('p', '6250.00', toInstant(driver.now + 1000)));
    expect(statusOf(driver.account, LADDER, driver.now)).toBe('open');
  });

  it('fineract PRs #3604, #3633, #3659: days under overlapping pauses are left out once, and days before them stay', () => {
    const driver = drive(anAccount().overdueBy(10), emptyDesk).runDays(2);
    for (const holdId of ['h1', 'h2'])
      driver.tell((journal) => recordHoldPlaced(journal, { holdId, kind: 'manual', placedAt: toInstant(driver.now) }));
    driver.runDays(5);
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h1', releasedAt: toInstant(driver.now) }));
    driver.runDays(3);
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h2', releasedAt: toInstant(driver.now) }));
    expect([driver.world().contractDaysPastDue, driver.world().daysPastDue]).toEqual([20, 12]);
    driver.runDays(1);
    expect([driver.world().contractDaysPastDue, driver.world().daysPastDue]).toEqual([21, 13]);
  });

  it('openMF/web-app #1937: a pause that becomes known two days late counts from when it began, and the stage falls back', () => {
    const driver = drive(anAccount().overdueBy(29)).runTo('2026-03-05T02:00:00Z');
    expect([driver.case.stage, driver.world().daysPastDue]).toEqual(['plan', 32]);
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: '2026-03-03T02:00:00Z' }));
    driver.runDays(3);
    expect(driver.world().daysPastDue).toBe(30);
    driver.tell((journal) => recordHoldReleased(journal, { holdId: 'h', releasedAt: toInstant(driver.now) }));
    driver.runTo(driver.now + 1000);
    expect(driver.case.stage).toBe('call');
    driver.check();
  });

  it('a reversal that came before its payment leaves the case as if neither had come', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(1);
    const at = toInstant(driver.now);
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: at }));
    driver.tell((journal) =>
      recordPaymentReceived(journal, { paymentId: 'p', amount: cny('6250.00'), paidAt: at, postedAt: at, state: 'posted', reversedAt: at }),
    );
    expect([overdueMinor(driver.account), driver.case.curedAt, driver.entriesOf('AccountCured')]).toEqual([625_000, undefined, []]);
  });

  it('a case that was closed for another reason is not opened again by a payment or a hold', () => {
    const driver = drive(anAccount().overdueBy(12)).runDays(1);
    driver.tell((journal) => journal.add({ type: 'JourneyClosed', reason: 'sold' }));
    driver.tell(pays('p', '10.00', toInstant(driver.now)));
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'manual', placedAt: toInstant(driver.now) }));
    expect([driver.account.caseCount, driver.case.status]).toEqual([1, 'closed']);
  });
});
