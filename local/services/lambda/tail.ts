import type { LogLine } from './sandbox.ts';

const TAIL_BYTES_MAX = 4096;

/** A run that is over, as its log tells of it. */
export interface LoggedRun {
  readonly requestId: string;
  readonly version: string;
  readonly memoryMegabytes: number;
  /** Milliseconds on the cloud's clock. */
  readonly duration: number;
  /** Its code was loaded for it. */
  readonly isFirst: boolean;
  /** The type of the error that ended its environment with it. */
  readonly endedBy: string | undefined;
}

/**
 * The end of a run's log as `Invoke` answers it: the last 4 KB, as base64
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). The platform's lines are those of the newer format, in which a run that
 * ended its environment says how (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html); the tabs are those of a
 * log recorded on AWS. Memory is not measured here.
 */
export function tailOf(lines: readonly LogLine[], run: LoggedRun): string {
  const { requestId, version, memoryMegabytes, duration, isFirst, endedBy } = run;
  const own = (line: LogLine) => line.run === requestId;
  const loading = isFirst ? lines.filter(({ run }) => run === undefined) : [];
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.max(1, Math.ceil(duration))} ms`,
    `Memory Size: ${memoryMegabytes} MB`,
    'Max Memory Used: 0 MB',
    ...(isFirst ? ['Init Duration: 0.00 ms'] : []),
    statusOf(endedBy),
  ].join('\t');
  const text = Buffer.from(
    [
      ...loading.map(textOf),
      `START RequestId: ${requestId} Version: ${version}`,
      ...lines.filter(own).map(textOf),
      `END RequestId: ${requestId}`,
      `${report}\n`,
    ].join('\n'),
  );
  return text.subarray(Math.max(0, text.length - TAIL_BYTES_MAX)).toString('base64');
}

/** Where all went well, or the code itself told of its failure, AWS ends the line with a tab. */
function statusOf(endedBy: string | undefined): string {
  if (endedBy === undefined) return '';
  return endedBy === 'Sandbox.Timedout' ? 'Status: timeout' : `Status: error\tError Type: ${endedBy}`;
}

/** What goes through the console has the runtime's own columns before it; other output has none. */
export function textOf({ at, text, run, level }: LogLine): string {
  return level === undefined ? text : `${new Date(at).toISOString()}\t${String(run)}\t${level}\t${text}`;
}
