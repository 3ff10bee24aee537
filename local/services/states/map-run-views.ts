import type { JsonObject } from '../../kernel/kernel.ts';
import { type AslContainer, type AslState, labelFor } from './definition.ts';
import type { Engine } from './engine.ts';
import type { Status } from './execution.ts';
import { executionArn } from './executions.ts';
import type { Machines } from './machines.ts';
import { type Counts, countsOf } from './map-run-counts.ts';
import { type MapRunRow, type MapRunStatus, mapRunArn } from './map-runs.ts';
import { folderOf, type ResultWriter } from './result-writer.ts';
import { redriveObstacle } from './start.ts';

const EXCERPT_LENGTH = 200;
/** So many runs of one execution are told of, the latest first. */
const RUNS_SHOWN = 20;

/** A Map Run of an execution. Instants are milliseconds since the epoch. */
export interface MapRunSummary {
  readonly arn: string;
  readonly label: string;
  /** The Map state that it is of. */
  readonly state: string | undefined;
  readonly status: MapRunStatus;
  readonly startedAt: number;
  readonly stoppedAt: number | undefined;
  /** By status, in executions. */
  readonly executions: Counts;
}

export interface MapRunView extends MapRunSummary {
  readonly id: number;
  /** The execution with the Map; undefined where it is gone. */
  readonly executionArn: string | undefined;
  readonly machine: string;
  /** Whether a redrive of that execution lets this run go on. */
  readonly redrivable: boolean;
  readonly express: boolean;
  /** By status, in items. */
  readonly items: Counts;
  /** Whether the items have been read. */
  readonly planned: boolean;
  /** 0: as many as may be. */
  readonly concurrency: number;
  readonly toleratedCount: number | undefined;
  readonly toleratedPercentage: number | undefined;
  /** What the definition says of where the items come from and what is made of them. */
  readonly source: JsonObject;
  /** Where the results go; undefined: they are the state's own result. */
  readonly results: { readonly bucket: string; readonly manifest: string; readonly written: boolean } | undefined;
  readonly redrives: number;
  readonly redrivenAt: number | undefined;
}

/** An execution that a Map Run started. Instants are milliseconds since the epoch. */
export interface ChildSummary {
  readonly arn: string;
  readonly name: string;
  /** Its place among the inputs, from 0 on. */
  readonly position: number;
  readonly items: number;
  readonly status: Status;
  readonly startedAt: number;
  readonly stoppedAt: number | undefined;
  /** The beginning. */
  readonly input: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

interface ChildRow {
  readonly machine: string;
  readonly name: string;
  readonly position: number;
  readonly items: number;
  readonly status: Status;
  readonly started: number;
  readonly stopped: number | null;
  readonly input: string;
  readonly error: string | null;
  readonly cause: string | null;
}

/** What people see of Map Runs: reads that change nothing. */
export class MapRunViews {
  readonly #engine: Engine;
  readonly #machines: Machines;

  constructor(engine: Engine, machines: Machines) {
    this.#engine = engine;
    this.#machines = machines;
  }

  /** The runs of an execution, latest first. */
  ofExecution(execution: number): MapRunSummary[] {
    return this.#engine.mapRuns
      .ofExecution(execution)
      .slice(0, RUNS_SHOWN)
      .map((run) => this.#summary(run, countsOf(this.#engine, run).executions));
  }

  find(arn: string): MapRunView | undefined {
    const { executions, mapRuns } = this.#engine;
    const run = mapRuns.byUuid(arn.slice(arn.lastIndexOf(':') + 1));
    if (run === undefined || mapRunArn(run) !== arn) return undefined;
    executions.flush();
    const parent = executions.factsById(run.execution);
    const counts = countsOf(this.#engine, run);
    const { ItemReader, Items, ItemSelector, ItemBatcher, ItemProcessor } = this.#mapOf(run)?.state ?? {};
    const source = Object.entries({ ItemReader, Items, ItemSelector, ItemBatcher }).filter(([, value]) => value !== undefined);
    return {
      ...this.#summary(run, counts.executions),
      id: run.id,
      executionArn: parent === undefined ? undefined : executionArn(parent.machine, parent.name),
      machine: run.machine,
      redrivable: run.status !== 'SUCCEEDED' && parent !== undefined && redriveObstacle(this.#engine, parent) === undefined,
      express: ItemProcessor?.ProcessorConfig?.ExecutionType === 'EXPRESS',
      items: counts.items,
      planned: run.planned === 1,
      concurrency: run.concurrency,
      toleratedCount: run.tolerated_count ?? undefined,
      toleratedPercentage: run.tolerated_percentage ?? undefined,
      source: Object.fromEntries(source),
      results: resultsOf(run),
      redrives: run.redrives,
      redrivenAt: run.redriven ?? undefined,
    };
  }

  /** Executions of a run behind position `after`, in the order of their inputs: all, or those in one of the statuses. */
  children(run: { readonly id: number }, statuses: readonly Status[], after: number, limit: number): ChildSummary[] {
    const { executions, kernel } = this.#engine;
    executions.flush();
    const filter = statuses.length === 0 ? '' : `AND status IN (${statuses.map(() => '?').join(', ')})`;
    return kernel.store
      .all<ChildRow>(
        `SELECT machine, name, map_index AS position, coalesce(map_items, 1) AS items, status, started, stopped,
           substr(input, 1, ${EXCERPT_LENGTH}) AS input, error, substr(cause, 1, ${EXCERPT_LENGTH}) AS cause
         FROM states_executions WHERE map_run = ? AND map_index > ? ${filter} ORDER BY map_index LIMIT ? + 0`,
        run.id,
        after,
        ...statuses,
        limit,
      )
      .map(({ machine, name, started, stopped, error, cause, ...row }) => ({
        ...row,
        arn: executionArn(machine, name),
        name,
        startedAt: started,
        stoppedAt: stopped ?? undefined,
        error: error ?? undefined,
        cause: cause ?? undefined,
      }));
  }

  #summary(run: MapRunRow, executions: Counts): MapRunSummary {
    return {
      arn: mapRunArn(run),
      label: run.label,
      state: this.#mapOf(run)?.name,
      status: run.status,
      startedAt: run.started,
      stoppedAt: run.stopped ?? undefined,
      executions,
    };
  }

  #mapOf(run: MapRunRow): MapState | undefined {
    const parent = this.#engine.executions.factsById(run.execution);
    return parent === undefined ? undefined : mapStateOf(this.#machines.definition(parent.definition).definition, run.label);
  }
}

interface MapState {
  readonly name: string;
  readonly state: AslState;
}

/** The distributed Map of a label in a definition. */
export function mapStateOf(definition: string, label: string): MapState | undefined {
  return mapStateIn(JSON.parse(definition) as AslContainer, label);
}

function mapStateIn({ States }: AslContainer, label: string): MapState | undefined {
  for (const [name, state] of Object.entries(States)) {
    if (state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED' && (state.Label ?? labelFor(name)) === label) return { name, state };
    for (const inner of [...(state.Branches ?? []), ...(state.ItemProcessor === undefined ? [] : [state.ItemProcessor])]) {
      const found = mapStateIn(inner, label);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function resultsOf(run: MapRunRow): MapRunView['results'] {
  const writer = run.writer === null ? undefined : (JSON.parse(run.writer) as ResultWriter);
  if (writer?.Resource === undefined) return undefined;
  const { Bucket: bucket, Prefix: prefix } = writer.Arguments ?? {};
  return { bucket: String(bucket), manifest: `${folderOf(run, prefix)}/manifest.json`, written: run.written === 1 };
}
