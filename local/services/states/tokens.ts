import { createHmac, timingSafeEqual } from 'node:crypto';

/** Which attempt a task token stands for. */
export interface TokenTarget {
  readonly execution: number;
  readonly branch: number;
  readonly attempt: number;
  /** When the execution started: row numbers are used again after the purge, tokens must not be. */
  readonly startedAt: number;
  /** The activity whose worker holds it. */
  readonly activity?: string | undefined;
}

/**
 * A token names its attempt and is signed with the store's own key: nothing need be written to hand one out, it survives a
 * restart, and nobody can make one up. Its holder cannot read more from it than row numbers and the activity.
 */
export function makeToken(key: string, target: TokenTarget): string {
  const numbers = [target.execution, target.branch, target.attempt, target.startedAt].map((part) => part.toString(36));
  const body = [...numbers, ...(target.activity === undefined ? [] : [Buffer.from(target.activity).toString('base64url')])].join('.');
  return Buffer.from(`${body}.${sign(key, body)}`).toString('base64');
}

/** Undefined where the token was not made with this key. */
export function readToken(key: string, token: string): TokenTarget | undefined {
  const parts = Buffer.from(token, 'base64').toString('latin1').split('.');
  const signature = parts.pop() ?? '';
  const expected = sign(key, parts.join('.'));
  if (signature.length !== expected.length || !timingSafeEqual(Buffer.from(signature, 'latin1'), Buffer.from(expected))) return undefined;
  const [execution, branch, attempt, startedAt] = parts.slice(0, 4).map((part) => Number.parseInt(part, 36));
  if (execution === undefined || branch === undefined || attempt === undefined || startedAt === undefined) return undefined;
  return {
    execution,
    branch,
    attempt,
    startedAt,
    activity: parts[4] === undefined ? undefined : Buffer.from(parts[4], 'base64url').toString(),
  };
}

function sign(key: string, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url');
}
