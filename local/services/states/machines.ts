import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Store } from '../../kernel/store.ts';
import { type AslContainer, type CompiledContainer, compileDefinition } from './definition.ts';
import type { Machine } from './execution.ts';
import { validateDefinition } from './validation/validate.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS states_machines (arn TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, type TEXT NOT NULL, definition INTEGER NOT NULL,
    created INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS states_definitions (id INTEGER PRIMARY KEY, machine TEXT NOT NULL, role TEXT NOT NULL, definition TEXT NOT NULL, revision TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS states_revised (definition INTEGER PRIMARY KEY, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS states_deleting (arn TEXT PRIMARY KEY) WITHOUT ROWID;`;
/** The name of a machine's first revision, which answers leave out. https://docs.aws.amazon.com/step-functions/latest/apireference/API_PublishStateMachineVersion.html */
const FIRST_REVISION = 'INITIAL';

/** What a state machine is made of. */
export interface MachineInput {
  readonly name: string;
  readonly arn: string;
  /** The definition's JSON text, substitutions done. */
  readonly definition: string;
  readonly roleArn: string;
  /** `STANDARD` (the default) or `EXPRESS`; it stays what it was at first. */
  readonly type?: string;
}

export interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly role: string;
  readonly type: string;
  readonly definition: number;
  readonly created: number;
}

export interface DefinitionRow {
  readonly id: number;
  readonly machine: string;
  readonly role: string;
  readonly definition: string;
  readonly revision: string;
}

/** The state machines and every revision of theirs that an execution may still be on. */
export class Machines {
  readonly #kernel: Kernel;
  readonly #store: Store;
  readonly #revisions = new Map<string, Machine>();
  readonly #current = new Map<string, Machine>();
  readonly #deleting: Set<string>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#store = kernel.store;
    this.#store.define(SCHEMA);
    this.#deleting = new Set(this.#store.all<{ arn: string }>('SELECT arn FROM states_deleting').map(({ arn }) => arn));
  }

  /**
   * Creates a state machine or, where it is there with another definition or role, gives it a new revision; running executions
   * stay on theirs. Throws `InvalidDefinition`.
   */
  put(input: MachineInput): Machine {
    const there = this.row(input.arn);
    const type = input.type ?? there?.type ?? 'STANDARD';
    if (type !== 'STANDARD' && type !== 'EXPRESS')
      throw new AwsError(
        'StateMachineTypeNotSupported',
        `State machine ${input.name}: its type must be STANDARD or EXPRESS, not '${type}'`,
      );
    if (there !== undefined && there.type !== type)
      throw new AwsError('ValidationException', `State machine ${input.name} is of type ${there.type}, which cannot be changed`);
    const revision = there === undefined ? undefined : this.definition(there.definition);
    if (there !== undefined && revision?.definition === input.definition && revision.role === input.roleArn)
      return this.revision(there.definition);
    validateDefinition(input.definition, type);
    const { lastInsertRowid: id } = this.#store.run(
      'INSERT INTO states_definitions (machine, role, definition, revision) VALUES (?, ?, ?, ?)',
      input.arn,
      input.roleArn,
      input.definition,
      there === undefined ? FIRST_REVISION : this.#kernel.uuid(),
    );
    this.#store.run('INSERT INTO states_revised (definition, at) VALUES (?, ?)', id, this.#kernel.now());
    this.#store.run(
      'INSERT INTO states_machines (arn, name, role, type, definition, created) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (arn) DO UPDATE SET role = excluded.role, definition = excluded.definition',
      input.arn,
      input.name,
      input.roleArn,
      type,
      id,
      this.#kernel.now(),
    );
    this.#current.delete(input.arn);
    return this.revision(id);
  }

  row(arn: string): MachineRow | undefined {
    return this.#store.get<MachineRow>('SELECT arn, name, role, type, definition, created FROM states_machines WHERE arn = ?', arn);
  }

  rows(): MachineRow[] {
    return this.#store.all<MachineRow>('SELECT arn, name, role, type, definition, created FROM states_machines ORDER BY name');
  }

  definition(id: number): DefinitionRow {
    const row = this.#store.get<DefinitionRow>('SELECT id, machine, role, definition, revision FROM states_definitions WHERE id = ?', id);
    if (row === undefined) throw new Error(`The store has no definition ${id}.`);
    return row;
  }

  /** When the machine got this revision. */
  revisedAt(id: number): number | undefined {
    return this.#store.get<{ at: number }>('SELECT at FROM states_revised WHERE definition = ?', id)?.at;
  }

  /** The current revision of a state machine. */
  current(arn: string): Machine | undefined {
    const known = this.#current.get(arn);
    if (known !== undefined) return known;
    const row = this.row(arn);
    if (row === undefined) return undefined;
    const machine = this.revision(row.definition);
    this.#current.set(arn, machine);
    return machine;
  }

  /** A revision, or of it the processor of the distributed Map that has the label. */
  revision(id: number, label?: string): Machine {
    const key = label === undefined ? String(id) : `${id}/${label}`;
    const known = this.#revisions.get(key);
    if (known !== undefined) return known;
    const machine = label === undefined ? this.#compile(id) : processorOf(this.revision(id), label);
    this.#revisions.set(key, machine);
    return machine;
  }

  /** The processor of a distributed Map; undefined where the revision has none of that label. */
  processor(id: number, label: string): Machine | undefined {
    return findProcessor(this.revision(id).container, label) === undefined ? undefined : this.revision(id, label);
  }

  #compile(id: number): Machine {
    const row = this.definition(id);
    return {
      definitionId: id,
      arn: row.machine,
      name: row.machine.split(':').at(-1) ?? '',
      roleArn: row.role,
      express: this.row(row.machine)?.type === 'EXPRESS',
      container: compileDefinition(JSON.parse(row.definition) as AslContainer),
    };
  }

  // ---- the end of a state machine ------------------------------------------------------------------------------------

  /** A machine whose executions end at their next transition, and that is gone when all have. */
  isDeleting(arn: string): boolean {
    return this.#deleting.size > 0 && this.#deleting.has(arn.split('/')[0] ?? arn);
  }

  startDeleting(arn: string): void {
    this.#deleting.add(arn);
    this.#store.run('INSERT OR IGNORE INTO states_deleting (arn) VALUES (?)', arn);
  }

  remove(arn: string): void {
    this.#deleting.delete(arn);
    this.#current.delete(arn);
    this.#store.run('DELETE FROM states_deleting WHERE arn = ?', arn);
    this.#store.run('DELETE FROM states_machines WHERE arn = ?', arn);
  }
}

/** The state machine that the executions of a Map Run belong to: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html */
function processorOf(machine: Machine, label: string): Machine {
  const found = findProcessor(machine.container, label);
  if (found === undefined) throw new Error(`The state machine ${machine.name} has no distributed Map ${label}.`);
  return { ...machine, ...found, arn: `${machine.arn}/${label}`, name: `${machine.name}/${label}` };
}

function findProcessor(container: CompiledContainer, label: string): Pick<Machine, 'container' | 'express'> | undefined {
  for (const { distributed, children } of container.states.values()) {
    const [own] = children;
    if (distributed?.label === label && own !== undefined) return { container: own, express: distributed.express };
    for (const child of children) {
      const inner = findProcessor(child, label);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** What answers show of a revision: the first of a machine has no identifier. */
export function revisionId({ revision }: { readonly revision: string }): { readonly revisionId?: string } {
  return revision === FIRST_REVISION ? {} : { revisionId: revision };
}
