import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, inject } from 'vitest';
import { buildApplication } from '../../infra/application.ts';
import { local } from '../../infra/config/local.ts';
import { type ConfigInput, parseConfig } from '../../infra/config/schema.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The application under another configuration than `local`, with the code that was bundled for this run. @returns its assembly */
export function configured(change: Partial<ConfigInput['deployment']>, more: Partial<ConfigInput> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-configured-'));
  folders.push(folder);
  const config = parseConfig('test', { ...local, ...more, deployment: { ...local.deployment, ...change } });
  const sources = { bundles: join(dirname(inject('assembly')), 'dist', 'functions'), workflows: join(root, 'workflows') };
  buildApplication(config, sources, { outdir: folder, builtinCloudFormationValidation: false }).synth();
  return folder;
}
