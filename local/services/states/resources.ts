import { readFileSync } from 'node:fs';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { type Provisioning, physicalName, type Resource, type ResourceHandler, unsupported } from '../../template/resource.ts';
import type { MachineInput } from './machines.ts';

/** `AWS::StepFunctions::StateMachine`, whose definition is text, an object or an asset, with substitutions. */
export function stateMachineHandler(states: { createStateMachine(input: MachineInput): void }): ResourceHandler {
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
    ],
    inert: {
      EncryptionConfiguration: 'nothing is encrypted here',
      LoggingConfiguration: 'the history is the log',
      Tags: 'nothing reads tags',
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
      return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: 'INITIAL' } };
    },
  };
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
