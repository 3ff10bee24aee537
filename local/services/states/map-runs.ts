import type { Store } from '../../kernel/store.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS states_map_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, execution INTEGER NOT NULL, machine TEXT NOT NULL,
    label TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER, concurrency INTEGER NOT NULL, tolerated_count INTEGER,
    tolerated_percentage REAL, writer TEXT, planned INTEGER NOT NULL, total INTEGER NOT NULL, pending INTEGER NOT NULL, running INTEGER NOT NULL,
    failed INTEGER NOT NULL, written INTEGER NOT NULL, redrives INTEGER NOT NULL, redriven INTEGER);
  CREATE UNIQUE INDEX IF NOT EXISTS states_map_runs_by_uuid ON states_map_runs (uuid);
  CREATE INDEX IF NOT EXISTS states_map_runs_by_execution ON states_map_runs (execution);
  CREATE TABLE IF NOT EXISTS states_map_inputs (run INTEGER NOT NULL, position INTEGER NOT NULL, input TEXT NOT NULL, items INTEGER NOT NULL, child INTEGER,
    PRIMARY KEY (run, position)) WITHOUT ROWID;`;

export type MapRunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** A Map Run: what a distributed Map has started. */
export interface MapRunRow {
  readonly id: number;
  readonly uuid: string;
  /** The execution with the Map, by number, and its state machine. */
  readonly execution: number;
  readonly machine: string;
  readonly label: string;
  readonly status: MapRunStatus;
  readonly started: number;
  readonly stopped: number | null;
  readonly concurrency: number;
  /** Null where the definition says nothing. */
  readonly tolerated_count: number | null;
  readonly tolerated_percentage: number | null;
  /** The `ResultWriter`, evaluated. */
  readonly writer: string | null;
  /** Whether the items have been read. */
  readonly planned: number;
  /** In items: all, and those of executions that failed. */
  readonly total: number;
  readonly failed: number;
  /** In executions: those that have not been started, and those under way. */
  readonly pending: number;
  readonly running: number;
  /** Whether the results are where they belong: in files, or in the state's own result. */
  readonly written: number;
  /** The files of successes, as their manifest has them. */
  readonly files: string | null;
  readonly redrives: number;
  readonly redriven: number | null;
  readonly [column: string]: number | string | null;
}

/** The input of an execution that waits to be started, or, where `child` is given, to be redriven. */
export interface MapInput {
  readonly position: number;
  readonly input: string;
  readonly items: number;
  readonly child: number | null;
  readonly [column: string]: number | string | null;
}

const COLUMNS =
  'id, uuid, execution, machine, label, status, started, stopped, concurrency, tolerated_count, tolerated_percentage, writer, planned, total, failed, pending, running, written, files, redrives, redriven';

type New = Pick<
  MapRunRow,
  'uuid' | 'execution' | 'machine' | 'label' | 'started' | 'concurrency' | 'tolerated_count' | 'tolerated_percentage' | 'writer'
>;

/** `arn:…:mapRun:<machine>/<label>:<uuid>`. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html */
export function mapRunArn({ machine, label, uuid }: Pick<MapRunRow, 'machine' | 'label' | 'uuid'>): string {
  return `${machine.replace(':stateMachine:', ':mapRun:')}/${label}:${uuid}`;
}

/** The Map Runs, and the inputs of what they have still to start. What they have started are executions like any other. */
export class MapRuns {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(SCHEMA);
    const known = store.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', 'states_map_runs');
    if (!known.some(({ name }) => name === 'files')) store.define('ALTER TABLE states_map_runs ADD COLUMN files TEXT');
  }

  create(run: New): number {
    return this.#store.run(
      `INSERT INTO states_map_runs (uuid, execution, machine, label, started, concurrency, tolerated_count, tolerated_percentage, writer,
         status, planned, total, failed, pending, running, written, redrives) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'RUNNING', 0, 0, 0, 0, 0, 0, 0)`,
      run.uuid,
      run.execution,
      run.machine,
      run.label,
      run.started,
      run.concurrency,
      run.tolerated_count,
      run.tolerated_percentage,
      run.writer,
    ).lastInsertRowid;
  }

  get(id: number): MapRunRow | undefined {
    return this.#store.get<MapRunRow>(`SELECT ${COLUMNS} FROM states_map_runs WHERE id = ?`, id);
  }

  byUuid(uuid: string): MapRunRow | undefined {
    return this.#store.get<MapRunRow>(`SELECT ${COLUMNS} FROM states_map_runs WHERE uuid = ?`, uuid);
  }

  /** Newest first. */
  ofExecution(execution: number): MapRunRow[] {
    return this.#store.all<MapRunRow>(`SELECT ${COLUMNS} FROM states_map_runs WHERE execution = ? ORDER BY id DESC`, execution);
  }

  open(): MapRunRow[] {
    return this.#store.all<MapRunRow>(`SELECT ${COLUMNS} FROM states_map_runs WHERE status = 'RUNNING' ORDER BY id`);
  }

  set(id: number, changes: Readonly<Record<string, number | string | null>>): void {
    const names = Object.keys(changes);
    this.#store.run(
      `UPDATE states_map_runs SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
      ...Object.values(changes),
      id,
    );
  }

  /** All inputs of a run at once: from here on the items need not be read again. */
  plan(id: number, inputs: readonly { readonly input: string; readonly items: number }[]): void {
    for (const [position, { input, items }] of inputs.entries()) this.#put(id, position, input, items, null);
    const total = inputs.reduce((sum, { items }) => sum + items, 0);
    this.set(id, { planned: 1, total, pending: inputs.length });
  }

  /** Takes the next input; the caller starts it. */
  take(id: number): MapInput | undefined {
    const next = this.#store.get<MapInput>(
      'SELECT position, input, items, child FROM states_map_inputs WHERE run = ? ORDER BY position LIMIT 1',
      id,
    );
    if (next === undefined) return undefined;
    this.#store.run('DELETE FROM states_map_inputs WHERE run = ? AND position = ?', id, next.position);
    this.#store.run('UPDATE states_map_runs SET pending = pending - 1, running = running + 1 WHERE id = ?', id);
    return next;
  }

  /** Inputs that have not been started, in order. */
  pending(id: number): MapInput[] {
    return this.#store.all<MapInput>('SELECT position, input, items, child FROM states_map_inputs WHERE run = ? ORDER BY position', id);
  }

  putBack(id: number, { position, input, items, child }: MapInput): void {
    this.#put(id, position, input, items, child);
    this.#store.run('UPDATE states_map_runs SET pending = pending + 1 WHERE id = ?', id);
  }

  /** An execution of the run has ended; called in the stack that ended it, so that both are of one commit. */
  ended(id: number, failedItems: number): void {
    this.#store.run('UPDATE states_map_runs SET running = running - 1, failed = failed + ? WHERE id = ?', failedItems, id);
  }

  /** Removes what stopped before an instant. */
  purge(before: number): void {
    this.#store.run('DELETE FROM states_map_inputs WHERE run IN (SELECT id FROM states_map_runs WHERE stopped <= ?)', before);
    this.#store.run('DELETE FROM states_map_runs WHERE stopped <= ?', before);
  }

  #put(run: number, position: number, input: string, items: number, child: number | null): void {
    this.#store.run(
      'INSERT OR REPLACE INTO states_map_inputs (run, position, input, items, child) VALUES (?, ?, ?, ?, ?)',
      run,
      position,
      input,
      items,
      child,
    );
  }
}
