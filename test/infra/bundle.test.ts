import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { type BundleFolders, bundleFunctions } from '../../tools/bundle.ts';
import { root } from '../house/sources.ts';
import { temporaryFolder } from './synthesized.ts';

const require = createRequire(import.meta.url);
let folders: BundleFolders;

beforeEach(() => {
  const folder = temporaryFolder();
  folders = { functions: join(folder, 'functions'), dist: join(folder, 'dist') };
});

function write(path: string, source: string): void {
  mkdirSync(join(folders.functions, path, '..'), { recursive: true });
  writeFileSync(join(folders.functions, path), source);
}

it('bundles what has a handler, shared code included, into CommonJS that runs', async () => {
  // Prepare
  write('adapters/words.ts', 'export const word: string = "overdue";');
  write(
    'say-word/handler.ts',
    'import { word } from "../adapters/words.ts"; export async function handler(): Promise<string> { return word; }',
  );
  // Act
  const names = await bundleFunctions(folders);
  // Assess
  expect(names).toEqual(['say-word']);
  const { handler } = require(join(folders.dist, 'functions', 'say-word', 'index.js')) as { handler: () => Promise<string> };
  expect(await handler()).toBe('overdue');
});

it('leaves an error the name it gives itself, by which Step Functions tells it from others', async () => {
  // Prepare
  write(
    'fail/handler.ts',
    "class DecideAgain extends Error { override readonly name = 'DecideAgain'; } export async function handler(): Promise<void> { throw new DecideAgain(); }",
  );
  // Act
  await bundleFunctions(folders);
  // Assess
  const { handler } = require(join(folders.dist, 'functions', 'fail', 'index.js')) as { handler: () => Promise<void> };
  const error: unknown = await handler().catch((thrown: unknown) => thrown);
  expect(error instanceof Error && error.name).toBe('DecideAgain');
});

it('leaves out what writes schemas as JSON Schema, and says so to whoever wants it; schemas check as ever', async () => {
  // Prepare
  const zod = join(root, 'node_modules', 'zod', 'index.js');
  write(
    'check/handler.ts',
    `import * as z from ${JSON.stringify(zod)};
    const schema = z.object({ days: z.int().min(0), notes: z.array(z.string()).optional() });
    export const handler = (input: unknown) => schema.safeParse(input).success;
    export const written = () => schema.toJSONSchema();`,
  );
  // Act
  await bundleFunctions(folders);
  // Assess
  const bundle = require(join(folders.dist, 'functions', 'check', 'index.js')) as {
    handler: (input: unknown) => boolean;
    written: () => unknown;
  };
  expect([{ days: 3, notes: ['a'] }, { days: -1 }, { days: 3, notes: [4] }].map(bundle.handler)).toEqual([true, false, false]);
  expect(bundle.written).toThrow('left out of the bundle');
});

it('leaves the SDK to the runtime and ships no map, but keeps map and sizes beside', async () => {
  // Prepare
  write('call/handler.ts', 'import { SNSClient } from "@aws-sdk/client-sns"; export const handler = () => new SNSClient({});');
  // Act
  await bundleFunctions(folders);
  // Assess
  const bundle = readFileSync(join(folders.dist, 'functions', 'call', 'index.js'), 'utf8');
  expect(bundle).toContain('require("@aws-sdk/client-sns")');
  expect(bundle.length).toBeLessThan(5000);
  expect(existsSync(join(folders.dist, 'functions', 'call', 'index.js.map'))).toBe(false);
  expect(existsSync(join(folders.dist, 'maps', 'call', 'index.js.map'))).toBe(true);
  const { outputs } = JSON.parse(readFileSync(join(folders.dist, 'functions.meta.json'), 'utf8')) as {
    outputs: Record<string, { bytes: number }>;
  };
  expect(Object.keys(outputs).filter((path) => path.endsWith('call/index.js'))).toHaveLength(1);
});

it('forgets a function that is gone', async () => {
  // Prepare
  write('one/handler.ts', 'export const handler = () => 1;');
  write('two/handler.ts', 'export const handler = () => 2;');
  await bundleFunctions(folders);
  rmSync(join(folders.functions, 'one'), { recursive: true });
  // Act
  const names = await bundleFunctions(folders);
  // Assess
  expect(names).toEqual(['two']);
  expect(existsSync(join(folders.dist, 'functions', 'one'))).toBe(false);
});

it('stops at a source that does not compile', async () => {
  // Prepare
  write('broken/handler.ts', 'import { nothing } from "./nowhere.ts"; export const handler = nothing;');
  // Act, Assess
  await expect(bundleFunctions(folders)).rejects.toThrow('nowhere.ts');
});
