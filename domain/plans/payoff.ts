import { accrualsOf, interestOn, type Rate } from './interest.ts';
import type { Row } from './schedule.ts';

export interface RunningSchedule {
  /** Epoch day from which interest runs. */
  readonly from: number;
  readonly days: readonly number[];
  readonly rows: readonly Omit<Row, 'dueDate'>[];
  readonly rate?: Rate | undefined;
}

/**
 * What must have been paid in all for nothing to be left on a day: every instalment that fell due by then, the principal and fees of the
 * others, and the interest of the days since the last due date on that principal. What is paid early bears no interest for the time
 * it is early; what is paid late bears none for the time it is late: that is the account's matter, not the plan's.
 */
export function payoffMinor({ from, days, rows, rate }: RunningSchedule, day: number): number {
  let [sum, left, since] = [0, 0, from];
  for (const [index, row] of rows.entries()) {
    const due = days[index] ?? 0;
    if (due <= day) {
      sum += row.amountMinor;
      since = due;
    } else {
      sum += row.principalMinor + row.feesMinor;
      left += row.principalMinor;
    }
  }
  if (rate === undefined || rate.micros === 0 || left === 0 || day <= since) return sum;
  const { factors, divisor } = accrualsOf(rate, since, [day]);
  return sum + interestOn(left, factors[0] ?? 0, divisor);
}
