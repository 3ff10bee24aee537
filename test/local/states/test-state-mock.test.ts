import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { Harness, ROLE, refusal } from './harness.ts';

/** No service is there to be called. */
async function mocking(state: JsonObject, mock: JsonObject, more: JsonObject = {}): Promise<JsonObject> {
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', ...state });
  return new Harness().call('TestState', { definition, mock, inspectionLevel: 'DEBUG', ...more });
}

const optimized = (call: string, given: JsonObject = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::${call}`,
  Arguments: given,
  End: true,
});
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const invoke = optimized('lambda:invoke', { FunctionName: FUNCTION });
const start = optimized('states:startExecution', { StateMachineArn: MACHINE });
const put = optimized('events:putEvents', { Entries: [] });
const processor = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
const map = { Type: 'Map', ItemProcessor: processor, End: true };
const distributed = { ...map, ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...processor } };
const reader = {
  Resource: 'arn:aws:states:::s3:getObject',
  Arguments: { Bucket: 'b', Key: 'k' },
  ReaderConfig: { InputType: 'JSON', ItemsPointer: '/rows' },
};
const writer = { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'p' } };
const parallel = { Type: 'Parallel', Branches: [processor, { StartAt: 'Q', States: { Q: { Type: 'Pass', End: true } } }], End: true };
const result = (value: unknown): JsonObject => ({ result: JSON.stringify(value) });
const failure = { errorOutput: { error: 'Bad', cause: 'no' } };

describe('TestState with a mock', () => {
  it('takes the mock for the result of a Task, whose role may be missing', async () => {
    expect(await mocking(invoke, { result: '{ "Payload": "x" }' })).toEqual({
      status: 'SUCCEEDED',
      output: '{ "Payload": "x" }',
      inspectionData: { input: '{}', afterArguments: JSON.stringify(invoke.Arguments), result: '{ "Payload": "x" }' },
    });
    const made = await mocking({ ...invoke, Output: '{% $states.result.Payload %}' }, result({ Payload: 'x' }));
    expect(made).toMatchObject({ status: 'SUCCEEDED', output: '"x"' });
  });

  it.each([
    { name: 'a function', resource: FUNCTION },
    { name: 'an activity', resource: 'arn:aws:states:us-east-1:000000000000:activity:a' },
  ])('takes any JSON for the answer of $name', async ({ resource }) => {
    const state = { Type: 'Task', Resource: resource, End: true };
    expect(await mocking(state, { result: '[1]' })).toMatchObject({ status: 'SUCCEEDED', output: '[1]' });
  });

  it('gives a Task that waits for it a token, or the one of the context', async () => {
    const state = optimized('lambda:invoke.waitForTaskToken', {
      FunctionName: FUNCTION,
      Payload: { t: '{% $states.context.Task.Token %}' },
    });
    const own = await mocking(state, { result: '"done"' });
    expect(own).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
    const given = await mocking(state, { result: '"done"' }, { context: '{"Task":{"Token":"t1"}}' });
    expect(given.inspectionData).toMatchObject({ afterArguments: JSON.stringify({ FunctionName: FUNCTION, Payload: { t: 't1' } }) });
  });

  it.each([
    { retries: 0, status: 'RETRIABLE', errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 1 } },
    { retries: 4, status: 'RETRIABLE', errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 16 } },
    { retries: 5, status: 'CAUGHT_ERROR', errorDetails: { catchIndex: 0 } },
  ])('answers an error that was thrown after $retries retries with $status', async ({ retries, status, errorDetails }) => {
    const state = {
      ...invoke,
      Retry: [{ ErrorEquals: ['Bad'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 5 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rescue' }],
    };
    const answer = await mocking(state, failure, { stateConfiguration: { retrierRetryCount: retries } });
    const caught = status === 'CAUGHT_ERROR' ? { output: '{"Error":"Bad","Cause":"no"}', nextState: 'Rescue' } : {};
    expect(answer).toEqual({ status, error: 'Bad', cause: 'no', ...caught, inspectionData: expect.objectContaining({ errorDetails }) });
  });

  it('shows the context that is given, and no other', async () => {
    const state = { ...invoke, Output: '{% $states.context %}' };
    const context = '{"Execution":{"Name":"n","RedriveCount":2},"State":{"RetryCount":1}}';
    expect(await mocking(state, result({}), { context })).toMatchObject({ output: context });
    expect(await mocking(state, result({}), { context: '{}' })).toMatchObject({ output: '{}' });
  });

  it('shows a Task how often it was tried in the context of its own', async () => {
    const { output } = await mocking({ ...invoke, Output: '{% $states.context %}' }, result({}));
    expect(JSON.parse(String(output))).toMatchObject({ Execution: { RoleArn: null }, State: { Name: 'StateName', RetryCount: 0 } });
  });

  it('joins the branches of a Parallel', async () => {
    expect(await mocking({ ...parallel, Arguments: { a: 1 }, Output: '{% $sum($states.result) %}' }, result([1, 2]))).toEqual({
      status: 'SUCCEEDED',
      output: '3',
      inspectionData: { input: '{}', afterArguments: '{"a":1}' },
    });
  });

  it('tells what the fields of a Map gave', async () => {
    const state = {
      ...map,
      Items: '{% $states.input %}',
      ItemSelector: { v: '{% $states.context.Map.Item.Value %}', i: '{% $states.context.Map.Item.Index %}' },
      MaxConcurrency: 3,
    };
    expect(await mocking(state, { result: '[7, 8]' }, { input: '[1,2]' })).toEqual({
      status: 'SUCCEEDED',
      output: '[7, 8]',
      inspectionData: { input: '[1,2]', maxConcurrency: 3, afterItemSelector: '[{"v":1,"i":0}, {"v":2,"i":1}]' },
    });
  });

  it('makes batches of what an ItemReader would have read', async () => {
    const state = { ...distributed, ItemReader: reader, ItemBatcher: { MaxItemsPerBatch: 2 }, ToleratedFailurePercentage: 50 };
    const stateConfiguration = { mapItemReaderData: '{ "rows": [1, 2, 3] }', mapIterationFailureCount: 1 };
    expect(await mocking(state, result(['a', 'b']), { stateConfiguration })).toMatchObject({
      status: 'SUCCEEDED',
      inspectionData: {
        maxConcurrency: 0,
        toleratedFailurePercentage: 50,
        afterItemsPointer: '[1,2,3]',
        afterItemBatcher: '[{"Items":["1","2"]}, {"Items":["3"]}]',
      },
    });
  });

  it('gives the pairs of an object to a distributed Map', async () => {
    const state = { ...distributed, ItemSelector: { k: '{% $states.context.Map.Item.Key %}', s: '{% $states.context.Map.Item.Source %}' } };
    const { inspectionData } = await mocking(state, result([0, 0]), { input: '{"a":1,"b":2}' });
    expect(inspectionData).toMatchObject({ afterItemSelector: '[{"k":"a","s":"STATE_DATA"}, {"k":"b","s":"STATE_DATA"}]' });
  });

  it.each([
    { name: 'within the number', limits: { ToleratedFailureCount: 1 }, failures: 1, status: 'SUCCEEDED' },
    { name: 'beyond the number', limits: { ToleratedFailureCount: 1 }, failures: 2, status: 'FAILED' },
    { name: 'within the part', limits: { ToleratedFailurePercentage: 50 }, failures: 1, status: 'SUCCEEDED' },
    { name: 'beyond the part', limits: { ToleratedFailurePercentage: 49 }, failures: 1, status: 'FAILED' },
    { name: 'where no limit is given', limits: {}, failures: 2, status: 'SUCCEEDED' },
  ])('counts failed iterations: $name', async ({ limits, failures, status }) => {
    const more = { input: '[1,2]', stateConfiguration: { mapIterationFailureCount: failures } };
    const answer = await mocking({ ...distributed, ...limits }, result([1, 2]), more);
    const told = { error: 'States.ExceedToleratedFailureThreshold', cause: 'The specified tolerated failure threshold was exceeded' };
    expect(answer).toMatchObject({ status, ...(status === 'FAILED' ? told : {}) });
  });

  it('prefers the error of the mock to that of the limit', async () => {
    const more = { input: '[1,2]', stateConfiguration: { mapIterationFailureCount: 2, errorCausedByState: 'P' } };
    expect(await mocking({ ...distributed, ToleratedFailureCount: 0 }, failure, more)).toMatchObject({ status: 'FAILED', error: 'Bad' });
  });
});

describe('TestState refuses', () => {
  const invalid = (message: string) => `ValidationException: ${message}`;
  const schema = (message: string) => invalid(`Mock result schema validation error: ${message}`);

  // As recorded in testdata/aws/stepfunctions/test_state_mock.json of radkawar/stackd, and in the snapshots of TestState of localstack.
  it.each([
    { state: { Type: 'Pass', End: true }, mock: result({}), says: invalid("State type 'Pass' is not supported when a mock is specified") },
    {
      state: invoke,
      mock: { ...result({}), ...failure },
      says: invalid('A test mock should have only one of the following fields: [result, errorOutput].'),
    },
    { state: invoke, mock: {}, says: invalid('One of the following fields is required for a test mock: [result, errorOutput].') },
    { state: invoke, mock: { errorOutput: { cause: 'c' } }, says: invalid('An error was not specified in the mocked error output.') },
    { state: invoke, mock: { result: '[]' }, says: invalid('Mocked result must be a valid JSON object.') },
    { state: invoke, mock: { result: '{' }, says: invalid('Mocked result must be a valid JSON object.') },
    { state: map, mock: result({}), says: invalid('Mocked result must be an array.') },
    { state: parallel, mock: result({}), says: invalid('Mocked result must be an array.') },
    {
      state: parallel,
      mock: result([1]),
      says: invalid('Mocked result must contain the same number of items as number of Parallel branches.'),
    },
    { state: { ...distributed, ResultWriter: writer }, mock: result([]), says: invalid('Mocked result must be a JSON object.') },
    { state: invoke, mock: result({ Payload: 1 }), says: schema("Field 'Payload' must be a string") },
    { state: invoke, mock: result({ StatusCode: '200' }), says: schema("Field 'StatusCode' must be a number") },
    { state: start, mock: result({ StartDate: 'd' }), says: schema("Required field 'ExecutionArn' is missing") },
    {
      state: start,
      mock: { ...result({ StartDate: 1 }), fieldValidationMode: 'PRESENT' },
      says: schema("Field 'StartDate' must be a string"),
    },
    { state: put, mock: result({ Entries: {} }), says: schema("Field 'Entries' must be an array") },
    { state: put, mock: result({ Entries: [{ EventId: 1 }] }), says: schema("Field 'EventId' must be a string") },
  ])('a mock of the wrong kind: $says', async ({ state, mock, says }) => {
    expect(await refusal(mocking(state, mock))).toBe(says);
  });

  it.each([
    { state: invoke, mock: { ...result({ Payload: 1, StatusCode: 'x' }), fieldValidationMode: 'NONE' } },
    { state: start, mock: { ...result({ StartDate: 'd' }), fieldValidationMode: 'PRESENT' } },
    { state: invoke, mock: result({ Colour: 'red' }) },
    { state: { ...distributed, ResultWriter: writer }, mock: result({ Bucket: 'b' }) },
  ])('no mock that is good enough: $mock', async ({ state, mock }) => {
    expect(await mocking(state, mock, { input: '[]' })).toMatchObject({ status: 'SUCCEEDED' });
  });

  const context = (message: string) => invalid(`Invalid Context object provided: ${message}`);
  it.each([
    { state: invoke, more: { revealSecrets: true }, says: invalid('TestState does not support RevealSecrets when a mock is specified.') },
    {
      state: invoke,
      more: { stateConfiguration: { mapIterationFailureCount: 1 } },
      says: invalid('MapIterationFailureCount is only supported when testing a Map state.'),
    },
    { state: invoke, more: { context: '{"Map":{}}' }, says: context("'Map' field is not supported when mocking a Context object") },
    { state: invoke, more: { context: '{"pokemon":{}}' }, says: context("Field 'pokemon' is not allowed") },
    { state: invoke, more: { context: '{"Execution":{"Id":1}}' }, says: context('Execution.Id must be a string') },
    {
      state: invoke,
      more: { context: '{"Task":{"Token":"t"}}' },
      says: context(
        "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
      ),
    },
  ])('what does not go with a mock: $says', async ({ state, more, says }) => {
    expect(await refusal(mocking(state, result({}), more))).toBe(says);
    expect(await mocking(invoke, result({}), { revealSecrets: false, roleArn: ROLE })).toMatchObject({ status: 'SUCCEEDED' });
  });

  it.each([
    {
      state: map,
      stateConfiguration: { mapIterationFailureCount: 3 },
      says: 'Map iteration failure count must be less than or equal to the number of Map iterations',
    },
    {
      state: { ...distributed, ItemReader: reader },
      stateConfiguration: {},
      says: 'ItemReader data must be specified when testing a Map state with ItemReader specified.',
    },
    {
      state: { ...distributed, ItemBatcher: { MaxItemsPerBatch: 2 } },
      stateConfiguration: {},
      says: "Input array does not equal the mocked result array's size",
    },
    { state: map, stateConfiguration: { errorCausedByState: 'P' }, says: expect.stringContaining("which 'P' is not") },
    { state: map, stateConfiguration: { mapItemReaderData: '[]' }, says: expect.stringContaining('only supported') },
  ])('a story of a Map that cannot be: $says', async ({ state, stateConfiguration, says }) => {
    const told = refusal(mocking(state, result([1, 2]), { input: '[1,2]', stateConfiguration }));
    expect((await told).replace('ValidationException: ', '')).toEqual(says);
  });
});
