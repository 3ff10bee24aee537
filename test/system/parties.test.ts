import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { walk } from './walk.ts';

const PARTIES = [
  { customerId: 'cus-2', role: 'guarantor', liable: true },
  { customerId: 'cus-3', role: 'supplementary', liable: false },
];

/** An account with a guarantor whose record the bank has sent, in the stage where an arrangement is offered. */
async function aGuaranteedAccount(): Promise<System> {
  const system = await aSystem();
  for (const customerId of ['cus-1', 'cus-2', 'cus-3']) await system.put('CustomerUpdated', aCustomer({ customerId }));
  await system.put('AccountOverdue', anOverdue({ parties: PARTIES }));
  return system;
}

const check = (system: System, customerId: string, more: object = {}) =>
  system.api('POST', '/contacts/check', { customerId, accountId: 'acc-1', channel: 'voice', ...more });

/** Four in the afternoon in Shanghai: calls may be made. */
function nextAfternoon(system: System): string {
  const today = `${system.now().slice(0, 10)}T08:00:00Z`;
  return today > system.now() ? today : new Date(Date.parse(today) + 86_400_000).toISOString().replace('.000Z', 'Z');
}

describe('a guarantor', () => {
  it('is asked after the customer, under a reservation in their own record', async () => {
    // Prepare
    const system = await aGuaranteedAccount();
    const early = await check(system, 'cus-2');
    await walk(system, { until: (journey) => journey.stage === 'plan' && journey.daysPastDue >= 35 });
    await system.advanceTo(nextAfternoon(system));

    // Act
    const reserved = await check(system, 'cus-2', { reserve: true, attemptId: 'dial-1', actor: 'own-staff' });
    const during = await check(system, 'cus-2');
    await system.put('ContactReported', {
      contactId: 'dial-1',
      customerId: 'cus-2',
      accountId: 'acc-1',
      contactPointId: 'cp-2',
      channel: 'voice',
      direction: 'outbound',
      kind: 'conversation',
      at: system.now(),
      actor: 'own-staff',
      outcome: 'reached-no-commitment',
    });
    const after = await check(system, 'cus-2');

    // Assess
    expect(early.json).toMatchObject({ decision: 'deny', rule: 'PARTY.PRIMARY-FIRST' });
    expect(reserved.json).toMatchObject({ decision: 'allow', attemptId: 'dial-1' });
    expect(during.json).toMatchObject({ decision: 'defer' });
    expect(after.json).toMatchObject({ decision: 'defer' });
    const { timeline } = await system.journey();
    expect(timeline.find(({ type }) => type === 'AttemptReserved')).toMatchObject({ customerId: 'cus-2', attemptId: 'dial-1' });
    expect(timeline.findLast(({ type }) => type === 'ContactReported')).toMatchObject({ customerId: 'cus-2' });
    expect(timeline.findLast(({ type }) => type === 'ContactReported')).not.toHaveProperty('ungated');
  });
});

describe('others of the account', () => {
  it('are third parties, and strangers are nobody', async () => {
    const system = await aGuaranteedAccount();
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-4' }));
    expect((await check(system, 'cus-3')).json).toMatchObject({ decision: 'deny', rule: 'PARTY.THIRD' });
    expect(await check(system, 'cus-4')).toMatchObject({ status: 422, json: { field: 'accountId' } });
  });
});
