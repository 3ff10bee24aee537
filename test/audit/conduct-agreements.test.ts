import { describe, expect, it } from 'vitest';
import type { Draft } from '../../domain/entries.ts';
import { answered, brokenIn, type Changes, on, STORY, type Step, type Story, step, task } from './story.ts';

/** What was agreed with a customer, on a timeline whose chain verifies, and the same with one thing changed. */

const cny = (minor: number) => ({ amount: (minor / 100).toFixed(2), currency: 'CNY' });
const { overdue, opened, began } = STORY as Record<'overdue' | 'opened' | 'began', Step>;

interface Agreed {
  readonly waived?: number;
  readonly principal?: number;
  readonly key?: string;
}

/** An agreement about the 6,250.00 that are overdue. */
function agreement(at: string, { waived = 0, principal = 625_000 - waived, key = 'settlement/1' }: Agreed = {}, planId = 'p-1'): Step {
  return step(at, {
    type: 'PlanAgreed',
    planId,
    offerId: `o-${planId}`,
    kind: 'settlement',
    agreedAt: at,
    channel: 'web',
    total: cny(principal),
    instalments: [{ dueDate: '2026-03-20', amount: cny(principal) }],
    terms: {
      key,
      policy: 'arrangements/1',
      debt: { overdue: cny(625_000), balance: cny(1_860_000) },
      cycle: 'once',
      method: 'equal-instalments',
      startsOn: '2026-03-05',
      principal: cny(principal),
      interestTotal: cny(0),
      feesTotal: cny(0),
      ...(waived === 0 ? {} : { waived: { interest: cny(waived), fees: cny(0) } }),
      noNewCredit: true,
      conditions: 'plan-conditions/1',
    },
  });
}

/** A person's approval of a waiver. */
function approval(at: string, by: string, authority: string, change: Partial<Draft<'PlanApproved'>> = {}): Step {
  const taskId = `t-${by}`;
  const asks = { kind: 'settlement', total: cny(1), instalments: 1, waived: cny(1), authority, people: 1 } as const;
  const opened = task(taskId, 'plan-review', 'approve-waiver', { asks });
  return answered(at, opened, by, 'approve', {
    type: 'PlanApproved',
    key: 'settlement/1',
    by,
    taskId,
    waived: cny(1_000_000),
    until: '2026-03-17',
    granted: true,
    ...change,
  });
}

const story = (steps: Changes): Story => ({ overdue, opened, began, ...steps }) as Story;
const brokenBy = (steps: Changes): string[] => brokenIn({}, story(steps));
const [asked, agreed] = [on('03-03'), on('03-05')];

describe('what is given up', () => {
  it.each<{ name: string; steps: Changes }>([
    { name: 'nothing', steps: { plan: agreement(agreed) } },
    { name: 'CNY 500 by a supervisor', steps: { one: approval(asked, 'li', 'supervisor'), plan: agreement(agreed, { waived: 50_000 }) } },
    { name: 'CNY 5,000 by an approver', steps: { one: approval(asked, 'li', 'approver'), plan: agreement(agreed, { waived: 500_000 }) } },
    {
      name: 'more by two approvers',
      steps: {
        one: approval(asked, 'li', 'approver', { granted: false }),
        two: approval(on('03-03', '13:00'), 'chen', 'approver'),
        plan: agreement(agreed, { waived: 500_001 }),
      },
    },
    {
      name: 'principal by counsel',
      steps: { one: approval(asked, 'chen', 'counsel'), plan: agreement(agreed, { principal: 600_000 }) },
    },
  ])('is in order: $name', ({ steps }) => {
    expect(brokenBy(steps)).toEqual([]);
  });

  it.each<{ name: string; steps: Changes }>([
    { name: 'by nobody', steps: { plan: agreement(agreed, { waived: 1 }) } },
    {
      name: 'by a supervisor above CNY 500',
      steps: { one: approval(asked, 'li', 'supervisor'), plan: agreement(agreed, { waived: 50_001 }) },
    },
    {
      name: 'by one approver above CNY 5,000',
      steps: { one: approval(asked, 'li', 'approver'), plan: agreement(agreed, { waived: 500_001 }) },
    },
    {
      name: 'by one approver under two spellings',
      steps: {
        one: approval(asked, 'li', 'approver', { granted: false }),
        two: approval(on('03-03', '13:00'), 'LI', 'approver'),
        plan: agreement(agreed, { waived: 500_001 }),
      },
    },
    {
      name: 'by half of two',
      steps: { one: approval(asked, 'li', 'approver', { granted: false }), plan: agreement(agreed, { waived: 500_001 }) },
    },
    {
      name: 'for less than was given up',
      steps: { one: approval(asked, 'li', 'approver', { waived: cny(99) }), plan: agreement(agreed, { waived: 100 }) },
    },
    {
      name: 'for another line of the catalogue',
      steps: { one: approval(asked, 'li', 'approver', { key: 'instalments/3' }), plan: agreement(agreed, { waived: 100 }) },
    },
    {
      name: 'until a day before',
      steps: { one: approval(asked, 'li', 'approver', { until: '2026-03-04' }), plan: agreement(agreed, { waived: 100 }) },
    },
    {
      name: 'of the principal by an approver',
      steps: { one: approval(asked, 'li', 'approver'), plan: agreement(agreed, { principal: 600_000 }) },
    },
  ])('without authority is seen: $name', ({ steps }) => {
    expect(brokenBy(steps)).toEqual(['PLAN.WAIVER']);
  });
});

describe('an agreement', () => {
  const missed = (day: string) => step(on(day), { type: 'InstalmentMissed', planId: 'p-1', index: 0, paid: cny(0), onDate: `2026-${day}` });
  const broken = (day: string) => step(on(day), { type: 'PlanBroken', planId: 'p-1', index: 0, paid: cny(0), short: cny(1) });
  const first = { plan: agreement(agreed), missed: missed('03-21'), broken: broken('03-26') };
  const again = agreement(on('04-27'), {}, 'p-2');
  const approved = (at: string) => approval(at, 'li', 'supervisor', { key: 'new-plan', until: '2026-05-09' });

  it('is not called broken before it was missed and could be made good', () => {
    expect(brokenBy(first)).toEqual([]);
    expect(brokenBy({ ...first, broken: broken('03-25') })).toEqual(['PLAN.EARLY']);
    expect(brokenBy({ ...first, missed: undefined })).toEqual(['PLAN.EARLY']);
  });

  it('is followed by another only as a person decides, after 30 days, and by no third', () => {
    expect(brokenBy({ ...first, approved: approved(on('04-26')), again })).toEqual([]);
    expect(brokenBy({ ...first, again })).toEqual(['PLAN.AGAIN']);
    expect(brokenBy({ ...first, approved: approved(on('04-24')), again })).toEqual(['PLAN.AGAIN']);
    const third = agreement(on('04-28'), {}, 'p-3');
    expect(brokenBy({ ...first, approved: approved(on('04-26')), again, third })).toEqual(['PLAN.AGAIN']);
  });

  it('is not made while the customer is dead, bankrupt or defrauded', () => {
    const held = (expiresAt: string): Step => ({
      at: asked,
      drafts: [{ type: 'HoldPlaced', holdId: 'h-1', kind: 'fraud', placedAt: asked, expiresAt }],
    });
    expect(brokenBy({ held: held(on('03-10')), plan: agreement(agreed) })).toEqual(['PLAN.FORBIDDEN']);
    expect(brokenBy({ held: held(on('03-04')), plan: agreement(agreed) })).toEqual([]);
  });
});

describe('a promise', () => {
  const recorded = step(asked, { type: 'PromiseRecorded', promiseId: 'r-1', taskId: 't', amount: cny(100), date: '2026-03-06' });
  const broken = (at: string) => step(at, { type: 'PromiseBroken', promiseId: 'r-1', paid: cny(0), partKept: false });

  it('is not called broken before its day of grace is over, or where nobody promised', () => {
    expect(brokenBy({ recorded, broken: broken(on('03-08', '00:00')) })).toEqual([]);
    expect(brokenBy({ recorded, broken: broken(on('03-07', '23:59')) })).toEqual(['PROMISE.EARLY']);
    expect(brokenBy({ broken: broken(on('03-08')) })).toEqual(['PROMISE.EARLY']);
  });
});
