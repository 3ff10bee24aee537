import { UnsupportedError } from '../../kernel/errors.ts';

type Key = string | symbol;

interface Known {
  readonly name: string;
  readonly object: object;
}

/** What an object had of its own. */
interface Seen extends Known {
  readonly keys: readonly Key[];
  /** Undefined where nothing is looked at but that it is there. */
  readonly members: readonly (PropertyDescriptor | undefined)[];
}

/** Names of JavaScript's own objects; those that Node makes when they are first asked for are left alone. */
const NAMES = [
  ...['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Date', 'RegExp', 'Promise', 'Proxy'],
  ...['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Iterator', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView'],
  ...['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError'],
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array'],
  ...['Float64Array', 'BigInt64Array', 'BigUint64Array', 'JSON', 'Math', 'Reflect', 'Atomics', 'Intl', 'Buffer', 'URL', 'URLSearchParams'],
  ...['EventTarget', 'Event', 'AbortController', 'AbortSignal', 'TextEncoder', 'TextDecoder'],
];

/** What is looked at of the global object: to look at all of it makes Node load what it else loads when it is asked for, a tenth of a second. */
const GLOBALS: ReadonlySet<Key> = new Set<Key>([
  ...NAMES,
  ...[
    'console',
    'process',
    'queueMicrotask',
    'structuredClone',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
  ],
  ...['clearImmediate', 'eval', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'encodeURIComponent', 'decodeURIComponent', 'encodeURI'],
  ...['decodeURI', 'escape', 'unescape', 'globalThis', 'undefined', 'NaN', 'Infinity'],
]);

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

  /** A module that is asked for while code is loaded belongs into the picture that was taken before. */
  #latest: Seen[] = [];

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
    if (this.#known.some(({ object }) => object === module)) return;
    const known = { name: `the module ${name}`, object: module };
    this.#known.push(known);
    this.#latest.push(seenOf(known));
  }

  /** What there is now, to be compared with what there will be. */
  picture(): readonly Seen[] {
    this.#latest = this.#known.map(seenOf);
    return this.#latest;
  }

  /** Puts back what differs from a picture. Throws an `UnsupportedError` that says what it was. */
  restore(picture: readonly Seen[], who: string): void {
    let first: string | undefined;
    // What iterates may be what was changed, until it is put back.
    for (let index = 0; index < picture.length; index += 1) {
      const before = picture[index] as Seen;
      const change = putBack(before, before.object === globalThis ? this.#trusted : NOTHING);
      if (change === undefined) continue;
      first ??= before.object === globalThis ? `assigned to ${change}, which it never declared:` : `changed ${change} of ${before.name}:`;
    }
    if (first !== undefined) throw new UnsupportedError(`${who} ${first} here functions share it with each other, so it is refused.`);
  }
}

const { getOwnPropertyDescriptor, ownKeys, defineProperty, deleteProperty } = Reflect;
const NOTHING: ReadonlySet<Key> = new Set();

function seenOf({ name, object }: Known): Seen {
  const keys = ownKeys(object);
  const isSeen = (key: Key) => object !== globalThis || GLOBALS.has(key);
  return { name, object, keys, members: keys.map((key) => (isSeen(key) ? getOwnPropertyDescriptor(object, key) : undefined)) };
}

/** Answers the first member that was changed, if any. */
function putBack({ object, keys, members }: Seen, trusted: ReadonlySet<Key>): string | undefined {
  let change: string | undefined;
  for (let index = 0; index < keys.length; index += 1) {
    const [key, before] = [keys[index] as Key, members[index]];
    if (before === undefined) continue;
    const now = getOwnPropertyDescriptor(object, key);
    if (now !== undefined && isSame(before, now)) continue;
    if (object === globalThis && now !== undefined && isMadeNow(before)) continue;
    if (!OF_TRACES.has(key)) change ??= String(key);
    defineProperty(object, key, before);
  }
  const now = ownKeys(object);
  if (now.length === keys.length) return change;
  for (let index = 0; index < now.length; index += 1) {
    const key = now[index] as Key;
    if (keys.includes(key) || trusted.has(key) || isNodes(key)) continue;
    if (!OF_TRACES.has(key)) change ??= String(key);
    deleteProperty(object, key);
  }
  return change;
}

function isSame(before: PropertyDescriptor, now: PropertyDescriptor): boolean {
  return Object.is(before.value, now.value) && before.get === now.get && before.set === now.set;
}

/** Node makes some of its globals when they are first asked for, in the place of what gets them. */
function isMadeNow({ get }: PropertyDescriptor): boolean {
  return get !== undefined && /^get /.test(get.name);
}

/** What Node's own client for HTTP keeps in the global object. */
function isNodes(key: Key): boolean {
  return typeof key === 'symbol' && key.description?.startsWith('undici.') === true;
}
