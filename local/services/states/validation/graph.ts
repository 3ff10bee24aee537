import { isObject } from '../json.ts';
import type { Diagnostics } from './diagnostics.ts';

/** A way out of a state and where the definition says it. */
interface Edge {
  readonly to: string;
  readonly path: string;
}

function edgesOf(state: unknown, path: string): Edge[] {
  if (!isObject(state)) return [];
  const edges: Edge[] = [];
  const add = (to: unknown, at: string) => {
    if (typeof to === 'string') edges.push({ to, path: `${path}/${at}` });
  };
  add(state.Next, 'Next');
  for (const field of ['Choices', 'Catch']) {
    const list = state[field];
    if (Array.isArray(list)) for (const [index, entry] of list.entries()) if (isObject(entry)) add(entry.Next, `${field}[${index}]/Next`);
  }
  add(state.Default, 'Default');
  return edges;
}

/** Every target exists, every state is reached, something ends. AWS says 'Next' whatever the field is called. */
export function checkGraph(start: string, states: Record<string, unknown>, path: string, diagnostics: Diagnostics): void {
  const reached = new Set<string>();
  const pending: Edge[] = [{ to: start, path: `${path}/StartAt` }];
  for (const [name, state] of Object.entries(states)) pending.push(...edgesOf(state, `${path}/States/${name}`));
  for (const { to, path: at } of pending)
    if (!Object.hasOwn(states, to)) diagnostics.add('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${to}`, at);
  const ends = Object.values(states).some(
    (state) => isObject(state) && (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail'),
  );
  if (!ends) {
    diagnostics.add('MISSING_END_STATE', 'Workflow has no terminal state');
    return;
  }
  const queue = [start];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name) || !Object.hasOwn(states, name)) continue;
    reached.add(name);
    queue.push(...edgesOf(states[name], '').map(({ to }) => to));
  }
  for (const name of Object.keys(states))
    if (!reached.has(name)) diagnostics.add('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, `${path}/States/${name}`);
}
