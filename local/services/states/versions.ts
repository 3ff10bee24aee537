import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { MachineRow } from './machines.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS states_versions (machine TEXT NOT NULL, number INTEGER NOT NULL, definition INTEGER NOT NULL, description TEXT,
    created INTEGER NOT NULL, deleted INTEGER NOT NULL, PRIMARY KEY (machine, number)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS states_aliases (machine TEXT NOT NULL, name TEXT NOT NULL, description TEXT, routes TEXT NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (machine, name)) WITHOUT ROWID;`;

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const VERSIONS_MAX = 1000;
const ALIASES_MAX = 100;

export interface Version {
  readonly machine: string;
  readonly number: number;
  readonly definition: number;
  readonly description: string | null;
  readonly created: number;
}

/** A share of the executions that an alias starts, in percent. */
export interface Route {
  readonly version: number;
  readonly weight: number;
}

export interface Alias {
  readonly machine: string;
  readonly name: string;
  readonly description: string | null;
  readonly routes: readonly Route[];
  readonly created: number;
  readonly updated: number;
}

/** A state machine's ARN with what follows it: a version's number or an alias's name. */
export interface Qualified {
  readonly machine: string;
  readonly qualifier: string | undefined;
}

const QUALIFIED = /^(arn:[^:]*:states:[^:]*:[^:]*:stateMachine:[^:]+)(?::([^:]+))?$/;

/** Undefined where the ARN is not a state machine's. */
export function parseMachineArn(arn: string): Qualified | undefined {
  const match = QUALIFIED.exec(arn);
  return match?.[1] === undefined ? undefined : { machine: match[1], qualifier: match[2] };
}

export function isVersionNumber(qualifier: string | undefined): qualifier is string {
  return qualifier !== undefined && /^[1-9]\d{0,9}$/.test(qualifier);
}

/** Published versions, and the aliases that lead to them. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html */
export class Versions {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(SCHEMA);
  }

  // ---- versions ------------------------------------------------------------------------------------------------------

  /** Publishes the machine's present revision; a version of that revision that is there already is answered again. */
  publish({ arn, definition }: MachineRow, description: string | undefined): Version {
    const all = this.versions(arn);
    const there = all.find((version) => version.definition === definition);
    if (there !== undefined) return there;
    if (all.length >= VERSIONS_MAX)
      throw new AwsError('ServiceQuotaExceededException', `The state machine has ${VERSIONS_MAX} versions already: '${arn}'`, 402);
    const { store } = this.#kernel;
    // A number is never given again.
    const last = store.get<{ n: number | null }>('SELECT max(number) AS n FROM states_versions WHERE machine = ?', arn)?.n ?? 0;
    const version = { machine: arn, number: last + 1, definition, description: description ?? null, created: this.#kernel.now() };
    store.run(
      'INSERT INTO states_versions (machine, number, definition, description, created, deleted) VALUES (?, ?, ?, ?, ?, 0)',
      arn,
      version.number,
      definition,
      version.description,
      version.created,
    );
    return version;
  }

  /** Newest first. */
  versions(machine: string): Version[] {
    return this.#kernel.store.all<Version>(
      'SELECT machine, number, definition, description, created FROM states_versions WHERE machine = ? AND deleted = 0 ORDER BY number DESC',
      machine,
    );
  }

  version(machine: string, number: number): Version | undefined {
    return this.#kernel.store.get<Version>(
      'SELECT machine, number, definition, description, created FROM states_versions WHERE machine = ? AND number = ? AND deleted = 0',
      machine,
      number,
    );
  }

  /** Throws `ConflictException` while an alias leads to the version; what is not there is gone already. */
  deleteVersion(machine: string, number: number): void {
    const names = this.aliases(machine)
      .filter(({ routes }) => routes.some(({ version }) => version === number))
      .map(({ name }) => name);
    if (names.length > 0)
      throw new AwsError(
        'ConflictException',
        `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names.join(', ')}]`,
      );
    this.#kernel.store.run('UPDATE states_versions SET deleted = 1 WHERE machine = ? AND number = ?', machine, number);
  }

  // ---- aliases -------------------------------------------------------------------------------------------------------

  /** The same again is no error; another alias of the name is `ConflictException`. */
  createAlias(machine: string, name: string, routes: readonly Route[], description: string | undefined): Alias {
    const there = this.alias(machine, name);
    if (there !== undefined) {
      if (JSON.stringify(there.routes) === JSON.stringify(routes) && there.description === (description ?? null)) return there;
      throw new AwsError(
        'ConflictException',
        'Failed to create alias because an alias with the same name and a different routing configuration already exists.',
      );
    }
    if (this.aliases(machine).length >= ALIASES_MAX)
      throw new AwsError('ServiceQuotaExceededException', `The state machine has ${ALIASES_MAX} aliases already: '${machine}'`, 402);
    return this.putAlias({ machine, name, routes, description: description ?? null, created: this.#kernel.now() });
  }

  putAlias(alias: Omit<Alias, 'updated'>): Alias {
    this.checkRoutes(alias.machine, alias.routes);
    const updated = this.#kernel.now();
    this.#kernel.store.run(
      'INSERT OR REPLACE INTO states_aliases (machine, name, description, routes, created, updated) VALUES (?, ?, ?, ?, ?, ?)',
      alias.machine,
      alias.name,
      alias.description,
      JSON.stringify(alias.routes),
      alias.created,
      updated,
    );
    return { ...alias, updated };
  }

  checkRoutes(machine: string, routes: readonly Route[]): void {
    for (const { version } of routes)
      if (this.version(machine, version) === undefined)
        throw new AwsError('ResourceNotFound', `Request references a resource that does not exist: '${machine}:${version}'`);
  }

  alias(machine: string, name: string): Alias | undefined {
    const row = this.#kernel.store.get<AliasRow>(
      'SELECT machine, name, description, routes, created, updated FROM states_aliases WHERE machine = ? AND name = ?',
      machine,
      name,
    );
    return row === undefined ? undefined : { ...row, routes: JSON.parse(row.routes) as Route[] };
  }

  /** By name. */
  aliases(machine: string): Alias[] {
    return this.#kernel.store
      .all<AliasRow>(
        'SELECT machine, name, description, routes, created, updated FROM states_aliases WHERE machine = ? ORDER BY name',
        machine,
      )
      .map((row) => ({ ...row, routes: JSON.parse(row.routes) as Route[] }));
  }

  deleteAlias(machine: string, name: string): void {
    this.#kernel.store.run('DELETE FROM states_aliases WHERE machine = ? AND name = ?', machine, name);
  }

  /** With its machine, everything goes. */
  removeAll(machine: string): void {
    this.#kernel.store.run('DELETE FROM states_aliases WHERE machine = ?', machine);
    this.#kernel.store.run('DELETE FROM states_versions WHERE machine = ?', machine);
  }

  /** The version that a new execution gets (`choose`), and the alias that led to it. Undefined where there is none. */
  route(
    machine: string,
    qualifier: string,
    choose: boolean,
  ): { readonly version: Version; readonly alias: string | undefined } | undefined {
    if (isVersionNumber(qualifier)) {
      const version = this.version(machine, Number(qualifier));
      return version === undefined ? undefined : { version, alias: undefined };
    }
    const alias = this.alias(machine, qualifier);
    if (alias === undefined) return undefined;
    const version = this.version(machine, choose ? this.#choose(alias.routes) : (alias.routes[0]?.version ?? 0));
    return version === undefined ? undefined : { version, alias: qualifier };
  }

  /** Only a real choice costs a random number. */
  #choose(routes: readonly Route[]): number {
    const open = routes.filter(({ weight }) => weight > 0);
    const [first, second] = open;
    if (first === undefined) throw new Error('The alias leads nowhere.');
    if (second === undefined) return first.version;
    return this.#kernel.random() * 100 < first.weight ? first.version : second.version;
  }
}

interface AliasRow extends Omit<Alias, 'routes'> {
  readonly routes: string;
  readonly [column: string]: unknown;
}
