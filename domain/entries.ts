import type { Arrear, Party } from './account-facts.ts';
import type { ActorCode, HoldReason, ReasonForArrears, ReportedOutcome, ReversalReason } from './codes.ts';
import type { AddressFinding, Governor } from './customer.ts';
import type { ExhaustionProof } from './decide/visit-proof.ts';
import type { SuitFacts } from './evidence/entries.ts';
import type {
  AccountStatus,
  AdvisedAction,
  Channel,
  CloseReason,
  DeliveryStatus,
  Flag,
  Hold,
  Instant,
  LegalStatus,
  LocalDate,
  Objective,
  Purpose,
  Queue,
  Stage,
  Track,
} from './model.ts';
import type { Money } from './money.ts';
import type { PlanAsked, PlanFacts } from './plans/entries.ts';
import type { Recipient } from './reducer/parties.ts';
import type { WaitingImport } from './take-over/import.ts';
import type { EvidenceItem, VisitWindow } from './visits.ts';

/** A message outside the journey, with the statement or the payment that it is about: it neither moves a case nor counts for its stages. */
export interface Notice {
  readonly kind: 'pre-due' | 'payment-acknowledgement';
  readonly about: string;
}

/** What of a party's record has changed: who they are and what they wish, what is known of an address, or a hold on them. */
export type PartyChange = 'record' | 'address' | 'hold';

/**
 * The timeline: what happened to an account, each thing one entry. Entries are facts or decisions, never commands; folding them
 * gives the account (`reduce`). They carry ids, dates, amounts and hashes only. Names are those of the events out where one fits.
 */
interface Facts extends PlanFacts, SuitFacts {
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
    /** Of a month. */
    affordability?: { readonly income: Money; readonly expenses: Money };
    risk?: {
      readonly score?: number | undefined;
      readonly timesOverdueLast12Months?: number | undefined;
      readonly willingness?: string | undefined;
      readonly ability?: string | undefined;
    };
    parties?: readonly Party[];
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
    /** How it was made in the bank's words, until they expire. */
    notesRef?: string;
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
    kind: Hold['kind'];
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
  /** What the core says of the account as a whole. */
  AccountStatusChanged: { status: AccountStatus; changedAt: Instant; reference: string };
  /** The core takes back what it had said in error: the case that had ended by it, and the arrangement that had ended with that. */
  AccountStatusRetracted: { status: AccountStatus; retractedAt: Instant; reference: string; endedCaseId?: string; endedPlanId?: string };
  /** What counsel or the court says of a suit. */
  LegalStatusReported: { status: LegalStatus; reportedAt: Instant; reference?: string };
  /** A case that ran elsewhere; `holds` are the ids of those that follow as entries of their own. It waits until its case is open. */
  CaseImported: WaitingImport & { readonly holds: readonly string[] };
  /** An import that contradicts what came later (another customer's, in another currency, of an earlier debt), or whose case did not open in time. */
  ImportRejected: { importId: string; field: string; rule: string };
  /** The case goes on where the other left off, as far as its acts support that; the first contact of ours not before a date. */
  CaseTakenOver: {
    importId: string;
    claimed: Stage;
    why: string;
    /** Those that had their time to come back. */
    writtenDemands: number;
    contacts: number;
    contactsFrom: LocalDate;
    onDate: LocalDate;
  };
  CustomerUpdated: {
    customerId: string;
    timeZone: string;
    locale: string;
    jurisdiction: string;
    contactPoints: number;
    /** Of the bank's record. */
    asOf?: Instant;
    /** The times and channels that the customer asked for: by them each later contact is judged. */
    wishes?: Governor['wishes'];
    /** Contact points that name another address than before: what was tried there proves nothing any more. */
    renewed?: readonly string[];
  };
  /** By what another party of the account was contacted, of their own record: before the first contact, and again when it has changed. */
  PartyUpdated: Recipient & {
    timeZone?: string;
    jurisdiction?: string;
    asOf?: Instant;
    wishes: Governor['wishes'];
  };
  /** The own record of another party of the account has changed: what was planned for them is decided anew. */
  PartyChanged: Recipient & { what: PartyChange };
  TaskOutcomeReported: {
    taskId: string;
    outcome: string;
    by: string;
    reportedAt: Instant;
    onDate: LocalDate;
    minutesOfDay: number;
    contactPointId?: string;
    reasonForArrears?: ReasonForArrears;
    /** By the reason given, the next act is a message that says how to pay. */
    writeNext?: true;
    recordingRef?: string;
    notesRef?: string;
    evidence?: readonly (string | EvidenceItem)[];
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
  JourneyHeld: { holdId: string; kind: Hold['kind'] };
  JourneyResumed: { why: string };
  AccountCured: { by: 'payment' | 'balance'; overdue: Money };
  CureReversed: { overdue: Money };
  /** The case has ended by a word from outside; `JourneyClosed` follows when its machine closes it. */
  CaseEnded: { reason: CloseReason; endedAt: Instant; how: 'status' | 'court' | 'person'; reference?: string; by?: string };
  /** Of a suit with the place and the hash of its record. */
  JourneyClosed: { reason: string; reference?: string; by?: string; evidenceRef?: string; evidenceHash?: string };
  /** A person had ended the case in error: what is overdue may open the next. */
  EndingWithdrawn: { reference: string; by?: string };
  /** The core is advised; `occasion` is what the advice is given once for, and `why` a sentence for a person. */
  AccountActionAdvised: { action: AdvisedAction; occasion: string; why: string; daysPastDue: number; reference?: string };
  ExecutionRestarted: { machine: Stage; execution: number; was: string };

  // ---- contacts -----------------------------------------------------------------------------------------------------------
  /** Somebody is about to dial or to set out: counted until it is reported, or until its end. */
  AttemptReserved: {
    attemptId: string;
    /** Whom it is with, where that is another party than the account's customer. */
    customerId?: string;
    taskId?: string;
    channel: Channel;
    contactPointId: string;
    purpose: Purpose;
    rule: string;
    expiresAt: Instant;
    by?: string;
    actor?: ActorCode;
  };
  ContactReserved: Partial<Recipient> & {
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
  ContactSent: Partial<Recipient> & {
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
  ContactFailed: Partial<Recipient> & { contactId: string; key: string; error: string; notice?: Notice };
  /** The provider took nothing: the reservation is given back, and the same contact goes again, not before. */
  ContactDeferred: Partial<Recipient> & { contactId: string; key: string; error: string; notBefore: Instant };
  /** Beside `ContactSent` of a channel that leaves by the bank's gateway: what to deliver lies where `textRef` says, until `notAfter`. */
  DeliveryRequested: Partial<Recipient> & {
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
  ContactSuppressed: Partial<Recipient> & {
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
  ContactWithheld: Partial<Recipient> & { contactId: string; key: string; channel: Channel; template: string; why: string };
  /** A message of another account of the customer spoke for this one too: it counts for this case as its own would. */
  ContactShared: { contactId: string; channel: Channel; ledBy: string; sentAt: Instant };
  ContactLost: Partial<Recipient> & { contactId: string; key: string; notice?: Notice };
  /** What a provider or the bank's gateway reported of a message, and what it taught about the address. */
  DeliveryReported: Partial<Recipient> & {
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
    /** How the priority comes about, for whoever asks why a task is where it is. */
    priorityWhy?: string;
    /** What a contact is expected to bring, where people are too few for all. */
    worth?: string;
    contactPointId?: string;
    subject?: string;
    /** The offer that a person is asked to approve. */
    asks?: PlanAsked;
    /** The customer's own contact points, each with what stands against it: why somebody is asked for others. */
    unusable?: Readonly<Record<string, string>>;
    /** What was tried before a visit is asked for. */
    proof?: ExhaustionProof;
  };
  /** People are too few for all that is due: this one was left out by what it is expected to bring. For a call it counts as one that expired. */
  TaskForgone: { queue: Queue; objective: Objective; stage: Stage; budget: number; why: string };
  TaskClosed: { taskId: string; queue: Queue; objective: Objective; reason: string; outcome?: string };
  /** `recordedAt`: of one that was made before the case was taken over. */
  PromiseRecorded: { promiseId: string; taskId: string; amount: Money; date: LocalDate; recordedAt?: Instant };
  PromiseReminded: { promiseId: string; why: string };
  PromiseKept: { promiseId: string; paid: Money };
  PromiseBroken: { promiseId: string; paid: Money; partKept: boolean };
  PromiseEnded: { promiseId: string; why: string };
  /** What kept it, or cured the case, was taken back before its day: the payment is awaited again. */
  PromiseReopened: { promiseId: string };

  // ---- reviews, visits -------------------------------------------------------------------------------------------------------
  Approved: { subject: string; by: string; taskId: string };
  Refused: { subject: string; by: string; taskId: string };
  /** By a task's outcome or a reported contact. */
  FlagRaised: { flag: Flag; taskId?: string; contactId?: string };
  HardshipReported: { taskId?: string; contactId?: string };
  VisitApproved: { taskId: string; by: string };
  VisitRefused: { taskId: string; by: string };
  /** Two people are named for a visit; the newest word stands. */
  VisitAssigned: { taskId: string; staff: readonly string[]; by?: string; windows?: readonly VisitWindow[] };
  /** `late`: told after its task had closed; it was made all the same, and counts. */
  VisitReported: { taskId: string; outcome: string; late?: true };
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
  'AccountActionAdvised',
  'AccountCured',
  'JourneyClosed',
] as const satisfies readonly EntryType[];

export function arrearsOf(
  list: readonly { readonly dueDate: LocalDate; readonly amount: Money }[],
  toMinor: (money: Money) => number,
): Arrear[] {
  return list.map((row) => ({ dueDate: row.dueDate, amountMinor: toMinor(row.amount) }));
}
