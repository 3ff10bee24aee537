import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { type IndexDefinition, type StreamViewType, type TableDefinition, typedSchema } from './definition.ts';
import { resourceNotFound } from './errors.ts';
import type { KeySchema } from './keys.ts';

/** A table with what every call needs at hand. */
export interface Table {
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly definition: TableDefinition;
  readonly schema: KeySchema;
  readonly indexes: readonly TableIndex[];
  readonly timeToLive: string | undefined;
  readonly stream: { readonly arn: string; readonly label: string; readonly viewType: StreamViewType } | undefined;
}

export interface TableIndex {
  readonly id: number;
  readonly name: string;
  readonly local: boolean;
  readonly schema: KeySchema;
  /** The attributes an entry holds; undefined where it holds all. */
  readonly projected: ReadonlySet<string> | undefined;
}

interface TableRow {
  id: number;
  name: string;
  created_at: number;
  stream_label: string | null;
  definition: string;
}

/** The tables and their definitions: the store's rows, and a cache of them by name. */
export class Tables {
  readonly #kernel: Kernel;
  readonly #cache = new Map<string, Table>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS dynamodb_tables (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, stream_label TEXT,
        definition TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS dynamodb_indexes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, table_id INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (table_id, name));`);
  }

  get(name: string): Table {
    const table = this.find(name);
    if (table === undefined) throw resourceNotFound();
    return table;
  }

  find(name: string): Table | undefined {
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const row = this.#kernel.store.get<TableRow>('SELECT * FROM dynamodb_tables WHERE name = ?', name);
    return row === undefined ? undefined : this.#remember(row);
  }

  /** The table of an id that rows carry. */
  byId(id: number): Table | undefined {
    for (const table of this.#cache.values()) if (table.id === id) return table;
    const row = this.#kernel.store.get<TableRow>('SELECT * FROM dynamodb_tables WHERE id = ?', id);
    return row === undefined ? undefined : this.#remember(row);
  }

  names(after: string, limit: number): string[] {
    return this.#kernel.store
      .all<{ name: string }>('SELECT name FROM dynamodb_tables WHERE name > ? ORDER BY name LIMIT ?', after, limit)
      .map((row) => row.name);
  }

  create(definition: TableDefinition): Table {
    const { store } = this.#kernel;
    if (this.find(definition.TableName) !== undefined)
      throw new AwsError('ResourceInUseException', `Table already exists: ${definition.TableName}`);
    const now = this.#kernel.now();
    const { lastInsertRowid } = store.run(
      'INSERT INTO dynamodb_tables (name, created_at, stream_label, definition) VALUES (?, ?, ?, ?)',
      definition.TableName,
      now,
      definition.StreamViewType === undefined ? null : streamLabel(now),
      JSON.stringify(definition),
    );
    for (const index of indexesOf(definition)) this.#createIndex(lastInsertRowid, index);
    return this.get(definition.TableName);
  }

  /** Gives a table another definition. Entries of indexes that are new or gone are the caller's. */
  change(table: Table, definition: TableDefinition): Table {
    const { store } = this.#kernel;
    const wanted = new Map(indexesOf(definition).map((index) => [index.IndexName, index]));
    for (const index of table.indexes) if (!wanted.delete(index.name)) store.run('DELETE FROM dynamodb_indexes WHERE id = ?', index.id);
    for (const index of wanted.values()) this.#createIndex(table.id, index);
    const label = definition.StreamViewType === undefined ? null : (table.stream?.label ?? streamLabel(this.#kernel.now()));
    store.run('UPDATE dynamodb_tables SET stream_label = ?, definition = ? WHERE id = ?', label, JSON.stringify(definition), table.id);
    this.#cache.delete(table.name);
    return this.get(table.name);
  }

  delete(table: Table): void {
    this.#kernel.store.run('DELETE FROM dynamodb_indexes WHERE table_id = ?', table.id);
    this.#kernel.store.run('DELETE FROM dynamodb_tables WHERE id = ?', table.id);
    this.#cache.delete(table.name);
  }

  #createIndex(tableId: number, index: IndexDefinition): void {
    this.#kernel.store.run('INSERT INTO dynamodb_indexes (table_id, name) VALUES (?, ?)', tableId, index.IndexName);
  }

  #remember(row: TableRow): Table {
    const definition = JSON.parse(row.definition) as TableDefinition;
    const ids = new Map(
      this.#kernel.store
        .all<{ id: number; name: string }>('SELECT id, name FROM dynamodb_indexes WHERE table_id = ?', row.id)
        .map((index) => [index.name, index.id]),
    );
    const schema = typedSchema(definition.KeySchema, definition.AttributeDefinitions);
    const arn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${row.name}`;
    const index = (source: IndexDefinition, local: boolean): TableIndex => {
      const own = typedSchema(source.KeySchema, definition.AttributeDefinitions);
      return {
        id: ids.get(source.IndexName) as number,
        name: source.IndexName,
        local,
        schema: own,
        projected: projectedAttributes(source, schema, own),
      };
    };
    const table: Table = {
      id: row.id,
      name: row.name,
      arn,
      createdAt: row.created_at,
      definition,
      schema,
      indexes: [
        ...definition.GlobalSecondaryIndexes.map((source) => index(source, false)),
        ...definition.LocalSecondaryIndexes.map((source) => index(source, true)),
      ],
      timeToLive: definition.TimeToLiveAttribute,
      stream:
        definition.StreamViewType === undefined || row.stream_label === null
          ? undefined
          : { arn: `${arn}/stream/${row.stream_label}`, label: row.stream_label, viewType: definition.StreamViewType },
    };
    this.#cache.set(row.name, table);
    return table;
  }
}

export function indexesOf(definition: TableDefinition): readonly IndexDefinition[] {
  return [...definition.GlobalSecondaryIndexes, ...definition.LocalSecondaryIndexes];
}

function projectedAttributes(index: IndexDefinition, table: KeySchema, own: KeySchema): ReadonlySet<string> | undefined {
  if (index.Projection.ProjectionType === 'ALL') return undefined;
  const keys = [own.hash, own.range, table.hash, table.range].flatMap((key) => (key === undefined ? [] : [key.name]));
  return new Set([...keys, ...(index.Projection.NonKeyAttributes ?? [])]);
}

function streamLabel(now: number): string {
  return new Date(now).toISOString().replace('Z', '');
}
