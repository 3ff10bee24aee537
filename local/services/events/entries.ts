import type { JsonObject } from '../../kernel/kernel.ts';

const ENTRY_BYTES_MAX = 262_144;
/** As EventBridge Scheduler's page has them (https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EventBridgeParameters.html). */
const LENGTHS_MAX = { DetailType: 128, Source: 256 } as const;

/** How AWS counts an entry (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size). */
export function entryBytes(entry: JsonObject): number {
  const bytes = (value: unknown) => (typeof value === 'string' ? Buffer.byteLength(value) : 0);
  const resources = Array.isArray(entry.Resources) ? entry.Resources.reduce((sum: number, item) => sum + bytes(item), 0) : 0;
  return (entry.Time === undefined ? 0 : 14) + bytes(entry.Source) + bytes(entry.DetailType) + bytes(entry.Detail) + resources;
}

/** Why an entry of `PutEvents` is refused: the answer for it; undefined where it is fine. */
export function entryProblem(entry: JsonObject, size: number): JsonObject | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    const value = entry[name];
    if (typeof value !== 'string' || value === '') return invalidArgument(name, `${name} is a required argument.`);
  }
  if (entry.Time !== undefined && entry.Time !== null && Number.isNaN(timeOf(entry.Time)))
    return invalidArgument('Time', 'Time must be seconds since the epoch or an ISO 8601 instant.');
  if (Array.isArray(entry.Resources) && entry.Resources.some((resource) => typeof resource !== 'string'))
    return invalidArgument('Resources', 'Resources must be a list of texts.');
  for (const name of ['DetailType', 'Source'] as const)
    if (String(entry[name]).length > LENGTHS_MAX[name])
      return invalidArgument(name, `${name} must be at most ${LENGTHS_MAX[name]} characters.`);
  if (String(entry.Source).startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  if (size > ENTRY_BYTES_MAX)
    return { ErrorCode: 'EntrySizeExceeded', ErrorMessage: `Entry size is over the limit of ${ENTRY_BYTES_MAX} bytes.` };
  return undefined;
}

function invalidArgument(name: string, why: string): JsonObject {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${why}` };
}

/** An entry's detail; undefined where it is no JSON object. */
export function parseDetail(text: string): JsonObject | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? (detail as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** An entry's time in milliseconds: the SDKs send seconds, others text; else `now`. */
export function eventTime(given: unknown, now: number): number {
  const at = timeOf(given);
  return Number.isNaN(at) ? now : at;
}

function timeOf(given: unknown): number {
  const at = typeof given === 'number' ? given * 1000 : typeof given === 'string' ? Date.parse(given) : Number.NaN;
  return new Date(at).getTime();
}
