import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { codeOf, Harness, recorder, returns, throws } from './harness.ts';

const DAY = 86_400_000;
describe('RedriveExecution', () => {
  it('goes on at the failed state with its recorded input and fresh retries', async () => {
    let broken = true;
    const { calls, handler } = recorder(() => (broken ? throws('Down') : returns('up')));
    const harness = new Harness({ services: { lambda: handler } });
    harness.machine({
      A: { Type: 'Pass', Output: { from: 'A' }, Assign: { v: 1 }, Next: 'T' },
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: {
          FunctionName: 'f',
          Payload: { v: '{% $v %}', in: '{% $states.input.from %}', redrives: '{% $states.context.Execution.RedriveCount %}' },
        },
        Retry: [{ ErrorEquals: ['Down'], MaxAttempts: 1 }],
        Output: '{% $states.result.Payload %}',
        End: true,
      },
    });
    const executionArn = await harness.start();
    await harness.kernel.advance(10_000);
    expect(await harness.describe(executionArn)).toMatchObject({ status: 'FAILED', redriveStatus: 'REDRIVABLE' });
    broken = false;
    await harness.call('RedriveExecution', { executionArn });
    await harness.kernel.settle();
    expect(await harness.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"up"', redriveCount: 1 });
    expect(calls.map(({ Payload }) => Payload)).toEqual([0, 0, 1].map((redrives) => `{"v":1,"in":"A","redrives":${redrives}}`));
    const types = await harness.types(executionArn);
    expect(types.filter((type) => type === 'PassStateEntered')).toHaveLength(1);
    expect(types).toContain('ExecutionRedriven');
    expect(harness.changes.map(({ status }) => status)).toEqual(['RUNNING', 'FAILED', 'RUNNING', 'SUCCEEDED']);
  });

  it('goes on only in the iterations that failed or were stopped, also after a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'states-'));
    const entered: unknown[] = [];
    const services = (broken: boolean) => ({
      lambda: (_operation: string, input: JsonObject) => {
        const n = JSON.parse(String(input.Payload)) as number;
        entered.push(n);
        return broken && n === 2 ? throws('Down') : returns(n * 10);
      },
    });
    const states = {
      M: {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency: 1,
        ItemProcessor: {
          StartAt: 'T',
          States: {
            T: {
              Type: 'Task',
              Resource: 'arn:aws:states:::lambda:invoke',
              Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
              Output: '{% $states.result.Payload %}',
              End: true,
            },
          },
        },
        End: true,
      },
    };
    const before = new Harness({ directory, services: services(true) });
    before.machine(states);
    const executionArn = await before.start();
    before.kernel.stop();
    const after = new Harness({ directory, services: services(false) });
    after.kernel.resume();
    await after.call('RedriveExecution', { executionArn });
    await after.kernel.settle();
    expect(entered).toEqual([1, 2, 2, 3]);
    expect(await after.output(executionArn)).toEqual([10, 20, 30]);
    after.kernel.stop();
    rmSync(directory, { recursive: true });
  });

  // As recorded in `testdata/aws/stepfunctions/redrive_execution.json` of radkawar/stackd.
  it('enters no state again that was entered, and follows its entering', async () => {
    const harness = new Harness();
    const { activityArn } = await harness.call('CreateActivity', { name: 'a' });
    const branch = (name: string): JsonObject => ({
      StartAt: name,
      States: { [name]: { Type: 'Task', Resource: activityArn, End: true } },
    });
    const times = { Type: 'Pass', Output: '{% $states.context.State.EnteredTime %}', End: true };
    harness.machine({
      P: { Type: 'Parallel', Branches: ['A', 'B', 'C'].map(branch), Next: 'T' },
      T: { Type: 'Task', Resource: activityArn, Arguments: '{% $states.context.State.EnteredTime %}', Next: 'E' },
      E: times,
    });
    const executionArn = await harness.start();
    const take = async () => String((await harness.call('GetActivityTask', { activityArn })).taskToken);
    const [a, b, c] = [await take(), await take(), await take()];
    await harness.call('SendTaskSuccess', { taskToken: a, output: '1' });
    await harness.kernel.advance(1000);
    await harness.call('SendTaskFailure', { taskToken: b, error: 'E' });
    await harness.kernel.advance(1000);
    await harness.call('RedriveExecution', { executionArn });
    await harness.kernel.settle();
    const chain = (await harness.history(executionArn)).map(({ type, previousEventId }) => `${previousEventId} ${type}`);
    expect(chain.slice(14)).toEqual([
      '11 ActivityFailed',
      '15 TaskStateAborted',
      '15 TaskStateAborted',
      '15 ParallelStateFailed',
      '18 ExecutionFailed',
      '19 ExecutionRedriven',
      '6 ActivityScheduled',
      '8 ActivityScheduled',
    ]);
    expect(await codeOf(harness.call('SendTaskSuccess', { taskToken: c, output: '1' }))).toBe('TaskTimedOut');
    for (const output of ['2', '3']) await harness.call('SendTaskSuccess', { taskToken: await take(), output });
    await harness.kernel.advance(1000);
    await harness.call('StopExecution', { executionArn });
    await harness.kernel.advance(1000);
    await harness.call('RedriveExecution', { executionArn });
    await harness.kernel.settle();
    const { input, taskToken } = await harness.call('GetActivityTask', { activityArn });
    expect(input).toBe('"2026-03-02T09:00:02Z"');
    await harness.call('SendTaskSuccess', { taskToken, output: '4' });
    await harness.kernel.settle();
    expect(await harness.output(executionArn)).toBe('2026-03-02T09:00:04Z');
  });

  it('fails again at a Fail state as what follows the redrive', async () => {
    const harness = new Harness();
    const { arn } = await harness.run({ F: { Type: 'Fail', Error: 'E' } });
    await harness.call('RedriveExecution', { executionArn: arn });
    await harness.kernel.settle();
    const chain = (await harness.history(arn)).map(({ type, previousEventId }) => `${previousEventId} ${type}`);
    expect(chain.slice(1)).toEqual(['0 FailStateEntered', '2 ExecutionFailed', '3 ExecutionRedriven', '4 ExecutionFailed']);
  });

  it('enters the first state of a branch whose turn had not come', async () => {
    const harness = new Harness();
    const pass = (name: string, Output: unknown): JsonObject => ({
      StartAt: name,
      States: { [name]: { Type: 'Pass', Output, End: true } },
    });
    const once = "{% $states.context.Execution.RedriveCount = 0 ? $error('down') : 'up' %}";
    const { arn, ...failed } = await harness.run({ P: { Type: 'Parallel', Branches: [pass('A', once), pass('B', 'b')], End: true } });
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    await harness.call('RedriveExecution', { executionArn: arn });
    await harness.kernel.settle();
    expect(await harness.output(arn)).toEqual(['up', 'b']);
    const types = await harness.types(arn);
    expect(types.slice(types.indexOf('ExecutionRedriven') + 1, -3)).toEqual(['PassStateExited', 'PassStateEntered', 'PassStateExited']);
  });

  it('goes on with a stopped wait, whose old token is dead', async () => {
    const tokens: string[] = [];
    const harness = new Harness({
      services: {
        sqs: (_operation, input) => {
          tokens.push(String(input.MessageBody));
          return {};
        },
      },
    });
    harness.machine({
      W: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: { QueueUrl: 'q', MessageBody: '{% $states.context.Task.Token %}' },
        End: true,
      },
    });
    const executionArn = await harness.start();
    await harness.call('StopExecution', { executionArn });
    await harness.call('RedriveExecution', { executionArn });
    await harness.kernel.settle();
    expect(await codeOf(harness.call('SendTaskSuccess', { taskToken: tokens[0], output: '1' }))).toBe('TaskTimedOut');
    await harness.call('SendTaskSuccess', { taskToken: tokens[1], output: '2' });
    await harness.kernel.settle();
    expect(await harness.output(executionArn)).toBe(2);
  });

  it('is refused for what runs, succeeded, or failed more than 14 days ago', async () => {
    const harness = new Harness();
    harness.machine({
      C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.ok %}', Next: 'S' }], Default: 'F' },
      S: { Type: 'Succeed' },
      F: { Type: 'Fail' },
    });
    const good = await harness.start({ ok: true }, { name: 'good' });
    const bad = await harness.start({ ok: false }, { name: 'bad' });
    expect(await codeOf(harness.call('RedriveExecution', { executionArn: good }))).toBe('ExecutionNotRedrivable');
    await harness.kernel.advance(14 * DAY);
    expect(await codeOf(harness.call('RedriveExecution', { executionArn: bad }))).toBe('ExecutionNotRedrivable');
    expect(await harness.describe(bad)).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution redrivable period exceeded',
    });
  });

  it('happens once for a client token, for a quarter of an hour', async () => {
    const harness = new Harness();
    const { arn: executionArn } = await harness.run({ F: { Type: 'Fail' } });
    const first = await harness.call('RedriveExecution', { executionArn, clientToken: 't' });
    await harness.kernel.advance(899_999);
    expect(await harness.call('RedriveExecution', { executionArn, clientToken: 't' })).toEqual(first);
    expect(await harness.describe(executionArn)).toMatchObject({ redriveCount: 1 });
    await harness.kernel.advance(1);
    await harness.call('RedriveExecution', { executionArn, clientToken: 't' });
    expect(await harness.describe(executionArn)).toMatchObject({ redriveCount: 2 });
  });
});
