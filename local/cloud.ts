import { parseDuration, parseInstant } from './duration.ts';
import { type JsonObject, Kernel } from './kernel/kernel.ts';
import { Store } from './kernel/store.ts';
import { makeServices, resourceHandlers, type ServiceOptions, type Services } from './services/all.ts';
import type { ApiResponse } from './services/apigateway/apigateway-service.ts';
import type { DeliveryRules } from './services/delivery/delivery-rules.ts';
import type { LoggedEvent } from './services/events/event-log.ts';
import type { FunctionCounters } from './services/lambda/lambda-service.ts';
import { type ClientConfig, clientConfig } from './services/lambda/sdk-seam.ts';
import type { OutboxMessage } from './services/outbox/outbox.ts';
import { readAssembly } from './template/assembly.ts';
import { type ProvisionedStack, provision } from './template/provision.ts';

export interface CloudOptions extends ServiceOptions {
  /** The directory of a CDK cloud assembly (`cdk.out`). */
  readonly assembly: string;
  /** Default `virtual`. */
  readonly clock?: 'virtual' | 'real';
  /** Where the virtual clock starts: milliseconds since the epoch or an ISO 8601 instant. Ignored where `stateDir` holds a clock. */
  readonly start?: number | string;
  /** Keeps everything across restarts; without it all is gone with the process. */
  readonly stateDir?: string;
  /** Same seed, same order, same identifiers. */
  readonly seed?: number;
  /** How many jobs run beside each other. */
  readonly concurrency?: number;
  /** Where clients will reach the cloud; in queue URLs and API endpoints. */
  readonly baseUrl?: string;
}

export interface CloudCounters {
  readonly functions: Record<string, FunctionCounters>;
  readonly outbox: number;
  readonly stateTransitions: number;
}

/** The embedded cloud in this process. */
export interface Cloud {
  readonly kernel: Kernel;
  readonly services: Services;
  readonly stacks: readonly ProvisionedStack[];
  /** What shall become of messages: bounces, failures, throttling. */
  readonly delivery: DeliveryRules;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the clock by milliseconds or an ISO 8601 duration; resolves when all is quiet again. */
  advance(by: number | string): Promise<{ fired: number }>;
  advanceTo(at: number | string): Promise<{ fired: number }>;
  /** Resolves when nothing is ready or running at this instant. */
  settle(): Promise<void>;
  /** Calls an operation, as a client does: `call('events', 'PutEvents', { Entries: [...] })`. Throws `AwsError`. */
  call<T = JsonObject>(service: string, operation: string, input: JsonObject): Promise<T>;
  /** What an AWS SDK client is constructed with to talk to this cloud in process. */
  clientConfig(): ClientConfig;
  /** A request to the HTTP API without a socket; `path` without `/api`. */
  fetchApi(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiResponse & { json: unknown }>;
  outbox(accountId?: string): OutboxMessage[];
  /** The envelopes of the events put on the buses, in order. */
  events(accountId?: string): LoggedEvent[];
  /** The outputs of all stacks. */
  outputs(): Record<string, string>;
  counters(): CloudCounters;
  /** Lets the clock stand until a client's request has been answered. */
  track<T>(request: Promise<T>): Promise<T>;
  /** Ends the cloud; what is in `stateDir` is complete. */
  close(): Promise<void>;
}

const CLIENT = 'client';

/** Loads a cloud assembly and runs it in this process. An `UnsupportedError` says what of it cannot be run. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  // Lambda's time zone is UTC, and functions share this process.
  process.env.TZ = 'UTC';
  const stacks = readAssembly(options.assembly);
  const store = new Store(options.stateDir);
  const start = typeof options.start === 'string' ? parseInstant(options.start, 'start') : (options.start ?? Date.now());
  const kernel = new Kernel({
    store,
    clock: options.clock ?? 'virtual',
    start,
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
  });
  const services = makeServices(kernel, options);
  let provisioned: ProvisionedStack[];
  try {
    provisioned = provision({ kernel, stacks, handlers: resourceHandlers(services), baseUrl: options.baseUrl ?? 'http://127.0.0.1:4566' });
  } catch (error) {
    kernel.stop();
    throw error;
  }
  services.cloudformation.setStacks(provisioned);
  kernel.resume();
  await kernel.settle();
  return new EmbeddedCloud(kernel, services, provisioned);
}

class EmbeddedCloud implements Cloud {
  readonly #inFlight = new Set<Promise<unknown>>();
  #moving: Promise<unknown> = Promise.resolve();
  readonly kernel: Kernel;
  readonly services: Services;
  readonly stacks: readonly ProvisionedStack[];
  readonly delivery: DeliveryRules;

  constructor(kernel: Kernel, services: Services, stacks: readonly ProvisionedStack[]) {
    this.kernel = kernel;
    this.services = services;
    this.delivery = services.delivery;
    this.stacks = stacks;
  }

  now(): number {
    return this.kernel.now();
  }

  advance(by: number | string): Promise<{ fired: number }> {
    const milliseconds = typeof by === 'number' ? by : parseDuration(by);
    return this.#move(milliseconds, true);
  }

  advanceTo(at: number | string): Promise<{ fired: number }> {
    const target = typeof at === 'number' ? at : parseInstant(at, 'to');
    return this.#move(target, false);
  }

  /** One move at a time, after what clients asked before; a move by nothing only waits, whatever the clock. */
  #move(amount: number, relative: boolean): Promise<{ fired: number }> {
    const moved = this.#moving.then(async () => {
      await Promise.allSettled(this.#inFlight);
      if (relative && amount === 0 && this.kernel.clock === 'real') {
        await this.kernel.settle();
        return { fired: 0 };
      }
      return this.kernel.advanceTo(relative ? this.kernel.now() + amount : amount);
    });
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  track<T>(request: Promise<T>): Promise<T> {
    const tracked = request.finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
    return tracked;
  }

  settle(): Promise<void> {
    return this.kernel.settle();
  }

  async call<T = JsonObject>(service: string, operation: string, input: JsonObject): Promise<T> {
    return (await this.kernel.call(service, operation, input, CLIENT)) as T;
  }

  clientConfig(): ClientConfig {
    return clientConfig(this.kernel, CLIENT);
  }

  async fetchApi(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse & { json: unknown }> {
    const [pathname = '', query] = path.split('?');
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await this.services.apigateway.handle({
      method,
      path: pathname,
      headers: { 'content-type': 'application/json', ...headers },
      ...(query !== undefined && { query }),
      ...(text !== undefined && { body: text }),
    });
    return { ...response, json: response.headers['content-type']?.includes('json') ? (JSON.parse(response.body) as unknown) : undefined };
  }

  outbox(accountId?: string): OutboxMessage[] {
    return [...this.services.outbox.pages(accountId)].flat();
  }

  events(accountId?: string): LoggedEvent[] {
    return [...this.services.events.events(accountId)].flat();
  }

  outputs(): Record<string, string> {
    return Object.fromEntries(this.stacks.flatMap((stack) => stack.outputs.map((output) => [output.key, output.value])));
  }

  counters(): CloudCounters {
    return {
      functions: this.services.lambda.invocations(),
      outbox: this.services.outbox.count(),
      stateTransitions: this.services.states.transitions(),
    };
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#inFlight, this.#moving]);
    await this.kernel.settle();
    this.kernel.stop();
  }
}
