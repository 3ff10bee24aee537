import { describe, expect, it } from 'vitest';
import type { System } from './cloud.ts';
import { aContact } from './contacts.ts';
import { aCustomer, aHold, anOverdue } from './events.ts';
import { anAccountWith, aPerson, GUARANTOR, JOINT, sentTo, untilGuarantorIsDue } from './guaranteed.ts';
import { walk } from './walk.ts';

/** What changes in the record of a joint holder or a guarantor wakes the cases of others that they answer for. */

const changesOf = async (system: System, accountId = 'acc-1') =>
  (await system.journey(accountId)).timeline.flatMap((entry) => (entry.type === 'PartyChanged' ? [entry.what] : []));

/** How often the case has begun to wait: a case that is woken decides anew and waits again. */
async function waitsOf(system: System, accountId = 'acc-1'): Promise<number> {
  const { items } = await system.snapshot();
  return Number(items.find(({ pk, sk }) => pk === `ACCOUNT#${accountId}` && sk === '#HEAD')?.waits);
}

const LATER = '2026-03-09T00:00:00Z';
const deadly = (customerId: string) => {
  const { accountId: _account, ...hold } = aHold({ customerId, kind: 'deceased' });
  return hold;
};

async function aGuarantorToldSoon(): Promise<System> {
  const system = await anAccountWith([GUARANTOR]);
  await system.put('CustomerUpdated', aPerson('cus-2'));
  await untilGuarantorIsDue(system);
  return system;
}

describe('a change in the record of a guarantor', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['record', 'CustomerUpdated', aPerson('cus-2', { asOf: LATER, preferences: { optedOut: ['sms', 'email'] } })],
    ['hold', 'HoldPlaced', deadly('cus-2')],
  ])('(%s) wakes the case at once, and what was planned is planned no more', async (what, type, event) => {
    // Prepare
    const system = await aGuarantorToldSoon();
    const before = await waitsOf(system);

    // Act
    await system.put(type, event);
    const after = await waitsOf(system);
    await system.put(type, event);
    const { next } = await system.journey();
    await system.advance('P9D');

    // Assess
    expect(after).toBe(before + 1);
    expect(await changesOf(system)).toEqual([what]);
    expect(next?.why).not.toContain('A guarantor is told');
    expect(sentTo(system, 'cus-2')).toEqual([]);
  });

  it('of an address, told by somebody who rang about another account, wakes it too', async () => {
    // Prepare
    const system = await aGuarantorToldSoon();
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-2', asOf: LATER }));
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2', asOf: system.now() }));
    const before = await waitsOf(system);

    // Act
    const contact = aContact(system, { customerId: 'cus-2', accountId: 'acc-2', contactPointId: 'cp-2', outcome: 'wrong-number' });
    await system.put('ContactReported', contact);
    await system.put('ContactReported', contact);

    // Assess
    expect(await waitsOf(system)).toBe(before + 1);
    expect(await changesOf(system)).toEqual(['record', 'address']);
    expect(await changesOf(system, 'acc-2')).toEqual([]);
  });

  it('that lets them be written to is not waited for', async () => {
    // Prepare: nothing is known of the joint holder, and the case looks again in three days.
    const system = await anAccountWith([JOINT]);
    await walk(system, { until: ({ stage, daysPastDue }) => stage === 'call' && daysPastDue >= 9 });
    const before = await waitsOf(system);

    // Act
    await system.put('CustomerUpdated', aPerson('cus-3', { asOf: LATER }));

    // Assess
    expect(await waitsOf(system)).toBe(before + 1);
    await system.advance('P1D');
    expect(sentTo(system, 'cus-3')).not.toEqual([]);
  });

  it('wakes nobody before the stage in which they may be told, nor where they only hold a second card or answer no more', async () => {
    // Prepare
    const supplementary = { customerId: 'cus-4', role: 'supplementary', liable: true };
    const system = await anAccountWith([GUARANTOR, supplementary, JOINT]);
    await walk(system, { until: ({ stage }) => stage === 'call' });
    await system.put('AccountOverdue', anOverdue({ parties: [GUARANTOR, supplementary], asOf: system.now() }));
    const before = await waitsOf(system);

    // Act
    for (const customerId of ['cus-2', 'cus-3', 'cus-4']) await system.put('CustomerUpdated', aPerson(customerId, { asOf: LATER }));

    // Assess
    expect(await waitsOf(system)).toBe(before);
    expect(await changesOf(system)).toEqual([]);
  });
});
