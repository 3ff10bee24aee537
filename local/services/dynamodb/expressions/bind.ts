import { serialization, validation } from '../errors.ts';
import { type AttributeValue, checkedValue, type Item } from '../values.ts';
import type { Compiled } from './compile.ts';
import type { Path, PathPart, ValueReference } from './syntax.ts';

/** What the placeholders of one call stand for; checked to be complete. */
export interface Bindings {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Item>;
}

const NONE: Bindings = { names: {}, values: {} };

const NAME_KEY = /^#[0-9a-zA-Z_]+$/;
const VALUE_KEY = /^:[0-9a-zA-Z_]+$/;
const NAME_BYTES_MAX = 65_535;

/**
 * Checks `ExpressionAttributeNames` and `ExpressionAttributeValues` against the expressions of a call: each placeholder must be
 * defined, and each definition used.
 */
export function bind(names: unknown, values: unknown, expressions: readonly Compiled<unknown>[]): Bindings {
  if (expressions.length === 0) {
    if (names !== undefined) throw validation('ExpressionAttributeNames can only be specified when using expressions');
    if (values !== undefined) throw validation('ExpressionAttributeValues can only be specified when using expressions');
    return NONE;
  }
  const bound: Bindings = {
    names: names === undefined ? NONE.names : checkedNames(names),
    values: values === undefined ? NONE.values : checkedValues(values),
  };
  for (const expression of expressions) checkDefined(expression, bound);
  if (names !== undefined) checkUsed('ExpressionAttributeNames', bound.names, expressions, 'names');
  if (values !== undefined) checkUsed('ExpressionAttributeValues', bound.values, expressions, 'values');
  return bound;
}

function checkedNames(names: unknown): Record<string, string> {
  if (names === null || typeof names !== 'object' || Array.isArray(names)) throw serialization('Unexpected field type');
  let count = 0;
  for (const key in names) {
    count += 1;
    const name = (names as Record<string, unknown>)[key];
    if (!NAME_KEY.test(key)) throw validation(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
    if (typeof name !== 'string' || name === '' || name.length > NAME_BYTES_MAX)
      throw validation(`ExpressionAttributeNames contains invalid value: an attribute name has 1 to ${NAME_BYTES_MAX} bytes; key: ${key}`);
  }
  if (count === 0) throw validation('ExpressionAttributeNames must not be empty');
  return names as Record<string, string>;
}

function checkedValues(values: unknown): Item {
  if (values === null || typeof values !== 'object' || Array.isArray(values)) throw serialization('Unexpected field type');
  const source = values as Item;
  let changed: Item | undefined;
  let count = 0;
  for (const key in source) {
    count += 1;
    if (!VALUE_KEY.test(key)) throw validation(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
    const value = checkedBinding(source[key], key);
    if (value !== source[key]) {
      changed ??= { ...source };
      changed[key] = value;
    }
  }
  if (count === 0) throw validation('ExpressionAttributeValues must not be empty');
  return changed ?? source;
}

function checkedBinding(value: unknown, key: string): AttributeValue {
  try {
    return checkedValue(value);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ValidationException') throw error;
    throw validation(`ExpressionAttributeValues contains invalid value: ${(error as Error).message} for key ${key}`);
  }
}

function checkDefined(expression: Compiled<unknown>, bound: Bindings): void {
  for (const name of expression.names)
    if (!Object.hasOwn(bound.names, name))
      throw validation(
        `Invalid ${expression.parameter}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
      );
  for (const value of expression.values)
    if (!Object.hasOwn(bound.values, value))
      throw validation(
        `Invalid ${expression.parameter}: An expression attribute value used in expression is not defined; attribute value: ${value}`,
      );
}

function checkUsed(parameter: string, given: object, expressions: readonly Compiled<unknown>[], kind: 'names' | 'values'): void {
  let unused: string[] | undefined;
  for (const key in given) {
    if (expressions.some((expression) => expression[kind].has(key))) continue;
    unused ??= [];
    unused.push(key);
  }
  if (unused !== undefined) throw validation(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
}

/** The attribute name a step of a path stands for; an index stays one. */
function resolvePart(part: PathPart, bindings: Bindings): PathPart {
  return typeof part === 'string' && part.charCodeAt(0) === 35 ? (bindings.names[part] as string) : part;
}

export function resolveParts(path: Path, bindings: Bindings): readonly PathPart[] {
  return path.parts.map((part) => resolvePart(part, bindings));
}

/** The attribute of the item that a path begins with. */
export function headOf(path: Path, bindings: Bindings): string {
  return resolvePart(path.parts[0] as string, bindings) as string;
}

export function boundValue(reference: ValueReference, bindings: Bindings): AttributeValue {
  return bindings.values[reference.name] as AttributeValue;
}

/** The value a path leads to, if the item has it. */
export function valueAt(item: Item | undefined, path: Path, bindings: Bindings): AttributeValue | undefined {
  if (item === undefined) return undefined;
  const head = headOf(path, bindings);
  let value = Object.hasOwn(item, head) ? item[head] : undefined;
  for (let index = 1; value !== undefined && index < path.parts.length; index += 1)
    value = childOf(value, resolvePart(path.parts[index] as PathPart, bindings));
  return value;
}

export function childOf(value: AttributeValue, part: PathPart): AttributeValue | undefined {
  if (typeof part === 'number') return value.L?.[part];
  return value.M !== undefined && Object.hasOwn(value.M, part) ? value.M[part] : undefined;
}

/** A path in error texts: `[a, [0], b]`. */
export function shownPath(parts: readonly PathPart[]): string {
  return `[${parts.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;
}

/** Refuses two paths of which one leads through the other, or that take one place for a list and a map. */
export function checkApart(paths: readonly (readonly PathPart[])[], parameter: string): void {
  for (let later = 1; later < paths.length; later += 1)
    for (let earlier = 0; earlier < later; earlier += 1)
      checkPairApart(paths[earlier] as readonly PathPart[], paths[later] as readonly PathPart[], parameter);
}

function checkPairApart(one: readonly PathPart[], two: readonly PathPart[], parameter: string): void {
  const length = Math.min(one.length, two.length);
  for (let index = 0; index < length; index += 1) {
    if (one[index] === two[index]) continue;
    if (typeof one[index] === typeof two[index]) return;
    throw clash('conflict with', one, two, parameter);
  }
  throw clash('overlap with', one, two, parameter);
}

function clash(how: string, one: readonly PathPart[], two: readonly PathPart[], parameter: string): Error {
  return validation(
    `Invalid ${parameter}: Two document paths ${how} each other; must remove or rewrite one of these paths; ` +
      `path one: ${shownPath(one)}, path two: ${shownPath(two)}`,
  );
}
