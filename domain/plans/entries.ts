import type { PlanRejection, ReasonForArrears } from '../codes.ts';
import type { Instant, LocalDate } from '../model.ts';
import { type Money, toMinor } from '../money.ts';
import type { Instalment, PlanKind } from './plan.ts';

/** The timeline's entries about arrangements. */

export interface PlanFacts {
  /** Asked for by the customer themselves, or by somebody for them; `months` and `total` of the line of the catalogue that it is. */
  PlanRequested: {
    requestId: string;
    kind: PlanKind;
    key: string;
    months?: number;
    total?: Money;
    /** The most that the customer can pay a month. */
    perMonth?: Money;
    reasonForArrears?: ReasonForArrears;
    by?: string;
  };
  PlanOffered: { offerIds: readonly string[]; how: string };
  PlanAgreed: {
    planId: string;
    offerId: string;
    kind: PlanKind;
    agreedAt: Instant;
    channel: string;
    proofRef?: string;
    /** Agreed by word of mouth, and no recording was named. */
    proofMissing?: true;
    /** The instalments are debited: each `InstalmentDue` is the instruction. */
    autodebit?: true;
    total: Money;
    instalments: readonly AgreedInstalment[];
    terms?: PlanTerms;
    /** It ran before the case was taken over: what was paid until then, and what it gives up of today's debt once it is paid. The core has booked it. */
    takenOver?: { readonly importId: string; readonly asOf: Instant; readonly paid: Money; readonly waived?: Money };
  };
  InstalmentDue: { planId: string; index: number; dueDate: LocalDate; amount: Money; autodebit?: true };
  InstalmentPaid: { planId: string; index: number; paid: Money };
  InstalmentMissed: { planId: string; index: number; paid: Money; onDate: LocalDate };
  /** What had paid it was taken back: it is announced, debited and awaited again. */
  InstalmentReopened: { planId: string; index: number };
  PlanBroken: { planId: string; index: number; paid: Money; short: Money };
  /** `waived`: what the core is to give up now; collection rests until then. `early`: paid off before the last instalment. */
  PlanCompleted: { planId: string; paid: Money; waived?: Money; quietUntil?: Instant; early?: true };
  /** What had completed it was taken back, in the same case. */
  PlanReopened: { planId: string };
  PlanEnded: { planId: string; why: string };
  /** The core booked what was agreed, or a person says that it did. */
  PlanBooked: { planId: string; bookedAt: Instant; by?: string; notesRef?: string };
  /** Where the recording of what was agreed by word of mouth is, or the customer's word in writing. */
  PlanProven: { planId: string; proofRef: string; by: string; taskId: string };
  /** Nobody finds any. The arrangement stands. */
  PlanUnproven: { planId: string; by: string; taskId: string };
  PlanRejected: { planId: string; rejectedAt: Instant; reason?: PlanRejection; notesRef?: string };
  /** One person's word; `granted` when no other's is needed. */
  PlanApproved: { key: string; by: string; taskId: string; waived: Money; until: LocalDate; granted: boolean };
  PlanDeclined: { key: string; by: string; taskId: string };
}

/** What a person is asked to approve. */
export interface PlanAsked {
  readonly kind: PlanKind;
  readonly total: Money;
  readonly instalments: number;
  readonly waived: Money;
  readonly authority: string;
  readonly people: number;
  readonly requestedBy?: string;
  /** Of what a customer asked for by themselves. */
  readonly requestId?: string;
  readonly reasonForArrears?: ReasonForArrears;
  readonly perMonth?: Money;
}

/** One instalment of an agreement; what it is made of, where it bears interest or fees. */
export interface AgreedInstalment {
  readonly dueDate: LocalDate;
  readonly amount: Money;
  readonly interest?: Money;
  readonly fees?: Money;
}

/** What a personalised instalment agreement has to contain (CN art. 70), apart from the instalments. */
export interface PlanTerms {
  /** Line of the catalogue and its version. */
  readonly key: string;
  readonly policy: string;
  /** What was owed when it was agreed, and how it was made up. */
  readonly debt: {
    readonly overdue: Money;
    readonly balance: Money;
    readonly components?: { readonly principal: Money; readonly interest: Money; readonly fees: Money };
  };
  readonly cycle: 'monthly' | 'once';
  readonly method: 'equal-instalments' | 'equal-principal';
  readonly startsOn: LocalDate;
  /** Absent: no interest is charged while the plan is kept. */
  readonly interest?: { readonly annualRate: string; readonly dayCount: string; readonly effectiveRate: string };
  readonly principal: Money;
  readonly interestTotal: Money;
  readonly feesTotal: Money;
  readonly waived?: { readonly interest: Money; readonly fees: Money };
  /** The customer undertakes to apply for no other credit card before everything is paid. */
  readonly noNewCredit: true;
  /** The text with rights, duties and what a default means. */
  readonly conditions: string;
}

/** The instalments of a new agreement, all of them open. */
export function openInstalments(list: readonly AgreedInstalment[]): Instalment[] {
  return list.map((row) => ({
    dueDate: row.dueDate,
    amountMinor: toMinor(row.amount),
    ...(row.interest === undefined ? {} : { interestMinor: toMinor(row.interest) }),
    ...(row.fees === undefined ? {} : { feesMinor: toMinor(row.fees) }),
    status: 'open',
  }));
}
