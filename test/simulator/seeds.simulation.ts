import { expect, it } from 'vitest';
import { simulate } from './run.ts';

/** `SEEDS=17` meets one run again, `SEEDS=100-200` goes further. */
const [first = 1, last = first] = (process.env.SEEDS ?? '1-20').split('-').map(Number);
const DAYS = Number(process.env.DAYS ?? 60);

it.each(Array.from({ length: last - first + 1 }, (_, index) => first + index))('seed %i breaks no invariant', async (seed) => {
  const { checks } = await simulate(seed, DAYS);
  expect(checks).toBeGreaterThan(3);
});
