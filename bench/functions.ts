import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCloud } from '../local/cloud.ts';
import { repositoryFolders } from '../tools/bundle.ts';
import type { Row } from './table.ts';

const BUNDLE_KILOBYTES_MAX = 400;
const IMPORTS = 5;

/** The functions as they ship: size of each bundle, and how long a fresh process takes to import it. */
export async function functionRows(assembly: string): Promise<Row[]> {
  const startedAt = performance.now();
  const cloud = await startCloud({ assembly, start: '2026-01-01T00:00:00Z' });
  const startup = performance.now() - startedAt;
  const { Functions } = await cloud.call<{
    Functions: readonly { FunctionName: string; Environment: { Variables: Record<string, string> } }[];
  }>('lambda', 'ListFunctions', {});
  await cloud.close();
  const environments = new Map(Functions.map(({ FunctionName, Environment }) => [FunctionName, Environment.Variables]));
  return [
    { what: 'embedded cloud: start-up, s', measured: (startup / 1000).toFixed(2), aim: '< 2' },
    ...bundles().flatMap(({ name, bytes }): Row[] => [
      { what: `${name}: bundle, KB`, measured: (bytes / 1024).toFixed(0), aim: `< ${BUNDLE_KILOBYTES_MAX}` },
      { what: '  cold import, ms', measured: importMilliseconds(name, environmentOf(environments, name)).toFixed(0), aim: '< 300' },
    ]),
  ];
}

function bundles(): { name: string; bytes: number }[] {
  const meta = JSON.parse(readFileSync(join(repositoryFolders.dist, 'functions.meta.json'), 'utf8')) as {
    readonly outputs: Readonly<Record<string, { readonly bytes: number }>>;
  };
  return Object.entries(meta.outputs)
    .filter(([path]) => path.endsWith('.js'))
    .map(([path, { bytes }]) => ({ name: path.split('/').at(-2) ?? path, bytes }));
}

function environmentOf(environments: ReadonlyMap<string, Record<string, string>>, name: string): Record<string, string> {
  return [...environments].find(([functionName]) => functionName.endsWith(name))?.[1] ?? {};
}

/** The median of a few fresh processes, the AWS SDK included, which Lambda's runtime also loads from disk. */
function importMilliseconds(name: string, environment: Record<string, string>): number {
  const bundle = join(repositoryFolders.dist, 'functions', name, 'index.js');
  const script = `const t = performance.now(); require(${JSON.stringify(bundle)}); process.stdout.write(String(performance.now() - t));`;
  const times = Array.from({ length: IMPORTS }, () => {
    const { stdout, status, stderr } = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      env: { ...process.env, AWS_REGION: 'us-east-1', ...environment },
    });
    if (status !== 0) throw new Error(`${name} cannot be imported: ${stderr.slice(-2000)}`);
    return Number(stdout);
  });
  return times.sort((one, other) => one - other)[Math.floor(IMPORTS / 2)] ?? Number.NaN;
}
