import { addDays, DAY, localDate, startOfDay, toMillis } from '../calendar.ts';
import type { ContactPoint } from '../customer.ts';
import type { Case, Instant, MessageChannel, Purpose } from '../model.ts';
import { mayOffer } from '../plans/offers.ts';
import { noOfferReason } from '../plans/standing.ts';
import { sentIn } from '../reducer/case.ts';
import { attemptOf, stepOf } from '../reducer/contacts.ts';
import { leaderOf, listedWith } from '../strategy/accounts.ts';
import { answeredInstant, quietAfterConversation } from '../strategy/answers.ts';
import { channelsFor, failedInARow, lastFailureAt, seriesName } from '../strategy/channels.ts';
import { datedText, newTextOn, nextText, textOf, textsInTurn } from '../strategy/texts.ts';
import { paced, rulesOf } from '../strategy/tracks.ts';
import { type Act, gateVerdict, ownPoints, type Proposal, type Reachable, type World, whenAllowed } from './world.ts';

/** Messages: which step is due, on which channel, when. */

export interface MessageNeed {
  /** Names the step; attempts of one step are numbered after it. */
  readonly step: string;
  /** One text, or several of which none is said twice on a channel. */
  readonly template: string | readonly string[];
  readonly purpose: Purpose;
  readonly act: Act;
  readonly from: number;
  readonly why: string;
  readonly channels: readonly MessageChannel[];
  /** After so many days a step whose attempts all failed is tried again; absent: it is given up. */
  readonly againAfterDays?: number;
  /** It may speak for the customer's other accounts too. */
  readonly shares?: true;
}

interface Attempts {
  /** How many were made; the case keeps the newest one only, or no more than its number. */
  readonly count: number;
  readonly lastAt: Instant | undefined;
  /** Where the newest went without success. */
  readonly lastPointId?: string;
  /** The newest was not taken by its provider and is made again, not before: it is none yet. */
  readonly retryAt?: Instant | undefined;
}

function attemptsOf({ contacts, attempts }: Case, step: string): Attempts {
  const last = contacts.findLast((contact) => stepOf(contact.key) === step);
  const count = last === undefined ? (attempts?.[step] ?? 0) : attemptOf(last.key);
  if (last?.status === 'deferred') return { count: count - 1, lastAt: undefined, retryAt: last.retryAt };
  return { count, lastAt: last?.at, ...(last === undefined ? {} : { lastPointId: last.contactPointId }) };
}

interface Candidate extends Reachable {
  readonly channel: MessageChannel;
  readonly template: string;
  readonly text?: string;
}

/** What may be said at a contact point and from when, with its text where that may not be said twice; undefined when all was said. */
function wordsFor(
  world: World,
  { template }: MessageNeed,
  channel: MessageChannel,
  point: ContactPoint,
): { readonly words: Pick<Candidate, 'template' | 'text'>; readonly from: number } | undefined {
  if (typeof template === 'string') return { words: { template }, from: 0 };
  const chosen = nextText(world, template, channel, point);
  if (chosen !== undefined) return { words: { template: chosen, text: textOf(world, chosen, channel) }, from: 0 };
  const later = datedText(world, template);
  // Its words are chosen again when the day has come.
  return later === undefined ? undefined : { words: { template: later }, from: startOfDay(newTextOn(world), world.account.timeZone) };
}

/** The soonest way from an instant on; of equals the first in the order of the channels. The one that has just failed comes last. */
function soonestWay(
  world: World,
  need: MessageNeed,
  channels: readonly MessageChannel[],
  from: number,
  failed?: string,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const channel of channels.filter((row) => !world.barred?.includes(row))) {
    for (const point of ownPoints(world, channel)) {
      const said = wordsFor(world, need, channel, point);
      const reachable = said === undefined ? undefined : whenAllowed(world, channel, point, need.purpose, Math.max(from, said.from));
      if (said === undefined || reachable === undefined) continue;
      const sooner = best === undefined || reachable.at < best.at;
      if (best?.point.id === failed || (sooner && (best === undefined || point.id !== failed)))
        best = { ...reachable, ...said.words, channel };
    }
  }
  return best;
}

/** The proposal for a message, on the first channel that may carry it soonest; undefined where no own contact point can. */
export function proposeMessage(world: World, need: MessageNeed): Proposal | undefined {
  const { count, lastAt, lastPointId, retryAt } = attemptsOf(world.current, need.step);
  const attempt = count + 1;
  let { from } = need;
  if (retryAt !== undefined) from = Math.max(from, toMillis(retryAt));
  if (count > 0 && retryAt === undefined && count % world.setting.ladder.messageAttemptsMax === 0) {
    if (need.againAfterDays === undefined) return undefined;
    // Of one that other steps have pushed out nobody knows when it was, but long ago.
    if (lastAt !== undefined) from = Math.max(from, toMillis(lastAt) + need.againAfterDays * DAY);
  }
  // A failed attempt goes on with the next channel before it comes back to the first.
  const turned = need.channels.map((_, index) => need.channels[(index + attempt - 1) % need.channels.length] as MessageChannel);
  const best = soonestWay(world, need, turned, from, lastPointId);
  if (best === undefined) return undefined;
  const { point, channel, template, text, at } = best;
  const alsoAbout = need.shares ? listedWith(world, channel, point, at).map(({ account }) => account.accountId) : [];
  return {
    kind: 'send',
    act: need.act,
    at,
    why: at > from && at > world.now ? `${need.why}; ${best.why}` : need.why,
    contact: {
      key: `${need.step}_${attempt}`,
      channel,
      contactPointId: point.id,
      template,
      purpose: need.purpose,
      track: world.track,
      ...(text === undefined ? {} : { text }),
      ...(alsoAbout.length === 0 ? {} : { alsoAbout }),
    },
  };
}

/** The stage's own message series: the first when the stage begins, then at the ladder's pace. */
export function proposeStageMessage(world: World): Proposal | undefined {
  const { current } = world;
  const { stage } = current;
  const number = sentIn(current, stage) + 1;
  const step = stageStep(current, number);
  const from = stageMessageFrom(world, number);
  if (from === undefined) return undefined;
  const offers = stage === 'plan' && canOffer(world);
  const act: Act = offers ? 'offer-arrangement' : stage === 'call' ? 'send-message-instead' : 'send-message';
  const purpose: Purpose = offers ? 'plan-offer' : 'collection';
  // An offer names the day it ends: no two are the same.
  const template = offers ? 'plan-offer' : textsInTurn(world);
  const againAfterDays = paced(world.setting.ladder.messageEveryDays[stage], rulesOf(world).messagePace);
  const series = { step, template, purpose, act, channels: channelsFor(world, number), againAfterDays };
  // An offer is one account's; everything else is said once for all that the customer owes, by the account that leads.
  const leader = offers ? undefined : leaderOf(world);
  const need: MessageNeed = {
    ...series,
    from: leader === undefined ? from : from + world.setting.ladder.yieldDays * DAY,
    why:
      leader === undefined
        ? whyNow(world, number)
        : `Another account of the customer leads, in the stage ${leader.case?.stage}: its message speaks for this one`,
    ...(offers ? {} : { shares: true }),
  };
  return proposeSeries(world, need);
}

/** The next message of a series, or the wait until there is something new to say; undefined where none can go. */
export function proposeSeries(world: World, need: MessageNeed): Proposal | undefined {
  return proposeMessage(world, need) ?? untilNewText(world, need);
}

function whyNow(world: World, number: number): string {
  const { stage, callsSinceMessage } = world.current;
  if (world.current.callForgone !== undefined) return `No call was made: ${world.current.callForgone}`;
  if (world.current.writeNext) return 'The customer is told in writing how to pay';
  const quiet = quietAfterConversation(world);
  if (quiet !== undefined && quiet > world.now)
    return `The customer was spoken to; nothing is collected before ${localDate(quiet, world.account.timeZone)}`;
  if (failedInARow(world) > 0) return 'The last message did not arrive';
  if (stage === 'call')
    return callsSinceMessage === 0 ? 'The customer cannot be reached by phone' : 'The customer was not reached by phone';
  return number === 1 ? 'The first message of this stage' : 'The next message of this stage';
}

/** Where a message could go and everything was said: it waits for something new to say. */
function untilNewText(world: World, need: MessageNeed): Proposal | undefined {
  if (soonestWay(world, { ...need, template: '' }, need.channels, need.from) === undefined) return undefined;
  const at = startOfDay(newTextOn(world), world.account.timeZone);
  return { kind: 'wait', act: 'wait', at, why: 'Every text of this stage was said; the next waits until there is something new to say' };
}

function stageStep(current: Case, number: number): string {
  return `${seriesName(current)}${number}`;
}

/** Whether there is anything to offer today: a text that offers nothing must not go, nor count as an offer. */
export function canOffer(world: World): boolean {
  return mayOffer(world.account, world.setting);
}

/** When the next message of the stage is due, whatever the gate says; undefined where the stage does not want one yet. */
function stageMessageFrom(world: World, number: number): number | undefined {
  const { account, current, setting, today } = world;
  const { stage } = current;
  const { ladder } = setting;
  const quiet = quietAfterConversation(world) ?? 0;
  const failed = failedInARow(world);
  if (failed > 0 && failed < ladder.messageAttemptsMax) return Math.max(quiet, lastFailureAt(world));
  if (current.writeNext && failed === 0) return toMillis(current.lastCallEndedAt ?? current.lastConversationAt ?? current.stageEnteredAt);
  const cannotBeRung = current.messageImpossibleAt.call !== undefined;
  if (stage === 'call' && !cannotBeRung && current.callsSinceMessage < ladder.callsBeforeMessage) return undefined;
  const last = current.lastMessageAt === undefined ? undefined : localDate(toMillis(current.lastMessageAt), account.timeZone);
  const days = stage === 'reminder' && number === 2 ? ladder.secondReminderAfterDays : ladder.messageEveryDays[stage];
  const fresh = number === 1 && stage !== 'call';
  // The first message of a stage need not wait for the pace of the one before, only for the days of grace and the gate.
  const graceOver = addDays(today, ladder.graceDays + 1 - world.daysPastDue);
  const entered = current.stageEnteredOn > graceOver ? current.stageEnteredOn : graceOver;
  const due = last === undefined || fresh ? entered : addDays(last, paced(days, rulesOf(world).messagePace));
  const allowed = (at: number) =>
    channelsFor(world, number).some((channel) =>
      ownPoints(world, channel).some((point) => gateVerdict(world, channel, point, 'collection', at).decision === 'allow'),
    );
  return Math.max(quiet, answeredInstant(world, due, `${stage}-message`, allowed));
}

/** Why the stage's minimum cannot be met by its message: recording that meets it. Undefined while the message can still go. */
export function whyMessageImpossible(world: World): string | undefined {
  const { current, setting } = world;
  const { stage } = current;
  if (stage === 'call' || current.messageImpossibleAt[stage] !== undefined) return undefined;
  if (stage === 'plan' ? current.planOfferedAt !== undefined : sentIn(current, stage) > 0) return undefined;
  if (stage === 'plan' && !canOffer(world)) return noOfferReason(world.account, setting) ?? 'no instalment plan fits the overdue amount';
  const { count } = attemptsOf(current, stageStep(current, sentIn(current, stage) + 1));
  if (count >= setting.ladder.messageAttemptsMax) return 'every attempt to send a message failed';
  const proposal = proposeStageMessage(world);
  if (proposal?.kind === 'wait') return 'every text of the stage was said before';
  return proposal === undefined ? 'no own contact point can carry a message' : undefined;
}
