import { describe, expect, it } from 'vitest';
import { audit } from '../../audit/report.ts';
import type { Draft } from '../../domain/entries.ts';
import { brokenIn, type Changes, changed, closed, DEPLOYMENT, on, STORY, type Step, step, task, without } from './story.ts';
import { overdue, payment, TableBuilder } from './table.ts';

/** How a case rests and ends, and the record of it, on a timeline whose chain verifies, with one thing changed. */

describe('the end of a case', () => {
  it.each<{ name: string; change: Changes; broken: readonly string[] }>([
    {
      name: 'for no reason',
      change: { journeyClosed: changed('journeyClosed', 'JourneyClosed', { reason: '' }) },
      broken: ['CLOSE.REASON'],
    },
    {
      name: 'for another reason than was said',
      change: { journeyClosed: changed('journeyClosed', 'JourneyClosed', { reason: 'sold' }) },
      broken: ['CLOSE.REASON'],
    },
    { name: 'that nobody said', change: without('settled'), broken: ['CLOSE.REASON'] },
    { name: 'by no person', change: { ended: changed('ended', 'CaseEnded', { how: 'person' }) }, broken: ['CLOSE.REASON'] },
    {
      name: 'as cured, and it was not',
      change: { ...without('settled', 'ended'), journeyClosed: changed('journeyClosed', 'JourneyClosed', { reason: 'cured' }) },
      broken: ['CLOSE.REASON'],
    },
    {
      name: 'with a task left open',
      change: { left: step(on('06-20'), task('t-left', 'data-quality', 'complete-contact-data')) },
      broken: ['CLOSE.LEFT_OPEN'],
    },
    {
      name: 'with a promise left open',
      change: {
        left: step(on('06-20'), {
          type: 'PromiseRecorded',
          promiseId: 'p-1',
          taskId: 't',
          amount: { amount: '1.00', currency: 'CNY' },
          date: '2026-07-20',
        }),
      },
      broken: ['CLOSE.LEFT_OPEN'],
    },
  ])('is seen: $name', ({ change, broken }) => {
    expect(brokenIn(change)).toEqual(broken);
  });
});

describe('a rest', () => {
  const cleared = { at: on('03-12'), drafts: [payment('posted', { paidAt: on('03-12') })] };
  const hold = (change: Partial<Draft<'HoldPlaced'>> = {}): Draft<'HoldPlaced'> => ({
    type: 'HoldPlaced',
    holdId: 'h-1',
    kind: 'complaint',
    placedAt: on('06-08'),
    ...change,
  });
  const review = task('t-hold', 'case-review', 'review-hold', { subject: 'h-1' });

  it('that a payment brings is known from the payment itself, whatever the journal says of a cure', () => {
    expect(brokenIn({ cleared })).toEqual(['REST.PAID']);
    expect(brokenIn({ cleared, back: { at: on('03-12', '13:00'), drafts: [reversal()] } })).toEqual([]);
  });

  function reversal(): Draft {
    return { type: 'PaymentReversed', paymentId: 'pay-1', reversedAt: on('03-12', '13:00') };
  }

  it('is no time in which calls are asked for', () => {
    const held = { at: on('03-15'), drafts: [hold({ kind: 'cease-contact', placedAt: on('03-15'), expiresAt: on('03-17') })] };
    expect(brokenIn({ held })).toEqual(['REST.TASK']);
    const promised = step(on('03-15'), {
      type: 'PromiseRecorded',
      promiseId: 'p-1',
      taskId: 't',
      amount: { amount: '1.00', currency: 'CNY' },
      date: '2026-03-20',
    });
    const over = step(on('03-22', '00:05'), {
      type: 'PromiseBroken',
      promiseId: 'p-1',
      paid: { amount: '0.00', currency: 'CNY' },
      partKept: false,
    });
    expect(brokenIn({ promised, over })).toEqual(['REST.TASK']);
  });

  it('under a hold without an end comes before a person in time', () => {
    const placed = { at: on('06-08'), drafts: [hold()] };
    expect(brokenIn({ placed })).toEqual(['HOLD.REVIEW']);
    const asked = step(on('06-18', '13:00'), review);
    const answer = step(on('06-30'), closed(review, 'reject'), { type: 'HoldReviewed', holdId: 'h-1' });
    // Reviewed on 30 June and due again on 10 July, when the case has ended.
    expect(brokenIn({ placed, asked, answer })).toEqual([]);
    expect(brokenIn({ placed, asked: step(on('06-20', '13:00'), review), answer })).toEqual(['HOLD.REVIEW']);
    expect(
      brokenIn({ placed, released: { at: on('06-19'), drafts: [{ type: 'HoldReleased', holdId: 'h-1', releasedAt: on('06-19') }] } }),
    ).toEqual([]);
  });
});

describe('the record', () => {
  const evidence = (change: object): Changes => {
    const { at, drafts } = STORY.evidence as Step;
    if (typeof drafts !== 'function') throw new Error('Evidence is made from what came before it');
    return { evidence: { at, drafts: (head) => drafts(head).map((draft) => ({ ...draft, ...change }) as Draft) } };
  };

  it.each<{ name: string; change: Changes; broken: readonly string[] }>([
    { name: 'evidence of another timeline', change: evidence({ headHash: 'cd'.repeat(32) }), broken: ['EVIDENCE.CHAIN'] },
    { name: 'evidence of entries to come', change: evidence({ upTo: 90 }), broken: ['EVIDENCE.CHAIN'] },
    { name: 'evidence without a hash', change: evidence({ manifestHash: '' }), broken: ['EVIDENCE.CHAIN'] },
    {
      name: 'another approver than approved',
      change: { referred: changed('referred', 'LegalReferred', { approvedBy: 'li' }) },
      broken: ['REFERRAL.BY'],
    },
    {
      name: 'a payment booked twice',
      change: { one: { at: on('07-08'), drafts: [payment('posted'), payment('posted')] } },
      broken: ['PAYMENT.ONCE'],
    },
    {
      name: 'an address',
      change: { offered: step(on('03-22'), { type: 'PlanOffered', offerIds: ['o-1'], how: 'to li.wei@mail.example' }) },
      broken: ['RECORD.PRIVATE'],
    },
    {
      name: 'a number',
      change: { offered: step(on('03-22'), { type: 'PlanOffered', offerIds: ['o-1'], how: '+8613800138000' }) },
      broken: ['RECORD.PRIVATE'],
    },
  ])('is seen to hold $name', ({ change, broken }) => {
    expect(brokenIn(change)).toEqual(broken);
  });

  it.each([
    { minutes: 16, broken: ['RECORD.ORDER'] },
    { minutes: 14, broken: [] },
  ])('is seen to be dated back by $minutes minutes: $broken', ({ minutes, broken }) => {
    const before = new Date(Date.parse(on('03-02')) - minutes * 60_000).toISOString();
    const table = new TableBuilder().entries('acc-1', on('03-02'), overdue()).entries('acc-1', before, payment('pending'));
    expect(audit(table.build(), DEPLOYMENT).conduct.problems.map(({ rule }) => rule)).toEqual(broken);
  });
});
