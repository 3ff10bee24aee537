import { describe, expect, it } from 'vitest';
import { AwsError } from '../../local/kernel/errors.ts';
import type { Call } from '../../local/kernel/kernel.ts';
import type { System } from './cloud.ts';
import { aCustomer, anOverdue, aPayment } from './events.ts';
import { begin, callsOf, crashedAfter, disturbedAt, isOf, isOfTheCase, type Scene, wholeEvent } from './interleave.ts';

/**
 * An import that a running case goes on with moves it to another stage, and so to another execution, in the fact's own transaction
 * (docs/protocol.md, section 3, "Signal" 4). Here it meets everything that the case and its functions may be doing.
 */

const anImport = (change: Record<string, unknown> = {}) => ({
  importId: 'imp-1',
  accountId: 'acc-1',
  customerId: 'cus-1',
  asOf: '2026-03-01T16:00:00Z',
  openedAt: '2026-01-02T01:00:00Z',
  stage: 'call',
  contacts: [{ channel: 'sms', kind: 'attempt', at: '2026-02-20T01:00:00Z', contactPointId: 'cp-1' }],
  promises: [],
  holds: [],
  notices: [],
  ...change,
});

/** In the morning, before messages may go. */
const opens = (dueDate: string) => async (system: System) => {
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue({ dueDate }));
};

const waiting: Scene = { name: 'the case waits for its first reminder', act: opens('2026-02-20') };

const importing = (system: System) => wholeEvent(system, 'CaseImported', anImport());
const rejected = (system: System) => system.events().filter((event) => event['detail-type'] === 'EventRejected');
const running = async (system: System) =>
  (await system.executions()).filter(({ status }) => status === 'RUNNING').map(({ machine }) => machine);
const count = (types: readonly string[], type: string) => types.filter((row) => row === type).length;
const typesOf = async (system: System) => (await system.journey()).timeline.map(({ type }) => type);

/** Taken over once, or refused once because the case had acts of its own; one execution runs, that of the stage. */
async function assess(system: System): Promise<'taken over' | 'refused'> {
  const types = await typesOf(system);
  const taken = count(types, 'CaseTakenOver');
  const why = rejected(system).map(({ detail }) => detail.rule);
  expect([taken, why]).toEqual(taken === 1 ? [1, []] : [0, ['the open case of this account has acts of its own already']]);
  const { stage, status } = await system.journey();
  if (status === 'open') expect(await running(system)).toEqual([stage]);
  await system.checkSound();
  return taken === 1 ? 'taken over' : 'refused';
}

describe('an import against what the case does', () => {
  it('is taken over or refused, in every order of the calls, and nothing is sent on the strength of the old stage', async () => {
    const scene: Scene = {
      name: 'the case opens, waits and sends',
      act: async (system) => {
        await opens('2026-02-20')(system);
        await system.advance('P1D');
      },
    };
    const calls = await callsOf(scene, isOfTheCase);
    const seen = new Set<string>();
    for (let position = 0; position <= calls.length; position += 1) {
      const system = await disturbedAt(scene, position, isOfTheCase, importing);
      const end = await assess(system);
      seen.add(end);
      const { timeline } = await system.journey();
      const taken = timeline.findIndex(({ type }) => type === 'CaseTakenOver');
      const before = timeline.slice(0, taken).filter(({ type }) => type === 'ContactReserved');
      if (end === 'taken over') expect(before).toEqual([]);
      await system.close();
    }
    expect([...seen].sort()).toEqual(['refused', 'taken over']);
  });
});

describe('an import of a case that waits', () => {
  /** The wait is armed when the scene's own act begins. */
  const scene = (act: (system: System) => Promise<void>): Scene => ({
    name: waiting.name,
    act: async (system) => {
      await waiting.act(system);
      await act(system);
    },
  });

  it('ends the wait that it leaves behind, whichever call of the intake is its last', async () => {
    const importOnly = (call: Pick<Call, 'origin'>) => isOf('take-in-events')(call);
    const taken = scene((system) => system.put('CaseImported', anImport()));
    const calls = await callsOf(taken, importOnly);
    const before = (await callsOf(waiting, importOnly)).length;
    expect(calls.length - before).toBeGreaterThan(3);
    for (let position = before; position < calls.length; position += 1) {
      const system = await crashedAfter(taken, position, importOnly);
      await system.advance('PT1H');
      expect({ last: calls[position], end: await assess(system) }).toMatchObject({ end: 'taken over' });
      await system.close();
    }
  });

  it('is woken for by the sweep where nobody comes back', async () => {
    const importOnly = (call: Pick<Call, 'origin'>) => isOf('take-in-events')(call);
    const system = await begin(
      scene(async () => undefined),
      { lateWakes: true },
    );
    await waiting.act(system);
    // Every delivery dies before it wakes anybody.
    const recover = system.cloud.kernel.intercept(async (call, next) => {
      if (importOnly(call) && call.service === 'states') throw new AwsError('Crashed', 'The invocation is dead.', 400);
      return next();
    });
    await system.put('CaseImported', anImport());
    await system.advance('PT30M');
    recover();
    const FunctionName = 'overdue-journeys-sweep-cases';
    const answer = await system.cloud.call<{ Payload: string }>('lambda', 'Invoke', { FunctionName, Payload: '{}' });
    await system.cloud.settle();

    expect(JSON.parse(answer.Payload)).toMatchObject({ started: 1 });
    expect(await running(system)).toEqual(['call']);
    await system.close();
  });

  /** Lets another event in while the intake stands still in the middle of the import: until it is recorded or rejected. */
  async function recorded(system: System, type: string, detail: object, pk: string): Promise<void> {
    const known = rejected(system).length;
    await system.putOnly(type, detail);
    const get = { TableName: system.cloud.outputs().CaseTableName, Key: { pk: { S: pk }, sk: { S: '#FACT' } } };
    for (let turn = 0; turn < 10_000; turn += 1) {
      const { Item } = await system.cloud.call<{ Item?: object }>('dynamodb', 'GetItem', get);
      if (Item !== undefined || rejected(system).length > known) return;
      await new Promise(setImmediate);
    }
    throw new Error(`${type} was not taken in`);
  }

  it('is one of two orders with a payment, wherever they meet', async () => {
    const importOnly = isOf('take-in-events');
    const payment = aPayment({ paidAt: '2026-03-02T01:29:00Z' });
    const paying = (system: System) => recorded(system, 'PaymentReceived', payment, 'FACT#payment-posted#pay-1');
    const taken = scene((system) => system.put('CaseImported', anImport()));
    const calls = await callsOf(taken, importOnly);
    const before = (await callsOf(waiting, importOnly)).length;
    const seen = new Set<string>();
    for (let position = before; position <= calls.length; position += 1) {
      const system = await disturbedAt(taken, position, importOnly, paying);
      await system.advance('PT1H');
      const types = await typesOf(system);
      const rules = rejected(system).map(({ detail }) => detail.rule);
      expect(await system.journey()).toMatchObject({ status: 'cured' });
      expect(await running(system)).toEqual([]);
      expect([count(types, 'CaseTakenOver'), rules]).toEqual(
        types.includes('CaseTakenOver') ? [1, []] : [0, ['a case of this account was closed here after that']],
      );
      seen.add(types.includes('CaseTakenOver') ? 'import first' : 'payment first');
      await system.advance('P10D');
      expect(system.collected()).toEqual([]);
      await system.checkSound();
      await system.close();
    }
    expect([...seen].sort()).toEqual(['import first', 'payment first']);
  });

  it('happens once, also where two of them meet', async () => {
    const importOnly = isOf('take-in-events');
    const other = (system: System) => recorded(system, 'CaseImported', anImport({ importId: 'imp-2' }), 'FACT#import#imp-2');
    const winners = new Set<string>();
    const taken = scene((system) => system.put('CaseImported', anImport()));
    const calls = await callsOf(taken, importOnly);
    const before = (await callsOf(waiting, importOnly)).length;
    for (let position = before; position <= calls.length; position += 1) {
      const system = await disturbedAt(taken, position, importOnly, other);
      await system.put('CaseImported', anImport());
      const [first, ...more] = (await system.journey()).timeline.filter(({ type }) => type === 'CaseTakenOver');
      const winner = first?.type === 'CaseTakenOver' ? first.importId : '';
      winners.add(winner);
      // The one that came second is refused; told again, it is refused again.
      expect([more, rejected(system).length]).toEqual([[], winner === 'imp-1' ? 1 : 2]);
      expect(rejected(system)[0]?.detail.rule).toBe('the open case of this account was taken over before');
      expect(await running(system)).toEqual(['call']);
      await system.checkSound();
      await system.close();
    }
    expect([...winners].sort()).toEqual(['imp-1', 'imp-2']);
  });
});
