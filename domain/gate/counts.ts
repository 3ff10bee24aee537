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

/** The ledger of one verdict: instants are read once, however many rules look at them. */
export class Ledger {
  readonly #rows: readonly ContactRow[];
  readonly #times: readonly number[];
  readonly #zones: readonly string[];

  constructor(rows: readonly ContactRow[], zones: readonly string[]) {
    this.#rows = rows;
    this.#times = rows.map((row) => toMillis(row.at));
    this.#zones = zones;
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

  /** When the count has room again, in the last of the zones: the `max`-th newest row leaves the window so many days after its own. */
  #countedUntil({ provision, mask }: Limit<CountProvision>, bits: readonly number[], request: ContactRequest): number {
    let until = Number.NEGATIVE_INFINITY;
    const times = this.#matching(mask, bits, provision.scope, request);
    if (times.length < provision.max) return until;
    const deciding = times.sort((one, other) => other - one)[provision.max - 1] ?? 0;
    for (const zone of this.#zones) {
      const day = Math.floor((deciding + offsetAt(deciding, zone)) / DAY);
      until = Math.max(until, startOfEpochDay(day + provision.days, zone));
    }
    return until;
  }
}
