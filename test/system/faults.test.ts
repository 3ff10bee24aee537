import { describe, expect, it } from 'vitest';
import type { Call } from '../../local/kernel/kernel.ts';
import { httpFront } from '../../local/server/front.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue, aPayment } from './events.ts';
import { silenceProviders } from './feedback.ts';
import { callsOf, crashedAfter, type Scene } from './interleave.ts';

/** Longer than a machine waits between tries, and than a message stays hidden in its queue. */
const MENDED_AFTER = 'PT1H';

/** A fault as an operator asks for it. */
async function ask(system: System, fault: object): Promise<void> {
  const init = { method: 'POST', body: JSON.stringify(fault) };
  const { status } = await httpFront(system.cloud).request('http://127.0.0.1:4566/_local/faults', init);
  expect(status).toBe(201);
}

async function story(system: System): Promise<string[]> {
  return (await system.journey()).timeline.map((entry) => entry.type);
}

describe('a function that dies after any of its transactions', () => {
  const scene: Scene = {
    name: 'an account and its payment',
    act: async (system) => {
      await system.put('CustomerUpdated', aCustomer());
      await system.put('AccountOverdue', anOverdue());
      await system.put('PaymentReceived', aPayment());
    },
  };
  const transacts = ({ service, operation, origin }: Call) =>
    service === 'dynamodb' && operation === 'TransactWriteItems' && origin.startsWith('lambda:');

  it('is the same whether the simulator or an operator over HTTP asks for it', async () => {
    const calls = await callsOf(scene, transacts);
    expect(calls.length).toBeGreaterThan(3);
    for (const position of calls.keys()) {
      // Act
      const simulated = await crashedAfter(scene, position, transacts);
      const asked = await aSystem();
      silenceProviders(asked);
      const match = { operation: 'TransactWriteItems', origin: '/^lambda:/', skip: position, count: 1 };
      await ask(asked, { service: 'dynamodb', match, effect: 'crash-after-effect' });
      await scene.act(asked);
      // Assess
      expect(asked.cloud.faults.list()).toEqual([]);
      for (const system of [simulated, asked]) await system.advance(MENDED_AFTER);
      expect(await story(asked)).toEqual(await story(simulated));
      for (const system of [simulated, asked]) {
        await system.checkSound();
        await system.close();
      }
    }
  });
});

describe('a service that is out of order by chance', () => {
  it.each([
    { service: 'dynamodb', match: { origin: '/^lambda:/', probability: 0.2, seed: 4, count: 60 }, effect: 'throttle' },
    { service: 'lambda', match: { origin: '/^states:/', probability: 0.3, seed: 5, count: 20 }, effect: 'crash-after-effect' },
    { service: 'sqs', match: { operation: 'SendMessage', probability: 0.5, seed: 6 }, effect: 'duplicate' },
    { service: 'lambda', match: { origin: '/^states:/', probability: 0.5, seed: 7 }, effect: 'delay', after: 'PT20S' },
  ] as const)('($service: $effect) leaves every invariant as it was', async (fault) => {
    const system = await aSystem({ sweep: true });
    await ask(system, fault);
    await scene(system);
    await system.advance('P6D');
    expect(system.cloud.faults.list().every(({ fired }) => fired > 0)).toBe(true);
    system.cloud.faults.clear();
    await system.advance('P1D');
    await system.checkSound();
  });

  async function scene(system: System): Promise<void> {
    await system.putOnly('CustomerUpdated', aCustomer());
    await system.putOnly('AccountOverdue', anOverdue());
    await system.putOnly('CustomerUpdated', aCustomer({ customerId: 'cus-2' }));
    await system.putOnly('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2' }));
    await system.cloud.settle();
  }
});
