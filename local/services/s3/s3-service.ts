import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { REGION } from '../../template/intrinsics.ts';
import { assertOwner, keyOf, storageClassOf } from './attributes.ts';
import { type Bucket, type BucketDefinition, Buckets, isBucketName } from './buckets.ts';
import { invalidRequest, notImplemented, S3Error } from './errors.ts';
import { flagOf, requiredText, textOf } from './input.ts';
import { Lifecycle } from './lifecycle.ts';
import { Listing, listBuckets } from './listing.ts';
import { legalHoldOf, lockConfiguration, retentionOf, withLegalHold, withRetention } from './locks.ts';
import { NOTIFICATIONS_TIMER, Notifications, type PutServiceEvent } from './notifications.ts';
import { Objects } from './objects.ts';
import { OPERATIONS } from './operations.ts';
import { Removal } from './removal.ts';
import { tagSetOf, tagsInSet } from './tags.ts';
import { Uploads } from './uploads.ts';
import { type ObjectVersion, Versions } from './versions.ts';

/**
 * S3 as far as an application keeps documents in it: objects with versions, locks, metadata, digests and lifecycle rules, in the
 * cloud's one file. `Body` is text or bytes on the way in, bytes on the way out; times are `Date`s.
 */
export class S3Service implements Service {
  readonly name = 's3';
  readonly notifications: Notifications;
  readonly #buckets: Buckets;
  readonly #versions: Versions;
  readonly #objects: Objects;
  readonly #uploads: Uploads;
  readonly #removal: Removal;
  readonly #listing: Listing;
  readonly #lifecycle: Lifecycle;
  readonly #kernel: Kernel;

  /** @param putEvent puts an event on the default bus, where a bucket asks for it. */
  constructor(kernel: Kernel, putEvent: PutServiceEvent = () => undefined) {
    this.#kernel = kernel;
    this.notifications = new Notifications(kernel, putEvent);
    this.#buckets = new Buckets(kernel);
    this.#versions = new Versions(kernel.store);
    this.#objects = new Objects(kernel, this.#buckets, this.#versions, this.notifications);
    this.#uploads = new Uploads(kernel, this.#objects);
    this.#removal = new Removal(kernel, this.#versions, this.notifications);
    this.#listing = new Listing(this.#versions);
    this.#lifecycle = new Lifecycle(kernel, this.#buckets, this.#versions, this.#removal, this.#uploads);
  }

  /** Makes a bucket, or changes the one that is there; its objects stay. */
  putBucket(definition: BucketDefinition): void {
    this.#buckets.put(definition);
  }

  resume(): void {
    this.#lifecycle.arm();
    this.notifications.resume();
  }

  onTimer(key: string): void {
    if (key === NOTIFICATIONS_TIMER) this.notifications.post();
    else this.#lifecycle.run();
  }

  call(operation: string, input: JsonObject): unknown {
    const known = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
    if (known === undefined) throw notImplemented(`operation ${operation}`);
    for (const member of Object.keys(input))
      if (input[member] !== undefined && !Object.hasOwn(known.input, member)) throw notImplemented(`${member} in ${operation}`);
    if (operation === 'ListBuckets') return listBuckets(this.#buckets.all(), input);
    const name = requiredText(input, 'Bucket');
    if (operation === 'CreateBucket') return this.#createBucket(name, input);
    assertOwner(input);
    const bucket = this.#buckets.get(name);
    const output = this.#onObject(operation, bucket, input) ?? this.#onBucket(operation, bucket, input);
    if (known.writes !== undefined && bucket.lifecycle.length > 0) this.#lifecycle.armFor(bucket, known.writes);
    return output;
  }

  #onObject(operation: string, bucket: Bucket, input: JsonObject): JsonObject | undefined {
    switch (operation) {
      case 'PutObject':
        return this.#objects.put(bucket, input);
      case 'GetObject':
        return this.#objects.get(bucket, input);
      case 'HeadObject':
        return this.#objects.head(bucket, input);
      case 'CopyObject':
        return this.#objects.copy(bucket, input);
      case 'DeleteObject':
        return this.#removal.delete(bucket, input);
      case 'DeleteObjects':
        return this.#removal.deleteMany(bucket, input);
      case 'GetObjectRetention':
        return retentionOf(bucket, this.#version(bucket, input).lock);
      case 'PutObjectRetention':
        return this.#putRetention(bucket, input);
      case 'GetObjectLegalHold':
        return legalHoldOf(bucket, this.#version(bucket, input).lock);
      case 'PutObjectLegalHold':
        return this.#putLegalHold(bucket, input);
      case 'GetObjectTagging':
      case 'PutObjectTagging':
      case 'DeleteObjectTagging':
        return this.#tagging(operation, bucket, input);
      default:
        return this.#onUpload(operation, bucket, input);
    }
  }

  #onUpload(operation: string, bucket: Bucket, input: JsonObject): JsonObject | undefined {
    switch (operation) {
      case 'CreateMultipartUpload':
        return this.#uploads.create(bucket, input);
      case 'UploadPart':
        return this.#uploads.uploadPart(bucket, input);
      case 'UploadPartCopy':
        return this.#uploads.uploadPartCopy(bucket, input);
      case 'CompleteMultipartUpload':
        return this.#uploads.complete(bucket, input);
      case 'AbortMultipartUpload':
        return this.#uploads.abort(bucket, input);
      case 'ListParts':
        return this.#uploads.listParts(bucket, input);
      case 'ListMultipartUploads':
        return this.#uploads.list(bucket, input);
      default:
        return undefined;
    }
  }

  #onBucket(operation: string, bucket: Bucket, input: JsonObject): JsonObject {
    switch (operation) {
      case 'HeadBucket':
        return { BucketRegion: REGION };
      case 'GetBucketLocation':
        return {};
      case 'GetBucketVersioning':
        return bucket.versioning === undefined ? {} : { Status: bucket.versioning };
      case 'GetObjectLockConfiguration':
        return lockConfiguration(bucket);
      case 'ListObjects':
        return this.#listing.listV1(bucket, input);
      case 'ListObjectsV2':
        return this.#listing.listV2(bucket, input);
      case 'ListObjectVersions':
        return this.#listing.listVersions(bucket, input);
      case 'DeleteBucket':
        return this.#deleteBucket(bucket);
      default:
        throw notImplemented(`operation ${operation}`);
    }
  }

  /** As in all Regions but N. Virginia, which for old times' sake answers the owner that all is well. */
  #createBucket(name: string, input: JsonObject): JsonObject {
    if (!isBucketName(name)) throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    if (this.#buckets.has(name))
      throw new S3Error(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { BucketName: name },
      );
    const { LocationConstraint } = (input.CreateBucketConfiguration ?? {}) as { LocationConstraint?: string };
    if (LocationConstraint !== undefined && LocationConstraint !== REGION)
      throw new S3Error(
        'IllegalLocationConstraintException',
        `The ${LocationConstraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
        400,
      );
    storageClassOf({ ACL: input.ACL });
    const objectLock = flagOf(input, 'ObjectLockEnabledForBucket');
    this.#buckets.put({
      name,
      objectLock,
      ...(objectLock && { versioning: 'Enabled' }),
      lifecycle: [],
      encryption: { algorithm: 'AES256' },
    });
    return { Location: `/${name}` };
  }

  #deleteBucket({ name }: Bucket): JsonObject {
    if (!this.#versions.isEmpty(name))
      throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: name });
    this.#uploads.clear(name);
    this.#buckets.delete(name);
    return {};
  }

  #putRetention(bucket: Bucket, input: JsonObject): JsonObject {
    const { id, lock } = this.#version(bucket, input);
    const wanted = (input.Retention ?? {}) as JsonObject;
    this.#versions.setLock(id, withRetention(bucket, lock, wanted, this.#kernel.now(), flagOf(input, 'BypassGovernanceRetention')));
    return {};
  }

  #putLegalHold(bucket: Bucket, input: JsonObject): JsonObject {
    if (input.LegalHold === undefined) throw invalidRequest('LegalHold must be given');
    const { id, lock } = this.#version(bucket, input);
    this.#versions.setLock(id, withLegalHold(bucket, lock, input.LegalHold as JsonObject));
    return {};
  }

  #tagging(operation: string, bucket: Bucket, input: JsonObject): JsonObject {
    const { id, key, version, attributes } = this.#version(bucket, input);
    const VersionId = bucket.versioning === undefined ? undefined : version;
    if (operation === 'GetObjectTagging') return { ...tagSetOf(attributes.tags), VersionId };
    const { tags: _, ...rest } = attributes;
    this.#versions.setAttributes(id, operation === 'PutObjectTagging' ? { ...rest, tags: tagsInSet(input.Tagging) } : rest);
    this.notifications.tell(bucket, { key, version, kind: operation === 'PutObjectTagging' ? 'tagged' : 'untagged' });
    return { VersionId };
  }

  #version(bucket: Bucket, input: JsonObject): ObjectVersion {
    return this.#objects.find(bucket, keyOf(input), textOf(input, 'VersionId'));
  }
}
