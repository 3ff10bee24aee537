import { isUndelivered } from '../contact-points/delivery.ts';
import type { AddressFinding } from '../customer.ts';
import type { Draft } from '../entries.ts';
import type { Channel, DeliveryStatus, Instant } from '../model.ts';
import { contactOf, type Recipient } from '../reducer/parties.ts';
import type { Journal } from './journal.ts';

/** A message of ours, as far as a report about it needs. */
export interface ReportedContact extends Partial<Recipient> {
  readonly contactId: string;
  readonly key: string;
  readonly channel: Channel;
  /** Absent for a message outside any case. */
  readonly caseId?: string;
}

export interface DeliveryReport {
  readonly status: DeliveryStatus;
  /** When it happened, by whoever reports it. */
  readonly at: Instant;
  readonly how: 'provider' | 'gateway';
  readonly proofRef?: string;
  /** The address is not to blame: nothing is learnt of it. */
  readonly ownFault?: true;
  /** What the customer or the provider said of the address besides. */
  readonly finding?: AddressFinding;
}

/**
 * Whether a report can change what is due or planned: that a message arrived, as everybody took it to, changes nothing outside the
 * stages that ask for proof of it.
 */
export function isNews({ account }: Journal, contact: ReportedContact, { status }: DeliveryReport): boolean {
  const current = account.case;
  if (current === undefined || current.caseId !== contact.caseId) return false;
  const known = contactOf(current, contact.key)?.contact;
  if (known === undefined) return false;
  const asExpected = (status === 'accepted' || status === 'delivered') && known.status !== 'lost' && !isUndelivered(known);
  // What was to another party proves nothing of the customer.
  const needsProof =
    contact.role === undefined && (known.purpose === 'formal-notice' || current.stage === 'field-visit' || current.stage === 'legal');
  return !asExpected || needsProof;
}

/**
 * Puts a report on the record of the account; what it means for the case is read from there.
 *
 * @param finding what is known of the address now and was not before
 */
export function recordDelivery(
  journal: Journal,
  contact: ReportedContact,
  report: DeliveryReport,
  finding: AddressFinding | undefined,
): void {
  const { status, at, how, proofRef } = report;
  const draft: Draft<'DeliveryReported'> = {
    ...contact,
    type: 'DeliveryReported',
    status,
    reportedAt: at,
    how,
    ...(proofRef === undefined ? {} : { proofRef }),
    ...(finding === undefined ? {} : { finding }),
  };
  journal.add(draft);
}
