import type { Kernel } from '../../kernel/kernel.ts';
import type { Activities } from './activities.ts';
import type { ErrorOutput } from './errors.ts';
import { type Branch, branchesOf, type Execution, type Status, stateOf } from './execution.ts';
import type { Executions } from './executions.ts';
import type { SyncCallers } from './express.ts';
import type { Scope } from './expression.ts';
import { appendEvent, NoMoreEvents } from './history.ts';
import type { Machines } from './machines.ts';
import type { MapRuns } from './map-runs.ts';
import type { RedriveTokens } from './redrive-tokens.ts';
import { isoTime } from './times.ts';
import { makeToken } from './tokens.ts';

/** What the parts of the interpreter share. */
export interface Engine {
  readonly kernel: Kernel;
  readonly executions: Executions;
  readonly machines: Machines;
  readonly activities: Activities;
  readonly mapRuns: MapRuns;
  readonly syncCallers: SyncCallers;
  readonly redriveTokens: RedriveTokens;
  /** The calls of tasks that are out. */
  readonly calls: Set<CallOut>;
  readonly functions: Readonly<Record<string, unknown>>;
  readonly tokenKey: string;
  /** Continues a branch as a job of its own at this instant. */
  post(execution: Execution, branch: Branch): void;
  /** Called once when an execution's status changes, after the event is in the history. */
  statusChanged(execution: Execution): void;
  /** Counts a state entered. */
  countTransition(machineArn: string): void;
  /** Ends an execution that was started with .sync, because nobody waits for it any more. */
  stopChild(arn: string): void;
  /** Ends a Map Run with all that it has started, because nobody waits for it any more; false where it has ended. */
  abortMapRun(id: number): boolean;
  /** Removes a machine that is being deleted once nothing runs on it. */
  finishDeleting(machineArn: string): void;
}

/** A call of a task that is out. Hardly any lets time pass; one that does has its timer set when all is found to wait. */
export interface CallOut {
  readonly execution: Execution;
  readonly branch: Branch;
  isTimed: boolean;
}

const inputs = new WeakMap<Execution, { value: unknown }>();

function inputOf(execution: Execution): unknown {
  let known = inputs.get(execution);
  if (known === undefined) {
    known = { value: JSON.parse(execution.input) };
    inputs.set(execution, known);
  }
  return known.value;
}

/**
 * Recorded in `testdata/aws/stepfunctions/deletion_lifecycle.json` of radkawar/stackd: once its machine is deleted, an execution fails
 * at whatever would be its next event. That a worker takes a task is no transition.
 */
const AFTER_DELETION = /^Execution|Aborted$|^ActivityStarted$|^MapRunRedriven$/;

/** Appends an event of a branch and takes the execution into the next write. */
export function emit(
  engine: Engine,
  x: Execution,
  b: Branch | undefined,
  type: string,
  details?: Readonly<Record<string, unknown>>,
): number {
  if (engine.machines.isDeleting(x.machine.arn) && !AFTER_DELETION.test(type))
    throw new NoMoreEvents(`State machine ${x.machine.name.split('/')[0]} has been deleted`);
  const id = appendEvent(x, b, engine.kernel.now(), type, details);
  engine.executions.touch(x);
  return id;
}

const RETRIED: ReadonlySet<string> = new Set(['Task', 'Parallel', 'Map']);

/** The context object. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
function contextOf(
  x: Execution,
  b: Branch,
  { token, item }: { readonly token?: string; readonly item?: unknown },
): Record<string, unknown> {
  const context: Record<string, unknown> = {
    Execution: {
      Id: x.arn,
      get Input() {
        return inputOf(x);
      },
      StartTime: isoTime(x.startedAt),
      Name: x.name,
      RoleArn: x.machine.roleArn,
      RedriveCount: x.redrives,
      ...(x.redrivenAt === undefined ? {} : { RedriveTime: isoTime(x.redrivenAt) }),
    },
    // Recorded: an execution of a Map Run has the label in the identifier alone.
    StateMachine: { Id: x.machine.arn, Name: x.machine.name.split('/')[0] },
    State: {
      Name: b.state,
      EnteredTime: isoTime(b.enteredAt),
      // Recorded: a state that cannot be retried has no count.
      ...(RETRIED.has(stateOf(b).type) ? { RetryCount: b.retryCount } : {}),
    },
  };
  for (let at: Branch | undefined = b; at !== undefined; at = at.parent) {
    if (at.item === undefined) continue;
    context.Map = { Item: at.item };
    break;
  }
  if (token !== undefined) context.Task = { Token: token };
  if (item !== undefined) context.Map = { Item: item };
  return context;
}

/** What the state's expressions see; `extra` adds `result` or `errorOutput`, `token` the task token, `item` the item of a Map. */
export function scopeOf(
  engine: Engine,
  x: Execution,
  b: Branch,
  extra: { readonly states?: Record<string, unknown>; readonly token?: string; readonly item?: unknown } = {},
): Scope {
  let context: Record<string, unknown> | undefined;
  const states = {
    input: b.input,
    // Few expressions look at it.
    get context() {
      context ??= contextOf(x, b, extra);
      return context;
    },
    ...extra.states,
  };
  return { states, variables: variablesOf(b), functions: engine.functions };
}

function variablesOf(b: Branch): Readonly<Record<string, unknown>> {
  return b.parent === undefined ? b.variables : { ...variablesOf(b.parent), ...b.variables };
}

export function tokenOf(engine: Engine, x: Execution, b: Branch, activity?: string): string {
  return makeToken(engine.tokenKey, { execution: x.id, branch: b.id, attempt: b.attempt, startedAt: x.startedAt, activity });
}

// ---- timers ------------------------------------------------------------------------------------------------------------

const SERVICE = 'states';

function timerKey(x: Execution, b: Branch): string {
  return `${x.id}:${b.id}`;
}

/** Wakes the branch at `at`, or at the end of the execution's own time. */
export function setWake(engine: Engine, x: Execution, b: Branch, at: number): void {
  engine.kernel.setTimer(SERVICE, timerKey(x, b), Math.min(at, x.deadlineAt), String(b.attempt));
}

export function cancelWake(engine: Engine, x: Execution, b: Branch): void {
  engine.kernel.cancelTimer(SERVICE, timerKey(x, b));
}

const TIMED: ReadonlySet<string> = new Set(['timer', 'retry', 'token', 'running', 'child']);

// ---- the end of an execution -------------------------------------------------------------------------------------------

/** Closes an execution: nothing in it goes on. What a redrive needs stays. */
export function closeExecution(
  engine: Engine,
  x: Execution,
  status: Exclude<Status, 'RUNNING'>,
  type: string,
  end: { readonly output?: string; readonly error?: ErrorOutput; readonly details?: Record<string, unknown> },
): void {
  const last = x.root.lastEvent;
  abortBranches(engine, x);
  x.status = status;
  x.stoppedAt = engine.kernel.now();
  x.output = end.output;
  x.error = end.error;
  x.root.lastEvent = last;
  emit(engine, x, status === 'ABORTED' || status === 'TIMED_OUT' ? undefined : x.root, type, end.details ?? errorDetails(end.error));
  engine.statusChanged(x);
}

export function errorDetails(error: ErrorOutput | undefined): Record<string, unknown> {
  return {
    ...(error?.Error == null ? {} : { error: error.Error }),
    ...(error?.Cause == null ? {} : { cause: error.Cause }),
  };
}

function abortBranches(engine: Engine, x: Execution): void {
  for (const branch of branchesOf(x.root)) haltBranch(engine, x, branch);
}

/** Stops one branch where it stands; late timers, tokens and answers find another attempt number. */
export function haltBranch(engine: Engine, x: Execution, b: Branch): void {
  if (TIMED.has(b.phase)) cancelWake(engine, x, b);
  if (b.phase === 'child' && typeof b.result === 'string') engine.stopChild(b.result);
  if (b.mapRun !== undefined && (b.phase === 'mapping' || b.phase === 'map' || b.phase === 'writing') && engine.abortMapRun(b.mapRun))
    emit(engine, x, b, 'MapRunAborted');
  if (b.phase !== 'failing' && b.phase !== 'inner' && b.phase !== 'ready') b.phase = 'aborted';
  x.sequence += 1;
  b.attempt = x.sequence;
  b.dead = true;
}

/** The state of a branch that is stopped because a neighbour failed leaves an event of its own. */
export function emitAborted(engine: Engine, x: Execution, b: Branch): void {
  const { type } = stateOf(b);
  if (b.phase !== 'ready' && (type === 'Task' || type === 'Wait' || type === 'Parallel' || type === 'Map'))
    emit(engine, x, b, `${type}StateAborted`);
}
