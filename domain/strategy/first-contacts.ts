import { addDays, startOfDay } from '../calendar.ts';
import { spread, type World } from '../decide/world.ts';
import type { LocalDate } from '../model.ts';

/** A book that was taken over is not called and written to on its first day: each case has a day of its own for that. */

const MIDNIGHT_SPREAD_MILLIS = 10 * 60_000;

/** When a case that was taken over may first be contacted by us; undefined once that has passed. */
export function firstContactFrom({ account, current, now }: Pick<World, 'account' | 'current' | 'now'>): number | undefined {
  const { takenOver } = current;
  if (takenOver === undefined) return undefined;
  const opens = startOfDay(takenOver.contactsFrom, account.timeZone);
  const at = opens + Math.floor(spread(account.accountId, 'midnight') * MIDNIGHT_SPREAD_MILLIS);
  return at > now ? at : undefined;
}

/** The first day on which an instalment counts as missed; of one that was due before the case was taken over, the day of the first contact. */
export function missedFrom({ current }: Pick<World, 'current'>, dueDate: LocalDate): LocalDate {
  const { takenOver } = current;
  return takenOver !== undefined && dueDate < takenOver.takenOverOn ? takenOver.contactsFrom : addDays(dueDate, 1);
}
