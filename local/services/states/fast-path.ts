import { isObject } from './json.ts';

/** A node of a JSONata syntax tree (`jsonata(text).ast()`); its own types are loose. */
export interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  readonly arguments?: readonly Node[];
  readonly procedure?: Node;
}

type Lookup = (name: string) => unknown;

/** The fast path does not decide this one: the library must. */
export const UNDECIDED = Symbol('undecided');

type Evaluate = (lookup: Lookup) => unknown;

const PLAIN_KEYS = new Set(['type', 'value', 'position', 'steps', 'lhs', 'rhs', 'arguments', 'procedure']);
/** No builtin is called without its `$name(…)`, so a variable that is none of ours must be left to the library. */
const CALLS: Readonly<Record<string, (argument: unknown) => unknown>> = {
  exists: (argument) => argument !== undefined,
  string: (argument) => (argument === undefined ? undefined : asText(argument)),
  not: (argument) => (typeof argument === 'boolean' ? !argument : argument === undefined ? undefined : UNDECIDED),
};

/**
 * Compiles the few shapes that most expressions of a state machine have (paths over variables, literals, comparisons, `and`,
 * `or`, `&`, `$exists`, `$string`, `$not`) to plain functions, because `evaluate()` of the library is asynchronous and fifty
 * times slower. Every function answers exactly what the library answers, or `UNDECIDED` at the first value whose treatment is
 * not trivial (an array on the way, an object in a comparison); a property test compares the two.
 */
export function compileFast(node: Node): Evaluate | undefined {
  if (!isPlain(node)) return undefined;
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return () => node.value;
    case 'variable':
      return typeof node.value === 'string' && node.value !== '' && node.value !== '$' ? compileVariable(node.value) : undefined;
    case 'path':
      return compilePath(node.steps ?? []);
    case 'binary':
      return compileBinary(node);
    case 'function':
      return compileCall(node);
    default:
      return undefined;
  }
}

/** Filters, sorts, groups and bindings are further keys of a node. */
function isPlain(node: Node): boolean {
  return Object.entries(node).every(([key, value]) => value === undefined || PLAIN_KEYS.has(key));
}

function compileVariable(name: string): Evaluate {
  return (lookup) => {
    const value = lookup(name);
    return value === undefined ? UNDECIDED : value;
  };
}

function compilePath(steps: readonly Node[]): Evaluate | undefined {
  const [first, ...rest] = steps;
  if (first === undefined || first.type !== 'variable' || rest.length === 0) return undefined;
  const head = compileFast(first);
  if (head === undefined) return undefined;
  const names: string[] = [];
  for (const step of rest) {
    if (step.type !== 'name' || typeof step.value !== 'string' || !isPlain(step)) return undefined;
    names.push(step.value);
  }
  return (lookup) => {
    let value = head(lookup);
    for (const name of names) {
      if (value === UNDECIDED || Array.isArray(value)) return UNDECIDED;
      if (!isObject(value)) return undefined;
      // A name of Object.prototype is a value to the library.
      if (!Object.hasOwn(value, name)) return name in value ? UNDECIDED : undefined;
      value = value[name];
    }
    return value;
  };
}

function compileBinary(node: Node): Evaluate | undefined {
  const lhs = compileFast(node.lhs as Node);
  const rhs = compileFast(node.rhs as Node);
  const operate = typeof node.value === 'string' ? OPERATORS[node.value] : undefined;
  if (lhs === undefined || rhs === undefined) return undefined;
  if (node.value === 'and' || node.value === 'or') return compileLogic(node.value, lhs, rhs);
  if (operate === undefined) return undefined;
  return (lookup) => {
    const left = lhs(lookup);
    if (left === UNDECIDED) return UNDECIDED;
    const right = rhs(lookup);
    return right === UNDECIDED ? UNDECIDED : operate(left, right);
  };
}

const OPERATORS: Readonly<Record<string, (left: unknown, right: unknown) => unknown>> = {
  '=': (left, right) => equality(left, right, true),
  '!=': (left, right) => equality(left, right, false),
  '<': (left, right) => (typeof left === 'number' && typeof right === 'number' ? left < right : UNDECIDED),
  '<=': (left, right) => (typeof left === 'number' && typeof right === 'number' ? left <= right : UNDECIDED),
  '>': (left, right) => (typeof left === 'number' && typeof right === 'number' ? left > right : UNDECIDED),
  '>=': (left, right) => (typeof left === 'number' && typeof right === 'number' ? left >= right : UNDECIDED),
  '+': (left, right) => (Number.isSafeInteger(left) && Number.isSafeInteger(right) ? (left as number) + (right as number) : UNDECIDED),
  '-': (left, right) => (Number.isSafeInteger(left) && Number.isSafeInteger(right) ? (left as number) - (right as number) : UNDECIDED),
  '&': (left, right) => {
    const before = left === undefined ? '' : asText(left);
    const after = right === undefined ? '' : asText(right);
    return typeof before === 'string' && typeof after === 'string' ? before + after : UNDECIDED;
  },
};

function equality(left: unknown, right: unknown, equal: boolean): unknown {
  if (left === undefined || right === undefined) return false;
  if ((typeof left === 'object' && left !== null) || (typeof right === 'object' && right !== null)) return UNDECIDED;
  return (left === right) === equal;
}

function compileLogic(operator: 'and' | 'or', lhs: Evaluate, rhs: Evaluate): Evaluate {
  return (lookup) => {
    const left = truth(lhs(lookup));
    if (left === UNDECIDED) return UNDECIDED;
    if (left === (operator === 'or')) return left;
    return truth(rhs(lookup));
  };
}

function truth(value: unknown): boolean | typeof UNDECIDED {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.length > 0;
  if (value === undefined || value === null) return false;
  return UNDECIDED;
}

function compileCall(node: Node): Evaluate | undefined {
  const { procedure } = node;
  const [argument, ...others] = node.arguments ?? [];
  if (procedure?.type !== 'variable' || typeof procedure.value !== 'string' || argument === undefined || others.length > 0)
    return undefined;
  const name = procedure.value;
  const call = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
  const inner = compileFast(argument);
  if (call === undefined || inner === undefined) return undefined;
  return (lookup) => {
    // A variable of the same name hides the function.
    if (lookup(name) !== undefined) return UNDECIDED;
    const value = inner(lookup);
    return value === UNDECIDED ? UNDECIDED : call(value);
  };
}

function asText(value: unknown): string | typeof UNDECIDED {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return Number.isSafeInteger(value) && Math.abs(value as number) < 1e15 ? String(value) : UNDECIDED;
}
