import { AwsError } from '../../kernel/errors.ts';
import { type Answer, callService } from './calls.ts';
import type { CompiledState } from './definition.ts';
import { cancelWake, type Engine, emit, errorDetails, scopeOf, setWake, tokenOf } from './engine.ts';
import { DATA_LIMIT, type ErrorOutput, QueryError, RUNTIME, StateError, TIMEOUT } from './errors.ts';
import { type Branch, type Execution, stateOf } from './execution.ts';
import { evaluateTyped, type Scope } from './expression.ts';
import type { Integration } from './integrations.ts';
import { isLive, setFailing, setFinishing } from './interpreter.ts';
import { exceedsPayload, isObject, textOf } from './json.ts';
import { errorOfCall, errorOfRestart } from './task-errors.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html: the default of both is this, too. */
const SECONDS_MAX = 99_999_999;

export function integrationOf(b: Branch): Integration {
  const { integration } = stateOf(b);
  if (integration === undefined) throw new Error(`The state ${b.state} has no resource.`);
  return integration;
}

/** Schedules an attempt: evaluates the fields under a fresh token, then the call is a job of its own. */
export async function scheduleTask(engine: Engine, x: Execution, b: Branch): Promise<undefined> {
  const integration = integrationOf(b);
  const { fields } = stateOf(b);
  x.sequence += 1;
  b.attempt = x.sequence;
  const scope = scopeOf(engine, x, b, hasToken(integration) ? { token: tokenOf(engine, x, b) } : {});
  const given = fields.get('Arguments');
  const input = given === undefined ? b.input : await given.evaluate(scope);
  checkArguments(integration, input);
  const timeout = await secondsOf(stateOf(b), scope, 'TimeoutSeconds');
  const heartbeat = await secondsOf(stateOf(b), scope, 'HeartbeatSeconds');
  const role = fields.get('Credentials/RoleArn');
  const roleArn = role === undefined ? undefined : await evaluateTyped(role, scope, 'string');
  if (!isLive(x, b)) return;
  const parameters = JSON.stringify(input);
  if (exceedsPayload(parameters)) throw inputTooLarge(b);
  const more = {
    ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
    ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }),
    // Every caller may do everything here: the role is for the history.
    ...(roleArn === undefined ? {} : { taskCredentials: { roleArn } }),
  };
  if (integration.activityArn !== undefined) {
    waitForWorker(engine, x, b, integration.activityArn, { input: parameters, timeout, heartbeat });
    return;
  }
  if (integration.kind === 'function') {
    emit(engine, x, b, 'LambdaFunctionScheduled', { resource: integration.functionArn, input: parameters, ...more });
  } else {
    const { resourceType, resource } = integration;
    const region = integration.region || (x.arn.split(':')[3] ?? '');
    emit(engine, x, b, 'TaskScheduled', { resourceType, resource, region, parameters, ...more });
  }
  const now = engine.kernel.now();
  b.deadline = timeout === undefined ? undefined : now + timeout * 1000;
  b.heartbeatSeconds = heartbeat;
  b.heartbeatAt = heartbeat === undefined ? undefined : now + heartbeat * 1000;
  b.heartbeatMissed = false;
  b.result = input;
  b.phase = 'scheduled';
  engine.post(x, b);
}

/**
 * A task that waits for the end of what it started may be answered by its token as well, as recorded: `test_sync_with_task_token` of
 * localstack/localstack. What it started goes on.
 */
export function hasToken({ pattern }: Integration): boolean {
  return pattern !== 'response';
}

/** An input that the state made itself is limited as any. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export function inputTooLarge({ state }: Pick<Branch, 'state'>): StateError {
  return new StateError(
    DATA_LIMIT,
    `The state/task '${state}' was given an input with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** An activity's task is some worker's: its times run from when that takes it. */
function waitForWorker(
  engine: Engine,
  x: Execution,
  b: Branch,
  activity: string,
  task: { readonly input: string; readonly timeout: number | undefined; readonly heartbeat: number | undefined },
): void {
  // Recorded, in `testdata/aws/stepfunctions/activity_missing.json` of radkawar/stackd: no event but that of the end.
  if (engine.activities.find(activity) === undefined) throw new StateError(RUNTIME, `The activity ${activity} does not exist.`);
  emit(engine, x, b, 'ActivityScheduled', {
    resource: activity,
    input: task.input,
    ...(task.timeout === undefined ? {} : { timeoutInSeconds: task.timeout }),
    ...(task.heartbeat === undefined ? {} : { heartbeatInSeconds: task.heartbeat }),
  });
  b.result = undefined;
  b.deadline = undefined;
  b.heartbeatSeconds = undefined;
  b.heartbeatAt = undefined;
  b.heartbeatMissed = false;
  b.phase = 'token';
  setTaskWake(engine, x, b);
  engine.activities.schedule(activity, x, b, task);
}

/** What a literal definition could not show: members that an expression made. */
export function checkArguments(integration: Integration, input: unknown): void {
  if (integration.kind === 'function' || integration.kind === 'activity') return;
  if (!isObject(input)) throw new QueryError('Arguments', `The field 'Arguments' must be an object but was: ${JSON.stringify(input)}`);
  const { required, optional } = integration.operationFields;
  for (const key of required)
    if (!(key in input))
      throw new QueryError(
        'Arguments',
        `The field '${key}' is required by ${integration.resourceType}:${integration.resource} but was missing`,
      );
  for (const key of Object.keys(input))
    if (!required.includes(key) && !optional.includes(key))
      throw new QueryError('Arguments', `The field '${key}' is not supported by ${integration.resourceType}:${integration.resource}`);
}

export async function secondsOf(
  { fields }: CompiledState,
  scope: Scope,
  field: 'TimeoutSeconds' | 'HeartbeatSeconds',
): Promise<number | undefined> {
  const template = fields.get(field);
  if (template === undefined) return undefined;
  const seconds = (await evaluateTyped(template, scope, 'number')) as number;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > SECONDS_MAX)
    throw new QueryError(field, `The field '${field}' must be an integer from 1 to ${SECONDS_MAX} but was: ${seconds}`);
  return seconds;
}

/** Makes the call of a scheduled attempt and goes on with its answer, unless the attempt ended meanwhile. */
export async function callTask(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const integration = integrationOf(b);
  const input = b.result;
  const { attempt } = b;
  if (integration.kind === 'function') emit(engine, x, b, 'LambdaFunctionStarted');
  else emit(engine, x, b, 'TaskStarted', { resourceType: integration.resourceType, resource: integration.resource });
  b.phase = 'calling';
  const call = { execution: x, branch: b, isTimed: false };
  engine.calls.add(call);
  const notify =
    integration.pattern === 'sync' || integration.pattern === 'sync2' || isSyncCall(integration) ? `${x.id}:${b.id}:${attempt}` : undefined;
  const request = notify === undefined ? input : { ...(input as Record<string, unknown>), notify };
  const answer = await callService(engine, x, integration, request);
  engine.calls.delete(call);
  // A callback, a timeout or a stop may have been first: then this answer is nobody's.
  if (!isLive(x, b) || b.attempt !== attempt || b.phase !== 'calling') return undefined;
  if (call.isTimed) cancelWake(engine, x, b);
  b.result = answer;
  // One that has others beside it takes its answer in turn.
  return b.parent === undefined ? takeAnswer(engine, x, b) : b;
}

/** Goes on with the answer of a call. */
export function takeAnswer(engine: Engine, x: Execution, b: Branch): Branch | undefined {
  const { result, error, milliseconds } = b.result as Answer;
  if (milliseconds > 0) return waitForWork(engine, x, b, milliseconds, error === undefined ? { result } : { error });
  return error === undefined ? answered(engine, x, b, result) : taskFailed(engine, x, b, error);
}

/** A call whose answer may take virtual time: its caller is told as the parent of an execution is. */
function isSyncCall({ service, operation }: Integration): boolean {
  return service === 'states' && operation === 'StartSyncExecution';
}

/** Calls that are out wait for time to pass: from now on theirs is limited. */
export function limitCalls(engine: Engine): void {
  for (const call of engine.calls) {
    if (call.isTimed || call.branch.phase !== 'calling') continue;
    call.isTimed = true;
    setTaskWake(engine, call.execution, call.branch);
  }
}

function setTaskWake(engine: Engine, x: Execution, b: Branch): void {
  setWake(engine, x, b, Math.min(b.deadline ?? Number.POSITIVE_INFINITY, b.heartbeatAt ?? Number.POSITIVE_INFINITY));
}

/** The answer is known, its time has not come. */
function waitForWork(engine: Engine, x: Execution, b: Branch, milliseconds: number, outcome: object): undefined {
  b.phase = 'running';
  b.result = { ...outcome, at: engine.kernel.now() + milliseconds };
  setWake(engine, x, b, Math.min(engine.kernel.now() + milliseconds, b.deadline ?? Number.POSITIVE_INFINITY));
  engine.executions.touch(x);
}

function answered(engine: Engine, x: Execution, b: Branch, result: unknown): Branch | undefined {
  const integration = integrationOf(b);
  const { pattern, resourceType, resource } = integration;
  if (isSyncCall(integration)) {
    // The call is still out, for as long as what it started runs; nobody stops that with its caller.
    b.phase = 'child';
    b.result = undefined;
    setTaskWake(engine, x, b);
    return undefined;
  }
  if (pattern === 'response') return taskSucceeded(engine, x, b, result);
  emit(engine, x, b, 'TaskSubmitted', { resourceType, resource, output: JSON.stringify(result) });
  const child = (result as { ExecutionArn?: unknown } | null)?.ExecutionArn;
  if (pattern !== 'token' && String(child).includes(':express:')) return taskFailed(engine, x, b, unknownToDescribe(engine, integration));
  b.phase = pattern === 'token' ? 'token' : 'child';
  b.result = pattern === 'token' ? undefined : child;
  setTaskWake(engine, x, b);
  return undefined;
}

/** What is started with .sync is watched by DescribeExecution, which has no Express executions. */
function unknownToDescribe(engine: Engine, integration: Integration): ErrorOutput {
  const refusal = new AwsError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
  return errorOfCall(integration, refusal, engine.kernel.uuid());
}

/** The attempt has its result, from the call, a callback or a child execution. */
export function taskSucceeded(engine: Engine, x: Execution, b: Branch, result: unknown): Branch {
  const output = textOf(result);
  if (exceedsPayload(output)) return taskFailed(engine, x, b, resultTooLarge(integrationOf(b)));
  emitEnd(engine, x, b, 'Succeeded', { output });
  return setFinishing(b, result);
}

export function resultTooLarge({ functionArn, resourceType }: Integration): ErrorOutput {
  const cause = `The state/task '${functionArn ?? resourceType}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return { Error: DATA_LIMIT, Cause: cause };
}

function emitEnd(
  engine: Engine,
  x: Execution,
  b: Branch,
  end: 'Succeeded' | 'Failed' | 'TimedOut',
  details: Record<string, unknown>,
): void {
  const { kind, resourceType, resource } = integrationOf(b);
  if (kind === 'function') emit(engine, x, b, `LambdaFunction${end}`, details);
  else if (kind === 'activity') emit(engine, x, b, `Activity${end}`, details);
  else emit(engine, x, b, `Task${end}`, { resourceType, resource, ...details });
}

export function taskFailed(engine: Engine, x: Execution, b: Branch, error: ErrorOutput): Branch {
  emitEnd(engine, x, b, 'Failed', errorDetails(error));
  return setFailing(b, error.Error, error.Cause);
}

/** The attempt's time is over, or its worker has not been heard of. Both are States.Timeout. */
function taskTimedOut(engine: Engine, x: Execution, b: Branch, heartbeat: boolean): Branch {
  emitEnd(engine, x, b, 'TimedOut', { error: TIMEOUT });
  if (b.phase === 'child' && typeof b.result === 'string') engine.stopChild(b.result);
  b.heartbeatMissed = heartbeat;
  return setFailing(b, TIMEOUT, null);
}

/** After a restart: the call was out when the process died. */
export function failLostCall(engine: Engine, x: Execution, b: Branch): Branch {
  return taskFailed(engine, x, b, errorOfRestart(integrationOf(b)));
}

/** Waits for an answer that has not come in time. */
export function isOverdue(b: Branch, now: number): boolean {
  const due = Math.min(b.deadline ?? Number.POSITIVE_INFINITY, b.heartbeatAt ?? Number.POSITIVE_INFINITY);
  return now >= due && (b.phase === 'calling' || b.phase === 'token' || b.phase === 'child' || b.phase === 'running');
}

/** The branch's timer has fired. Answers the branch where it is to go on. */
export function wakeTask(engine: Engine, x: Execution, b: Branch): Branch | undefined {
  const now = engine.kernel.now();
  if (b.phase === 'running') {
    const { at, result, error } = b.result as { at: number; result?: unknown; error?: ErrorOutput };
    // The answer of the very instant of the timeout still counts.
    if (now >= at) return error === undefined ? answered(engine, x, b, result) : taskFailed(engine, x, b, error);
  }
  if (b.deadline !== undefined && now >= b.deadline) return taskTimedOut(engine, x, b, false);
  if (b.heartbeatAt !== undefined && now >= b.heartbeatAt) return taskTimedOut(engine, x, b, true);
  return undefined;
}
