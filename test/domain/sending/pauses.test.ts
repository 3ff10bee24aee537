import { describe, expect, it } from 'vitest';
import { askAgain, comeBack, deliverableUntil, retryAfter } from '../../../domain/sending/pauses.ts';

const NOW = Date.parse('2026-03-02T01:30:20Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a message that its provider was too busy to take', () => {
  it('goes again after longer and longer pauses, and has failed in the end', () => {
    const pauses = [0, 1, 2, 3, 4].map((deferrals) => retryAfter('case-1-reminder_1', deferrals, NOW));
    const bounds = [1, 5, 15, 60].map((minutes) => minutes * MINUTE);
    for (const [index, bound] of bounds.entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(NOW + bound);
      expect(pauses[index]).toBeLessThanOrEqual(NOW + 1.5 * bound);
    }
    expect(pauses[4]).toBeUndefined();
  });

  it('does not come back together with the others, and always at the same time', () => {
    const times = Array.from({ length: 100 }, (_, index) => retryAfter(`case-${index}-reminder_1`, 0, NOW));
    expect(new Set(times).size).toBeGreaterThan(90);
    expect(retryAfter('case-7-reminder_1', 0, NOW)).toBe(times[7]);
  });
});

it('what waits for its channel comes back after the way is free, within the time given', () => {
  const times = Array.from({ length: 100 }, (_, index) => comeBack(`case-${index}-reminder_1`, NOW, 10 * MINUTE) - NOW);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(1000);
  expect(Math.max(...times)).toBeLessThanOrEqual(1000 + 10 * MINUTE);
  expect(new Set(times).size).toBeGreaterThan(90);
});

describe('a message that is due and finds no way', () => {
  /** When it asks on a day of 24 hours without a place, and what its execution remembers of each time. */
  const EVENTS_A_TURN = 18;

  function asks(contactId: string, until = NOW + 24 * HOUR): number[] {
    const times: number[] = [];
    for (let at = NOW; at < until; at = askAgain(contactId, NOW, at)) times.push(at);
    return times;
  }

  it('asks often at first, then every quarter to half of an hour', () => {
    const times = asks('case-1-reminder_1');
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(pauses[0]).toBeLessThanOrEqual(30_000);
    expect(pauses.findIndex((pause) => pause >= 15 * MINUTE)).toBeLessThan(8);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30 * MINUTE);
  });

  it('costs its execution fewer than 2,000 events a day, however unlucky it is', () => {
    const most = Math.max(...Array.from({ length: 200 }, (_, index) => asks(`case-${index}-reminder_1`).length));
    expect(most * EVENTS_A_TURN).toBeLessThan(2000);
    // The shortest pause each time: twice as long as before up to a quarter of an hour.
    let shortest = 0;
    for (let waited = 0; waited < 24 * HOUR; waited += Math.min(Math.max(waited, 15_000), 15 * MINUTE)) shortest += 1;
    expect(shortest * EVENTS_A_TURN).toBeLessThan(2000);
  });

  it('asks at other times than those that wait as long', () => {
    const times = Array.from({ length: 100 }, (_, index) => askAgain(`case-${index}-reminder_1`, NOW, NOW + MINUTE));
    expect(new Set(times).size).toBeGreaterThan(90);
    expect(askAgain('case-7-reminder_1', NOW, NOW + MINUTE)).toBe(times[7]);
  });
});

describe('until when a gateway may deliver', () => {
  it('is the last second before the contact would be forbidden', () => {
    const closes = Date.parse('2026-03-02T02:15:00Z');
    expect(deliverableUntil('push', NOW, (at) => at < closes)).toBe(closes - 1000);
  });

  it('ends before the first gap, though it would be allowed again after it', () => {
    const gap = Date.parse('2026-03-02T01:45:00Z');
    expect(deliverableUntil('push', NOW, (at) => at !== gap)).toBe(gap - 1000);
  });

  it('is some hours where nothing forbids it, and a day for a letter', () => {
    expect(deliverableUntil('sms', NOW, () => true)).toBe(NOW + 4 * HOUR);
    expect(deliverableUntil('post', NOW, () => true)).toBe(NOW + 24 * HOUR);
  });

  it('is never before now', () => {
    const lastSecond = Date.parse('2026-03-02T01:30:59.900Z');
    expect(deliverableUntil('sms', lastSecond, () => false)).toBe(lastSecond);
  });
});
