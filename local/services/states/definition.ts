import { createHash } from 'node:crypto';
import { compileTemplate, type Template } from './expression.ts';
import { type Integration, parseResource } from './integrations.ts';

type StateType = 'Task' | 'Pass' | 'Wait' | 'Choice' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

/** The Amazon States Language as text has it, after validation. https://states-language.net/spec.html */
export interface AslContainer {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
  readonly TimeoutSeconds?: number;
  readonly ProcessorConfig?: { readonly Mode?: string; readonly ExecutionType?: string };
}

export interface AslState {
  readonly Type: StateType;
  readonly Next?: string;
  readonly Resource?: string;
  readonly Arguments?: unknown;
  readonly Output?: unknown;
  readonly Assign?: unknown;
  readonly Retry?: readonly AslRetrier[];
  readonly Catch?: readonly AslCatcher[];
  readonly Credentials?: { readonly RoleArn: unknown };
  readonly TimeoutSeconds?: unknown;
  readonly HeartbeatSeconds?: unknown;
  readonly Seconds?: unknown;
  readonly Timestamp?: unknown;
  readonly Choices?: readonly {
    readonly Condition: unknown;
    readonly Next: string;
    readonly Output?: unknown;
    readonly Assign?: unknown;
  }[];
  readonly Default?: string;
  readonly Error?: unknown;
  readonly Cause?: unknown;
  readonly Branches?: readonly AslContainer[];
  readonly ItemProcessor?: AslContainer;
  readonly Items?: unknown;
  readonly ItemSelector?: unknown;
  readonly Label?: string;
  readonly ItemReader?: { readonly Resource: string };
  readonly ItemBatcher?: unknown;
  readonly ResultWriter?: { readonly Resource?: string };
  readonly MaxConcurrency?: unknown;
  readonly ToleratedFailureCount?: unknown;
  readonly ToleratedFailurePercentage?: unknown;
}

export interface AslRetrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

interface AslCatcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Output?: unknown;
  readonly Assign?: unknown;
}

/** What a state leaves behind: compiled `Assign` and `Output`, and where it goes. */
export interface Exit {
  readonly next: string | undefined;
  readonly assign: Template | undefined;
  readonly output: Template | undefined;
}

interface Catcher extends Exit {
  readonly errors: readonly string[];
}

export interface Rule extends Exit {
  readonly condition: Template;
}

/** What makes a Map a distributed one. */
interface Distributed {
  /** Names the Map in ARNs. */
  readonly label: string;
  /** Whether its executions are Express workflows. */
  readonly express: boolean;
  /** Whether its results go to S3, so that the state's own result is where they are. */
  readonly exports: boolean;
}

/** A state ready to run: every template compiled once per definition. */
export interface CompiledState {
  readonly name: string;
  readonly type: StateType;
  readonly exit: Exit;
  readonly retry: readonly AslRetrier[];
  readonly catchers: readonly Catcher[];
  readonly rules: readonly Rule[];
  readonly integration: Integration | undefined;
  readonly children: readonly CompiledContainer[];
  readonly distributed: Distributed | undefined;
  /** The state's own fields by name: Arguments, TimeoutSeconds, Seconds, Items and so on. */
  readonly fields: ReadonlyMap<string, Template>;
}

export interface CompiledContainer {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, CompiledState>;
  readonly timeoutSeconds: number | undefined;
}

const TEMPLATE_FIELDS = [
  'Arguments',
  'TimeoutSeconds',
  'HeartbeatSeconds',
  'Seconds',
  'Timestamp',
  'Error',
  'Cause',
  'Items',
  'ItemSelector',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
] as const;

/** Compiles a validated definition. */
export function compileDefinition(container: AslContainer): CompiledContainer {
  const states = new Map<string, CompiledState>();
  for (const [name, state] of Object.entries(container.States)) states.set(name, compileState(name, state));
  return { startAt: container.StartAt, states, timeoutSeconds: container.TimeoutSeconds };
}

function compileState(name: string, state: AslState): CompiledState {
  const fields = new Map<string, Template>();
  for (const field of TEMPLATE_FIELDS) if (field in state) fields.set(field, compileTemplate(state[field], field));
  const { Credentials: credentials } = state;
  if (credentials !== undefined) fields.set('Credentials/RoleArn', compileTemplate(credentials.RoleArn, 'Credentials/RoleArn'));
  const processors = state.Branches ?? (state.ItemProcessor === undefined ? [] : [state.ItemProcessor]);
  return {
    name,
    type: state.Type,
    exit: compileExit(state, state.Type === 'Choice' ? state.Default : state.Next, ''),
    retry: state.Retry ?? [],
    catchers: (state.Catch ?? []).map((catcher, index) => ({
      ...compileExit(catcher, catcher.Next, `Catch[${index}]/`),
      errors: catcher.ErrorEquals,
    })),
    rules: (state.Choices ?? []).map((rule, index) => ({
      ...compileExit(rule, rule.Next, `Choices[${index}]/`),
      condition: compileTemplate(rule.Condition, `Choices[${index}]/Condition`),
    })),
    integration: state.Resource === undefined ? undefined : parseResource(state.Resource),
    children: processors.map(compileDefinition),
    distributed: distributedOf(name, state),
    fields,
  };
}

function distributedOf(name: string, state: AslState): Distributed | undefined {
  const config = state.ItemProcessor?.ProcessorConfig;
  if (config?.Mode !== 'DISTRIBUTED') return undefined;
  return {
    label: state.Label ?? labelFor(name),
    express: config.ExecutionType === 'EXPRESS',
    exports: state.ResultWriter?.Resource !== undefined,
  };
}

/**
 * A Map without a label gets the UUID of its name (version 3, without a name space), as seen on AWS: a Map named JsonMap has
 * 3318ddf7-9a0e-3259-a825-55a4e8e3e9b1 there (`testdata/aws/stepfunctions/distributed_map.json` of radkawar/stackd).
 */
export function labelFor(name: string): string {
  const bytes = createHash('md5').update(name).digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x30;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function compileExit(holder: { readonly Assign?: unknown; readonly Output?: unknown }, next: string | undefined, at: string): Exit {
  return {
    next,
    assign: 'Assign' in holder ? compileTemplate(holder.Assign, `${at}Assign`) : undefined,
    output: 'Output' in holder ? compileTemplate(holder.Output, `${at}Output`) : undefined,
  };
}
