import { firstOfMonth, monthOf } from '../calendar.ts';

/**
 * Interest in whole minor units, by integer arithmetic alone: balance times rate times days over the days of a year, one division at the
 * end, halves rounded up. Rates are millionths a year, so `0.1825` is 182,500.
 */

/**
 * How a period's part of a year is counted.
 * - `ACT/365`, `ACT/360`: calendar days over 365 or 360
 * - `ACT/ACT` (ISDA): days in leap years over 366, the others over 365
 * - `30/360` (30E/360 ISDA): every month has 30 days, the last day of any month is its 30th; equal months bear equal interest
 *
 * @see https://www.isda.org/2011/12/22/isda-definitions/ section 4.16 of the 2006 definitions
 */
export const DAY_COUNTS = ['ACT/365', 'ACT/360', 'ACT/ACT', '30/360'] as const;
export type DayCount = (typeof DAY_COUNTS)[number];

export interface Rate {
  /** Millionths a year. */
  readonly micros: number;
  readonly dayCount: DayCount;
}

const MICROS = 1_000_000;
const YEAR: Readonly<Record<DayCount, number>> = { 'ACT/365': 365, 'ACT/360': 360, '30/360': 360, 'ACT/ACT': 365 * 366 };

/** A decimal fraction with at most six digits after the point, as `terms.annualRate` has it, in millionths; exact. */
export function microsOf(annualRate: string): number {
  const [whole = '0', fraction = ''] = annualRate.split('.');
  return Number(whole) * MICROS + Number(fraction.padEnd(6, '0'));
}

/** The same as text, without needless zeros. */
export function annualRateOf(micros: number): string {
  const fraction = String(micros % MICROS)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${Math.floor(micros / MICROS)}` : `${Math.floor(micros / MICROS)}.${fraction}`;
}

export function isDayCount(text: string): text is DayCount {
  return (DAY_COUNTS as readonly string[]).includes(text);
}

/** The interest of a period is balance x `factors[k]` / `divisor`, in lowest terms as far as rate and year go. */
export interface Accruals {
  readonly factors: readonly number[];
  readonly divisor: number;
}

/** What the periods from a day to the next of `days` bear; all are epoch days in order. */
export function accrualsOf(rate: Rate, from: number, days: readonly number[]): Accruals {
  const year = YEAR[rate.dayCount];
  const common = gcd(rate.micros, MICROS * year);
  const perDay = rate.micros / common;
  let start = from;
  const factors = days.map((day) => {
    const factor = perDay * dayFraction(rate.dayCount, start, day);
    start = day;
    return factor;
  });
  return { factors, divisor: (MICROS * year) / common };
}

function gcd(one: number, other: number): number {
  return other === 0 ? one : gcd(other, one % other);
}

/** The part of a year between two days, as the numerator over the year of the convention. */
function dayFraction(dayCount: DayCount, from: number, to: number): number {
  if (dayCount === '30/360') return days360(to) - days360(from);
  return dayCount === 'ACT/ACT' ? daysActual(from, to) : to - from;
}

function days360(day: number): number {
  const month = monthOf(day);
  const last = firstOfMonth(month + 1) - 1;
  return month * 30 + (day === last ? 30 : Math.min(30, day - firstOfMonth(month) + 1));
}

function daysActual(from: number, to: number): number {
  let sum = 0;
  for (let day = from; day < to; ) {
    const january = monthOf(day) - (((monthOf(day) % 12) + 12) % 12);
    const next = firstOfMonth(january + 12);
    const until = Math.min(to, next);
    sum += (until - day) * (next - firstOfMonth(january) === 366 ? 365 : 366);
    day = until;
  }
  return sum;
}

/** Interest on a balance, in minor units, halves up: the largest whole number not above the exact amount plus a half. */
export function interestOn(balanceMinor: number, factor: number, divisor: number): number {
  const exact = balanceMinor * factor;
  const half = Math.floor(divisor / 2);
  // Below 2^53 the quotient of two whole numbers is never rounded up to the next whole number: its distance to that is at least
  // 1/divisor, more than half of what a double can tell apart there.
  if (Math.abs(exact) <= Number.MAX_SAFE_INTEGER - divisor) return Math.floor((exact + half) / divisor);
  const [numerator, by] = [BigInt(balanceMinor) * BigInt(factor) + BigInt(half), BigInt(divisor)];
  const quotient = numerator / by;
  return Number(numerator < 0n && quotient * by !== numerator ? quotient - 1n : quotient);
}
