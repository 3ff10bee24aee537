import { addDays, localDate } from '../calendar.ts';
import { findingOn } from '../contact-points/health.ts';
import type { AddressFinding } from '../customer.ts';
import type { ContactPurpose, Fact, GraceProvision, Pack, Role, StopProvision } from '../policy/packs/pack.ts';
import type { ContactRequest, GateFacts, Verdict } from './types.ts';

type Denied = Extract<Verdict, { decision: 'deny' }>;

export function deny(rule: string, why: string): Denied {
  return { decision: 'deny', rule, why };
}

const FINDINGS: Readonly<Record<AddressFinding, string>> = {
  'number-dead': 'The number does not exist any more',
  'wrong-number': 'The number belongs to somebody else',
  'opted-out': 'The customer does not want to be contacted at this address',
  bounced: 'Messages to this address came back',
  complained: 'The customer reported a message to this address as unwanted',
  'address-invalid': 'The address does not exist',
  moved: 'The customer does not live there any more',
  undeliverable: 'Several messages in a row did not arrive at this address',
  malformed: 'The address cannot be one of this channel',
};

/** They ask for nothing: how the case stands does not forbid them. */
const CONFIRMATIONS: readonly ContactPurpose[] = ['payment-acknowledgement', 'fraud-alert', 'reply', 'verification', 'moratorium-notice'];
/** These go while an agreed plan is kept: what serves it, and the reminder the customer asked for with a promise. */
const UNDER_A_PLAN: readonly ContactPurpose[] = ['plan-servicing', 'promise-reminder'];
/** What serves an arrangement speaks of what was agreed, not of the figure; these speak of the figure. */
const ON_THE_FIGURE: readonly ContactPurpose[] = ['collection', 'formal-notice', 'statutory-notice', 'legal-threat', 'remedy-notice'];

/** How the case stands. */
function standingDenies({ purpose }: ContactRequest, { standing }: GateFacts): Denied | undefined {
  if (CONFIRMATIONS.includes(purpose)) return undefined;
  // Before the due date there is no case yet, and nothing is overdue.
  if (standing.cured && purpose !== 'pre-due') return deny('STATE.CURED', 'Nothing is overdue any more');
  if (!standing.caseOpen && purpose !== 'pre-due') return deny('STATE.CLOSED', 'The case is closed');
  if (standing.heldBy !== undefined && purpose !== 'statutory-notice') {
    return deny('STATE.HELD', `A hold stops contact: ${standing.heldBy}`);
  }
  if (standing.arranged && !UNDER_A_PLAN.includes(purpose)) return deny('STATE.ARRANGED', 'An agreed plan is being kept');
  if (standing.figureStale && ON_THE_FIGURE.includes(purpose)) {
    return deny('STATE.STALE', 'The newest figure of the account is too old to collect on');
  }
  return undefined;
}

function graceDenies({ purpose }: ContactRequest, { standing }: GateFacts, graces: readonly GraceProvision[]): Denied | undefined {
  if (purpose === 'plan-servicing' || purpose === 'pre-due' || CONFIRMATIONS.includes(purpose)) return undefined;
  const grace = graces.find(({ days }) => standing.daysPastDue <= days);
  return grace === undefined ? undefined : deny(grace.rule, grace.text);
}

/** What is known of the address, and whether it may be used at all. */
function pointDenies(request: ContactRequest, facts: GateFacts, pack: Pack, has: FactTest): Denied | undefined {
  const { channel, point, purpose, target } = request;
  const refused = facts.wishes.optedOut.includes(channel);
  if (refused && purpose !== 'statutory-notice' && !has('contact-requested')) {
    return deny(`${pack.prefix}.MEDIUM`, `The customer does not want to be contacted by ${channel}`);
  }
  if (point === undefined) return undefined;
  if (point.channel !== channel) return deny('POINT.CHANNEL', `The contact point is for ${point.channel}, not for ${channel}`);
  const finding = findingOn(facts.findings, point);
  if (finding !== undefined) return deny('POINT.FINDING', FINDINGS[finding]);
  if (point.consent === false) return deny('POINT.CONSENT', 'The customer refused consent to the use of this address');
  if (point.owner === 'third-party' && target === undefined) {
    return deny('POINT.THIRD-PARTY', 'Collection is from the customer only, not from third parties');
  }
  if (facts.house && point.owner === 'work' && channel !== 'voice') {
    return deny('HOUSE.WORK', "At a place of work only a person's voice is used, which asks for the customer and names no debt");
  }
  return undefined;
}

type FactTest = (fact: Fact) => boolean;

/** Whether a fact still counts where a rule gives it so many days from the one it began on, that one included. */
function lasts(stop: StopProvision, facts: GateFacts, zones: readonly string[], now: number): boolean {
  if (stop.days === undefined) return true;
  const began = stop.when.map((fact) => facts.since?.[fact]).find((date) => date !== undefined);
  if (began === undefined) return true;
  const end = addDays(began, stop.days);
  return zones.some((zone) => {
    const today = localDate(now, zone);
    return began <= today && today < end;
  });
}

function stands(
  stop: StopProvision,
  request: ContactRequest,
  facts: GateFacts,
  zones: readonly string[],
  now: number,
  has: FactTest,
): boolean {
  const { channel, purpose, target, point } = request;
  if (stop.when.length > 0 && !stop.when.some(has)) return false;
  if (stop.unless?.some(has) || !(stop.channels?.includes(channel) ?? true)) return false;
  if (stop.atWork && point?.owner !== 'work') return false;
  if (stop.onlyPurposes !== undefined && !stop.onlyPurposes.includes(purpose)) return false;
  if (stop.exceptPurposes?.includes(purpose)) return false;
  if (target !== undefined && stop.exceptTargets?.includes(target)) return false;
  return lasts(stop, facts, zones, now);
}

/** The last day of a state whose length is known, for the sentence that a person reads. */
function untilWords(stop: StopProvision, facts: GateFacts): string {
  const began = stop.days === undefined ? undefined : stop.when.map((fact) => facts.since?.[fact]).find((date) => date !== undefined);
  return began === undefined ? '' : `, at most until the end of ${addDays(began, (stop.days ?? 1) - 1)}`;
}

/** Whom the contact is with. */
function targetDenies({ target, purpose }: ContactRequest, { thirdParties }: Pack, has: FactTest): Denied | undefined {
  const { rule, text, likeCustomer, location } = thirdParties;
  if (target === undefined || likeCustomer.includes(target)) return undefined;
  if (location === undefined || purpose !== 'location') return deny(rule, text);
  return location.when.every(has) && !location.unless.some(has) ? undefined : deny(rule, location.text);
}

/** The stop states that bind somebody: all, and those that need no fact to hold. */
export interface Stops {
  readonly all: readonly StopProvision[];
  readonly always: readonly StopProvision[];
}

export interface Rules {
  readonly pack: Pack;
  readonly stops: readonly StopProvision[];
  readonly graces: readonly GraceProvision[];
  readonly zones: readonly string[];
  readonly now: number;
  readonly has: FactTest;
}

/** The stop states that bind whoever collects. */
export function stopsFor({ stops }: Pack, role: Role): Stops {
  const all = stops.filter(({ roles }) => roles?.includes(role) ?? true);
  return { all, always: all.filter(({ when }) => when.length === 0) };
}

/** The first state without a known end that forbids the contact whatever the time; undefined when none does. */
export function stateDenies(request: ContactRequest, facts: GateFacts, rules: Rules): Denied | undefined {
  const { pack, stops, zones, now, has } = rules;
  const denied = standingDenies(request, facts);
  if (denied !== undefined) return denied;
  const collects = !pack.notCollection.includes(request.purpose);
  // Even thanks for a payment do not go to the dead.
  const binding = collects ? stops : stops.filter(({ when }) => when.includes('deceased'));
  const stop = binding.find((candidate) => stands(candidate, request, facts, zones, now, has));
  if (stop !== undefined) return deny(stop.rule, `${stop.text}${untilWords(stop, facts)}`);
  if (collects) {
    const toOthers = targetDenies(request, pack, has);
    if (toOthers !== undefined) return toOthers;
  }
  return graceDenies(request, facts, rules.graces) ?? pointDenies(request, facts, pack, has);
}
