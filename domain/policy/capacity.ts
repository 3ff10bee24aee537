import type { Track } from '../model.ts';

/** The queues whose work can be budgeted: somebody goes or dials. */
export type BudgetedQueue = 'call' | 'field-visit';

/**
 * What a contact is expected to bring and costs, for a bank whose people are too few for all. Estimates to start from, to be replaced by
 * the bank's own figures; they only put accounts in an order.
 */
export interface CapacityPolicy {
  /** Of one contact, in minor units; a currency without a cost is measured by the first one's number. */
  readonly costMinor: Readonly<Record<BudgetedQueue, Readonly<Record<string, number>>>>;
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
  costMinor: { call: { CNY: 1_500 }, 'field-visit': { CNY: 40_000 } },
  chancePercent: { light: 45, 'first-time': 40, standard: 30, hardship: 20, evasive: 10, 'long-term': 8 },
  spokenPercent: 150,
  silent: { days: 3, percent: 50 },
  brokenPercent: 70,
  // A week: the same number of every weekday.
  historyDays: 7,
};
