import { caseNow, dueAdvice } from '../advice.ts';
import { addBusinessDays, addDays, localDate, startOfDay, toInstant } from '../calendar.ts';
import { isArranged, isCured, openCase, ownedCase } from '../case-status.ts';
import { endingOf } from '../endings.ts';
import { activeHold, isActive } from '../holds.ts';
import { oldestDueDate, overdueMinor } from '../ledger.ts';
import type { Objective, Queue } from '../model.ts';
import { toMoney } from '../money.ts';
import { isPaidOff, paidIntoPlan } from '../plans/paid.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';
import { proposesFlagReview } from '../strategy/flags.ts';
import { sha256 } from '../timeline.ts';
import { ENTRY_STAGE } from '../transitions.ts';
import type { Journal } from './journal.ts';
import { judgePromises, reopenPromises } from './promises.ts';
import { takeOver } from './take-over.ts';

/**
 * What follows from facts at once, in the fact's own transaction: a case opens, is cured, is held; promises are kept, instalments
 * paid; tasks that have lost their point close.
 */
export function drawConsequences(journal: Journal): void {
  if (openCase(journal.account) === undefined) return;
  if (judgePromises(journal)) closeTasks(journal, 'promised', CONTACT_QUEUES);
  countTowardsPlan(journal);
  cureOrUndo(journal);
  holdOrResume(journal);
  dropFlagReviews(journal);
  giveAdvice(journal);
}

/**
 * The same for a fact that can bring an amount overdue (a figure, a reversal): only these open a case. A payment or a hold after a
 * case was closed for another reason than a cure must not start the next.
 */
export function openOrDrawConsequences(journal: Journal): void {
  openIfOverdue(journal);
  drawConsequences(journal);
}

/** At most 48 characters; nothing of the account's own id, so that any 64-character id fits. */
function caseIdOf(accountId: string, number: number): string {
  return `c-${sha256(accountId).slice(0, 24)}-${number}`;
}

function openIfOverdue(journal: Journal): void {
  const { account, setting } = journal;
  const dueDate = oldestDueDate(account);
  const { currency, customerId } = account;
  if (ownedCase(account) !== undefined || isCured(account, setting.ladder) || endingOf(account) !== undefined) return;
  if (customerId === undefined || currency === undefined || dueDate === undefined) return;
  const previous = account.case?.caseId;
  const onDate = localDate(setting.now, account.timeZone);
  const caseId = caseIdOf(account.accountId, account.caseCount + 1);
  takeOverCustomer(journal, customerId);
  journal.add({
    type: 'JourneyOpened',
    caseId,
    customerId,
    ...(previous === undefined ? {} : { previousCaseId: previous }),
    overdue: toMoney(overdueMinor(account), currency),
    dueDate,
    onDate,
    policy: setting.ladder.version,
  });
  journal.add({
    type: 'StageEntered',
    stage: ENTRY_STAGE,
    why: 'A journey starts with a reminder, whatever the days past due',
    onDate,
    rise: false,
  });
  takeOver(journal);
}

/**
 * Where the customer's record says they are now, and what they wish: it may have changed while this account had no case that would have been told, and
 * whatever goes to them is judged by it.
 */
export function takeOverPlace(journal: Journal, customerId: string): void {
  const { account, setting } = journal;
  const { governor, deployment } = setting;
  if (governor === undefined) return;
  const timeZone = governor.timeZone ?? deployment.timeZone;
  const jurisdiction = governor.jurisdiction ?? deployment.jurisdiction;
  const zoneMoved = account.ownTimeZone === undefined && account.timeZone !== timeZone;
  const isNews = governor.asOf !== account.customerAsOf || !account.customerKnown;
  if (governor.known && (isNews || account.jurisdiction !== jurisdiction || zoneMoved)) {
    const locale = governor.locale ?? deployment.locale;
    const { asOf, wishes, points } = governor;
    const place = { customerId, timeZone, locale, jurisdiction, contactPoints: points.length };
    journal.add({ type: 'CustomerUpdated', ...place, ...(asOf === undefined ? {} : { asOf }), wishes });
  }
}

/** What the customer's record says when a case opens. */
function takeOverCustomer(journal: Journal, customerId: string): void {
  takeOverPlace(journal, customerId);
  const { account, setting } = journal;
  for (const { holdId, kind, placedAt, expiresAt, releasedAt } of setting.governor?.holds ?? []) {
    const known = account.holds.find((hold) => hold.holdId === holdId);
    if (known === undefined)
      journal.add({ type: 'HoldPlaced', holdId, kind, placedAt, customerWide: true, ...(expiresAt === undefined ? {} : { expiresAt }) });
    if (releasedAt !== undefined && known?.releasedAt === undefined) journal.add({ type: 'HoldReleased', holdId, releasedAt });
  }
}

/** Closes the open tasks of the given queues, with the reason. */
export function closeTasks(journal: Journal, reason: string, queues?: readonly Queue[]): void {
  for (const task of openCase(journal.account)?.tasks ?? []) {
    if (queues === undefined || queues.includes(task.queue)) {
      journal.add({ type: 'TaskClosed', taskId: task.taskId, queue: task.queue, objective: task.objective, reason });
    }
  }
}

/** Closes the tasks that have lost what they were about. */
export function closeTasksAbout(journal: Journal, objective: Objective, subject: string | undefined, reason: string): void {
  for (const task of openCase(journal.account)?.tasks ?? []) {
    if (task.objective === objective && task.subject === subject)
      journal.add({ type: 'TaskClosed', taskId: task.taskId, queue: task.queue, objective, reason });
  }
}

// ---- plans -----------------------------------------------------------------------------------------------------------

function countTowardsPlan(journal: Journal): void {
  reopenPlan(journal);
  const current = openCase(journal.account);
  const { currency, timeZone } = journal.account;
  if (current?.plan === undefined || !isArranged(current) || currency === undefined) return;
  const { plan } = current;
  const { planId } = plan;
  const paid = paidIntoPlan(current);
  const complete = isPaidOff(current, timeZone);
  let cumulative = 0;
  for (const [index, instalment] of plan.instalments.entries()) {
    cumulative += instalment.amountMinor;
    const isPaid = paid >= cumulative;
    if (isPaid && instalment.status !== 'paid')
      journal.add({ type: 'InstalmentPaid', planId, index, paid: toMoney(instalment.amountMinor, currency) });
    if (!isPaid && instalment.status === 'paid') journal.add({ type: 'InstalmentReopened', planId, index });
  }
  if (!complete) return;
  journal.add({
    type: 'PlanCompleted',
    planId: plan.planId,
    paid: toMoney(paid, currency),
    ...(paid < plan.totalMinor ? { early: true } : {}),
    ...restToBook(journal, plan.waivedMinor, currency),
  });
  closeTasksAbout(journal, 'confirm-booking', plan.planId, 'plan-completed');
}

/** What had completed the plan was taken back while its case goes on for another reason: it is awaited again. */
function reopenPlan(journal: Journal): void {
  const current = openCase(journal.account);
  const { completedWithMinor, planId } = current?.plan ?? {};
  if (current === undefined || completedWithMinor === undefined || planId === undefined || current.legal.referredAt !== undefined) return;
  if (paidIntoPlan(current) >= completedWithMinor || isPaidOff(current, journal.account.timeZone)) return;
  journal.add({ type: 'PlanReopened', planId });
  restForPlan(journal);
}

/** While a plan runs nobody calls, visits or sues, and no promise is awaited beside it. */
export function restForPlan(journal: Journal): void {
  closeTasks(journal, 'arranged', ARRANGED_QUEUES);
  for (const promise of openCase(journal.account)?.promises ?? []) {
    if (promise.status === 'open') journal.add({ type: 'PromiseEnded', promiseId: promise.promiseId, why: 'an arrangement was agreed' });
  }
}

/** What was given up is the core's to book: nothing of it is collected before it had the time for that. */
function restToBook({ account, setting }: Journal, waivedMinor: number | undefined, currency: string) {
  if (waivedMinor === undefined) return {};
  const day = addBusinessDays(localDate(setting.now, account.timeZone), ARRANGEMENTS.waiverBookingBusinessDays);
  return { waived: toMoney(waivedMinor, currency), quietUntil: toInstant(startOfDay(addDays(day, 1), account.timeZone)) };
}

// ---- cure and hold -----------------------------------------------------------------------------------------------------

function cureOrUndo(journal: Journal): void {
  const { account, setting } = journal;
  const current = openCase(account);
  if (current === undefined || account.currency === undefined) return;
  const cured = isCured(account, setting.ladder);
  const overdue = toMoney(overdueMinor(account), account.currency);
  if (cured && current.curedAt === undefined) {
    // The core's figure alone says so: by balance. Otherwise payments since the figure cleared what it left.
    const byFigure = (account.figure?.overdueMinor ?? 0) <= (setting.ladder.toleranceMinor[account.currency] ?? 0);
    journal.add({ type: 'AccountCured', by: byFigure ? 'balance' : 'payment', overdue });
    closeTasks(journal, 'cured');
    for (const promise of openCase(journal.account)?.promises ?? []) {
      if (promise.status === 'open') journal.add({ type: 'PromiseEnded', promiseId: promise.promiseId, why: 'cured' });
    }
  } else if (!cured && current.curedAt !== undefined) {
    journal.add({ type: 'CureReversed', overdue });
    if (!isArranged(current)) reopenPromises(journal);
  }
}

/** The bank took a flag back: nobody needs to be asked about it any more. */
function dropFlagReviews(journal: Journal): void {
  const current = openCase(journal.account);
  if (current === undefined || proposesFlagReview({ account: journal.account, current })) return;
  for (const { taskId, queue, objective } of current.tasks)
    if (objective === 'review-flag') journal.add({ type: 'TaskClosed', taskId, queue, objective, reason: 'unflagged' });
}

/** What others do now and nobody here prepares any more: contact, a suit, and the reviews that would let either go on. */
export function closePressing(journal: Journal, reason: string): void {
  closeTasks(journal, reason, [...CONTACT_QUEUES, 'legal-review']);
  for (const [objective, subject] of PRESSING) closeTasksAbout(journal, objective, subject, reason);
}

const PRESSING: readonly (readonly [Objective, string])[] = [
  ['review-field-visit', 'field-visit'],
  ['review-visit', 'visits'],
  ['review-legal', 'legal'],
  ['review-pressure', 'pressure'],
];

function giveAdvice(journal: Journal): void {
  const current = openCase(journal.account);
  if (current === undefined) return;
  for (const draft of dueAdvice(caseNow(journal.account, current, journal.setting))) journal.add(draft);
}

/** The queues whose tasks close where a plan is agreed. */
const ARRANGED_QUEUES: readonly Queue[] = ['call', 'field-visit', 'legal-review', 'plan-review'];

/** The queues whose tasks close when contact stops: nobody dials or sets out meanwhile. */
export const CONTACT_QUEUES: readonly Queue[] = ['call', 'field-visit'];

function holdOrResume(journal: Journal): void {
  const { account, setting } = journal;
  const current = openCase(account);
  if (current === undefined) return;
  const hold = activeHold(account.holds, setting.now);
  if (hold !== undefined) {
    if (!current.held) journal.add({ type: 'JourneyHeld', holdId: hold.holdId, kind: hold.kind });
    closeTasks(journal, 'held', CONTACT_QUEUES);
    if (account.holds.some((row) => row.kind === 'placed' && isActive(row, setting.now))) closePressing(journal, 'placed');
  } else if (current.held) {
    journal.add({ type: 'JourneyResumed', why: 'No hold stops contact any more' });
  }
}
