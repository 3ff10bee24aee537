import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { ARN_MAX, type Environment, machineRow, noMachine, type Operation, qualifiedArn } from './environment.ts';
import { isObject } from './json.ts';
import { revisionId } from './machines.ts';
import { invalid, pageToken, Request, refused } from './request.ts';
import { type Alias, isVersionNumber, type Route } from './versions.ts';

export const VERSION_OPERATIONS: Readonly<Record<string, Operation>> = {
  PublishStateMachineVersion: publish,
  ListStateMachineVersions: listVersions,
  DeleteStateMachineVersion: deleteVersion,
  CreateStateMachineAlias: createAlias,
  UpdateStateMachineAlias: updateAlias,
  DescribeStateMachineAlias: describeAlias,
  ListStateMachineAliases: listAliases,
  DeleteStateMachineAlias: deleteAlias,
};

const DESCRIPTION_MAX = 256;
/** Digits alone would be a version. https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachineAlias.html */
const ALIAS_NAME = /^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]+$/;

// ---- versions ----------------------------------------------------------------------------------------------------------

function publish(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['stateMachineArn', 'revisionId', 'description']);
  const row = machineRow(environment, request.text('stateMachineArn', ARN_MAX));
  if (environment.machines.isDeleting(row.arn)) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${row.arn}'`);
  const wanted = request.optionalText('revisionId', 80);
  const current = revisionId(environment.machines.definition(row.definition)).revisionId ?? 'INITIAL';
  if (wanted !== undefined && wanted !== current)
    throw new AwsError(
      'ConflictException',
      `Failed to publish the State Machine version for revision ${wanted}. The current State Machine revision is ${current}.`,
    );
  const version = environment.versions.publish(row, request.optionalText('description', DESCRIPTION_MAX));
  return { creationDate: version.created / 1000, stateMachineVersionArn: `${row.arn}:${version.number}` };
}

function listVersions(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['stateMachineArn', 'maxResults', 'nextToken']);
  const { arn } = machineRow(environment, request.text('stateMachineArn', ARN_MAX));
  const { page, nextToken } = pageOf(request, environment.versions.versions(arn));
  const stateMachineVersions = page.map(({ number, created }) => ({
    stateMachineVersionArn: `${arn}:${number}`,
    creationDate: created / 1000,
  }));
  return { stateMachineVersions, ...nextToken };
}

function deleteVersion({ versions }: Environment, input: JsonObject): unknown {
  const arn = new Request(input, ['stateMachineVersionArn']).text('stateMachineVersionArn', ARN_MAX);
  const { machine, qualifier } = qualifiedArn(arn);
  if (!isVersionNumber(qualifier)) throw invalid(`The ARN is not that of a state machine version: '${arn}'`);
  versions.deleteVersion(machine, Number(qualifier));
  return {};
}

// ---- aliases -----------------------------------------------------------------------------------------------------------

/** As recorded in `control_lifecycle.json` of radkawar/stackd. */
function badRouting(message: string, received: readonly unknown[]): AwsError {
  return refused(`${message}. Received: [${received.join(', ')}]`, 'INVALID_ROUTING_CONFIGURATION');
}

/** One or two versions of one machine, whose weights make 100. */
function routesOf(given: unknown): { readonly machine: string; readonly routes: Route[] } {
  if (!Array.isArray(given) || given.length < 1 || given.length > 2)
    throw invalid("Value at 'routingConfiguration' failed to satisfy constraint: Member must have from 1 to 2 entries");
  const machines = new Set<string>();
  const arns: string[] = [];
  const routes = given.map((entry): Route => {
    if (!isObject(entry)) throw invalid("The member 'routingConfiguration' must hold objects");
    const request = new Request(entry, ['stateMachineVersionArn', 'weight']);
    const arn = request.text('stateMachineVersionArn', ARN_MAX);
    const { machine, qualifier } = qualifiedArn(arn);
    arns.push(arn);
    if (!isVersionNumber(qualifier))
      throw badRouting('Routing configuration must contain state machine version ARNs', given.map(versionIn));
    machines.add(machine);
    const { weight } = entry;
    if (typeof weight !== 'number' || !Number.isInteger(weight) || weight < 0 || weight > 100)
      throw invalid("Value at 'weight' failed to satisfy constraint: Member must be an integer from 0 to 100");
    return { version: Number(qualifier), weight };
  });
  const [machine] = machines;
  if (machine === undefined || machines.size > 1)
    throw badRouting('Routing configuration must contain state machine version ARNs for the same state machine', arns);
  if (new Set(arns).size < arns.length) throw badRouting('Routing configuration must contain distinct state machine version ARNs', arns);
  const weights = routes.map(({ weight }) => weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100)
    throw badRouting('Sum of routing configuration weights must equal 100', weights);
  return { machine, routes };
}

function versionIn(entry: unknown): unknown {
  return isObject(entry) ? entry.stateMachineVersionArn : entry;
}

function createAlias(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['name', 'description', 'routingConfiguration']);
  const name = request.text('name', 80);
  if (!ALIAS_NAME.test(name))
    throw invalid(
      `Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ${ALIAS_NAME.source}`,
    );
  const { machine, routes } = routesOf(input.routingConfiguration);
  machineRow(environment, machine);
  const alias = environment.versions.createAlias(machine, name, routes, request.optionalText('description', DESCRIPTION_MAX));
  return { stateMachineAliasArn: `${machine}:${name}`, creationDate: alias.created / 1000 };
}

function aliasOf({ versions }: Environment, arn: string): Alias {
  const { machine, qualifier } = qualifiedArn(arn);
  const alias = qualifier === undefined ? undefined : versions.alias(machine, qualifier);
  if (alias === undefined)
    throw new AwsError('ResourceNotFound', `Request references a resource that does not exist: '${arn}'`, 400, { resourceName: arn });
  return alias;
}

function updateAlias(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['stateMachineAliasArn', 'description', 'routingConfiguration']);
  const alias = aliasOf(environment, request.text('stateMachineAliasArn', ARN_MAX));
  const description = request.optionalText('description', DESCRIPTION_MAX);
  if (description === undefined && input.routingConfiguration === undefined)
    throw refused('Either description or routing configuration must be specified');
  const given = input.routingConfiguration === undefined ? alias : routesOf(input.routingConfiguration);
  if (given.machine !== alias.machine) throw invalid('The versions of an alias must be of its own state machine');
  const updated = environment.versions.putAlias({ ...alias, routes: given.routes, description: description ?? alias.description });
  return { updateDate: updated.updated / 1000 };
}

function describeAlias(environment: Environment, input: JsonObject): unknown {
  const arn = new Request(input, ['stateMachineAliasArn']).text('stateMachineAliasArn', ARN_MAX);
  const alias = aliasOf(environment, arn);
  return {
    stateMachineAliasArn: arn,
    name: alias.name,
    ...(alias.description === null ? {} : { description: alias.description }),
    routingConfiguration: alias.routes.map(({ version, weight }) => ({ stateMachineVersionArn: `${alias.machine}:${version}`, weight })),
    creationDate: alias.created / 1000,
    // Recorded: one that was never updated has no such date.
    ...(alias.updated === alias.created ? {} : { updateDate: alias.updated / 1000 }),
  };
}

/** All aliases of a machine, or those that lead to a version. */
function listAliases(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['stateMachineArn', 'maxResults', 'nextToken']);
  const arn = request.text('stateMachineArn', ARN_MAX);
  const { machine, qualifier } = qualifiedArn(arn);
  machineRow(environment, machine);
  if (qualifier !== undefined && environment.versions.version(machine, Number(qualifier)) === undefined) throw noMachine(arn);
  const aliases = environment.versions
    .aliases(machine)
    .filter(({ routes }) => qualifier === undefined || routes.some(({ version }) => version === Number(qualifier)));
  const { page, nextToken } = pageOf(request, aliases);
  const stateMachineAliases = page.map(({ name, created }) => ({
    stateMachineAliasArn: `${machine}:${name}`,
    creationDate: created / 1000,
  }));
  return { stateMachineAliases, ...nextToken };
}

function deleteAlias({ versions }: Environment, input: JsonObject): unknown {
  const arn = new Request(input, ['stateMachineAliasArn']).text('stateMachineAliasArn', ARN_MAX);
  const { machine, qualifier } = qualifiedArn(arn);
  if (qualifier === undefined || isVersionNumber(qualifier)) throw invalid(`The ARN is not that of a state machine alias: '${arn}'`);
  versions.deleteAlias(machine, qualifier);
  return {};
}

function pageOf<T>(
  request: Request,
  all: readonly T[],
): { readonly page: readonly T[]; readonly nextToken: { readonly nextToken?: string } } {
  const [size, from] = [request.pageSize(), request.page() ?? 0];
  return { page: all.slice(from, from + size), nextToken: from + size < all.length ? { nextToken: pageToken(from + size) } : {} };
}
