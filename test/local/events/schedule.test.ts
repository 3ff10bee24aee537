import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../../local/kernel/errors.ts';
import { parseSchedule } from '../../../local/services/events/schedule.ts';

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
    { text: 'at(2026-03-05T08:00:00)', next: '2026-03-05T08:00:00.000Z' },
  ])('$text', ({ text, next }) => {
    expect(new Date(parseSchedule(text).next(AFTER)).toISOString()).toBe(next);
  });

  it('reads clock times in the time zone given', () => {
    expect(new Date(parseSchedule('cron(0 9 * * ? *)', 'Asia/Shanghai').next(AFTER)).toISOString()).toBe('2026-03-03T01:00:00.000Z');
    expect(new Date(parseSchedule('at(2026-03-05T09:00:00)', 'Asia/Shanghai').next(AFTER)).toISOString()).toBe('2026-03-05T01:00:00.000Z');
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
  ])('refuses %s', (text) => {
    expect(() => parseSchedule(text)).toThrow(UnsupportedError);
  });
});
