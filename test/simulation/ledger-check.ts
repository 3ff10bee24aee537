import type { BusEvent } from './snapshot.ts';

/**
 * What an account owes by the contract's definition of a figure, from the set of facts alone: whatever order they came in, however
 * often. Amounts are strings of digits without the point; written without the application's money or ledger.
 */
export interface Owed {
  readonly overdue: number;
  readonly balance: number;
  /** Payments that the bank booked and did not take back. */
  readonly counted: readonly string[];
}

type Detail = Readonly<Record<string, unknown>>;
interface Amount {
  readonly amount: string;
}

const minor = (value: unknown): number => Number((value as Amount).amount.replace('.', ''));
const time = (value: unknown): number => Date.parse(String(value));

/** The newest figure; of two of one instant, the one that names the due date. */
function newestFigure(events: readonly BusEvent[]): Detail | undefined {
  const figures = events
    .filter((event) => event['detail-type'] === 'AccountOverdue' || event['detail-type'] === 'BalanceUpdated')
    .sort((one, other) => time(one.detail.asOf) - time(other.detail.asOf) || rank(one) - rank(other));
  return figures.at(-1)?.detail;
}

function rank(event: BusEvent): number {
  return event['detail-type'] === 'AccountOverdue' ? 1 : 0;
}

/** @param events accepted events of one account */
export function owedBy(events: readonly BusEvent[]): Owed {
  const figure = newestFigure(events);
  const booked = new Map<string, Detail>();
  const reversed = new Map<string, number>();
  for (const { 'detail-type': type, detail } of events) {
    const paymentId = String(detail.paymentId);
    if (type === 'PaymentReceived' && detail.state !== 'pending') booked.set(paymentId, detail);
    if (type === 'PaymentReversed') reversed.set(paymentId, time(detail.reversedAt));
  }
  const counted = [...booked.keys()].filter((id) => !reversed.has(id)).sort();
  if (figure === undefined) return { overdue: 0, balance: 0, counted };
  const asOf = time(figure.asOf);
  let change = 0;
  for (const [paymentId, payment] of booked) {
    const inFigure = time(payment.postedAt ?? payment.paidAt) <= asOf;
    const undone = reversed.get(paymentId);
    if (!inFigure && undone === undefined) change -= minor(payment.amount);
    if (inFigure && undone !== undefined && undone > asOf) change += minor(payment.amount);
  }
  return {
    overdue: Math.max(0, minor(figure.overdue) + change),
    balance: balanceBy(events, figure, booked, reversed) ?? minor(figure.balance) + change,
    counted,
  };
}

/** By the newest statement, where it is newer than the figure: less what was booked after it was issued, plus what was taken back since. */
function balanceBy(
  events: readonly BusEvent[],
  figure: Detail,
  booked: ReadonlyMap<string, Detail>,
  reversed: ReadonlyMap<string, number>,
): number | undefined {
  const statements = events.filter((event) => event['detail-type'] === 'StatementIssued').map(({ detail }) => detail);
  const newest = statements.sort((one, other) => time(one.issuedAt) - time(other.issuedAt)).at(-1);
  if (newest === undefined || time(newest.issuedAt) <= time(figure.asOf)) return undefined;
  const issued = time(newest.issuedAt);
  let balance = minor(newest.statementBalance);
  for (const [paymentId, payment] of booked) {
    const inStatement = time(payment.postedAt ?? payment.paidAt) <= issued;
    const undone = reversed.get(paymentId);
    if (!inStatement && undone === undefined) balance -= minor(payment.amount);
    if (inStatement && undone !== undefined && undone > issued) balance += minor(payment.amount);
  }
  return balance;
}
