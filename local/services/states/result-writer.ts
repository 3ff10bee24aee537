import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import type { Engine } from './engine.ts';
import { RESULT_WRITER, StateError } from './errors.ts';
import type { Execution } from './execution.ts';
import { type ExecutionRow, executionArn } from './executions.ts';
import { type MapRunRow, mapRunArn } from './map-runs.ts';
import { redriveState } from './start.ts';
import { isoTime } from './times.ts';

/** The `ResultWriter` of a distributed Map, evaluated. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html */
export interface ResultWriter {
  readonly Resource?: string;
  readonly Arguments?: JsonObject;
  readonly WriterConfig?: { readonly Transformation?: string; readonly OutputType?: string };
}

type Kind = 'SUCCEEDED' | 'FAILED' | 'PENDING';

/** Files are cut at this size; on AWS at 5 GB. */
const FILE_BYTES_MAX = 32 * 1_048_576;

/** What `Transformation` makes of an execution: its output, or where that is told of with it or there is none, all that is known. */
export function resultsOf(engine: Engine, rows: readonly ExecutionRow[], transformation: string): unknown[] {
  return rows.flatMap((row) => {
    if (transformation === 'NONE' || row.status !== 'SUCCEEDED' || row.output === null) return [metadata(engine, row)];
    const output: unknown = JSON.parse(row.output);
    return transformation === 'FLATTEN' && Array.isArray(output) ? output : [output];
  });
}

/** In the order of the alphabet, as recorded: `testdata/aws/stepfunctions/distributed_map.json` of radkawar/stackd. */
function metadata(engine: Engine, row: ExecutionRow): JsonObject {
  const { redriveStatus, redriveStatusReason } = redriveState(engine, row);
  const express = row.name.includes(':');
  return {
    ...(row.cause === null ? {} : { Cause: row.cause }),
    ...(row.error === null ? {} : { Error: row.error }),
    ExecutionArn: executionArn(row.machine, row.name),
    Input: row.input,
    InputDetails: { Included: true },
    Name: row.name.split(':')[0],
    ...(row.output === null ? {} : { Output: row.output }),
    OutputDetails: { Included: true },
    RedriveCount: row.redrives,
    ...(row.redriven === null || express ? {} : { RedriveDate: isoTime(row.redriven) }),
    ...(express ? {} : { RedriveStatus: redriveStatus }),
    ...(express || redriveStatusReason === undefined ? {} : { RedriveStatusReason: redriveStatusReason }),
    StartDate: isoTime(row.started),
    StateMachineArn: row.machine,
    Status: row.status,
    ...(row.stopped === null ? {} : { StopDate: isoTime(row.stopped) }),
  };
}

/** The folder of a run's results; what a redrive adds has one of its own. */
export function folderOf({ uuid, redrives }: MapRunRow, prefix: unknown): string {
  const top = `${prefix === undefined || prefix === '' ? '' : `${String(prefix).replace(/\/$/, '')}/`}${uuid}`;
  return redrives === 0 ? top : `${top}/Redrive-${redrives}`;
}

/**
 * Writes the results, each kind in files of its own, and then the manifest that names them; answers the state's result. Written
 * again after a restart, the files are the same. What a redrive adds goes to a folder of its own, whose manifest names the files of
 * earlier successes too, as replayed against AWS by others (`stepfunctions_map_writer.go` of radkawar/stackd). Throws `States.ResultWriterFailed`.
 */
export async function writeResults(engine: Engine, x: Execution, run: MapRunRow, writer: ResultWriter): Promise<JsonObject> {
  const { Bucket: bucket, Prefix: prefix } = writer.Arguments ?? {};
  const folder = folderOf(run, prefix);
  const { Transformation: transformation = 'NONE', OutputType: type = 'JSON' } = writer.WriterConfig ?? {};
  const rows = childrenOf(engine, run);
  const put = async (key: string, text: string): Promise<JsonObject> => {
    await callS3(engine, x, 'PutObject', { Bucket: bucket, Key: key, Body: text });
    return { Key: key, Size: Buffer.byteLength(text) };
  };
  const write = async (kind: Kind, results: readonly unknown[]): Promise<JsonObject[]> => {
    const files: JsonObject[] = [];
    for (const [index, text] of filesOf(results, type).entries())
      files.push(await put(`${folder}/${kind}_${index}.${type === 'JSONL' ? 'jsonl' : 'json'}`, text));
    return files;
  };
  const earlier = JSON.parse(run.files ?? '[]') as JsonObject[];
  const good = rows.filter(({ status, map_written: written }) => status === 'SUCCEEDED' && written === null);
  const bad = rows.filter(({ status }) => status !== 'SUCCEEDED');
  const pending = engine.mapRuns
    .pending(run.id)
    .map(({ input }) => ({ Input: input, InputDetails: { Included: true }, Status: 'PENDING' }));
  const succeeded = [...earlier, ...(await write('SUCCEEDED', resultsOf(engine, good, transformation)))];
  const manifest = {
    DestinationBucket: bucket,
    MapRunArn: mapRunArn(run),
    ResultFiles: {
      FAILED: await write('FAILED', resultsOf(engine, bad, 'NONE')),
      PENDING: await write('PENDING', pending),
      SUCCEEDED: succeeded,
    },
  };
  const { Key } = await put(`${folder}/manifest.json`, JSON.stringify(manifest));
  engine.mapRuns.set(run.id, { written: 1, files: JSON.stringify(succeeded) });
  engine.executions.markWritten(run.id);
  return { MapRunArn: mapRunArn(run), ResultWriterDetails: { Bucket: bucket, Key } };
}

/** The executions of a run by their place in it. */
export function childrenOf(engine: Engine, { id }: MapRunRow): ExecutionRow[] {
  engine.executions.flush();
  return engine.executions.rows('map_run = ? ORDER BY map_index', id);
}

function filesOf(results: readonly unknown[], type: string): string[] {
  const files: string[] = [];
  let lines: string[] = [];
  let bytes = 0;
  const end = () => {
    if (lines.length > 0) files.push(type === 'JSONL' ? `${lines.join('\n')}\n` : `[${lines.join(',')}]`);
    lines = [];
    bytes = 0;
  };
  for (const result of results) {
    const line = JSON.stringify(result);
    if (bytes + line.length > FILE_BYTES_MAX) end();
    lines.push(line);
    bytes += Buffer.byteLength(line) + 1;
  }
  end();
  return files;
}

/**
 * Before anything is run, AWS writes a manifest to try the bucket, as recorded in `testdata/aws/stepfunctions/redrive_map.json` of
 * radkawar/stackd; here it is only asked for, so that nobody else sees of it.
 */
export async function checkBucket(engine: Engine, x: Execution, { Arguments: { Bucket } = {} }: ResultWriter): Promise<void> {
  await callS3(engine, x, 'ListObjectsV2', { Bucket, MaxKeys: 1 }, 'Failed to write a test manifest into the specified output bucket. ');
}

async function callS3(engine: Engine, x: Execution, operation: string, input: JsonObject, why = ''): Promise<void> {
  try {
    await engine.kernel.call('s3', operation, input, `states:${x.arn}`);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StateError(RESULT_WRITER, `${why}${error.message} (Service: S3, Status Code: ${error.status}, Error Code: ${error.code})`);
  }
}
