import { hasGone, holding, isUndelivered } from '../contact-points/delivery.ts';
import type { Entry } from '../entries.ts';
import type { Case, Contact, LegalProgress } from '../model.ts';
import { countMessage, isWrittenDemand, onContactFailed, setContact, stepOf } from './contacts.ts';

/** How reports of deliveries change the case. */

/** A report of another case's message changes nothing: keys repeat from case to case. */
export function onDeliveryReported(current: Case, entry: Entry<'DeliveryReported'>): Case {
  const contact = current.contacts.find((row) => row.key === entry.key);
  if (contact === undefined || entry.caseId !== current.caseId) return current;
  const delivery = holding(contact.delivery, { status: entry.status, at: entry.reportedAt });
  const told = recounted(setContact(current, entry.key, { delivery }), contact, { delivery });
  if (contact.status === 'lost' && hasGone({ delivery })) return went(told, entry);
  return { ...told, legal: withoutService(told) };
}

/** A demand that came back was none, until another report says that it arrived after all. */
function recounted(current: Case, before: Contact, after: Pick<Contact, 'delivery'>): Case {
  if (before.sentAt === undefined || !isWrittenDemand(before) || isUndelivered(before) === isUndelivered(after)) return current;
  return { ...current, writtenDemands: current.writtenDemands + (isUndelivered(after) ? -1 : 1) };
}

/** Nobody knew whether the provider took it; where a report has come since, it did. */
export function onContactLost(current: Case, entry: Entry<'ContactLost'>): Case {
  const contact = current.contacts.find((row) => row.key === entry.key);
  return contact !== undefined && hasGone(contact) ? went(current, entry) : onContactFailed(current, entry);
}

function went(current: Case, entry: Pick<Entry, 'at'> & { readonly key: string }): Case {
  return countMessage(setContact(current, entry.key, { status: 'sent', sentAt: entry.at }), entry);
}

/**
 * A notice that came back was never served, however late that is known. What was built on it goes with it: its period did not run, and
 * evidence and approval speak of a service that was none.
 */
function withoutService(current: Case): LegalProgress {
  const { legal } = current;
  if (legal.noticeServedAt === undefined || legal.referredAt !== undefined) return legal;
  const cameBack = (key: string) =>
    current.contacts.some((contact) => stepOf(contact.key) === stepOf(key) && contact.sentAt !== undefined && isUndelivered(contact));
  if (!legal.noticeContactKeys.every(cameBack)) return legal;
  const { noticeServedAt: _served, evidenceHash: _hash, evidenceRef: _ref, evidenceAt: _at, ...approved } = legal;
  const { approvedBy: _by, approvedAt: _when, ...rest } = approved;
  return rest;
}
