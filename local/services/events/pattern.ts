import { AwsError } from '../../kernel/errors.ts';
import { InvalidMatcher } from './invalid-matcher.ts';
import { compileOperator, isLeaf, type Leaf } from './operators.ts';

/** A compiled event pattern. */
export interface EventPattern {
  readonly test: (event: unknown) => boolean;
}

/** Looks at a part of an event; `event` is the whole one. */
type Test = (part: unknown, event: unknown) => boolean;

const COMBINATIONS_MAX = 1000;
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
const LENGTH_MAX = 4096;

/**
 * Compiles an event pattern; one that AWS would refuse is an `InvalidEventPatternException`, in the words of its rule engine
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and
 * https://github.com/aws/event-ruler, `JsonRuleCompiler`).
 */
export function compilePattern(pattern: unknown): EventPattern {
  try {
    if (!isObject(pattern)) throw new InvalidMatcher('Filter is not an object');
    assertBranches(pattern);
    const test = compileObject(pattern, []);
    return { test: (event) => test(event, event) };
  } catch (error) {
    throw error instanceof InvalidMatcher ? invalid(error.message) : error;
  }
}

export function matches(pattern: EventPattern, event: unknown): boolean {
  return pattern.test(event);
}

/** The pattern in a JSON text, not yet compiled. */
export function parsePattern(text: string): unknown {
  if (text.length > LENGTH_MAX) throw invalid(`it is longer than ${LENGTH_MAX} characters`);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
}

function compileObject(pattern: Readonly<Record<string, unknown>>, path: readonly string[]): Test {
  const tests = Object.entries(pattern).map(([key, value]): Test => {
    if (key === '$or') return compileOr(value as readonly Readonly<Record<string, unknown>>[], path);
    const at = [...path, key];
    if (Array.isArray(value)) return compileField(value, at);
    const inner = compileObject(value as Readonly<Record<string, unknown>>, at);
    // One of the objects in an array must match whole; where there is none, `exists: false` may still hold.
    return (part, event) => {
      const child = childOf(part, key);
      if (!Array.isArray(child)) return inner(child, event);
      const items = child.flat(Number.POSITIVE_INFINITY);
      return items.length === 0 ? inner(undefined, event) : items.some((item) => inner(item, event));
    };
  });
  return (part, event) => tests.every((test) => test(part, event));
}

function compileOr(alternatives: readonly Readonly<Record<string, unknown>>[], path: readonly string[]): Test {
  const branches = alternatives.map((branch) => compileObject(branch, path));
  return (part, event) => branches.some((branch) => branch(part, event));
}

function compileField(alternatives: readonly unknown[], path: readonly string[]): Test {
  if (alternatives.length === 0) throw new InvalidMatcher(`Empty arrays are not allowed: ${named(path)}`);
  const key = path.at(-1) ?? '';
  const literals = new Set<Leaf>(alternatives.filter(isLeaf));
  const operators = alternatives.filter((item) => !isLeaf(item)).map((item) => compileOperator(item, named(path)));
  const tests = operators.filter((operator) => operator !== 'absent');
  // A field is absent where no object of the event has it, whichever object the other fields are looked for in.
  const absent = operators.includes('absent');
  return (part, event) => {
    const values = leavesOf(childOf(part, key));
    return values.some((value) => literals.has(value)) || tests.some((test) => test(values)) || (absent && !isPresent(event, path, 0));
  };
}

function childOf(part: unknown, key: string): unknown {
  return isObject(part) && Object.hasOwn(part, key) ? part[key] : undefined;
}

/** The leaf values of a field; none where it is missing. An object is no leaf. */
function leavesOf(value: unknown): readonly Leaf[] {
  if (isLeaf(value)) return [value];
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY).filter(isLeaf) : [];
}

function isPresent(part: unknown, path: readonly string[], from: number): boolean {
  if (from === path.length) return leavesOf(part).length > 0;
  if (Array.isArray(part)) return part.some((item) => isPresent(item, path, from));
  return isPresent(childOf(part, path[from] ?? ''), path, from + 1);
}

/** The words of operators, and of those that may come, name no field within `$or`. */
const RESERVED = new Set(
  'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ip-address-in-range ip-address-not-in-range'.split(
    ' ',
  ),
);

/** A pattern is as many rules as its `$or`s can be combined, none of which may name a field twice. */
function assertBranches(pattern: Readonly<Record<string, unknown>>): void {
  branchesOf(pattern, [], false);
}

function branchesOf(pattern: Readonly<Record<string, unknown>>, path: readonly string[], inOr: boolean): ReadonlySet<string>[] {
  if (Object.keys(pattern).length === 0)
    throw new InvalidMatcher(`Empty objects are not allowed${path.length === 0 ? '' : `: ${named(path)}`}`);
  let branches: ReadonlySet<string>[] = [new Set()];
  for (const [key, value] of Object.entries(pattern)) {
    if (inOr && RESERVED.has(key)) throw new InvalidMatcher(`${key} is Ruler reserved fieldName which cannot be used inside $or.`);
    branches = combined(branches, key === '$or' ? orBranches(value, path) : fieldBranches(value, [...path, key], inOr));
  }
  return branches;
}

function fieldBranches(value: unknown, path: readonly string[], inOr: boolean): ReadonlySet<string>[] {
  if (Array.isArray(value)) return [new Set([named(path)])];
  if (!isObject(value)) throw new InvalidMatcher(`"${path.at(-1)}" must be an object or an array`);
  return branchesOf(value, path, inOr);
}

function orBranches(value: unknown, path: readonly string[]): ReadonlySet<string>[] {
  if (!Array.isArray(value)) throw new InvalidMatcher('It must be an Array followed with $or.');
  if (!value.every(isObject)) throw new InvalidMatcher('Only JSON object is allowed in array of $or relationship.');
  if (value.length < 2) throw new InvalidMatcher('There must have at least 2 Objects in $or relationship.');
  return value.flatMap((branch) => branchesOf(branch, path, true));
}

function combined(left: readonly ReadonlySet<string>[], right: readonly ReadonlySet<string>[]): ReadonlySet<string>[] {
  if (left.length * right.length > COMBINATIONS_MAX)
    throw new InvalidMatcher(`$or has more than ${COMBINATIONS_MAX} combinations of fields`);
  return left.flatMap((one) =>
    right.map((other) => {
      const twice = [...other].find((path) => one.has(path));
      if (twice !== undefined) throw new InvalidMatcher(`Path \`${twice}\` cannot be allowed multiple times`);
      return new Set([...one, ...other]);
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function named(path: readonly string[]): string {
  return path.join('.');
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${why}`);
}
