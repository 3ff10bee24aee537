import { createHash } from 'node:crypto';
import jsonata from 'jsonata';

/** What expressions may not take from the process: the time and randomness. */
interface Surroundings {
  now(): number;
  random(): number;
  uuid(): string;
}

type Fn = (...args: never[]) => unknown;

const ELEMENTS_MAX = 1_000_000;
const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
const formatMillis = jsonata('$fromMillis($at, $picture, $zone)');

/**
 * What Step Functions adds to JSONata, and what it takes from its own clock and randomness.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function functionsFor(surroundings: Surroundings): Readonly<Record<string, Fn | undefined>> {
  return {
    now: (picture?: string, zone?: string) => formatMillis.evaluate(undefined, { at: surroundings.now(), picture, zone }),
    millis: () => surroundings.now(),
    random: (seed?: number) => (seed === undefined ? surroundings.random() : seededRandom(seed)),
    uuid: () => surroundings.uuid(),
    partition,
    range,
    hash,
    parse,
    // The one function of JSONata that Step Functions leaves out: calling it is T1006 there, as for any unknown name.
    eval: undefined,
  };
}

function partition(items: unknown, size: unknown): unknown[] | undefined {
  if (items === undefined) return undefined;
  if (typeof size !== 'number' || size < 1) throw new Error('The chunk size of $partition must be a positive number.');
  const list = Array.isArray(items) ? items : [items];
  const step = Math.floor(size);
  const chunks: unknown[] = [];
  for (let at = 0; at < list.length; at += step) chunks.push(list.slice(at, at + step));
  return chunks;
}

function range(first: unknown, last: unknown, step: unknown): number[] {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number')
    throw new Error('The arguments of $range must be three numbers.');
  if (step === 0) throw new Error('The step of $range must not be zero.');
  const count = Math.floor((last - first) / step) + 1;
  if (count > ELEMENTS_MAX) throw new Error(`$range would give ${count} elements; ${ELEMENTS_MAX} are the most.`);
  const numbers = Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
  // Recorded: $range(1, 9, 9) gives 1, not [1]. It is a JSONata sequence, which collapses.
  return Object.defineProperty(numbers, 'sequence', { value: true, enumerable: false });
}

function hash(content: unknown, algorithm: unknown): string | undefined {
  if (content === undefined) return undefined;
  const name = typeof algorithm === 'string' ? HASHES[algorithm] : undefined;
  if (name === undefined) throw new Error(`The algorithm of $hash must be one of ${Object.keys(HASHES).join(', ')}.`);
  return createHash(name)
    .update(typeof content === 'string' ? content : JSON.stringify(content))
    .digest('hex');
}

function parse(text: unknown): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new Error('The argument of $parse must be a string.');
  return JSON.parse(text);
}

/** One number from a seed (the finalizer of MurmurHash3 over its digits): the same seed always gives the same. */
function seededRandom(seed: number): number {
  let h = 0x9747b28c;
  for (const character of String(seed)) h = Math.imul(h ^ character.charCodeAt(0), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}
