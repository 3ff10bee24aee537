import { expect, it } from 'vitest';
import { DAY, toMillis } from '../../../domain/calendar.ts';
import { openCase } from '../../../domain/case-status.ts';
import { type PlannedTask, type World, worldOf } from '../../../domain/decide/world.ts';
import type { Table } from '../../../functions/adapters/table.ts';
import { countDemand, type Place, placeFor } from '../../../functions/protocol/capacity.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';
import { aCaseTable } from './table.ts';

const NOW = toMillis('2026-03-12T02:00:00Z');
const CALL: PlannedTask = { queue: 'call', objective: 'recover', contactPointId: 'p-voice' };

function worldAt(now: number, owing: string, budget: number | undefined = 2): World {
  const governor = aCustomer().build();
  const account = anAccount().overdueBy(40).owing(owing, owing).build();
  const current = openCase(account);
  if (current === undefined) throw new Error('The account has a case');
  return worldOf(account, current, governor, aSetting({ now, governor, deployment: { capacity: { call: budget } } }));
}

/** Asks for a place, takes it where there is one, and counts what was due, as the act that opens a task does. */
async function ask(table: Table, now: number, owing: string, task = CALL, budget?: number): Promise<Place | undefined> {
  const world = worldAt(now, owing, budget);
  const place = await placeFor({ table, now }, world, task);
  if (place?.take !== undefined && !(await table.write([place.take])).ok) return ask(table, now, owing, task, budget);
  if (place !== undefined) await countDemand({ table, now }, world, place);
  return place;
}

it('on the first day places go by the hour, and a day later to those of whom most is expected', async () => {
  // Prepare
  const { table } = aCaseTable();

  // Act
  const first = [];
  for (const owing of ['100.00', '200.00', '90000.00', '80000.00']) first.push(await ask(table, NOW - DAY, owing));
  const second = [];
  for (const owing of ['100.00', '90000.00', '200.00', '80000.00', '85000.00']) second.push(await ask(table, NOW, owing));

  // Assess
  expect(first.map((place) => place?.forgone === undefined)).toEqual([true, true, false, false]);
  expect(second.map((place) => place?.forgone === undefined)).toEqual([false, true, false, true, false]);
  expect(second[0]?.forgone).toMatch(
    /^of 2 a day those come first that are expected to bring [\d.]+ times their cost; here CNY 100.00 overdue/,
  );
  expect(second[4]?.forgone).toMatch(/^all 2 of the day are taken/);
});

it('of many who ask at once no more get a place than there are', async () => {
  const { table } = aCaseTable();
  const places = await Promise.all(Array.from({ length: 8 }, () => ask(table, NOW, '5000.00')));
  expect(places.filter((place) => place?.forgone === undefined)).toHaveLength(2);
  expect(await table.list('CAPACITY#call#2026-03-12', '#TAKEN')).toMatchObject([{ taken: { N: '2' } }]);
});

it('a call-back has a place when all are taken, and takes one', async () => {
  const { table } = aCaseTable();
  for (const owing of ['5000.00', '5000.00']) await ask(table, NOW, owing);
  expect(await ask(table, NOW, '5000.00', { ...CALL, objective: 'call-back' })).toMatchObject({ take: expect.anything() });
  expect(await table.list('CAPACITY#call#2026-03-12', '#TAKEN')).toMatchObject([{ taken: { N: '3' } }]);
});

it('the line of a day stays where it was drawn, whatever is due later', async () => {
  const { table } = aCaseTable();
  await ask(table, NOW, '5000.00');
  for (let index = 0; index < 5; index += 1) await ask(table, NOW, '90000.00');
  expect(await table.list('CAPACITY#call#2026-03-12', '#LINE')).toMatchObject([{ line: { N: '0' } }]);
});

it('a queue without a budget asks nobody, nor does a review', async () => {
  const { table, calls } = aCaseTable();
  const world = worldAt(NOW, '5000.00', undefined);
  const unlimited: World = { ...world, setting: { ...world.setting, deployment: { ...world.setting.deployment, capacity: {} } } };
  expect(await placeFor({ table, now: NOW }, unlimited, CALL)).toBeUndefined();
  expect(await placeFor({ table, now: NOW }, world, { queue: 'case-review', objective: 'review-pressure' })).toBeUndefined();
  expect(calls).toEqual([]);
});
