import type { Channel, InterruptionKind, LocalDate, Purpose } from '../../model.ts';

/**
 * The shape of a policy pack: a jurisdiction's published limits as data. A pack encodes the published limits; it makes nobody's
 * conduct lawful. Three kinds of force are never mixed, and each value says how well it is known, so that a deployer sees which blocks
 * are legal duties and which are policy.
 */

export type Force = 'law' | 'presumption' | 'guidance' | 'house';

/** How well a value is known. R: rule text read; N: news item or law-firm note; M: memory, not checked; H: chosen, no number exists. */
export type Mark = 'R' | 'N' | 'M' | 'H';

/** Who collects: the creditor itself, or an agency or debt buyer. */
export type Role = 'first-party' | 'third-party';

/** What a contact is for, as far as a rule asks: the purposes of the product's own contacts, and those that others name. */
export type ContactPurpose =
  | Purpose
  | 'location'
  | 'remedy-notice'
  | 'legal-threat'
  | 'reply'
  | 'verification'
  | 'moratorium-notice'
  | 'fraud-alert';

/** Whom a contact is with where it is not the customer. Anybody else is an unrelated third party. */
export const TARGETS = [
  'guarantor',
  'executor',
  'administrator',
  'spouse',
  'parent',
  'guardian',
  'attorney',
  'creditor',
  'bureau',
  'third-party',
] as const;
export type Target = (typeof TARGETS)[number];

/** What may be so of a customer, a debt, a contact or its maker, and forbid a contact or lift what forbids it. */
export const FACTS = [
  'cease-written',
  'refuses-to-pay-written',
  'attorney-represented',
  'attorney-unresponsive',
  'represented',
  'deceased',
  'bankruptcy-filed',
  'bankruptcy-order',
  'dispute-written',
  'verification-sent',
  'dispute-oral',
  'validation-open',
  'dispute-valid-grounds',
  'objection-pending',
  'plan-active',
  'plan-breached',
  'breathing-space',
  'mental-health-moratorium',
  'sensitive-occasion',
  'time-barred',
  'refuses-time-barred',
  'customer-unreachable',
  'third-party-refused',
  'location-asked-before',
  'visit-prepared',
  'visit-refused',
  'contact-requested',
  'employer-prohibits',
  'private-device',
  'public-posting',
  'agency-unannounced',
  'agency-unlicensed',
  'direct-consent',
  'work-email-used',
  'work-number-only',
] as const;
export type Fact = (typeof FACTS)[number];

/** One published or chosen value. */
export interface Provision {
  /** The name that verdicts give, such as `CN.HOURS`. */
  readonly rule: string;
  /** The rule in a sentence for a person. */
  readonly text: string;
  readonly force: Force;
  readonly mark: Mark;
  /** Set exactly where the mark is M: nobody has checked the value against its source. */
  readonly verified?: false;
  readonly source: string;
  /** Whom it binds; absent: everybody. */
  readonly roles?: readonly Role[];
}

// ---- hours -------------------------------------------------------------------------------------------------------------

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
  /** Open on public holidays instead, by the calendar of the jurisdiction; empty: closed. Absent: a holiday is a day like others. */
  readonly onHolidays?: readonly { readonly from: string; readonly to: string }[];
  /** Only for contact points at a place of work. */
  readonly atWork?: true;
  /** The clock that it goes by where that is not the customer's. */
  readonly zone?: string;
}

/** Where the customer's clock is. */
export interface ZoneProvision extends Provision {
  /** The zones that must all be open where nothing is known of the place; absent: no contact. */
  readonly unknown?: readonly string[];
  /** Who is in one of the first may go by any of the second: all of those must be open. */
  readonly together?: { readonly who: readonly string[]; readonly need: readonly string[] };
}

// ---- counts ------------------------------------------------------------------------------------------------------------

/**
 * What is counted. placed: everything sent, dialled or walked, answered or not; unanswered: no conversation came of it; connected: a
 * conversation; contact: something reached the customer (a conversation, a voicemail, a written message).
 */
export type Tally = 'placed' | 'unanswered' | 'connected' | 'contact';

/**
 * Whose contacts are counted. institutionPlusAgencies: all with the person, whoever made them; perPerson: the same where the text
 * does not name agencies (a hand-over must not reset a count); perDebt: about the same debt; perContactPoint: at the same address.
 */
export type Scope = 'institutionPlusAgencies' | 'perPerson' | 'perDebt' | 'perContactPoint';

/** All by the customer's local dates, the day of the contact included. */
export type Window =
  | { readonly kind: 'calendarDay' }
  | { readonly kind: 'rollingDays'; readonly days: number }
  | { readonly kind: 'calendarMonth' };

/** Which rows of the ledger a provision looks at. */
interface Counted {
  /** The channels whose contacts it limits. */
  readonly limits: readonly Channel[];
  /** `inbound`: contacts that the customer began count as well. */
  readonly counts: readonly { readonly channels: readonly Channel[]; readonly tally: Tally; readonly inbound?: true }[];
  readonly scope: Scope;
  /** Calls that could not be put through do not count. */
  readonly leavesOutNotConnected?: true;
  /** Only contact points at a place of work, or only others; absent: all. */
  readonly place?: 'work' | 'elsewhere';
  /** Contacts for these purposes are neither limited nor counted. */
  readonly uncounted?: readonly ContactPurpose[];
}

/** At most `max` within the window. A cool-down after a conversation is one conversation in so many days. */
export interface CountProvision extends Provision, Counted {
  readonly max: number;
  readonly window: Window;
  /** For so many days from a consent given directly, its day being the first, contacts are neither limited nor counted. */
  readonly consentDays?: number;
  /** Contacts with these are neither limited by it. */
  readonly exceptTargets?: readonly Target[];
  /** A person who approved going on lets the count begin anew. */
  readonly restartsOnApproval?: true;
}

/** At least so long between the last counted contact and the next. */
export interface SpacingProvision extends Provision, Counted {
  readonly minutes: number;
}

/** No contact up to and including this day past due. */
export interface GraceProvision extends Provision {
  readonly days: number;
}

// ---- states ------------------------------------------------------------------------------------------------------------

/** What forbids contact whatever the time. */
export interface StopProvision extends Provision {
  /** Any one of these is enough; empty: always, where the rest applies. */
  readonly when: readonly Fact[];
  /** Any one of these lifts it. */
  readonly unless?: readonly Fact[];
  readonly channels?: readonly Channel[];
  /** Only for contact points at a place of work. */
  readonly atWork?: true;
  readonly onlyPurposes?: readonly ContactPurpose[];
  readonly exceptPurposes?: readonly ContactPurpose[];
  readonly exceptTargets?: readonly Target[];
  /** Counted from the day the state began, that day included; absent: for as long as the fact holds. */
  readonly days?: number;
  /** How it ends, in words. */
  readonly ends: string;
}

/** Whom a contact may be with beside the customer. */
export interface ThirdPartyProvision extends Provision {
  /** They are contacted like the customer. */
  readonly likeCustomer: readonly Target[];
  /** Others may only be asked where the customer is, or to pass on a message, never about the debt; absent: not even that. */
  readonly location?: {
    readonly text: string;
    readonly when: readonly Fact[];
    readonly unless: readonly Fact[];
  };
}

// ---- what the gate does not ask ------------------------------------------------------------------------------------------

export interface Disclosure extends Provision {
  readonly channels: readonly Channel[];
  readonly on: 'first' | 'every';
}

/** After how many years a suit comes too late, and what makes them run anew. */
export interface LimitationProvision extends Provision {
  readonly years: number;
  /** Fewer in a part of the jurisdiction that the account's clock tells. */
  readonly fewerIn?: { readonly zones: readonly string[]; readonly years: number };
  /** Of what is on a timeline; what the law names and no timeline can show is left out. */
  readonly interruptedBy: readonly InterruptionKind[];
}

/** For how many days words are kept; whom a rule binds does not matter: nobody else has a number of their own. */
export interface RetentionProvision extends Provision {
  readonly days: number;
  /** Each text and note by its own time, or all of a case by its end, because the last act of collection counts. */
  readonly from: 'item' | 'case-end';
  /** What a bank may shorten it to, where it is a duty to keep for so long; absent: to a day. */
  readonly leastDays?: number;
}

/** Values of a jurisdiction that other parts of the product read. */
export interface Duties {
  /** Whom the pack's rules bind. */
  readonly actorScope: Provision;
  /** Who one speaks with is made sure of before any fact of the debt. */
  readonly identityCheck: Provision;
  readonly disclosures: readonly Disclosure[];
  /** Days to be waited out between a notice and a suit. */
  readonly noticeDays: readonly (Provision & { readonly days: number })[];
  readonly limitation: LimitationProvision;
  /** How long the words of messages and notes are kept. */
  readonly retentionDays: RetentionProvision;
  /** Every written message must say how to stop them. */
  readonly emailUnsubscribe?: Provision;
  readonly plan?: Provision & { readonly termMonthsMax?: number; readonly plansMax?: number };
  readonly visit?: Provision;
}

// ---- sets --------------------------------------------------------------------------------------------------------------

/** A set of rules: a jurisdiction's pack, or the house overlay on top of all of them. */
export interface RuleSet {
  readonly version: string;
  readonly hours: readonly HoursProvision[];
  readonly counts: readonly CountProvision[];
  readonly spacings: readonly SpacingProvision[];
  readonly grace?: GraceProvision;
  /** Contacts for these purposes are no collection: no hours, counts or stop states of this set apply to them. */
  readonly notCollection: readonly ContactPurpose[];
  /** Contacts for these purposes are neither limited by the counts and spacings of this set nor counted. */
  readonly uncounted: readonly ContactPurpose[];
  /** Messages that wait at a carrier must be handed over so long before any closing, to arrive before it. */
  readonly closingMargin?: Provision & { readonly channels: readonly Channel[]; readonly minutes: number };
}

export interface Pack extends RuleSet {
  /** The jurisdiction's name, as `CustomerUpdated.jurisdiction` gives it. */
  readonly id: string;
  /** What its rules' names begin with. */
  readonly prefix: string;
  /** In force from the midnight that begins this date in `homeZone`; the first version of a pack applies to all earlier instants. */
  readonly effectiveFrom: LocalDate;
  /** No longer in force from the midnight that begins this date, where no later version says so. */
  readonly effectiveTo?: LocalDate;
  /** Published for comment and not decided: never in force. */
  readonly draft?: true;
  readonly homeZone: string;
  readonly zones: ZoneProvision;
  /** The holiday calendar, for rules that ask for one. */
  readonly calendar: string;
  readonly thirdParties: ThirdPartyProvision;
  readonly stops: readonly StopProvision[];
  readonly duties: Duties;
}

export const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
export const WORKDAYS: readonly number[] = [1, 2, 3, 4, 5];
export const CALENDAR_DAY: Window = { kind: 'calendarDay' };
export const CALENDAR_MONTH: Window = { kind: 'calendarMonth' };

export function rollingDays(days: number): Window {
  return { kind: 'rollingDays', days };
}
