import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { types, walk } from './walk.ts';

describe('the stop switch', () => {
  const set = (system: System, mode: string) =>
    system.cloud.call('ssm', 'PutParameter', {
      Name: '/overdue-journeys/sending',
      Value: JSON.stringify({ default: mode, products: {} }),
      Overwrite: true,
    });

  it('off sends and reserves nothing until it is on again', async () => {
    // Prepare
    const system = await aSystem();
    await set(system, 'off');
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());

    // Act
    await system.advance('P6D');
    const off = { messages: system.outbox().length, types: types(await system.journey()) };
    await set(system, 'on');
    await system.advance('P1D');

    // Assess
    expect(off).toEqual({ messages: 0, types: ['AccountOverdue', 'CustomerUpdated', 'JourneyOpened', 'StageEntered', 'ContactWithheld'] });
    expect(system.outbox()).toMatchObject([{ template: 'reminder-first' }]);
  });

  it('waits where the address was erased, says so once, and does not go round', async () => {
    // Prepare
    const system = await aSystem({}, { lateWakes: true });
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());
    const Key = { pk: { S: 'CUSTOMER#cus-1' }, sk: { S: 'PROFILE' } };
    await system.cloud.call('dynamodb', 'DeleteItem', { TableName: 'overdue-journeys-cases', Key });

    // Act
    await system.advance('P6D');

    // Assess
    const said = types(await system.journey());
    expect(said).toEqual(['AccountOverdue', 'CustomerUpdated', 'JourneyOpened', 'StageEntered', 'ContactWithheld']);
    expect(system.outbox()).toEqual([]);
    expect(system.cloud.counters().stateTransitions).toBeLessThan(60);
  });

  it('shadow decides, records and counts as if it had sent', async () => {
    // Prepare
    const system = await aSystem();
    await set(system, 'shadow');
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());

    // Act
    await walk(system, { until: (journey) => journey.stage === 'plan' });

    // Assess
    expect(system.outbox()).toEqual([]);
    expect(system.said().filter((type) => type === 'ContactSuppressed').length).toBeGreaterThan(3);
    expect(system.said()).not.toContain('ContactSent');
  });

  it('stops one product alone', async () => {
    // Prepare
    const system = await aSystem({}, { lateWakes: true });
    const Value = JSON.stringify({ default: 'on', products: { 'credit-card': 'off' } });
    await system.cloud.call('ssm', 'PutParameter', { Name: '/overdue-journeys/sending', Value, Overwrite: true });
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-2' }));
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2', product: 'loan' }));

    // Act
    await system.advance('P4D');

    // Assess
    expect(system.outbox().map((message) => message.accountId)).toEqual(['acc-2']);
  });
});
