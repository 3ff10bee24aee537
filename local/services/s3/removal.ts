import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { keyOf } from './attributes.ts';
import type { Bucket } from './buckets.ts';
import { checkWrite } from './conditions.ts';
import { S3Error } from './errors.ts';
import { flagOf, textOf } from './input.ts';
import { assertRemovable } from './locks.ts';
import type { Notifications } from './notifications.ts';
import { newVersionId } from './objects.ts';
import type { ObjectVersion, Versions } from './versions.ts';

const DELETIONS_MAX = 1000;

/** Deleting objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html */
export class Removal {
  readonly #kernel: Kernel;
  readonly #versions: Versions;
  readonly #notifications: Notifications;

  constructor(kernel: Kernel, versions: Versions, notifications: Notifications) {
    this.#kernel = kernel;
    this.#versions = versions;
    this.#notifications = notifications;
  }

  /** One version for good, else the object: for good where the bucket keeps no versions, behind a delete marker where it does. */
  delete(bucket: Bucket, input: JsonObject): JsonObject {
    const key = keyOf(input);
    const version = textOf(input, 'VersionId');
    const latest = this.#versions.latest(bucket.name, key);
    checkWrite({ IfMatch: input.IfMatch }, key, latest);
    if (version !== undefined) return this.#deleteVersion(bucket, key, version, flagOf(input, 'BypassGovernanceRetention'));
    if (bucket.versioning === undefined) {
      if (latest !== undefined) this.remove(bucket, latest, 'deleted');
      return {};
    }
    return { DeleteMarker: true, VersionId: this.mark(bucket, key, 'marked') };
  }

  /** Hides the object behind a delete marker; answers the marker's version. */
  mark(bucket: Bucket, key: string, kind: 'marked' | 'expired-marked'): string {
    const version = newVersionId(this.#kernel, bucket);
    this.#versions.insert({
      bucket: bucket.name,
      key,
      version,
      marker: true,
      at: this.#kernel.now(),
      etag: '',
      attributes: { content: {}, metadata: {}, encryption: bucket.encryption, storageClass: 'STANDARD' },
      lock: {},
      body: new Uint8Array(),
    });
    this.#notifications.tell(bucket, { key, version, kind });
    return version;
  }

  /** Removes a version for good. */
  remove(bucket: Bucket, found: ObjectVersion, kind: 'deleted' | 'expired'): void {
    this.#versions.remove(found);
    this.#notifications.tell(bucket, { key: found.key, version: found.version, kind });
  }

  deleteMany(bucket: Bucket, input: JsonObject): JsonObject {
    const { Objects = [], Quiet } = (input.Delete ?? {}) as { Objects?: JsonObject[]; Quiet?: unknown };
    if (Objects.length === 0 || Objects.length > DELETIONS_MAX)
      throw new S3Error('MalformedXML', `A request deletes from 1 to ${DELETIONS_MAX} objects.`, 400);
    const Deleted: JsonObject[] = [];
    const Errors: JsonObject[] = [];
    for (const object of Objects) {
      const { Key, VersionId } = object;
      try {
        const removed = this.delete(bucket, {
          Key,
          VersionId,
          IfMatch: object.ETag,
          BypassGovernanceRetention: input.BypassGovernanceRetention,
        });
        const marker = removed.DeleteMarker === true ? { DeleteMarker: true, DeleteMarkerVersionId: removed.VersionId } : {};
        if (String(Quiet) !== 'true') Deleted.push({ Key, VersionId, ...marker });
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        Errors.push({ Key, VersionId, Code: error.code, Message: error.message });
      }
    }
    return { ...(Deleted.length > 0 && { Deleted }), ...(Errors.length > 0 && { Errors }) };
  }

  /** A version that is not there counts as deleted. */
  #deleteVersion(bucket: Bucket, key: string, version: string, bypass: boolean): JsonObject {
    const found = this.#versions.find(bucket.name, key, version);
    if (found !== undefined) {
      assertRemovable(found.lock, this.#kernel.now(), bypass);
      this.remove(bucket, found, 'deleted');
    }
    return { VersionId: version, DeleteMarker: found?.marker === true ? true : undefined };
  }
}
