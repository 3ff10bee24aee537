import type { AccountFacts, Figure, LedgerPayment } from '../account-facts.ts';
import { DAY, toMillis } from '../calendar.ts';
import { arrearsOf, type Entry } from '../entries.ts';
import { isNewer, prune, replaces } from '../ledger.ts';
import type { Account, Hold, Instant } from '../model.ts';
import { toMinor } from '../money.ts';

/** How entries about the account itself change it: figures, payments, holds, the customer's place. */

export function emptyAccount(accountId: string): Account {
  return { accountId, timeZone: 'UTC', customerKnown: false, facts: { flags: [] }, payments: {}, holds: [], flags: [], caseCount: 0 };
}

/** A newer figure replaces the present one; of an older one nothing stays but the due date that newer ones may lack. */
function withFigure(account: Account, figure: Figure): Account {
  const dueDate = figure.arrears?.[0]?.dueDate ?? figure.dueDate;
  const { lastDueDateAsOf } = account;
  // Of two figures of one instant the one that says more names the due date too, whichever came first.
  const names = isNewer(figure.asOf, lastDueDateAsOf) || (figure.asOf === lastDueDateAsOf && figure.source === 'AccountOverdue');
  const dated = dueDate !== undefined && names ? { ...account, lastDueDate: dueDate, lastDueDateAsOf: figure.asOf } : account;
  return replaces(figure, account.figure) ? { ...dated, figure, payments: prune(account.payments, figure) } : dated;
}

export function onAccountOverdue(account: Account, entry: Entry<'AccountOverdue'>): Account {
  const figure: Figure = {
    asOf: entry.asOf,
    source: 'AccountOverdue',
    overdueMinor: toMinor(entry.overdue),
    balanceMinor: toMinor(entry.balance),
    minimumDueMinor: toMinor(entry.minimumDue),
    dueDate: entry.dueDate,
    ...(entry.arrears === undefined ? {} : { arrears: arrearsOf(entry.arrears, toMinor) }),
  };
  const known: Account = {
    ...account,
    customerId: account.customerId ?? entry.customerId,
    currency: account.currency ?? entry.overdue.currency,
  };
  if (!isNewer(entry.asOf, account.factsAsOf)) return withFigure(known, figure);
  const facts: AccountFacts = {
    product: entry.product,
    flags: entry.flags ?? [],
    ...definedOnly({
      timesOverdueLast12Months: entry.risk?.timesOverdueLast12Months,
      willingness: entry.risk?.willingness,
      ability: entry.risk?.ability,
      score: entry.risk?.score,
      terms: entry.terms,
      parties: entry.parties,
    }),
    ...(entry.affordability === undefined
      ? {}
      : { affordability: { incomeMinor: toMinor(entry.affordability.income), expensesMinor: toMinor(entry.affordability.expenses) } }),
    ...(entry.components === undefined
      ? {}
      : {
          components: {
            principalMinor: toMinor(entry.components.principal),
            interestMinor: toMinor(entry.components.interest),
            feesMinor: toMinor(entry.components.fees),
          },
        }),
  };
  const { ownTimeZone: _earlier, ...rest } = known;
  return withFigure(
    {
      ...rest,
      customerId: entry.customerId,
      timeZone: entry.timeZone,
      ...(entry.ownTimeZone === undefined ? {} : { ownTimeZone: entry.ownTimeZone }),
      facts,
      factsAsOf: entry.asOf,
    },
    figure,
  );
}

export function onBalanceUpdated(account: Account, entry: Entry<'BalanceUpdated'>): Account {
  return withFigure(
    { ...account, currency: account.currency ?? entry.overdue.currency },
    {
      asOf: entry.asOf,
      source: 'BalanceUpdated',
      overdueMinor: toMinor(entry.overdue),
      balanceMinor: toMinor(entry.balance),
      ...(entry.arrears === undefined ? {} : { arrears: arrearsOf(entry.arrears, toMinor) }),
    },
  );
}

/** The newest statement; payments that came before it and were booked after it was issued count towards it. */
export function onStatementIssued(account: Account, entry: Entry<'StatementIssued'>): Account {
  const known: Account = {
    ...account,
    customerId: account.customerId ?? entry.customerId,
    currency: account.currency ?? entry.statementBalance.currency,
    // Until the core or the customer's record says where the account is, the statement's own dates need a zone.
    ...(account.customerId === undefined ? { timeZone: entry.timeZone } : {}),
  };
  if (!isNewer(entry.issuedAt, account.statement?.issuedAt)) return known;
  const since = Object.entries(account.payments).filter(
    ([, payment]) => payment.reversedAt === undefined && isNewer(payment.postedAt, entry.issuedAt),
  );
  return {
    ...known,
    statement: {
      statementId: entry.statementId,
      balanceMinor: toMinor(entry.statementBalance),
      minimumDueMinor: toMinor(entry.minimumDue),
      dueDate: entry.dueDate,
      issuedAt: entry.issuedAt,
      autopay: entry.autopay,
      paid: Object.fromEntries(since.map(([paymentId, payment]) => [paymentId, payment.amountMinor])),
    },
  };
}

/** A payment, or its reversal, as the newest statement sees it: figures forget payments, a statement is paid once it was. */
function towardsStatement(account: Account, paymentId: string, payment: LedgerPayment | undefined): Account {
  const { statement } = account;
  if (statement === undefined) return account;
  const { [paymentId]: _before, ...paid } = statement.paid;
  const counts = payment !== undefined && payment.reversedAt === undefined && isNewer(payment.postedAt, statement.issuedAt);
  return { ...account, statement: { ...statement, paid: counts ? { ...paid, [paymentId]: payment.amountMinor } : paid } };
}

export function onPaymentReceived(account: Account, entry: Entry<'PaymentReceived'>): Account {
  const known = account.payments[entry.paymentId];
  // `posted` replaces `pending`, whichever comes first.
  const booked = known?.state === 'posted' || account.case?.payments.some((row) => row.paymentId === entry.paymentId);
  if (booked && entry.state === 'pending') return account;
  const reversedAt = entry.reversedAt ?? known?.reversedAt;
  const payment: LedgerPayment = {
    amountMinor: toMinor(entry.amount),
    currency: entry.amount.currency,
    paidAt: entry.paidAt,
    postedAt: entry.postedAt,
    state: entry.state,
    ...(reversedAt === undefined ? {} : { reversedAt }),
  };
  const payments = { ...account.payments, [entry.paymentId]: payment };
  const stated = towardsStatement(account, entry.paymentId, payment);
  return { ...stated, payments: account.figure === undefined ? keepRecent(payments, entry.at) : prune(payments, account.figure) };
}

/** An account without a figure owes nothing that is known: its payments are kept for 120 days (contract section 1). */
const PAYMENTS_WITHOUT_CASE_DAYS = 120;

function keepRecent(payments: Account['payments'], at: Instant): Account['payments'] {
  const oldest = toMillis(at) - PAYMENTS_WITHOUT_CASE_DAYS * DAY;
  return Object.fromEntries(Object.entries(payments).filter(([, payment]) => toMillis(payment.postedAt) >= oldest));
}

export function onPaymentReversed(account: Account, entry: Entry<'PaymentReversed'>): Account {
  const known = account.payments[entry.paymentId];
  const { payment } = entry;
  // The figure may have pruned the booked payment and only its late pending twin be left here: the fact's own copy decides.
  const reversed: LedgerPayment | undefined =
    payment === undefined || known?.state === 'posted'
      ? known
      : {
          amountMinor: toMinor(payment.amount),
          currency: payment.amount.currency,
          paidAt: payment.paidAt,
          postedAt: payment.postedAt,
          state: payment.state,
        };
  const reversedAt = isNewer(entry.reversedAt, account.reversedAt) ? entry.reversedAt : account.reversedAt;
  const stated = { ...towardsStatement(account, entry.paymentId, undefined), ...(reversedAt === undefined ? {} : { reversedAt }) };
  if (reversed === undefined) return stated;
  const payments = { ...account.payments, [entry.paymentId]: { ...reversed, reversedAt: entry.reversedAt } };
  return { ...stated, payments: account.figure === undefined ? payments : prune(payments, account.figure) };
}

export function onPaymentRejected(account: Account, entry: Entry<'PaymentRejected'>): Account {
  const { [entry.paymentId]: _rejected, ...payments } = account.payments;
  return { ...account, payments };
}

export function onHoldPlaced(account: Account, entry: Entry<'HoldPlaced'>): Account {
  if (account.holds.some((hold) => hold.holdId === entry.holdId)) return account;
  const hold: Hold = {
    holdId: entry.holdId,
    kind: entry.kind,
    placedAt: entry.placedAt,
    ...(entry.expiresAt === undefined ? {} : { expiresAt: entry.expiresAt }),
    ...(entry.customerWide === undefined ? {} : { customerWide: true }),
  };
  return { ...account, holds: [...account.holds, hold] };
}

export function onHoldReleased(account: Account, entry: Entry<'HoldReleased'>): Account {
  return {
    ...account,
    holds: account.holds.map((hold) => (hold.holdId === entry.holdId ? { ...hold, releasedAt: entry.releasedAt } : hold)),
  };
}

export function onHoldReviewed(account: Account, entry: Entry<'HoldReviewed'>): Account {
  return { ...account, holds: account.holds.map((hold) => (hold.holdId === entry.holdId ? { ...hold, reviewedAt: entry.at } : hold)) };
}

export function onCustomerUpdated(account: Account, entry: Entry<'CustomerUpdated'>): Account {
  const { jurisdiction, timeZone, asOf } = entry;
  const told = { customerKnown: true, jurisdiction, timeZone: account.ownTimeZone ?? timeZone };
  return { ...withoutTries(account, entry.renewed), ...told, ...(asOf === undefined ? {} : { customerAsOf: asOf }) };
}

/** What was tried on a number proves nothing for the one that took its place. */
function withoutTries(account: Account, renewed: readonly string[] | undefined): Account {
  const current = account.case;
  if (current?.status !== 'open' || renewed === undefined || renewed.every((id) => current.tries[id] === undefined)) return account;
  const tries = Object.fromEntries(Object.entries(current.tries).filter(([id]) => !renewed.includes(id)));
  return { ...account, case: { ...current, tries } };
}

function definedOnly<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
