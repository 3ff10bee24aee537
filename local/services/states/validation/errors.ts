import { isObject } from '../json.ts';
import type { Diagnostics } from './diagnostics.ts';
import { checkExit } from './state.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const RESERVED = new Set(
  [
    'ALL',
    'BranchFailed',
    'DataLimitExceeded',
    'ExceedToleratedFailureThreshold',
    'HeartbeatTimeout',
    'Http.Socket',
    'IntrinsicFailure',
    'ItemReaderFailed',
    'NoChoiceMatched',
    'ParameterPathFailure',
    'Permissions',
    'QueryEvaluationError',
    'ResultPathMatchFailure',
    'ResultWriterFailed',
    'Runtime',
    'TaskFailed',
    'Timeout',
  ].map((name) => `States.${name}`),
);
const RETRY_FIELDS = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'];
const CATCH_FIELDS = ['ErrorEquals', 'Next', 'Output', 'Assign', 'Comment'];

type Check = (value: unknown) => boolean;

const integer =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

const RETRY_CHECKS: Readonly<Record<string, readonly [rule: string, holds: Check]>> = {
  IntervalSeconds: ['an integer from 1 to 99999999', integer(1, 99_999_999)],
  MaxAttempts: ['an integer from 0 to 99999999', integer(0, 99_999_999)],
  MaxDelaySeconds: ['an integer from 1 to 31622400', integer(1, 31_622_400)],
  BackoffRate: ['a number of at least 1.0', (value) => typeof value === 'number' && value >= 1],
  JitterStrategy: ["'FULL' or 'NONE'", (value) => value === 'FULL' || value === 'NONE'],
};

export function checkRetry(list: unknown, path: string, diagnostics: Diagnostics): void {
  for (const { entry, at } of entries(list, path, RETRY_FIELDS, diagnostics)) {
    for (const [field, [rule, holds]] of Object.entries(RETRY_CHECKS))
      if (field in entry && !holds(entry[field])) diagnostics.schema(`Expected ${rule}`, `${at}/${field}`);
    const { IntervalSeconds: interval, MaxDelaySeconds: most } = entry;
    if (typeof most === 'number' && most <= (typeof interval === 'number' ? interval : 1))
      diagnostics.schema('MaxDelaySeconds must be greater than IntervalSeconds', `${at}/MaxDelaySeconds`);
  }
}

export function checkCatch(list: unknown, path: string, diagnostics: Diagnostics): void {
  for (const { entry, at } of entries(list, path, CATCH_FIELDS, diagnostics)) {
    if (typeof entry.Next !== 'string') diagnostics.schema('These fields are required: [Next]', at);
    checkExit(entry, at, { result: false, errorOutput: true }, diagnostics);
  }
}

/** What retriers and catchers share: a list of objects of known fields, `ErrorEquals`, and States.ALL alone and last. */
function entries(
  list: unknown,
  path: string,
  known: readonly string[],
  diagnostics: Diagnostics,
): { readonly entry: Record<string, unknown>; readonly at: string }[] {
  if (!Array.isArray(list)) {
    diagnostics.schema('Expected value of type Array', path);
    return [];
  }
  const found: { entry: Record<string, unknown>; at: string }[] = [];
  for (const [index, entry] of list.entries()) {
    const at = `${path}[${index}]`;
    if (!isObject(entry)) {
      diagnostics.schema('Expected value of type Object', at);
      continue;
    }
    for (const field of Object.keys(entry)) if (!known.includes(field)) diagnostics.schema(`Field '${field}' is not supported`, at);
    checkErrorEquals(entry.ErrorEquals, index === list.length - 1, at, diagnostics);
    found.push({ entry, at });
  }
  return found;
}

function checkErrorEquals(names: unknown, last: boolean, at: string, diagnostics: Diagnostics): void {
  const path = `${at}/ErrorEquals`;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    diagnostics.schema('Expected a non-empty Array of Strings', path);
    return;
  }
  for (const name of names)
    if (name.startsWith('States.') && !RESERVED.has(name)) diagnostics.schema(`'${name}' is no error name of the language`, path);
  if (names.includes('States.ALL') && (names.length > 1 || !last))
    diagnostics.schema("'States.ALL' must be the only error name and in the last entry", path);
}
