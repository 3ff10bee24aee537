import type { Channel, Contact, StateName } from './facts.ts';

/** The shapes of rules, as the tables in `packs.ts`, `stops.ts` and `house.ts` hold them. */

/** How well a value is known: rule text, second hand, memory, or a default of the house. */
export type Mark = 'R' | 'N' | 'M' | 'H';

/** `[from, to)`, `HH:MM` local. */
export type Span = readonly [from: string, to: string];

export interface HoursRule {
  readonly name: string;
  readonly mark: Mark;
  /** What it is about; all contacts when absent. */
  readonly concerns?: (contact: Contact) => boolean;
  readonly weekdays: Span;
  /** `closed`, or as on weekdays when absent. */
  readonly saturday?: Span | 'closed';
  readonly sunday?: Span | 'closed';
  /** Absent: holidays are days like others. */
  readonly holiday?: Span | 'closed';
  /** Another zone than the customer's. */
  readonly zone?: string;
  readonly role?: 'third-party';
}

/**
 * A contact as it was known at an instant. One that is about to be made, or was reserved and not reported on, may yet be answered: it is
 * both.
 */
export interface Seen {
  readonly contact: Contact;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly unanswered: boolean;
  readonly answered: boolean;
}

export interface CountRule {
  readonly name: string;
  readonly mark: Mark;
  /** Which contacts it counts; it concerns a new one that it would count. */
  readonly counts: (seen: Seen) => boolean;
  readonly max: number;
  /** So many consecutive local days, today included, or the local calendar month. */
  readonly days: number | 'calendar-month';
  /** `customer`: whoever made it and whatever it was about. */
  readonly per: 'customer' | 'account' | 'address';
  readonly role?: 'third-party';
  /** For calls made with consent given directly within the seven days before. */
  readonly exceptWithDirectConsent?: true;
  /** A named person's approval starts the count anew. */
  readonly untilApproved?: true;
}

/** No contact for a while after another. */
export interface PauseRule {
  readonly name: string;
  readonly mark: Mark;
  readonly concerns: (contact: Contact) => boolean;
  readonly after: (seen: Seen) => boolean;
  /** Local days from the other's own, which is day one; or so many minutes. */
  readonly days?: number;
  readonly minutes?: number;
  readonly per: 'customer' | 'account' | 'address';
  readonly role?: 'third-party';
  readonly exceptWithDirectConsent?: true;
}

/** No contact within so many days after the due date. */
export interface GraceRule {
  readonly name: string;
  readonly mark: Mark;
  readonly days: number;
}

export interface StopRule {
  readonly name: string;
  readonly mark: Mark;
  readonly state: StateName;
  /** Of the state's contacts the ones it does not forbid. */
  readonly lets?: (contact: Contact) => boolean;
  readonly role?: 'third-party';
}

/** Contacts that are not made at all. */
export interface BanRule {
  readonly name: string;
  readonly mark: Mark;
  readonly concerns: (contact: Contact) => boolean;
  readonly why: string;
}

export interface Pack {
  readonly hours: readonly HoursRule[];
  readonly counts: readonly CountRule[];
  readonly pauses: readonly PauseRule[];
  readonly grace?: GraceRule;
  readonly stops: readonly StopRule[];
  readonly bans: readonly BanRule[];
  /** Persons who are contacted like the customer. */
  readonly persons: readonly string[];
  /** Whom else one may contact: nobody, or others for their help in finding the customer. */
  readonly thirdParties: { readonly name: string; readonly mark: Mark; readonly mayHelpFind: 'never' | 'when-unreachable' | 'once' };
  /** Zones beside which another must be open too, where legal time is not the time people live by. */
  readonly legalZones?: Readonly<Record<string, string>>;
}

const WRITTEN: readonly Channel[] = ['sms', 'email', 'push', 'in-app', 'im', 'post'];

export const isCall = ({ channel }: Contact): boolean => channel === 'voice';
export const isVisit = ({ channel }: Contact): boolean => channel === 'visit';
export const isWritten = ({ channel }: Contact): boolean => WRITTEN.includes(channel);
/** An answer to a payment is no collection: no state of the case forbids it but a death, and it neither counts nor is counted. */
export const isReceipt = ({ purpose }: Contact): boolean => purpose === 'payment-acknowledgement';
export const isOutbound = ({ direction }: Contact): boolean => direction !== 'inbound';
export const isPlacedCall = ({ contact }: Seen): boolean => isCall(contact) && isOutbound(contact);
