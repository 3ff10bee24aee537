import { createHash } from 'node:crypto';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { checksumMembers, contentOf, describe, encryptionMembers, encryptionOf, keyOf, metadataOf, storageClassOf } from './attributes.ts';
import type { Bucket, Buckets } from './buckets.ts';
import { CHECKSUM_ALGORITHMS, type Checksum, checkDigests, checksumOf } from './checksums.ts';
import { checkRead, checkWrite } from './conditions.ts';
import { invalidArgument, invalidRequest, noSuchKey, noSuchVersion, S3Error } from './errors.ts';
import { oneOf, requiredText, textOf } from './input.ts';
import { assertDigestForLock, lockOfNew } from './locks.ts';
import type { Notifications } from './notifications.ts';
import { readRange } from './range.ts';
import { type Tags, tagsInHeader } from './tags.ts';
import type { ObjectAttributes, ObjectVersion, Versions } from './versions.ts';

/** An object is held in memory whole and stored as one row. */
export const OBJECT_BYTES_MAX = 64 * 1024 * 1024;

/** What an object is told apart by, which a copy may take from its source. */
type Described = Pick<ObjectAttributes, 'content' | 'metadata'> & { readonly tags: Tags | undefined };

function givenWith(input: JsonObject): Described {
  return { content: contentOf(input), metadata: metadataOf(input), tags: tagsInHeader(input) };
}

/** Reading, writing and copying objects. */
export class Objects {
  readonly #kernel: Kernel;
  readonly #buckets: Buckets;
  readonly #versions: Versions;
  readonly #notifications: Notifications;

  constructor(kernel: Kernel, buckets: Buckets, versions: Versions, notifications: Notifications) {
    this.#kernel = kernel;
    this.#buckets = buckets;
    this.#versions = versions;
    this.#notifications = notifications;
  }

  put(bucket: Bucket, input: JsonObject): JsonObject {
    const key = keyOf(input);
    const body = bytesOf(input.Body);
    assertSize(body.byteLength);
    checkWrite(input, key, this.#versions.latest(bucket.name, key));
    const given = checkDigests(input, body);
    return this.#write(bucket, key, input, body, given, givenWith(input));
  }

  /** Throws where an object could not be written as asked, whatever its bytes. */
  assertWritable(bucket: Bucket, input: JsonObject): void {
    contentOf(input);
    metadataOf(input);
    storageClassOf(input);
    tagsInHeader(input);
    encryptionOf(input, bucket.encryption);
    lockOfNew(bucket, input, this.#kernel.now());
  }

  /**
   * Writes what arrived in parts.
   * @param input what the upload was begun with
   * @param conditions what it was completed with
   */
  join(
    bucket: Bucket,
    input: JsonObject,
    conditions: JsonObject,
    body: Uint8Array,
    { etag, checksum }: { readonly etag: string; readonly checksum: Checksum | undefined },
  ): JsonObject {
    const key = keyOf(input);
    checkWrite(conditions, key, this.#versions.latest(bucket.name, key));
    return this.#write(bucket, key, input, body, checksum, givenWith(input), etag);
  }

  get(bucket: Bucket, input: JsonObject): JsonObject {
    const object = this.#readable(bucket, input);
    const range = readRange(textOf(input, 'Range'), object.size);
    const bytes = this.#versions.body(object.id);
    const whole = this.#describe(bucket, object, input, range === undefined);
    if (range === undefined) return { ...whole, ContentLength: object.size, Body: bytes };
    const part = bytes.subarray(range.first, range.last + 1);
    return { ...whole, ContentLength: part.length, ContentRange: `bytes ${range.first}-${range.last}/${object.size}`, Body: part };
  }

  head(bucket: Bucket, input: JsonObject): JsonObject {
    const object = this.#readable(bucket, input);
    const range = readRange(textOf(input, 'Range'), object.size);
    const whole = this.#describe(bucket, object, input, range === undefined);
    if (range === undefined) return { ...whole, ContentLength: object.size };
    return { ...whole, ContentLength: range.last - range.first + 1, ContentRange: `bytes ${range.first}-${range.last}/${object.size}` };
  }

  copy(bucket: Bucket, input: JsonObject): JsonObject {
    const key = keyOf(input);
    const { source, sourceVersion, body } = this.copySource(input);
    checkWrite(input, key, this.#versions.latest(bucket.name, key));
    const replace = oneOf(input, 'MetadataDirective', ['COPY', 'REPLACE'] as const) === 'REPLACE';
    const changes = replace || textOf(input, 'StorageClass') !== undefined || textOf(input, 'ServerSideEncryption') !== undefined;
    if (!changes && source.latest && source.bucket === bucket.name && source.key === key)
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    const algorithm = oneOf(input, 'ChecksumAlgorithm', CHECKSUM_ALGORITHMS) ?? source.attributes.checksum?.algorithm;
    const checksum = algorithm && { algorithm, value: checksumOf(algorithm, body) };
    const tags =
      oneOf(input, 'TaggingDirective', ['COPY', 'REPLACE'] as const) === 'REPLACE' ? tagsInHeader(input) : source.attributes.tags;
    const described = { ...(replace ? givenWith(input) : source.attributes), tags };
    const { ETag, VersionId, ...members } = this.#write(bucket, key, input, body, checksum, described);
    const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled, ...checksums } = members;
    return {
      CopyObjectResult: { LastModified: new Date(this.#kernel.now()), ETag, ...checksums },
      VersionId,
      CopySourceVersionId: sourceVersion,
      ServerSideEncryption,
      SSEKMSKeyId,
      BucketKeyEnabled,
    };
  }

  /** What a copy is made of; its version where its bucket has any. Throws where it is not as the request says. */
  copySource(input: JsonObject): { source: ObjectVersion; sourceVersion: string | undefined; body: Buffer } {
    const from = readCopySource(requiredText(input, 'CopySource'));
    const bucket = this.#buckets.get(from.bucket);
    const source = this.find(bucket, from.key, from.version);
    checkRead(input, source, 'CopySource');
    const sourceVersion = bucket.versioning === undefined ? undefined : source.version;
    return { source, sourceVersion, body: this.#versions.body(source.id) };
  }

  /** The version asked for, else the current one. Throws where there is none, or it is a delete marker. */
  find(bucket: Bucket, key: string, version: string | undefined): ObjectVersion {
    if (version === undefined) {
      const latest = this.#versions.latest(bucket.name, key);
      if (latest === undefined || latest.marker) throw noSuchKey(key, latest === undefined ? {} : markerHeaders(latest));
      return latest;
    }
    if (!/^(null|[0-9a-f]{32})$/.test(version)) throw invalidArgument('Invalid version id specified', 'versionId', version);
    const found = this.#versions.find(bucket.name, key, version);
    if (found === undefined) throw noSuchVersion(key, version);
    if (found.marker)
      throw new S3Error(
        'MethodNotAllowed',
        'The specified method is not allowed against this resource.',
        405,
        { ResourceType: 'DeleteMarker' },
        { ...markerHeaders(found), allow: 'DELETE' },
      );
    return found;
  }

  #readable(bucket: Bucket, input: JsonObject): ObjectVersion {
    const object = this.find(bucket, keyOf(input), textOf(input, 'VersionId'));
    checkRead(input, object);
    return object;
  }

  #describe(bucket: Bucket, object: ObjectVersion, input: JsonObject, whole: boolean): JsonObject {
    const members = describe(object, bucket.versioning !== undefined);
    // A presigned link may say what a browser is told.
    for (const [name, value] of Object.entries(input))
      if (name.startsWith('Response') && value !== undefined) members[name.slice('Response'.length)] = value;
    return textOf(input, 'ChecksumMode') === 'ENABLED' && whole ? { ...members, ...checksumMembers(object.attributes) } : members;
  }

  #write(
    bucket: Bucket,
    key: string,
    input: JsonObject,
    body: Uint8Array,
    given: Checksum | undefined,
    { content, metadata, tags }: Described,
    joined?: string,
  ): JsonObject {
    const at = this.#kernel.now();
    const lock = lockOfNew(bucket, input, at);
    if (input.CopySource === undefined && joined === undefined) assertDigestForLock(input, lock, given !== undefined);
    const encryption = encryptionOf(input, bucket.encryption);
    const checksum = given ?? { algorithm: 'CRC64NVME', value: checksumOf('CRC64NVME', body) };
    const storageClass = storageClassOf(input);
    const attributes: ObjectAttributes = { content, metadata, checksum, encryption, storageClass, ...(tags !== undefined && { tags }) };
    // With a key of KMS the tag is no digest of what was sent; nobody may rely on it.
    const digest = createHash('md5').update(encryption.algorithm === 'AES256' ? body : this.#kernel.uuid());
    const etag = joined ?? digest.digest('hex');
    const version = newVersionId(this.#kernel, bucket);
    this.#versions.insert({ bucket: bucket.name, key, version, marker: false, at, etag, attributes, lock, body });
    const kind = joined !== undefined ? 'joined' : input.CopySource === undefined ? 'put' : 'copy';
    this.#notifications.tell(bucket, { key, version, written: { size: body.byteLength, etag }, kind });
    return {
      ETag: `"${etag}"`,
      VersionId: bucket.versioning === undefined ? undefined : version,
      ...checksumMembers(attributes),
      ...encryptionMembers(encryption),
    };
  }
}

/** The identifier of a version written now: `null` unless the bucket keeps versions. */
export function newVersionId(kernel: Kernel, bucket: Bucket): string {
  return bucket.versioning === 'Enabled' ? kernel.uuid().replaceAll('-', '') : 'null';
}

function markerHeaders(marker: ObjectVersion): Record<string, string> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.version };
}

/** A body from function code or a test may be text; over HTTP it is always bytes. */
export function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw invalidArgument('Body must be text or bytes', 'Body', typeof body);
}

export function assertSize(size: number): void {
  if (size > OBJECT_BYTES_MAX) throw tooLarge(size);
}

export function tooLarge(ProposedSize: number): S3Error {
  return new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
    ProposedSize,
    MaxSizeAllowed: OBJECT_BYTES_MAX,
  });
}

/** Reads `/bucket/key?versionId=…`, percent-encoded. */
function readCopySource(text: string): { bucket: string; key: string; version?: string } {
  const [path = '', version] = text.split('?versionId=');
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path));
  if (match === null)
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey', 'x-amz-copy-source', text);
  const [, bucket = '', key = ''] = match;
  return { bucket, key, ...(version !== undefined && { version }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument('Copy Source must be percent-encoded', 'x-amz-copy-source', text);
  }
}
