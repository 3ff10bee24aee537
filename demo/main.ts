import { existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine, refuse } from '../local/command-line.ts';
import { UnsupportedError } from '../local/kernel/errors.ts';
import { synthesize } from '../local/synthesize.ts';
import { cloudsFor, playPortfolio } from './clouds.ts';
import { type Portfolio, PortfolioError, readPortfolio } from './portfolio.ts';
import { progressDisplay } from './progress.ts';
import { REPLAY_END, REPLAY_START } from './replay.ts';
import { perCase, type RunFacts, report } from './report.ts';
import type { DemoResult } from './result.ts';

const APP = fileURLToPath(new URL('../infra/app.ts', import.meta.url));
const SAMPLE = fileURLToPath(new URL('./data/uci-credit-card-1000.csv', import.meta.url));
const PROBLEMS_SHOWN_MAX = 50;

const USAGE = `usage: npm run demo [-- --portfolio FILE --accounts N --json FILE]

  --portfolio FILE  accounts to replay, in the columns of demo/data/README.md; the sample of 1,000 by default
  --accounts N      the first N of them only
  --json FILE       what came of it, as JSON, beside the table

Ends with 1 where a line of the portfolio was left out, a contact broke a rule or went past the gate, a suit lacks a gate, or a timeline
or an evidence pack does not prove itself.
`;

interface Options {
  readonly portfolio: string;
  readonly accountsMax: number;
  readonly json: string | undefined;
}

/** `npm run demo`: the main job on real accounts, start to end, and a table of what came of them. */
async function main(): Promise<void> {
  // Lambda's time zone is UTC. It belongs to the process, and the clouds are threads of it.
  process.env.TZ = 'UTC';
  const options = readOptions();
  const portfolio = readPortfolio(options.portfolio, options.accountsMax);
  sayProblems(options.portfolio, portfolio);
  if (portfolio.accounts.length === 0) return;
  const { result, run } = await play(portfolio);
  process.stdout.write(`\n${report(result, run)}`);
  sayFindings(result);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ ...result, perCase: perCase(result), run }, null, 2)}\n`);
}

function readOptions(): Options {
  const text = { type: 'string' } as const;
  const { portfolio, accounts, json } = commandLine(USAGE, { portfolio: text, accounts: text, json: text }).values;
  const accountsMax = accounts === undefined ? Number.POSITIVE_INFINITY : Number(accounts);
  if (accounts !== undefined && !/^[1-9]\d{0,8}$/.test(accounts)) refuse(`--accounts must be a number from 1 on, not ${accounts}`);
  // Said now, not after the run.
  if (json !== undefined && !existsSync(dirname(resolve(json)))) refuse(`--json ${json}: there is no such folder`);
  return { portfolio: portfolio ?? SAMPLE, accountsMax, json };
}

/** The rest runs; the exit status says at the end that something was left out. */
function sayProblems(file: string, { problems }: Portfolio): void {
  if (problems.length === 0) return;
  process.exitCode = 1;
  for (const problem of problems.slice(0, PROBLEMS_SHOWN_MAX)) process.stderr.write(`${file} ${problem}\n`);
  const more = problems.length - PROBLEMS_SHOWN_MAX;
  if (more > 0) process.stderr.write(`${file} … and ${more} more lines\n`);
}

/** A contact that broke a rule, or evidence that proves nothing, is a defect of the application: the run says which, and fails. */
function sayFindings({ audit, evidence }: DemoResult): void {
  const problems = [...audit.problems, ...evidence.problems];
  if (problems.length === 0) return;
  process.exitCode = 1;
  for (const problem of problems) process.stderr.write(`${problem}\n`);
}

async function play({ accounts }: Portfolio): Promise<{ result: DemoResult; run: RunFacts }> {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  const clouds = cloudsFor(accounts.length);
  const assembly = await synthesize(APP);
  const display = progressDisplay(process.stderr, { start: Date.parse(REPLAY_START), end: Date.parse(REPLAY_END) }, elapsed);
  try {
    const result = await playPortfolio(assembly.directory, accounts, clouds, display.show);
    const peakMemoryMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    return { result, run: { clouds, wallSeconds: elapsed() / 1000, peakMemoryMegabytes } };
  } finally {
    display.end();
    assembly.remove();
  }
}

try {
  await main();
} catch (error) {
  const forPeople = error instanceof PortfolioError || error instanceof UnsupportedError;
  process.stderr.write(`${forPeople ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
