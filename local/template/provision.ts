import { UnsupportedError } from '../kernel/errors.ts';
import type { JsonObject, Kernel } from '../kernel/kernel.ts';
import type { AssemblyStack } from './assembly.ts';
import { INERT_TYPES, inertResource } from './inert.ts';
import { Resolver, type ResourceValues } from './intrinsics.ts';
import { type Provisioned, type Resource, type ResourceHandler, refuseUnknown, unsupported } from './resource.ts';

interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface ProvisionedStack {
  readonly name: string;
  readonly outputs: readonly StackOutput[];
  readonly resources: readonly { readonly logicalId: string; readonly type: string; readonly physicalId: string }[];
}

export interface ProvisionOptions {
  readonly kernel: Kernel;
  readonly stacks: readonly AssemblyStack[];
  readonly handlers: readonly ResourceHandler[];
  readonly baseUrl: string;
}

/**
 * Creates every resource of the stacks, each after what it refers to. Idempotent: after a restart the same template finds what it
 * made before. Whatever this cloud cannot run stops it here, by name.
 */
export function provision(options: ProvisionOptions): ProvisionedStack[] {
  const handlers = new Map(options.handlers.map((handler) => [handler.type, handler]));
  const exported = new Map<string, unknown>();
  return options.stacks.map((stack) => new StackProvisioner(options, stack, handlers, exported).run());
}

class StackProvisioner {
  readonly #options: ProvisionOptions;
  readonly #stack: AssemblyStack;
  readonly #handlers: ReadonlyMap<string, ResourceHandler>;
  readonly #exported: Map<string, unknown>;
  readonly #resolver: Resolver;
  readonly #done = new Map<string, ResourceValues>();
  readonly #resources: { logicalId: string; type: string; physicalId: string }[] = [];
  readonly #underWay: string[] = [];

  constructor(
    options: ProvisionOptions,
    stack: AssemblyStack,
    handlers: ReadonlyMap<string, ResourceHandler>,
    exported: Map<string, unknown>,
  ) {
    this.#options = options;
    this.#stack = stack;
    this.#handlers = handlers;
    this.#exported = exported;
    this.#resolver = new Resolver({
      stack: stack.name,
      template: stack.template,
      resource: (logicalId) => this.#provision(logicalId),
      exported: (name) => {
        const value = exported.get(name);
        if (value === undefined) throw this.#unsupported(`imports ${name}, which no earlier stack exports`);
        return value;
      },
    });
  }

  run(): ProvisionedStack {
    for (const logicalId of Object.keys(this.#stack.template.Resources ?? {})) this.#provision(logicalId);
    return { name: this.#stack.name, outputs: this.#outputs(), resources: this.#resources };
  }

  /** A resource is made when it is first needed: a reference to one not made yet makes it first. */
  #provision(logicalId: string): ResourceValues | undefined {
    const done = this.#done.get(logicalId);
    if (done !== undefined) return done;
    const definition = this.#stack.template.Resources?.[logicalId];
    if (definition === undefined) return undefined;
    if (definition.Condition !== undefined && !this.#resolver.condition(definition.Condition)) return undefined;
    if (this.#underWay.includes(logicalId))
      throw this.#unsupported(`resources refer to each other in a circle: ${[...this.#underWay, logicalId].join(' → ')}`);
    this.#underWay.push(logicalId);
    for (const dependency of [definition.DependsOn ?? []].flat()) this.#provision(dependency);
    const resource: Resource = {
      stack: this.#stack.name,
      logicalId,
      type: definition.Type,
      properties: (this.#resolver.resolve(definition.Properties ?? {}) ?? {}) as JsonObject,
    };
    const provisioned = this.#create(resource);
    this.#underWay.pop();
    const values: ResourceValues = { ref: provisioned.ref, attribute: (name) => provisioned.attributes?.[name] };
    this.#done.set(logicalId, values);
    this.#resources.push({ logicalId, type: resource.type, physicalId: provisioned.ref });
    return values;
  }

  #create(resource: Resource): Provisioned {
    if (Object.hasOwn(INERT_TYPES, resource.type)) return inertResource(resource);
    const handler = this.#handlers.get(resource.type);
    if (handler === undefined)
      throw this.#unsupported(`${resource.logicalId} is of type ${resource.type}, which the embedded cloud cannot run`);
    refuseUnknown(resource, '', resource.properties, handler.honoured, handler.inert);
    const { kernel, baseUrl } = this.#options;
    try {
      return handler.provision(resource, { kernel, baseUrl, assets: this.#stack.assets });
    } catch (error) {
      if (error instanceof UnsupportedError) throw error;
      // A service refused what the template says, as CloudFormation would report it.
      throw unsupported(resource, (error as Error).message);
    }
  }

  #outputs(): StackOutput[] {
    const outputs: StackOutput[] = [];
    for (const [key, output] of Object.entries(this.#stack.template.Outputs ?? {})) {
      if (output.Condition !== undefined && !this.#resolver.condition(output.Condition)) continue;
      const value = localApiUrl(String(this.#resolver.resolve(output.Value)), this.#options.baseUrl);
      const exportName = output.Export === undefined ? undefined : String(this.#resolver.resolve(output.Export.Name));
      if (exportName !== undefined) this.#exported.set(exportName, value);
      outputs.push({
        key,
        value,
        ...(output.Description !== undefined && { description: output.Description }),
        ...(exportName !== undefined && { exportName }),
      });
    }
    return outputs;
  }

  #unsupported(what: string): UnsupportedError {
    return new UnsupportedError(`Stack ${this.#stack.name}: ${what}.`);
  }
}

/** The address AWS gives an HTTP API leads nowhere from here; the one that clients are told must. */
function localApiUrl(value: string, baseUrl: string): string {
  return value.replace(/https:\/\/[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g, `${baseUrl}/api`);
}
