import { DAY, offsetAt, offsetKeptUntil, weekdayOf } from '../calendar.ts';
import type { HolidayCalendar } from '../policy/holidays/calendar.ts';
import type { HoursProvision } from '../policy/packs/pack.ts';

/** Open spans of a day as `[start, end, start, end, …]`, milliseconds of the wall clock, ascending, half-open. */
type Spans = readonly number[];

/** One rule about the time of day. */
export interface Hours {
  readonly rule: string;
  readonly text: string;
  /** By weekday; index 0 is Monday. */
  readonly week: readonly Spans[];
  /** Open on public holidays instead, and which days are; absent: a holiday is a day like others. */
  readonly holidays?: { readonly spans: Spans; readonly calendar: HolidayCalendar };
  /** So long before a closing it counts as closed, milliseconds. */
  readonly margin: number;
  /** The zone whose clock it goes by where that is not the customer's. */
  readonly zone?: string;
}

/** Public holidays beside those of a calendar, as epoch days. */
export type ExtraHolidays = ReadonlySet<number>;

const NONE: ExtraHolidays = new Set();
const MINUTE = 60_000;
const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** Looking further than a year for an opening cannot find one: every rule repeats by the week and every clock change by the year. */
const SEARCH_DAYS_MAX = 400;

function readWindow(text: string): readonly [number, number] | undefined {
  const match = WINDOW.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]) * 60 + Number(match[2]);
  const to = match[3] === undefined ? 1440 : Number(match[3]) * 60 + Number(match[4]);
  return from === to ? undefined : [from * MINUTE, to * MINUTE];
}

/** Sorted and merged spans of one day; a span whose end is before its start lasts over midnight into the next day's morning. */
function merge(windows: readonly (readonly [number, number])[]): number[] {
  const spans = windows.flatMap(([from, to]) => (from < to ? [[from, to] as const] : [[from, DAY] as const, [0, to] as const]));
  spans.sort((one, other) => one[0] - other[0]);
  const merged: number[] = [];
  for (const [from, to] of spans) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last) merged[merged.length - 1] = Math.max(last, to);
    else if (from < to) merged.push(from, to);
  }
  return merged;
}

function complement(spans: Spans): number[] {
  const edges = [0, ...spans, DAY];
  const result: number[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const from = edges[index] ?? DAY;
    const to = edges[index + 1] ?? DAY;
    if (from < to) result.push(from, to);
  }
  return result;
}

/**
 * The customer's windows (`HH:MM-HH:MM`, may last over midnight, the same every day) as open hours.
 *
 * @returns undefined when one of them cannot be read; start and end at the same minute cannot.
 */
export function wishedHours(rule: string, text: string, windows: readonly string[], open: boolean, margin = 0): Hours | undefined {
  const read: (readonly [number, number])[] = [];
  for (const window of windows) {
    const bounds = readWindow(window);
    if (bounds === undefined) return undefined;
    read.push(bounds);
  }
  const spans = merge(read);
  const day = open ? spans : complement(spans);
  return { rule, text, week: [day, day, day, day, day, day, day], margin };
}

function spansOf(rule: string, openings: readonly { readonly from: string; readonly to: string }[]): number[] {
  return merge(
    openings.map(({ from, to }) => {
      const bounds = readWindow(`${from}-${to}`);
      // Over midnight is refused here: the morning would belong to another weekday.
      if (bounds === undefined || bounds[0] > bounds[1]) {
        throw new RangeError(`${rule}: openings must be HH:MM to a later HH:MM, got ${from} to ${to}`);
      }
      return bounds;
    }),
  );
}

/**
 * A provision as the gate reads it.
 *
 * @throws RangeError when an opening of the policy data cannot be read.
 */
export function provisionHours(provision: HoursProvision, calendar: HolidayCalendar, margin: number): Hours {
  const { rule, text, openings, onHolidays, zone } = provision;
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    spansOf(
      rule,
      openings.filter((opening) => opening.weekdays.includes(weekday)),
    ),
  );
  return {
    rule,
    text,
    week,
    margin,
    ...(onHolidays === undefined ? {} : { holidays: { spans: spansOf(rule, onHolidays), calendar } }),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** The open spans of an epoch day; undefined where it lies beyond the last year that the calendar knows. */
function spansOn(hours: Hours, day: number, extra: ExtraHolidays): Spans | undefined {
  const { holidays } = hours;
  if (holidays !== undefined) {
    if (day > holidays.calendar.lastDay) return undefined;
    if (holidays.calendar.days.has(day) || extra.has(day)) return holidays.spans;
  }
  return hours.week[weekdayOf(day) - 1];
}

/** Where a span counts as closed: its end, or where it lasts on into the next day the end there, less the margin. */
function closingOf(hours: Hours, day: number, end: number, extra: ExtraHolidays): number {
  if (hours.margin === 0) return end;
  if (end < DAY) return end - hours.margin;
  const next = spansOn(hours, day + 1, extra);
  return next !== undefined && next[0] === 0 ? Math.min(DAY, DAY + (next[1] ?? 0) - hours.margin) : end - hours.margin;
}

/** The first wall time from `wall` on that is open: infinite when there is none, NaN when it may lie beyond the holiday calendar. */
function nextOpening(wall: number, hours: Hours, extra: ExtraHolidays): number {
  const today = Math.floor(wall / DAY);
  // Without holidays every week is like the next.
  const last = today + (hours.holidays === undefined ? 7 : SEARCH_DAYS_MAX);
  for (let day = today; day <= last; day += 1) {
    const spans = spansOn(hours, day, extra);
    if (spans === undefined) return Number.NaN;
    for (let index = 0; index + 1 < spans.length; index += 2) {
      const from = day * DAY + (spans[index] ?? 0);
      const to = day * DAY + closingOf(hours, day, spans[index + 1] ?? 0, extra);
      if (wall < to && from < to) return Math.max(wall, from);
    }
  }
  return Number.POSITIVE_INFINITY;
}

/** Hours by the clock of one zone. */
export interface ZoneHours {
  readonly zone: string;
  readonly rules: readonly Hours[];
}

/** Which rules go by which clock: those with a zone of their own by that, the others by every zone the customer may be in. */
export function byZone(zones: readonly string[], rules: readonly Hours[]): readonly ZoneHours[] {
  const common = rules.filter((rule) => rule.zone === undefined);
  const lines = zones.map((zone) => ({ zone, rules: common }));
  return [...lines, ...rules.flatMap((rule) => (rule.zone === undefined ? [] : [{ zone: rule.zone, rules: [rule] }]))];
}

/** The rules that are closed at an instant, or not known to be open, each once. */
export function closedBy(at: number, lines: readonly ZoneHours[], extra: ExtraHolidays = NONE): readonly Hours[] {
  const closed: Hours[] = [];
  for (const { zone, rules } of lines) {
    const wall = at + offsetAt(at, zone);
    for (const rule of rules) {
      if (nextOpening(wall, rule, extra) !== wall && !closed.includes(rule)) closed.push(rule);
    }
  }
  return closed;
}

/** No later than the first opening of all rules in one zone, and later than `at` unless they are open there; NaN beyond a calendar. */
function towardsOpen(at: number, { zone, rules }: ZoneHours, extra: ExtraHolidays): number {
  const offset = offsetAt(at, zone);
  const until = offsetKeptUntil(at, zone);
  let wall = at + offset;
  for (const rule of rules) {
    wall = nextOpening(wall, rule, extra);
    if (Number.isNaN(wall)) return wall;
    if (wall - offset >= until) return until;
  }
  return wall - offset;
}

/**
 * The first instant from `from` on at which every rule is open by its clock: infinite when there is none, NaN when it may lie beyond a
 * holiday calendar. Works through stretches of constant offset, so that a clock change neither adds an opening nor loses one.
 */
export function firstOpen(from: number, lines: readonly ZoneHours[], extra: ExtraHolidays = NONE): number {
  const end = from + SEARCH_DAYS_MAX * DAY;
  let at = from;
  for (let settled = 0, index = 0; settled < lines.length; index = (index + 1) % lines.length) {
    const line = lines[index];
    if (line === undefined) break;
    const next = towardsOpen(at, line, extra);
    if (Number.isNaN(next)) return Number.NaN;
    settled = next === at ? settled + 1 : 0;
    at = next;
    if (at > end) return Number.POSITIVE_INFINITY;
  }
  return at;
}

/** The holiday calendar that rules go by; one pack has one. */
export function calendarIn(lines: readonly ZoneHours[]): HolidayCalendar | undefined {
  return lines.flatMap((line) => line.rules).find((rule) => rule.holidays !== undefined)?.holidays?.calendar;
}
