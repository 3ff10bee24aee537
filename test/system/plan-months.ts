import { addDays } from '../../domain/calendar.ts';
import { toMinor, toMoney } from '../../domain/money.ts';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aBalance, aCustomer, anOverdue, aPayment, aReversal } from './events.ts';
import { walk } from './walk.ts';

interface Offered {
  readonly offerId: string;
  readonly kind: string;
  readonly instalments: readonly { readonly dueDate: string; readonly amount: { readonly amount: string; readonly currency: string } }[];
  readonly total: { readonly amount: string; readonly currency: string };
  readonly waived?: unknown;
  readonly needs?: unknown;
}

interface Row {
  readonly dueDate: string;
  readonly amountMinor: number;
  readonly interestMinor: number;
}

/** A plan that runs, and the bank's core beside it: each month it takes the money and says what it holds overdue then. */
export class PlanMonths {
  readonly system: System;
  readonly rows: readonly Row[];
  readonly planId: string;
  #payments = 0;

  constructor(system: System, journey: Journey) {
    const { plan } = journey as unknown as {
      readonly plan: {
        planId: string;
        instalments: { dueDate: string; amount: { amount: string; currency: string }; interest?: { amount: string; currency: string } }[];
      };
    };
    this.system = system;
    this.planId = plan.planId;
    this.rows = plan.instalments.map(({ dueDate, amount, interest }) => ({
      dueDate,
      amountMinor: toMinor(amount),
      interestMinor: interest === undefined ? 0 : toMinor(interest),
    }));
  }

  row(month: number): Row {
    const row = this.rows[month - 1];
    if (row === undefined) throw new RangeError(`The plan has no month ${month}`);
    return row;
  }

  /** Noon of a day in Shanghai, some days after an instalment's due date. */
  async goTo(month: number, daysAfter = 0): Promise<void> {
    await this.system.advanceTo(`${addDays(this.row(month).dueDate, daysAfter)}T04:00:00Z`);
  }

  async pay(amountMinor: number): Promise<string> {
    this.#payments += 1;
    const paymentId = `pay-${this.#payments}`;
    await this.system.put('PaymentReceived', aPayment({ paymentId, amount: toMoney(amountMinor, 'CNY'), paidAt: this.system.now() }));
    return paymentId;
  }

  async reverse(paymentId: string): Promise<void> {
    await this.system.put('PaymentReversed', aReversal({ paymentId, reversedAt: this.system.now() }));
  }

  /** The core's figure after a month: what is left of the principal, and the interest that the next instalment will ask for. */
  async figure(paidUpTo: number): Promise<void> {
    await this.system.advance('PT1H');
    const left = this.rows.slice(paidUpTo).reduce((sum, row) => sum + row.amountMinor - row.interestMinor, 0);
    const owed = left + (this.rows[paidUpTo]?.interestMinor ?? 0);
    const overdue = toMoney(owed, 'CNY');
    await this.system.put('BalanceUpdated', aBalance({ overdue, balance: overdue, asOf: this.system.now() }));
  }

  /** A month as it should be: paid on its day, and told so by the core. */
  async month(month: number): Promise<Journey> {
    await this.goTo(month);
    await this.pay(this.row(month).amountMinor);
    const journey = await this.system.journey();
    if (month < this.rows.length) await this.figure(month);
    return journey;
  }
}

/** What the core says of a customer who wants to pay and cannot: the terms of the contract, and what the balance is made of. */
const HARD_UP = {
  terms: { annualRate: '0.1825', dayCount: 'ACT/365' },
  risk: { timesOverdueLast12Months: 2, willingness: 'willing', ability: 'unable' },
};

/** An account in the call stage, whose customer wants to pay and cannot. */
export async function aHardUpAccount(change: Record<string, unknown> = {}): Promise<System> {
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue({ ...HARD_UP, ...change }));
  await walk(system, { until: (journey) => journey.timeline.some((entry) => entry.type === 'TaskOpened') });
  return system;
}

/** Equal instalments at the contract's rate, agreed from the call stage and booked by the core. */
export async function aPlanOf(
  months: number,
  options: { readonly autodebit?: boolean; readonly booked?: boolean } = {},
): Promise<PlanMonths> {
  const system = await aHardUpAccount();
  const { autodebit, booked = true } = options;
  const offer = (await offersOf(system)).offers.find((row) => row.kind === 'instalments' && row.instalments.length === months);
  await agree(system, offer?.offerId, autodebit === undefined ? {} : { autodebit });
  const plan = new PlanMonths(system, await system.journey());
  if (booked) await system.put('PlanBooked', { planId: plan.planId, at: system.now() });
  return plan;
}

export async function agree(system: System, offerId: string | undefined, more: object = {}): Promise<void> {
  const body = { offerId, agreedAt: system.now(), channel: 'app', ...more };
  const { status, json } = await system.api('POST', '/accounts/acc-1/plans', body);
  if (status !== 200) throw new Error(`Not agreed: ${JSON.stringify(json)}`);
}

/** What may be agreed at once, and what needs an approval. */
export async function offersOf(system: System): Promise<{ readonly offers: readonly Offered[]; readonly onRequest: readonly Offered[] }> {
  const { status, json } = await system.api<{ offers: readonly Offered[]; onRequest: readonly Offered[] }>(
    'GET',
    '/accounts/acc-1/plan-offers',
  );
  return status === 200 ? json : { offers: [], onRequest: [] };
}
