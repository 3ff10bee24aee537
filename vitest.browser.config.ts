import { defineConfig } from 'vitest/config';

/** The console in a real Chromium, which must be on the machine. Not part of `npm test`. */
export default defineConfig({ test: { include: ['test/browser/**/*.browser.ts'], testTimeout: 30_000, hookTimeout: 60_000 } });
