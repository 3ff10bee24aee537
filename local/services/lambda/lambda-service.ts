import { AwsError, ConnectionLost, UnsupportedError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import type { Stir } from '../../kernel/stillness.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { AsyncInvocations, type AsyncOptions } from './async-invocations.ts';
import { Instance } from './instance.ts';
import { InvocationContext } from './invocation-context.ts';
import { invokeRequest, parseEvent, parseFunctionName } from './invoke-request.ts';
import { logGroupsOf } from './log-groups.ts';
import { failure, type Outcome } from './outcome.ts';
import { outside } from './outside.ts';
import type { FunctionCode } from './packages.ts';
import { Run } from './run.ts';
import { type LogLine, LogRing } from './sandbox.ts';
import { catchForFunctions } from './scope.ts';
import { SharedWorld } from './shared-world.ts';
import { tailOf } from './tail.ts';

/** A function as the template defines it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly code: FunctionCode;
  readonly handler: string;
  readonly runtime: string;
  /** The major version of Node.js that the runtime names. */
  readonly nodeVersion: number;
  readonly description: string;
  readonly environment: Record<string, string>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** How many runs may be under way at once; undefined: no limit of its own. */
  readonly reservedConcurrency?: number;
  /** Where events of asynchronous invocations go that failed to the end: an SQS queue's or SNS topic's ARN. */
  readonly deadLetterArn?: string;
  /** The log group that its lines are in. */
  readonly logGroup: string;
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
  /** The version that each version and alias stands for. */
  readonly qualifiers: Map<string, string>;
  instance?: Instance;
  running: number;
}

/** What an invocation is told of itself besides its event. */
interface Told {
  readonly requestId?: string;
  readonly qualifier?: string | undefined;
  readonly clientContext?: unknown;
  /** Hears when the run ended. */
  readonly onEnd?: (at: number) => void;
}

const LATEST = '$LATEST';

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

/** Real time after which a run is given up that works outside this process, or goes round without letting time pass. */
const WATCHDOG_MILLISECONDS = 60_000;

/**
 * Lambda: runs the functions' own bundles in this process. A run takes no time on the virtual clock but what it waits for by its own
 * timers and calls. It is ended when its `Timeout` has passed on the clock.
 */
export class LambdaService implements Service {
  readonly name = 'lambda';
  readonly #kernel: Kernel;
  readonly #functions = new Map<string, LocalFunction>();
  readonly #async: AsyncInvocations;
  readonly #parts: LambdaPart[];
  readonly #watchdogMilliseconds: number;
  readonly #runs = new Set<Run>();
  readonly #queueSources: { onStill(): void }[] = [];
  readonly #shared = new SharedWorld();

  constructor(kernel: Kernel, options: { readonly watchdogMilliseconds?: number } = {}) {
    catchForFunctions();
    this.#kernel = kernel;
    this.#watchdogMilliseconds = options.watchdogMilliseconds ?? WATCHDOG_MILLISECONDS;
    this.#async = new AsyncInvocations(kernel, (name, payload, requestId) => this.deliver('lambda', name, payload, requestId));
    this.#parts = [this.#async];
  }

  createFunction(definition: FunctionDefinition): void {
    this.#functions.set(definition.name, {
      definition,
      log: new LogRing(() => this.#kernel.now()),
      counters: { invocations: 0, errors: 0, throttles: 0 },
      qualifiers: new Map([[LATEST, LATEST]]),
      running: 0,
    });
    this.#async.configure(definition.name, {
      isStopped: definition.reservedConcurrency === 0,
      ...(definition.deadLetterArn !== undefined && { deadLetterArn: definition.deadLetterArn }),
    });
  }

  /** A version, or an alias for one. They run the one code there is. */
  addQualifier(functionName: string, qualifier: string, version: string): void {
    this.#function(functionName).qualifiers.set(qualifier, version);
  }

  configureAsync(functionName: string, options: AsyncOptions): void {
    const name = functionNameOf(functionName);
    this.#async.configure(name, { ...this.#async.options(name), ...options });
  }

  addPart(part: LambdaPart): void {
    this.#parts.push(part);
  }

  /** A source of events that is told when all that runs waits for time. */
  addQueueSource(source: { onStill(): void }): void {
    this.#queueSources.push(source);
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

  /** What runs is seen to wait for something; from then on its `Timeout` counts. */
  stir(): Stir {
    let stir: Stir = outside.busy ? 'outside' : 'none';
    for (const run of this.#runs) if (run.instance.timers.soon || run.instance.isSending) stir = 'soon';
    const now = performance.now();
    for (const run of [...this.#runs]) {
      this.#limit(run);
      run.seenAt ??= now;
      if (stir === 'none') run.seenAt = now;
      else if (now - run.seenAt > this.#watchdogMilliseconds) run.expire(run.instance.definition.timeoutSeconds);
    }
    return stir;
  }

  onStill(): void {
    for (const source of this.#queueSources) source.onStill();
    for (const run of [...this.#runs]) if (run.instance.isDry(run)) run.runDry();
  }

  stop(): void {
    for (const { instance } of new Set(this.#runs)) instance.lose(new ConnectionLost(this.name));
  }

  #limit(run: Run): void {
    const { name, timeoutSeconds } = run.instance.definition;
    run.reminder ??= this.#kernel.remind(run.request.deadline, `${this.name} timeout:${name}`, () => run.expire(timeoutSeconds));
  }

  /** Runs a function to its end. Throws only for what Lambda itself refuses (no such function, throttled). */
  invoke(functionName: string, payload: string, told: Told = {}): Promise<Outcome> {
    return this.#invoke(this.#function(functionName), parseEvent(payload), told);
  }

  async #invoke(target: LocalFunction, event: unknown, told: Told): Promise<Outcome> {
    const { definition, counters } = target;
    if (definition.reservedConcurrency !== undefined && target.running >= definition.reservedConcurrency) {
      counters.throttles += 1;
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
    }
    counters.invocations += 1;
    target.running += 1;
    try {
      const outcome = await this.#run(target, event, told);
      if (outcome.failed) counters.errors += 1;
      return outcome;
    } finally {
      target.running -= 1;
    }
  }

  /** Runs a function for a source of events, `origin`, which no call of the API does: faults see it as one. */
  deliver(origin: string, functionName: string, payload: string, requestId?: string): Promise<Outcome> {
    const { fault } = this.#kernel;
    const told = requestId === undefined ? {} : { requestId };
    if (fault === undefined) return this.invoke(functionName, payload, told);
    const input = { FunctionName: functionName, InvocationType: 'RequestResponse', Payload: payload };
    const call = { service: this.name, operation: 'Invoke', input, origin };
    return fault(call, () => this.invoke(functionName, payload, told)) as Promise<Outcome>;
  }

  /**
   * Ends the instance of a function as if its process was killed: its runs fail, nothing that their code goes on to do has an effect, and
   * the next run loads it afresh.
   */
  crash(functionName: string): void {
    this.#function(functionName).instance?.crash();
  }

  async #run(target: LocalFunction, event: unknown, told: Told): Promise<Outcome> {
    const kernel = this.#kernel;
    const { definition, log } = target;
    try {
      target.instance ??= new Instance({
        kernel,
        definition,
        log,
        shared: this.#shared,
        runs: this.#runs,
        onEnd: (instance) => forget(target, instance),
      });
    } catch (error) {
      log.write(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return failure(error);
    }
    const { instance } = target;
    const deadline = kernel.now() + definition.timeoutSeconds * 1000;
    const requestId = told.requestId || kernel.uuid();
    const context = new InvocationContext({
      definition,
      requestId,
      version: told.qualifier === undefined ? LATEST : (target.qualifiers.get(told.qualifier) ?? LATEST),
      qualifier: told.qualifier,
      clientContext: told.clientContext,
      remaining: () => Math.max(0, deadline - kernel.now()),
    });
    const run = new Run(instance, { requestId, event, context, deadline });
    const looksAt = isLookedAt(instance.begin(run)) ? this.#shared.picture() : undefined;
    kernel.begin();
    try {
      const outcome = await run.start(instance.handler, definition.nodeVersion);
      told.onEnd?.(kernel.now());
      if (looksAt !== undefined) this.#shared.restore(looksAt, definition.name);
      return outcome;
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      forget(target, instance);
      return failure(error);
    } finally {
      kernel.end();
    }
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

  /** What functions wrote last, by log group, as CloudWatch Logs has it. */
  logGroups(): ReturnType<typeof logGroupsOf> {
    return logGroupsOf(this.#functions.values());
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
    const { name, qualifier, type, isTailed, payload, event, clientContext } = invokeRequest(input);
    const target = this.#function(name);
    const version = qualifier === undefined ? LATEST : target.qualifiers.get(qualifier);
    if (version === undefined) throw notFound(`${name}:${qualifier}`);
    if (type === 'DryRun') return { StatusCode: 204, ExecutedVersion: version };
    if (type === 'Event') {
      this.#async.add(target.definition.name, payload);
      return { StatusCode: 202, ExecutedVersion: version };
    }
    const told = { qualifier, clientContext };
    const { outcome, tail } = isTailed
      ? await this.#invokeTailed(target, event, version, told)
      : { outcome: await this.#invoke(target, event, told), tail: {} };
    return {
      StatusCode: 200,
      ExecutedVersion: version,
      Payload: outcome.payload,
      ...(outcome.failed && { FunctionError: 'Unhandled' }),
      ...tail,
    };
  }

  async #invokeTailed(target: LocalFunction, event: unknown, version: string, told: Told) {
    const { definition, log } = target;
    const [before, start, isFirst, requestId] = [log.written(), this.#kernel.now(), target.instance === undefined, this.#kernel.uuid()];
    let end = start;
    const onEnd = (at: number) => {
      end = at;
    };
    const outcome = await this.#invoke(target, event, { ...told, requestId, onEnd });
    const LogResult = tailOf(log.since(before), {
      requestId,
      version,
      memoryMegabytes: definition.memoryMegabytes,
      duration: end - start,
      isFirst,
      endedBy: outcome.ended === true ? (JSON.parse(outcome.payload) as { errorType: string }).errorType : undefined,
    });
    return { outcome, tail: { LogResult } };
  }

  #function(given: unknown): LocalFunction {
    const name = functionNameOf(String(given));
    const found = this.#functions.get(name);
    if (found === undefined) throw notFound(name);
    return found;
  }
}

function forget(target: LocalFunction, instance: Instance): void {
  if (target.instance === instance) delete target.instance;
}

/** Whether a run of an instance, the first being 1, is one after which is looked whether it changed what others share: 1, 16, 256, … */
function isLookedAt(run: number): boolean {
  return (run & (run - 1)) === 0 && Math.clz32(run) % 4 === 3;
}

function notFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${functionArn(name)}`, 404);
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

/** The name in a name, partial ARN or ARN, with or without a version or alias. */
export function functionNameOf(given: string): string {
  return parseFunctionName(given).name;
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
