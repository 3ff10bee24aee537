import type { JsonObject } from '../../../kernel/kernel.ts';
import { expressionOf } from '../expression.ts';
import { isObject } from '../json.ts';
import type { Shape, Structure } from '../sdk-model.ts';

/** Any other text is no truth value to the SDK: recorded in `sdk_admission.json` of radkawar/stackd. */
const TRUTH: ReadonlySet<string> = new Set(['true', 'True', 'TRUE', 'false', 'False', 'FALSE', 'null', '']);

/**
 * What is wrong with the literal arguments of an integration with the SDK, in the order in which they stand: the SDK stops at the first.
 * Null is nothing given, and an expression is checked by the service. As recorded in `sdk_admission.json` of radkawar/stackd; how a list or
 * a number is refused where another kind of value belongs is not, and worded likewise.
 */
export function argumentProblem(given: JsonObject, model: Structure, resourceType: string): string | undefined {
  const unknown = (field: string) => suggestion(field, [...model.members.keys()]);
  return structureProblem(given, model, { packageName: resourceType.slice(resourceType.indexOf(':') + 1), unknown });
}

interface Words {
  /** The SDK's package for the service. */
  readonly packageName: string;
  readonly unknown: (field: string) => string;
}

function structureProblem(given: JsonObject, { members }: Structure, words: Words): string | undefined {
  for (const [field, value] of Object.entries(given)) {
    const member = members.get(field);
    if (member === undefined) return `The field "${field}" is not supported by Step Functions${words.unknown(field)}`;
    // What is proposed was recorded of the request's own members only.
    const problem = problemOf(field, value, member.shape(), { ...words, unknown: () => '' });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf(field: string, value: unknown, shape: Shape, words: Words): string | undefined {
  if (value === null || shape.kind === 'ANY' || (typeof value === 'string' && expressionOf(value) !== undefined)) return undefined;
  const other = `The value for the field '${field}' must be a${shape.kind === 'INTEGER' ? 'n' : ''} ${shape.kind}`;
  switch (shape.kind) {
    case 'STRING':
      return typeof value === 'string' ? undefined : other;
    case 'INTEGER':
      return Number.isInteger(value) ? undefined : other;
    case 'BOOLEAN':
      return truthProblem(value, other);
    case 'LIST':
      return Array.isArray(value) ? first(value, (item) => problemOf(field, item, shape.of, words)) : other;
    case 'MAP':
      return isObject(value) ? first(Object.entries(value), ([key, item]) => problemOf(key, item, shape.of, words)) : other;
    case 'STRUCTURE':
      if (isObject(value)) return structureProblem(value, shape, words);
      return typeof value === 'string' ? noStructure(value, shape.name, words.packageName) : other;
  }
}

function truthProblem(value: unknown, other: string): string | undefined {
  if (typeof value === 'boolean' || Number.isInteger(value)) return undefined;
  const refused = 'Cannot deserialize value of type `java.lang.Boolean` from';
  if (typeof value === 'number') return `${refused} Floating-point value (token \`JsonToken.VALUE_NUMBER_FLOAT\`)`;
  if (typeof value !== 'string') return other;
  return TRUTH.has(value.trim()) ? undefined : `${refused} String "${value}": only "true" or "false" recognized`;
}

function noStructure(value: string, name: string, packageName: string): string {
  return `Cannot construct instance of \`software.amazon.awssdk.services.${packageName}.model.${name}$BuilderImpl\` (although at least one Creator exists): no String-argument constructor/factory method to deserialize from String value ('${value}')`;
}

function first<T>(values: readonly T[], problem: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = problem(value);
    if (found !== undefined) return found;
  }
  return undefined;
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
