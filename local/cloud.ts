import { parseDuration, parseInstant } from './duration.ts';
import { AwsError } from './kernel/errors.ts';
import type { Interceptor, JsonObject, Kernel } from './kernel/kernel.ts';
import { type Durability, replaceStore, Store } from './kernel/store.ts';
import type { ServiceOptions, Services } from './services/all.ts';
import type { ApiResponse } from './services/apigateway/apigateway-service.ts';
import type { DeliveryRules } from './services/delivery/delivery-rules.ts';
import type { LoggedEvent } from './services/events/event-log.ts';
import { Faults, type FaultTarget } from './services/faults/faults.ts';
import type { FunctionCounters } from './services/lambda/lambda-service.ts';
import { type ClientConfig, clientConfig } from './services/lambda/sdk-seam.ts';
import type { OutboxMessage } from './services/outbox/outbox.ts';
import { type Snapshot, Snapshots } from './snapshots.ts';
import type { ProvisionedStack } from './template/provision.ts';
import { makeWorld, openStore, type World } from './world.ts';

export interface CloudOptions extends ServiceOptions {
  /** The directory of a CDK cloud assembly (`cdk.out`). */
  readonly assembly: string;
  /** Default `virtual`. */
  readonly clock?: 'virtual' | 'real';
  /** Where the virtual clock starts: milliseconds since the epoch or an ISO 8601 instant. Ignored where `stateDir` holds a clock. */
  readonly start?: number | string;
  /** Keeps everything across restarts; without it all is gone with the process. */
  readonly stateDir?: string;
  /** What a commit to `stateDir` outlives. Default `power`. */
  readonly durability?: Durability;
  /** Goes on where another cloud stood, with its clock. A `stateDir` must be empty then. */
  readonly from?: Snapshot;
  /**
   * Same seed, same order, same identifiers. Ignored where `stateDir` holds a position in the sequence; with `from` it begins a sequence
   * of its own, another future of the same snapshot.
   */
  readonly seed?: number;
  /** How many jobs run beside each other. */
  readonly concurrency?: number;
  /**
   * What is ready at one instant starts in an order that is drawn from the seed, instead of the order in which it became so: AWS promises
   * none, and an application may not rely on any.
   */
  readonly shuffled?: boolean;
  /** The process is the cloud's own: a fault may kill it. */
  readonly ownProcess?: boolean;
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
  /** What shall go wrong with calls of services. */
  readonly faults: Faults;
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
  /** All that the cloud holds, once it is at rest and clients have their answers. */
  snapshot(): Promise<Snapshot>;
  /**
   * Puts the cloud where the snapshot was taken, as a restart from there would: everything since is gone, and so is what lay in memory.
   * An `UnsupportedError` says why it cannot go on from there; then the cloud stays as it was.
   */
  restore(snapshot: Snapshot): Promise<void>;
  /** Snapshots by name. They last as long as `stateDir`, or this cloud. */
  readonly snapshots: Snapshots;
  /** Lets the clock stand until a client's request has been answered. */
  track<T>(request: Promise<T>): Promise<T>;
  /** Ends the cloud; what is in `stateDir` is complete. */
  close(): Promise<void>;
}

const CLIENT = 'client';
/** So often a snapshot waits for clients that go on asking. */
const LOOKS_MAX = 1000;

/** Loads a cloud assembly and runs it in this process. An `UnsupportedError` says what of it cannot be run. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  // Lambda's time zone is UTC, and functions share this process.
  process.env.TZ = 'UTC';
  const interceptors: Interceptor[] = [];
  const world = makeWorld(options, openStore(options), interceptors);
  world.kernel.resume();
  await world.kernel.settle();
  return new EmbeddedCloud(options, world, interceptors);
}

class EmbeddedCloud implements Cloud {
  readonly snapshots: Snapshots;
  readonly faults: Faults;
  readonly #options: CloudOptions;
  readonly #interceptors: Interceptor[];
  readonly #inFlight = new Set<Promise<unknown>>();
  #moving: Promise<unknown> = Promise.resolve();
  #world: World;

  constructor(options: CloudOptions, world: World, interceptors: Interceptor[]) {
    this.#options = options;
    this.#world = world;
    this.#interceptors = interceptors;
    this.snapshots = new Snapshots(this, options.stateDir);
    this.faults = new Faults(faultTarget(world), options.ownProcess ?? false);
  }

  get kernel(): Kernel {
    return this.#world.kernel;
  }

  get services(): Services {
    return this.#world.services;
  }

  get stacks(): readonly ProvisionedStack[] {
    return this.#world.stacks;
  }

  get delivery(): DeliveryRules {
    return this.services.delivery;
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

  /** Moves, snapshots and restores go one at a time. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#moving.then(act);
    this.#moving = done.catch(() => undefined);
    return done;
  }

  /** After what clients asked before it; a move by nothing only waits, whatever the clock. */
  #move(amount: number, relative: boolean): Promise<{ fired: number }> {
    return this.#inTurn(async () => {
      await this.#answered();
      if (relative && amount === 0 && this.kernel.clock === 'real') {
        await this.kernel.settle();
        return { fired: 0 };
      }
      return this.kernel.advanceTo(relative ? this.kernel.now() + amount : amount);
    });
  }

  snapshot(): Promise<Snapshot> {
    return this.#inTurn(async () => {
      await this.#rest();
      return { at: this.now(), image: this.kernel.store.image() };
    });
  }

  restore({ image }: Snapshot): Promise<void> {
    return this.#inTurn(async () => {
      await this.#rest();
      const { stateDir, durability } = this.#options;
      // Tried before anything is given up, so that what cannot go on from there changes nothing.
      let world = makeWorld(this.#options, new Store(undefined, { image }), this.#interceptors);
      this.kernel.stop();
      if (stateDir !== undefined) {
        world.kernel.stop();
        replaceStore(stateDir, image);
        const store = new Store(stateDir, { ...(durability !== undefined && { durability }) });
        world = makeWorld(this.#options, store, this.#interceptors);
      }
      const { services: before } = this.#world;
      this.#world = world;
      this.faults.moveTo(faultTarget(world));
      world.kernel.resume();
      await world.kernel.settle();
      before.states.abandon();
    });
  }

  /** Clients have their answers, but for those that have to wait until the clock has moved. */
  async #answered(): Promise<void> {
    if (this.#inFlight.size === 0) return;
    await Promise.race([Promise.allSettled(this.#inFlight), this.kernel.stillness()]);
  }

  /** Nothing goes on at this instant, and no client waits for anything but time. */
  async #rest(): Promise<void> {
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      await this.#answered();
      await this.kernel.settle();
      if (this.#inFlight.size === 0 || this.kernel.isWaiting) return;
    }
    throw new AwsError('ConflictException', 'The cloud did not come to rest: clients go on asking.', 409);
  }

  track<T>(request: Promise<T>): Promise<T> {
    this.#inFlight.add(request);
    // Before whoever waits for all in flight learns of it, since it is asked for first.
    const settled = () => this.#inFlight.delete(request);
    request.then(settled, settled);
    return request;
  }

  settle(): Promise<void> {
    return this.kernel.settle();
  }

  async call<T = JsonObject>(service: string, operation: string, input: JsonObject): Promise<T> {
    return (await this.kernel.call(service, operation, input, CLIENT)) as T;
  }

  clientConfig(): ClientConfig {
    return clientConfig({ call: (...call) => this.kernel.call(...call) }, CLIENT);
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
    await this.#moving;
    await this.#answered();
    await this.kernel.settle();
    this.kernel.stop();
  }
}

function faultTarget({ kernel, services: { lambda } }: World): FaultTarget {
  return { kernel, crashFunction: (name) => lambda.crash(name) };
}
