import jsonata from 'jsonata';
import { edgesOf, type Machine, type State } from './definition.ts';
import type { Rule } from './lint-shape.ts';

type Node = Record<string, unknown>;

/** Where an expression stands decides which members of `$states` it has. */
interface Expression {
  readonly text: string;
  readonly at: string;
  readonly members: readonly string[];
}

const EVERYWHERE = ['input', 'context'];

/**
 * All expressions of a state with the members of `$states` that exist where they stand.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
function expressionsOf(state: State): Expression[] {
  const { Catch: catchers = [], Choices: rules = [], Assign: assign, Output: output, ...others } = state;
  const result = ['Task', 'Map', 'Parallel'].includes(state.Type) ? [...EVERYWHERE, 'result'] : EVERYWHERE;
  return [
    ...collect(others, '', EVERYWHERE),
    ...collect({ Assign: assign, Output: output }, '', result),
    ...catchers.flatMap(({ Assign, Output }, index) => collect({ Assign, Output }, `Catch[${index}]`, [...EVERYWHERE, 'errorOutput'])),
    ...rules.flatMap((rule, index) => collect(rule, `Choices[${index}]`, EVERYWHERE)),
  ];
}

function collect(value: unknown, at: string, members: readonly string[]): Expression[] {
  if (typeof value === 'string') {
    const text = /^\{%(.*)%\}$/s.exec(value)?.[1];
    return text === undefined ? [] : [{ text, at, members }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => collect(item, `${at}/${key}`, members));
}

interface Reads {
  readonly members: Set<string>;
  readonly variables: Set<string>;
  /** Names that are read from a value; at the top of an expression there is none to read from. */
  readonly names: Set<string>;
  readonly illegal: Set<string>;
}

function readsOf(text: string): Reads {
  const reads: Reads = { members: new Set(), variables: new Set(), names: new Set(), illegal: new Set() };
  visit(jsonata(text).ast() as unknown, true, reads);
  return reads;
}

/** The definitions keep to calls, arithmetic and paths: no functions of their own, no blocks, no transforms. */
const KNOWN = new Set(['path', 'variable', 'name', 'string', 'number', 'value', 'binary', 'unary', 'function', 'condition']);

function visit(node: unknown, top: boolean, reads: Reads): void {
  if (Array.isArray(node)) for (const part of node) visit(part, top, reads);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const { type, value, steps, procedure } = node as Node;
  // A parenthesised expression is a block of one.
  if (type === 'block') visit((node as Node).expressions, top, reads);
  else if (!KNOWN.has(String(type))) reads.illegal.add(String(type));
  if (type === 'variable' && (value === '' || value === '$')) reads.illegal.add(`$${value}`);
  else if (type === 'variable' && value !== 'states') reads.variables.add(String(value));
  if (type === 'name') (top ? reads.illegal : reads.names).add(String(value));
  if (type === 'function' && (procedure as Node).value === 'eval') reads.illegal.add('$eval');
  if (Array.isArray(steps)) {
    const [first, second] = steps as Node[];
    if (first?.type === 'variable' && first.value === 'states') reads.members.add(String(second?.value));
    for (const [index, step] of steps.entries()) visit(step, top && index === 0, reads);
  }
  const { lhs, rhs, expression, arguments: given, condition, then, else: otherwise } = node as Node;
  for (const part of [lhs, rhs, expression, given, condition, then, otherwise]) visit(part, top, reads);
}

function statesOf(machine: Machine): [string, State][] {
  return Object.entries(machine.definition.States);
}

/** A text that has an expression in it somewhere is not one: the whole string is, or it is sent as it stands. */
function expressions(machine: Machine): string[] {
  return statesOf(machine).flatMap(([name, state]) => {
    const broken = (JSON.stringify(state).match(/"(?:[^"\\]|\\.)*"/g) ?? []).filter(
      (text) => /\{%|%\}/.test(text) && !/^"\{% .* %\}"$/.test(text),
    );
    const illegal = expressionsOf(state).flatMap(({ text, at }) => [...readsOf(text).illegal].map((what) => `${at} reads ${what}`));
    return [...broken, ...illegal].map((what) => `expressions: ${name}: ${what}`);
  });
}

function scopes(machine: Machine): string[] {
  return statesOf(machine).flatMap(([name, state]) =>
    expressionsOf(state).flatMap(({ text, at, members }) =>
      [...readsOf(text).members]
        .filter((member) => !members.includes(member))
        .map((member) => `scopes: ${name}: ${at} has no $states.${member}`),
    ),
  );
}

/** What is assigned on every way to a state, and nothing else, may be read in it: an unassigned variable fails the execution. */
function variables(machine: Machine): string[] {
  const { StartAt: start, States: states } = machine.definition;
  const assigned = new Map<string, ReadonlySet<string>>([[start, new Set()]]);
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const before = assigned.get(name) ?? new Set();
    const state = states[name];
    if (state === undefined) continue;
    for (const { to, assigns } of edgesOf(state)) {
      const arriving = new Set([...before, ...assigns]);
      const known = assigned.get(to);
      const both = known === undefined ? arriving : new Set([...known].filter((variable) => arriving.has(variable)));
      if (known !== undefined && both.size === known.size) continue;
      assigned.set(to, both);
      open.push(to);
    }
  }
  return statesOf(machine).flatMap(([name, state]) =>
    [...new Set(expressionsOf(state).flatMap(({ text }) => [...readsOf(text).variables]))]
      .filter((variable) => !assigned.get(name)?.has(variable))
      .map((variable) => `variables: ${name}: $${variable} is not assigned on every way here`),
  );
}

/** An execution's history is readable for 90 days: ids, counters and instants only (invariant 9). */
const PERSONAL =
  /^(?!FunctionName$|TableName$|ExpressionAttributeNames$|context$).*(name|phone|mobile|e-?mail|address|birth|gender|body|message|note|subject|recipient|text)/i;

function personalData(machine: Machine): string[] {
  return statesOf(machine).flatMap(([name, state]) => {
    const keys = [state.Arguments, state.Assign, state.Output, ...(state.Catch ?? []), ...(state.Choices ?? [])].flatMap(keysOf);
    const read = expressionsOf(state).flatMap(({ text }) => [...readsOf(text).names, ...readsOf(text).variables]);
    return [...keys, ...read].filter((field) => PERSONAL.test(field)).map((field) => `personalData: ${name}: ${field}`);
  });
}

function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [...(Array.isArray(value) ? [] : [key]), ...keysOf(item)]);
}

export const EXPRESSIONS: readonly Rule[] = [expressions, scopes, variables, personalData];
