import { describe, expect, it } from 'vitest';
import { isClean, toText } from '../../audit/report.ts';
import type { Draft } from '../../domain/entries.ts';
import { answered, auditOf, brokenIn, type Changes, call, changed, closed, on, sent, stage, step, task, without } from './story.ts';

/** What an examiner would hold against a timeline whose chain verifies: a sound one, and the same with one thing changed. */

describe('an audit of what was done beside contacts', () => {
  it('finds nothing against a case that was led to its end as it should be', () => {
    const report = auditOf();

    expect(report.conduct.problems).toEqual([]);
    expect(report.referrals).toEqual({ count: 1, problems: [] });
    expect(isClean(report)).toBe(true);
  });

  it('tells a person which rule, account and entry it is about, and how many entries each rule was asked about', () => {
    const report = auditOf({ intent: changed('intent', 'IntentConfirmed', { by: ' ' }) });

    expect(isClean(report)).toBe(false);
    expect(report.conduct.rules).toContainEqual({ rule: 'DECISION.NAMED', checked: 3, violations: 1 });
    expect(toText(report)).toMatch(/\n {2}DECISION\.NAMED {2}acc-1 {2}entry \d+ \(IntentConfirmed\) .* no person is named\n/);
  });
});

describe('the course of a case', () => {
  const again: Draft = {
    type: 'JourneyOpened',
    caseId: 'c-2',
    customerId: 'cus-1',
    overdue: { amount: '1.00', currency: 'CNY' },
    dueDate: '2026-02-18',
    onDate: '2026-04-01',
    policy: 'ladder/2',
  };

  it.each<{ name: string; change: Changes; broken: readonly string[] }>([
    { name: 'begins in another stage', change: { began: stage(on('03-02', '09:30'), 'call') }, broken: ['STAGE.ENTRY', 'STAGE.ORDER'] },
    { name: 'leaves a stage it was not in', change: { toPlan: stage(on('03-21', '00:05'), 'plan', 'reminder') }, broken: ['STAGE.ORDER'] },
    {
      name: 'rises two stages at once',
      change: {
        ...without('toVisit', 'approved', 'visitAsked', 'assigned', 'setOut', 'visited'),
        toLegal: stage(on('05-20', '00:05'), 'legal', 'plan'),
      },
      broken: ['STAGE.ORDER'],
    },
    {
      name: 'gets higher without rising',
      change: { toLegal: stage(on('05-20', '00:05'), 'legal', 'field-visit', false) },
      broken: ['STAGE.ORDER'],
    },
    { name: 'rises before its days', change: { toVisit: stage(on('04-19', '00:05'), 'field-visit', 'plan') }, broken: ['STAGE.DAYS'] },
    {
      name: 'rises on the day on which it opened',
      change: { toCall: stage(on('03-02', '23:00'), 'call', 'reminder') },
      broken: ['STAGE.PACE'],
    },
    { name: 'rises without a reminder', change: without('firstDemand'), broken: ['STAGE.MINIMUM'] },
    { name: 'rises without an offer', change: without('offered'), broken: ['STAGE.MINIMUM'] },
    { name: 'rises before the offer can be answered', change: { offered: step(on('04-18'), ...offers()) }, broken: ['STAGE.MINIMUM'] },
    { name: 'opens while another is open', change: { second: { at: on('04-01'), drafts: [again] } }, broken: ['CASE.ONE', 'CASE.OPEN'] },
    {
      name: 'goes on after its end',
      change: { late: step(on('07-08'), task('t-late', 'case-review', 'review-flag')) },
      broken: ['CASE.OPEN'],
    },
    {
      name: 'goes on after the word that ended it',
      change: {
        late: step(
          on('07-07', '12:00'),
          task('t-late', 'case-review', 'review-flag'),
          closed(task('t-late', 'case-review', 'review-flag')),
        ),
      },
      broken: ['CASE.OPEN'],
    },
  ])('is seen where it $name', ({ change, broken }) => {
    expect(brokenIn(change)).toEqual(expect.arrayContaining([...broken]));
  });

  function offers(): readonly Draft[] {
    return [{ type: 'PlanOffered', offerIds: ['o-1'], how: 'message' }];
  }

  it('may fall and rise again, stand still where a hold stops the clock, and find a message impossible', () => {
    const fell = stage(on('04-25', '10:00'), 'plan', 'field-visit', false);
    const rose = stage(on('04-26', '00:05'), 'field-visit', 'plan');
    expect(brokenIn({ fell, rose })).toEqual([]);
    const impossible = step(on('03-02'), { type: 'MessageImpossible', stage: 'reminder', why: 'no contact point' });
    expect(brokenIn({ ...without('firstDemand'), impossible, another: sent(on('03-10'), 'd-3', { stage: 'call' }) })).toEqual([]);
    const hold: Draft = { type: 'HoldPlaced', holdId: 'h-1', kind: 'complaint', placedAt: on('03-23'), expiresAt: on('03-25') };
    expect(brokenIn({ hold: step(on('03-23'), hold) })).toEqual(['STAGE.DAYS']);
  });

  it('goes by when a hold was placed and released, whenever that became known', () => {
    const hold: Draft = { type: 'HoldPlaced', holdId: 'h-1', kind: 'complaint', placedAt: on('03-23', '09:00') };
    const released = (at: string): Draft => ({ type: 'HoldReleased', holdId: 'h-1', releasedAt: at });
    // Told a day late that it had ended the same day: no day was lost.
    expect(brokenIn({ hold: step(on('03-23'), hold), released: step(on('03-24', '09:00'), released(on('03-23', '12:00'))) })).toEqual([]);
    expect(brokenIn({ hold: step(on('03-23'), hold), released: step(on('03-24', '09:00'), released(on('03-24', '09:00'))) })).toEqual([
      'STAGE.DAYS',
    ]);
  });
});

describe('decisions', () => {
  const waiver = task('t-waiver', 'plan-review', 'approve-waiver');
  const asksForPlan = call(4, '03-19', '10:00', 'sun', 'plan-requested');

  it.each<{ name: string; change: Changes; broken: readonly string[] }>([
    {
      name: 'nobody is named for',
      change: { counsel: changed('counsel', 'ReferralApproved', { by: '' }) },
      broken: ['DECISION.ASKED', 'DECISION.NAMED', 'REFERRAL.BY'],
    },
    { name: 'nobody was asked for', change: { counsel: changed('counsel', 'TaskOpened', undefined) }, broken: ['DECISION.ASKED'] },
    {
      name: 'somebody else made',
      change: { approved: changed('approved', 'TaskOutcomeReported', { by: 'qian' }) },
      broken: ['DECISION.ASKED'],
    },
    {
      name: 'another task asked for',
      change: { intent: changed('intent', 'TaskOpened', { objective: 'approve-referral' }) },
      broken: ['DECISION.ASKED'],
    },
    {
      name: 'whoever intended the suit made, in other letters',
      change: {
        counsel: answered(on('06-07', '11:00'), task('t-referral', 'legal-review', 'approve-referral'), ' WANG', 'approve', {
          type: 'ReferralApproved',
          taskId: 't-referral',
          by: ' WANG',
        }),
        referred: changed('referred', 'LegalReferred', { approvedBy: 'wang' }),
      },
      broken: ['PERSONS.REQUESTER'],
    },
    {
      name: 'whoever passed on the wish for a plan made',
      change: { asksForPlan, waiver: answered(on('04-19', '10:00'), waiver, 'sun', 'approve') },
      broken: ['PERSONS.REQUESTER'],
    },
    { name: 'whoever called the customer made', change: { thirdCall: call(3, '03-26', '18:30', 'li') }, broken: ['PERSONS.CONTACT'] },
    {
      name: 'whoever was sent to the customer made',
      change: {
        review: answered(on('05-10'), task('t-r', 'case-review', 'review-pressure'), 'Zhao', 'approve', {
          type: 'Approved',
          subject: 'pressure',
          taskId: 't-r',
          by: 'Zhao',
        }),
      },
      broken: ['PERSONS.CONTACT'],
    },
    {
      name: 'whoever is sent on the visit made',
      change: { assigned: changed('assigned', 'VisitAssigned', { staff: ['wu', 'Li'] }) },
      broken: ['PERSONS.APPROVER'],
    },
    {
      name: 'whoever was sent on a visit before made',
      change: { review: answered(on('06-08'), task('t-r', 'case-review', 'review-visit', { subject: 'visits' }), 'zhao', 'approve') },
      broken: ['PERSONS.VISITOR'],
    },
  ])('are seen that $name', ({ change, broken }) => {
    expect(brokenIn(change)).toEqual(broken);
  });

  it('may be made by whoever called the customer more than 30 days before, and by another than who asked', () => {
    expect(brokenIn({ thirdCall: call(3, '03-21', '18:30', 'li') })).toEqual([]);
    expect(
      brokenIn({
        asksForPlan: call(4, '03-19', '10:00', 'sun', 'plan-requested'),
        waiver: answered(on('04-19', '10:00'), waiver, 'qian', 'approve'),
      }),
    ).toEqual([]);
  });
});
