import { toInstant, toMillis } from '../../domain/calendar.ts';
import type { Queue } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { type Item, text } from '../adapters/table.ts';

/** Until when somebody has a task. */

const MINUTE = 60_000;

/** Who has the task; undefined where nobody does, or did not show for so long that the claim ran out. */
export function claimantOf(item: Item | undefined, now: number): string | undefined {
  const until = text(item, 'claimedUntil');
  return until !== undefined && toMillis(until) <= now ? undefined : text(item, 'assignee');
}

/** Until when a claim of now holds, in the task's queue. */
export function claimEnds(queue: Queue, now: number): string {
  return toInstant(now + LADDER.claimMinutes[queue] * MINUTE);
}
