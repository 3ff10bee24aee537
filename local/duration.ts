import { AwsError } from './kernel/errors.ts';

const DAY = 86_400_000;
const PATTERN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;

/** Milliseconds of an ISO 8601 duration in weeks, days, hours, minutes and seconds; months and years have no fixed length. */
export function parseDuration(text: string, field = 'advance'): number {
  const match = PATTERN.exec(text);
  if (match === null || !/\d/.test(text) || text.endsWith('T'))
    throw new AwsError(
      'ValidationException',
      `${field} must be an ISO 8601 duration without months and years, such as P3DT4H, not ${JSON.stringify(text)}`,
    );
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return Math.round(weeks * 7 * DAY + days * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000);
}

/** Milliseconds since the epoch of an ISO 8601 instant, which needs `Z` or an offset. */
export function parseInstant(text: string, field: string): number {
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new AwsError(
      'ValidationException',
      `${field} must be an ISO 8601 instant such as 2026-03-05T00:00:00Z, not ${JSON.stringify(text)}`,
    );
  return at;
}

/** An instant as text, without milliseconds where there are none. */
export function formatInstant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
