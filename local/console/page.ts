import type { Cloud } from '../cloud.ts';
import type { Html } from './html.ts';

/** What a page is made from. */
export interface Asked {
  readonly cloud: Cloud;
  /** A parameter of the query; undefined where it is absent or empty. */
  query(name: string): string | undefined;
}

export interface Page {
  readonly title: string;
  readonly main: Html;
}

/** How many rows a page shows. */
export const PAGE_ROWS = 50;

/** The parameter `before` of a list's further pages. */
export function beforeOf(asked: Asked): number | undefined {
  const text = asked.query('before');
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
