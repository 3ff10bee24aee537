import { expect, it } from 'vitest';
import { surviveKills } from './kills.ts';

/** Two books of accounts, killed in turn by other chances: what one seed never meets, the other may. */
it.each([2, 3])(
  'fifty times kill -9, by seed %i: nothing that was answered is lost, and every invariant holds after each',
  async (seed) => {
    const survived = await surviveKills(50, seed);
    expect(survived.kills).toBeGreaterThanOrEqual(50);
    expect(survived.promised).toBeGreaterThanOrEqual(250);
    expect(survived.crashes).toBeGreaterThan(5);
  },
);
