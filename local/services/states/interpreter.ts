import type { Exit } from './definition.ts';
import { finishMapRun, planMapRun, startMapRun } from './distributed.ts';
import { closeExecution, type Engine, emit, scopeOf } from './engine.ts';
import { DATA_LIMIT, QUERY_EVALUATION, QueryError, RUNTIME, StateError } from './errors.ts';
import { type Branch, type Execution, stateOf } from './execution.ts';
import { evaluateTyped } from './expression.ts';
import { failBranch, failState } from './failure.ts';
import { finishChild, startFan } from './fan.ts';
import { NoMoreEvents } from './history.ts';
import { exceedsPayload, textOf } from './json.ts';
import { callTask, scheduleTask, takeAnswer } from './tasks.ts';
import { inTurn } from './turns.ts';
import { assign } from './variables.ts';
import { startWait } from './wait.ts';

/** Steps that ask other services, for which nobody waits in turn. */
const ASKING: ReadonlySet<Branch['phase']> = new Set(['scheduled', 'mapping', 'writing']);

/**
 * Runs a branch until it waits, ends or belongs to somebody else. Every step leaves the branch in a phase from which it can go
 * on after a restart; between two phases there is no `await` after a change.
 */
export async function run(engine: Engine, x: Execution, start: Branch): Promise<void> {
  let branch: Branch | undefined = start;
  while (branch !== undefined && isLive(x, branch))
    branch = await (branch.parent === undefined ? guardedStep(engine, x, branch) : runInside(engine, x, branch));
}

/** Runs a branch that has others beside it, in turn; what it asks others for is asked in turn, and waited for outside. */
async function runInside(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const { phase, attempt } = b;
  const next = await inTurn(x, async () => {
    // While it waited its time may have run out, or a neighbour may have failed.
    if (!isLive(x, b) || b.phase !== phase || b.attempt !== attempt) return { branch: undefined };
    return { branch: ASKING.has(phase) ? guardedStep(engine, x, b) : await runTurn(engine, x, b) };
  });
  return next.branch;
}

/** Goes to the end of the state, or to where it waits or asks. Whoever leaves a state behind is the last of those that are ready. */
async function runTurn(engine: Engine, x: Execution, start: Branch): Promise<Branch | undefined> {
  let branch: Branch | undefined = start;
  while (branch?.parent !== undefined && isLive(x, branch) && !ASKING.has(branch.phase)) {
    branch = await guardedStep(engine, x, branch);
    if (branch?.parent === undefined || branch.phase !== 'ready') continue;
    engine.post(x, branch);
    return undefined;
  }
  return branch;
}

export function isLive(x: Execution, b: Branch): boolean {
  return x.status === 'RUNNING' && !b.dead;
}

async function guardedStep(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  try {
    return await step(engine, x, b);
  } catch (error) {
    if (!isLive(x, b)) return undefined;
    try {
      if (error instanceof QueryError) return failEvaluation(engine, x, b, error);
      if (error instanceof StateError) return setFailing(b, error.error, error.error === RUNTIME ? causeIn(b, error) : error.message);
    } catch (second) {
      return closeFull(engine, x, second);
    }
    return closeFull(engine, x, error);
  }
}

/** An execution that may have no more events ends; anything else is a defect and surfaces as a failed job. */
export function closeFull(engine: Engine, x: Execution, error: unknown): undefined {
  if (!(error instanceof NoMoreEvents)) throw error;
  closeExecution(engine, x, 'FAILED', 'ExecutionFailed', { error: { Error: RUNTIME, Cause: error.message } });
  return undefined;
}

/** One phase. Answers the branch to go on with: this one, the one around it, or none. */
async function step(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  switch (b.phase) {
    case 'ready':
      return enter(engine, x, b);
    case 'entered':
      return runState(engine, x, b);
    case 'scheduled':
      return callTask(engine, x, b);
    case 'calling':
      return takeAnswer(engine, x, b);
    case 'finishing':
      return finish(engine, x, b);
    case 'failing':
      return failState(engine, x, b);
    case 'mapping':
      return planMapRun(engine, x, b);
    case 'writing':
      return finishMapRun(engine, x, b);
    default:
      return undefined;
  }
}

function enter(engine: Engine, x: Execution, b: Branch): Branch | undefined {
  const state = stateOf(b);
  b.inputText ??= JSON.stringify(b.input);
  b.enteredAt = engine.kernel.now();
  b.retries = {};
  b.retryCount = 0;
  b.rule = -1;
  b.result = undefined;
  b.error = undefined;
  b.heartbeatMissed = false;
  b.fan = undefined;
  b.mapRun = undefined;
  b.enteredEvent = emit(engine, x, b, `${state.type}StateEntered`, { name: state.name, input: b.inputText });
  b.phase = 'entered';
  engine.countTransition(x.machine.arn);
  return b;
}

async function runState(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const { type, distributed } = stateOf(b);
  switch (type) {
    case 'Task':
      return scheduleTask(engine, x, b);
    case 'Wait':
      return startWait(engine, x, b);
    case 'Choice':
      return choose(engine, x, b);
    case 'Fail':
      return runFail(engine, x, b);
    case 'Parallel':
    case 'Map':
      return distributed === undefined ? startFan(engine, x, b) : startMapRun(engine, x, b);
    case 'Pass':
    case 'Succeed':
      return setFinishing(b, b.input);
  }
}

export function setFinishing(b: Branch, result: unknown): Branch {
  b.result = result;
  b.phase = 'finishing';
  return b;
}

export function setFailing(b: Branch, error: string | null, cause: string | null): Branch {
  b.error = { Error: error, Cause: cause };
  b.phase = 'failing';
  return b;
}

/** What the interpreter itself says begins with where it happened. */
function causeIn(b: Branch, { message }: Error): string {
  return `An error occurred while executing the state '${b.state}' (entered at the event id #${b.enteredEvent}). ${message}`;
}

function failEvaluation(engine: Engine, x: Execution, b: Branch, error: QueryError): Branch | undefined {
  const cause = error.error === QUERY_EVALUATION ? causeIn(b, error) : error.message;
  emit(engine, x, b, 'EvaluationFailed', { error: error.error, cause, location: error.location, state: b.state });
  // A catcher whose own expressions fail is not caught again.
  if (b.error !== undefined) return failBranch(engine, x, b, { Error: error.error, Cause: cause });
  return setFailing(b, error.error, cause);
}

async function choose(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const state = stateOf(b);
  const scope = scopeOf(engine, x, b);
  for (const [index, rule] of state.rules.entries()) {
    const holds = await evaluateTyped(rule.condition, scope, 'boolean');
    if (!isLive(x, b)) return undefined;
    if (holds !== true) continue;
    b.rule = index;
    return setFinishing(b, b.input);
  }
  if (state.exit.next !== undefined) return setFinishing(b, b.input);
  throw noChoice();
}

/** Measured on AWS, whose list of errors has States.NoChoiceMatched for it: https://github.com/floci-io/floci/pull/3167. */
export function noChoice(): StateError {
  return new StateError(RUNTIME, 'Failed to transition out of the state. The state does not point to a next state.');
}

async function runFail(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const { fields } = stateOf(b);
  const scope = scopeOf(engine, x, b);
  const error = fields.get('Error');
  const cause = fields.get('Cause');
  const output = {
    Error: error === undefined ? null : ((await evaluateTyped(error, scope, 'string')) as string),
    Cause: cause === undefined ? null : ((await evaluateTyped(cause, scope, 'string')) as string),
  };
  return isLive(x, b) ? failBranch(engine, x, b, output) : undefined;
}

/** Which exit a state takes: its own, that of the choice rule, or that of the catcher. */
function exitOf(b: Branch): Exit {
  const state = stateOf(b);
  const list = b.error === undefined ? state.rules : state.catchers;
  return (b.rule < 0 ? undefined : list[b.rule]) ?? state.exit;
}

/** Assign and Output see the variables as they were on entry; the new ones exist from the next state on. */
async function finish(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const state = stateOf(b);
  const exit = exitOf(b);
  let output = b.result;
  let assigned: Record<string, unknown> | undefined;
  if (exit.assign !== undefined || exit.output !== undefined) {
    const made = state.type === 'Task' || state.type === 'Parallel' || state.type === 'Map';
    const scope = scopeOf(engine, x, b, { states: b.error !== undefined ? { errorOutput: b.error } : made ? { result: b.result } : {} });
    if (exit.assign !== undefined) assigned = (await evaluateTyped(exit.assign, scope, 'object')) as Record<string, unknown>;
    if (exit.output !== undefined) output = await exit.output.evaluate(scope);
    if (!isLive(x, b)) return undefined;
  }
  // What an expression gives is written anew, what merely passes is not.
  const passed = output === b.input && b.inputText !== undefined ? b.inputText : undefined;
  const text = passed ?? (exit.output === undefined ? textOf(output) : JSON.stringify(output));
  if (exceedsPayload(text))
    throw new StateError(
      DATA_LIMIT,
      `The state/task '${b.state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  const details: Record<string, unknown> = { name: state.name, output: text };
  if (assigned !== undefined) details.assignedVariables = assign(x, b, assigned);
  // Succeed and Fail have no Next; the exit of a catcher or a rule always has one.
  emit(engine, x, b, `${state.type}StateExited`, details);
  if (exit.next === undefined) return endBranch(engine, x, b, output, text);
  b.state = exit.next;
  b.input = output;
  b.inputText = text;
  b.phase = 'ready';
  return b;
}

function endBranch(engine: Engine, x: Execution, b: Branch, output: unknown, text: string): Branch | undefined {
  if (b.parent !== undefined) return finishChild(engine, x, b.parent, b, output);
  closeExecution(engine, x, 'SUCCEEDED', 'ExecutionSucceeded', { output: text, details: { output: text } });
  return undefined;
}
