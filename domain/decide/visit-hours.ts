import type { ContactPoint } from '../customer.ts';
import { hoursFor, type World } from './world.ts';

const STEP_MILLIS = 15 * 60_000;

/**
 * The hours in which an address may be visited: those of the pack and the house, and the customer's wishes, whatever was counted.
 *
 * @param at from when on, epoch milliseconds
 * @returns whether all of a span, the end apart, lies within them
 */
export function visitHours(world: World, point: ContactPoint, at: number): (from: number, to: number) => boolean {
  const isOpen = hoursFor(world, { channel: 'visit', point, purpose: 'collection', accountId: world.account.accountId }, at);
  return (from, to) => {
    for (let instant = from; instant < to; instant += STEP_MILLIS) if (!isOpen(instant)) return false;
    return isOpen(to - 1);
  };
}
