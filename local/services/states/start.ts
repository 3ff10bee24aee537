import { AwsError } from '../../kernel/errors.ts';
import { redriveMapRun } from './distributed.ts';
import { closeExecution, type Engine, emit } from './engine.ts';
import { type Branch, branchesOf, type Execution, type Machine, newBranch, type Origin, stateOf } from './execution.ts';
import { EXPRESS_LIFETIME_MS, type ExecutionFacts, type ExecutionRow, executionArn, LIFETIME_MS, RETENTION_MS } from './executions.ts';
import { EVENTS_MAX } from './history.ts';
import { exceedsPayload, parseJson } from './json.ts';

/** An execution that did not succeed may be redriven for 14 days. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
const REDRIVE_MS = 14 * 86_400_000;

export interface StartRequest {
  readonly machine: Machine;
  readonly name: string;
  readonly input: string;
  readonly notify: string | undefined;
  readonly origin?: Origin;
  /** The Express execution of a Map Run that is started again: it keeps its ARN. */
  readonly again?: Pick<ExecutionFacts, 'name' | 'redrives'> | undefined;
}

const NO_ORIGIN: Origin = {};

/**
 * Starts an execution. The same name and input answers the one that runs; the name of a closed one is taken for 90 days. Express
 * executions take no notice of names.
 */
export function startExecution(engine: Engine, request: StartRequest): { executionArn: string; startDate: number } {
  const { machine, name, input, again } = request;
  const value = checkInput(input);
  const { express } = machine;
  const arn = executionArn(machine.arn, again?.name ?? (express ? `${name}:${engine.kernel.uuid()}` : name));
  const there = express ? undefined : existing(engine, machine.arn, name);
  if (there !== undefined) {
    if (there.status === 'RUNNING' && there.input === input) return { executionArn: arn, startDate: there.started / 1000 };
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }
  const execution = newExecution(engine, request, arn, value);
  const { version, alias } = execution.origin;
  // Of the execution, not of its first branch: nothing comes before the first state's events.
  emit(engine, execution, undefined, 'ExecutionStarted', {
    input,
    roleArn: machine.roleArn,
    ...(version === undefined ? {} : { stateMachineVersionArn: `${machine.arn}:${version}` }),
    ...(alias === undefined ? {} : { stateMachineAliasArn: `${machine.arn}:${alias}` }),
  });
  engine.post(execution, execution.root);
  engine.statusChanged(execution);
  return { executionArn: arn, startDate: execution.startedAt / 1000 };
}

function newExecution(
  engine: Engine,
  { machine, name, input, notify, origin, again }: StartRequest,
  arn: string,
  value: unknown,
): Execution {
  const now = engine.kernel.now();
  const { timeoutSeconds } = machine.container;
  const lifetime = machine.express ? EXPRESS_LIFETIME_MS : LIFETIME_MS;
  const sequence = { sequence: 0 };
  const root = newBranch(sequence, machine.container, value);
  root.inputText = input;
  return {
    id: engine.executions.nextId(),
    arn,
    name,
    machine,
    startedAt: now,
    input,
    notify,
    origin: origin ?? NO_ORIGIN,
    status: 'RUNNING',
    stoppedAt: undefined,
    output: undefined,
    error: undefined,
    redrives: again === undefined ? 0 : again.redrives + 1,
    redrivenAt: undefined,
    root,
    sequence: sequence.sequence,
    lastEvent: 0,
    pending: [],
    deadlineAt: now + Math.min(timeoutSeconds === undefined ? lifetime : timeoutSeconds * 1000, lifetime),
    stored: false,
    jobs: 0,
  };
}

function checkInput(input: string): unknown {
  const parsed = parseJson(input);
  if (parsed === undefined)
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: 'the input is not valid JSON'`);
  if (exceedsPayload(input))
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: 'the input exceeds the maximum of 262144 bytes'`);
  return parsed.value;
}

/** The execution that has the name, if its time has not run out. */
function existing(engine: Engine, machine: string, name: string): ExecutionFacts | undefined {
  const row = engine.executions.facts(machine, name);
  if (row === undefined) return undefined;
  return isExpired(engine, row.stopped ?? undefined) ? remove(engine, row.id) : row;
}

function remove(engine: Engine, id: number): undefined {
  engine.executions.remove(id);
}

export function isExpired(engine: Engine, stoppedAt: number | undefined): boolean {
  return stoppedAt !== undefined && stoppedAt + RETENTION_MS <= engine.kernel.now();
}

export function stopExecution(engine: Engine, x: Execution, error: string | undefined, cause: string | undefined): void {
  if (x.status !== 'RUNNING') return;
  const given = error === undefined && cause === undefined ? undefined : { Error: error ?? null, Cause: cause ?? null };
  closeExecution(engine, x, 'ABORTED', 'ExecutionAborted', given === undefined ? {} : { error: given });
}

/**
 * Why a closed execution cannot be redriven; undefined where it can. The sentences are those of
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html, without the stop, as recorded.
 */
export function redriveObstacle(engine: Engine, row: Pick<ExecutionRow, 'status' | 'started' | 'stopped' | 'events'>): string | undefined {
  if (row.status === 'RUNNING') return 'Execution is RUNNING and cannot be redriven';
  if (row.status === 'SUCCEEDED') return 'Execution is SUCCEEDED and cannot be redriven';
  if (row.events >= EVENTS_MAX - 1) return 'Execution has exceeded the maximum history event limit';
  const now = engine.kernel.now();
  if (row.started + LIFETIME_MS <= now) return 'Execution has exceeded the max execution time';
  return (row.stopped ?? 0) + REDRIVE_MS <= now ? 'Execution redrivable period exceeded' : undefined;
}

/** What answers say of it: a Map Run's executions are redriven by nothing but their run. */
export function redriveState(
  engine: Engine,
  row: Pick<ExecutionRow, 'status' | 'started' | 'stopped' | 'events' | 'map_run'>,
): { readonly redriveStatus: string; readonly redriveStatusReason?: string } {
  const obstacle = redriveObstacle(engine, row);
  if (obstacle !== undefined) return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: obstacle };
  return { redriveStatus: row.map_run === null ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN' };
}

/** Goes on at the states that failed or were stopped, with their recorded input, fresh retries and a fresh timeout. */
export function redrive(engine: Engine, x: Execution): number {
  const now = engine.kernel.now();
  const { timeoutSeconds } = x.machine.container;
  x.status = 'RUNNING';
  x.stoppedAt = undefined;
  x.output = undefined;
  x.error = undefined;
  x.redrives += 1;
  x.redrivenAt = now;
  if (timeoutSeconds !== undefined) x.deadlineAt = Math.min(now + timeoutSeconds * 1000, x.startedAt + LIFETIME_MS);
  x.root.lastEvent = x.lastEvent;
  const id = emit(engine, x, x.root, 'ExecutionRedriven', { redriveCount: x.redrives });
  for (const branch of [...branchesOf(x.root)]) revive(engine, x, branch, id);
  engine.statusChanged(x);
  return now / 1000;
}

/**
 * As recorded in `testdata/aws/stepfunctions/redrive_execution.json` of radkawar/stackd: a state that was entered is not entered again;
 * what it leaves in the history now follows its entering, but for the failure of a Fail state, which follows the redrive.
 */
function revive(engine: Engine, x: Execution, b: Branch, event: number): void {
  const { error, lastEvent } = b;
  b.dead = false;
  x.sequence += 1;
  b.attempt = x.sequence;
  b.lastEvent = event;
  b.retries = {};
  b.retryCount = 0;
  b.error = undefined;
  b.rule = -1;
  if (b.mapRun !== undefined && redriveMapRun(engine, x, b, error, lastEvent)) return;
  // A fan with unfinished branches goes on in those.
  if (b.fan !== undefined && b.fan.children.length > 0) {
    b.phase = 'inner';
    return;
  }
  if (b.phase !== 'ready') {
    if (stateOf(b).type !== 'Fail') b.lastEvent = b.enteredEvent;
    b.result = undefined;
    b.heartbeatMissed = false;
    b.fan = undefined;
    b.mapRun = undefined;
    b.phase = 'entered';
  }
  engine.post(x, b);
}
