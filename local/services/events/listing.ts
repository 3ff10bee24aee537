import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { pageOf } from '../page.ts';

const LIMIT_MAX = 100;

/** A page of a list as EventBridge answers it, in the order of the keys. */
export function listed<T>(
  member: string,
  items: readonly T[],
  keyOf: (item: T) => string,
  describe: (item: T) => JsonObject,
  { Limit: limit = LIMIT_MAX, NextToken: token }: JsonObject,
): JsonObject {
  const size = Number(limit);
  if (!Number.isInteger(size) || size < 1 || size > LIMIT_MAX)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${String(limit).slice(0, 100)}' at 'limit' failed to satisfy constraint: Member must have value between 1 and ${LIMIT_MAX}`,
    );
  const invalid = () => new AwsError('ValidationException', 'NextToken is none of this list.');
  const sorted = items.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const page = pageOf(sorted, keyOf, { token, limit: size, invalid });
  return { [member]: page.items.map(describe), ...(page.next !== undefined && { NextToken: page.next }) };
}

export function startingWith(prefix: unknown): (name: string) => boolean {
  return (name) => prefix === undefined || prefix === null || name.startsWith(String(prefix));
}
