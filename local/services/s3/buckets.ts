import type { Kernel } from '../../kernel/kernel.ts';
import { noSuchBucket, S3Error } from './errors.ts';

export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

export interface Encryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  readonly keyId?: string;
  readonly bucketKey?: boolean;
}

/** A rule that removes objects; days as in the template. */
export interface LifecycleRule {
  readonly id: string;
  readonly prefix: string;
  /** Objects of more than so many bytes. */
  readonly sizeAbove?: number;
  /** Objects of fewer than so many bytes. */
  readonly sizeBelow?: number;
  /** Days after its creation that the current version expires. */
  readonly expirationDays?: number;
  /** Days after it was superseded that a version is removed. */
  readonly noncurrentDays?: number;
  /** So many of the newest superseded versions stay. */
  readonly noncurrentKept?: number;
  /** Days after its beginning that an upload in parts is given up. */
  readonly abortDays?: number;
  /** Of objects that have all of these tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Removes a delete marker that hides nothing any more. */
  readonly expiredMarkers?: boolean;
}

/** A bucket as the template defines it. */
export interface BucketDefinition {
  readonly name: string;
  /** Undefined: never enabled, every object has one version called `null`. */
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly objectLock: boolean;
  readonly defaultRetention?: { readonly mode: LockMode; readonly days?: number; readonly years?: number };
  readonly lifecycle: readonly LifecycleRule[];
  readonly encryption: Encryption;
}

export interface Bucket extends BucketDefinition {
  readonly createdAt: number;
}

/** The buckets: few, so they are held in memory besides the store. */
export class Buckets {
  readonly #kernel: Kernel;
  readonly #buckets = new Map<string, Bucket>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(
      'CREATE TABLE IF NOT EXISTS s3_buckets (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL, definition TEXT NOT NULL) WITHOUT ROWID;',
    );
    for (const row of kernel.store.all<{ createdAt: number; definition: string }>(
      'SELECT created_at AS createdAt, definition FROM s3_buckets ORDER BY name',
    )) {
      const definition = JSON.parse(row.definition) as BucketDefinition;
      this.#buckets.set(definition.name, { ...definition, createdAt: row.createdAt });
    }
  }

  /** Makes the bucket, or changes one that is there to the definition. Versioning that was on once is suspended, never unset. */
  put(definition: BucketDefinition): void {
    const before = this.#buckets.get(definition.name);
    if (before?.objectLock === true && !definition.objectLock)
      throw new S3Error('InvalidBucketState', `Object Lock of bucket ${definition.name} cannot be disabled once it is enabled.`, 409);
    const kept: BucketDefinition =
      definition.versioning === undefined && before?.versioning !== undefined ? { ...definition, versioning: 'Suspended' } : definition;
    const createdAt = before?.createdAt ?? this.#kernel.now();
    this.#buckets.set(kept.name, { ...kept, createdAt });
    this.#kernel.store.run(
      `INSERT INTO s3_buckets (name, created_at, definition) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET definition = excluded.definition`,
      kept.name,
      createdAt,
      JSON.stringify(kept),
    );
  }

  has(name: string): boolean {
    return this.#buckets.has(name);
  }

  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  /** In the order of their names. */
  all(): Bucket[] {
    return [...this.#buckets.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  delete(name: string): void {
    this.#buckets.delete(name);
    this.#kernel.store.run('DELETE FROM s3_buckets WHERE name = ?', name);
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}

export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}
