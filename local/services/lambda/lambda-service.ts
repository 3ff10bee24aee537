import { AwsError } from '../../kernel/errors.ts';
import type { Caller, JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { AsyncInvocations, type AsyncOptions } from './async-invocations.ts';
import { type Handler, loadHandler } from './bundle.ts';
import { failure, type Outcome, runHandler } from './invocation.ts';
import { type LogLine, LogRing } from './sandbox.ts';

/** A function as the template defines it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly code: { readonly directory: string } | { readonly inline: string };
  readonly handler: string;
  readonly runtime: string;
  readonly description: string;
  readonly environment: Record<string, string>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** How many runs may be under way at once; undefined: no limit of its own. */
  readonly reservedConcurrency?: number;
  /** Where events of asynchronous invocations go that failed to the end: an SQS queue's or SNS topic's ARN. */
  readonly deadLetterArn?: string;
}

export interface FunctionCounters {
  invocations: number;
  errors: number;
  throttles: number;
}

interface LocalFunction {
  readonly definition: FunctionDefinition;
  readonly log: LogRing;
  readonly counters: FunctionCounters;
  instance?: Instance;
  running: number;
}

/** The code of a function once it is loaded. */
interface Instance {
  readonly handler: Handler;
  /** How it calls services, for as long as it lives. */
  readonly caller: { -readonly [Name in keyof Caller]: Caller[Name] };
  /** Ends the runs that are under way. */
  readonly ends: Set<(error: Error) => void>;
}

/** A part of Lambda with timers of its own: asynchronous invocations, event source mappings. */
export interface LambdaPart {
  /** The part's timers carry keys that start with this, followed by a colon. */
  readonly prefix: string;
  onTimer(key: string): void | Promise<void>;
  resume(): void;
  /** Where a reader of a stream stands. */
  position?(): StreamPosition;
}

export interface StreamPosition {
  readonly tableName: string;
  readonly functionName: string;
  /** The sequence number of the last record dealt with; empty before the first. */
  readonly after: string;
  /** Failed attempts at the record that follows. */
  readonly attempts: number;
}

/** Real time after which a run that never settles is given up. */
const WATCHDOG_MILLISECONDS = 60_000;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const REQUEST_BYTES_MAX = 6 * 1024 * 1024;
const EVENT_BYTES_MAX = 1024 * 1024;
const TAIL_BYTES_MAX = 4096;

/**
 * Lambda: runs the functions' own bundles in this process. A run takes no time on the virtual clock; `Timeout` therefore only
 * shows in `getRemainingTimeInMillis`, and a watchdog of 60 s real time stands in for it.
 */
export class LambdaService implements Service {
  readonly name = 'lambda';
  readonly #kernel: Kernel;
  readonly #functions = new Map<string, LocalFunction>();
  readonly #async: AsyncInvocations;
  readonly #parts: LambdaPart[];
  readonly #watchdogMilliseconds: number;

  constructor(kernel: Kernel, options: { readonly watchdogMilliseconds?: number } = {}) {
    this.#kernel = kernel;
    this.#watchdogMilliseconds = options.watchdogMilliseconds ?? WATCHDOG_MILLISECONDS;
    this.#async = new AsyncInvocations(kernel, (name, payload) => this.deliver('lambda', name, payload));
    this.#parts = [this.#async];
  }

  createFunction(definition: FunctionDefinition): void {
    this.#functions.set(definition.name, {
      definition,
      log: new LogRing(() => this.#kernel.now()),
      counters: { invocations: 0, errors: 0, throttles: 0 },
      running: 0,
    });
    this.#async.configure(definition.name, { ...(definition.deadLetterArn !== undefined && { deadLetterArn: definition.deadLetterArn }) });
  }

  configureAsync(functionName: string, options: AsyncOptions): void {
    const name = functionNameOf(functionName);
    this.#async.configure(name, { ...this.#async.options(name), ...options });
  }

  addPart(part: LambdaPart): void {
    this.#parts.push(part);
  }

  call(operation: string, input: JsonObject): unknown {
    switch (operation) {
      case 'Invoke':
        return this.#invokeOperation(input);
      case 'ListFunctions':
        return { Functions: [...this.#functions.values()].map(configurationOf) };
      case 'GetFunction':
        return { Configuration: configurationOf(this.#function(input.FunctionName)), Code: {}, Tags: {} };
      case 'GetFunctionConfiguration':
        return configurationOf(this.#function(input.FunctionName));
      default:
        throw new AwsError('UnsupportedOperation', `The embedded cloud's Lambda has no operation ${operation}.`);
    }
  }

  onTimer(key: string): void | Promise<void> {
    return this.#parts.find((part) => key.startsWith(`${part.prefix}:`))?.onTimer(key.slice(key.indexOf(':') + 1));
  }

  resume(): void {
    for (const part of this.#parts) part.resume();
  }

  /** Runs a function to its end. Throws only for what Lambda itself refuses (no such function, throttled). */
  async invoke(functionName: string, payload: string): Promise<Outcome> {
    const target = this.#function(functionName);
    const { definition, counters } = target;
    if (definition.reservedConcurrency !== undefined && target.running >= definition.reservedConcurrency) {
      counters.throttles += 1;
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
    }
    const event = parseEvent(payload);
    counters.invocations += 1;
    target.running += 1;
    try {
      const outcome = await this.#run(target, event);
      if (outcome.failed) counters.errors += 1;
      return outcome;
    } finally {
      target.running -= 1;
    }
  }

  /** Runs a function for a source of events, `origin`, which no call of the API does: faults see it as one. */
  deliver(origin: string, functionName: string, payload: string): Promise<Outcome> {
    const { fault } = this.#kernel;
    if (fault === undefined) return this.invoke(functionName, payload);
    const input = { FunctionName: functionName, InvocationType: 'RequestResponse', Payload: payload };
    const call = { service: this.name, operation: 'Invoke', input, origin };
    return fault(call, () => this.invoke(functionName, payload)) as Promise<Outcome>;
  }

  /**
   * Ends the instance of a function as if its process was killed: its runs fail, nothing that their code goes on to do has an effect, and
   * the next run loads it afresh.
   */
  crash(functionName: string): void {
    const target = this.#function(functionName);
    const { instance } = target;
    if (instance === undefined) return;
    delete target.instance;
    silence(instance);
    const killed = Object.assign(new Error('Runtime exited with error: signal: killed'), { name: 'Runtime.ExitError', stack: '' });
    for (const end of instance.ends) end(killed);
  }

  #load({ definition, log }: LocalFunction): Instance {
    const kernel = this.#kernel;
    const caller = {
      call: (service: string, operation: string, input: JsonObject, origin: string) => kernel.call(service, operation, input, origin),
      uuid: () => kernel.uuid(),
    };
    const { code, handler, environment, name } = definition;
    return {
      handler: loadHandler(kernel, { code, handler, environment, origin: `lambda:${name}`, log, caller }),
      caller,
      ends: new Set(),
    };
  }

  async #run(target: LocalFunction, event: unknown): Promise<Outcome> {
    const { definition } = target;
    try {
      target.instance ??= this.#load(target);
    } catch (error) {
      target.log.write(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return failure(error);
    }
    const { instance } = target;
    const { handler, ends } = instance;
    const deadline = this.#kernel.now() + definition.timeoutSeconds * 1000;
    const context = {
      awsRequestId: this.#kernel.uuid(),
      callbackWaitsForEmptyEventLoop: true,
      functionName: definition.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: functionArn(definition.name),
      logGroupName: `/aws/lambda/${definition.name}`,
      logStreamName: 'embedded',
      memoryLimitInMB: String(definition.memoryMegabytes),
      getRemainingTimeInMillis: () => Math.max(0, deadline - this.#kernel.now()),
    };
    const outcome = await runHandler(handler, event, context, {
      timeoutSeconds: definition.timeoutSeconds,
      watchdogMilliseconds: this.#watchdogMilliseconds,
      ends,
    });
    if (outcome.ended === true) {
      if (target.instance === instance) delete target.instance;
      // Others that run in it are of another environment on AWS, and go on.
      if (ends.size === 0) silence(instance);
    }
    return outcome;
  }

  has(functionName: string): boolean {
    return this.#functions.has(functionNameOf(functionName));
  }

  /** How often each function ran, failed and was refused, since this process started. */
  invocations(): Record<string, FunctionCounters> {
    return Object.fromEntries([...this.#functions].map(([name, { counters }]) => [name, { ...counters }]));
  }

  /** What a function wrote last, for people who look for a mistake. */
  logs(functionName: string): readonly LogLine[] {
    return this.#function(functionName).log.lines();
  }

  /** Where the functions stand that read tables' streams. */
  streamPositions(): StreamPosition[] {
    return this.#parts.flatMap((part) => part.position?.() ?? []);
  }

  /** A function as the template defines it. */
  definition(functionName: string): FunctionDefinition {
    return this.#function(functionName).definition;
  }

  async #invokeOperation(input: JsonObject): Promise<JsonObject> {
    const payload = typeof input.Payload === 'string' && input.Payload !== '' ? input.Payload : '{}';
    const largest = input.InvocationType === 'Event' ? EVENT_BYTES_MAX : REQUEST_BYTES_MAX;
    if (payload.length > largest / 4 && Buffer.byteLength(payload) > largest)
      throw new AwsError('RequestTooLargeException', `Request must be smaller than ${largest} bytes for the InvokeFunction operation`, 413);
    if (input.LogType !== undefined && input.LogType !== 'None' && input.LogType !== 'Tail')
      throw new AwsError('InvalidParameterValueException', `LogType must be None or Tail, not ${String(input.LogType)}.`);
    const target = this.#function(input.FunctionName);
    switch (input.InvocationType ?? 'RequestResponse') {
      case 'DryRun':
        return { StatusCode: 204, ExecutedVersion: '$LATEST' };
      case 'Event':
        parseEvent(payload);
        this.#async.add(target.definition.name, payload);
        return { StatusCode: 202, ExecutedVersion: '$LATEST' };
      case 'RequestResponse': {
        const before = target.log.written();
        const outcome = await this.invoke(target.definition.name, payload);
        return {
          StatusCode: 200,
          ExecutedVersion: '$LATEST',
          Payload: outcome.payload,
          ...(outcome.failed && { FunctionError: 'Unhandled' }),
          ...(input.LogType === 'Tail' && { LogResult: tailOf(target.log.since(before)) }),
        };
      }
      default:
        throw new AwsError(
          'InvalidParameterValueException',
          `InvocationType must be RequestResponse, Event or DryRun, not ${String(input.InvocationType)}.`,
        );
    }
  }

  #function(given: unknown): LocalFunction {
    const name = functionNameOf(String(given));
    const found = this.#functions.get(name);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${functionArn(name)}`, 404);
    return found;
  }
}

/** The end of a log as `Invoke` answers it. */
function tailOf(lines: readonly LogLine[]): string {
  const text = Buffer.from(lines.map((line) => `${line.text}\n`).join(''));
  return text.subarray(Math.max(0, text.length - TAIL_BYTES_MAX)).toString('base64');
}

/** What the instance's code goes on to do has no effect any more. */
function silence({ caller }: Instance): void {
  caller.call = () => new Promise(() => undefined);
}

function parseEvent(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json: the payload is not JSON.');
  }
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

/** The name in a name, partial ARN or ARN, with or without a version or alias: each function has one version here. */
export function functionNameOf(given: string): string {
  const parts = given.split(':');
  const index = parts.indexOf('function');
  return (index >= 0 ? parts[index + 1] : parts[0]) ?? given;
}

function configurationOf({ definition }: LocalFunction): JsonObject {
  return {
    FunctionName: definition.name,
    FunctionArn: functionArn(definition.name),
    Runtime: definition.runtime,
    Role: `arn:aws:iam::${ACCOUNT}:role/${definition.name}`,
    Handler: definition.handler,
    Description: definition.description,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMegabytes,
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Environment: { Variables: definition.environment },
  };
}
