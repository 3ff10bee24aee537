import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { codeOf, Harness } from './harness.ts';

const ACTIVITY = 'arn:aws:states:us-east-1:000000000000:activity:work';
const states = (more: JsonObject = {}): Record<string, JsonObject> => ({ T: { Type: 'Task', Resource: ACTIVITY, End: true, ...more } });

async function withActivity(directory?: string): Promise<Harness> {
  const harness = new Harness(directory === undefined ? {} : { directory });
  await harness.call('CreateActivity', { name: 'work' });
  return harness;
}

const poll = (harness: Harness, workerName?: string): Promise<JsonObject> =>
  harness.call('GetActivityTask', { activityArn: ACTIVITY, ...(workerName === undefined ? {} : { workerName }) });

describe('an activity', () => {
  it('gives its task to a worker, whose answer is the result', async () => {
    const harness = await withActivity();
    harness.machine(states({ Arguments: { n: '{% $states.input.n + 1 %}' }, TimeoutSeconds: 60, HeartbeatSeconds: 10 }));
    const arn = await harness.start({ n: 1 });
    const { taskToken, input } = await poll(harness, 'w1');
    expect(input).toBe('{"n":2}');
    await harness.kernel.advance(9_000);
    await harness.call('SendTaskHeartbeat', { taskToken });
    await harness.kernel.advance(9_000);
    await harness.call('SendTaskSuccess', { taskToken, output: '"done"' });
    await harness.kernel.settle();
    expect(await harness.output(arn)).toBe('done');
    const history = await harness.history(arn);
    // Recorded against AWS, in asl-conformance's activities.
    expect(history.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'ActivityScheduled',
      'ActivityStarted',
      'ActivitySucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(history[2]).toMatchObject({
      activityScheduledEventDetails: { resource: ACTIVITY, input: '{"n":2}', timeoutInSeconds: 60, heartbeatInSeconds: 10 },
    });
    expect(history[3]).toMatchObject({ activityStartedEventDetails: { workerName: 'w1' } });
    expect(history[4]).toMatchObject({ activitySucceededEventDetails: { output: '"done"' } });
  });

  it('counts the time of a task from when a worker took it', async () => {
    const harness = await withActivity();
    harness.machine(states({ TimeoutSeconds: 5 }));
    const arn = await harness.start();
    await harness.kernel.advance(3_600_000);
    expect(await harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await poll(harness);
    await harness.kernel.advance(5_000);
    expect(await harness.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect((await harness.types(arn)).slice(2)).toEqual(['ActivityScheduled', 'ActivityStarted', 'ActivityTimedOut', 'ExecutionFailed']);
  });

  it('fails with what its worker says, and a silent worker with States.HeartbeatTimeout', async () => {
    const harness = await withActivity();
    const catcher = { Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Silent' }], HeartbeatSeconds: 5 };
    harness.machine({ ...states(catcher), Silent: { Type: 'Pass', Output: 'silent', End: true } });
    const [failed, silent] = [await harness.start({}, { name: 'a' }), await harness.start({}, { name: 'b' })];
    const { taskToken } = await poll(harness);
    await harness.call('SendTaskFailure', { taskToken, error: 'Bad', cause: 'so it is' });
    await poll(harness);
    await harness.kernel.advance(5_000);
    expect(await harness.describe(failed)).toMatchObject({ status: 'FAILED', error: 'Bad', cause: 'so it is' });
    expect(await harness.types(failed)).toContain('ActivityFailed');
    expect(await harness.output(silent)).toBe('silent');
  });

  it('serves tasks in order, and those of stopped executions to nobody', async () => {
    const harness = await withActivity();
    harness.machine(states());
    for (const name of ['a', 'b', 'c']) await harness.start(name, { name });
    await harness.call('StopExecution', { executionArn: 'arn:aws:states:us-east-1:000000000000:execution:test:b' });
    expect([(await poll(harness)).input, (await poll(harness)).input]).toEqual(['"a"', '"c"']);
  });

  it('keeps its tasks over a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'states-'));
    const before = await withActivity(directory);
    before.machine(states());
    const arn = await before.start('kept');
    before.kernel.stop();
    const after = new Harness({ directory });
    after.kernel.resume();
    const { taskToken, input } = await poll(after);
    expect(input).toBe('"kept"');
    await after.call('SendTaskSuccess', { taskToken, output: '1' });
    await after.kernel.settle();
    expect(await after.output(arn)).toBe(1);
    after.kernel.stop();
    rmSync(directory, { recursive: true });
  });

  it('that does not exist ends the execution', async () => {
    const harness = new Harness();
    const { arn, error, cause } = await harness.run(states({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'T' }] }));
    // Recorded: testdata/aws/stepfunctions/activity_missing.json of radkawar/stackd.
    expect(error).toBe('States.Runtime');
    expect(cause).toBe(
      `An error occurred while executing the state 'T' (entered at the event id #2). The activity ${ACTIVITY} does not exist.`,
    );
    expect(await harness.types(arn)).toEqual(['ExecutionStarted', 'TaskStateEntered', 'ExecutionFailed']);
  });

  it('is told of, and deleted', async () => {
    const harness = await withActivity();
    const described = await harness.call('DescribeActivity', { activityArn: ACTIVITY });
    expect(described).toMatchObject({ activityArn: ACTIVITY, name: 'work' });
    await harness.kernel.advance(1000);
    expect(await harness.call('CreateActivity', { name: 'work' })).toEqual({ activityArn: ACTIVITY, creationDate: described.creationDate });
    expect((await harness.call('ListActivities', {})).activities).toEqual([described]);
    await harness.call('DeleteActivity', { activityArn: ACTIVITY });
    expect(await codeOf(poll(harness))).toBe('ActivityDoesNotExist');
  });
});

describe('a poll', () => {
  it('is held until there is a task', async () => {
    const harness = await withActivity();
    harness.machine(states());
    const polled = [poll(harness), poll(harness)];
    await harness.kernel.advance(30_000);
    await harness.start('late', { name: 'a' });
    expect(await polled[0]).toMatchObject({ input: '"late"' });
    await harness.kernel.advance(30_000);
    expect(await polled[1]).toEqual({});
  });

  it('by a function is answered at once, for the clock stands while it runs', async () => {
    const harness = await withActivity();
    expect(await harness.kernel.call('states', 'GetActivityTask', { activityArn: ACTIVITY }, 'lambda:f')).toEqual({});
  });
});
