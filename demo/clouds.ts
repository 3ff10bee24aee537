import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { PortfolioAccount } from './portfolio.ts';
import { addResults, type DemoResult } from './result.ts';
import { type Progress, runPortfolio } from './run.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** A cloud is one thread. Accounts never meet, so a portfolio is dealt out to several; starting one pays from so many accounts on. */
const ACCOUNTS_PER_CLOUD_MIN = 250;
const CLOUDS_MAX = 4;

/** What a worker says to the thread that started it. */
export type WorkerMessage = { readonly progress: Progress } | { readonly result: DemoResult };

/** How many clouds play a portfolio of this size on this machine. */
export function cloudsFor(accounts: number): number {
  return Math.max(1, Math.min(CLOUDS_MAX, availableParallelism(), Math.floor(accounts / ACCOUNTS_PER_CLOUD_MIN)));
}

/** Plays a portfolio through so many clouds beside each other and adds up what came of it. */
export async function playPortfolio(
  assembly: string,
  accounts: readonly PortfolioAccount[],
  clouds: number,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<DemoResult> {
  if (clouds === 1) return runPortfolio(assembly, accounts, onProgress);
  const latest = new Map<number, Progress>();
  const shares = Array.from({ length: clouds }, (_, share) => accounts.filter((_account, index) => index % clouds === share));
  const runs = shares.map((share, index) =>
    runInWorker(assembly, share, (progress) => {
      latest.set(index, progress);
      if (latest.size === clouds) onProgress(together([...latest.values()]));
    }),
  );
  const results = await Promise.all(runs);
  return results.reduce(addResults);
}

function runInWorker(
  assembly: string,
  accounts: readonly PortfolioAccount[],
  onProgress: (progress: Progress) => void,
): Promise<DemoResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: { assembly, accounts } });
    worker.on('message', (message: WorkerMessage) => {
      if ('progress' in message) onProgress(message.progress);
      else resolve(message.result);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A cloud ended early, with code ${code}.`)));
  });
}

/** The slowest clock and the sum of the counts. */
function together(parts: readonly Progress[]): Progress {
  const sum = (of: (progress: Progress) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    now: Math.min(...parts.map((part) => part.now)),
    events: sum((part) => part.events),
    opened: sum((part) => part.opened),
    cured: sum((part) => part.cured),
  };
}
