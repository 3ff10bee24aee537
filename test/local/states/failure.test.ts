import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { Harness, recorder, returns, START, throws } from './harness.ts';

const task = (more: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f' },
  End: true,
  ...more,
});
const pass = (Output: unknown, more: JsonObject = { End: true }): JsonObject => ({ Type: 'Pass', Output, ...more });

/** A function that fails with each of these in turn and then returns. */
function failing(errors: readonly string[]) {
  const times: number[] = [];
  const harness = new Harness({
    services: {
      lambda: () => {
        times.push((harness.kernel.now() - START) / 1000);
        const error = errors[times.length - 1];
        return error === undefined ? returns('ok') : throws(error);
      },
    },
  });
  return { harness, times };
}

describe('Retry', () => {
  it('waits 1, 2 and 4 seconds and gives up after three attempts by default', async () => {
    const { harness, times } = failing(['A', 'A', 'A', 'A']);
    harness.machine({ T: task({ Retry: [{ ErrorEquals: ['A'] }] }) });
    const arn = await harness.start();
    await harness.kernel.advance(60_000);
    expect(times).toEqual([0, 1, 3, 7]);
    expect(await harness.describe(arn)).toMatchObject({ status: 'FAILED', error: 'A' });
  });

  it('caps the delay, and counts each retrier on its own', async () => {
    const { harness, times } = failing(['A', 'A', 'B', 'A']);
    harness.machine({
      T: task({
        Retry: [
          { ErrorEquals: ['A'], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 20 },
          { ErrorEquals: ['B'], IntervalSeconds: 5 },
        ],
      }),
    });
    const arn = await harness.start();
    await harness.kernel.advance(100_000);
    expect(times).toEqual([0, 10, 30, 35, 55]);
    expect(await harness.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('spreads delays with full jitter, the same for the same seed', async () => {
    const delays = [];
    for (let run = 0; run < 2; run += 1) {
      const { harness, times } = failing(['A']);
      harness.machine({ T: task({ Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 100, JitterStrategy: 'FULL' }] }) });
      await harness.start();
      await harness.kernel.advance(100_000);
      delays.push(times[1]);
    }
    expect(delays[0]).toBe(delays[1]);
    expect(delays[0]).toBeGreaterThan(0);
    expect(delays[0]).toBeLessThan(100);
  });

  it('does nothing with MaxAttempts 0, whatever a later retrier says', async () => {
    const { harness, times } = failing(['DecideAgain']);
    const retry = [{ ErrorEquals: ['DecideAgain'], MaxAttempts: 0 }, { ErrorEquals: ['States.TaskFailed'] }];
    harness.machine({ T: task({ Retry: retry, Catch: [{ ErrorEquals: ['DecideAgain'], Next: 'Again' }] }), Again: pass('again') });
    expect(await harness.output(await harness.start())).toBe('again');
    expect(times).toHaveLength(1);
  });

  it('shows the number of retries in the context', async () => {
    const { calls, handler } = recorder(() => throws('A'));
    const harness = new Harness({ services: { lambda: handler } });
    const Payload = { n: '{% $states.context.State.RetryCount %}' };
    harness.machine({ T: task({ Arguments: { FunctionName: 'f', Payload }, Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }] }) });
    await harness.start();
    await harness.kernel.advance(10_000);
    expect(calls.map(({ Payload: text }) => text)).toEqual(['{"n":0}', '{"n":1}', '{"n":2}']);
  });
});

describe('Catch', () => {
  it.each([
    { thrown: 'Custom', names: ['States.TaskFailed'], caught: true },
    { thrown: 'States.Timeout', names: ['States.TaskFailed'], caught: false },
    { thrown: 'States.Timeout', names: ['States.ALL'], caught: true },
    { thrown: 'States.Runtime', names: ['States.ALL'], caught: false },
    { thrown: 'States.Runtime', names: ['States.Runtime'], caught: false },
    { thrown: 'States.DataLimitExceeded', names: ['States.ALL'], caught: true },
    { thrown: 'States.DataLimitExceeded', names: ['States.DataLimitExceeded'], caught: true },
    { thrown: 'Other', names: ['Custom'], caught: false },
  ])('of $names sees $thrown: $caught', async ({ thrown, names, caught }) => {
    const harness = new Harness({ services: { lambda: () => throws(thrown) } });
    const { status } = await harness.run({ T: task({ Catch: [{ ErrorEquals: names, Next: 'Caught' }] }), Caught: { Type: 'Succeed' } });
    expect(status).toBe(caught ? 'SUCCEEDED' : 'FAILED');
  });

  it('replaces the Assign of its state, which sees the values of the entry', async () => {
    const harness = new Harness({ services: { lambda: () => throws('E', 'why') } });
    const arn = await harness
      .run({
        Set: pass(1, { Assign: { x: 1 }, Next: 'T' }),
        T: task({
          End: undefined,
          Next: 'Show',
          Assign: { y: 'state' },
          Catch: [
            {
              ErrorEquals: ['E'],
              Assign: { x: 2, y: '{% $x %}', why: '{% $parse($states.errorOutput.Cause).errorMessage %}' },
              Next: 'Show',
            },
          ],
        }),
        Show: pass({ x: '{% $x %}', y: '{% $y %}', why: '{% $why %}' }),
      })
      .then((run) => run.arn);
    expect(await harness.output(arn)).toEqual({ x: 2, y: 1, why: 'why' });
  });

  it('does not catch the failure of its own expressions again', async () => {
    const harness = new Harness({ services: { lambda: () => throws('E') } });
    const run = await harness.run({
      T: task({ Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $nothing %}', Next: 'Caught' }] }),
      Caught: { Type: 'Succeed' },
    });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  it('catches an expression that gives nothing', async () => {
    const harness = new Harness({ services: { lambda: () => returns({}) } });
    const { output } = await harness.run({
      T: task({ Output: '{% $states.result.Payload.missing %}', Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'C' }] }),
      C: pass('caught'),
    });
    expect(output).toBe('"caught"');
  });
});

// As recorded in `testdata/aws/stepfunctions/callback_lifecycle.json` of radkawar/stackd.
it('of one iteration stops the others, told one after another as what follows the failure', async () => {
  const harness = new Harness();
  const { activityArn } = await harness.call('CreateActivity', { name: 'a' });
  const processor = { StartAt: 'T', States: { T: { Type: 'Task', Resource: activityArn, End: true } } };
  harness.machine({ M: { Type: 'Map', Items: [1, 2, 3], ItemProcessor: processor, End: true } });
  const arn = await harness.start();
  const take = async () => String((await harness.call('GetActivityTask', { activityArn })).taskToken);
  await take();
  await harness.call('SendTaskFailure', { taskToken: await take(), error: 'E' });
  await harness.kernel.settle();
  const history = await harness.history(arn);
  const failed = history.find(({ type }) => type === 'ActivityFailed')?.id ?? 0;
  expect(history.slice(failed).map(({ type, previousEventId }) => `${previousEventId - failed} ${type}`)).toEqual([
    '0 MapIterationAborted',
    '0 TaskStateAborted',
    '0 MapIterationFailed',
    '0 TaskStateAborted',
    '0 MapIterationAborted',
    '0 TaskStateAborted',
    '0 MapStateFailed',
    '7 ExecutionFailed',
  ]);
  expect(history[failed + 6]).toEqual({ timestamp: START / 1000, type: 'MapStateFailed', id: failed + 7, previousEventId: failed });
});

describe('an error of the runtime', () => {
  const inner = {
    StartAt: 'C',
    States: { C: { Type: 'Choice', Choices: [{ Condition: false, Next: 'S' }] }, S: { Type: 'Succeed' } },
  };
  const anyway = { Retry: [{ ErrorEquals: ['States.ALL'] }], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S2' }] };

  it.each([
    ['Parallel', { Type: 'Parallel', Branches: [inner] }, ['ParallelStateEntered', 'ParallelStateStarted']],
    ['Map', { Type: 'Map', Items: [1], ItemProcessor: inner }, ['MapStateEntered', 'MapStateStarted', 'MapIterationStarted']],
  ])('inside a %s ends the execution at once, whatever is caught around it', async (_type, outer, events) => {
    const harness = new Harness();
    const run = await harness.run({ O: { ...outer, ...anyway, Next: 'S2' }, S2: { Type: 'Succeed' } });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(await harness.types(run.arn)).toEqual(['ExecutionStarted', ...events, 'ChoiceStateEntered', 'ExecutionFailed']);
  });

  it('can be redriven', async () => {
    const harness = new Harness();
    const run = await harness.run({ P: { Type: 'Parallel', Branches: [inner], End: true } });
    await harness.call('RedriveExecution', { executionArn: run.arn });
    await harness.kernel.settle();
    expect((await harness.types(run.arn)).slice(-3)).toEqual(['ExecutionFailed', 'ExecutionRedriven', 'ExecutionFailed']);
  });
});
