import type { Ending } from './account-words.ts';
import { localDate, toMillis } from './calendar.ts';
import { isNewer, oldestDueDate } from './ledger.ts';
import type { Account, AccountStatus, CloseReason, Instant } from './model.ts';

/** What ends a case for another reason than a cure, and what may still open one on the same debt. */

/**
 * `byReversal`: money ended it, so money that comes back undoes that. `byRecall`: it was given away, and the core may take it back.
 * Of the others nothing opens a case but what falls due afterwards.
 */
const REOPENED: Readonly<Record<CloseReason, { readonly byReversal: boolean; readonly byRecall: boolean }>> = {
  settled: { byReversal: true, byRecall: false },
  'plan-completed': { byReversal: true, byRecall: false },
  closed: { byReversal: true, byRecall: true },
  sold: { byReversal: false, byRecall: true },
  transferred: { byReversal: false, byRecall: true },
  'charged-off': { byReversal: false, byRecall: false },
  'written-off': { byReversal: false, byRecall: false },
  deceased: { byReversal: false, byRecall: false },
  bankrupt: { byReversal: false, byRecall: false },
  'time-barred': { byReversal: false, byRecall: false },
};

type FinalStatus = Exclude<AccountStatus, 'placed' | 'recalled'>;

/** Whether the core's word on an account ends its case; the reason is the word itself. */
export function isFinal(status: AccountStatus): status is FinalStatus {
  return status !== 'placed' && status !== 'recalled';
}

/** Whether what is overdue was due when something was said: what fell due later is another debt. */
export function wasDueAt(account: Account, at: Instant): boolean {
  const dueDate = oldestDueDate(account);
  return dueDate === undefined || dueDate <= localDate(toMillis(at), account.timeZone);
}

/** What of an ending says whether it stands. */
type Said = Pick<Ending, 'reason' | 'endedAt' | 'withdrawnAt' | 'how'>;

/** Whether something newer undid an ending, or it was an error. */
export function isUndone(account: Account, { reason, endedAt, withdrawnAt, how }: Said): boolean {
  if (withdrawnAt !== undefined || (how === 'status' && isRetracted(account, reason, endedAt))) return true;
  const { byReversal, byRecall } = REOPENED[reason];
  const recalledAt = account.standing?.recalledAt;
  if (byRecall && recalledAt !== undefined && isNewer(recalledAt, endedAt)) return true;
  return byReversal && account.reversedAt !== undefined && isNewer(account.reversedAt, endedAt);
}

/** Whether the core took back, then or later, what it had said of the account. */
export function isRetracted({ retracted = {} }: Pick<Account, 'retracted'>, status: AccountStatus | CloseReason, saidAt: Instant): boolean {
  const words: Readonly<Record<string, Instant>> = retracted;
  const retractedAt = words[status];
  return retractedAt !== undefined && !isNewer(saidAt, retractedAt);
}

/** The ending that what is overdue falls under, so that no case opens on it; undefined where one may. */
export function endingOf(account: Account): Said | undefined {
  return endingsOf(account).find((ending) => wasDueAt(account, ending.endedAt) && !isUndone(account, ending));
}

/** Whether the account was given up, sold or settled after a statement of it went out: what that asks for is nobody's any more. */
export function hasEndedSince(account: Account, issuedAt: Instant): boolean {
  return endingsOf(account).some((ending) => !isNewer(issuedAt, ending.endedAt) && !isUndone(account, ending));
}

function endingsOf({ standing, suit, case: last }: Account): Said[] {
  const endings: Said[] = [];
  for (const [status, endedAt] of Object.entries(standing?.ended ?? {}) as [AccountStatus, Instant][])
    if (isFinal(status)) endings.push({ reason: status, endedAt, how: 'status' });
  if (suit?.settledAt !== undefined) endings.push({ reason: 'settled', endedAt: suit.settledAt, how: 'court' });
  if (last?.ending !== undefined) endings.push(last.ending);
  return endings;
}
