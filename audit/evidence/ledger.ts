import type { Line } from '../stored.ts';

/**
 * What is owed, read a second time from the contract: a core figure has in it the payments booked up to its instant, less the reversals
 * made up to then; what came after counts on top. A statement that is newer than the figure says the balance better.
 */

/** The entries that the statement of account shows. */
export const ROWS: readonly string[] = [
  'AccountOverdue',
  'BalanceUpdated',
  'StatementIssued',
  'PaymentReceived',
  'PaymentReversed',
  'PaymentRejected',
  'PlanAgreed',
  'InstalmentPaid',
  'InstalmentMissed',
  'InstalmentReopened',
  'PlanBroken',
  'PlanCompleted',
  'PlanReopened',
];

interface Booked {
  readonly minor: number;
  readonly postedAt: number;
  readonly posted: boolean;
  reversedAt: number | undefined;
}

interface Owed {
  readonly asOf: number;
  readonly minor: number;
}

/** Payments without a case are kept so long (contract section 1). */
const KEPT_MILLIS = 120 * 86_400_000;

/** Minor units of the whole timeline, learnt entry by entry. */
export class LedgerReading {
  #overdue: Owed | undefined;
  #balance: Owed | undefined;
  #byCore = false;
  #statement: Owed | undefined;
  readonly #payments = new Map<string, Booked>();

  get overdue(): number {
    return this.#overdue === undefined ? 0 : Math.max(0, this.#overdue.minor + this.#since(this.#overdue.asOf));
  }

  get balance(): number {
    if (this.#balance === undefined) return 0;
    const [figure, statement] = [this.#balance, this.#statement];
    const owed = statement !== undefined && statement.asOf > figure.asOf ? statement : figure;
    return owed.minor + this.#since(owed.asOf);
  }

  #since(asOf: number): number {
    let change = 0;
    for (const { minor, postedAt, posted, reversedAt } of this.#payments.values()) {
      if (!posted) continue;
      if (postedAt > asOf && reversedAt === undefined) change -= minor;
      if (postedAt <= asOf && reversedAt !== undefined && reversedAt > asOf) change += minor;
    }
    return change;
  }

  learn(entry: Line): void {
    if (entry.type === 'AccountOverdue' || entry.type === 'BalanceUpdated') this.#learnFigure(entry);
    else if (entry.type === 'StatementIssued') {
      const asOf = instant(entry.issuedAt);
      if (this.#statement === undefined || asOf > this.#statement.asOf) this.#statement = { asOf, minor: minor(entry.statementBalance) };
    } else if (entry.type === 'PaymentReceived') this.#learnPayment(entry);
    else if (entry.type === 'PaymentReversed') this.#learnReversal(entry);
    else if (entry.type === 'PaymentRejected') this.#payments.delete(String(entry.paymentId));
  }

  #learnFigure(entry: Line): void {
    const asOf = instant(entry.asOf);
    const core = entry.type === 'AccountOverdue';
    const present = this.#overdue?.asOf ?? Number.NEGATIVE_INFINITY;
    if (asOf < present || (asOf === present && !(core && !this.#byCore))) return;
    this.#overdue = { asOf, minor: minor(entry.overdue) };
    this.#balance = { asOf, minor: minor(entry.balance) };
    this.#byCore = core;
  }

  #learnPayment(entry: Line): void {
    const id = String(entry.paymentId);
    const known = this.#payments.get(id);
    const posted = entry.state === 'posted';
    if (known?.posted === true && !posted) return;
    const reversedAt = entry.reversedAt === undefined ? known?.reversedAt : instant(entry.reversedAt);
    this.#payments.set(id, { minor: minor(entry.amount), postedAt: instant(entry.postedAt), posted, reversedAt });
    if (this.#overdue !== undefined) return;
    for (const [other, { postedAt }] of this.#payments) if (postedAt < instant(entry.at) - KEPT_MILLIS) this.#payments.delete(other);
  }

  #learnReversal(entry: Line): void {
    const id = String(entry.paymentId);
    const known = this.#payments.get(id);
    const told = entry.payment as { amount: unknown; postedAt: unknown; state: unknown } | undefined;
    const reversedAt = instant(entry.reversedAt);
    if (told !== undefined && known?.posted !== true)
      this.#payments.set(id, { minor: minor(told.amount), postedAt: instant(told.postedAt), posted: told.state === 'posted', reversedAt });
    else if (known !== undefined) known.reversedAt = reversedAt;
  }
}

function instant(value: unknown): number {
  return Date.parse(String(value));
}

/** As many digits behind the point as the currency has, so the point can go. */
function minor(money: unknown): number {
  return Number((money as { readonly amount: string }).amount.replace('.', ''));
}
