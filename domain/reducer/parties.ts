import type { Entry } from '../entries.ts';
import type { Case, Contact, Instant } from '../model.ts';
import type { PartyRole } from '../policy/parties.ts';

/**
 * What the other parties of an account were told. It is counted by the same rules as what its customer was told, in a record of its own for
 * each: nothing of it meets a stage's minimum, is a demand on the customer, or proves that the customer's channels are exhausted.
 */

/** Another party of an account than its customer. */
export interface Recipient {
  readonly customerId: string;
  readonly role: PartyRole;
}

/**
 * What another party of an account was told about a case: by the names and rules of what its customer was told, and no part of that.
 */
export interface PartyTold extends Pick<Case, 'contacts' | 'textsSent' | 'withheld' | 'sentByStage' | 'writtenDemands' | 'lastMessageAt'> {
  readonly role: PartyRole;
  /** Of the party's own record that the timeline knows. */
  readonly asOf?: Instant;
}

/** A figure names no more parties; of those that later figures named too, no further one is written to. */
export const PARTIES_KEPT = 20;
/** Steps follow each other by number: none that has fallen out comes back. */
const CONTACTS_KEPT = 4;
const TEXTS_KEPT = 12;

const NOTHING: Omit<PartyTold, 'role'> = { contacts: [], sentByStage: {}, writtenDemands: 0 };

/** The case as one party has heard of it: all that was said is what was said to them. */
export function caseToldTo(current: Case, customerId: string): Case {
  const {
    parties,
    attempts: _attempts,
    textsSent: _texts,
    withheld: _withheld,
    lastMessageAt: _last,
    sharedAt: _shared,
    ...rest
  } = current;
  const { role: _role, asOf: _asOf, ...told } = { ...NOTHING, ...parties?.[customerId] };
  return { ...rest, ...told, ...(parties === undefined ? {} : { parties }) };
}

/** Whom an entry about a message says that it is to; undefined where that is the account's customer. */
export function recipientIn(entry: Entry): Recipient | undefined {
  if (!('role' in entry) || entry.role === undefined || entry.customerId === undefined) return undefined;
  return { customerId: entry.customerId, role: entry.role };
}

/**
 * The case after an entry about another party.
 *
 * @param reduce what the entry does to the record of whoever it is about
 */
export function withParty(current: Case, { customerId, role }: Recipient, entry: Entry, reduce: (told: Case) => Case): Case {
  const before = current.parties?.[customerId];
  const heard = caseToldTo(current, customerId);
  const after = reduce(heard);
  // A late report of another case's message says nothing of this one.
  if (after === heard && entry.type !== 'PartyUpdated') return current;
  const { contacts, textsSent, withheld, sentByStage, writtenDemands, lastMessageAt } = after;
  const asOf = entry.type === 'PartyUpdated' ? entry.asOf : before?.asOf;
  const told: PartyTold = {
    role,
    ...(asOf === undefined ? {} : { asOf }),
    contacts: contacts.slice(-CONTACTS_KEPT),
    ...(textsSent === undefined ? {} : { textsSent: textsSent.slice(-TEXTS_KEPT) }),
    ...(withheld === undefined ? {} : { withheld }),
    sentByStage,
    writtenDemands,
    ...(lastMessageAt === undefined ? {} : { lastMessageAt }),
  };
  return { ...current, parties: { ...current.parties, [customerId]: told } };
}

/** A message of a case by its key, whoever it is to, with the party where it is to one. */
export function contactOf(current: Case | undefined, key: string): { readonly contact: Contact; readonly to?: Recipient } | undefined {
  return current === undefined ? undefined : everyContact(current).find(({ contact }) => contact.key === key);
}

/** The message that a sender may have in hand. */
export function contactInDoubt(current: Case): Contact | undefined {
  return everyContact(current).find(({ contact }) => contact.status === 'reserved')?.contact;
}

function everyContact({ contacts, parties = {} }: Case): readonly { readonly contact: Contact; readonly to?: Recipient }[] {
  const toParties = Object.entries(parties).flatMap(([customerId, told]) =>
    told.contacts.map((contact) => ({ contact, to: { customerId, role: told.role } })),
  );
  return [...contacts.map((contact) => ({ contact })), ...toParties];
}
