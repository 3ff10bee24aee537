import { DAY, offsetAt, startOfEpochDay, toMillis } from '../calendar.ts';
import { CHANNELS, type Channel, type ContactRow } from '../model.ts';
import type { CountProvision, Provision, RuleSet, SpacingProvision } from '../policy/packs/pack.ts';
import type { ContactRequest } from './types.ts';

/** A provision with what it counts as bits, so that a row is tested with one `and`. */
interface Limit<P> {
  readonly provision: P;
  readonly mask: number;
}

/** What of a set of rules limits a channel. */
export interface Limits {
  readonly counts: readonly Limit<CountProvision>[];
  readonly spacings: readonly Limit<SpacingProvision>[];
}

export interface Blocked {
  readonly provision: Provision;
  /** The rule passes from here on, if nothing else happens. Epoch milliseconds. */
  readonly until: number;
}

const MINUTE = 60_000;
const CHANNEL_INDEX: ReadonlyMap<string, number> = new Map(CHANNELS.map((channel, index) => [channel, index]));

function bitOf(channel: Channel, kind: ContactRow['kind']): number {
  return 1 << ((CHANNEL_INDEX.get(channel) ?? 0) * 2 + (kind === 'conversation' ? 1 : 0));
}

function limitOf<P extends CountProvision | SpacingProvision>(provision: P): Limit<P> {
  let mask = 0;
  for (const { channels, kinds } of provision.counts) {
    for (const channel of channels) for (const kind of kinds) mask |= bitOf(channel, kind);
  }
  return { provision, mask };
}

/** @throws RangeError for a cap of nothing, which would never pass. */
export function limitsOn(channel: Channel, rules: RuleSet): Limits {
  for (const { rule, max, days } of rules.counts) {
    if (!(max >= 1 && days >= 1)) throw new RangeError(`${rule}: max and days must be at least 1`);
  }
  return {
    counts: rules.counts.filter((provision) => provision.limits.includes(channel)).map(limitOf),
    spacings: rules.spacings.filter((provision) => provision.limits.includes(channel)).map(limitOf),
  };
}

/**
 * The local day that an instant belongs to, as days since 1970. A day lasts from its first instant to the next day's: where a clock
 * is set back over midnight the repeated minutes stay with the day that had begun.
 */
function dayOf(at: number, zone: string): number {
  const day = Math.floor((at + offsetAt(at, zone)) / DAY);
  return startOfEpochDay(day + 1, zone) <= at ? day + 1 : day;
}

/** The ledger of one verdict: instants are read once, however many rules look at them. */
export class Ledger {
  readonly #rows: readonly ContactRow[];
  readonly #times: readonly number[];
  readonly #zones: readonly string[];
  readonly #todays: readonly number[];

  constructor(rows: readonly ContactRow[], zones: readonly string[], now: number) {
    this.#rows = rows;
    this.#times = rows.map((row) => toMillis(row.at));
    this.#zones = zones;
    this.#todays = zones.map((zone) => dayOf(now, zone));
  }

  /** The rules of a set that stand in the way at `now`, in the order of the set. */
  blocked(request: ContactRequest, limits: Limits, rules: RuleSet, now: number): Blocked[] {
    const found: Blocked[] = [];
    if (rules.uncounted.includes(request.purpose)) return found;
    const bits = this.#rows.map((row) => (rules.uncounted.includes(row.purpose) ? 0 : bitOf(row.channel, row.kind)));
    for (const { provision, mask } of limits.spacings) {
      const last = this.#matching(mask, bits, provision.scope, request).reduce(
        (newest, at) => Math.max(newest, at),
        Number.NEGATIVE_INFINITY,
      );
      const until = last + provision.minutes * MINUTE;
      if (until > now) found.push({ provision, until });
    }
    for (const limit of limits.counts) {
      const until = this.#countedUntil(limit, bits, request);
      if (until > now) found.push({ provision: limit.provision, until });
    }
    return found;
  }

  /** Instants of the rows that a rule counts, those after now included: what is planned counts too. */
  #matching(mask: number, bits: readonly number[], scope: CountProvision['scope'], request: ContactRequest): number[] {
    const times: number[] = [];
    for (let index = 0; index < bits.length; index += 1) {
      if (((bits[index] ?? 0) & mask) === 0) continue;
      if (scope === 'number' && this.#rows[index]?.addressKey !== request.point.addressKey) continue;
      times.push(this.#times[index] ?? 0);
    }
    return times;
  }

  /** When the count has room again: a window of days loses the `max`-th newest row that many days after the row's own. */
  #countedUntil({ provision, mask }: Limit<CountProvision>, bits: readonly number[], request: ContactRequest): number {
    let until = Number.NEGATIVE_INFINITY;
    let times: number[] | undefined;
    for (let index = 0; index < this.#zones.length; index += 1) {
      const zone = this.#zones[index] ?? '';
      const windowStart = startOfEpochDay((this.#todays[index] ?? 0) - provision.days + 1, zone);
      if (times === undefined) {
        times = this.#matching(mask, bits, provision.scope, request);
        if (times.length < provision.max) return until;
        times.sort((one, other) => other - one);
      }
      const deciding = times[provision.max - 1] ?? 0;
      if (deciding >= windowStart) until = Math.max(until, startOfEpochDay(dayOf(deciding, zone) + provision.days, zone));
    }
    return until;
  }
}
