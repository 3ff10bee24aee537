import type { HistoryEvent } from '../services/states/history.ts';
import type { ExecutionView, Standing } from '../services/states/views.ts';

/** How a state looks on the graph. */
export type StateStatus = 'none' | 'running' | 'waiting' | 'done' | 'caught' | 'failed' | 'stopped';

/** One time that an execution was in a state, as its events tell. Instants are milliseconds since the epoch; payloads JSON text. */
export interface Visit {
  readonly state: string;
  /** `Task`, `Choice`, … */
  readonly type: string;
  /** The event that entered the state. */
  readonly id: number;
  readonly enteredAt: number;
  readonly input: string | undefined;
  leftAt: number | undefined;
  output: string | undefined;
  assigned: Readonly<Record<string, string>> | undefined;
  /** How often the state's task was scheduled. */
  attempts: number;
  error: { readonly error: string; readonly cause: string } | undefined;
  ended: 'done' | 'caught' | 'failed' | 'stopped' | undefined;
}

export interface Visits {
  /** In the order of entering. */
  readonly all: readonly Visit[];
  /** The moves that were made, as `moveKey` writes them. */
  readonly moves: ReadonlySet<string>;
  /** The state that an event belongs to, by the event's number. */
  readonly stateAt: ReadonlyMap<number, string>;
}

export function moveKey(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

/** Reads an execution's history as visits to its states. */
export function visitsOf(events: readonly HistoryEvent[]): Visits {
  const all: Visit[] = [];
  const moves = new Set<string>();
  // Which visit an event belongs to follows from the event before it, also where branches go on beside each other.
  const byEvent = new Map<number, Visit>();
  const open = new Set<Visit>();
  let closed: Visit[] = [];
  for (const event of events) {
    const details = detailsOf(event);
    const before = byEvent.get(event.previousEventId);
    const visit = event.type.endsWith('StateEntered') ? entered(event, details) : visitOf(event, details, before, open);
    if (event.type.endsWith('StateEntered') && visit !== undefined) {
      if (before?.ended !== undefined) moves.add(moveKey(before.state, visit.state));
      all.push(visit);
      open.add(visit);
    }
    if (visit !== undefined) {
      byEvent.set(event.id, visit);
      apply(visit, event, details, before);
      if (visit.ended !== undefined) open.delete(visit);
    }
    if (CLOSING.has(event.type)) {
      for (const left of open) {
        left.ended = event.type === 'ExecutionAborted' ? 'stopped' : 'failed';
        // Of a Fail state inside a Map or Parallel only the end of the execution tells the error.
        if (left.error?.error === '') left.error = { error: text(details.error) ?? '', cause: text(details.cause) ?? '' };
      }
      closed = [...open];
      open.clear();
    }
    // A redrive goes on in states that were entered before.
    if (event.type === 'ExecutionRedriven') for (const again of closed) open.add(reopened(again));
  }
  return { all, moves, stateAt: new Map([...byEvent].map(([id, { state }]) => [id, state])) };
}

const CLOSING = new Set(['ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut']);

type Details = Readonly<Record<string, unknown>>;

/** An event's details, whatever the API calls them. */
export function detailsOf(event: HistoryEvent): Details {
  for (const key in event) if (key.endsWith('EventDetails')) return event[key] as Details;
  return {};
}

function entered(event: HistoryEvent, details: Details): Visit {
  return {
    state: String(details.name),
    type: event.type.replace('StateEntered', ''),
    id: event.id,
    enteredAt: event.timestamp * 1000,
    input: text(details.input),
    leftAt: undefined,
    output: undefined,
    assigned: undefined,
    attempts: 0,
    error: undefined,
    ended: undefined,
  };
}

function visitOf(event: HistoryEvent, details: Details, before: Visit | undefined, open: ReadonlySet<Visit>): Visit | undefined {
  if (event.type.endsWith('StateExited') && before?.state !== details.name)
    return [...open].findLast((visit) => visit.state === details.name) ?? before;
  // Those that are stopped follow the event of the one that failed beside them, as does its own.
  const stopped = /^(.*)StateAborted$/.exec(event.type)?.[1];
  if (stopped !== undefined)
    return before !== undefined && before.type === stopped && open.has(before)
      ? before
      : [...open].findLast(({ type }) => type === stopped);
  // What becomes of a Map or Parallel follows what became of the states inside it.
  const around = /^(Map|Parallel)State/.exec(event.type)?.[1];
  return around === undefined || before?.type === around ? before : ([...open].findLast(({ type }) => type === around) ?? before);
}

/** @param before the visit that the event before it belongs to: the failure of a Map or Parallel is that of a state inside */
function apply(visit: Visit, event: HistoryEvent, details: Details, before: Visit | undefined): void {
  const { type } = event;
  if (type.endsWith('StateExited')) {
    visit.leftAt = event.timestamp * 1000;
    visit.output = text(details.output);
    visit.assigned = details.assignedVariables as Record<string, string> | undefined;
    visit.ended = visit.error === undefined ? 'done' : 'caught';
  } else if (type.endsWith('StateAborted')) {
    visit.leftAt = event.timestamp * 1000;
    visit.ended = visit.error === undefined ? 'stopped' : 'failed';
  } else if (/(Failed|TimedOut)$/.test(type) && !type.startsWith('Execution') && !type.startsWith('MapIteration')) {
    const known = visit.error ?? before?.error;
    visit.error = { error: text(details.error) ?? known?.error ?? '', cause: text(details.cause) ?? known?.cause ?? '' };
  } else if (type.endsWith('Scheduled')) {
    reopened(visit).attempts += 1;
  } else if (type.endsWith('Succeeded') && !type.startsWith('MapIteration')) {
    visit.error = undefined;
  }
}

function reopened(visit: Visit): Visit {
  visit.ended = undefined;
  visit.leftAt = undefined;
  return visit;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What a state comes to over all visits. */
export interface StateSummary {
  readonly status: StateStatus;
  readonly visits: number;
  readonly last: Visit | undefined;
  /** Where the execution stands in it now. */
  readonly standings: readonly Standing[];
}

const WAITING = new Set(['timer', 'retry', 'token', 'child']);

/** Each state that was visited, by name: its status is that of the present, else that of the last visit. */
export function summaries(execution: ExecutionView, visits: readonly Visit[]): Map<string, StateSummary> {
  const byState = new Map<string, Visit[]>();
  for (const visit of visits) {
    const known = byState.get(visit.state);
    if (known === undefined) byState.set(visit.state, [visit]);
    else known.push(visit);
  }
  const names = new Set([...byState.keys(), ...execution.standings.map(({ state }) => state)]);
  return new Map(
    [...names].map((name) => {
      const own = byState.get(name) ?? [];
      const standings = execution.standings.filter(({ state }) => state === name);
      return [name, { status: statusOf(own, standings), visits: own.length, last: own.at(-1), standings }];
    }),
  );
}

function statusOf(visits: readonly Visit[], standings: readonly Standing[]): StateStatus {
  if (standings.length > 0 && visits.length > 0) return standings.every(({ phase }) => WAITING.has(phase)) ? 'waiting' : 'running';
  // Iterations of a Map end one by one: one that failed is what a person looks for.
  const last = visits.at(-1);
  return last === undefined ? 'none' : (last.ended ?? 'running');
}
