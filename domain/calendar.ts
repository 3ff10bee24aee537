import { Temporal } from 'temporal-polyfill';
import type { Instant, LocalDate } from './model.ts';

/**
 * Local calendars. Instants are epoch milliseconds here, dates ISO text; zones are IANA names and offsets are looked up for the
 * instant in question, never stored.
 *
 * Where a wall time exists twice or never (clock changes), "the instant of a wall time" is the first instant at which the wall clock
 * shows it or has passed it: the earlier one of two, the first one after a gap.
 */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** 24 hours, for durations; a local day may be 23 or 25 hours long: use dates for those. */
export const DAY = 24 * HOUR;

/** The number that the digits from `from` up to `to` spell, NaN where one is no digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970-01-01 of the `YYYY-MM-DD` that a text starts with; NaN where it does not name a day of the calendar. */
function leadingDay(text: string): number {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = (MONTH_DAYS[month - 1] ?? 0) + (month === 2 && leap ? 1 : 0);
  if (!(year >= 1 && day >= 1 && day <= days) || text[4] !== '-' || text[7] !== '-') return Number.NaN;
  // Counts years from March, so that the leap day is a year's last: https://howardhinnant.github.io/date_algorithms.html
  const shifted = month <= 2 ? year - 1 : year;
  const century = Math.floor(shifted / 100);
  const monthStart = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return 365 * shifted + Math.floor(shifted / 4) - century + Math.floor(century / 4) + monthStart + day - 719_469;
}

/**
 * Epoch milliseconds of an ISO 8601 UTC text such as `2026-03-02T01:30:00Z`; seconds may be left out, digits below the millisecond are
 * dropped. Stricter than `Date.parse`, which takes 30 February for 2 March and a text without `Z` for the machine's own zone.
 *
 * @throws RangeError when the text is not such an instant.
 */
export function toMillis(instant: Instant): number {
  const end = instant.length - 1;
  const hour = digits(instant, 11, 13);
  const minute = digits(instant, 14, 16);
  const second = end === 16 ? 0 : digits(instant, 17, 19);
  let fraction = 0;
  if (end > 19) fraction = end > 20 && instant[19] === '.' ? Math.floor((digits(instant, 20, end) * 1000) / 10 ** (end - 20)) : Number.NaN;
  const punctuated = instant[10] === 'T' && instant[13] === ':' && (end === 16 || instant[16] === ':') && instant[end] === 'Z';
  const at = leadingDay(instant) * DAY + hour * HOUR + minute * MINUTE + second * 1000 + fraction;
  if (!punctuated || Number.isNaN(at) || hour > 23 || minute > 59 || second > 59) throw new RangeError(`Not an instant: ${instant}`);
  return at;
}

export function toInstant(millis: number): Instant {
  return new Date(millis).toISOString().replace('.000Z', 'Z');
}

/** Whether a text is a date that exists, as the calendar writes it. */
export function isLocalDate(text: string): boolean {
  return text.length === 10 && !Number.isNaN(leadingDay(text));
}

/** Days since 1970-01-01: dates as numbers, where many are compared. */
export function epochDay(date: LocalDate): number {
  const day = date.length === 10 ? leadingDay(date) : Number.NaN;
  if (Number.isNaN(day)) throw new RangeError(`Not a date: ${date}`);
  return day;
}

function toDate(day: number): LocalDate {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Offset from UTC on one UTC day of a zone: `before` until `changeAt`, then `after`. All milliseconds. */
interface ZoneDay {
  readonly before: number;
  readonly changeAt: number;
  readonly after: number;
}

// A demo year in a handful of zones fits; when it is full it starts again from nothing.
const ZONE_DAYS_MAX = 50_000;
const zoneDays = new Map<string, Map<number, ZoneDay>>();
let zoneDayCount = 0;

function lookUpOffset(at: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

/**
 * Looks at both ends of the day and, where they differ, halves down to the second of the change. No zone has changed twice within a
 * UTC day since 1970. Temporal's own search for transitions is not used because it looks no further than the machine's clock plus
 * some years.
 */
function lookUpDay(day: number, zone: string): ZoneDay {
  const before = lookUpOffset(day * DAY, zone);
  const after = lookUpOffset((day + 1) * DAY, zone);
  if (before === after) return { before, changeAt: Number.POSITIVE_INFINITY, after };
  let same = day * 86_400;
  let changed = same + 86_400;
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (lookUpOffset(middle * 1000, zone) === before) same = middle;
    else changed = middle;
  }
  return { before, changeAt: changed * 1000, after };
}

function zoneDay(day: number, zone: string): ZoneDay {
  let ofZone = zoneDays.get(zone);
  let found = ofZone?.get(day);
  if (found !== undefined) return found;
  found = lookUpDay(day, zone);
  if (zoneDayCount >= ZONE_DAYS_MAX) {
    zoneDays.clear();
    zoneDayCount = 0;
    ofZone = undefined;
  }
  if (ofZone === undefined) {
    ofZone = new Map();
    zoneDays.set(zone, ofZone);
  }
  ofZone.set(day, found);
  zoneDayCount += 1;
  return found;
}

/** The zone's offset from UTC at an instant, in milliseconds, east positive. */
export function offsetAt(at: number, zone: string): number {
  const day = zoneDay(Math.floor(at / DAY), zone);
  return at < day.changeAt ? day.before : day.after;
}

/** An instant after `at`, at most a day later, up to which the zone's offset does not change. */
export function offsetKeptUntil(at: number, zone: string): number {
  const day = Math.floor(at / DAY);
  const { changeAt } = zoneDay(day, zone);
  return at < changeAt ? Math.min(changeAt, (day + 1) * DAY) : (day + 1) * DAY;
}

/** Whether the text names a zone of the IANA data base. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  if (zoneDays.has(zone)) return true;
  try {
    offsetAt(0, zone);
    return true;
  } catch {
    return false;
  }
}

/** The {@link epochDay} of the local date at an instant. */
export function localDay(at: number, zone: string): number {
  return Math.floor((at + offsetAt(at, zone)) / DAY);
}

/** {@link localDay} of each of many instants. */
export function localDays(instants: readonly number[], zone: string): number[] {
  const ofZone = zoneDays.get(zone);
  return instants.map((at) => {
    const day = ofZone?.get(Math.floor(at / DAY));
    // Not looked up before: the long way, which remembers it.
    if (day === undefined) return localDay(at, zone);
    return Math.floor((at + (at < day.changeAt ? day.before : day.after)) / DAY);
  });
}

export function localDate(at: number, zone: string): LocalDate {
  return toDate(Math.floor((at + offsetAt(at, zone)) / DAY));
}

/** Minutes since local midnight by the wall clock, 0 to 1439. */
export function localMinutes(at: number, zone: string): number {
  return Math.floor(((((at + offsetAt(at, zone)) % DAY) + DAY) % DAY) / MINUTE);
}

/** Monday is 1, Sunday is 7. */
export function weekday(date: LocalDate): number {
  return weekdayOf(epochDay(date));
}

/** The weekday of an {@link epochDay}; Monday is 1, Sunday is 7. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export function isWeekend(date: LocalDate): boolean {
  return weekday(date) >= 6;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return toDate(epochDay(date) + days);
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return epochDay(to) - epochDay(from);
}

/** The same day of the month `months` later, the last day where that month is shorter. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** Months since January 1970 of an {@link epochDay}. */
export function monthOf(day: number): number {
  // The inverse of the count in `leadingDay`, by eras of 400 years that begin in March.
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  return (era * 400 + yearOfEra - 1970) * 12 + Math.floor((5 * dayOfYear + 2) / 153) + 2;
}

/** The {@link epochDay} of the first day of a {@link monthOf}. */
export function firstOfMonth(month: number): number {
  return Date.UTC(1970, month, 1) / DAY;
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

/** No zone has been further from UTC since 1970 than 14 hours: https://data.iana.org/time-zones/theory.html */
const OFFSET_MAX = 14 * HOUR;

/** The instant of a wall time, given as milliseconds of a clock that runs like UTC: the first at which the zone's clock has reached it. */
function instantOfWall(wall: number, zone: string): number {
  let at = wall - OFFSET_MAX - HOUR;
  for (;;) {
    const reached = wall - offsetAt(at, zone);
    if (reached <= at) return at;
    const until = offsetKeptUntil(at, zone);
    if (reached < until) return reached;
    at = until;
  }
}

/**
 * The instant of a wall time on a local date; minutes from 1440 on belong to the days after it. See the head of this file for clock
 * changes.
 */
export function instantAt(date: LocalDate, minutesOfDay: number, zone: string): number {
  return instantOfWall(epochDay(date) * DAY + minutesOfDay * MINUTE, zone);
}

/** The first instant of a local date; of a date that the zone skipped, the first instant of the next. */
export function startOfDay(date: LocalDate, zone: string): number {
  return instantOfWall(epochDay(date) * DAY, zone);
}

/** {@link startOfDay} of an {@link epochDay}. */
export function startOfEpochDay(day: number, zone: string): number {
  return instantOfWall(day * DAY, zone);
}
