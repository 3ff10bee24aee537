import { audit } from '../../audit/report.ts';
import type { Snapshot } from './snapshot.ts';

/** Invariant 2: what an audit of the stored table would say of the contacts. */
export function checkContacts({ items }: Snapshot, complain: (invariant: number, subject: string, why: string) => void): void {
  const { violations } = audit(items, { jurisdiction: 'CN', role: 'first-party', house: true });
  for (const { rule, customerId, contactId, at, why } of violations) complain(2, `${customerId} ${contactId} at ${at}`, `${rule}: ${why}`);
}
