import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { ARN_MAX, type Environment, machineRow, noQualified, type Operation, qualifiedArn } from './environment.ts';
import { type ExecutionFacts, executionArn, labelOf, parseExecutionArn } from './executions.ts';
import { readEvents } from './history.ts';
import { CONFIGURATION, referencesIn } from './machine-operations.ts';
import { revisionId } from './machines.ts';
import { type MapRunRow, mapRunArn } from './map-runs.ts';
import { checkArn, invalid, pageToken, Request } from './request.ts';
import { isExpired, redriveState } from './start.ts';
import { isVersionNumber } from './versions.ts';

/** What is told of executions. */
export const LISTING_OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeStateMachineForExecution: describeStateMachineForExecution,
  ListExecutions: listExecutions,
  DescribeExecution: describeExecution,
  GetExecutionHistory: getExecutionHistory,
};

/**
 * What is to be told of an execution. Of Express executions only those of a Map Run are told, and where `mapRuns` is false
 * not even they. Throws `ExecutionDoesNotExist` and `InvalidArn`.
 */
export function executionFacts({ engine }: Environment, arn: string, mapRuns = false): ExecutionFacts {
  const parts = parseExecutionArn(checkArn(arn));
  const express = parts?.name.includes(':') === true;
  if (parts === undefined || (express && !(mapRuns && labelOf(parts.machine) !== undefined)))
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${arn.split(':')[5] ?? ''}'`);
  const row = engine.executions.facts(parts.machine, parts.name);
  if (row === undefined || isExpired(engine, row.stopped ?? undefined))
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return row;
}

function summary(row: ExecutionFacts): JsonObject {
  return {
    executionArn: executionArn(row.machine, row.name),
    stateMachineArn: row.machine,
    name: row.name,
    status: row.status,
    startDate: row.started / 1000,
    ...(row.stopped === null ? {} : { stopDate: row.stopped / 1000 }),
    ...(row.version === null ? {} : { stateMachineVersionArn: `${row.machine}:${row.version}` }),
    ...(row.alias === null ? {} : { stateMachineAliasArn: `${row.machine}:${row.alias}` }),
    redriveCount: row.redrives,
    ...(row.redriven === null ? {} : { redriveDate: row.redriven / 1000 }),
  };
}

function mapRunOf({ engine }: Environment, row: ExecutionFacts): { readonly mapRunArn?: string } {
  const run = row.map_run === null ? undefined : engine.mapRuns.get(row.map_run);
  return run === undefined ? {} : { mapRunArn: mapRunArn(run) };
}

function describeStateMachineForExecution(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['executionArn', 'includedData']);
  const row = executionFacts(environment, request.text('executionArn', ARN_MAX), true);
  const machine = environment.machines.row(row.machine.split('/')[0] ?? row.machine);
  const definition = environment.machines.definition(row.definition);
  const label = labelOf(row.machine);
  return {
    stateMachineArn: row.machine,
    name: machine?.name,
    definition: definition.definition,
    roleArn: definition.role,
    updateDate: (environment.machines.revisedAt(row.definition) ?? machine?.created ?? 0) / 1000,
    ...CONFIGURATION,
    ...mapRunOf(environment, row),
    ...(label === undefined ? {} : { label }),
    ...revisionId(definition),
    ...referencesIn(definition),
  };
}

function describeExecution(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['executionArn', 'includedData']);
  const row = executionFacts(environment, request.text('executionArn', ARN_MAX), true);
  return {
    ...summary(row),
    ...mapRunOf(environment, row),
    input: row.input,
    inputDetails: { included: true },
    ...(row.output === null ? {} : { output: row.output, outputDetails: { included: true } }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...redriveState(environment.engine, row),
  };
}

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];

/** Newest first. Executions whose retention is over are not listed. */
function listExecutions(environment: Environment, input: JsonObject): unknown {
  const { engine } = environment;
  const request = new Request(input, ['stateMachineArn', 'mapRunArn', 'statusFilter', 'maxResults', 'nextToken', 'redriveFilter']);
  const [machine, run] = [request.optionalText('stateMachineArn', ARN_MAX), request.optionalText('mapRunArn', ARN_MAX)];
  if ((machine === undefined) === (run === undefined)) throw invalid("Exactly one of 'stateMachineArn' and 'mapRunArn' must be given");
  const status = request.word('statusFilter', STATUSES);
  const redriven = request.word('redriveFilter', ['REDRIVEN', 'NOT_REDRIVEN']);
  if (machine !== undefined && (status === 'PENDING_REDRIVE' || redriven !== undefined))
    throw invalid("The 'redriveFilter' and the 'statusFilter' PENDING_REDRIVE can only be given with a 'mapRunArn'");
  const [size, from] = [request.pageSize(), request.page() ?? Number.MAX_SAFE_INTEGER];
  const { where, values } =
    machine === undefined ? ofRun(environment, run ?? '', status, redriven) : ofMachine(environment, machine, status);
  engine.executions.flush();
  const rows = engine.executions.rows(`id < ? AND ${where} ORDER BY id DESC LIMIT ?`, from, ...values, size + 1);
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const executions = page
    .filter((row) => !isExpired(engine, row.stopped ?? undefined))
    .map((row) => (run === undefined ? summary(row) : { ...summary(row), mapRunArn: run, itemCount: row.map_items ?? 1 }));
  return { executions, ...(rows.length > size && last !== undefined ? { nextToken: pageToken(last.id) } : {}) };
}

interface Selection {
  readonly where: string;
  readonly values: readonly (string | number)[];
}

/** Of a machine, or of one of its versions or aliases. */
function ofMachine(environment: Environment, arn: string, status: string | undefined): Selection {
  const { machine, qualifier } = qualifiedArn(arn);
  if (machineRow(environment, machine).type === 'EXPRESS')
    throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
  if (qualifier !== undefined && environment.versions.route(machine, qualifier, false) === undefined) throw noQualified(arn, qualifier);
  const column = isVersionNumber(qualifier) ? 'version' : 'alias';
  const filter = status === undefined ? '' : ` AND status = '${status}'`;
  return qualifier === undefined
    ? { where: `machine = ?${filter}`, values: [machine] }
    : { where: `machine = ? AND ${column} = ?${filter}`, values: [machine, qualifier] };
}

function ofRun(environment: Environment, arn: string, status: string | undefined, redriven: string | undefined): Selection {
  const { id } = mapRunRow(environment, arn);
  const waits = 'id IN (SELECT child FROM states_map_inputs WHERE run = map_run AND child IS NOT NULL)';
  const filters = [
    status === undefined ? '' : status === 'PENDING_REDRIVE' ? ` AND ${waits}` : ` AND status = '${status}' AND NOT ${waits}`,
    redriven === undefined ? '' : ` AND redrives ${redriven === 'REDRIVEN' ? '>' : '='} 0`,
  ];
  return { where: `map_run = ?${filters.join('')}`, values: [id] };
}

/** Throws `ResourceNotFound`. */
export function mapRunRow({ engine }: Environment, arn: string): MapRunRow {
  const uuid = /^arn:[\w-]+:states:[\w-]+:\d{12}:mapRun:[^:]+:([^:]+)$/.exec(arn)?.[1];
  if (uuid === undefined) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  const run = engine.mapRuns.byUuid(uuid);
  if (run === undefined || mapRunArn(run) !== arn)
    throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, 400, { resourceName: arn });
  return run;
}

function getExecutionHistory(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['executionArn', 'maxResults', 'reverseOrder', 'nextToken', 'includeExecutionData']);
  const arn = request.text('executionArn', ARN_MAX);
  const row = executionFacts(environment, arn);
  environment.engine.executions.flushOne(arn);
  const reverse = request.flag('reverseOrder', false);
  const limit = request.pageSize();
  const from = request.page() ?? (reverse ? row.events : 1);
  const events = readEvents(
    environment.engine.kernel.store,
    { id: row.id, lastEvent: row.events },
    {
      from,
      limit,
      reverse,
      data: request.flag('includeExecutionData', true),
    },
  );
  const next = reverse ? from - limit : from + limit;
  return { events, ...(next >= 1 && next <= row.events ? { nextToken: pageToken(next) } : {}) };
}
