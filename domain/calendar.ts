import { Temporal } from 'temporal-polyfill';
import type { Instant, LocalDate } from './model.ts';

/**
 * Local calendars. Instants are epoch milliseconds here, dates ISO text; zones are IANA names and offsets are looked up for the
 * instant in question, never stored.
 */

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** 24 hours, for durations; a local day may be 23 or 25 hours long: use dates for those. */
export const DAY = 24 * HOUR;

export function toMillis(instant: Instant): number {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) throw new RangeError(`Not an instant: ${instant}`);
  return at;
}

export function toInstant(millis: number): Instant {
  return new Date(millis).toISOString().replace('.000Z', 'Z');
}

// Offsets change at most at quarter hours in every zone in use, so one lookup serves a quarter hour of a zone.
const QUARTER = 15 * MINUTE;
const OFFSETS_MAX = 50_000;
const offsets = new Map<string, Map<number, number>>();
let offsetCount = 0;

function offsetMillis(at: number, zone: string): number {
  let ofZone = offsets.get(zone);
  if (ofZone === undefined) {
    ofZone = new Map();
    offsets.set(zone, ofZone);
  }
  const quarter = Math.floor(at / QUARTER);
  let offset = ofZone.get(quarter);
  if (offset === undefined) {
    if (offsetCount >= OFFSETS_MAX) {
      offsets.clear();
      ofZone = new Map();
      offsets.set(zone, ofZone);
      offsetCount = 0;
    }
    offset = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
    ofZone.set(quarter, offset);
    offsetCount += 1;
  }
  return offset;
}

/** Whether the text names a zone of the IANA data base. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

export function localDate(at: number, zone: string): LocalDate {
  return new Date(at + offsetMillis(at, zone)).toISOString().slice(0, 10);
}

/** Minutes since local midnight by the wall clock, 0 to 1439. */
export function localMinutes(at: number, zone: string): number {
  return Math.floor(((((at + offsetMillis(at, zone)) % DAY) + DAY) % DAY) / MINUTE);
}

/** Monday is 1, Sunday is 7. */
export function weekday(date: LocalDate): number {
  return ((Math.floor(Date.parse(date) / DAY) + 3) % 7) + 1;
}

export function isWeekend(date: LocalDate): boolean {
  return weekday(date) >= 6;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** The same day of the month `months` later, the last day where that month is shorter. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** Monday to Friday; holiday calendars are the pack's business. */
export function addBusinessDays(date: LocalDate, days: number): LocalDate {
  let result = date;
  for (let left = days; left > 0; ) {
    result = addDays(result, 1);
    if (!isWeekend(result)) left -= 1;
  }
  return result;
}

/** The instant of a wall time on a local date; a wall time that a clock change skips gives the instant just after the gap. */
export function instantAt(date: LocalDate, minutesOfDay: number, zone: string): number {
  const wall = Date.parse(date) + minutesOfDay * MINUTE;
  // Two guesses settle every case but a gap, which `compatible` moves past: https://tc39.es/proposal-temporal/docs/ambiguity.html
  const guess = wall - offsetMillis(wall - offsetMillis(wall, zone), zone);
  if (guess + offsetMillis(guess, zone) === wall && guess - offsetMillis(guess - DAY, zone) === guess - offsetMillis(guess + DAY, zone))
    return guess;
  const time = Temporal.PlainTime.from({ hour: Math.floor(minutesOfDay / 60) % 24, minute: minutesOfDay % 60 });
  const plain = Temporal.PlainDate.from(date).add({ days: Math.floor(minutesOfDay / 1440) });
  return plain.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

/** The first instant of a local date. */
export function startOfDay(date: LocalDate, zone: string): number {
  return instantAt(date, 0, zone);
}
