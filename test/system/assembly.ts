import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildApplication } from '../../infra/application.ts';
import { loadConfig } from '../../infra/config/index.ts';
import { bundleFunctions } from '../../tools/bundle.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The directory of the synthesized application. */
    assembly: string;
  }
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Bundles and synthesizes the application once for all system tests of a run, into a folder that is gone afterwards. */
export default async function assemble(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-system-'));
  await bundleFunctions({ functions: join(root, 'functions'), dist: join(folder, 'dist') });
  const sources = { bundles: join(folder, 'dist', 'functions'), workflows: join(root, 'workflows') };
  const assembly = join(folder, 'assembly');
  buildApplication(loadConfig('local'), sources, { outdir: assembly, builtinCloudFormationValidation: false }).synth();
  project.provide('assembly', assembly);
  return () => rmSync(folder, { recursive: true, force: true });
}
