import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const limits = { testTimeout: 60_000, hookTimeout: 120_000 };

// What one process has compiled, the next need not: workers, and the commands that tests start, load the CDK and the AWS SDK a hundred times.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url));

/** The system tests share one synthesized application; the others pay nothing for it. */
export default defineConfig({
  test: {
    // A worker a core: by itself vitest leaves one core to the process that only collects results.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...limits,
          name: 'units',
          include: ['test/**/*.test.ts'],
          exclude: ['test/system/**', 'test/outside/**', 'test/domain/**'],
        },
      },
      // The domain is without state: its files need no process each.
      { test: { ...limits, name: 'domain', include: ['test/domain/**/*.test.ts'], isolate: false } },
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
