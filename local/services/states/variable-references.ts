import jsonata from 'jsonata';
import { expressionOf } from './expression.ts';
import { isObject } from './json.ts';

/**
 * Which of the variables that a definition assigns each of its states reads, as `DescribeStateMachine` tells it; undefined where none
 * does. As recorded in `test_sfn_api_variable_references.snapshot.json` of localstack/localstack: by name, and states within a Map or
 * Parallel for themselves.
 */
export function variableReferences(definition: string): Record<string, string[]> | undefined {
  const states = statesOf(JSON.parse(definition));
  const assigned = new Set(states.flatMap(([, state]) => namesAssigned(state)));
  const found: Record<string, string[]> = {};
  for (const [name, state] of states) {
    const read = new Set<string>();
    gather(state, read);
    const references = [...read].filter((variable) => assigned.has(variable)).sort();
    if (references.length > 0) found[name] = references;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

type Fields = Readonly<Record<string, unknown>>;

/** All states, each without those within it. */
function statesOf(container: unknown): [name: string, state: Fields][] {
  if (!isObject(container) || !isObject(container.States)) return [];
  return Object.entries(container.States).flatMap(([name, state]) => {
    const { Branches: branches, ItemProcessor: processor, ...own } = state as Record<string, unknown>;
    const inner = [...(Array.isArray(branches) ? branches : []), processor].flatMap(statesOf);
    return [[name, own], ...inner] satisfies [string, Fields][];
  });
}

function namesAssigned(state: Fields): string[] {
  const exits = [state, ...[state.Choices, state.Catch].filter(Array.isArray).flat()].filter(isObject);
  return exits.flatMap(({ Assign: names }) => (isObject(names) ? Object.keys(names) : []));
}

/** The variables in all expressions of a field. */
function gather(value: unknown, read: Set<string>): void {
  if (typeof value === 'string') {
    const text = expressionOf(value);
    if (text !== undefined) gatherNodes(jsonata(text).ast(), read);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) gather(part, read);
  }
}

function gatherNodes(node: unknown, read: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, value } = node as { type?: unknown; value?: unknown };
  if (type === 'variable' && typeof value === 'string') read.add(value);
  for (const part of Object.values(node)) gatherNodes(part, read);
}
