import type { Store } from '../../kernel/store.ts';
import { activeBranches, type Execution, fromSnapshot, isWork, type Machine, type Origin, type Status, toSnapshot } from './execution.ts';
import { flushEvents, HISTORY_SCHEMA } from './history.ts';
import type { Machines } from './machines.ts';

/** Closed executions and their history are gone, and their names free, this long after the close. */
export const RETENTION_MS = 90 * 86_400_000;
/** A Standard execution runs for a year at most. */
export const LIFETIME_MS = 365 * 86_400_000;
/** An Express one for five minutes. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-standard-vs-express.html */
export const EXPRESS_LIFETIME_MS = 300_000;
/** Changed executions kept in memory before they are written without waiting for a commit. */
const DIRTY_MAX = 1_000;
/** Written executions kept in memory though nobody works on them: what was just started is soon answered, what was just answered soon asked for. */
const RECENT_MAX = 128;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS states_executions (id INTEGER PRIMARY KEY, machine TEXT NOT NULL, name TEXT NOT NULL, definition INTEGER NOT NULL,
    status TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT, notify TEXT,
    redrives INTEGER NOT NULL, redriven INTEGER, deadline INTEGER NOT NULL, events INTEGER NOT NULL, active INTEGER NOT NULL, snapshot TEXT);
  CREATE UNIQUE INDEX IF NOT EXISTS states_executions_by_name ON states_executions (name, machine);
  CREATE INDEX IF NOT EXISTS states_executions_by_stop ON states_executions (stopped) WHERE stopped IS NOT NULL;`;
/** What was added to the table since its first shape: an older file gets it when it is opened. */
const ADDED = ['version INTEGER', 'alias TEXT', 'map_run INTEGER', 'map_index INTEGER', 'map_items INTEGER', 'map_written INTEGER'];
const MAP_INDEX =
  'CREATE INDEX IF NOT EXISTS states_executions_by_map ON states_executions (map_run, map_index) WHERE map_run IS NOT NULL;';

/** An execution's row. */
export interface ExecutionRow {
  readonly id: number;
  readonly machine: string;
  readonly name: string;
  readonly definition: number;
  readonly status: Status;
  readonly started: number;
  readonly stopped: number | null;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly notify: string | null;
  readonly redrives: number;
  readonly redriven: number | null;
  readonly deadline: number;
  readonly events: number;
  readonly active: number;
  readonly snapshot: string | null;
  readonly version: number | null;
  readonly alias: string | null;
  readonly map_run: number | null;
  readonly map_index: number | null;
  readonly map_items: number | null;
  /** Whether its result is in a file of its Map Run. */
  readonly map_written: number | null;
}

/** What an execution's row tells of it; the rest is what it goes on from, and what only its Map Run asks for. */
export type ExecutionFacts = Omit<ExecutionRow, 'active' | 'snapshot' | 'map_written'>;

const FACTS =
  'id, machine, name, definition, status, started, stopped, input, output, error, cause, notify, redrives, redriven, deadline, events, version, alias, map_run, map_index, map_items';
const COLUMNS = `${FACTS}, active, snapshot, map_written`;
const FACTS_BY_NAME = `SELECT ${FACTS} FROM states_executions WHERE name = ? AND machine = ?`;
const FACTS_BY_ID = `SELECT ${FACTS} FROM states_executions WHERE id = ?`;

/**
 * `arn:…:stateMachine:<machine>` and a name make `arn:…:execution:<machine>:<name>`. The name of an Express execution is
 * `<name>:<uuid>`, for names may be used again at once; it makes `arn:…:express:<machine>:<name>:<uuid>`. No other name has a colon.
 */
export function executionArn(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', name.includes(':') ? ':express:' : ':execution:')}:${name}`;
}

/** The machine's ARN and the name in an execution's ARN, as `executionArn` takes them; undefined where it is none. */
export function parseExecutionArn(arn: string): { readonly machine: string; readonly name: string } | undefined {
  const [, head, kind, machine, name = ''] =
    /^(arn:[^:]*:states:[^:]*:[^:]*:)(execution|express)(:[^:]+):([^:]+(?::[^:]+)?)$/.exec(arn) ?? [];
  if (head === undefined || (kind === 'express') !== name.includes(':')) return undefined;
  return { machine: `${head}stateMachine${machine}`, name };
}

/**
 * The executions: rows in the store, and in memory those that changed since the last write or have work going on, and the last few
 * others. A change is written when the store commits: one row for a whole macro step, none for what lies between.
 */
export class Executions {
  readonly #store: Store;
  readonly #machines: Machines;
  readonly #live = new Map<number, Execution>();
  readonly #byArn = new Map<string, Execution>();
  readonly #dirty = new Set<Execution>();
  #lastId: number;

  constructor(store: Store, machines: Machines) {
    this.#store = store;
    this.#machines = machines;
    store.define(SCHEMA + HISTORY_SCHEMA);
    addColumns(store);
    this.#lastId = store.get<{ id: number | null }>('SELECT max(id) AS id FROM states_executions')?.id ?? 0;
    store.beforeCommit(() => this.flush());
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Takes a new or changed execution into the next write. */
  touch(execution: Execution): void {
    if (this.#dirty.has(execution)) return;
    this.#live.set(execution.id, execution);
    this.#byArn.set(execution.arn, execution);
    this.#dirty.add(execution);
    if (this.#dirty.size >= DIRTY_MAX) this.flush();
  }

  /** Writes all changes; of the executions without work going on all but the last leave the memory. */
  flush(): void {
    for (const execution of this.#dirty) {
      this.#write(execution);
      // Behind the others: it is the last to go.
      this.#live.delete(execution.id);
      this.#live.set(execution.id, execution);
    }
    this.#dirty.clear();
    for (const execution of this.#live.values()) {
      if (this.#live.size <= RECENT_MAX) return;
      if (execution.jobs === 0) this.#forget(execution);
    }
  }

  /** Writes the changes of one execution, for whoever reads what it has written. */
  flushOne(arn: string): void {
    const execution = this.#byArn.get(arn);
    if (execution !== undefined && this.#dirty.delete(execution)) this.#write(execution);
  }

  #forget(execution: Execution): void {
    this.#live.delete(execution.id);
    this.#byArn.delete(execution.arn);
  }

  byId(id: number): Execution | undefined {
    return this.#live.get(id) ?? this.#load(this.row('id = ?', id));
  }

  /** An execution to work on: open, or closed and fit to be redriven. */
  byArn(arn: string): Execution | undefined {
    const live = this.#byArn.get(arn);
    if (live !== undefined) return live;
    const parts = parseExecutionArn(arn);
    return parts === undefined ? undefined : this.#load(this.row('name = ? AND machine = ?', parts.name, parts.machine));
  }

  /** What is to be told of an execution as it stands now. Nothing is written for it. */
  facts(machine: string, name: string): ExecutionFacts | undefined {
    const live = this.#byArn.get(executionArn(machine, name));
    if (live !== undefined) return factsOf(live);
    return this.#store.get<ExecutionFacts>(FACTS_BY_NAME, name, machine);
  }

  factsById(id: number): ExecutionFacts | undefined {
    const live = this.#live.get(id);
    return live === undefined ? this.#store.get<ExecutionFacts>(FACTS_BY_ID, id) : factsOf(live);
  }

  /** The row as written: only for reads after `flush`, or where no live one is known. */
  row(where: string, ...parameters: (string | number)[]): ExecutionRow | undefined {
    return this.#store.get<ExecutionRow>(`SELECT ${COLUMNS} FROM states_executions WHERE ${where}`, ...parameters);
  }

  rows(where: string, ...parameters: (string | number)[]): ExecutionRow[] {
    return this.#store.all<ExecutionRow>(`SELECT ${COLUMNS} FROM states_executions WHERE ${where}`, ...parameters);
  }

  /** The successes of a Map Run are in its files: a redrive need not write them again. */
  markWritten(mapRun: number): void {
    this.#store.run("UPDATE states_executions SET map_written = 1 WHERE map_run = ? AND status = 'SUCCEEDED'", mapRun);
  }

  /** Removes an execution and its history for good. */
  remove(id: number): void {
    const live = this.#live.get(id);
    if (live !== undefined) {
      this.#dirty.delete(live);
      this.#forget(live);
    }
    this.#store.run('DELETE FROM states_history WHERE execution = ?', id);
    this.#store.run('DELETE FROM states_executions WHERE id = ?', id);
  }

  #load(row: ExecutionRow | undefined): Execution | undefined {
    if (row === undefined || row.snapshot === null) return undefined;
    const machine: Machine = this.#machines.revision(row.definition, labelOf(row.machine));
    const { sequence, root } = fromSnapshot(row.snapshot, machine.container);
    const execution: Execution = {
      id: row.id,
      arn: executionArn(row.machine, row.name),
      name: row.name.split(':')[0] ?? row.name,
      machine,
      startedAt: row.started,
      input: row.input,
      notify: row.notify ?? undefined,
      origin: originOf(row),
      status: row.status,
      stoppedAt: row.stopped ?? undefined,
      output: row.output ?? undefined,
      error: row.error === null && row.cause === null ? undefined : { Error: row.error, Cause: row.cause },
      redrives: row.redrives,
      redrivenAt: row.redriven ?? undefined,
      root,
      sequence,
      lastEvent: row.events,
      pending: [],
      deadlineAt: row.deadline,
      stored: true,
      jobs: 0,
    };
    this.#live.set(execution.id, execution);
    this.#byArn.set(execution.arn, execution);
    return execution;
  }

  #write(x: Execution): void {
    flushEvents(this.#store, x);
    // What succeeded is never run again; what failed may be redriven from where it stood.
    const snapshot = x.status === 'SUCCEEDED' ? null : toSnapshot(x);
    const active = x.status === 'RUNNING' && [...activeBranches(x.root)].some(({ phase }) => isWork(phase)) ? 1 : 0;
    const changing = [
      x.status,
      x.stoppedAt ?? null,
      x.output ?? null,
      x.error?.Error ?? null,
      x.error?.Cause ?? null,
      x.redrives,
      x.redrivenAt ?? null,
      x.deadlineAt,
      x.lastEvent,
      active,
      snapshot,
    ] as const;
    if (x.stored) {
      this.#store.run(
        'UPDATE states_executions SET status = ?, stopped = ?, output = ?, error = ?, cause = ?, redrives = ?, redriven = ?, deadline = ?, events = ?, active = ?, snapshot = ? WHERE id = ?',
        ...changing,
        x.id,
      );
      return;
    }
    this.#store.run(
      'INSERT INTO states_executions (status, stopped, output, error, cause, redrives, redriven, deadline, events, active, snapshot, id, machine, name, definition, started, input, notify, version, alias, map_run, map_index, map_items) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...changing,
      x.id,
      x.machine.arn,
      storedName(x),
      x.machine.definitionId,
      x.startedAt,
      x.input,
      x.notify ?? null,
      x.origin.version ?? null,
      x.origin.alias ?? null,
      x.origin.mapRun ?? null,
      x.origin.index ?? null,
      x.origin.items ?? null,
    );
    x.stored = true;
  }
}

function addColumns(store: Store): void {
  const known = new Set(store.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', 'states_executions').map(({ name }) => name));
  for (const column of ADDED)
    if (!known.has(column.split(' ')[0] ?? '')) store.define(`ALTER TABLE states_executions ADD COLUMN ${column}`);
  store.define(MAP_INDEX);
}

/** `<machine>/<label>` in the ARN of the state machine that a Map Run's executions belong to. */
export function labelOf(machineArn: string): string | undefined {
  return machineArn.split('/')[1];
}

/** What follows the state machine in an execution's ARN. */
function storedName(x: Execution): string {
  return x.machine.express ? x.arn.split(':').slice(-2).join(':') : x.name;
}

function factsOf(x: Execution): ExecutionFacts {
  return {
    id: x.id,
    machine: x.machine.arn,
    name: storedName(x),
    definition: x.machine.definitionId,
    status: x.status,
    started: x.startedAt,
    stopped: x.stoppedAt ?? null,
    input: x.input,
    output: x.output ?? null,
    error: x.error?.Error ?? null,
    cause: x.error?.Cause ?? null,
    notify: x.notify ?? null,
    redrives: x.redrives,
    redriven: x.redrivenAt ?? null,
    deadline: x.deadlineAt,
    events: x.lastEvent,
    version: x.origin.version ?? null,
    alias: x.origin.alias ?? null,
    map_run: x.origin.mapRun ?? null,
    map_index: x.origin.index ?? null,
    map_items: x.origin.items ?? null,
  };
}

const NO_ORIGIN: Origin = {};

function originOf(row: ExecutionRow): Origin {
  if (row.version === null && row.map_run === null) return NO_ORIGIN;
  return {
    version: row.version ?? undefined,
    alias: row.alias ?? undefined,
    mapRun: row.map_run ?? undefined,
    index: row.map_index ?? undefined,
    items: row.map_items ?? undefined,
  };
}
