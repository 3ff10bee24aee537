import * as nodeCrypto from 'node:crypto';
import type { Kernel } from '../../kernel/kernel.ts';
import { outside } from './outside.ts';

type Done<T> = (error: Error | null, value: T) => void;

/** Chance of the two modules that give it to code, `node:crypto` and the web's, from the cloud's seed; everything else is the real one. */
export interface OwnCrypto {
  readonly web: object;
  readonly node: object;
}

/** Keys are not replaced: `generateKey`, `generateKeyPair`, the prime numbers and what `subtle` generates stay Node's. */
export function ownCrypto(kernel: Pick<Kernel, 'random' | 'uuid'>): OwnCrypto {
  const fill = <T extends ArrayBufferView>(view: T, offset = 0, size = view.byteLength - offset): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, size);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = Math.floor(kernel.random() * 256);
    return view;
  };
  const randomBytes = (size: number, done?: Done<Buffer>) => answered(fill(Buffer.alloc(size)), done);
  const randomInt = (...given: (number | Done<number>)[]) => {
    const done = typeof given.at(-1) === 'function' ? (given.pop() as Done<number>) : undefined;
    const [max = 0, min = 0] = (given as number[]).reverse();
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max <= min)
      throw new RangeError(`randomInt: max must be a whole number above min, which is ${min}, not ${max}`);
    return answered(min + Math.floor(kernel.random() * (max - min)), done);
  };
  const randomFill = (view: ArrayBufferView, ...given: (number | Done<ArrayBufferView>)[]) => {
    const done = given.pop() as Done<ArrayBufferView>;
    const [offset, size] = given as number[];
    answered(fill(view, offset, size), done);
  };
  const chance = { randomUUID: () => kernel.uuid(), getRandomValues: <T extends ArrayBufferView>(view: T) => fill(view) };
  const web = { ...chance, subtle: ownSubtle() };
  return {
    web,
    node: {
      ...nodeCrypto,
      ...outside.watched(POOLED, (_, given) => typeof given.at(-1) === 'function'),
      ...chance,
      randomBytes,
      pseudoRandomBytes: randomBytes,
      randomInt,
      randomFill,
      randomFillSync: fill,
      webcrypto: web,
    },
  };
}

/** What `subtle` does is done in Node's thread pool. */
function ownSubtle(): object {
  const real = globalThis.crypto.subtle;
  return new Proxy(real, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => outside.during(Promise.resolve(Reflect.apply(value, target, given) as unknown));
    },
  });
}

/** Functions of `node:crypto` that work in the thread pool where they are given a callback. */
const { checkPrime, diffieHellman, generateKey, generateKeyPair, generatePrime, hkdf, pbkdf2, scrypt, sign, verify } = nodeCrypto;
const POOLED = { checkPrime, diffieHellman, generateKey, generateKeyPair, generatePrime, hkdf, pbkdf2, scrypt, sign, verify };

/** At once, or to a callback in a turn of its own, as Node's do. */
function answered<T>(value: T, done: Done<T> | undefined): T | undefined {
  if (done === undefined) return value;
  process.nextTick(done, null, value);
  return undefined;
}
