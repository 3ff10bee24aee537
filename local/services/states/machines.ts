import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Store } from '../../kernel/store.ts';
import { type AslContainer, compileDefinition } from './definition.ts';
import type { Machine } from './execution.ts';
import { validateDefinition } from './validation/validate.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS states_machines (arn TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, type TEXT NOT NULL, definition INTEGER NOT NULL,
    created INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS states_definitions (id INTEGER PRIMARY KEY, machine TEXT NOT NULL, role TEXT NOT NULL, definition TEXT NOT NULL, revision TEXT NOT NULL);`;

/** What a state machine is made of. */
export interface MachineInput {
  readonly name: string;
  readonly arn: string;
  /** The definition's JSON text, substitutions done. */
  readonly definition: string;
  readonly roleArn: string;
  readonly type?: string;
}

interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly role: string;
  readonly type: string;
  readonly definition: number;
  readonly created: number;
}

interface DefinitionRow {
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
  readonly #revisions = new Map<number, Machine>();
  readonly #current = new Map<string, Machine>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#store = kernel.store;
    this.#store.define(SCHEMA);
  }

  /**
   * Creates a state machine or, where it is there with another definition or role, gives it a new revision; running executions
   * stay on theirs. Throws `InvalidDefinition`.
   */
  put(input: MachineInput): Machine {
    if ((input.type ?? 'STANDARD') !== 'STANDARD')
      throw new AwsError('ValidationException', `State machine ${input.name}: the embedded Step Functions runs STANDARD workflows only.`);
    const there = this.row(input.arn);
    const revision = there === undefined ? undefined : this.definition(there.definition);
    if (there !== undefined && revision?.definition === input.definition && revision.role === input.roleArn)
      return this.revision(there.definition);
    validateDefinition(input.definition);
    const { lastInsertRowid: id } = this.#store.run(
      'INSERT INTO states_definitions (machine, role, definition, revision) VALUES (?, ?, ?, ?)',
      input.arn,
      input.roleArn,
      input.definition,
      this.#kernel.uuid(),
    );
    this.#store.run(
      'INSERT INTO states_machines (arn, name, role, type, definition, created) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (arn) DO UPDATE SET role = excluded.role, definition = excluded.definition',
      input.arn,
      input.name,
      input.roleArn,
      'STANDARD',
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

  revision(id: number): Machine {
    const known = this.#revisions.get(id);
    if (known !== undefined) return known;
    const row = this.definition(id);
    const machine: Machine = {
      definitionId: id,
      arn: row.machine,
      name: row.machine.split(':').at(-1) ?? '',
      roleArn: row.role,
      container: compileDefinition(JSON.parse(row.definition) as AslContainer),
    };
    this.#revisions.set(id, machine);
    return machine;
  }
}
