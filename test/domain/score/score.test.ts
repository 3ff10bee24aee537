import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountFacts } from '../../../domain/account-facts.ts';
import type { ReasonForArrears } from '../../../domain/codes.ts';
import { worldOf } from '../../../domain/decide/world.ts';
import type { Account, Case, Promise_ } from '../../../domain/model.ts';
import { type Dimension, SCORECARD, SCORED_FACTS, type ScoredFact } from '../../../domain/policy/scorecard.ts';
import type { FactsOfScore } from '../../../domain/score/facts.ts';
import type { Level } from '../../../domain/score/levels.ts';
import { scoreFrom, scoreOf } from '../../../domain/score/score.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';

const DIMENSIONS: readonly Dimension[] = ['willingness', 'ability'];
const RANK: Readonly<Record<Exclude<Level, 'unknown'>, number>> = { low: 0, medium: 1, high: 2 };
const promise = (status: Promise_['status'], index: number): Promise_ => ({
  promiseId: `p${index}`,
  taskId: 't',
  recordedAt: '2026-02-25T01:00:00Z',
  amountMinor: 100,
  date: '2026-02-27',
  status,
});

function scored(current: Partial<Case> = {}, facts: Partial<AccountFacts> = {}) {
  const account = anAccount().owing('1250.00', '5000.00').build();
  if (account.case === undefined) throw new Error('The builder opens a case');
  const { timesOverdueLast12Months: _given, ...given } = account.facts;
  const changed: Account = { ...account, facts: { ...given, ...facts } };
  return scoreOf(worldOf(changed, { ...account.case, ...current }, aCustomer().build(), aSetting()));
}

describe('the score of a case', () => {
  const rows: readonly (readonly [string, Level, Level, Partial<Case>, Partial<AccountFacts>])[] = [
    ['nothing was learnt yet', 'unknown', 'unknown', {}, {}],
    ['one promise was kept', 'high', 'medium', { promises: [promise('kept', 1)] }, {}],
    ['one promise was broken', 'low', 'medium', { promises: [promise('broken', 1)] }, {}],
    ['one was kept and one broken', 'medium', 'medium', { promises: [promise('kept', 1), promise('broken', 2)] }, {}],
    ['the customer refused once', 'low', 'unknown', { refusalCount: 1 }, {}],
    ['the customer called, and lost the work', 'high', 'low', { inboundCount: 1, reasonForArrears: 'unemployment' }, {}],
    ['hardship was reported in a conversation', 'medium', 'low', { hardshipAt: '2026-03-01T01:00:00Z', conversationCount: 1 }, {}],
    ['a reason that nobody has points for', 'unknown', 'unknown', { reasonForArrears: 'abroad' }, {}],
    ["a good score of the bank's", 'unknown', 'medium', {}, { score: 800 }],
    ['a score that is none of this scale', 'unknown', 'unknown', {}, { score: 0.93 }],
    ['a score beyond this scale', 'unknown', 'unknown', {}, { score: 900 }],
    ["the bank's model leaves it to the scorecard", 'low', 'unknown', { refusalCount: 1 }, { willingness: 'unknown' }],
    ["the bank's model knows nothing", 'unknown', 'unknown', {}, { willingness: 'unknown', ability: 'unknown' }],
    ["the bank's model speaks words that nobody agreed", 'low', 'unknown', { refusalCount: 1 }, { willingness: 'toString', ability: '?' }],
    ["the bank's model wins", 'high', 'low', { refusalCount: 3 }, { willingness: 'willing', ability: 'unable' }],
  ];

  it.each(rows)('where %s: willingness %s, ability %s', (_name, willingness, ability, current, facts) => {
    expect(scored(current, facts)).toMatchObject({ willingness, ability });
  });

  it('says who said so, and keeps its own points beside', () => {
    // Act
    const score = scored({ refusalCount: 1 }, { willingness: 'willing' });
    // Assess
    expect(score.source).toEqual({ willingness: 'bank', ability: 'scorecard' });
    expect(score.points.willingness).toBe(-15);
    expect(score.explained[0]).toEqual({
      fact: 'bank-willingness',
      dimension: 'willingness',
      points: 0,
      why: "The bank's own model says willing",
    });
  });

  it('counts payments that were not reversed, and the minimum due', () => {
    // Prepare
    const paid = (amountMinor: number, reversed?: true) => ({
      paymentId: 'x',
      amountMinor,
      paidAt: '2026-03-01T01:00:00Z',
      ...(reversed ? { reversed } : {}),
    });
    // Act
    const facts = (...payments: Case['payments']) => scored({ payments }).explained.map(({ fact }) => fact);
    // Assess
    expect(facts(paid(125_000))).toEqual(expect.arrayContaining(['payments', 'minimum-paid']));
    expect(facts(paid(124_999))).not.toContain('minimum-paid');
    expect(facts(paid(124_999))).toContain('payments');
    expect(facts(paid(125_000, true))).not.toContain('payments');
  });
});

// ---- properties ----------------------------------------------------------------------------------------------------------

const { from, to } = SCORECARD.bankScore;
const ranges: Partial<Record<ScoredFact, fc.Arbitrary<number>>> = {
  'overdue-share': fc.double({ min: 0, max: 1, noNaN: true }),
  'bank-score': fc.integer({ min: from, max: to }),
};
const numbers = fc.record(Object.fromEntries(SCORED_FACTS.map((fact) => [fact, ranges[fact] ?? fc.nat(900)])), {
  requiredKeys: [],
}) as fc.Arbitrary<FactsOfScore['numbers']>;
const anyFacts: fc.Arbitrary<FactsOfScore> = fc.record({
  numbers,
  reasonForArrears: fc.option(fc.constantFrom(...(Object.keys(SCORECARD.reasons) as ReasonForArrears[]), 'other'), { nil: undefined }),
  bank: fc.record({
    willingness: fc.option(fc.constantFrom('willing', 'unwilling', 'unknown', 'else'), { nil: undefined }),
    ability: fc.option(fc.constantFrom('able', 'unable', 'unknown', 'else'), { nil: undefined }),
  }),
});

/** Facts of which more says less for the customer, and of which more says more; the rest may speak both ways about different things. */
const AGAINST: readonly ScoredFact[] = ['promises-broken', 'refusals', 'unanswered-days', 'hardship', 'times-overdue', 'overdue-share'];
const FOR: readonly ScoredFact[] = ['promises-kept', 'conversations', 'inbound-contacts', 'payments', 'minimum-paid', 'bank-score'];

/** Whether the level did not rise; where one of the two is unknown only the points can be compared. */
function notAbove(one: Level, other: Level): boolean {
  return one === 'unknown' || other === 'unknown' || RANK[one] <= RANK[other];
}

describe('the scorecard', () => {
  it('adds up: the points of a dimension are the sum of its parts', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const score = scoreFrom(facts);
        for (const dimension of DIMENSIONS) {
          const parts = score.explained.filter((part) => part.dimension === dimension);
          expect(parts.reduce((sum, part) => sum + part.points, 0)).toBe(score.points[dimension]);
        }
      }),
    );
  });

  it.each(AGAINST)('never rises with more of %s', (fact) => {
    fc.assert(
      fc.property(anyFacts, fc.nat(5), (facts, more) => {
        const before = facts.numbers[fact] ?? 0;
        const worse = scoreFrom({ ...facts, numbers: { ...facts.numbers, [fact]: before + more } });
        const base = scoreFrom({ ...facts, numbers: { ...facts.numbers, [fact]: before } });
        for (const dimension of DIMENSIONS) {
          expect(worse.points[dimension]).toBeLessThanOrEqual(base.points[dimension]);
          expect(notAbove(worse[dimension], base[dimension])).toBe(true);
        }
      }),
    );
  });

  it.each(FOR)('never falls with more of %s', (fact) => {
    fc.assert(
      fc.property(anyFacts, fc.nat(5), (facts, more) => {
        const before = facts.numbers[fact] ?? (fact === 'bank-score' ? from : 0);
        const better = scoreFrom({ ...facts, numbers: { ...facts.numbers, [fact]: before + more } });
        const base = scoreFrom({ ...facts, numbers: { ...facts.numbers, [fact]: before } });
        for (const dimension of DIMENSIONS) {
          expect(better.points[dimension]).toBeGreaterThanOrEqual(base.points[dimension]);
          expect(notAbove(base[dimension], better[dimension])).toBe(true);
        }
      }),
    );
  });

  it('never gains where a promise that was open, kept or kept in part is broken instead', () => {
    const statuses = fc.array(fc.constantFrom<Promise_['status']>('open', 'kept', 'part-kept', 'broken', 'ended'), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(statuses, fc.nat(5), fc.nat(3), (all, at, refusalCount) => {
        const promises = all.map(promise);
        const broken = promises.map((row, index) => (index === at % promises.length ? { ...row, status: 'broken' as const } : row));
        const [before, after] = [scored({ promises, refusalCount }), scored({ promises: broken, refusalCount })];
        expect(after.points.willingness).toBeLessThanOrEqual(before.points.willingness);
      }),
    );
  });

  it('is data in order: the steps of a row rise, and their points go one way', () => {
    for (const { fact, steps } of SCORECARD.rows) {
      const from = steps.map(({ atLeast }) => atLeast);
      const points = steps.map((step) => step.points);
      const up = points.every((value, index) => index === 0 || value >= (points[index - 1] ?? 0));
      const down = points.every((value, index) => index === 0 || value <= (points[index - 1] ?? 0));
      expect(from, fact).toEqual([...new Set(from)].sort((one, other) => one - other));
      expect(up || down, fact).toBe(true);
    }
    for (const { lowTo, highFrom } of Object.values(SCORECARD.levels)) expect(lowTo).toBeLessThan(highFrom);
  });
});
