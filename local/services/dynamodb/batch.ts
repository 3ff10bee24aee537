import type { JsonObject } from '../../kernel/kernel.ts';
import { addUnits, capacityMode, consumedByTable, readUnits, totalUnits, type Units } from './capacity.ts';
import type { Engine } from './engine.ts';
import { constraint, validation } from './errors.ts';
import { project } from './expressions/project.ts';
import { requestedSelection } from './item-operations.ts';
import { type EncodedKey, encodeKey, keyOf } from './keys.ts';
import { object, objects, optionalFlag, refuseLegacy, tableName } from './request.ts';
import type { Table } from './tables.ts';
import { checkedItem, type Item } from './values.ts';
import { keyOfWrite, type Prepared, planWrite, prepareWrite } from './write.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const GETS_MAX = 100;
const RESPONSE_BYTES_MAX = 16 * 1024 * 1024;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const WRITES_MAX = 25;
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;

function byTable(value: unknown, operation: string): [string, unknown][] {
  const entries = Object.entries(object(value, 'requestItems'));
  if (entries.length === 0) throw validation(`The requestItems parameter is required for ${operation}`);
  return entries;
}

export function batchGetItem(engine: Engine, input: JsonObject): JsonObject {
  const mode = capacityMode(input);
  const used = new Map<Table, Units[]>();
  const responses: Record<string, Item[]> = {};
  const unprocessed: JsonObject = {};
  let bytes = 0;
  let total = 0;
  for (const { name, request, table, keys, chosen } of batchGets(engine, input)) {
    const items: Item[] = [];
    const left: Item[] = [];
    for (const { key, encoded } of keys) {
      const row = bytes >= RESPONSE_BYTES_MAX ? undefined : engine.items.read(table, encoded);
      // What no longer fits into the answer is for the caller to ask again.
      if (bytes + (row?.size ?? 0) > RESPONSE_BYTES_MAX || bytes >= RESPONSE_BYTES_MAX) {
        bytes = RESPONSE_BYTES_MAX;
        left.push(key);
        continue;
      }
      const units = readUnits(row?.size ?? 0, optionalFlag(request, 'ConsistentRead'));
      total += units;
      addUnits(used, table, { table: units, indexes: [] });
      if (row === undefined) continue;
      bytes += row.size;
      const item = JSON.parse(row.item) as Item;
      items.push(chosen === undefined ? item : project(item, chosen));
    }
    responses[name] = items;
    if (left.length > 0) unprocessed[name] = { ...request, Keys: left };
  }
  engine.counters.read(total);
  return { Responses: responses, UnprocessedKeys: unprocessed, ...consumedByTable(mode, used) };
}

function batchGets(engine: Engine, input: JsonObject) {
  let count = 0;
  return byTable(input.RequestItems, 'BatchGetItem').map(([name, value]) => {
    const request = object(value, `requestItems.${name}.member`);
    refuseLegacy(request);
    const keys = objects(request.Keys, `requestItems.${name}.member.keys`, GETS_MAX).map((key) => checkedItem(key));
    count += keys.length;
    if (count > GETS_MAX) throw validation('Too many items requested for the BatchGetItem call');
    const chosen = requestedSelection(request);
    const table = engine.tables.get(tableName({ TableName: name }));
    const encoded = keys.map((key) => ({ key, encoded: encodeKey(key, table.schema) }));
    checkDistinct(encoded.map((pair) => pair.encoded));
    return { name, request, table, keys: encoded, chosen };
  });
}

export function batchWriteItem(engine: Engine, input: JsonObject): JsonObject {
  const mode = capacityMode(input);
  const writes = batchWrites(engine, input);
  if (writes.reduce((sum, { change }) => sum + change.size, 0) > REQUEST_BYTES_MAX)
    throw validation('Batch write request exceeds the maximum allowed size of 16 MB');
  const used = new Map<Table, Units[]>();
  let total = 0;
  for (const { change } of writes) {
    const units = engine.items.apply(change);
    total += totalUnits(units);
    addUnits(used, change.table, units);
  }
  engine.counters.write(total);
  engine.streams.notify();
  return { UnprocessedItems: {}, ...consumedByTable(mode, used) };
}

function batchWrites(engine: Engine, input: JsonObject) {
  const prepared = byTable(input.RequestItems, 'BatchWriteItem').map(([name, value]) =>
    writesOf(name, value).map((request) => {
      const put = request.PutRequest;
      const remove = request.DeleteRequest;
      if ((put === undefined) === (remove === undefined))
        throw validation('Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes');
      return put !== undefined
        ? prepareWrite(engine, 'Put', { TableName: name, Item: object(put, 'putRequest').Item })
        : prepareWrite(engine, 'Delete', { TableName: name, Key: object(remove, 'deleteRequest').Key });
    }),
  );
  if (prepared.reduce((sum, list) => sum + list.length, 0) > WRITES_MAX)
    throw validation('Too many items requested for the BatchWriteItem call');
  return prepared.flatMap((list) => {
    const keys = list.map(keyOfBatched);
    checkDistinct(keys);
    return list.map((write, position) => {
      const { change } = planWrite(engine, write, keys[position] as EncodedKey);
      if (change === undefined) throw new Error('A put or delete always comes to a change.');
      return { change };
    });
  });
}

function writesOf(name: string, value: unknown): JsonObject[] {
  if (Array.isArray(value) && (value.length === 0 || value.length > WRITES_MAX))
    throw constraint(
      `{${name}=[${value.length} members]}`,
      'requestItems',
      `Map value must satisfy constraint: [Member must have length less than or equal to ${WRITES_MAX}, Member must have length greater than or equal to 1]`,
    );
  return objects(value, `requestItems.${name}.member`, WRITES_MAX);
}

/** A batch says of the key in an item what others say of a key alone. */
function keyOfBatched(write: Prepared): EncodedKey {
  if (write.kind === 'Put') encodeKey(keyOf(write.attributes, write.table.schema), write.table.schema);
  return keyOfWrite(write);
}

function checkDistinct(keys: readonly EncodedKey[]): void {
  const texts = new Set(keys.map(({ hash, range }) => `${hash.length}/${hash}${range}`));
  if (texts.size < keys.length) throw validation('Provided list of item keys contains duplicates');
}
