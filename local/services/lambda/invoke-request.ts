import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';

/** What `Invoke` was asked. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export interface InvokeRequest {
  readonly name: string;
  /** A version or alias. */
  readonly qualifier: string | undefined;
  readonly type: 'RequestResponse' | 'Event' | 'DryRun';
  readonly isTailed: boolean;
  /** JSON text. */
  readonly payload: string;
  readonly event: unknown;
  readonly clientContext: unknown;
}

/** All that `Invoke` takes here. */
export const INVOKE_MEMBERS: ReadonlySet<string> = new Set([
  'FunctionName',
  'Qualifier',
  'InvocationType',
  'LogType',
  'ClientContext',
  'Payload',
]);
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const REQUEST_BYTES_MAX = 6 * 1024 * 1024;
const EVENT_BYTES_MAX = 1024 * 1024;
const CLIENT_CONTEXT_LENGTH_MAX = 3583;

/** Throws what Lambda refuses, before it looks for the function. */
export function invokeRequest(input: JsonObject): InvokeRequest {
  for (const member in input)
    if (!INVOKE_MEMBERS.has(member) && input[member] !== undefined)
      throw new AwsError('UnsupportedOperation', `The embedded cloud's Lambda does not know the member ${member} of Invoke.`);
  const type = input.InvocationType ?? 'RequestResponse';
  if (type !== 'RequestResponse' && type !== 'Event' && type !== 'DryRun')
    throw invalid(`InvocationType must be RequestResponse, Event or DryRun, not ${String(type)}.`);
  if (input.LogType !== undefined && input.LogType !== 'None' && input.LogType !== 'Tail')
    throw invalid(`LogType must be None or Tail, not ${String(input.LogType)}.`);
  const payload = typeof input.Payload === 'string' && input.Payload !== '' ? input.Payload : '{}';
  checkSize(payload, type);
  return {
    ...target(String(input.FunctionName), input.Qualifier),
    type,
    isTailed: input.LogType === 'Tail',
    payload,
    event: parseEvent(payload),
    // An asynchronous invocation has none.
    clientContext: type === 'Event' ? undefined : clientContext(input.ClientContext),
  };
}

function checkSize(payload: string, type: InvokeRequest['type']): void {
  const largest = type === 'Event' ? EVENT_BYTES_MAX : REQUEST_BYTES_MAX;
  const size = payload.length > largest / 3 ? Buffer.byteLength(payload) : 0;
  if (size <= largest) return;
  const message =
    type === 'Event'
      ? `${size} byte payload is too large for the Event invocation type (limit ${largest} bytes)`
      : `Request must be smaller than ${largest} bytes for the InvokeFunction operation`;
  throw new AwsError('RequestEntityTooLargeException', message, 413);
}

function target(given: string, asked: unknown): Pick<InvokeRequest, 'name' | 'qualifier'> {
  const { name, qualifier } = parseFunctionName(given);
  const other = asked === undefined || asked === '' ? undefined : String(asked);
  if (qualifier !== undefined && other !== undefined && qualifier !== other)
    throw invalid('The derived qualifier from the function name does not match the specified qualifier.');
  return { name, qualifier: qualifier ?? other };
}

/** The parts of a name, partial ARN or ARN, with or without a version or alias. */
export function parseFunctionName(given: string): { readonly name: string; readonly qualifier: string | undefined } {
  const parts = given.split(':');
  const index = parts.indexOf('function');
  return { name: parts[index + 1] ?? given, qualifier: parts[index + 2] };
}

/** Throws where a payload is not JSON. */
export function parseEvent(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json: the payload is not JSON.');
  }
}

function clientContext(given: unknown): unknown {
  if (given === undefined || given === '') return undefined;
  const text = String(given);
  try {
    if (text.length <= CLIENT_CONTEXT_LENGTH_MAX) return JSON.parse(Buffer.from(text, 'base64').toString());
  } catch {
    // Said below.
  }
  throw new AwsError('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
