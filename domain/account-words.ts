import type { AccountStatus, CloseReason, Instant, LegalStatus } from './model.ts';

/** What the core, a court or a person says of an account or of its case as a whole. */

/** What was said of an account or a suit at an instant, with the record of whoever said it. */
export interface Word<Status extends string> {
  readonly status: Status;
  readonly at: Instant;
  readonly reference?: string;
}

/** The newest word on the account as a whole, and when each that ends a case, and a recall, was said last: they may come in any order. */
export interface Standing extends Word<AccountStatus> {
  readonly ended?: Readonly<Partial<Record<AccountStatus, Instant>>>;
  readonly recalledAt?: Instant;
}

/** The newest news of a suit, and when it was last said to be settled: that may come after news from before and since. */
export interface Suit extends Word<LegalStatus> {
  readonly settledAt?: Instant;
}

/** Why a case has ended, and since when by the word of whoever ended it. */
export interface Ending {
  readonly reason: CloseReason;
  readonly endedAt: Instant;
  readonly reference?: string;
  /** The person who ended it, where it was one. */
  readonly by?: string;
  /** By the core's word, the court's, or a person's: whoever ended it can take that back. */
  readonly how?: 'status' | 'court' | 'person';
  /** A person's, found to be an error. */
  readonly withdrawnAt?: Instant;
  /** The arrangement that ran until then and ended with it. */
  readonly endedPlanId?: string;
}
