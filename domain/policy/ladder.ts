import type { ReasonForArrears } from '../codes.ts';
import type { MessageChannel, Objective, Queue, Stage, Track } from '../model.ts';
import { PARTY_RULES, type PartyRole, type PartyRule } from './parties.ts';

/** How a track bends the ladder. */
export interface TrackRules {
  /** Days between two messages, and between two calls, times this; never less than one day. */
  readonly messagePace: number;
  readonly callPace: number;
  /** Contacts of one case after which a person is asked whether to go on, and again after as many more. */
  readonly contactsMax: number;
  /** Instead of the stage's own order; letters stay where the stage writes them. */
  readonly channels?: readonly MessageChannel[];
}

/**
 * The ladder as data: from which day past due a stage's tools may be used, how often, and under which minima. A strategy is
 * changed here, not in the deciders. Amounts are minor units per currency; a currency without an amount has no minimum.
 */
export interface Ladder {
  readonly version: string;
  readonly effectiveFrom: string;
  /** Highest first match wins: the ceiling on severity at a number of days past due. */
  readonly ceilings: readonly { readonly stage: Stage; readonly fromDaysPastDue: number }[];
  /** Days past due without any contact; as many as a pack or the house asks for, where those are more. */
  readonly graceDays: number;
  /** Overdue amounts up to this count as nothing overdue. */
  readonly toleranceMinor: Readonly<Record<string, number>>;
  /** How long a case whose customer is not known waits before somebody is asked. */
  readonly unknownCustomerHours: number;
  /** Days between two messages of a stage; the first goes when the stage is entered. */
  readonly messageEveryDays: Readonly<Record<Stage, number>>;
  /** Messages of the first, friendly stage follow each other closer, on another channel. */
  readonly secondReminderAfterDays: number;
  /** Attempts at one message, and messages in a row that did not arrive, before the stage's pace holds again. */
  readonly messageAttemptsMax: number;
  /** The channels of a stage's messages take turns in this order; those that a deployment or a customer lacks are skipped. */
  readonly channels: Readonly<Record<Stage, readonly MessageChannel[]>>;
  /** Days between two letters; absent where the stage writes none. */
  readonly letterEveryDays: Readonly<Partial<Record<Stage, number>>>;
  readonly noticeChannels: readonly MessageChannel[];
  /** What a stage's messages say, in turn. None is said twice on a channel before the amount changes. */
  readonly texts: Readonly<Record<Stage, readonly string[]>>;
  /** The first text of a case; said again, elsewhere, until it has arrived. */
  readonly firstText: string;
  /** Texts that are true only after a call that nobody took. */
  readonly textsAfterCalls: readonly string[];
  /** Texts that name the days past due: they say something new when the account has entered the next so many days. */
  readonly datedTexts: readonly string[];
  readonly textDays: number;
  /** Days without collection after a conversation that led to nothing. */
  readonly quietDaysAfterConversation: number;
  /** The parts of the day that past answers are sorted into, minutes of the local day; the best one is preferred. */
  readonly answerBands: readonly { readonly fromMinutes: number; readonly toMinutes: number }[];
  readonly tracks: Readonly<Record<Track, TrackRules>>;
  /** What puts a case on a track; the first of hardship, evasive, long-term, first-time and light that applies. */
  readonly trackFrom: {
    readonly evasiveBrokenPromises: number;
    readonly evasiveRefusals: number;
    /** Days on which the customer's valid numbers were tried, summed, without one conversation. */
    readonly evasiveUnansweredDays: number;
    readonly longTermDays: number;
    readonly longTermCases: number;
    readonly lightDaysMax: number;
    readonly lightOverdueMinor: Readonly<Record<string, number>>;
  };
  /** Days that an account waits for the message of the customer's account that leads, which speaks for both. */
  readonly yieldDays: number;
  /** The other parties of an account that may be contacted, from when, and what they are written; a role without a rule never is. */
  readonly parties: {
    readonly rules: Readonly<Partial<Record<PartyRole, PartyRule>>>;
    /** What time alone changes for a party wakes no case: one that can send them nothing looks again after so many days. */
    readonly lookEveryDays: number;
  };
  /** A notice of the report to the bureau goes so many days before the reporting day of the product. */
  readonly bureauNotice: { readonly daysBefore: number; readonly channels: readonly MessageChannel[] };
  /** Days from the end of one call task to the next; absent where the stage does not call. */
  readonly callEveryDays: Readonly<Partial<Record<Stage, number>>>;
  /** After so many calls without a conversation a message goes instead. */
  readonly callsBeforeMessage: number;
  readonly promise: {
    readonly graceDays: number;
    readonly toleranceShare: number;
    readonly partsMax: number;
    readonly daysAheadMax: number;
    /** Promises that were not kept, after which none is taken any more in the case; the parts of one count once. */
    readonly brokenMax: number;
  };
  readonly plan: {
    /** Days to the first instalment where the customer names no day, and those between which they may name one. */
    readonly firstAfterDays: number;
    readonly firstFromDays: number;
    readonly firstWithinDays: number;
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
    /** Between the message that announces a visit and the first day of it. */
    readonly noticeDays: number;
    /** From that first day on; the texts say a week. */
    readonly announcedDays: number;
    /** How long an approval holds: a visit that is not assigned by then is approved anew. */
    readonly approvalDays: number;
  };
  readonly legal: {
    readonly minimumBalanceMinor: Readonly<Record<string, number>>;
    readonly minimumDaysPastDue: number;
    readonly writtenDemands: number;
    readonly noticeDays: number;
    readonly deliveredAfterHours: number;
    readonly askAgainDays: number;
    /** Days without news of a suit after which a person finds out what became of it, by what was said of it last. */
    readonly newsDays: Readonly<Record<'referred' | 'filed' | 'judgment' | 'enforcement', number>>;
    /** The same where whoever was asked did not know, and in the last days in which a suit may still be filed. */
    readonly newsAgainDays: number;
    /** How many these last days are. */
    readonly unfiledDays: number;
  };
  /** How long a task may stay open: calls and visits expire, the others stay and only become more urgent. */
  readonly taskHours: Readonly<Record<Queue, number>>;
  readonly expires: readonly Queue[];
  /** How long a claim holds without a sign of whoever made it. */
  readonly claimMinutes: Readonly<Record<Queue, number>>;
  /** Of a task before what makes it more urgent is taken off; the lowest comes first. */
  readonly priority: Readonly<Record<Objective, number>>;
  /** What takes points off the priority of calls and visits; of each list the first that applies. Amounts are minor units. */
  readonly urgency: {
    readonly objectives: readonly Objective[];
    readonly promiseBroken: number;
    readonly daysPastDue: readonly { readonly from: number; readonly points: number }[];
    readonly overdueMinor: Readonly<Record<string, readonly { readonly from: number; readonly points: number }[]>>;
  };
  /** Where a reason for arrears leads: it goes on as it would, to the track of hardship, into a hold, or on with a message. */
  readonly reasons: Readonly<Record<ReasonForArrears, 'ladder' | 'hardship' | 'dispute' | 'message'>>;
  /** Contacts in 90 days after which a person is asked whether to go on (docs/ladder.md: 45). */
  readonly pressure: { readonly contacts: number; readonly days: number };
  /** From which day past due the core is advised: of a card by the ladder's days, of a charge-off by the contract's. */
  readonly advice: {
    readonly blockCardDays: number;
    readonly chargeOffReviewDays: number;
    /** Where the core says nothing to the advice to recall an account, a person asks after so many business days, and again after as many. */
    readonly recallAgainBusinessDays: number;
  };
  /** No wait is longer (protocol: a review date where there is no end in sight). */
  readonly waitDaysMax: number;
  /** A data-quality task for the same case not more often than this. */
  readonly dataQualityEveryDays: number;
}

export const LADDER: Ladder = {
  version: 'ladder/2',
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
  // Text messages and e-mail first: they carry who we are and the whole amount. The others serve where they are on.
  channels: {
    reminder: ['sms', 'email', 'push', 'in-app', 'im'],
    call: ['sms', 'email', 'push', 'in-app', 'im'],
    plan: ['sms', 'email', 'in-app', 'push', 'im'],
    'field-visit': ['sms', 'email', 'in-app', 'push', 'im'],
    legal: ['sms', 'email', 'in-app', 'push', 'im'],
  },
  letterEveryDays: { 'field-visit': 30, legal: 30 },
  noticeChannels: ['post', 'email', 'sms'],
  texts: {
    reminder: ['reminder-again', 'education'],
    call: ['call-missed', 'overdue-continuing', 'education', 'reminder-again'],
    plan: ['overdue-continuing', 'call-missed', 'education'],
    'field-visit': ['overdue-continuing', 'call-missed'],
    legal: ['overdue-continuing', 'call-missed'],
  },
  firstText: 'reminder-first',
  textsAfterCalls: ['call-missed'],
  datedTexts: ['overdue-continuing', 'overdue-joint', 'overdue-guaranteed'],
  textDays: 14,
  quietDaysAfterConversation: 3,
  answerBands: [
    { fromMinutes: 9 * 60 + 30, toMinutes: 12 * 60 },
    { fromMinutes: 12 * 60, toMinutes: 14 * 60 },
    { fromMinutes: 14 * 60, toMinutes: 18 * 60 },
    { fromMinutes: 18 * 60, toMinutes: 19 * 60 + 45 },
  ],
  tracks: {
    standard: { messagePace: 1, callPace: 1, contactsMax: 60 },
    // Few and quiet: most of these pay by themselves.
    light: { messagePace: 1, callPace: 2, contactsMax: 20, channels: ['in-app', 'push', 'sms', 'email', 'im'] },
    'first-time': { messagePace: 1, callPace: 1.5, contactsMax: 30 },
    // More of the same after three months changes little.
    'long-term': { messagePace: 1.5, callPace: 1.5, contactsMax: 60 },
    evasive: { messagePace: 0.75, callPace: 0.75, contactsMax: 60 },
    // In writing first, to be read when it suits.
    hardship: { messagePace: 2, callPace: 2, contactsMax: 15, channels: ['email', 'in-app', 'sms', 'im', 'push'] },
  },
  trackFrom: {
    evasiveBrokenPromises: 2,
    evasiveRefusals: 2,
    evasiveUnansweredDays: 10,
    longTermDays: 91,
    longTermCases: 3,
    lightDaysMax: 30,
    lightOverdueMinor: { CNY: 50_000 },
  },
  yieldDays: 3,
  // Half as long as the shortest step of a party's messages that is common, so that none is late by much; a look costs four transitions.
  parties: { rules: PARTY_RULES, lookEveryDays: 3 },
  bureauNotice: { daysBefore: 5, channels: ['sms', 'email', 'in-app', 'post'] },
  callEveryDays: { call: 2, plan: 4, 'field-visit': 3, legal: 7 },
  callsBeforeMessage: 2,
  promise: { graceDays: 1, toleranceShare: 0.02, partsMax: 3, daysAheadMax: 30, brokenMax: 3 },
  plan: {
    firstAfterDays: 7,
    // Not before it can be reminded of, and from there a whole month: whatever day of it somebody is paid on can be named.
    firstFromDays: 3,
    firstWithinDays: 33,
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
    noticeDays: 2,
    announcedDays: 7,
    approvalDays: 7,
  },
  legal: {
    minimumBalanceMinor: { CNY: 500_000 },
    minimumDaysPastDue: 90,
    writtenDemands: 2,
    noticeDays: 15,
    deliveredAfterHours: 72,
    askAgainDays: 30,
    // 民事诉讼法 (2023): a court decides within 7 days whether it takes a suit (art. 126), and a first instance ends six months after that
    // (art. 152). Enforcement is asked for within two years (art. 250): a quarter leaves counsel the time. After six months without result
    // the creditor may turn to the higher court (art. 237). Chosen: two months for counsel to file.
    newsDays: { referred: 60, filed: 180, judgment: 90, enforcement: 180 },
    newsAgainDays: 14,
    unfiledDays: 90,
  },
  taskHours: { call: 48, 'field-visit': 168, 'legal-review': 120, 'plan-review': 48, 'case-review': 72, 'data-quality': 72 },
  expires: ['call', 'field-visit'],
  // A call and its notes; a morning's file work; a visit is on the road for as long as it may take.
  claimMinutes: {
    call: 30,
    'data-quality': 60,
    'plan-review': 240,
    'case-review': 240,
    'legal-review': 240,
    'field-visit': 168 * 60,
  },
  priority: {
    'call-back': 10,
    'approve-referral': 20,
    'confirm-intent': 25,
    'review-hold': 30,
    'review-placement': 30,
    'review-legal': 30,
    'review-suit': 30,
    'review-field-visit': 30,
    'review-visit': 30,
    'review-flag': 30,
    'review-pressure': 35,
    'approve-plan': 35,
    'approve-waiver': 35,
    'confirm-booking': 38,
    'obtain-proof': 39,
    'approve-visit': 40,
    visit: 45,
    'agree-a-plan': 50,
    'understand-hardship': 52,
    recover: 60,
    'complete-contact-data': 70,
  },
  // A broken promise is followed while it is fresh; of the others the oldest and largest first. A call-back has its own time.
  urgency: {
    objectives: ['recover', 'agree-a-plan', 'understand-hardship', 'visit'],
    promiseBroken: 12,
    daysPastDue: [
      { from: 61, points: 8 },
      { from: 31, points: 5 },
      { from: 15, points: 2 },
    ],
    overdueMinor: {
      CNY: [
        { from: 5_000_000, points: 10 },
        { from: 1_000_000, points: 6 },
        { from: 300_000, points: 3 },
      ],
    },
  },
  // Whoever cannot pay is asked about relief, whoever only could not do it yet is told how, and an objection is looked into first.
  reasons: {
    forgot: 'message',
    technical: 'message',
    abroad: 'message',
    'cash-flow': 'ladder',
    'income-reduced': 'hardship',
    unemployment: 'hardship',
    illness: 'hardship',
    bereavement: 'hardship',
    separation: 'hardship',
    'business-failure': 'hardship',
    'over-indebted': 'hardship',
    disaster: 'hardship',
    dispute: 'dispute',
    unwilling: 'ladder',
    other: 'ladder',
  },
  pressure: { contacts: 45, days: 90 },
  // More than 30 days past due is what messages name; a loan 180 days past due is written down as a loss (FFIEC Uniform Retail Credit Classification).
  // As many as after which a booking is asked for again: an agency that presses on meanwhile is worse than a plan that is not booked.
  advice: { blockCardDays: 31, chargeOffReviewDays: 180, recallAgainBusinessDays: 5 },
  waitDaysMax: 30,
  dataQualityEveryDays: 30,
};
