import { describe, expect, it } from 'vitest';
import type { Line } from '../../audit/stored.ts';
import { AgreementCount, type AgreementCounts } from '../../demo/agreement-count.ts';
import type { Entry, EntryType } from '../../domain/entries.ts';

/** An entry in the application's own types: a member that is renamed there fails to compile here, where the demo reads it by name. */
type Told = { [K in EntryType]: { readonly type: K } & Partial<Entry<K>> }[EntryType];

function countOf(...accounts: readonly (readonly Told[])[]): AgreementCounts {
  const count = new AgreementCount();
  for (const [index, entries] of accounts.entries()) {
    const lines = entries.map((entry, place): Line => ({ at: '2005-05-10T02:00:00Z', ...entry, seq: place + 1 }));
    count.add({ accountId: `acc-${index}`, lines });
  }
  return count.counts;
}

const money = { amount: '10.00', currency: 'TWD' };
const promised = (promiseId: string, taskId = promiseId): Told => ({ type: 'PromiseRecorded', promiseId, taskId });
const agreed = (planId: string, instalments = 3, kind: 'instalments' | 'deferral' = 'instalments'): Told => ({
  type: 'PlanAgreed',
  planId,
  kind,
  instalments: Array.from({ length: instalments }, () => ({ dueDate: '2005-06-01', amount: money })),
});

describe('what was agreed in a portfolio', () => {
  it('files promises under how they stand at the end, each part by itself', () => {
    const counts = countOf(
      [
        promised('a', 't-1'),
        promised('b', 't-1'),
        promised('c'),
        { type: 'PromiseKept', promiseId: 'a' },
        { type: 'PromiseBroken', promiseId: 'b', partKept: true },
        { type: 'PromiseBroken', promiseId: 'c', partKept: false },
        { type: 'PromiseKept', promiseId: 'c' },
      ],
      [
        promised('a'),
        promised('b'),
        { type: 'PromiseEnded', promiseId: 'a' },
        { type: 'PromiseKept', promiseId: 'b' },
        { type: 'PromiseReopened', promiseId: 'b' },
      ],
      [promised('a'), { type: 'PromiseBroken', promiseId: 'a', partKept: false }],
    );
    expect(counts.promises).toEqual({ kept: 2, 'part-kept': 1, ended: 1, open: 1, broken: 1 });
    expect(counts.promiseParts).toEqual({ 1: 4, 2: 1 });
  });

  it('files plans under kind and fate, and tells one that the core rejected from one that ended otherwise', () => {
    const counts = countOf(
      [agreed('p-1'), { type: 'PlanBooked', planId: 'p-1' }, { type: 'PlanBroken', planId: 'p-1' }, agreed('p-2', 12)],
      [agreed('p-3', 1, 'deferral'), { type: 'PlanBooked', planId: 'p-3', by: 'li' }, { type: 'PlanCompleted', planId: 'p-3' }],
      [agreed('p-4'), { type: 'PlanRejected', planId: 'p-4' }, { type: 'PlanEnded', planId: 'p-4' }],
      [agreed('p-5'), { type: 'PlanBooked', planId: 'p-5' }, { type: 'PlanEnded', planId: 'p-5' }],
    );
    expect(counts.plans).toEqual({
      'instalments (3)': { broken: 1, rejected: 1, ended: 1 },
      'instalments (12)': { active: 1 },
      deferral: { completed: 1 },
    });
    expect(counts.bookings).toEqual({ booked: 2, 'no answer': 1, 'booked, says a person': 1, rejected: 1 });
  });

  it('counts an instalment once, by whether its day came, and says which were made good', () => {
    const row = (type: 'InstalmentDue' | 'InstalmentPaid' | 'InstalmentMissed', index: number): Told => ({ type, planId: 'p-1', index });
    const counts = countOf([
      agreed('p-1', 6),
      row('InstalmentDue', 0),
      row('InstalmentPaid', 0),
      row('InstalmentDue', 1),
      row('InstalmentMissed', 1),
      row('InstalmentPaid', 1),
      row('InstalmentPaid', 2),
      row('InstalmentDue', 3),
      row('InstalmentMissed', 3),
    ]);
    expect(counts.instalments).toEqual({ due: 3, paid: 3, missed: 2, 'made good late': 1 });
  });

  it('counts reasons, advice, tasks that expired and what was told from outside', () => {
    const counts = countOf([
      { type: 'TaskOutcomeReported', reasonForArrears: 'illness' },
      { type: 'TaskOutcomeReported' },
      { type: 'AccountActionAdvised', action: 'block-card' },
      { type: 'TaskClosed', queue: 'call', objective: 'recover', reason: 'expired' },
      { type: 'TaskClosed', queue: 'call', objective: 'recover', reason: 'outcome', outcome: 'busy' },
      { type: 'ContactSent', template: 'hardship-documents@1' },
      { type: 'ContactSent', template: 'reminder-first@2' },
      { type: 'LegalStatusReported', status: 'filed' },
      { type: 'AccountStatusChanged', status: 'placed' },
    ]);
    expect(counts).toMatchObject({
      reasons: { illness: 1 },
      papersAsked: 1,
      advised: { 'block-card': 1 },
      expired: { 'call: recover': 1 },
      told: { 'court: filed': 1, 'core: placed': 1 },
    });
  });
});
