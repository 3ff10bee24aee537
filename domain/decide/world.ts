import { DAY, instantAt, localDate } from '../calendar.ts';
import { contractDaysPastDue, daysPastDue } from '../case-status.ts';
import type { ContactPoint, Governor } from '../customer.ts';
import { factsOf, paymentAwaitedUntil } from '../gate/facts.ts';
import { judge } from '../gate/gate.ts';
import type { ContactRequest, GateFacts, Verdict } from '../gate/types.ts';
import { activeHold } from '../holds.ts';
import type { Account, Case, Channel, Hold, LocalDate, Objective, Purpose, Queue, Stage, Track } from '../model.ts';
import type { PlanAsked } from '../plans/entries.ts';
import type { Target } from '../policy/packs/pack.ts';
import type { Setting } from '../record/journal.ts';
import type { Recipient } from '../reducer/parties.ts';
import type { OtherAccount } from '../strategy/accounts.ts';
import { type IsOpen, openedAt, spreadAfter } from '../strategy/spreading.ts';
import { trackOf } from '../strategy/tracks.ts';
import { sha256 } from '../timeline.ts';
import type { Move } from '../transitions.ts';

/** Everything that a decision is made from; nothing else may influence it. */
export interface World {
  readonly account: Account;
  readonly current: Case;
  readonly governor: Governor | undefined;
  readonly setting: Setting;
  readonly now: number;
  readonly today: LocalDate;
  readonly daysPastDue: number;
  readonly contractDaysPastDue: number;
  readonly hold: Hold | undefined;
  readonly track: Track;
  /** The customer's other accounts with an open case. */
  readonly others: readonly OtherAccount[];
  /**
   * The own records, as they were read, of the account's other parties that may be written to now. Absent where nobody asked: then nothing is
   * due for them.
   */
  readonly parties?: readonly Governor[];
  /** Whom contacts are with, where that is not a customer of the account. */
  readonly target?: Target;
  /** Channels that are stopped, or whose provider fails, as whoever is about to send has found: a message goes by another that may carry it. */
  readonly barred?: readonly Channel[];
}

export function worldOf(
  account: Account,
  current: Case,
  governor: Governor | undefined,
  setting: Setting,
  others: readonly OtherAccount[] = [],
): World {
  const { now } = setting;
  const known = {
    account,
    current,
    governor,
    setting,
    now,
    today: localDate(now, account.timeZone),
    daysPastDue: daysPastDue(account, now),
    contractDaysPastDue: contractDaysPastDue(account, now),
    hold: activeHold([...account.holds, ...(governor?.holds ?? [])], now),
    others,
  };
  return { ...known, track: trackOf(known).track };
}

/** A message that is to go. `key` is `<step>_<attempt>`: with the case it is the contact's deterministic id. */
export interface PlannedContact {
  readonly key: string;
  readonly channel: Channel;
  readonly contactPointId: string;
  readonly template: string;
  readonly purpose: Purpose;
  /** In which tone it speaks. */
  readonly track: Track;
  /** What it says, as far as no text may be said twice; goes onto the timeline with the contact. */
  readonly text?: string;
  /** The customer's other accounts that it speaks for. */
  readonly alsoAbout?: readonly string[];
  /** The party of the account that it goes to, where that is not its customer. */
  readonly to?: Recipient;
}

export interface PlannedTask {
  readonly queue: Queue;
  readonly objective: Objective;
  readonly contactPointId?: string;
  readonly subject?: string;
  readonly asks?: PlanAsked;
  /** Contact points and what stands against each, where others are asked for. */
  readonly unusable?: Readonly<Record<string, string>>;
}

/** The acts as the machines' Choice states know them; each machine lists the ones it can meet. */
export const ACTS = [
  'wait',
  'send-message',
  'send-message-instead',
  'offer-arrangement',
  'remind-of-promise',
  'remind-of-instalment',
  'warn-of-instalment',
  'serve-notice',
  'queue-call',
  'ask-for-approval',
  'assign-visit',
  'confirm-intent',
  'ask-counsel',
  'open-review',
  'record',
  'break-plan',
  'assemble-evidence',
  'assemble-record',
  'refer',
  'settle',
  'hand-over',
  'close',
  'superseded',
] as const;
export type Act = (typeof ACTS)[number];

/** What a wait is for, as the machines' wait states tell it. */
export const WAITS = ['next-act', 'call', 'visit', 'promise', 'instalment', 'counsel', 'notice', 'court', 'hold'] as const;
export type WaitFor = (typeof WAITS)[number];

/** The most telling reason to wait; each machine has the waits that its stage can meet. */
export function waitingFor(world: World): WaitFor {
  const { current } = world;
  const queues = new Set(current.tasks.map((task) => task.queue));
  if (world.hold !== undefined) return 'hold';
  if (current.plan?.status === 'active' && current.stage === 'plan') return 'instalment';
  if (current.promises.some((promise) => promise.status === 'open')) return 'promise';
  if (queues.has('call')) return 'call';
  const later = current.stage === 'field-visit' || current.stage === 'legal';
  if (current.stage === 'legal') {
    if (queues.has('legal-review')) return 'counsel';
    if (current.legal.referredAt !== undefined) return 'court';
    if (current.legal.noticeContactKeys.length > 0 && current.legal.evidenceAt === undefined) return 'notice';
  }
  return later && queues.has('field-visit') ? 'visit' : 'next-act';
}

/** What is to be done next, at the earliest at `at`; `why` is a sentence for a person. */
export type Proposal = { readonly at: number; readonly act: Act; readonly why: string } & (
  | { readonly kind: 'wait' }
  | { readonly kind: 'send'; readonly contact: PlannedContact }
  | { readonly kind: 'task'; readonly task: PlannedTask }
  | { readonly kind: 'record' }
  | { readonly kind: 'settle'; readonly contactKey: string }
  | { readonly kind: 'hand-over'; readonly to: Stage; readonly move: Move }
  | { readonly kind: 'close' }
);

// ---- spreading ---------------------------------------------------------------------------------------------------------

/** A number in [0, 1) that is the same for the same words: spreads accounts over a window without a store or randomness. */
export function spread(...words: readonly string[]): number {
  return Number.parseInt(sha256(words.join('|')).slice(0, 8), 16) / 0x1_0000_0000;
}

const DAY_STARTS_MINUTES = 9 * 60 + 30;
const DAY_SPREAD_MINUTES = 9 * 60;

/** When this account's automated contact of a date is planned: somewhere in 09:30-18:30, the same for all who ask. */
export function plannedInstant(world: World, date: LocalDate, what: string): number {
  const minutes = DAY_STARTS_MINUTES + Math.floor(spread(world.account.accountId, what) * DAY_SPREAD_MINUTES);
  return instantAt(date, minutes, world.account.timeZone);
}

// ---- the gate, as seen from a case ---------------------------------------------------------------------------------------

/** No contact until then: a pending payment, or the customer said it is paid. */
export function quietEnds({ account, setting, now }: World): number | undefined {
  return paymentAwaitedUntil({ account, ladder: setting.ladder, now });
}

export function gateFacts({ account, governor, setting, now }: World, at: number, quiet: number | undefined): GateFacts {
  return factsOf({ governor, account, deployment: setting.deployment, ladder: setting.ladder, now }, at, quiet);
}

/** The gate's word on one contact at an instant, now or later. */
export function gateVerdict(world: World, channel: Channel, point: ContactPoint, purpose: Purpose, at: number): Verdict {
  const request = { channel, point, purpose, accountId: world.account.accountId };
  const facts = gateFacts(world, at, quietEnds(world));
  const verdict = judge(request, facts, at);
  // Whether a pack lets anybody but the customer be asked: the joint holder is a customer, the guarantor is not.
  if (world.target !== undefined && verdict.decision !== 'deny') {
    const withOther = judge({ ...request, target: world.target }, facts, at);
    if (withOther.decision === 'deny') return withOther;
  }
  return purpose === 'reply' && verdict.decision === 'allow' ? likeOthers(request, facts, at) : verdict;
}

/**
 * What stops collection does not stop an answer, and whoever asked for one may have it at any hour. Ours are sent by a machine, hours
 * after the question: they keep the hours and caps of every other message.
 */
function likeOthers(request: ContactRequest, facts: GateFacts, at: number): Verdict {
  const { caseOpen, cured, daysPastDue } = facts.standing;
  return judge({ ...request, purpose: 'collection' }, { ...facts, standing: { caseOpen, cured, daysPastDue, arranged: false } }, at);
}

export interface Reachable {
  readonly point: ContactPoint;
  readonly at: number;
  readonly why: string;
}

/**
 * When a contact on this point is made: at the first instant at which it may be, or, where it waited for the hours to open, spread
 * behind their opening. The same whenever it is asked, as long as `from` stays what it was. Undefined where a state forbids the contact.
 *
 * @param from since when it is wanted, epoch milliseconds; may lie in the past
 */
export function whenAllowed(world: World, channel: Channel, point: ContactPoint, purpose: Purpose, from: number): Reachable | undefined {
  const asked = Math.max(from, world.now);
  const verdict = gateVerdict(world, channel, point, purpose, asked);
  if (verdict.decision === 'deny') return undefined;
  const first = verdict.decision === 'allow' ? asked : Math.max(asked, verdict.notBefore);
  if (first - from < MINUTE) return { point, at: first, why: verdict.why };
  const { accountId } = world.account;
  const isOpen = hoursFor(world, { channel, point, purpose, accountId }, first);
  const opened = openedAt(isOpen, first);
  if (opened === undefined || opened <= from) return { point, at: first, why: verdict.why };
  const at = Math.max(first, spreadAfter(opened, spread(accountId, 'opening', String(opened)), isOpen));
  const why = verdict.decision === 'allow' ? 'What waited for the opening is spread over the day' : verdict.why;
  return { point, at, why };
}

const MINUTE = 60_000;

/** The gate's hours for a contact: what it would say if nothing were counted and no payment awaited. */
export function hoursFor(world: World, request: ContactRequest, at: number): IsOpen {
  const { standing, ...facts } = gateFacts(world, at, undefined);
  const { quietUntil: _quiet, ...undisturbed } = standing;
  return (instant) => judge(request, { ...facts, ledger: [], standing: undisturbed }, instant).decision === 'allow';
}

export function ownPoints(world: World, channel: Channel): ContactPoint[] {
  return (world.governor?.points ?? []).filter((point) => point.channel === channel && point.owner === 'self');
}

export function endOfWait(world: World): number {
  return world.now + world.setting.ladder.waitDaysMax * DAY;
}
