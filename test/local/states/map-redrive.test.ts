import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { returns, throws } from './harness.ts';
import { children, ECHO, INVOKE, map, mapRuns, onlyRun, put, reader, withS3 } from './map-world.ts';

describe('the redrive of a Map Run', () => {
  it.each(['STANDARD', 'EXPRESS'])('goes on with the %s executions that failed and those never started', async (type) => {
    let broken = true;
    const asked: unknown[] = [];
    const harness = withS3({
      lambda: (_operation, input) => {
        asked.push(input.Payload);
        return broken && input.Payload === '2' ? throws('Down') : returns(Number(input.Payload) * 10);
      },
    });
    const { arn } = await harness.run(map(INVOKE, { MaxConcurrency: 1 }, type), [1, 2, 3]);
    const failed = await onlyRun(harness, arn);
    expect(failed).toMatchObject({ status: 'FAILED', redriveCount: 0 });
    broken = false;
    await harness.call('RedriveExecution', { executionArn: arn });
    await harness.kernel.settle();
    expect(asked).toEqual(['1', '2', '2', '3']);
    expect(await harness.output(arn)).toEqual([10, 20, 30]);
    const run = await onlyRun(harness, arn);
    expect(run).toMatchObject({
      mapRunArn: failed.mapRunArn,
      status: 'SUCCEEDED',
      redriveCount: 1,
      executionCounts: { succeeded: 3, total: 3 },
    });
    expect(await children(harness, run.mapRunArn, { redriveFilter: 'REDRIVEN' })).toHaveLength(1);
    const history = await harness.history(arn);
    expect(history.map((event) => event.type).slice(-6)).toEqual([
      'ExecutionRedriven',
      'MapRunRedriven',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect(history.find(({ type }) => type === 'MapRunRedriven')).toMatchObject({
      mapRunRedrivenEventDetails: { mapRunArn: run.mapRunArn, redriveCount: 1 },
    });
  });

  // As recorded in `testdata/aws/stepfunctions/redrive_map.json` of radkawar/stackd.
  it.each([
    {
      type: 'STANDARD',
      failed: [
        { status: 'ABORTED', stopDate: 8 },
        { status: 'FAILED', stopDate: 8 },
        { status: 'SUCCEEDED', stopDate: 0 },
      ],
      redriven: [
        { startDate: 0, stopDate: 90, redriveCount: 1, redriveDate: 60 },
        { startDate: 0, stopDate: 60, redriveCount: 1, redriveDate: 60 },
        { startDate: 0, stopDate: 0, redriveCount: 0 },
      ],
    },
    {
      type: 'EXPRESS',
      failed: [
        { status: 'SUCCEEDED', stopDate: 30 },
        { status: 'FAILED', stopDate: 8 },
        { status: 'SUCCEEDED', stopDate: 0 },
      ],
      redriven: [
        { startDate: 0, stopDate: 30, redriveCount: 0 },
        { startDate: 60, stopDate: 60, redriveCount: 1 },
        { startDate: 0, stopDate: 0, redriveCount: 0 },
      ],
    },
  ])('keeps the ARNs and the successes of $type executions', async ({ type, failed, redriven }) => {
    let broken = true;
    const harness = withS3({
      lambda: (_operation, { Payload }) => {
        if (Payload === '1' && broken) return { ...throws('Down'), VirtualDurationMs: 8_000 };
        return { ...returns(Payload), VirtualDurationMs: Payload === '2' ? 30_000 : 0 };
      },
    });
    harness.machine(map(INVOKE, { MaxConcurrency: 2 }, type));
    const arn = await harness.start([0, 1, 2, 3]);
    await harness.kernel.advance(60_000);
    const { mapRunArn, startDate, stopDate } = await onlyRun(harness, arn);
    expect(Number(stopDate) - Number(startDate)).toBe(failed[0]?.stopDate);
    const told = async (more: JsonObject = {}): Promise<JsonObject[]> =>
      (await children(harness, mapRunArn, more)).map((child) => ({
        ...child,
        ...Object.fromEntries(
          ['startDate', 'stopDate', 'redriveDate']
            .filter((key) => key in child)
            .map((key) => [key, Number(child[key]) - Number(startDate)]),
        ),
      }));
    const before = await told();
    expect(before).toEqual(failed.map((child) => expect.objectContaining(child)));
    for (const { executionArn, name } of before) expect(String(executionArn).endsWith(`:${String(name)}`)).toBe(true);

    broken = false;
    await harness.call('RedriveExecution', { executionArn: arn });
    await harness.kernel.advance(60_000);
    const after = (await told()).filter(({ executionArn }) => before.some((child) => child.executionArn === executionArn));
    const sorted = (rows: JsonObject[]): JsonObject[] => rows.toSorted((one, other) => (String(one.name) < String(other.name) ? -1 : 1));
    expect(sorted(after)).toEqual(sorted(before.map((child, index) => ({ ...child, ...redriven[index], status: 'SUCCEEDED' }))));
    expect(await onlyRun(harness, arn)).toMatchObject({ status: 'SUCCEEDED', executionCounts: { succeeded: 4, total: 4 } });
    const events = await harness.history(arn);
    expect(events.slice(1).map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [2, 0, 'MapStateEntered'],
      [3, 2, 'MapStateStarted'],
      [4, 3, 'MapRunStarted'],
      [5, 4, 'MapRunFailed'],
      [6, 5, 'MapStateFailed'],
      [7, 6, 'ExecutionFailed'],
      [8, 7, 'ExecutionRedriven'],
      [9, 3, 'MapRunRedriven'],
      [10, 9, 'MapRunSucceeded'],
      [11, 10, 'MapStateSucceeded'],
      [12, 9, 'MapStateExited'],
      [13, 12, 'ExecutionSucceeded'],
    ]);
  });

  it('shows who waits for it', async () => {
    let answer: JsonObject = throws('Down');
    const harness = withS3({ lambda: () => answer });
    harness.machine(map(INVOKE, { MaxConcurrency: 1, ToleratedFailureCount: 1 }));
    const executionArn = await harness.start([1, 2, 3]);
    answer = { ...returns('late'), VirtualDurationMs: 10_000 };
    await harness.call('RedriveExecution', { executionArn });
    await harness.kernel.settle();
    const { mapRunArn, executionCounts } = await onlyRun(harness, executionArn);
    expect(executionCounts).toMatchObject({ running: 1, pendingRedrive: 1, pending: 1, total: 3 });
    expect(await children(harness, mapRunArn, { statusFilter: 'PENDING_REDRIVE' })).toHaveLength(1);
    expect(await children(harness, mapRunArn, { statusFilter: 'FAILED' })).toHaveLength(0);
    await harness.kernel.advance(30_000);
    expect(await harness.output(executionArn)).toEqual(['late', 'late', 'late']);
  });

  it('fails the execution with States.Runtime where the run was redriven a thousand times', async () => {
    const harness = withS3({ lambda: () => throws('Down') });
    const { arn: executionArn } = await harness.run(map(INVOKE), [1]);
    harness.store.run('UPDATE states_map_runs SET redrives = 999');
    await harness.call('RedriveExecution', { executionArn });
    await harness.kernel.settle();
    expect(await onlyRun(harness, executionArn)).toMatchObject({ redriveCount: 1000 });
    await harness.call('RedriveExecution', { executionArn });
    await harness.kernel.settle();
    expect(await harness.describe(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining('1000 times'),
    });
    expect(await onlyRun(harness, executionArn)).toMatchObject({ redriveCount: 1000 });
  });

  it('begins a new run where the items had not been read', async () => {
    const harness = withS3();
    const { arn } = await harness.run(map(ECHO, reader({ InputType: 'JSON' })), {});
    await put(harness, 'file', '[7]');
    await harness.call('RedriveExecution', { executionArn: arn });
    await harness.kernel.settle();
    expect(await harness.output(arn)).toEqual([7]);
    expect(await mapRuns(harness, arn)).toHaveLength(2);
  });
});
