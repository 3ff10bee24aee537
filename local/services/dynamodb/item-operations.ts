import type { JsonObject } from '../../kernel/kernel.ts';
import { capacityMode, consumed, readUnits, totalUnits, type Units } from './capacity.ts';
import type { Engine } from './engine.ts';
import { validation } from './errors.ts';
import { bind } from './expressions/bind.ts';
import { compileProjection } from './expressions/compile.ts';
import { project, type Selection, selection, selectionOf } from './expressions/project.ts';
import { encodeKey } from './keys.ts';
import { optionalChoice, optionalFlag, optionalText, refuseLegacy, tableName } from './request.ts';
import { checkedItem, type Item } from './values.ts';
import { ConditionFailed, keyOfWrite, type Outcome, type Prepared, planWrite, prepareWrite, type WriteKind } from './write.ts';

/** The selection of a `ProjectionExpression` that stands alone in a request. */
export function requestedSelection(input: JsonObject): Selection | undefined {
  const text = optionalText(input, 'ProjectionExpression');
  const compiled = text === undefined ? undefined : compileProjection(text);
  const bindings = bind(input.ExpressionAttributeNames, undefined, compiled === undefined ? [] : [compiled]);
  return compiled === undefined ? undefined : selectionOf(compiled, bindings);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html */
export function getItem(engine: Engine, input: JsonObject): JsonObject {
  refuseLegacy(input);
  const name = tableName(input);
  const key = checkedItem(input.Key ?? noKey());
  const chosen = requestedSelection(input);
  const consistent = optionalFlag(input, 'ConsistentRead');
  const mode = capacityMode(input);
  const table = engine.tables.get(name);
  const row = engine.items.read(table, encodeKey(key, table.schema));
  const units = readUnits(row?.size ?? 0, consistent);
  engine.counters.read(units);
  const capacity = consumed(mode, table, [{ table: units, indexes: [] }]);
  if (row === undefined) return capacity;
  const item = JSON.parse(row.item) as Item;
  return { Item: chosen === undefined ? item : project(item, chosen), ...capacity };
}

function noKey(): never {
  throw validation("1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null");
}

type ReturnValues = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
export function putItem(engine: Engine, input: JsonObject): JsonObject {
  return write(engine, 'Put', input);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
export function deleteItem(engine: Engine, input: JsonObject): JsonObject {
  return write(engine, 'Delete', input);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export function updateItem(engine: Engine, input: JsonObject): JsonObject {
  return write(engine, 'Update', input);
}

function write(engine: Engine, kind: WriteKind, input: JsonObject): JsonObject {
  const returned = returnValues(kind, input);
  const mode = capacityMode(input);
  const prepared = prepareWrite(engine, kind, input);
  const outcome = planned(engine, prepared);
  const units: Units = outcome.change === undefined ? { table: 1, indexes: [] } : engine.items.apply(outcome.change);
  engine.counters.write(totalUnits(units));
  engine.streams.notify();
  const attributes = returnedAttributes(returned, prepared, outcome);
  return { ...(attributes === undefined ? {} : { Attributes: attributes }), ...consumed(mode, prepared.table, [units]) };
}

function planned(engine: Engine, prepared: Prepared): Outcome {
  try {
    return planWrite(engine, prepared, keyOfWrite(prepared));
  } catch (error) {
    if (error instanceof ConditionFailed) engine.counters.write(error.units);
    throw error;
  }
}

function returnValues(kind: WriteKind, input: JsonObject): ReturnValues {
  const all = ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'] as const;
  const value = optionalChoice(input, 'ReturnValues', all, 'NONE');
  if (kind !== 'Update' && value !== 'NONE' && value !== 'ALL_OLD') throw validation('ReturnValues can only be ALL_OLD or NONE');
  return value;
}

function returnedAttributes(returned: ReturnValues, { update }: Prepared, { change, old }: Outcome): Item | undefined {
  if (returned === 'NONE') return undefined;
  // The old item may have been changed in place: its text is what was stored.
  const item = returned.endsWith('_OLD') ? (old === undefined ? undefined : (JSON.parse(old.item) as Item)) : change?.next;
  if (item === undefined || returned.startsWith('ALL_')) return item;
  const chosen = project(item, selection(update?.paths ?? []));
  return Object.keys(chosen).length === 0 ? undefined : chosen;
}
