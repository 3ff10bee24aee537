import { DAY, offsetAt, offsetKeptUntil, weekdayOf } from '../calendar.ts';
import type { HoursProvision } from '../policy/packs/pack.ts';

/** Open spans of each weekday (index 0 is Monday) as `[start, end, start, end, …]`, milliseconds of the wall clock, ascending, half-open. */
type Week = readonly (readonly number[])[];

/** One rule about the time of day. */
export interface Hours {
  readonly rule: string;
  readonly text: string;
  readonly week: Week;
}

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

function complement(spans: readonly number[]): number[] {
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
export function wishedHours(rule: string, text: string, windows: readonly string[], open: boolean): Hours | undefined {
  const read: (readonly [number, number])[] = [];
  for (const window of windows) {
    const bounds = readWindow(window);
    if (bounds === undefined) return undefined;
    read.push(bounds);
  }
  const spans = merge(read);
  const day = open ? spans : complement(spans);
  return { rule, text, week: [day, day, day, day, day, day, day] };
}

/** @throws RangeError when an opening of the policy data cannot be read. */
export function provisionHours(provision: HoursProvision): Hours {
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    merge(
      provision.openings
        .filter((opening) => opening.weekdays.includes(weekday))
        .map((opening) => {
          const bounds = readWindow(`${opening.from}-${opening.to}`);
          // Over midnight is refused here: the morning would belong to another weekday.
          if (bounds === undefined || bounds[0] > bounds[1]) {
            throw new RangeError(`${provision.rule}: openings must be HH:MM to a later HH:MM, got ${opening.from} to ${opening.to}`);
          }
          return bounds;
        }),
    ),
  );
  return { rule: provision.rule, text: provision.text, week };
}

/** The first wall time from `wall` on that lies in a span; infinite when the week has none. */
function nextInWeek(wall: number, week: Week): number {
  const today = Math.floor(wall / DAY);
  for (let day = today; day <= today + 7; day += 1) {
    const spans = week[weekdayOf(day) - 1] ?? [];
    for (let index = 0; index + 1 < spans.length; index += 2) {
      const from = day * DAY + (spans[index] ?? 0);
      const to = day * DAY + (spans[index + 1] ?? 0);
      if (wall < to) return Math.max(wall, from);
    }
  }
  return Number.POSITIVE_INFINITY;
}

/** The first rule that is closed at an instant in one of the zones; undefined when all are open. */
export function closedBy(at: number, zones: readonly string[], rules: readonly Hours[]): Hours | undefined {
  for (const rule of rules) {
    for (const zone of zones) {
      const wall = at + offsetAt(at, zone);
      if (nextInWeek(wall, rule.week) !== wall) return rule;
    }
  }
  return undefined;
}

/** No later than the first opening of all rules in one zone, and later than `at` unless they are open there. */
function towardsOpen(at: number, zone: string, rules: readonly Hours[]): number {
  const offset = offsetAt(at, zone);
  const until = offsetKeptUntil(at, zone);
  let wall = at + offset;
  for (const { week } of rules) {
    wall = nextInWeek(wall, week);
    if (wall - offset >= until) return until;
  }
  return wall - offset;
}

/**
 * The first instant from `from` on at which every rule is open in every zone by that zone's wall clock; undefined when there is none.
 * Works through stretches of constant offset, so that a clock change neither adds an opening nor loses one.
 */
export function firstOpen(from: number, zones: readonly string[], rules: readonly Hours[]): number | undefined {
  const end = from + SEARCH_DAYS_MAX * DAY;
  let at = from;
  for (let settled = 0, index = 0; settled < zones.length; index = (index + 1) % zones.length) {
    const next = towardsOpen(at, zones[index] ?? '', rules);
    settled = next === at ? settled + 1 : 0;
    at = next;
    if (at > end) return undefined;
  }
  return at;
}
