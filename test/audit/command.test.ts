import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../audit/report.ts';
import type { Item } from '../../audit/stored.ts';
import { type RunningServer, startServer } from '../../local/server/serve.ts';
import { sampleApp } from '../local/cloud/sample-app.ts';
import { message, overdue, reported, TableBuilder } from './table.ts';

/** `npm run audit`, as whoever audits runs it: on a table behind an endpoint, and on an export. */

const MAIN = fileURLToPath(new URL('../../audit/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function run(...options: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...options], (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

const noon = '2026-03-06T04:00:00Z';
const night = '2026-03-06T15:00:00Z';

function aTable(messageAt: string): Item[] {
  const call = reported(noon, { contactId: 'by-agency' });
  return new TableBuilder()
    .customer('cus-1')
    .entries('acc-1', '2026-03-02T01:30:00Z', overdue())
    .entries('acc-1', messageAt, message(), call)
    .build();
}

const typed = (item: Item): Record<string, { S: string } | { N: string }> =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, typeof value === 'number' ? { N: String(value) } : { S: String(value) }]),
  );

function exported(name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

describe('an audit of an export', () => {
  it('ends well where every contact kept the rules, and lists the ungated ones', async () => {
    const path = exported(
      'clean.jsonl',
      aTable(noon).map((item) => ({ Item: typed(item) })),
    );

    const { status, out } = await run('--export', path);

    expect(status).toBe(0);
    expect(out).toMatch(/^CN\.HOURS +1 +0$/m);
    expect(out).toContain('Contacts made without asking the gate: 1');
    expect(out).toContain('by agency-1');
  });

  it('ends with 1 where one did not, and says so in JSON', async () => {
    const path = exported('night.jsonl', aTable(night).map(typed));

    const { status, out } = await run('--export', path, '--json');
    const report = JSON.parse(out) as Report;

    expect(status).toBe(1);
    expect(report.violations.map(({ rule }) => rule)).toEqual(['CN.HOURS', 'HOUSE.HOURS']);
    expect(report.ungated).toHaveLength(1);
  });

  it('takes the deployment’s configuration from its options', async () => {
    const path = exported('configured.jsonl', aTable(night).map(typed));

    const { out } = await run('--export', path, '--house', 'off', '--json');

    expect((JSON.parse(out) as Report).violations.map(({ rule }) => rule)).toEqual(['CN.HOURS']);
  });

  it('ends with 1 where a timeline does not prove itself', async () => {
    const path = exported(
      'short.jsonl',
      aTable(noon)
        .filter((item) => item.sk !== 'T#0000000002')
        .map(typed),
    );

    const { status, out } = await run('--export', path);

    expect(status).toBe(1);
    expect(out).toContain('acc-1  entry 2 is missing');
  });

  it.each([
    { options: ['--export', exported('text.jsonl', ['no item'])], said: 'line 1 must be an item with the texts pk and sk' },
    { options: ['--export', join(folder, 'nowhere.jsonl')], said: 'no such file' },
    { options: [], said: 'one of --endpoint, --aws and --export must be given' },
    { options: ['--export', 'x', '--house', 'maybe'], said: '--house must be on or off' },
    { options: ['--export', 'x', '--role', 'nobody'], said: '--role must be' },
    { options: ['--export', 'x', '--limitation', '2'], said: '--limitation must be RULE=YEARS' },
    { options: ['--export', 'x', '--limitation', 'XX.LIMITATION=2'], said: 'there is no such limitation' },
    { options: ['--export', 'x', '--limitation', 'CN.LIMITATION:card=4'], said: 'must be 1 to 3 years' },
    { options: ['--colour'], said: '--colour' },
  ])('ends with 2 and says what is wrong: $said', async ({ options, said }) => {
    const { status, err } = await run(...options);

    expect(status).toBe(2);
    expect(err).toContain(said);
    expect(err).toContain('usage:');
  });
});

describe('an audit of a table behind an endpoint', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5 });
  });
  afterAll(() => server.close());

  it('finds what an export shows', async () => {
    const table = server.cloud.outputs().TableName ?? '';
    const client = new DynamoDBClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    for (const item of aTable(night)) await client.send(new PutItemCommand({ TableName: table, Item: typed(item) }));

    const { status, out } = await run('--endpoint', server.url, '--table', table, '--json');
    const fromExport = await run('--export', exported('same.jsonl', aTable(night).map(typed)), '--json');

    expect(status).toBe(1);
    expect(JSON.parse(out)).toEqual(JSON.parse(fromExport.out));
  });
});
