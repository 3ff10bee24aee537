import { expect, it } from 'vitest';
import type { System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { findings, lastSent, reportsOn, sentOn } from './feedback.ts';
import { begin, callsOf, disturbedAt, isOf, type Scene, wholeEvent } from './interleave.ts';

const MAILS = [
  { id: 'cp-a', channel: 'email', address: 'wang@example.com', owner: 'self' },
  { id: 'cp-b', channel: 'email', address: 'xiaoming.wang@example.org', owner: 'self' },
];

const firstMessage: Scene = {
  name: 'the first message goes',
  act: async (system) => {
    await system.put('CustomerUpdated', aCustomer({ contactPoints: MAILS }));
    await system.put('AccountOverdue', anOverdue());
    await system.advanceTo('2026-03-05T12:00:00Z');
  },
};

it('a bounce at any call of the sending is recorded once the message is ours, and its address is used no more', async () => {
  // Prepare
  const quiet = await begin(firstMessage);
  await firstMessage.act(quiet);
  const { contactId } = await lastSent(quiet);
  await quiet.close();
  const isSender = isOf('send-contact');
  const calls = await callsOf(firstMessage, isSender);
  const sent = calls.findIndex((call) => call.includes('ses.'));
  // Once a run: the call after the last one is the next message's first.
  const bounceOnce = () => {
    let told = false;
    return async (system: System) => {
      if (told) return;
      told = true;
      await wholeEvent(system, 'DeliveryReported', { contactId, status: 'bounced', at: system.now() });
    };
  };
  const taken: boolean[] = [];

  // Act
  for (let position = 0; position <= calls.length; position += 1) {
    const system = await disturbedAt(firstMessage, position, isSender, bounceOnce());
    await system.advance('P4D');

    // Assess: before it was reserved the message is none of ours; then the report holds, whenever it came.
    const journey = await system.journey();
    const known = reportsOn(journey).length === 1;
    taken.push(known);
    expect(system.events().some((event) => event['detail-type'] === 'EventRejected')).toBe(!known);
    expect(Object.values(await findings(system))).toEqual(known ? ['bounced'] : []);
    const points = journey.timeline.flatMap((entry) => (entry.type === 'ContactReserved' ? [entry.contactPointId] : []));
    expect(sentOn(journey).length).toBeGreaterThan(1);
    if (known) expect(points.filter((point) => point === points[0])).toHaveLength(1);
    await system.checkSound();
    await system.close();
  }
  expect(sent).toBeGreaterThan(0);
  expect(taken.slice(sent)).toEqual(taken.slice(sent).map(() => true));
  expect(taken[0]).toBe(false);
});
