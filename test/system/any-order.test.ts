import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { owedBy } from '../simulation/ledger-check.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue, cny } from './events.ts';

/** Facts about up to three accounts of two customers, as a bank could send them on one day; every instant is before the start. */
interface Fact {
  readonly type: string;
  readonly detail: Record<string, unknown>;
}

const at = (minute: number) => `2026-03-02T00:${String(minute).padStart(2, '0')}:00Z`;
const yuan = (amount: number) => cny(`${amount}.00`);
const account = fc.constantFrom('acc-1', 'acc-2', 'acc-3');
const customerOf: Readonly<Record<string, string>> = { 'acc-1': 'cus-1', 'acc-2': 'cus-1', 'acc-3': 'cus-2' };
const minute = fc.integer({ min: 0, max: 59 });

const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({ accountId: account, overdue: fc.integer({ min: 1, max: 40 }), asOf: minute }).map(({ accountId, overdue, asOf }) => ({
    type: 'AccountOverdue',
    detail: anOverdue({
      accountId,
      customerId: customerOf[accountId],
      overdue: yuan(overdue * 100),
      balance: yuan(overdue * 100 + 5000),
      dueDate: '2026-02-20',
      asOf: at(asOf),
    }),
  })),
  fc.record({ accountId: account, overdue: fc.integer({ min: 0, max: 40 }), asOf: minute }).map(({ accountId, overdue, asOf }) => ({
    type: 'BalanceUpdated',
    detail: { accountId, overdue: yuan(overdue * 100), balance: yuan(overdue * 100 + 5000), asOf: at(asOf) },
  })),
  fc
    .record({
      accountId: account,
      id: fc.integer({ min: 1, max: 4 }),
      amount: fc.integer({ min: 1, max: 30 }),
      paidAt: minute,
      pending: fc.boolean(),
    })
    .map(({ accountId, id, amount, paidAt, pending }) => ({
      type: 'PaymentReceived',
      detail: {
        paymentId: `${accountId}-p${id}`,
        accountId,
        amount: yuan(amount * 100),
        paidAt: at(paidAt),
        state: pending ? 'pending' : 'posted',
      },
    })),
  fc.record({ accountId: account, id: fc.integer({ min: 1, max: 4 }), reversedAt: minute }).map(({ accountId, id, reversedAt }) => ({
    type: 'PaymentReversed',
    detail: { paymentId: `${accountId}-p${id}`, accountId, reversedAt: at(reversedAt) },
  })),
  fc.record({ accountId: account, id: fc.integer({ min: 1, max: 2 }), placedAt: minute }).map(({ accountId, id, placedAt }) => ({
    type: 'HoldPlaced',
    detail: { holdId: `${accountId}-h${id}`, accountId, kind: 'dispute', placedAt: at(placedAt) },
  })),
  fc.record({ accountId: account, id: fc.integer({ min: 1, max: 2 }), releasedAt: minute }).map(({ accountId, id, releasedAt }) => ({
    type: 'HoldReleased',
    detail: { holdId: `${accountId}-h${id}`, releasedAt: at(releasedAt) },
  })),
  fc.constantFrom('cus-1', 'cus-2').map((customerId) => ({ type: 'CustomerUpdated', detail: aCustomer({ customerId }) })),
);

function identity({ type, detail }: Fact): string {
  return [type, detail.accountId ?? detail.customerId, detail.paymentId, detail.state, detail.holdId, detail.asOf].join('|');
}

/** Of facts of one identity only the first: the bank says each thing once, and may say it again. */
const facts = fc.uniqueArray(fact, { minLength: 2, maxLength: 14, selector: identity });

const deliveries = facts.chain((inOrder) =>
  fc.record({
    inOrder: fc.constant(inOrder),
    shuffled: fc.shuffledSubarray([...inOrder.keys()], { minLength: inOrder.length }),
    repeated: fc.array(fc.nat({ max: inOrder.length - 1 }), { maxLength: 6 }),
    together: fc.boolean(),
  }),
);

interface Standing {
  readonly overdue: string;
  readonly balance: string;
  readonly open: boolean;
  readonly held: readonly string[];
}

async function standing(system: System, accountId: string): Promise<Standing | undefined> {
  const { status, json } = await system.api<{
    overdue: { amount: string };
    balance: { amount: string };
    status: string;
    holds: { holdId: string }[];
  }>('GET', `/accounts/${accountId}/journey`);
  if (status === 404) return undefined;
  const { overdue, balance, status: journey, holds } = json;
  const open = journey !== 'cured' && journey !== 'closed';
  return { overdue: overdue.amount, balance: balance.amount, open, held: open ? holds.map((hold) => hold.holdId).sort() : [] };
}

async function deliver(system: System, order: readonly Fact[], together: boolean): Promise<void> {
  for (const { type, detail } of order) await (together ? system.putOnly(type, detail) : system.put(type, detail));
  await system.cloud.settle();
}

/** A number of runs, not of seconds: a run that is broken off leaves two clouds in the middle of their work. */
const RUNS = 60;

describe('facts in any order, any number of times', () => {
  it('count once and come to the same figures and the same open cases', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ inOrder, shuffled, repeated, together }) => {
        const order = [...shuffled, ...repeated].flatMap((index) => inOrder[index] ?? []);
        const reference = await aSystem();
        const system = await aSystem();
        await deliver(reference, inOrder, false);
        await deliver(system, order, together);
        for (const accountId of Object.keys(customerOf)) {
          const seen = await standing(system, accountId);
          const owed = owedBy(inOrder.flatMap((row) => (row.detail.accountId === accountId ? [asEvent(row)] : [])));
          const overdueFact = inOrder.some((row) => row.type === 'AccountOverdue' && row.detail.accountId === accountId);
          const expected = { overdue: owed.overdue, open: overdueFact && owed.overdue > 1000 };
          // A case that was open for a while in one order need not have been in the other: then nothing is owed in both.
          expect({ accountId, overdue: seen === undefined ? owed.overdue : minor(seen.overdue), open: seen?.open ?? false }).toEqual({
            accountId,
            ...expected,
          });
          const other = await standing(reference, accountId);
          if (seen !== undefined && other !== undefined) expect(seen).toEqual(other);
        }
        await system.checkSound();
        await system.close();
        await reference.close();
      }),
      { numRuns: RUNS },
    );
  });
});

function asEvent({ type, detail }: Fact) {
  return { id: identity({ type, detail }), source: 'bank.core', 'detail-type': type, time: at(59), detail };
}

function minor(amount: string): number {
  return Number(amount.replace('.', ''));
}
