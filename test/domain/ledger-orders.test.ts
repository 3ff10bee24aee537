import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, HOUR, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import { contractDaysPastDue, statusOf } from '../../domain/case-status.ts';
import { balanceMinor, overdueMinor } from '../../domain/ledger.ts';
import type { Account } from '../../domain/model.ts';
import { toMoney } from '../../domain/money.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import {
  recordAccountOverdue,
  recordBalanceUpdated,
  recordPaymentReceived,
  recordPaymentReversed,
} from '../../domain/record/bank-facts.ts';
import { Journal } from '../../domain/record/journal.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { anOverdueFact } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';

// ---- the facts of one account, as a bank may send them ------------------------------------------------------------------

type Arrears = readonly { readonly dueDate: string; readonly minor: number }[];
type Fact =
  | {
      readonly type: 'AccountOverdue';
      readonly asOf: string;
      readonly overdue: number;
      readonly balance: number;
      readonly dueDate: string;
      readonly arrears?: Arrears;
    }
  | {
      readonly type: 'BalanceUpdated';
      readonly asOf: string;
      readonly overdue: number;
      readonly balance: number;
      readonly arrears?: Arrears;
    }
  | {
      readonly type: 'PaymentReceived';
      readonly id: string;
      readonly minor: number;
      readonly paidAt: string;
      readonly postedAt: string;
      readonly state: 'posted' | 'pending';
    }
  | { readonly type: 'PaymentReversed'; readonly id: string; readonly reversedAt: string };
type Payment = Extract<Fact, { type: 'PaymentReceived' }>;

const FIRST = toMillis('2026-03-01T00:00:00Z');
const NOW = '2026-03-20T04:00:00Z';
const ZONE = 'Asia/Shanghai';
const atHour = (hour: number) => toInstant(FIRST + hour * HOUR);

const amount = fc.integer({ min: 1, max: 40 }).map((units) => units * 100);
const hour = fc.integer({ min: 0, max: 300 });

/** Arrears of up to three months, oldest first, that add up to the overdue amount. */
function arrearsOf(overdue: number, asOf: string, parts: number): Arrears | undefined {
  if (parts === 0 || overdue === 0) return undefined;
  const oldest = addDays(localDate(toMillis(asOf), ZONE), -parts * 30);
  const share = Math.floor(overdue / parts);
  return Array.from({ length: parts }, (_, index) => ({
    dueDate: addDays(oldest, index * 30),
    minor: index === parts - 1 ? overdue - share * (parts - 1) : share,
  }));
}

const accountOverdue = fc
  .record({ hour, overdue: amount, more: amount, days: fc.integer({ min: 0, max: 100 }), parts: fc.integer({ min: 0, max: 3 }) })
  .map(({ hour: at, overdue, more, days, parts }): Fact => {
    const asOf = atHour(at);
    const arrears = arrearsOf(overdue, asOf, parts);
    const dueDate = arrears?.[0]?.dueDate ?? addDays(localDate(toMillis(asOf), ZONE), -days);
    return { type: 'AccountOverdue', asOf, overdue, balance: overdue + more, dueDate, ...(arrears === undefined ? {} : { arrears }) };
  });

const balanceUpdated = fc
  .record({ hour, overdue: fc.oneof(fc.constant(0), amount), more: amount, parts: fc.integer({ min: 0, max: 2 }) })
  .map(({ hour: at, overdue, more, parts }): Fact => {
    const asOf = atHour(at);
    const arrears = arrearsOf(overdue, asOf, parts);
    return { type: 'BalanceUpdated', asOf, overdue, balance: overdue + more, ...(arrears === undefined ? {} : { arrears }) };
  });

/** A payment in each of its states, and perhaps its reversal. */
const payment = fc
  .record({
    hour,
    minor: amount,
    bookedAfter: fc.integer({ min: 0, max: 72 }),
    states: fc.constantFrom('posted', 'pending', 'both'),
    reversedAfter: fc.option(fc.integer({ min: 0, max: 100 })),
  })
  .map(({ hour: at, minor, bookedAfter, states, reversedAfter }) => (id: string): Fact[] => {
    const paidAt = atHour(at);
    const postedAt = atHour(at + bookedAfter);
    const posted: Payment = { type: 'PaymentReceived', id, minor, paidAt, postedAt, state: 'posted' };
    const pending: Payment = { ...posted, postedAt: paidAt, state: 'pending' };
    const facts: Fact[] = states === 'both' ? [posted, pending] : states === 'posted' ? [posted] : [pending];
    return reversedAfter === null
      ? facts
      : [...facts, { type: 'PaymentReversed', id, reversedAt: atHour(at + bookedAfter + reversedAfter) }];
  });

const identity = (fact: Fact) =>
  'asOf' in fact ? `${fact.type} ${fact.asOf}` : `${fact.type} ${fact.id} ${'state' in fact ? fact.state : ''}`;

const history = fc
  .record({ figures: fc.array(fc.oneof(accountOverdue, balanceUpdated), { maxLength: 5 }), payments: fc.array(payment, { maxLength: 4 }) })
  .map(({ figures, payments }) => [...figures, ...payments.flatMap((make, index) => make(`pay-${index}`))])
  // One content per identity: the same identity with other content is rejected before it comes here.
  .map((facts) => [...new Map(facts.map((fact) => [identity(fact), fact])).values()]);

const deliveries = history.chain((facts) =>
  fc.record({
    facts: fc.constant(facts),
    order:
      facts.length === 0
        ? fc.constant<number[]>([])
        : fc.array(fc.nat(facts.length - 1), { maxLength: 6 }).chain((again) =>
            fc
              .shuffledSubarray([...facts.keys(), ...again.map((index) => index + facts.length)], {
                minLength: facts.length + again.length,
              })
              .map((list) => list.map((index) => (index < facts.length ? index : (again[index - facts.length] ?? 0)))),
          ),
  }),
);

// ---- the intake, as far as the ledger sees it ----------------------------------------------------------------------------

/** Delivers facts as the intake does: looked up by identity, a payment together with its reversal where one of them is known. */
function deliver(facts: readonly Fact[]): Account {
  const known = new Map<string, Fact>();
  const setting = aSetting({ now: NOW, governor: aCustomer().build() });
  let account = emptyAccount('acc-1');
  for (const fact of facts) {
    if (known.has(identity(fact))) continue;
    known.set(identity(fact), fact);
    const journal = new Journal(account, setting);
    record(journal, fact, known);
    account = journal.account;
  }
  return account;
}

function record(journal: Journal, fact: Fact, known: ReadonlyMap<string, Fact>): void {
  switch (fact.type) {
    case 'AccountOverdue':
      recordAccountOverdue(journal, anOverdueFact({ dueDate: fact.dueDate, ...figureOf(fact) }));
      break;
    case 'BalanceUpdated':
      recordBalanceUpdated(journal, figureOf(fact));
      break;
    case 'PaymentReceived': {
      const reversal = known.get(`PaymentReversed ${fact.id} `);
      const { id: paymentId, minor, paidAt, postedAt, state } = fact;
      recordPaymentReceived(journal, {
        paymentId,
        amount: toMoney(minor, 'CNY'),
        paidAt,
        postedAt,
        state,
        ...(reversal?.type === 'PaymentReversed' ? { reversedAt: reversal.reversedAt } : {}),
      });
      break;
    }
    case 'PaymentReversed': {
      const paid = known.get(`PaymentReceived ${fact.id} posted`) ?? known.get(`PaymentReceived ${fact.id} pending`);
      const { id: paymentId, reversedAt } = fact;
      const facts =
        paid?.type === 'PaymentReceived'
          ? { payment: { amount: toMoney(paid.minor, 'CNY'), paidAt: paid.paidAt, postedAt: paid.postedAt, state: paid.state } }
          : {};
      recordPaymentReversed(journal, { paymentId, reversedAt, ...facts });
    }
  }
}

function figureOf(fact: Extract<Fact, { asOf: string }>) {
  const money = (minor: number) => toMoney(minor, 'CNY');
  const arrears = fact.arrears?.map((row) => ({ dueDate: row.dueDate, amount: money(row.minor) }));
  return { asOf: fact.asOf, overdue: money(fact.overdue), balance: money(fact.balance), ...(arrears === undefined ? {} : { arrears }) };
}

// ---- what the contract says they come to ---------------------------------------------------------------------------------

interface Expected {
  readonly overdue: number;
  readonly balance: number;
  readonly dueDate: string | undefined;
  readonly open: boolean;
}

/** Straight from contract sections 1 and 2, over the set of facts; knows nothing of orders. */
function expected(facts: readonly Fact[]): Expected {
  const figures = facts.filter((fact) => 'asOf' in fact);
  const newest = (list: typeof figures) =>
    [...list].sort((one, other) => toMillis(one.asOf) - toMillis(other.asOf) || (one.type === 'BalanceUpdated' ? -1 : 1)).at(-1);
  const figure = newest(figures);
  if (figure === undefined) return { overdue: 0, balance: 0, dueDate: undefined, open: false };
  let change = 0;
  for (const fact of facts) {
    if (fact.type !== 'PaymentReceived' || fact.state !== 'posted') continue;
    const reversal = facts.find((other) => other.type === 'PaymentReversed' && other.id === fact.id);
    const reversedAt = reversal?.type === 'PaymentReversed' ? reversal.reversedAt : undefined;
    const paysAfter = toMillis(fact.postedAt) > toMillis(figure.asOf);
    const reversedAfter = reversedAt !== undefined && toMillis(reversedAt) > toMillis(figure.asOf);
    if (paysAfter && reversedAt === undefined) change -= fact.minor;
    if (!paysAfter && reversedAfter) change += fact.minor;
  }
  const overdue = Math.max(0, figure.overdue + change);
  const dated = newest(figures.filter((fact) => fact.type === 'AccountOverdue' || fact.arrears !== undefined));
  const named = dated?.arrears?.[0]?.dueDate ?? (dated?.type === 'AccountOverdue' ? dated.dueDate : undefined);
  // Payments clear the oldest arrears first.
  let paid = Math.max(0, figure.overdue - overdue);
  const oldestLeft = figure.arrears?.find((row) => {
    paid -= row.minor;
    return paid < 0;
  });
  const dueDate = oldestLeft?.dueDate ?? named;
  const customerKnown = figures.some((fact) => fact.type === 'AccountOverdue');
  return { overdue, balance: figure.balance + change, dueDate, open: customerKnown && dueDate !== undefined && overdue > 1000 };
}

describe('the ledger, whatever order the facts come in', () => {
  it('counts every payment once and comes to the same figures, due date and case', () => {
    fc.assert(
      fc.property(deliveries, ({ facts, order }) => {
        const account = deliver(order.flatMap((index) => facts[index] ?? []));
        const should = expected(facts);
        expect(overdueMinor(account)).toBe(should.overdue);
        expect(balanceMinor(account)).toBe(should.balance);
        expect(statusOf(account, LADDER, toMillis(NOW)) === 'open').toBe(should.open);
        if (!should.open || should.dueDate === undefined) return;
        const today = localDate(toMillis(NOW), ZONE);
        expect(contractDaysPastDue(account, toMillis(NOW))).toBe(
          Math.max(0, (Date.parse(today) - Date.parse(should.dueDate)) / 86_400_000),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('opens no second case for anything that comes while one is open', () => {
    fc.assert(
      fc.property(deliveries, ({ facts, order }) => {
        expect(deliver(order.flatMap((index) => facts[index] ?? [])).caseCount).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
