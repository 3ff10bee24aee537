import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../local/command-line.ts';
import { synthesize } from '../local/synthesize.ts';
import { demoRows } from './demo-runs.ts';
import { embeddedRows } from './embedded.ts';
import { engineRows } from './engines.ts';
import { functionRows } from './functions.ts';
import { journeyRows } from './journeys.ts';
import { planRows } from './plans.ts';
import { print } from './table.ts';

const APP = fileURLToPath(new URL('../infra/app.ts', import.meta.url));
const WAITING_APP = fileURLToPath(new URL('./app.ts', import.meta.url));

const USAGE = `usage: npm run bench

Measures bundles and cold imports, the embedded cloud beside Restate (fetched for it), the engines, and the demo of 1,000 accounts:
some minutes, on a machine with nothing else to do.
`;

/** `npm run bench`: measures what ships, and prints each figure beside its aim. A missed aim is a figure, not a failure. */
commandLine(USAGE, {});
process.stdout.write(`Node ${process.version}, ${availableParallelism()} cores. Measured, and what is aimed at:\n\n`);
const [assembly, waiting] = [await synthesize(APP), await synthesize(WAITING_APP)];
try {
  print('Functions', await functionRows(assembly.directory));
  print('Embedded cloud', [...(await embeddedRows(waiting.directory)), ...(await journeyRows(assembly.directory))]);
} finally {
  assembly.remove();
  waiting.remove();
}
print('Engines', [...(await engineRows()), ...planRows()]);
print('Demo', demoRows());
