import type { AslRetrier } from './definition.ts';
import { closeExecution, type Engine, emit, emitAborted, haltBranch, setWake } from './engine.ts';
import { type ErrorOutput, errorMatches, RUNTIME } from './errors.ts';
import { type Branch, branchesOf, type Execution, stateOf } from './execution.ts';
import { setFinishing } from './interpreter.ts';

const DEFAULTS = { interval: 1, attempts: 3, backoff: 2 };
const NO_ERROR: ErrorOutput = { Error: null, Cause: null };

/** A state has failed: retry it, go where a catcher says, or fail the branch. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export function failState(engine: Engine, x: Execution, b: Branch): Branch | undefined {
  const state = stateOf(b);
  const error = b.error ?? NO_ERROR;
  if (error.Error === RUNTIME) return failBranch(engine, x, b, error);
  const retrier = state.retry.findIndex(({ ErrorEquals }) => errorMatches(ErrorEquals, error.Error, b.heartbeatMissed));
  const retry = state.retry[retrier];
  if (retry !== undefined) {
    const used = b.retries[retrier] ?? 0;
    if (mayRetry(retry, used)) return startRetry(engine, x, b, retrier, delayOf(engine, retry, used));
  }
  // A fan that succeeded, and whose Output failed, has left its event already.
  const succeeded =
    b.mapRun === undefined ? b.fan !== undefined && b.fan.done === b.fan.total : engine.mapRuns.get(b.mapRun)?.status === 'SUCCEEDED';
  if ((state.type === 'Parallel' || state.type === 'Map') && !succeeded) emit(engine, x, b, `${state.type}StateFailed`);
  const catcher = state.catchers.findIndex(({ errors }) => errorMatches(errors, error.Error, b.heartbeatMissed));
  if (catcher < 0) return failBranch(engine, x, b, error);
  b.rule = catcher;
  b.fan = undefined;
  return setFinishing(b, error);
}

/** How many seconds come before the next attempt, without jitter. */
export function backoffOf(retry: AslRetrier, used: number): number {
  const seconds = (retry.IntervalSeconds ?? DEFAULTS.interval) * (retry.BackoffRate ?? DEFAULTS.backoff) ** used;
  return Math.min(seconds, retry.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
}

/** Whether a retrier has attempts left. */
export function mayRetry(retry: AslRetrier, used: number): boolean {
  return used < (retry.MaxAttempts ?? DEFAULTS.attempts);
}

function delayOf(engine: Engine, retry: AslRetrier, used: number): number {
  return Math.ceil(backoffOf(retry, used) * 1000 * (retry.JitterStrategy === 'FULL' ? engine.kernel.random() : 1));
}

function startRetry(engine: Engine, x: Execution, b: Branch, retrier: number, delay: number): undefined {
  b.retries[retrier] = (b.retries[retrier] ?? 0) + 1;
  b.retryCount += 1;
  b.fan = undefined;
  b.phase = 'retry';
  x.sequence += 1;
  b.attempt = x.sequence;
  b.deadline = engine.kernel.now() + delay;
  setWake(engine, x, b, b.deadline);
  engine.executions.touch(x);
}

/**
 * Nobody in this branch catches the error: it ends the execution or fails the Parallel or Map around it. An error of the runtime ends
 * the execution from wherever it is: https://github.com/floci-io/floci/issues/2868 shows the history on AWS.
 */
export function failBranch(engine: Engine, x: Execution, b: Branch, error: ErrorOutput): Branch | undefined {
  b.error = error;
  b.phase = 'failing';
  const { parent } = b;
  if (parent === undefined || error.Error === RUNTIME) {
    x.root.lastEvent = b.lastEvent;
    closeExecution(engine, x, 'FAILED', 'ExecutionFailed', { error });
    return undefined;
  }
  const { type, name } = stateOf(parent);
  parent.lastEvent = b.lastEvent;
  // Recorded, in `redrive_execution.json` and `callback_lifecycle.json` of radkawar/stackd: one after another, and all follow what failed.
  for (const child of parent.fan?.children ?? []) {
    const failed = child === b;
    child.lastEvent = b.lastEvent;
    if (type === 'Map') emit(engine, x, child, failed ? 'MapIterationFailed' : 'MapIterationAborted', { name, index: child.index });
    if (!failed || stateOf(b).type === 'Task') emitAborted(engine, x, child);
    if (!failed) for (const inner of branchesOf(child)) haltBranch(engine, x, inner);
  }
  b.dead = true;
  parent.error = error;
  parent.heartbeatMissed = b.heartbeatMissed;
  parent.phase = 'failing';
  return parent;
}
