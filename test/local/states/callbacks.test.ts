import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/kernel/errors.ts';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { codeOf, Harness, machineArn, refusal, returns, START } from './harness.ts';

const DAY = 86_400_000;

/** The wheel of every stage: decide, arm a token in the table, wait, decide again. `decide` answers the n-th decision. */
function wheel(arm: (call: JsonObject, n: number) => unknown, directory?: string) {
  const tokens: string[] = [];
  let decisions = 0;
  const harness = new Harness({
    ...(directory === undefined ? {} : { directory }),
    services: {
      lambda: () => {
        decisions += 1;
        return returns({ accountId: 'A1', signals: decisions, until: new Date(harness.kernel.now() + DAY).toISOString() });
      },
      dynamodb: (_operation, input) => {
        const values = input.ExpressionAttributeValues as Record<string, { S?: string }>;
        tokens.push(values[':token']?.S ?? '');
        return arm(input, tokens.length) ?? {};
      },
    },
  });
  harness.machine({
    'Decide what is due': {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'decide', Payload: { accountId: '{% $states.context.Execution.Input.accountId %}' } },
      Assign: { turn: '{% $states.result.Payload %}', until: '{% $states.result.Payload.until %}' },
      Next: 'Wait for payment or next reminder',
    },
    'Wait for payment or next reminder': {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
      Arguments: {
        TableName: 'Cases',
        Key: { pk: { S: "{% 'ACCOUNT#' & $turn.accountId %}" } },
        UpdateExpression: 'SET waitToken = :token',
        ExpressionAttributeValues: {
          ':token': { S: '{% $states.context.Task.Token %}' },
          ':signals': { N: '{% $string($turn.signals) %}' },
        },
      },
      TimeoutSeconds: '{% $max([1, $ceil(($toMillis($until) - $toMillis($states.context.State.EnteredTime)) / 1000)]) %}',
      Retry: [{ ErrorEquals: ['DynamoDb.TransactionConflictException'], MaxAttempts: 8 }],
      Catch: [{ ErrorEquals: ['DynamoDb.ConditionalCheckFailedException', 'States.Timeout'], Next: 'Enough' }],
      Output: {},
      Next: 'Enough',
    },
    Enough: {
      Type: 'Choice',
      Default: 'Decide what is due',
      Choices: [{ Condition: '{% $turn.signals >= 2 %}', Next: 'Done' }],
    },
    Done: { Type: 'Succeed' },
  });
  return { harness, tokens, decisions: () => decisions };
}

const sdkWait = {
  Wait: {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
    Arguments: { TableName: 'T', Key: { pk: { S: '{% $states.context.Task.Token %}' } } },
    TimeoutSeconds: 60,
    End: true,
  },
};

function waiting(state: JsonObject = {}, answer: (n: number) => unknown = () => ({})) {
  const tokens: string[] = [];
  const harness = new Harness({
    services: {
      dynamodb: (_operation, input) => {
        tokens.push((input.Key as { pk: { S: string } }).pk.S);
        return answer(tokens.length);
      },
    },
  });
  harness.machine({ Wait: { ...sdkWait.Wait, ...state } });
  return { harness, tokens };
}

describe('a wait for a task token', () => {
  it('goes on with the output of SendTaskSuccess and cancels its timeout', async () => {
    const { harness, tokens } = waiting();
    const arn = await harness.start();
    await harness.call('SendTaskSuccess', { taskToken: tokens[0], output: '{ "paid": true }' });
    await harness.kernel.settle();
    // As recorded, what a caller wrote stays as it is.
    expect(await harness.describe(arn)).toMatchObject({ output: '{ "paid": true }' });
    expect(await harness.types(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(harness.store.all("SELECT key FROM timers WHERE service = 'states' AND key <> 'purge'")).toEqual([]);
  });

  it('spells a failed condition DynamoDb.ConditionalCheckFailedException', async () => {
    const { harness } = waiting({}, () => {
      throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
    });
    const arn = await harness.start();
    expect(await harness.describe(arn)).toMatchObject({ status: 'FAILED', error: 'DynamoDb.ConditionalCheckFailedException' });
  });

  it('turns the wheel: a refused arm, then a timeout, lead to the next decision', async () => {
    const { harness, tokens, decisions } = wheel((_call, n) => {
      if (n === 1) throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
      return {};
    });
    const arn = await harness.start({ accountId: 'A1' });
    expect(decisions()).toBe(2);
    await harness.kernel.advance(DAY - 1);
    expect(await harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await harness.kernel.advance(1);
    expect(await harness.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(new Set(tokens).size).toBe(2);
  });

  it('retries a conflict with a token of its own', async () => {
    const { harness, tokens } = wheel((_call, n) => {
      if (n === 1) throw new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');
      return {};
    });
    await harness.start({ accountId: 'A1' });
    await harness.kernel.advance(1000);
    expect(tokens).toHaveLength(2);
    expect(tokens[0]).not.toBe(tokens[1]);
    expect(await codeOf(harness.call('SendTaskSuccess', { taskToken: tokens[0], output: '{}' }))).toBe('TaskTimedOut');
    expect(await codeOf(harness.call('SendTaskSuccess', { taskToken: tokens[1], output: '{}' }))).toBeUndefined();
  });

  it.each([
    { first: 'callback', status: 'SUCCEEDED', code: undefined },
    { first: 'timeout', status: 'FAILED', code: 'TaskTimedOut' },
  ])('that both a callback and its timeout end at one instant belongs to the first: $first', async ({ first, status, code }) => {
    const { harness, tokens } = waiting();
    const callbacks: (string | undefined)[] = [];
    harness.kernel.register({
      name: 'caller',
      call: () => undefined,
      onTimer: async () => {
        callbacks.push(await codeOf(harness.call('SendTaskSuccess', { taskToken: tokens[0], output: '{}' })));
      },
    });
    // Timers of one instant fire in the order they were set.
    if (first === 'callback') harness.kernel.setTimer('caller', 'call', START + 60_000);
    const arn = await harness.start();
    if (first === 'timeout') harness.kernel.setTimer('caller', 'call', START + 60_000);
    await harness.kernel.advance(60_000);
    expect(callbacks).toEqual([code]);
    expect(await harness.describe(arn)).toMatchObject({ status });
    expect(harness.kernel.failures()).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['lambda:invoke', { FunctionName: 'f', Payload: { token: '{% $states.context.Task.Token %}' } }],
    ['sqs:sendMessage', { QueueUrl: 'q', MessageBody: { token: '{% $states.context.Task.Token %}' } }],
    ['sns:publish', { TopicArn: 't', Message: { token: '{% $states.context.Task.Token %}' } }],
    ['events:putEvents', { Entries: [{ Source: 's', DetailType: 'd', Detail: { token: '{% $states.context.Task.Token %}' } }] }],
    ['states:startExecution', { StateMachineArn: machineArn('child'), Input: { token: '{% $states.context.Task.Token %}' } }],
    ['aws-sdk:sqs:sendMessage', { QueueUrl: 'q', MessageBody: "{% $string({'token': $states.context.Task.Token}) %}" }],
    ['aws-sdk:sns:publish', { TopicArn: 't', Message: "{% $string({'token': $states.context.Task.Token}) %}" }],
    ['aws-sdk:sfn:startExecution', { StateMachineArn: machineArn('child'), Input: "{% $string({'token': $states.context.Task.Token}) %}" }],
  ])('of %s waits when the call has succeeded', async (resource, Arguments) => {
    const answer = () => ({ ...returns('not the result'), FailedEntryCount: 0 });
    const harness = new Harness({ services: { lambda: answer, sqs: answer, sns: answer, events: answer } });
    harness.machine({ P: { Type: 'Pass', End: true } }, { name: 'child' });
    harness.machine({
      T: { Type: 'Task', Resource: `arn:aws:states:::${resource}.waitForTaskToken`, Arguments, TimeoutSeconds: 60, End: true },
    });
    const arn = await harness.start();
    const scheduled = (await harness.history(arn)).find(({ type }) => type === 'TaskScheduled')?.taskScheduledEventDetails;
    const taskToken = /token\W+([\w+/=]+)/.exec(String((scheduled as JsonObject).parameters))?.[1];
    expect((await harness.types(arn)).at(-1)).toBe('TaskSubmitted');
    await harness.call('SendTaskSuccess', { taskToken, output: '{"by":"callback"}' });
    await harness.kernel.settle();
    expect(await harness.output(arn)).toEqual({ by: 'callback' });
  });

  it('may be answered before the call that hands the token out returns', async () => {
    const { harness, tokens } = waiting({}, async () => {
      await harness.call('SendTaskSuccess', { taskToken: tokens[0], output: '"early"' });
      return {};
    });
    const arn = await harness.start();
    expect(await harness.output(arn)).toBe('early');
    expect(harness.kernel.failures()).toEqual([]);
  });

  it('fails with the error and cause it is sent, or with neither', async () => {
    const { harness, tokens } = waiting();
    harness.machine({
      Wait: { ...sdkWait.Wait, Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'End' }] },
      End: { Type: 'Succeed' },
    });
    const named = await harness.start({}, { name: 'named' });
    const bare = await harness.start({}, { name: 'bare' });
    await harness.call('SendTaskFailure', { taskToken: tokens[0], error: 'Bounced', cause: 'no such address' });
    await harness.call('SendTaskFailure', { taskToken: tokens[1] });
    await harness.kernel.settle();
    expect(await harness.output(named)).toEqual({ Error: 'Bounced', Cause: 'no such address' });
    expect(await harness.output(bare)).toEqual({ Error: null, Cause: null });
  });

  it('tells a late, a second and a made-up answer apart from a good one', async () => {
    const { harness, tokens } = waiting();
    await harness.start();
    const late = harness.kernel.advance(60_000);
    await late;
    const send = (taskToken: string) => codeOf(harness.call('SendTaskSuccess', { taskToken, output: '{}' }));
    const token = String(tokens[0]);
    expect(await send(token)).toBe('TaskTimedOut');
    expect(await send('AAAA')).toBe('InvalidToken');
    expect(await send(`${token.slice(0, -4)}AAA=`)).toBe('InvalidToken');
    await harness.start({}, { name: 'second' });
    expect(await send(String(tokens[1]))).toBeUndefined();
    expect(await send(String(tokens[1]))).toBe('TaskTimedOut');
    expect(await codeOf(harness.call('SendTaskHeartbeat', { taskToken: tokens[1] }))).toBe('TaskTimedOut');
  });

  // As recorded in `testdata/aws/stepfunctions/callback_lifecycle.json` of radkawar/stackd.
  it('refuses a made-up token before an answer that is no JSON, and that before a token whose task is over', async () => {
    const { harness, tokens } = waiting();
    const { activityArn } = await harness.call('CreateActivity', { name: 'a.b' });
    harness.machine({ A: { Type: 'Task', Resource: activityArn, End: true } }, { name: 'worked' });
    await harness.start();
    await harness.start({}, { machine: 'worked' });
    const { taskToken: leased } = await harness.call('GetActivityTask', { activityArn });
    const send = (taskToken: unknown, output: string) => refusal(harness.call('SendTaskSuccess', { taskToken, output }));
    expect(await send('AAAA', 'nope')).toBe("InvalidToken: Invalid Token: 'Invalid token'");
    for (const [token, over] of [
      [tokens[0], "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'"],
      [leased, `TaskTimedOut: Task Timed Out: '${activityArn}'`],
    ]) {
      expect(await send(token, '{}')).toBe('not refused');
      expect(await send(token, 'nope')).toBe("InvalidOutput: Invalid Output: 'nope' is not valid JSON.");
      expect(await send(token, '{}')).toBe(over);
      expect(await refusal(harness.call('SendTaskFailure', { taskToken: token }))).toBe(over);
      expect(await refusal(harness.call('SendTaskHeartbeat', { taskToken: token }))).toBe(over);
    }
  });

  it('refuses an output that is no JSON and leaves the wait as it was', async () => {
    const { harness, tokens } = waiting();
    const arn = await harness.start();
    expect(await codeOf(harness.call('SendTaskSuccess', { taskToken: tokens[0], output: '{' }))).toBe('InvalidOutput');
    expect(await harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
  });

  it('ends with States.Timeout when no heartbeat comes, and a heartbeat puts that off', async () => {
    const { harness, tokens } = waiting({ TimeoutSeconds: 600, HeartbeatSeconds: 10 });
    const arn = await harness.start();
    await harness.kernel.advance(9_000);
    await harness.call('SendTaskHeartbeat', { taskToken: tokens[0] });
    await harness.kernel.advance(9_999);
    expect(await harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await harness.kernel.advance(1);
    expect(await harness.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('lets States.HeartbeatTimeout catch a missing heartbeat only', async () => {
    const state = { HeartbeatSeconds: 10, Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Output: 'silent', Next: 'End' }] };
    const { harness } = waiting();
    harness.machine({ Wait: { ...sdkWait.Wait, ...state }, End: { Type: 'Succeed' } });
    const silent = await harness.start({}, { name: 'silent' });
    await harness.kernel.advance(10_000);
    expect(await harness.output(silent)).toBe('silent');
  });
});

describe('a task that waits for the end of an execution', () => {
  async function nested(resource: string, state: JsonObject = {}) {
    const harness = new Harness();
    const Wait = { Type: 'Wait', Seconds: 100, End: true };
    harness.machine({ Wait }, { name: 'child' });
    const Arguments = { StateMachineArn: machineArn('child'), Name: 'c', Input: { token: '{% $states.context.Task.Token %}' } };
    harness.machine({ Nest: { Type: 'Task', Resource: resource, Arguments, End: true, ...state } });
    const arn = await harness.start();
    const { executions } = await harness.call('ListExecutions', { stateMachineArn: machineArn('child') });
    const child = String((executions as JsonObject[])[0]?.executionArn);
    const { input } = await harness.call('DescribeExecution', { executionArn: child });
    const { token: taskToken } = JSON.parse(String(input));
    return { harness, arn, child, taskToken };
  }

  // `test_sync_with_task_token` of localstack/localstack was held against AWS.
  it.each(['sync', 'sync:2'])('with .%s may be answered by its token, and what it started goes on', async (pattern) => {
    const { harness, arn, child, taskToken } = await nested(`arn:aws:states:::states:startExecution.${pattern}`);
    await harness.call('SendTaskSuccess', { taskToken, output: '{"by":"token"}' });
    await harness.kernel.settle();
    expect(await harness.output(arn)).toEqual({ by: 'token' });
    expect(await harness.types(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(await codeOf(harness.call('SendTaskSuccess', { taskToken, output: '{}' }))).toBe('TaskTimedOut');
    expect(await harness.describe(child)).toMatchObject({ status: 'RUNNING' });
    await harness.kernel.advance(100_000);
    expect(await harness.describe(child)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await harness.types(arn)).toHaveLength(8);
  });

  it('fails with what its token is sent, and has no token once the execution has ended', async () => {
    const failed = await nested('arn:aws:states:::states:startExecution.sync:2');
    await failed.harness.call('SendTaskFailure', { taskToken: failed.taskToken, error: 'E', cause: 'C' });
    await failed.harness.kernel.settle();
    expect(await failed.harness.describe(failed.arn)).toMatchObject({ status: 'FAILED', error: 'E', cause: 'C' });

    const ended = await nested('arn:aws:states:::states:startExecution.sync:2');
    await ended.harness.kernel.advance(100_000);
    expect(await ended.harness.describe(ended.arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await codeOf(ended.harness.call('SendTaskSuccess', { taskToken: ended.taskToken, output: '{}' }))).toBe('TaskTimedOut');
  });

  it('is kept waiting by heartbeats, and fails where none comes', async () => {
    const { harness, arn, taskToken } = await nested('arn:aws:states:::states:startExecution.sync', { HeartbeatSeconds: 10 });
    await harness.kernel.advance(9_000);
    await harness.call('SendTaskHeartbeat', { taskToken });
    await harness.kernel.advance(9_999);
    expect(await harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await harness.kernel.advance(1);
    expect(await harness.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });
});

describe('a restart on the same store', () => {
  it('keeps a wait, its token and its timeout', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'states-'));
    const before = wheel(() => ({}), directory);
    const arn = await before.harness.start({ accountId: 'A1' });
    await before.harness.kernel.advance(1000);
    before.harness.kernel.stop();

    const after = wheel(() => ({}), directory);
    after.harness.kernel.resume();
    await after.harness.call('SendTaskSuccess', { taskToken: before.tokens[0], output: '{}' });
    await after.harness.kernel.settle();
    expect(after.decisions()).toBe(1);
    await after.harness.kernel.advance(DAY);
    expect(after.decisions()).toBe(2);
    expect(await after.harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
    expect((await after.harness.history(arn)).map(({ id }) => id)).toEqual(
      [...(await after.harness.history(arn)).keys()].map((key) => key + 1),
    );
    after.harness.kernel.stop();
    rmSync(directory, { recursive: true });
  });

  it('fails a call that was out, so that the Retry of its state decides', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'states-'));
    const states = {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: 'f' },
        Retry: [{ ErrorEquals: ['Lambda.ServiceException'], IntervalSeconds: 5 }],
        End: true,
      },
    };
    const before = new Harness({ directory, services: { lambda: () => new Promise(() => {}) } });
    before.machine(states);
    const { executionArn } = await before.call('StartExecution', {
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:test',
      name: 'run',
    });
    await new Promise((resolve) => setImmediate(resolve));
    before.kernel.stop();

    const after = new Harness({ directory, services: { lambda: () => returns('again') } });
    after.machine(states);
    after.kernel.resume();
    await after.kernel.advance(5_000);
    expect(await after.output(String(executionArn))).toMatchObject({ Payload: 'again' });
    expect(await after.types(String(executionArn))).toContain('TaskFailed');
    after.kernel.stop();
    rmSync(directory, { recursive: true });
  });
});
