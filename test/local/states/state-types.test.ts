import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { Harness, machineArn, ROLE, returns, throws } from './harness.ts';

type States = Record<string, JsonObject>;

const pass = (Output: unknown, more: JsonObject = { End: true }): JsonObject => ({ Type: 'Pass', Output, ...more });
const task = (more: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f' },
  End: true,
  ...more,
});
const map = (more: JsonObject, inner: States = { I: { Type: 'Pass', End: true } }): JsonObject => ({
  Type: 'Map',
  ItemProcessor: { StartAt: Object.keys(inner)[0], States: inner },
  End: true,
  ...more,
});

async function run(states: States, { input = {}, lambda = () => returns({ ok: 1 }) }: { input?: unknown; lambda?: () => unknown } = {}) {
  const harness = new Harness({ services: { lambda } });
  harness.machine(states);
  const arn = await harness.start(input);
  await harness.kernel.advance(60_000);
  const { status, error, cause, output } = await harness.describe(arn);
  return { status, error, cause, output: output === undefined ? undefined : JSON.parse(output), types: await harness.types(arn) };
}

/** What follows the place where it happened. */
async function causeOf(states: States): Promise<string> {
  const { error, cause = '' } = await run(states);
  expect(error).toBe('States.QueryEvaluationError');
  return cause.replace(/^An error occurred while executing the state '\w+' \(entered at the event id #\d+\)\. /, '');
}

describe('a field of the wrong kind', () => {
  const typed = (field: string, expression: string, expected: string, was: string, value: string) =>
    `The JSONata expression '${expression}' specified for the field '${field}' returned an unexpected result type. Expected '${expected}', but was '${was}' for value: ${value}`;

  it.each<[string, JsonObject, string]>([
    ['Seconds', { Type: 'Wait', Seconds: '{% "1" %}', End: true }, typed('Seconds', '"1"', 'number', 'string', '"1"')],
    ['Timestamp', { Type: 'Wait', Timestamp: '{% 5 %}', End: true }, typed('Timestamp', '5', 'string', 'number', '5')],
    ['TimeoutSeconds', task({ TimeoutSeconds: '{% [5] %}' }), typed('TimeoutSeconds', '[5]', 'number', 'array', '[5]')],
    ['HeartbeatSeconds', task({ HeartbeatSeconds: '{% null %}' }), typed('HeartbeatSeconds', 'null', 'number', 'null', 'null')],
    ['MaxConcurrency', map({ Items: [1], MaxConcurrency: '{% true %}' }), typed('MaxConcurrency', 'true', 'number', 'boolean', 'true')],
    ['Items', map({ Items: '{% {"a": 1} %}' }), typed('Items', '{"a": 1}', 'array', 'object', '{"a":1}')],
    ['Error', { Type: 'Fail', Error: '{% 5 %}' }, typed('Error', '5', 'string', 'number', '5')],
    ['Cause', { Type: 'Fail', Cause: '{% [] %}' }, typed('Cause', '[]', 'string', 'array', '[]')],
    ['an infinite Seconds', { Type: 'Wait', Seconds: '{% 1/0 %}', End: true }, typed('Seconds', '1/0', 'number', 'string', '"Infinity"')],
  ])('%s fails the state and says what was expected', async (_field, state, cause) => {
    expect(await causeOf({ S: state })).toBe(cause);
  });

  it.each<[string, JsonObject]>([
    ['Seconds', { Type: 'Wait', Seconds: '{% -1 %}', End: true }],
    ['Seconds', { Type: 'Wait', Seconds: '{% 1.5 %}', End: true }],
    ['TimeoutSeconds', task({ TimeoutSeconds: '{% 0 %}' })],
    ['HeartbeatSeconds', task({ HeartbeatSeconds: '{% -5 %}' })],
    ['MaxConcurrency', map({ Items: [1], MaxConcurrency: '{% -1 %}' })],
  ])('%s out of range fails the state', async (field, state) => {
    expect(await causeOf({ S: state })).toContain(field);
  });
});

describe('Task', () => {
  it('has EvaluationFailed for every attempt whose Arguments give nothing', async () => {
    const Retry = [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }];
    const { types } = await run({ T: task({ Arguments: '{% $x %}', Retry }) });
    expect(types).toEqual(['ExecutionStarted', 'TaskStateEntered', 'EvaluationFailed', 'EvaluationFailed', 'ExecutionFailed']);
  });

  it('is retried as a whole where its Output fails, and then caught', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }];
    const { types, output } = await run({
      T: task({ Output: '{% $x %}', Retry, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }),
      C: pass('caught'),
    });
    const attempt = ['TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'EvaluationFailed'];
    expect(types.slice(1, 11)).toEqual(['TaskStateEntered', ...attempt, ...attempt, 'TaskStateExited']);
    expect(output).toBe('caught');
  });

  it('shows in its history the role that it would call under', async () => {
    const harness = new Harness({ services: { lambda: () => returns(1) } });
    const { arn } = await harness.run({ T: task({ Credentials: { RoleArn: '{% $states.input.role %}' } }) }, { role: ROLE });
    const scheduled = (await harness.history(arn)).find(({ type }) => type === 'TaskScheduled');
    expect(scheduled?.taskScheduledEventDetails).toMatchObject({ taskCredentials: { roleArn: ROLE } });
  });

  it('shows its catcher the error and the input, each with its own Output and Assign', async () => {
    const { output } = await run(
      {
        T: task({
          Output: 'never',
          Catch: [
            { ErrorEquals: ['Other'], Next: 'C' },
            {
              ErrorEquals: ['E'],
              Output: { error: '{% $states.errorOutput.Error %}', input: '{% $states.input.q %}' },
              Assign: { why: '{% $parse($states.errorOutput.Cause).errorMessage %}' },
              Next: 'C',
            },
          ],
        }),
        C: pass({ in: '{% $states.input %}', why: '{% $exists($why) ? $why : "other" %}' }),
      },
      { input: { q: 1 }, lambda: () => throws('E', 'because') },
    );
    expect(output).toEqual({ in: { error: 'E', input: 1 }, why: 'because' });
  });
});

describe('Map', () => {
  it('selects from its own input, and shows inner states the nearest item', async () => {
    const { output } = await run(
      {
        M: map(
          {
            Items: '{% $states.input.rows %}',
            ItemSelector: { row: '{% $states.context.Map.Item.Value %}', by: '{% $states.input.by %}' },
          },
          {
            N: map(
              { Items: '{% $states.input.row %}', ItemSelector: '{% $states.context.Map.Item.Value & $states.input.by %}' },
              { P: pass(['{% $states.input %}', '{% $states.context.Map.Item.Index %}', '{% $states.context.Map.Item.Value %}']) },
            ),
          },
        ),
      },
      { input: { rows: [['a', 'b'], ['c']], by: '!' } },
    );
    expect(output).toEqual([
      [
        ['a!', 0, 'a'],
        ['b!', 1, 'b'],
      ],
      [['c!', 0, 'c']],
    ]);
  });

  it('fails before it starts where its selector gives nothing', async () => {
    const { types } = await run({ M: map({ Items: [1, 2], ItemSelector: { x: '{% $y %}' } }) });
    expect(types.slice(1)).toEqual(['MapStateEntered', 'EvaluationFailed', 'MapStateFailed', 'ExecutionFailed']);
  });

  it('tolerates no failure inline, whatever it is told', async () => {
    const { status, error } = await run({
      M: map({ Items: [1, 2], ToleratedFailureCount: 5 }, { F: { Type: 'Fail', Error: 'Inner' } }),
    });
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'Inner' });
  });

  it('has succeeded already where its Output fails', async () => {
    const { types } = await run({ M: map({ Items: [], Output: '{% $x %}' }) });
    expect(types.slice(1)).toEqual(['MapStateEntered', 'MapStateStarted', 'MapStateSucceeded', 'EvaluationFailed', 'ExecutionFailed']);
  });
});

describe('Parallel', () => {
  it('gives every branch its Arguments, and its results to Output and Assign', async () => {
    const { output } = await run(
      {
        P: {
          Type: 'Parallel',
          Arguments: { n: '{% $states.input.q * 2 %}' },
          Branches: [
            { StartAt: 'A', States: { A: pass('{% $states.input.n %}') } },
            { StartAt: 'B', States: { B: pass('{% $states.input.n + 1 %}') } },
          ],
          Output: '{% $sum($states.result) %}',
          Assign: { all: '{% $states.result %}' },
          Next: 'E',
        },
        E: pass({ sum: '{% $states.input %}', all: '{% $all %}' }),
      },
      { input: { q: 4 } },
    );
    expect(output).toEqual({ sum: 17, all: [8, 9] });
  });

  it('is caught where a branch fails without error and cause', async () => {
    const { output } = await run({
      P: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'F', States: { F: { Type: 'Fail' } } }],
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'E' }],
        End: true,
      },
      E: pass('{% $states.input %}'),
    });
    expect(output).toEqual({ Error: null, Cause: null });
  });
});

describe('the context', () => {
  it('names the execution, the state and the machine', async () => {
    const { output } = await run({ P: pass('{% $states.context %}') }, { input: { a: 1 } });
    // Without a fraction that is nothing: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    const time = '2026-03-02T09:00:00Z';
    expect(output).toEqual({
      Execution: {
        Id: `${machineArn('test').replace('stateMachine', 'execution')}:run`,
        Input: { a: 1 },
        Name: 'run',
        RoleArn: ROLE,
        StartTime: time,
        RedriveCount: 0,
      },
      State: { EnteredTime: time, Name: 'P' },
      StateMachine: { Id: machineArn('test'), Name: 'test' },
    });
  });

  it('tells the time to the millisecond', async () => {
    const harness = new Harness();
    await harness.kernel.advance(70);
    const run = await harness.run({ P: pass('{% $states.context.State.EnteredTime %}') });
    expect(run.output).toBe('"2026-03-02T09:00:00.070Z"');
  });

  it('counts the retries of states that can be retried', async () => {
    const count = '{% $states.context.State.RetryCount %}';
    expect((await run({ M: map({ Items: [1], Output: count }) })).output).toBe(0);
    expect((await run({ T: task({ Output: count }) })).output).toBe(0);
  });
});
