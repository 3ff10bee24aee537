import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { commandLine } from '../local/command-line.ts';
import { judgeLine } from './gate/cases.ts';

/**
 * `npm run gate < cases.jsonl > results.jsonl`: the contact gate on its own, one JSON case a line in, one verdict a line out, in the same
 * order. The house's rules are off: what is compared is the packs.
 */
async function main(): Promise<void> {
  commandLine('usage: npm run gate < cases.jsonl > results.jsonl\n', {});
  // Whoever reads the verdicts may have seen enough (`| head`): there is nobody left to tell.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    // Some editors put a byte order mark before the first line.
    const text = line.replace(/^\uFEFF/, '');
    if (text.trim() === '') continue;
    const result = judgeLine(text);
    if ('error' in result) process.exitCode = 1;
    if (!process.stdout.write(`${JSON.stringify(result)}\n`)) await once(process.stdout, 'drain');
  }
}

await main();
