import { describe, expect, it } from 'vitest';
import { addDays, DAY, localDate, localMinutes, toMillis } from '../../domain/calendar.ts';
import type { Task } from '../../domain/model.ts';
import { type AccountBuilder, anAccount } from '../builders/account.ts';
import { aCustomer, aPoint } from '../builders/customer.ts';
import type { CaseDriver, Desk } from './case-driver.ts';
import { patientDesk } from './desks.ts';
import { drive } from './drive.ts';
import { unprovenOfReferral, unprovenOfVisit } from './proofs.ts';

describe('a field visit', () => {
  it.each([20, 45, 61, 75, 120])(
    'is asked for only when the remote channels are exhausted, evening and weekend tries included: %d days past due',
    (days) => {
      const points = [aPoint('voice', { id: 'p-voice2' }), aPoint('voice', { id: 'p-work', owner: 'work' })];
      const driver = drive(
        anAccount().overdueBy(days),
        patientDesk((task) => (task.queue === 'legal-review' ? { outcome: 'return' } : undefined)),
        {
          governor: aCustomer()
            .withPoints(...points)
            .build(),
        },
      ).runDays(120);
      const asked = driver.entriesOf('TaskOpened').filter((entry) => entry.objective === 'approve-visit');
      expect(asked.length).toBeGreaterThan(0);
      for (const entry of asked) expect(unprovenOfVisit(driver, entry.seq, ['p-voice', 'p-voice2'])).toEqual([]);
      driver.check();
    },
  );

  it('is announced once it is approved, and made two days later at the earliest, each anew', () => {
    const never = patientDesk((task) => (task.queue === 'legal-review' ? { outcome: 'reject' } : undefined));
    const driver = drive(anAccount().overdueBy(61), never).runDays(200);
    const dayOf = ({ at }: { readonly at: string }) => localDate(toMillis(at), driver.world().account.timeZone);
    const approved = driver.entriesOf('VisitApproved');
    const announced = driver.sent.filter(({ template }) => template === 'visit-before');
    const visits = driver.entriesOf('TaskOpened').filter(({ objective }) => objective === 'visit');
    expect([approved.length, announced.length, visits.length]).toEqual([2, 2, 2]);
    for (const [index, message] of announced.entries()) {
      expect(toMillis(message.at)).toBeGreaterThanOrEqual(toMillis(approved[index]?.at ?? ''));
      expect(visits.map(dayOf)[index]).toBe(addDays(dayOf(message), 2));
    }
  });

  it('is made once in 30 days and twice in a case', () => {
    const never = patientDesk((task) => (task.queue === 'legal-review' ? { outcome: 'reject' } : undefined));
    const driver = drive(anAccount().overdueBy(61), never).runDays(200);
    const visits = driver.entriesOf('VisitReported').map((entry) => toMillis(entry.at));
    expect(visits.length).toBe(2);
    expect((visits[1] ?? 0) - (visits[0] ?? 0)).toBeGreaterThanOrEqual(30 * DAY);
    driver.check();
  });

  it.each<[string, ConstructorParameters<typeof CaseDriver>[0], AccountBuilder]>([
    ['the deployment makes none', { deployment: { visits: false } }, anAccount().overdueBy(65)],
    ['too little is overdue', {}, anAccount().overdueBy(65).owing('4999.99')],
    ['no address is registered', { governor: aCustomer().reachableBy('sms', 'voice', 'email').build() }, anAccount().overdueBy(65)],
    [
      'the only address is a third party’s',
      {
        governor: aCustomer()
          .reachableBy('sms', 'voice', 'email')
          .withPoints(aPoint('visit', { owner: 'third-party' }))
          .build(),
      },
      anAccount().overdueBy(65),
    ],
  ])('is not asked for where %s', (_name, change, account) => {
    const driver = drive(
      account,
      patientDesk((task) => (task.queue === 'legal-review' ? { outcome: 'return' } : undefined)),
      change,
    ).runDays(100);
    expect(driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'field-visit')).toEqual([]);
    driver.check();
  });

  it('waits 14 days after the customer was spoken to', () => {
    const spoken = patientDesk((task) =>
      task.queue === 'call' ? { outcome: 'reached-no-commitment' } : task.queue === 'legal-review' ? { outcome: 'return' } : undefined,
    );
    const driver = drive(anAccount().overdueBy(61), spoken).runDays(60);
    expect(driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'field-visit')).toEqual([]);
  });

  it('is not asked for while the evening calls are worked the next morning: an evening planned is not one tried', () => {
    const mornings = patientDesk((task) => {
      if (task.queue === 'legal-review') return { outcome: 'return' };
      const evening = localMinutes(toMillis(task.openedAt), 'Asia/Shanghai') >= 18 * 60;
      return task.queue === 'call' && evening ? { outcome: 'no-answer', afterHours: 15 } : undefined;
    });
    const driver = drive(anAccount().overdueBy(61), mornings).runDays(90);
    expect(driver.case.tries['p-voice']).toMatchObject({ evening: false });
    expect(driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'field-visit')).toEqual([]);
  });

  it('goes to an address that is valid, whichever comes first', () => {
    const governor = {
      ...aCustomer()
        .withPoints(aPoint('visit', { id: 'p-visit2' }))
        .build(),
      findings: { 'a-p-visit': 'moved' as const },
    };
    const driver = drive(anAccount().overdueBy(61), patientDesk(), { governor }).runDays(40);
    expect(driver.entriesOf('TaskOpened').flatMap((entry) => (entry.objective === 'visit' ? [entry.contactPointId] : []))).toEqual([
      'p-visit2',
    ]);
  });

  it('that nobody makes needs a new approval', () => {
    const driver = drive(
      anAccount().overdueBy(61),
      patientDesk((task) => (task.objective === 'visit' ? 'lies' : undefined)),
    ).runDays(29);
    const objectives = driver.entriesOf('TaskOpened').flatMap((entry) => (entry.queue === 'field-visit' ? [entry.objective] : []));
    expect(objectives.slice(0, 4)).toEqual(['approve-visit', 'visit', 'approve-visit', 'visit']);
  });
});

describe('first-timers, hardship and vulnerable customers', () => {
  const asks = (driver: CaseDriver) =>
    driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'field-visit' || entry.queue === 'legal-review');
  const says = (outcome: 'approve' | 'reject') =>
    patientDesk((task) => (task.objective === 'review-field-visit' || task.objective === 'review-legal' ? { outcome } : undefined));
  const hardship = (outcome: 'approve' | 'reject') => {
    const rest = says(outcome);
    let told = false;
    const desk: Desk = (task: Task, driver) => {
      if (task.queue !== 'call' || told) return rest(task, driver);
      told = true;
      return { outcome: 'hardship' };
    };
    return desk;
  };

  it.each<[string, AccountBuilder, typeof says]>([
    ['a first-timer', anAccount().overdueBy(70).firstTimer(), says],
    ['a customer flagged as vulnerable', anAccount().overdueBy(70).flagged('vulnerable'), says],
    ['a customer in hardship', anAccount().overdueBy(70), hardship],
  ])('%s enters the stages, and no visit or suit is asked for before a named person approved it', (_name, account, desk) => {
    const refused = drive(account, desk('reject')).runDays(150);
    expect(refused.case.stage).toBe('legal');
    expect(asks(refused)).toEqual([]);
    expect(
      refused
        .entriesOf('Refused')
        .map((entry) => entry.subject)
        .sort(),
    ).toEqual(['field-visit', 'legal']);
    refused.check();

    const approved = drive(account, desk('approve')).runDays(150);
    for (const [queue, subject] of [
      ['field-visit', 'field-visit'],
      ['legal-review', 'legal'],
    ]) {
      const first = asks(approved).find((entry) => entry.queue === queue);
      const approval = approved.entriesOf('Approved').find((entry) => entry.subject === subject);
      expect(first?.seq).toBeGreaterThan(approval?.seq ?? Number.POSITIVE_INFINITY);
    }
    expect(unprovenOfReferral(approved)).toEqual([]);
    approved.check();
  });

  it('who turn out to be in hardship after the approval are looked at again', () => {
    const driver = drive(anAccount().overdueBy(70).firstTimer(), says('approve')).runDays(20);
    expect(driver.case.approvals).toContain('field-visit');
    driver.tell((journal) => journal.add({ type: 'HardshipReported', taskId: 't' }));
    expect(driver.case.approvals).not.toContain('field-visit');
  });
});
