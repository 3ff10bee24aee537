import { describe, expect, it } from 'vitest';
import { AwsError } from '../../local/kernel/errors.ts';
import { aSystem, type System } from './cloud.ts';
import { aBalance, aCustomer, aHold, anOverdue, cny } from './events.ts';

/**
 * Published bugs and requests of comparable systems about pausing and about customers with several debts (docs/features.md, "Known pains
 * elsewhere", P4 and P5), as scenarios that must pass here. What happens to several accounts is in several-accounts.test.ts too.
 */

async function overdue(change: Record<string, unknown> = {}): Promise<System> {
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer({ locale: 'en' }));
  await system.put('AccountOverdue', anOverdue(change));
  return system;
}

const typesOf = async (system: System, accountId = 'acc-1') => (await system.journey(accountId)).timeline.map(({ type }) => type);

describe('P4: pausing, excluding, disputing', () => {
  it('a pause has its kind, its reason and its end, ends by itself, and stays in the history (invoiceninja 4293, OCA 208)', async () => {
    // Prepare
    const system = await overdue();
    const reason = 'moving house until the fifteenth';
    await system.put('HoldPlaced', aHold({ kind: 'manual', reason, expiresAt: '2026-03-15T00:00:00Z' }));

    // Act
    await system.advanceTo('2026-03-14T23:00:00Z');
    const during = { messages: system.outbox().length, tasks: (await system.tasks('call')).length, journey: await system.journey() };
    await system.advanceTo('2026-03-20T00:00:00Z');

    // Assess
    expect(during).toMatchObject({ messages: 0, tasks: 0, journey: { status: 'held', holds: [{ holdId: 'hold-1', kind: 'manual' }] } });
    expect(system.outbox().length).toBeGreaterThan(0);
    const { timeline } = await system.journey();
    expect(timeline.filter(({ type }) => ['HoldPlaced', 'JourneyHeld', 'HoldReleased', 'JourneyResumed'].includes(type))).toMatchObject([
      { type: 'HoldPlaced', reason: 'other', notesRef: 'hold#hold-1', expiresAt: '2026-03-15T00:00:00Z' },
      { type: 'JourneyHeld' },
      { type: 'HoldReleased', lapsed: true, at: '2026-03-15T00:00:00Z' },
      { type: 'JourneyResumed' },
    ]);
  });

  it('a customer who is excluded is left alone on every account, also on one that falls overdue later (invoiceninja 1578)', async () => {
    // Prepare
    const system = await overdue();
    await system.put('HoldPlaced', aHold({ accountId: undefined, customerId: 'cus-1', kind: 'manual' }));

    // Act
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', dueDate: '2026-02-20' }));
    await system.advance('P10D');

    // Assess
    expect(system.outbox()).toEqual([]);
    expect([(await system.journey('acc-1')).status, (await system.journey('acc-2')).status]).toEqual(['held', 'held']);
  });

  it('a credit is taken off before anything is asked for (OCA 211)', async () => {
    // Prepare
    const system = await overdue();
    await system.put('BalanceUpdated', aBalance({ overdue: cny('4100.00'), balance: cny('16450.00') }));

    // Act
    await system.advanceTo('2026-03-06T00:00:00Z');

    // Assess
    expect(system.outbox()).toHaveLength(1);
    expect(system.outbox()[0]?.body).toContain('4,100.00');
    expect(system.outbox()[0]?.body).not.toContain('6,250.00');
  });

  it('a customer who wants no contact is not tried again and again, and the timeline says so once (mautic 4680)', async () => {
    // Prepare
    const system = await aSystem();
    const optedOut = ['sms', 'email', 'voice', 'visit'];
    await system.put('CustomerUpdated', aCustomer({ preferences: { optedOut } }));
    await system.put('AccountOverdue', anOverdue());

    // Act
    await system.advance('P15D');

    // Assess
    expect(system.outbox()).toEqual([]);
    const types = await typesOf(system);
    expect(types.filter((type) => ['ContactReserved', 'ContactFailed', 'ContactWithheld', 'AttemptReserved'].includes(type))).toEqual([]);
    const impossible = (await system.journey()).timeline.flatMap((entry) => (entry.type === 'MessageImpossible' ? [entry.stage] : []));
    expect([...new Set(impossible)]).toEqual(impossible);
    expect(await system.tasks('call')).toEqual([]);
  });

  it('a dispute is lifted by a named person after a review, and by nobody else (erpnext 12048)', async () => {
    // Prepare
    const system = await overdue();
    await system.put('HoldPlaced', aHold());
    await system.advance('P31D');
    const task = await system.task('case-review');

    // Act
    await system.report(task.taskId, 'approve', { by: 'supervisor-3' });
    await system.advance('P1D');

    // Assess
    expect((await system.journey()).status).toBe('open');
    const { timeline } = await system.journey();
    const lifted = timeline.findIndex(({ type }) => type === 'HoldReleased');
    expect(timeline[lifted - 2]).toMatchObject({ type: 'TaskOutcomeReported', outcome: 'approve', by: 'supervisor-3' });
  });
});

describe('P5: one customer, many debts', () => {
  const second = { accountId: 'acc-2', overdue: cny('830.50'), balance: cny('4000.00') };

  it('reminding one never hides the rest: nothing overdue is missing from what the customer was told (OCA 460)', async () => {
    // Prepare
    const system = await overdue({ accountId: 'acc-1' });
    await system.put('AccountOverdue', anOverdue(second));

    // Act
    await system.advanceTo('2026-03-06T16:00:00Z');

    // Assess
    for (const { body } of system.outbox()) for (const words of ['6,250.00', '830.50']) expect(body).toContain(words);
    expect(system.outbox().length).toBeGreaterThan(0);
  });

  it('a step that goes by several channels goes by each once, and all of it counts for the accounts it names (OCA 522, 488)', async () => {
    // Prepare
    const system = await overdue();
    await system.put('AccountOverdue', anOverdue(second));

    // Act
    await system.advanceTo('2026-03-07T16:00:00Z');

    // Assess
    expect(system.outbox().map(({ channel }) => channel)).toEqual(['sms', 'email']);
    const shared = (await system.journey('acc-2')).timeline.filter(({ type }) => type === 'ContactShared');
    expect(shared).toMatchObject([{ channel: 'sms' }, { channel: 'email' }]);
  });

  it('falling back to another channel keeps to the customer’s own points (OCA 343)', async () => {
    // Prepare
    const system = await aSystem();
    const contactPoints = [
      { id: 'cp-1', channel: 'sms', address: '+8613800138000', owner: 'self' },
      { id: 'cp-5', channel: 'sms', address: '+8613900139000', owner: 'third-party' },
      { id: 'cp-6', channel: 'email', address: 'office@example.com', owner: 'work' },
    ];
    await system.put('CustomerUpdated', aCustomer({ contactPoints }));
    await system.put('AccountOverdue', anOverdue());
    system.cloud.kernel.intercept((call, next) => {
      if (call.service === 'sns' && call.operation === 'Publish' && call.input.PhoneNumber !== undefined)
        return Promise.reject(new AwsError('InvalidParameter', 'Invalid parameter: PhoneNumber', 400));
      return next();
    });

    // Act
    await system.advance('P15D');

    // Assess
    expect(system.outbox()).toEqual([]);
    const reserved = (await system.journey()).timeline.filter(({ type }) => type === 'ContactReserved');
    expect(new Set(reserved.map((entry) => entry.type === 'ContactReserved' && entry.contactPointId))).toEqual(new Set(['cp-1']));
  });
});
