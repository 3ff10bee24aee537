import { UnsupportedError } from '../../kernel/errors.ts';

type Key = string | symbol;

interface Known {
  readonly name: string;
  readonly object: object;
}

/** What an object had of its own. */
interface Seen {
  readonly keys: readonly Key[];
  /** The value of each, or what gets it. */
  readonly values: readonly unknown[];
}

type Picture = ReadonlyMap<Known, Seen>;

/** Names of JavaScript's own objects; those that Node makes when they are first asked for are left alone. */
const NAMES = [
  ...['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Date', 'RegExp', 'Promise', 'Proxy'],
  ...['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Iterator', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView'],
  ...['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError'],
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array'],
  ...['Float64Array', 'BigInt64Array', 'BigUint64Array', 'JSON', 'Math', 'Reflect', 'Atomics', 'Intl', 'Buffer', 'URL', 'URLSearchParams'],
  ...['EventTarget', 'Event', 'AbortController', 'AbortSignal', 'TextEncoder', 'TextDecoder'],
];

/** Libraries set these for their own stack traces; they are set back, and nobody is refused for them. */
const OF_TRACES: ReadonlySet<Key> = new Set<Key>(['stackTraceLimit', 'prepareStackTrace']);

/**
 * What all functions share with each other and with the cloud: JavaScript's own objects, the process' global object, Node's modules. A
 * function that changes any of it would change everybody's; it is put back, and the function refused.
 */
export class SharedWorld {
  /** The SDK keeps its own there, also when it is used for the first time. */
  readonly #trusted = new Set<Key>(['awslambda']);
  readonly #known: Known[] = [{ name: 'globalThis', object: globalThis }];

  constructor() {
    for (const name of NAMES) {
      const object = (globalThis as unknown as Record<string, (object & { prototype?: object }) | undefined>)[name];
      if (object === undefined) continue;
      this.#known.push({ name, object });
      if (object.prototype !== undefined) this.#known.push({ name: `${name}.prototype`, object: object.prototype });
    }
    const array: unknown[] = [];
    const hidden: [string, object | null][] = [
      ['TypedArray', Object.getPrototypeOf(Uint8Array) as object],
      ['TypedArray.prototype', Object.getPrototypeOf(Uint8Array.prototype) as object],
      ['the prototype of array iterators', Object.getPrototypeOf(array[Symbol.iterator]()) as object],
      ['the prototype of async functions', Object.getPrototypeOf(async () => undefined) as object],
    ];
    for (const [name, object] of hidden) if (object !== null) this.#known.push({ name, object });
  }

  /** Loads what is the cloud's own, such as the SDK: what it leaves in the global object is no function's. */
  trusted<T>(load: () => T): T {
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    const loaded = load();
    for (const key of Object.getOwnPropertyNames(globalThis)) if (!before.has(key)) this.#trusted.add(key);
    return loaded;
  }

  /** Takes a module of Node's into what is looked at, before code gets hold of it. */
  share(name: string, module: object): void {
    if (!this.#known.some(({ object }) => object === module)) this.#known.push({ name: `the module ${name}`, object: module });
  }

  picture(): Picture {
    return new Map(this.#known.map((known) => [known, seenOf(known.object)]));
  }

  /** Puts back what differs from a picture. Throws an `UnsupportedError` that says what it was. */
  restore(picture: Picture, who: string): void {
    let first: string | undefined;
    for (const [{ name, object }, before] of picture) {
      const change = putBack(object, before, object === globalThis ? this.#trusted : NOTHING);
      if (change === undefined) continue;
      first ??= object === globalThis ? `assigned to ${change}, which it never declared:` : `changed ${change} of ${name}:`;
    }
    if (first !== undefined) throw new UnsupportedError(`${who} ${first} here functions share it with each other, so it is refused.`);
  }
}

function seenOf(object: object): Seen {
  const keys = Reflect.ownKeys(object).filter((key) => !isNodes(key));
  return { keys, values: keys.map((key) => memberOf(object, key)) };
}

/** What Node's own client for HTTP keeps in the global object. */
function isNodes(key: Key): boolean {
  return typeof key === 'symbol' && key.description?.startsWith('undici.') === true;
}

function memberOf(object: object, key: Key): unknown {
  const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
  return descriptor?.get ?? descriptor?.value;
}

const NOTHING: ReadonlySet<Key> = new Set();

/** Answers the first member that was changed, if any. */
function putBack(object: object, before: Seen, trusted: ReadonlySet<Key>): string | undefined {
  const now = seenOf(object);
  let change: string | undefined;
  const changed = (key: Key) => {
    if (!OF_TRACES.has(key)) change ??= String(key);
  };
  if (now.keys.length === before.keys.length && now.keys.every((key, index) => key === before.keys[index])) {
    for (const [index, key] of before.keys.entries()) {
      if (Object.is(now.values[index], before.values[index]) || isMadeNow(object, before.values[index])) continue;
      changed(key);
      setBack(object, key, before.values[index]);
    }
    return change;
  }
  for (const key of now.keys) {
    if (before.keys.includes(key) || trusted.has(key)) continue;
    changed(key);
    Reflect.deleteProperty(object, key);
  }
  for (const [index, key] of before.keys.entries()) {
    if (now.keys.includes(key) && Object.is(memberOf(object, key), before.values[index])) continue;
    if (now.keys.includes(key) && isMadeNow(object, before.values[index])) continue;
    changed(key);
    setBack(object, key, before.values[index]);
  }
  return change;
}

/** Node makes some of its globals when they are first asked for, in the place of what gets them. */
function isMadeNow(object: object, before: unknown): boolean {
  return object === globalThis && typeof before === 'function' && /^get /.test(before.name);
}

function setBack(object: object, key: Key, value: unknown): void {
  const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
  if (descriptor === undefined || 'value' in descriptor)
    Reflect.defineProperty(object, key, { ...(descriptor ?? { writable: true, configurable: true, enumerable: false }), value });
}
