import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../house/sources.ts';

/** Whoever asks a command for its usage, or mistypes an option, is told in a moment and has nothing run. */

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
const OURS = Object.values(scripts).flatMap((script) => /^node (\S+\.ts)$/.exec(script)?.[1] ?? []);
const BESIDE = ['tools/number-lengths.ts', 'tools/test-count.ts'];
const commands = [...OURS, ...BESIDE].map((path) => ({ path }));

function run(path: string, ...options: readonly string[]) {
  return spawnSync(process.execPath, [join(root, path), ...options], { encoding: 'utf8', input: '', timeout: 30_000 });
}

it('are those of the npm scripts, all told', () => {
  expect(OURS.length).toBeGreaterThan(7);
});

describe.each(commands)('$path', ({ path }) => {
  it.each(['--help', '-h'])('shows its usage for %s', (help) => {
    const { status, stdout, stderr } = run(path, help);

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^usage: (npm|node) /);
    expect(stdout.endsWith('\n')).toBe(true);
  });

  it('refuses an option that it does not know, in one line', () => {
    const { status, stdout, stderr } = run(path, '--no-such-option');

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("'--no-such-option'");
    expect(stderr).toContain('--help');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
