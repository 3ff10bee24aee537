import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { stackId } from '../../template/intrinsics.ts';
import type { ProvisionedStack } from '../../template/provision.ts';
import { assertMembers } from '../members.ts';

const STATUS = 'CREATE_COMPLETE';

/** CloudFormation as far as operators read it: the stacks that were provisioned at start, with their outputs. */
export class CloudFormationService implements Service {
  readonly name = 'cloudformation';
  readonly #createdAt: Date;
  #stacks: readonly ProvisionedStack[] = [];

  constructor(kernel: Kernel) {
    this.#createdAt = new Date(kernel.now());
  }

  setStacks(stacks: readonly ProvisionedStack[]): void {
    this.#stacks = stacks;
  }

  call(operation: string, input: JsonObject): unknown {
    assertMembers(this.name, operation, input, 'ValidationError');
    // Every list is one page, so that nobody can have a token.
    if (input.NextToken !== undefined) throw new AwsError('ValidationError', 'NextToken is none of this list.');
    switch (operation) {
      case 'DescribeStacks':
        return { Stacks: this.#chosen(input).map((stack) => this.#describe(stack)) };
      case 'ListStacks':
        return { StackSummaries: this.#ofStatus(input.StackStatusFilter).map((stack) => this.#summary(stack)) };
      case 'ListStackResources':
        return { StackResourceSummaries: this.#chosen(input).flatMap((stack) => this.#resources(stack)) };
      case 'DescribeStackResources':
        return { StackResources: this.#chosenResources(input) };
      case 'ListExports':
        return { Exports: this.#stacks.flatMap(exportsOf) };
      default:
        throw new AwsError('InvalidAction', `The embedded cloud's CloudFormation has no operation ${operation}.`);
    }
  }

  #chosen(input: JsonObject): readonly ProvisionedStack[] {
    if (input.StackName === undefined) return this.#stacks;
    const name = String(input.StackName);
    const found = this.#stacks.filter((stack) => stack.name === name || stackId(stack.name) === name);
    if (found.length === 0) throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
    return found;
  }

  #ofStatus(filter: unknown): readonly ProvisionedStack[] {
    return filter === undefined || [filter].flat().includes(STATUS) ? this.#stacks : [];
  }

  #chosenResources(input: JsonObject): JsonObject[] {
    const { LogicalResourceId: logical, PhysicalResourceId: physical } = input;
    const resources = this.#chosen(input).flatMap((stack) => this.#resources(stack));
    return resources.filter(
      (resource) =>
        (logical === undefined || resource.LogicalResourceId === logical) &&
        (physical === undefined || resource.PhysicalResourceId === physical),
    );
  }

  #summary(stack: ProvisionedStack): JsonObject {
    return { StackId: stackId(stack.name), StackName: stack.name, CreationTime: this.#createdAt, StackStatus: STATUS };
  }

  #describe(stack: ProvisionedStack): JsonObject {
    return {
      ...this.#summary(stack),
      DisableRollback: false,
      Outputs: stack.outputs.map((output) => ({
        OutputKey: output.key,
        OutputValue: output.value,
        ...(output.description !== undefined && { Description: output.description }),
        ...(output.exportName !== undefined && { ExportName: output.exportName }),
      })),
    };
  }

  #resources(stack: ProvisionedStack): JsonObject[] {
    return stack.resources.map((resource) => ({
      StackName: stack.name,
      StackId: stackId(stack.name),
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: resource.physicalId,
      ResourceType: resource.type,
      Timestamp: this.#createdAt,
      LastUpdatedTimestamp: this.#createdAt,
      ResourceStatus: STATUS,
    }));
  }
}

function exportsOf(stack: ProvisionedStack): JsonObject[] {
  return stack.outputs.flatMap((output) =>
    output.exportName === undefined ? [] : [{ ExportingStackId: stackId(stack.name), Name: output.exportName, Value: output.value }],
  );
}
