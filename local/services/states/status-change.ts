import type { Engine } from './engine.ts';
import type { Execution } from './execution.ts';
import { redriveState } from './start.ts';

/**
 * The detail of the event "Step Functions Execution Status Change", as recorded in `testdata/aws/stepfunctions/observability.json` of
 * radkawar/stackd. Times are milliseconds since the epoch.
 */
export interface StatusChange {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: string;
  readonly startDate: number;
  readonly stopDate: number | null;
  readonly input: string | null;
  readonly output: string | null;
  readonly stateMachineVersionArn: string | null;
  readonly stateMachineAliasArn: string | null;
  readonly redriveCount: number;
  readonly redriveDate: number | null;
  readonly redriveStatus: string;
  readonly redriveStatusReason: string | null;
  readonly inputDetails: { readonly included: boolean };
  readonly outputDetails: { readonly included: boolean } | null;
  readonly error: string | null;
  readonly cause: string | null;
}

/** So much of input and output together, written as JSON once more, finds room. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const PAYLOAD_MAX = 248 * 1024;
/** No character takes more bytes than this when it is escaped. */
const ESCAPED_MAX = 6;

export function statusChangeOf(engine: Engine, x: Execution): StatusChange {
  const { version, alias, mapRun } = x.origin;
  const { redriveStatus, redriveStatusReason } = redriveState(engine, {
    status: x.status,
    started: x.startedAt,
    stopped: x.stoppedAt ?? null,
    events: x.lastEvent,
    map_run: mapRun ?? null,
  });
  const { input, output = null } = x;
  const { withInput, withOutput } = roomFor(input, output ?? '');
  return {
    executionArn: x.arn,
    stateMachineArn: x.machine.arn,
    name: x.name,
    status: x.status,
    startDate: x.startedAt,
    stopDate: x.stoppedAt ?? null,
    input: withInput ? input : null,
    output: withOutput ? output : null,
    stateMachineVersionArn: version === undefined ? null : `${x.machine.arn}:${version}`,
    stateMachineAliasArn: alias === undefined ? null : `${x.machine.arn}:${alias}`,
    redriveCount: x.redrives,
    redriveDate: x.redrivenAt ?? null,
    redriveStatus,
    redriveStatusReason: redriveStatusReason ?? null,
    inputDetails: { included: withInput },
    outputDetails: output === null ? null : { included: withOutput },
    error: x.error?.Error ?? null,
    cause: x.error?.Cause ?? null,
  };
}

/** Hardly any payload is so large that its escaped form must be looked at. */
function roomFor(input: string, output: string): { readonly withInput: boolean; readonly withOutput: boolean } {
  if ((input.length + output.length) * ESCAPED_MAX <= PAYLOAD_MAX) return { withInput: true, withOutput: true };
  const [escapedInput, escapedOutput] = [escapedBytes(input), escapedBytes(output)];
  return { withInput: escapedInput + escapedOutput <= PAYLOAD_MAX, withOutput: escapedOutput <= PAYLOAD_MAX };
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
