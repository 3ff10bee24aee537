import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCases } from '../../../local/asl/run.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/asl-conformance');
const CASES = join(FIXTURES, 'cases.jsonl');
const IN_JSONATA = join(FIXTURES, '../asl-jsonata/cases.jsonl');
const directory = mkdtempSync(join(tmpdir(), 'asl-'));

afterAll(() => rmSync(directory, { recursive: true }));

function compare(results: readonly unknown[], cases = CASES): string {
  const file = join(directory, 'results.jsonl');
  writeFileSync(file, results.map((result) => JSON.stringify(result)).join('\n'));
  return execFileSync(process.execPath, [join(FIXTURES, 'compare.mjs'), cases, file, '--history'], { encoding: 'utf8' });
}

describe('cases recorded against AWS', () => {
  it('end as they did there, with the same events, and none is skipped', async () => {
    const cases = readFileSync(CASES, 'utf8');
    const results = await runCases(cases);
    expect(results).toHaveLength(71);
    expect(compare(results)).toContain('\n71 passed, 0 failed, 0 skipped');
  });

  it('end as they did there also where they were recorded in JSONPath', async () => {
    const results = await runCases(readFileSync(IN_JSONATA, 'utf8'));
    expect(results).toHaveLength(124);
    expect(compare(results, IN_JSONATA)).toContain('\n124 passed, 0 failed, 0 skipped');
  });

  it('are failed by the comparison when a result is wrong', async () => {
    const results = await runCases(readFileSync(CASES, 'utf8'));
    const broken = results.map((result, index) => (index === 0 ? { ...result, status: 'FAILED' } : result));
    expect(() => compare(broken)).toThrow();
  });

  it('are skipped with the reason where they are not JSONata', async () => {
    const [first = '{}'] = readFileSync(CASES, 'utf8').split('\n');
    const results = await runCases(JSON.stringify({ ...(JSON.parse(first) as object), queryLanguage: 'JSONPath' }));
    expect(results[0]?.skip).toContain('JSONPath');
  });

  it('may be of Express workflows and of activities', async () => {
    const activity = 'arn:aws:states:us-east-1:111111111111:activity:a';
    const aCase = (id: string, state: object, more: object) => {
      const definition = { QueryLanguage: 'JSONata', StartAt: 'S', States: { S: { ...state, End: true } } };
      return JSON.stringify({
        id,
        queryLanguage: 'JSONata',
        definition,
        input: { n: 1 },
        env: { region: 'us-east-1', account: '111111111111' },
        ...more,
      });
    };
    const steps = [{ after: 1, do: 'sendTaskSuccess', outputFromInput: true }];
    const results = await runCases(
      [
        aCase('express', { Type: 'Wait', Seconds: 5 }, { type: 'EXPRESS' }),
        aCase(
          'activity',
          { Type: 'Task', Resource: activity },
          { activities: [activity], actions: [{ on: 'activity', activityArn: activity, steps }] },
        ),
      ].join('\n'),
    );
    expect(results).toEqual([
      { id: 'express', status: 'SUCCEEDED', output: { n: 1 } },
      expect.objectContaining({ id: 'activity', status: 'SUCCEEDED', output: { n: 1 } }),
    ]);
  });
});
