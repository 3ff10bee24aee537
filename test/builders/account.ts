import { addDays, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import type { Governor } from '../../domain/customer.ts';
import type { Account, Flag } from '../../domain/model.ts';
import type { Money } from '../../domain/money.ts';
import { recordAccountOverdue, recordCustomerUpdated } from '../../domain/record/bank-facts.ts';
import { Journal } from '../../domain/record/journal.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { aCustomer } from './customer.ts';
import { aSetting, START } from './setting.ts';

export type OverdueFact = Parameters<typeof recordAccountOverdue>[1];

export function cny(amount: string): Money {
  return { amount, currency: 'CNY' };
}

/** An `AccountOverdue` as of the start, 12 days past due, of CNY 6,250.00 within a balance of 18,600.00, not a first-timer. */
export function anOverdueFact(change: Partial<OverdueFact> = {}): OverdueFact {
  const overdue = change.overdue ?? cny('6250.00');
  return {
    customerId: 'cus-1',
    product: 'credit-card',
    dueDate: '2026-02-18',
    overdue,
    minimumDue: overdue,
    balance: { amount: '18600.00', currency: overdue.currency },
    asOf: '2026-03-02T01:00:00Z',
    risk: { timesOverdueLast12Months: 2 },
    ...change,
  };
}

/** An account with an open case, made by the facts that make one: nothing in it is set by hand. */
export class AccountBuilder {
  #now = START;
  #governor: Governor = aCustomer().build();
  #change: Partial<OverdueFact> = {};
  #daysPastDue = 12;
  #id = 'acc-1';

  called(accountId: string): this {
    this.#id = accountId;
    return this;
  }

  at(now: string): this {
    this.#now = now;
    return this;
  }

  overdueBy(days: number): this {
    this.#daysPastDue = days;
    return this;
  }

  owing(overdue: string, balance = '18600.00', currency = 'CNY'): this {
    this.#change = { ...this.#change, overdue: { amount: overdue, currency }, balance: { amount: balance, currency } };
    return this;
  }

  with(change: Partial<OverdueFact>): this {
    this.#change = { ...this.#change, ...change };
    return this;
  }

  flagged(...flags: readonly Flag[]): this {
    return this.with({ flags });
  }

  firstTimer(): this {
    return this.with({ risk: { timesOverdueLast12Months: 0 } });
  }

  of(governor: Governor): this {
    this.#governor = governor;
    return this;
  }

  /** The fact that opens the case, as it goes into `recordAccountOverdue`. */
  fact(): OverdueFact {
    const zone = this.#change.timeZone ?? this.#governor.timeZone ?? 'Asia/Shanghai';
    const dueDate = addDays(localDate(toMillis(this.#now), zone), -this.#daysPastDue);
    return anOverdueFact({ dueDate, asOf: toInstant(toMillis(this.#now) - 60_000), ...this.#change });
  }

  journal(): Journal {
    const journal = new Journal(emptyAccount(this.#id), aSetting({ now: this.#now, governor: this.#governor }));
    recordAccountOverdue(journal, this.fact());
    return journal;
  }

  build(): Account {
    return this.journal().account;
  }
}

export function anAccount(): AccountBuilder {
  return new AccountBuilder();
}

/** What the customer's record says, told to an account whose case waits for it. */
export function tellCustomer(journal: Journal, governor: Governor): void {
  recordCustomerUpdated(journal, {
    customerId: governor.customerId,
    timeZone: governor.timeZone ?? 'Asia/Shanghai',
    locale: governor.locale ?? 'zh-CN',
    jurisdiction: governor.jurisdiction ?? 'CN',
    contactPoints: governor.points.length,
  });
}
