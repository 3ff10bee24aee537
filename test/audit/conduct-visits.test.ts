import { describe, expect, it } from 'vitest';
import type { Draft } from '../../domain/entries.ts';
import { answered, brokenIn, type Changes, call, changed, closed, on, PROOF, STORY, type Step, step, task, without } from './story.ts';
import { attempt, outcome, overdue } from './table.ts';

/** Visits, messages and notices on a timeline whose chain verifies, with one thing changed. */

describe('a visit', () => {
  const assigned = (...staff: string[]) => ({ assigned: changed('assigned', 'VisitAssigned', { staff }) });
  const visited = (taskId: string): Draft => ({ type: 'VisitReported', taskId, outcome: 'not-home' });
  const proof = (change: object) => ({ approved: changed('approved', 'TaskOpened', { proof: { ...PROOF, ...change } }) });

  it.each<{ name: string; change: Changes; broken: readonly string[] }>([
    { name: 'that one person makes', change: assigned('wu'), broken: ['VISIT.TWO_PERSONS'] },
    { name: 'that one person makes under two spellings', change: assigned('wu', 'Wu '), broken: ['VISIT.TWO_PERSONS'] },
    { name: 'that nobody is named for', change: without('assigned'), broken: ['VISIT.TWO_PERSONS'] },
    {
      name: 'that somebody makes who was not sent',
      change: { setOut: changed('setOut', 'AttemptReserved', { by: 'qian' }) },
      broken: ['VISIT.TWO_PERSONS'],
    },
    { name: 'that nobody approved', change: { approved: changed('approved', 'VisitApproved', undefined) }, broken: ['VISIT.APPROVED'] },
    {
      name: 'under an approval that was used',
      change: { used: step(on('04-21', '10:30'), visited('t-0')) },
      broken: ['VISIT.APART', 'VISIT.APPROVED'],
    },
    {
      name: 'under an old approval',
      change: {
        visitAsked: { ...(STORY.visitAsked as Step), at: on('04-28', '11:00') },
        ...moved('assigned', '04-28'),
        ...moved('setOut', '04-29'),
        ...moved('visited', '04-29'),
      },
      broken: ['VISIT.APPROVED'],
    },
    { name: 'within 30 days of another', change: { another: step(on('03-25'), visited('t-0')) }, broken: ['VISIT.APART'] },
    {
      name: 'within 30 days of a refusal',
      change: { refused: step(on('03-25'), { type: 'VisitRefused', taskId: 't-0', by: 'li' }) },
      broken: ['DECISION.ASKED', 'VISIT.APART'],
    },
    {
      name: 'that is the third',
      change: { one: step(on('03-05'), visited('t-0')), two: step(on('03-06'), visited('t-1')) },
      broken: ['VISIT.TWICE'],
    },
    { name: 'without calls at a weekend', change: { secondCall: call(2, '03-06', '12:00') }, broken: ['VISIT.EXHAUSTED'] },
    { name: 'without calls in the evening', change: { thirdCall: call(3, '03-16', '17:59') }, broken: ['VISIT.EXHAUSTED'] },
    { name: 'after calls on nine days', change: { firstCall: call(1, '03-07', '10:00') }, broken: ['VISIT.EXHAUSTED'] },
    { name: 'after one message', change: without('secondDemand'), broken: ['VISIT.EXHAUSTED'] },
    { name: 'soon after a conversation', change: { talk: call(4, '04-08', '10:00', 'zhang', 'refused') }, broken: ['VISIT.EXHAUSTED'] },
    { name: 'with a number that was kept from whoever approves', change: proof({ unusable: {} }), broken: ['VISIT.EXHAUSTED'] },
    { name: 'without a proof', change: { approved: changed('approved', 'TaskOpened', { proof: undefined }) }, broken: ['VISIT.EXHAUSTED'] },
    { name: 'to a first-timer about whom nobody decided', change: firstTimer(), broken: ['LEGAL.HARDSHIP', 'VISIT.HARDSHIP'] },
    {
      name: 'to a customer in hardship about whom nobody decided',
      change: { hardship: step(on('03-28'), { type: 'HardshipReported', taskId: 't' }) },
      broken: ['LEGAL.HARDSHIP', 'VISIT.HARDSHIP'],
    },
  ])('$name is seen', ({ change, broken }) => {
    expect(brokenIn(change)).toEqual(broken);
  });

  function moved(name: string, day: string): Changes {
    const { at, drafts } = STORY[name] as Step;
    return { [name]: { at: `2026-${day}${at.slice(10)}`, drafts } };
  }

  function firstTimer(): Changes {
    return { overdue: { at: on('03-02', '09:30'), drafts: [overdue({ risk: { timesOverdueLast12Months: 0 } })] } };
  }

  it('to a first-timer is in order where a named person decided so', () => {
    const decided = (subject: 'field-visit' | 'legal', day: string) =>
      answered(
        on(day, '09:00'),
        task(`t-${subject}`, 'case-review', subject === 'legal' ? 'review-legal' : 'review-field-visit', { subject }),
        'li',
        'approve',
        {
          type: 'Approved',
          subject,
          taskId: `t-${subject}`,
          by: 'li',
        },
      );
    expect(brokenIn({ ...firstTimer(), visits: decided('field-visit', '04-21'), suits: decided('legal', '05-21') })).toEqual([]);
  });
});

describe('what left', () => {
  const { firstDemand, notice } = STORY as Record<'firstDemand' | 'notice', Step>;
  const twice: Step = {
    at: on('03-02', '13:00'),
    drafts: typeof firstDemand.drafts === 'function' ? [] : firstDemand.drafts.filter(({ type }) => type === 'ContactSent'),
  };

  it.each<{ name: string; change: Changes; broken: readonly string[] }>([
    {
      name: 'a message that nobody reserved',
      change: { firstDemand: changed('firstDemand', 'ContactReserved', undefined) },
      broken: ['CONTACT.RESERVED', 'STAGE.MINIMUM'],
    },
    { name: 'a message sent twice', change: { twice }, broken: ['CONTACT.RESERVED'] },
    {
      name: 'a message by another channel',
      change: { firstDemand: changed('firstDemand', 'ContactSent', { channel: 'sms' }) },
      broken: ['CONTACT.RESERVED'],
    },
    {
      name: 'a call that nobody had asked for',
      change: {
        more: step(
          on('03-18'),
          task('t-9', 'call', 'recover'),
          outcome(on('03-18'), { taskId: 't-9' }),
          closed(task('t-9', 'call', 'recover'), 'no-answer'),
        ),
      },
      broken: ['CONTACT.PERMITTED'],
    },
    {
      name: 'a call to another number than was asked for',
      change: {
        more: step(
          on('03-18'),
          task('t-9', 'call', 'recover'),
          attempt('a-9', on('03-18', '12:10'), { taskId: 't-9' }),
          outcome(on('03-18'), { taskId: 't-9', attemptId: 'a-9', contactPointId: 'cp-second' }),
          closed(task('t-9', 'call', 'recover'), 'no-answer'),
        ),
      },
      broken: ['CONTACT.PERMITTED'],
    },
    { name: 'a formal notice before the intent', change: { notice: { ...notice, at: on('05-20') } }, broken: ['NOTICE.INTENT'] },
    {
      name: 'a notice that came back and counts as served',
      change: { arrived: changed('arrived', 'DeliveryReported', { status: 'bounced' }) },
      broken: ['NOTICE.SERVED'],
    },
    { name: 'a notice of which nothing is known and that counts as served', change: without('arrived'), broken: ['NOTICE.SERVED'] },
    {
      name: 'another message that is named as the notice',
      change: { served: changed('served', 'LegalNoticeServed', { contactIds: ['d-1'] }) },
      broken: ['NOTICE.SERVED'],
    },
    {
      name: 'a notice that never left',
      change: { served: changed('served', 'LegalNoticeServed', { contactIds: ['x'] }) },
      broken: ['NOTICE.SERVED'],
    },
  ])('is seen: $name', ({ change, broken }) => {
    expect(brokenIn(change)).toEqual(broken);
  });
});
