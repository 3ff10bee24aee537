import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { Harness } from './harness.ts';

const pass = (Output: unknown, more: JsonObject = { End: true }): JsonObject => ({ Type: 'Pass', Output, ...more });

describe('Choice', () => {
  const machine = (n: unknown) => ({
    C: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n = 1 %}', Assign: { by: 'first' }, Output: 'one', Next: 'Show' },
        { Condition: '{% $states.input.n = 2 %}', Next: 'Show' },
      ],
      Assign: { by: 'default' },
      Output: 'other',
      ...(n === 'none' ? {} : { Default: 'Show' }),
    },
    Show: pass({ in: '{% $states.input %}', by: "{% $exists($by) ? $by : 'nobody' %}" }),
  });

  it.each([
    { n: 1, expected: { in: 'one', by: 'first' } },
    { n: 2, expected: { in: { n: 2 }, by: 'nobody' } },
    { n: 3, expected: { in: 'other', by: 'default' } },
  ])('takes Output and Assign of what it goes by: $n', async ({ n, expected }) => {
    const harness = new Harness();
    expect(JSON.parse((await harness.run(machine(n), { n })).output ?? 'null')).toEqual(expected);
  });

  it('fails with States.Runtime without a Default, and on a condition that is no boolean', async () => {
    expect(await new Harness().run(machine('none'), { n: 9 })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'C' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.",
    });
    const run = await new Harness().run({ C: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'S' }] }, S: { Type: 'Succeed' } });
    expect(run.cause).toContain("Expected 'boolean', but was 'number'");
  });
});

describe('Wait', () => {
  it('lasts its seconds, or until its timestamp, on the virtual clock', async () => {
    const harness = new Harness();
    harness.machine({
      W: { Type: 'Wait', Seconds: '{% $states.input.s %}', Next: 'U' },
      U: { Type: 'Wait', Timestamp: '2026-03-03T00:00:00+02:00', Next: 'P' },
      P: pass({ now: '{% $now() %}', millis: '{% $millis() %}' }),
    });
    const arn = await harness.start({ s: 10 });
    await harness.kernel.advance(9_999);
    expect((await harness.types(arn)).at(-1)).toBe('WaitStateEntered');
    await harness.kernel.advance(86_400_000);
    expect(await harness.output(arn)).toEqual({ now: '2026-03-02T22:00:00.000Z', millis: Date.parse('2026-03-02T22:00:00Z') });
  });

  it('is refused beyond 2^31 seconds, as an error of the expression where there is one', async () => {
    const wait = (Timestamp: string) => new Harness().run({ W: { Type: 'Wait', Timestamp, End: true } }, { at: '2094-04-01T00:00:00Z' });
    expect(await wait('2094-04-01T00:00:00Z')).toMatchObject({
      error: 'States.Runtime',
      cause: "An error occurred while executing the state 'W' (entered at the event id #2). Wait state delay is too long.",
    });
    expect(await wait('{% $states.input.at %}')).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(await wait('2094-03-01T00:00:00Z')).toMatchObject({ status: 'RUNNING' });
  });

  it('is over at once where the timestamp has passed', async () => {
    const harness = new Harness();
    const run = await harness.run({ W: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } });
    expect(run.status).toBe('SUCCEEDED');
  });
});

describe('Parallel and Map', () => {
  it('give the results in the order of the branches and items', async () => {
    const harness = new Harness();
    const branch = (seconds: number, Output: unknown) => ({
      StartAt: `W${seconds}`,
      States: { [`W${seconds}`]: { Type: 'Wait', Seconds: seconds, Next: `P${seconds}` }, [`P${seconds}`]: pass(Output) },
    });
    harness.machine({ All: { Type: 'Parallel', Branches: [branch(20, 'slow'), branch(10, 'fast')], End: true } });
    const arn = await harness.start();
    await harness.kernel.advance(20_000);
    expect(await harness.output(arn)).toEqual(['slow', 'fast']);
  });

  it('are followed in the history by what follows the last state inside, not by their success', async () => {
    const harness = new Harness();
    const { arn } = await harness.run({
      P: { Type: 'Parallel', Branches: [{ StartAt: 'I', States: { I: pass(1) } }], Next: 'S' },
      S: { Type: 'Succeed' },
    });
    const chain = (await harness.history(arn)).map(({ type, previousEventId }) => `${previousEventId} ${type}`);
    expect(chain.slice(3, 8)).toEqual([
      '3 PassStateEntered',
      '4 PassStateExited',
      '5 ParallelStateSucceeded',
      '5 ParallelStateExited',
      '7 SucceedStateEntered',
    ]);
  });

  // As recorded in `dataflow_execution.json` of radkawar/stackd.
  it('are followed by the next iteration as by what follows the last state of the one before', async () => {
    const harness = new Harness();
    const processor = { StartAt: 'I', States: { I: { Type: 'Succeed' } } };
    const { arn } = await harness.run({ M: { Type: 'Map', Items: [1, 2], MaxConcurrency: 1, ItemProcessor: processor, End: true } });
    const chain = (await harness.history(arn)).map(({ type, previousEventId }) => `${previousEventId} ${type}`);
    expect(chain.slice(2)).toEqual([
      '2 MapStateStarted',
      '3 MapIterationStarted',
      '4 SucceedStateEntered',
      '5 SucceedStateExited',
      '6 MapIterationSucceeded',
      '6 MapIterationStarted',
      '8 SucceedStateEntered',
      '9 SucceedStateExited',
      '10 MapIterationSucceeded',
      '11 MapStateSucceeded',
      '11 MapStateExited',
      '13 ExecutionSucceeded',
    ]);
  });

  it('runs at most MaxConcurrency iterations at once and shows each its item', async () => {
    const harness = new Harness();
    harness.machine({
      M: {
        Type: 'Map',
        Items: '{% $states.input %}',
        ItemSelector: { n: '{% $states.context.Map.Item.Value * 10 %}', i: '{% $states.context.Map.Item.Index %}' },
        MaxConcurrency: 2,
        ItemProcessor: {
          StartAt: 'W',
          States: { W: { Type: 'Wait', Seconds: 10, Output: '{% $states.input.n + $states.input.i %}', End: true } },
        },
        End: true,
      },
    });
    const arn = await harness.start([1, 2, 3, 4, 5]);
    await harness.kernel.advance(29_999);
    expect(await harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await harness.kernel.advance(1);
    expect(await harness.output(arn)).toEqual([10, 21, 32, 43, 54]);
  });

  it('stops the other branches when one fails, and says so in the history', async () => {
    const harness = new Harness();
    harness.machine({
      P: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Long', States: { Long: { Type: 'Wait', Seconds: 999, End: true } } },
          { StartAt: 'Short', States: { Short: { Type: 'Wait', Seconds: 1, Next: 'Bad' }, Bad: { Type: 'Fail', Error: 'E', Cause: 'c' } } },
        ],
        Catch: [{ ErrorEquals: ['E'], Next: 'Caught' }],
        End: true,
      },
      Caught: pass('caught'),
    });
    const arn = await harness.start();
    await harness.kernel.advance(1_000);
    expect(await harness.output(arn)).toBe('caught');
    expect(await harness.types(arn)).toEqual(expect.arrayContaining(['WaitStateAborted', 'ParallelStateFailed', 'ParallelStateExited']));
    expect(harness.store.all("SELECT key FROM timers WHERE key <> 'purge'")).toEqual([]);
  });

  it('reads outer variables inside, keeps inner ones inside, and refuses to set an outer one there', async () => {
    const inner = (Assign: JsonObject) => ({
      Set: pass(1, { Assign: { outer: 'o' }, Next: 'M' }),
      M: {
        Type: 'Map',
        Items: [1],
        ItemProcessor: { StartAt: 'A', States: { A: pass(1, { Assign, Next: 'B' }), B: pass('{% $outer & $mine %}') } },
        Next: 'End',
      },
      End: pass({ inner: '{% $states.input %}', gone: '{% $not($exists($mine)) %}' }),
    });
    const good = await new Harness().run(inner({ mine: 'm' }));
    expect(JSON.parse(good.output ?? 'null')).toEqual({ inner: ['om'], gone: true });
    expect(await new Harness().run(inner({ mine: 'm', outer: 'x' }))).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('limits', () => {
  it('ends an execution with its 25,000th event', async () => {
    const harness = new Harness();
    const { arn, ...run } = await harness.run(
      {
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.stop %}', Next: 'C' }], Default: 'A' },
        C: { Type: 'Succeed' },
      },
      { stop: false },
    );
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    const [last] = await harness.history(arn, { reverseOrder: true, maxResults: 1 });
    expect(last).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
    expect(await harness.describe(arn)).toMatchObject({ redriveStatusReason: 'Execution has exceeded the maximum history event limit' });
  });

  // As recorded in testdata/aws/stepfunctions/variable_limits.json of radkawar/stackd.
  const pad = (count: number) => `{% $pad('', ${count}, 'x') %}`;
  it.each([
    { assigned: { x: pad(262_142) }, cause: undefined },
    { assigned: { x: pad(262_143) }, cause: "Variable size limit exceeded. Variable 'x' in state 'P' was assigned 262145 bytes." },
    { assigned: { x: pad(131_070), y: pad(131_070) }, cause: undefined },
    {
      assigned: { x: pad(131_071), y: pad(131_071) },
      cause:
        "State total variable size limit exceeded. Variable 'y' in state 'P' was assigned 131073 bytes, which caused the size of variables assigned in the state to exceed its limit by 2 bytes.",
    },
  ])('limits what a state assigns: $cause', async ({ assigned, cause }) => {
    const harness = new Harness();
    const run = await harness.run({ P: { Type: 'Pass', Assign: assigned, Output: {}, End: true } });
    if (cause === undefined) {
      expect(run).toMatchObject({ status: 'SUCCEEDED' });
      return;
    }
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded', cause });
    expect((await harness.history(run.arn)).at(-2)).toMatchObject({
      type: 'EvaluationFailed',
      evaluationFailedEventDetails: { error: 'States.DataLimitExceeded', cause, location: 'Assign', state: 'P' },
    });
  });

  it('limits all variables of an execution, those of other scopes too', async () => {
    const states: Record<string, JsonObject> = {};
    for (let n = 1; n <= 43; n += 1)
      states[`Assign${n}`] = {
        Type: 'Pass',
        Assign: { [`v${n}`]: pad(250_000) },
        ...(n === 43 ? { End: true } : { Next: `Assign${n + 1}` }),
      };
    const total = (state: string) =>
      `Execution total variable size limit exceeded. State '${state}' assigned variables that exceed the total execution limit by 14324 bytes.`;
    const error = 'States.DataLimitExceeded';
    expect(await new Harness().run(states)).toMatchObject({ status: 'FAILED', error, cause: total('Assign42') });
    const { Assign1: outer, ...inner } = states;
    const branch = { StartAt: 'Assign2', States: inner };
    const nested = { Assign1: { ...outer, Next: 'B' }, B: { Type: 'Parallel', Branches: [branch], End: true } };
    expect(await new Harness().run(nested as Record<string, JsonObject>)).toMatchObject({
      status: 'FAILED',
      error,
      cause: total('Assign42'),
    });
  });

  it('fails a state whose output exceeds 256 KiB, counted in UTF-8', async () => {
    const fill = (count: number, text: string) => new Harness().run({ P: pass(`{% $pad('', ${count}, '${text}') %}`) });
    expect(await fill(262_142, 'x')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await fill(262_143, 'x')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(await fill(131_072, 'é')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it.each([
    [
      'Task',
      { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f', Payload: '{% $states.input & "" %}' } },
    ],
    [
      'Parallel',
      { Type: 'Parallel', Arguments: '{% [$states.input, $states.input] %}', Branches: [{ StartAt: 'I', States: { I: pass(1) } }] },
    ],
    [
      'Map',
      {
        Type: 'Map',
        Items: [1],
        ItemSelector: '{% [$states.input, $states.input] %}',
        ItemProcessor: { StartAt: 'I', States: { I: pass(1) } },
      },
    ],
  ])('fails a %s whose input of its own making exceeds 256 KiB, so that it can be caught', async (_type, state) => {
    const harness = new Harness({ services: { lambda: () => ({ Payload: '1' }) } });
    const { output } = await harness.run(
      { S: { ...state, Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'C' }], End: true }, C: pass('caught') },
      'é'.repeat(131_070),
    );
    expect(output).toBe('"caught"');
  });

  it('times the whole execution out, without an error of its own', async () => {
    const harness = new Harness();
    harness.machine({ W: { Type: 'Wait', Seconds: 100, End: true } }, { TimeoutSeconds: 10 });
    const arn = await harness.start();
    await harness.kernel.advance(100_000);
    const described = await harness.describe(arn);
    expect(described.status).toBe('TIMED_OUT');
    expect(described.error).toBeUndefined();
    expect((await harness.types(arn)).at(-1)).toBe('ExecutionTimedOut');
  });
});
