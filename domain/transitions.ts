import { STAGES, type Stage } from './model.ts';

/**
 * The legal moves of a case between stages, as data. A case enters at `reminder`, rises one stage at a time, falls to any lower
 * one at once, goes to `plan` from anywhere when the customer agrees an arrangement, and may close from every stage.
 */
export type Move = 'rise' | 'fall' | 'arrange';

export const ENTRY_STAGE: Stage = 'reminder';

const rank = (stage: Stage): number => STAGES.indexOf(stage);

/** All moves that exist; every hand-over in `workflows/` is one of these and every one of these has its hand-over. */
export const MOVES: readonly { readonly from: Stage; readonly to: Stage; readonly move: Move }[] = STAGES.flatMap((from) =>
  STAGES.filter((to) => to !== from).flatMap((to) => {
    const moves: { from: Stage; to: Stage; move: Move }[] = [];
    if (rank(to) === rank(from) + 1) moves.push({ from, to, move: 'rise' });
    if (rank(to) < rank(from)) moves.push({ from, to, move: 'fall' });
    if (to === 'plan') moves.push({ from, to, move: 'arrange' });
    return moves;
  }),
);

export function isLegalMove(from: Stage, to: Stage, move: Move): boolean {
  return MOVES.some((row) => row.from === from && row.to === to && row.move === move);
}

export function isHigher(stage: Stage, than: Stage): boolean {
  return rank(stage) > rank(than);
}

export function nextStage(stage: Stage): Stage | undefined {
  return STAGES[rank(stage) + 1];
}
