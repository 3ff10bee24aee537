import { describe, expect, it } from 'vitest';
import { aSystem } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { types, walk } from './walk.ts';

describe('a test account', () => {
  it('takes the whole way to the provider and the dialler, and nothing of it leaves', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ flags: ['test'] }));

    // Act
    await walk(system, { until: (journey) => journey.timeline.some(({ type }) => type === 'TaskOpened') });
    const task = await system.task('call');
    const dial = await system.api('POST', `/tasks/${task.taskId}/attempts`, { by: 'anna' });

    // Assess
    expect(system.outbox()).toEqual([]);
    expect(types(await system.journey())).toContain('ContactSuppressed');
    expect(task.facts).toMatchObject({ test: true });
    expect(dial).toMatchObject({ status: 409, json: { rule: 'STATE.FLAG', decision: 'deny' } });
  });
});

describe('a minor', () => {
  it('hears nothing, and a person is asked who acts for them', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ flags: ['minor'] }));

    // Act
    await system.advance('P40D');
    const asked = await system.task('case-review');
    const check = await system.api('POST', '/contacts/check', { customerId: 'cus-1', accountId: 'acc-1', channel: 'voice' });

    // Assess
    expect(system.outbox()).toEqual([]);
    expect(asked).toMatchObject({ objective: 'review-flag', facts: { subject: 'contact' } });
    expect(check.json).toMatchObject({ decision: 'deny', rule: 'STATE.FLAG' });
    expect(await system.journey()).toMatchObject({ status: 'open', stage: 'reminder' });
  });

  it('whose flag the bank takes back is treated like everybody', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ flags: ['minor'] }));
    await system.advance('P10D');

    // Act
    await system.put('AccountOverdue', anOverdue({ asOf: system.now() }));
    await system.advance('P2D');

    // Assess
    expect(system.outbox()).toMatchObject([{ template: 'reminder-first' }]);
  });
});
