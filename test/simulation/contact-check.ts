import { audit } from '../../audit/report.ts';
import type { Snapshot } from './snapshot.ts';

/** Invariants 2 and 6: what an audit of the stored table would say of the contacts, of suits that were handed over and of all other acts. */
export function checkContacts(
  { items }: Pick<Snapshot, 'items'>,
  complain: (invariant: number, subject: string, why: string) => void,
): void {
  const { violations, referrals, conduct } = audit(items, { jurisdiction: 'CN', role: 'first-party', house: true });
  for (const { rule, customerId, contactId, at, why } of violations) complain(2, `${customerId} ${contactId} at ${at}`, `${rule}: ${why}`);
  for (const { rule, accountId, seq, at, type, why } of conduct.problems)
    complain(6, `${accountId}:${seq} ${type} at ${at}`, `${rule}: ${why}`);
  for (const { accountId, seq, at, why } of referrals.problems) complain(6, `${accountId}:${seq} at ${at}`, why);
}
