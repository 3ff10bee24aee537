import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import type { Draft } from '../../domain/entries.ts';
import type { Account, Objective, Queue } from '../../domain/model.ts';
import { type PersonsRule, whyMayNotApprove } from '../../domain/persons.ts';
import { Journal, Refusal } from '../../domain/record/journal.ts';
import { recordOutcome } from '../../domain/record/outcome.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting, START } from '../builders/setting.ts';

const NOW = toMillis(START);
const at = (daysAgo: number) => toInstant(NOW - daysAgo * DAY);

function told(...drafts: readonly Draft[]): Account {
  const journal = new Journal(anAccount().build(), aSetting({ now: NOW, governor: aCustomer().build() }));
  for (const draft of drafts) journal.add(draft);
  return journal.account;
}

function said(by: string, outcome: string, daysAgo: number): Draft<'TaskOutcomeReported'> {
  return {
    type: 'TaskOutcomeReported',
    taskId: 't-1',
    outcome,
    by,
    reportedAt: at(daysAgo),
    onDate: at(daysAgo).slice(0, 10),
    minutesOfDay: 600,
  };
}

const dialled = (by: string): Draft<'AttemptReserved'> => ({
  type: 'AttemptReserved',
  attemptId: 'a-1',
  channel: 'voice',
  contactPointId: 'p-voice',
  purpose: 'collection',
  rule: 'ALLOW',
  expiresAt: at(-1),
  by,
});
const intent = (by: string): Draft<'IntentConfirmed'> => ({ type: 'IntentConfirmed', taskId: 't-2', by });

function ruleFor(by: string, queue: Queue, objective: Objective, ...drafts: readonly Draft[]): PersonsRule['rule'] | undefined {
  const { case: current } = told(...drafts);
  return current === undefined ? undefined : whyMayNotApprove(current, { queue, objective }, by, NOW)?.rule;
}

describe('who may not approve', () => {
  it.each<readonly [what: string, rule: PersonsRule['rule'] | undefined, objective: Objective, drafts: readonly Draft[]]>([
    ['somebody who had nothing to do with the case', undefined, 'approve-visit', [said('ben', 'no-answer', 1)]],
    ['who called yesterday', 'PERSONS.CONTACT', 'approve-visit', [said('anna', 'no-answer', 1)]],
    ['who spoke with the customer 29 days ago', 'PERSONS.CONTACT', 'approve-referral', [said('anna', 'refused', 29)]],
    ['who spoke with the customer 30 days ago', undefined, 'approve-referral', [said('anna', 'refused', 30)]],
    ['who called long ago and again', 'PERSONS.CONTACT', 'approve-visit', [said('anna', 'busy', 2), said('anna', 'busy', 40)]],
    ['who was about to dial', 'PERSONS.CONTACT', 'review-pressure', [dialled('anna')]],
    ['who answered another review', undefined, 'approve-visit', [said('anna', 'reject', 1)]],
    ['who confirmed the intent', 'PERSONS.REQUESTER', 'approve-referral', [intent('anna')]],
    ['who confirmed the intent, asked about a visit', undefined, 'approve-visit', [intent('anna')]],
    ['who called under the same name in other letters', 'PERSONS.CONTACT', 'approve-visit', [said(' Anna', 'busy', 1)]],
    ['who confirmed the intent as ANNA', 'PERSONS.REQUESTER', 'approve-referral', [intent('ANNA')]],
    ['who passed on a wish, asked about a visit', undefined, 'approve-visit', [said('anna', 'plan-requested', 40)]],
    ['whom somebody else with the same beginning called', undefined, 'approve-visit', [said('anna-2', 'busy', 1)]],
  ])('%s: %s', (_what, rule, objective, drafts) => {
    expect(ruleFor('anna', 'case-review', objective, ...drafts)).toBe(rule);
  });

  it.each(['plan-requested', 'met-plan-requested'])('is whoever reported %s, of a plan, however long ago', (outcome) => {
    expect(ruleFor('anna', 'plan-review', 'approve-plan', said('anna', outcome, 40))).toBe('PERSONS.REQUESTER');
    expect(ruleFor('ben', 'plan-review', 'approve-plan', said('anna', outcome, 40))).toBeUndefined();
  });

  it('says so of the task, and lets the same person refuse', () => {
    // Prepare
    const account = told(said('anna', 'no-answer', 1), {
      type: 'TaskOpened',
      taskId: 't-9',
      queue: 'field-visit',
      objective: 'approve-visit',
      stage: 'field-visit',
      dueAt: at(-7),
      priority: 40,
    });
    const answer = (outcome: string, by: string) => {
      const journal = new Journal(account, aSetting({ now: NOW, governor: aCustomer().build() }));
      const task = { taskId: 't-9', queue: 'field-visit', objective: 'approve-visit' } as const;
      recordOutcome(journal, task, { taskId: 't-9', outcome, by, at: START });
      return journal.drafts.map(({ type }) => type);
    };
    // Act and assess
    expect(() => answer('approve', 'anna')).toThrow(Refusal);
    expect(() => answer('approve', 'anna')).toThrow(expect.objectContaining({ status: 422, field: 'by', rule: 'PERSONS.CONTACT' }));
    expect(answer('reject', 'anna')).toContain('VisitRefused');
    expect(answer('approve', 'ben')).toContain('VisitApproved');
  });

  it('are both who were sent on a visit, whoever reports it', () => {
    // Prepare
    const opened: Draft = {
      type: 'TaskOpened',
      taskId: 't-1',
      queue: 'field-visit',
      objective: 'visit',
      stage: 'field-visit',
      dueAt: at(-7),
      priority: 45,
    };
    const assigned: Draft = { type: 'VisitAssigned', taskId: 't-1', staff: ['anna', 'ben'] };
    // Act and assess
    expect(ruleFor('anna', 'case-review', 'review-pressure', opened, assigned)).toBeUndefined();
    for (const person of ['anna', 'ben', 'carl'])
      expect(ruleFor(person, 'case-review', 'review-pressure', opened, assigned, said('carl', 'not-home', 1))).toBe('PERSONS.CONTACT');
  });

  it.each(['outcome', 'expired'] as const)('a visit are those who were sent on one, for good, whatever came of it: %s', (reason) => {
    // Prepare
    const visit = { taskId: 't-1', queue: 'field-visit', objective: 'visit' } as const;
    const drafts: Draft[] = [
      { type: 'TaskOpened', ...visit, stage: 'field-visit', dueAt: at(-7), priority: 45 },
      { type: 'VisitAssigned', taskId: 't-1', staff: ['carl', 'dora'] },
      { type: 'VisitAssigned', taskId: 't-1', staff: ['anna', 'ben'] },
      ...(reason === 'outcome' ? [said('ben', 'not-home', 40)] : []),
      { type: 'TaskClosed', ...visit, reason },
    ];
    // Act and assess
    for (const objective of ['approve-visit', 'review-field-visit', 'review-visit'] as const) {
      expect(ruleFor('anna', 'case-review', objective, ...drafts)).toBe('PERSONS.VISITOR');
      expect(ruleFor('carl', 'case-review', objective, ...drafts)).toBeUndefined();
    }
    expect(ruleFor('anna', 'case-review', 'review-pressure', ...drafts)).toBeUndefined();
  });

  it('a visit is nobody by being named for one that was called off', () => {
    const visit = { taskId: 't-1', queue: 'field-visit', objective: 'visit' } as const;
    const drafts: Draft[] = [
      { type: 'TaskOpened', ...visit, stage: 'field-visit', dueAt: at(-7), priority: 45 },
      { type: 'VisitAssigned', taskId: 't-1', staff: ['anna', 'ben'] },
      { type: 'TaskClosed', ...visit, reason: 'held' },
    ];
    expect(ruleFor('anna', 'field-visit', 'approve-visit', ...drafts)).toBeUndefined();
  });

  it('is remembered of a bounded number of people, those who asked for something last to go', () => {
    // Act
    const calls = Array.from({ length: 300 }, (_, index) => said(`caller-${index}`, 'busy', 29 - index / 20));
    const { case: current } = told(intent('anna'), ...calls);
    // Assess
    expect(current?.persons?.length).toBe(64);
    expect(current?.persons?.map(({ person }) => person)).toEqual(expect.arrayContaining(['anna', 'caller-299', 'caller-240']));
  });
});
