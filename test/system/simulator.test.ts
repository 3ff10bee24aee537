import { describe, expect, it } from 'vitest';
import { simulate } from '../simulator/run.ts';

/** A share of what `npm run test:simulation` does: a few weeks of a few seeds. */
describe('a bank, its people and what goes wrong, as chance has them', () => {
  it.each([1, 2, 3])('break no invariant, by seed %i', async (seed) => {
    const { acts, checks } = await simulate(seed, 20);
    expect(acts).toBeGreaterThan(50);
    expect(checks).toBeGreaterThan(2);
  });

  it('do the same again by the same seed, and other things by another', async () => {
    const [first, again, other] = [await simulate(4, 5), await simulate(4, 5), await simulate(5, 5)];
    expect(again).toEqual(first);
    expect(other.digest).not.toBe(first.digest);
  });
});
