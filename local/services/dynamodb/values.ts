import { serialization, validation } from './errors.ts';
import { compareNumbers, normalizeNumber, numberSize } from './numbers.ts';

/** An attribute value as DynamoDB-JSON has it: exactly one member. Binary is base64 text. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
}

export type AttributeType = keyof AttributeValue;
export type Item = Record<string, AttributeValue>;

export const ATTRIBUTE_TYPES: readonly AttributeType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const ITEM_BYTES_MAX = 400 * 1024;
const NESTING_MAX = 32;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The type of a value that was checked. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

/**
 * Checks a value from outside and returns it as DynamoDB stores it: numbers normalized, `NULL` always true. The value itself is
 * never changed; where nothing needs to change, it is returned as it is.
 */
export function checkedValue(value: unknown, depth = 0): AttributeValue {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw serialization('Unexpected value type in payload');
  let type: string | undefined;
  for (const member in value) {
    if ((value as Record<string, unknown>)[member] === undefined) continue;
    if (type !== undefined)
      throw validation('Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes');
    type = member;
  }
  if (type === undefined) throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  if (depth > NESTING_MAX)
    throw validation('Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit');
  return checkedMember(value as AttributeValue, type, depth);
}

function checkedMember(value: AttributeValue, type: string, depth: number): AttributeValue {
  switch (type) {
    case 'S':
      text(value.S);
      return value;
    case 'N': {
      const number = normalizeNumber(text(value.N));
      return number === value.N ? value : { N: number };
    }
    case 'B':
      binary(value.B);
      return value;
    case 'BOOL':
      if (typeof value.BOOL !== 'boolean') throw serialization('Unexpected token received from parser');
      return value;
    case 'NULL':
      if (typeof value.NULL !== 'boolean') throw serialization('Unexpected token received from parser');
      return value.NULL ? value : { NULL: true };
    case 'SS':
    case 'NS':
    case 'BS':
      return checkedSet(value, type);
    case 'L':
      return checkedList(value, depth);
    case 'M':
      return checkedMap(value, depth);
    default:
      throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
}

function checkedList(value: AttributeValue, depth: number): AttributeValue {
  const list = array(value.L);
  let changed: AttributeValue[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const element = checkedValue(list[index], depth + 1);
    if (element === list[index]) continue;
    changed ??= [...list] as AttributeValue[];
    changed[index] = element;
  }
  return changed === undefined ? value : { L: changed };
}

function checkedMap(value: AttributeValue, depth: number): AttributeValue {
  const map = checkedItem(value.M, depth + 1);
  return map === value.M ? value : { M: map };
}

/** Checks the attributes of an item, key or map; see `checkedValue`. */
export function checkedItem(item: unknown, depth = 0): Item {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) throw serialization('Unexpected field type');
  const source = item as Item;
  let changed: Item | undefined;
  for (const name in source) {
    const value = checkedValue(source[name], depth);
    if (value === source[name]) continue;
    changed ??= { ...source };
    changed[name] = value;
  }
  return changed ?? source;
}

const SET_NAMES = { SS: 'An string set  may not be empty', NS: 'An number set  may not be empty', BS: 'Binary sets should not be empty' };

function checkedSet(value: AttributeValue, type: 'SS' | 'NS' | 'BS'): AttributeValue {
  const members = array(value[type]);
  if (members.length === 0) throw validation(`One or more parameter values were invalid: ${SET_NAMES[type]}`);
  const checked = members.map((member) => (type === 'NS' ? normalizeNumber(text(member)) : type === 'BS' ? binary(member) : text(member)));
  if (new Set(checked).size === checked.length) return type === 'NS' ? { NS: checked } : value;
  if (type === 'NS') throw validation('Input collection contains duplicates');
  const shown = `[${checked.join(', ')}]`;
  throw validation(
    `One or more parameter values were invalid: Input collection ${shown}${type === 'BS' ? 'of type BS ' : ' '}contains duplicates.`,
  );
}

function text(value: unknown): string {
  if (typeof value !== 'string')
    throw serialization(`${typeof value === 'number' ? 'NUMBER_VALUE' : 'Value'} cannot be converted to String`);
  return value;
}

function binary(value: unknown): string {
  if (typeof value !== 'string') throw serialization('only base-64-encoded strings are convertible to bytes');
  if (value.length % 4 !== 0) throw serialization(`Base64 encoded length is expected a multiple of 4 bytes but found: ${value.length}`);
  if (!BASE64.test(value)) throw serialization('Invalid Base64 character detected');
  return value;
}

function array(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw serialization('Unexpected field type');
  return value;
}

/** Bytes of an item: the names and the values of all its attributes. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name in item) size += Buffer.byteLength(name) + valueSize(item[name] as AttributeValue);
  return size;
}

/** Bytes of one attribute's value. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return binarySize(value.B);
  if (value.SS !== undefined) return sum(value.SS, Buffer.byteLength);
  if (value.NS !== undefined) return sum(value.NS, numberSize);
  if (value.BS !== undefined) return sum(value.BS, binarySize);
  // A list or map costs three bytes, and one for each element.
  if (value.L !== undefined) return 3 + value.L.length + sum(value.L, valueSize);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

function sum<T>(list: readonly T[], size: (member: T) => number): number {
  let total = 0;
  for (const member of list) total += size(member);
  return total;
}

/** Bytes that base64 text stands for. */
export function binarySize(base64: string): number {
  return Buffer.byteLength(base64, 'base64');
}

/** Equality of checked values; sets have no order. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (b[type] === undefined) return false;
  switch (type) {
    case 'SS':
    case 'NS':
    case 'BS': {
      const [left, right] = [a[type] as string[], b[type] as string[]];
      return left.length === right.length && left.every((member) => right.includes(member));
    }
    case 'L': {
      const [left, right] = [a.L as AttributeValue[], b.L as AttributeValue[]];
      return left.length === right.length && left.every((member, index) => equalValues(member, right[index] as AttributeValue));
    }
    case 'M':
      return equalItems(a.M as Item, b.M as Item);
    default:
      return a[type] === b[type];
  }
}

export function equalItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equalValues(a[name] as AttributeValue, b[name] as AttributeValue))
  );
}

/** The order of two values of one of the ordered types (S, N, B), or undefined where they have none. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.S !== undefined && b.S !== undefined) return compareText(a.S, b.S);
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N);
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
  return undefined;
}

/** The order of the UTF-8 bytes, which is that of code points; JavaScript's own is that of UTF-16 units. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x === y) continue;
    // Surrogates stand for the code points above all others; at equal prefixes only this unit can decide.
    return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** A deep copy, for values that come to stand in two places of one item. */
export function copyValue(value: AttributeValue): AttributeValue {
  if (value.L !== undefined) return { L: value.L.map(copyValue) };
  if (value.M !== undefined) {
    const copy: Item = {};
    for (const name in value.M) copy[name] = copyValue(value.M[name] as AttributeValue);
    return { M: copy };
  }
  const type = typeOf(value);
  const member = value[type];
  return Array.isArray(member) ? ({ [type]: [...member] } as AttributeValue) : value;
}
