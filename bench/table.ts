/** One measured figure beside what it should be. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** Empty where the figure is for information. */
  readonly aim: string;
}

export function print(title: string, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ what }) => what.length));
  const lines = rows.map(({ what, measured, aim }) => `  ${what.padEnd(width)}  ${measured.padStart(10)}   ${aim}`.trimEnd());
  process.stdout.write(`${title}\n${lines.join('\n')}\n\n`);
}
