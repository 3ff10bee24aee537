import { MONTHS, type PortfolioAccount } from './portfolio.ts';

/**
 * The data as the events a bank would have sent, by one definition, so that anyone's count over the same file must agree:
 *
 * 1. Each customer is told at the start.
 * 2. What was paid in a month is one payment, on a day between the 1st and the 27th that the account's number gives.
 * 3. On the 21st of a month the core says what is overdue, or once, after it had said so, that nothing is any more.
 *
 * Events go out in time order, ties by account id.
 */

export const REPLAY_START = '2005-04-01T00:00:00Z';
export const REPLAY_END = '2005-10-21T00:00:00Z';

const YEAR = 2005;
const CURRENCY = 'TWD';
const TIME_ZONE = 'Asia/Taipei';
const PAYMENT_HOUR = 4;
const FIGURE_HOUR = 1;
const FIGURE_DAY = 21;
const LAST_PAYMENT_DAY = 27;
/** The least that is due each month, and its share of the bill in hundredths. */
const MINIMUM_DUE = 1000;
const MINIMUM_DUE_PERCENT = 5;

export interface BankEvent {
  readonly detailType: 'CustomerUpdated' | 'AccountOverdue' | 'BalanceUpdated' | 'PaymentReceived';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** All events of one instant; made when iterated, so that a large portfolio is never in memory as events. */
export interface Moment {
  readonly at: string;
  readonly events: () => Iterable<BankEvent>;
}

function accountIdOf(account: PortfolioAccount): string {
  return `uci-${account.id}`;
}

/** The instants of the replay in time order. Instants without events are among them. */
export function* replay(portfolio: readonly PortfolioAccount[]): Generator<Moment> {
  const accounts = [...portfolio].sort((one, other) => (accountIdOf(one) < accountIdOf(other) ? -1 : 1));
  const moment = (at: string, make: (account: PortfolioAccount) => BankEvent | undefined): Moment => ({
    at,
    events: function* () {
      for (const account of accounts) {
        const event = make(account);
        if (event !== undefined) yield event;
      }
    },
  });
  yield moment(REPLAY_START, customerUpdated);
  for (const k of MONTHS.toReversed()) {
    for (let day = 1; day <= LAST_PAYMENT_DAY; day += 1) {
      if (day === FIGURE_DAY) {
        const asOf = instantOf(k, day, FIGURE_HOUR);
        yield moment(asOf, (account) => figure(account, k, asOf));
      }
      const paidAt = instantOf(k, day, PAYMENT_HOUR);
      yield moment(paidAt, (account) => (paymentDay(account.id, k) === day ? payment(account, k, paidAt) : undefined));
    }
  }
}

/** Month 1 is September, 6 is April. */
function calendarMonth(k: number): number {
  return 10 - k;
}

const two = (value: number) => String(value).padStart(2, '0');

function instantOf(k: number, day: number, hour: number): string {
  return `${YEAR}-${two(calendarMonth(k))}-${two(day)}T${two(hour)}:00:00Z`;
}

function paymentDay(id: number, k: number): number {
  return 1 + ((id * 7 + k * 11) % LAST_PAYMENT_DAY);
}

const money = (whole: number) => ({ amount: `${whole}.00`, currency: CURRENCY });

function customerUpdated(account: PortfolioAccount): BankEvent {
  const { id } = account;
  const number = `+8869${String(id).padStart(8, '0')}`;
  const point = (channel: string, address: string) => ({ id: `cp-${channel}`, channel, address, owner: 'self', consent: true });
  return {
    detailType: 'CustomerUpdated',
    detail: {
      customerId: `uci-c-${id}`,
      name: `Cardholder ${id}`,
      locale: 'zh-CN',
      timeZone: TIME_ZONE,
      jurisdiction: 'CN',
      contactPoints: [
        point('sms', number),
        point('voice', number),
        point('email', `cardholder-${id}@example.com`),
        point('visit', `Registered address of cardholder ${id}`),
      ],
      asOf: REPLAY_START,
    },
  };
}

function payment(account: PortfolioAccount, k: number, paidAt: string): BankEvent | undefined {
  const amount = account.payments[k - 1] ?? 0;
  if (amount <= 0) return undefined;
  return {
    detailType: 'PaymentReceived',
    detail: { paymentId: `uci-${account.id}-${k}`, accountId: accountIdOf(account), amount: money(amount), paidAt },
  };
}

function figure(account: PortfolioAccount, k: number, asOf: string): BankEvent | undefined {
  const status = account.statuses[k - 1] ?? 0;
  const bill = account.bills[k - 1] ?? 0;
  const balance = money(Math.max(bill, 0));
  const accountId = accountIdOf(account);
  if (status >= 1) {
    const overdue = money(overdueOf(status, bill));
    const customerId = `uci-c-${account.id}`;
    const facts = { product: 'credit-card', dueDate: dueDate(k, status), overdue, minimumDue: overdue, balance, asOf, timeZone: TIME_ZONE };
    return { detailType: 'AccountOverdue', detail: { accountId, customerId, ...facts } };
  }
  // An overdue month before this one has not been answered yet: any other month in between would have done so.
  const overdueBefore = (account.statuses[k] ?? 0) >= 1;
  if (!overdueBefore) return undefined;
  return { detailType: 'BalanceUpdated', detail: { accountId, overdue: money(0), balance, asOf } };
}

/** So many months' least amounts, and never more than the bill. */
function overdueOf(status: number, bill: number): number {
  if (bill <= 0) return 0;
  const share = Math.floor((bill * MINIMUM_DUE_PERCENT + 50) / 100);
  return Math.min(bill, status * Math.max(MINIMUM_DUE, share));
}

/** The 20th of the month in which the oldest unpaid amount was due. */
function dueDate(k: number, status: number): string {
  const months = YEAR * 12 + calendarMonth(k) - 1 - (status - 1);
  return `${Math.floor(months / 12)}-${two((months % 12) + 1)}-20`;
}
