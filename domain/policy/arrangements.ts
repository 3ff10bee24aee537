import type { HoldKind, Track } from '../model.ts';
import type { PlanKind } from '../plans/plan.ts';
import type { PlanFee } from '../plans/schedule.ts';
import type { Level } from '../score/levels.ts';

/**
 * What may be agreed with whom, as data. Every value says where it comes from: a text that was read, or that it was chosen.
 */

/** Who may grant a concession, and how many of them. */
export interface Authority {
  readonly role: 'collector' | 'supervisor' | 'approver' | 'counsel';
  readonly people: number;
}

/** One line of the catalogue. */
export interface OfferRule {
  /** Names the line; with the number of instalments it names what was asked for and approved. */
  readonly id: string;
  readonly kind: PlanKind;
  /** Numbers of monthly instalments; of a deferral the months until its one payment. */
  readonly months: readonly number[];
  readonly method: 'equal-instalments' | 'equal-principal';
  /** Per cent of the contract's rate; without the account's `terms` every plan is interest-free. */
  readonly ratePercent: number;
  /** What it is about: what is overdue, or all that is owed. */
  readonly covers: 'overdue' | 'balance';
  /** Per cent of the penalty interest and the fees that are given up when the rest is paid; of the principal never. */
  readonly waivesPercent: number;
  /** Absent: every track. */
  readonly tracks?: readonly Track[];
  readonly willingness: readonly Level[];
  readonly ability: readonly Level[];
  /** Only where the amount exceeds what the customer can pay (low ability, hardship, or no room for twelve instalments), or only where not. */
  readonly beyondAbility?: boolean;
  /** Only where the account's terms bear interest. */
  readonly needsTerms?: true;
  readonly fromDaysPastDue?: number;
  /** Absent: every product. */
  readonly products?: readonly string[];
  /** Days for which an offer of it may be agreed, where these are fewer than those of any other (`plan.offerValidDays`). */
  readonly validDays?: number;
  /** A person approves it first, whatever it gives up. */
  readonly reviewed?: true;
  readonly fees?: readonly PlanFee[];
  readonly why: string;
}

export interface ArrangementPolicy {
  readonly version: string;
  readonly rules: readonly OfferRule[];
  /** No plan asks for more a year, in millionths, whatever the contract says. */
  readonly rateMaxMicros: number;
  /** In currencies for which the ladder names no smallest instalment. */
  readonly smallestInstalmentMinor: number;
  /** Days to the one payment of a settlement. */
  readonly settlementDays: number;
  /** Arrangements of one case, and days from a broken one to the next. */
  readonly plansMax: number;
  readonly replanAfterDays: number;
  /** The word of whoever approves holds for so many days, and no offer that rests on it may be agreed later. */
  readonly grantDays: number;
  /** A customer's own requests that a person has to look at: so many in so many days, and one at a time. */
  readonly requests: { readonly max: number; readonly everyDays: number };
  /** Of what is left of a month's income after its expenses, per cent, at most this goes into an instalment. */
  readonly affordablePercent: number;
  /** Nothing is arranged while the account is held for one of these. */
  readonly noneWhileHeld: readonly HoldKind[];
  /** Placed after a customer asked for an arrangement, these keep even the answer back until they end. */
  readonly noAnswerOnceHeld: readonly HoldKind[];
  /** Without a word of the core to an agreement a person is asked, and again while there is none. */
  readonly bookingBusinessDays: number;
  readonly bookingAgainBusinessDays: number;
  /** After a plan that gives something up was paid, the core has so long to book that before the rest is collected. */
  readonly waiverBookingBusinessDays: number;
  /** Agreements by word of mouth need a recording; in whichever letters the channel is written. */
  readonly oralChannels: readonly string[];
  /** Where none is named a person finds it, has it confirmed in writing or on a recorded line, and is asked again so many times in all. */
  readonly proof: { readonly businessDays: number; readonly againBusinessDays: number; readonly asksMax: number };
  /** The rest of the agreement's text: rights and duties, and what a default means. */
  readonly conditions: string;
  /** Highest amount first match: who may give up so much of penalty interest and fees. A currency without a line: the last one's authority. */
  readonly authority: Readonly<Record<string, readonly { readonly upToMinor: number; readonly by: Authority }[]>>;
  readonly aboveAll: Authority;
  readonly ofPrincipal: Authority;
  /** What needs a person without giving anything up. */
  readonly ofReview: Authority;
  /** A credit that replaces this one is somebody else's to grant: the customer is told where to ask. */
  readonly referral: { readonly willingness: readonly Level[]; readonly ability: readonly Level[]; readonly untilDaysPastDue: number };
}

const ANY: readonly Level[] = ['low', 'medium', 'high', 'unknown'];
const WILLING: readonly Level[] = ['medium', 'high', 'unknown'];
const NOT_WEALTHY: readonly Level[] = ['low', 'medium', 'unknown'];

export const ARRANGEMENTS: ArrangementPolicy = {
  version: 'arrangements/1',
  rules: [
    {
      id: 'instalments',
      kind: 'instalments',
      months: [3, 6, 12],
      method: 'equal-instalments',
      ratePercent: 100,
      covers: 'overdue',
      waivesPercent: 0,
      willingness: ANY,
      ability: ANY,
      why: 'Chosen: up to a year is agreed with anybody who asks, since nothing is given up',
    },
    {
      id: 'falling-instalments',
      kind: 'instalments',
      months: [12],
      method: 'equal-principal',
      ratePercent: 100,
      covers: 'overdue',
      waivesPercent: 0,
      willingness: WILLING,
      ability: ['medium', 'high'],
      needsTerms: true,
      why: 'Chosen: whoever can pay more at first pays less interest in all',
    },
    {
      id: 'instalments',
      kind: 'instalments',
      months: [24, 36, 48, 60],
      method: 'equal-instalments',
      ratePercent: 100,
      covers: 'overdue',
      waivesPercent: 0,
      willingness: WILLING,
      ability: ANY,
      beyondAbility: true,
      why: '《商业银行信用卡业务监督管理办法》 art. 70: personalised instalments where the amount exceeds the ability to pay and the will is there, at most 60 months',
    },
    {
      id: 'long-instalments',
      kind: 'instalments',
      months: [24, 36, 48, 60],
      method: 'equal-instalments',
      ratePercent: 100,
      covers: 'overdue',
      waivesPercent: 0,
      willingness: WILLING,
      ability: ['medium', 'unknown'],
      beyondAbility: false,
      reviewed: true,
      why: 'The same article: where nothing says that the amount exceeds the ability to pay, a person finds that it does',
    },
    {
      id: 'deferral',
      kind: 'deferral',
      months: [1],
      method: 'equal-instalments',
      ratePercent: 100,
      covers: 'overdue',
      waivesPercent: 0,
      tracks: ['first-time', 'light'],
      willingness: WILLING,
      ability: ANY,
      why: 'Chosen: a month for those who were never late or owe little',
    },
    {
      id: 'deferral',
      kind: 'deferral',
      months: [2, 3],
      method: 'equal-instalments',
      ratePercent: 100,
      covers: 'overdue',
      waivesPercent: 0,
      tracks: ['first-time', 'hardship'],
      willingness: WILLING,
      ability: NOT_WEALTHY,
      reviewed: true,
      why: 'Chosen: a longer pause where income is expected, seen by a person',
    },
    {
      id: 'reduced-rate',
      kind: 'reduced-rate',
      months: [12, 24, 36],
      method: 'equal-instalments',
      ratePercent: 50,
      covers: 'overdue',
      waivesPercent: 0,
      willingness: WILLING,
      ability: NOT_WEALTHY,
      beyondAbility: true,
      needsTerms: true,
      why: 'Chosen: half of the contract’s rate; the interest given up counts as a waiver',
    },
    {
      id: 'waiver',
      kind: 'waiver',
      months: [1, 6, 12],
      method: 'equal-instalments',
      ratePercent: 100,
      covers: 'overdue',
      waivesPercent: 100,
      willingness: WILLING,
      ability: NOT_WEALTHY,
      why: 'Chosen: penalty interest and fees for the repayment of the rest, within somebody’s authority',
    },
    {
      id: 'settlement',
      kind: 'settlement',
      months: [1],
      method: 'equal-instalments',
      ratePercent: 0,
      covers: 'balance',
      waivesPercent: 100,
      willingness: WILLING,
      ability: ANY,
      fromDaysPastDue: 91,
      validDays: 7,
      why: 'Chosen: everything at once, without the interest and fees, when collecting has gone on for three months; to be agreed within a week, since it is about a balance that moves',
    },
  ],
  // 最高人民法院 法发〔2017〕22号 art. 2: of a lender's claim what exceeds 24% a year in all is cut on request. From memory, not checked.
  rateMaxMicros: 240_000,
  // Chosen: below that the rounding of interest to whole units is most of the interest.
  smallestInstalmentMinor: 100,
  settlementDays: 30,
  plansMax: 2,
  replanAfterDays: 30,
  grantDays: 14,
  // Chosen: a first wish, a second thought and one more; each takes a person's time, and a button can be pressed all day.
  requests: { max: 3, everyDays: 30 },
  affordablePercent: 80,
  noneWhileHeld: ['deceased', 'bankruptcy', 'fraud'],
  // Chosen: whoever then asks for silence, or lets somebody speak for them, is not written to because they had asked before.
  noAnswerOnceHeld: ['cease-contact', 'represented'],
  bookingBusinessDays: 2,
  bookingAgainBusinessDays: 5,
  waiverBookingBusinessDays: 10,
  oralChannels: ['voice', 'visit', 'phone', 'telephone', 'call', 'hotline', 'branch'],
  // 《商业银行信用卡业务监督管理办法》 art. 70: of an oral agreement the issuer must keep the recording, at least until the debt is paid. The days
  // are chosen: recordings are archived overnight. One that never comes leaves the arrangement as it is: the duty is the bank's, and the
  // customer, who keeps to what was agreed, loses nothing by the bank's failing. The timeline says that the proof is missing.
  proof: { businessDays: 3, againBusinessDays: 10, asksMax: 3 },
  conditions: 'plan-conditions/1',
  authority: {
    CNY: [
      { upToMinor: 0, by: { role: 'collector', people: 1 } },
      { upToMinor: 50_000, by: { role: 'supervisor', people: 1 } },
      { upToMinor: 500_000, by: { role: 'approver', people: 1 } },
    ],
  },
  aboveAll: { role: 'approver', people: 2 },
  ofPrincipal: { role: 'counsel', people: 1 },
  ofReview: { role: 'supervisor', people: 1 },
  referral: { willingness: WILLING, ability: ['medium', 'high'], untilDaysPastDue: 60 },
};

/** Who may give up so much of penalty interest and fees, and of the principal. */
export function authorityFor(waivedMinor: number, principalMinor: number, currency: string): Authority {
  if (principalMinor > 0) return ARRANGEMENTS.ofPrincipal;
  return ARRANGEMENTS.authority[currency]?.find((row) => waivedMinor <= row.upToMinor)?.by ?? ARRANGEMENTS.aboveAll;
}
