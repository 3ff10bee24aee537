import { beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, aPayment } from './events.ts';
import { copyState, stateFolder } from './fork.ts';
import { callsOf, disturbedAt, isOf, type Scene, wholeEvent } from './interleave.ts';

/**
 * Facts that forbid a message land at every call that sending makes, and after the last: whatever was accepted first wins. The protocol's
 * model (test/protocol) explores the same with several of them at once, crashes and duplicates.
 */

interface Landing {
  readonly what: string;
  readonly land: (system: System) => Promise<void>;
  /** The entry that forbids. */
  readonly entry: string;
}

async function agreePlan(system: System): Promise<void> {
  const offers = await system.cloud.fetchApi('GET', '/accounts/acc-1/plan-offers');
  const [offer] = (offers.json as { offers: { offerId: string }[] }).offers;
  const agreement = { offerId: offer?.offerId, agreedAt: system.now(), channel: 'app' };
  const { status } = await system.cloud.fetchApi('POST', '/accounts/acc-1/plans', agreement);
  expect(status).toBe(200);
}

const LANDINGS: readonly Landing[] = [
  {
    what: 'a payment',
    land: (system) => wholeEvent(system, 'PaymentReceived', aPayment({ paidAt: '2026-03-02T01:29:00Z' })),
    entry: 'PaymentReceived',
  },
  { what: 'a hold', land: (system) => wholeEvent(system, 'HoldPlaced', aHold({ placedAt: system.now() })), entry: 'HoldPlaced' },
  {
    what: 'an opt-out',
    land: (system) =>
      wholeEvent(
        system,
        'CustomerUpdated',
        aCustomer({ asOf: '2026-03-02T01:29:00Z', preferences: { optedOut: ['sms', 'email', 'voice', 'visit'] } }),
      ),
    entry: 'CustomerUpdated',
  },
  { what: 'a plan', land: agreePlan, entry: 'PlanAgreed' },
];

describe('lands at every point of send', () => {
  /** The world just before the first reminder goes. */
  let stateDir = '';
  let sendsAt = '';
  beforeAll(async () => {
    stateDir = stateFolder();
    const system = await aSystem({ stateDir });
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-02-25' }));
    const { next } = await system.journey();
    expect(next?.what).toBe('send-message');
    sendsAt = next?.notBefore ?? '';
    await system.close();
  });
  const scene = (): Scene => ({
    name: 'the first reminder goes',
    stateDir: copyState(stateDir),
    act: (system) => system.advanceTo(sendsAt),
  });

  it.each(LANDINGS)('$what: no message is reserved after it was accepted, and none is sent that was not reserved', async (landing) => {
    const sending = isOf('send-contact', 'decide');
    const calls = await callsOf(scene(), sending);
    expect(calls).toContain('send-contact sns.Publish');
    const sent = new Set<boolean>();
    for (let position = 0; position <= calls.length; position += 1) {
      const system = await disturbedAt(scene(), position, sending, landing.land);
      await system.advance('P2D');
      const { timeline } = await system.journey();
      // The customer's first record stands at the beginning of every timeline.
      const accepted = timeline.findLastIndex(({ type }) => type === landing.entry);
      const reserved = (entries: readonly Entry[]) =>
        entries.filter((entry) => entry.type === 'ContactReserved' && entry.notice === undefined);
      expect({ position, after: reserved(timeline.slice(accepted)) }).toEqual({ position, after: [] });
      const messages = system.collected();
      expect(messages.length).toBe(reserved(timeline.slice(0, accepted)).length);
      sent.add(messages.length > 0);
      await system.checkSound();
      await system.close();
    }
    expect([...sent].sort()).toEqual([false, true]);
  });
});
