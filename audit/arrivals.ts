import type { Line } from './stored.ts';

/** What the record shows of the arrival of messages. */

/** A provider that took a message has so long to say that it did not arrive. */
const SILENCE_MILLIS = 72 * 3_600_000;
/** What ends a delivery; a failure alone may still be mended by a later try. */
const CAME_BACK = ['bounced', 'returned', 'refused'];

/** Whether a message that left had reached its address by an instant, epoch milliseconds, as far as reports until now tell. */
export function hadArrived(left: Line, by: number, lines: readonly Line[]): boolean {
  const reports = lines.filter(({ type, contactId }) => type === 'DeliveryReported' && contactId === left.contactId);
  const told = (...statuses: readonly string[]): number =>
    Math.max(...reports.filter(({ status }) => statuses.includes(String(status))).map(({ reportedAt }) => Date.parse(String(reportedAt))));
  const [delivered, back] = [told('delivered'), told(...CAME_BACK)];
  if (delivered > back) return true;
  if (Number.isFinite(back) || Number.isFinite(told('failed'))) return false;
  return by - Date.parse(left.at) >= SILENCE_MILLIS;
}
