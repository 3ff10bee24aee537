import jsonata from 'jsonata';
import { BOUNDS, Bounds, watch } from './bounds.ts';
import { QueryError } from './errors.ts';
import { compileFast, type Node, UNDECIDED } from './fast-path.ts';
import { PAD_SIGNATURE, pad } from './functions.ts';

/** What an expression may see. */
export interface Scope {
  /** `$states`: input, context and, where the language has them, result or errorOutput. */
  readonly states: Readonly<Record<string, unknown>>;
  /** Variables of this scope and of those around it, the inner ones on top. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly functions: Readonly<Record<string, unknown>>;
}

/** A field of a definition: a literal, one `{% expression %}`, or JSON with expressions in it. */
export interface Template {
  readonly field: string;
  /** The text between `{%` and `%}` where the whole field is one expression. */
  readonly expression: string | undefined;
  /** Throws or rejects with `QueryError`. A promise only where the library had to be asked. */
  evaluate(scope: Scope): unknown;
}

const DELIMITED = /^\{%(.*)%\}$/s;
const COMPILED_MAX = 10_000;

interface Compiled {
  readonly fast: ((lookup: (name: string) => unknown) => unknown) | undefined;
  readonly slow: jsonata.Expression;
  /** Which of the functions of Step Functions the text may call. */
  readonly calls: readonly string[];
  readonly watched: boolean;
}

const compiled = new Map<string, Compiled>();

/** The text between the delimiters, trimmed; undefined where the string is a literal. */
export function expressionOf(text: string): string | undefined {
  return DELIMITED.exec(text)?.[1]?.trim();
}

export function compileTemplate(value: unknown, field: string): Template {
  if (typeof value === 'string') {
    const expression = expressionOf(value);
    if (expression !== undefined) return { field, expression, evaluate: (scope) => evaluateExpression(expression, field, scope) };
  }
  if (!containsExpression(value)) return { field, expression: undefined, evaluate: () => value };
  return Array.isArray(value) ? compileArray(value, field) : compileObject(value as Record<string, unknown>, field);
}

function containsExpression(value: unknown): boolean {
  if (typeof value === 'string') return expressionOf(value) !== undefined;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(containsExpression);
}

function compileArray(value: readonly unknown[], field: string): Template {
  const parts = value.map((item, index) => compileTemplate(item, `${field}[${index}]`));
  return { field, expression: undefined, evaluate: (scope) => evaluateParts(parts, scope, (values) => values) };
}

function compileObject(value: Record<string, unknown>, field: string): Template {
  const keys = Object.keys(value);
  const parts = keys.map((key) => compileTemplate(value[key], `${field}/${key}`));
  const build = (values: unknown[]) => Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  return { field, expression: undefined, evaluate: (scope) => evaluateParts(parts, scope, build) };
}

function evaluateParts(parts: readonly Template[], scope: Scope, build: (values: unknown[]) => unknown): unknown {
  const values: unknown[] = [];
  for (const [index, part] of parts.entries()) {
    const value = part.evaluate(scope);
    if (value instanceof Promise) return finishParts(parts, scope, build, values, value, index);
    values.push(value);
  }
  return build(values);
}

async function finishParts(
  parts: readonly Template[],
  scope: Scope,
  build: (values: unknown[]) => unknown,
  values: unknown[],
  pending: Promise<unknown>,
  index: number,
): Promise<unknown> {
  values.push(await pending);
  for (const part of parts.slice(index + 1)) values.push(await part.evaluate(scope));
  return build(values);
}

function compileExpression(text: string): Compiled {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const slow = jsonata(text);
  if (text.includes('$pad')) slow.registerFunction('pad', pad, PAD_SIGNATURE);
  const watched = watch(text, slow);
  const entry: Compiled = {
    slow,
    fast: watched ? undefined : compileFast(slow.ast() as Node),
    calls: [...new Set([...text.matchAll(/\$(\w+)/g)].map((match) => match[1] as string))],
    watched,
  };
  if (compiled.size >= COMPILED_MAX) compiled.clear();
  compiled.set(text, entry);
  return entry;
}

function evaluateExpression(text: string, field: string, scope: Scope): unknown {
  const expression = compileExpression(text);
  if (expression.fast !== undefined) {
    const { states, variables } = scope;
    const value = expression.fast((name) => {
      if (name === 'states') return states;
      return Object.hasOwn(variables, name) ? variables[name] : undefined;
    });
    // Nothing is built on the fast path: what it gives is part of what it was given, plain JSON already.
    if (value !== UNDECIDED) return value === undefined ? checked(value, text, field) : value;
  }
  return evaluateSlow(expression, text, field, scope);
}

async function evaluateSlow(expression: Compiled, text: string, field: string, scope: Scope): Promise<unknown> {
  const bindings: Record<string, unknown> = {};
  for (const name of expression.calls) if (name in scope.functions) bindings[name] = scope.functions[name];
  Object.assign(bindings, scope.variables);
  bindings.states = scope.states;
  if (expression.watched) bindings[BOUNDS] = new Bounds();
  let value: unknown;
  try {
    value = await expression.slow.evaluate(undefined, bindings);
  } catch (error) {
    throw new QueryError(
      field,
      `The JSONata expression '${text}' specified for the field '${field}' threw an error during evaluation${messageOf(error)}`,
    );
  }
  return checked(value, text, field);
}

/** The library throws plain objects with a code of its own; what has none is of the bounds. AWS sets the two apart by the point. */
function messageOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? `. ${code}: ${String(message)}` : `: ${String(message ?? error)}`;
}

function checked(value: unknown, text: string, field: string): unknown {
  if (value === undefined)
    throw new QueryError(field, `The JSONata expression '${text}' specified for the field '${field}' returned nothing (undefined).`);
  const plain = plainJson(value);
  if (plain === undefined)
    throw new QueryError(field, `The JSONata expression '${text}' specified for the field '${field}' returned an unsupported result type.`);
  return plain;
}

/**
 * The value as plain JSON, undefined where it holds a function. A number that JSON lacks is its name, as measured on AWS: `[1/0]` is
 * `["Infinity"]` (https://github.com/floci-io/floci/pull/2783). The library marks its arrays (`sequence`, `keepSingleton`), and the
 * marks would change what a later expression makes of them: marked arrays are copied.
 */
function plainJson(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const plain = plainJson(item);
      if (plain === undefined) return undefined;
      items.push(plain);
    }
    return items;
  }
  if ('_jsonata_lambda' in value || '_jsonata_function' in value) return undefined;
  const members: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const plain = plainJson(member);
    if (plain === undefined) return undefined;
    members[key] = plain;
  }
  return members;
}

type JsonType = 'string' | 'number' | 'boolean' | 'array' | 'object' | 'null';

function jsonType(value: unknown): JsonType {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as JsonType);
}

/** Evaluates a field that must be of one type. */
export async function evaluateTyped(template: Template, scope: Scope, type: JsonType): Promise<unknown> {
  return typed(template, await template.evaluate(scope), type);
}

/** The value that a field gave, where it is of the type. */
export function typed(template: Template, value: unknown, type: JsonType): unknown {
  const actual = jsonType(value);
  if (actual === type) return value;
  const subject =
    template.expression === undefined
      ? `The value specified for the field '${template.field}' has`
      : `The JSONata expression '${template.expression}' specified for the field '${template.field}' returned`;
  throw new QueryError(
    template.field,
    `${subject} an unexpected result type. Expected '${type}', but was '${actual}' for value: ${JSON.stringify(value)}`,
  );
}
