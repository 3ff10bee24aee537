import type { Engine } from './engine.ts';
import type { Status } from './execution.ts';
import type { MapRunRow } from './map-runs.ts';
import { redriveObstacle } from './start.ts';

interface Group {
  readonly executions: number;
  readonly items: number;
}

interface Unsuccessful {
  readonly status: Status;
  readonly started: number;
  readonly stopped: number | null;
  readonly events: number;
  readonly items: number;
}

/** How the executions of a run stand: by status, in executions and in items. */
export function countsOf(engine: Engine, run: MapRunRow): { readonly executions: Counts; readonly items: Counts } {
  engine.executions.flush();
  const { store } = engine.kernel;
  const executions = noCounts();
  const items = noCounts();
  const count = (what: keyof Counts, of: Group): void => {
    executions[what] += of.executions;
    items[what] += of.items;
  };
  for (const { fresh, ...group } of store.all<Group & { fresh: number }>(
    'SELECT child IS NULL AS fresh, count(*) AS executions, sum(items) AS items FROM states_map_inputs WHERE run = ? GROUP BY fresh',
    run.id,
  ))
    count(fresh === 1 ? 'pending' : 'pendingRedrive', group);
  for (const { status, ...group } of store.all<Group & { status: Status }>(
    'SELECT status, count(*) AS executions, sum(coalesce(map_items, 1)) AS items FROM states_executions WHERE map_run = ? GROUP BY status',
    run.id,
  ))
    count(STATUS_COUNTS[status], group);
  for (const row of store.all<Unsuccessful>(
    `SELECT status, started, stopped, events, coalesce(map_items, 1) AS items FROM states_executions
     WHERE map_run = ? AND status NOT IN ('RUNNING', 'SUCCEEDED')`,
    run.id,
  ))
    if (redriveObstacle(engine, row) !== undefined) count('failuresNotRedrivable', { executions: 1, items: row.items });
  for (const counts of [executions, items]) {
    counts.total = counts.pending + counts.running + counts.succeeded + counts.failed + counts.timedOut + counts.aborted;
    counts.resultsWritten = run.written === 0 ? 0 : counts.total;
  }
  return { executions, items };
}

const STATUS_COUNTS = { RUNNING: 'running', SUCCEEDED: 'succeeded', FAILED: 'failed', TIMED_OUT: 'timedOut', ABORTED: 'aborted' } as const;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_MapRunExecutionCounts.html */
export interface Counts {
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
