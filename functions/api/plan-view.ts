import { localDay } from '../../domain/calendar.ts';
import type { Account, Case } from '../../domain/model.ts';
import { moneyOf } from '../../domain/money.ts';
import { paidIntoPlan, payoffOn } from '../../domain/plans/paid.ts';

/** The plan of a case as the API answers it; of one that runs, with what would settle it today. Undefined where there is none. */
export function planView(current: Case, account: Account, now: number): Record<string, unknown> | undefined {
  const { plan } = current;
  if (plan === undefined) return undefined;
  const money = (minor: number) => moneyOf(account, minor);
  const { planId, offerId, kind, agreedAt, status, interest, waivedMinor, bookedAt, autodebit } = plan;
  const paid = paidIntoPlan(current);
  return {
    planId,
    offerId,
    kind,
    agreedAt,
    status,
    total: money(plan.totalMinor),
    paid: money(paid),
    ...(status === 'active' ? { payoff: money(Math.max(0, payoffOn(plan, localDay(now, account.timeZone)) - paid)) } : {}),
    instalments: plan.instalments.map((row) => ({
      dueDate: row.dueDate,
      amount: money(row.amountMinor),
      ...(row.interestMinor === undefined ? {} : { interest: money(row.interestMinor) }),
      ...(row.feesMinor === undefined ? {} : { fees: money(row.feesMinor) }),
      status: row.status,
    })),
    ...(interest === undefined ? {} : { annualRate: interest.annualRate, dayCount: interest.dayCount }),
    ...(waivedMinor === undefined ? {} : { waived: money(waivedMinor) }),
    ...(autodebit === undefined ? {} : { autodebit }),
    ...(bookedAt === undefined ? {} : { bookedAt }),
  };
}
