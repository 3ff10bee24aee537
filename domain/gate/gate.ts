import { DAY, epochDay, isTimeZone, toMillis } from '../calendar.ts';
import type { ContactRow } from '../customer.ts';
import { CHANNELS, type Channel } from '../model.ts';
import { calendarOf } from '../policy/holidays/registry.ts';
import { HOUSE_RULES } from '../policy/packs/house.ts';
import { longestWindowDays, tighten } from '../policy/packs/overlay.ts';
import type { Fact, GraceProvision, Pack, Role, RuleSet } from '../policy/packs/pack.ts';
import { nextVersionAt, packFor } from '../policy/packs/registry.ts';
import { Ledger, type Limit, limitsOn } from './counts.ts';
import {
  byZone,
  calendarIn,
  closedBy,
  type ExtraHolidays,
  firstOpen,
  type Hours,
  provisionHours,
  wishedHours,
  type ZoneHours,
} from './hours.ts';
import { deny, type Stops, stateDenies, stopsFor } from './states.ts';
import type { ContactRequest, GateFacts, Verdict } from './types.ts';

/** A set of rules as one channel sees it, for whoever collects. */
interface ChannelRules {
  readonly rules: RuleSet;
  /** Chosen hours, which the customer's own windows replace, and others, which they do not. */
  readonly houseHours: readonly Hours[];
  readonly otherHours: readonly Hours[];
  /** The same two for contact points at a place of work. */
  readonly houseHoursAtWork: readonly Hours[];
  readonly otherHoursAtWork: readonly Hours[];
  readonly limits: readonly Limit[];
}

/** Everything that a pack, with the rules of the house or without, says about a channel, for whoever collects. */
interface Compiled {
  readonly sets: readonly ChannelRules[];
  readonly stops: Stops;
  readonly graces: readonly GraceProvision[];
  readonly limits: readonly Limit[];
  /** Those of the house alone. */
  readonly houseLimits: readonly Limit[];
  /** Messages are handed over so long before a closing, milliseconds. */
  readonly margin: number;
}

const MINUTE = 60_000;
const SEARCH_DAYS_MAX = 400;
const NO_HOLIDAYS: ExtraHolidays = new Set();
const NO_FACTS: ReadonlySet<Fact> = new Set();
const ROLES: readonly Role[] = ['first-party', 'third-party'];

const compiled = new WeakMap<Pack, WeakMap<RuleSet, Compiled[]>>();
const NO_HOUSE: RuleSet = { version: '', hours: [], counts: [], spacings: [], notCollection: [], uncounted: [] };

function compiledFor(pack: Pack, house: RuleSet | undefined, channel: Channel, role: Role): Compiled {
  let ofPack = compiled.get(pack);
  if (ofPack === undefined) {
    ofPack = new WeakMap();
    compiled.set(pack, ofPack);
  }
  let found = ofPack.get(house ?? NO_HOUSE);
  if (found === undefined) {
    found = [];
    ofPack.set(house ?? NO_HOUSE, found);
  }
  const index = CHANNELS.indexOf(channel) * ROLES.length + ROLES.indexOf(role);
  found[index] ??= compile(pack, house, channel, role);
  return found[index];
}

function compile(pack: Pack, house: RuleSet | undefined, channel: Channel, role: Role): Compiled {
  const { closingMargin } = house ?? {};
  const margin = closingMargin?.channels.includes(channel) ? closingMargin.minutes * MINUTE : 0;
  const ruleSets: readonly RuleSet[] = house === undefined ? [pack] : [pack, house];
  const sets = ruleSets.map((rules) => channelRules(rules, channel, role, pack.calendar, margin));
  return {
    sets,
    stops: stopsFor(pack, role),
    graces: ruleSets.map((rules) => rules.grace).filter((grace): grace is GraceProvision => grace !== undefined),
    limits: sets.flatMap(({ limits }) => limits),
    houseLimits: sets.slice(1).flatMap(({ limits }) => limits),
    margin,
  };
}

function channelRules(rules: RuleSet, channel: Channel, role: Role, calendar: string, margin: number): ChannelRules {
  const hours = (chosen: boolean, atWork: boolean): Hours[] =>
    rules.hours
      .filter(({ channels, roles }) => channels.includes(channel) && (roles?.includes(role) ?? true))
      .filter(({ force, atWork: only }) => (force === 'house') === chosen && (atWork || only === undefined))
      .map((provision) => provisionHours(provision, calendarOf(calendar), margin));
  return {
    rules,
    houseHours: hours(true, false),
    otherHours: hours(false, false),
    houseHoursAtWork: hours(true, true),
    otherHoursAtWork: hours(false, true),
    limits: limitsOn(channel, role, rules),
  };
}

/** The opening hours that hold for one request, or undefined where a wish of the customer cannot be read. */
function hoursOf(request: ContactRequest, facts: GateFacts, pack: Pack, { sets, margin }: Compiled, free: boolean): Hours[] | undefined {
  const { windows, inconvenient } = facts.wishes;
  const atWork = request.point?.owner === 'work';
  const hours: Hours[] = [];
  for (const set of free ? [] : sets) {
    if (set.rules.notCollection.includes(request.purpose)) continue;
    // What the law closes opens with the customer's consent; what the house chose gives way to the customer's own times.
    if (!facts.consentOutsideHours) hours.push(...(atWork ? set.otherHoursAtWork : set.otherHours));
    if (!facts.consentOutsideHours && windows.length === 0) hours.push(...(atWork ? set.houseHoursAtWork : set.houseHours));
  }
  if (windows.length > 0 && !free) {
    const open = wishedHours(`${pack.prefix}.CUSTOMER_WINDOW`, 'The customer named other times for contact', windows, true, margin);
    if (open === undefined) return undefined;
    hours.push(open);
  }
  if (inconvenient.length > 0 && !free) {
    const text = 'The customer named this time as inconvenient';
    const shut = wishedHours(`${pack.prefix}.CUSTOMER_INCONVENIENT`, text, inconvenient, false, margin);
    if (shut === undefined) return undefined;
    hours.push(shut);
  }
  return hours;
}

/** Every zone whose clock must be open; none where nothing is known and the pack does not say what then. */
function zonesOf({ zones }: Pack, known: readonly string[]): readonly string[] {
  if (known.length === 0) return zones.unknown ?? [];
  const { together } = zones;
  if (together === undefined || !known.some((zone) => together.who.includes(zone))) return known;
  return [...new Set([...known, ...together.need])];
}

/**
 * A customer who asks for a contact, or writes, gets one answer, at whatever hour and by whatever medium; what goes after that answer is
 * no answer any more. Without an inbound contact in the ledger the request is taken at its word.
 */
function answered(ledger: readonly ContactRow[], channel: Channel): boolean {
  const asked = ledger.filter((row) => row.direction === 'inbound').map((row) => toMillis(row.at));
  const last = Math.max(...asked);
  // Who was rung and did not pick up has no answer yet; what was written has gone.
  const reached = ({ kind, channel: by }: ContactRow): boolean => kind === 'conversation' || (by !== 'voice' && by !== 'visit');
  return (
    asked.length > 0 &&
    ledger.some((row) => row.direction !== 'inbound' && row.channel === channel && toMillis(row.at) > last && reached(row))
  );
}

/** The facts that hold at an instant, those that follow from others included. */
function factsAt(request: ContactRequest, facts: GateFacts, now: number): ReadonlySet<Fact> {
  const claimed = facts.facts ?? [];
  const workMail = request.channel === 'email' && request.point?.owner === 'work';
  if (claimed.length === 0 && request.purpose !== 'reply' && facts.directConsentAt === undefined && !workMail) return NO_FACTS;
  const holding = new Set(claimed);
  if (request.purpose === 'reply') holding.add('contact-requested');
  if (holding.has('contact-requested') && answered(facts.ledger, request.channel)) holding.delete('contact-requested');
  if (facts.directConsentAt !== undefined && toMillis(facts.directConsentAt) <= now) holding.add('direct-consent');
  const key = request.point?.addressKey;
  if (workMail && facts.ledger.some((row) => row.direction === 'inbound' && row.channel === 'email' && row.addressKey === key)) {
    holding.add('work-email-used');
  }
  return holding;
}

/** The last day past due on which nothing is collected: the later of the pack's in force and the house's, as overlays lengthen them. */
export function graceDaysFor(
  { jurisdiction, house, overlays }: Pick<GateFacts, 'jurisdiction' | 'house'> & { readonly overlays: GateFacts['overlays'] | undefined },
  now: number,
): number {
  const pack = packFor(jurisdiction, now);
  const sets: readonly (RuleSet | undefined)[] = [pack, house ? HOUSE_RULES : undefined];
  return Math.max(0, ...sets.map((rules) => (rules === undefined ? 0 : (tighten(rules, overlays).grace?.days ?? 0))));
}

/**
 * Judges one contact: states first, then the time, then the counts. The verdict names the first rule in that order that stands in the
 * way; `notBefore` is the first instant at which all of them pass. A wish that cannot be read, a zone that is not known, a year that a
 * holiday calendar does not reach, and hours that never meet deny: contact at a guess would be worse.
 *
 * @param nowMillis epoch milliseconds of the invocation that would make the contact.
 * @throws RangeError for an instant in the facts that is none.
 */
export function judge(asked: ContactRequest, facts: GateFacts, nowMillis: number): Verdict {
  const inForce = packFor(facts.jurisdiction, nowMillis);
  if (inForce === undefined) return deny('PACK.UNKNOWN', `No policy pack for the jurisdiction ${facts.jurisdiction}`);
  const pack = tighten(inForce, facts.overlays);
  const house = facts.house ? tighten(HOUSE_RULES, facts.overlays) : undefined;
  const role = facts.role ?? 'third-party';
  const zones = zonesOf(pack, facts.timeZones);
  const known = zones.length > 0 && zones.every(isTimeZone);
  const holding = factsAt(asked, facts, nowMillis);
  const requested = holding.has('contact-requested');
  // An answer that was given already is an answer no more.
  const request: ContactRequest = asked.purpose === 'reply' && !requested ? { ...asked, purpose: 'collection' } : asked;

  const rules = compiledFor(pack, house, request.channel, role);
  const { all, always } = rules.stops;
  const has = (fact: Fact): boolean => holding.has(fact);
  const denied = stateDenies(request, facts, {
    pack,
    stops: holding.size === 0 ? always : all,
    graces: rules.graces,
    zones: known ? zones : [],
    now: nowMillis,
    has,
  });
  if (denied !== undefined) return denied;
  if (!known) return deny('ZONE.UNKNOWN', 'It is not known what time it is for the customer');

  const hours = hoursOf(request, facts, pack, rules, requested);
  if (hours === undefined) return deny('WISHES.UNREADABLE', 'A time that the customer named cannot be read as HH:MM-HH:MM');
  // An answer that was asked for is not counted by published limits; what the house chose holds for it too.
  const limits = requested ? rules.houseLimits : rules.limits;
  const verdict = judgeTime(request, facts, { pack, zones, hours, limits }, nowMillis);
  const changes = nextVersionAt(facts.jurisdiction, nowMillis);
  if (verdict.decision !== 'defer' || verdict.notBefore < changes) return verdict;
  // By then another version is in force: it decides from its first instant on.
  const later = judge(asked, facts, changes);
  if (later.decision === 'deny') return later;
  return { ...verdict, notBefore: later.decision === 'allow' ? changes : later.notBefore };
}

interface Timed {
  readonly pack: Pack;
  readonly zones: readonly string[];
  readonly hours: readonly Hours[];
  readonly limits: readonly Limit[];
}

/** What is left once no state forbids the contact: whether it may be made now, and if not, when. */
function judgeTime(request: ContactRequest, facts: GateFacts, { pack, zones, hours, limits }: Timed, now: number): Verdict {
  const quietUntil =
    pack.notCollection.includes(request.purpose) || facts.standing.quietUntil === undefined ? now : toMillis(facts.standing.quietUntil);
  const lines = byZone(zones, hours);
  const holidays = facts.holidays === undefined ? NO_HOLIDAYS : new Set(facts.holidays.map(epochDay));
  const ledger = new Ledger(facts.ledger, request, {
    zones,
    workKeys: facts.workKeys ?? [],
    consentAt: facts.directConsentAt === undefined ? undefined : toMillis(facts.directConsentAt),
    restartedAt: facts.pressureApprovedAt === undefined ? undefined : toMillis(facts.pressureApprovedAt),
  });
  const applying = limits.filter((limit) => ledger.applies(limit));
  const closed = closedBy(now, lines, holidays);
  let at = Math.max(now, quietUntil);
  const full: Limit[] = [];
  for (const limit of applying) {
    const passes = ledger.passes(limit, now);
    if (passes > now) full.push(limit);
    at = Math.max(at, passes);
  }
  if (at === now && closed.length === 0)
    return { decision: 'allow', rule: `${pack.prefix}.PASS`, why: `All rules of ${pack.version} pass` };
  for (;;) {
    const opens = firstOpen(at, lines, holidays);
    if (Number.isNaN(opens)) return beyond(lines);
    if (opens > now + SEARCH_DAYS_MAX * DAY) return deny('HOURS.NEVER', 'There is no time at which all rules pass');
    at = applying.reduce((latest, limit) => ledger.passes(limit, latest), opens);
    if (at === opens) break;
  }
  const quiet = { rule: 'STATE.QUIET', text: 'A payment is said to be on its way' };
  const reasons = [...(quietUntil > now ? [quiet] : []), ...closed, ...full.map((limit) => limit.provision)];
  const [first] = reasons;
  return { decision: 'defer', notBefore: at, rule: first?.rule ?? '', why: first?.text ?? '', rules: reasons.map(({ rule }) => rule) };
}

function beyond(lines: readonly ZoneHours[]): Verdict {
  const calendar = calendarIn(lines);
  return deny('CALENDAR_HORIZON', `The public holidays of ${calendar?.name} are known until the end of ${calendar?.lastYear} only`);
}

/**
 * How far back the ledger must reach for every rule of every pack, of the house and of a bank's overlays to see what it counts, in
 * milliseconds. Rows older than that may go. Two days more than the longest window, for days of 25 hours and a customer who moves to
 * another zone.
 */
export function ledgerHorizonMillis(): number {
  return (longestWindowDays() + 2) * DAY;
}
