import type { JsonObject } from '../../kernel/kernel.ts';

const ENTRY_BYTES_MAX = 262_144;

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
    if (typeof value !== 'string' || value === '')
      return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.` };
  }
  if (String(entry.Source).startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  if (size > ENTRY_BYTES_MAX)
    return { ErrorCode: 'EntrySizeExceeded', ErrorMessage: `Entry size is over the limit of ${ENTRY_BYTES_MAX} bytes.` };
  return undefined;
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
  if (typeof given === 'number') return given * 1000;
  const at = typeof given === 'string' ? Date.parse(given) : Number.NaN;
  return Number.isNaN(at) ? now : at;
}
