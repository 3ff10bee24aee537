import { createHash } from 'node:crypto';
import type { Draft, Entry } from './entries.ts';
import type { Account, Instant } from './model.ts';
import { reduce } from './reducer/reduce.ts';

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64);

/** An entry as it is stored: `text` is the canonical JSON that was hashed, to the byte. */
export interface Link {
  readonly entry: Entry;
  readonly text: string;
  readonly hash: string;
}

/**
 * RFC 8785 for the values entries hold: members sorted by UTF-16 code units, `JSON.stringify` for strings and numbers (which is
 * what the RFC asks of an ECMAScript implementation), no undefined members.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('A number that JSON cannot hold');
    return JSON.stringify(value) ?? 'null';
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = (value as Record<string, unknown>)[key];
      return member === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(member)}`];
    });
  return `{${members.join(',')}}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Chains a draft onto the entry before it. `seq` counts per account, from 1, without gaps. */
export function link(draft: Draft, seq: number, at: Instant, previousHash: string): Link {
  const entry = { ...draft, seq, at } as Entry;
  const text = canonicalJson({ ...entry, previousHash });
  return { entry, text, hash: sha256(text) };
}

/** Where and why a chain does not verify; undefined when it does. */
export function chainProblem(
  links: readonly { readonly text: string; readonly hash: string }[],
  headHash?: string,
): { seq: number; why: string } | undefined {
  let previous = GENESIS;
  for (const [index, { text, hash }] of links.entries()) {
    const seq = index + 1;
    // Before the text is read: a changed byte may leave something that is no JSON.
    if (sha256(text) !== hash) return { seq, why: `entry ${seq} was changed after it was written` };
    const stored = JSON.parse(text) as { seq: number; previousHash: string };
    if (stored.seq !== seq) return { seq, why: `entry ${seq} says it is number ${stored.seq}` };
    if (stored.previousHash !== previous) return { seq, why: `entry ${seq} does not follow the one before it` };
    previous = hash;
  }
  if (headHash !== undefined && headHash !== previous) return { seq: links.length, why: 'the head does not name the last entry' };
  return undefined;
}

/** The account as its timeline tells it. */
export function replay(start: Account, entries: readonly Entry[]): Account {
  return entries.reduce(reduce, start);
}
