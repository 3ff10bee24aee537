/** One page of what a person looks through, latest first. */
export interface Look<T> {
  readonly rows: readonly T[];
  /** The number below which the next page begins; undefined at the end. */
  readonly next?: number;
  /** Whether the look ended because it had gone through as many rows as it may, and not at `limit` or at the last row. */
  readonly cut: boolean;
}

interface Looking<R extends { readonly id: number }, T> {
  /** Rows below this number. */
  readonly before: number;
  /** How many rows are shown. */
  readonly limit: number;
  /** How many rows are gone through: a filter that fits nothing must not read a table of millions while everybody waits. */
  readonly lookMax: number;
  /** The rows that fit with `from <= id < below`, latest first, at most `rowsMax`. */
  read(below: number, from: number, rowsMax: number): R[];
  show(row: R): T;
}

/** Goes through numbered rows, latest first, until the page is full or it has gone through enough. */
export function look<R extends { readonly id: number }, T>({ before, limit, lookMax, read, show }: Looking<R, T>): Look<T> {
  const from = Math.max(0, before - lookMax);
  const found = read(before, from, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  if (found.length > limit && last !== undefined) return { rows: rows.map(show), next: last.id, cut: false };
  return { rows: rows.map(show), ...(from > 1 && { next: from }), cut: from > 1 };
}

/** A pattern of LIKE, with the escape character `\`, for text that contains `text`. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
