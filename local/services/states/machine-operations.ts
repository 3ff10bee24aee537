import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { REGION } from '../../template/intrinsics.ts';
import { ARN_MAX, type Environment, MEGABYTE, machineRow, noMachine, noQualified, type Operation, qualifiedArn } from './environment.ts';
import { labelOf } from './executions.ts';
import { isObject } from './json.ts';
import { type DefinitionRow, type MachineRow, revisionId } from './machines.ts';
import { checkName, invalid, pageToken, Request, refused } from './request.ts';
import { readTags } from './tags.ts';
import { diagnose } from './validation/validate.ts';
import { variableReferences } from './variable-references.ts';
import { isVersionNumber } from './versions.ts';

export const MACHINE_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateStateMachine: createStateMachine,
  UpdateStateMachine: updateStateMachine,
  DeleteStateMachine: deleteStateMachine,
  ListStateMachines: listStateMachines,
  DescribeStateMachine: describeStateMachine,
  ValidateStateMachineDefinition: validateStateMachineDefinition,
};

/** What is taken and makes no difference on one machine: logs, traces, keys. */
const INERT = ['loggingConfiguration', 'tracingConfiguration', 'encryptionConfiguration'];
/** What is told of these, as recorded. */
export const CONFIGURATION = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
};

export function checkRole(roleArn: string): string {
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) throw new AwsError('InvalidArn', `Invalid Arn: '${roleArn}'`);
  return roleArn;
}

/** `publish` and `versionDescription`, which goes with it only. */
function publication(request: Request): { readonly publish: boolean; readonly description: string | undefined } {
  const publish = request.flag('publish', false);
  const description = request.optionalText('versionDescription', 256);
  if (!publish && description !== undefined) throw refused('Version description can only be set when publish is true');
  return { publish, description };
}

/**
 * The same again is answered, and of what is not compared (role, tags) keeps what it had:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
 */
function createStateMachine(environment: Environment, input: JsonObject): unknown {
  const { engine, machines, tags, versions } = environment;
  const request = new Request(input, ['name', 'definition', 'roleArn', 'type', 'tags', 'publish', 'versionDescription', ...INERT]);
  const name = checkName(request.text('name', 80));
  const roleArn = checkRole(request.text('roleArn', 256));
  const [, partition = 'aws', , , account = '000000000000'] = roleArn.split(':');
  const arn = `arn:${partition}:states:${REGION}:${account}:stateMachine:${name}`;
  const definition = request.text('definition', MEGABYTE);
  const type = request.optionalText('type', 20) ?? 'STANDARD';
  const { publish, description } = publication(request);
  const given = readTags(input.tags ?? [], arn);
  const there = machines.row(arn);
  if (there !== undefined) {
    if (machines.isDeleting(arn)) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);
    if (machines.definition(there.definition).definition !== definition || there.type !== type)
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
  } else {
    machines.put({ name, arn, definition, roleArn, type });
    tags.add(arn, given);
  }
  const version = publish ? versions.publish(machineRow(environment, arn), description) : undefined;
  if (version !== undefined && description !== undefined && version.description !== description)
    throw new AwsError(
      'StateMachineAlreadyExists',
      'State Machine Already Exists: This state machine was already created with a published version using a different description.',
    );
  return {
    stateMachineArn: arn,
    creationDate: (there?.created ?? engine.kernel.now()) / 1000,
    ...(version === undefined ? {} : { stateMachineVersionArn: `${arn}:${version.number}` }),
  };
}

/** Executions under way keep their revision. https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html */
function updateStateMachine(environment: Environment, input: JsonObject): unknown {
  const { machines, versions } = environment;
  const request = new Request(input, ['stateMachineArn', 'definition', 'roleArn', 'publish', 'versionDescription', ...INERT]);
  const row = machineRow(environment, request.text('stateMachineArn', ARN_MAX));
  if (machines.isDeleting(row.arn)) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${row.arn}'`);
  const definition = request.optionalText('definition', MEGABYTE);
  const roleArn = request.optionalText('roleArn', 256);
  if (definition === undefined && roleArn === undefined && INERT.every((member) => input[member] === undefined))
    throw new AwsError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    );
  const { publish, description } = publication(request);
  machines.put({
    name: row.name,
    arn: row.arn,
    definition: definition ?? machines.definition(row.definition).definition,
    roleArn: roleArn === undefined ? row.role : checkRole(roleArn),
  });
  const updated = machineRow(environment, row.arn);
  const version = publish ? versions.publish(updated, description) : undefined;
  return {
    updateDate: (machines.revisedAt(updated.definition) ?? updated.created) / 1000,
    ...revisionId(machines.definition(updated.definition)),
    ...(version === undefined ? {} : { stateMachineVersionArn: `${row.arn}:${version.number}` }),
  };
}

/**
 * The executions of a machine that is deleted end at their next transition, and when the last has ended the machine is gone with all
 * that was known of it. https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
 */
function deleteStateMachine(environment: Environment, input: JsonObject): unknown {
  const { engine, machines } = environment;
  const arn = new Request(input, ['stateMachineArn']).text('stateMachineArn', ARN_MAX);
  const { machine, qualifier } = qualifiedArn(arn);
  if (qualifier !== undefined) throw invalid(`A version or an alias cannot be deleted by DeleteStateMachine: '${arn}'`);
  if (machines.row(machine) === undefined) return {};
  machines.startDeleting(machine);
  engine.finishDeleting(machine);
  return {};
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

/** A machine, a version of it, or `<machine>/<label>`: the processor of one of its distributed Maps. */
function describeStateMachine(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['stateMachineArn', 'includedData']);
  const arn = request.text('stateMachineArn', ARN_MAX);
  const { machine, qualifier } = qualifiedArn(arn);
  const label = labelOf(machine);
  const row = environment.machines.row(label === undefined ? machine : machine.slice(0, -label.length - 1));
  if (row === undefined) throw noMachine(arn);
  if (label !== undefined) return describeProcessor(environment, row, label);
  if (qualifier === undefined) return description(environment, row, row.definition, row.created);
  const version = isVersionNumber(qualifier) ? environment.versions.version(machine, Number(qualifier)) : undefined;
  if (version === undefined) throw noQualified(arn, qualifier);
  return {
    ...description(environment, row, version.definition, version.created),
    stateMachineArn: arn,
    ...(version.description === null ? {} : { description: version.description }),
  };
}

function description({ machines }: Environment, row: MachineRow, definitionId: number, created: number): JsonObject {
  const definition: DefinitionRow = machines.definition(definitionId);
  return {
    stateMachineArn: row.arn,
    name: row.name,
    status: machines.isDeleting(row.arn) ? 'DELETING' : 'ACTIVE',
    definition: definition.definition,
    roleArn: definition.role,
    type: row.type,
    creationDate: created / 1000,
    ...CONFIGURATION,
    ...revisionId(definition),
    ...referencesIn(definition),
  };
}

/** What a description says of variables. */
export function referencesIn({ definition }: Pick<DefinitionRow, 'definition'>): JsonObject {
  const references = variableReferences(definition);
  return references === undefined ? {} : { variableReferences: references };
}

function describeProcessor(environment: Environment, row: MachineRow, label: string): unknown {
  const whole = description(environment, row, row.definition, row.created);
  const machine = environment.machines.processor(row.definition, label);
  const processor = machine === undefined ? undefined : findProcessor(JSON.parse(String(whole.definition)), machine.container.states);
  if (machine === undefined || processor === undefined) throw noMachine(`${row.arn}/${label}`);
  return {
    ...whole,
    stateMachineArn: machine.arn,
    definition: JSON.stringify(processor),
    type: machine.express ? 'EXPRESS' : 'STANDARD',
    label,
  };
}

/** The processor whose states these are: state names are unique in a definition. */
function findProcessor(value: unknown, states: ReadonlyMap<string, unknown>): unknown {
  const [first] = states.keys();
  if (!isObject(value) || first === undefined) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'ItemProcessor' && isObject(inner) && isObject(inner.States) && Object.hasOwn(inner.States, first)) return inner;
    const found = Array.isArray(inner)
      ? inner.map((item) => findProcessor(item, states)).find((item) => item !== undefined)
      : findProcessor(inner, states);
    if (found !== undefined) return found;
  }
  return undefined;
}

const DIAGNOSTICS_MAX = 100;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html; there are no warnings here. */
function validateStateMachineDefinition(_environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['definition', 'type', 'severity', 'maxResults']);
  const type = request.word('type', ['STANDARD', 'EXPRESS']) ?? 'STANDARD';
  request.word('severity', ['ERROR', 'WARNING']);
  const size = request.integer('maxResults', 0, DIAGNOSTICS_MAX) || DIAGNOSTICS_MAX;
  const found = diagnose(request.text('definition', MEGABYTE), type).all();
  const diagnostics = found
    .slice(0, size)
    .map(({ code, message, path }) => ({ severity: 'ERROR', code, message, ...(path === undefined ? {} : { location: path }) }));
  return { result: found.length === 0 ? 'OK' : 'FAIL', diagnostics, truncated: found.length > size };
}
