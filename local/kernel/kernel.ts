import { AwsError } from './errors.ts';
import type { MemoryTimer } from './memory-timers.ts';
import { drawing, randomNumber, randomStep } from './random.ts';
import type { Stir } from './stillness.ts';
import type { Store } from './store.ts';
import { type KnownTimer, type StoredTimer, Timers } from './timers.ts';
import { type Failure, Work } from './work.ts';

export type JsonObject = Record<string, unknown>;

/** One call of an operation, wherever it came from: a client over HTTP, function code, a state machine, another service. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: JsonObject;
  /** Who calls: `client`, `lambda:<function>`, `states:<execution arn>`, or a service's name. */
  readonly origin: string;
}

/** Sees every call before and after it runs: fault injection, counting, recording. Interceptors run in the order they were added. */
export type Interceptor = (call: Call, next: () => Promise<unknown>) => Promise<unknown>;

/**
 * One AWS service. Inputs and outputs are the SDK's shapes (PascalCase members, or the service's own spelling), blobs as base64
 * text or strings as the service documents. Errors are thrown as `AwsError`.
 */
export interface Service {
  /** `dynamodb`, `states`, `events`, `sqs`, `sns`, `ses`, `lambda`, `cloudformation`, `apigateway`, `scheduler`, `s3`, … */
  readonly name: string;
  call(operation: string, input: JsonObject, origin: string): unknown;
  /** Called once after all services and resources exist, also after a restart: post again whatever was pending. */
  resume?(): void;
  /** A timer set by this service has fired. */
  onTimer?(key: string, payload: string): void | Promise<void>;
  /** What of its work goes on by itself that the kernel does not see. Asked only while something is under way. */
  stir?(): Stir;
  /** All that is under way waits for time: set the timers of what may not wait for ever, end what waits for nothing. */
  onStill?(): void;
  /** Nothing may have an effect any more, and nobody will hear of what is under way. */
  stop?(): void;
}

/** What code that calls services needs of the kernel. */
export type Caller = Pick<Kernel, 'call' | 'uuid'>;

export interface KernelOptions {
  readonly store: Store;
  readonly clock: 'virtual' | 'real';
  /** Milliseconds since the epoch; ignored where the store already holds a clock, and with the real clock. */
  readonly start: number;
  /** Same seed, same order, same identifiers. */
  readonly seed?: number;
  /** How many jobs run beside each other; their starts and continuations interleave deterministically. */
  readonly concurrency?: number;
  /** What is ready at an instant starts in an order that is drawn from the seed. */
  readonly shuffled?: boolean;
  /** Those of the kernel that this one takes the place of. */
  readonly interceptors?: Interceptor[];
}

/** Each byte as two hexadecimal digits: identifiers are made by the thousand. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * What every service shares: the clock, the timers, the queue of work that is ready now, the seeded randomness and the calls
 * between services. Time stands still while anything is ready; with the virtual clock it moves only in `advanceTo`, from timer
 * to timer, and never skips one.
 */
export class Kernel {
  readonly store: Store;
  readonly clock: 'virtual' | 'real';
  /** What goes wrong with calls, while anything shall: behind all interceptors. */
  fault: Interceptor | undefined;
  readonly #services = new Map<string, Service>();
  readonly #interceptors: Interceptor[];
  readonly #timers: Timers;
  readonly #work: Work;
  /** Calls that interceptors have in their hands, before or behind the service's own part. */
  #inHand = 0;
  #now: number;
  #randomState: number;
  readonly #remembered = new Map<string, number>();
  #realTimer: NodeJS.Timeout | undefined;
  /** All timers up to this instant were posted, on the real clock. */
  #fired = 0;
  #stopped = false;

  constructor(options: KernelOptions) {
    this.store = options.store;
    this.clock = options.clock;
    this.#interceptors = options.interceptors ?? [];
    const workers = { stir: () => this.#stir(), onStill: () => this.#onStill() };
    this.#work = new Work(options.concurrency ?? 8, workers, options.shuffled === true ? drawing(options.seed ?? 1) : undefined);
    this.store.define('CREATE TABLE IF NOT EXISTS kernel (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;');
    this.#timers = new Timers(this.store);
    this.#now = this.#recall('now') ?? options.start;
    this.#randomState = this.#recall('random') ?? (options.seed ?? 1) >>> 0;
    // An answer may leave in the middle of an instant: whoever starts from its commit must neither go back in time nor draw the
    // identifiers again that were handed out before it.
    this.store.beforeCommit(() => {
      this.#remember('now', this.#now);
      this.#remember('random', this.#randomState);
    });
  }

  // ---- time ----------------------------------------------------------------------------------------------------------

  /** Milliseconds since the epoch, on this cloud's clock. */
  now(): number {
    return this.clock === 'real' ? Date.now() : this.#now;
  }

  /** Milliseconds since the epoch on the machine's clock, which clients outside go by. For comparison with theirs only. */
  machineNow(): number {
    return Date.now();
  }

  /** Sets the timer `key` of a service; an earlier one of the same key is replaced. A past instant fires at once. */
  setTimer(service: string, key: string, at: number, payload = ''): void {
    this.#timers.set(service, key, at, payload);
    if (at <= this.now()) this.#fireDue();
    else if (this.clock === 'real') this.#armRealTimer();
  }

  cancelTimer(service: string, key: string): void {
    this.#timers.cancel(service, key);
  }

  /** Sets a timer that ends with the process: for what is under way in memory. Labels begin with a service's name. */
  remind(at: number, label: string, run: () => unknown): MemoryTimer {
    const timer = this.#timers.remind(at, label, run);
    if (at <= this.now()) this.#fireDue();
    else if (this.clock === 'real') this.#armRealTimer();
    return timer;
  }

  forget(timer: MemoryTimer): void {
    this.#timers.forget(timer);
  }

  /** The payload of a timer that is set; undefined where there is none. */
  timerPayload(service: string, key: string): string | undefined {
    return this.#timers.find(service, key)?.payload;
  }

  /** When the timer falls due; undefined where there is none. */
  timerAt(service: string, key: string): number | undefined {
    return this.#timers.find(service, key)?.at;
  }

  /** What falls due next, in the order in which it will fire. */
  timers(limit: number): KnownTimer[] {
    return this.#timers.list(limit);
  }

  /** When the next timer falls due, if any. */
  nextTimerAt(): number | undefined {
    return this.#timers.nextAt();
  }

  /** Runs everything that falls due up to and including `target`, in time order, until quiet. Virtual clock only. */
  async advanceTo(target: number): Promise<{ fired: number }> {
    if (this.clock === 'real') throw new AwsError('ValidationException', 'The real clock cannot be moved.');
    if (target < this.#now)
      throw new AwsError('ValidationException', `The clock stands at ${new Date(this.#now).toISOString()} and never runs backwards.`);
    let fired = 0;
    await this.#work.untilQuiet();
    for (;;) {
      const at = this.nextTimerAt();
      if (at === undefined || at > target) break;
      this.#now = Math.max(this.#now, at);
      fired += this.#fireDue();
      await this.#work.untilQuiet();
      // Nobody was told of this instant yet.
      this.store.commitAtTimes();
    }
    this.#now = target;
    this.store.commit();
    return { fired };
  }

  async advance(milliseconds: number): Promise<{ fired: number }> {
    return this.advanceTo(this.now() + milliseconds);
  }

  #fireDue(): number {
    const now = this.now();
    const due = this.#timers.due(now);
    this.#fired = now;
    for (const timer of due) {
      if ('label' in timer) this.post(`timer ${timer.label}`, () => (timer.forgotten ? undefined : timer.run()));
      else this.#postTimer(timer);
    }
    return due.length;
  }

  #postTimer(timer: StoredTimer): void {
    this.post(`timer ${timer.service} ${timer.key}`, () =>
      this.#timers.taken(timer) ? this.service(timer.service).onTimer?.(timer.key, timer.payload) : undefined,
    );
  }

  #armRealTimer(): void {
    if (this.#stopped) return;
    clearTimeout(this.#realTimer);
    const at = this.#timers.nextAt(this.#fired);
    if (at === undefined) return;
    // setTimeout holds at most 2^31 - 1 ms; the timer arms itself again.
    this.#realTimer = setTimeout(
      () => {
        this.#fireDue();
        this.#armRealTimer();
        void this.settle();
      },
      Math.min(Math.max(0, at - Date.now()), 2 ** 31 - 1),
    );
    this.#realTimer.unref();
  }

  // ---- work ----------------------------------------------------------------------------------------------------------

  /** Queues work for the present instant. Jobs start in the order they were posted. A job that throws is a defect: see `failures`. */
  post(label: string, run: () => unknown): void {
    this.#work.post(label, run);
  }

  /**
   * Queues work for the present instant behind all that is ready now and all that follows from it: for whoever gathers what others
   * leave, and would otherwise come after each of them.
   */
  postBehind(label: string, run: () => unknown): void {
    this.#work.postBehind(label, run);
  }

  /** Resolves when nothing is ready, and nothing runs but what waits for the clock to move; what was written is durable then. */
  async settle(): Promise<void> {
    await this.#work.untilQuiet();
    this.store.commit();
  }

  /** Whether calls may take longer than what services need: then somebody sees them, and may do with them whatever it likes. */
  get disturbed(): boolean {
    return this.fault !== undefined || this.#interceptors.length > 0;
  }

  /** Something begins that may wait for time to pass, or for nothing at all: a function's run. */
  begin(): void {
    this.#work.begin();
  }

  /** It has ended. */
  end(): void {
    this.#work.end();
  }

  /** Whoever waits for time may have been set going, by other means than a job. */
  stir(): void {
    this.#work.stir();
  }

  /** Resolves when all that is under way waits for time to pass, which only a move of the clock can end. */
  stillness(): Promise<void> {
    return this.#work.stillness();
  }

  /** Whether something is under way, and all of it waits for time to pass. */
  get isWaiting(): boolean {
    return this.#work.isWaiting;
  }

  #stir(): Stir {
    if (this.#inHand > 0) return 'soon';
    let found: Stir = 'none';
    for (const service of this.#services.values()) {
      const stir = service.stir?.() ?? 'none';
      if (stir === 'soon') return stir;
      if (stir === 'outside') found = stir;
    }
    return found;
  }

  #onStill(): void {
    for (const service of this.#services.values()) service.onStill?.();
  }

  /** The first errors of jobs: always a defect of this cloud or an unhandled one of the application; the server logs them, tests assert none. */
  failures(): readonly Failure[] {
    return this.#work.failures();
  }

  // ---- services ------------------------------------------------------------------------------------------------------

  register(service: Service): void {
    this.#services.set(service.name, service);
  }

  service(name: string): Service {
    const service = this.#services.get(name);
    if (service === undefined) throw new AwsError('UnknownServiceException', `The embedded cloud has no service ${name}.`);
    return service;
  }

  /** After all services and resources exist, also after a restart: each posts what was pending; overdue timers fire. */
  resume(): void {
    for (const service of this.#services.values()) service.resume?.();
    this.#fireDue();
    if (this.clock === 'real') this.#armRealTimer();
  }

  services(): IterableIterator<Service> {
    return this.#services.values();
  }

  intercept(interceptor: Interceptor): () => void {
    this.#interceptors.push(interceptor);
    return () => {
      const index = this.#interceptors.indexOf(interceptor);
      if (index >= 0) this.#interceptors.splice(index, 1);
    };
  }

  /** Calls an operation of a service; the one way from anywhere to any service, so that interceptors see all. */
  async call(service: string, operation: string, input: JsonObject, origin: string): Promise<unknown> {
    if (this.#interceptors.length === 0 && this.fault === undefined) return this.service(service).call(operation, input, origin);
    const call: Call = { service, operation, input, origin };
    const asked = () => this.#withFault(call);
    // Faults wait for nothing; and whoever they crash hears nothing, for ever.
    if (this.#interceptors.length === 0) return asked();
    const interceptors = [...this.#interceptors];
    const next = (index: number): Promise<unknown> => {
      const interceptor = interceptors[index];
      return interceptor === undefined ? this.#outOfHand(asked) : interceptor(call, () => next(index + 1));
    };
    this.#inHand += 1;
    try {
      return await next(0);
    } finally {
      this.#inHand -= 1;
    }
  }

  async #withFault(call: Call): Promise<unknown> {
    const done = async () => this.service(call.service).call(call.operation, call.input, call.origin);
    return this.fault === undefined ? done() : this.fault(call, done);
  }

  /** The service's own part of a call may wait for time, which is nothing that goes on. */
  async #outOfHand(asked: () => Promise<unknown>): Promise<unknown> {
    this.#inHand -= 1;
    try {
      return await asked();
    } finally {
      this.#inHand += 1;
    }
  }

  // ---- determinism ---------------------------------------------------------------------------------------------------

  /** A number in [0, 1) from the seed. */
  random(): number {
    this.#randomState = randomStep(this.#randomState);
    return randomNumber(this.#randomState);
  }

  /** A version-4 UUID from the seed. */
  uuid(): string {
    const word = () => {
      const bits = Math.floor(this.random() * 4_294_967_296);
      return `${BYTES[bits >>> 24]}${BYTES[(bits >>> 16) & 0xff]}${BYTES[(bits >>> 8) & 0xff]}${BYTES[bits & 0xff]}`;
    };
    const hex = word() + word() + word() + word();
    const variant = (8 + (Number.parseInt(hex[16] as string, 16) & 3)).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** Stops the pump and the real timer; jobs that run finish on their own. */
  stop(): void {
    this.#stopped = true;
    this.#work.stop();
    clearTimeout(this.#realTimer);
    for (const service of this.#services.values()) service.stop?.();
    this.store.close();
  }

  #recall(key: string): number | undefined {
    return this.store.get<{ value: number }>('SELECT value FROM kernel WHERE key = ?', key)?.value;
  }

  #remember(key: string, value: number): void {
    if (this.#remembered.get(key) === value) return;
    this.#remembered.set(key, value);
    this.store.run(
      'INSERT INTO kernel (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value',
      key,
      value,
    );
  }
}
