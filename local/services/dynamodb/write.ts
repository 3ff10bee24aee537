import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { writeUnits } from './capacity.ts';
import type { Engine } from './engine.ts';
import { validation } from './errors.ts';
import { type Bindings, bind } from './expressions/bind.ts';
import { checkCondition } from './expressions/check.ts';
import { type Compiled, compileCondition, compileUpdate } from './expressions/compile.ts';
import { holds } from './expressions/evaluate.ts';
import type { Condition } from './expressions/syntax.ts';
import { applyUpdate, type BoundUpdate, bindUpdate } from './expressions/update.ts';
import { checkIndexKeys, entriesOf } from './indexes.ts';
import type { Change, ItemRow } from './items.ts';
import { type EncodedKey, encodeItemKey, encodeKey } from './keys.ts';
import { optionalChoice, optionalText, refuseLegacy, tableName } from './request.ts';
import type { Table } from './tables.ts';
import { checkedItem, ITEM_BYTES_MAX, type Item, itemSize } from './values.ts';

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** A write whose request was checked, before any item is read. */
export interface Prepared {
  readonly kind: WriteKind;
  readonly table: Table;
  /** The whole item of a put, else the key. */
  readonly attributes: Item;
  /** Bytes of the item of a put. */
  readonly putSize: number;
  readonly condition: Compiled<Condition> | undefined;
  readonly bindings: Bindings;
  readonly update: BoundUpdate | undefined;
  /** Whether a failed condition is to show the item. */
  readonly showItem: boolean;
}

/** Checks everything that the request alone shows. */
export function prepareWrite(engine: Engine, kind: WriteKind, input: JsonObject): Prepared {
  refuseLegacy(input);
  const name = tableName(input);
  const attributes = checkedItem(input[kind === 'Put' ? 'Item' : 'Key'] ?? missing(kind));
  const putSize = kind === 'Put' ? itemSize(attributes) : 0;
  if (putSize > ITEM_BYTES_MAX) throw validation('Item size has exceeded the maximum allowed size');
  const conditionText = optionalText(input, 'ConditionExpression');
  const updateText = kind === 'Update' ? optionalText(input, 'UpdateExpression') : undefined;
  const condition = conditionText === undefined ? undefined : compileCondition(conditionText, 'ConditionExpression');
  const compiledUpdate = updateText === undefined ? undefined : compileUpdate(updateText);
  const expressions = [compiledUpdate, condition].filter((expression) => expression !== undefined);
  const bindings = bind(input.ExpressionAttributeNames, input.ExpressionAttributeValues, expressions);
  const update = compiledUpdate === undefined ? undefined : bindUpdate(compiledUpdate, bindings);
  if (condition !== undefined) checkCondition(condition, bindings);
  const showItem = optionalChoice(input, 'ReturnValuesOnConditionCheckFailure', ['ALL_OLD', 'NONE'] as const, 'NONE') === 'ALL_OLD';
  return { kind, table: engine.tables.get(name), attributes, putSize, condition, bindings, update, showItem };
}

function missing(kind: WriteKind): never {
  const member = kind === 'Put' ? 'item' : 'key';
  throw validation(`1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
}

/** The key that a write is for. */
export function keyOfWrite({ kind, table, attributes, update }: Prepared): EncodedKey {
  if (kind !== 'Put') {
    if (update !== undefined) checkKeysUntouched(table, update);
    return encodeKey(attributes, table.schema);
  }
  const key = encodeItemKey(attributes, table.schema);
  checkIndexKeys(table, attributes, 'item');
  return key;
}

function checkKeysUntouched(table: Table, update: BoundUpdate): void {
  const { hash, range } = table.schema;
  for (const path of update.paths)
    if (path[0] === hash.name || path[0] === range?.name)
      throw validation(`One or more parameter values were invalid: Cannot update attribute ${path[0]}. This attribute is part of the key`);
}

/** What a write comes to. */
export interface Outcome {
  /** What to store; undefined for a check. */
  readonly change: Change | undefined;
  readonly old: ItemRow | undefined;
}

/** Reads the item, tests the condition and works out what is to be stored. Writes nothing. */
export function planWrite(engine: Engine, prepared: Prepared, key: EncodedKey): Outcome {
  const { table, condition, bindings } = prepared;
  const old = engine.items.read(table, key);
  const oldItem = old === undefined || !needsOldItem(prepared) ? undefined : (JSON.parse(old.item) as Item);
  if (condition !== undefined && !holds(condition.tree, oldItem, bindings)) throw conditionFailed(prepared, oldItem, old);
  if (prepared.kind === 'ConditionCheck') return { change: undefined, old };
  const oldEntries = old === undefined || oldItem === undefined || table.indexes.length === 0 ? [] : entriesOf(table, oldItem, old.size);
  const next = nextItem(prepared, oldItem);
  const size = prepared.kind === 'Put' ? prepared.putSize : next === undefined ? 0 : itemSize(next);
  if (size > ITEM_BYTES_MAX) throw validation('Item size to update has exceeded the maximum allowed size');
  if (prepared.kind === 'Update' && next !== undefined) checkIndexKeys(table, next, 'update');
  return { change: { table, key, old, oldEntries, next, size }, old };
}

function needsOldItem({ kind, table, condition }: Prepared): boolean {
  return kind === 'Update' || condition !== undefined || table.indexes.length > 0;
}

function nextItem({ kind, attributes, update }: Prepared, oldItem: Item | undefined): Item | undefined {
  if (kind === 'Put') return attributes;
  if (kind === 'Delete') return undefined;
  const item = oldItem ?? { ...attributes };
  if (update === undefined) return item;
  applyUpdate(update, item);
  // An update that only takes away makes no item where there is none.
  return oldItem === undefined && update.actions.every(({ kind: action }) => action === 'REMOVE' || action === 'DELETE') ? undefined : item;
}

function conditionFailed(prepared: Prepared, oldItem: Item | undefined, old: ItemRow | undefined): ConditionFailed {
  const shown = prepared.showItem && oldItem !== undefined ? { Item: oldItem } : {};
  return new ConditionFailed(shown, writeUnits(old?.size ?? 0));
}

/** A condition that did not hold. */
export class ConditionFailed extends AwsError {
  /** What the attempt used. */
  readonly units: number;

  constructor(shown: { Item?: Item }, units: number) {
    super('ConditionalCheckFailedException', 'The conditional request failed', 400, shown);
    this.units = units;
  }
}
