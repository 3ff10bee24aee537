import type { JsonObject } from '../../kernel/kernel.ts';
import { ACCOUNT } from '../../template/intrinsics.ts';
import type { Encryption } from './buckets.ts';
import { checksumMember } from './checksums.ts';
import { accessDenied, invalidArgument, S3Error } from './errors.ts';
import { flagOf, oneOf, requiredText, textOf } from './input.ts';
import { lockMembers } from './locks.ts';
import type { ObjectAttributes, ObjectVersion } from './versions.ts';

const CONTENT = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType', 'Expires'] as const;
const STORAGE_CLASSES = ['STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'] as const;
const KEY_BYTES_MAX = 1024;
const METADATA_BYTES_MAX = 2048;

export function keyOf(input: JsonObject): string {
  const key = requiredText(input, 'Key');
  const size = Buffer.byteLength(key);
  if (size > KEY_BYTES_MAX)
    throw new S3Error('KeyTooLongError', 'Your key is too long', 400, { Size: size, MaxSizeAllowed: KEY_BYTES_MAX });
  return key;
}

/** `Content-Type` and its like, as the request gives them. */
export function contentOf(input: JsonObject): Record<string, string> {
  const content: Record<string, string> = {};
  for (const name of CONTENT) {
    const value = input[name] instanceof Date ? (input[name] as Date).toUTCString() : textOf(input, name);
    if (value !== undefined && value !== '') content[name] = value;
  }
  content.ContentType ??= 'binary/octet-stream';
  return content;
}

export function metadataOf(input: JsonObject): Record<string, string> {
  const metadata: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of Object.entries((input.Metadata ?? {}) as Record<string, unknown>)) {
    // They travel as names of headers.
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      throw invalidArgument('The name of metadata must be one of a header', 'x-amz-meta-', name.slice(0, 200));
    metadata[name.toLowerCase()] = String(value);
    size += Buffer.byteLength(name) + Buffer.byteLength(String(value));
  }
  if (size > METADATA_BYTES_MAX)
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
      Size: size,
      MaxSizeAllowed: METADATA_BYTES_MAX,
    });
  return metadata;
}

/** Who pays and who may read is the same for all here; a storage class is kept and shown, the ones that need a restore are refused. */
export function storageClassOf(input: JsonObject): string {
  const acl = textOf(input, 'ACL');
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control')
    throw new S3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400);
  const given = textOf(input, 'StorageClass');
  if (given === undefined) return 'STANDARD';
  if (!STORAGE_CLASSES.some((known) => known === given))
    throw new S3Error('InvalidStorageClass', `The storage class ${given} is not one that the embedded cloud keeps.`, 400);
  return given;
}

/** What the request asks for, else the bucket's default. Nothing is encrypted here; it is remembered and shown. */
export function encryptionOf(input: JsonObject, fallback: Encryption): Encryption {
  const algorithm = oneOf(input, 'ServerSideEncryption', ['AES256', 'aws:kms', 'aws:kms:dsse'] as const);
  const keyId = textOf(input, 'SSEKMSKeyId');
  if (algorithm === undefined) {
    if (keyId !== undefined) throw keyWithoutKms(keyId);
    return fallback;
  }
  if (algorithm === 'AES256') {
    if (keyId !== undefined) throw keyWithoutKms(keyId);
    return { algorithm };
  }
  const bucketKey = textOf(input, 'BucketKeyEnabled') === undefined ? fallback.bucketKey : flagOf(input, 'BucketKeyEnabled');
  const key = keyId ?? fallback.keyId;
  return { algorithm, ...(key !== undefined && { keyId: key }), ...(bucketKey !== undefined && { bucketKey }) };
}

function keyWithoutKms(keyId: string): S3Error {
  return invalidArgument(
    'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    'x-amz-server-side-encryption',
    keyId,
  );
}

export function assertOwner(input: JsonObject): void {
  const expected = textOf(input, 'ExpectedBucketOwner');
  if (expected !== undefined && expected !== ACCOUNT) throw accessDenied('Access Denied');
}

/** The members that show how an object is encrypted. */
export function encryptionMembers({ algorithm, keyId, bucketKey }: Encryption): JsonObject {
  return { ServerSideEncryption: algorithm, SSEKMSKeyId: keyId, BucketKeyEnabled: bucketKey === true ? true : undefined };
}

export function checksumMembers({ checksum }: ObjectAttributes): JsonObject {
  if (checksum === undefined) return {};
  return { [checksumMember(checksum.algorithm)]: checksum.value, ChecksumType: checksum.composite === true ? 'COMPOSITE' : 'FULL_OBJECT' };
}

/** What `HeadObject` and `GetObject` say of an object besides its length. */
export function describe(object: ObjectVersion, versioned: boolean): JsonObject {
  const { content, metadata, encryption, storageClass, tags = {} } = object.attributes;
  const tagCount = Object.keys(tags).length;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(object.at),
    ETag: `"${object.etag}"`,
    VersionId: versioned ? object.version : undefined,
    ...content,
    Metadata: metadata,
    StorageClass: storageClass === 'STANDARD' ? undefined : storageClass,
    TagCount: tagCount === 0 ? undefined : tagCount,
    ...encryptionMembers(encryption),
    ...lockMembers(object.lock),
  };
}
