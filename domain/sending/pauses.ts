import { HOUR } from '../calendar.ts';
import { spread } from '../decide/world.ts';
import type { MessageChannel } from '../model.ts';

const MINUTE = 60_000;

/** A provider that is too busy is asked again at longer and longer distances: some two hours in all, then the attempt has failed. */
const PAUSES_MILLIS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR] as const;
const SPREAD_SHARE = 0.5;

/**
 * When a message that its provider was too busy to take goes again; the pauses differ from contact to contact by up to half, so that
 * what was refused together does not come back together.
 *
 * @param deferrals how often it was put off before.
 * @returns epoch milliseconds; undefined where it was put off often enough, and has failed.
 */
export function retryAfter(contactId: string, deferrals: number, now: number): number | undefined {
  const pause = PAUSES_MILLIS[deferrals];
  return pause === undefined ? undefined : now + Math.floor(pause * (1 + SPREAD_SHARE * spread(contactId, 'retry', String(deferrals))));
}

/** A message that waits for its channel comes back somewhere within so many milliseconds after the way is free. */
export function comeBack(contactId: string, from: number, withinMillis: number): number {
  return from + 1000 + Math.floor(withinMillis * spread(contactId, 'come-back', String(from)));
}

/** A message that finds no way asks again at the earliest after so long, and after no longer than twice the most. */
const ASK_MILLIS_MIN = 15_000;
const ASK_MILLIS_MAX = 15 * MINUTE;

/**
 * When a message that is due and finds no way asks again: after as long as it has waited already up to twice that, spread by contact. How
 * long it has waited tells how crowded the way is for its number of places, so none needs to count who else waits. A turn of a case is 18
 * events of its execution's history, and the 102 turns that a whole day can have are fewer than 2,000 of its 25,000
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
 *
 * @param since when it was first due and found none, epoch milliseconds
 */
export function askAgain(contactId: string, since: number, now: number): number {
  const least = Math.min(Math.max(now - since, ASK_MILLIS_MIN), ASK_MILLIS_MAX);
  return now + Math.ceil(least * (1 + spread(contactId, 'ask-again', String(now))));
}

/** However long the gate would allow it: what was decided now is not said tomorrow. A letter is printed and posted by the next day. */
const DELIVERY_HOURS_MAX: Readonly<Record<MessageChannel, number>> = { sms: 4, email: 4, push: 4, 'in-app': 4, im: 4, post: 24 };

/**
 * Until when a gateway may still deliver a message: the last second of the stretch, from now on, in which its contact stays allowed, at
 * most some hours. Every rule about the time of day is written in minutes, so minutes are looked at.
 *
 * @param allows whether the contact would be allowed at an instant (epoch milliseconds).
 * @returns epoch milliseconds, never before now
 */
export function deliverableUntil(channel: MessageChannel, now: number, allows: (at: number) => boolean): number {
  const end = now + DELIVERY_HOURS_MAX[channel] * HOUR;
  for (let at = now - (now % MINUTE) + MINUTE; at < end; at += MINUTE) if (!allows(at)) return Math.max(now, at - 1000);
  return end;
}
