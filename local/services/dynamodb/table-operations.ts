import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import {
  checkedDefinition,
  checkedIndex,
  type IndexDefinition,
  streamViewType,
  type TableDefinition,
  timeToLiveAttribute,
} from './definition.ts';
import type { Engine } from './engine.ts';
import { resourceNotFound, validation } from './errors.ts';
import { checkIndexKeys, entriesOf, entryKey } from './indexes.ts';
import { encodeItemKey } from './keys.ts';
import { object, objects, optionalFlag, optionalInteger, optionalText, requiredText, tableName } from './request.ts';
import { indexesOf, type Table } from './tables.ts';
import type { TimeToLive } from './ttl.ts';
import type { Item } from './values.ts';

const REBUILD_BATCH = 1000;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
export function createTable(engine: Engine, input: JsonObject): JsonObject {
  const table = engine.tables.create(checkedDefinition(input));
  return { TableDescription: describe(engine, table) };
}

export function describeTable(engine: Engine, input: JsonObject): JsonObject {
  return { Table: describe(engine, named(engine, input)) };
}

export function listTables(engine: Engine, input: JsonObject): JsonObject {
  const limit = optionalInteger(input, 'Limit', 1, 100) ?? 100;
  const names = engine.tables.names(optionalText(input, 'ExclusiveStartTableName') ?? '', limit + 1);
  if (names.length <= limit) return { TableNames: names };
  return { TableNames: names.slice(0, limit), LastEvaluatedTableName: names[limit - 1] };
}

export function deleteTable(engine: Engine, input: JsonObject): JsonObject {
  const table = named(engine, input);
  if (table.definition.DeletionProtection)
    throw validation(`Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`);
  const description = { ...describe(engine, table), TableStatus: 'DELETING' };
  const { store } = engine.kernel;
  for (const index of table.indexes) store.run('DELETE FROM dynamodb_entries WHERE index_id = ?', index.id);
  store.run('DELETE FROM dynamodb_items WHERE table_id = ?', table.id);
  engine.streams.delete(table);
  engine.tables.delete(table);
  return { TableDescription: description };
}

/**
 * Adds and removes global indexes, switches the stream, deletion protection and billing mode. All is done when the call answers.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
 */
export function updateTable(engine: Engine, timeToLive: TimeToLive, input: JsonObject): JsonObject {
  const table = named(engine, input);
  const attributes = input.AttributeDefinitions ?? table.definition.AttributeDefinitions;
  const { definition } = table;
  const merged = checkedDefinition({
    ...toInput(definition),
    AttributeDefinitions: usedAttributes(objects(attributes, 'attributeDefinitions', 100), input, definition),
    GlobalSecondaryIndexes: noneIfEmpty(changedIndexes(input, definition, attributes)),
    ...(input.BillingMode === undefined ? {} : { BillingMode: input.BillingMode }),
    ...(input.StreamSpecification === undefined ? {} : { StreamSpecification: changedStream(table, input.StreamSpecification) }),
    ...(input.DeletionProtectionEnabled === undefined ? {} : { DeletionProtectionEnabled: input.DeletionProtectionEnabled }),
  });
  return { TableDescription: describe(engine, changeTable(engine, timeToLive, table, merged)) };
}

function changedStream(table: Table, value: unknown): unknown {
  if (streamViewType(value) !== undefined && table.stream !== undefined)
    throw validation(`Table already has an enabled stream: TableName: ${table.name}`);
  return value;
}

/** An index that goes takes the definitions of attributes that only it used along. */
function usedAttributes(attributes: readonly JsonObject[], input: JsonObject, definition: TableDefinition): JsonObject[] {
  const removed = new Set(
    indexUpdates(input).flatMap((update) =>
      update.Delete === undefined ? [] : [requiredText(object(update.Delete, 'delete'), 'IndexName')],
    ),
  );
  if (removed.size === 0) return [...attributes];
  const kept = indexesOf(definition).filter((index) => !removed.has(index.IndexName));
  const used = new Set(
    [definition.KeySchema, ...kept.map((index) => index.KeySchema)].flatMap((schema) => schema.map((key) => key.AttributeName)),
  );
  return attributes.filter((attribute) => used.has(String(attribute.AttributeName)));
}

function indexUpdates(input: JsonObject): JsonObject[] {
  return input.GlobalSecondaryIndexUpdates === undefined
    ? []
    : objects(input.GlobalSecondaryIndexUpdates, 'globalSecondaryIndexUpdates', 20);
}

function changedIndexes(input: JsonObject, definition: TableDefinition, attributes: unknown): readonly IndexDefinition[] {
  let indexes = definition.GlobalSecondaryIndexes;
  for (const update of indexUpdates(input)) {
    if (update.Create !== undefined)
      indexes = [...indexes, checkedIndex(object(update.Create, 'create'), attributes as TableDefinition['AttributeDefinitions'])];
    else if (update.Delete !== undefined) {
      const name = requiredText(object(update.Delete, 'delete'), 'IndexName');
      if (!indexes.some((index) => index.IndexName === name))
        throw resourceNotFound(`Requested resource not found: Index: ${name} not found`);
      indexes = indexes.filter((index) => index.IndexName !== name);
    }
  }
  return indexes;
}

/** Gives a table another definition: fills new indexes, empties those that are gone. */
export function changeTable(engine: Engine, timeToLive: TimeToLive, table: Table, definition: TableDefinition): Table {
  const changed = engine.tables.change(table, definition);
  const known = new Set(table.indexes.map((index) => index.id));
  const present = new Set(changed.indexes.map((index) => index.id));
  for (const id of known) if (!present.has(id)) engine.kernel.store.run('DELETE FROM dynamodb_entries WHERE index_id = ?', id);
  if (changed.indexes.some((index) => !known.has(index.id))) fillIndexes(engine, changed, known);
  if (changed.timeToLive !== table.timeToLive) timeToLive.recompute(changed);
  return changed;
}

function fillIndexes(engine: Engine, table: Table, known: ReadonlySet<number>): void {
  const { store } = engine.kernel;
  for (let after = 0; ; ) {
    const rows = store.all<{ id: number; size: number; item: string }>(
      `SELECT id, size, item FROM dynamodb_items WHERE table_id = ? AND id > ? ORDER BY id LIMIT ${REBUILD_BATCH}`,
      table.id,
      after,
    );
    for (const row of rows) {
      fillFrom(engine, table, known, row.id, JSON.parse(row.item) as Item, row.size);
      after = row.id;
    }
    if (rows.length < REBUILD_BATCH) return;
  }
}

/** Items whose attribute cannot be the key of a new index are left out of it, as AWS does when it fills one. */
function fillFrom(engine: Engine, table: Table, known: ReadonlySet<number>, id: number, item: Item, size: number): void {
  const key = entryKey(encodeItemKey(item, table.schema));
  for (const index of table.indexes) {
    const only: Table = { ...table, indexes: [index] };
    if (known.has(index.id) || !canStandIn(only, item)) continue;
    const [entry] = entriesOf(only, item, size);
    if (entry === undefined) continue;
    engine.kernel.store.run(
      'INSERT INTO dynamodb_entries (index_id, hash, range, key, item) VALUES (?, ?, ?, ?, ?)',
      index.id,
      entry.hash,
      entry.range,
      key,
      id,
    );
  }
}

function canStandIn(table: Table, item: Item): boolean {
  try {
    checkIndexKeys(table, item, 'item');
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

export function describeTimeToLive(engine: Engine, input: JsonObject): JsonObject {
  const { timeToLive } = named(engine, input);
  return {
    TimeToLiveDescription:
      timeToLive === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive },
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html */
export function updateTimeToLive(engine: Engine, timeToLive: TimeToLive, input: JsonObject): JsonObject {
  const table = named(engine, input);
  const specification = object(input.TimeToLiveSpecification, 'timeToLiveSpecification');
  const attribute = requiredText(specification, 'AttributeName');
  const enabled = optionalFlag(specification, 'Enabled');
  if (enabled && table.timeToLive !== undefined)
    throw validation(
      table.timeToLive === attribute
        ? 'TimeToLive is already enabled'
        : `TimeToLive is active on a different AttributeName: current AttributeName is ${table.timeToLive}`,
    );
  if (!enabled && table.timeToLive === undefined) throw validation('TimeToLive is already disabled');
  if (!enabled && table.timeToLive !== attribute)
    throw validation(`TimeToLive is active on a different AttributeName: current AttributeName is ${table.timeToLive}`);
  changeTable(engine, timeToLive, table, checkedDefinition({ ...toInput(table.definition), TimeToLiveSpecification: specification }));
  return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: timeToLiveAttribute(specification) !== undefined } };
}

export function describeContinuousBackups(engine: Engine, input: JsonObject): JsonObject {
  const { definition } = named(engine, input);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: definition.PointInTimeRecovery ? 'ENABLED' : 'DISABLED' },
    },
  };
}

/** A definition in the members it came from. */
function toInput(definition: TableDefinition): JsonObject {
  return {
    TableName: definition.TableName,
    AttributeDefinitions: definition.AttributeDefinitions,
    KeySchema: definition.KeySchema,
    BillingMode: definition.BillingMode,
    GlobalSecondaryIndexes: noneIfEmpty(definition.GlobalSecondaryIndexes),
    LocalSecondaryIndexes: noneIfEmpty(definition.LocalSecondaryIndexes),
    StreamSpecification: definition.StreamViewType === undefined ? undefined : { StreamViewType: definition.StreamViewType },
    TimeToLiveSpecification:
      definition.TimeToLiveAttribute === undefined ? undefined : { AttributeName: definition.TimeToLiveAttribute, Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: definition.PointInTimeRecovery },
    DeletionProtectionEnabled: definition.DeletionProtection,
  };
}

function noneIfEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function named(engine: Engine, input: JsonObject): Table {
  const name = tableName(input);
  const table = engine.tables.find(name);
  if (table === undefined) throw resourceNotFound(`Requested resource not found: Table: ${name} not found`);
  return table;
}

function describe(engine: Engine, table: Table): JsonObject {
  const { definition, stream } = table;
  const counted = engine.kernel.store.get<{ items: number; bytes: number | null }>(
    'SELECT count(*) AS items, sum(size) AS bytes FROM dynamodb_items WHERE table_id = ?',
    table.id,
  );
  const indexes = (list: readonly IndexDefinition[], local: boolean) =>
    list.length === 0
      ? {}
      : { [local ? 'LocalSecondaryIndexes' : 'GlobalSecondaryIndexes']: list.map((index) => describeIndex(engine, table, index, local)) };
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: `00000000-0000-4000-8000-${String(table.id).padStart(12, '0')}`,
    TableStatus: 'ACTIVE',
    // The JSON protocol carries instants as seconds.
    CreationDateTime: table.createdAt / 1000,
    AttributeDefinitions: definition.AttributeDefinitions,
    KeySchema: definition.KeySchema,
    ItemCount: counted?.items ?? 0,
    TableSizeBytes: counted?.bytes ?? 0,
    BillingModeSummary: { BillingMode: definition.BillingMode },
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
    DeletionProtectionEnabled: definition.DeletionProtection,
    ...indexes(definition.GlobalSecondaryIndexes, false),
    ...indexes(definition.LocalSecondaryIndexes, true),
    ...(stream === undefined
      ? {}
      : {
          StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
          LatestStreamArn: stream.arn,
          LatestStreamLabel: stream.label,
        }),
  };
}

function describeIndex(engine: Engine, table: Table, definition: IndexDefinition, local: boolean): JsonObject {
  const id = table.indexes.find((index) => index.name === definition.IndexName)?.id ?? 0;
  const counted = engine.kernel.store.get<{ items: number }>('SELECT count(*) AS items FROM dynamodb_entries WHERE index_id = ?', id);
  return {
    IndexName: definition.IndexName,
    IndexArn: `${table.arn}/index/${definition.IndexName}`,
    KeySchema: definition.KeySchema,
    Projection: definition.Projection,
    ItemCount: counted?.items ?? 0,
    ...(local ? {} : { IndexStatus: 'ACTIVE' }),
  };
}
