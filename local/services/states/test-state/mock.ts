import { AwsError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/kernel.ts';
import type { CompiledState } from '../definition.ts';
import { CAUSE_MAX, ERROR_MAX } from '../execution-operations.ts';
import type { Integration } from '../integrations.ts';
import { isObject, PAYLOAD_MAX_BYTES, parseJson } from '../json.ts';
import { Request } from '../request.ts';

/** What takes the place of a service's answer, or of all that a Parallel or Map would run. */
export interface Mock {
  readonly result: { readonly text: string; readonly value: unknown } | undefined;
  readonly error: { readonly Error: string; readonly Cause: string | null } | undefined;
}

const MODES = ['STRICT', 'PRESENT', 'NONE'] as const;
const MOCKED: ReadonlySet<string> = new Set(['Task', 'Parallel', 'Map']);

/** Reads the mock of a state. The refusals are those of `testdata/aws/stepfunctions/test_state_mock.json` of radkawar/stackd. */
export function readMock(given: unknown, state: CompiledState): Mock | undefined {
  if (given === undefined || given === null) return undefined;
  if (!isObject(given)) throw invalid("The member 'mock' must be an object");
  const request = new Request(given as JsonObject, ['result', 'errorOutput', 'fieldValidationMode']);
  const text = request.optionalText('result', PAYLOAD_MAX_BYTES);
  const mode = request.word('fieldValidationMode', MODES) ?? 'STRICT';
  const { errorOutput } = given;
  if (!MOCKED.has(state.type)) throw invalid(`State type '${state.type}' is not supported when a mock is specified`);
  if (text !== undefined && errorOutput !== undefined)
    throw invalid('A test mock should have only one of the following fields: [result, errorOutput].');
  if (errorOutput !== undefined) return { result: undefined, error: readError(errorOutput) };
  if (text === undefined) throw invalid('One of the following fields is required for a test mock: [result, errorOutput].');
  const value = parseJson(text)?.value;
  checkResult(value, state);
  if (mode !== 'NONE' && isObject(value) && state.integration !== undefined) checkFields(value, state.integration, mode);
  return { result: { text, value }, error: undefined };
}

function readError(given: unknown): Mock['error'] {
  if (!isObject(given)) throw invalid("The member 'errorOutput' must be an object");
  const request = new Request(given as JsonObject, ['error', 'cause']);
  const error = request.optionalText('error', ERROR_MAX);
  if (error === undefined || error === '') throw invalid('An error was not specified in the mocked error output.');
  return { Error: error, Cause: request.optionalText('cause', CAUSE_MAX) ?? null };
}

function checkResult(value: unknown, state: CompiledState): void {
  if (state.type === 'Task') {
    // What a function, a worker or whoever has the token answers is theirs.
    const free = state.integration?.kind === 'function' || state.integration?.pattern === 'token';
    if (value === undefined || !(free || isObject(value))) throw invalid('Mocked result must be a valid JSON object.');
    return;
  }
  if (state.distributed?.exports === true) {
    if (!isObject(value)) throw invalid('Mocked result must be a JSON object.');
    return;
  }
  if (!Array.isArray(value)) throw invalid('Mocked result must be an array.');
  if (state.type === 'Parallel' && value.length !== state.children.length)
    throw invalid('Mocked result must contain the same number of items as number of Parallel branches.');
}

type Shape = Readonly<Record<string, { readonly type: 'string' | 'number' | 'array'; readonly required?: true; readonly of?: Shape }>>;

/** What the APIs of these services answer; of others there is no saying here, and any object is taken. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'lambda:Invoke': {
    StatusCode: { type: 'number' },
    FunctionError: { type: 'string' },
    LogResult: { type: 'string' },
    Payload: { type: 'string' },
    ExecutedVersion: { type: 'string' },
  },
  'states:StartExecution': { ExecutionArn: { type: 'string', required: true }, StartDate: { type: 'string', required: true } },
  'events:PutEvents': {
    FailedEntryCount: { type: 'number' },
    Entries: { type: 'array', of: { EventId: { type: 'string' }, ErrorCode: { type: 'string' }, ErrorMessage: { type: 'string' } } },
  },
  'sqs:SendMessage': {
    MessageId: { type: 'string' },
    MD5OfMessageBody: { type: 'string' },
    MD5OfMessageAttributes: { type: 'string' },
    MD5OfMessageSystemAttributes: { type: 'string' },
    SequenceNumber: { type: 'string' },
  },
  'sns:Publish': { MessageId: { type: 'string' }, SequenceNumber: { type: 'string' } },
};

function checkFields(result: JsonObject, integration: Integration, mode: string): void {
  if (integration.pattern !== 'response' || integration.kind === 'function') return;
  const shape = SHAPES[`${integration.service}:${integration.operation}`];
  if (shape !== undefined) checkShape(result, shape, mode === 'STRICT');
}

function checkShape(given: JsonObject, shape: Shape, strict: boolean): void {
  for (const [field, { type, required, of }] of Object.entries(shape)) {
    const value = given[field];
    if (value === undefined) {
      if (strict && required === true) throw invalid(`Mock result schema validation error: Required field '${field}' is missing`);
      continue;
    }
    const fits = type === 'array' ? Array.isArray(value) : typeof value === type;
    if (!fits)
      throw invalid(`Mock result schema validation error: Field '${field}' must be ${type === 'array' ? 'an array' : `a ${type}`}`);
    if (of !== undefined) for (const item of value as unknown[]) if (isObject(item)) checkShape(item, of, strict);
  }
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
