import { readFileSync } from 'node:fs';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import {
  numberProperty,
  type Provisioning,
  physicalName,
  type Resource,
  type ResourceHandler,
  refuseUnknown,
  unsupported,
} from '../../template/resource.ts';
import { type MachineInput, revisionId } from './machines.ts';
import type { StatesService } from './service.ts';
import { readTags, type Tag } from './tags.ts';
import { parseMachineArn, type Route } from './versions.ts';

export function statesHandlers(states: StatesService): ResourceHandler[] {
  return [stateMachineHandler(states), versionHandler(states), aliasHandler(states), activityHandler(states)];
}

/** `AWS::StepFunctions::StateMachine`, whose definition is text, an object or an asset, with substitutions. */
function stateMachineHandler(states: StatesService): ResourceHandler {
  return {
    type: 'AWS::StepFunctions::StateMachine',
    honoured: [
      'Definition',
      'DefinitionString',
      'DefinitionS3Location',
      'DefinitionSubstitutions',
      'RoleArn',
      'StateMachineName',
      'StateMachineType',
      'Tags',
    ],
    inert: {
      EncryptionConfiguration: 'nothing is encrypted here',
      LoggingConfiguration: 'the history is the log',
      TracingConfiguration: 'no traces are recorded here',
    },
    provision(resource, provisioning) {
      const { properties } = resource;
      const name = physicalName(resource, properties.StateMachineName, 80);
      const arn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${name}`;
      const machine: MachineInput = {
        name,
        arn,
        definition: substituted(definitionOf(resource, provisioning), properties.DefinitionSubstitutions),
        roleArn: String(properties.RoleArn),
        ...(properties.StateMachineType !== undefined && { type: String(properties.StateMachineType) }),
      };
      states.createStateMachine(machine);
      states.tags.add(arn, tagsOf(resource, arn));
      return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: currentRevision(states, arn) } };
    },
  };
}

function currentRevision(states: StatesService, arn: string): string | undefined {
  const row = states.machines.row(arn);
  return row === undefined ? undefined : (revisionId(states.machines.definition(row.definition)).revisionId ?? 'INITIAL');
}

/**
 * `AWS::StepFunctions::StateMachineVersion`: the present revision. At a start with another text there is a next version; the earlier
 * ones stay, for aliases and executions may still be on them.
 */
function versionHandler(states: StatesService): ResourceHandler {
  return {
    type: 'AWS::StepFunctions::StateMachineVersion',
    honoured: ['StateMachineArn', 'StateMachineRevisionId', 'Description'],
    provision(resource) {
      const { StateMachineArn: machine, StateMachineRevisionId: revision, Description: description } = resource.properties;
      const row = states.machines.row(String(machine));
      if (row === undefined) throw unsupported(resource, `there is no state machine ${String(machine)}`);
      if (revision !== undefined && revision !== currentRevision(states, row.arn))
        throw unsupported(resource, `the state machine is not at the revision ${String(revision)}`);
      const { number } = states.versions.publish(row, description === undefined ? undefined : String(description));
      const arn = `${row.arn}:${number}`;
      return { ref: arn, attributes: { Arn: arn } };
    },
  };
}

/** `AWS::StepFunctions::StateMachineAlias`. A gradual deployment is over at once: nothing runs while the template is provisioned. */
function aliasHandler({ versions }: StatesService): ResourceHandler {
  return {
    type: 'AWS::StepFunctions::StateMachineAlias',
    honoured: ['Name', 'Description', 'RoutingConfiguration', 'DeploymentPreference'],
    provision(resource) {
      const { Name: given, Description: description } = resource.properties;
      const { machine, routes } = routesOf(resource);
      const name = physicalName(resource, given, 80);
      const there = versions.alias(machine, name);
      const text = description === undefined ? null : String(description);
      if (there === undefined) versions.createAlias(machine, name, routes, text ?? undefined);
      else if (there.description !== text || JSON.stringify(there.routes) !== JSON.stringify(routes))
        versions.putAlias({ ...there, description: text, routes });
      const arn = `${machine}:${name}`;
      return { ref: arn, attributes: { Arn: arn } };
    },
  };
}

function routesOf(resource: Resource): { readonly machine: string; readonly routes: readonly Route[] } {
  const { RoutingConfiguration: routing, DeploymentPreference: preference } = resource.properties;
  if ((routing === undefined) === (preference === undefined))
    throw unsupported(resource, 'exactly one of RoutingConfiguration and DeploymentPreference must be given');
  refuseUnknown(resource, 'DeploymentPreference', preference, ['StateMachineVersionArn', 'Type', 'Percentage', 'Interval', 'Alarms']);
  const target = (preference as { StateMachineVersionArn?: unknown } | undefined)?.StateMachineVersionArn;
  const entries = (routing ?? [{ StateMachineVersionArn: target, Weight: 100 }]) as Record<string, unknown>[];
  let machine = '';
  const routes = entries.map((entry, index): Route => {
    refuseUnknown(resource, `RoutingConfiguration[${index}]`, entry, ['StateMachineVersionArn', 'Weight']);
    const parts = parseMachineArn(String(entry.StateMachineVersionArn));
    if (parts === undefined) throw unsupported(resource, `${String(entry.StateMachineVersionArn)} is no version of a state machine`);
    machine = parts.machine;
    return { version: Number(parts.qualifier), weight: numberProperty(resource, `RoutingConfiguration[${index}].Weight`, entry.Weight, 0) };
  });
  if (routes.reduce((sum, { weight }) => sum + weight, 0) !== 100)
    throw unsupported(resource, 'the weights of RoutingConfiguration must make 100');
  return { machine, routes };
}

/** `AWS::StepFunctions::Activity`. */
function activityHandler({ activities, tags }: StatesService): ResourceHandler {
  return {
    type: 'AWS::StepFunctions::Activity',
    honoured: ['Name', 'Tags'],
    inert: { EncryptionConfiguration: 'nothing is encrypted here' },
    provision(resource) {
      const name = physicalName(resource, resource.properties.Name, 80);
      const { arn } = activities.put(`arn:aws:states:${REGION}:${ACCOUNT}:activity:${name}`, name);
      tags.add(arn, tagsOf(resource, arn));
      return { ref: arn, attributes: { Arn: arn, Name: name } };
    },
  };
}

/** The template's tags are put over those that are there: what an operator added stays. */
function tagsOf(resource: Resource, arn: string): Tag[] {
  const { Tags: tags } = resource.properties;
  if (tags === undefined) return [];
  if (!Array.isArray(tags)) throw unsupported(resource, 'Tags must be a list');
  for (const [index, tag] of tags.entries()) refuseUnknown(resource, `Tags[${index}]`, tag, ['Key', 'Value']);
  return readTags(
    (tags as { readonly Key?: unknown; readonly Value?: unknown }[]).map(({ Key: key, Value: value }) => ({ key, value })),
    arn,
  );
}

function definitionOf(resource: Resource, { assets }: Provisioning): string {
  const { DefinitionString: text, Definition: object, DefinitionS3Location: location } = resource.properties;
  if (text !== undefined) return String(text);
  if (object !== undefined) return JSON.stringify(object);
  const file = assets.get(String((location as { Key?: string } | undefined)?.Key));
  if (file === undefined) throw unsupported(resource, 'it has no definition that this cloud can find');
  return readFileSync(file, 'utf8');
}

/** `${Name}` in the definition becomes the substitution of that name, as CloudFormation does before it creates the machine. */
function substituted(definition: string, substitutions: unknown): string {
  const values = (substitutions ?? {}) as Record<string, unknown>;
  return definition.replaceAll(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
