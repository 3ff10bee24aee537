import { inMilliseconds, inText, raiseKeys } from './calls.ts';
import { cancelWake, type Engine } from './engine.ts';
import { findBranch, stateOf } from './execution.ts';
import { type ExecutionFacts, executionArn } from './executions.ts';
import { syncResult } from './express.ts';
import { closeFull } from './interpreter.ts';
import { redriveState } from './start.ts';
import { taskFailed, taskSucceeded } from './tasks.ts';

/**
 * An execution started with .sync has ended: the task that waits for it has its result. Posted, because the end may come inside
 * a step of the parent itself; told twice, the second finds nobody waiting.
 */
export function tellParent(engine: Engine, childId: number): void {
  engine.kernel.post(`end of execution ${childId}`, () => {
    const child = engine.executions.factsById(childId);
    const [id, branchId, attempt] = (child?.notify ?? '').split(':').map(Number);
    const x = id === undefined ? undefined : engine.executions.byId(id);
    const b = x === undefined || branchId === undefined ? undefined : findBranch(x, branchId);
    if (child === undefined || x === undefined || b === undefined) return;
    if (x.status !== 'RUNNING' || b.dead || b.attempt !== attempt || (b.phase !== 'child' && b.phase !== 'calling')) return;
    const integration = stateOf(b).integration;
    const called = integration?.operation === 'StartSyncExecution';
    const result = called ? raiseKeys(syncResultOf(child), inText) : resultOf(engine, child, integration?.pattern === 'sync2');
    cancelWake(engine, x, b);
    try {
      // The answer of StartSyncExecution is one whatever became of the execution.
      if (called || child.status === 'SUCCEEDED') taskSucceeded(engine, x, b, result);
      else taskFailed(engine, x, b, { Error: 'States.TaskFailed', Cause: JSON.stringify(result) });
    } catch (error) {
      closeFull(engine, x, error);
      return;
    }
    engine.post(x, b);
  });
}

function syncResultOf(child: ExecutionFacts): Record<string, unknown> {
  return syncResult({
    arn: executionArn(child.machine, child.name),
    name: child.name.split(':')[0] ?? child.name,
    machine: { arn: child.machine },
    startedAt: child.started,
    stoppedAt: child.stopped ?? undefined,
    input: child.input,
    output: child.output ?? undefined,
    error: child.error === null && child.cause === null ? undefined : { Error: child.error, Cause: child.cause },
    status: child.status,
  });
}

/** What `DescribeExecution` says, in the spelling of integrations; `.sync:2` has the payloads as JSON rather than as text. */
function resultOf(engine: Engine, child: ExecutionFacts, parsed: boolean): Record<string, unknown> {
  const payload = (text: string): unknown => (parsed ? JSON.parse(text) : text);
  const told = raiseKeys(
    {
      executionArn: executionArn(child.machine, child.name),
      ...(child.error === null ? {} : { error: child.error }),
      ...(child.cause === null ? {} : { cause: child.cause }),
      inputDetails: { included: true },
      name: child.name,
      ...(child.output === null ? {} : { outputDetails: { included: true } }),
      startDate: child.started / 1000,
      stateMachineArn: child.machine,
      status: child.status,
      stopDate: (child.stopped ?? 0) / 1000,
      redriveCount: child.redrives,
      ...redriveState(engine, child),
    },
    inMilliseconds,
  );
  const result = {
    ...(told as Record<string, unknown>),
    Input: payload(child.input),
    ...(child.output === null ? {} : { Output: payload(child.output) }),
  };
  // Recorded: in the order of the alphabet, which shows where it is the text of a cause.
  return Object.fromEntries(Object.entries(result).sort(([one], [other]) => (one < other ? -1 : 1)));
}
