import type { Entry } from '../../domain/entries.ts';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { walk } from './walk.ts';

/** An account of one customer for which others answer too. */

export const GUARANTOR = { customerId: 'cus-2', role: 'guarantor', liable: true } as const;
export const JOINT = { customerId: 'cus-3', role: 'joint', liable: true } as const;

/** A person with a text number and a mailbox of their own; the ids of the contact points are those of every customer. */
export function aPerson(customerId: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  const number = customerId.replace(/\D/g, '');
  return aCustomer({
    customerId,
    name: `Person ${number}`,
    contactPoints: [
      { id: 'cp-1', channel: 'sms', address: smsOf(customerId), owner: 'self' },
      { id: 'cp-3', channel: 'email', address: `person-${number}@example.com`, owner: 'self', consent: true },
    ],
    ...change,
  });
}

export function smsOf(customerId: string): string {
  return `+8613900139${customerId.replace(/\D/g, '').padStart(3, '0')}`;
}

export async function anAccountWith(parties: readonly object[], ...options: Parameters<typeof aSystem>): Promise<System> {
  const system = await aSystem(...options);
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue({ parties }));
  return system;
}

const HOURS_MAX = 7 * 24;

/** Until the next thing that is due is the first message to a guarantor: days after the customer was offered an arrangement. */
export async function untilGuarantorIsDue(system: System): Promise<Journey> {
  let journey = await walk(system, { until: ({ timeline }) => timeline.some(({ type }) => type === 'PlanOffered') });
  for (let hour = 0; hour < HOURS_MAX; hour += 1) {
    if (journey.next?.why.startsWith('A guarantor is told')) return journey;
    await system.advance('PT1H');
    journey = await system.journey();
  }
  throw new Error('No message to a guarantor was planned');
}

/** The messages about the account that were reserved for a party. */
export function reservedFor({ timeline }: Pick<Journey, 'timeline'>, customerId: string): readonly Entry<'ContactReserved'>[] {
  return timeline.filter((entry): entry is Entry<'ContactReserved'> => entry.type === 'ContactReserved' && entry.customerId === customerId);
}

/** What was sent to a person, whatever it was about. */
export function sentTo(system: System, customerId: string) {
  const number = customerId.replace(/\D/g, '');
  return system.outbox().filter(({ to }) => to === smsOf(customerId) || to === `person-${number}@example.com`);
}
