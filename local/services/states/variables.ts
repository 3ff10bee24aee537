import { DATA_LIMIT, QueryError, RUNTIME, StateError } from './errors.ts';
import { type Branch, branchesOf, type Execution } from './execution.ts';
import { PAYLOAD_MAX_BYTES } from './json.ts';

/** All variables of an execution. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const TOTAL_MAX_BYTES = 10 * 1_048_576;

/**
 * The texts of the values that a state assigns, as they stand in the history. Their sizes are what is limited, names are free; the
 * sentences are those recorded in `testdata/aws/stepfunctions/variable_limits.json` of radkawar/stackd.
 */
export function assignedTexts(state: string, assigned: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  let total = 0;
  for (const [name, value] of Object.entries(assigned)) {
    const text = JSON.stringify(value);
    const bytes = Buffer.byteLength(text);
    const who = `Variable '${name}' in state '${state}' was assigned ${bytes} bytes`;
    if (bytes > PAYLOAD_MAX_BYTES) throw tooLarge(`Variable size limit exceeded. ${who}.`);
    total += bytes;
    if (total > PAYLOAD_MAX_BYTES)
      throw tooLarge(
        `State total variable size limit exceeded. ${who}, which caused the size of variables assigned in the state to exceed its limit by ${total - PAYLOAD_MAX_BYTES} bytes.`,
      );
    texts[name] = text;
  }
  return texts;
}

function tooLarge(cause: string): QueryError {
  return new QueryError('Assign', cause, DATA_LIMIT);
}

/** Gives a branch the variables that its state assigns, and answers their texts. */
export function assign(x: Execution, b: Branch, assigned: Record<string, unknown>): Record<string, string> {
  // Accepted in a definition, and an error where it happens: inner scopes read outer variables and never set them.
  for (const name of Object.keys(assigned))
    for (let outer = b.parent; outer !== undefined; outer = outer.parent)
      if (Object.hasOwn(outer.variables, name))
        throw new StateError(RUNTIME, `The variable '${name}' belongs to an outer scope and cannot be assigned in '${b.state}'.`);
  const texts = assignedTexts(b.state, assigned);
  const variables = { ...b.variables, ...assigned };
  const own = new Map(sizesOf(b.variables));
  for (const [name, text] of Object.entries(texts)) own.set(name, Buffer.byteLength(text));
  sizes.set(variables, own);
  let total = sum(own);
  for (const other of branchesOf(x.root)) if (other !== b && !other.dead) total += sum(sizesOf(other.variables));
  if (total > TOTAL_MAX_BYTES)
    throw tooLarge(
      `Execution total variable size limit exceeded. State '${b.state}' assigned variables that exceed the total execution limit by ${total - TOTAL_MAX_BYTES} bytes.`,
    );
  b.variables = variables;
  return texts;
}

/** How large the variables of a scope are, by name: counted once, since a scope is never changed but replaced. */
const sizes = new WeakMap<object, ReadonlyMap<string, number>>();

function sizesOf(variables: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> {
  const known = sizes.get(variables);
  if (known !== undefined) return known;
  const found = new Map(Object.entries(variables).map(([name, value]) => [name, Buffer.byteLength(JSON.stringify(value))]));
  sizes.set(variables, found);
  return found;
}

function sum(scope: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const bytes of scope.values()) total += bytes;
  return total;
}
