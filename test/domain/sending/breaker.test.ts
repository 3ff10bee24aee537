import { expect, it } from 'vitest';
import { afterFailure, FAILURE_WINDOW_MILLIS, tripped } from '../../../domain/sending/breaker.ts';

const NOW = Date.parse('2026-03-02T01:30:00Z');

it('a breaker that trips again and again stays open for longer, up to half an hour', () => {
  const minutes = [];
  for (let breaker = tripped(undefined, NOW); breaker.trips <= 7; breaker = tripped(breaker, NOW))
    minutes.push((breaker.until - NOW) / 60_000);
  expect(minutes).toEqual([1, 2, 4, 8, 16, 30, 30]);
});

it('failures count while they follow each other, and begin anew after a pause', () => {
  // Act
  const second = afterFailure(afterFailure(undefined, NOW), NOW + FAILURE_WINDOW_MILLIS);
  const muchLater = afterFailure(second, NOW + 2 * FAILURE_WINDOW_MILLIS + 1);
  // Assess
  expect(second.count).toBe(2);
  expect(muchLater.count).toBe(1);
});
