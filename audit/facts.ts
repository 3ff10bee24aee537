/**
 * What the checker is told of one customer: the contacts, and everything that was true of the customer at their instants. All instants
 * are ISO 8601 UTC text. Nothing here comes from the gate; the names of channels and purposes are those of the timelines.
 */

export type Channel = 'sms' | 'email' | 'push' | 'in-app' | 'im' | 'voice' | 'post' | 'visit';

/** When something was recorded. Place and account say what came first of two things of one instant on one timeline. */
export interface Moment {
  readonly at: string;
  readonly accountId?: string;
  /** The place on the account's timeline. */
  readonly seq?: number;
}

/** One contact or attempt at one, whoever made it. */
export interface Contact {
  readonly id: string;
  /** When it was made. */
  readonly at: string;
  readonly channel: Channel;
  /** `conversation`: a person answered or was met, or answered a message. */
  readonly kind: 'attempt' | 'conversation';
  readonly purpose: string;
  /** Outbound when absent. */
  readonly direction?: 'inbound';
  /** `not-connected`, `voicemail`, `limited-message`, `delivered`, as far as it was said. */
  readonly outcome?: string;
  readonly actor?: string;
  readonly contactPointId?: string;
  /** Absent where nobody said which number or address it was: it then counts for all. */
  readonly addressKey?: string;
  /** The address is at a place of work. */
  readonly atWork?: boolean;
  /** No number of the customer's own is known beside those at work. */
  readonly onlyNumber?: boolean;
  /** The account it was about; absent where nobody said: it then counts for all. */
  readonly accountId?: string;
  readonly alsoAbout?: readonly string[];
  /** Who was contacted where it was not the customer: `guarantor`, `executor`, `third-party`, … */
  readonly target?: string;
  /** It was with another party of the account than its customer; and what the record has against that: they are none, or the customer came first. */
  readonly isParty?: boolean;
  readonly stranger?: string;
  readonly early?: string;
  /** When permission was taken for a call or visit that is made within the minutes after. Judged at this instant where it is there. */
  readonly reservedAt?: string;
  /** Until then a reservation that nobody reported on counts as an attempt and as a conversation; afterwards not at all. */
  readonly pendingUntil?: string;
  /** When the record learnt of it or, with `reservedAt`, of how it went. Absent: at once; with `pendingUntil`: never. */
  readonly recordedAt?: string;
  /** Its place on the timeline of `accountId`. */
  readonly seq?: number;
  /** What somebody said of a contact made: it counts against later ones and is not judged itself. */
  readonly reported?: boolean;
  /** Made without asking the gate, so that nobody judged it. */
  readonly ungated?: boolean;
}

/** Where the customer is and who collects, until the next setting. */
export interface Setting {
  /** Absent: from ever. */
  readonly from?: Moment;
  /** Only for contacts about this account; absent: for all. */
  readonly accountId?: string;
  /** A policy pack's id. */
  readonly jurisdiction: string;
  /** Every zone the customer may be in: all must be open. */
  readonly zones: readonly string[];
  readonly role: 'first-party' | 'third-party';
  /** Whether the house's own hours and caps are laid over the pack. */
  readonly house: boolean;
}

/** What the customer asked for, until the next wishes. */
export interface Wishes {
  /** Absent: from ever. */
  readonly from?: Moment;
  /** When the bank recorded them: between this and `from` those who made contact may have known of them already. */
  readonly asOf?: string;
  /** Only for contacts about this account; absent: for all. */
  readonly accountId?: string;
  /** `HH:MM-HH:MM` local; the only times at which contact is welcome. None: no such wish. */
  readonly windows: readonly string[];
  readonly inconvenient: readonly string[];
  /** The customer agreed to be contacted outside lawful hours. */
  readonly outsideHours: boolean;
}

export const STATES = [
  // What the timelines tell of an account.
  'closed',
  'cured',
  'held',
  'placed',
  'arranged',
  'promised',
  'quiet',
  // What is known of the customer, in the words of the law.
  'opted-out',
  'unusable-address',
  'plan',
  'cease-written',
  'refuses-to-pay-written',
  'represented',
  'representative-silent',
  'deceased',
  'bankrupt',
  'dispute-written',
  'objection',
  'dispute-with-grounds',
  'verification-sent',
  'breathing-space',
  'mental-health-moratorium',
  'sensitive-occasion',
  'refuses-time-barred',
  'employer-prohibits',
  'visit-refused',
  'unreachable',
  'third-party-refused',
  'located-before',
  'agency-not-announced',
  'agency-unlicensed',
] as const;
export type StateName = (typeof STATES)[number];

/** Something that was so for a while. */
export interface State {
  readonly name: StateName;
  /** Absent: from ever. */
  readonly from?: Moment;
  /** Exclusive; absent: to this day. */
  readonly to?: Moment;
  /** Only contacts about this account; absent: all of the customer's. */
  readonly accountId?: string;
  /** Only this channel, where the state is of one. */
  readonly channel?: Channel;
  /** Only this address, where the state is of one. */
  readonly addressKey?: string;
  /** A word more: the hold's kind, the finding. */
  readonly detail?: string;
}

/** The due date of the oldest unpaid amount of an account, as known from an instant on. */
export interface Due {
  readonly accountId: string;
  readonly from: Moment;
  /** A local date. */
  readonly dueDate: string;
}

/** One customer, whole. */
export interface CustomerRecord {
  readonly customerId: string;
  readonly contacts: readonly Contact[];
  /** In order of time, like the wishes. */
  readonly settings: readonly Setting[];
  readonly wishes: readonly Wishes[];
  readonly states: readonly State[];
  readonly dues: readonly Due[];
  /** Consent given directly to the collector, by its instant. */
  readonly directConsents?: readonly string[];
  /** Named persons said that contact may go on although there was much of it. */
  readonly pressureApprovals?: readonly Moment[];
  /** Local public holidays beside the calendar's. */
  readonly holidays?: readonly string[];
}

export interface Violation {
  readonly rule: string;
  readonly contactId: string;
  /** The instant it was judged at. */
  readonly at: string;
  /** A sentence for a person. */
  readonly why: string;
}
