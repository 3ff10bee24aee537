import { isObject } from '../json.ts';
import { Diagnostics } from './diagnostics.ts';
import { checkGraph } from './graph.ts';
import { checkQueryLanguage, checkState, type Surrounding } from './state.ts';

const NAME_MAX = 80;
const BYTES_MAX = 1_048_576;
const SECONDS_MAX = 99_999_999;

/**
 * Refuses what AWS refuses at `CreateStateMachine`, and what this cloud does not run, naming the state and the field. Throws
 * `InvalidDefinition`. The rules are those of https://states-language.net/spec.html and of
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html; the wording follows recorded answers.
 */
export function validateDefinition(text: string, type = 'STANDARD'): void {
  diagnose(text, type).throwIfAny();
}

/** Everything that is wrong with a definition. */
export function diagnose(text: string, type: string): Diagnostics {
  const diagnostics = new Diagnostics();
  const top = parse(text, diagnostics);
  if (!diagnostics.any()) checkContainer(top, '', { top, diagnostics, names: new Map(), labels: new Set(), express: type === 'EXPRESS' });
  return diagnostics;
}

function parse(text: string, diagnostics: Diagnostics): unknown {
  if (Buffer.byteLength(text) > BYTES_MAX) diagnostics.schema(`The definition exceeds the maximum of ${BYTES_MAX} bytes`, '/');
  try {
    return JSON.parse(text);
  } catch (error) {
    diagnostics.add('INVALID_JSON_DESCRIPTION', (error as Error).message);
    return undefined;
  }
}

const TOP_FIELDS = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version', 'QueryLanguage'];
const INNER_FIELDS = ['Comment', 'StartAt', 'States', 'ProcessorConfig'];

/** A state machine, a branch of a Parallel or the processor of a Map. */
export function checkContainer(container: unknown, path: string, around: Surrounding): void {
  const { diagnostics, names } = around;
  const here = path === '' ? '/' : path;
  if (!isObject(container)) {
    diagnostics.schema('Expected value of type Object', here);
    return;
  }
  const missing = ['States', 'StartAt'].filter((field) => !(field in container));
  if (missing.length > 0) diagnostics.schema(`These fields are required: [${missing.join(', ')}]`, here);
  const known = path === '' ? TOP_FIELDS : INNER_FIELDS;
  for (const field of Object.keys(container)) if (!known.includes(field)) diagnostics.schema(`Field '${field}' is not supported`, here);
  if (path === '') checkTop(container, diagnostics);
  const { States: states, StartAt: start } = container;
  if ('StartAt' in container && typeof start !== 'string') diagnostics.schema('Expected value of type String', `${path}/StartAt`);
  if (!('States' in container)) return;
  if (!isObject(states) || Object.keys(states).length === 0) {
    diagnostics.schema('Expected a non-empty Object', `${path}/States`);
    return;
  }
  for (const [name, state] of Object.entries(states)) {
    const at = `${path}/States/${name}`;
    if (name === '' || name.length > NAME_MAX) diagnostics.schema(`A state name has from 1 to ${NAME_MAX} characters`, at);
    if (names.has(name)) diagnostics.add('DUPLICATE_STATE_NAME', `Duplicate State name: ${name}, first at ${names.get(name)}`, at);
    names.set(name, at);
    checkState(state, at, around);
  }
  if (typeof start === 'string') checkGraph(start, states, path, diagnostics);
}

function checkTop(definition: Record<string, unknown>, diagnostics: Diagnostics): void {
  const { TimeoutSeconds: timeout, Version: version } = definition;
  if (timeout !== undefined && !(Number.isInteger(timeout) && Number(timeout) >= 1 && Number(timeout) <= SECONDS_MAX))
    diagnostics.schema(`Expected an integer from 1 to ${SECONDS_MAX}`, '/TimeoutSeconds');
  checkQueryLanguage(definition, '/QueryLanguage', diagnostics);
  if (version !== undefined && version !== '1.0') diagnostics.schema("Value must be '1.0'", '/Version');
}
