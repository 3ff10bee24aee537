import type { Progress } from './run.ts';

const BAR_WIDTH = 30;
const REDRAW_MILLISECONDS = 100;

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Shows how far a replay is: a bar on a terminal, elsewhere a plain line for each month that is over. */
export function progressDisplay(
  output: ProgressOutput,
  span: { readonly start: number; readonly end: number },
  elapsedMilliseconds: () => number,
): { readonly show: (progress: Progress) => void; readonly end: () => void } {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let month = new Date(span.start).toISOString().slice(0, 7);
  const bar = (progress: Progress) => {
    if (elapsedMilliseconds() - drawnAt < REDRAW_MILLISECONDS) return;
    drawnAt = elapsedMilliseconds();
    const share = Math.min(1, Math.max(0, (progress.now - span.start) / (span.end - span.start)));
    const filled = Math.round(share * BAR_WIDTH);
    output.write(`\r[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${line(progress, elapsedMilliseconds())}\u001b[K`);
  };
  const plain = (progress: Progress) => {
    const now = new Date(progress.now).toISOString().slice(0, 7);
    if (now === month) return;
    month = now;
    output.write(`${line(progress, elapsedMilliseconds())}\n`);
  };
  return {
    show: output.isTTY === true ? bar : plain,
    end: () => {
      if (output.isTTY === true) output.write('\r\u001b[K');
    },
  };
}

function line({ now, events, opened, cured }: Progress, elapsedMilliseconds: number): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const date = new Date(now).toISOString().slice(0, 10);
  return `${date}  ${count(events)} events, ${count(opened)} cases, ${count(cured)} cured, ${(elapsedMilliseconds / 1000).toFixed(0)} s`;
}
