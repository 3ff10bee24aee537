import { daysBetween, localDate } from './calendar.ts';
import { activeHold, stoppedDays } from './holds.ts';
import { oldestDueDate, overdueMinor } from './ledger.ts';
import type { Account, Case, Stage } from './model.ts';
import type { Ladder } from './policy/ladder.ts';
import { treatmentOf } from './strategy/flags.ts';

export type JourneyStatus = 'open' | 'held' | 'arranged' | 'cured' | 'closed';

function toleranceMinor(account: Pick<Account, 'currency'>, ladder: Ladder): number {
  return ladder.toleranceMinor[account.currency ?? ''] ?? 0;
}

export function isCured(account: Account, ladder: Ladder): boolean {
  return overdueMinor(account) <= toleranceMinor(account, ladder);
}

/** The case that runs, if one does: neither closed nor ended. */
export function openCase(account: Account): Case | undefined {
  const owned = ownedCase(account);
  return owned?.ending === undefined ? owned : undefined;
}

/** The case that an execution owns: the one that runs, or one that has ended and that its machine has yet to close. */
export function ownedCase(account: Account): Case | undefined {
  return account.case?.status === 'open' ? account.case : undefined;
}

/**
 * Whether a named person must agree before a visit, a suit or an agency: hardship, flagged accounts, first-timers.
 *
 * @param track by what is known now, where that is at hand; else that of the last act
 */
export function needsNamedApproval(account: Account, current: Case, track = current.track): boolean {
  const flagged = (['visit', 'legal'] as const).some((act) => treatmentOf(account, act).treatment !== 'allow');
  return current.hardshipAt !== undefined || track === 'hardship' || flagged || account.facts.timesOverdueLast12Months === 0;
}

export function isArranged(current: Case): boolean {
  return current.plan?.status === 'active';
}

/** The first that applies of closed, cured, held, arranged, open (contract section 4). */
export function statusOf(account: Account, ladder: Ladder, now: number): JourneyStatus | undefined {
  const current = account.case;
  if (current === undefined) return undefined;
  if (current.status === 'closed') return current.closeReason === 'cured' ? 'cured' : 'closed';
  if (current.ending !== undefined) return 'closed';
  if (isCured(account, ladder)) return 'cured';
  if (activeHold(account.holds, now) !== undefined) return 'held';
  return isArranged(current) ? 'arranged' : 'open';
}

/** Days past due by contract: never stops. Zero on and before the due date. */
export function contractDaysPastDue(account: Account, now: number): number {
  const dueDate = oldestDueDate(account);
  return dueDate === undefined ? 0 : Math.max(0, daysBetween(dueDate, localDate(now, account.timeZone)));
}

/** Days past due of the ladder: without the days of holds that stop the clock. */
export function daysPastDue(account: Account, now: number): number {
  const dueDate = oldestDueDate(account);
  if (dueDate === undefined) return 0;
  const today = localDate(now, account.timeZone);
  return Math.max(0, daysBetween(dueDate, today) - stoppedDays(account, dueDate, today));
}

/** The highest stage whose tools the days past due allow. */
export function ceilingAt(days: number, ladder: Ladder): Stage {
  const row = ladder.ceilings.find((ceiling) => days >= ceiling.fromDaysPastDue);
  return row?.stage ?? 'reminder';
}
