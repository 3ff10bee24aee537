import { audit } from '../../audit/report.ts';
import type { Snapshot } from './snapshot.ts';

/** Invariants 2 and 6: what an audit of the stored table would say of the contacts, and of the suits that were handed over. */
export function checkContacts({ items }: Snapshot, complain: (invariant: number, subject: string, why: string) => void): void {
  const { violations, referrals } = audit(items, { jurisdiction: 'CN', role: 'first-party', house: true });
  for (const { rule, customerId, contactId, at, why } of violations) complain(2, `${customerId} ${contactId} at ${at}`, `${rule}: ${why}`);
  for (const { accountId, seq, at, why } of referrals.problems) complain(6, `${accountId}:${seq} at ${at}`, why);
}
