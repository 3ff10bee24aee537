import { createInterface } from 'node:readline';
import { judgeLine } from './gate/cases.ts';

/**
 * `npm run gate < cases.jsonl > results.jsonl`: the contact gate on its own, one JSON case a line in, one verdict a line out, in the same
 * order. The house's rules are off: what is compared is the packs.
 */
async function main(): Promise<void> {
  if (process.argv.length > 2) {
    console.error('usage: npm run gate < cases.jsonl > results.jsonl');
    process.exitCode = 2;
    return;
  }
  let failed = false;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const result = judgeLine(line);
    failed ||= 'error' in result;
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  if (failed) process.exitCode = 1;
}

await main();
