import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import type { Engine } from './engine.ts';
import { type ErrorOutput, RUNTIME } from './errors.ts';
import type { Execution } from './execution.ts';
import type { Integration } from './integrations.ts';
import { isObject, parseAnswer, parseJson } from './json.ts';
import { errorOfCall, errorOfFunction } from './task-errors.ts';
import { isoTime } from './times.ts';

/** What became of a call. `milliseconds`: how much virtual time the work takes before the answer counts. */
export interface Answer {
  readonly result?: unknown;
  readonly error?: ErrorOutput;
  readonly milliseconds: number;
}

/** Fields that an optimized integration sends as JSON text where they are given as JSON. */
const TEXT_FIELDS: Readonly<Record<string, string>> = { SendMessage: 'MessageBody', Publish: 'Message', StartExecution: 'Input' };

/** Members that are bytes to the SDK: JSON given for them is sent as its text. */
const BYTE_FIELDS: Readonly<Record<string, string>> = { Invoke: 'Payload', PutObject: 'Body' };

/** Calls the service of a task. Never throws for what the service answers. */
export async function callService(engine: Engine, x: Pick<Execution, 'arn'>, integration: Integration, input: unknown): Promise<Answer> {
  const request = requestOf(integration, input);
  let answer: unknown;
  try {
    answer = await engine.kernel.call(integration.service, integration.operation, request, `states:${x.arn}`);
  } catch (error) {
    if (error instanceof AwsError) return { error: errorOfCall(integration, error, engine.kernel.uuid()), milliseconds: 0 };
    // A defect of the cloud itself: fail the task so that nothing hangs, and let the job report it.
    engine.kernel.post(`defect in ${integration.service} ${integration.operation}`, () => {
      throw error;
    });
    return { error: { Error: RUNTIME, Cause: `Internal failure of ${integration.service}: ${String(error)}` }, milliseconds: 0 };
  }
  return answerOf(integration, isObject(answer) ? answer : {});
}

function requestOf(integration: Integration, input: unknown): JsonObject {
  const given = isObject(input) ? input : {};
  switch (integration.kind) {
    case 'function':
      return { FunctionName: integration.functionArn, Payload: JSON.stringify(input) };
    case 'lambda':
      return { ...given, Payload: payloadText(given.Payload) };
    case 'execution':
      return lowerKeys(withText(given, 'Input'));
    case 'activity':
      throw new Error('An activity is called by nobody; its workers ask for it.');
    case 'api':
      if (integration.sdk && integration.operation === 'Invoke' && given.Payload === null) return { ...given, Payload: '{}' };
      if (integration.sdk) return integration.service === 'states' ? lowerKeys(given) : withText(given, BYTE_FIELDS[integration.operation]);
      if (integration.operation === 'PutEvents') return { ...given, Entries: entriesWithText(given.Entries) };
      return withText(given, TEXT_FIELDS[integration.operation]);
  }
}

/** A text that holds JSON is sent as that JSON; nothing at all is an empty event. */
function payloadText(payload: unknown): string {
  if (payload === undefined || payload === null) return '{}';
  if (typeof payload === 'string' && parseJson(payload) !== undefined) return payload;
  return JSON.stringify(payload);
}

function withText(given: JsonObject, field: string | undefined): JsonObject {
  if (field === undefined || !(field in given)) return given;
  const value = given[field];
  // Recorded: an Input of null starts the execution with {}.
  if (field === 'Input' && value === null) return { ...given, Input: '{}' };
  return typeof value === 'string' ? given : { ...given, [field]: JSON.stringify(value) };
}

function entriesWithText(entries: unknown): unknown {
  return Array.isArray(entries) ? entries.map((entry) => (isObject(entry) ? withText(entry, 'Detail') : entry)) : entries;
}

function answerOf(integration: Integration, answer: JsonObject): Answer {
  const { VirtualDurationMs, ...rest } = answer;
  const milliseconds = typeof VirtualDurationMs === 'number' ? VirtualDurationMs : 0;
  if (integration.service === 'lambda' && !integration.sdk) return { ...lambdaAnswer(integration, rest), milliseconds };
  if (integration.kind === 'execution') return { result: raiseKeys(rest, inMilliseconds), milliseconds };
  if (integration.sdk && RAISED.has(integration.service)) return { result: raiseKeys(rest, inText), milliseconds };
  if (integration.service === 'lambda') return { result: sdkLambdaResult(rest), milliseconds };
  if (integration.service === 's3') return { result: plain(rest), milliseconds };
  if (integration.operation === 'PutEvents' && !integration.sdk && Number(rest.FailedEntryCount ?? 0) > 0)
    return { error: { Error: 'EventBridge.FailedEntry', Cause: JSON.stringify(rest) }, milliseconds };
  return { result: rest, milliseconds };
}

const RAISED: ReadonlySet<string> = new Set(['states', 'ssm']);

/** Times and bytes as the text that a state has of them. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return isoTime(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, plain(member)]),
  );
}

/** What a function is answered with for which nobody waits. */
const ACCEPTED = 202;

function lambdaAnswer(integration: Integration, answer: JsonObject): { readonly result?: unknown; readonly error?: ErrorOutput } {
  const text = typeof answer.Payload === 'string' ? answer.Payload : '';
  if (answer.FunctionError !== undefined) return { error: errorOfFunction(text) };
  const payload = text === '' ? null : (parseAnswer(text)?.value ?? null);
  if (integration.kind === 'function') return { result: payload };
  return {
    result: {
      // Recorded: of an event that is only taken it is not told.
      ...(answer.StatusCode === ACCEPTED ? {} : { ExecutedVersion: answer.ExecutedVersion ?? '$LATEST' }),
      ...(answer.LogResult === undefined ? {} : { LogResult: answer.LogResult }),
      Payload: payload,
      StatusCode: answer.StatusCode ?? 200,
    },
  };
}

/** What AWS's SDK makes of the answer: an error of the function is one like any other, as recorded, and the payload stays text. */
function sdkLambdaResult({ ExecutedVersion: version, Payload: payload = '', StatusCode: status, ...more }: JsonObject): JsonObject {
  return { ...(status === ACCEPTED ? {} : { ExecutedVersion: version }), ...more, Payload: payload, StatusCode: status };
}

/** The API of Step Functions spells its members in camelCase, its integrations in PascalCase. */
function lowerKeys(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]));
}

/** How integrations tell of times, given in seconds: those of AWS's SDK as text. */
export function inText(seconds: number): string {
  return isoTime(seconds * 1000);
}

/** The optimized one of Step Functions as numbers, as replayed against AWS by others (`stepfunctions_nested.go` of radkawar/stackd). */
export function inMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** `timeOf` makes of a time what the integration answers. */
export function raiseKeys(output: unknown, timeOf: (seconds: number) => string | number): unknown {
  if (Array.isArray(output)) return output.map((item) => raiseKeys(item, timeOf));
  if (!isObject(output)) return output;
  return Object.fromEntries(
    Object.entries(output).map(([key, value]) => {
      const time = key.endsWith('Date') && typeof value === 'number';
      return [key.charAt(0).toUpperCase() + key.slice(1), time ? timeOf(value) : raiseKeys(value, timeOf)];
    }),
  );
}
