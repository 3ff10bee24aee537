import { hash } from 'node:crypto';
import { AwsError } from './errors.ts';
import { randomNumber, randomStep } from './random.ts';
import type { Store } from './store.ts';

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
}

/** What code that calls services needs of the kernel. */
export type Caller = Pick<Kernel, 'call' | 'uuid'>;

interface TimerRow {
  id: number;
  service: string;
  key: string;
  at: number;
  payload: string;
}

interface Job {
  readonly order: number;
  readonly label: string;
  readonly run: () => unknown;
}

export interface KernelOptions {
  readonly store: Store;
  readonly clock: 'virtual' | 'real';
  /** Milliseconds since the epoch; ignored where the store already holds a clock, and with the real clock. */
  readonly start: number;
  /** Same seed, same order, same identifiers. */
  readonly seed?: number;
  /** How many jobs run beside each other; their starts and continuations interleave deterministically. */
  readonly concurrency?: number;
  /** Those of the kernel that this one takes the place of. */
  readonly interceptors?: Interceptor[];
}

/** Each byte as two hexadecimal digits: identifiers are made by the thousand. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The first failures tell the story; a thousand more of the same would only fill memory. */
const FAILURES_KEPT = 1000;

/** A job may not post work for ever at one instant: a loop that never lets time pass is a defect of the application. */
const JOBS_AT_ONE_INSTANT_MAX = 10_000_000;

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
  readonly #ready: Job[] = [];
  #behind: Job[] = [];
  readonly #failures: { label: string; error: unknown }[] = [];
  readonly #concurrency: number;
  #head = 0;
  #running = 0;
  #posted = 0;
  #now: number;
  #randomState: number;
  readonly #remembered = new Map<string, number>();
  #quiet: { promise: Promise<void>; resolve: () => void } | undefined;
  #realTimer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: KernelOptions) {
    this.store = options.store;
    this.clock = options.clock;
    this.#concurrency = options.concurrency ?? 8;
    this.#interceptors = options.interceptors ?? [];
    this.store.define(`
      CREATE TABLE IF NOT EXISTS kernel (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS timers (id INTEGER PRIMARY KEY AUTOINCREMENT, service TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, payload TEXT NOT NULL);
      CREATE UNIQUE INDEX IF NOT EXISTS timers_by_key ON timers (service, key);
      CREATE INDEX IF NOT EXISTS timers_by_at ON timers (at, id);`);
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
    this.store.run(
      'INSERT INTO timers (service, key, at, payload) VALUES (?, ?, ?, ?) ON CONFLICT (service, key) DO UPDATE SET at = excluded.at, payload = excluded.payload',
      service,
      key,
      Math.ceil(at),
      payload,
    );
    if (at <= this.now()) this.#fireDue();
    else if (this.clock === 'real') this.#armRealTimer();
  }

  cancelTimer(service: string, key: string): void {
    this.store.run('DELETE FROM timers WHERE service = ? AND key = ?', service, key);
  }

  /** The payload of a timer that is set; undefined where there is none. */
  timerPayload(service: string, key: string): string | undefined {
    return this.store.get<{ payload: string }>('SELECT payload FROM timers WHERE service = ? AND key = ?', service, key)?.payload;
  }

  /** When the timer falls due; undefined where there is none. */
  timerAt(service: string, key: string): number | undefined {
    return this.store.get<{ at: number }>('SELECT at FROM timers WHERE service = ? AND key = ?', service, key)?.at;
  }

  /** What falls due next, in the order in which it will fire. */
  timers(limit: number): { readonly service: string; readonly key: string; readonly at: number }[] {
    return this.store.all('SELECT service, key, at FROM timers ORDER BY at, id LIMIT ? + 0', limit);
  }

  /** When the next timer falls due, if any. */
  nextTimerAt(): number | undefined {
    return this.store.get<{ at: number }>('SELECT at FROM timers ORDER BY at, id LIMIT 1')?.at;
  }

  /** Runs everything that falls due up to and including `target`, in time order, until quiet. Virtual clock only. */
  async advanceTo(target: number): Promise<{ fired: number }> {
    if (this.clock === 'real') throw new AwsError('ValidationException', 'The real clock cannot be moved.');
    if (target < this.#now)
      throw new AwsError('ValidationException', `The clock stands at ${new Date(this.#now).toISOString()} and never runs backwards.`);
    let fired = 0;
    await this.#untilQuiet();
    for (;;) {
      const at = this.nextTimerAt();
      if (at === undefined || at > target) break;
      this.#now = Math.max(this.#now, at);
      fired += this.#fireDue();
      await this.#untilQuiet();
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
    const due = this.store.all<TimerRow & Record<string, never>>(
      'SELECT id, service, key, at, payload FROM timers WHERE at <= ? ORDER BY at, id',
      this.now(),
    );
    for (const timer of due) {
      this.post(`timer ${timer.service} ${timer.key}`, () => {
        // An earlier job of this instant may have cancelled or moved it.
        const { changes } = this.store.run('DELETE FROM timers WHERE id = ? AND at = ? AND payload = ?', timer.id, timer.at, timer.payload);
        return changes === 0 ? undefined : this.service(timer.service).onTimer?.(timer.key, timer.payload);
      });
    }
    return due.length;
  }

  #armRealTimer(): void {
    if (this.#stopped) return;
    clearTimeout(this.#realTimer);
    const at = this.nextTimerAt();
    if (at === undefined) return;
    // setTimeout holds at most 2^31 - 1 ms; the timer arms itself again.
    this.#realTimer = setTimeout(
      () => {
        this.#fireDue();
        void this.settle().then(() => this.#armRealTimer());
      },
      Math.min(Math.max(0, at - Date.now()), 2 ** 31 - 1),
    );
    this.#realTimer.unref();
  }

  // ---- work ----------------------------------------------------------------------------------------------------------

  /** Queues work for the present instant. Jobs start in the order they were posted. A job that throws is a defect: see `failures`. */
  post(label: string, run: () => unknown): void {
    this.#posted += 1;
    this.#ready.push({ order: this.#posted, label, run });
    this.#pump();
  }

  /**
   * Queues work for the present instant behind all that is ready now and all that follows from it: for whoever gathers what others
   * leave, and would otherwise come after each of them.
   */
  postBehind(label: string, run: () => unknown): void {
    this.#posted += 1;
    this.#behind.push({ order: this.#posted, label, run });
    if (this.#behind.length > 1) return;
    // Work of this process leads on in microtasks; an immediate comes when they have run dry.
    setImmediate(() => {
      this.#ready.push(...this.#behind);
      this.#behind = [];
      this.#pump();
    });
  }

  /** Resolves when nothing is ready or running any more at this instant; what was written is durable then. */
  async settle(): Promise<void> {
    await this.#untilQuiet();
    this.store.commit();
  }

  async #untilQuiet(): Promise<void> {
    const before = this.#posted;
    while (this.#running > 0 || this.#head < this.#ready.length || this.#behind.length > 0) {
      if (this.#posted - before > JOBS_AT_ONE_INSTANT_MAX)
        throw new Error(`Work goes round in a circle at ${new Date(this.now()).toISOString()}`);
      this.#quiet ??= promiseWithResolver();
      await this.#quiet.promise;
    }
  }

  /** The first errors of jobs: always a defect of this cloud or an unhandled one of the application; the server logs them, tests assert none. */
  failures(): readonly { label: string; error: unknown }[] {
    return this.#failures;
  }

  #pump(): void {
    while (this.#running < this.#concurrency && this.#head < this.#ready.length && !this.#stopped) {
      const job = this.#ready[this.#head] as Job;
      this.#head += 1;
      if (this.#head > 1024 && this.#head * 2 > this.#ready.length) {
        this.#ready.splice(0, this.#head);
        this.#head = 0;
      }
      this.#running += 1;
      void this.#runJob(job);
    }
    if (this.#running === 0 && this.#head >= this.#ready.length && this.#behind.length === 0 && this.#quiet !== undefined) {
      const quiet = this.#quiet;
      this.#quiet = undefined;
      quiet.resolve();
    }
  }

  async #runJob(job: Job): Promise<void> {
    try {
      // A turn of the microtask queue first: posting never runs the work inside the poster's own stack.
      await undefined;
      await job.run();
    } catch (error) {
      if (this.#failures.length < FAILURES_KEPT) this.#failures.push({ label: job.label, error });
    } finally {
      this.#running -= 1;
      this.#pump();
    }
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
    const interceptors = [...this.#interceptors];
    if (this.fault !== undefined) interceptors.push(this.fault);
    const next = (index: number): Promise<unknown> => {
      const interceptor = interceptors[index];
      return interceptor === undefined
        ? Promise.resolve(this.service(service).call(operation, input, origin))
        : interceptor(call, () => next(index + 1));
    };
    return next(0);
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
    clearTimeout(this.#realTimer);
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

function promiseWithResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** The lower-case hexadecimal MD5 that SQS and S3 answer with; not used for security. */
export function md5(text: string): string {
  return hash('md5', text);
}
