import { beforeAll, describe, expect, it } from 'vitest';
import type { System } from './cloud.ts';
import { aHold, anOverdue, aPayment } from './events.ts';
import { stateFolder } from './fork.ts';
import { anAccountWith, aPerson, GUARANTOR, reservedFor, sentTo, untilGuarantorIsDue } from './guaranteed.ts';
import { callsOf, crashedAfter, disturbedAt, isOf, type Scene, wholeEvent } from './interleave.ts';

/**
 * What forbids a message to a guarantor lands at every call that its sending makes: on the account, on its customer, or on the guarantor
 * alone, whose record is on no timeline. Before the reservation it wins; after it, exactly that one message goes.
 */

const { accountId: _account, ...onPerson } = aHold();

interface Landing {
  readonly what: string;
  readonly land: (system: System) => Promise<void>;
}

const LANDINGS: readonly Landing[] = [
  { what: 'a payment', land: (system) => wholeEvent(system, 'PaymentReceived', aPayment({ paidAt: system.now() })) },
  { what: 'a hold on the account', land: (system) => wholeEvent(system, 'HoldPlaced', aHold({ placedAt: system.now() })) },
  {
    what: 'a hold on the customer',
    land: (system) => wholeEvent(system, 'HoldPlaced', { ...onPerson, customerId: 'cus-1', kind: 'bankruptcy', placedAt: system.now() }),
  },
  {
    what: 'the death of the guarantor',
    land: (system) => wholeEvent(system, 'HoldPlaced', { ...onPerson, customerId: 'cus-2', kind: 'deceased', placedAt: system.now() }),
  },
  {
    what: 'an opt-out of the guarantor',
    land: (system) =>
      wholeEvent(system, 'CustomerUpdated', aPerson('cus-2', { asOf: system.now(), preferences: { optedOut: ['sms', 'email'] } })),
  },
  {
    what: 'a figure with another guarantor',
    land: (system) =>
      wholeEvent(system, 'AccountOverdue', anOverdue({ asOf: system.now(), parties: [{ ...GUARANTOR, customerId: 'cus-9' }] })),
  },
];

describe('sending to a guarantor', () => {
  /** The world just before the first message to the guarantor goes. */
  let stateDir = '';
  let sendsAt = '';
  beforeAll(async () => {
    stateDir = stateFolder();
    const system = await anAccountWith([GUARANTOR], { stateDir });
    await system.put('CustomerUpdated', aPerson('cus-2'));
    sendsAt = (await untilGuarantorIsDue(system)).next?.notBefore ?? '';
    await system.advanceTo(new Date(Date.parse(sendsAt) - 60_000).toISOString());
    await system.close();
  });
  const scene = (): Scene => ({
    name: 'the first message to a guarantor goes',
    stateDir,
    act: (system) => system.advanceTo(new Date(Date.parse(sendsAt) + 5000).toISOString()),
  });
  const sending = isOf('send-contact');

  it.each(LANDINGS)('$what at every call: nothing is reserved after it was accepted, and one message at most goes', async ({ land }) => {
    const calls = await callsOf(scene(), sending);
    const reservation = calls.indexOf('send-contact dynamodb.TransactWriteItems');
    expect(calls).toContain('send-contact sns.Publish');
    for (let position = 0; position <= calls.length; position += 1) {
      const system = await disturbedAt(scene(), position, sending, land);
      await system.advance('PT6H');
      const expected = position <= reservation ? 0 : 1;
      expect({ position, reserved: reservedFor(await system.journey(), 'cus-2').length }).toEqual({ position, reserved: expected });
      expect(sentTo(system, 'cus-2').length).toBe(expected);
      await system.checkSound();
      await system.close();
    }
  });

  it('survives the death of the sender after every call: the message is known by its end, and its slot is the guarantor’s', async () => {
    const calls = await callsOf(scene(), sending);
    for (const position of calls.keys()) {
      const system = await crashedAfter(scene(), position, sending);
      await system.advance('P1D');
      const { timeline } = await system.journey();
      const reserved = reservedFor({ timeline }, 'cus-2');
      expect({ position, reserved: reserved.length > 0 }).toEqual({ position, reserved: true });
      for (const { contactId } of reserved) {
        const ends = timeline.filter((entry) => 'contactId' in entry && entry.contactId === contactId);
        const ended = ends.find(({ type }) => type === 'ContactSent' || type === 'ContactLost');
        expect(ended).toMatchObject({ customerId: 'cus-2', role: 'guarantor' });
      }
      expect(sentTo(system, 'cus-2').length).toBeLessThanOrEqual(reserved.length);
      await system.checkSound();
      await system.close();
    }
  });
});
