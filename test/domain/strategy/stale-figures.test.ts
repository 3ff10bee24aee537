import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../../domain/calendar.ts';
import { recordBalanceUpdated, recordHoldPlaced } from '../../../domain/record/bank-facts.ts';
import { anAccount, cny } from '../../builders/account.ts';
import type { CaseDriver, Desk } from '../case-driver.ts';
import { onceOnCall, patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

const HOURS = 48;
const asOf = toMillis('2026-03-02T01:29:00Z');
const stale = (days: number, desk: Desk = patientDesk()) =>
  drive(anAccount().overdueBy(days), desk, { deployment: { maxFigureAgeHours: HOURS } });
const tellFigure = (driver: CaseDriver) =>
  driver.tell((journal) =>
    recordBalanceUpdated(journal, { overdue: cny('6250.00'), balance: cny('18600.00'), asOf: toInstant(driver.now) }),
  );
const contacts = (driver: CaseDriver) =>
  driver.entries.filter(
    (entry) => entry.type === 'ContactReserved' || (entry.type === 'TaskOpened' && ['call', 'field-visit'].includes(entry.queue)),
  );

describe('a figure that is too old', () => {
  it.each([4, 12, 40, 75, 120])('stops all collection %d days past due, records nothing as impossible, and lets nothing rise', (days) => {
    const driver = stale(days).runDays(20);

    const late = driver.entries.filter((entry) => toMillis(entry.at) > asOf + HOURS * 3_600_000);
    expect(contacts(driver).filter((entry) => toMillis(entry.at) > asOf + HOURS * 3_600_000)).toEqual([]);
    expect(late.filter((entry) => entry.type === 'StageEntered' || entry.type === 'MessageImpossible')).toEqual([]);
    driver.check();
  });

  it('says so, with the figure’s time', () => {
    const { next } = stale(12).runDays(5).decision();

    expect(next.what).toBe('wait');
    expect(next.why).toContain('of 2026-03-02T01:29:00Z, is older than 48 hours');
  });

  it('stops until the next comes, and no longer', () => {
    const driver = stale(12).runDays(10);
    const before = contacts(driver).length;
    tellFigure(driver);
    driver.runDays(2);

    expect(contacts(driver).length).toBeGreaterThan(before);
    driver.check();
  });

  it('does not keep the reminder of a promise from going', () => {
    const desk = onceOnCall({ outcome: 'promise', promises: [{ amount: cny('100.00'), date: '2026-03-12' }] });
    const driver = stale(7, desk).runDays(14);

    expect(driver.sent.filter((message) => message.purpose === 'promise-reminder').map((message) => message.at.slice(0, 10))).toEqual([
      '2026-03-11',
    ]);
    driver.check();
  });

  it('ends the tasks that lie open, and does not answer a request less', () => {
    const lies = patientDesk((task) => (task.queue === 'call' ? 'lies' : undefined));
    const driver = stale(7, lies).runTo(asOf + 4 * DAY);
    expect(driver.case.tasks.filter((task) => task.queue === 'call')).toEqual([]);

    const asks = stale(7, onceOnCall({ outcome: 'plan-requested', afterHours: 47 })).runDays(5);
    expect(asks.entriesOf('TaskOutcomeReported').map((entry) => toMillis(entry.at) > asOf + HOURS * 3_600_000)).toEqual([true]);
    expect(asks.sent.filter((message) => message.purpose === 'plan-offer').length).toBe(1);
  });

  it('does not keep anybody from calling back who was asked to, once, at the time that was asked for', () => {
    const callBackAt = toInstant(asOf + 4 * DAY);
    const driver = stale(7, onceOnCall({ outcome: 'call-back', callBackAt })).runDays(14);

    const calls = driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'call');
    const late = calls.filter((entry) => toMillis(entry.at) > asOf + HOURS * 3_600_000);
    expect(late.map((entry) => entry.objective)).toEqual(['call-back']);
    expect(late.every((entry) => entry.at >= callBackAt)).toBe(true);
    driver.check();
  });

  it('does not let a hold be passed over for that', () => {
    const callBackAt = toInstant(asOf + 4 * DAY);
    const asked = stale(7, onceOnCall({ outcome: 'call-back', callBackAt }));
    asked.later(toInstant(asOf + 3 * DAY), (journal) =>
      recordHoldPlaced(journal, { holdId: 'h-1', kind: 'dispute', placedAt: toInstant(asOf + 3 * DAY), reason: 'customer-request' }),
    );
    asked.runDays(14);

    expect(asked.entriesOf('TaskOpened').filter((entry) => entry.objective === 'call-back')).toEqual([]);
  });

  it('is none where the deployment names no age', () => {
    const driver = drive(anAccount().overdueBy(7), patientDesk()).runDays(40);

    expect(contacts(driver).length).toBeGreaterThan(10);
  });
});
