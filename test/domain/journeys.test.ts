import { describe, expect, it } from 'vitest';
import { localDate, localMinutes, toInstant, toMillis } from '../../domain/calendar.ts';
import type { Task } from '../../domain/model.ts';
import { recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { anAccount, cny, tellCustomer } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import type { Answer, CaseDriver } from './case-driver.ts';
import { emptyDesk, onceOnCall, patientDesk } from './desks.ts';
import { drive } from './drive.ts';

const stagesOf = (driver: CaseDriver) => driver.entriesOf('StageEntered').map((entry) => [entry.stage, entry.onDate]);
const pays =
  (paymentId: string, amount: string, at: string, state: 'posted' | 'pending' = 'posted') =>
  (journal: Journal) =>
    recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt: at, postedAt: at, state });

const REFUSALS: Readonly<Record<Task['queue'], Answer>> = {
  call: { outcome: 'refused' },
  'field-visit': { outcome: 'reject' },
  'legal-review': { outcome: 'return' },
  'plan-review': { outcome: 'reject' },
  'case-review': { outcome: 'reject' },
  'data-quality': { outcome: 'unreachable' },
};

describe('a case that nobody pays', () => {
  it.each([
    [
      1,
      [
        ['reminder', '2026-03-02'],
        ['call', '2026-03-07'],
        ['plan', '2026-04-01'],
        ['field-visit', '2026-05-01'],
        ['legal', '2026-05-30'],
      ],
    ],
    [
      12,
      [
        ['reminder', '2026-03-02'],
        ['call', '2026-03-03'],
        ['plan', '2026-03-21'],
        ['field-visit', '2026-04-20'],
        ['legal', '2026-05-19'],
      ],
    ],
    [
      32,
      [
        ['reminder', '2026-03-02'],
        ['call', '2026-03-03'],
        ['plan', '2026-03-04'],
        ['field-visit', '2026-03-31'],
        ['legal', '2026-04-29'],
      ],
    ],
    [
      75,
      [
        ['reminder', '2026-03-02'],
        ['call', '2026-03-03'],
        ['plan', '2026-03-04'],
        ['field-visit', '2026-03-07'],
        ['legal', '2026-03-17'],
      ],
    ],
    [
      120,
      [
        ['reminder', '2026-03-02'],
        ['call', '2026-03-03'],
        ['plan', '2026-03-04'],
        ['field-visit', '2026-03-07'],
        ['legal', '2026-03-08'],
      ],
    ],
  ])('and is %d days past due when it opens climbs every step, at midnight, one a day, and is referred', (days, stages) => {
    const driver = drive(anAccount().overdueBy(days)).runDays(150);

    expect(stagesOf(driver)).toEqual(stages);
    for (const entry of driver.entriesOf('StageEntered').filter((row) => row.rise))
      expect(localMinutes(toMillis(entry.at), 'Asia/Shanghai')).toBeLessThan(10);
    expect(driver.case.legal.referredAt).toBeDefined();
    driver.check();
  });

  it('stays where it is while the stage has not done its part', () => {
    const unsent = drive(anAccount().overdueBy(75));
    unsent.provider = () => false;
    unsent.runTo('2026-03-02T01:55:00Z');
    expect(unsent.case.stage).toBe('reminder');

    const uncalled = drive(
      anAccount().overdueBy(75),
      patientDesk((task) => (task.queue === 'call' ? { outcome: 'no-answer', afterHours: 40 } : undefined)),
    );
    uncalled.runTo('2026-03-04T15:00:00Z');
    expect(uncalled.case.stage).toBe('call');
    uncalled.runTo('2026-03-05T17:00:00Z');
    expect(uncalled.case.stage).toBe('plan');
    expect(stagesOf(uncalled).at(-1)).toEqual(['plan', '2026-03-06']);
  });

  it('goes on without the steps that nobody can take, and says so on the timeline', () => {
    const driver = drive(anAccount().overdueBy(75), patientDesk(), { governor: aCustomer().reachableBy('visit').build() }).runDays(30);
    expect(driver.entriesOf('MessageImpossible').map((entry) => entry.stage)).toEqual(['reminder', 'call', 'plan', 'field-visit', 'legal']);
    expect(driver.sent).toEqual([]);
    expect(driver.case.legal.intentConfirmedBy).toBeUndefined();
    driver.check();
  });

  it('writes when there is no number to ring, and rings when nothing can be written', () => {
    const written = drive(anAccount().overdueBy(7), patientDesk(), { governor: aCustomer().reachableBy('sms', 'email').build() }).runDays(
      20,
    );
    expect(written.sent.filter((message) => message.stage === 'call').length).toBeGreaterThanOrEqual(4);
    const rung = drive(anAccount().overdueBy(7), patientDesk(), { governor: aCustomer().reachableBy('voice').build() }).runDays(20);
    expect(rung.entriesOf('TaskOpened').filter((entry) => entry.queue === 'call').length).toBeGreaterThanOrEqual(8);
    written.check();
    rung.check();
  });

  it.each([
    ['reaches nobody', patientDesk()],
    ['is empty', emptyDesk],
    ['refuses everything', patientDesk((task) => REFUSALS[task.queue])],
    [
      'asks again and again',
      patientDesk((task) =>
        task.queue === 'legal-review' ? { outcome: task.objective === 'confirm-intent' ? 'intent-confirmed' : 'return' } : undefined,
      ),
    ],
    ['forgets the visits', patientDesk((task) => (task.objective === 'visit' ? 'lies' : undefined))],
  ])('costs a bounded number of turns and a small head in 200 days when the desk %s', (_name, desk) => {
    for (const days of [1, 75]) {
      const driver = drive(anAccount().overdueBy(days), desk).runDays(200);
      driver.check();
      expect(driver.turns).toBeLessThan(300);
      expect(JSON.stringify(driver.account).length).toBeLessThan(8000);
    }
  });

  it('takes no more promises after three that were not kept, and keeps a small head while they are offered for 200 days', () => {
    let refused = 0;
    const promising = patientDesk((task) => {
      if (task.queue === 'legal-review') return { outcome: 'return' };
      const date = localDate(toMillis(task.openedAt), 'Asia/Shanghai');
      if (task.queue !== 'call') return undefined;
      const promise = { outcome: 'promise', promises: [{ amount: cny('1.00'), date }] };
      if (driver.entriesOf('PromiseBroken').length < 3) return promise;
      expect(() => driver.answer(task.taskId, promise)).toThrow(expect.objectContaining({ status: 422, rule: 'PROMISE.BROKEN' }));
      refused += 1;
      return { outcome: 'reached-no-commitment' };
    });
    const driver = drive(anAccount().overdueBy(75), promising);
    driver.runDays(200).check();
    expect(driver.entriesOf('PromiseBroken').length).toBe(3);
    expect(refused).toBeGreaterThan(10);
    expect(JSON.stringify(driver.account).length).toBeLessThan(8000);
  });
});

describe('a customer who is not known yet', () => {
  it('hears nothing; a day later somebody is asked, not again within the month, and the question goes when the data come', () => {
    const driver = drive(anAccount().overdueBy(12).of(aCustomer().unknown().build()), patientDesk(), {
      governor: aCustomer().unknown().build(),
    });
    driver.runTo('2026-03-03T01:29:59Z');
    expect(driver.entriesOf('TaskOpened')).toEqual([]);
    driver.runTo('2026-03-03T01:30:00Z');
    expect(driver.entriesOf('TaskOpened').map((entry) => entry.queue)).toEqual(['data-quality']);
    driver.runDays(25);
    expect(driver.entriesOf('TaskOpened').length).toBe(1);
    driver.desk = emptyDesk;
    driver.runDays(10);
    expect(driver.case.tasks.map((task) => task.queue)).toEqual(['data-quality']);
    expect(driver.sent).toEqual([]);

    driver.governor = { ...aCustomer().build(), openCases: driver.governor.openCases };
    driver.tell((journal) => tellCustomer(journal, driver.governor));
    expect(driver.case.tasks).toEqual([]);
    driver.runDays(2);
    expect(driver.sent.length).toBe(1);
    expect(driver.sent[0]?.stage).toBe('reminder');
    driver.check();
  });
});

describe('time for the customer', () => {
  it.each([
    ['a pending payment', (driver: CaseDriver) => driver.tell(pays('p', '10.00', toInstant(driver.now), 'pending'))],
    ['“paid already” on the phone', (driver: CaseDriver) => driver.answer(driver.case.tasks[0]?.taskId ?? '', { outcome: 'paid-already' })],
  ])('%s stops contact for three full business days', (_name, say) => {
    // Tuesday noon: Wednesday, Thursday and Friday are quiet.
    const driver = drive(anAccount().overdueBy(7), emptyDesk).runTo('2026-03-03T04:00:00Z');
    say(driver);
    const opened = driver.case.taskCount;
    const sent = driver.sent.length;
    driver.runTo('2026-03-06T15:59:59Z');
    expect([driver.case.taskCount, driver.sent.length]).toEqual([opened, sent]);
    driver.runTo('2026-03-09T12:00:00Z');
    expect(driver.case.taskCount + driver.sent.length).toBeGreaterThan(opened + sent);
    driver.check();
  });

  it('a call-back opens at the time the customer asked for, in any stage', () => {
    const driver = drive(anAccount().overdueBy(7), onceOnCall({ outcome: 'call-back', callBackAt: '2026-03-06T06:15:00Z' })).runDays(6);
    const [, second] = driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'call');
    expect([second?.objective, second?.at]).toEqual(['call-back', '2026-03-06T06:15:00Z']);
    expect(driver.case.callBackAt).toBeUndefined();
  });

  it('the first three days past due are silent', () => {
    const driver = drive(anAccount().overdueBy(0)).runTo('2026-03-05T15:59:59Z');
    expect(driver.sent).toEqual([]);
    expect(driver.turns).toBeLessThan(4);
    driver.runTo('2026-03-06T15:59:59Z');
    expect(driver.sent.length).toBe(1);
  });
});
