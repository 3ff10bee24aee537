import type { Draft } from '../entries.ts';
import type { AddressFinding, Channel, DeliveryStatus, Instant } from '../model.ts';
import type { Journal } from './journal.ts';

/** A message of ours, as far as a report about it needs. */
export interface ReportedContact {
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
