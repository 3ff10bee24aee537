import type { AwsError } from '../../../local/kernel/errors.ts';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import type { HistoryEvent } from '../../../local/services/states/history.ts';
import { StatesService } from '../../../local/services/states/service.ts';
import type { StatusChange } from '../../../local/services/states/status-change.ts';

export const START = Date.parse('2026-03-02T09:00:00.000Z');
export const ROLE = 'arn:aws:iam::000000000000:role/machine';

export function machineArn(name: string): string {
  return `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
}

type Handler = (operation: string, input: JsonObject, origin: string) => unknown;

export interface Described {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveStatus?: string;
  readonly redriveStatusReason?: string;
}

/** The embedded Step Functions with whatever a test puts around it. */
export class Harness {
  readonly kernel: Kernel;
  readonly states: StatesService;
  readonly changes: StatusChange[] = [];
  readonly store: Store;

  constructor({ directory, services = {} }: { directory?: string; services?: Record<string, Handler> } = {}) {
    this.store = new Store(directory);
    this.kernel = new Kernel({ store: this.store, clock: 'virtual', start: START, seed: 7 });
    this.states = new StatesService({ kernel: this.kernel, onStatusChange: (change) => this.changes.push(change) });
    this.kernel.register(this.states);
    for (const [name, call] of Object.entries(services)) this.kernel.register({ name, call });
  }

  /** Creates a JSONata state machine of these states; the first is where it starts. */
  machine(states: Record<string, JsonObject>, { name = 'test', ...top }: JsonObject & { name?: string } = {}): void {
    const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...top };
    this.states.createStateMachine({ name, arn: machineArn(name), definition: JSON.stringify(definition), roleArn: ROLE });
  }

  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    return (await this.kernel.call('states', operation, input, 'client')) as JsonObject;
  }

  /** Starts an execution and runs until nothing more happens at this instant. */
  async start(input: unknown = {}, { name = 'run', machine = 'test' } = {}): Promise<string> {
    const started = await this.call('StartExecution', { stateMachineArn: machineArn(machine), name, input: JSON.stringify(input) });
    await this.kernel.settle();
    return String(started.executionArn);
  }

  async describe(executionArn: string): Promise<Described> {
    return (await this.call('DescribeExecution', { executionArn })) as unknown as Described;
  }

  async output(executionArn: string): Promise<unknown> {
    const { output } = await this.describe(executionArn);
    return output === undefined ? undefined : JSON.parse(output);
  }

  async history(executionArn: string, more: JsonObject = {}): Promise<HistoryEvent[]> {
    return (await this.call('GetExecutionHistory', { executionArn, maxResults: 1000, ...more })).events as HistoryEvent[];
  }

  async types(executionArn: string): Promise<string[]> {
    return (await this.history(executionArn)).map(({ type }) => type);
  }

  /** Runs machine states to the end of the present instant and describes the execution. */
  async run(states: Record<string, JsonObject>, input: unknown = {}): Promise<Described & { readonly arn: string }> {
    this.machine(states);
    const arn = await this.start(input);
    return { ...(await this.describe(arn)), arn };
  }
}

/** The code of the error a call ends with; undefined where it succeeds. */
export async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => undefined,
    (error: AwsError) => error.code,
  );
}

/** The code and the message of a refusal. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'not refused',
    ({ code, message }: AwsError) => `${code}: ${message}`,
  );
}

/** Names the operations a fake has seen, and answers each with `answer`. */
export function recorder(answer: (operation: string, input: JsonObject) => unknown): {
  readonly calls: JsonObject[];
  readonly handler: Handler;
} {
  const calls: JsonObject[] = [];
  return {
    calls,
    handler: (operation, input) => {
      calls.push({ operation, ...input });
      return answer(operation, input);
    },
  };
}

/** A Lambda answer with this payload. */
export function returns(payload: unknown): JsonObject {
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: JSON.stringify(payload) };
}

/** A Lambda answer of a function that threw. */
export function throws(errorType: string, errorMessage = 'it failed'): JsonObject {
  return { StatusCode: 200, FunctionError: 'Unhandled', Payload: JSON.stringify({ errorType, errorMessage }) };
}
