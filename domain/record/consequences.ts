import { DAY, daysBetween, localDate, toMillis } from '../calendar.ts';
import { isArranged, isCured, openCase } from '../case-status.ts';
import { activeHold } from '../holds.ts';
import { oldestDueDate, overdueMinor } from '../ledger.ts';
import type { Case, Objective, Promise_, Queue } from '../model.ts';
import { toMoney } from '../money.ts';
import { sha256 } from '../timeline.ts';
import { ENTRY_STAGE } from '../transitions.ts';
import type { Journal } from './journal.ts';

/**
 * What follows from facts at once, in the fact's own transaction: a case opens, is cured, is held; promises are kept, instalments
 * paid; tasks that have lost their point close.
 */
export function drawConsequences(journal: Journal): void {
  if (openCase(journal.account) === undefined) return;
  countTowardsPromises(journal);
  countTowardsPlan(journal);
  cureOrUndo(journal);
  holdOrResume(journal);
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
  if (openCase(account) !== undefined || isCured(account, setting.ladder)) return;
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
}

/**
 * Where the customer's record says they are now: it may have changed while this account had no case that would have been told, and
 * whatever goes to them is judged by it.
 */
export function takeOverPlace(journal: Journal, customerId: string): void {
  const { account, setting } = journal;
  const { governor, deployment } = setting;
  if (governor === undefined) return;
  const timeZone = governor.timeZone ?? deployment.timeZone;
  const jurisdiction = governor.jurisdiction ?? deployment.jurisdiction;
  const zoneMoved = account.ownTimeZone === undefined && account.timeZone !== timeZone;
  if (governor.known && (!account.customerKnown || account.jurisdiction !== jurisdiction || zoneMoved)) {
    const locale = governor.locale ?? deployment.locale;
    journal.add({ type: 'CustomerUpdated', customerId, timeZone, locale, jurisdiction, contactPoints: governor.points.length });
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

// ---- promises --------------------------------------------------------------------------------------------------------

/**
 * What was paid, net of reversals, from a day before the recording of a promise until its grace ended, less what promises for earlier
 * dates used up: money counts towards one promise only, and a promise that got none of it takes none away.
 */
export function paidTowards(current: Case, promise: Promise_, zone: string, graceDays: number): number {
  const left = current.payments.filter((payment) => !payment.reversed).map(({ paidAt, amountMinor }) => ({ paidAt, amountMinor }));
  const inOrder = current.promises
    .filter((row) => row.status !== 'ended')
    .sort((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0));
  for (const row of inOrder) {
    const own = row.promiseId === promise.promiseId;
    let paid = 0;
    for (const payment of left) {
      const since = toMillis(payment.paidAt) >= toMillis(row.recordedAt) - DAY;
      if (!since || daysBetween(row.date, localDate(toMillis(payment.paidAt), zone)) > graceDays) continue;
      const used = own ? payment.amountMinor : Math.min(payment.amountMinor, row.amountMinor - paid);
      payment.amountMinor -= used;
      paid += used;
    }
    if (own) return paid;
  }
  return 0;
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
