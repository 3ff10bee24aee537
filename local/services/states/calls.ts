import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import type { Engine } from './engine.ts';
import { type ErrorOutput, RUNTIME } from './errors.ts';
import type { Execution } from './execution.ts';
import type { Integration } from './integrations.ts';
import { isObject, parseAnswer, parseJson } from './json.ts';
import { ACCEPTED, inOrder, metadataOf, putObjectInJava, s3InJava, sqsInJava, withoutNulls } from './sdk-answers.ts';
import { inOwnNames } from './sdk-model.ts';
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

/** Calls the service of a task. Never throws for what the service answers. */
export async function callService(engine: Engine, x: Pick<Execution, 'arn'>, integration: Integration, input: unknown): Promise<Answer> {
  const request = requestOf(integration, input, x.arn);
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
  return answerOf(engine, integration, isObject(answer) ? answer : {});
}

function requestOf(integration: Integration, input: unknown, executionArn: string): JsonObject {
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
      if (integration.sdk) return sdkRequestOf(integration, given);
      if (integration.operation === 'PutEvents') return { ...given, Entries: entriesOf(given.Entries, executionArn) };
      return withText(withoutNulls(given), TEXT_FIELDS[integration.operation]);
  }
}

function sdkRequestOf({ service, operation, sdkInput }: Integration, named: JsonObject): JsonObject {
  const given = sdkInput?.isRenamed === true ? inOwnNames(named, sdkInput.model) : named;
  if (service === 's3' && operation === 'PutObject') return putObjectInJava(given);
  // Bytes to the SDK: JSON given for them is sent as its text.
  if (operation === 'Invoke') return given.Payload === null ? { ...given, Payload: '{}' } : withText(given, 'Payload');
  return withoutNulls(given);
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

/** Recorded, in `test_events_task_service.snapshot.json` of localstack/localstack: an event names who sent it, last of its resources. */
function entriesOf(entries: unknown, executionArn: string): unknown {
  if (!Array.isArray(entries)) return entries;
  const sender = executionArn.split(':');
  const machine = [...sender.slice(0, 5), 'stateMachine', sender[6]].join(':');
  return entries.map((entry) => {
    if (!isObject(entry)) return entry;
    const { Resources: given = [] } = entry;
    return { ...withText(withoutNulls(entry), 'Detail'), Resources: Array.isArray(given) ? [...given, machine, executionArn] : given };
  });
}

function answerOf({ kernel }: Engine, integration: Integration, answer: JsonObject): Answer {
  const { VirtualDurationMs, ...rest } = answer;
  const milliseconds = typeof VirtualDurationMs === 'number' ? VirtualDurationMs : 0;
  if (integration.sdk) return { result: sdkResultOf(integration.service, rest), milliseconds };
  const error = errorIn(integration, rest);
  if (error !== undefined) return { error, milliseconds };
  if (integration.kind === 'function') return { result: payloadOf(rest), milliseconds };
  const metadata = metadataOf(integration, rest, kernel);
  return { result: inOrder({ ...resultOf(integration, rest), ...metadata }), milliseconds };
}

/** What AWS's SDK for Java makes of an answer. */
function sdkResultOf(service: string, answer: JsonObject): unknown {
  if (RAISED.has(service)) return raiseKeys(answer, inText);
  switch (service) {
    case 'lambda':
      return sdkLambdaResult(answer);
    case 's3':
      return s3InJava(answer);
    case 'sqs':
      return sqsInJava(answer);
    default:
      return answer;
  }
}

/** Answers that are errors to the optimized integrations. */
function errorIn({ service }: Integration, answer: JsonObject): ErrorOutput | undefined {
  if (service === 'lambda' && answer.FunctionError !== undefined) return errorOfFunction(textIn(answer));
  if (service === 'events' && Number(answer.FailedEntryCount ?? 0) > 0)
    return { Error: 'EventBridge.FailedEntry', Cause: JSON.stringify(inOrder(answer)) };
  return undefined;
}

const RAISED: ReadonlySet<string> = new Set(['states', 'ssm']);

function textIn({ Payload: payload }: JsonObject): string {
  return typeof payload === 'string' ? payload : '';
}

function payloadOf(answer: JsonObject): unknown {
  const text = textIn(answer);
  return text === '' ? null : (parseAnswer(text)?.value ?? null);
}

function resultOf({ kind }: Integration, answer: JsonObject): JsonObject {
  if (kind === 'execution') return raiseKeys(answer, inMilliseconds) as JsonObject;
  if (kind !== 'lambda') return answer;
  return {
    // Recorded: of an event that is only taken it is not told.
    ...(answer.StatusCode === ACCEPTED ? {} : { ExecutedVersion: answer.ExecutedVersion ?? '$LATEST' }),
    ...(answer.LogResult === undefined ? {} : { LogResult: answer.LogResult }),
    Payload: payloadOf(answer),
    StatusCode: answer.StatusCode ?? 200,
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
