import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf, refusal, returns, throws } from './harness.ts';
import { children, ECHO, INVOKE, map, mapRuns, onlyRun, type Services, withS3 } from './map-world.ts';

describe('a distributed Map', () => {
  it.each(['STANDARD', 'EXPRESS'])('runs each item as an execution of its own, of type %s', async (type) => {
    const harness = withS3();
    const { arn, status } = await harness.run(
      map(
        ECHO,
        { Label: 'each', ItemSelector: { n: '{% $states.context.Map.Item.Value %}', of: '{% $states.context.Map.Item.Source %}' } },
        type,
      ),
      ['a', 'b'],
    );
    expect(status).toBe('SUCCEEDED');
    expect(await harness.output(arn)).toEqual([
      { n: 'a', of: 'STATE_DATA' },
      { n: 'b', of: 'STATE_DATA' },
    ]);
    // Recorded, with what follows what: testdata/aws/stepfunctions/distributed_map.json of radkawar/stackd.
    expect((await harness.history(arn)).map(({ type, previousEventId }) => [type, previousEventId])).toEqual([
      ['ExecutionStarted', 0],
      ['MapStateEntered', 0],
      ['MapStateStarted', 2],
      ['MapRunStarted', 3],
      ['MapRunSucceeded', 4],
      ['MapStateSucceeded', 5],
      ['MapStateExited', 4],
      ['ExecutionSucceeded', 7],
    ]);
    const [listed] = await mapRuns(harness, arn);
    expect(listed?.stateMachineArn).toMatch(/stateMachine:test\/each$/);
    const run = await onlyRun(harness, arn);
    expect(run.mapRunArn).toMatch(/^arn:aws:states:us-east-1:000000000000:mapRun:test\/each:[0-9a-f-]{36}$/);
    expect(run).toMatchObject({
      status: 'SUCCEEDED',
      executionArn: arn,
      executionCounts: { total: 2, succeeded: 2, pending: 0, running: 0, resultsWritten: 2 },
      itemCounts: { resultsWritten: 2 },
    });
    const [last] = await children(harness, run.mapRunArn);
    const kind = type === 'EXPRESS' ? 'express' : 'execution';
    expect(String(last?.executionArn)).toContain(`:${kind}:test/each:`);
    expect(last).toMatchObject({ itemCount: 1, status: 'SUCCEEDED', mapRunArn: run.mapRunArn });
    expect(String(last?.stateMachineArn)).toMatch(/stateMachine:test\/each$/);
    expect(await harness.describe(String(last?.executionArn))).toMatchObject({ mapRunArn: run.mapRunArn });
  });

  it('is labelled by the UUID of its name where it has no label', async () => {
    const harness = withS3();
    const { M } = map(ECHO);
    const { arn } = await harness.run({ JsonMap: M ?? {} }, []);
    // As seen on AWS: `testdata/aws/stepfunctions/distributed_map.json` of radkawar/stackd.
    expect((await onlyRun(harness, arn)).mapRunArn).toContain(':mapRun:test/3318ddf7-9a0e-3259-a825-55a4e8e3e9b1:');
  });

  it('gives each execution a history, and tells whose it is', async () => {
    const harness = withS3();
    const { arn } = await harness.run(map(ECHO, { Label: 'each' }), [1]);
    const [child] = await children(harness, (await onlyRun(harness, arn)).mapRunArn);
    const executionArn = String(child?.executionArn);
    expect(await harness.types(executionArn)).toEqual(['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']);
    const machine = await harness.call('DescribeStateMachineForExecution', { executionArn });
    expect(machine).toMatchObject({ name: 'test', label: 'each', mapRunArn: (await onlyRun(harness, arn)).mapRunArn });
    const processor = await harness.call('DescribeStateMachine', { stateMachineArn: machine.stateMachineArn });
    expect(JSON.parse(String(processor.definition))).toMatchObject({ StartAt: 'P' });
    expect(await codeOf(harness.call('StartExecution', { stateMachineArn: machine.stateMachineArn }))).toBe('ValidationException');
    expect(await refusal(harness.call('RedriveExecution', { executionArn }))).toBe(
      'ValidationException: Labeled Execution ARNs are not supported for this API',
    );
  });

  it('names the executions of a run by the machine and the label', async () => {
    const harness = withS3();
    const { arn } = await harness.run(
      map({ P: { Type: 'Pass', Output: '{% $states.context.StateMachine %}', End: true } }, { Label: 'l' }),
      [1],
    );
    // Recorded.
    expect(await harness.output(arn)).toEqual([{ Id: 'arn:aws:states:us-east-1:000000000000:stateMachine:test/l', Name: 'test' }]);
  });

  it('has no history of Express executions, and tells all else of them', async () => {
    const harness = withS3();
    const { arn } = await harness.run(map(ECHO, {}, 'EXPRESS'), [1]);
    const [child] = await children(harness, (await onlyRun(harness, arn)).mapRunArn);
    expect(await codeOf(harness.call('GetExecutionHistory', { executionArn: child?.executionArn }))).toBe('InvalidArn');
    expect(await harness.call('DescribeStateMachineForExecution', { executionArn: child?.executionArn })).toMatchObject({ name: 'test' });
    expect(await refusal(harness.call('RedriveExecution', { executionArn: child?.executionArn }))).toBe(
      "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
    );
  });

  it('succeeds at once with no items', async () => {
    const harness = withS3();
    const { arn } = await harness.run(map(ECHO), []);
    expect(await harness.output(arn)).toEqual([]);
    expect(await onlyRun(harness, arn)).toMatchObject({ status: 'SUCCEEDED', itemCounts: { total: 0 } });
  });

  it('keeps outer variables from its executions', async () => {
    const harness = withS3();
    const states = {
      A: { Type: 'Pass', Assign: { v: 1 }, Output: [1], Next: 'M' },
      ...map({ P: { Type: 'Pass', Output: '{% $v %}', End: true } }),
    };
    const { arn, error } = await harness.run(states);
    expect(error).toBe('States.ExceedToleratedFailureThreshold');
    const [child] = await children(harness, (await onlyRun(harness, arn)).mapRunArn);
    expect(await harness.describe(String(child?.executionArn))).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it('runs no more beside each other than it may, and learns of a new limit', async () => {
    const harness = withS3();
    const wait = { W: { Type: 'Wait', Seconds: 10, End: true } };
    harness.machine(map(wait, { MaxConcurrency: 2 }));
    const arn = await harness.start([1, 2, 3, 4, 5]);
    const { mapRunArn } = await onlyRun(harness, arn);
    expect(await onlyRun(harness, arn)).toMatchObject({ maxConcurrency: 2, executionCounts: { running: 2, pending: 3, total: 5 } });
    await harness.call('UpdateMapRun', { mapRunArn, maxConcurrency: 4 });
    await harness.kernel.settle();
    expect(await onlyRun(harness, arn)).toMatchObject({ maxConcurrency: 4, executionCounts: { running: 4, pending: 1 } });
    await harness.kernel.advance(20_000);
    expect(await harness.output(arn)).toEqual([1, 2, 3, 4, 5]);
    expect(await codeOf(harness.call('UpdateMapRun', { mapRunArn, maxConcurrency: 1 }))).toBe('ValidationException');
    expect(await codeOf(harness.call('DescribeMapRun', { mapRunArn: `${String(mapRunArn)}0` }))).toBe('ResourceNotFound');
  });

  it('goes on after a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'states-'));
    const states = map({ W: { Type: 'Wait', Seconds: 10, End: true } }, { MaxConcurrency: 2 });
    const before = withS3({}, directory);
    before.machine(states);
    const arn = await before.start([1, 2, 3]);
    before.kernel.stop();
    const after = withS3({}, directory);
    after.kernel.resume();
    await after.kernel.advance(20_000);
    expect(await after.output(arn)).toEqual([1, 2, 3]);
    expect(await onlyRun(after, arn)).toMatchObject({ executionCounts: { total: 3, succeeded: 3 } });
    after.kernel.stop();
    rmSync(directory, { recursive: true });
  });

  it('nests', async () => {
    const harness = withS3();
    const { arn } = await harness.run(map({ N: { ...map({ Q: { Type: 'Pass', End: true } }).M } }), [[1, 2], [3]]);
    expect(await harness.output(arn)).toEqual([[1, 2], [3]]);
  });

  it('stops all that it has started with its execution, and what had not been started is never', async () => {
    const harness = withS3();
    harness.machine(map({ W: { Type: 'Wait', Seconds: 10, End: true } }, { MaxConcurrency: 1 }));
    const executionArn = await harness.start([1, 2]);
    await harness.call('StopExecution', { executionArn });
    await harness.kernel.advance(60_000);
    expect(await onlyRun(harness, executionArn)).toMatchObject({ status: 'ABORTED', executionCounts: { aborted: 1, pending: 1 } });
    expect((await harness.types(executionArn)).slice(-2)).toEqual(['MapRunAborted', 'ExecutionAborted']);
  });
});

describe('the failures it tolerates', () => {
  const odd: Services = {
    lambda: (_operation, input) => (Number(input.Payload) % 2 === 1 ? throws('Odd') : returns(Number(input.Payload))),
  };

  it('are none unless it says so', async () => {
    const harness = withS3(odd);
    const { arn, error, cause } = await harness.run(map(INVOKE, { MaxConcurrency: 1 }), [2, 1, 4]);
    expect({ error, cause }).toEqual({
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
    });
    expect((await harness.types(arn)).slice(3)).toEqual(['MapRunStarted', 'MapRunFailed', 'MapStateFailed', 'ExecutionFailed']);
    expect(await onlyRun(harness, arn)).toMatchObject({ status: 'FAILED', executionCounts: { succeeded: 1, failed: 1, pending: 1 } });
  });

  it.each([
    { limit: { ToleratedFailureCount: 1 }, status: 'FAILED' },
    { limit: { ToleratedFailureCount: 2 }, status: 'SUCCEEDED' },
    { limit: { ToleratedFailureCount: '{% 1 + 1 %}' }, status: 'SUCCEEDED' },
    { limit: { ToleratedFailurePercentage: 49.9 }, status: 'FAILED' },
    { limit: { ToleratedFailurePercentage: 50 }, status: 'SUCCEEDED' },
    { limit: { ToleratedFailureCount: 2, ToleratedFailurePercentage: 10 }, status: 'FAILED' },
  ])('are up to $limit: $status', async ({ limit, status }) => {
    const harness = withS3(odd);
    expect(await harness.run(map(INVOKE, limit), [1, 2, 3, 4])).toMatchObject({ status });
  });

  it('are told with their causes among the results', async () => {
    const harness = withS3(odd);
    const { arn } = await harness.run(map(INVOKE, { ToleratedFailurePercentage: 100 }), [1, 2]);
    expect(await harness.output(arn)).toEqual([expect.objectContaining({ Status: 'FAILED', Error: 'Odd', Input: '1' }), 2]);
  });

  it('count by items where they go in batches', async () => {
    const harness = withS3({ lambda: () => throws('Down') });
    const { arn } = await harness.run(
      map(INVOKE, { ItemBatcher: { MaxItemsPerBatch: 2 }, ToleratedFailureCount: 1, MaxConcurrency: 1 }),
      [1, 2, 3],
    );
    expect(await onlyRun(harness, arn)).toMatchObject({
      itemCounts: { failed: 2, pending: 1 },
      executionCounts: { failed: 1, pending: 1 },
    });
  });

  it.each([
    { value: -1, field: 'ToleratedFailureCount', cause: 'ToleratedFailureCount cannot be negative.' },
    { value: -1.1, field: 'ToleratedFailurePercentage', cause: 'ToleratedFailurePercentage must be between 0 and 100.' },
  ])('cannot be $value as $field', async ({ field, value, cause }) => {
    const harness = withS3();
    // The cause was recorded against AWS with a path in place of the expression, where the error is of the runtime.
    const { arn, ...described } = await harness.run(map(ECHO, { [field]: '{% $states.input[0] %}' }), [value]);
    expect(described).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: `An error occurred while executing the state 'M' (entered at the event id #2). ${cause}`,
    });
    expect((await harness.types(arn)).slice(1)).toEqual([
      'MapStateEntered',
      'MapStateStarted',
      'EvaluationFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });

  it('end in a catcher like any error', async () => {
    const harness = withS3(odd);
    const catcher = { Catch: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], Next: 'C' }] };
    const { arn } = await harness.run({ ...map(INVOKE, catcher), C: { Type: 'Pass', Output: 'caught', End: true } }, [1]);
    expect(await harness.output(arn)).toBe('caught');
  });

  it('begin a new Map Run where the state is retried', async () => {
    const harness = withS3(odd);
    harness.machine(map(INVOKE, { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }] }));
    const arn = await harness.start([1]);
    await harness.kernel.advance(5_000);
    expect(await mapRuns(harness, arn)).toHaveLength(2);
  });
});
