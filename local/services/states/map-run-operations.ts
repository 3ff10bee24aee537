import type { JsonObject } from '../../kernel/kernel.ts';
import { postMapRun } from './distributed.ts';
import { ARN_MAX, type Environment, type Operation } from './environment.ts';
import { executionArn } from './executions.ts';
import { executionFacts, mapRunRow } from './listing-operations.ts';
import { countsOf } from './map-run-counts.ts';
import { mapRunArn } from './map-runs.ts';
import { invalid, pageToken, Request } from './request.ts';

export const MAP_RUN_OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeMapRun: describeMapRun,
  ListMapRuns: listMapRuns,
  UpdateMapRun: updateMapRun,
};

function describeMapRun(environment: Environment, input: JsonObject): unknown {
  const { engine } = environment;
  const run = mapRunRow(environment, new Request(input, ['mapRunArn']).text('mapRunArn', ARN_MAX));
  const parent = engine.executions.row('id = ?', run.execution);
  const { executions, items } = countsOf(engine, run);
  return {
    mapRunArn: mapRunArn(run),
    executionArn: parent === undefined ? '' : executionArn(parent.machine, parent.name),
    status: run.status,
    startDate: run.started / 1000,
    ...(run.stopped === null ? {} : { stopDate: run.stopped / 1000 }),
    maxConcurrency: run.concurrency,
    toleratedFailurePercentage: run.tolerated_percentage ?? 0,
    toleratedFailureCount: run.tolerated_count ?? 0,
    itemCounts: items,
    executionCounts: executions,
    redriveCount: run.redrives,
    ...(run.redriven === null ? {} : { redriveDate: run.redriven / 1000 }),
  };
}

function listMapRuns(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['executionArn', 'maxResults', 'nextToken']);
  const arn = request.text('executionArn', ARN_MAX);
  const row = executionFacts(environment, arn);
  const [size, from] = [request.pageSize(), request.page() ?? 0];
  const runs = environment.engine.mapRuns.ofExecution(row.id);
  const mapRuns = runs.slice(from, from + size).map((run) => ({
    executionArn: arn,
    mapRunArn: mapRunArn(run),
    stateMachineArn: `${run.machine}/${run.label}`,
    startDate: run.started / 1000,
    ...(run.stopped === null ? {} : { stopDate: run.stopped / 1000 }),
  }));
  return { mapRuns, ...(from + size < runs.length ? { nextToken: pageToken(from + size) } : {}) };
}

/** Takes effect on what has not been started, and on failures that have been counted already. */
function updateMapRun(environment: Environment, input: JsonObject): unknown {
  const { engine } = environment;
  const request = new Request(input, ['mapRunArn', 'maxConcurrency', 'toleratedFailureCount', 'toleratedFailurePercentage']);
  const run = mapRunRow(environment, request.text('mapRunArn', ARN_MAX));
  const changes = Object.entries({
    concurrency: request.integer('maxConcurrency', 0, Number.MAX_SAFE_INTEGER),
    tolerated_count: request.integer('toleratedFailureCount', 0, Number.MAX_SAFE_INTEGER),
    tolerated_percentage: request.number('toleratedFailurePercentage', 0, 100),
  }).filter((entry): entry is [string, number] => entry[1] !== undefined);
  if (changes.length === 0)
    throw invalid('At least one of maxConcurrency, toleratedFailureCount and toleratedFailurePercentage must be given');
  if (run.status !== 'RUNNING') throw invalid(`Map Run is not running: '${mapRunArn(run)}'`);
  engine.mapRuns.set(run.id, Object.fromEntries(changes));
  postMapRun(engine, run.id);
  return {};
}
