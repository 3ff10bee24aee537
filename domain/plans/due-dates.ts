import { firstOfMonth, monthOf } from '../calendar.ts';

/**
 * The days of monthly instalments: the day of the month of the first, and the last day of a month that is shorter (31 January, 28
 * February, 31 March).
 *
 * @param first epoch day of the first instalment
 */
export function monthlyDays(first: number, count: number): number[] {
  const month = monthOf(first);
  let start = firstOfMonth(month);
  const offset = first - start;
  return Array.from({ length: count }, (_, index) => {
    const next = firstOfMonth(month + index + 1);
    const day = Math.min(start + offset, next - 1);
    start = next;
    return day;
  });
}

/** ISO dates of epoch days from 1970 to 9999. */
export function datesOf(days: readonly number[]): string[] {
  return days.map((day) => {
    const month = monthOf(day);
    const date = day - firstOfMonth(month) + 1;
    const ofYear = (month % 12) + 1;
    return `${1970 + Math.floor(month / 12)}-${ofYear < 10 ? '0' : ''}${ofYear}-${date < 10 ? '0' : ''}${date}`;
  });
}
