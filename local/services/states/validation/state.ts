import { expressionOf } from '../expression.ts';
import { parseResource, ResourceError } from '../integrations.ts';
import { isObject } from '../json.ts';
import { parseTimestamp } from '../wait.ts';
import { checkArguments } from './arguments.ts';
import type { Diagnostics } from './diagnostics.ts';
import { checkPercentage, checkProcessorConfig } from './distributed.ts';
import { checkCatch, checkRetry } from './errors.ts';
import { checkTemplate, type Place } from './expressions.ts';
import { checkContainer } from './validate.ts';
import { checkVariableNames } from './variables.ts';

/** What a state stands in. */
export interface Surrounding {
  /** The whole definition: its QueryLanguage is the default of all states, however deep. */
  readonly top: unknown;
  readonly diagnostics: Diagnostics;
  /** Where each name of a state was first seen. */
  readonly names: Map<string, string>;
  readonly labels: Set<string>;
  /** Whether the states are those of an Express workflow. */
  readonly express: boolean;
}

const SECONDS_MAX = 99_999_999;
const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: ['Resource', 'Arguments', 'Credentials', 'Output', 'Assign', 'Retry', 'Catch', 'TimeoutSeconds', 'HeartbeatSeconds', 'Next', 'End'],
  Pass: ['Output', 'Assign', 'Next', 'End'],
  Wait: ['Seconds', 'Timestamp', 'Output', 'Assign', 'Next', 'End'],
  Choice: ['Choices', 'Default', 'Output', 'Assign'],
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
  Parallel: ['Branches', 'Arguments', 'Output', 'Assign', 'Retry', 'Catch', 'Next', 'End'],
  Map: [
    'ItemProcessor',
    'Items',
    'ItemSelector',
    'ItemReader',
    'ItemBatcher',
    'ResultWriter',
    'Label',
    'MaxConcurrency',
    'ToleratedFailureCount',
    'ToleratedFailurePercentage',
    'Output',
    'Assign',
    'Retry',
    'Catch',
    'Next',
    'End',
  ],
};
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Task: ['Resource'],
  Choice: ['Choices'],
  Parallel: ['Branches'],
  Map: ['ItemProcessor'],
};
const JSONPATH_FIELDS = new Set([
  'InputPath',
  'OutputPath',
  'ResultPath',
  'Parameters',
  'ResultSelector',
  'Result',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'ErrorPath',
  'CausePath',
  'ItemsPath',
  'MaxConcurrencyPath',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentagePath',
]);

export function checkState(state: unknown, path: string, around: Surrounding): void {
  const { diagnostics } = around;
  if (!isObject(state)) {
    diagnostics.schema('Expected value of type Object', path);
    return;
  }
  const { Type: type } = state;
  const fields = typeof type === 'string' && Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  if (typeof type !== 'string' || fields === undefined) {
    diagnostics.schema(`Value should be one of the following: [${Object.keys(FIELDS).join(', ')}]`, `${path}/Type`);
    return;
  }
  if (!checkLanguage(state, path, around)) return;
  for (const field of Object.keys(state)) if (!COMMON.includes(field) && !fields.includes(field)) diagnostics.schema(refusal(field), path);
  const missing = (REQUIRED[type] ?? []).filter((field) => !(field in state));
  if (missing.length > 0) diagnostics.schema(`These fields are required: [${missing.join(', ')}]`, path);
  checkEnd(state, type, path, diagnostics);
  checkOwnFields(state, type, path, around);
  const result = type === 'Task' || type === 'Map' || type === 'Parallel';
  checkExit(state, path, { result, errorOutput: false }, diagnostics);
  if ('Retry' in state) checkRetry(state.Retry, `${path}/Retry`, diagnostics);
  if ('Catch' in state) checkCatch(state.Catch, `${path}/Catch`, diagnostics);
}

function refusal(field: string): string {
  if (JSONPATH_FIELDS.has(field))
    return `The QueryLanguage is set to 'JSONata', but field '${field}' is only supported for the 'JSONPath' QueryLanguage`;
  return `Field '${field}' is not supported`;
}

function checkLanguage(state: Record<string, unknown>, path: string, { top, diagnostics }: Surrounding): boolean {
  checkQueryLanguage(state, `${path}/QueryLanguage`, diagnostics);
  const machine = isObject(top) && 'QueryLanguage' in top ? top.QueryLanguage : 'JSONPath';
  const language = 'QueryLanguage' in state ? state.QueryLanguage : machine;
  if (language !== 'JSONPath') return true;
  if (machine !== 'JSONPath') diagnostics.schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", path);
  else diagnostics.schema("The QueryLanguage of this state is 'JSONPath', and the embedded Step Functions runs 'JSONata' only", path);
  return false;
}

/**
 * A wrong word is an error where it stands, and counts as JSONata for the rest. The words of this and of other refusals of a language
 * were measured on AWS: https://github.com/floci-io/floci/issues/2968.
 */
export function checkQueryLanguage(holder: Record<string, unknown>, path: string, diagnostics: Diagnostics): void {
  if (!('QueryLanguage' in holder)) return;
  const { QueryLanguage: language } = holder;
  if (typeof language !== 'string') diagnostics.schema('Expected value of type [STRING]', path);
  else if (language !== 'JSONPath' && language !== 'JSONata')
    diagnostics.schema('Value should be one of the following: [JSONPath, JSONata]', path);
}

function checkEnd(state: Record<string, unknown>, type: string, path: string, diagnostics: Diagnostics): void {
  if (type === 'Choice' || type === 'Succeed' || type === 'Fail') return;
  if ('Next' in state && typeof state.Next !== 'string') diagnostics.schema('Expected value of type String', `${path}/Next`);
  if ('End' in state && typeof state.End !== 'boolean') diagnostics.schema('Expected value of type Boolean', `${path}/End`);
  if ('Next' in state === (state.End === true)) diagnostics.schema("Exactly one of 'Next' and 'End' is required", path);
}

/** `Output` and `Assign`, of a state, a choice rule or a catcher. */
export function checkExit(holder: Record<string, unknown>, path: string, place: Place, diagnostics: Diagnostics): void {
  if ('Output' in holder) checkTemplate(holder.Output, `${path}/Output`, place, diagnostics);
  if (!('Assign' in holder)) return;
  if (isObject(holder.Assign)) checkVariableNames(holder.Assign, `${path}/Assign`, diagnostics);
  else diagnostics.schema('Expected value of type Object', `${path}/Assign`);
  checkTemplate(holder.Assign, `${path}/Assign`, place, diagnostics);
}

/** Before the state's own work: nothing but its input and the context. */
export const ENTRY: Place = { result: false, errorOutput: false };

function checkOwnFields(state: Record<string, unknown>, type: string, path: string, around: Surrounding): void {
  const { diagnostics } = around;
  switch (type) {
    case 'Task':
      checkTask(state, path, around);
      break;
    case 'Wait':
      checkWait(state, path, diagnostics);
      break;
    case 'Choice':
      checkChoices(state.Choices, `${path}/Choices`, diagnostics);
      break;
    case 'Fail':
      for (const field of ['Error', 'Cause']) checkText(state, field, path, diagnostics);
      break;
    case 'Parallel':
      checkBranches(state.Branches, path, around);
      if ('Arguments' in state) checkTemplate(state.Arguments, `${path}/Arguments`, ENTRY, diagnostics);
      break;
    case 'Map':
      checkMap(state, path, around);
      break;
    default:
  }
}

function checkTask(state: Record<string, unknown>, path: string, { diagnostics, express }: Surrounding): void {
  for (const field of ['TimeoutSeconds', 'HeartbeatSeconds']) checkInteger(state, field, 1, path, diagnostics);
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout)
    diagnostics.schema('HeartbeatSeconds must be smaller than TimeoutSeconds', `${path}/HeartbeatSeconds`);
  if ('Arguments' in state) checkTemplate(state.Arguments, `${path}/Arguments`, ENTRY, diagnostics);
  if ('Credentials' in state) checkCredentials(state.Credentials, `${path}/Credentials`, diagnostics);
  if (!('Resource' in state)) return;
  if (typeof state.Resource !== 'string') {
    diagnostics.schema('Expected value of type String', `${path}/Resource`);
    return;
  }
  try {
    const integration = parseResource(state.Resource);
    const { kind, pattern } = integration;
    if (express && kind === 'activity') diagnostics.schema('Express state machine does not support Activity ARN', `${path}/Resource`);
    else if (express && pattern !== 'response') {
      const suffix = pattern === 'token' ? '.waitForTaskToken' : '.sync';
      diagnostics.schema(`Express state machine does not support '${suffix}' service integration`, `${path}/Resource`);
    }
    if (kind !== 'function' && kind !== 'activity') checkArguments(state.Arguments, integration, `${path}/Arguments`, diagnostics);
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    diagnostics.schema(error.message, `${path}/Resource`);
  }
}

/** The role to call under. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html */
function checkCredentials(given: unknown, path: string, diagnostics: Diagnostics): void {
  if (!isObject(given)) {
    diagnostics.schema('Expected value of type Object', path);
    return;
  }
  if (!('RoleArn' in given)) diagnostics.schema('These fields are required: [RoleArn]', path);
  for (const field of Object.keys(given)) if (field !== 'RoleArn') diagnostics.schema(`Field '${field}' is not supported`, path);
  checkText(given, 'RoleArn', path, diagnostics);
}

function checkWait(state: Record<string, unknown>, path: string, diagnostics: Diagnostics): void {
  if ('Seconds' in state === 'Timestamp' in state) diagnostics.schema("Exactly one of 'Seconds' and 'Timestamp' is required", path);
  checkInteger(state, 'Seconds', 0, path, diagnostics);
  if (!checkText(state, 'Timestamp', path, diagnostics)) return;
  const { Timestamp: timestamp } = state;
  if (typeof timestamp === 'string' && expressionOf(timestamp) === undefined && parseTimestamp(timestamp) === undefined)
    diagnostics.schema('String does not match RFC3339 timestamp', `${path}/Timestamp`);
}

function checkChoices(choices: unknown, path: string, diagnostics: Diagnostics): void {
  if (choices === undefined) return;
  if (!Array.isArray(choices) || choices.length === 0) {
    diagnostics.schema('Expected a non-empty Array', path);
    return;
  }
  for (const [index, rule] of choices.entries()) {
    const at = `${path}[${index}]`;
    if (!isObject(rule)) {
      diagnostics.schema('Expected value of type Object', at);
      continue;
    }
    for (const field of Object.keys(rule))
      if (!['Condition', 'Next', 'Output', 'Assign', 'Comment'].includes(field))
        diagnostics.schema(`Field '${field}' is not supported`, at);
    const missing = ['Condition', 'Next'].filter((field) => !(field in rule));
    if (missing.length > 0) diagnostics.schema(`These fields are required: [${missing.join(', ')}]`, at);
    if ('Next' in rule && typeof rule.Next !== 'string') diagnostics.schema('Expected value of type String', `${at}/Next`);
    const { Condition: condition } = rule;
    const expression = typeof condition === 'string' && expressionOf(condition) !== undefined;
    if ('Condition' in rule && typeof condition !== 'boolean' && !expression)
      diagnostics.schema('Expected a JSONata expression or a Boolean', `${at}/Condition`);
    checkTemplate(condition, `${at}/Condition`, ENTRY, diagnostics);
    checkExit(rule, at, ENTRY, diagnostics);
  }
}

function checkBranches(branches: unknown, path: string, around: Surrounding): void {
  const { diagnostics } = around;
  if (branches === undefined) return;
  if (!Array.isArray(branches) || branches.length === 0) {
    diagnostics.schema('Expected a non-empty Array', `${path}/Branches`);
    return;
  }
  for (const [index, branch] of branches.entries()) {
    const at = `${path}/Branches[${index}]`;
    if (isObject(branch) && 'ProcessorConfig' in branch) diagnostics.schema("Field 'ProcessorConfig' is not supported", at);
    checkContainer(branch, at, around);
  }
}

function checkMap(state: Record<string, unknown>, path: string, around: Surrounding): void {
  const { diagnostics } = around;
  for (const field of ['MaxConcurrency', 'ToleratedFailureCount']) checkInteger(state, field, 0, path, diagnostics);
  checkPercentage(state, path, diagnostics);
  for (const field of ['Items', 'ItemSelector']) if (field in state) checkTemplate(state[field], `${path}/${field}`, ENTRY, diagnostics);
  const { ItemProcessor: processor, Items: items } = state;
  const execution = checkProcessorConfig(state, path, around);
  const expression = typeof items === 'string' && expressionOf(items) !== undefined;
  if (items !== undefined && !Array.isArray(items) && !expression && !(isObject(items) && execution !== undefined))
    diagnostics.schema(`Expected an Array${execution === undefined ? '' : ', an Object'} or a JSONata expression`, `${path}/Items`);
  if (processor === undefined) return;
  checkContainer(processor, `${path}/ItemProcessor`, execution === undefined ? around : { ...around, express: execution === 'EXPRESS' });
}

// ---- single fields -----------------------------------------------------------------------------------------------------

function checkText(state: Record<string, unknown>, field: string, path: string, diagnostics: Diagnostics): boolean {
  if (!(field in state)) return false;
  if (typeof state[field] !== 'string') {
    diagnostics.schema('Expected value of type String', `${path}/${field}`);
    return false;
  }
  checkTemplate(state[field], `${path}/${field}`, ENTRY, diagnostics);
  return true;
}

/** A literal integer, or an expression that gives one. */
export function checkInteger(state: Record<string, unknown>, field: string, least: number, path: string, diagnostics: Diagnostics): void {
  if (!(field in state)) return;
  const value = state[field];
  if (typeof value === 'string' && expressionOf(value) !== undefined) checkTemplate(value, `${path}/${field}`, ENTRY, diagnostics);
  // Recorded, in `control_lifecycle.json` of radkawar/stackd.
  else if (Number.isInteger(value) && Number(value) < least) diagnostics.schema(`Minimum value is ${least}`, `${path}/${field}`);
  else if (!Number.isInteger(value) || Number(value) > SECONDS_MAX)
    diagnostics.schema(`Expected an integer from ${least} to ${SECONDS_MAX} or a JSONata expression`, `${path}/${field}`);
}
