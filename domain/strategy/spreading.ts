import { HOUR } from '../calendar.ts';

/** What many wait for does not happen to all of them at once: how contacts that waited for an opening are spread behind it. */

/** Whether the hours are open at an instant, epoch milliseconds. */
export type IsOpen = (at: number) => boolean;

const MINUTE = 60_000;
/** No rule leaves longer hours open in one stretch and still closes them. */
const OPEN_HOURS_MAX = 20;
/** Over how long those who wait for the same opening are spread, the longest first. */
const SPREAD_HOURS = [8, 4, 2, 1, 0.5];

/** When the hours that are open at an instant opened, to the minute; undefined where nothing closes them. */
export function openedAt(isOpen: IsOpen, at: number): number | undefined {
  let open = at - (at % MINUTE);
  let closed = open - HOUR;
  for (let hours = 1; isOpen(closed); hours += 1) {
    if (hours >= OPEN_HOURS_MAX) return undefined;
    open = closed;
    closed -= HOUR;
  }
  while (open - closed > MINUTE) {
    const middle = closed + Math.floor((open - closed) / (2 * MINUTE)) * MINUTE;
    if (isOpen(middle)) open = middle;
    else closed = middle;
  }
  return open;
}

/** Whether hours that are open at an instant stay so until another; a break of less than an hour does not matter. */
function staysOpen(isOpen: IsOpen, from: number, to: number): boolean {
  for (let at = from + HOUR; at < to; at += HOUR) if (!isOpen(at)) return false;
  return isOpen(to);
}

/**
 * An instant from an opening on, at a share of the longest spread at whose end the same hours are still open: of a hundred thousand
 * that wait for nine o'clock none is late and no second has them all.
 *
 * @param share in [0, 1), the same for the same account and opening
 */
export function spreadAfter(opened: number, share: number, isOpen: IsOpen): number {
  for (const hours of SPREAD_HOURS) {
    const at = opened + Math.floor(share * hours * HOUR);
    if (staysOpen(isOpen, opened, at)) return at;
  }
  return opened;
}
