import { createHash } from 'node:crypto';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { encryptionMembers, encryptionOf, keyOf } from './attributes.ts';
import type { Bucket } from './buckets.ts';
import { CHECKSUM_ALGORITHMS, type Checksum, checkDigests, checksumMember, checksumOf } from './checksums.ts';
import { invalidRequest, S3Error } from './errors.ts';
import { integerOf, oneOf, requiredText, textOf } from './input.ts';
import { assertSize, bytesOf, type Objects } from './objects.ts';
import {
  assertWhole,
  checksumOfWhole,
  isComposite,
  PART_NUMBER_MAX,
  type Part,
  partNumberIn,
  partsIn,
  type Upload,
  unquoted,
} from './parts.ts';
import { readCopyRange } from './range.ts';
import { HIGHEST } from './versions.ts';

/** All parts but the last. */
const PART_BYTES_MIN = 5 * 1024 * 1024;
const PAGE_MAX = 1000;
const COLUMNS = 'id, bucket, key, at, input, algorithm, composite';

/** Objects that arrive in parts (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html). */
export class Uploads {
  readonly #kernel: Kernel;
  readonly #objects: Objects;

  constructor(kernel: Kernel, objects: Objects) {
    this.#kernel = kernel;
    this.#objects = objects;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS s3_uploads (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL,
        input TEXT NOT NULL, algorithm TEXT, composite INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS s3_uploads_by_key ON s3_uploads (bucket, key, id);
      CREATE TABLE IF NOT EXISTS s3_parts (upload TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL,
        etag TEXT NOT NULL, checksum TEXT, body BLOB NOT NULL, PRIMARY KEY (upload, number));`);
  }

  create(bucket: Bucket, given: JsonObject): JsonObject {
    const key = keyOf(given);
    const { ChecksumAlgorithm, ChecksumType, ...input } = given;
    const algorithm = oneOf(given, 'ChecksumAlgorithm', CHECKSUM_ALGORITHMS);
    const type = oneOf(given, 'ChecksumType', ['COMPOSITE', 'FULL_OBJECT'] as const);
    if (type !== undefined && algorithm === undefined)
      throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
    const composite = isComposite(algorithm, type);
    this.#objects.assertWritable(bucket, input);
    const id = this.#kernel.uuid().replaceAll('-', '');
    this.#kernel.store.run(
      `INSERT INTO s3_uploads (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      id,
      bucket.name,
      key,
      this.#kernel.now(),
      JSON.stringify(input),
      algorithm ?? null,
      composite ? 1 : 0,
    );
    return {
      InitiateMultipartUploadResult: { Bucket: bucket.name, Key: key, UploadId: id },
      ChecksumAlgorithm: algorithm,
      ChecksumType: algorithm && (composite ? 'COMPOSITE' : 'FULL_OBJECT'),
      ...encryptionMembers(encryptionOf(input, bucket.encryption)),
    };
  }

  uploadPart(bucket: Bucket, input: JsonObject): JsonObject {
    const upload = this.#find(bucket, input);
    const number = partNumberIn(input);
    const body = bytesOf(input.Body);
    const given = checkDigests(input, body);
    if (given !== undefined && upload.algorithm !== null && given.algorithm !== upload.algorithm)
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${given.algorithm.toLowerCase()}`,
      );
    return this.#put(upload, number, body, given);
  }

  /** A part whose bytes are another object's, or some of them. */
  uploadPartCopy(bucket: Bucket, input: JsonObject): JsonObject {
    const upload = this.#find(bucket, input);
    const number = partNumberIn(input);
    const { source, sourceVersion, body } = this.#objects.copySource(input);
    const range = readCopyRange(textOf(input, 'CopySourceRange'), source.size);
    const part = range === undefined ? body : body.subarray(range.first, range.last + 1);
    return {
      CopyPartResult: { LastModified: new Date(this.#kernel.now()), ...this.#put(upload, number, part, undefined) },
      CopySourceVersionId: sourceVersion,
    };
  }

  #put(upload: Upload, number: number, body: Uint8Array, given: Checksum | undefined): JsonObject {
    assertSize(body.byteLength);
    const etag = createHash('md5').update(body).digest('hex');
    const checksum = upload.algorithm === null ? given : { algorithm: upload.algorithm, value: checksumOf(upload.algorithm, body) };
    this.#kernel.store.run(
      'INSERT OR REPLACE INTO s3_parts (upload, number, at, size, etag, checksum, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      upload.id,
      number,
      this.#kernel.now(),
      body.byteLength,
      etag,
      checksum?.value ?? null,
      body,
    );
    return { ETag: `"${etag}"`, ...(checksum && { [checksumMember(checksum.algorithm)]: checksum.value }) };
  }

  complete(bucket: Bucket, input: JsonObject): JsonObject {
    const upload = this.#find(bucket, input);
    const parts = this.#chosen(upload, partsIn(input.MultipartUpload));
    assertSize(parts.reduce((sum, { size }) => sum + size, 0));
    const body = Buffer.concat(parts.map(({ number }) => this.#bytes(upload, number)));
    const checksum = checksumOfWhole(upload, parts, body);
    assertWhole(input, body, checksum);
    const digests = createHash('md5').update(Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex'))));
    const { ETag, VersionId, ...members } = this.#objects.join(bucket, JSON.parse(upload.input) as JsonObject, input, body, {
      etag: `${digests.digest('hex')}-${parts.length}`,
      checksum,
    });
    this.#remove(upload);
    const checksums = Object.fromEntries(Object.entries(members).filter(([name]) => name.startsWith('Checksum')));
    const others = Object.fromEntries(Object.entries(members).filter(([name]) => !name.startsWith('Checksum')));
    return {
      CompleteMultipartUploadResult: {
        Location: `/${bucket.name}/${upload.key}`,
        Bucket: bucket.name,
        Key: upload.key,
        ETag,
        ...checksums,
      },
      VersionId,
      ...others,
    };
  }

  abort(bucket: Bucket, input: JsonObject): JsonObject {
    this.#remove(this.#find(bucket, input));
    return {};
  }

  listParts(bucket: Bucket, input: JsonObject): JsonObject {
    const upload = this.#find(bucket, input);
    const after = integerOf(input, 'PartNumberMarker', 0, 0);
    const limit = Math.min(integerOf(input, 'MaxParts', 0, PAGE_MAX), PAGE_MAX);
    const parts = this.#parts(upload, after, limit + 1);
    const page = parts.slice(0, limit);
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: after,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: limit,
      IsTruncated: parts.length > limit,
      Part: page.map(({ number, at, size, etag, checksum }) => ({
        PartNumber: number,
        LastModified: new Date(at),
        ETag: `"${etag}"`,
        Size: size,
        ...(upload.algorithm !== null && checksum !== null && { [checksumMember(upload.algorithm)]: checksum }),
      })),
      ChecksumAlgorithm: upload.algorithm ?? undefined,
      StorageClass: 'STANDARD',
    };
  }

  list(bucket: Bucket, input: JsonObject): JsonObject {
    const prefix = textOf(input, 'Prefix') ?? '';
    const limit = Math.min(integerOf(input, 'MaxUploads', 1, PAGE_MAX), PAGE_MAX);
    const key = textOf(input, 'KeyMarker') ?? '';
    // Without the one, the uploads of the other's key are behind.
    const id = textOf(input, 'UploadIdMarker') ?? HIGHEST;
    const rows = this.#kernel.store
      .all<Pick<Upload, 'id' | 'key' | 'at'> & Record<string, never>>(
        'SELECT id, key, at FROM s3_uploads WHERE bucket = ? AND (key > ? OR (key = ? AND id > ?)) ORDER BY key, id',
        bucket.name,
        key,
        key,
        id,
      )
      .filter((upload) => upload.key.startsWith(prefix));
    const page = rows.slice(0, limit);
    return {
      Bucket: bucket.name,
      KeyMarker: key,
      UploadIdMarker: textOf(input, 'UploadIdMarker') ?? '',
      MaxUploads: limit,
      Prefix: prefix,
      IsTruncated: rows.length > limit,
      ...(rows.length > limit && { NextKeyMarker: page.at(-1)?.key, NextUploadIdMarker: page.at(-1)?.id }),
      Upload: page.map((upload) => ({ Key: upload.key, UploadId: upload.id, Initiated: new Date(upload.at), StorageClass: 'STANDARD' })),
    };
  }

  /** When the oldest upload under a prefix was begun; undefined where there is none. */
  oldest(bucket: string, prefix: string): number | undefined {
    const row = this.#kernel.store.get<{ oldest: number | null }>(
      'SELECT min(at) AS oldest FROM s3_uploads WHERE bucket = ? AND key >= ? AND key <= ?',
      bucket,
      prefix,
      prefix + HIGHEST,
    );
    return row?.oldest ?? undefined;
  }

  /** Forgets the uploads under a prefix that were begun before an instant. */
  abortBefore(bucket: string, prefix: string, until: number): void {
    const begun = this.#kernel.store.all<{ id: string }>(
      'SELECT id FROM s3_uploads WHERE bucket = ? AND key >= ? AND key <= ? AND at < ?',
      bucket,
      prefix,
      prefix + HIGHEST,
      until,
    );
    for (const upload of begun) this.#remove(upload);
  }

  /** Forgets all that was begun in a bucket. */
  clear(bucket: string): void {
    this.#kernel.store.run('DELETE FROM s3_parts WHERE upload IN (SELECT id FROM s3_uploads WHERE bucket = ?)', bucket);
    this.#kernel.store.run('DELETE FROM s3_uploads WHERE bucket = ?', bucket);
  }

  #find(bucket: Bucket, input: JsonObject): Upload {
    const id = requiredText(input, 'UploadId');
    const upload = this.#kernel.store.get<Upload>(
      `SELECT ${COLUMNS} FROM s3_uploads WHERE id = ? AND bucket = ? AND key = ?`,
      id,
      bucket.name,
      keyOf(input),
    );
    if (upload === undefined)
      throw new S3Error(
        'NoSuchUpload',
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
        404,
        { UploadId: id },
      );
    return upload;
  }

  /** The parts that the request names, which must be there as it says, in order, and large enough. */
  #chosen(upload: Upload, given: readonly JsonObject[]): Part[] {
    const present = new Map(this.#parts(upload, 0, PART_NUMBER_MAX).map((part) => [part.number, part]));
    const parts = given.map((one) => {
      const part = present.get(Number(textOf(one, 'PartNumber')));
      const checksum = upload.algorithm === null ? undefined : textOf(one, checksumMember(upload.algorithm));
      if (part === undefined || part.etag !== unquoted(textOf(one, 'ETag')) || (checksum !== undefined && checksum !== part.checksum))
        throw new S3Error(
          'InvalidPart',
          'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part’s entity tag.',
          400,
          { UploadId: upload.id, PartNumber: textOf(one, 'PartNumber') },
        );
      return part;
    });
    if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0)))
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.', 400, {
        UploadId: upload.id,
      });
    const small = parts.slice(0, -1).find(({ size }) => size < PART_BYTES_MIN);
    if (small !== undefined)
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        ProposedSize: small.size,
        MinSizeAllowed: PART_BYTES_MIN,
        PartNumber: small.number,
        ETag: small.etag,
      });
    return parts;
  }

  #parts({ id }: Upload, after: number, limit: number): Part[] {
    return this.#kernel.store.all<Part & Record<string, never>>(
      'SELECT number, at, size, etag, checksum FROM s3_parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?',
      id,
      after,
      limit,
    );
  }

  #bytes({ id }: Upload, number: number): Uint8Array {
    const row = this.#kernel.store.get<{ body: Uint8Array }>('SELECT body FROM s3_parts WHERE upload = ? AND number = ?', id, number);
    return row?.body ?? new Uint8Array();
  }

  #remove({ id }: Pick<Upload, 'id'>): void {
    this.#kernel.store.run('DELETE FROM s3_parts WHERE upload = ?', id);
    this.#kernel.store.run('DELETE FROM s3_uploads WHERE id = ?', id);
  }
}
