import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './sources.ts';

/** The layers' borders are lint rules (biome.json). Here the rules are tried: one planted file each, in a folder of its own. */

const PLANTED = [
  { path: 'domain/a.ts', line: "export { a } from '../functions/protocol/commit.ts';", rule: 'noRestrictedImports' },
  { path: 'domain/deep/b.ts', line: "export { a } from '../../infra/names.ts';", rule: 'noRestrictedImports' },
  { path: 'domain/c.ts', line: "export { a } from '@aws-sdk/client-dynamodb';", rule: 'noRestrictedImports' },
  { path: 'domain/d.ts', line: "export { readFileSync } from 'node:fs';", rule: 'noRestrictedImports' },
  { path: 'domain/numbers.ts', line: "export { isPossiblePhoneNumber } from 'libphonenumber-js/min';", rule: 'noRestrictedImports' },
  { path: 'domain/e.ts', line: 'export const zone = process.env.TZ;', rule: 'noRestrictedGlobals' },
  { path: 'domain/f.ts', line: 'export const id = crypto.randomUUID();', rule: 'noRestrictedGlobals' },
  { path: 'domain/right.ts', line: "export { createHash } from 'node:crypto';\nexport { a } from './a.ts';", rule: undefined },
  { path: 'functions/do-it/a.ts', line: "export { a } from '../../infra/names.ts';", rule: 'noRestrictedImports' },
  { path: 'functions/do-it/b.ts', line: "export { a } from '../../local/kernel/kernel.ts';", rule: 'noRestrictedImports' },
  { path: 'functions/do-it/c.ts', line: 'export const zone = process.env.TZ;', rule: 'noRestrictedGlobals' },
  { path: 'functions/adapters/environment.ts', line: 'export const zone = process.env.TZ;', rule: undefined },
  { path: 'functions/do-it/right.ts', line: "export { a } from '../../domain/model.ts';", rule: undefined },
  { path: 'local/a.ts', line: "export { a } from '../domain/model.ts';", rule: 'noRestrictedImports' },
  { path: 'local/services/b.ts', line: "export { a } from '../../infra/app.ts';", rule: 'noRestrictedImports' },
  { path: 'local/services/c.ts', line: "export { a } from '../../workflows/call.asl.json';", rule: 'noRestrictedImports' },
  { path: 'local/services/d.ts', line: 'export const zone = process.env.TZ;', rule: 'noProcessEnv' },
  { path: 'infra/a.ts', line: "export { a } from '../functions/protocol/commit.ts';", rule: 'noRestrictedImports' },
  { path: 'infra/b.ts', line: "export { a } from '../domain/model.ts';", rule: 'noRestrictedImports' },
  { path: 'infra/right.ts', line: "export { a } from '../functions/contract/deployment.ts';", rule: undefined },
  { path: 'infra/scopes.ts', line: "export { a } from '../functions/contract/scopes.ts';", rule: undefined },
  { path: 'audit/a.ts', line: "export { a } from '../domain/gate/gate.ts';", rule: 'noRestrictedImports' },
  { path: 'audit/b.ts', line: "export { a } from '../domain/policy/packs/registry.ts';", rule: 'noRestrictedImports' },
  { path: 'audit/c.ts', line: "export { a } from '../functions/protocol/keys.ts';", rule: 'noRestrictedImports' },
  { path: 'audit/d.ts', line: "export { Temporal } from 'temporal-polyfill';", rule: 'noRestrictedImports' },
  { path: 'audit/right.ts', line: "export { ScanCommand } from '@aws-sdk/client-dynamodb';\nexport { e } from './e.ts';", rule: undefined },
  { path: 'demo/a.ts', line: "export { a } from '../domain/model.ts';", rule: 'noRestrictedImports' },
  { path: 'demo/b.ts', line: "export { a } from '../functions/contract/turn.ts';", rule: 'noRestrictedImports' },
  { path: 'demo/right.ts', line: "export { a } from '../local/cloud.ts';", rule: undefined },
];

const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-borders-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Finding {
  readonly category: string;
  readonly location: { readonly path: string };
}

/** Lints the planted files with the repository's own rules; Biome ends with an error because it finds some. */
function lint(): Finding[] {
  for (const name of ['biome.json', '.gitignore']) cpSync(join(root, name), join(folder, name));
  for (const { path, line } of PLANTED) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${line}\n`);
  }
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  try {
    execFileSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=200', '.'], { cwd: folder, stdio: 'pipe' });
  } catch (error) {
    return (JSON.parse(String((error as { stdout: Buffer }).stdout)) as { diagnostics: Finding[] }).diagnostics;
  }
  return [];
}

describe('a border between layers', () => {
  const findings = lint();

  it.each(PLANTED)('$path: $line is found by $rule', ({ path, rule }) => {
    const rules = findings.filter(({ location }) => location.path === path).map(({ category }) => category.split('/').at(-1));
    expect(rules).toEqual(rule === undefined ? [] : [rule]);
  });
});
