import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './callbacks.ts';
import type { Engine } from './engine.ts';
import { type ExecutionRow, executionArn, parseExecutionArn } from './executions.ts';
import { readEvents } from './history.ts';
import { PAYLOAD_MAX_BYTES } from './json.ts';
import type { Machines } from './machines.ts';
import { checkArn, checkName, invalid, pageToken, Request } from './request.ts';
import { isExpired, redrive, redriveObstacle, startExecution, stopExecution } from './start.ts';

interface Environment {
  readonly engine: Engine;
  readonly machines: Machines;
}

type Operation = (environment: Environment, input: JsonObject, origin: string) => unknown;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html, as far as this cloud goes. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateStateMachine: createStateMachine,
  ListStateMachines: listStateMachines,
  DescribeStateMachine: describeStateMachine,
  DescribeStateMachineForExecution: describeStateMachineForExecution,
  StartExecution: start,
  ListExecutions: listExecutions,
  DescribeExecution: describeExecution,
  GetExecutionHistory: getExecutionHistory,
  StopExecution: stop,
  RedriveExecution: redriveExecution,
  SendTaskSuccess: taskSuccess,
  SendTaskFailure: taskFailure,
  SendTaskHeartbeat: taskHeartbeat,
};

const ARN_MAX = 2000;
const TOKEN_MAX = 2048;
const ERROR_MAX = 256;
const CAUSE_MAX = 32_768;
const MEGABYTE = 1_048_576;

// ---- state machines ----------------------------------------------------------------------------------------------------

function createStateMachine({ engine, machines }: Environment, input: JsonObject): unknown {
  const request = new Request(input, [
    'name',
    'definition',
    'roleArn',
    'type',
    'tags',
    'loggingConfiguration',
    'tracingConfiguration',
    'publish',
  ]);
  const name = checkName(request.text('name', 80));
  const roleArn = request.text('roleArn', 256);
  const [, partition = 'aws', , , account = '000000000000'] = roleArn.split(':');
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) throw new AwsError('InvalidArn', `Invalid Arn: '${roleArn}'`);
  const arn = `arn:${partition}:states:us-east-1:${account}:stateMachine:${name}`;
  const definition = request.text('definition', MEGABYTE);
  const there = machines.row(arn);
  if (there !== undefined && (machines.definition(there.definition).definition !== definition || there.role !== roleArn))
    throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
  machines.put({ name, arn, definition, roleArn, type: request.optionalText('type', 20) ?? 'STANDARD' });
  return { stateMachineArn: arn, creationDate: (there?.created ?? engine.kernel.now()) / 1000 };
}

function listStateMachines({ machines }: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['maxResults', 'nextToken']);
  const [size, from] = [request.pageSize(), request.page() ?? 0];
  const rows = machines.rows();
  const stateMachines = rows
    .slice(from, from + size)
    .map(({ arn, name, type, created }) => ({ stateMachineArn: arn, name, type, creationDate: created / 1000 }));
  return { stateMachines, ...(from + size < rows.length ? { nextToken: pageToken(from + size) } : {}) };
}

function describeStateMachine({ machines }: Environment, input: JsonObject): unknown {
  const arn = checkArn(new Request(input, ['stateMachineArn', 'includedData']).text('stateMachineArn', ARN_MAX));
  const row = machines.row(arn);
  if (row === undefined) throw noMachine(arn);
  const { definition, revision } = machines.definition(row.definition);
  return {
    stateMachineArn: arn,
    name: row.name,
    status: 'ACTIVE',
    definition,
    roleArn: row.role,
    type: row.type,
    creationDate: row.created / 1000,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    revisionId: revision,
  };
}

function describeStateMachineForExecution(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['executionArn', 'includedData']);
  const row = executionRow(environment, request.text('executionArn', ARN_MAX));
  const machine = environment.machines.row(row.machine);
  const { definition, revision, role } = environment.machines.definition(row.definition);
  return {
    stateMachineArn: row.machine,
    name: machine?.name,
    definition,
    roleArn: role,
    updateDate: (machine?.created ?? 0) / 1000,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    revisionId: revision,
  };
}

function noMachine(arn: string): AwsError {
  return new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

// ---- executions --------------------------------------------------------------------------------------------------------

function start({ engine, machines }: Environment, input: JsonObject, origin: string): unknown {
  const request = new Request(input, [
    'stateMachineArn',
    'name',
    'input',
    'traceHeader',
    ...(origin.startsWith('states:') ? ['notify'] : []),
  ]);
  const arn = checkArn(request.text('stateMachineArn', ARN_MAX));
  const machine = machines.current(arn);
  if (machine === undefined) throw noMachine(arn);
  const name = request.optionalText('name', 80);
  return startExecution(engine, {
    machine,
    name: name === undefined ? engine.kernel.uuid() : checkName(name),
    input: request.optionalText('input', MEGABYTE) ?? '{}',
    notify: request.optionalText('notify', 100),
  });
}

/** The row of an execution, written up to now. Throws `ExecutionDoesNotExist`. */
function executionRow({ engine }: Environment, arn: string): ExecutionRow {
  const parts = parseExecutionArn(checkArn(arn));
  if (parts === undefined) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  engine.executions.flush();
  const row = engine.executions.row('name = ? AND machine = ?', parts.name, parts.machine);
  if (row === undefined || isExpired(engine, row.stopped ?? undefined))
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return row;
}

function summary(row: ExecutionRow): Record<string, unknown> {
  return {
    executionArn: executionArn(row.machine, row.name),
    stateMachineArn: row.machine,
    name: row.name,
    status: row.status,
    startDate: row.started / 1000,
    ...(row.stopped === null ? {} : { stopDate: row.stopped / 1000 }),
    redriveCount: row.redrives,
    ...(row.redriven === null ? {} : { redriveDate: row.redriven / 1000 }),
  };
}

function describeExecution(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['executionArn', 'includedData']);
  const row = executionRow(environment, request.text('executionArn', ARN_MAX));
  const obstacle = redriveObstacle(environment.engine, row);
  return {
    ...summary(row),
    input: row.input,
    inputDetails: { included: true },
    ...(row.output === null ? {} : { output: row.output, outputDetails: { included: true } }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...(obstacle === undefined ? { redriveStatus: 'REDRIVABLE' } : { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: obstacle }),
  };
}

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** Newest first. Executions whose retention is over are not listed. */
function listExecutions({ engine, machines }: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken', 'redriveFilter']);
  const arn = checkArn(request.text('stateMachineArn', ARN_MAX));
  if (machines.row(arn) === undefined) throw noMachine(arn);
  const status = request.optionalText('statusFilter', 40);
  if (status !== undefined && !STATUSES.includes(status))
    throw invalid(
      `Value '${status}' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [${STATUSES.join(', ')}]`,
    );
  const [size, from] = [request.pageSize(), request.page() ?? Number.MAX_SAFE_INTEGER];
  engine.executions.flush();
  const rows = engine.executions.rows(
    `id < ? AND machine = ? ${status === undefined ? '' : `AND status = '${status}'`} ORDER BY id DESC LIMIT ?`,
    from,
    arn,
    size + 1,
  );
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const executions = page.filter((row) => !isExpired(engine, row.stopped ?? undefined)).map(summary);
  return { executions, ...(rows.length > size && last !== undefined ? { nextToken: pageToken(last.id) } : {}) };
}

function getExecutionHistory(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['executionArn', 'maxResults', 'reverseOrder', 'nextToken', 'includeExecutionData']);
  const row = executionRow(environment, request.text('executionArn', ARN_MAX));
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

function stop(environment: Environment, input: JsonObject): unknown {
  const { engine } = environment;
  const request = new Request(input, ['executionArn', 'error', 'cause']);
  const arn = request.text('executionArn', ARN_MAX);
  const [error, cause] = [request.optionalText('error', ERROR_MAX), request.optionalText('cause', CAUSE_MAX)];
  const row = executionRow(environment, arn);
  // Stopping what is closed changes nothing and answers when it closed.
  if (row.status !== 'RUNNING') return { stopDate: (row.stopped ?? 0) / 1000 };
  const x = engine.executions.byArn(arn);
  if (x !== undefined) stopExecution(engine, x, error, cause);
  return { stopDate: engine.kernel.now() / 1000 };
}

function redriveExecution(environment: Environment, input: JsonObject): unknown {
  const { engine } = environment;
  const request = new Request(input, ['executionArn', 'clientToken']);
  const arn = request.text('executionArn', ARN_MAX);
  const row = executionRow(environment, arn);
  const obstacle = redriveObstacle(engine, row);
  const x = obstacle === undefined ? engine.executions.byArn(arn) : undefined;
  if (x === undefined) throw new AwsError('ExecutionNotRedrivable', `Execution Not Redrivable: '${obstacle ?? 'the execution is gone'}'`);
  return { redriveDate: redrive(engine, x) };
}

// ---- callbacks ---------------------------------------------------------------------------------------------------------

function taskSuccess({ engine }: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['taskToken', 'output']);
  sendTaskSuccess(engine, request.text('taskToken', TOKEN_MAX), request.text('output', PAYLOAD_MAX_BYTES));
  return {};
}

function taskFailure({ engine }: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['taskToken', 'error', 'cause']);
  sendTaskFailure(
    engine,
    request.text('taskToken', TOKEN_MAX),
    request.optionalText('error', ERROR_MAX),
    request.optionalText('cause', CAUSE_MAX),
  );
  return {};
}

function taskHeartbeat({ engine }: Environment, input: JsonObject): unknown {
  sendTaskHeartbeat(engine, new Request(input, ['taskToken']).text('taskToken', TOKEN_MAX));
  return {};
}
