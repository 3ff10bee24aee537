import { localDate, toMillis } from '../calendar.ts';
import { isArranged, isCured, openCase } from '../case-status.ts';
import { activeHold } from '../holds.ts';
import { oldestDueDate, overdueMinor } from '../ledger.ts';
import type { Case, Promise_, Queue } from '../model.ts';
import { toMoney } from '../money.ts';
import { sha256 } from '../timeline.ts';
import { ENTRY_STAGE } from '../transitions.ts';
import type { Journal } from './journal.ts';

/**
 * What follows from facts at once, in the fact's own transaction: a case opens, is cured, is held; promises are kept, instalments
 * paid; tasks that have lost their point close.
 */
export function drawConsequences(journal: Journal): void {
  openIfOverdue(journal);
  if (openCase(journal.account) === undefined) return;
  countTowardsPromises(journal);
  countTowardsPlan(journal);
  cureOrUndo(journal);
  holdOrResume(journal);
}

/** At most 48 characters; nothing of the account's own id, so that any 64-character id fits. */
export function caseIdOf(accountId: string, number: number): string {
  return `c-${sha256(accountId).slice(0, 24)}-${number}`;
}

function openIfOverdue(journal: Journal): void {
  const { account, setting } = journal;
  const dueDate = oldestDueDate(account);
  const { currency, customerId } = account;
  if (openCase(account) !== undefined || isCured(account, setting.ladder)) return;
  if (customerId === undefined || currency === undefined || dueDate === undefined) return;
  const previous = account.case?.caseId;
  const onDate = localDate(setting.now, account.timeZone);
  const caseId = caseIdOf(account.accountId, account.caseCount + 1);
  const { governor } = setting;
  if (governor?.known && !account.customerKnown) {
    const timeZone = governor.timeZone ?? setting.deployment.timeZone;
    journal.add({
      type: 'CustomerUpdated',
      customerId,
      timeZone,
      locale: governor.locale ?? setting.deployment.locale,
      jurisdiction: governor.jurisdiction ?? setting.deployment.jurisdiction,
      contactPoints: governor.points.length,
    });
  }
  for (const hold of governor?.holds ?? []) {
    if (account.holds.some((known) => known.holdId === hold.holdId)) continue;
    const { holdId, kind, placedAt, expiresAt, releasedAt } = hold;
    journal.add({ type: 'HoldPlaced', holdId, kind, placedAt, customerWide: true, ...(expiresAt === undefined ? {} : { expiresAt }) });
    if (releasedAt !== undefined) journal.add({ type: 'HoldReleased', holdId, releasedAt });
  }
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
}

/** Closes the open tasks of the given queues, with the reason. */
export function closeTasks(journal: Journal, reason: string, queues?: readonly Queue[]): void {
  for (const task of openCase(journal.account)?.tasks ?? []) {
    if (queues === undefined || queues.includes(task.queue)) {
      journal.add({ type: 'TaskClosed', taskId: task.taskId, queue: task.queue, objective: task.objective, reason });
    }
  }
}

// ---- promises --------------------------------------------------------------------------------------------------------

/** What was paid, net of reversals, from the recording of a promise until its grace ended, less what earlier promises used up. */
export function paidTowards(current: Case, promise: Promise_, zone: string, graceDays: number): number {
  const window = (row: Promise_, paidAt: string) =>
    toMillis(paidAt) >= toMillis(row.recordedAt) - 86_400_000 && daysAfter(row.date, localDate(toMillis(paidAt), zone)) <= graceDays;
  let paid = 0;
  for (const payment of current.payments) {
    if (!payment.reversed && window(promise, payment.paidAt)) paid += payment.amountMinor;
  }
  for (const earlier of current.promises) {
    if (earlier.promiseId === promise.promiseId) break;
    if (earlier.taskId === promise.taskId && earlier.status !== 'ended') paid -= earlier.amountMinor;
  }
  return Math.max(0, paid);
}

function daysAfter(date: string, other: string): number {
  return Math.round((Date.parse(other) - Date.parse(date)) / 86_400_000);
}

function countTowardsPromises(journal: Journal): void {
  const { ladder } = journal.setting;
  for (const promise of openCase(journal.account)?.promises ?? []) {
    const current = openCase(journal.account);
    const currency = journal.account.currency;
    if (promise.status !== 'open' || current === undefined || currency === undefined) continue;
    const paid = paidTowards(current, promise, journal.account.timeZone, ladder.promise.graceDays);
    if (paid >= keptFrom(promise, ladder.promise.toleranceShare)) {
      journal.add({ type: 'PromiseKept', promiseId: promise.promiseId, paid: toMoney(paid, currency) });
    }
  }
}

/** The least that keeps a promise: the amount less the under-payment tolerance. */
export function keptFrom(promise: Promise_, toleranceShare: number): number {
  return Math.max(1, promise.amountMinor - Math.floor(promise.amountMinor * toleranceShare));
}

// ---- plans -----------------------------------------------------------------------------------------------------------

/** What was paid into a plan since it was agreed, net of reversals. */
export function paidIntoPlan(current: Case): number {
  const { plan } = current;
  if (plan === undefined) return 0;
  return current.payments
    .filter((payment) => !payment.reversed && toMillis(payment.paidAt) >= toMillis(plan.agreedAt))
    .reduce((sum, payment) => sum + payment.amountMinor, 0);
}

function countTowardsPlan(journal: Journal): void {
  const current = openCase(journal.account);
  const { currency } = journal.account;
  if (current?.plan === undefined || !isArranged(current) || currency === undefined) return;
  const { plan } = current;
  const paid = paidIntoPlan(current);
  let cumulative = 0;
  for (const [index, instalment] of plan.instalments.entries()) {
    cumulative += instalment.amountMinor;
    if (paid >= cumulative && instalment.status !== 'paid') {
      journal.add({ type: 'InstalmentPaid', planId: plan.planId, index, paid: toMoney(instalment.amountMinor, currency) });
    }
  }
  if (paid >= plan.totalMinor) journal.add({ type: 'PlanCompleted', planId: plan.planId, paid: toMoney(paid, currency) });
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
  }
}

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
  } else if (current.held) {
    journal.add({ type: 'JourneyResumed', why: 'No hold stops contact any more' });
  }
}
