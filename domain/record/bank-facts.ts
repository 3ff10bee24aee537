import { localDate, toMillis } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import type { Draft } from '../entries.ts';
import { DISASTER_HOLD_DAYS_MAX } from '../holds.ts';
import { toMinor } from '../money.ts';
import { REGISTERED_ADDRESS } from '../visits.ts';
import { CONTACT_QUEUES, closeTasks, closeTasksAbout, drawConsequences, openOrDrawConsequences } from './consequences.ts';
import { Contradiction, type Journal } from './journal.ts';

/** The bank's facts, recorded with what follows from them. Each takes the checked detail of its event. */

type FactOf<T extends Draft['type']> = Omit<Extract<Draft, { type: T }>, 'type' | 'caseId'>;

function sameCurrency(journal: Journal, currency: string, field: string): void {
  const known = journal.account.currency;
  if (known !== undefined && known !== currency) throw new Contradiction(field, `the account is kept in ${known}, not in ${currency}`);
}

/** Payments in another currency that came before the account was known: contradictions found later, and before a figure forgets them. */
function rejectForeignPayments(journal: Journal, currency: string): void {
  const foreign = Object.entries(journal.account.payments).filter(([, payment]) => payment.currency !== currency);
  for (const [paymentId] of foreign) journal.add({ type: 'PaymentRejected', paymentId, rule: `the account is kept in ${currency}` });
}

export function recordAccountOverdue(
  journal: Journal,
  fact: Omit<FactOf<'AccountOverdue'>, 'timeZone' | 'ownTimeZone'> & { readonly timeZone?: string | undefined },
): void {
  const { account, setting } = journal;
  const overdue = toMinor(fact.overdue);
  if (overdue === 0) throw new Contradiction('overdue.amount', 'an AccountOverdue must say that something is overdue');
  sameCurrency(journal, fact.overdue.currency, 'overdue.currency');
  if (openCase(account) !== undefined && account.customerId !== undefined && account.customerId !== fact.customerId) {
    throw new Contradiction('customerId', 'the open case of this account belongs to another customer');
  }
  const timeZone = fact.timeZone ?? setting.governor?.timeZone ?? setting.deployment.timeZone;
  if (fact.dueDate > localDate(toMillis(fact.asOf), timeZone))
    throw new Contradiction('dueDate', 'an amount is not overdue before its due date');
  const arrears = fact.arrears?.reduce((sum, row) => sum + toMinor(row.amount), 0);
  if (arrears !== undefined && arrears !== overdue) throw new Contradiction('arrears', 'the arrears must add up to the overdue amount');
  const { timeZone: ownTimeZone, ...rest } = fact;
  rejectForeignPayments(journal, fact.overdue.currency);
  journal.add({ ...rest, type: 'AccountOverdue', timeZone, ...(ownTimeZone === undefined ? {} : { ownTimeZone }) });
  openOrDrawConsequences(journal);
}

export function recordBalanceUpdated(journal: Journal, fact: FactOf<'BalanceUpdated'>): void {
  sameCurrency(journal, fact.overdue.currency, 'overdue.currency');
  const arrears = fact.arrears?.reduce((sum, row) => sum + toMinor(row.amount), 0);
  if (arrears !== undefined && arrears !== toMinor(fact.overdue))
    throw new Contradiction('arrears', 'the arrears must add up to the overdue amount');
  rejectForeignPayments(journal, fact.overdue.currency);
  journal.add({ ...fact, type: 'BalanceUpdated' });
  openOrDrawConsequences(journal);
}

export function recordPaymentReceived(journal: Journal, fact: FactOf<'PaymentReceived'>): void {
  sameCurrency(journal, fact.amount.currency, 'amount.currency');
  journal.add({ ...fact, type: 'PaymentReceived' });
  // Money that is on its way stops contact: nobody dials or sets out meanwhile.
  if (journal.account.payments[fact.paymentId]?.state === 'pending') closeTasks(journal, 'payment-pending', CONTACT_QUEUES);
  // A payment that the figure counts and that was reversed since: what is overdue rises only now that its amount is known.
  if (fact.reversedAt === undefined) drawConsequences(journal);
  else openOrDrawConsequences(journal);
}

/** Opens no case: what it asks for is not overdue. */
export function recordStatementIssued(journal: Journal, fact: Omit<FactOf<'StatementIssued'>, 'timeZone'>): void {
  const { account, setting } = journal;
  sameCurrency(journal, fact.statementBalance.currency, 'statementBalance.currency');
  if (openCase(account) !== undefined && account.customerId !== undefined && account.customerId !== fact.customerId) {
    throw new Contradiction('customerId', 'the open case of this account belongs to another customer');
  }
  rejectForeignPayments(journal, fact.statementBalance.currency);
  journal.add({ ...fact, type: 'StatementIssued', timeZone: setting.governor?.timeZone ?? setting.deployment.timeZone });
  drawConsequences(journal);
}

export function recordPaymentReversed(journal: Journal, fact: FactOf<'PaymentReversed'>): void {
  journal.add({ ...fact, type: 'PaymentReversed' });
  openOrDrawConsequences(journal);
}

/** @param releasedAt of a hold whose release came first: it counts for the days past due and interrupts nothing */
export function recordHoldPlaced(journal: Journal, fact: FactOf<'HoldPlaced'>, releasedAt?: string): void {
  checkHold(fact);
  if (journal.account.holds.some((hold) => hold.holdId === fact.holdId)) return;
  journal.add({ ...fact, type: 'HoldPlaced' });
  if (releasedAt !== undefined) journal.add({ type: 'HoldReleased', holdId: fact.holdId, releasedAt });
  drawConsequences(journal);
}

/** The rules of the contract about a hold's end. */
export function checkHold(fact: Pick<FactOf<'HoldPlaced'>, 'kind' | 'placedAt' | 'expiresAt'>): void {
  if (fact.expiresAt !== undefined && toMillis(fact.expiresAt) <= toMillis(fact.placedAt)) {
    throw new Contradiction('expiresAt', 'a hold must end after it was placed');
  }
  if (fact.kind !== 'disaster') return;
  if (fact.expiresAt === undefined) throw new Contradiction('expiresAt', 'a disaster hold needs an end');
  if (toMillis(fact.expiresAt) - toMillis(fact.placedAt) > DISASTER_HOLD_DAYS_MAX * 86_400_000) {
    throw new Contradiction('expiresAt', `a disaster hold ends after at most ${DISASTER_HOLD_DAYS_MAX} days`);
  }
}

export function recordHoldReleased(journal: Journal, fact: FactOf<'HoldReleased'>): void {
  journal.add({ ...fact, type: 'HoldReleased' });
  closeTasksAbout(journal, 'review-hold', fact.holdId, 'released');
  drawConsequences(journal);
}

export function recordCustomerUpdated(journal: Journal, fact: FactOf<'CustomerUpdated'>): void {
  journal.add({ ...fact, type: 'CustomerUpdated' });
  for (const subject of [undefined, REGISTERED_ADDRESS]) closeTasksAbout(journal, 'complete-contact-data', subject, 'known');
}
