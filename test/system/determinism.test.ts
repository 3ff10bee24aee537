import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, aPayment } from './events.ts';
import { openTasks } from './walk.ts';

const ACCOUNTS = ['acc-1', 'acc-2', 'acc-3', 'acc-4', 'acc-5'];

/** Five cases on the same days: much happens at one instant, in several executions and functions beside each other. */
async function aMonth(system: System): Promise<void> {
  for (const [index, accountId] of ACCOUNTS.entries()) {
    const customerId = `cus-${index + 1}`;
    await system.putOnly('CustomerUpdated', aCustomer({ customerId }));
    await system.putOnly('AccountOverdue', anOverdue({ accountId, customerId }));
  }
  await system.cloud.settle();
  await system.advance('P8D');
  await system.putOnly('PaymentReceived', aPayment({ accountId: 'acc-2', paymentId: 'pay-2', paidAt: '2026-03-09T01:00:00Z' }));
  await system.putOnly('HoldPlaced', aHold({ accountId: 'acc-3', placedAt: '2026-03-09T01:00:00Z' }));
  await system.cloud.settle();
  for (let day = 0; day < 12; day += 1) {
    await system.advance('P1D');
    for (const accountId of ['acc-1', 'acc-4']) {
      const [task] = openTasks(await system.journey(accountId)).filter(({ objective }) => objective === 'recover');
      if (task !== undefined) await system.report(task.taskId, 'no-answer');
    }
  }
}

/** All that can be seen: items with their hashes, executions with their histories, events with their identifiers, messages, the clock. */
async function everything(system: System): Promise<unknown> {
  const { logs: _text, ...seen } = await system.snapshot();
  return { ...seen, outbox: system.outbox(), timers: system.cloud.kernel.timers(1000), next: system.cloud.kernel.uuid() };
}

/** What happened on each account, in order, whatever it was called. */
async function stories(system: System): Promise<unknown> {
  const told = [];
  for (const accountId of ACCOUNTS) {
    const { status, stage, timeline } = await system.journey(accountId);
    told.push({ accountId, status, stage, timeline: timeline.map(({ at, type }) => `${at} ${type}`) });
  }
  return told;
}

describe('the same application, seed and calls', () => {
  it('give the same world: items, histories, events, identifiers, timers', async () => {
    const worlds = [];
    for (let round = 0; round < 2; round += 1) {
      const system = await aSystem({ seed: 7, sweep: true, reminders: true });
      await aMonth(system);
      worlds.push(await everything(system));
    }
    expect(worlds[1]).toEqual(worlds[0]);
  });

  it('give the same future from one snapshot each time', async () => {
    // Prepare
    const system = await aSystem({ seed: 7, sweep: true, reminders: true });
    for (const accountId of ACCOUNTS) await system.put('AccountOverdue', anOverdue({ accountId, customerId: `cus-${accountId}` }));
    await system.advance('P3D');
    const snapshot = await system.cloud.snapshot();
    const future = async () => {
      for (const accountId of ACCOUNTS) await system.put('CustomerUpdated', aCustomer({ customerId: `cus-${accountId}` }));
      await system.advance('P10D');
      return everything(system);
    };
    // Act
    await system.cloud.restore(snapshot);
    const first = await future();
    await system.cloud.restore(snapshot);
    const second = await future();
    // Assess
    expect(second).toEqual(first);
  });
});

describe('other seeds, and other numbers of jobs beside each other', () => {
  it('name things otherwise, and tell the same of every account; the invariants hold in all', async () => {
    const told = [];
    const names = new Set<string>();
    for (const [seed, concurrency] of [
      [7, 8],
      [8, 8],
      [9, 1],
      [10, 3],
    ] as const) {
      const system = await aSystem({ seed, concurrency });
      await aMonth(system);
      told.push(await stories(system));
      names.add(system.events()[0]?.id ?? '');
      await system.checkSound();
      await system.close();
    }
    expect(names.size).toBe(4);
    for (const other of told.slice(1)) expect(other).toEqual(told[0]);
  });
});
