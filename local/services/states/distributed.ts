import type { CompiledState } from './definition.ts';
import { type Engine, emit, errorDetails, scopeOf } from './engine.ts';
import { DATA_LIMIT, type ErrorOutput, ITEM_READER, QueryError, RUNTIME, StateError, TOLERATED_FAILURES } from './errors.ts';
import { activeBranches, type Branch, type Execution, stateOf } from './execution.ts';
import { evaluateTyped, type Scope, typed } from './expression.ts';
import { readEvents } from './history.ts';
import { isLive, setFailing, setFinishing } from './interpreter.ts';
import { exceedsPayload, isObject } from './json.ts';
import { datasetOf, inputsOf } from './map-inputs.ts';
import { itemsOf, STATE_DATA } from './map-items.ts';
import { type MapRunRow, mapRunArn } from './map-runs.ts';
import { checkBucket, childrenOf, type ResultWriter, resultsOf, writeResults } from './result-writer.ts';
import { redrive, redriveObstacle, startExecution, stopExecution } from './start.ts';

/**
 * The distributed Map: each item, or each batch of items, is an execution of its own.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 *
 * The state stands in `mapping` while the items are read, in `map` while executions run, in `writing` while results are written. What
 * an execution's end changes in its run is written in the stack of that end, so both are of one commit; all else is posted, and
 * posted again after a restart.
 */
const CONCURRENCY_MAX = 10_000;

interface Settings {
  /** An array or an object, where the items are given. */
  readonly items: unknown;
  readonly concurrency: number;
  readonly count: number | undefined;
  readonly percentage: number | undefined;
  readonly writer: ResultWriter | undefined;
}

/** Evaluates the state's fields and opens a Map Run; the items come next. */
export async function startMapRun(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const { fields, distributed } = stateOf(b);
  const scope = scopeOf(engine, x, b);
  const items = fields.has('ItemReader') ? undefined : await itemsGiven(stateOf(b), b.input, scope);
  let settings: Settings | undefined;
  let failure: unknown;
  try {
    const given = { items, ...(await settingsOf(stateOf(b), scope)) };
    if (given.writer?.Resource !== undefined) await checkBucket(engine, x, given.writer);
    settings = given;
  } catch (error) {
    failure = error;
  }
  if (!isLive(x, b)) return undefined;
  // Recorded: the Map has started when its limits and its bucket are looked at.
  emit(engine, x, b, 'MapStateStarted', { length: itemsOf(items, STATE_DATA)?.length ?? 0 });
  if (settings === undefined) throw failure;
  checkLimits(settings);
  const [machine = x.machine.arn] = x.machine.arn.split('/');
  const run = {
    uuid: engine.kernel.uuid(),
    execution: x.id,
    machine,
    label: distributed?.label ?? '',
    started: engine.kernel.now(),
    concurrency: settings.concurrency,
    tolerated_count: settings.count ?? null,
    tolerated_percentage: settings.percentage ?? null,
    writer: settings.writer === undefined ? null : JSON.stringify(settings.writer),
  };
  b.mapRun = engine.mapRuns.create(run);
  emit(engine, x, b, 'MapRunStarted', { mapRunArn: mapRunArn(run) });
  b.result = items;
  b.phase = 'mapping';
  return b;
}

/** The list or the object that a distributed Map runs over: what `Items` gives, or else the state's input. */
export async function itemsGiven({ fields }: CompiledState, input: unknown, scope: Scope): Promise<unknown> {
  const field = fields.get('Items');
  if (field !== undefined) {
    const given = await field.evaluate(scope);
    return isObject(given) ? given : typed(field, given, 'array');
  }
  if (!Array.isArray(input) && !isObject(input))
    throw new QueryError('Items', `Map state input must be an array but was: ${JSON.stringify(input)}`);
  return input;
}

/** The limits of a Map state and where its results go. */
export async function settingsOf({ fields }: CompiledState, scope: Scope): Promise<Omit<Settings, 'items'>> {
  const number = async (name: string): Promise<number | undefined> => {
    const field = fields.get(name);
    return field === undefined ? undefined : ((await evaluateTyped(field, scope, 'number')) as number);
  };
  const writer = fields.get('ResultWriter');
  return {
    concurrency: (await number('MaxConcurrency')) ?? 0,
    count: await number('ToleratedFailureCount'),
    percentage: await number('ToleratedFailurePercentage'),
    writer: writer === undefined ? undefined : ((await writer.evaluate(scope)) as ResultWriter),
  };
}

/**
 * What AWS says of the two tolerances is recorded of JSONPath. In JSONata a value out of range is an error of the expression that gave
 * it: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html.
 */
export function checkLimits({ concurrency, count, percentage }: Omit<Settings, 'items'>): void {
  if (concurrency < 0 || !Number.isInteger(concurrency)) throw new QueryError('MaxConcurrency', 'MaxConcurrency cannot be negative.');
  if (count !== undefined && (count < 0 || !Number.isInteger(count)))
    throw new QueryError('ToleratedFailureCount', 'ToleratedFailureCount cannot be negative.');
  if (percentage !== undefined && (percentage < 0 || percentage > 100))
    throw new QueryError('ToleratedFailurePercentage', 'ToleratedFailurePercentage must be between 0 and 100.');
}

function runOf(engine: Engine, b: Branch): MapRunRow {
  const run = b.mapRun === undefined ? undefined : engine.mapRuns.get(b.mapRun);
  if (run === undefined) throw new Error(`The state ${b.state} has no Map Run.`);
  return run;
}

// ---- items -------------------------------------------------------------------------------------------------------------

/** Reads the items and makes of them the inputs of the executions to come. */
export async function planMapRun(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const run = runOf(engine, b);
  let inputs: { readonly input: string; readonly items: number }[];
  try {
    inputs = await inputsOf(engine, x, b, await datasetOf(engine, x, b));
  } catch (error) {
    if (!isLive(x, b)) return undefined;
    if (error instanceof StateError) return endRun(engine, x, b, run, { Error: error.error, Cause: error.message });
    if (error instanceof QueryError) engine.mapRuns.set(run.id, { status: 'FAILED', stopped: engine.kernel.now() });
    throw error;
  }
  if (!isLive(x, b)) return undefined;
  engine.mapRuns.plan(run.id, inputs);
  b.result = undefined;
  b.phase = 'map';
  engine.executions.touch(x);
  postMapRun(engine, run.id);
  return undefined;
}

// ---- executions --------------------------------------------------------------------------------------------------------

/** Lets a run go on at this instant: an execution has ended, a limit was changed, the process has come back. */
export function postMapRun(engine: Engine, id: number): void {
  engine.kernel.post(`Map Run ${id}`, () => continueMapRun(engine, id));
}

function continueMapRun(engine: Engine, id: number): void {
  const run = engine.mapRuns.get(id);
  const x = run?.status === 'RUNNING' ? engine.executions.byId(run.execution) : undefined;
  const b = x === undefined ? undefined : branchWith(x, id);
  if (run === undefined || x === undefined || b === undefined || !isLive(x, b) || b.phase !== 'map') return;
  if (isExceeded(run)) {
    stopChildren(engine, id, false);
    // Recorded: Express executions go on to their ends, and the run with them.
    if ((engine.mapRuns.get(id)?.running ?? 0) > 0) return;
  } else if (run.running > 0 || run.pending > 0) {
    startChildren(engine, x, run);
    return;
  }
  b.phase = 'writing';
  engine.post(x, b);
}

function branchWith(x: Execution, mapRun: number): Branch | undefined {
  for (const branch of activeBranches(x.root)) if (branch.mapRun === mapRun) return branch;
  return undefined;
}

/** More failures than either limit allows; without limits, any. */
function isExceeded({ failed, total, tolerated_count: count, tolerated_percentage: percentage }: MapRunRow): boolean {
  if (failed === 0) return false;
  if (count === null && percentage === null) return true;
  return (count !== null && failed > count) || (percentage !== null && (failed / total) * 100 > percentage);
}

function startChildren(engine: Engine, x: Execution, { id, label, running, concurrency }: MapRunRow): void {
  const machine = engine.machines.revision(x.machine.definitionId, label);
  const limit = Math.min(concurrency || CONCURRENCY_MAX, CONCURRENCY_MAX);
  for (let started = running; started < limit; started += 1) {
    const next = engine.mapRuns.take(id);
    if (next === undefined) return;
    const child = next.child === null || machine.express ? undefined : engine.executions.byId(next.child);
    if (child !== undefined) {
      redrive(engine, child);
      continue;
    }
    const again = next.child === null ? undefined : engine.executions.factsById(next.child);
    if (again !== undefined) engine.executions.remove(again.id);
    startExecution(engine, {
      machine,
      name: again?.name.split(':')[0] ?? engine.kernel.uuid(),
      input: next.input,
      notify: undefined,
      origin: { mapRun: id, index: next.position, items: next.items },
      again,
    });
  }
}

/** An execution that a run started has ended, by itself or because it was stopped. */
export function childEnded(engine: Engine, { status, origin }: Execution): void {
  if (origin.mapRun === undefined) return;
  engine.mapRuns.ended(origin.mapRun, status === 'FAILED' || status === 'TIMED_OUT' ? (origin.items ?? 1) : 0);
  postMapRun(engine, origin.mapRun);
}

function stopChildren(engine: Engine, id: number, express: boolean): void {
  engine.executions.flush();
  for (const row of engine.executions.rows("map_run = ? AND status = 'RUNNING' ORDER BY map_index", id)) {
    const child = engine.executions.byId(row.id);
    if (child !== undefined && (express || !child.machine.express)) stopExecution(engine, child, undefined, undefined);
  }
}

/** The state that waited is stopped: so is its run. Answers whether the run was under way. */
export function abortMapRun(engine: Engine, id: number): boolean {
  if (engine.mapRuns.get(id)?.status !== 'RUNNING') return false;
  engine.mapRuns.set(id, { status: 'ABORTED', stopped: engine.kernel.now() });
  stopChildren(engine, id, true);
  return true;
}

// ---- results -----------------------------------------------------------------------------------------------------------

/** All executions have ended: gathers or writes their results, and ends the run. */
export async function finishMapRun(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const run = runOf(engine, b);
  const writer = run.writer === null ? undefined : (JSON.parse(run.writer) as ResultWriter);
  let result: unknown;
  let error: ErrorOutput | undefined;
  try {
    result = writer?.Resource === undefined ? gathered(engine, b, run, writer) : await writeResults(engine, x, run, writer);
  } catch (failure) {
    if (!(failure instanceof StateError)) throw failure;
    error = { Error: failure.error, Cause: failure.message };
  }
  if (!isLive(x, b)) return undefined;
  if (isExceeded(run)) error = { Error: TOLERATED_FAILURES, Cause: 'The specified tolerated failure threshold was exceeded' };
  if (error !== undefined) {
    if (error.Error === TOLERATED_FAILURES) engine.mapRuns.set(run.id, { written: 1 });
    return endRun(engine, x, b, run, error);
  }
  engine.mapRuns.set(run.id, { status: 'SUCCEEDED', stopped: engine.kernel.now(), written: 1 });
  const before = b.lastEvent;
  b.lastEvent = emit(engine, x, b, 'MapRunSucceeded');
  emit(engine, x, b, 'MapStateSucceeded');
  // Recorded: what comes after the state follows neither.
  b.lastEvent = before;
  return setFinishing(b, result);
}

function endRun(engine: Engine, x: Execution, b: Branch, run: MapRunRow, error: ErrorOutput): Branch {
  engine.mapRuns.set(run.id, { status: 'FAILED', stopped: engine.kernel.now() });
  emit(engine, x, b, 'MapRunFailed', errorDetails(error));
  return setFailing(b, error.Error, error.Cause);
}

function gathered(engine: Engine, b: Branch, run: MapRunRow, writer: ResultWriter | undefined): unknown[] {
  if (isExceeded(run)) return [];
  const results = resultsOf(engine, childrenOf(engine, run), writer?.WriterConfig?.Transformation ?? 'COMPACT');
  if (exceedsPayload(JSON.stringify(results)))
    throw new StateError(
      DATA_LIMIT,
      `The state/task '${b.state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  return results;
}

// ---- redrive -----------------------------------------------------------------------------------------------------------

/** https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html: beyond it, the error is States.Runtime. */
const REDRIVES_MAX = 1000;

/** Errors after which a redrive begins a new Map Run. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html */
const BEGIN_ANEW: ReadonlySet<string | null> = new Set([DATA_LIMIT, RUNTIME, ITEM_READER]);

/**
 * Lets the run of a failed state go on: its unsuccessful executions are redriven, Express ones started again by the same ARN, those
 * that had not been started follow. As recorded in `testdata/aws/stepfunctions/redrive_map.json` of radkawar/stackd. False where the state must be entered anew.
 */
export function redriveMapRun(engine: Engine, x: Execution, b: Branch, error: ErrorOutput | undefined, lastEvent: number): boolean {
  const run = b.mapRun === undefined ? undefined : engine.mapRuns.get(b.mapRun);
  if (run === undefined || run.planned === 0 || run.status === 'SUCCEEDED' || BEGIN_ANEW.has(error?.Error ?? null)) return false;
  if (run.redrives >= REDRIVES_MAX) {
    setFailing(
      b,
      RUNTIME,
      `The Map Run has been redriven ${REDRIVES_MAX} times, and no Map Run is redriven more often: '${mapRunArn(run)}'`,
    );
    engine.post(x, b);
    return true;
  }
  let lost = 0;
  for (const child of childrenOf(engine, run)) {
    if (child.status === 'SUCCEEDED') continue;
    const express = child.name.includes(':');
    if (!express && redriveObstacle(engine, child) !== undefined) {
      lost += child.map_items ?? 1;
      continue;
    }
    engine.mapRuns.putBack(run.id, {
      position: child.map_index ?? 0,
      input: child.input,
      items: child.map_items ?? 1,
      child: child.id,
    });
  }
  const redrives = run.redrives + 1;
  engine.mapRuns.set(run.id, {
    status: 'RUNNING',
    stopped: null,
    running: 0,
    failed: lost,
    written: 0,
    redrives,
    redriven: engine.kernel.now(),
  });
  b.lastEvent = startOf(engine, x, lastEvent);
  emit(engine, x, b, 'MapRunRedriven', { mapRunArn: mapRunArn(run), redriveCount: redrives });
  b.phase = 'map';
  postMapRun(engine, run.id);
  return true;
}

/** The start of the Map that led to an event: what becomes of its run after a redrive follows that, as recorded. */
function startOf(engine: Engine, x: Execution, event: number): number {
  for (let id = event; id > 0; ) {
    const [found] = readEvents(engine.kernel.store, x, { from: id, limit: 1, reverse: false, data: false });
    if (found === undefined || found.type === 'MapStateStarted') return id;
    id = found.previousEventId;
  }
  return event;
}
