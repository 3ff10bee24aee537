import type { Counts } from './result.ts';

/** Lines of the closing table. */

export type Cell = string | number;
export type Row = [name: string, value: Cell];

export function rows(counts: Counts, prefix = ''): Row[] {
  return Object.entries(counts).map(([name, count]) => [prefix + name, count]);
}

/** The largest first. */
export function byNumber(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).sort((one, other) => other[1] - one[1]));
}

const NAME_WIDTH = 34;

export function section(title: string, lines: readonly Row[]): string {
  if (lines.length === 0) return '';
  const width = Math.max(...lines.map(([name]) => name.length), NAME_WIDTH);
  const text = lines.map(([name, value]) => `  ${name.padEnd(width)}  ${format(value).padStart(10)}`.trimEnd());
  return `${title}\n${text.join('\n')}\n`;
}

function format(value: Cell): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : value;
}
