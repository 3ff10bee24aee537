import { isUndelivered } from '../contact-points/delivery.ts';
import type { Entry } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import type { Case, Contact } from '../model.ts';
import { onAnswered } from './answers.ts';

/** How entries about messages change the case. */

/** The head item stays small: older contacts live on the timeline and in the case's counts. */
const CONTACTS_KEPT = 16;

export function onContactReserved(current: Case, entry: Entry<'ContactReserved'>): Case {
  const deferrals = current.contacts.find((row) => row.key === entry.key)?.deferrals;
  const contact: Contact = {
    key: entry.key,
    channel: entry.channel,
    contactPointId: entry.contactPointId,
    template: entry.template,
    purpose: entry.purpose,
    stage: entry.stage,
    status: 'reserved',
    at: entry.at,
    ...(deferrals === undefined ? {} : { deferrals }),
    ...(entry.text === undefined ? {} : { text: entry.text }),
  };
  return withText(withContact(noLongerWithheld(current, contact), contact), contact);
}

function noLongerWithheld({ withheld, ...current }: Case, { key }: Contact): Case {
  return withheld === undefined || withheld.key === key ? current : { ...current, withheld };
}

/** More than any case has stage messages between two figures; a text that fell out was said long ago. */
const TEXTS_KEPT = 48;

/** A text and where it goes, as the case remembers it. */
export function textAt(text: string, contactPointId: string): string {
  return `${text} ${contactPointId}`;
}

function withText(current: Case, { text, contactPointId }: Contact): Case {
  if (text === undefined) return current;
  const said = textAt(text, contactPointId);
  const others = (current.textsSent ?? []).filter((row) => row !== said);
  return { ...current, textsSent: [...others, said].slice(-TEXTS_KEPT) };
}

/** The message did not leave: its text was not said. */
function withoutText(current: Case, key: string): Case {
  const contact = current.contacts.find((row) => row.key === key);
  if (contact?.text === undefined || current.textsSent === undefined) return current;
  const said = textAt(contact.text, contact.contactPointId);
  return { ...current, textsSent: current.textsSent.filter((row) => row !== said) };
}

/** Steps whose last attempt is so many other steps ago are over: most belong to a day, and all to a stage. */
const ATTEMPTS_KEPT = 256;

/**
 * Of each step the newest attempt stays: its number says how many there were, so that none is ever made a second time. Of a contact that
 * falls out its number stays.
 */
function withContact(current: Case, contact: Contact): Case {
  const others = current.contacts.filter((row) => stepOf(row.key) !== stepOf(contact.key));
  const contacts = [...others, contact].slice(-CONTACTS_KEPT);
  const fallen = others.filter((row) => !contacts.includes(row));
  if (fallen.length === 0) return { ...current, contacts };
  const steps = new Set(fallen.map((row) => stepOf(row.key)));
  const kept = Object.entries(current.attempts ?? {}).filter(([step]) => !steps.has(step));
  const attempts = [...kept, ...fallen.map((row): [string, number] => [stepOf(row.key), attemptOf(row.key)])];
  return { ...current, contacts, attempts: Object.fromEntries(attempts.slice(-ATTEMPTS_KEPT)) };
}

/** The number of a contact's attempt at its step. */
export function attemptOf(key: string): number {
  return Number(key.slice(stepOf(key).length + 1));
}

/** The step of a contact's key, `<step>_<attempt>`. */
export function stepOf(key: string): string {
  return key.slice(0, key.lastIndexOf('_'));
}

export function setContact(current: Case, key: string, change: Partial<Contact>): Case {
  return { ...current, contacts: current.contacts.map((row) => (row.key === key ? { ...row, ...change } : row)) };
}

/** A message that asks for what is owed, as the legal way counts them. */
export function isWrittenDemand({ purpose }: Pick<Contact, 'purpose'>): boolean {
  return purpose === 'collection' || purpose === 'plan-offer';
}

/** The case with one message more that went: what the pace, the minimum of the stage and the legal way count. */
export function countMessage(current: Case, entry: Pick<Entry, 'at'> & { readonly key: string }): Case {
  const contact = current.contacts.find((row) => row.key === entry.key);
  if (contact === undefined) return current;
  // It demands nothing and is no step of the stage: neither pace nor minimum knows it.
  if (contact.purpose === 'statutory-notice') return { ...current, bureauNoticeAt: entry.at };
  if (contact.purpose === 'reply') return onAnswered(current, contact, entry);
  const isDemand = isWrittenDemand(contact);
  const legal =
    contact.purpose === 'formal-notice'
      ? { ...current.legal, noticeContactKeys: [...current.legal.noticeContactKeys, entry.key] }
      : current.legal;
  const { writeNext: _written, ...rest } = current;
  return {
    ...rest,
    ...(isDemand || current.writeNext === undefined ? {} : { writeNext: true as const }),
    legal,
    ...(contact.purpose === 'formal-notice' ? {} : { contactCount: (current.contactCount ?? 0) + 1 }),
    sentByStage: { ...current.sentByStage, [contact.stage]: (current.sentByStage[contact.stage] ?? 0) + 1 },
    writtenDemands: current.writtenDemands + (isDemand && !isUndelivered(contact) ? 1 : 0),
    lastMessageAt: entry.at,
    callsSinceMessage: 0,
  };
}

export function onContactSent(current: Case, entry: Entry<'ContactSent'>): Case {
  return countMessage(setContact(current, entry.key, { status: 'sent', sentAt: entry.at }), entry);
}

export function onContactSuppressed(current: Case, entry: Entry<'ContactSuppressed'>): Case {
  const contact: Contact = {
    key: entry.key,
    channel: entry.channel,
    contactPointId: entry.contactPointId,
    template: entry.template,
    purpose: entry.purpose,
    stage: entry.stage,
    status: 'suppressed',
    at: entry.at,
    sentAt: entry.at,
    ...(entry.text === undefined ? {} : { text: entry.text }),
  };
  return countMessage(withText(withContact(current, contact), contact), entry);
}

/** The minimum of the plan stage is an offer for this account: nothing that another account's message said replaces it. */
export function onContactShared(current: Case, { contactId, sentAt }: Entry<'ContactShared'>): Case {
  const { stage, sentByStage } = current;
  // It may be told after a later message of this account's own.
  const lastMessageAt = isNewer(sentAt, current.lastMessageAt) ? sentAt : current.lastMessageAt;
  const counted = stage === 'plan' ? sentByStage : { ...sentByStage, [stage]: (sentByStage[stage] ?? 0) + 1 };
  return {
    ...current,
    sentByStage: counted,
    ...(lastMessageAt === undefined ? {} : { lastMessageAt }),
    sharedAt: isNewer(sentAt, current.sharedAt) ? sentAt : (current.sharedAt ?? sentAt),
    sharedIds: [...(current.sharedIds ?? []), contactId].slice(-SHARED_KEPT),
  };
}

/** Of contacts that are alike the ledger keeps as many (`ALIKE_KEPT`): a row that is there is known here, or is new. */
const SHARED_KEPT = 64;

export function onContactFailed(current: Case, entry: Entry<'ContactFailed'> | Entry<'ContactLost'>): Case {
  if (entry.type === 'ContactLost') return setContact(current, entry.key, { status: 'lost' });
  return setContact(withoutText(current, entry.key), entry.key, { status: 'failed' });
}

/** The reservation was given back: what is counted is how often, so that it ends. */
export function onContactDeferred(current: Case, entry: Entry<'ContactDeferred'>): Case {
  const deferrals = (current.contacts.find((row) => row.key === entry.key)?.deferrals ?? 0) + 1;
  return setContact(withoutText(current, entry.key), entry.key, { status: 'deferred', deferrals, retryAt: entry.notBefore });
}

/** It waits since the first time that it found no way, whatever stood in it since. */
export function onContactWithheld(current: Case, entry: Entry<'ContactWithheld'>): Case {
  const { withheld } = current;
  const since = withheld?.key === entry.key ? withheld.since : entry.at;
  return { ...current, withheld: { key: entry.key, since, why: entry.why } };
}

export function onMessageImpossible(current: Case, entry: Entry<'MessageImpossible'>): Case {
  return { ...current, messageImpossibleAt: { ...current.messageImpossibleAt, [entry.stage]: entry.at } };
}
