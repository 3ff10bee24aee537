import { epochDay, localDay, toMillis } from '../calendar.ts';
import { isNewer } from '../ledger.ts';
import type { Case, Instant } from '../model.ts';
import { isDayCount, microsOf } from './interest.ts';
import { payoffMinor, type RunningSchedule } from './payoff.ts';
import type { Plan } from './plan.ts';

/**
 * Whether a payment is one into the plan: whatever its amount did not know of when it was agreed, also what was on its way then. Of a
 * plan that was taken over: what was paid since.
 */
export function countsTowards(
  plan: Plan,
  { paymentId, paidAt, postedAt = paidAt }: { readonly paymentId: string; readonly paidAt: Instant; readonly postedAt?: Instant },
): boolean {
  const { agreedAt, recordedAt = agreedAt, countedUntil, knownUntil, knownPayments } = plan;
  if (knownUntil !== undefined) return isNewer(postedAt, knownUntil) && !knownPayments?.includes(paymentId);
  const at = toMillis(paidAt);
  const since = at >= Math.min(toMillis(agreedAt), toMillis(recordedAt)) && (countedUntil === undefined || at > toMillis(countedUntil));
  return since && !knownPayments?.includes(paymentId);
}

/** What was paid into a plan since it was agreed, net of reversals. */
export function paidIntoPlan({ plan, payments }: Pick<Case, 'plan' | 'payments'>): number {
  if (plan === undefined) return 0;
  return payments
    .filter((payment) => !payment.reversed && countsTowards(plan, payment))
    .reduce((sum, payment) => sum + payment.amountMinor, plan.carriedMinor ?? 0);
}

function scheduleIn(plan: Plan): RunningSchedule {
  const { interest, startsOn, instalments } = plan;
  const days = instalments.map((row) => epochDay(row.dueDate));
  return {
    from: startsOn === undefined ? (days[0] ?? 0) : epochDay(startsOn),
    days,
    rows: instalments.map(({ amountMinor, interestMinor = 0, feesMinor = 0 }) => ({
      amountMinor,
      interestMinor,
      feesMinor,
      principalMinor: amountMinor - interestMinor - feesMinor,
    })),
    ...(interest !== undefined && isDayCount(interest.dayCount)
      ? { rate: { micros: microsOf(interest.annualRate), dayCount: interest.dayCount } }
      : {}),
  };
}

/** What must have been paid into a plan in all for nothing to be left of it on a day (epoch day). */
export function payoffOn(plan: Plan, day: number): number {
  return plan.interest === undefined ? plan.totalMinor : payoffMinor(scheduleIn(plan), day);
}

/**
 * Whether a plan is paid: everything, or at some payment all that was left of it on that day.
 *
 * @param zone the account's, whose days count
 */
export function isPaidOff(current: Pick<Case, 'plan' | 'payments'>, zone: string): boolean {
  const { plan } = current;
  if (plan === undefined) return false;
  const paid = paidIntoPlan(current);
  if (paid >= plan.totalMinor) return true;
  const principal = plan.instalments.reduce((sum, row) => sum + row.amountMinor - (row.interestMinor ?? 0), 0);
  if (plan.interest === undefined || paid < principal) return false;
  const counted = current.payments
    .filter((payment) => !payment.reversed && countsTowards(plan, payment))
    .map((payment) => ({ at: toMillis(payment.paidAt), amountMinor: payment.amountMinor }))
    .sort((one, other) => one.at - other.at);
  let sum = plan.carriedMinor ?? 0;
  return counted.some(({ at, amountMinor }) => {
    sum += amountMinor;
    return sum >= payoffOn(plan, localDay(at, zone));
  });
}
