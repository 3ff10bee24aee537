import type { Statement } from '../account-facts.ts';
import { addDays, instantAt, localDate } from '../calendar.ts';
import { spread } from '../decide/world.ts';
import type { Account, LocalDate } from '../model.ts';

/** The days before the due date of a statement on which the customer is reminded of date and amount, if it is not yet paid. */
export const PRE_DUE_DAYS = [3, 0] as const;
export type PreDueDays = (typeof PRE_DUE_DAYS)[number];

/** Reminders go at some minute from 10:00 to 17:00, the same for the same account: banks issue statements by the hundred thousand. */
const FROM_MINUTES = 10 * 60;
const SPREAD_MINUTES = 7 * 60;

export interface PreDueSlot {
  readonly days: PreDueDays;
  /** Local date on which the reminder belongs; on no other. */
  readonly date: LocalDate;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * The first reminder of a statement that is still ahead; undefined where there is none, or where nothing is asked for.
 *
 * @param after a reminder that was dealt with: only later ones are looked for
 */
export function nextPreDue(
  account: Pick<Account, 'accountId' | 'timeZone'>,
  statement: Pick<Statement, 'dueDate' | 'minimumDueMinor'>,
  now: number,
  after?: PreDueDays,
): PreDueSlot | undefined {
  if (statement.minimumDueMinor <= 0) return undefined;
  const today = localDate(now, account.timeZone);
  for (const days of PRE_DUE_DAYS) {
    if (after !== undefined && days >= after) continue;
    const date = addDays(statement.dueDate, -days);
    const at = instantAt(date, FROM_MINUTES + Math.floor(spread(account.accountId, 'pre-due') * SPREAD_MINUTES), account.timeZone);
    // On the day itself a statement that came late is still worth a word; on an earlier day the later reminder does.
    if (date > today || (date === today && (at >= now || days === 0))) return { days, date, at: Math.max(at, now) };
  }
  return undefined;
}
