import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 60_000, hookTimeout: 120_000 };

/** The system tests share one synthesized application; the others pay nothing for it. */
export default defineConfig({
  test: {
    // A worker a core: by itself vitest leaves one core to the process that only collects results.
    maxWorkers: '100%',
    projects: [
      { test: { ...limits, name: 'units', include: ['test/**/*.test.ts'], exclude: ['test/system/**', 'test/outside/**'] } },
      {
        test: {
          ...limits,
          testTimeout: 240_000,
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          globalSetup: ['test/system/assembly.ts'],
        },
      },
    ],
  },
});
