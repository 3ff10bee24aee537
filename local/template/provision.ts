import { UnsupportedError } from '../kernel/errors.ts';
import type { JsonObject, Kernel } from '../kernel/kernel.ts';
import { type AssemblyStack, nestedStack, type Template, type TemplateOutput, type TemplateResource } from './assembly.ts';
import { INERT_TYPES, inertResource } from './inert.ts';
import { Resolver, type ResourceValues, type Scope, stackId } from './intrinsics.ts';
import { type Provisioned, physicalName, type Resource, type ResourceHandler, refuseUnknown, unsupported } from './resource.ts';

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
  /** The value of a parameter of Parameter Store, where it is there already. */
  readonly parameter: Scope['parameter'];
}

/**
 * Creates every resource of the stacks, each after what it refers to. Idempotent: after a restart the same template finds what it
 * made before. Whatever this cloud cannot run stops it here, by name: all of it at once, a line each, so that nobody has to start again
 * and again to learn what is in the way.
 */
export function provision(options: ProvisionOptions): ProvisionedStack[] {
  const shared: Shared = {
    handlers: new Map(options.handlers.map((handler) => [handler.type, handler])),
    exported: new Map(),
    problems: [],
    stacks: [],
  };
  for (const stack of options.stacks) new StackProvisioner(options, stack, shared).run();
  if (shared.problems.length > 0) throw new UnsupportedError(shared.problems.join('\n'));
  return shared.stacks;
}

/** What the stacks of an assembly have in common while they are provisioned. */
interface Shared {
  readonly handlers: ReadonlyMap<string, ResourceHandler>;
  readonly exported: Map<string, unknown>;
  readonly problems: string[];
  /** Those that are done, nested ones before the stack that they are in. */
  readonly stacks: ProvisionedStack[];
}

const NESTED = 'AWS::CloudFormation::Stack';
/** Short, so that the names of its resources still tell them apart. */
const NESTED_NAME_LENGTH = 40;
const NO_TELLING = 'nobody is told of what becomes of stacks, and nothing reads tags';

/** Something refers to what could not be made, which has been said already. */
class Dependent extends Error {}

class StackProvisioner {
  readonly #options: ProvisionOptions;
  readonly #stack: AssemblyStack;
  readonly #shared: Shared;
  readonly #resolver: Resolver;
  readonly #done = new Map<string, ResourceValues>();
  readonly #failed = new Set<string>();
  readonly #resources: { logicalId: string; type: string; physicalId: string }[] = [];
  readonly #underWay: string[] = [];
  readonly #providers: ReadonlySet<string>;

  constructor(options: ProvisionOptions, stack: AssemblyStack, shared: Shared) {
    this.#options = options;
    this.#stack = stack;
    this.#shared = shared;
    this.#providers = providersIn(stack.template);
    this.#resolver = new Resolver({
      stack: stack.name,
      template: stack.template,
      resource: (logicalId) => this.#provision(logicalId),
      parameter: options.parameter,
      exported: (name) => {
        const value = shared.exported.get(name);
        if (value === undefined && shared.problems.length > 0) throw new Dependent();
        if (value === undefined) throw this.#unsupported(`imports ${name}, which no earlier stack exports`);
        return value;
      },
    });
  }

  run(): ProvisionedStack {
    for (const logicalId of Object.keys(this.#stack.template.Resources ?? {})) this.#noting(() => this.#provision(logicalId));
    const done = { name: this.#stack.name, outputs: this.#outputs(), resources: this.#resources };
    this.#shared.stacks.push(done);
    return done;
  }

  /** Does a part of the work; what is in its way is noted, and the rest goes on. */
  #noting(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof UnsupportedError) this.#shared.problems.push(error.message);
      else if (!(error instanceof Dependent)) throw error;
    }
  }

  /** A resource is made when it is first needed: a reference to one not made yet makes it first. */
  #provision(logicalId: string): ResourceValues | undefined {
    const done = this.#done.get(logicalId);
    if (done !== undefined) return done;
    if (this.#failed.has(logicalId)) throw new Dependent();
    const definition = this.#stack.template.Resources?.[logicalId];
    if (definition === undefined) return undefined;
    if (definition.Condition !== undefined && !this.#resolver.condition(definition.Condition)) return undefined;
    if (this.#underWay.includes(logicalId))
      throw this.#unsupported(`resources refer to each other in a circle: ${[...this.#underWay, logicalId].join(' → ')}`);
    this.#underWay.push(logicalId);
    try {
      return this.#made(logicalId, definition);
    } catch (error) {
      this.#failed.add(logicalId);
      throw error;
    } finally {
      this.#underWay.pop();
    }
  }

  #made(logicalId: string, definition: TemplateResource): ResourceValues {
    // Known before anything that it refers to is made.
    if (definition.Type !== NESTED && !Object.hasOwn(INERT_TYPES, definition.Type) && !this.#shared.handlers.has(definition.Type))
      throw this.#unsupported(`${logicalId} is of type ${definition.Type}, which the embedded cloud cannot run`);
    for (const dependency of [definition.DependsOn ?? []].flat()) this.#provision(dependency);
    const resource: Resource = {
      stack: this.#stack.name,
      logicalId,
      type: definition.Type,
      properties: this.#resolver.members(definition.Properties ?? {}, `${logicalId} (${definition.Type})`),
    };
    const provisioned = this.#create(resource);
    const values: ResourceValues = { ref: provisioned.ref, attribute: (name) => provisioned.attributes?.[name] };
    this.#done.set(logicalId, values);
    this.#resources.push({ logicalId, type: resource.type, physicalId: provisioned.ref });
    return values;
  }

  #create(resource: Resource): Provisioned {
    if (Object.hasOwn(INERT_TYPES, resource.type) || this.#providers.has(resource.logicalId)) return inertResource(resource);
    if (resource.type === NESTED) return this.#nest(resource);
    const handler = this.#shared.handlers.get(resource.type);
    if (handler === undefined) throw new Dependent();
    refuseUnknown(resource, '', resource.properties, handler.honoured, handler.inert);
    const { kernel, baseUrl } = this.#options;
    try {
      return handler.provision(resource, { kernel, baseUrl, assembly: this.#stack.directory, assets: this.#stack.assets });
    } catch (error) {
      if (error instanceof UnsupportedError) throw error;
      // A service refused what the template says, as CloudFormation would report it.
      throw unsupported(resource, (error as Error).message);
    }
  }

  /** A stack in the stack; its template is an asset, its parameters and outputs lead in and out. */
  #nest(resource: Resource): Provisioned {
    refuseUnknown(resource, '', resource.properties, ['Parameters', 'TemplateURL'], { NotificationARNs: NO_TELLING, Tags: NO_TELLING });
    const { TemplateURL: url, Parameters: given } = resource.properties;
    const file = this.#stack.assets.get(String(url).slice(String(url).lastIndexOf('/') + 1));
    if (file === undefined) throw unsupported(resource, `its template ${String(url)} is not in the cloud assembly`);
    const stack = nestedStack(this.#stack, physicalName(resource, undefined, NESTED_NAME_LENGTH), file, (given ?? {}) as JsonObject);
    const before = this.#shared.problems.length;
    const { outputs } = new StackProvisioner(this.#options, stack, this.#shared).run();
    if (this.#shared.problems.length > before) throw new Dependent();
    return { ref: stackId(stack.name), attributes: Object.fromEntries(outputs.map(({ key, value }) => [`Outputs.${key}`, value])) };
  }

  #outputs(): StackOutput[] {
    const outputs: StackOutput[] = [];
    for (const [key, output] of Object.entries(this.#stack.template.Outputs ?? {}))
      this.#noting(() => {
        if (output.Condition === undefined || this.#resolver.condition(output.Condition)) outputs.push(this.#output(key, output));
      });
    return outputs;
  }

  #output(key: string, output: TemplateOutput): StackOutput {
    const value = localApiUrl(String(this.#resolver.resolve(output.Value, `output ${key}`)), this.#options.baseUrl);
    const exportName = output.Export === undefined ? undefined : String(this.#resolver.resolve(output.Export.Name, `output ${key}`));
    if (exportName !== undefined) this.#shared.exported.set(exportName, value);
    return {
      key,
      value,
      ...(output.Description !== undefined && { description: output.Description }),
      ...(exportName !== undefined && { exportName }),
    };
  }

  #unsupported(what: string): UnsupportedError {
    return new UnsupportedError(`Stack ${this.#stack.name}: ${what}.`);
  }
}

/** The address AWS gives an HTTP API leads nowhere from here; the one that clients are told must. */
function localApiUrl(value: string, baseUrl: string): string {
  return value.replace(/https:\/\/[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g, `${baseUrl}/api`);
}

/**
 * The functions behind custom resources. Those of CDK are done by this cloud itself or make no difference here, and all others are refused:
 * nobody will call these functions, which CDK writes in languages that this cloud does not run.
 */
function providersIn({ Resources = {} }: Template): ReadonlySet<string> {
  const tokens = Object.values(Resources).map(
    ({ Properties }) => (Properties?.ServiceToken as { 'Fn::GetAtt'?: unknown } | undefined)?.['Fn::GetAtt'],
  );
  return new Set(tokens.map((token) => (Array.isArray(token) ? String(token[0]) : '')));
}
