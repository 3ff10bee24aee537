import { AsyncLocalStorage } from 'node:async_hooks';
import * as nodeTimers from 'node:timers';
import { promisify } from 'node:util';
import type { Kernel } from '../../kernel/kernel.ts';
import type { MemoryTimer } from '../../kernel/memory-timers.ts';
import { type Scope, scopes } from './scope.ts';
import { type PromisedTimers, promisedTimers } from './timer-promises.ts';

type Callback = (...given: unknown[]) => void;

/** Node takes a longer delay for one of a millisecond. */
const DELAY_MAX = 2 ** 31 - 1;

export interface TimerFunctions {
  readonly setTimeout: (callback: Callback, delay?: number, ...given: unknown[]) => OwnTimeout;
  readonly clearTimeout: (timer: unknown) => void;
  readonly setInterval: (callback: Callback, delay?: number, ...given: unknown[]) => OwnTimeout;
  readonly clearInterval: (timer: unknown) => void;
  readonly setImmediate: (callback: Callback, ...given: unknown[]) => NodeJS.Immediate;
  readonly clearImmediate: (timer: unknown) => void;
}

/**
 * The timers of an instance's code, on the cloud's clock. They run while a run is under way in it and stand still otherwise, as an
 * execution environment is frozen between two invocations: what falls due meanwhile fires when the next run has begun
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
 */
export class OwnTimers {
  readonly functions: TimerFunctions;
  readonly promises: PromisedTimers;
  readonly #kernel: Kernel;
  readonly #label: string;
  readonly #timers = new Map<number, OwnTimeout>();
  readonly #immediates = new Set<NodeJS.Immediate>();
  #made = 0;
  #awake = false;

  constructor(kernel: Kernel, functionName: string) {
    this.#kernel = kernel;
    this.#label = `lambda timer:${functionName}`;
    const clear = (timer: unknown) => this.#find(timer)?.close();
    this.functions = {
      setTimeout: (callback, delay, ...given) => this.#make(callback, delayOf(delay), given, false),
      clearTimeout: clear,
      setInterval: (callback, delay, ...given) => this.#make(callback, Math.max(1, delayOf(delay)), given, true),
      clearInterval: clear,
      setImmediate: (callback, ...given) => this.#immediate(callback, given),
      clearImmediate: (timer) => this.#clearImmediate(timer),
    };
    this.promises = promisedTimers(this.functions);
    for (const name of ['setTimeout', 'setImmediate'] as const)
      Object.defineProperty(this.functions[name], promisify.custom, { value: this.promises[name] });
  }

  /** What `node:timers` is to the code. */
  get module(): object {
    return { ...nodeTimers, ...this.functions, promises: this.promises };
  }

  /** Whether some of the code runs at the next turn of the event loop. */
  get soon(): boolean {
    return this.#immediates.size > 0;
  }

  /** A run begins where there was none. */
  thaw(): void {
    this.#awake = true;
    if (this.#timers.size === 0) return;
    for (const timer of this.#timers.values()) timer.arm();
  }

  /** The last run has ended. */
  freeze(): void {
    this.#awake = false;
    if (this.#timers.size === 0) return;
    for (const timer of this.#timers.values()) timer.disarm();
  }

  /** Whether a timer keeps Node's event loop from being empty, of those whose scope is asked for. */
  keepsAlive(concerns: (scope: Scope | undefined) => boolean): boolean {
    for (const timer of this.#timers.values()) if (timer.hasRef() && concerns(timer.scope)) return true;
    return false;
  }

  /** Nothing of a scope fires any more. */
  drop(scope: Scope): void {
    for (const timer of this.#timers.values()) if (timer.scope === scope) timer.close();
  }

  #make(callback: Callback, delay: number, given: unknown[], repeats: boolean): OwnTimeout {
    if (typeof callback !== 'function') throw invalidCallback(callback);
    this.#made += 1;
    const timer = new OwnTimeout(this.#made, delay, repeats, inScope(callback, given), {
      now: () => this.#kernel.now(),
      remind: (at, fire) => (this.#awake ? this.#kernel.remind(at, this.#label, fire) : undefined),
      forget: (reminder) => this.#kernel.forget(reminder),
      atOnce: (fire) => this.#immediate(fire, []),
      notAtOnce: (immediate) => this.#clearImmediate(immediate),
      keep: (kept) => this.#timers.set(kept.id, kept),
      drop: (dropped) => this.#timers.delete(dropped.id),
    });
    timer.refresh();
    return timer;
  }

  #find(timer: unknown): OwnTimeout | undefined {
    if (timer instanceof OwnTimeout) return timer;
    return typeof timer === 'number' || typeof timer === 'string' ? this.#timers.get(Number(timer)) : undefined;
  }

  #immediate(callback: Callback, given: unknown[]): NodeJS.Immediate {
    if (typeof callback !== 'function') throw invalidCallback(callback);
    const run = inScope(callback, given);
    const immediate = setImmediate(() => {
      this.#immediates.delete(immediate);
      run();
    });
    this.#immediates.add(immediate);
    return immediate;
  }

  #clearImmediate(timer: unknown): void {
    this.#immediates.delete(timer as NodeJS.Immediate);
    clearImmediate(timer as NodeJS.Immediate);
  }
}

/** What a timer needs of those it belongs to. */
interface TimerHost {
  now(): number;
  /** Undefined while the timers stand still. */
  remind(at: number, fire: () => void): MemoryTimer | undefined;
  forget(reminder: MemoryTimer): void;
  atOnce(fire: () => void): NodeJS.Immediate;
  notAtOnce(immediate: NodeJS.Immediate): void;
  keep(timer: OwnTimeout): void;
  drop(timer: OwnTimeout): void;
}

/** What `setTimeout` and `setInterval` answer, with all that Node's has. */
export class OwnTimeout {
  readonly id: number;
  readonly scope = scopes.getStore();
  readonly #delay: number;
  readonly #repeats: boolean;
  readonly #run: () => void;
  readonly #host: TimerHost;
  #at = 0;
  #set = false;
  #ref = true;
  #reminder: MemoryTimer | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(id: number, delay: number, repeats: boolean, run: () => void, host: TimerHost) {
    this.id = id;
    this.#delay = delay;
    this.#repeats = repeats;
    this.#run = run;
    this.#host = host;
  }

  /** Begins to wait anew. */
  refresh(): this {
    this.disarm();
    this.#at = this.#host.now() + this.#delay;
    if (!this.#set) {
      this.#set = true;
      this.#host.keep(this);
    }
    this.arm();
    return this;
  }

  arm(): void {
    if (this.#reminder !== undefined || this.#immediate !== undefined) return;
    // No time passes for what waits for none: code lets others have their turn by it.
    if (this.#delay < 1) this.#immediate = this.#host.atOnce(() => this.#fire());
    else this.#reminder = this.#host.remind(this.#at, () => this.#fire());
  }

  disarm(): void {
    if (this.#reminder !== undefined) this.#host.forget(this.#reminder);
    if (this.#immediate !== undefined) this.#host.notAtOnce(this.#immediate);
    this.#reminder = undefined;
    this.#immediate = undefined;
  }

  close(): this {
    this.disarm();
    this.#unset();
    return this;
  }

  ref(): this {
    this.#ref = true;
    return this;
  }

  unref(): this {
    this.#ref = false;
    return this;
  }

  hasRef(): boolean {
    return this.#ref;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #fire(): void {
    this.#reminder = undefined;
    this.#immediate = undefined;
    if (this.#repeats) this.refresh();
    else this.#unset();
    this.#run();
  }

  #unset(): void {
    if (!this.#set) return;
    this.#set = false;
    this.#host.drop(this);
  }
}

/** Runs a callback as it would have run where it was handed over; what it throws is nobody's but its scope's. */
function inScope(callback: Callback, given: unknown[]): () => void {
  const scope = scopes.getStore();
  const within = AsyncLocalStorage.snapshot();
  return () => {
    if (scope?.over === true) return;
    try {
      within(callback, ...given);
    } catch (error) {
      if (scope === undefined) throw error;
      scope.abort(error);
    }
  };
}

function delayOf(delay: unknown): number {
  const milliseconds = Math.trunc(Number(delay));
  if (!(milliseconds >= 1)) return 0;
  return milliseconds > DELAY_MAX ? 1 : milliseconds;
}

function invalidCallback(given: unknown): TypeError {
  const message = `The "callback" argument must be of type function. Received ${given === null ? 'null' : typeof given}`;
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}
