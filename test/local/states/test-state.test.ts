import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { codeOf, Harness, ROLE, refusal } from './harness.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';

/** What the function answers, or throws. */
const services = {
  lambda: (_operation: string, { Payload }: JsonObject) => {
    if (String(Payload).includes('fail'))
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload: '{"errorType":"Bad","errorMessage":"no"}' };
    return { StatusCode: 200, Payload: '{"n":2}', VirtualDurationMs: String(Payload).includes('slow') ? 400_000 : 5 };
  },
};

function testing(state: JsonObject, more: JsonObject = {}): Promise<JsonObject> {
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', ...state });
  return new Harness({ services }).call('TestState', { definition, ...more });
}

const task = { Type: 'Task', Resource: INVOKE, Arguments: { FunctionName: FUNCTION, Payload: '{% $states.input %}' }, End: true };
const pass = { Type: 'Pass', End: true };
const processor = { StartAt: 'P', States: { P: pass } };
const map = { Type: 'Map', ItemProcessor: processor, End: true };

describe('TestState without a mock', () => {
  it.each([
    { name: 'Pass', state: { ...pass, Output: { a: '{% $states.input.a + 1 %}' } }, answer: { status: 'SUCCEEDED', output: '{"a":2}' } },
    {
      name: 'Pass to a next state',
      state: { Type: 'Pass', Next: 'Elsewhere' },
      answer: { status: 'SUCCEEDED', output: '{ "a": 1 }', nextState: 'Elsewhere' },
    },
    { name: 'Succeed', state: { Type: 'Succeed' }, answer: { status: 'SUCCEEDED', output: '{ "a": 1 }' } },
    {
      name: 'Wait',
      state: { Type: 'Wait', Seconds: 900, Next: 'Then' },
      answer: { status: 'SUCCEEDED', output: '{ "a": 1 }', nextState: 'Then' },
    },
    {
      name: 'Fail',
      state: { Type: 'Fail', Error: "{% 'E' & $states.input.a %}", Cause: 'because' },
      answer: { status: 'FAILED', error: 'E1', cause: 'because' },
    },
    {
      name: 'Choice',
      state: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.a = 1 %}', Next: 'One', Output: 'x' }], Default: 'Other' },
      answer: { status: 'SUCCEEDED', output: '"x"', nextState: 'One' },
    },
    {
      name: 'Choice of the default',
      state: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.a = 2 %}', Next: 'Two' }], Default: 'Other' },
      answer: { status: 'SUCCEEDED', output: '{ "a": 1 }', nextState: 'Other' },
    },
    {
      name: 'an expression that fails',
      state: { ...pass, Output: '{% $states.input.b %}' },
      answer: {
        status: 'FAILED',
        error: 'States.QueryEvaluationError',
        cause: "The JSONata expression '$states.input.b' specified for the field 'Output' returned nothing (undefined).",
      },
    },
  ])('runs a state: $name', async ({ state, answer }) => {
    expect(await testing(state, { input: '{ "a": 1 }' })).toEqual(answer);
  });

  it('calls the service of a Task, and tells what came in between', async () => {
    const state = { ...task, Assign: { n: '{% $states.result.Payload.n + $known %}' }, Output: '{% $states.result.Payload %}' };
    expect(await testing(state, { input: '{"a":1}', roleArn: ROLE, inspectionLevel: 'DEBUG', variables: '{"known":1}' })).toEqual({
      status: 'SUCCEEDED',
      output: '{"n":2}',
      inspectionData: {
        input: '{"a":1}',
        afterArguments: `{"FunctionName":"${FUNCTION}","Payload":{"a":1}}`,
        result: expect.stringMatching(/^\{"ExecutedVersion":"\$LATEST","Payload":\{"n":2\},"SdkHttpMetadata":\{.*\},"StatusCode":200\}$/),
        variables: '{"known":1,"n":3}',
      },
    });
  });

  it('ends a test of more than five minutes, and a Task of more than its own time', async () => {
    const slow = { input: '"slow"', roleArn: ROLE };
    expect(await testing(task, slow)).toEqual({ status: 'FAILED', error: 'States.Timeout' });
    expect(await testing({ ...task, TimeoutSeconds: 60 }, slow)).toEqual({ status: 'FAILED', error: 'States.Timeout' });
  });

  const retry = [{ ErrorEquals: ['Other'] }, { ErrorEquals: ['Bad'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 2 }];
  const cause = '{"errorMessage":"no","errorType":"Bad"}';
  it.each([
    { used: 0, answer: { status: 'RETRIABLE', errorDetails: { retryIndex: 1, retryBackoffIntervalSeconds: 2 } } },
    { used: 1, answer: { status: 'RETRIABLE', errorDetails: { retryIndex: 1, retryBackoffIntervalSeconds: 4 } } },
    { used: 2, answer: { status: 'FAILED', errorDetails: { retryIndex: 1 } } },
  ])('says whether a failed Task is retried: after $used retries $answer.status', async ({ used, answer: { status, errorDetails } }) => {
    const given = { input: '"fail"', roleArn: ROLE, inspectionLevel: 'DEBUG', stateConfiguration: { retrierRetryCount: used } };
    const { inspectionData, ...answer } = await testing({ ...task, Retry: retry }, given);
    expect(JSON.parse(String(answer.cause))).toEqual(JSON.parse(cause));
    expect(answer).toMatchObject({ status, error: 'Bad' });
    expect(inspectionData).toMatchObject({ errorDetails });
  });

  it('says which catcher has the error, and what it leaves', async () => {
    const caught = [
      { ErrorEquals: ['Other'], Next: 'A' },
      {
        ErrorEquals: ['States.ALL'],
        Next: 'B',
        Output: '{% $states.errorOutput.Error %}',
        Assign: { was: '{% $states.errorOutput.Error %}' },
      },
    ];
    expect(await testing({ ...task, Catch: caught }, { input: '"fail"', roleArn: ROLE, inspectionLevel: 'TRACE' })).toMatchObject({
      status: 'CAUGHT_ERROR',
      error: 'Bad',
      nextState: 'B',
      output: '"Bad"',
      inspectionData: { errorDetails: { catchIndex: 1 }, variables: '{"was":"Bad"}' },
    });
  });

  it('fails where the catcher itself cannot be evaluated', async () => {
    const caught = [{ ErrorEquals: ['States.ALL'], Next: 'B', Output: '{% $missing %}' }];
    expect(await testing({ ...task, Catch: caught }, { input: '"fail"', roleArn: ROLE })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });

  // As recorded in test_state_context_object.snapshot.json of localstack/localstack.
  it('shows a context of its own', async () => {
    const { output } = await testing({ ...pass, Output: '{% $states.context %}' }, { input: '{"a":1}', roleArn: ROLE });
    const { Execution, StateMachine, State } = JSON.parse(String(output));
    expect(Execution).toEqual({
      Id: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:express:[\w-]{36}:[\w-]{36}$/),
      Input: { a: 1 },
      Name: expect.stringMatching(/^[\w-]{36}$/),
      RoleArn: ROLE,
      StartTime: '2026-03-02T09:00:00Z',
    });
    expect(Execution.Id).toBe(`arn:aws:states:us-east-1:000000000000:express:${StateMachine.Name}:${Execution.Name}`);
    expect(StateMachine.Id).toBe(`arn:aws:states:us-east-1:000000000000:stateMachine:${StateMachine.Name}`);
    expect(State).toEqual({ Name: 'StateName', EnteredTime: '2026-03-02T09:00:00Z' });
  });

  const whole = JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'M',
    States: { M: { ...map, ItemProcessor: { StartAt: 'In', States: { In: { Type: 'Pass', Output: '{% $outer %}', End: true } } } } },
  });

  it('finds the state of a whole definition, at any depth', async () => {
    const harness = new Harness();
    expect(await harness.call('TestState', { definition: whole, stateName: 'In', variables: '{"outer":7}' })).toEqual({
      status: 'SUCCEEDED',
      output: '7',
    });
    expect(await refusal(harness.call('TestState', { definition: whole, stateName: 'Out' }))).toBe(
      'ValidationException: State not found in definition',
    );
  });

  it.each([
    { state: map, more: {}, says: /^InvalidDefinition: TestState API does not support Map or Parallel states\. Supported state types/ },
    { state: task, more: {}, says: /^ValidationException: RoleArn must be specified when testing a Task state$/ },
    {
      state: { ...task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', HeartbeatSeconds: 1 },
      more: { roleArn: ROLE },
      says: /A mock must be specified/,
    },
    { state: pass, more: { input: '{' }, says: /^InvalidExecutionInput/ },
    { state: pass, more: { variables: '[]' }, says: /'variables' must be the text of a JSON object/ },
    { state: pass, more: { context: '{}' }, says: /only supported when a mock/ },
    { state: pass, more: { inspectionLevel: 'ALL' }, says: /enum value set/ },
    { state: pass, more: { roleArn: 'me' }, says: /^InvalidArn/ },
    { state: { Type: 'Pass', QueryLanguage: 'JSONPath', End: true }, more: {}, says: /^InvalidDefinition.*JSONPath.*\/States\/StateName/ },
    {
      state: { Type: 'Pass', Colour: 'red', End: true },
      more: {},
      says: /^InvalidDefinition.*'Colour' is not supported at \/States\/StateName/,
    },
  ])('refuses what cannot be tested: $says', async ({ state, more, says }) => {
    expect(await refusal(testing(state, more))).toMatch(says);
  });

  it.each(['[]', 'no'])('refuses a definition that is no state: %s', async (definition) => {
    expect(await codeOf(new Harness().call('TestState', { definition }))).toBe('InvalidDefinition');
  });
});
