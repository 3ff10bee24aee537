import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../local/command-line.ts';
import { synthesize } from '../local/synthesize.ts';
import { demoRows } from './demo-runs.ts';
import { engineRows } from './engines.ts';
import { functionRows } from './functions.ts';
import { planRows } from './plans.ts';
import { print } from './table.ts';

const APP = fileURLToPath(new URL('../infra/app.ts', import.meta.url));

const USAGE = `usage: npm run bench

Measures bundles and cold imports, the engines, and the demo of 1,000 accounts: some minutes, on a machine with nothing else to do.
`;

/** `npm run bench`: measures what ships, and prints each figure beside its aim. A missed aim is a figure, not a failure. */
commandLine(USAGE, {});
process.stdout.write(`Node ${process.version}, ${availableParallelism()} cores. Measured, and what is aimed at:\n\n`);
const assembly = await synthesize(APP);
try {
  print('Functions', await functionRows(assembly.directory));
} finally {
  assembly.remove();
}
print('Engines', [...(await engineRows()), ...planRows()]);
print('Demo', demoRows());
