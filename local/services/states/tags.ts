import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { isObject } from './json.ts';
import { invalid } from './request.ts';

const SCHEMA =
  'CREATE TABLE IF NOT EXISTS states_tags (resource TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (resource, key)) WITHOUT ROWID;';
/** https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#concepts-tagging, https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const TAGS_MAX = 50;
const KEY_MAX = 128;
const VALUE_MAX = 256;
const CHARACTERS = /^[\p{L}\p{N}\s_.:/=+\-@]*$/u;

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The tags of state machines and activities. Nothing here goes by them: they are told to whoever asks. */
export class Tags {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(SCHEMA);
  }

  /** By key. */
  of(resource: string): Tag[] {
    return this.#kernel.store.all<{ key: string; value: string }>(
      'SELECT key, value FROM states_tags WHERE resource = ? ORDER BY key',
      resource,
    );
  }

  /** Adds tags; one whose key is there takes the new value. Throws `TooManyTags`. */
  add(resource: string, tags: readonly Tag[]): void {
    const keys = new Set([...this.of(resource), ...tags].map(({ key }) => key));
    checkCount(keys.size, resource);
    for (const { key, value } of tags)
      this.#kernel.store.run('INSERT OR REPLACE INTO states_tags (resource, key, value) VALUES (?, ?, ?)', resource, key, value);
  }

  /** Keys that are not there make no difference. */
  remove(resource: string, keys: readonly string[]): void {
    for (const key of keys) this.#kernel.store.run('DELETE FROM states_tags WHERE resource = ? AND key = ?', resource, key);
  }

  removeAll(resource: string): void {
    this.#kernel.store.run('DELETE FROM states_tags WHERE resource = ?', resource);
  }
}

function checkCount(count: number, resource: string): void {
  if (count > TAGS_MAX)
    throw new AwsError('TooManyTags', `You've exceeded the number of tags allowed for a resource: '${resource}'`, 400, {
      resourceName: resource,
    });
}

/** The tags of a request. A key that comes twice has its last value, as recorded. Throws `ValidationException` and `TooManyTags`. */
export function readTags(given: unknown, resource: string): Tag[] {
  if (!Array.isArray(given)) throw invalid("The member 'tags' must be a list");
  const tags = new Map(
    given.map((tag: unknown, index): [string, string] => {
      if (!isObject(tag)) throw invalid(`The member 'tags[${index}]' must be a structure`);
      for (const member of Object.keys(tag))
        if (member !== 'key' && member !== 'value') throw invalid(`The member 'tags[${index}].${member}' is not known`);
      return [checkKey(tag.key, `tags[${index}].key`), checkText(tag.value ?? '', VALUE_MAX, `tags[${index}].value`)];
    }),
  );
  checkCount(tags.size, resource);
  return [...tags].map(([key, value]) => ({ key, value }));
}

export function readKeys(given: unknown): string[] {
  if (!Array.isArray(given)) throw invalid("The member 'tagKeys' must be a list");
  return given.map((key, index) => checkKey(key, `tagKeys[${index}]`));
}

function checkKey(key: unknown, member: string): string {
  const text = checkText(key, KEY_MAX, member);
  if (text === '') throw invalid(`Value at '${member}' failed to satisfy constraint: Member must have length greater than or equal to 1`);
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html says nothing of it; other services say this.
  if (/^aws:/i.test(text)) throw new AwsError('AccessDeniedException', 'Caller is an end user and not allowed to mutate system tags');
  return text;
}

function checkText(value: unknown, most: number, member: string): string {
  if (typeof value !== 'string') throw invalid(`The member '${member}' must be a string`);
  if (value.length > most)
    throw invalid(`Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${most}`);
  if (!CHARACTERS.test(value))
    throw invalid(`Value at '${member}' failed to satisfy constraint: Member may hold letters, digits, white space and _ . : / = + - @`);
  return value;
}
