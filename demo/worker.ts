import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerMessage } from './clouds.ts';
import type { PortfolioAccount } from './portfolio.ts';
import { runPortfolio } from './run.ts';

/** One cloud in a thread of its own: plays its share of the portfolio and tells how it goes. */

const { assembly, accounts } = workerData as { readonly assembly: string; readonly accounts: readonly PortfolioAccount[] };
const tell = (message: WorkerMessage) => parentPort?.postMessage(message);
tell({ result: await runPortfolio(assembly, accounts, (progress) => tell({ progress })) });
