import type { Store } from '../../kernel/store.ts';
import type { Branch, Execution } from './execution.ts';

/** Hard limit of Standard workflows. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const EVENTS_MAX = 25_000;

/** No event may follow but the last, which must say that the execution failed: the history is full, or the machine is being deleted. */
export class NoMoreEvents extends Error {}

type Details = Readonly<Record<string, unknown>>;

/** An event as it is stored: milliseconds, type, previous event, details under the name the API gives them. */
type StoredEvent = readonly [at: number, type: string, previous: number, details?: Details];

/** A `HistoryEvent` of the API. Timestamps are seconds since the epoch. */
export interface HistoryEvent {
  readonly timestamp: number;
  readonly type: string;
  readonly id: number;
  readonly previousEventId: number;
  readonly [details: string]: unknown;
}

/** These are of a branch, and yet the event after them follows the one before: https://github.com/floci-io/floci/pull/3167. */
const ASIDE: ReadonlySet<string> = new Set([
  'ParallelStateSucceeded',
  'MapStateSucceeded',
  'MapRunSucceeded',
  'MapIterationFailed',
  'MapIterationAborted',
  'TaskStateAborted',
]);

/**
 * Appends an event to a branch and returns its id. `branch` is undefined for events of the execution as a whole, which follow none:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
 */
export function appendEvent(execution: Execution, branch: Branch | undefined, at: number, type: string, details?: Details): number {
  const closing = type.startsWith('Execution') && type !== 'ExecutionStarted' && type !== 'ExecutionRedriven';
  if (execution.lastEvent >= EVENTS_MAX - 1 && !closing)
    throw new NoMoreEvents(`The execution reached the maximum number of history events (${EVENTS_MAX}).`);
  const previous = branch?.lastEvent ?? 0;
  execution.lastEvent += 1;
  const event: StoredEvent = details === undefined ? [at, type, previous] : [at, type, previous, details];
  // As text at once: thousands of executions may wait for a commit, and texts are less for the garbage collector to walk.
  execution.pending.push(JSON.stringify(event));
  if (branch !== undefined && !ASIDE.has(type)) branch.lastEvent = execution.lastEvent;
  return execution.lastEvent;
}

const DETAILS: readonly (readonly [suffix: RegExp, key: string])[] = [
  [/StateEntered$/, 'stateEnteredEventDetails'],
  [/StateExited$/, 'stateExitedEventDetails'],
];

/** `TaskScheduled` has its details under `taskScheduledEventDetails`, all states' Entered and Exited share one name. */
function detailsKey(type: string): string {
  for (const [suffix, key] of DETAILS) if (suffix.test(type)) return key;
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** Rows are appended, so a long simulation writes at the end of the file and not all over it; only the index is in order. */
export const HISTORY_SCHEMA = `
  CREATE TABLE IF NOT EXISTS states_history (execution INTEGER NOT NULL, first INTEGER NOT NULL, events TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS states_history_by_execution ON states_history (execution, first);`;

/** Writes the pending events as one row, in the order they came. */
export function flushEvents(store: Store, execution: Execution): void {
  const { pending } = execution;
  if (pending.length === 0) return;
  store.run(
    'INSERT INTO states_history (execution, first, events) VALUES (?, ?, ?)',
    execution.id,
    execution.lastEvent - pending.length + 1,
    `[${pending.join(',')}]`,
  );
  execution.pending = [];
}

/** Members of details that hold payloads: left out without `includeExecutionData`. AWS leaves `parameters` in, as measured: https://github.com/floci-io/floci/pull/3167. */
const PAYLOADS = ['input', 'output', 'assignedVariables'];

/** A page of the history, from event `from` on (or down), at most `limit` events. */
export function readEvents(
  store: Store,
  execution: { readonly id: number; readonly lastEvent: number },
  page: { readonly from: number; readonly limit: number; readonly reverse: boolean; readonly data: boolean },
): HistoryEvent[] {
  const to = page.reverse ? page.from - page.limit + 1 : page.from + page.limit - 1;
  const low = Math.max(1, Math.min(page.from, to));
  const high = Math.min(execution.lastEvent, Math.max(page.from, to));
  const rows = store.all<{ first: number; events: string }>(
    `SELECT first, events FROM states_history WHERE execution = ?1 AND first <= ?3
     AND first >= coalesce((SELECT max(first) FROM states_history WHERE execution = ?1 AND first <= ?2), 0) ORDER BY first`,
    execution.id,
    low,
    high,
  );
  const events = rows.flatMap(({ first, events: text }) =>
    (JSON.parse(text) as StoredEvent[]).map((event, index) => toHistoryEvent(event, first + index, page.data)),
  );
  const wanted = events.filter(({ id }) => id >= low && id <= high);
  return page.reverse ? wanted.reverse() : wanted;
}

function toHistoryEvent([at, type, previous, details]: StoredEvent, id: number, data: boolean): HistoryEvent {
  const event = { timestamp: at / 1000, type, id, previousEventId: previous };
  if (details === undefined) return event;
  const shown: Record<string, unknown> = { ...details };
  for (const key of PAYLOADS) {
    if (!(key in shown)) continue;
    if (!data) delete shown[key];
    else shown[`${key}Details`] = { truncated: false };
  }
  return { ...event, [detailsKey(type)]: shown };
}
