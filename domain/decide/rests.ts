import type { ContactPoint } from '../customer.ts';
import type { Verdict } from '../gate/types.ts';
import type { Channel, Purpose } from '../model.ts';
import { flagDenies } from '../strategy/flags.ts';
import { isPaused } from '../strategy/pressure.ts';
import { openPromises } from './arrangement.ts';
import { gateVerdict, type World } from './world.ts';

/** The purposes for which a case is left alone; what serves an agreement or the law goes on. */
const ASKS: readonly Purpose[] = ['collection', 'plan-offer'];

/** The ladder's own reasons not to call or write about a case, which the gate knows nothing of. */
function restOf(world: World, channel: Channel): { readonly rule: string; readonly why: string } | undefined {
  if (openPromises(world).length > 0) return { rule: 'STATE.PROMISED', why: 'A promise is open: only its reminder goes' };
  if (world.current.legal.referredAt !== undefined)
    return { rule: 'STATE.REFERRED', why: "The case is referred: the court's news is awaited" };
  const flagged = flagDenies(world, channel);
  if (flagged !== undefined) return flagged;
  return isPaused(world) ? { rule: 'STATE.PAUSED', why: 'After so many contacts a person decides whether to go on' } : undefined;
}

/** The word on a contact that people or other systems want to make: the gate's, and what the ladder would itself wait for. */
export function verdictForOthers(world: World, channel: Channel, point: ContactPoint, purpose: Purpose, at: number): Verdict {
  const verdict = gateVerdict(world, channel, point, purpose, at);
  const rest = verdict.decision === 'deny' || !ASKS.includes(purpose) ? undefined : restOf(world, channel);
  return rest === undefined ? verdict : { decision: 'deny', ...rest };
}
