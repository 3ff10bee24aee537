import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../house/sources.ts';

const run = (...options: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'tools/erase-customer.ts'), ...options], { encoding: 'utf8', timeout: 30_000 });

it.each([
  ['no customer', [], 'a customer must be given'],
  ['a customer that is no id', ['cus 1', '--check', '--aws'], 'a customer must be given'],
  ['neither looking nor erasing', ['cus-1', '--aws'], 'one of --check and --erase'],
  ['both at once', ['cus-1', '--check', '--erase', '--aws'], 'one of --check and --erase'],
  ['no place', ['cus-1', '--check'], 'one of --endpoint and --aws'],
  ['two places', ['cus-1', '--check', '--aws', '--endpoint', 'http://127.0.0.1:1'], 'one of --endpoint and --aws'],
  ['a place that is no address', ['cus-1', '--check', '--endpoint', 'here'], '--endpoint must be an address'],
] as const)('refuses %s before it looks', (_what, given, why) => {
  const { status, stdout, stderr } = run(...given);

  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
});
