import type { Track } from '../model.ts';

/** The queues whose work can be budgeted: somebody goes or dials. */
export type BudgetedQueue = 'call' | 'field-visit';

/**
 * What a contact is expected to bring and costs, for a bank whose people are too few for all. Estimates to start from, to be replaced by
 * the bank's own figures; they only put accounts in an order.
 */
export interface CapacityPolicy {
  /** Of one contact, in hundredths of a yuan: the same people work accounts of all currencies. */
  readonly costFen: Readonly<Record<BudgetedQueue, number>>;
  /** So many minor units of a currency are taken as equal to CNY 100.00. An account in any other stands on no scale: no line leaves it out. */
  readonly hundredYuanMinor: Readonly<Record<string, number>>;
  /** Of a hundred contacts on a track so many bring the overdue amount. */
  readonly chancePercent: Readonly<Record<Track, number>>;
  /** The chance in percent of that, for a customer who was spoken to before, who never answered on so many days, who broke a promise. */
  readonly spokenPercent: number;
  readonly silent: { readonly days: number; readonly percent: number };
  readonly brokenPercent: number;
  /** The demand of so many days before says where today's line is drawn. */
  readonly historyDays: number;
}

export const CAPACITY: CapacityPolicy = {
  // Some ten minutes of a collector with the notes; half a day of two people on the road.
  costFen: { call: 1_500, 'field-visit': 40_000 },
  // Chosen, in round numbers, and left alone when rates move: an account's place must not change overnight. The steps are a fifth apart.
  hundredYuanMinor: {
    CNY: 10_000,
    AUD: 2_100,
    EUR: 1_200,
    GBP: 1_050,
    HKD: 11_000,
    INR: 120_000,
    JPY: 2_100,
    RON: 6_200,
    SGD: 1_800,
    TWD: 44_000,
    USD: 1_400,
  },
  chancePercent: { light: 45, 'first-time': 40, standard: 30, hardship: 20, evasive: 10, 'long-term': 8 },
  spokenPercent: 150,
  silent: { days: 3, percent: 50 },
  brokenPercent: 70,
  // A week: the same number of every weekday.
  historyDays: 7,
};
