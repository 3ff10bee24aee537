import type { JsonObject } from '../../kernel/kernel.ts';
import { invalidArgument, malformedXml, S3Error } from './errors.ts';
import { textOf } from './input.ts';

/** The tags of an object version: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export type Tags = Readonly<Record<string, string>>;

const TAGS_MAX = 10;
const KEY_LENGTH_MAX = 128;
const VALUE_LENGTH_MAX = 256;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html#tag-restrictions */
const CHARACTERS = /^[\p{L}\p{N}\p{Z}+\-=._:/@]*$/u;

/** The tags that a write brings with it, as parameters of a query; undefined where there are none. */
export function tagsInHeader(input: JsonObject): Tags | undefined {
  const text = textOf(input, 'Tagging');
  if (text === undefined || text === '') return undefined;
  const pairs = [...new URLSearchParams(text)];
  const names = new Set(pairs.map(([name]) => name));
  if (names.size < pairs.length || pairs.some(([name, value]) => !isTag(name, value)))
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      text,
    );
  return checked(pairs);
}

/** The tags of a `Tagging` document. */
export function tagsInSet(tagging: unknown): Tags {
  const set = (tagging as { TagSet?: unknown } | undefined)?.TagSet;
  if (!Array.isArray(set)) throw malformedXml();
  const pairs = set.map((tag: unknown): [string, string] => {
    const { Key, Value } = (tag ?? {}) as JsonObject;
    if (typeof Key !== 'string' || typeof Value !== 'string') throw malformedXml();
    return [Key, Value];
  });
  return checked(pairs);
}

function checked(pairs: readonly (readonly [string, string])[]): Tags {
  if (pairs.length > TAGS_MAX) throw new S3Error('BadRequest', `Object tags cannot be greater than ${TAGS_MAX}`, 400);
  const tags: Record<string, string> = Object.create(null);
  for (const [TagKey, TagValue] of pairs) {
    if (tags[TagKey] !== undefined) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey });
    if (/^aws:/i.test(TagKey)) throw invalidTag('System tags cannot be added/updated by requester', { TagKey });
    if (!isTag(TagKey, '')) throw invalidTag('The TagKey you have provided is invalid', { TagKey });
    if (!isTag(TagKey, TagValue)) throw invalidTag('The TagValue you have provided is invalid', { TagKey, TagValue });
    tags[TagKey] = TagValue;
  }
  return tags;
}

function isTag(name: string, value: string): boolean {
  return (
    name.length >= 1 && name.length <= KEY_LENGTH_MAX && value.length <= VALUE_LENGTH_MAX && CHARACTERS.test(name) && CHARACTERS.test(value)
  );
}

function invalidTag(message: string, extra: Record<string, string>): S3Error {
  return new S3Error('InvalidTag', message, 400, extra);
}

/** What `GetObjectTagging` answers. */
export function tagSetOf(tags: Tags = {}): JsonObject {
  return { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}
