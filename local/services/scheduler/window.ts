import type { ScheduleExpression } from '../events/schedule.ts';

/** When a schedule may run, in milliseconds since the epoch. */
export interface Window {
  readonly start?: number;
  readonly end?: number;
}

/**
 * A schedule between its two dates. A rate runs for the first time at its start, or at once where it has none, and then each time its
 * period is over; a schedule that runs once knows neither
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based).
 */
export function within(expression: ScheduleExpression, { start, end }: Window): ScheduleExpression {
  if (expression.kind === 'at') return expression;
  const until = (at: number) => (end !== undefined && at >= end ? Number.POSITIVE_INFINITY : at);
  if (expression.kind === 'cron') {
    // A run at the very start counts.
    return { kind: 'cron', next: (after) => until(expression.next(Math.max(after, (start ?? 0) - 1))) };
  }
  if (start === undefined) return { kind: 'rate', next: (after) => until(expression.next(after)), first: until };
  const period = expression.next(0);
  return {
    kind: 'rate',
    next: (after) => until(after < start ? start : start + (Math.floor((after - start) / period) + 1) * period),
  };
}
