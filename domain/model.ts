/**
 * The nouns of the field, as data. All amounts are integer minor units of the account's currency, all instants ISO 8601 UTC text,
 * all dates ISO local dates in the account's time zone. Nothing here carries personal data: names, addresses and texts are
 * items of their own.
 */

import type { AccountFacts, Figure, LedgerPayment, Statement } from './account-facts.ts';
import type { Ending, Standing, Suit } from './account-words.ts';
import type { ReasonForArrears } from './codes.ts';
import type { PersonOnCase } from './persons.ts';
import type { Plan, PlanRequests } from './plans/plan.ts';
import type { PartyTold } from './reducer/parties.ts';
import type { TakenOver, WaitingImport } from './take-over/import.ts';
import type { VisitWindow } from './visits.ts';

export type Instant = string;
export type LocalDate = string;

export const STAGES = ['reminder', 'call', 'plan', 'field-visit', 'legal'] as const;
export type Stage = (typeof STAGES)[number];

export const CHANNELS = ['sms', 'email', 'push', 'in-app', 'im', 'voice', 'post', 'visit'] as const;
export type Channel = (typeof CHANNELS)[number];
/** The channels that carry a written message; the others are worked by people. */
export const MESSAGE_CHANNELS = ['sms', 'email', 'push', 'in-app', 'im', 'post'] as const satisfies readonly Channel[];
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number];

export const HOLD_KINDS = [
  'dispute',
  'complaint',
  'hardship-review',
  'negotiation',
  'breathing-space',
  'cease-contact',
  'represented',
  'bankruptcy',
  'deceased',
  'fraud',
  'disaster',
  'manual',
] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

export const QUEUES = ['call', 'field-visit', 'legal-review', 'plan-review', 'case-review', 'data-quality'] as const;
export type Queue = (typeof QUEUES)[number];

/** How a customer is treated within the ladder: a track bends pace, tone and channels of a stage, it never drops one of its acts. */
export const TRACKS = ['first-time', 'light', 'long-term', 'evasive', 'hardship', 'standard'] as const;
export type Track = (typeof TRACKS)[number];

export const FLAGS = ['staff', 'vip', 'minor', 'vulnerable', 'test'] as const;
export type Flag = (typeof FLAGS)[number];

/** What the core says of an account as a whole (contract section 2, `AccountStatusChanged`). */
export const ACCOUNT_STATUSES = ['charged-off', 'sold', 'placed', 'recalled', 'closed', 'settled', 'time-barred'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** What is reported of a suit by counsel or the court. */
export const LEGAL_STATUSES = ['filed', 'judgment', 'enforcement', 'settled', 'withdrawn'] as const;
export type LegalStatus = (typeof LEGAL_STATUSES)[number];

/** Why a case ends other than by a cure. */
export const CLOSE_REASONS = [
  'settled',
  'plan-completed',
  'charged-off',
  'written-off',
  'sold',
  'transferred',
  'deceased',
  'bankrupt',
  'time-barred',
  'closed',
] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** What the core is advised to do with an account; it alone acts. */
export const ADVISED_ACTIONS = [
  'block-card',
  'unblock-card',
  'place-with-agency',
  'recall-from-agency',
  'charge-off-review',
  'stay-suit',
  'resume-suit',
] as const;
export type AdvisedAction = (typeof ADVISED_ACTIONS)[number];

/** What lets the years of limitation run anew, where the law of the place says so (`domain/limitation.ts`). */
export type InterruptionKind = 'demand' | 'payment' | 'promise' | 'agreement' | 'written-agreement' | 'suit';

export interface Interruption {
  readonly kind: InterruptionKind;
  readonly on: LocalDate;
}

// ---- the case ----------------------------------------------------------------------------------------------------------

export interface Hold {
  readonly holdId: string;
  /** `placed`: the core has placed the account with an agency, and only its word ends that. */
  readonly kind: HoldKind | 'placed';
  readonly placedAt: Instant;
  readonly expiresAt?: Instant;
  readonly releasedAt?: Instant;
  /** Placed on the customer: holds all of the customer's accounts. */
  readonly customerWide?: boolean;
  /** Of one placed on a customer, in the customer's record: since when it is known. */
  readonly recordedAt?: Instant;
  /** Of a placement: when the core was last advised to take the account back. */
  readonly recallAdvisedAt?: Instant;
  /** When it last came up for review; reviews repeat until it is released. */
  readonly reviewedAt?: Instant;
}

export interface Promise_ {
  readonly promiseId: string;
  readonly taskId: string;
  readonly recordedAt: Instant;
  readonly amountMinor: number;
  readonly date: LocalDate;
  readonly status: 'open' | 'kept' | 'part-kept' | 'broken' | 'ended';
  /** It ended because nothing was overdue any more. */
  readonly endedByCure?: true;
  /** Payments of the day before that were on the ledger when it was made: it speaks of further money. */
  readonly knownPayments?: readonly string[];
  /** The day-before reminder went, or could not go. */
  readonly remindedAt?: Instant;
}

export const OBJECTIVES = [
  'recover',
  'agree-a-plan',
  'understand-hardship',
  'call-back',
  'approve-visit',
  'visit',
  'confirm-intent',
  'approve-referral',
  'review-hold',
  'review-placement',
  'review-field-visit',
  'review-visit',
  'review-legal',
  'review-suit',
  'review-pressure',
  'review-flag',
  'approve-plan',
  'approve-waiver',
  'confirm-booking',
  'obtain-proof',
  'complete-contact-data',
] as const;
export type Objective = (typeof OBJECTIVES)[number];

export interface Task {
  readonly taskId: string;
  readonly queue: Queue;
  readonly objective: Objective;
  readonly stage: Stage;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly contactPointId?: string;
  /** What the task is about where that is not the case itself (a hold, a review's subject). */
  readonly subject?: string;
  /** Who makes the visit, and the spans that were agreed for it. */
  readonly staff?: readonly string[];
  readonly windows?: readonly VisitWindow[];
  /** What would be given up by what the task asks to approve, and by how many people. */
  readonly asked?: { readonly waivedMinor: number; readonly people: number };
}

export const DELIVERY_STATUSES = ['accepted', 'delivered', 'bounced', 'failed', 'returned', 'refused'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** `deferred`: the provider was too busy to take it; the same contact is handed over again. */
export type ContactStatus = 'reserved' | 'sent' | 'failed' | 'lost' | 'suppressed' | 'deferred';
export type Purpose =
  | 'collection'
  | 'promise-reminder'
  | 'plan-servicing'
  | 'plan-offer'
  | 'formal-notice'
  | 'statutory-notice'
  | 'reply'
  | 'pre-due'
  | 'payment-acknowledgement';

export interface Contact {
  /** `<step>_<attempt>`; with the case it is the contact's deterministic id. */
  readonly key: string;
  readonly channel: Channel;
  readonly contactPointId: string;
  readonly template: string;
  readonly purpose: Purpose;
  readonly stage: Stage;
  readonly status: ContactStatus;
  readonly at: Instant;
  readonly sentAt?: Instant;
  /** What it says, as far as no text may be said twice (`textOf`); absent where the text names a date of its own. */
  readonly text?: string;
  /** How often its provider was too busy, and when it is handed over again. */
  readonly deferrals?: number;
  readonly retryAt?: Instant;
  /** The last that was reported of it after it was sent. */
  readonly delivery?: { readonly status: DeliveryStatus; readonly at: Instant };
}

/** What was tried on one of the customer's own contact points in this case: the proof that remote channels are exhausted. */
export interface Tries {
  readonly days: number;
  readonly firstDate: LocalDate;
  readonly lastDate: LocalDate;
  readonly evening: boolean;
  readonly weekend: boolean;
}

export interface LegalProgress {
  readonly intentConfirmedBy?: string;
  readonly intentConfirmedAt?: Instant;
  readonly intentDeclinedAt?: Instant;
  readonly noticeContactKeys: readonly string[];
  readonly noticeServedAt?: Instant;
  /** Of the pack's manifest, and where the pack lies. */
  readonly evidenceHash?: string;
  readonly evidenceRef?: string;
  readonly evidenceAt?: Instant;
  readonly approvedBy?: string;
  readonly approvedAt?: Instant;
  readonly returnedAt?: Instant;
  readonly rejectedAt?: Instant;
  readonly referredAt?: Instant;
  /** The record of the suit from beginning to end, as it was put under lock before the case closes. */
  readonly record?: { readonly hash: string; readonly ref: string };
  /** The last answer to the question what became of the suit, and whether anybody knew; news make it void. */
  readonly asked?: { readonly at: Instant; readonly known: boolean };
}

export interface Case {
  readonly caseId: string;
  readonly status: 'open' | 'closed';
  readonly openedAt: Instant;
  readonly openedOn: LocalDate;
  readonly previousCaseId?: string;
  /** It ran elsewhere before. */
  readonly takenOver?: TakenOver;
  readonly stage: Stage;
  readonly stageEnteredAt: Instant;
  readonly stageEnteredOn: LocalDate;
  /** The local date of the last rise (or of the opening): at most one rise a local midnight. */
  readonly roseOn: LocalDate;
  /** The deepest stage reached, for reports. */
  readonly deepestStage: Stage;
  /** A hold was announced for this case and not lifted yet. */
  readonly held?: true;
  readonly curedAt?: Instant;
  readonly curedBy?: 'payment' | 'balance';
  /** The case has ended: nothing may happen in it any more, and its machine closes it. */
  readonly ending?: Ending;
  readonly closedAt?: Instant;
  readonly closeReason?: string;
  readonly payments: readonly {
    readonly paymentId: string;
    readonly amountMinor: number;
    readonly paidAt: Instant;
    /** When the core booked it, where that is another instant. */
    readonly postedAt?: Instant;
    readonly reversed?: true;
  }[];
  readonly promises: readonly Promise_[];
  readonly plan?: Plan;
  readonly planRequests?: PlanRequests;
  readonly planRequestedAt?: Instant;
  /** The last offer, or the agreement that proves one. */
  readonly planOfferedAt?: Instant;
  readonly dataAskedAt?: Instant;
  readonly tasks: readonly Task[];
  readonly taskCount: number;
  /** The newest contacts, oldest first; older ones are only in the counts below and on the timeline. */
  readonly contacts: readonly Contact[];
  /** How often the steps of older contacts were attempted: none is ever attempted twice under one number. The longest unused first. */
  readonly attempts?: Readonly<Record<string, number>>;
  /** The message that is due and finds no way, since when, and the last reason that was told. */
  readonly withheld?: { readonly key: string; readonly since: Instant; readonly why: string };
  /** When the newest message of another account left that spoke for this one too, of those that the timeline knows. */
  readonly sharedAt?: Instant;
  /** The newest of them, as many as the customer's ledger may hold of one kind. */
  readonly sharedIds?: readonly string[];
  /** Messages handed over, by stage. */
  readonly sentByStage: Partial<Record<Stage, number>>;
  readonly writtenDemands: number;
  /** The texts of the stages' own messages that went or may have gone, each with its contact point; the newest of them. */
  readonly textsSent?: readonly string[];
  /** Every contact of this case: messages that left, calls and visits made. Notices that the law asks for stand apart. */
  readonly contactCount?: number;
  readonly conversationCount?: number;
  /** How often the customer refused to pay when spoken to. */
  readonly refusalCount?: number;
  /** How often the customer came to the bank by themselves. */
  readonly inboundCount?: number;
  /** The code of the newest reason that the customer gave. */
  readonly reasonForArrears?: ReasonForArrears;
  /** The next act is a message that says how to pay: what the customer said asks for no call, or none could be made. */
  readonly writeNext?: true;
  /** Why the last call that was due was not made, until one is. */
  readonly callForgone?: string;
  /** When a visit that was due was last put off for want of people. */
  readonly visitForgoneAt?: Instant;
  /** The track of the last act; absent until one was done on another than `standard`. */
  readonly track?: Track;
  /** When the customer was told of the report to the bureau: once a case. */
  readonly bureauNoticeAt?: Instant;
  /** When the customer in hardship was last asked for papers. */
  readonly documentsAskedAt?: Instant;
  /** When the last message of each stage went or was found impossible: the stage's minimum. */
  readonly messageImpossibleAt: Partial<Record<Stage, Instant>>;
  readonly callsWorkedByStage: Partial<Record<Stage, number>>;
  readonly lastCallEndedAt?: Instant;
  readonly lastCallPointId?: string;
  readonly callsSinceMessage: number;
  readonly lastMessageAt?: Instant;
  readonly lastConversationAt?: Instant;
  /** By contact point; of those that others name beside the customer's own only so many. */
  readonly tries: Readonly<Record<string, Tries>>;
  readonly callBackAt?: Instant;
  /** No contact until then: the customer said it is paid, or a payment is pending. */
  readonly quietUntil?: Instant;
  readonly hardshipAt?: Instant;
  /** Who of the bank contacted the customer or asked for something, as far as approvals look at it. */
  readonly persons?: readonly PersonOnCase[];
  readonly approvals: readonly string[];
  readonly refusals: readonly string[];
  readonly pressureReviewedAt?: Instant;
  /** When somebody was last asked what to do about a flagged account. */
  readonly flagReviewedAt?: Instant;
  /** When a person last approved going on in spite of the number of contacts. */
  readonly pressureApprovedAt?: Instant;
  /** Contacts of the case when somebody was last asked whether to go on. */
  readonly pressureReviewedContacts?: number;
  readonly visits: readonly { readonly taskId: string; readonly at: Instant; readonly outcome: string }[];
  readonly visitApprovedAt?: Instant;
  readonly visitRefusedAt?: Instant;
  /** No visit until a person has looked at what became of the last one. */
  readonly visitReview?: 'unsafe' | 'not-reported';
  readonly legal: LegalProgress;
  /** By customer id; only those who were contacted. */
  readonly parties?: Readonly<Record<string, PartyTold>>;
}

/** What the head item of an account holds: the fold of its timeline. */
export interface Account {
  readonly accountId: string;
  readonly customerId?: string;
  readonly currency?: string;
  /** The account's own zone where the core sent one. */
  readonly ownTimeZone?: string;
  readonly timeZone: string;
  readonly jurisdiction?: string;
  readonly customerKnown: boolean;
  /** The record of the customer that the timeline knows of. */
  readonly customerAsOf?: Instant;
  readonly figure?: Figure;
  readonly facts: AccountFacts;
  readonly factsAsOf?: Instant;
  /** The newest statement; it says nothing of what is overdue. */
  readonly statement?: Statement;
  /** Payments that the figure does not include, and those of the open case's window; newest figure prunes. */
  readonly payments: Readonly<Record<string, LedgerPayment>>;
  /** The due date of the newest figure that named one: newer figures without arrears, and reopening, go by it. */
  readonly lastDueDate?: LocalDate;
  readonly lastDueDateAsOf?: Instant;
  /** When money last came back: figures forget the payment, endings may not. */
  readonly reversedAt?: Instant;
  readonly holds: readonly Hold[];
  /** What may let the limitation run anew, oldest first; of each kind the first and the last of a year. */
  readonly interruptions?: readonly Interruption[];
  readonly standing?: Standing;
  /** When each word that ends a case was last taken back, as an error of the core's: what was said until then is void. */
  readonly retracted?: Readonly<Partial<Record<AccountStatus, Instant>>>;
  /** The newest news of a suit about what was due when it was said. */
  readonly suit?: Suit;
  /** What the core was advised to do, each with its occasion: once an occasion. */
  readonly advised?: Readonly<Partial<Record<AdvisedAction, string>>>;
  readonly flags: readonly Flag[];
  /** A case that ran elsewhere, until the one that goes on with it is open, or its time is over. */
  readonly import?: WaitingImport;
  readonly caseCount: number;
  readonly case?: Case;
}
