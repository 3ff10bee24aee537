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
    { thrown: 'States.DataLimitExceeded', names: ['States.ALL'], caught: false },
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

  it('fails with States.NoChoiceMatched without a Default, and on a condition that is no boolean', async () => {
    expect(await new Harness().run(machine('none'), { n: 9 })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
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
  });

  it('fails a state whose output exceeds 256 KiB, counted in UTF-8', async () => {
    const fill = (count: number, text: string) => new Harness().run({ P: pass(`{% $pad('', ${count}, '${text}') %}`) });
    expect(await fill(262_142, 'x')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await fill(262_143, 'x')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(await fill(131_072, 'é')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
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

  it('ends an expression that would never end', async () => {
    const run = await new Harness().run({ P: pass('{% ($f := function($n) { $f($n + 1) }; $f(0)) %}') });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('expressions', () => {
  it.each([
    ['$hash("a", "SHA-256")', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['$hash("a", "MD5")', '0cc175b9c0f1b6a831c399e269772661'],
    ['$partition([1,2,3], 2)', [[1, 2], [3]]],
    ['$range(10, 0, -5)', [10, 5, 0]],
    ['$parse("{\\"a\\":[1,2]}").a[1]', 2],
    ['$random(5) = $random(5)', true],
    ['$length($uuid())', 36],
    ['$map([1], function($v) { $v })', 1],
    ['$type($states.context.Execution.StartTime)', 'string'],
  ])('%s', async (expression, expected) => {
    const { output } = await new Harness().run({ P: pass(`{% ${expression} %}`) });
    expect(JSON.parse(output ?? 'null')).toEqual(expected);
  });

  it.each([
    ['$eval("1")', 'T1006'],
    ['$hash("a", "SHA-3")', 'SHA-512'],
    ['$range(1, 2, 0)', 'must not be zero'],
    ['1/0', 'unsupported result type'],
    ['$sum', 'unsupported result type'],
    ['"a" + 1', 'T2001'],
  ])('%s fails', async (expression, cause) => {
    const run = await new Harness().run({ P: pass(`{% ${expression} %}`) });
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain(cause);
  });
});
