import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { commandLine, refuse } from '../local/command-line.ts';

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/**
 * The result of a test run in one line, from the text of vitest's JSON report. A file that failed without a failed test (it did not
 * load, or its set-up broke) counts as one failure: its tests are not among the numbers.
 *
 * @throws SyntaxError or ZodError where the run left no whole report
 */
export function countOf(text: string): { readonly passed: number; readonly failed: number } {
  const { numPassedTests: passed, numFailedTests, testResults } = report.parse(JSON.parse(text));
  const broken = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((assertion) => assertion.status !== 'failed'),
  );
  return { passed, failed: numFailedTests + broken.length };
}

if (import.meta.main) {
  const usage = 'usage: node tools/test-count.ts REPORT\n\nSays in one line what came of a test run, from the JSON report of vitest.\n';
  const [file = refuse('A report must be given')] = commandLine(usage, {}, 1).positionals;
  const { passed, failed } = countOf(readFileSync(file, 'utf8'));
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}
