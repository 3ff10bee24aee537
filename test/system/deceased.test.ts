import { describe, expect, it } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, aHold, anOverdue } from './events.ts';
import { callsOf, crashedAfter, isOf, type Scene } from './interleave.ts';

/** A person ends a case because the customer has died: that is so of all accounts of theirs. */

const ACCOUNTS = ['acc-1', 'acc-2'];

async function twoAccounts(system: System): Promise<void> {
  await system.put('CustomerUpdated', aCustomer());
  for (const accountId of ACCOUNTS) await system.put('AccountOverdue', anOverdue({ accountId, dueDate: '2026-02-20' }));
}

/** Read beside the API, whose calls a crash test counts. */
async function caseOf(system: System, accountId: string): Promise<string> {
  const found = (await system.snapshot()).items.find(({ pk, accountId: owner }) => pk.startsWith('CASE#') && owner === accountId);
  return String(found?.pk).slice('CASE#'.length);
}

const close = async (system: System, reason = 'deceased') =>
  system.api('POST', `/cases/${await caseOf(system, 'acc-1')}/close`, { reason, reference: 'memo-1', by: 'anna' });

const reopen = async (system: System) =>
  system.api('POST', `/cases/${await caseOf(system, 'acc-1')}/reopen`, { reference: 'memo-2', by: 'ben' });

async function holdsOn(system: System, accountId: string): Promise<readonly Entry[]> {
  return (await system.journey(accountId)).timeline.filter(({ type }) => type === 'HoldPlaced');
}

describe('a case that is closed as deceased', () => {
  it('stops contact about all accounts of the customer, also one that comes later, and is said once however often it is asked', async () => {
    // Prepare
    const system = await aSystem();
    await twoAccounts(system);

    // Act
    const first = await close(system);
    const again = await close(system);
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-3', dueDate: '2026-02-20', asOf: system.now() }));
    await system.advance('P10D');

    // Assess
    expect(first).toMatchObject({ status: 200, json: { closeReason: 'deceased' } });
    expect(again).toEqual(first);
    const holdId = `${await caseOf(system, 'acc-1')}-deceased`;
    for (const accountId of ACCOUNTS)
      expect(await holdsOn(system, accountId)).toMatchObject([{ holdId, kind: 'deceased', customerWide: true, reason: 'case-closed' }]);
    expect(await system.journey('acc-2')).toMatchObject({ status: 'held', holds: [{ holdId }] });
    expect(await system.journey('acc-3')).toMatchObject({ status: 'held', holds: [{ holdId }] });
    expect(system.outbox()).toEqual([]);
  });

  it('places no second hold where the customer is known to have died', async () => {
    const system = await aSystem();
    await twoAccounts(system);
    await system.put('HoldPlaced', aHold({ accountId: undefined, customerId: 'cus-1', kind: 'deceased', placedAt: system.now() }));

    expect(await close(system)).toMatchObject({ status: 200 });

    expect(await system.journey('acc-2')).toMatchObject({ status: 'held', holds: [{ holdId: 'hold-1' }] });
    for (const accountId of ACCOUNTS) expect(await holdsOn(system, accountId)).toMatchObject([{ holdId: 'hold-1' }]);
  });

  it('holds the customer where a hold for it is over, or is on the one account alone', async () => {
    const system = await aSystem();
    await twoAccounts(system);
    await system.put('HoldPlaced', aHold({ accountId: undefined, customerId: 'cus-1', kind: 'deceased', placedAt: system.now() }));
    await system.put('HoldReleased', { holdId: 'hold-1', releasedAt: system.now() });
    await system.put('HoldPlaced', aHold({ holdId: 'hold-2', kind: 'deceased', placedAt: system.now() }));

    await close(system);

    expect((await system.journey('acc-2')).status).toBe('held');
  });

  it('leaves the other accounts alone where it is closed for another reason', async () => {
    const system = await aSystem();
    await twoAccounts(system);

    await close(system, 'bankrupt');
    await system.advance('P3D');

    expect((await system.journey('acc-2')).status).toBe('open');
    expect(await holdsOn(system, 'acc-2')).toEqual([]);
    expect(system.outbox('acc-2').length).toBeGreaterThan(0);
  });

  it('lets all accounts go on once it is taken back as an error', async () => {
    // Prepare
    const system = await aSystem();
    await twoAccounts(system);
    await close(system);

    // Act
    const first = await reopen(system);
    await system.advance('PT1H');
    const held = await Promise.all(ACCOUNTS.map(async (accountId) => (await system.journey(accountId)).status));
    await system.advance('P2D');

    // Assess
    expect(first).toMatchObject({ status: 200 });
    expect(held).toEqual(['open', 'open']);
    expect(system.outbox().length).toBeGreaterThan(0);
  });

  it('is taken back where the bank has released the hold before', async () => {
    const system = await aSystem();
    await twoAccounts(system);
    await close(system);
    const holdId = `${await caseOf(system, 'acc-1')}-deceased`;
    await system.put('HoldReleased', { holdId, releasedAt: system.now() });
    await system.advance('PT1H');

    expect(await reopen(system)).toMatchObject({ status: 200 });

    expect((await system.journey('acc-2')).holds).toEqual([]);
  });

  it('holds all accounts or has not ended, wherever its request dies, and a repeat makes up for the rest', async () => {
    const scene: Scene = {
      name: 'a person ends a case',
      act: async (system) => {
        await twoAccounts(system);
        await close(system);
      },
    };
    const calls = await callsOf(scene, isOf('serve-api'));
    expect(calls.filter((call) => call.includes('TransactWriteItems')).length).toBeGreaterThan(1);
    for (const [position, call] of calls.entries()) {
      const system = await crashedAfter(scene, position, isOf('serve-api'));
      const died = `dead after ${call} (call ${position + 1})`;
      await system.advance('P3D');
      const ended = (await system.journey()).status === 'closed';
      // Where it has not ended, one message speaks for both accounts.
      expect({ died, isContacted: system.outbox().length > 0 }).toEqual({ died, isContacted: !ended });
      expect((await close(system)).status).toBe(200);
      expect({ died, status: (await system.journey('acc-2')).status }).toEqual({ died, status: 'held' });
      for (const accountId of ACCOUNTS) expect({ died, holds: (await holdsOn(system, accountId)).length }).toEqual({ died, holds: 1 });
      await system.checkSound();
      await system.close();
    }
  });
});
