import type { Governor } from '../customer.ts';
import type { Recipient } from '../reducer/parties.ts';
import type { Journal } from './journal.ts';

/**
 * Puts onto the account's timeline by what another party of it is contacted, where that is not what it says already: their own record is on
 * no timeline of theirs, and each contact must be judged by this one alone.
 */
export function tellParty(journal: Journal, { customerId, role }: Recipient, record: Governor): void {
  const { timeZone, jurisdiction, asOf, wishes } = record;
  const told = journal.account.case?.parties?.[customerId];
  if (told !== undefined && told.role === role && told.asOf === asOf) return;
  journal.add({
    type: 'PartyUpdated',
    customerId,
    role,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(jurisdiction === undefined ? {} : { jurisdiction }),
    ...(asOf === undefined ? {} : { asOf }),
    wishes,
  });
}
