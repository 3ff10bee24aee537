import type { ReportedOutcome } from '../codes.ts';
import type { Channel, Instant, LocalDate, Stage } from '../model.ts';
import type { Money } from '../money.ts';
import type { PlanKind } from '../plans/plan.ts';

/** A case that ran elsewhere, as the bank hands it over, and what a case of ours keeps of it. */

/** A call, a message or a visit made elsewhere, or that the customer made. */
export interface ImportedContact {
  readonly contactId?: string;
  readonly channel: Channel;
  readonly kind: 'attempt' | 'conversation';
  readonly at: Instant;
  /** Outbound when absent. */
  readonly direction?: 'inbound';
  readonly outcome?: ReportedOutcome;
  readonly contactPointId?: string;
}

export interface ImportedPromise {
  readonly amount: Money;
  readonly date: LocalDate;
  readonly recordedAt: Instant;
  /** What came for it until the import's `asOf`, as far as no `PaymentReceived` says so. */
  readonly paid?: Money;
}

export interface ImportedPlan {
  readonly planId: string;
  readonly kind: PlanKind;
  readonly agreedAt: Instant;
  readonly channel: string;
  readonly proofRef?: string;
  /** By due date; those that are paid come first. */
  readonly instalments: readonly { readonly dueDate: LocalDate; readonly amount: Money; readonly status: 'open' | 'paid' }[];
}

export const NOTICE_KINDS = ['written-demand', 'plan-offer', 'formal-notice', 'intent'] as const;

/** What was served, offered or decided; a message or a call that carried it is a contact beside. */
export interface ImportedNotice {
  readonly kind: (typeof NOTICE_KINDS)[number];
  readonly at: Instant;
  /** By which channel; of an intent, nothing. */
  readonly how?: Channel;
  readonly proofRef?: string;
}

/** What was handed over of a case, holds apart: those are the account's from the first moment. */
export interface CaseImport {
  readonly importId: string;
  readonly customerId: string;
  /** Everything in it happened until then. */
  readonly asOf: Instant;
  readonly openedAt: Instant;
  readonly stage: Stage;
  readonly contacts: readonly ImportedContact[];
  readonly promises: readonly ImportedPromise[];
  readonly plan?: ImportedPlan;
  readonly notices: readonly ImportedNotice[];
}

/** An import whose case is not open yet, and until when it waits for that. */
export interface WaitingImport extends CaseImport {
  readonly waitsUntil: Instant;
}

/** What stays with the case: where it came from, and when we first may write or call. */
export interface TakenOver {
  readonly importId: string;
  readonly asOf: Instant;
  readonly openedAt: Instant;
  /** The stage that the bank named, and why the case has the one it has. */
  readonly claimed: Stage;
  readonly why: string;
  readonly contacts: number;
  readonly contactsFrom: LocalDate;
  readonly takenOverOn: LocalDate;
}

/** Whether a notice asks for what is owed in writing. */
export function isWrittenNotice({ kind, how }: ImportedNotice): boolean {
  return (kind === 'written-demand' || kind === 'formal-notice') && how !== 'voice' && how !== 'visit';
}

/** When an arrangement was last offered, or one was agreed. */
export function offeredAt({ notices, plan }: Pick<CaseImport, 'notices' | 'plan'>): Instant | undefined {
  const offers = notices.filter(({ kind }) => kind === 'plan-offer').map(({ at }) => at);
  return [...offers, ...(plan === undefined ? [] : [plan.agreedAt])].sort().at(-1);
}
