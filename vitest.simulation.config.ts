import { defineConfig } from 'vitest/config';

/** Months under chance take minutes; `npm test` has a few weeks of them. */
export default defineConfig({
  test: {
    include: ['test/simulator/**/*.simulation.ts'],
    globalSetup: ['test/system/assembly.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
});
