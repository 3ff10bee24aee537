import { defineConfig } from 'vitest/config';

/** A hundred kills take minutes; `npm test` has a share of them. */
export default defineConfig({
  test: {
    include: ['test/durability/**/*.durability.ts'],
    globalSetup: ['test/system/assembly.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
});
