import { describe, expect, it } from 'vitest';
import { countOf } from '../../tools/test-count.ts';

function aReport(files: readonly { readonly status: string; readonly tests: readonly string[] }[]): string {
  const tests = files.flatMap((file) => file.tests);
  return JSON.stringify({
    numPassedTests: tests.filter((status) => status === 'passed').length,
    numFailedTests: tests.filter((status) => status === 'failed').length,
    testResults: files.map((file) => ({ status: file.status, assertionResults: file.tests.map((status) => ({ status })) })),
  });
}

describe('the count of a test run', () => {
  it.each([
    { what: 'tests', files: [{ status: 'passed', tests: ['passed', 'passed'] }], count: { passed: 2, failed: 0 } },
    { what: 'failures', files: [{ status: 'failed', tests: ['passed', 'failed'] }], count: { passed: 1, failed: 1 } },
    { what: 'a file that did not load', files: [{ status: 'failed', tests: [] }], count: { passed: 0, failed: 1 } },
    { what: 'a broken set-up', files: [{ status: 'failed', tests: ['passed', 'skipped'] }], count: { passed: 1, failed: 1 } },
  ])('tells $what', ({ files, count }) => {
    expect(countOf(aReport(files))).toEqual(count);
  });

  it('is not made up where the run left no report', () => {
    expect(() => countOf('')).toThrow();
    expect(() => countOf('{}')).toThrow();
  });
});
