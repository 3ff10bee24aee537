import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoResult } from '../../demo/result.ts';
import { independentCount } from './independent-count.ts';
import { HEADER, line } from './lines.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SAMPLE = join(ROOT, 'demo/data/uci-credit-card-1000.csv');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, count) => total + count, 0);

function demo(...args: readonly string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'demo/main.ts'), ...args], { encoding: 'utf8', timeout: 240_000 });
}

/** The start of the sample, and accounts made to try what it has little of. */
function portfolioLines(): string[] {
  const sample = readFileSync(SAMPLE, 'utf8').split('\n').slice(1, 101);
  const overdue = { PAY_6: 1, BILL_AMT6: 30_000 };
  const odd = [
    // A figure of nothing, then a real one, which the balance cures.
    line(50_001, { PAY_6: 1, BILL_AMT6: 0, PAY_5: 2, BILL_AMT5: 4000, BILL_AMT4: 4000 }),
    // Overdue without a bill month after month: rejected each time, and answered once.
    line(50_002, { PAY_6: 2, PAY_5: 3, PAY_4: 4, BILL_AMT4: -10 }),
    // Cured to the unit by two part payments, then overdue again to the end.
    line(50_003, { ...overdue, PAY_AMT5: 700, PAY_5: 1, BILL_AMT5: 15_000, PAY_AMT4: 1000, PAY_1: 0, PAY_0: 1, BILL_AMT1: 9000 }),
    // One short of what is overdue: stays open.
    line(50_004, {
      ...overdue,
      PAY_AMT5: 1499,
      PAY_5: 2,
      BILL_AMT5: 29_000,
      PAY_4: 3,
      BILL_AMT4: 29_000,
      PAY_3: 4,
      BILL_AMT3: 29_000,
      PAY_2: 5,
      BILL_AMT2: 29_000,
      PAY_0: 6,
      BILL_AMT1: 29_000,
    }),
    // Far too much, long before anything is overdue, and again after.
    line(50_005, { PAY_AMT6: 900_000, PAY_5: 1, BILL_AMT5: 2000, PAY_AMT4: 900_000, BILL_AMT4: -898_000 }),
    // Eight months late at once.
    line(50_006, { PAY_3: 8, BILL_AMT3: 500_000, PAY_AMT2: 3, PAY_2: 8, BILL_AMT2: 500_000 }),
    // Paid between the figure and the evening of the same 21st: 1 + (50021 * 7 + 5 * 11) mod 27 = 21.
    line(50_021, { PAY_5: 1, BILL_AMT5: 30_000, PAY_AMT5: 1500 }),
  ];
  return [...sample, ...odd];
}

describe('npm run demo', () => {
  it('counts what an independent reading of the definition counts, and names the line it leaves out', () => {
    // Prepare
    const [portfolio, clean, json] = ['portfolio.csv', 'clean.csv', 'result.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const lines = portfolioLines();
    writeFileSync(clean, [HEADER, ...lines].join('\n'));
    writeFileSync(portfolio, [HEADER, ...lines.slice(0, 30), line(60_001, { BILL_AMT3: 'n/a' }), ...lines.slice(30)].join('\n'));
    // Act
    const { status, stdout, stderr } = demo('--portfolio', portfolio, '--json', json);
    // Assess
    const result = JSON.parse(readFileSync(json, 'utf8')) as DemoResult;
    const { accounts, events, rejected, opened, curedByPayment, curedByBalance, openAtEnd } = result;
    expect({ accounts, events, rejected, opened, curedByPayment, curedByBalance, openAtEnd }).toEqual(independentCount(clean));
    expect(stderr).toContain(`${portfolio} line 32: BILL_AMT3 must be a whole number`);
    expect(status).toBe(1);
    expect(stdout).toMatch(/cured by payment +\d/);
    expect(result.work.functionCalls).toHaveProperty('decide');
    // The record was judged, all of it: every contact that the application or the desk made is among those judged, and none broke a rule.
    const { audit, contacts, desk, eventsOut } = result;
    expect(audit).toMatchObject({ violations: {}, ungated: 0, timelinesUnproven: 0, problems: [] });
    expect(audit.judged).toBe((eventsOut.ContactSent ?? 0) + desk.attempts);
    expect(sum(contacts.byChannel) + sum(contacts.notices)).toBe(audit.judged);
    expect(sum(contacts.perCase)).toBe(opened);
    expect(sum(contacts.perCuredCase)).toBe(curedByPayment + curedByBalance);
    expect(sum(contacts.tracks)).toBe(openAtEnd);
    expect(stdout).toMatch(/violations +0\n/);
    // What was agreed is on the timelines as it was told to the outside, and what the script had others say is no part of the portfolio.
    const { agreements, evidence, scripted } = result;
    expect(sum(agreements.promises)).toBe(eventsOut.PromiseRecorded);
    expect(sum(agreements.bookings)).toBe(desk.plansAgreed);
    expect(Object.values(agreements.plans).reduce((all, fates) => all + sum(fates), 0)).toBe(desk.plansAgreed);
    expect(agreements.bookings.booked).toBe(scripted.PlanBooked);
    expect(agreements.instalments.due).toBe(eventsOut.InstalmentDue);
    expect(sum(agreements.advised)).toBe(eventsOut.AccountActionAdvised);
    expect(sum(agreements.told)).toBe((scripted.LegalStatusReported ?? 0) + (scripted.AccountStatusChanged ?? 0));
    expect(evidence).toEqual({ written: evidence.written, verified: evidence.written, problems: [] });
    expect(stdout).toMatch(/verified offline, all of them tried +\d/);
  }, 250_000);

  it.each([
    { what: 'a file that is not there', args: ['--portfolio', 'no-such-file.csv'], ends: 1, says: 'there is no such file' },
    { what: 'a file of another kind', args: ['--portfolio', fileURLToPath(import.meta.url)], ends: 1, says: 'lacks the columns' },
    {
      what: 'a number of accounts that is none',
      args: ['--accounts', 'many'],
      ends: 2,
      says: '--accounts must be a number from 1 on, not many',
    },
    { what: 'a result in a folder that is not there', args: ['--json', 'no/such/folder.json'], ends: 2, says: 'there is no such folder' },
    { what: 'an option that does not exist', args: ['--fast'], ends: 2, says: "Unknown option '--fast'" },
  ])('refuses $what in one line', ({ args, ends, says }) => {
    const { status, stdout, stderr } = demo(...args);
    expect(stderr).toContain(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(ends);
  });
});
