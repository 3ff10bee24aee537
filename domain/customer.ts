import type { Channel, Hold, Instant, Purpose } from './model.ts';

/** The customer: contact points, what is known of their addresses, and the contacts that are counted. No personal data either. */

export interface ContactPoint {
  readonly id: string;
  readonly channel: Channel;
  readonly owner: 'self' | 'work' | 'third-party';
  readonly consent?: boolean;
  /** A code of the region in which an address lies, as the bank cuts its areas. */
  readonly area?: string;
  /** Since when this id names another address than before. */
  readonly renewedAt?: Instant;
  /** A salted hash of the address: what is learnt about an address stays with it, without the address being here. */
  readonly addressKey: string;
}

export type AddressFinding =
  | 'number-dead'
  | 'wrong-number'
  | 'opted-out'
  | 'bounced'
  | 'complained'
  | 'undeliverable'
  | 'address-invalid'
  | 'moved'
  | 'malformed';

/** How messages to an address fared, as far as it matters for the next: the failures since one last arrived, oldest first. */
export interface AddressHealth {
  readonly arrivedAt?: Instant;
  readonly failures: readonly { readonly contactId: string; readonly at: Instant }[];
}

/** One counted contact with the customer, over all accounts, agencies and channels. */
export interface ContactRow {
  readonly id: string;
  readonly at: Instant;
  readonly channel: Channel;
  /** A message counts as `attempt`; an answered call or a person met as `conversation`. */
  readonly kind: 'attempt' | 'conversation';
  /** Absent where whoever reported the contact did not say which number or address it was. */
  readonly contactPointId?: string;
  readonly addressKey?: string;
  /** The account it was about; absent where none was named: it then counts for all. */
  readonly accountId?: string;
  /** Further accounts that the same contact was about: it counts once for the customer, and for each of them. */
  readonly alsoAbout?: readonly string[];
  /** Formal and statutory notices stand outside the house caps. */
  readonly purpose: Purpose;
  /** Outbound when absent. */
  readonly direction?: 'inbound';
  /** How it ended, as far as a rule asks: `not-connected`, `voicemail`, `limited-message`, `delivered`. */
  readonly outcome?: string;
  /** Who made it where it was not the bank itself. */
  readonly actor?: string;
  /** A reservation that nobody has reported on yet: until then it counts as an attempt and as a conversation, afterwards not at all. */
  readonly pendingUntil?: Instant;
}

/** The customer as the gate sees it: kept in the governor item, one version over everything in it. */
export interface Governor {
  readonly customerId: string;
  readonly known: boolean;
  readonly asOf?: Instant;
  readonly timeZone?: string;
  readonly locale?: string;
  readonly jurisdiction?: string;
  readonly points: readonly ContactPoint[];
  /** By address key what is true of the address on every channel, by `<channel>|<address key>` what is true on one. */
  readonly findings: Readonly<Record<string, AddressFinding>>;
  /** By `<channel>|<address key>`; absent where no report came yet. */
  readonly health?: Readonly<Record<string, AddressHealth>>;
  readonly wishes: { readonly windows: readonly string[]; readonly inconvenient: readonly string[]; readonly optedOut: readonly Channel[] };
  readonly contacts: readonly ContactRow[];
  readonly holds: readonly Hold[];
  readonly openCases: readonly { readonly accountId: string; readonly caseId: string }[];
}
