import { isObject } from '../shape.ts';

/** A state as the graph shows it. */
export interface GraphState {
  readonly name: string;
  readonly type: string;
  readonly comment: string | undefined;
  /** As the definition has it. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The branches of a Parallel, or the processor of a Map. */
  readonly inner: readonly GraphContainer[];
}

export interface GraphEdge {
  readonly from: string;
  /** Undefined: the end. */
  readonly to: string | undefined;
  readonly kind: 'next' | 'choice' | 'catch';
  /** What leads this way: the condition, or the errors that are caught. */
  readonly reason: string;
}

/** States that belong together: those of the machine, of a branch, of an iteration. */
export interface GraphContainer {
  readonly startAt: string;
  readonly states: readonly GraphState[];
  readonly edges: readonly GraphEdge[];
  /** Whether its states are entered by executions of their own: those of a Map Run. */
  readonly apart: boolean;
}

/** Reads a definition of the Amazon States Language as a graph. https://states-language.net/spec.html */
export function graphOf(definition: string): GraphContainer {
  return containerOf(JSON.parse(definition));
}

/** All states, also those inside others, in the order of the definition. */
export function statesOf(container: GraphContainer): GraphState[] {
  return container.states.flatMap((state) => [state, ...state.inner.flatMap(statesOf)]);
}

function containerOf(value: unknown): GraphContainer {
  const { StartAt, States, ProcessorConfig } = isObject(value) ? value : {};
  const states = Object.entries(isObject(States) ? States : {}).map(([name, state]) => [name, isObject(state) ? state : {}] as const);
  return {
    startAt: String(StartAt),
    apart: isObject(ProcessorConfig) && ProcessorConfig.Mode === 'DISTRIBUTED',
    states: states.map(([name, state]) => ({
      name,
      type: String(state.Type),
      comment: typeof state.Comment === 'string' ? state.Comment : undefined,
      fields: state,
      inner: innerOf(state).map(containerOf),
    })),
    edges: states.flatMap(([name, state]) => edgesOf(name, state)),
  };
}

function innerOf(state: Record<string, unknown>): unknown[] {
  if (Array.isArray(state.Branches)) return state.Branches;
  const processor = state.ItemProcessor ?? state.Iterator;
  return processor === undefined ? [] : [processor];
}

function edgesOf(from: string, state: Record<string, unknown>): GraphEdge[] {
  const edges: GraphEdge[] = [];
  if (typeof state.Next === 'string') edges.push({ from, to: state.Next, kind: 'next', reason: '' });
  if (state.End === true || state.Type === 'Succeed') edges.push({ from, to: undefined, kind: 'next', reason: '' });
  for (const rule of objectsIn(state.Choices)) edges.push({ from, to: String(rule.Next), kind: 'choice', reason: conditionOf(rule) });
  if (typeof state.Default === 'string') edges.push({ from, to: state.Default, kind: 'choice', reason: 'otherwise' });
  for (const catcher of objectsIn(state.Catch))
    edges.push({ from, to: String(catcher.Next), kind: 'catch', reason: (catcher.ErrorEquals as string[] | undefined)?.join(', ') ?? '' });
  return edges;
}

function conditionOf(rule: Record<string, unknown>): string {
  return typeof rule.Condition === 'string' ? rule.Condition.replace(/^\{%\s*|\s*%\}$/g, '') : 'a rule';
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
