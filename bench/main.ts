import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { synthesize } from '../local/synthesize.ts';
import { demoRows } from './demo-runs.ts';
import { engineRows } from './engines.ts';
import { functionRows } from './functions.ts';
import { print } from './table.ts';

const APP = fileURLToPath(new URL('../infra/app.ts', import.meta.url));

/** `npm run bench`: measures what ships, and prints each figure beside its aim. A missed aim is a figure, not a failure. */
process.stdout.write(`Node ${process.version}, ${availableParallelism()} cores. Measured, and what is aimed at:\n\n`);
const assembly = await synthesize(APP);
try {
  print('Functions', await functionRows(assembly.directory));
} finally {
  assembly.remove();
}
print('Engines', await engineRows());
print('Demo', demoRows());
