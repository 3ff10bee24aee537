import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunFacts } from '../demo/report.ts';
import { type DemoResult, total } from '../demo/result.ts';
import type { Row } from './table.ts';

const DEMO = fileURLToPath(new URL('../demo/main.ts', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../demo/data/uci-credit-card-1000.csv', import.meta.url));
const SIZES = [500, 1000, 2000];
/** The sample's second copy gets ids of its own; 27 times a number keeps the days on which it pays. */
const COPY_OFFSET = 27 * 100_000;

type Measured = DemoResult & { readonly run: RunFacts };

/** The shipped command at three sizes: time, memory, and what a case takes. */
export function demoRows(): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const portfolio = join(folder, 'portfolio.csv');
    writeFileSync(portfolio, twice(readFileSync(SAMPLE, 'utf8')));
    const runs = SIZES.map((accounts) => runDemo(portfolio, accounts, join(folder, `${accounts}.json`)));
    const thousand = runs[1];
    return thousand === undefined ? [] : [...speed(thousand), ...memory(runs), ...work(thousand)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function twice(sample: string): string {
  const [header = '', ...lines] = sample.trim().split('\n');
  const copies = lines.map((line) => line.replace(/^\d+/, (id) => String(Number(id) + COPY_OFFSET)));
  return [header, ...lines, ...copies].join('\n');
}

function runDemo(portfolio: string, accounts: number, json: string): Measured {
  const args = [DEMO, '--portfolio', portfolio, '--accounts', String(accounts), '--json', json];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The demo of ${accounts} accounts ended with status ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(readFileSync(json, 'utf8')) as Measured;
}

function speed({ accounts, run }: Measured): Row[] {
  return [
    { what: `demo of ${accounts} accounts, ${run.clouds} clouds: wall time, s`, measured: run.wallSeconds.toFixed(1), aim: '< 60' },
    { what: '  accounts a second', measured: (accounts / run.wallSeconds).toFixed(1), aim: '> 17' },
  ];
}

function memory(runs: readonly Measured[]): Row[] {
  const first = runs[0]?.run.peakMemoryMegabytes ?? 0;
  return runs.map(({ accounts, run }) => ({
    what: `peak memory at ${accounts} accounts, MB`,
    measured: String(run.peakMemoryMegabytes),
    aim: run.peakMemoryMegabytes === first ? '' : `< ${Math.round(first * 1.25)} (a quarter more than the first)`,
  }));
}

/** What runs on a schedule, whatever there is, is left out. */
function work(result: Measured): Row[] {
  const { work: done, opened, desk, tasksOpened, eventsOut } = result;
  // The bank's events are left out, because most find no case open: what they cost the others seems to cost.
  const answers = desk.outcomes + desk.plansAgreed;
  const messages = (eventsOut.ContactSent ?? 0) - total(result.contacts.notices);
  const steps = messages + total(tasksOpened) + answers + (eventsOut.StageEntered ?? 0);
  const row = (what: string, count: number, aimPerStep: string): Row[] => [
    { what: `${what} a case`, measured: (count / opened).toFixed(1), aim: '' },
    { what: '  a message, task, answer or stage', measured: (count / steps).toFixed(2), aim: aimPerStep },
  ];
  return [
    ...row('state transitions', done.stateTransitions, '4'),
    ...row('Lambda calls', total(done.functionCalls) - total(done.scheduledCalls), ''),
    ...row('table writes', done.tableWrites, ''),
    ...row('table reads', done.tableReads - done.scheduledReads, ''),
  ];
}
