import { expect, it } from 'vitest';
import { surviveKills } from '../durability/kills.ts';

/** A share of what `npm run test:durability` does a hundred times. */
it('no kill -9 loses what was answered, nor breaks an invariant', async () => {
  const { promised } = await surviveKills(5, 1);
  expect(promised).toBeGreaterThan(20);
});
