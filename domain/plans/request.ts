import { addDays, daysBetween, localDate, toMillis } from '../calendar.ts';
import { isArranged, openCase } from '../case-status.ts';
import { overdueMinor } from '../ledger.ts';
import type { Account, Case, LocalDate } from '../model.ts';
import { ARRANGEMENTS, type Authority } from '../policy/arrangements.ts';
import type { Setting } from '../record/journal.ts';
import { catalogueOn, findOffer, givenUpMinor, type PlanOffer } from './offers.ts';
import { type PlanApproval, type PlanKind, REPLAN } from './plan.ts';
import { isGranted } from './standing.ts';

/** What a customer asked for that a person has to approve before it may be agreed. */

export interface PlanRequest {
  /** What is approved: a line of the catalogue with its number of instalments, or a second arrangement as such. */
  readonly key: string;
  readonly kind: PlanKind;
  readonly totalMinor: number;
  readonly instalments: number;
  readonly givenUpMinor: number;
  readonly authority: Authority;
}

function requestFor(offer: PlanOffer): PlanRequest | undefined {
  if (offer.needs === undefined) return undefined;
  const { key, kind, totalMinor, needs } = offer;
  return { key, kind, totalMinor, instalments: offer.instalments.length, givenUpMinor: givenUpMinor(offer), authority: needs };
}

/** What waits for an approval on a date; undefined where nothing was asked for, or what was asked for may be agreed at once. */
export function pendingRequest(account: Account, setting: Setting): PlanRequest | undefined {
  const current = openCase(account);
  if (current === undefined || isArranged(current) || current.curedAt !== undefined) return undefined;
  const today = localDate(setting.now, account.timeZone);
  const [half] = halfApprovals(current, today);
  if (half !== undefined) return requestOn(account, setting, today, half.key);
  if (current.planRequestedAt === undefined || current.planRequestedAt === current.planRequests?.declined) return undefined;
  const askedOn = localDate(toMillis(current.planRequestedAt), account.timeZone);
  if (daysBetween(askedOn, today) > setting.ladder.plan.offerValidDays) return undefined;
  const second = secondPlan(account, today);
  if (second !== undefined) return second;
  const { offerId, askedKey } = current.planRequests ?? {};
  const named = offerId === undefined ? undefined : findOffer(account, setting, today, offerId);
  // What was named on an earlier day is looked at as it is today: it may have been approved since.
  if (named !== undefined) return requestOn(account, setting, today, named.key);
  const again = askedKey === undefined ? undefined : requestOn(account, setting, today, askedKey);
  if (again !== undefined) return again;
  const all = catalogueOn(account, setting, today);
  const [first] = all;
  return first === undefined || all.some((offer) => offer.needs === undefined) ? undefined : requestFor(first);
}

/** What one of two people approved and that still counts: it lives as long as what both approved. */
export function halfApprovals({ planRequests }: Pick<Case, 'planRequests'>, today: LocalDate): readonly PlanApproval[] {
  return (planRequests?.approvals ?? []).filter(({ until }) => today <= until);
}

/** What a key asks for today; undefined where nobody has to approve it any more, or it is off the table. */
export function requestOn(account: Account, setting: Setting, today: LocalDate, key: string): PlanRequest | undefined {
  if (key === REPLAN) return secondPlan(account, today);
  const offer = catalogueOn(account, setting, today).find((row) => row.key === key);
  return offer === undefined ? undefined : requestFor(offer);
}

/** Whether what is asked for by a key may be had today, or as an offer of a day before, without giving up more than an amount. */
export function isOnTable(
  account: Account,
  setting: Setting,
  today: LocalDate,
  { key, givenUpMinor: now }: PlanRequest,
  most: number,
): boolean {
  if (now <= most) return true;
  const days = Array.from({ length: setting.ladder.plan.offerValidDays }, (_, index) => addDays(today, -1 - index));
  return days.some((day) =>
    catalogueOn(account, setting, day).some((row) => row.key === key && today <= row.validUntil && givenUpMinor(row) <= most),
  );
}

/** After a broken arrangement another one is a person's decision, once, and not at once. */
function secondPlan(account: Account, today: LocalDate): PlanRequest | undefined {
  const current = openCase(account);
  const brokenAt = current?.plan?.brokenAt;
  if (current === undefined || brokenAt === undefined || isGranted(current, REPLAN, today, 0)) return undefined;
  const { plansMax, replanAfterDays, ofReview } = ARRANGEMENTS;
  const from = addDays(localDate(toMillis(brokenAt), account.timeZone), replanAfterDays);
  if ((current.planRequests?.agreed ?? 0) >= plansMax || today < from) return undefined;
  return { key: REPLAN, kind: 'instalments', totalMinor: overdueMinor(account), instalments: 0, givenUpMinor: 0, authority: ofReview };
}
