import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { machineArn, returns, throws } from './harness.ts';
import { ECHO, INVOKE, map, mapRuns, onlyRun, put, reader, readJson, runAgain, withS3 } from './map-world.ts';

describe('the members of an object', () => {
  const states = (more: JsonObject = {}) => map(ECHO, { Items: '{% $states.input.of %}', ...more });
  const of = { web: { port: 80 }, db: null };
  const pairs = [
    { Key: 'web', Value: { port: 80 } },
    { Key: 'db', Value: null },
  ];

  it('are items of a distributed Map, each a pair', async () => {
    const harness = withS3();
    const { arn } = await runAgain(harness, states(), { of });
    expect(await harness.output(arn)).toEqual(pairs);
    const started = (await harness.history(arn)).find(({ type }) => type === 'MapStateStarted');
    expect(started?.mapStateStartedEventDetails).toEqual({ length: 2 });
  });

  it('are items also where they are the input, the literal or the file', async () => {
    const harness = withS3();
    const input = await runAgain(harness, map(ECHO), of);
    expect(await harness.output(input.arn)).toEqual(pairs);
    const literal = await runAgain(harness, map(ECHO, { Items: of }));
    expect(await harness.output(literal.arn)).toEqual(pairs);
    await put(harness, 'file', JSON.stringify({ inner: of }));
    const file = await runAgain(harness, map(ECHO, reader({ InputType: 'JSON', ItemsPointer: '/inner', MaxItems: 1 })));
    expect(await harness.output(file.arn)).toEqual(pairs.slice(0, 1));
  });

  it('are told by name and value to an ItemSelector', async () => {
    const harness = withS3();
    const { arn } = await runAgain(harness, states({ ItemSelector: '{% $states.context.Map.Item %}' }), { of });
    expect(await harness.output(arn)).toEqual([
      { Index: 0, Key: 'web', Value: { port: 80 }, Source: 'STATE_DATA' },
      { Index: 1, Key: 'db', Value: null, Source: 'STATE_DATA' },
    ]);
  });

  it('are no items of an inline Map', async () => {
    const harness = withS3();
    const inline = (Items: unknown) => ({
      M: { Type: 'Map', Items, ItemProcessor: { StartAt: 'P', States: ECHO }, End: true },
    });
    expect(await runAgain(harness, inline('{% $states.input.of %}'), { of })).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(() => harness.machine(inline(of))).toThrow('Expected an Array or a JSONata expression');
  });

  it('are an error where there is something else', async () => {
    const harness = withS3();
    expect(await runAgain(harness, states(), { of: 1 })).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("Expected 'array', but was 'number'"),
    });
  });
});

describe('ItemBatcher', () => {
  it('gives each execution as many items as it may, and what all have in common', async () => {
    const harness = withS3();
    const { arn } = await runAgain(
      harness,
      map(ECHO, { ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { factCheck: '{% $states.input[0] %}' } } }),
      ['December 2022', 'b', 'c'],
    );
    expect(await harness.output(arn)).toEqual([
      { BatchInput: { factCheck: 'December 2022' }, Items: ['December 2022', 'b'] },
      { BatchInput: { factCheck: 'December 2022' }, Items: ['c'] },
    ]);
    expect(await onlyRun(harness, arn)).toMatchObject({ itemCounts: { total: 3, succeeded: 3 }, executionCounts: { total: 2 } });
  });

  it('keeps inputs under their limit in bytes, frame included', async () => {
    const harness = withS3();
    const { arn } = await runAgain(harness, map(ECHO, { ItemBatcher: { MaxInputBytesPerBatch: 21 } }), ['aa', 'bb', 'cc']);
    // {"Items":["aa","bb"]} is 21 bytes long.
    expect(await harness.output(arn)).toEqual([{ Items: ['aa', 'bb'] }, { Items: ['cc'] }]);
    const described = await runAgain(harness, map(ECHO, { ItemBatcher: { MaxInputBytesPerBatch: 13 } }), ['aa']);
    expect(described).toMatchObject({ error: 'States.DataLimitExceeded' });
  });
});

describe('ResultWriter', () => {
  const writer = (config?: JsonObject, bucket = 'data'): JsonObject => ({
    ResultWriter: {
      Resource: 'arn:aws:states:::s3:putObject',
      Arguments: { Bucket: bucket, Prefix: 'jobs' },
      ...(config === undefined ? {} : { WriterConfig: config }),
    },
  });

  it('writes what became of each execution, and a manifest that the state answers', async () => {
    const harness = withS3({ lambda: (_operation, input) => (input.Payload === '1' ? throws('Odd') : returns('ok')) });
    const { arn } = await runAgain(harness, map(INVOKE, { ...writer(), Label: 'csv', ToleratedFailurePercentage: 50 }), [1, 2]);
    const run = await onlyRun(harness, arn);
    const folder = `jobs/${String(run.mapRunArn).split(':').at(-1)}`;
    expect(await harness.output(arn)).toEqual({
      MapRunArn: run.mapRunArn,
      ResultWriterDetails: { Bucket: 'data', Key: `${folder}/manifest.json` },
    });
    expect(await readJson(harness, `${folder}/manifest.json`)).toEqual({
      DestinationBucket: 'data',
      MapRunArn: run.mapRunArn,
      ResultFiles: {
        FAILED: [{ Key: `${folder}/FAILED_0.json`, Size: expect.any(Number) }],
        PENDING: [],
        SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json`, Size: expect.any(Number) }],
      },
    });
    expect(await readJson(harness, `${folder}/SUCCEEDED_0.json`)).toEqual([
      {
        ExecutionArn: expect.stringContaining(':execution:test/csv:'),
        Input: '2',
        InputDetails: { Included: true },
        Name: expect.any(String),
        Output: '"ok"',
        OutputDetails: { Included: true },
        RedriveCount: 0,
        RedriveStatus: 'NOT_REDRIVABLE',
        RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
        StartDate: '2026-03-02T09:00:00Z',
        StateMachineArn: expect.stringMatching(/stateMachine:test\/csv$/),
        Status: 'SUCCEEDED',
        StopDate: '2026-03-02T09:00:00Z',
      },
    ]);
    expect(await readJson(harness, `${folder}/FAILED_0.json`)).toEqual([
      expect.objectContaining({
        Status: 'FAILED',
        Error: 'Odd',
        RedriveStatus: 'REDRIVABLE_BY_MAP_RUN',
        OutputDetails: { Included: true },
      }),
    ]);
    expect(run).toMatchObject({ executionCounts: { resultsWritten: 2 }, itemCounts: { resultsWritten: 2 } });
  });

  it('writes what a redrive adds beside what is written already', async () => {
    // Prepare
    let down = true;
    const harness = withS3({ lambda: (_operation, input) => (down && input.Payload === '2' ? throws('Odd') : returns(input.Payload)) });
    const { arn } = await runAgain(harness, map(INVOKE, writer({ Transformation: 'COMPACT', OutputType: 'JSON' })), [1, 2, 3]);
    const { mapRunArn } = await onlyRun(harness, arn);
    const folder = `jobs/${String(mapRunArn).split(':').at(-1)}`;
    const before = (await readJson(harness, `${folder}/manifest.json`)) as { ResultFiles: { SUCCEEDED: JsonObject[] } };

    // Act
    down = false;
    await harness.call('RedriveExecution', { executionArn: arn });
    await harness.kernel.settle();

    // Assess
    expect(await harness.output(arn)).toMatchObject({ ResultWriterDetails: { Key: `${folder}/Redrive-1/manifest.json` } });
    expect(await readJson(harness, `${folder}/Redrive-1/SUCCEEDED_0.json`)).toEqual(['2', '3']);
    expect(await readJson(harness, `${folder}/Redrive-1/manifest.json`)).toMatchObject({
      ResultFiles: {
        FAILED: [],
        SUCCEEDED: [...before.ResultFiles.SUCCEEDED, { Key: `${folder}/Redrive-1/SUCCEEDED_0.json`, Size: 9 }],
      },
    });
    expect(await readJson(harness, `${folder}/manifest.json`)).toEqual(before);
    expect(await onlyRun(harness, arn)).toMatchObject({ redriveCount: 1, executionCounts: { succeeded: 3, resultsWritten: 3 } });
  });

  it('writes also what was not started when the run failed', async () => {
    const harness = withS3({ lambda: () => throws('Down') });
    const { arn } = await runAgain(harness, map(INVOKE, { ...writer(), MaxConcurrency: 1 }), [1, 2]);
    const folder = `jobs/${String((await onlyRun(harness, arn)).mapRunArn)
      .split(':')
      .at(-1)}`;
    expect(await readJson(harness, `${folder}/PENDING_0.json`)).toEqual([
      { Input: '2', InputDetails: { Included: true }, Status: 'PENDING' },
    ]);
  });

  it('shapes the result without writing it', async () => {
    const harness = withS3();
    const shaped = async (Transformation: string) => {
      const { arn } = await runAgain(harness, map(ECHO, { ResultWriter: { WriterConfig: { Transformation, OutputType: 'JSON' } } }), [
        [1, 2],
        [3],
      ]);
      return harness.output(arn);
    };
    expect(await shaped('COMPACT')).toEqual([[1, 2], [3]]);
    expect(await shaped('FLATTEN')).toEqual([1, 2, 3]);
    expect(await shaped('NONE')).toEqual([expect.objectContaining({ Output: '[1,2]' }), expect.objectContaining({ Output: '[3]' })]);
  });

  it('writes JSON lines of outputs', async () => {
    const harness = withS3();
    const { arn } = await runAgain(harness, map(ECHO, writer({ Transformation: 'COMPACT', OutputType: 'JSONL' })), [{ n: 1 }, { n: 2 }]);
    const folder = `jobs/${String((await onlyRun(harness, arn)).mapRunArn)
      .split(':')
      .at(-1)}`;
    const { Body: body } = (await harness.kernel.call(
      's3',
      'GetObject',
      { Bucket: 'data', Key: `${folder}/SUCCEEDED_0.jsonl` },
      'client',
    )) as JsonObject;
    expect(Buffer.from(body as Uint8Array).toString()).toBe('{"n":1}\n{"n":2}\n');
  });

  it('fails with States.ResultWriterFailed, and only writes again when it is redriven', async () => {
    let runs = 0;
    const harness = withS3({
      lambda: async () => {
        runs += 1;
        await harness.kernel.call('s3', 'DeleteBucket', { Bucket: 'missing' }, 'client');
        return returns(runs);
      },
    });
    await harness.kernel.call('s3', 'CreateBucket', { Bucket: 'missing' }, 'client');
    const described = await runAgain(harness, map(INVOKE, writer(undefined, 'missing')), [1]);
    expect(described).toMatchObject({ error: 'States.ResultWriterFailed', cause: expect.stringContaining('NoSuchBucket') });
    await harness.kernel.call('s3', 'CreateBucket', { Bucket: 'missing' }, 'client');
    await harness.call('RedriveExecution', { executionArn: described.arn });
    await harness.kernel.settle();
    expect(await harness.describe(described.arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(runs).toBe(1);
  });

  // As recorded in `testdata/aws/stepfunctions/redrive_map.json` of radkawar/stackd, but for the reason and the name of the error.
  it('tries its bucket before anything is run', async () => {
    const harness = withS3();
    const described = await runAgain(harness, map(ECHO, writer(undefined, 'missing')), [1]);
    expect(described).toMatchObject({
      error: 'States.ResultWriterFailed',
      cause: expect.stringMatching(/^Failed to write a test manifest into the specified output bucket. .*NoSuchBucket/),
    });
    const types = ['ExecutionStarted', 'MapStateEntered', 'MapStateStarted', 'MapStateFailed', 'ExecutionFailed'];
    expect(await harness.types(described.arn)).toEqual(types);
    expect(await mapRuns(harness, described.arn)).toEqual([]);
  });
});

describe('after a restart', () => {
  it.each([
    { what: 'a reading', hangs: 'GetObject', states: map(ECHO, reader({ InputType: 'JSON' })) },
    {
      what: 'a writing',
      hangs: 'PutObject',
      states: map(ECHO, {
        ...reader({ InputType: 'JSON' }),
        ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'data' } },
      }),
    },
  ])('$what that was out is done again, and nothing else', async ({ hangs, states }) => {
    const directory = mkdtempSync(join(tmpdir(), 'states-'));
    const before = withS3({}, directory);
    await put(before, 'file', '[1,2]');
    before.machine(states);
    before.kernel.intercept((call, next) => (call.operation === hangs ? new Promise(() => undefined) : next()));
    const { executionArn } = await before.call('StartExecution', { stateMachineArn: machineArn('test'), name: 'run' });
    // The call never returns, so this instant never ends.
    while ((await before.history(String(executionArn))).length < 4) await new Promise((resolve) => setTimeout(resolve, 1));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    before.kernel.stop();

    const after = withS3({}, directory);
    after.kernel.resume();
    await after.kernel.settle();
    expect(await after.describe(String(executionArn))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await after.types(String(executionArn))).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect(await onlyRun(after, String(executionArn))).toMatchObject({ executionCounts: { total: 2, succeeded: 2 } });
    after.kernel.stop();
    rmSync(directory, { recursive: true });
  });
});
