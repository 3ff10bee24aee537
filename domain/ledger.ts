import type { Arrear, Figure, LedgerPayment, Statement } from './account-facts.ts';
import { DAY, toMillis } from './calendar.ts';
import type { Account, Instant, LocalDate } from './model.ts';

/**
 * The account's ledger: the core's newest figure, plus what the core did not know yet when it made it. A figure includes the
 * payments posted up to and including its `asOf`, less the reversals made up to then, and no others (contract section 2).
 */

/** By how much what happened since the figure changes what is owed; negative when more was paid. */
function sinceFigure(payment: LedgerPayment, figure: Figure | undefined): number {
  if (payment.state !== 'posted') return 0;
  const included = figure !== undefined && !isNewer(payment.postedAt, figure.asOf);
  if (!included) return payment.reversedAt === undefined ? -payment.amountMinor : 0;
  return payment.reversedAt !== undefined && isNewer(payment.reversedAt, figure.asOf) ? payment.amountMinor : 0;
}

function adjustment(account: Pick<Account, 'figure' | 'payments'>): number {
  let sum = 0;
  for (const payment of Object.values(account.payments)) sum += sinceFigure(payment, account.figure);
  return sum;
}

/** What is unpaid of amounts whose due date has passed, never below zero: an overpayment is in the balance. */
export function overdueMinor(account: Pick<Account, 'figure' | 'payments'>): number {
  return account.figure === undefined ? 0 : Math.max(0, account.figure.overdueMinor + adjustment(account));
}

/**
 * What is owed in all; negative after an overpayment. A statement newer than the core's figure says it better: what was booked since
 * is taken off it.
 */
export function balanceMinor(account: Pick<Account, 'figure' | 'payments' | 'statement'>): number {
  const { figure, statement } = account;
  if (figure === undefined) return 0;
  if (statement === undefined || !isNewer(statement.issuedAt, figure.asOf)) return figure.balanceMinor + adjustment(account);
  const issued = { ...figure, asOf: statement.issuedAt };
  return Object.values(account.payments).reduce((sum, payment) => sum + sinceFigure(payment, issued), statement.balanceMinor);
}

/** Whether what a statement asks for has come in, or is on its way. */
export function isStatementPaid(statement: Statement): boolean {
  return Object.values(statement.paid).reduce((sum, amountMinor) => sum + amountMinor, 0) >= statement.minimumDueMinor;
}

/**
 * What is left of each arrear, oldest first. Payments since the figure clear the oldest first; a reversal since then restores to
 * the oldest, whose due date is the one its case ran under.
 */
export function remainingArrears(account: Pick<Account, 'figure' | 'payments' | 'lastDueDate'>): readonly Arrear[] {
  const { figure } = account;
  if (figure === undefined) return [];
  const overdue = overdueMinor(account);
  const fallback = figure.dueDate ?? account.lastDueDate;
  if (figure.arrears === undefined || figure.arrears.length === 0) {
    return overdue === 0 || fallback === undefined ? [] : [{ dueDate: fallback, amountMinor: overdue }];
  }
  let change = overdue - figure.overdueMinor;
  const left: Arrear[] = [];
  for (const arrear of figure.arrears) {
    const amountMinor = Math.max(0, arrear.amountMinor + change);
    change = Math.min(0, arrear.amountMinor + change);
    if (amountMinor > 0) left.push({ dueDate: arrear.dueDate, amountMinor });
  }
  return left;
}

/** The due date from which days past due are counted: of the oldest amount that remains. */
export function oldestDueDate(account: Pick<Account, 'figure' | 'payments' | 'lastDueDate'>): LocalDate | undefined {
  return remainingArrears(account)[0]?.dueDate ?? account.figure?.dueDate ?? account.lastDueDate;
}

/** A pending payment that the core has not booked by then will not come: it counts for nothing any more. */
const PENDING_KEPT_MILLIS = 30 * DAY;

/** Drops the payments that the figure includes: a later reversal brings its payment's facts along. */
export function prune(payments: Account['payments'], figure: Figure): Account['payments'] {
  const kept: Record<string, LedgerPayment> = {};
  for (const [paymentId, payment] of Object.entries(payments)) {
    const booked = payment.state === 'posted' && !isNewer(payment.postedAt, figure.asOf);
    const settled = booked && (payment.reversedAt === undefined || !isNewer(payment.reversedAt, figure.asOf));
    const forgotten = payment.state === 'pending' && toMillis(payment.paidAt) + PENDING_KEPT_MILLIS < toMillis(figure.asOf);
    if (!settled && !forgotten) kept[paymentId] = payment;
  }
  return kept;
}

/** Whether a figure replaces the present one. Of two of the same instant the one that says more wins, whichever came first. */
export function replaces(figure: Figure, present: Figure | undefined): boolean {
  if (figure.asOf !== present?.asOf) return isNewer(figure.asOf, present?.asOf);
  return figure.source === 'AccountOverdue' && present.source !== 'AccountOverdue';
}

/** Whether an instant is later than another; true where there is no other. */
export function isNewer(asOf: Instant, than: Instant | undefined): boolean {
  return than === undefined || toMillis(asOf) > toMillis(than);
}
