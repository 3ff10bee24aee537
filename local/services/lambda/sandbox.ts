import { Console } from 'node:console';
import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { format } from 'node:util';
import { UnsupportedError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { outside } from './outside.ts';
import { ownCrypto } from './own-crypto.ts';
import { type OwnClock, ownAbortSignal, ownClock } from './own-time.ts';
import type { OwnTimers } from './own-timers.ts';
import { scopes } from './scope.ts';

export interface LogLine {
  /** Milliseconds since the epoch, on the cloud's clock. */
  readonly at: number;
  readonly text: string;
  /** How many lines the function had written before. */
  readonly number: number;
  /** The identifier of the run that wrote it; none while the code is loaded. */
  readonly run?: string;
  /** As the runtime marks what goes through the console. */
  readonly level?: string;
}

const LOG_LINES_MAX = 200;
const LOG_LINE_LENGTH_MAX = 4096;

/** The last lines a function wrote; older ones are dropped. */
export class LogRing {
  readonly #now: () => number;
  #lines: LogLine[] = [];
  #written = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  write(text: string, run?: string, level?: string): void {
    const line = { at: this.#now(), text: text.slice(0, LOG_LINE_LENGTH_MAX), number: this.#written };
    this.#lines.push({ ...line, ...(run !== undefined && { run }), ...(level !== undefined && { level }) });
    this.#written += 1;
    if (this.#lines.length > LOG_LINES_MAX * 2) this.#lines = this.#lines.slice(-LOG_LINES_MAX);
  }

  /** How many lines were written so far. */
  written(): number {
    return this.#written;
  }

  /** The lines behind the first `count` that were ever written, as far as they are kept. */
  since(count: number): readonly LogLine[] {
    return this.#written > count ? this.#lines.slice(-Math.min(this.#written - count, LOG_LINES_MAX)) : [];
  }

  lines(): readonly LogLine[] {
    return this.#lines.slice(-LOG_LINES_MAX);
  }
}

/** The names a bundle finds where Node's globals would be, in the order the compiled function takes them. */
export const SANDBOX_NAMES = [
  'process',
  'Date',
  'Math',
  'console',
  'crypto',
  'performance',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'AbortSignal',
  'fetch',
  'WebSocket',
  'EventSource',
  'Reflect',
  'awslambda',
  'globalThis',
  'global',
] as const;

export type Sandbox = Readonly<Record<(typeof SANDBOX_NAMES)[number], unknown>> & { readonly nodeCrypto: object };

/**
 * What stands in for Node's globals inside a function: its own environment, the cloud's clock and timers, the cloud's seeded randomness, a
 * console that keeps the last lines.
 */
export function makeSandbox(kernel: Kernel, environment: Record<string, string>, log: LogRing, timers: OwnTimers): Sandbox {
  const clock = ownClock(() => kernel.now());
  const process = ownProcess(environment, log, clock);
  const crypto = ownCrypto(kernel);
  const own = {
    process,
    Date: ownDate(() => kernel.now()),
    Math: Object.create(Math, { random: { value: () => kernel.random() } }) as unknown,
    console: ownConsole(process, log),
    crypto: crypto.web,
    performance: clock.performance,
    ...timers.functions,
    AbortSignal: ownAbortSignal(timers.functions),
    ...watchedGlobals(),
    // A library for decorators keeps its data here.
    Reflect: Object.create(Reflect) as unknown,
    awslambda: { streamifyResponse: refuseStreaming },
  };
  // Defined, not assigned: some of Node's globals are accessors without a setter, and assigning would find those first.
  const globals = Object.create(globalThis) as object;
  for (const [name, value] of Object.entries({ ...own, globalThis: globals, global: globals }))
    Object.defineProperty(globals, name, { value, writable: true, configurable: true });
  return { ...own, globalThis: globals, global: globals, nodeCrypto: crypto.node };
}

/** What reaches outside the process without any module. */
function watchedGlobals() {
  const { fetch: realFetch, WebSocket: RealWebSocket } = globalThis;
  const RealEventSource = (globalThis as { EventSource?: new (...given: never) => object }).EventSource;
  return {
    fetch: (...given: Parameters<typeof realFetch>) => {
      outside.watch();
      return outside.during(realFetch(...given));
    },
    WebSocket: watchedClass(RealWebSocket),
    EventSource: RealEventSource && watchedClass(RealEventSource),
  };
}

function watchedClass<C extends new (...given: never) => object>(real: C): C {
  return new Proxy(real, {
    construct(target, given, newTarget) {
      outside.watch();
      return Reflect.construct(target, given, newTarget) as object;
    },
  });
}

function refuseStreaming(): never {
  throw new UnsupportedError('awslambda.streamifyResponse is not supported by the embedded cloud: it streams no responses.');
}

/** A `Date` whose *now* is the cloud's; everything else is the real one, and so are the instances. */
function ownDate(now: () => number): unknown {
  function VirtualDate(...given: unknown[]): unknown {
    if (new.target === undefined) return new Date(now()).toString();
    return Reflect.construct(Date, given.length === 0 ? [now()] : given, new.target === (VirtualDate as unknown) ? Date : new.target);
  }
  VirtualDate.prototype = Date.prototype;
  return Object.assign(VirtualDate, { now, parse: Date.parse, UTC: Date.UTC });
}

function ownProcess(environment: Record<string, string>, log: LogRing, clock: OwnClock) {
  const output = () =>
    new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        log.write(String(chunk).trimEnd(), scopes.getStore()?.requestId);
        done();
      },
    });
  return Object.assign(new EventEmitter(), {
    env: { ...environment },
    argv: ['node', '/var/task/index.js'],
    execArgv: [],
    arch: process.arch,
    platform: process.platform,
    pid: 1,
    release: process.release,
    version: process.version,
    versions: process.versions,
    stdout: output(),
    stderr: output(),
    cwd: () => '/var/task',
    emitWarning: (warning: unknown) => log.write(String(warning), scopes.getStore()?.requestId),
    exit: (code?: unknown) => endProcess(Number(code ?? 0)),
    hrtime: clock.hrtime,
    memoryUsage: process.memoryUsage,
    nextTick: process.nextTick,
    uptime: clock.uptime,
  });
}

/** The runtime writes what these are given with a level; whatever else a console has writes through them, or to the process' output. */
const LEVELS = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;

function ownConsole({ stdout, stderr }: { stdout: Writable; stderr: Writable }, log: LogRing): Console {
  const write =
    (level: string) =>
    (message?: unknown, ...more: unknown[]) =>
      log.write(format(message, ...more), scopes.getStore()?.requestId, level);
  const own = Object.entries(LEVELS).map(([name, level]) => [name, write(level)]);
  return Object.assign(new Console({ stdout, stderr }), Object.fromEntries(own) as object);
}

/** As Lambda tells of it. Whoever catches what is thrown goes on without any effect. */
function endProcess(code: number): never {
  const reason = code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
  scopes.getStore()?.exit(reason);
  throw Object.assign(new Error(reason), { name: 'Runtime.ExitError' });
}
