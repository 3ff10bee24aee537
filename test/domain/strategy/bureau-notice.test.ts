import { describe, expect, it } from 'vitest';
import { addDays, localDate, toInstant, toMillis } from '../../../domain/calendar.ts';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { recordHoldPlaced, recordPaymentReceived } from '../../../domain/record/bank-facts.ts';
import { recordDelivery } from '../../../domain/record/delivery.ts';
import type { ProductFacts } from '../../../domain/record/journal.ts';
import { reportingDate } from '../../../domain/strategy/reporting.ts';
import { anAccount, cny } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import type { CaseDriver, Desk } from '../case-driver.ts';
import { onceOnCall, patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

const ZONE = 'Asia/Shanghai';
const reported = (reportingDay: number): ProductFacts => ({
  reportsToBureau: true,
  reportingDay,
  suspendsCard: true,
  placesWithAgencies: false,
});
const reporting = (day: number) => ({ deployment: { products: { '*': reported(day) } } });
const notices = (driver: CaseDriver) => driver.sent.filter((message) => message.purpose === 'statutory-notice');
const datesOf = (driver: CaseDriver) => notices(driver).map((message) => localDate(toMillis(message.at), ZONE));

describe('the notice of the report to the bureau', () => {
  // Opened on 2 March; grace ends with day 3.
  it.each([
    [25, 7, '2026-03-20'],
    [25, 1, '2026-03-20'],
    [7, 12, '2026-03-02'],
    [6, 12, '2026-04-01'],
    [9, 1, '2026-04-04'],
    [10, 1, '2026-03-05'],
    [1, 12, '2026-03-27'],
    [28, 90, '2026-03-23'],
  ])('for reports on the %dth goes once, five days before, after the grace (opened %d days past due): %s', (day, daysPastDue, date) => {
    const driver = drive(anAccount().overdueBy(daysPastDue), patientDesk(), reporting(day)).runDays(140);

    expect(datesOf(driver)).toEqual([date]);
    driver.check();
  });

  it('is the named product’s own day, else that of all others; without a report there is none', () => {
    const products = { 'credit-card': reported(25), '*': reported(10) };
    const own = drive(anAccount().overdueBy(7), patientDesk(), { deployment: { products } }).runDays(60);
    const other = drive(anAccount().overdueBy(7).with({ product: 'loan' }), patientDesk(), { deployment: { products } }).runDays(60);
    const none = drive(anAccount().overdueBy(7), patientDesk(), {
      deployment: { products: { '*': { reportsToBureau: false, suspendsCard: true, placesWithAgencies: false } } },
    }).runDays(60);

    expect([datesOf(own), datesOf(other), datesOf(none)]).toEqual([['2026-03-20'], ['2026-03-05'], []]);
  });

  it('says the report that it precedes', () => {
    const driver = drive(anAccount().overdueBy(7), patientDesk(), reporting(25)).runTo('2026-03-20T03:00:00Z');

    expect(reportingDate(driver.world())).toBe('2026-03-25');
    expect(reportingDate({ ...driver.world(), today: '2026-03-21' })).toBe('2026-04-25');
    expect(reportingDate({ ...driver.world(), today: '2026-12-21' })).toBe('2027-01-25');
  });

  it('is no message of the stage: neither its minimum nor its pace knows it, and it presses nobody', () => {
    const with_ = drive(anAccount().overdueBy(12), patientDesk(), reporting(7)).runDays(30);
    const without_ = drive(anAccount().overdueBy(12), patientDesk()).runDays(30);
    const series = (driver: CaseDriver) =>
      driver.sent.filter((message) => message.purpose !== 'statutory-notice').map((message) => [message.at, message.template]);

    expect(notices(with_).length).toBe(1);
    expect(with_.case.sentByStage).toEqual(without_.case.sentByStage);
    expect(with_.case.contactCount).toBe(without_.case.contactCount);
    expect(series(with_)).toEqual(series(without_));
  });

  it('that came back goes again by another way, as long as it is early enough', () => {
    const driver = drive(anAccount().overdueBy(7), patientDesk(), reporting(25)).runTo('2026-03-20T11:00:00Z');
    const contact = driver.case.contacts.find((row) => row.purpose === 'statutory-notice');
    if (contact === undefined) throw new Error('The notice has gone by the evening');
    const { key, channel } = contact;
    const { caseId } = driver.case;
    driver.tell((journal) =>
      recordDelivery(
        journal,
        { contactId: `${caseId}-${key}`, key, channel, caseId },
        { status: 'bounced', at: toInstant(driver.now), how: 'provider' },
        undefined,
      ),
    );
    driver.runDays(60);

    expect(notices(driver).map((message) => message.channel)).toEqual(['sms', 'email']);
    expect(datesOf(driver)[1]).toBe('2026-03-20');
    driver.check();
  });

  it.each<[string, (driver: CaseDriver) => void, Desk]>([
    [
      'paid',
      (driver) =>
        driver.tell((journal) =>
          recordPaymentReceived(journal, {
            paymentId: 'p',
            amount: cny('6250.00'),
            paidAt: toInstant(driver.now),
            postedAt: toInstant(driver.now),
            state: 'posted',
          }),
        ),
      patientDesk(),
    ],
    [
      'held',
      (driver) => driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: toInstant(driver.now) })),
      patientDesk((task) => (task.objective === 'review-hold' ? 'lies' : undefined)),
    ],
    ['promised', () => {}, onceOnCall({ outcome: 'promise', promises: [{ amount: cny('6250.00'), date: '2026-03-25' }] })],
  ])('does not go while the amount is %s', (_name, happens, desk) => {
    const driver = drive(anAccount().overdueBy(7), desk, reporting(25)).runTo('2026-03-04T12:00:00Z');
    happens(driver);
    driver.runTo('2026-03-24T12:00:00Z');

    expect(notices(driver)).toEqual([]);
  });

  it('that could only come too late waits for the next report', () => {
    const wishes = { windows: ['08:00-08:10'], inconvenient: [], optedOut: [] };
    const governor = { ...aCustomer().build(), wishes };
    const driver = drive(anAccount().overdueBy(12), patientDesk(), { governor, ...reporting(7) }).runDays(60);

    const [date] = datesOf(driver);
    expect(datesOf(driver).length).toBeLessThanOrEqual(1);
    if (date !== undefined) expect(date <= addDays('2026-04-07', -LADDER.bureauNotice.daysBefore)).toBe(true);
  });
});
