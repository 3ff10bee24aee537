import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import * as calendar from '../../../domain/calendar.ts';

const utc = (text: string): number => Date.parse(text);

describe('instants', () => {
  it.each([
    '2026-03-02T01:30:00Z',
    '2000-02-29T23:59:59.999Z',
    '1969-12-31T23:59:59.5Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-03-02T01:30Z',
  ])('reads %s as Date does', (text) => {
    expect(calendar.toMillis(text)).toBe(Date.parse(text));
  });

  it.each([
    '',
    '2026-03-02',
    '2026-03-02T01:30:00',
    '2026-03-02T01:30:00+08:00',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T23:60:00Z',
    '2026-03-02T23:59:60Z',
    '2026-03-02T23:59:59.Z',
    '2026-03-02T23:59:5Z',
    '2026-03-02T23Z',
    '2026-03-02t01:30:00z',
    '2026-03-02T01:30:00ZZ',
    '2026/03/02T01:30:00Z',
    '+02026-3-02T01:30:00Z',
  ])('refuses %j', (text) => {
    expect(() => calendar.toMillis(text)).toThrow(RangeError);
  });

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.integer({ min: utc('0001-01-01T00:00:00Z'), max: utc('9999-12-31T23:59:59Z') }), (at) => {
        expect(calendar.toMillis(calendar.toInstant(at))).toBe(at);
        expect(calendar.toMillis(new Date(at).toISOString())).toBe(at);
      }),
    );
  });

  it('drops digits below the millisecond', () => {
    expect(calendar.toMillis('2026-03-02T01:30:00.1239999999999Z')).toBe(utc('2026-03-02T01:30:00.123Z'));
  });
});

describe('dates', () => {
  const dates = fc.integer({ min: -100_000, max: 1_000_000 }).map((day) => new Date(day * calendar.DAY).toISOString().slice(0, 10));

  it('counts days as Temporal does', () => {
    fc.assert(
      fc.property(dates, dates, fc.integer({ min: -5000, max: 5000 }), (from, to, days) => {
        const start = Temporal.PlainDate.from(from);

        expect(calendar.daysBetween(from, to)).toBe(start.until(Temporal.PlainDate.from(to)).days);
        expect(calendar.addDays(from, days)).toBe(start.add({ days }).toString());
        expect(calendar.weekday(from)).toBe(start.dayOfWeek);
        expect(calendar.isWeekend(from)).toBe(start.dayOfWeek > 5);
        expect(calendar.epochDay(from) * calendar.DAY).toBe(Date.parse(from));
      }),
    );
  });

  it.each(['2026-02-29', '2026-4-1', '2026-04-01T00:00:00Z', 'today', ''])('refuses %j', (text) => {
    expect(() => calendar.addDays(text, 1)).toThrow(RangeError);
    expect(() => calendar.daysBetween('2026-01-01', text)).toThrow(RangeError);
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2027-11-30', 3, '2028-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
  ])('%s and %i months is %s', (date, months, expected) => {
    expect(calendar.addMonths(date, months)).toBe(expected);
  });

  it.each([
    ['2026-04-10', 1, '2026-04-13'],
    ['2026-04-11', 1, '2026-04-13'],
    ['2026-04-10', 5, '2026-04-17'],
    ['2026-04-10', 0, '2026-04-10'],
  ])('%s and %i business days is %s', (date, days, expected) => {
    expect(calendar.addBusinessDays(date, days)).toBe(expected);
  });
});

// Half and three-quarter hours, a change of half an hour, changes at and over midnight, one at one minute past it, a skipped date.
const ZONES = [
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
  'America/New_York',
  'Europe/London',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'Africa/Casablanca',
  'America/Goose_Bay',
  'America/St_Johns',
  'Pacific/Apia',
  'Antarctica/Troll',
  'America/Sao_Paulo',
  'UTC',
] as const;

const from = utc('1975-01-01T00:00:00Z');
const to = utc('2045-01-01T00:00:00Z');
const anyTime = fc.integer({ min: from / 1000, max: to / 1000 }).map((seconds) => seconds * 1000);
const zones = fc.constantFrom(...ZONES);

function changeAfter(at: number, zone: string): number | undefined {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).getTimeZoneTransition('next')?.epochMilliseconds;
}

/** An instant in a zone, often within hours of one of its clock changes. */
const placed = fc.oneof(
  fc.tuple(anyTime, zones),
  fc
    .tuple(anyTime, zones, fc.integer({ min: -26 * 3600, max: 26 * 3600 }))
    .map(([at, zone, seconds]) => [(changeAfter(at, zone) ?? at) + seconds * 1000, zone] as const),
  fc
    .tuple(anyTime, zones, fc.integer({ min: -2, max: 2 }))
    .map(([at, zone, millis]) => [(changeAfter(at, zone) ?? at) + millis, zone] as const),
);

describe('local time', () => {
  it('is what Temporal says it is', () => {
    fc.assert(
      fc.property(placed, ([at, zone]) => {
        const there = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);

        expect(calendar.offsetAt(at, zone)).toBe(there.offsetNanoseconds / 1e6);
        expect(calendar.localDate(at, zone)).toBe(there.toPlainDate().toString());
        expect(calendar.localMinutes(at, zone)).toBe(there.hour * 60 + there.minute);
      }),
      { numRuns: 1500 },
    );
  });

  it('keeps its offset until the instant it names, and no longer than a day', () => {
    fc.assert(
      fc.property(placed, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ([at, zone], share) => {
        const until = calendar.offsetKeptUntil(at, zone);
        const between = Math.min(until - 1, Math.floor(at + (until - at) * share));

        expect(until).toBeGreaterThan(at);
        expect(until - at).toBeLessThanOrEqual(calendar.DAY);
        expect(calendar.offsetAt(between, zone)).toBe(calendar.offsetAt(at, zone));
      }),
      { numRuns: 1500 },
    );
  });

  it('no zone changes its clock twice within a day, which the calendar relies on', () => {
    for (const zone of ZONES) {
      let last = Number.NEGATIVE_INFINITY;
      for (let at = changeAfter(from, zone); at !== undefined && at < to; at = changeAfter(at, zone)) {
        expect(at - last).toBeGreaterThan(calendar.DAY);
        last = at;
      }
    }
  });
});

describe('the instant of a wall time', () => {
  /** The wall clock as one number: what it shows, read as if it ran in UTC. */
  const wallOf = (at: number, zone: string): number => at + calendar.offsetAt(at, zone);

  it('is the first at which the clock shows it or has passed it', () => {
    fc.assert(
      fc.property(placed, fc.integer({ min: 0, max: 1439 }), ([near, zone], minutes) => {
        const date = calendar.localDate(near, zone);
        const wall = calendar.epochDay(date) * calendar.DAY + minutes * 60_000;
        const at = calendar.instantAt(date, minutes, zone);

        expect(wallOf(at, zone)).toBeGreaterThanOrEqual(wall);
        for (const before of [1, 1000, 1_800_000, 3_600_000, 7_200_000]) expect(wallOf(at - before, zone)).toBeLessThan(wall);
      }),
      { numRuns: 1500 },
    );
  });

  it('is what Temporal says where the wall time exists', () => {
    fc.assert(
      fc.property(placed, ([at, zone]) => {
        const minute = Temporal.Instant.fromEpochMilliseconds(at)
          .toZonedDateTimeISO(zone)
          .toPlainDateTime()
          .round({ smallestUnit: 'minute' });
        fc.pre(minute.toZonedDateTime(zone).toPlainDateTime().equals(minute));

        expect(calendar.instantAt(minute.toPlainDate().toString(), minute.hour * 60 + minute.minute, zone)).toBe(
          minute.toZonedDateTime(zone).epochMilliseconds,
        );
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['a plain day', '2026-04-15', 540, 'Asia/Shanghai', '2026-04-15T01:00:00Z'],
    ['three quarters of an hour', '2026-04-15', 480, 'Asia/Kathmandu', '2026-04-15T02:15:00Z'],
    ['in a gap: its end', '2026-03-08', 150, 'America/New_York', '2026-03-08T07:00:00Z'],
    ['in a gap of half an hour', '2026-10-04', 130, 'Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
    ['twice: the earlier', '2026-11-01', 90, 'America/New_York', '2026-11-01T05:30:00Z'],
    ['24:00 is the next midnight', '2026-04-15', 1440, 'Asia/Shanghai', '2026-04-15T16:00:00Z'],
    ['on a skipped date: the next', '2011-12-30', 720, 'Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['before a change at one past midnight', '2005-04-03', 1, 'America/Goose_Bay', '2005-04-03T04:01:00Z'],
  ])('%s', (_, date, minutes, zone, expected) => {
    expect(calendar.toInstant(calendar.instantAt(date, minutes, zone))).toBe(expected);
  });

  it.each([
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00Z'],
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z'],
    ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00Z'],
  ])('%s in %s, when the clock changes at midnight, begins at %s', (date, zone, expected) => {
    expect(calendar.toInstant(calendar.startOfDay(date, zone))).toBe(expected);
    expect(calendar.localDate(utc(expected), zone)).toBe(date);
    expect(calendar.localDate(utc(expected) - 1, zone)).toBe(calendar.addDays(date, -1));
    expect(calendar.startOfEpochDay(calendar.epochDay(date), zone)).toBe(utc(expected));
  });
});

describe('zone names', () => {
  it.each(['Asia/Shanghai', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is one', (zone) => {
    expect(calendar.isTimeZone(zone)).toBe(true);
  });

  it.each(['', 'Mars/Olympus', '+08:00', '2020-01-01T00:00Z[Asia/Shanghai]'])('%j is none', (zone) => {
    expect(calendar.isTimeZone(zone)).toBe(false);
  });
});
