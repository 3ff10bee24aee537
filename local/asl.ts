import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AslCase, AslResult } from './asl/case.ts';
import { runCase } from './asl/run.ts';

/** `npm run asl -- --cases cases.jsonl --out results.jsonl`: the embedded Step Functions on its own, one JSON case a line. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { cases: { type: 'string' }, out: { type: 'string' } } });
  if (values.cases === undefined || values.out === undefined) {
    console.error('usage: npm run asl -- --cases cases.jsonl --out results.jsonl');
    process.exitCode = 2;
    return;
  }
  const results: AslResult[] = [];
  for (const line of readFileSync(values.cases, 'utf8').split('\n')) if (line.trim() !== '') results.push(await runLine(line));
  writeFileSync(values.out, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
  const skipped = results.filter(({ skip }) => skip !== undefined).length;
  console.log(`${results.length - skipped} cases run, ${skipped} skipped`);
}

/** A defect of the interpreter is a result of that case, not the end of the run. */
async function runLine(line: string): Promise<AslResult> {
  const asl = JSON.parse(line) as AslCase;
  try {
    return await runCase(asl);
  } catch (error) {
    return {
      id: asl.id,
      status: 'ERROR',
      error: 'InternalError',
      cause: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

await main();
