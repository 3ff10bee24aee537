import { describe, expect, it } from 'vitest';
import { recordBalanceUpdated, recordPaymentReceived, recordPaymentReversed } from '../../domain/record/bank-facts.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { anAccount, cny } from '../builders/account.ts';
import type { CaseDriver } from './case-driver.ts';
import { emptyDesk, patientDesk } from './desks.ts';
import { drive } from './drive.ts';

/** Promises are judged by the ledger, also after they were judged: 3 March 12:00 in Shanghai is when they are made here. */

const MADE = '2026-03-03T04:00:00Z';
const pays =
  (paymentId: string, amount: string, paidAt: string, postedAt = paidAt) =>
  (journal: Journal) =>
    recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt, postedAt, state: 'posted' });
const reverses = (paymentId: string, reversedAt: string) => (journal: Journal) => recordPaymentReversed(journal, { paymentId, reversedAt });

function promising(owing: string, ...parts: readonly (readonly [amount: string, date: string])[]): CaseDriver {
  const driver = drive(anAccount().overdueBy(12).owing(owing), emptyDesk).runTo(MADE);
  promise(driver, ...parts);
  return driver;
}

function promise(driver: CaseDriver, ...parts: readonly (readonly [amount: string, date: string])[]): void {
  const taskId = driver.case.tasks.find((task) => task.queue === 'call')?.taskId ?? '';
  driver.answer(taskId, { outcome: 'promise', promises: parts.map(([amount, date]) => ({ amount: cny(amount), date })) });
}

const statuses = (driver: CaseDriver) => driver.case.promises.map(({ status }) => status);
const told = (driver: CaseDriver) => driver.entries.map(({ type }) => type).filter((type) => type.startsWith('Promise'));

describe('a kept promise whose payment is taken back', () => {
  it('before its day is awaited again, in silence but for its reminder, and kept by the next payment', () => {
    const driver = promising('2000.00', ['500.00', '2026-03-12']);
    driver.later('2026-03-05T04:00:00Z', pays('p1', '500.00', '2026-03-05T04:00:00Z'));
    driver.later('2026-03-06T04:00:00Z', reverses('p1', '2026-03-06T03:00:00Z'));
    driver.later('2026-03-12T04:00:00Z', pays('p2', '500.00', '2026-03-12T04:00:00Z'));
    driver.runTo('2026-03-06T04:00:01Z');
    const sent = driver.sent.length;
    expect(statuses(driver)).toEqual(['open']);
    expect(driver.case.tasks).toEqual([]);
    driver.runTo('2026-03-12T03:00:00Z');
    expect(driver.sent.slice(sent).map(({ purpose }) => purpose)).toEqual(['promise-reminder']);
    driver.runTo('2026-03-12T04:00:01Z');
    expect(statuses(driver)).toEqual(['kept']);
    expect(told(driver)).toEqual(['PromiseRecorded', 'PromiseKept', 'PromiseReopened', 'PromiseKept']);
    driver.check();
  });

  it.each([
    ['all of it', [['p1', '500.00']], 'p1', 'broken'],
    [
      'one of two payments',
      [
        ['p1', '300.00'],
        ['p2', '200.00'],
      ],
      'p2',
      'part-kept',
    ],
  ] as const)('after its day is broken, or kept in part: %s', (_name, payments, reversed, status) => {
    const driver = promising('2000.00', ['500.00', '2026-03-06']);
    for (const [paymentId, amount] of payments) driver.later('2026-03-05T04:00:00Z', pays(paymentId, amount, '2026-03-05T04:00:00Z'));
    driver.runTo('2026-03-10T04:00:00Z');
    const { stage } = driver.case;
    expect(statuses(driver)).toEqual(['kept']);
    driver.tell(reverses(reversed, '2026-03-10T03:00:00Z'));
    expect(statuses(driver)).toEqual([status]);
    expect(driver.case.stage).toBe(stage);
    driver.runTo('2026-03-10T05:00:00Z').check();
  });

  it('stays kept where other money of its time makes it up', () => {
    const driver = promising('2000.00', ['500.00', '2026-03-06']);
    driver.later('2026-03-05T04:00:00Z', pays('p1', '500.00', '2026-03-05T04:00:00Z'));
    driver.later('2026-03-06T04:00:00Z', pays('p2', '600.00', '2026-03-06T04:00:00Z'));
    driver.runTo('2026-03-10T04:00:00Z');
    driver.tell(reverses('p1', '2026-03-10T03:00:00Z'));
    expect(statuses(driver)).toEqual(['kept']);
  });

  it('stays kept where nothing was taken back and the case has forgotten the payment', () => {
    const driver = promising('2000.00', ['500.00', '2026-03-06']);
    driver.later('2026-03-05T04:00:00Z', pays('p1', '500.00', '2026-03-05T04:00:00Z'));
    driver.runTo('2026-03-16T04:00:00Z');
    for (let index = 0; index < 160; index += 1) driver.tell(pays(`later-${index}`, '0.01', '2026-03-16T04:00:00Z'));
    expect(driver.case.payments.map(({ paymentId }) => paymentId)).not.toContain('p1');
    expect(statuses(driver)).toEqual(['kept']);
  });

  it('is awaited again with the parts that the cure had ended, where the payment had cured the case', () => {
    const driver = promising('500.00', ['200.00', '2026-03-10'], ['300.00', '2026-03-17']);
    driver.runTo('2026-03-05T04:00:00Z');
    driver.tell(pays('p1', '500.00', '2026-03-05T04:00:00Z'));
    expect(statuses(driver)).toEqual(['kept', 'kept']);
    driver.tell(reverses('p1', '2026-03-05T04:00:00Z'));
    expect(statuses(driver)).toEqual(['open', 'open']);
    driver.runTo('2026-03-20T04:00:00Z');
    expect(statuses(driver)).toEqual(['broken', 'broken']);
    driver.check();
  });
});

it('a broken promise is kept after all by a payment of its time that was told late', () => {
  const driver = promising('2000.00', ['500.00', '2026-03-06']);
  driver.runTo('2026-03-09T04:00:00Z');
  expect(statuses(driver)).toEqual(['broken']);
  driver.tell(pays('p1', '500.00', '2026-03-06T04:00:00Z', '2026-03-09T02:00:00Z'));
  expect(statuses(driver)).toEqual(['kept']);
  driver.runTo('2026-03-12T04:00:00Z').check();
});

it('a promise speaks of further money than what was on the ledger when it was made, and counts what was on its way', () => {
  const known = drive(anAccount().overdueBy(12).owing('2000.00'), emptyDesk).runTo(MADE);
  known.tell(pays('p1', '500.00', '2026-03-03T03:00:00Z'));
  promise(known, ['500.00', '2026-03-06']);
  known.runTo('2026-03-03T05:00:00Z');
  expect(statuses(known)).toEqual(['open']);

  const onItsWay = promising('2000.00', ['500.00', '2026-03-06']);
  onItsWay.tell(pays('p1', '500.00', '2026-03-03T03:00:00Z'));
  expect(statuses(onItsWay)).toEqual(['kept']);
});

it('a broken promise moves on: the stage stays, and the next call is the more urgent for it', () => {
  let given = 0;
  const desk = patientDesk((task) => {
    if (task.queue !== 'call' || given > 0) return undefined;
    given += 1;
    return { outcome: 'promise', promises: [{ amount: cny('500.00'), date: '2026-03-05' }] };
  });
  const driver = drive(anAccount().overdueBy(12), desk).runTo('2026-03-08T10:00:00Z');
  const [, second] = driver.entriesOf('TaskOpened');
  expect(driver.entriesOf('StageEntered').map(({ stage }) => stage)).toEqual(['reminder', 'call']);
  expect(statuses(driver)).toEqual(['broken']);
  expect(second).toMatchObject({
    priority: 43,
    priorityWhy: 'recover 60, a promise was not kept -12, 17 days past due -2, CNY 6250.00 overdue -3',
  });
});

it.each([
  ['is broken where nothing of it was paid', [], 'broken'],
  ['is kept by what was paid in its time', [pays('p1', '500.00', '2026-03-09T04:00:00Z')], 'kept'],
] as const)('a promise that a cure ended, and whose day passed before that was taken back, %s', (_what, facts, status) => {
  const figure = (overdue: string, asOf: string) => (journal: Journal) =>
    recordBalanceUpdated(journal, { overdue: cny(overdue), balance: cny('9000.00'), asOf });
  const driver = promising('2000.00', ['500.00', '2026-03-10']);
  driver.tell(figure('0.00', '2026-03-03T05:00:00Z'));
  expect(statuses(driver)).toEqual(['ended']);
  // The machine that would close the case is late.
  driver.now = Date.parse('2026-03-17T04:00:00Z');
  for (const fact of facts) driver.tell(fact);
  driver.tell(figure('1500.00', '2026-03-17T03:00:00Z'));
  driver.runTo('2026-03-17T05:00:00Z');
  expect(statuses(driver)).toEqual([status]);
  expect(driver.entriesOf('JourneyOpened')).toHaveLength(1);
  driver.check();
});
