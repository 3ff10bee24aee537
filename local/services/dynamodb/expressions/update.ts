import { validation } from '../errors.ts';
import { addNumbers, subtractNumbers } from '../numbers.ts';
import { type AttributeType, type AttributeValue, copyValue, type Item, typeOf } from '../values.ts';
import { type Bindings, boundValue, checkApart, childOf, resolveParts, valueAt } from './bind.ts';
import type { Compiled } from './compile.ts';
import type { Assigned, PathPart, UpdateAction } from './syntax.ts';

/** An update whose names are resolved: what is applied to an item, and which attributes it touches. */
export interface BoundUpdate {
  readonly actions: readonly UpdateAction[];
  /** The path of each action, in the same order. */
  readonly paths: readonly (readonly PathPart[])[];
  readonly bindings: Bindings;
}

const TYPE_NAMES: Record<AttributeType, string> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  L: 'LIST',
  M: 'MAP',
};

/** Resolves the names of an update and refuses what its operands already show to be wrong. */
export function bindUpdate(compiled: Compiled<readonly UpdateAction[]>, bindings: Bindings): BoundUpdate {
  const paths = compiled.tree.map((action) => resolveParts(action.path, bindings));
  checkApart(paths, compiled.parameter);
  for (const action of compiled.tree) {
    if (action.kind === 'SET') checkAssigned(action.value, bindings);
    else if (action.kind !== 'REMOVE') checkSetOperand(action.kind, boundValue(action.value, bindings));
  }
  return { actions: compiled.tree, paths, bindings };
}

function checkSetOperand(operator: 'ADD' | 'DELETE', value: AttributeValue): void {
  const type = typeOf(value);
  if (type === 'SS' || type === 'NS' || type === 'BS' || (type === 'N' && operator === 'ADD')) return;
  throw validation(
    `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ${operator}, operand type: ${TYPE_NAMES[type]}`,
  );
}

function checkAssigned(value: Assigned, bindings: Bindings): void {
  if (value.kind === 'path' || value.kind === 'value') return;
  if (value.kind === 'if_not_exists') {
    checkAssigned(value.otherwise, bindings);
    return;
  }
  const needed = value.kind === 'list_append' ? 'L' : 'N';
  for (const operand of [value.left, value.right]) {
    checkAssigned(operand, bindings);
    const type = operand.kind === 'value' ? typeOf(boundValue(operand, bindings)) : needed;
    if (type !== needed)
      throw validation(
        `Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: ${value.kind}, operand type: ${type}`,
      );
  }
}

/** Lists that lose elements or grow are put together last: indexes mean the list as it was. */
interface ListChange {
  readonly removed: Set<number>;
  readonly added: { index: number; value: AttributeValue }[];
}

/** Applies an update to `item`, which is changed. All operands are read from the item as it was. */
export function applyUpdate(update: BoundUpdate, item: Item): void {
  const { actions, paths, bindings } = update;
  const results = actions.map((action) => resultOf(action, item, bindings));
  const lists = new Map<AttributeValue[], ListChange>();
  for (const [index, path] of paths.entries()) place(item, path, results[index], lists);
  for (const [list, change] of lists) rebuild(list, change);
}

const UNCHANGED = Symbol('unchanged');

/** The value that the action's path gets; undefined where it loses its value. */
function resultOf(action: UpdateAction, item: Item, bindings: Bindings): AttributeValue | typeof UNCHANGED | undefined {
  switch (action.kind) {
    case 'SET':
      return assignedValue(action.value, item, bindings);
    case 'REMOVE':
      return undefined;
    case 'ADD':
      return added(valueAt(item, action.path, bindings), boundValue(action.value, bindings));
    case 'DELETE':
      return withoutMembers(valueAt(item, action.path, bindings), boundValue(action.value, bindings));
  }
}

function assignedValue(assigned: Assigned, item: Item, bindings: Bindings): AttributeValue {
  switch (assigned.kind) {
    case 'value':
      return boundValue(assigned, bindings);
    case 'path': {
      const value = valueAt(item, assigned, bindings);
      if (value === undefined) throw validation('The provided expression refers to an attribute that does not exist in the item');
      return copyValue(value);
    }
    case 'if_not_exists': {
      const value = valueAt(item, assigned.path, bindings);
      return value === undefined ? assignedValue(assigned.otherwise, item, bindings) : copyValue(value);
    }
    case 'list_append': {
      const [left, right] = [assignedValue(assigned.left, item, bindings).L, assignedValue(assigned.right, item, bindings).L];
      if (left === undefined || right === undefined) throw wrongOperand();
      return { L: [...left, ...right] };
    }
    default: {
      const [left, right] = [assignedValue(assigned.left, item, bindings).N, assignedValue(assigned.right, item, bindings).N];
      if (left === undefined || right === undefined) throw wrongOperand();
      return { N: assigned.kind === '+' ? addNumbers(left, right) : subtractNumbers(left, right) };
    }
  }
}

function added(present: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (present === undefined) return value;
  const type = typeOf(value);
  if (present[type] === undefined) throw wrongOperand();
  if (type === 'N') return { N: addNumbers(present.N as string, value.N as string) };
  return { [type]: [...new Set([...(present[type] as string[]), ...(value[type] as string[])])] };
}

function withoutMembers(present: AttributeValue | undefined, value: AttributeValue): AttributeValue | typeof UNCHANGED | undefined {
  if (present === undefined) return UNCHANGED;
  const type = typeOf(value);
  const members = present[type] as string[] | undefined;
  if (members === undefined) throw wrongOperand();
  const gone = new Set(value[type] as string[]);
  const left = members.filter((member) => !gone.has(member));
  return left.length === 0 ? undefined : { [type]: left };
}

function wrongOperand(): Error {
  return validation('An operand in the update expression has an incorrect data type');
}

function place(
  item: Item,
  path: readonly PathPart[],
  result: AttributeValue | typeof UNCHANGED | undefined,
  lists: Map<AttributeValue[], ListChange>,
): void {
  const last = path[path.length - 1] as PathPart;
  if (path.length === 1) {
    if (result !== UNCHANGED) placeInMap(item, last as string, result);
    return;
  }
  let parent: AttributeValue | undefined = Object.hasOwn(item, path[0] as string) ? item[path[0] as string] : undefined;
  for (let index = 1; parent !== undefined && index < path.length - 1; index += 1) parent = childOf(parent, path[index] as PathPart);
  if (typeof last === 'string' ? parent?.M === undefined : parent?.L === undefined)
    throw validation('The document path provided in the update expression is invalid for update');
  if (result === UNCHANGED) return;
  if (typeof last === 'string') placeInMap(parent?.M as Item, last, result);
  else placeInList(parent?.L as AttributeValue[], last, result, lists);
}

function placeInMap(map: Item, name: string, result: AttributeValue | undefined): void {
  if (result === undefined) delete map[name];
  else map[name] = result;
}

function placeInList(
  list: AttributeValue[],
  index: number,
  result: AttributeValue | undefined,
  lists: Map<AttributeValue[], ListChange>,
): void {
  if (result !== undefined && index < list.length) {
    list[index] = result;
    return;
  }
  let change = lists.get(list);
  if (change === undefined) {
    change = { removed: new Set(), added: [] };
    lists.set(list, change);
  }
  if (result === undefined) change.removed.add(index);
  else change.added.push({ index, value: result });
}

function rebuild(list: AttributeValue[], { removed, added: additions }: ListChange): void {
  const kept = list.filter((_, index) => !removed.has(index));
  additions.sort((one, two) => one.index - two.index);
  list.splice(0, list.length, ...kept, ...additions.map(({ value }) => value));
}
