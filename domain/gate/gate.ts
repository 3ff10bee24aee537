import { DAY, isTimeZone, toMillis } from '../calendar.ts';
import type { Channel } from '../model.ts';
import { HOUSE_RULES } from '../policy/packs/house.ts';
import type { GraceProvision, RuleSet } from '../policy/packs/pack.ts';
import { allPacks, packFor } from '../policy/packs/registry.ts';
import { type Blocked, Ledger, type Limits, limitsOn } from './counts.ts';
import { closedBy, firstOpen, type Hours, provisionHours, wishedHours } from './hours.ts';
import { deny, stateDenies } from './states.ts';
import type { ContactRequest, GateFacts, Verdict } from './types.ts';

/** A set of rules as one channel sees it. */
interface ChannelRules {
  readonly rules: RuleSet;
  /** Hours that the customer's own windows replace, and hours that they do not. */
  readonly houseHours: readonly Hours[];
  readonly otherHours: readonly Hours[];
  readonly limits: Limits;
}

const compiled = new Map<RuleSet, Map<Channel, ChannelRules>>();

function rulesFor(rules: RuleSet, channel: Channel): ChannelRules {
  let ofSet = compiled.get(rules);
  if (ofSet === undefined) {
    ofSet = new Map();
    compiled.set(rules, ofSet);
  }
  let found = ofSet.get(channel);
  if (found === undefined) {
    const hours = rules.hours.filter((provision) => provision.channels.includes(channel));
    found = {
      rules,
      houseHours: hours.filter((provision) => provision.force === 'house').map(provisionHours),
      otherHours: hours.filter((provision) => provision.force !== 'house').map(provisionHours),
      limits: limitsOn(channel, rules),
    };
    ofSet.set(channel, found);
  }
  return found;
}

/** The opening hours that hold for one request, or undefined where a wish of the customer cannot be read. */
function hoursOf(sets: readonly ChannelRules[], wishes: GateFacts['wishes']): readonly Hours[] | undefined {
  const hours = sets.flatMap((set) => set.otherHours);
  if (wishes.windows.length === 0) {
    for (const set of sets) hours.push(...set.houseHours);
  } else {
    const windows = wishedHours('WISHES.WINDOW', 'The customer named other times for contact', wishes.windows, true);
    if (windows === undefined) return undefined;
    hours.push(windows);
  }
  if (wishes.inconvenient.length > 0) {
    const shut = wishedHours('WISHES.INCONVENIENT', 'The customer named this time as inconvenient', wishes.inconvenient, false);
    if (shut === undefined) return undefined;
    hours.push(shut);
  }
  return hours;
}

/**
 * Judges one contact: states first, then the time, then the counts. The verdict names the first rule in that order that stands in the
 * way; `notBefore` is the first instant at which all of them pass. A wish that cannot be read, a zone that is not known and hours that
 * never meet deny: contact at a guess would be worse.
 *
 * @param nowMillis epoch milliseconds of the invocation that would make the contact.
 * @throws RangeError for an instant in the facts that is none.
 */
export function judge(request: ContactRequest, facts: GateFacts, nowMillis: number): Verdict {
  const pack = packFor(facts.jurisdiction, nowMillis);
  if (pack === undefined) return deny('PACK.UNKNOWN', `No policy pack for the jurisdiction ${facts.jurisdiction}`);
  const ruleSets: readonly RuleSet[] = facts.house ? [pack, HOUSE_RULES] : [pack];
  const graces = ruleSets.map((set) => set.grace).filter((grace): grace is GraceProvision => grace !== undefined);
  const denied = stateDenies(request, facts, graces);
  if (denied !== undefined) return denied;
  const zones = facts.timeZones;
  if (zones.length === 0 || !zones.every(isTimeZone)) return deny('ZONE.UNKNOWN', 'It is not known what time it is for the customer');

  const sets = ruleSets.map((set) => rulesFor(set, request.channel));
  const hours = hoursOf(sets, facts.wishes);
  if (hours === undefined) return deny('WISHES.UNREADABLE', 'A time that the customer named cannot be read as HH:MM-HH:MM');
  const quietUntil = facts.standing.quietUntil === undefined ? nowMillis : toMillis(facts.standing.quietUntil);
  const closed = closedBy(nowMillis, zones, hours);
  const ledger = new Ledger(facts.ledger, zones);
  const blocked = sets.flatMap((set) => ledger.blocked(request, set.limits, set.rules, nowMillis));
  if (quietUntil <= nowMillis && closed === undefined && blocked.length === 0) {
    return { decision: 'allow', rule: 'PASS', why: 'All rules pass' };
  }
  const from = blocked.reduce((latest, { until }) => Math.max(latest, until), Math.max(nowMillis, quietUntil));
  const notBefore = firstOpen(from, zones, hours);
  if (notBefore === undefined) return deny('HOURS.NEVER', 'There is no time at which all hours are open in all zones');
  return { decision: 'defer', notBefore, ...reasonOf(quietUntil > nowMillis, closed, blocked[0]) };
}

function reasonOf(
  quiet: boolean,
  closed: Hours | undefined,
  blocked: Blocked | undefined,
): { readonly rule: string; readonly why: string } {
  if (quiet) return { rule: 'STATE.QUIET', why: 'A payment is said to be on its way' };
  if (closed !== undefined) return { rule: closed.rule, why: closed.text };
  return { rule: blocked?.provision.rule ?? '', why: blocked?.provision.text ?? '' };
}

/**
 * How far back the ledger must reach for every rule to see what it counts, in milliseconds. Rows older than that may go. Two days more
 * than the longest window, for days of 25 hours and a customer who moves to another zone.
 */
export function ledgerHorizonMillis(): number {
  const days = [HOUSE_RULES, ...allPacks()].flatMap((rules) => rules.counts.map((provision) => provision.days));
  return (Math.max(...days) + 2) * DAY;
}
