import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { MEMORY_LIMIT } from './bounds.ts';
import { parseJson } from './json.ts';

/** What expressions may not take from the process: the time and randomness. */
interface Surroundings {
  now(): number;
  random(): number;
  uuid(): string;
}

type Fn = (...args: never[]) => unknown;

/** As many as `$range` may give: measured on AWS, https://github.com/floci-io/floci/pull/2783. */
const RANGE_MAX = 360_145;
/** As many characters as `$pad` may add, as recorded in `expression_limits.json` of radkawar/stackd. */
const PADDING_MAX = 262_144;
const HASHES: Readonly<Record<string, string>> = {
  'SHA-1': 'sha1',
  'SHA-384': 'sha384',
  'SHA-256': 'sha256',
  'SHA-512': 'sha512',
  MD5: 'md5',
};
const formatMillis = jsonata('$fromMillis($at, $picture, $zone)');

/**
 * What Step Functions adds to JSONata, and what it takes from its own clock and randomness.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 *
 * The page says little of wrong arguments. What is done with them was measured on AWS by others: numbers are cut towards zero, some
 * arguments give nothing rather than an error, and the errors are those of the library. https://github.com/floci-io/floci/issues/2662
 */
export function functionsFor(surroundings: Surroundings): Readonly<Record<string, Fn | undefined>> {
  return {
    now: (picture?: string, zone?: string) => formatMillis.evaluate(undefined, { at: surroundings.now(), picture, zone }),
    millis: () => surroundings.now(),
    random(seed?: unknown, ...more: unknown[]) {
      refuseMore('random', 2, more);
      return seed === undefined ? surroundings.random() : seededRandom(whole(seed, 'random', 1));
    },
    uuid(...more: unknown[]) {
      refuseMore('uuid', 1, more);
      return surroundings.uuid();
    },
    partition,
    range,
    hash,
    parse,
    // The one function of JSONata that Step Functions leaves out: calling it is T1006 there, as for any unknown name.
    eval: undefined,
  };
}

/** An error of the library, which makes its text from the code and these members. */
interface LibraryError {
  readonly code: string;
  readonly [member: string]: unknown;
}

function wrongArgument(token: string, index: number): LibraryError {
  return { code: 'T0410', token, index };
}

function failure(message: string): LibraryError {
  return { code: 'D3137', message };
}

function refuseMore(token: string, index: number, more: readonly unknown[]): void {
  if (more[0] !== undefined) throw wrongArgument(token, index);
}

function whole(value: unknown, token: string, index: number): number {
  if (typeof value !== 'number') throw wrongArgument(token, index);
  return Math.trunc(value);
}

function partition(items: unknown, size: unknown, ...more: unknown[]): unknown[] | undefined {
  refuseMore('partition', 3, more);
  if (items === undefined) return undefined;
  if (!Array.isArray(items)) throw { code: 'T0412', token: 'partition', index: 1 } satisfies LibraryError;
  if (items.length === 0) return undefined;
  if (size === undefined) return [items];
  const step = whole(size, 'partition', 2);
  if (step < 0) throw failure('Second argument must be zero or greater');
  if (step === 0) return undefined;
  const chunks: unknown[] = [];
  for (let at = 0; at < items.length; at += step) chunks.push(items.slice(at, at + step));
  return chunks;
}

function range(first: unknown, last: unknown, by: unknown, ...more: unknown[]): number[] | undefined {
  refuseMore('range', 4, more);
  const start = whole(first, 'range', 1);
  const end = whole(last, 'range', 2);
  if (by === undefined) return undefined;
  const step = whole(by, 'range', 3);
  if (step === 0 || Math.sign(end - start) === -Math.sign(step)) return undefined;
  const count = Math.floor((end - start) / step) + 1;
  if (count > RANGE_MAX) throw new Error(MEMORY_LIMIT);
  const numbers = Array.from({ length: count }, (_, index) => start + index * step);
  // Recorded: $range(1, 9, 9) gives 1, not [1]. It is a JSONata sequence, which collapses.
  return Object.defineProperty(numbers, 'sequence', { value: true, enumerable: false });
}

/** That of the library: https://docs.jsonata.org/string-functions#pad */
export const PAD_SIGNATURE = '<s-ns?:s>';

/** The library's own, but for its limit: a text may grow longer in other ways. */
export function pad(text: string | undefined, width: number, filling?: string): string | undefined {
  if (text === undefined) return undefined;
  const missing = Math.trunc(Math.abs(width)) - [...text].length;
  if (missing <= 0) return text;
  if (missing > PADDING_MAX) throw new Error(MEMORY_LIMIT);
  const characters = [...(filling === undefined || filling === '' ? ' ' : filling)];
  const padding = Array.from({ length: missing }, (_, index) => characters[index % characters.length]).join('');
  return width > 0 ? text + padding : padding + text;
}

function hash(text: unknown, algorithm: unknown, ...more: unknown[]): string | undefined {
  refuseMore('hash', 3, more);
  if (typeof text !== 'string') throw wrongArgument('hash', 1);
  if (algorithm === undefined) return undefined;
  if (typeof algorithm !== 'string') throw wrongArgument('hash', 2);
  const name = Object.hasOwn(HASHES, algorithm) ? HASHES[algorithm] : undefined;
  if (name === undefined) throw failure(`Hash algorithm '${algorithm}' must be one of ${Object.keys(HASHES).join(', ')}`);
  return createHash(name).update(text).digest('hex');
}

function parse(text: unknown, ...more: unknown[]): unknown {
  refuseMore('parse', 2, more);
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw wrongArgument('parse', 1);
  const parsed = parseJson(text);
  if (parsed === undefined || namesIn(text) !== countNames(parsed.value)) throw failure('Invalid JSON');
  return parsed.value;
}

const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** How many names of members a JSON text has: a name that comes twice is no JSON to Step Functions, and one member to `JSON.parse`. */
function namesIn(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(STRING)) if (colon !== undefined) count += 1;
  return count;
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  return members.reduce((sum: number, member) => sum + countNames(member), Array.isArray(value) ? 0 : members.length);
}

/** The first `nextDouble()` of `java.util.Random`, bit for bit: `$random(42)` is 0.7275636800328681 on AWS. */
function seededRandom(seed: number): number {
  const mask = (1n << 48n) - 1n;
  let state = (BigInt.asIntN(64, BigInt(Number.isFinite(seed) ? seed : 0)) ^ 0x5deece66dn) & mask;
  const next = (bits: bigint): bigint => {
    state = (state * 0x5deece66dn + 0xbn) & mask;
    return state >> (48n - bits);
  };
  const high = next(26n) << 27n;
  return Number(high + next(27n)) / 2 ** 53;
}
