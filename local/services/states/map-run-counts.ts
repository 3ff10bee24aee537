import type { Engine } from './engine.ts';
import type { ExecutionRow } from './executions.ts';
import type { MapRunRow } from './map-runs.ts';
import { childrenOf } from './result-writer.ts';
import { redriveObstacle } from './start.ts';

/** How the executions of a run stand: by status, in executions and in items. */
export function countsOf(engine: Engine, run: MapRunRow): { readonly executions: Counts; readonly items: Counts } {
  const executions = noCounts();
  const items = noCounts();
  const count = (what: keyof Counts, of: number): void => {
    executions[what] += 1;
    items[what] += of;
  };
  for (const { child, items: of } of engine.mapRuns.pending(run.id)) count(child === null ? 'pending' : 'pendingRedrive', of);
  for (const row of childrenOf(engine, run)) {
    const of = row.map_items ?? 1;
    count(STATUS_COUNTS[row.status], of);
    if (isLost(engine, row)) count('failuresNotRedrivable', of);
  }
  for (const counts of [executions, items]) {
    counts.total = counts.pending + counts.running + counts.succeeded + counts.failed + counts.timedOut + counts.aborted;
    counts.resultsWritten = run.written === 0 ? 0 : counts.total;
  }
  return { executions, items };
}

function isLost(engine: Engine, row: ExecutionRow): boolean {
  return row.status !== 'RUNNING' && row.status !== 'SUCCEEDED' && redriveObstacle(engine, row) !== undefined;
}

const STATUS_COUNTS = { RUNNING: 'running', SUCCEEDED: 'succeeded', FAILED: 'failed', TIMED_OUT: 'timedOut', ABORTED: 'aborted' } as const;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_MapRunExecutionCounts.html */
interface Counts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  total: number;
  resultsWritten: number;
  failuresNotRedrivable: number;
  pendingRedrive: number;
}

function noCounts(): Counts {
  return {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    aborted: 0,
    total: 0,
    resultsWritten: 0,
    failuresNotRedrivable: 0,
    pendingRedrive: 0,
  };
}
