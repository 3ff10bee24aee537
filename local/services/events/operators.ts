import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { InvalidMatcher } from './invalid-matcher.ts';
import { compileWildcard } from './wildcard.ts';

export type Leaf = string | number | boolean | null;

/** Looks at all values of a field; none where it is missing. */
type FieldTest = (values: readonly Leaf[]) => boolean;
type ValueTest = (value: Leaf) => boolean;

const ONE_KEY = 'Only one key allowed in match expression';

export function isLeaf(value: unknown): value is Leaf {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The test of an operator such as `{ "prefix": "a" }`; `absent` is that of `{ "exists": false }`. */
export function compileOperator(item: unknown, path: string): FieldTest | 'absent' {
  const [operator, argument] = only(item, `Match value must be String, number, true, false, or null: ${path}`, ONE_KEY);
  switch (operator) {
    case 'exists':
      if (typeof argument !== 'boolean') throw new InvalidMatcher('exists match pattern must be either true or false.');
      return argument ? (values) => values.length > 0 : 'absent';
    case 'anything-but':
      return compileAnythingBut(argument);
    default: {
      const test = compileValueOperator(operator, argument);
      return (values) => values.some(test);
    }
  }
}

/** The single entry of an object. */
function only(item: unknown, none: string, several: string): [name: string, value: unknown] {
  const entries = typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.entries(item) : [];
  if (entries.length > 1) throw new InvalidMatcher(several);
  const [entry] = entries;
  if (entry === undefined) throw new InvalidMatcher(none);
  return entry;
}

/** Operators that judge one value. */
function compileValueOperator(operator: string, argument: unknown): ValueTest {
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return compileAffix(operator, argument);
    case 'equals-ignore-case': {
      const wanted = text(argument, operator).toLowerCase();
      return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
    }
    case 'wildcard': {
      const test = compileWildcard(text(argument, operator));
      return (value) => typeof value === 'string' && test(value);
    }
    case 'numeric':
      return compileNumeric(argument);
    case 'cidr':
      return compileCidr(argument);
    default:
      throw new InvalidMatcher(`Unrecognized match type ${operator}`);
  }
}

function compileAffix(operator: 'prefix' | 'suffix', argument: unknown): ValueTest {
  const isNested = typeof argument === 'object' && argument !== null && !Array.isArray(argument);
  if (!isNested) return affix(operator, text(argument, operator), false);
  const [inner, wanted] = only(argument, `${operator} expression name not found`, ONE_KEY);
  if (inner !== 'equals-ignore-case') throw new InvalidMatcher(`Unsupported ${operator} pattern: ${inner}`);
  return affix(operator, text(wanted, inner), true);
}

function affix(operator: 'prefix' | 'suffix', wanted: string, ignoreCase: boolean): ValueTest {
  const folded = ignoreCase ? wanted.toLowerCase() : wanted;
  return (value) => {
    if (typeof value !== 'string') return false;
    const subject = ignoreCase ? value.toLowerCase() : value;
    return operator === 'prefix' ? subject.startsWith(folded) : subject.endsWith(folded);
  };
}

/** True if the field is there and one of its values is none of the excluded ones. */
function compileAnythingBut(argument: unknown): FieldTest {
  if (typeof argument === 'object' && argument !== null && !Array.isArray(argument)) return compileAnythingButObject(argument);
  if (!Array.isArray(argument) && typeof argument !== 'string' && typeof argument !== 'number')
    throw new InvalidMatcher('Value of anything-but must be an array or single string/number value.');
  const listed = [argument].flat() as unknown[];
  if (!listed.every((item) => typeof item === 'string' || typeof item === 'number'))
    throw new InvalidMatcher('Inside anything but list, start|null|boolean is not supported.');
  if (new Set(listed.map((item) => typeof item)).size !== 1)
    throw new InvalidMatcher('Inside anything but list, either all values are number or string, mixed type is not supported');
  for (const item of listed) if (typeof item === 'number') assertComparable(item);
  const excluded = new Set<Leaf>(listed);
  return (values) => values.some((value) => !excluded.has(value));
}

const NOT_TEXT: Readonly<Record<string, string>> = {
  'equals-ignore-case': 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  prefix: 'prefix/suffix match pattern must be a string',
  suffix: 'prefix/suffix match pattern must be a string',
  wildcard: 'wildcard match pattern must be a string',
};

function compileAnythingButObject(argument: object): FieldTest {
  const [operator, inner] = only(argument, 'Anything-But expression name not found', ONE_KEY);
  const notText = Object.hasOwn(NOT_TEXT, operator) ? NOT_TEXT[operator] : undefined;
  if (notText === undefined) throw new InvalidMatcher(`Unsupported anything-but pattern: ${operator}`);
  const listed = [inner].flat() as unknown[];
  if (listed.length === 0 || !listed.every((item) => typeof item === 'string')) throw new InvalidMatcher(notText);
  if (operator.endsWith('fix') && listed.includes('')) throw new InvalidMatcher('Null prefix/suffix not allowed');
  const tests = listed.map((item) => compileValueOperator(operator, item));
  return (values) => values.some((value) => !tests.some((test) => test(value)));
}

type Comparison = (value: number, bound: number) => boolean;
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};
/** Numbers of numeric matching: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#filtering-numeric-matching */
const FIVE_BILLION = 5e9;

function assertComparable(number: number): void {
  if (Math.abs(number) > FIVE_BILLION) throw new InvalidMatcher('Value must be between -5.0E9 and 5.0E9, inclusive');
}

function compileNumeric(argument: unknown): ValueTest {
  if (!Array.isArray(argument)) throw new InvalidMatcher('Value of numeric must be an array.');
  const [operator, bound, second, top, ...more] = argument as unknown[];
  const first = comparison(operator, bound, 'Unrecognized numeric range operator');
  if (second === undefined) return (value) => typeof value === 'number' && first(value);
  if (operator !== '>' && operator !== '>=') throw new InvalidMatcher('Too many elements in numeric expression');
  if (second !== '<' && second !== '<=') throw new InvalidMatcher(`Bad numeric range operator: ${String(second)}`);
  const last = comparison(second, top, 'Bad numeric range operator');
  if (more.length > 0) throw new InvalidMatcher('Too many terms in numeric range expression');
  if (Number(bound) >= Number(top)) throw new InvalidMatcher('Bottom must be less than top');
  return (value) => typeof value === 'number' && first(value) && last(value);
}

function comparison(operator: unknown, bound: unknown, unknown: string): (value: number) => boolean {
  if (typeof operator !== 'string') throw new InvalidMatcher(`Invalid member in numeric match: ${String(operator)}`);
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (compare === undefined) throw new InvalidMatcher(`${unknown}: ${operator}`);
  if (typeof bound !== 'number') throw new InvalidMatcher(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  assertComparable(bound);
  return (value) => compare(value, bound);
}

function compileCidr(argument: unknown): ValueTest {
  const [address = '', bits, ...more] = text(argument, 'cidr').split('/');
  if (bits === undefined || more.length > 0) throw new InvalidMatcher("Malformed CIDR, one '/' required");
  if (!/^\d{1,3}$/.test(bits)) throw new InvalidMatcher('Malformed CIDR, mask bits must be an integer');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (family === 'ipv6' && (!isIPv6(address) || address.includes('%'))) throw new InvalidMatcher(`Nonstandard IP address: ${address}`);
  const most = family === 'ipv4' ? 32 : 128;
  if (Number(bits) >= most) throw new InvalidMatcher(`${family === 'ipv4' ? 'IPv4' : 'IPv6'} mask bits must be < ${most}`);
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family);
  const isAddress = family === 'ipv4' ? isIPv4 : isIPv6;
  return (value) => typeof value === 'string' && isAddress(value) && list.check(value, family);
}

function text(value: unknown, operator: string): string {
  if (typeof value !== 'string') throw new InvalidMatcher(`${operator} match pattern must be a string`);
  return value;
}
