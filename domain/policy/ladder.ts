import type { Objective, Queue, Stage } from '../model.ts';

/**
 * The ladder as data: from which day past due a stage's tools may be used, how often, and under which minima. A strategy is
 * changed here, not in the deciders. Amounts are minor units per currency; a currency without an amount has no minimum.
 */
export interface Ladder {
  readonly version: string;
  readonly effectiveFrom: string;
  /** Highest first match wins: the ceiling on severity at a number of days past due. */
  readonly ceilings: readonly { readonly stage: Stage; readonly fromDaysPastDue: number }[];
  /** Days past due without any contact. */
  readonly graceDays: number;
  /** Overdue amounts up to this count as nothing overdue. */
  readonly toleranceMinor: Readonly<Record<string, number>>;
  /** How long a case whose customer is not known waits before somebody is asked. */
  readonly unknownCustomerHours: number;
  /** Days between two messages of a stage; the first goes when the stage is entered. */
  readonly messageEveryDays: Readonly<Record<Stage, number>>;
  /** Messages of the first, friendly stage follow each other closer, on another channel. */
  readonly secondReminderAfterDays: number;
  readonly messageAttemptsMax: number;
  /** Days from the end of one call task to the next; absent where the stage does not call. */
  readonly callEveryDays: Readonly<Partial<Record<Stage, number>>>;
  /** After so many calls without a conversation a message goes instead. */
  readonly callsBeforeMessage: number;
  readonly promise: {
    readonly graceDays: number;
    readonly toleranceShare: number;
    readonly partsMax: number;
    readonly daysAheadMax: number;
  };
  readonly plan: {
    readonly counts: readonly number[];
    readonly firstAfterDays: number;
    readonly cureDays: number;
    readonly offerValidDays: number;
    readonly answerDays: number;
    readonly minimumInstalmentMinor: Readonly<Record<string, number>>;
    readonly noticeDays: number;
  };
  readonly pendingPaymentBusinessDays: number;
  readonly fieldVisit: {
    readonly minimumOverdueMinor: Readonly<Record<string, number>>;
    readonly triedDays: number;
    readonly triedSpanDays: number;
    readonly eveningFromMinutes: number;
    readonly messages: number;
    readonly quietDaysAfterConversation: number;
    readonly everyDays: number;
    readonly visitsMax: number;
  };
  readonly legal: {
    readonly minimumBalanceMinor: Readonly<Record<string, number>>;
    readonly minimumDaysPastDue: number;
    readonly writtenDemands: number;
    readonly noticeDays: number;
    readonly deliveredAfterHours: number;
    readonly askAgainDays: number;
  };
  /** How long a task may stay open: calls and visits expire, the others stay and only become more urgent. */
  readonly taskHours: Readonly<Record<Queue, number>>;
  readonly expires: readonly Queue[];
  readonly priority: Readonly<Record<Objective, number>>;
  /** Contacts in 90 days after which a person is asked whether to go on (docs/ladder.md: 45). */
  readonly pressure: { readonly contacts: number; readonly days: number };
  /** No wait is longer (protocol: a review date where there is no end in sight). */
  readonly waitDaysMax: number;
  /** A data-quality task for the same case not more often than this. */
  readonly dataQualityEveryDays: number;
}

export const LADDER: Ladder = {
  version: 'ladder/1',
  effectiveFrom: '2000-01-01',
  ceilings: [
    { stage: 'legal', fromDaysPastDue: 90 },
    { stage: 'field-visit', fromDaysPastDue: 61 },
    { stage: 'plan', fromDaysPastDue: 31 },
    { stage: 'call', fromDaysPastDue: 6 },
    { stage: 'reminder', fromDaysPastDue: -1 },
  ],
  graceDays: 3,
  // 中国银行卡行业自律公约 (2013): a shortfall of up to CNY 10 counts as paid.
  toleranceMinor: { CNY: 1000 },
  unknownCustomerHours: 24,
  messageEveryDays: { reminder: 3, call: 3, plan: 10, 'field-visit': 7, legal: 14 },
  secondReminderAfterDays: 1,
  messageAttemptsMax: 3,
  callEveryDays: { call: 2, plan: 4, 'field-visit': 3, legal: 7 },
  callsBeforeMessage: 2,
  promise: { graceDays: 1, toleranceShare: 0.02, partsMax: 3, daysAheadMax: 30 },
  plan: {
    counts: [3, 6, 12],
    firstAfterDays: 7,
    cureDays: 5,
    offerValidDays: 14,
    answerDays: 3,
    minimumInstalmentMinor: { CNY: 10_000 },
    noticeDays: 3,
  },
  pendingPaymentBusinessDays: 3,
  fieldVisit: {
    minimumOverdueMinor: { CNY: 500_000 },
    triedDays: 3,
    triedSpanDays: 10,
    eveningFromMinutes: 18 * 60,
    messages: 2,
    quietDaysAfterConversation: 14,
    everyDays: 30,
    visitsMax: 2,
  },
  legal: {
    minimumBalanceMinor: { CNY: 500_000 },
    minimumDaysPastDue: 90,
    writtenDemands: 2,
    noticeDays: 15,
    deliveredAfterHours: 72,
    askAgainDays: 30,
  },
  taskHours: { call: 48, 'field-visit': 168, 'legal-review': 120, 'plan-review': 48, 'case-review': 72, 'data-quality': 72 },
  expires: ['call', 'field-visit'],
  priority: {
    'call-back': 10,
    'approve-referral': 20,
    'confirm-intent': 25,
    'review-hold': 30,
    'review-legal': 30,
    'review-field-visit': 30,
    'review-pressure': 35,
    'approve-visit': 40,
    visit: 45,
    'agree-a-plan': 50,
    recover: 60,
    'complete-contact-data': 70,
  },
  pressure: { contacts: 45, days: 90 },
  waitDaysMax: 30,
  dataQualityEveryDays: 30,
};
