import type { Engine } from './engine.ts';
import type { Status } from './execution.ts';
import { revisionId } from './machines.ts';
import type { Tag, Tags } from './tags.ts';
import type { Alias, Version, Versions } from './versions.ts';

type StatusCounts = Partial<Record<Status, number>>;

/** A state machine in a list. */
export interface MachineSummary {
  readonly arn: string;
  readonly name: string;
  /** `STANDARD` or `EXPRESS`. */
  readonly type: string;
  readonly versions: number;
  readonly aliases: number;
}

/** Instants are milliseconds since the epoch. */
export interface MachineView {
  readonly arn: string;
  readonly name: string;
  readonly type: string;
  readonly roleArn: string;
  readonly createdAt: number;
  /** It is gone when its last execution has ended. */
  readonly deleting: boolean;
  /** Undefined: the first. */
  readonly revision: string | undefined;
  readonly definition: string;
  readonly tags: readonly Tag[];
  /** Newest first; `current` where the version is of the present revision. */
  readonly versions: readonly (Version & { readonly current: boolean; readonly executions: StatusCounts })[];
  readonly aliases: readonly (Alias & { readonly executions: StatusCounts })[];
}

interface Started {
  readonly version: number;
  readonly alias: string | null;
  readonly status: Status;
  readonly count: number;
}

/** What people see of state machines: reads that change nothing. */
export class MachineViews {
  readonly #engine: Engine;
  readonly #versions: Versions;
  readonly #tags: Tags;

  constructor(engine: Engine, versions: Versions, tags: Tags) {
    this.#engine = engine;
    this.#versions = versions;
    this.#tags = tags;
  }

  /** By name. */
  all(): MachineSummary[] {
    return this.#engine.machines.rows().map(({ arn, name, type }) => ({
      arn,
      name,
      type,
      versions: this.#versions.versions(arn).length,
      aliases: this.#versions.aliases(arn).length,
    }));
  }

  find(name: string): MachineView | undefined {
    const { machines } = this.#engine;
    const row = machines.rows().find((candidate) => candidate.name === name);
    if (row === undefined) return undefined;
    const definition = machines.definition(row.definition);
    const versions = this.#versions.versions(row.arn);
    const started = versions.length === 0 ? [] : this.#started(row.arn);
    const countsOf = (fits: (one: Started) => boolean) => sums(started.filter(fits));
    return {
      arn: row.arn,
      name,
      type: row.type,
      roleArn: row.role,
      createdAt: row.created,
      deleting: machines.isDeleting(row.arn),
      revision: revisionId(definition).revisionId,
      definition: definition.definition,
      tags: this.#tags.of(row.arn),
      versions: versions.map((version) => ({
        ...version,
        current: version.definition === row.definition,
        executions: countsOf((one) => one.version === version.number),
      })),
      aliases: this.#versions.aliases(row.arn).map((alias) => ({ ...alias, executions: countsOf((one) => one.alias === alias.name) })),
    };
  }

  /** The tags of a state machine or an activity, by key. */
  tags(arn: string): readonly Tag[] {
    return this.#tags.of(arn);
  }

  #started(machine: string): Started[] {
    this.#engine.executions.flush();
    return this.#engine.kernel.store.all<Started & { readonly [column: string]: unknown }>(
      `SELECT version, alias, status, count(*) AS count FROM states_executions WHERE machine = ? AND version IS NOT NULL
       GROUP BY version, alias, status`,
      machine,
    );
  }
}

function sums(started: readonly Started[]): StatusCounts {
  const counts: StatusCounts = {};
  for (const { status, count } of started) counts[status] = (counts[status] ?? 0) + count;
  return counts;
}
