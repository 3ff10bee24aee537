import { localDate, localMinutes, toMillis } from '../calendar.ts';
import type { Entry } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import { type Account, type Case, type Contact, type Instant, MESSAGE_CHANNELS } from '../model.ts';
import { type CaseImport, type ImportedContact, isWrittenNotice, offeredAt, type WaitingImport } from '../take-over/import.ts';
import { triedOn, withContact } from './case.ts';

/** How a case that ran elsewhere becomes part of one here: its acts count as if they had been made here, each at its own time. */

export function onCaseImported(account: Account, entry: Entry<'CaseImported'>): Account {
  const { importId, customerId, asOf, openedAt, stage, contacts, promises, plan, notices, waitsUntil } = entry;
  const known: WaitingImport = { importId, customerId, asOf, openedAt, stage, contacts, promises, notices, waitsUntil };
  return { ...account, import: plan === undefined ? known : { ...known, plan } };
}

export function onImportRejected(account: Account, { importId }: Entry<'ImportRejected'>): Account {
  const { import: waiting, ...rest } = account;
  return waiting?.importId === importId ? rest : account;
}

export function onCaseTakenOver(account: Account, entry: Entry<'CaseTakenOver'>): Account {
  const { import: waiting, ...rest } = account;
  const { case: current } = rest;
  if (waiting?.importId !== entry.importId || current?.status !== 'open') return account;
  const acted = [...waiting.contacts]
    .sort((one, other) => toMillis(one.at) - toMillis(other.at))
    .reduce((folded, contact) => withImported(folded, contact, account.timeZone), withLedger(current, account));
  const { importId, asOf, openedAt } = waiting;
  const { claimed, why, contacts, contactsFrom, onDate } = entry;
  const takenOver = { importId, asOf, openedAt, claimed, why, contacts, contactsFrom, takenOverOn: onDate };
  return { ...rest, case: { ...withNotices(withNewest(acted, waiting), waiting, entry), takenOver } };
}

/** Payments that came before the case may be what keeps its promises. */
function withLedger(current: Case, { payments }: Account): Case {
  const known = new Set(current.payments.map(({ paymentId }) => paymentId));
  const booked = Object.entries(payments).filter(([paymentId, { state }]) => state === 'posted' && !known.has(paymentId));
  const rows = booked.map(([paymentId, { amountMinor, paidAt, postedAt, reversedAt }]) => ({
    paymentId,
    amountMinor,
    paidAt,
    ...(postedAt === paidAt ? {} : { postedAt }),
    ...(reversedAt === undefined ? {} : { reversed: true as const }),
  }));
  return rows.length === 0 ? current : { ...current, payments: [...rows, ...current.payments] };
}

function isMessage({ channel, direction }: ImportedContact): boolean {
  return direction === undefined && (MESSAGE_CHANNELS as readonly string[]).includes(channel);
}

function later(before: Instant | undefined, at: Instant | undefined): Instant | undefined {
  return at !== undefined && isNewer(at, before) ? at : before;
}

/** More than the ladder ever makes; the newest say when the next may be. */
const VISITS_KEPT = 12;

function withImported(current: Case, contact: ImportedContact, zone: string): Case {
  const { channel, kind, at, direction, outcome = 'other', contactPointId } = contact;
  const spoken = kind === 'conversation';
  const counted = withContact(current, spoken, outcome, direction === undefined);
  // They come in the order of their times.
  const told = spoken ? { ...counted, callsSinceMessage: 0, lastConversationAt: at } : counted;
  if (direction === 'inbound') return told;
  if (channel === 'visit') return { ...told, visits: [...told.visits, { taskId: 'imported', at, outcome }].slice(-VISITS_KEPT) };
  if (isMessage(contact)) return withMessage(told, at);
  const when = { onDate: localDate(toMillis(at), zone), minutesOfDay: localMinutes(toMillis(at), zone) };
  return {
    ...told,
    tries: triedOn(told, contactPointId, when),
    callsWorkedByStage: { ...told.callsWorkedByStage, call: (told.callsWorkedByStage.call ?? 0) + 1 },
    lastCallEndedAt: at,
    ...(contactPointId === undefined ? {} : { lastCallPointId: contactPointId }),
    callsSinceMessage: spoken ? 0 : told.callsSinceMessage + 1,
  };
}

/** Whatever stage it was written in elsewhere, it is what the first stage of the ladder asks for. */
function withMessage(current: Case, at: Instant): Case {
  const sentByStage = { ...current.sentByStage, reminder: (current.sentByStage.reminder ?? 0) + 1 };
  return { ...current, sentByStage, lastMessageAt: at, callsSinceMessage: 0 };
}

/** Of the messages the newest stay as such: what they became may be known only days later. */
const MESSAGES_KEPT = 8;

function withNewest(current: Case, { contacts }: CaseImport): Case {
  const messages = contacts.filter(isMessage).sort((one, other) => toMillis(one.at) - toMillis(other.at));
  const rows = messages.slice(-MESSAGES_KEPT).map(({ channel, at, outcome, contactPointId = '' }, index): Contact => {
    const arrived = outcome === 'delivered' ? { delivery: { status: 'delivered', at } as const } : {};
    const made = { channel, contactPointId, template: 'imported', purpose: 'collection', stage: 'reminder', status: 'sent' } as const;
    return { key: `imported-${index + 1}_1`, ...made, at, sentAt: at, ...arrived };
  });
  return rows.length === 0 ? current : { ...current, contacts: [...rows, ...current.contacts] };
}

/** A notice that was served is proof of a message, also where the contact that carried it is not listed. */
function withNotices(current: Case, imported: CaseImport, { writtenDemands }: Entry<'CaseTakenOver'>): Case {
  const written = imported.notices.filter(isWrittenNotice).map(({ at }) => at);
  const { sentByStage, lastMessageAt } = current;
  const reminder = Math.max(sentByStage.reminder ?? 0, written.length);
  const last = written.reduce(later, lastMessageAt);
  const offered = [offeredAt(imported)].reduce(later, current.planOfferedAt);
  return {
    ...current,
    writtenDemands: current.writtenDemands + writtenDemands,
    ...(reminder === 0 ? {} : { sentByStage: { ...sentByStage, reminder } }),
    ...(last === undefined ? {} : { lastMessageAt: last }),
    ...(offered === undefined ? {} : { planOfferedAt: offered }),
  };
}
