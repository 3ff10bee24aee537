import { AwsError } from '../../kernel/errors.ts';
import { cancelWake, type Engine, setWake } from './engine.ts';
import { type Branch, type Execution, findBranch } from './execution.ts';
import { closeFull } from './interpreter.ts';
import { exceedsPayload, parseAnswer } from './json.ts';
import { hasToken, integrationOf, taskFailed, taskSucceeded } from './tasks.ts';
import { readToken, type TokenTarget } from './tokens.ts';

function targetOf(engine: Engine, token: string): TokenTarget {
  const target = readToken(engine.tokenKey, token);
  if (target === undefined) throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
  return target;
}

/** The attempt that waits for this token. The call that hands the token out need not have returned. */
function waitingFor(engine: Engine, target: TokenTarget): { readonly x: Execution; readonly b: Branch } {
  const x = engine.executions.byId(target.execution);
  const b = x === undefined || x.startedAt !== target.startedAt ? undefined : findBranch(x, target.branch);
  const waits =
    x?.status === 'RUNNING' &&
    b !== undefined &&
    !b.dead &&
    b.attempt === target.attempt &&
    (b.phase === 'token' || b.phase === 'child' || b.phase === 'calling' || b.phase === 'running');
  // One error for timed out, answered and stopped: https://github.com/aws-samples/amazon-mwaa-examples/issues/61 shows what AWS says,
  // and `testdata/aws/stepfunctions/callback_lifecycle.json` of radkawar/stackd what it says of an activity's task.
  if (x === undefined || b === undefined || !waits || !hasToken(integrationOf(b)))
    throw new AwsError('TaskTimedOut', `Task Timed Out: '${target.activity ?? 'Provided task does not exist anymore'}'`);
  return { x, b };
}

function goOn(engine: Engine, x: Execution, b: Branch, apply: () => void): void {
  cancelWake(engine, x, b);
  // Whatever the call still answers is not waited for.
  x.sequence += 1;
  b.attempt = x.sequence;
  try {
    apply();
  } catch (error) {
    closeFull(engine, x, error);
    return;
  }
  engine.post(x, b);
}

/** What is no token is refused before what is no JSON, and that before a token that is worth nothing any more: so it was recorded. */
export function sendTaskSuccess(engine: Engine, token: string, output: string): void {
  const target = targetOf(engine, token);
  const parsed = parseAnswer(output);
  if (parsed === undefined) throw new AwsError('InvalidOutput', `Invalid Output: '${output}' is not valid JSON.`);
  if (exceedsPayload(output)) throw new AwsError('InvalidOutput', `Invalid Output: 'the output exceeds the maximum of 262144 bytes'`);
  const { x, b } = waitingFor(engine, target);
  goOn(engine, x, b, () => taskSucceeded(engine, x, b, parsed.value));
}

export function sendTaskFailure(engine: Engine, token: string, error: string | undefined, cause: string | undefined): void {
  const { x, b } = waitingFor(engine, targetOf(engine, token));
  goOn(engine, x, b, () => taskFailed(engine, x, b, { Error: error ?? null, Cause: cause ?? null }));
}

export function sendTaskHeartbeat(engine: Engine, token: string): void {
  const { x, b } = waitingFor(engine, targetOf(engine, token));
  if (b.heartbeatSeconds === undefined) return;
  b.heartbeatAt = engine.kernel.now() + b.heartbeatSeconds * 1000;
  if (b.phase === 'token' || b.phase === 'child') setWake(engine, x, b, Math.min(b.deadline ?? Number.POSITIVE_INFINITY, b.heartbeatAt));
  engine.executions.touch(x);
}
