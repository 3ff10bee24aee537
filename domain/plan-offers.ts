import { addDays, addMonths, localDate, toInstant, toMillis } from './calendar.ts';
import { isArranged, openCase } from './case-status.ts';
import { overdueMinor } from './ledger.ts';
import type { Account } from './model.ts';
import { toMoney } from './money.ts';
import type { Ladder } from './policy/ladder.ts';
import { CONTACT_QUEUES, closeTasks, drawConsequences } from './record/consequences.ts';
import { type Journal, Refusal } from './record/journal.ts';
import { sha256 } from './timeline.ts';

/** An arrangement that may be agreed at once. For now: interest-free equal instalments of what is overdue. */
export interface PlanOffer {
  readonly offerId: string;
  readonly kind: 'instalments';
  readonly validUntil: string;
  readonly instalments: readonly { readonly dueDate: string; readonly amountMinor: number }[];
  readonly totalMinor: number;
}

/** Equal parts whose last absorbs the rounding; sums to `totalMinor` exactly. */
export function equalParts(totalMinor: number, count: number): number[] {
  const part = Math.floor(totalMinor / count);
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? totalMinor - part * (count - 1) : part));
}

/** Why none may be offered, as a sentence; undefined when some may. */
export function noOfferReason(account: Account, ladder: Ladder): string | undefined {
  const current = openCase(account);
  if (current === undefined) return 'No case is open for this account.';
  if (current.curedAt !== undefined) return 'Nothing is overdue any more.';
  if (isArranged(current)) return 'An arrangement is already running.';
  if (current.plan?.status === 'broken') return 'An arrangement of this case was broken; a new one needs a review.';
  const minimum = ladder.plan.minimumInstalmentMinor[account.currency ?? ''] ?? 1;
  if (overdueMinor(account) < minimum * 2) return 'The overdue amount is too small for instalments.';
  return undefined;
}

/** Into how many instalments what is overdue may be divided; empty where nothing may be offered. */
function instalmentCounts(account: Account, ladder: Ladder): readonly number[] {
  if (noOfferReason(account, ladder) !== undefined) return [];
  const totalMinor = overdueMinor(account);
  const minimum = ladder.plan.minimumInstalmentMinor[account.currency ?? ''] ?? 1;
  return ladder.plan.counts.filter((count) => Math.floor(totalMinor / count) >= minimum);
}

/** Whether anything may be offered, on whatever date: the question of every decision, without making the offers. */
export function mayOffer(account: Account, ladder: Ladder): boolean {
  return instalmentCounts(account, ladder).length > 0;
}

/** What may be agreed on a local date. The same facts give the same offers with the same ids. */
export function offersOn(account: Account, ladder: Ladder, onDate: string): PlanOffer[] {
  const current = openCase(account);
  const counts = instalmentCounts(account, ladder);
  if (current === undefined || counts.length === 0) return [];
  const totalMinor = overdueMinor(account);
  const first = addDays(onDate, ladder.plan.firstAfterDays);
  return counts.map((count) => ({
    offerId: `o-${sha256(`${current.caseId}|${onDate}|${count}|${totalMinor}`).slice(0, 24)}`,
    kind: 'instalments' as const,
    validUntil: addDays(onDate, ladder.plan.offerValidDays),
    instalments: equalParts(totalMinor, count).map((amountMinor, index) => ({ dueDate: addMonths(first, index), amountMinor })),
    totalMinor,
  }));
}

/** An offer made on one of the days for which it stays valid, if the facts are still the same. */
export function findOffer(account: Account, ladder: Ladder, today: string, offerId: string): PlanOffer | undefined {
  for (let back = 0; back <= ladder.plan.offerValidDays; back += 1) {
    const offer = offersOn(account, ladder, addDays(today, -back)).find((row) => row.offerId === offerId);
    if (offer !== undefined) return offer;
  }
  return undefined;
}

export interface Agreement {
  readonly offerId: string;
  readonly agreedAt: string;
  readonly channel: string;
  readonly proofRef?: string | undefined;
}

/**
 * Agrees an offer: collection stops, calls and visits close, open promises end.
 *
 * @throws Refusal 409 where none may be agreed now, 422 for an offer that is not on the table
 */
export function recordPlanAgreed(journal: Journal, agreement: Agreement): string {
  const { account, setting } = journal;
  const reason = noOfferReason(account, setting.ladder);
  if (reason !== undefined) throw new Refusal(409, reason);
  const today = localDate(setting.now, account.timeZone);
  const offer = findOffer(account, setting.ladder, today, agreement.offerId);
  const current = openCase(account);
  if (offer === undefined || current === undefined || account.currency === undefined) {
    throw new Refusal(422, 'this offer is unknown, expired, or was made for another overdue amount', 'offerId');
  }
  const { currency } = account;
  const planId = `${current.caseId}-plan-${sha256(offer.offerId).slice(0, 8)}`;
  journal.add({
    type: 'PlanAgreed',
    planId,
    offerId: offer.offerId,
    kind: offer.kind,
    agreedAt: toInstant(toMillis(agreement.agreedAt)),
    channel: agreement.channel,
    ...(agreement.proofRef === undefined ? {} : { proofRef: agreement.proofRef }),
    total: toMoney(offer.totalMinor, currency),
    instalments: offer.instalments.map((row) => ({ dueDate: row.dueDate, amount: toMoney(row.amountMinor, currency) })),
  });
  closeTasks(journal, 'arranged', [...CONTACT_QUEUES, 'legal-review']);
  for (const promise of openCase(journal.account)?.promises ?? []) {
    if (promise.status === 'open') journal.add({ type: 'PromiseEnded', promiseId: promise.promiseId, why: 'an arrangement was agreed' });
  }
  drawConsequences(journal);
  return planId;
}
