import { addDays, HOUR, toMillis } from '../calendar.ts';
import { isActive } from '../holds.ts';
import type { Hold } from '../model.ts';
import { HARDSHIP } from '../policy/hardship.ts';
import { messageChannels } from '../strategy/channels.ts';
import { isGranted } from '../strategy/flags.ts';
import { sha256 } from '../timeline.ts';
import { proposeMessage } from './messages.ts';
import type { Proposal, World } from './world.ts';

/** What follows where a customer says that they cannot pay: while a person looks at it, they hear which papers would help. */

export const HARDSHIP_TEMPLATE = 'hardship-documents';

/** The last day on which the papers are asked for. */
export function documentsDeadline({ today }: Pick<World, 'today'>): string {
  return addDays(today, HARDSHIP.documentDays);
}

/** The hold under which hardship is looked at; undefined where another one stops contact too, and what it stops is not known here. */
function hardshipHold({ account, governor, now }: World): Hold | undefined {
  const holds = [...account.holds, ...(governor?.holds ?? [])].filter((hold) => isActive(hold, now));
  return holds.every((hold) => hold.kind === 'hardship-review') ? holds[0] : undefined;
}

/** The answer to the customer, once for a hold: an answer stays allowed while the hold stops collection. */
export function proposeHardshipAnswer(world: World): Proposal[] {
  const { account, current } = world;
  const hold = hardshipHold(world);
  if (hold === undefined || !account.customerKnown || !isGranted(world, 'message')) return [];
  const { documentsAskedAt } = current;
  if (documentsAskedAt !== undefined && documentsAskedAt >= hold.placedAt) return [];
  const answer = proposeMessage(world, {
    step: `documents-${sha256(hold.holdId).slice(0, 8)}`,
    template: HARDSHIP_TEMPLATE,
    purpose: 'reply',
    act: current.stage === 'call' ? 'send-message-instead' : 'send-message',
    from: toMillis(hold.placedAt) + HARDSHIP.answerAfterHours * HOUR,
    why: 'The customer said that they cannot pay: papers are asked for',
    channels: messageChannels(world),
  });
  return answer === undefined ? [] : [answer];
}
