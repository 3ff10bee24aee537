import type { CompiledContainer, CompiledState } from './definition.ts';
import type { ErrorOutput } from './errors.ts';

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/**
 * Where a branch stands. The first group is work to do: after a restart it is posted again. The second waits for a timer, a
 * token, a child execution or inner branches and costs nothing but its row.
 */
type Phase =
  | 'ready' // to enter `state`
  | 'entered' // entered, to be run
  | 'scheduled' // an attempt of a task is scheduled, its call not made
  | 'calling' // the call is made and not answered
  | 'finishing' // `result` is there: Assign, Output, exit
  | 'failing' // `error` is there: Retry, Catch or the end
  | 'timer' // Wait
  | 'retry' // before the next attempt
  | 'token' // for SendTaskSuccess or SendTaskFailure
  | 'running' // the answer is there, but the work takes virtual time
  | 'child' // for an execution started with .sync
  | 'inner' // for branches or iterations
  | 'mapping' // a Map Run is there, its items are not read
  | 'map' // for the executions of a Map Run
  | 'writing' // all of them have ended, the results are not written
  | 'aborted'; // stopped from outside, kept for a redrive

const WORK: ReadonlySet<Phase> = new Set<Phase>(['ready', 'entered', 'scheduled', 'calling', 'finishing', 'failing', 'mapping', 'writing']);

export function isWork(phase: Phase): boolean {
  return WORK.has(phase);
}

/** The branches of a Parallel or the iterations of a Map. */
export interface Fan {
  readonly items: readonly unknown[] | undefined;
  /** What an `ItemSelector` made of the items. */
  readonly inputs: readonly unknown[] | undefined;
  readonly total: number;
  readonly limit: number;
  results: unknown[];
  next: number;
  done: number;
  children: Branch[];
}

/** One thread of states: the execution itself, a branch of a Parallel or an iteration of a Map. Plain JSON but for the links. */
export interface Branch {
  readonly id: number;
  readonly index: number;
  readonly item: { readonly Index: number; readonly Value: unknown } | undefined;
  readonly parent: Branch | undefined;
  readonly container: CompiledContainer;
  state: string;
  phase: Phase;
  input: unknown;
  /** The text of `input` where it is at hand, so that events need not make it again. */
  inputText: string | undefined;
  variables: Record<string, unknown>;
  /** When and by which event the state was entered. */
  enteredAt: number;
  enteredEvent: number;
  lastEvent: number;
  /** The number of this attempt or wait, unique in the execution: what answers with another number is late. */
  attempt: number;
  retries: Record<number, number>;
  retryCount: number;
  /** Which choice rule or catcher decides the exit; -1: the state itself. */
  rule: number;
  result: unknown;
  error: ErrorOutput | undefined;
  heartbeatMissed: boolean;
  deadline: number | undefined;
  heartbeatSeconds: number | undefined;
  heartbeatAt: number | undefined;
  fan: Fan | undefined;
  /** The Map Run of a distributed Map. */
  mapRun: number | undefined;
  dead: boolean;
}

/** By what an execution was started, beside its state machine. */
export interface Origin {
  /** The version it is pinned to, and the alias that led there. */
  readonly version?: number | undefined;
  readonly alias?: string | undefined;
  /** The Map Run that started it, its place there, and how many items it has. */
  readonly mapRun?: number | undefined;
  readonly index?: number | undefined;
  readonly items?: number | undefined;
}

/** One execution. What is not in `Branch` are the columns of its row. */
export interface Execution {
  readonly id: number;
  readonly arn: string;
  readonly name: string;
  readonly machine: Machine;
  readonly startedAt: number;
  readonly input: string;
  /** Which attempt of which execution waits for this one. */
  readonly notify: string | undefined;
  readonly origin: Origin;
  status: Status;
  stoppedAt: number | undefined;
  output: string | undefined;
  error: ErrorOutput | undefined;
  redrives: number;
  redrivenAt: number | undefined;
  root: Branch;
  sequence: number;
  /** The id of the last event, and the events not yet written. */
  lastEvent: number;
  pending: string[];
  deadlineAt: number;
  stored: boolean;
  jobs: number;
}

/** One revision of a state machine: executions stay with the one they were started on. */
export interface Machine {
  readonly definitionId: number;
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly express: boolean;
  readonly container: CompiledContainer;
}

export function newBranch(
  execution: { sequence: number },
  container: CompiledContainer,
  input: unknown,
  from?: { readonly parent: Branch; readonly index: number; readonly item: Branch['item'] },
): Branch {
  execution.sequence += 1;
  return {
    id: execution.sequence,
    index: from?.index ?? 0,
    item: from?.item,
    parent: from?.parent,
    container,
    state: container.startAt,
    phase: 'ready',
    input,
    inputText: undefined,
    variables: {},
    enteredAt: 0,
    enteredEvent: 0,
    lastEvent: from?.parent.lastEvent ?? 0,
    attempt: 0,
    retries: {},
    retryCount: 0,
    rule: -1,
    result: undefined,
    error: undefined,
    heartbeatMissed: false,
    deadline: undefined,
    heartbeatSeconds: undefined,
    heartbeatAt: undefined,
    fan: undefined,
    mapRun: undefined,
    dead: false,
  };
}

export function stateOf(branch: Branch): CompiledState {
  const state = branch.container.states.get(branch.state);
  if (state === undefined) throw new Error(`The definition has no state ${branch.state}.`);
  return state;
}

export function* branchesOf(branch: Branch): Generator<Branch> {
  yield branch;
  for (const child of branch.fan?.children ?? []) yield* branchesOf(child);
}

/** The branches that count: those inside a state only while it waits for them. */
export function* activeBranches(branch: Branch): Generator<Branch> {
  yield branch;
  if (branch.phase === 'inner') for (const child of branch.fan?.children ?? []) yield* activeBranches(child);
}

export function findBranch(execution: Execution, id: number): Branch | undefined {
  for (const branch of activeBranches(execution.root)) if (branch.id === id) return branch;
  return undefined;
}

/** The snapshot of a whole execution as its row keeps it. */
export function toSnapshot(execution: Execution): string {
  return JSON.stringify({ sequence: execution.sequence, root: branchToJson(execution.root) });
}

function branchToJson(branch: Branch): unknown {
  const { parent, container, inputText, dead, fan, ...rest } = branch;
  return fan === undefined ? rest : { ...rest, fan: { ...fan, children: fan.children.map(branchToJson) } };
}

export function fromSnapshot(snapshot: string, container: CompiledContainer): { sequence: number; root: Branch } {
  const { sequence, root } = JSON.parse(snapshot) as { sequence: number; root: Branch };
  return { sequence, root: branchFromJson(root, container, undefined) };
}

function branchFromJson(stored: Branch, container: CompiledContainer, parent: Branch | undefined): Branch {
  const branch: Branch = { ...stored, container, parent, inputText: undefined, dead: false };
  if (stored.fan !== undefined) {
    const inner = stateOf(branch).children;
    branch.fan = {
      ...stored.fan,
      children: stored.fan.children.map((child) => {
        // A Map has one processor for all its iterations, a Parallel one container a branch.
        const own = inner.length === 1 ? inner[0] : inner[child.index];
        if (own === undefined) throw new Error(`The definition has no branch ${child.index} in ${branch.state}.`);
        return branchFromJson(child, own, branch);
      }),
    };
  }
  return branch;
}
