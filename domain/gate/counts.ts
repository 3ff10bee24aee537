import { firstOfMonth, localDay, localDays, monthOf, startOfEpochDay, toMillis } from '../calendar.ts';
import type { ContactRow } from '../customer.ts';
import { CHANNELS, type Channel } from '../model.ts';
import type { CountProvision, Role, RuleSet, SpacingProvision, Tally } from '../policy/packs/pack.ts';
import type { ContactRequest } from './types.ts';

/** Kinds of rows; with the channel one bit each, so that a row is tested with one `and`. */
const UNANSWERED = 1;
const VOICEMAIL = 2;
const CONVERSATION = 4;
const NOT_CONNECTED = 8;
const ALL = UNANSWERED | VOICEMAIL | CONVERSATION | NOT_CONNECTED;
const BITS_A_CHANNEL = 4;

const MINUTE = 60_000;
const DAYS_OF_A_MONTH = 31;
const NO_ACCOUNT: readonly undefined[] = [undefined];
const FIRST_BIT = Object.fromEntries(CHANNELS.map((channel, index) => [channel, index * BITS_A_CHANNEL])) as Record<Channel, number>;
const SPOKEN: readonly Channel[] = ['voice', 'visit'];

function bitsOf(channel: Channel, kinds: number): number {
  return kinds << FIRST_BIT[channel];
}

/** A message that was written has reached somebody; a call has when it was answered or a voicemail was left. */
function kindsOf(tally: Tally, channel: Channel): number {
  if (tally === 'placed') return ALL;
  if (tally === 'unanswered') return ALL & ~CONVERSATION;
  if (tally === 'connected') return CONVERSATION;
  return CONVERSATION | VOICEMAIL | (SPOKEN.includes(channel) ? 0 : UNANSWERED);
}

/** A provision as the counting reads it. */
export interface Limit {
  readonly provision: CountProvision | SpacingProvision;
  /** What of ours counts, and what of that also where the customer began it. */
  readonly outbound: number;
  readonly inbound: number;
  readonly excluded: ReadonlySet<string>;
  /** Days of the window, itself included; undefined for a calendar month and for a spacing. */
  readonly days: number | undefined;
  readonly max: number;
  /** Of a spacing, milliseconds; undefined for a count. */
  readonly apart: number | undefined;
  readonly consentDays: number;
  readonly restarts: boolean;
}

function limitOf(provision: CountProvision | SpacingProvision, rules: RuleSet): Limit {
  let inbound = 0;
  let outbound = 0;
  for (const { channels, tally, inbound: both } of provision.counts) {
    for (const channel of channels) {
      const kinds = kindsOf(tally, channel) & (provision.leavesOutNotConnected ? ~NOT_CONNECTED : ALL);
      outbound |= bitsOf(channel, kinds);
      if (both) inbound |= bitsOf(channel, kinds);
    }
  }
  const count = 'max' in provision ? provision : undefined;
  const window = count?.window;
  return {
    provision,
    inbound,
    outbound,
    excluded: new Set([...rules.notCollection, ...rules.uncounted, ...(provision.uncounted ?? [])]),
    days: window?.kind === 'rollingDays' ? window.days : window?.kind === 'calendarDay' ? 1 : undefined,
    max: count?.max ?? 1,
    apart: 'minutes' in provision ? provision.minutes * MINUTE : undefined,
    consentDays: count?.consentDays ?? 0,
    restarts: count?.restartsOnApproval ?? false,
  };
}

/** What of a set of rules limits a channel, for whoever collects. */
export function limitsOn(channel: Channel, role: Role, rules: RuleSet): readonly Limit[] {
  return [...rules.spacings, ...rules.counts]
    .filter(({ limits, roles }) => limits.includes(channel) && (roles?.includes(role) ?? true))
    .map((provision) => limitOf(provision, rules));
}

/** A ledger as numbers, in the order of time. Made once a list, however many verdicts ask it. */
interface Prepared {
  readonly rows: readonly ContactRow[];
  readonly times: readonly number[];
  /** What each row is. */
  readonly bits: readonly number[];
  readonly days: Map<string, readonly number[]>;
}

/** From then on a reservation counts no more; infinite for what was made. */
function endOf({ pendingUntil }: ContactRow): number {
  return pendingUntil === undefined ? Number.POSITIVE_INFINITY : toMillis(pendingUntil);
}

/** A reservation may turn out either way, so it counts as both. */
function rowBits({ channel, kind, outcome, pendingUntil }: ContactRow): number {
  if (pendingUntil !== undefined) return bitsOf(channel, UNANSWERED | CONVERSATION);
  if (kind === 'conversation') return bitsOf(channel, CONVERSATION);
  if (outcome === 'not-connected') return bitsOf(channel, NOT_CONNECTED);
  return bitsOf(channel, outcome === 'voicemail' || outcome === 'limited-message' ? VOICEMAIL : UNANSWERED);
}

function inOrder(ledger: readonly ContactRow[]): { readonly rows: readonly ContactRow[]; readonly times: readonly number[] } {
  const times = ledger.map((row) => toMillis(row.at));
  if (times.every((at, index) => index === 0 || at >= (times[index - 1] ?? at))) return { rows: ledger, times };
  const order = times.map((_, index) => index).sort((one, other) => (times[one] ?? 0) - (times[other] ?? 0));
  return { rows: order.map((index) => ledger[index] as ContactRow), times: order.map((index) => times[index] ?? 0) };
}

/** One customer at a time is asked about, many times over: the last list is remembered, which costs less than remembering all. */
let last: { readonly ledger: readonly ContactRow[]; readonly prepared: Prepared } | undefined;

function prepare(ledger: readonly ContactRow[]): Prepared {
  if (last?.ledger === ledger) return last.prepared;
  const { rows, times } = inOrder(ledger);
  const prepared: Prepared = { rows, times, bits: rows.map(rowBits), days: new Map() };
  last = { ledger, prepared };
  return prepared;
}

/** What beside the ledger decides which rows count. */
export interface CountingFacts {
  readonly zones: readonly string[];
  readonly workKeys: readonly string[];
  /** Epoch milliseconds. */
  readonly consentAt: number | undefined;
  readonly restartedAt: number | undefined;
}

/** The contacts of a customer, as the limits of one request see them. */
export class Ledger {
  readonly #prepared: Prepared;
  readonly #request: ContactRequest;
  readonly #facts: CountingFacts;
  readonly #accounts: readonly (string | undefined)[];

  constructor(rows: readonly ContactRow[], request: ContactRequest, facts: CountingFacts) {
    this.#prepared = prepare(rows);
    this.#request = request;
    this.#facts = facts;
    this.#accounts = [request.accountId, ...(request.alsoAbout ?? [])];
  }

  /** Whether a limit has anything to say about the request. */
  applies(limit: Limit): boolean {
    const { place } = limit.provision;
    const { purpose, target, point } = this.#request;
    if (limit.excluded.has(purpose)) return false;
    if (place !== undefined && (place === 'work') !== (point?.owner === 'work')) return false;
    return !('exceptTargets' in limit.provision && target !== undefined && limit.provision.exceptTargets?.includes(target));
  }

  /** The first instant from `from` on at which a limit lets the contact pass, for every account by every clock. */
  passes(limit: Limit, from: number): number {
    if (limit.apart !== undefined) return this.#apart(limit, limit.apart, from);
    const accounts = limit.provision.scope === 'perDebt' ? this.#accounts : NO_ACCOUNT;
    let at = from;
    for (;;) {
      const before = at;
      for (const account of accounts) for (const zone of this.#facts.zones) at = this.#free(limit, account, zone, at);
      if (at === before) return at;
    }
  }

  /** Whether a row of the right kind counts at an instant, its day aside. */
  #matches(index: number, limit: Limit, account: string | undefined, at: number): boolean {
    const { rows, bits, times } = this.#prepared;
    const row = rows[index];
    if (row === undefined || limit.excluded.has(row.purpose)) return false;
    if (row.direction === 'inbound' && ((bits[index] ?? 0) & limit.inbound) === 0) return false;
    if (row.pendingUntil !== undefined && endOf(row) <= at) return false;
    const { scope, place } = limit.provision;
    // A row that does not say which address or account it was counts for all of them.
    if (scope === 'perContactPoint' && row.addressKey && this.#request.point && row.addressKey !== this.#request.point.addressKey)
      return false;
    if (scope === 'perDebt' && account && row.accountId && row.accountId !== account && !row.alsoAbout?.includes(account)) return false;
    if (place !== undefined && row.addressKey && this.#facts.workKeys.includes(row.addressKey) !== (place === 'work')) return false;
    return !(limit.restarts && this.#facts.restartedAt !== undefined && (times[index] ?? 0) <= this.#facts.restartedAt);
  }

  /** The rows that count towards a limit at an instant, as far as the window around its day reaches. */
  #counted(limit: Limit, account: string | undefined, zone: string, at: number, day: number): number[] {
    const { bits, times } = this.#prepared;
    const days = this.#daysIn(zone);
    const reach = limit.days ?? DAYS_OF_A_MONTH;
    const found: number[] = [];
    for (let index = days.length - 1; index >= 0; index -= 1) {
      const of = days[index] ?? 0;
      // The rows are in order; a clock set back over midnight can make a day come twice, so one day more is looked at.
      if (of < day - reach) break;
      if (((bits[index] ?? 0) & limit.outbound) === 0) continue;
      if (of <= day - reach || of >= day + reach || !this.#matches(index, limit, account, at)) continue;
      if (limit.consentDays > 0 && this.#consented(limit, zone, times[index] ?? 0, of)) continue;
      found.push(index);
    }
    return found;
  }

  /** From now on, or from when a limit has room again for one account by one clock. */
  #free(limit: Limit, account: string | undefined, zone: string, from: number): number {
    for (let at = from; ; ) {
      const day = localDay(at, zone);
      if (this.#consented(limit, zone, at, day)) return at;
      const counted = this.#counted(limit, account, zone, at, day);
      if (counted.length < limit.max) return at;
      const days = this.#daysIn(zone);
      const on = counted.map((index) => days[index] ?? 0);
      const room = limit.days === undefined ? roomInMonth(on, day, limit.max) : roomInDays(on, day, limit.days, limit.max);
      if (room === day) return at;
      const next = Math.min(startOfEpochDay(room, zone), this.#consentAfter(limit, at), ...counted.map((index) => this.#end(index)));
      // A clock set back over midnight: the day in question has begun once already.
      if (next <= at) return at;
      at = next;
    }
  }

  #end(index: number): number {
    const row = this.#prepared.rows[index];
    return row === undefined ? Number.POSITIVE_INFINITY : endOf(row);
  }

  /** Whether a contact at an instant, or at one that was, stands under a consent given directly. */
  #consented({ consentDays }: Limit, zone: string, at: number, day: number): boolean {
    const { consentAt } = this.#facts;
    if (consentDays === 0 || consentAt === undefined || at < consentAt) return false;
    return day < localDay(consentAt, zone) + consentDays;
  }

  /** When a consent that is dated later than an instant begins. */
  #consentAfter({ consentDays }: Limit, at: number): number {
    const { consentAt } = this.#facts;
    return consentDays > 0 && consentAt !== undefined && consentAt > at ? consentAt : Number.POSITIVE_INFINITY;
  }

  #apart(limit: Limit, apart: number, from: number): number {
    const { times, bits } = this.#prepared;
    for (let at = from; ; ) {
      let until = at;
      for (let index = times.length - 1; index >= 0; index -= 1) {
        const made = times[index] ?? 0;
        if (made + apart <= at) break;
        if (((bits[index] ?? 0) & limit.outbound) === 0 || !this.#matches(index, limit, this.#request.accountId, at)) continue;
        until = Math.max(until, Math.min(this.#end(index), made + apart));
      }
      if (until === at) return at;
      at = until;
    }
  }

  /** The local days of the rows, in their order. */
  #daysIn(zone: string): readonly number[] {
    const { days, times } = this.#prepared;
    let known = days.get(zone);
    if (known === undefined) {
      known = localDays(times, zone);
      days.set(zone, known);
    }
    return known;
  }
}

/** The first day from `day` on with room, where no `days` in a row may hold more than `max`, those planned for later included. */
function roomInDays(counted: readonly number[], day: number, days: number, max: number): number {
  let room = day;
  if (counted.length < max) return room;
  const sorted = counted.toSorted((one, other) => one - other);
  for (let index = 0; index + max <= sorted.length; index += 1) {
    const first = sorted[index] ?? 0;
    const last = sorted[index + max - 1] ?? 0;
    if (last - first < days && last - days < room && room < first + days) room = first + days;
  }
  return room;
}

function roomInMonth(counted: readonly number[], day: number, max: number): number {
  if (counted.length < max) return day;
  const months = counted.map(monthOf);
  let month = monthOf(day);
  while (months.filter((of) => of === month).length >= max) month += 1;
  return month === monthOf(day) ? day : firstOfMonth(month);
}
