import { describe, expect, it } from 'vitest';
import { ceilingAt } from '../../domain/case-status.ts';
import { STAGES, type Stage } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { ENTRY_STAGE, isHigher, isLegalMove, MOVES, type Move, nextStage } from '../../domain/transitions.ts';

const KINDS: readonly Move[] = ['rise', 'fall', 'arrange'];

/** The rule of the design, written out: up one, down any, to the plan from anywhere but itself. */
function allowed(from: Stage, to: Stage, move: Move): boolean {
  const by = STAGES.indexOf(to) - STAGES.indexOf(from);
  if (move === 'rise') return by === 1;
  if (move === 'fall') return by < 0;
  return to === 'plan' && from !== 'plan';
}

describe('the moves between stages', () => {
  it('are exactly those of the design, over all pairs and kinds', () => {
    for (const from of STAGES) {
      for (const to of STAGES) {
        for (const move of KINDS) expect([from, to, move, isLegalMove(from, to, move)]).toEqual([from, to, move, allowed(from, to, move)]);
      }
    }
  });

  it('are listed once each', () => {
    const rows = MOVES.map(({ from, to, move }) => `${from} ${to} ${move}`);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.length).toBe(4 + 10 + 4);
  });

  it('reach every stage from the entry, one rise at a time', () => {
    const climbed: (Stage | undefined)[] = [ENTRY_STAGE];
    while (climbed.at(-1) !== undefined) climbed.push(nextStage(climbed.at(-1) ?? ENTRY_STAGE));
    expect(climbed).toEqual([...STAGES, undefined]);
  });

  it('rank the stages in their order', () => {
    for (const one of STAGES) {
      for (const other of STAGES) expect(isHigher(one, other)).toBe(STAGES.indexOf(one) > STAGES.indexOf(other));
    }
  });
});

describe('the ceiling on severity', () => {
  it.each([
    [0, 'reminder'],
    [5, 'reminder'],
    [6, 'call'],
    [30, 'call'],
    [31, 'plan'],
    [60, 'plan'],
    [61, 'field-visit'],
    [89, 'field-visit'],
    [90, 'legal'],
    [4000, 'legal'],
  ])('at %d days past due is %s', (days, stage) => {
    expect(ceilingAt(days, LADDER)).toBe(stage);
  });
});
