import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../domain/gate/gate.ts';
import type { Verdict } from '../../../domain/gate/types.ts';
import { complaints, situations } from './situations.ts';
import { situationsOfState } from './situations-of-state.ts';

const WEEK = 7 * 24 * 3_600_000;
const RUNS = { numRuns: 2000 };

/** When the contact may be made: now, later, or never. */
function earliest(verdict: Verdict, now: number): number {
  if (verdict.decision === 'allow') return now;
  return verdict.decision === 'defer' ? verdict.notBefore : Number.POSITIVE_INFINITY;
}

describe('the gate', () => {
  it('gives the same verdict for the same facts', () => {
    fc.assert(
      fc.property(situations, ({ now, request, facts }) => {
        const again = structuredClone({ request, facts });

        expect(judge(again.request, again.facts, now)).toEqual(judge(request, facts, now));
      }),
      RUNS,
    );
  });

  it('opens at notBefore and not a moment before', () => {
    fc.assert(
      fc.property(situations, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), ({ now, request, facts }, share) => {
        const verdict = judge(request, facts, now);
        if (verdict.decision !== 'defer') return;
        const between = Math.min(verdict.notBefore - 1, Math.floor(now + (verdict.notBefore - now) * share));

        expect(verdict.notBefore).toBeGreaterThan(now);
        expect(judge(request, facts, verdict.notBefore).decision).toBe('allow');
        for (const before of [verdict.notBefore - 1, Math.max(now, verdict.notBefore - 1000), between]) {
          expect(judge(request, facts, before)).toMatchObject({ decision: 'defer', notBefore: verdict.notBefore });
        }
      }),
      RUNS,
    );
  });

  it('never opens earlier for more history', () => {
    fc.assert(
      fc.property(situations, fc.nat(), ({ now, request, facts }, pick) => {
        const dropped = pick % Math.max(1, facts.ledger.length);
        const fewer = { ...facts, ledger: facts.ledger.filter((_, index) => index !== dropped) };

        expect(earliest(judge(request, facts, now), now)).toBeGreaterThanOrEqual(earliest(judge(request, fewer, now), now));
      }),
      RUNS,
    );
  });

  it('agrees with the checker, which shares no code with it', () => {
    const seen = { allow: 0, defer: 0, deny: 0 };
    fc.assert(
      fc.property(situations, (situation) => {
        const { now, request, facts } = situation;
        const verdict = judge(request, facts, now);
        seen[verdict.decision] += 1;
        if (verdict.decision === 'allow') {
          expect(complaints(situation, now)).toEqual([]);
          return;
        }
        expect(complaints(situation, now)).not.toEqual([]);
        if (verdict.decision === 'deny') return;
        expect(complaints(situation, verdict.notBefore - 1)).not.toEqual([]);
        expect(complaints(situation, verdict.notBefore)).toEqual([]);
      }),
      RUNS,
    );

    expect(seen.allow).toBeGreaterThan(100);
    expect(seen.defer).toBeGreaterThan(100);
    expect(seen.deny).toBeGreaterThan(100);
  });

  it('denies for states that the checker complains of, whatever the day, and for no others', () => {
    const seen = { allow: 0, defer: 0, deny: 0 };
    fc.assert(
      fc.property(situationsOfState, ({ situation, states }) => {
        const { now, request, facts } = situation;
        const verdict = judge(request, facts, now);
        seen[verdict.decision] += 1;

        expect(verdict.decision).not.toBe('defer');
        if (verdict.decision === 'allow') expect(complaints(situation, now, states)).toEqual([]);
        else for (const weeks of [0, 1, 20]) expect(complaints(situation, now + weeks * WEEK, states)).not.toEqual([]);
      }),
      RUNS,
    );

    expect(seen.allow).toBeGreaterThan(100);
    expect(seen.deny).toBeGreaterThan(100);
  });
});
