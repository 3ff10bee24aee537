import { validation } from './errors.ts';
import { sortableNumber } from './numbers.ts';
import { type AttributeValue, binarySize, type Item, typeOf } from './values.ts';

export type KeyType = 'S' | 'N' | 'B';

/** One attribute of a key schema with the type its definition gives it. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range: KeyAttribute | undefined;
}

/** A primary key in the form the store sorts: text whose byte order is DynamoDB's order. `range` is empty where there is none. */
export interface EncodedKey {
  readonly hash: string;
  readonly range: string;
}

const HASH_BYTES_MAX = 2048;
const RANGE_BYTES_MAX = 1024;

/** Partitions as scans see them: a hash of the partition key orders them, as on AWS, so that nobody relies on an order. */
export const BUCKETS = 65_536;

/** Text that sorts as the value does: UTF-8 text, numbers by value, bytes as hexadecimal. */
export function encodeValue(value: AttributeValue, type: KeyType): string {
  if (type === 'S') return value.S as string;
  if (type === 'N') return sortableNumber(value.N as string);
  return Buffer.from(value.B as string, 'base64').toString('hex');
}

/** A partition key with the bucket in front: four hexadecimal digits of its FNV-1a hash. */
export function encodeHash(value: AttributeValue, type: KeyType): string {
  const text = encodeValue(value, type);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // The upper half of FNV-1a is the better mixed one.
  return bucketPrefix((hash >>> 16) ^ (hash & 0xffff)) + text;
}

/** The first text of a bucket; of `BUCKETS` itself, a text above all of them. */
export function bucketPrefix(bucket: number): string {
  return bucket >= BUCKETS ? 'g' : bucket.toString(16).padStart(4, '0');
}

/** The least text above `text`. */
export function successor(text: string): string {
  return `${text}\0`;
}

/** The least text above everything that begins with `prefix`; undefined where nothing lies above. */
export function prefixSuccessor(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = (last.codePointAt(0) as number) + 1;
    if (next > 0x10ffff) continue;
    // The surrogates are no characters: what follows U+D7FF is U+E000.
    return points.join('') + String.fromCodePoint(next === 0xd800 ? 0xe000 : next);
  }
  return undefined;
}

/** Checks that `key` is exactly a primary key of the schema, and encodes it. */
export function encodeKey(key: Item, schema: KeySchema): EncodedKey {
  let members = 0;
  for (const _ in key) members += 1;
  if (members !== (schema.range === undefined ? 1 : 2)) throw validation('The provided key element does not match the schema');
  const hash = key[schema.hash.name];
  const range = schema.range === undefined ? undefined : key[schema.range.name];
  if (hash === undefined || hash[schema.hash.type] === undefined) throw validation('The provided key element does not match the schema');
  if (schema.range !== undefined && (range === undefined || range[schema.range.type] === undefined))
    throw validation('The provided key element does not match the schema');
  return encoded(schema, hash, range);
}

/** The encoded primary key of a whole item. */
export function encodeItemKey(item: Item, schema: KeySchema): EncodedKey {
  return encoded(schema, itemKeyValue(item, schema.hash), schema.range === undefined ? undefined : itemKeyValue(item, schema.range));
}

function itemKeyValue(item: Item, attribute: KeyAttribute): AttributeValue {
  const value = item[attribute.name];
  if (value === undefined) throw validation(`One or more parameter values were invalid: Missing the key ${attribute.name} in the item`);
  if (value[attribute.type] === undefined)
    throw validation(
      `One or more parameter values were invalid: Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`,
    );
  return value;
}

function encoded(schema: KeySchema, hash: AttributeValue, range: AttributeValue | undefined): EncodedKey {
  checkKeyValue(hash, schema.hash, HASH_BYTES_MAX, 'Size of hashkey has exceeded the maximum size limit of2048 bytes');
  const encodedHash = encodeHash(hash, schema.hash.type);
  if (schema.range === undefined || range === undefined) return { hash: encodedHash, range: '' };
  checkKeyValue(range, schema.range, RANGE_BYTES_MAX, 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
  return { hash: encodedHash, range: encodeValue(range, schema.range.type) };
}

function checkKeyValue(value: AttributeValue, attribute: KeyAttribute, bytesMax: number, tooLong: string): void {
  if (attribute.type === 'N') return;
  if (value.S === '' || value.B === '')
    throw validation(`One or more parameter values are not valid. ${emptyKey(attribute.type)} Key: ${attribute.name}`);
  const size = value.S !== undefined ? textSize(value.S) : binarySize(value.B as string);
  if (size > bytesMax) throw validation(`One or more parameter values were invalid: ${tooLong}`);
}

function textSize(text: string): number {
  // A UTF-16 unit takes at most three bytes: short keys need no counting.
  return text.length * 3 <= RANGE_BYTES_MAX ? text.length : Buffer.byteLength(text);
}

export function emptyKey(type: KeyType): string {
  return `The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value.`;
}

/** The attributes of an item's primary key alone. */
export function keyOf(item: Item, schema: KeySchema): Item {
  const key: Item = { [schema.hash.name]: item[schema.hash.name] as AttributeValue };
  if (schema.range !== undefined) key[schema.range.name] = item[schema.range.name] as AttributeValue;
  return key;
}
