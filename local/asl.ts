import { readFileSync, writeFileSync } from 'node:fs';
import { runCases } from './asl/run.ts';
import { commandLine, refuse } from './command-line.ts';

const USAGE = `usage: npm run asl -- --cases cases.jsonl --out results.jsonl

  --cases   state machines with inputs, one JSON case a line
  --out     gets the result of each, one a line
`;

/** `npm run asl -- --cases cases.jsonl --out results.jsonl`: the embedded Step Functions on its own, one JSON case a line. */
async function main(): Promise<void> {
  const { values } = commandLine(USAGE, { cases: { type: 'string' }, out: { type: 'string' } });
  if (values.cases === undefined || values.out === undefined) refuse('--cases and --out must be given');
  const results = await runCases(readFileSync(values.cases, 'utf8'));
  writeFileSync(values.out, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
  const skipped = results.filter(({ skip }) => skip !== undefined).length;
  console.log(`${results.length - skipped} cases run, ${skipped} skipped`);
}

await main();
