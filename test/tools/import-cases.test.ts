import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventBridgeClient, PutEventsCommand, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ImportLines } from '../../tools/import-cases/lines.ts';
import { ImportSender } from '../../tools/import-cases/put.ts';
import { root } from '../house/sources.ts';

const NOW = Date.parse('2026-03-02T02:00:00Z');
const cny = (amount: string) => ({ amount, currency: 'CNY' });

const anImport = (change: Record<string, unknown> = {}): string =>
  JSON.stringify({
    importId: 'imp-1',
    accountId: 'acc-1',
    customerId: 'cus-1',
    asOf: '2026-03-01T16:00:00Z',
    openedAt: '2026-01-10T02:00:00Z',
    stage: 'plan',
    contacts: [{ channel: 'sms', kind: 'attempt', at: '2026-02-01T02:00:00Z' }],
    promises: [{ amount: cny('100.00'), date: '2026-03-10', recordedAt: '2026-02-27T02:00:00Z' }],
    plan: {
      planId: 'plan-1',
      kind: 'instalments',
      agreedAt: '2026-01-20T02:00:00Z',
      channel: 'branch',
      instalments: [
        { dueDate: '2026-02-20', amount: cny('500.00'), status: 'paid' },
        { dueDate: '2026-03-20', amount: cny('500.00'), status: 'open' },
      ],
    },
    holds: [{ holdId: 'h-1', kind: 'dispute', placedAt: '2026-02-20T02:00:00Z' }],
    notices: [{ kind: 'written-demand', at: '2026-02-10T02:00:00Z', how: 'post', proofRef: 'letter-7' }],
    ...change,
  });

const folder = mkdtempSync(join(tmpdir(), 'imports-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(lines: readonly string[], ...more: readonly string[]) {
  const file = join(folder, 'cases.jsonl');
  writeFileSync(file, lines.join('\n'));
  return spawnSync(process.execPath, [join(root, 'tools/import-cases.ts'), file, ...more], { encoding: 'utf8', timeout: 30_000 });
}

describe('the lines of a file of imports', () => {
  it('are good one by one, also with a repeat', () => {
    const lines = new ImportLines(NOW);

    expect([lines.check(1, anImport()), lines.check(2, anImport()), lines.check(3, anImport({ importId: 'i', accountId: 'a' }))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  const promise = { amount: cny('100.00'), date: '2026-03-10', recordedAt: '2026-02-27T02:00:00Z' };
  const row = (dueDate: string, status: string) => ({ dueDate, amount: cny('500.00'), status });
  const plan = (...instalments: object[]) => ({
    plan: { planId: 'p', kind: 'instalments', agreedAt: '2026-01-20T02:00:00Z', channel: 'app', instalments },
  });

  it.each<[string, string, string]>([
    ['{', 'line', 'must be a JSON object'],
    ['[]', 'line', 'expected object'],
    [`${anImport()}${' '.repeat(250_000)}`, 'line', 'must be at most 250000 bytes'],
    [anImport({ stage: 'soft' }), 'stage', 'expected one of'],
    [anImport({ asOf: '2026-03-04T02:00:00Z' }), 'asOf', 'must not lie more than 24 hours ahead'],
    [anImport({ openedAt: '2026-03-02T02:00:00Z' }), 'openedAt', 'must not be later than asOf'],
    [anImport({ promises: [{ ...promise, amount: cny('100.001') }] }), 'promises.0.amount.amount', ''],
    [anImport({ promises: [{ ...promise, date: '2026-02-20' }] }), 'promises.0.date', 'must not lie before the promise was recorded'],
    [
      anImport({ promises: [promise, { ...promise, amount: { amount: '1.00', currency: 'EUR' } }] }),
      'promises.1.amount.currency',
      'one currency',
    ],
    [anImport(plan(row('2026-03-20', 'open'), row('2026-02-20', 'open'))), 'plan.instalments.1.dueDate', 'must be later'],
    [anImport(plan(row('2026-02-20', 'open'), row('2026-03-20', 'paid'))), 'plan.instalments.1.status', 'must not be paid'],
    [anImport(plan(row('2026-02-20', 'paid'))), 'plan.instalments', 'one at least must be open'],
    [
      anImport({ holds: [{ holdId: 'h', accountId: 'acc-2', kind: 'fraud', placedAt: '2026-02-20T02:00:00Z' }] }),
      'holds.0.accountId',
      'account of the import',
    ],
    [
      anImport({ holds: [{ holdId: 'h', kind: 'disaster', placedAt: '2026-02-20T02:00:00Z' }] }),
      'holds.0.expiresAt',
      'a disaster hold needs an end',
    ],
    [anImport({ notices: [{ kind: 'summons', at: '2026-02-10T02:00:00Z' }] }), 'notices.0.kind', 'expected one of'],
  ])('name what is wrong in %.40s…', (text, field, rule) => {
    const bad = new ImportLines(NOW).check(7, text);

    expect(bad).toMatchObject({ line: 7, field });
    expect(bad?.rule).toContain(rule);
  });

  it('may not contradict each other', () => {
    const lines = new ImportLines(NOW);
    lines.check(1, anImport());

    expect([lines.check(2, anImport({ stage: 'call' })), lines.check(3, anImport({ importId: 'imp-2' }))]).toEqual([
      { line: 2, field: 'importId', rule: 'line 1 has the same id with other content' },
      { line: 3, field: 'accountId', rule: 'line 1 imports this account already' },
    ]);
  });
});

describe('the sender', () => {
  const sentBy = (answer: (call: number, index: number) => object) => {
    const calls: (readonly PutEventsRequestEntry[])[] = [];
    const client = {
      send: (command: PutEventsCommand) => {
        calls.push(command.input.Entries ?? []);
        return Promise.resolve({ Entries: (command.input.Entries ?? []).map((_, index) => answer(calls.length, index)) });
      },
    } as unknown as Pick<EventBridgeClient, 'send'>;
    return { calls, sender: new ImportSender(client, 'bus') };
  };

  it('puts ten at a time, fewer where they are large, and what was not taken again', async () => {
    const { calls, sender } = sentBy((call, index) => (call === 1 && index === 3 ? { ErrorCode: 'ThrottlingException' } : {}));

    for (let line = 1; line <= 12; line += 1) await sender.put({ line, text: `"${line}"` });
    await sender.put({ line: 13, text: 'x'.repeat(255_999) });

    expect(await sender.end()).toEqual({ sent: 13, lost: [] });
    expect(calls.map((entries) => entries.length)).toEqual([10, 1, 2, 1]);
    expect(calls[1]).toMatchObject([{ Detail: '"4"', Source: 'bank.take-over', DetailType: 'CaseImported', EventBusName: 'bus' }]);
  });

  it('tries five times what the bus does not take, and names it', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { calls, sender } = sentBy((call, index) => (index === (call === 1 ? 1 : 0) ? { ErrorCode: 'InternalFailure' } : {}));
    for (let line = 1; line <= 3; line += 1) await sender.put({ line, text: `"${line}"` });

    const ended = sender.end();
    await vi.runAllTimersAsync();

    expect(await ended).toEqual({ sent: 2, lost: [2] });
    expect(calls.map((entries) => entries.length)).toEqual([3, 1, 1, 1, 1]);
  });
});

describe('npm run import-cases', () => {
  it('names the bad lines and ends with 1', () => {
    const { status, stdout, stderr } = run([anImport(), '', anImport({ importId: 'x y' })], '--check');

    expect([status, stdout]).toEqual([1, '1 of 2 lines are good; nothing was sent.\n']);
    expect(stderr).toBe('line 3: importId: must be 1-64 characters of A-Z a-z 0-9 _ -\n');
  });

  it('ends with 0 where all are good', () => {
    expect(run([anImport()], '--check')).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['no place to send to', [], 'one of --check, --endpoint and --aws must be given'],
    ['two of them', ['--aws', '--check'], 'one of --check, --endpoint and --aws must be given'],
    ['an endpoint that is none', ['--endpoint', 'here'], '--endpoint must be an address'],
  ])('ends with 2 given %s', (_what, more, why) => {
    const { status, stderr } = run([anImport()], ...more);

    expect(status).toBe(2);
    expect(stderr).toContain(why);
  });
});
