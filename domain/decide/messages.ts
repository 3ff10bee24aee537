import { addDays, DAY, localDate, toMillis } from '../calendar.ts';
import type { Case, Channel, Contact, Instant, MessageChannel, Purpose, Stage } from '../model.ts';
import { mayOffer, noOfferReason } from '../plan-offers.ts';
import { sentIn } from '../reducer/case.ts';
import { stepOf } from '../reducer/contacts.ts';
import { type Act, ownPoints, type Proposal, plannedInstant, type Reachable, type World, whenAllowed } from './world.ts';

/** Messages: which step is due, on which channel, when. */

export interface MessageNeed {
  /** Names the step; attempts of one step are numbered after it. */
  readonly step: string;
  readonly template: string;
  readonly purpose: Purpose;
  readonly act: Act;
  readonly from: number;
  readonly why: string;
  readonly channels: readonly MessageChannel[];
  /** After so many days a step whose attempts all failed is tried again; absent: it is given up. */
  readonly againAfterDays?: number;
}

interface Attempts {
  /** How many were made; the case keeps the newest one only, and its number says so. */
  readonly count: number;
  readonly lastAt: Instant | undefined;
  /** The newest was not taken by its provider and is made again, not before: it is none yet. */
  readonly retryAt?: Instant | undefined;
}

function attemptsOf(contacts: readonly Contact[], step: string): Attempts {
  const last = contacts.findLast((contact) => stepOf(contact.key) === step);
  const count = last === undefined ? 0 : Number(last.key.slice(step.length + 1));
  if (last?.status === 'deferred') return { count: count - 1, lastAt: undefined, retryAt: last.retryAt };
  return { count, lastAt: last?.at };
}

/** The proposal for a message, on the first channel that may carry it soonest; undefined where no own contact point can. */
export function proposeMessage(world: World, need: MessageNeed): Proposal | undefined {
  const { count, lastAt, retryAt } = attemptsOf(world.current.contacts, need.step);
  const attempt = count + 1;
  let { from } = need;
  if (retryAt !== undefined) from = Math.max(from, toMillis(retryAt));
  if (count > 0 && count % world.setting.ladder.messageAttemptsMax === 0 && lastAt !== undefined) {
    if (need.againAfterDays === undefined) return undefined;
    from = Math.max(from, toMillis(lastAt) + need.againAfterDays * DAY);
  }
  // A failed attempt goes on with the next channel before it comes back to the first.
  const turned = need.channels.map((_, index) => need.channels[(index + attempt - 1) % need.channels.length] as MessageChannel);
  let best: (Reachable & { channel: Channel }) | undefined;
  for (const channel of turned) {
    for (const point of ownPoints(world, channel)) {
      const reachable = whenAllowed(world, channel, point, need.purpose, from);
      if (reachable !== undefined && (best === undefined || reachable.at < best.at)) best = { ...reachable, channel };
    }
  }
  if (best === undefined) return undefined;
  const { point, channel, at } = best;
  return {
    kind: 'send',
    act: need.act,
    at,
    why: at > from && at > world.now ? `${need.why}; ${best.why}` : need.why,
    contact: { key: `${need.step}_${attempt}`, channel, contactPointId: point.id, template: need.template, purpose: need.purpose },
  };
}

/** Reminders alternate the channel from one to the next; every stage starts with the quickest. */
function channelsFor(number: number): readonly MessageChannel[] {
  return number % 2 === 1 ? ['sms', 'email'] : ['email', 'sms'];
}

const TEMPLATES: Readonly<Record<Stage, (number: number) => string>> = {
  reminder: (number) => (number === 1 ? 'reminder-first' : 'reminder-again'),
  call: () => 'call-missed',
  plan: () => 'plan-offer',
  'field-visit': () => 'overdue-continuing',
  legal: () => 'overdue-continuing',
};

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
  // A text says only what is so: no offer where there is none, and no missed call where nobody rang.
  const plain = (stage === 'plan' && !offers) || (stage === 'call' && current.callsSinceMessage === 0);
  const template = plain ? 'overdue-continuing' : TEMPLATES[stage](number);
  const againAfterDays = world.setting.ladder.messageEveryDays[stage];
  const why =
    stage === 'call'
      ? current.callsSinceMessage === 0
        ? 'The customer cannot be reached by phone'
        : 'The customer was not reached by phone'
      : number === 1
        ? 'The first message of this stage'
        : 'The next message of this stage';
  return proposeMessage(world, { step, template, purpose, act, from, why, channels: channelsFor(number), againAfterDays });
}

function stageStep(current: Case, number: number): string {
  return `${current.stage}-${current.stageEnteredOn}-${number}`;
}

/** Whether there is anything to offer today: a text that offers nothing must not go, nor count as an offer. */
export function canOffer(world: World): boolean {
  return mayOffer(world.account, world.setting.ladder);
}

/** When the next message of the stage is due, whatever the gate says; undefined where the stage does not want one yet. */
function stageMessageFrom(world: World, number: number): number | undefined {
  const { account, current, setting, today } = world;
  const { stage } = current;
  const { ladder } = setting;
  const cannotBeRung = current.messageImpossibleAt.call !== undefined;
  if (stage === 'call' && !cannotBeRung && current.callsSinceMessage < ladder.callsBeforeMessage) return undefined;
  const last = current.lastMessageAt === undefined ? undefined : localDate(toMillis(current.lastMessageAt), account.timeZone);
  const days = stage === 'reminder' && number === 2 ? ladder.secondReminderAfterDays : ladder.messageEveryDays[stage];
  const fresh = number === 1 && stage !== 'call';
  // The first message of a stage need not wait for the pace of the one before, only for the gate.
  const due = last === undefined || fresh ? today : addDays(last, days);
  return plannedInstant(world, due < today ? today : due, `${stage}-message`);
}

/** Why the stage's minimum cannot be met by its message: recording that meets it. Undefined while the message can still go. */
export function whyMessageImpossible(world: World): string | undefined {
  const { current, setting } = world;
  const { stage } = current;
  if (stage === 'call' || current.messageImpossibleAt[stage] !== undefined) return undefined;
  if (stage === 'plan' ? current.planOfferedAt !== undefined : sentIn(current, stage) > 0) return undefined;
  if (stage === 'plan' && !canOffer(world))
    return noOfferReason(world.account, setting.ladder) ?? 'no instalment plan fits the overdue amount';
  const { count } = attemptsOf(current.contacts, stageStep(current, sentIn(current, stage) + 1));
  if (count >= setting.ladder.messageAttemptsMax) return 'every attempt to send a message failed';
  return proposeStageMessage(world) === undefined ? 'no own contact point can carry a message' : undefined;
}
