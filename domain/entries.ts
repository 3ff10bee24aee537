import type { ActorCode, HoldReason, ReportedOutcome, ReversalReason } from './codes.ts';
import type { AddressFinding } from './customer.ts';
import type {
  Arrear,
  Channel,
  DeliveryStatus,
  Flag,
  HoldKind,
  Instalment,
  Instant,
  LocalDate,
  Objective,
  Purpose,
  Queue,
  Stage,
  Track,
} from './model.ts';
import type { Money } from './money.ts';

/** A message outside the journey, with the statement or the payment that it is about: it neither moves a case nor counts for its stages. */
export interface Notice {
  readonly kind: 'pre-due' | 'payment-acknowledgement';
  readonly about: string;
}

/**
 * The timeline: what happened to an account, each thing one entry. Entries are facts or decisions, never commands; folding them
 * gives the account (`reduce`). They carry ids, dates, amounts and hashes only. Names are those of the events out where one fits.
 */
interface Facts {
  // ---- what the bank said -----------------------------------------------------------------------------------------------
  AccountOverdue: {
    customerId: string;
    product: string;
    dueDate: LocalDate;
    overdue: Money;
    minimumDue: Money;
    balance: Money;
    asOf: Instant;
    timeZone: string;
    ownTimeZone?: string;
    arrears?: readonly { readonly dueDate: LocalDate; readonly amount: Money }[];
    components?: { readonly principal: Money; readonly interest: Money; readonly fees: Money };
    terms?: { readonly annualRate: string; readonly dayCount: string };
    risk?: {
      readonly score?: number | undefined;
      readonly timesOverdueLast12Months?: number | undefined;
      readonly willingness?: string | undefined;
      readonly ability?: string | undefined;
    };
    parties?: readonly { readonly customerId: string; readonly role: string; readonly liable: boolean }[];
    flags?: readonly Flag[];
  };
  BalanceUpdated: {
    overdue: Money;
    balance: Money;
    asOf: Instant;
    arrears?: readonly { readonly dueDate: LocalDate; readonly amount: Money }[];
  };
  PaymentReceived: {
    paymentId: string;
    amount: Money;
    paidAt: Instant;
    postedAt: Instant;
    state: 'posted' | 'pending';
    method?: string;
    /** Its reversal came first. */
    reversedAt?: Instant;
  };
  PaymentReversed: {
    paymentId: string;
    reversedAt: Instant;
    reason?: ReversalReason;
    /** What the bank said in words, until it expires. */
    notesRef?: string;
    /** Absent while the payment itself has not come. */
    payment?: { readonly amount: Money; readonly paidAt: Instant; readonly postedAt: Instant; readonly state: 'posted' | 'pending' };
  };
  PaymentRejected: { paymentId: string; rule: string };
  StatementIssued: {
    statementId: string;
    customerId: string;
    statementBalance: Money;
    minimumDue: Money;
    dueDate: LocalDate;
    issuedAt: Instant;
    autopay: boolean;
    timeZone: string;
  };
  HoldPlaced: {
    holdId: string;
    kind: HoldKind;
    placedAt: Instant;
    expiresAt?: Instant;
    reason?: HoldReason;
    notesRef?: string;
    customerWide?: true;
    taskId?: string;
    contactId?: string;
  };
  HoldReleased: { holdId: string; releasedAt: Instant; lapsed?: true };
  HoldReviewed: { holdId: string };
  CustomerUpdated: { customerId: string; timeZone: string; locale: string; jurisdiction: string; contactPoints: number };
  TaskOutcomeReported: {
    taskId: string;
    outcome: string;
    by: string;
    reportedAt: Instant;
    onDate: LocalDate;
    minutesOfDay: number;
    contactPointId?: string;
    reasonForArrears?: string;
    recordingRef?: string;
    notesRef?: string;
    evidence?: readonly string[];
    callBackAt?: Instant;
    planOfferId?: string;
    quietUntil?: Instant;
    /** The reservation under which the call or visit was made. */
    attemptId?: string;
    /** The task was closed before: recorded as a contact, changes nothing else. */
    late?: true;
    /** Made without asking the gate, or on another contact point than was asked for: it counts all the same. */
    ungated?: true;
  };
  /** A contact that a dialler, a branch or an agency made, or the customer with them. */
  ContactReported: {
    contactId: string;
    customerId: string;
    channel: Channel;
    direction: 'inbound' | 'outbound';
    kind: 'attempt' | 'conversation';
    reportedAt: Instant;
    onDate: LocalDate;
    minutesOfDay: number;
    actor: ActorCode;
    outcome: ReportedOutcome;
    /** Who it was and how it ended in the words of whoever reported, until they expire. */
    notesRef?: string;
    contactPointId?: string;
    quietUntil?: Instant;
    /** A collector's attempt, as the dialler saw it: its task tells of it too, and counts it. */
    taskId?: string;
    /** As above; never of an inbound one. */
    ungated?: true;
  };

  // ---- the journey ------------------------------------------------------------------------------------------------------
  JourneyOpened: { customerId: string; previousCaseId?: string; overdue: Money; dueDate: LocalDate; onDate: LocalDate; policy: string };
  StageEntered: { stage: Stage; from?: Stage; why: string; onDate: LocalDate; rise: boolean };
  TrackChanged: { from: Track; to: Track; why: string };
  JourneyHeld: { holdId: string; kind: HoldKind };
  JourneyResumed: { why: string };
  AccountCured: { by: 'payment' | 'balance'; overdue: Money };
  CureReversed: { overdue: Money };
  JourneyClosed: { reason: string; reference?: string; by?: string };
  ExecutionRestarted: { machine: Stage; execution: number; was: string };

  // ---- contacts -----------------------------------------------------------------------------------------------------------
  /** Somebody is about to dial or to set out: counted until it is reported, or until its end. */
  AttemptReserved: {
    attemptId: string;
    taskId?: string;
    channel: Channel;
    contactPointId: string;
    purpose: Purpose;
    rule: string;
    expiresAt: Instant;
    by?: string;
    actor?: ActorCode;
  };
  ContactReserved: {
    contactId: string;
    key: string;
    channel: Channel;
    contactPointId: string;
    template: string;
    purpose: Purpose;
    stage: Stage;
    rule: string;
    text?: string;
    alsoAbout?: readonly string[];
    notice?: Notice;
  };
  ContactSent: {
    contactId: string;
    key: string;
    channel: Channel;
    template: string;
    locale: string;
    bodyHash: string;
    providerRef: string;
    onDate: LocalDate;
    notice?: Notice;
  };
  ContactFailed: { contactId: string; key: string; error: string; notice?: Notice };
  /** The provider took nothing: the reservation is given back, and the same contact goes again, not before. */
  ContactDeferred: { contactId: string; key: string; error: string; notBefore: Instant };
  /** Beside `ContactSent` of a channel that leaves by the bank's gateway: what to deliver lies where `textRef` says, until `notAfter`. */
  DeliveryRequested: {
    contactId: string;
    key: string;
    channel: Channel;
    contactPointId: string;
    template: string;
    version: string;
    locale: string;
    textRef: string;
    notAfter: Instant;
    notice?: Notice;
  };
  ContactSuppressed: {
    contactId: string;
    key: string;
    channel: Channel;
    template: string;
    why: string;
    stage: Stage;
    purpose: Purpose;
    contactPointId: string;
    onDate: LocalDate;
    text?: string;
    alsoAbout?: readonly string[];
    notice?: Notice;
  };
  /** Sending is off or the address was erased: the message waits, and is neither sent nor counted. Once a message, however long it waits. */
  ContactWithheld: { contactId: string; key: string; channel: Channel; template: string; why: string };
  /** A message of another account of the customer spoke for this one too: it counts for this case as its own would. */
  ContactShared: { contactId: string; channel: Channel; ledBy: string; sentAt: Instant };
  ContactLost: { contactId: string; key: string; notice?: Notice };
  /** What a provider or the bank's gateway reported of a message, and what it taught about the address. */
  DeliveryReported: {
    contactId: string;
    key: string;
    channel: Channel;
    status: DeliveryStatus;
    reportedAt: Instant;
    how: 'provider' | 'gateway';
    proofRef?: string;
    finding?: AddressFinding;
  };
  MessageImpossible: { stage: Stage; why: string };

  // ---- tasks, promises ----------------------------------------------------------------------------------------------------
  TaskOpened: {
    taskId: string;
    queue: Queue;
    objective: Objective;
    stage: Stage;
    dueAt: Instant;
    priority: number;
    contactPointId?: string;
    subject?: string;
    /** The customer's own contact points, each with what stands against it: why somebody is asked for others. */
    unusable?: Readonly<Record<string, string>>;
  };
  TaskClosed: { taskId: string; queue: Queue; objective: Objective; reason: string; outcome?: string };
  PromiseRecorded: { promiseId: string; taskId: string; amount: Money; date: LocalDate };
  PromiseReminded: { promiseId: string; why: string };
  PromiseKept: { promiseId: string; paid: Money };
  PromiseBroken: { promiseId: string; paid: Money; partKept: boolean };
  PromiseEnded: { promiseId: string; why: string };

  // ---- arrangements -------------------------------------------------------------------------------------------------------
  PlanOffered: { offerIds: readonly string[]; how: string };
  PlanAgreed: {
    planId: string;
    offerId: string;
    kind: 'instalments';
    agreedAt: Instant;
    channel: string;
    proofRef?: string;
    total: Money;
    instalments: readonly { readonly dueDate: LocalDate; readonly amount: Money }[];
  };
  InstalmentDue: { planId: string; index: number; dueDate: LocalDate; amount: Money };
  InstalmentPaid: { planId: string; index: number; paid: Money };
  InstalmentMissed: { planId: string; index: number; paid: Money; onDate: LocalDate };
  PlanBroken: { planId: string; index: number; paid: Money; short: Money };
  PlanCompleted: { planId: string; paid: Money };
  PlanEnded: { planId: string; why: string };

  // ---- reviews, visits, legal ------------------------------------------------------------------------------------------------
  Approved: { subject: string; by: string; taskId: string };
  Refused: { subject: string; by: string; taskId: string };
  /** By a task's outcome or a reported contact. */
  FlagRaised: { flag: Flag; taskId?: string; contactId?: string };
  HardshipReported: { taskId?: string; contactId?: string };
  VisitApproved: { taskId: string; by: string };
  VisitRefused: { taskId: string; by: string };
  VisitReported: { taskId: string; outcome: string };
  IntentConfirmed: { taskId: string; by: string };
  IntentDeclined: { taskId: string; by: string; how: 'return' | 'reject' };
  LegalNoticeServed: { contactIds: readonly string[]; how: 'reported' | 'elapsed' };
  EvidenceAssembled: { upTo: number; headHash: string };
  ReferralApproved: { taskId: string; by: string };
  ReferralReturned: { taskId: string; by: string; how: 'return' | 'reject' };
  LegalReferred: { approvedBy: string; evidenceHash: string };
}

export type EntryType = keyof Facts;
/** An entry before it has its place in the chain. */
export type Draft<T extends EntryType = EntryType> = { [K in T]: { readonly type: K; readonly caseId?: string } & Readonly<Facts[K]> }[T];
/** An entry of the timeline. `at` is when it was recorded; the facts carry their own times. */
export type Entry<T extends EntryType = EntryType> = Draft<T> & { readonly seq: number; readonly at: Instant };

/** The entries that the outside hears of as events; the rest stay on the timeline. */
export const PUBLISHED = [
  'JourneyOpened',
  'StageEntered',
  'ContactSent',
  'ContactFailed',
  'ContactSuppressed',
  'DeliveryRequested',
  'TaskOpened',
  'TaskClosed',
  'PromiseRecorded',
  'PromiseKept',
  'PromiseBroken',
  'PlanAgreed',
  'InstalmentDue',
  'InstalmentPaid',
  'PlanBroken',
  'PlanCompleted',
  'JourneyHeld',
  'JourneyResumed',
  'LegalNoticeServed',
  'LegalReferred',
  'AccountCured',
  'JourneyClosed',
] as const satisfies readonly EntryType[];

export function arrearsOf(
  list: readonly { readonly dueDate: LocalDate; readonly amount: Money }[],
  toMinor: (money: Money) => number,
): Arrear[] {
  return list.map((row) => ({ dueDate: row.dueDate, amountMinor: toMinor(row.amount) }));
}

export function openInstalments(
  list: readonly { readonly dueDate: LocalDate; readonly amount: Money }[],
  toMinor: (money: Money) => number,
): Instalment[] {
  return list.map((row) => ({ dueDate: row.dueDate, amountMinor: toMinor(row.amount), status: 'open' }));
}
