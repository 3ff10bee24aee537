import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { ARN_MAX, type Environment, MEGABYTE, noQualified, type Operation, qualifiedArn } from './environment.ts';
import type { Machine, Origin } from './execution.ts';
import { labelOf } from './executions.ts';
import { executionFacts } from './listing-operations.ts';
import { checkName, invalid, Request } from './request.ts';
import { redrive, redriveObstacle, startExecution, stopExecution } from './start.ts';

/** What starts and ends executions. */
export const EXECUTION_OPERATIONS: Readonly<Record<string, Operation>> = {
  StartExecution: start,
  StartSyncExecution: startSync,
  StopExecution: stop,
  RedriveExecution: redriveExecution,
};

export const ERROR_MAX = 256;
export const CAUSE_MAX = 32_768;

const NO_ORIGIN: Origin = {};

/** The revision that a new execution of a machine, a version or an alias gets. Throws `StateMachineDoesNotExist`. */
function machineFor({ machines, versions }: Environment, arn: string): { readonly machine: Machine; readonly origin: Origin } {
  const current = machines.current(arn);
  if (current !== undefined) {
    if (machines.isDeleting(arn)) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);
    return { machine: current, origin: NO_ORIGIN };
  }
  const { machine: base, qualifier } = qualifiedArn(arn);
  if (labelOf(base) !== undefined) throw invalid(`The processor of a Map is started by its Map alone: '${arn}'`);
  if (machines.isDeleting(base)) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${base}'`);
  const route = qualifier === undefined ? undefined : versions.route(base, qualifier, true);
  if (route === undefined) throw noQualified(arn, qualifier);
  return { machine: machines.revision(route.version.definition), origin: { version: route.version.number, alias: route.alias } };
}

function startRequest(environment: Environment, input: JsonObject, origin: string, more: readonly string[] = []) {
  const { engine } = environment;
  const internal = origin.startsWith('states:') ? ['notify'] : [];
  const request = new Request(input, ['stateMachineArn', 'name', 'input', 'traceHeader', ...more, ...internal]);
  const found = machineFor(environment, request.text('stateMachineArn', ARN_MAX));
  const name = request.optionalText('name', 80);
  return {
    ...found,
    name: name === undefined ? engine.kernel.uuid() : checkName(name),
    input: request.optionalText('input', MEGABYTE) ?? '{}',
    notify: request.optionalText('notify', 100),
  };
}

function start(environment: Environment, input: JsonObject, origin: string): unknown {
  return startExecution(environment.engine, startRequest(environment, input, origin));
}

/**
 * Answers when the execution has ended, which may need the clock to move. A state machine is told by other means (`notify`): its
 * task waits as for an execution started with `.sync`.
 */
function startSync(environment: Environment, input: JsonObject, origin: string): unknown {
  const { engine } = environment;
  const request = startRequest(environment, input, origin, ['includedData']);
  if (!request.machine.express)
    throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
  const { executionArn } = startExecution(engine, request);
  if (request.notify !== undefined) return { executionArn };
  return engine.syncCallers.wait(executionArn);
}

function stop(environment: Environment, input: JsonObject): unknown {
  const { engine } = environment;
  const request = new Request(input, ['executionArn', 'error', 'cause']);
  const arn = request.text('executionArn', ARN_MAX);
  const [error, cause] = [request.optionalText('error', ERROR_MAX), request.optionalText('cause', CAUSE_MAX)];
  const row = executionFacts(environment, arn);
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
  const token = request.optionalText('clientToken', 64);
  const row = executionFacts(environment, arn);
  // In the words recorded in `testdata/aws/stepfunctions/redrive_map.json` of radkawar/stackd.
  if (row.map_run !== null)
    throw new AwsError('ValidationException', 'Labeled Execution ARNs are not supported for this API', 400, {
      reason: 'API_DOES_NOT_SUPPORT_LABELED_ARNS',
    });
  const again = token === undefined ? undefined : engine.redriveTokens.find(row.id, token);
  if (again !== undefined) return { redriveDate: again / 1000 };
  const obstacle = redriveObstacle(engine, row);
  const x = obstacle === undefined ? engine.executions.byArn(arn) : undefined;
  if (x === undefined) throw new AwsError('ExecutionNotRedrivable', `Execution Not Redrivable: '${obstacle ?? 'the execution is gone'}'`);
  if (token !== undefined) engine.redriveTokens.put(row.id, token);
  return { redriveDate: redrive(engine, x) };
}
