import type { ReasonForArrears } from '../codes.ts';
import type { Instant, LocalDate, Stage } from '../model.ts';

/** An agreed plan as the case holds it, and what was asked for and approved on the way to one. */

export interface Instalment {
  readonly dueDate: LocalDate;
  readonly amountMinor: number;
  /** Of the amount, where the plan bears interest or fees. */
  readonly interestMinor?: number;
  readonly feesMinor?: number;
  readonly status: 'open' | 'due' | 'paid' | 'missed';
  /** The day on which it was found unpaid: the days to make it good run from then. */
  readonly missedOn?: LocalDate;
}

export type PlanKind = 'instalments' | 'deferral' | 'reduced-rate' | 'waiver' | 'settlement';

export interface Plan {
  readonly planId: string;
  readonly offerId: string;
  readonly kind: PlanKind;
  readonly agreedAt: Instant;
  readonly channel: string;
  readonly proofRef?: string;
  /** Agreed by word of mouth, and nobody has said where the recording is; how often, and when last, somebody was asked. */
  readonly proofMissing?: true;
  readonly proofAsks?: number;
  readonly proofAskedAt?: Instant;
  readonly status: 'active' | 'completed' | 'broken' | 'ended';
  readonly instalments: readonly Instalment[];
  readonly totalMinor: number;
  /** The line of the catalogue and the number of instalments. */
  readonly key?: string;
  readonly autodebit?: true;
  /** Since when interest runs, and at which rate; absent: interest-free. */
  readonly startsOn?: LocalDate;
  readonly interest?: { readonly annualRate: string; readonly dayCount: string };
  /** What is given up once the rest is paid. */
  readonly waivedMinor?: number;
  /** The stage in which it was agreed: a broken one comes back above it. */
  readonly agreedIn?: Stage;
  readonly recordedAt?: Instant;
  /** Of one that was taken over: payments until then are in what it brought along. */
  readonly countedUntil?: Instant;
  readonly bookedAt?: Instant;
  /** The core's newest word against it, until a booking of the same time or later; whether that ended it. */
  readonly rejection?: { readonly at: Instant; readonly endedIt: boolean };
  /** When a person was last asked whether the core booked it. */
  readonly bookingAskedAt?: Instant;
  readonly brokenAt?: Instant;
  /** When it ceased to run, whichever way. */
  readonly endedAt?: Instant;
  /** What had been paid into it when that was enough. */
  readonly completedWithMinor?: number;
  /** The core's word that its amount was computed from: payments booked until then are in that. */
  readonly knownUntil?: Instant;
  /** Payments booked since then that had lowered what it is about. */
  readonly knownPayments?: readonly string[];
  /** Payments that count and that the case's list no longer has. */
  readonly carriedMinor?: number;
}

/** What a person approves before a second arrangement is offered at all. */
export const REPLAN = 'new-plan';

export interface PlanApproval {
  readonly key: string;
  readonly by: string;
  readonly waivedMinor: number;
  readonly until: LocalDate;
}

/** What a customer asked for by themselves and a person has to approve: the newest word on it. */
export interface PlanWish {
  readonly requestId: string;
  readonly key: string;
  readonly kind: PlanKind;
  readonly months?: number;
  readonly at: Instant;
  readonly by?: string;
  /** In the customer's own word: whoever looks at it reads it, and nothing else follows from it. */
  readonly reasonForArrears?: ReasonForArrears;
  /** The most that they can pay a month. */
  readonly perMonthMinor?: number;
  /** `lapsed`: another arrangement was agreed before a person had answered. */
  readonly state: 'in-review' | 'approved' | 'declined' | 'agreed' | 'lapsed';
  readonly decidedAt?: Instant;
  /** The last day of the approval. */
  readonly until?: LocalDate;
  /** When the customer was written what became of it. */
  readonly toldAt?: Instant;
}

/** What the customer asked for and a person is asked to approve; what was approved may be agreed until a date. */
export interface PlanRequests {
  readonly by?: string;
  readonly offerId?: string;
  /** What was put before a person of this wish: still meant where other amounts made another offer of it. */
  readonly askedKey?: string;
  /** Of one person where two are needed, with the last day on which it counts. */
  readonly approvals?: readonly PlanApproval[];
  readonly grants?: readonly { readonly key: string; readonly from: Instant; readonly until: LocalDate; readonly waivedMinor: number }[];
  /** The request that a person declined, by its time: it is not put again. */
  readonly declined?: Instant;
  /** Plans of this case so far, those that were broken, and what the core would not book. */
  readonly agreed?: number;
  readonly broken?: number;
  readonly rejectedKeys?: readonly string[];
  /** The newest of what the customer asked for by themselves, the newest last. */
  readonly wishes?: readonly PlanWish[];
}
