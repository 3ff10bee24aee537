import type { AddressFinding, ContactPoint, Governor } from '../customer.ts';
import type { Channel, MessageChannel } from '../model.ts';
import { findingOn } from './health.ts';

/** Which of a customer's contact points are left to be used, whatever the hour and the counts. */

/** Why a contact point is not used. */
export type Unusable = AddressFinding | 'no-consent' | 'channel-off' | 'voice-only';

/**
 * Why one of the customer's own contact points is not used on its channel; undefined where it may be. At a place of work only a
 * person's voice is used. Points of third parties are none of the customer's own and are not asked about here.
 *
 * @param channels those that messages can go by in this deployment
 */
function whyUnusable(governor: Governor, point: ContactPoint, channels: readonly MessageChannel[]): Unusable | undefined {
  const finding = findingOn(governor.findings, point);
  if (finding !== undefined) return finding;
  if (governor.wishes.optedOut.includes(point.channel)) return 'opted-out';
  if (point.consent === false) return 'no-consent';
  if (point.channel === 'voice') return undefined;
  if (point.owner === 'work') return 'voice-only';
  return (channels as readonly Channel[]).includes(point.channel) ? undefined : 'channel-off';
}

/**
 * The customer's own contact points when none is left by which they could be called or written to, each with the reason; undefined
 * while one is left. An address for visits is no such point: nobody sets out before the other ways were tried.
 */
export function noneUsable(governor: Governor, channels: readonly MessageChannel[]): Readonly<Record<string, Unusable>> | undefined {
  const own = governor.points.filter((point) => point.owner !== 'third-party' && point.channel !== 'visit');
  const reasons: Record<string, Unusable> = {};
  for (const point of own) {
    const why = whyUnusable(governor, point, channels);
    if (why === undefined) return undefined;
    reasons[point.id] = why;
  }
  return reasons;
}
