import type { Line } from './stored.ts';

/** What the record shows of the arrival of messages. */

/** A provider that took a message has so long to say that it did not arrive. */
const SILENCE_MILLIS = 72 * 3_600_000;
/** What ends a delivery; a failure alone may still be mended by a later try. */
const CAME_BACK = ['bounced', 'returned', 'refused'];

/** The report that a message arrived, the latest of several; undefined where none does, or one says since that it came back. */
export function arrivalOf(contactId: unknown, lines: readonly Line[]): Line | undefined {
  const latest = (...statuses: readonly string[]): Line | undefined =>
    reportsOn(contactId, lines, statuses).reduce<Line | undefined>(
      (found, row) => (found === undefined || toldAt(row) > toldAt(found) ? row : found),
      undefined,
    );
  const [arrived, back] = [latest('delivered'), latest(...CAME_BACK)];
  return arrived !== undefined && (back === undefined || toldAt(arrived) > toldAt(back)) ? arrived : undefined;
}

function reportsOn(contactId: unknown, lines: readonly Line[], statuses: readonly string[]): readonly Line[] {
  return lines.filter((row) => row.type === 'DeliveryReported' && row.contactId === contactId && statuses.includes(String(row.status)));
}

function toldAt({ reportedAt }: Line): number {
  return Date.parse(String(reportedAt));
}

/** Whether a message that left had reached its address by an instant, epoch milliseconds, as far as reports until now tell. */
export function hadArrived(left: Line, by: number, lines: readonly Line[]): boolean {
  if (arrivalOf(left.contactId, lines) !== undefined) return true;
  if (reportsOn(left.contactId, lines, [...CAME_BACK, 'failed']).length > 0) return false;
  return by - Date.parse(left.at) >= SILENCE_MILLIS;
}

/** The messages of a case that left to the account's customer; one that was given up for lost and reported on since is among them. */
export function goneIn(own: readonly Line[]): readonly Line[] {
  const taken = (contactId: unknown): boolean =>
    own.some(
      (row) => row.type === 'DeliveryReported' && row.contactId === contactId && ['accepted', 'delivered'].includes(String(row.status)),
    );
  return own.filter(
    ({ type, contactId, role }) =>
      role === undefined && (type === 'ContactSent' || type === 'ContactSuppressed' || (type === 'ContactLost' && taken(contactId))),
  );
}
