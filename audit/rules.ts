import type { Channel, Contact, StateName } from './facts.ts';

/** The shapes of rules, as the tables in `packs.ts`, `stops.ts` and `house.ts` hold them. */

/** How well a value is known: rule text, second hand, memory, or chosen because no number is published. */
export type Mark = 'R' | 'N' | 'M' | 'H';

export type Role = 'first-party' | 'third-party';

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
  readonly role?: Role;
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
  /** Which new ones it concerns where those are fewer. */
  readonly concerns?: (contact: Contact) => boolean;
  readonly max: number;
  /** So many consecutive local days, today included, or the local calendar month. */
  readonly days: number | 'calendar-month';
  /** `customer`: whoever made it and whatever it was about. */
  readonly per: 'customer' | 'account' | 'address';
  readonly role?: Role;
  /** Contacts made with consent given directly within the seven days before are not among them. */
  readonly exceptWithDirectConsent?: true;
  /** A named person's approval starts the count anew. */
  readonly untilApproved?: true;
}

/** At least so long after another. */
export interface PauseRule {
  readonly name: string;
  readonly mark: Mark;
  readonly counts: (seen: Seen) => boolean;
  readonly minutes: number;
  readonly per: CountRule['per'];
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
  /** Contacts that it lets through. */
  readonly lets?: (contact: Contact) => boolean;
  /** A state that lifts it. */
  readonly unless?: StateName;
  readonly role?: Role;
}

/** Contacts that are not made at all. */
export interface BanRule {
  readonly name: string;
  readonly mark: Mark;
  readonly concerns: (contact: Contact) => boolean;
  readonly why: string;
  readonly role?: Role;
  /** Not where the customer consented directly, or wrote from the same address. */
  readonly unlessInvited?: true;
}

export interface Pack {
  readonly hours: readonly HoursRule[];
  readonly counts: readonly CountRule[];
  readonly grace?: GraceRule;
  readonly stops: readonly StopRule[];
  readonly bans: readonly BanRule[];
  /** Persons who are contacted like the customer. */
  readonly persons: readonly string[];
  /** Whom else one may contact: nobody, or others for their help in finding the customer. */
  readonly thirdParties: { readonly name: string; readonly mark: Mark; readonly mayHelpFind: 'never' | 'when-unreachable' | 'once' };
  /** Zones beside which others must be open too, where legal time is not the time people live by. */
  readonly legalZones?: Readonly<Record<string, readonly string[]>>;
}

const MESSAGES: readonly Channel[] = ['sms', 'email', 'push', 'in-app', 'im'];

export const isCall = ({ channel }: Contact): boolean => channel === 'voice';
export const isVisit = ({ channel }: Contact): boolean => channel === 'visit';
export const isLetter = ({ channel }: Contact): boolean => channel === 'post';
/** What rings or lights up where the customer is; a letter does not. */
export const isMessage = ({ channel }: Contact): boolean => MESSAGES.includes(channel);
export const isOutbound = ({ direction }: Contact): boolean => direction !== 'inbound';
export const isPlacedCall = ({ contact }: Seen): boolean => isCall(contact) && isOutbound(contact);

export const hasPurpose =
  (...purposes: string[]) =>
  ({ purpose }: Contact): boolean =>
    purposes.includes(purpose);

/** They confirm or warn, and ask for nothing: no collection. */
export const isNoCollection = hasPurpose('payment-acknowledgement', 'fraud-alert');
/** What the customer asked for, and what the law asks for. */
export const isAnswerOrNotice = hasPurpose('reply', 'verification', 'statutory-notice', 'moratorium-notice');
