import { expect, it } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import { aSystem, type System } from './cloud.ts';
import { aBalance, aCustomer, anOverdue, cny } from './events.ts';

/** What a customer wishes stands on the timeline, so that each contact can be judged by what was wished at its instant. */

async function wishesOn(system: System, caseId: string): Promise<readonly unknown[]> {
  const { json } = await system.api<{ timeline: Entry[] }>('GET', `/accounts/acc-1/journey?caseId=${caseId}`);
  return json.timeline.flatMap((entry) => (entry.type === 'CustomerUpdated' ? [entry.wishes] : []));
}

it('wishes are on the timeline from when the account hears of them, also of those told while it had no case', async () => {
  // Prepare
  const none = { windows: [], inconvenient: [], optedOut: [] };
  const evenings = { windows: ['18:00-20:00'], inconvenient: ['12:00-13:00'], optedOut: ['email'] };
  const mornings = { ...none, windows: ['09:00-11:00'] };
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
  await system.advance('P5D');
  const first = (await system.journey()).caseId;

  // Act
  await system.put('BalanceUpdated', aBalance({ overdue: cny('0.00'), asOf: system.now() }));
  await system.advance('P1D');
  await system.put('CustomerUpdated', aCustomer({ asOf: system.now(), preferences: evenings }));
  await system.put('AccountOverdue', anOverdue({ dueDate: '2026-03-03', asOf: system.now() }));
  await system.advance('P3D');
  await system.put('CustomerUpdated', aCustomer({ asOf: system.now(), preferences: mornings }));
  await system.advance('P3D');

  // Assess: the audit judges every message by them when the test ends.
  const second = (await system.journey()).caseId;
  expect(second).not.toBe(first);
  expect(await wishesOn(system, first)).toEqual([none]);
  expect(await wishesOn(system, second)).toEqual([evenings, mornings]);
  const hours = system.outbox().map(({ at }) => Number(at.slice(11, 13)) + 8);
  expect(hours.some((hour) => hour < 18)).toBe(true);
  expect(hours.some((hour) => hour >= 18)).toBe(true);
});
