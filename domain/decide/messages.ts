import { addDays, localDate, toMillis } from '../calendar.ts';
import type { Channel, Contact, MessageChannel, Purpose, Stage } from '../model.ts';
import { sentIn } from '../reducer/case.ts';
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
}

function attemptsOf(contacts: readonly Contact[], step: string): number {
  return contacts.filter((contact) => contact.key.startsWith(`${step}.`)).length;
}

/** The proposal for a message, on the first channel that may carry it soonest; undefined where no own contact point can. */
export function proposeMessage(world: World, need: MessageNeed): Proposal | undefined {
  const attempt = attemptsOf(world.current.contacts, need.step) + 1;
  if (attempt > world.setting.ladder.messageAttemptsMax) return undefined;
  // A failed attempt goes on with the next channel before it comes back to the first.
  const turned = need.channels.map((_, index) => need.channels[(index + attempt - 1) % need.channels.length] as MessageChannel);
  let best: (Reachable & { channel: Channel }) | undefined;
  for (const channel of turned) {
    for (const point of ownPoints(world, channel)) {
      const reachable = whenAllowed(world, channel, point, need.purpose, need.from);
      if (reachable !== undefined && (best === undefined || reachable.at < best.at)) best = { ...reachable, channel };
    }
  }
  if (best === undefined) return undefined;
  const { point, channel, at } = best;
  return {
    kind: 'send',
    act: need.act,
    at,
    why: at > need.from && at > world.now ? `${need.why}; ${best.why}` : need.why,
    contact: { key: `${need.step}.${attempt}`, channel, contactPointId: point.id, template: need.template, purpose: need.purpose },
  };
}

/** Reminders alternate the channel from one to the next; every stage starts with the quickest. */
function channelsFor(number: number): readonly MessageChannel[] {
  return number % 2 === 1 ? ['sms', 'email'] : ['email', 'sms'];
}

const TEMPLATES: Readonly<Record<Stage, (number: number) => string>> = {
  reminder: (number) => (number === 1 ? 'reminder.first' : 'reminder.again'),
  call: () => 'call.missed',
  plan: () => 'plan.offer',
  'field-visit': () => 'overdue.continuing',
  legal: () => 'overdue.continuing',
};

/** The stage's own message series: the first when the stage begins, then at the ladder's pace. */
export function proposeStageMessage(world: World): Proposal | undefined {
  const { current } = world;
  const { stage } = current;
  const number = sentIn(current, stage) + 1;
  if (current.messageImpossibleAt[stage] !== undefined && number === 1) return undefined;
  const step = `${stage}-${current.stageEnteredOn}-${number}`;
  const from = stageMessageFrom(world, number);
  if (from === undefined) return undefined;
  const act: Act = stage === 'plan' ? 'offer-arrangement' : stage === 'call' ? 'send-message-instead' : 'send-message';
  const purpose: Purpose = stage === 'plan' ? 'plan-offer' : 'collection';
  const why =
    stage === 'call'
      ? 'The customer was not reached by phone'
      : number === 1
        ? 'The first message of this stage'
        : 'The next message of this stage';
  return proposeMessage(world, { step, template: TEMPLATES[stage](number), purpose, act, from, why, channels: channelsFor(number) });
}

/** When the next message of the stage is due, whatever the gate says; undefined where the stage does not want one yet. */
function stageMessageFrom(world: World, number: number): number | undefined {
  const { account, current, setting, today } = world;
  const { stage } = current;
  const { ladder } = setting;
  if (stage === 'call' && current.callsSinceMessage < ladder.callsBeforeMessage) return undefined;
  const last = current.lastMessageAt === undefined ? undefined : localDate(toMillis(current.lastMessageAt), account.timeZone);
  const days = stage === 'reminder' && number === 2 ? ladder.secondReminderAfterDays : ladder.messageEveryDays[stage];
  const fresh = number === 1 && stage !== 'call';
  // The first message of a stage need not wait for the pace of the one before, only for the gate.
  const due = last === undefined || fresh ? today : addDays(last, days);
  return plannedInstant(world, due < today ? today : due, `${stage}-message`);
}

/** The stage's first message is due and no own contact point can carry it: its minimum is met by recording that. */
export function firstMessageImpossible(world: World): boolean {
  const { current } = world;
  if (current.stage === 'call' || current.messageImpossibleAt[current.stage] !== undefined || sentIn(current, current.stage) > 0)
    return false;
  return proposeStageMessage(world) === undefined;
}
