import { type Look, likePattern, look } from '../../kernel/look.ts';
import type { Engine } from './engine.ts';
import type { Status } from './execution.ts';
import { executionArn, parseExecutionArn } from './executions.ts';
import { type HistoryEvent, readEvents } from './history.ts';
import type { Machines } from './machines.ts';
import { mapStateOf } from './map-run-views.ts';
import { mapRunArn } from './map-runs.ts';
import { isExpired, redriveObstacle } from './start.ts';
import { isVersionNumber } from './versions.ts';

/** How many executions one look goes through; less where their inputs are read. */
const LOOK_MAX = 100_000;
const LOOK_FOR_TEXT_MAX = 20_000;

export interface ExecutionFilter {
  /** The machine's ARN. */
  readonly machine?: string;
  readonly status?: Status;
  /** A version or an alias that it was started on. */
  readonly qualifier?: string;
  /** Whether those of Map Runs are among them. */
  readonly mapRuns: boolean;
  /** Part of the name or the input; capitals of ASCII make no difference. */
  readonly text?: string;
}

/** An execution in a list. Instants are milliseconds since the epoch. */
export interface ExecutionSummary {
  readonly id: number;
  readonly arn: string;
  readonly machine: string;
  readonly name: string;
  readonly status: Status;
  readonly startedAt: number;
  readonly stoppedAt: number | undefined;
  /** The version that it runs on, and the alias that led to it; undefined where it was started on the machine itself. */
  readonly version: number | undefined;
  readonly alias: string | undefined;
}

/** Where a branch of a running execution stands. */
export interface Standing {
  readonly state: string;
  /** `timer`, `retry`, `token` and `child` wait; `inner` stands around others; anything else is work under way. */
  readonly phase: string;
  readonly since: number;
  /** When a timer wakes it, at the latest. */
  readonly until: number | undefined;
}

export interface ExecutionView extends ExecutionSummary {
  readonly roleArn: string;
  /** What the API tells nothing of, unless a Map Run started it. */
  readonly express: boolean;
  /** The text of the revision that it runs on, of a Map Run's execution that of the processor, and whether the machine has another one by now. */
  readonly definition: string;
  readonly outdated: boolean;
  readonly input: string;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly redrives: number;
  /** Whether the API stops and redrives it. */
  readonly stoppable: boolean;
  readonly redrivable: boolean;
  /** The Map Run that started it. */
  readonly mapRun: { readonly arn: string; readonly state: string } | undefined;
  /** The execution that waits for this one. */
  readonly parentArn: string | undefined;
  readonly events: number;
  readonly standings: readonly Standing[];
}

interface SummaryRow {
  readonly id: number;
  readonly machine: string;
  readonly name: string;
  readonly status: Status;
  readonly started: number;
  readonly stopped: number | null;
  readonly version: number | null;
  readonly alias: string | null;
}

const SUMMARY = 'id, machine, name, status, started, stopped, version, alias';

/** What people see of executions: reads that change nothing. */
export class ExecutionViews {
  readonly #engine: Engine;
  readonly #machines: Machines;

  constructor(engine: Engine, machines: Machines) {
    this.#engine = engine;
    this.#machines = machines;
  }

  /** All state machines with their ARNs, by name. */
  machines(): { readonly arn: string; readonly name: string; readonly type: string }[] {
    return this.#machines.rows().map(({ arn, name, type }) => ({ arn, name, type }));
  }

  /** How many executions stand in each status, by the machine's ARN. */
  counts(): Map<string, Partial<Record<Status, number>>> {
    this.#engine.executions.flush();
    const counts = new Map<string, Partial<Record<Status, number>>>();
    const rows = this.#engine.kernel.store.all<{ machine: string; status: Status; count: number }>(
      'SELECT machine, status, count(*) AS count FROM states_executions GROUP BY machine, status',
    );
    for (const { machine, status, count } of rows) counts.set(machine, { ...counts.get(machine), [status]: count });
    return counts;
  }

  /** Executions numbered below `before`, latest first, at most `limit`; those whose retention is over are still shown until they are removed. */
  page(filter: ExecutionFilter, before: number | undefined, limit: number): Look<ExecutionSummary> {
    const { executions, kernel } = this.#engine;
    executions.flush();
    const pattern = filter.text === undefined ? undefined : likePattern(filter.text);
    const conditions = [
      { sql: "substr(machine, 1, instr(machine || '/', '/') - 1) = ?", values: filter.machine },
      { sql: 'coalesce(map_run, 0) = ?', values: filter.mapRuns ? undefined : 0 },
      { sql: 'status = ?', values: filter.status },
      { sql: `${isVersionNumber(filter.qualifier) ? 'version' : 'alias'} = ?`, values: filter.qualifier },
      { sql: "name || char(10) || input LIKE ? ESCAPE '\\'", values: pattern },
    ].filter((condition) => condition.values !== undefined);
    return look({
      before: before ?? (kernel.store.get<{ id: number | null }>('SELECT max(id) AS id FROM states_executions')?.id ?? 0) + 1,
      limit,
      lookMax: pattern === undefined ? LOOK_MAX : LOOK_FOR_TEXT_MAX,
      read: (below, from, rowsMax) =>
        kernel.store.all<SummaryRow>(
          `SELECT ${SUMMARY} FROM states_executions WHERE id < ? AND id >= ? ${conditions.map(({ sql }) => `AND ${sql}`).join(' ')}
           ORDER BY id DESC LIMIT ? + 0`,
          below,
          from,
          ...conditions.map(({ values }) => values ?? ''),
          rowsMax,
        ),
      show: summaryOf,
    });
  }

  /** One execution as it stands now; undefined where there is none, or its retention is over. */
  find(arn: string): ExecutionView | undefined {
    const { executions } = this.#engine;
    const parts = parseExecutionArn(arn);
    if (parts === undefined) return undefined;
    executions.flush();
    const row = executions.row('name = ? AND machine = ?', parts.name, parts.machine);
    if (row === undefined || isExpired(this.#engine, row.stopped ?? undefined)) return undefined;
    const { definition, role } = this.#machines.definition(row.definition);
    const run = row.map_run === null ? undefined : this.#engine.mapRuns.get(row.map_run);
    const map = run === undefined ? undefined : mapStateOf(definition, run.label);
    const express = row.name.includes(':');
    return {
      ...summaryOf(row),
      roleArn: role,
      express,
      definition: map === undefined ? definition : JSON.stringify(map.state.ItemProcessor),
      outdated: this.#machines.row(row.machine.split('/')[0] ?? row.machine)?.definition !== row.definition,
      input: row.input,
      output: row.output ?? undefined,
      error: row.error ?? undefined,
      cause: row.cause ?? undefined,
      redrives: row.redrives,
      stoppable: row.status === 'RUNNING' && !express,
      redrivable: !express && row.map_run === null && redriveObstacle(this.#engine, row) === undefined,
      mapRun: run === undefined ? undefined : { arn: mapRunArn(run), state: map?.name ?? run.label },
      parentArn: this.#arnOf(row.map_run === null ? Number((row.notify ?? '').split(':')[0]) : run?.execution),
      events: row.events,
      standings: row.status === 'RUNNING' && row.snapshot !== null ? this.#standings(row.id, row.snapshot) : [],
    };
  }

  /** Events of an execution, in order, from number `from` on. */
  events(execution: { readonly id: number; readonly events: number }, from: number, limit: number): HistoryEvent[] {
    const { store } = this.#engine.kernel;
    return readEvents(store, { id: execution.id, lastEvent: execution.events }, { from, limit, reverse: false, data: true });
  }

  /** Whom a timer of this service wakes: an execution and the state that it is in. */
  timerSubject(key: string): { readonly arn: string; readonly state: string | undefined } | undefined {
    const [id, branch] = key.split(':').map(Number);
    const row = Number.isInteger(id) ? this.#engine.executions.row('id = ?', id ?? 0) : undefined;
    if (row === undefined) return undefined;
    const found = row.snapshot === null ? undefined : branchesOf(row.snapshot).find((candidate) => candidate.id === branch);
    return { arn: executionArn(row.machine, row.name), state: found?.state };
  }

  #standings(id: number, snapshot: string): Standing[] {
    return branchesOf(snapshot).map((branch) => ({
      state: branch.state,
      phase: branch.phase,
      since: branch.enteredAt,
      until: this.#engine.kernel.timerAt('states', `${id}:${branch.id}`),
    }));
  }

  #arnOf(id: number | undefined): string | undefined {
    const row = id !== undefined && Number.isInteger(id) && id > 0 ? this.#engine.executions.row('id = ?', id) : undefined;
    return row === undefined ? undefined : executionArn(row.machine, row.name);
  }
}

function summaryOf(row: SummaryRow): ExecutionSummary {
  return {
    id: row.id,
    arn: executionArn(row.machine, row.name),
    machine: row.machine,
    name: row.name,
    status: row.status,
    startedAt: row.started,
    stoppedAt: row.stopped ?? undefined,
    version: row.version ?? undefined,
    alias: row.alias ?? undefined,
  };
}

interface StoredBranch {
  readonly id: number;
  readonly attempt: number;
  readonly state: string;
  readonly phase: string;
  readonly enteredAt: number;
  readonly fan?: { readonly children: readonly StoredBranch[] };
}

/** The branches of a stored execution that count: those inside a state only while it waits for them. */
export function branchesOf(snapshot: string): StoredBranch[] {
  const all = (branch: StoredBranch): StoredBranch[] => [
    branch,
    ...(branch.phase === 'inner' ? (branch.fan?.children ?? []).flatMap(all) : []),
  ];
  return all((JSON.parse(snapshot) as { readonly root: StoredBranch }).root);
}
