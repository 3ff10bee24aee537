import { toMillis } from '../calendar.ts';
import { isActive } from '../holds.ts';
import { untoldAnswer } from '../plans/wish.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';
import { answerStep, REQUEST_TEMPLATES } from '../reducer/answers.ts';
import { messageChannels } from '../strategy/channels.ts';
import { isGranted } from '../strategy/flags.ts';
import { proposeMessage } from './messages.ts';
import { type Proposal, quietEnds, type World } from './world.ts';

/** A customer who asked for an arrangement hears what a person made of it. */

/**
 * Whether a hold lets an answer go: not under one in which nothing is arranged with anybody, nor where the customer, after having asked,
 * said that they want no contact or that another speaks for them.
 */
function letsAnswer({ account, governor, now }: World, askedAt: string): boolean {
  const none: readonly string[] = ARRANGEMENTS.noneWhileHeld;
  const silent: readonly string[] = ARRANGEMENTS.noAnswerOnceHeld;
  return [...account.holds, ...(governor?.holds ?? [])]
    .filter((hold) => isActive(hold, now))
    .every(({ kind, placedAt }) => !none.includes(kind) && !(silent.includes(kind) && toMillis(placedAt) >= toMillis(askedAt)));
}

/** The answer, once for a request: an answer stays allowed while a hold stops collection. None while a payment is on its way. */
export function proposeRequestAnswer(world: World): Proposal[] {
  const { account, current, setting } = world;
  if (current.planRequests?.wishes === undefined || !account.customerKnown || !isGranted(world, 'message')) return [];
  if (quietEnds(world) !== undefined) return [];
  const answer = untoldAnswer(account, current, setting);
  if (answer === undefined || !letsAnswer(world, answer.wish.at)) return [];
  const { wish, decidedAt } = answer;
  const approved = wish.state === 'approved';
  const message = proposeMessage(world, {
    step: answerStep(decidedAt),
    template: approved ? REQUEST_TEMPLATES.approved : REQUEST_TEMPLATES.declined,
    purpose: 'reply',
    act: current.stage === 'call' ? 'send-message-instead' : 'send-message',
    from: toMillis(decidedAt),
    why: `An arrangement that the customer asked for was ${approved ? 'approved' : 'declined'}: the customer is told`,
    channels: messageChannels(world),
  });
  return message === undefined ? [] : [message];
}
