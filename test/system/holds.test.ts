import { describe, expect, it } from 'vitest';
import { aSystem } from './cloud.ts';
import { aCustomer, aHold, anOverdue } from './events.ts';
import { anAccountToCall } from './walk.ts';

describe('holds', () => {
  it('on a customer stops all of the customer’s accounts, also one that comes later', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-02-20' }));
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', dueDate: '2026-02-20' }));
    const hold = aHold({ accountId: undefined, customerId: 'cus-1', kind: 'deceased', placedAt: system.now() });

    // Act
    await system.put('HoldPlaced', hold);
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-3', dueDate: '2026-02-20' }));
    await system.advance('P10D');
    const held = await Promise.all(['acc-1', 'acc-2', 'acc-3'].map((accountId) => system.journey(accountId)));
    const messages = system.outbox().length;
    await system.put('HoldReleased', { holdId: 'hold-1', releasedAt: system.now() });
    await system.advance('P10D');

    // Assess
    expect(held.map((journey) => [journey.status, journey.daysPastDue])).toEqual([
      ['held', 10],
      ['held', 10],
      ['held', 10],
    ]);
    expect(messages).toBe(0);
    for (const accountId of ['acc-1', 'acc-2', 'acc-3']) {
      expect(await system.journey(accountId)).toMatchObject({ status: 'open', holds: [] });
      expect(system.said(accountId)).toEqual(expect.arrayContaining(['JourneyHeld', 'JourneyResumed']));
    }
    expect(system.outbox().length).toBeGreaterThan(0);
  });

  it('on a customer that a review lifts ends on all of the customer’s accounts', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    for (const accountId of ['acc-1', 'acc-2']) await system.put('AccountOverdue', anOverdue({ accountId, dueDate: '2026-02-20' }));
    await system.put('HoldPlaced', aHold({ accountId: undefined, customerId: 'cus-1', kind: 'deceased', placedAt: system.now() }));
    await system.advance('P31D');
    const reviews = await system.tasks('case-review');

    // Act
    const lifted = { outcome: 'approve', by: 'supervisor-1', at: system.now() };
    const answers = [
      await system.api('POST', `/tasks/${reviews[0]?.taskId}/outcome`, lifted),
      await system.api('POST', `/tasks/${reviews[0]?.taskId}/outcome`, lifted),
    ];
    await system.advance('P10D');

    // Assess
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    for (const accountId of ['acc-1', 'acc-2']) expect(await system.journey(accountId)).toMatchObject({ status: 'open', holds: [] });
    expect(system.outbox().length).toBeGreaterThan(0);
    expect(await system.tasks('case-review')).toEqual([]);
  });

  it('whose release comes first never begins', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const releasedAt = system.now();

    // Act
    await system.put('HoldReleased', { holdId: 'hold-1', releasedAt });
    await system.put('HoldPlaced', aHold({ placedAt: '2026-03-05T00:00:00Z' }));
    const onAccount = await system.journey();
    await system.put('HoldReleased', { holdId: 'hold-2', releasedAt });
    await system.put(
      'HoldPlaced',
      aHold({ holdId: 'hold-2', accountId: undefined, customerId: 'cus-1', placedAt: '2026-03-06T00:00:00Z' }),
    );

    // Assess
    expect(onAccount).toMatchObject({ status: 'open', holds: [] });
    expect(await system.journey()).toMatchObject({ status: 'open', holds: [] });
  });

  it('without an end come up for review and never lapse by themselves', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('HoldPlaced', aHold({ kind: 'complaint', placedAt: system.now() }));

    // Act
    await system.advance('P11D');
    const review = await system.task('case-review');
    await system.report(review.taskId, 'reject');
    const kept = await system.journey();
    await system.advance('P11D');
    await system.report((await system.task('case-review')).taskId, 'approve');

    // Assess
    expect(review).toMatchObject({ objective: 'review-hold', facts: { subject: 'hold-1' } });
    expect(kept.status).toBe('held');
    expect((await system.journey()).status).toBe('open');
  });

  it('with an end lapse at it', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('HoldPlaced', aHold({ kind: 'disaster', placedAt: system.now(), expiresAt: '2026-04-01T00:00:00Z' }));

    // Act
    await system.advanceTo('2026-03-31T23:59:00Z');
    const before = await system.journey();
    await system.advance('PT2M');

    // Assess
    expect(before.status).toBe('held');
    expect((await system.journey()).status).toBe('open');
  });
});
