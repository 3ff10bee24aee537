import type { Entry } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import type { Case, Instant, LegalProgress } from '../model.ts';
import { toMinor } from '../money.ts';
import { openInstalments } from '../plans/entries.ts';
import { countsTowards } from '../plans/paid.ts';
import { type Instalment, type Plan, type PlanRequests, type PlanWish, REPLAN } from '../plans/plan.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';

/** How entries about plans change the case: what was asked for, approved, agreed, booked, and what came of it. */

/** @param figureAsOf the core's word that the amount was computed from */
export function onPlanAgreed(current: Case, entry: Entry<'PlanAgreed'>, figureAsOf: Instant | undefined): Case {
  const { planRequestedAt: _served, ...rest } = current;
  const { terms, autodebit, proofRef, proofMissing, takenOver } = entry;
  const broughtMinor = takenOver === undefined ? 0 : toMinor(takenOver.paid);
  // What is dated ahead of the agreement cannot have been in it.
  const asOf = figureAsOf === undefined || isNewer(figureAsOf, entry.at) ? entry.at : figureAsOf;
  const known = takenOver !== undefined ? [] : current.payments.filter(({ paidAt, postedAt = paidAt }) => isNewer(postedAt, asOf));
  const ours = terms?.waived === undefined ? 0 : toMinor(terms.waived.interest) + toMinor(terms.waived.fees);
  const waived = takenOver?.waived === undefined ? ours : toMinor(takenOver.waived);
  const plan: Plan = {
    planId: entry.planId,
    offerId: entry.offerId,
    kind: entry.kind,
    agreedAt: entry.agreedAt,
    channel: entry.channel,
    ...(proofRef === undefined ? {} : { proofRef }),
    ...(proofMissing === undefined ? {} : { proofMissing }),
    status: 'active',
    instalments: paidUpTo(openInstalments(entry.instalments), broughtMinor),
    totalMinor: toMinor(entry.total),
    agreedIn: current.stage,
    recordedAt: entry.at,
    ...(autodebit === undefined ? {} : { autodebit }),
    ...(terms === undefined ? {} : { key: terms.key, startsOn: terms.startsOn }),
    ...(terms?.interest === undefined ? {} : { interest: { annualRate: terms.interest.annualRate, dayCount: terms.interest.dayCount } }),
    ...(waived === 0 ? {} : { waivedMinor: waived }),
    ...(known.length === 0 ? {} : { knownPayments: known.map(({ paymentId }) => paymentId) }),
    ...(takenOver === undefined ? { knownUntil: asOf } : { countedUntil: takenOver.asOf, carriedMinor: broughtMinor }),
  };
  // An arrangement that was agreed was offered, even where no message carried the offer.
  return {
    ...rest,
    plan,
    planOfferedAt: current.planOfferedAt ?? entry.at,
    planRequests: afterAgreement(current.planRequests, terms?.key),
    legal: withoutEvidence(current.legal),
  };
}

/** What was assembled before says nothing of the arrangement and what was paid into it: counsel sees it as it is, should it be broken. */
function withoutEvidence(legal: LegalProgress): LegalProgress {
  if (legal.referredAt !== undefined || legal.evidenceHash === undefined) return legal;
  const { evidenceHash: _hash, evidenceRef: _ref, evidenceAt: _at, approvedBy: _by, approvedAt: _when, ...rest } = legal;
  return rest;
}

/** The instalments of which everything up to them was paid before. */
function paidUpTo(instalments: readonly Instalment[], paidMinor: number): readonly Instalment[] {
  let cumulative = 0;
  return instalments.map((row) => {
    cumulative += row.amountMinor;
    return cumulative <= paidMinor ? { ...row, status: 'paid' } : row;
  });
}

/** The request is served and its approvals used up; what the core would not book, and how many plans there were, stays. */
function afterAgreement(before: PlanRequests = {}, key: string | undefined): PlanRequests {
  const { broken, rejectedKeys, wishes } = before;
  return {
    agreed: (before.agreed ?? 0) + 1,
    ...(broken === undefined ? {} : { broken }),
    ...(rejectedKeys === undefined ? {} : { rejectedKeys }),
    ...(wishes === undefined ? {} : { wishes: wishes.map((wish) => servedBy(wish, key)) }),
  };
}

/** A second arrangement as such is served by whichever was agreed. */
function servedBy(wish: PlanWish, key: string | undefined): PlanWish {
  if (wish.state === 'approved') return wish.key === key || wish.key === REPLAN ? { ...wish, state: 'agreed' } : wish;
  return wish.state === 'in-review' ? { ...wish, state: 'lapsed' } : wish;
}

/** Twice as many as a customer may make in the days for which they are counted. */
const WISHES_KEPT = 2 * ARRANGEMENTS.requests.max;

/** What a customer asked for by themselves. It moves neither score nor track: those decide what needs no approval. */
export function onPlanWished(current: Case, entry: Entry<'PlanRequested'>): Case {
  const { requestId, key, kind, months, by, at, reasonForArrears, perMonth } = entry;
  const wish: PlanWish = {
    requestId,
    key,
    kind,
    at,
    ...(months === undefined ? {} : { months }),
    ...(by === undefined ? {} : { by }),
    ...(reasonForArrears === undefined ? {} : { reasonForArrears }),
    ...(perMonth === undefined ? {} : { perMonthMinor: toMinor(perMonth) }),
    state: 'in-review',
  };
  return {
    ...current,
    planRequests: { ...current.planRequests, wishes: [...(current.planRequests?.wishes ?? []), wish].slice(-WISHES_KEPT) },
  };
}

/** The wish that a person's word is about; nobody else's changes. */
function answered(wishes: PlanRequests['wishes'], key: string, word: Pick<PlanWish, 'state' | 'decidedAt' | 'until'>) {
  if (wishes === undefined) return {};
  return { wishes: wishes.map((wish) => (wish.key === key && wish.state === 'in-review' ? { ...wish, ...word } : wish)) };
}

/** A wish that a person named: who asked, and for which offer. */
export function onPlanRequested(current: Case, { outcome, by, planOfferId, reportedAt }: Entry<'TaskOutcomeReported'>): Case {
  if (outcome !== 'plan-requested' && outcome !== 'met-plan-requested') return current;
  const { by: _by, offerId: _offer, askedKey: _asked, ...rest } = current.planRequests ?? {};
  return {
    ...current,
    planRequestedAt: reportedAt,
    planRequests: { ...rest, by, ...(planOfferId === undefined ? {} : { offerId: planOfferId }) },
  };
}

export function onPlanApproved(current: Case, entry: Entry<'PlanApproved'>): Case {
  const { key, by, until, granted } = entry;
  const before = current.planRequests ?? {};
  const others = (before.approvals ?? []).filter((row) => row.key === key && row.by !== by);
  const waivedMinor = toMinor(entry.waived);
  if (!granted) return { ...current, planRequests: { ...before, approvals: [...others, { key, by, waivedMinor, until }] } };
  const { approvals: _used, offerId: _answered, askedKey: _asked, ...rest } = before;
  const grant = { key, from: entry.at, until, waivedMinor };
  const wishes = answered(before.wishes, key, { state: 'approved', decidedAt: entry.at, until });
  return { ...current, planRequests: { ...rest, ...wishes, grants: [...(before.grants ?? []).filter((row) => row.key !== key), grant] } };
}

/** The customer is still answered: with what is offered to everybody. */
export function onPlanDeclined(current: Case, { key, at }: Entry<'PlanDeclined'>): Case {
  const { approvals: _void, offerId: _refused, askedKey: _asked, ...requests } = current.planRequests ?? {};
  const { planRequestedAt: declined } = current;
  const wishes = answered(requests.wishes, key, { state: 'declined', decidedAt: at });
  return { ...current, planRequests: { ...requests, ...wishes, ...(declined === undefined ? {} : { declined }) } };
}

/** The core's newest word counts: a booking takes back a rejection of before, and with it that this is not offered again. */
export function onPlanBooked(current: Case, { planId, bookedAt }: Entry<'PlanBooked'>): Case {
  const { plan } = current;
  if (plan?.planId !== planId || !isNewer(bookedAt, plan.bookedAt)) return current;
  if (plan.rejection === undefined || isNewer(plan.rejection.at, bookedAt)) return { ...current, plan: { ...plan, bookedAt } };
  const { rejection: _old, ...rest } = plan;
  const { rejectedKeys, ...requests } = current.planRequests ?? {};
  const others = rejectedKeys?.filter((key) => key !== plan.key) ?? [];
  return {
    ...current,
    plan: { ...rest, bookedAt },
    planRequests: { ...requests, ...(others.length === 0 ? {} : { rejectedKeys: others }) },
  };
}

/** What the core would not book is not offered again in this case; a word older than its booking changes nothing. */
export function onPlanRejected(current: Case, { planId, rejectedAt }: Entry<'PlanRejected'>): Case {
  const { plan } = current;
  if (plan?.planId !== planId || !isNewer(rejectedAt, plan.bookedAt) || !isNewer(rejectedAt, plan.rejection?.at)) return current;
  const rejected = { ...plan, rejection: { at: rejectedAt, endedIt: plan.status === 'active' || plan.rejection?.endedIt === true } };
  const before = current.planRequests ?? {};
  const keys = before.rejectedKeys ?? [];
  if (plan.key === undefined || keys.includes(plan.key)) return { ...current, plan: rejected };
  return { ...current, plan: rejected, planRequests: { ...before, rejectedKeys: [...keys, plan.key] } };
}

export function onPlanBroken(current: Case, { planId, at }: Entry<'PlanBroken'>): Case {
  if (current.plan?.planId !== planId) return current;
  const before = current.planRequests ?? {};
  return {
    ...current,
    plan: { ...current.plan, status: 'broken', brokenAt: at, endedAt: at },
    planRequests: { ...before, broken: (before.broken ?? 0) + 1 },
  };
}

export function onPlanProven(current: Case, { planId, proofRef }: Entry<'PlanProven'>): Case {
  if (current.plan?.planId !== planId) return current;
  const { proofMissing: _found, ...plan } = current.plan;
  return { ...current, plan: { ...plan, proofRef } };
}

/** What is given up has to be booked before the rest may be asked for. */
export function onPlanCompleted(current: Case, entry: Entry<'PlanCompleted'>): Case {
  const { quietUntil } = entry;
  const { plan } = current;
  const paid = plan === undefined ? current : { ...current, plan: { ...plan, completedWithMinor: toMinor(entry.paid) } };
  const done = ceased(paid, 'completed', entry.at);
  return quietUntil === undefined || (done.quietUntil !== undefined && done.quietUntil > quietUntil) ? done : { ...done, quietUntil };
}

export function onPlanReopened(current: Case): Case {
  if (current.plan === undefined) return current;
  const { endedAt: _ended, completedWithMinor: _paid, rejection: _old, ...plan } = current.plan;
  return { ...current, plan: { ...plan, status: 'active' } };
}

/** What people are asked about arrangements: which line of the catalogue, or whether the core booked one. */
export function onPlanAsked(current: Case, { objective, subject, at }: Entry<'TaskOpened'>): Case {
  if ((objective === 'approve-plan' || objective === 'approve-waiver') && subject !== undefined)
    return { ...current, planRequests: { ...current.planRequests, askedKey: subject } };
  const { plan } = current;
  if (plan === undefined) return current;
  if (objective === 'confirm-booking') return { ...current, plan: { ...plan, bookingAskedAt: at } };
  if (objective !== 'obtain-proof') return current;
  return { ...current, plan: { ...plan, proofAskedAt: at, proofAsks: (plan.proofAsks ?? 0) + 1 } };
}

export function setInstalment(current: Case, index: number, change: Partial<Instalment>): Case {
  if (current.plan === undefined) return current;
  return {
    ...current,
    plan: { ...current.plan, instalments: current.plan.instalments.map((row, at) => (at === index ? { ...row, ...change } : row)) },
  };
}

export function onPlanEnded(current: Case, { at }: Entry<'PlanEnded'>): Case {
  return ceased(current, 'ended', at);
}

function ceased(current: Case, status: Plan['status'], endedAt: Instant): Case {
  return current.plan === undefined ? current : { ...current, plan: { ...current.plan, status, endedAt } };
}

/** Payments that leave the case's list still count towards its plan: sixty months of weekly payments are more than it keeps. */
export function carryOver(current: Case, leaving: Case['payments']): Case {
  const { plan } = current;
  if (plan === undefined) return current;
  const counted = leaving.filter((row) => !row.reversed && countsTowards(plan, row));
  if (counted.length === 0) return current;
  const sum = counted.reduce((total, row) => total + row.amountMinor, plan.carriedMinor ?? 0);
  return { ...current, plan: { ...plan, carriedMinor: sum } };
}

/** A reversal of a payment that left the list: its facts come with it. */
export function takeBack(current: Case, { paymentId, payment }: Entry<'PaymentReversed'>): Case {
  const { plan } = current;
  const listed = current.payments.some((row) => row.paymentId === paymentId);
  if (plan?.carriedMinor === undefined || payment === undefined || listed) return current;
  const counted = payment.state === 'posted' && countsTowards(plan, { paymentId, ...payment });
  return counted ? { ...current, plan: { ...plan, carriedMinor: Math.max(0, plan.carriedMinor - toMinor(payment.amount)) } } : current;
}
