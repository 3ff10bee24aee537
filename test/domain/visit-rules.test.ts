import { describe, expect, it } from 'vitest';
import { DAY, toInstant } from '../../domain/calendar.ts';
import { whyNotSetOut } from '../../domain/decide/setting-out.ts';
import { proofOf } from '../../domain/decide/visit-proof.ts';
import { missingForVisit } from '../../domain/decide/visits.ts';
import type { Task } from '../../domain/model.ts';
import { recordCustomerUpdated, recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import { recordContactReported } from '../../domain/record/contacts.ts';
import { recordOutcome } from '../../domain/record/outcome.ts';
import { recordVisitAssigned, type VisitAssignment } from '../../domain/record/visits.ts';
import { anAccount, cny, tellCustomer } from '../builders/account.ts';
import type { Answer, CaseDriver } from './case-driver.ts';
import { patientDesk } from './desks.ts';
import { drive } from './drive.ts';

const SUIT_RETURNED = (task: Task) => (task.queue === 'legal-review' ? ({ outcome: 'return' } as const) : undefined);

/** A case whose visit is assigned to nobody yet: its task has just opened. */
function aVisit(): { driver: CaseDriver; task: Task } {
  return upTo('visit', aSlowDesk());
}

/** A case that nobody visits. */
function aSlowDesk(): CaseDriver {
  return drive(
    anAccount().overdueBy(75),
    patientDesk((task) => (task.objective === 'visit' ? 'lies' : undefined)),
  );
}

function upTo(objective: Task['objective'], driver: CaseDriver): { driver: CaseDriver; task: Task } {
  for (let hours = 0; hours < 24 * 40; hours += 1) {
    const task = driver.case.tasks.find((row) => row.objective === objective);
    if (task !== undefined) return { driver, task };
    driver.runTo(driver.now + DAY / 24);
  }
  throw new Error(`No task came up to ${objective}`);
}

function visited(outcome: Answer | 'lies', days: number): CaseDriver {
  const desk = patientDesk((task) => (task.objective === 'visit' ? outcome : SUIT_RETURNED(task)));
  return drive(anAccount().overdueBy(61), desk).runDays(days);
}

const opened = (driver: CaseDriver) => driver.entriesOf('TaskOpened').map(({ objective }) => objective);

describe('who approves a visit', () => {
  it('sees what was tried on which number, and how often, and no personal data', () => {
    const driver = drive(anAccount().overdueBy(75), patientDesk()).runDays(15);
    const asked = driver.entriesOf('TaskOpened').find(({ objective }) => objective === 'approve-visit');
    expect(asked?.proof).toEqual({
      numbers: [{ contactPointId: 'p-voice', days: 4, firstDate: '2026-03-03', lastDate: '2026-03-13', evening: true, weekend: true }],
      messages: expect.any(Number),
    });
    expect(asked?.proof?.messages).toBeGreaterThanOrEqual(2);
  });

  it('sees which numbers need no try, and why', () => {
    const { driver } = aVisit();
    driver.governor = { ...driver.governor, findings: { 'a-p-voice': 'number-dead' } };
    expect(proofOf(driver.world())).toMatchObject({ numbers: [], unusable: { 'p-voice': 'number-dead' } });
  });

  it('does so for a week: what is not assigned by then is approved anew', () => {
    const { driver } = aVisit();
    const { visitApprovedAt } = driver.case;
    const holdUp = drive(anAccount().overdueBy(75), patientDesk());
    expect(visitApprovedAt).toBeDefined();
    holdUp.runTo(Date.parse(visitApprovedAt ?? '') + DAY);
    holdUp.governor = { ...holdUp.governor, wishes: { ...holdUp.governor.wishes, windows: ['03:00-03:30'] } };
    holdUp.runDays(10);
    expect(opened(holdUp)).not.toContain('visit');
    holdUp.governor = { ...holdUp.governor, wishes: { ...holdUp.governor.wishes, windows: [] } };
    holdUp.tell((journal) => tellCustomer(journal, holdUp.governor)).runDays(1);
    expect(opened(holdUp).filter((objective) => objective === 'approve-visit')).toHaveLength(2);
  });
});

describe('what is tried, spoken and visited elsewhere', () => {
  const row = { channel: 'voice', purpose: 'collection', accountId: 'acc-2' } as const;

  it('counts: the customer was spoken to about another account', () => {
    const { driver } = aVisit();
    expect(missingForVisit(driver.world())).toEqual([]);
    const spoken = { ...row, id: 'c', kind: 'conversation', at: toInstant(driver.now - 3 * DAY) } as const;
    driver.governor = { ...driver.governor, contacts: [...driver.governor.contacts, spoken] };
    expect(missingForVisit(driver.world())).toEqual(['the customer was spoken to in the last 14 days']);
  });

  it.each([
    [29, ['the last visit was less than 30 days ago']],
    [31, []],
  ])('counts: another case or an agency sent somebody %d days ago', (days, missing) => {
    const { driver } = aVisit();
    const visit = { ...row, id: 'v', channel: 'visit', kind: 'attempt', at: toInstant(driver.now - days * DAY) } as const;
    driver.governor = { ...driver.governor, contacts: [...driver.governor.contacts, visit] };
    expect(missingForVisit(driver.world())).toEqual(missing);
  });

  it('counts: an agency that visited twice leaves nothing for the bank, and one that was unsafe is looked at', () => {
    const { driver } = aVisit();
    for (const [days, outcome] of [
      [60, 'not-home'],
      [40, 'unsafe'],
    ] as const) {
      const made = { contactId: `v-${days}`, customerId: 'cus-1', channel: 'visit', direction: 'outbound', kind: 'attempt' } as const;
      const at = toInstant(driver.now - days * DAY);
      driver.tell((journal) => recordContactReported(journal, { ...made, at, actor: 'agency-7', outcome, gated: true }));
    }
    expect(missingForVisit(driver.world())).toEqual([
      '2 visits were made already',
      'the last visit was unsafe for those who made it, and no person decided to go on',
    ]);
  });

  it('counts late: a visit told of after its task closed is one of the two', () => {
    const { driver, task } = aVisit();
    driver.tell((journal) =>
      journal.add({ type: 'TaskClosed', taskId: task.taskId, queue: task.queue, objective: 'visit', reason: 'held' }),
    );
    const told = { taskId: task.taskId, outcome: 'not-home', by: 'visitor-1', at: toInstant(driver.now) };
    driver.tell((journal) => recordOutcome(journal, task, told));
    expect(driver.case.visits).toMatchObject([{ taskId: task.taskId, outcome: 'not-home' }]);
    expect(missingForVisit(driver.world())).toContain('the last visit was less than 30 days ago');
  });

  it('counts for the number that was dialled, not for one that took its place', () => {
    const { driver } = aVisit();
    driver.tell((journal) =>
      recordCustomerUpdated(journal, {
        customerId: 'cus-1',
        timeZone: 'Asia/Shanghai',
        locale: 'zh-CN',
        jurisdiction: 'CN',
        contactPoints: 4,
        renewed: ['p-voice'],
      }),
    );
    expect(missingForVisit(driver.world())).toEqual(['number p-voice was not tried on 3 days']);
  });
});

describe('a visit that could not be made', () => {
  it.each<[string, (driver: CaseDriver) => void]>([
    [
      'the customer wants none',
      (driver) => {
        driver.governor = { ...driver.governor, wishes: { ...driver.governor.wishes, optedOut: ['visit'] } };
      },
    ],
    [
      'the law of the place lets a refusal bind',
      (driver) => {
        driver.governor = { ...driver.governor, jurisdiction: 'AU' };
        driver.tell((journal) => tellCustomer(journal, driver.governor));
        driver.tell((journal) => journal.add({ type: 'VisitReported', taskId: 'earlier', outcome: 'visit-refused' }));
        driver.now += 31 * DAY;
      },
    ],
  ])('is not asked for: %s', (_name, happens) => {
    const { driver } = aVisit();
    expect(missingForVisit(driver.world())).toEqual([]);
    happens(driver);
    expect(missingForVisit(driver.world())).toEqual(["the rules of the place or the customer's wishes allow no visit"]);
  });
});

describe('a visit that went wrong', () => {
  it.each<[string, Answer | 'lies', string]>([
    ['was unsafe', { outcome: 'unsafe' }, 'unsafe'],
    ['was never reported on', 'lies', 'not-reported'],
  ])('because it %s is looked at by a person, who may end all visits of the case', (_name, outcome) => {
    const granting = visited(outcome, 60);
    expect(opened(granting)).toContain('review-visit');
    const desk = patientDesk((task) =>
      task.objective === 'visit' ? outcome : task.objective === 'review-visit' ? { outcome: 'reject' } : SUIT_RETURNED(task),
    );
    const refusing = drive(anAccount().overdueBy(61), desk).runDays(120);
    expect(opened(refusing).filter((objective) => objective === 'visit')).toHaveLength(1);
    expect(missingForVisit(refusing.world())).toContain('a person decided against further visits');
  });

  it.each(['moved', 'address-invalid'])('because the address was wrong (%s) asks for the right one, once', (outcome) => {
    const driver = visited({ outcome }, 60);
    const asked = driver.entriesOf('TaskOpened').filter(({ queue }) => queue === 'data-quality');
    expect(asked).toMatchObject([{ subject: 'registered-address', unusable: { 'p-visit': outcome } }]);
    expect(opened(driver).filter((objective) => objective === 'visit')).toHaveLength(1);
  });
});

describe('whoever sets out', () => {
  const assign = (driver: CaseDriver, task: Task, assignment: VisitAssignment = { staff: ['a', 'b'] }) =>
    driver.tell((journal) => recordVisitAssigned(journal, task.taskId, assignment));
  const why = ({ driver, task }: { driver: CaseDriver; task: Task }, by?: string) => whyNotSetOut(driver.world(), task.taskId, by)?.rule;

  it('is one of the two who are assigned', () => {
    const visit = aVisit();
    expect(why(visit)).toBe('VISIT.TWO_PERSONS');
    assign(visit.driver, visit.task);
    expect(['a', 'b', 'c', undefined].map((by) => why(visit, by))).toEqual([undefined, undefined, 'VISIT.STAFF', undefined]);
  });

  it.each<[string, (driver: CaseDriver) => void]>([
    [
      'the customer has paid so much that no visit would be asked for',
      (driver) => {
        const at = toInstant(driver.now);
        const payment = { paymentId: 'p', amount: cny('1250.01'), paidAt: at, postedAt: at, state: 'posted' as const };
        driver.tell((journal) => recordPaymentReceived(journal, payment));
      },
    ],
    [
      'the customer was in touch',
      (driver) => {
        const spoken = { id: 'c', channel: 'voice', kind: 'conversation', at: toInstant(driver.now), purpose: 'collection' } as const;
        driver.governor = { ...driver.governor, contacts: [...driver.governor.contacts, spoken] };
      },
    ],
    ['the address was found wrong', (driver) => (driver.governor = { ...driver.governor, findings: { 'a-p-visit': 'moved' } })],
    [
      'the customer turned out to be vulnerable',
      (driver) => driver.tell((journal) => journal.add({ type: 'FlagRaised', flag: 'vulnerable' })),
    ],
  ])('is turned back where %s', (_name, happens) => {
    const visit = aVisit();
    assign(visit.driver, visit.task);
    happens(visit.driver);
    expect(why(visit, 'a')).toBe('VISIT.PRECONDITIONS');
  });

  it.each<[string, string, VisitAssignment]>([
    ['one person', 'staff', { staff: ['a'] }],
    ['one person twice', 'staff', { staff: ['a', 'a'] }],
    ['three people', 'staff', { staff: ['a', 'b', 'c'] }],
    [
      'a span that ends before it begins',
      'windows.0.to',
      { staff: ['a', 'b'], windows: [{ from: '2026-03-17T04:00:00Z', to: '2026-03-17T04:00:00Z' }] },
    ],
    [
      'a span of more than 12 hours',
      'windows.0',
      { staff: ['a', 'b'], windows: [{ from: '2026-03-16T00:00:00Z', to: '2026-03-17T00:00:00Z' }] },
    ],
    ['a span that is over', 'windows.0.to', { staff: ['a', 'b'], windows: [{ from: '2026-03-10T04:00:00Z', to: '2026-03-10T05:00:00Z' }] }],
    [
      'a span after the task',
      'windows.0.to',
      { staff: ['a', 'b'], windows: [{ from: '2026-04-17T04:00:00Z', to: '2026-04-17T05:00:00Z' }] },
    ],
    ['a span in the night', 'windows.0', { staff: ['a', 'b'], windows: [{ from: '2026-03-17T10:00:00Z', to: '2026-03-17T12:00:00Z' }] }],
  ])('is not to be %s', (_name, field, assignment) => {
    const { driver, task } = aVisit();
    expect(() => assign(driver, task, assignment)).toThrow(expect.objectContaining({ status: 422, field }));
  });

  it('goes in the span that was agreed, within the wishes of the customer', () => {
    const visit = aVisit();
    const { driver, task } = visit;
    driver.governor = { ...driver.governor, wishes: { ...driver.governor.wishes, windows: ['14:00-16:00'] } };
    const span = (from: string, to: string) => ({ staff: ['a', 'b'], windows: [{ from: `2026-03-17T${from}Z`, to: `2026-03-17T${to}Z` }] });
    expect(() => assign(driver, task, span('05:00:00', '07:00:00'))).toThrow(expect.objectContaining({ field: 'windows.0' }));
    assign(driver, task, span('06:00:00', '08:00:00'));
    expect(whyNotSetOut(driver.world(), task.taskId, 'a')).toMatchObject({
      decision: 'defer',
      notBefore: Date.parse('2026-03-17T06:00:00Z'),
    });
  });

  it.each(['approver-1', ' Approver-1'])('is nobody who let the visit be made (%s): approving and going are two people’s', (name) => {
    const { driver, task } = aVisit();
    expect(driver.entriesOf('VisitApproved').map(({ by }) => by)).toEqual(['approver-1']);
    const refused = { status: 422, field: 'staff', rule: 'PERSONS.APPROVER' };
    expect(() => assign(driver, task, { staff: ['a', name] })).toThrow(expect.objectContaining(refused));
    expect(driver.case.tasks.find(({ taskId }) => taskId === task.taskId)?.staff).toBeUndefined();
    assign(driver, task);
  });

  it.each(['field-visit', 'visits'])('is nobody who said in a review (%s) that visits go on', (subject) => {
    const { driver, task } = aVisit();
    driver.tell((journal) => journal.add({ type: 'Approved', subject, by: 'anna', taskId: 'r-1' }));
    expect(() => assign(driver, task, { staff: ['anna', 'b'] })).toThrow(expect.objectContaining({ rule: 'PERSONS.APPROVER' }));
  });

  it('comes in the week that was announced, and not after it, though the task were still open', () => {
    const visit = aVisit();
    const { driver, task } = visit;
    const sentAt = driver.sent.find(({ template }) => template === 'visit-before')?.at ?? '';
    // 00:00 in Shanghai.
    const first = Date.parse(`${sentAt.slice(0, 10)}T16:00:00Z`) + DAY;
    assign(driver, task);
    const at = (instant: number) => {
      driver.now = instant;
      return whyNotSetOut(driver.world(), task.taskId, 'a');
    };
    expect(task.dueAt).toBe(toInstant(first + 7 * DAY));
    expect(at(first - 1)).toMatchObject({ decision: 'defer', notBefore: first, rule: 'VISIT.ANNOUNCED' });
    expect([at(first), at(first + 7 * DAY - 1)]).toEqual([undefined, undefined]);
    expect(at(first + 7 * DAY)).toMatchObject({ decision: 'deny', rule: 'VISIT.ANNOUNCED' });
  });

  it('comes on any day of the task where no message could announce the visit', () => {
    const { driver: asked } = upTo('approve-visit', aSlowDesk());
    const points = asked.governor.points.filter(({ channel }) => channel === 'voice' || channel === 'visit');
    asked.governor = { ...asked.governor, points };
    const visit = upTo('visit', asked);
    const { driver, task } = visit;
    expect(driver.sent.filter(({ template }) => template === 'visit-before')).toEqual([]);
    assign(driver, task);
    driver.now = Date.parse(task.dueAt) - 1;
    expect(Date.parse(task.dueAt) - Date.parse(task.openedAt)).toBe(7 * DAY);
    expect(why(visit, 'a')).toBeUndefined();
  });

  it('is announced anew where nobody went in the week that was announced', () => {
    const driver = drive(
      anAccount().overdueBy(61),
      patientDesk((task) => (task.objective === 'visit' ? 'lies' : SUIT_RETURNED(task))),
    ).runDays(60);
    const visits = driver.entriesOf('TaskOpened').filter(({ objective }) => objective === 'visit');
    const announced = driver.sent.filter(({ template }) => template === 'visit-before');
    expect(visits.length).toBeGreaterThan(1);
    expect(announced).toHaveLength(visits.length);
    for (const [index, visit] of visits.entries()) expect(visit.at > (announced[index]?.at ?? '')).toBe(true);
  });

  it('tells a third party nothing, and takes no reason from them', () => {
    const { driver, task } = aVisit();
    const told = { taskId: task.taskId, outcome: 'third-party-met', by: 'a', at: toInstant(driver.now) };
    const withReason = () => driver.tell((journal) => recordOutcome(journal, task, { ...told, reasonForArrears: 'illness' }));
    expect(withReason).toThrow(expect.objectContaining({ status: 422, field: 'reasonForArrears', rule: 'VISIT.THIRD_PARTY' }));
    const before = driver.case.conversationCount;
    driver.tell((journal) => recordOutcome(journal, task, told));
    expect(driver.case).toMatchObject({ visits: [{ outcome: 'third-party-met' }] });
    expect(driver.case.conversationCount).toBe(before);
  });
});
