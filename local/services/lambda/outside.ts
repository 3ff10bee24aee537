import { createHook } from 'node:async_hooks';
import { scopes } from './scope.ts';

/** Modules through which code reaches the disk, the network, other processes and Node's thread pool without waiting for them at once. */
const MODULES = new Set([
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'dns/promises',
  'fs',
  'fs/promises',
  'http',
  'http2',
  'https',
  'net',
  'readline',
  'readline/promises',
  'tls',
  'worker_threads',
]);

/** Resources that are at work from their making to their first answer. */
const REQUESTS = /^(FSREQ|FILEHANDLECLOSEREQ|GETADDRINFO|GETNAMEINFO|QUERYWRAP|TCPCONNECT|PIPECONNECT|WRITEWRAP|SHUTDOWNWRAP)|REQUEST$/;
/** Resources that are at work again and again: sockets as long as they are open, and not told that nobody waits for them, as idle sockets are. */
const HANDLES = new Set(['TCPWRAP', 'PIPEWRAP', 'TLSWRAP', 'UDPWRAP', 'PROCESSWRAP', 'WORKER', 'ZLIB', 'HTTP2SESSION', 'STATWATCHER']);
/** Node's parsers and streams of HTTP are no work of their own. */
const NOT_REQUESTS = new Set(['HTTPCLIENTREQUEST', 'HTTPINCOMINGMESSAGE']);

interface Resource {
  hasRef?(): boolean;
  ondone?: unknown;
  buffer?: unknown;
}

/**
 * What functions have under way outside this process' own work: files, sockets, the thread pool. Nobody pays for it until a function asks
 * for a module that reaches there.
 */
class Outside {
  readonly #open = new Map<number, { readonly type: string; readonly resource: WeakRef<Resource> }>();
  #counted = 0;
  #watching = false;

  /** To be called before code reaches outside for the first time. */
  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    // A type of Node 24.12: the others follow every promise, too, which costs time and changes nothing.
    const hooks: Parameters<typeof createHook>[0] & { trackPromises: boolean } = {
      init: (id, type, _trigger, resource) => {
        if (scopes.getStore() === undefined || NOT_REQUESTS.has(type) || !(HANDLES.has(type) || REQUESTS.test(type))) return;
        this.#open.set(id, { type, resource: new WeakRef(resource as Resource) });
      },
      after: (id) => {
        const open = this.#open.get(id);
        if (open !== undefined && !HANDLES.has(open.type)) this.#open.delete(id);
      },
      destroy: (id) => {
        this.#open.delete(id);
      },
      trackPromises: false,
    };
    createHook(hooks).enable();
  }

  /** A module by its name without `node:`. */
  watchModule(name: string): void {
    if (MODULES.has(name)) this.watch();
  }

  /** Functions that work in the thread pool, watched from when one is used: those of `Sync` and of what is done at once are not. */
  watched(functions: object, isPooled: (name: string, given: readonly unknown[]) => boolean): object {
    const watched: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(functions)) {
      if (typeof value !== 'function' || /^[A-Z]|Sync$/.test(name)) continue;
      const own = (...given: unknown[]) => {
        if (isPooled(name, given)) this.watch();
        return (value as (...given: unknown[]) => unknown)(...given);
      };
      // With what `promisify` looks for.
      watched[name] = Object.defineProperties(own, Object.getOwnPropertyDescriptors(value));
    }
    return watched;
  }

  /** Counts as under way until a promise is settled. */
  async during<T>(promise: Promise<T>): Promise<T> {
    this.#counted += 1;
    try {
      return await promise;
    } finally {
      this.#counted -= 1;
    }
  }

  get busy(): boolean {
    if (this.#counted > 0) return true;
    for (const [id, { type, resource }] of this.#open) {
      const found = resource.deref();
      if (found === undefined) this.#open.delete(id);
      else if (isAtWork(type, found)) return true;
    }
    return false;
  }
}

function isAtWork(type: string, resource: Resource): boolean {
  // A stream of zlib is closed by nobody but the collector of garbage; it has what it works at in its hands.
  if (type === 'ZLIB') return resource.buffer !== undefined && resource.buffer !== null;
  if (HANDLES.has(type)) return resource.hasRef?.() !== false;
  // What crypto does at once makes a resource, too; only what is to be answered later has somebody to answer to.
  return !type.endsWith('REQUEST') || typeof resource.ondone === 'function';
}

export const outside = new Outside();
