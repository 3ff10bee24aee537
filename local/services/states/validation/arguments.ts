import { expressionOf } from '../expression.ts';
import type { Integration } from '../integrations.ts';
import { isObject } from '../json.ts';
import type { Diagnostics } from './diagnostics.ts';

/**
 * Checks the literal arguments of a call. Those of the SDK are refused in the words of `sdk_admission.json` of radkawar/stackd: what is
 * missing before what is too much.
 */
export function checkArguments(
  given: unknown,
  { operationFields: { required, optional }, sdk }: Pick<Integration, 'operationFields' | 'sdk'>,
  path: string,
  diagnostics: Diagnostics,
): void {
  // Nothing given: the state's input is the call's. An expression is checked when it is evaluated.
  if (given === undefined || (typeof given === 'string' && expressionOf(given) !== undefined)) return;
  if (!isObject(given)) {
    diagnostics.schema('Expected value of type Object', path);
    return;
  }
  const missing = required.filter((field) => !(field in given));
  for (const field of missing) diagnostics.schema(`The field '${field}' is required but was missing`, path);
  if (sdk && missing.length > 0) return;
  const known = [...required, ...optional];
  for (const field of Object.keys(given).filter((field) => !known.includes(field)))
    diagnostics.schema(
      sdk
        ? `The field "${field}" is not supported by Step Functions${suggestion(field, known)}`
        : `The field '${field}' is not supported by Step Functions`,
      path,
    );
}

/** The nearest name that has a letter in common. The body of an object is no member of the SDK's request, and not proposed. */
function suggestion(field: string, known: readonly string[]): string {
  const near = known
    .filter((name) => name !== 'Body')
    .map((name) => ({ name, distance: distanceOf(field, name) }))
    .filter(({ name, distance }) => distance < Math.max(name.length, field.length))
    .sort((one, other) => one.distance - other.distance);
  return near[0] === undefined ? '' : `. Did you mean '${near[0].name}'?`;
}

/** How many letters must be put in, taken out or replaced to make one text of the other. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [index, target] of [...other].entries()) {
      const replaced = (row[index] ?? 0) + (letter === target ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
