import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCases } from './asl/run.ts';

/** `npm run asl -- --cases cases.jsonl --out results.jsonl`: the embedded Step Functions on its own, one JSON case a line. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { cases: { type: 'string' }, out: { type: 'string' } } });
  if (values.cases === undefined || values.out === undefined) {
    console.error('usage: npm run asl -- --cases cases.jsonl --out results.jsonl');
    process.exitCode = 2;
    return;
  }
  const results = await runCases(readFileSync(values.cases, 'utf8'));
  writeFileSync(values.out, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
  const skipped = results.filter(({ skip }) => skip !== undefined).length;
  console.log(`${results.length - skipped} cases run, ${skipped} skipped`);
}

await main();
