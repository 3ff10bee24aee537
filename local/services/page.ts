import type { AwsError } from '../kernel/errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; undefined where this is the last one. */
  readonly next?: string;
}

/**
 * A page of a list. A token stands for the item behind which the page begins, so that what comes and goes meanwhile neither repeats nor
 * hides another.
 *
 * @param items in the order of their keys
 * @param token what the answer to the page before said
 * @param invalid the service's error for a token that is none
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { token, limit, invalid }: { readonly token: unknown; readonly limit: number; readonly invalid: () => AwsError },
): Page<T> {
  const after = token === undefined || token === null ? undefined : keyIn(token);
  if (after === null) throw invalid();
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return rest.length > limit && last !== undefined
    ? { items: page, next: Buffer.from(keyOf(last)).toString('base64url') }
    : { items: page };
}

function keyIn(token: unknown): string | null {
  const text = String(token);
  const key = Buffer.from(text, 'base64url').toString();
  return text !== '' && Buffer.from(key).toString('base64url') === text ? key : null;
}
