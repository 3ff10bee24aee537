import type { Channel, ContactRow, Purpose } from '../../model.ts';

/** What stands behind a value. Kept apart so that a deployer sees which blocks are legal duties and which are policy. */
export type Force = 'law' | 'presumption' | 'guidance' | 'house';

/** How well a value is known. R: rule text read; N: news item or law-firm note; M: memory, not checked; H: house default. */
export type Mark = 'R' | 'N' | 'M' | 'H';

/** One published or chosen value. */
export interface Provision {
  /** The name that verdicts give, such as `CN.HOURS`. */
  readonly rule: string;
  /** The rule in a sentence for a person. */
  readonly text: string;
  readonly force: Force;
  readonly mark: Mark;
  readonly source: string;
}

/** Open hours by wall clock. Half-open: at `to` it is closed. */
export interface Opening {
  /** Monday is 1, Sunday is 7. */
  readonly weekdays: readonly number[];
  readonly from: string;
  readonly to: string;
}

export interface HoursProvision extends Provision {
  readonly channels: readonly Channel[];
  readonly openings: readonly Opening[];
}

/** Which rows of the ledger a provision looks at. */
interface Counted {
  /** The channels whose contacts it limits. */
  readonly limits: readonly Channel[];
  readonly counts: readonly { readonly channels: readonly Channel[]; readonly kinds: readonly ContactRow['kind'][] }[];
  /** `number`: only rows of the same address as the contact asked for. */
  readonly scope: 'customer' | 'number';
}

/** At most `max` in `days` calendar days by the customer's local date, the day of the contact included. */
export interface CountProvision extends Provision, Counted {
  readonly days: number;
  readonly max: number;
}

/** At least so long between the last counted contact and the next. */
export interface SpacingProvision extends Provision, Counted {
  readonly minutes: number;
}

/** No contact up to and including this day past due. */
export interface GraceProvision extends Provision {
  readonly days: number;
}

/** A set of rules: a jurisdiction's pack, or the house overlay on top of all of them. */
export interface RuleSet {
  readonly version: string;
  readonly hours: readonly HoursProvision[];
  readonly counts: readonly CountProvision[];
  readonly spacings: readonly SpacingProvision[];
  readonly grace?: GraceProvision;
  /** Contacts for these purposes are neither limited by the counts and spacings of this set nor counted. */
  readonly uncounted: readonly Purpose[];
}

export interface Pack extends RuleSet {
  /** The jurisdiction's name, as `CustomerUpdated.jurisdiction` gives it. */
  readonly id: string;
  /** In force from the midnight that begins this date in `homeZone`; the first version of a pack applies to all earlier instants. */
  readonly effectiveFrom: string;
  readonly homeZone: string;
}

export const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
