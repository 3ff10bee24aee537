import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../../local/kernel/errors.ts';
import { parseSchedule } from '../../../local/services/events/schedule.ts';
import { WallClock } from '../../../local/services/events/wall-clock.ts';

/** After Monday, 2 March 2026, 01:00 UTC; https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
const AFTER = Date.UTC(2026, 2, 2, 1);

describe('schedule expressions', () => {
  it.each([
    { text: 'rate(1 minute)', next: '2026-03-02T01:01:00.000Z' },
    { text: 'rate(12 hours)', next: '2026-03-02T13:00:00.000Z' },
    { text: 'rate(7 days)', next: '2026-03-09T01:00:00.000Z' },
    { text: 'cron(0 10 * * ? *)', next: '2026-03-02T10:00:00.000Z' },
    { text: 'cron(0/15 * * * ? *)', next: '2026-03-02T01:15:00.000Z' },
    { text: 'cron(0 8 1 * ? *)', next: '2026-04-01T08:00:00.000Z' },
    { text: 'cron(0 18 ? * MON-FRI *)', next: '2026-03-02T18:00:00.000Z' },
    { text: 'cron(0 18 ? * 1 *)', next: '2026-03-08T18:00:00.000Z', why: '1 is Sunday' },
    { text: 'cron(0 18 ? * 7 *)', next: '2026-03-07T18:00:00.000Z', why: '7 is Saturday' },
    { text: 'cron(0 18 ? * 2-6 *)', next: '2026-03-02T18:00:00.000Z', why: '2-6 are the working days' },
    { text: 'cron(0 9 ? * 2#2 *)', next: '2026-03-09T09:00:00.000Z', why: 'the second Monday' },
    { text: 'cron(0 9 ? * 6L *)', next: '2026-03-27T09:00:00.000Z', why: 'the last Friday' },
    { text: 'cron(0 9 L * ? *)', next: '2026-03-31T09:00:00.000Z', why: 'the last day of the month' },
    { text: 'cron(0 9 1 1 ? 2028)', next: '2028-01-01T09:00:00.000Z' },
    { text: 'cron(0 9 ? * L *)', next: '2026-03-07T09:00:00.000Z', why: 'the last day of the week' },
    { text: 'cron(0 9 ? * FRIL *)', next: '2026-03-27T09:00:00.000Z', why: 'the last Friday, by its name' },
    { text: 'cron(0 9 ? * MON#2 *)', next: '2026-03-09T09:00:00.000Z', why: 'the second Monday, by its name' },
    { text: 'cron(0 9 3W * ? *)', next: '2026-03-03T09:00:00.000Z' },
    { text: 'cron(0 9 15W * ? *)', next: '2026-03-16T09:00:00.000Z', why: 'the 15th is a Sunday' },
    { text: 'cron(0 9 LW * ? *)', next: '2026-03-31T09:00:00.000Z', why: 'the last weekday' },
    { text: 'cron(0 9 1/5 * ? *)', next: '2026-03-06T09:00:00.000Z', why: 'the 1st, the 6th, …' },
    { text: 'cron(5/10 8-17 ? * TUE,THU *)', next: '2026-03-03T08:05:00.000Z' },
    { text: 'cron(0 9 1 APR-JUN,DEC ? *)', next: '2026-04-01T09:00:00.000Z' },
    { text: 'cron(0 0 29 2 ? *)', next: '2028-02-29T00:00:00.000Z' },
    { text: 'cron(0 9 1 1 ? 2027-2029)', next: '2027-01-01T09:00:00.000Z' },
    { text: 'at(2026-03-05T08:00:00)', next: '2026-03-05T08:00:00.000Z' },
  ])('$text', ({ text, next }) => {
    expect(new Date(parseSchedule(text).next(AFTER)).toISOString()).toBe(next);
  });

  it('reads clock times in the time zone given', () => {
    expect(new Date(parseSchedule('cron(0 9 * * ? *)', 'Asia/Shanghai').next(AFTER)).toISOString()).toBe('2026-03-03T01:00:00.000Z');
    expect(new Date(parseSchedule('at(2026-03-05T09:00:00)', 'Asia/Shanghai').next(AFTER)).toISOString()).toBe('2026-03-05T01:00:00.000Z');
  });

  /** In New York clocks are put forward at 2:00 on 8 March 2026, and back at 2:00 on 1 November. */
  it.each([
    {
      what: 'leaves out a time that does not come in spring',
      text: 'cron(30 2 * * ? *)',
      after: '2026-03-07T00:00:00Z',
      runs: ['2026-03-07T07:30:00.000Z', '2026-03-09T06:30:00.000Z'],
    },
    {
      what: 'runs once at a time that comes twice in autumn',
      text: 'cron(30 1 * * ? *)',
      after: '2026-10-31T12:00:00Z',
      runs: ['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
    },
    {
      what: 'does not repeat an hour in autumn',
      text: 'cron(0/30 * * * ? *)',
      after: '2026-11-01T05:00:00Z',
      runs: ['2026-11-01T05:30:00.000Z', '2026-11-01T07:00:00.000Z'],
    },
    {
      what: 'goes on from the second time round',
      text: 'cron(45 1 * * ? *)',
      after: '2026-11-01T06:10:00Z',
      runs: ['2026-11-02T06:45:00.000Z'],
    },
    {
      what: 'goes on with the hours that there are in spring',
      text: 'cron(0 * * * ? *)',
      after: '2026-03-08T05:30:00Z',
      runs: ['2026-03-08T06:00:00.000Z', '2026-03-08T07:00:00.000Z', '2026-03-08T08:00:00.000Z'],
    },
  ])('where clocks are put forward and back, $what', ({ text, after, runs }) => {
    const expression = parseSchedule(text, 'America/New_York');
    let at = Date.parse(after);
    expect(
      runs.map(() => {
        at = expression.next(at);
        return new Date(at).toISOString();
      }),
    ).toEqual(runs);
  });

  it('takes the first of two instants, and none that does not come', () => {
    const next = (text: string) => new Date(parseSchedule(text, 'America/New_York').next(AFTER)).toISOString();
    expect(next('at(2026-11-01T01:30:00)')).toBe('2026-11-01T05:30:00.000Z');
    expect(() => next('at(2026-03-08T02:30:00)')).toThrow('names no instant');
    expect(() => parseSchedule('cron(0 9 * * ? *)', 'Europe/Nowhere')).toThrow('is no time zone');
  });

  it('agrees with the clocks of any zone', () => {
    const zones = ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Pacific/Apia', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Casablanca'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 4e9 }), (zone, seconds) => {
        const walls = new WallClock(zone);
        const wall = walls.wallOf(seconds * 1000);
        const instant = walls.instantOf(wall) ?? Number.NaN;
        expect(walls.wallOf(instant)).toBe(wall);
        expect(instant).toBeLessThanOrEqual(seconds * 1000);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('answers no run after the last one', () => {
    expect(parseSchedule('at(2020-01-01T00:00:00)').next(AFTER)).toBe(Number.POSITIVE_INFINITY);
    expect(parseSchedule('cron(0 0 1 1 ? 2020)').next(AFTER)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    'rate(1 minutes)',
    'rate(0 hours)',
    'rate(5 weeks)',
    'cron(0 10 * * *)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(99 0 * * ? *)',
    'every day',
    'at(tomorrow)',
    'at(2026-02-31T00:00:00)',
    'cron(0 9 ? * 2#1,6#3 *)',
    'cron(0 9 1 1 ? 1969)',
    'cron(0 9 1 1 ? 2200)',
    'cron(0 9 32 * ? *)',
    'cron(0 25 * * ? *)',
    'cron(0 9 ? * 8 *)',
    'cron(0 9 ? 13 MON *)',
  ])('refuses %s', (text) => {
    expect(() => parseSchedule(text)).toThrow(UnsupportedError);
  });
});
