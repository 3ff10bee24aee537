import { defineConfig } from 'vitest/config';

/** What needs other people's tools on the machine: the aws command and boto3. Not part of `npm test`. */
export default defineConfig({ test: { include: ['test/outside/**/*.outside.ts'], testTimeout: 300_000, hookTimeout: 120_000 } });
