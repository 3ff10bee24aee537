import type { Flag, Instant, LocalDate } from './model.ts';
import type { PartyRole } from './policy/parties.ts';

/** What the bank said of an account: its figures, payments and statements, and who is on it. Amounts in minor units of its currency. */

export interface Arrear {
  readonly dueDate: LocalDate;
  readonly amountMinor: number;
}

/** What the core said as of an instant: includes payments posted, less reversals made, up to and including `asOf`, no others. */
export interface Figure {
  readonly asOf: Instant;
  readonly source: 'AccountOverdue' | 'BalanceUpdated' | 'StatementIssued';
  readonly overdueMinor: number;
  readonly balanceMinor: number;
  readonly minimumDueMinor?: number;
  readonly dueDate?: LocalDate;
  /** Oldest first; sums to `overdueMinor`. */
  readonly arrears?: readonly Arrear[];
}

export interface LedgerPayment {
  readonly amountMinor: number;
  readonly currency: string;
  readonly paidAt: Instant;
  readonly postedAt: Instant;
  readonly state: 'posted' | 'pending';
  readonly reversedAt?: Instant;
}

/** Somebody else of an account: a customer of the bank's with a record of their own. */
export interface Party {
  readonly customerId: string;
  readonly role: PartyRole;
  /** Answers for what is owed. */
  readonly liable: boolean;
}

/** Facts about the account that the bank sent with its figures; the newest `asOf` wins. */
export interface AccountFacts {
  readonly product?: string;
  readonly timesOverdueLast12Months?: number;
  readonly willingness?: string;
  readonly ability?: string;
  readonly score?: number;
  readonly flags: readonly Flag[];
  readonly parties?: readonly Party[];
  readonly components?: { readonly principalMinor: number; readonly interestMinor: number; readonly feesMinor: number };
  readonly terms?: { readonly annualRate: string; readonly dayCount: string };
  /** Of a month, as the bank knows them. */
  readonly affordability?: { readonly incomeMinor: number; readonly expensesMinor: number };
}

/** A statement before its due date: what it asks for, and what came in since it was issued. */
export interface Statement {
  readonly statementId: string;
  readonly balanceMinor: number;
  readonly minimumDueMinor: number;
  readonly dueDate: LocalDate;
  readonly issuedAt: Instant;
  /** The bank debits the amount itself: the customer only needs to have the funds there. */
  readonly autopay: boolean;
  /** Payments booked after it was issued, by id, in minor units; pending ones count, reversed ones do not. */
  readonly paid: Readonly<Record<string, number>>;
}
