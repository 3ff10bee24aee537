import { daysBetween, localDate, toMillis } from './calendar.ts';
import type { Account, Hold, LocalDate } from './model.ts';

/** Contract section 2, "Holds": whether the ladder's clock stops, and after how many days it comes up for review. */
export const HOLD_RULES: Readonly<Record<Hold['kind'], { readonly stopsClock: boolean; readonly reviewDays: number }>> = {
  dispute: { stopsClock: true, reviewDays: 30 },
  complaint: { stopsClock: true, reviewDays: 10 },
  'hardship-review': { stopsClock: true, reviewDays: 30 },
  negotiation: { stopsClock: true, reviewDays: 14 },
  'breathing-space': { stopsClock: true, reviewDays: 60 },
  'cease-contact': { stopsClock: false, reviewDays: 90 },
  represented: { stopsClock: false, reviewDays: 30 },
  bankruptcy: { stopsClock: false, reviewDays: 30 },
  deceased: { stopsClock: true, reviewDays: 30 },
  fraud: { stopsClock: true, reviewDays: 45 },
  disaster: { stopsClock: true, reviewDays: 90 },
  manual: { stopsClock: true, reviewDays: 14 },
  // An agency works an account for three months and longer; meanwhile it falls further behind as everybody else's does.
  placed: { stopsClock: false, reviewDays: 90 },
};

export const DISASTER_HOLD_DAYS_MAX = 90;

export function isActive(hold: Hold, now: number): boolean {
  return (
    hold.releasedAt === undefined && toMillis(hold.placedAt) <= now && (hold.expiresAt === undefined || toMillis(hold.expiresAt) > now)
  );
}

/** A hold whose end has passed and whose release nobody has recorded yet. */
export function hasLapsed(hold: Hold, now: number): boolean {
  return hold.releasedAt === undefined && hold.expiresAt !== undefined && toMillis(hold.expiresAt) <= now;
}

export function activeHold(holds: readonly Hold[], now: number): Hold | undefined {
  return holds.find((hold) => isActive(hold, now));
}

/** Whether a hold of a kind is in force, whichever others are. */
export function isHeldAs(kind: Hold['kind'], holds: readonly Hold[], now: number): boolean {
  return holds.some((hold) => hold.kind === kind && isActive(hold, now));
}

/** When a hold without an end comes up for review next. */
export function reviewDue(hold: Hold): number | undefined {
  if (hold.expiresAt !== undefined || hold.releasedAt !== undefined) return undefined;
  const from = hold.reviewedAt ?? hold.placedAt;
  return toMillis(from) + HOLD_RULES[hold.kind].reviewDays * 86_400_000;
}

/**
 * Elapsed local days in [dueDate, today) on which the clock stood: those with placed <= day < released or expired, as a union
 * over holds. A hold of today does not take away a day that had already passed.
 */
export function stoppedDays(account: Pick<Account, 'holds' | 'timeZone'>, dueDate: LocalDate, today: LocalDate): number {
  const spans = account.holds
    .filter((hold) => HOLD_RULES[hold.kind].stopsClock)
    .map((hold) => {
      const from = localDate(toMillis(hold.placedAt), account.timeZone);
      const ends = [hold.releasedAt, hold.expiresAt]
        .filter((end) => end !== undefined)
        .map((end) => localDate(toMillis(end), account.timeZone));
      const to = ends.sort()[0] ?? today;
      return { from: from > dueDate ? from : dueDate, to: to < today ? to : today };
    })
    .filter((span) => span.from < span.to)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  let days = 0;
  let reached = dueDate;
  for (const span of spans) {
    const from = span.from > reached ? span.from : reached;
    if (span.to > from) {
      days += daysBetween(from, span.to);
      reached = span.to;
    }
  }
  return days;
}
