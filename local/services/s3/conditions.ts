import type { JsonObject } from '../../kernel/kernel.ts';
import { noSuchKey, notImplemented, preconditionFailed, S3Error } from './errors.ts';
import { instantOf, textOf } from './input.ts';
import type { ObjectVersion } from './versions.ts';

/**
 * The conditions of a read, each taking part only as RFC 9110, 13.2.2 orders them: a tag decides before a date does. Throws 412, or 304 where
 * the caller has the object already. `prefix` picks the members: a copy names its source's with `CopySource`.
 */
export function checkRead(input: JsonObject, object: ObjectVersion, prefix: '' | 'CopySource' = ''): void {
  const [match, none] = [textOf(input, `${prefix}IfMatch`), textOf(input, `${prefix}IfNoneMatch`)];
  const modifiedSince = instantOf(input, `${prefix}IfModifiedSince`);
  const unmodifiedSince = instantOf(input, `${prefix}IfUnmodifiedSince`);
  // HTTP dates have no milliseconds.
  const modified = Math.floor(object.at / 1000) * 1000;
  if (match !== undefined) {
    if (!names(match, object.etag)) throw preconditionFailed('If-Match');
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) throw preconditionFailed('If-Unmodified-Since');
  if (none !== undefined) {
    if (names(none, object.etag)) throw unchanged(object, prefix);
  } else if (modifiedSince !== undefined && modified <= modifiedSince) throw unchanged(object, prefix);
}

/** The conditions of a write or a delete, on what is there under the key now. */
export function checkWrite(input: JsonObject, key: string, current: ObjectVersion | undefined): void {
  const [match, none] = [textOf(input, 'IfMatch'), textOf(input, 'IfNoneMatch')];
  const present = current !== undefined && !current.marker ? current : undefined;
  if (none !== undefined && none !== '*') throw notImplemented('If-None-Match with a tag when writing');
  if (none !== undefined && present !== undefined) throw preconditionFailed('If-None-Match');
  if (match === undefined) return;
  if (present === undefined) throw noSuchKey(key);
  if (!names(match, present.etag)) throw preconditionFailed('If-Match');
}

function names(tags: string, etag: string): boolean {
  return tags.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^(W\/)?"(.*)"$/, '$2')));
}

function unchanged(object: ObjectVersion, prefix: string): S3Error {
  if (prefix !== '') return preconditionFailed('x-amz-copy-source-If-None-Match');
  return new S3Error(
    'NotModified',
    'Not Modified',
    304,
    {},
    { etag: `"${object.etag}"`, 'last-modified': new Date(object.at).toUTCString() },
  );
}
