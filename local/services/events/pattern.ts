import { BlockList } from 'node:net';
import { AwsError } from '../../kernel/errors.ts';

/** A compiled event pattern. */
export interface EventPattern {
  readonly test: (event: unknown) => boolean;
}

type Test = (values: readonly unknown[]) => boolean;
type Leaf = string | number | boolean | null;

/**
 * Compiles an event pattern; one that AWS would refuse is an `InvalidEventPatternException`
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
 */
export function compilePattern(pattern: unknown): EventPattern {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) throw invalid('an event pattern is a JSON object');
  if (Object.keys(pattern).length === 0) throw invalid('an event pattern is not empty');
  return { test: compileObject(pattern as Record<string, unknown>, '') };
}

export function matches(pattern: EventPattern, event: unknown): boolean {
  return pattern.test(event);
}

function compileObject(pattern: Record<string, unknown>, path: string): (event: unknown) => boolean {
  const tests = Object.entries(pattern).map(([key, value]) => {
    if (key === '$or') return compileOr(value, path);
    const at = path === '' ? key : `${path}.${key}`;
    if (Array.isArray(value)) {
      const test = compileField(value, at);
      return (event: unknown) => test(valuesAt(event, key));
    }
    if (typeof value !== 'object' || value === null) throw invalid(`the value at ${at} must be an array or an object`);
    if (Object.keys(value).length === 0) throw invalid(`the object at ${at} is empty`);
    const inner = compileObject(value as Record<string, unknown>, at);
    // An array of objects matches if one of its objects does; a missing object may still satisfy `exists: false`.
    return (event: unknown) => {
      const child = childOf(event, key);
      return Array.isArray(child) ? child.some((item) => inner(item)) : inner(child);
    };
  });
  return (event) => tests.every((test) => test(event));
}

function compileOr(value: unknown, path: string): (event: unknown) => boolean {
  if (!Array.isArray(value) || value.length < 2) throw invalid('$or takes an array of at least two patterns');
  const branches = value.map((branch: unknown) => {
    if (typeof branch !== 'object' || branch === null || Array.isArray(branch) || Object.keys(branch).length === 0)
      throw invalid('each pattern of $or is a non-empty object');
    return compileObject(branch as Record<string, unknown>, path);
  });
  return (event) => branches.some((branch) => branch(event));
}

function childOf(event: unknown, key: string): unknown {
  return typeof event === 'object' && event !== null && Object.hasOwn(event, key) ? (event as Record<string, unknown>)[key] : undefined;
}

/** The leaf values of a field; none where it is missing. An object is no leaf. */
function valuesAt(event: unknown, key: string): readonly unknown[] {
  const value = childOf(event, key);
  if (value === undefined) return [];
  const values = Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
  return values.filter((item) => typeof item !== 'object' || item === null);
}

function compileField(alternatives: readonly unknown[], path: string): Test {
  if (alternatives.length === 0) throw invalid(`the array at ${path} is empty`);
  const literals = new Set<Leaf>(alternatives.filter(isLeaf));
  const tests = alternatives.filter((item) => !isLeaf(item)).map((item) => compileOperator(item, path));
  return (values) => values.some((value) => literals.has(value as Leaf)) || tests.some((test) => test(values));
}

function compileOperator(item: unknown, path: string): Test {
  const entries = typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.entries(item) : [];
  const [operator, argument] = entries[0] ?? ['', undefined];
  if (entries.length !== 1) throw invalid(`a matcher at ${path} has exactly one operator`);
  switch (operator) {
    case 'exists': {
      if (typeof argument !== 'boolean') throw invalid(`exists at ${path} is true or false`);
      return (values) => values.length > 0 === argument;
    }
    case 'anything-but':
      return compileAnythingBut(argument, path);
    default: {
      const test = compileValueOperator(operator, argument, path);
      return (values) => values.some(test);
    }
  }
}

/** Operators that judge one value. */
function compileValueOperator(operator: string, argument: unknown, path: string): (value: unknown) => boolean {
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return compileAffix(operator, argument, path);
    case 'equals-ignore-case': {
      const wanted = text(argument, operator, path).toLowerCase();
      return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
    }
    case 'wildcard': {
      const expression = wildcard(text(argument, operator, path), path);
      return (value) => typeof value === 'string' && expression.test(value);
    }
    case 'numeric':
      return compileNumeric(argument, path);
    case 'cidr':
      return compileCidr(text(argument, operator, path), path);
    default:
      throw invalid(`unknown operator ${operator} at ${path}`);
  }
}

function compileAffix(operator: 'prefix' | 'suffix', argument: unknown, path: string): (value: unknown) => boolean {
  const ignoreCase = typeof argument === 'object' && argument !== null && 'equals-ignore-case' in argument;
  const wanted = text(ignoreCase ? argument['equals-ignore-case'] : argument, operator, path);
  const folded = ignoreCase ? wanted.toLowerCase() : wanted;
  return (value) => {
    if (typeof value !== 'string') return false;
    const subject = ignoreCase ? value.toLowerCase() : value;
    return operator === 'prefix' ? subject.startsWith(folded) : subject.endsWith(folded);
  };
}

/** True if the field is there and one of its values is none of the excluded ones. */
function compileAnythingBut(argument: unknown, path: string): Test {
  if (isLeaf(argument) || (Array.isArray(argument) && argument.length > 0 && argument.every(isLeaf))) {
    const excluded = new Set<unknown>([argument].flat());
    return (values) => values.some((value) => !excluded.has(value));
  }
  const entries = typeof argument === 'object' && argument !== null && !Array.isArray(argument) ? Object.entries(argument) : [];
  const [operator, inner] = entries[0] ?? ['', undefined];
  if (entries.length !== 1 || !['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator))
    throw invalid(`anything-but at ${path} takes values, or one of prefix, suffix, equals-ignore-case and wildcard`);
  const tests = [inner].flat().map((item) => compileValueOperator(operator, item, path));
  return (values) => values.some((value) => !tests.some((test) => test(value)));
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function compileNumeric(argument: unknown, path: string): (value: unknown) => boolean {
  if (!Array.isArray(argument) || argument.length === 0 || argument.length > 4 || argument.length % 2 !== 0)
    throw invalid(`numeric at ${path} takes one or two comparisons`);
  const comparisons: ((value: number) => boolean)[] = [];
  for (let index = 0; index < argument.length; index += 2) {
    const compare = COMPARISONS[String(argument[index])];
    const bound: unknown = argument[index + 1];
    if (compare === undefined || typeof bound !== 'number') throw invalid(`numeric at ${path} is an operator and a number`);
    comparisons.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && comparisons.every((compare) => compare(value));
}

function compileCidr(range: string, path: string): (value: unknown) => boolean {
  const [address = '', bits] = range.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  try {
    list.addSubnet(address, Number(bits), family);
  } catch {
    throw invalid(`cidr at ${path} is an address and a prefix length`);
  }
  return (value) => typeof value === 'string' && value.includes(':') === (family === 'ipv6') && list.check(value, family);
}

/** `*` stands for any number of characters; `\*` and `\\` for the characters themselves. */
function wildcard(pattern: string, path: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] as string;
    if (character === '\\') {
      const next = pattern[index + 1];
      if (next !== '*' && next !== '\\') throw invalid(`wildcard at ${path}: only \\* and \\\\ may follow a backslash`);
      source += `\\${next}`;
      index += 1;
    } else if (character === '*') {
      if (pattern[index + 1] === '*') throw invalid(`wildcard at ${path}: two stars in a row`);
      source += '.*';
    } else source += character.replace(/[.+?^${}()|[\]]/, '\\$&');
  }
  return new RegExp(`^${source}$`, 's');
}

function text(value: unknown, operator: string, path: string): string {
  if (typeof value !== 'string') throw invalid(`${operator} at ${path} takes a string`);
  return value;
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${why}.`);
}
