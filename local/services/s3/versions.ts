import type { SQLInputValue } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import type { Encryption, LockMode } from './buckets.ts';
import type { Checksum } from './checksums.ts';
import type { Tags } from './tags.ts';

/** What is kept of an object besides its bytes and its lock. */
export interface ObjectAttributes {
  /** `ContentType` and the like, by the names of the members. */
  readonly content: Readonly<Record<string, string>>;
  /** The user's own metadata, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
  readonly encryption: Encryption;
  readonly storageClass: string;
  readonly tags?: Tags;
}

export interface Lock {
  readonly mode?: LockMode;
  /** Milliseconds since the epoch. */
  readonly retainUntil?: number;
  readonly legalHold?: 'ON' | 'OFF';
}

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly id: number;
  readonly bucket: string;
  readonly key: string;
  /** `null` (as text) where the bucket kept no versions when it was written. */
  readonly version: string;
  readonly latest: boolean;
  readonly marker: boolean;
  readonly at: number;
  /** When a newer version took its place. */
  readonly supersededAt?: number;
  readonly size: number;
  /** Without quotation marks. */
  readonly etag: string;
  readonly attributes: ObjectAttributes;
  readonly lock: Lock;
}

interface VersionRow {
  readonly id: number;
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly latest: number;
  readonly marker: number;
  readonly at: number;
  readonly supersededAt: number | null;
  readonly size: number;
  readonly etag: string;
  readonly attributes: string;
  readonly lockMode: LockMode | null;
  readonly retainUntil: number | null;
  readonly legalHold: 'ON' | 'OFF' | null;
}

/** A version to write. */
export interface NewVersion {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly marker: boolean;
  readonly at: number;
  readonly etag: string;
  readonly attributes: ObjectAttributes;
  readonly lock: Lock;
  readonly body: Uint8Array;
}

const COLUMNS = `id, bucket, key, version, latest, marker, at, superseded_at AS supersededAt, size, etag, attributes, lock_mode AS lockMode,
  retain_until AS retainUntil, legal_hold AS legalHold`;

/** The versions of all objects: one row each, the bytes in its last column, so that reading a list does not touch them. */
export class Versions {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS s3_versions (id INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, key TEXT NOT NULL,
        version TEXT NOT NULL, latest INTEGER NOT NULL, marker INTEGER NOT NULL, at INTEGER NOT NULL, superseded_at INTEGER,
        size INTEGER NOT NULL, etag TEXT NOT NULL, attributes TEXT NOT NULL, lock_mode TEXT, retain_until INTEGER, legal_hold TEXT,
        body BLOB NOT NULL);
      CREATE UNIQUE INDEX IF NOT EXISTS s3_versions_latest ON s3_versions (bucket, key) WHERE latest = 1;
      CREATE UNIQUE INDEX IF NOT EXISTS s3_versions_by_version ON s3_versions (bucket, key, version);
      CREATE INDEX IF NOT EXISTS s3_versions_by_key ON s3_versions (bucket, key, id);`);
  }

  /** The current version, be it a delete marker. */
  latest(bucket: string, key: string): ObjectVersion | undefined {
    return this.#one('bucket = ? AND key = ? AND latest = 1', bucket, key);
  }

  find(bucket: string, key: string, version: string): ObjectVersion | undefined {
    return this.#one('bucket = ? AND key = ? AND version = ?', bucket, key, version);
  }

  body(id: number): Buffer {
    const bytes = this.#store.get<{ body: Uint8Array }>('SELECT body FROM s3_versions WHERE id = ?', id)?.body ?? new Uint8Array();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Writes a version as the current one; an earlier version of the same identifier (`null`) is replaced. */
  insert(version: NewVersion): void {
    const { bucket, key, at, lock } = version;
    this.#store.run('DELETE FROM s3_versions WHERE bucket = ? AND key = ? AND version = ?', bucket, key, version.version);
    this.#store.run('UPDATE s3_versions SET latest = 0, superseded_at = ? WHERE bucket = ? AND key = ? AND latest = 1', at, bucket, key);
    this.#store.run(
      `INSERT INTO s3_versions (bucket, key, version, latest, marker, at, size, etag, attributes, lock_mode, retain_until, legal_hold, body)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      bucket,
      key,
      version.version,
      version.marker ? 1 : 0,
      at,
      version.body.byteLength,
      version.etag,
      JSON.stringify(version.attributes),
      lock.mode ?? null,
      lock.retainUntil ?? null,
      lock.legalHold ?? null,
      version.body,
    );
  }

  /** Removes a version for good; the newest of the others becomes the current one. */
  remove({ id, bucket, key, latest }: ObjectVersion): void {
    this.#store.run('DELETE FROM s3_versions WHERE id = ?', id);
    if (latest)
      this.#store.run(
        `UPDATE s3_versions SET latest = 1, superseded_at = NULL
         WHERE id = (SELECT id FROM s3_versions WHERE bucket = ? AND key = ? ORDER BY id DESC LIMIT 1)`,
        bucket,
        key,
      );
  }

  setLock(id: number, lock: Lock): void {
    this.#store.run(
      'UPDATE s3_versions SET lock_mode = ?, retain_until = ?, legal_hold = ? WHERE id = ?',
      lock.mode ?? null,
      lock.retainUntil ?? null,
      lock.legalHold ?? null,
      id,
    );
  }

  setAttributes(id: number, attributes: ObjectAttributes): void {
    this.#store.run('UPDATE s3_versions SET attributes = ? WHERE id = ?', JSON.stringify(attributes), id);
  }

  isEmpty(bucket: string): boolean {
    return this.#store.get('SELECT id FROM s3_versions WHERE bucket = ? LIMIT 1', bucket) === undefined;
  }

  /** Objects (not delete markers) after a key, in the order of the keys' UTF-8 bytes. */
  current(bucket: string, prefix: string, after: string, limit: number): ObjectVersion[] {
    return this.#many(
      'bucket = ? AND latest = 1 AND marker = 0 AND key > ? AND key >= ? AND key <= ? ORDER BY key LIMIT ?',
      bucket,
      after,
      prefix,
      prefix + HIGHEST,
      limit,
    );
  }

  /** All versions and delete markers after a key and, of that key, below an id; keys in order, of each the newest first. */
  history(bucket: string, prefix: string, after: { key: string; below: number }, limit: number): ObjectVersion[] {
    return this.#many(
      'bucket = ? AND (key > ? OR (key = ? AND id < ?)) AND key >= ? AND key <= ? ORDER BY key, id DESC LIMIT ?',
      bucket,
      after.key,
      after.key,
      after.below,
      prefix,
      prefix + HIGHEST,
      limit,
    );
  }

  #one(condition: string, ...parameters: SQLInputValue[]): ObjectVersion | undefined {
    return this.#many(condition, ...parameters)[0];
  }

  #many(condition: string, ...parameters: SQLInputValue[]): ObjectVersion[] {
    return this.#store.all<VersionRow>(`SELECT ${COLUMNS} FROM s3_versions WHERE ${condition}`, ...parameters).map(versionOf);
  }
}

/** Comes after every key that continues a prefix: a key has at most 1024 bytes, and each of these characters has four. */
export const HIGHEST = '\u{10ffff}'.repeat(256);

function versionOf(row: VersionRow): ObjectVersion {
  return {
    id: row.id,
    bucket: row.bucket,
    key: row.key,
    version: row.version,
    latest: row.latest === 1,
    marker: row.marker === 1,
    at: row.at,
    ...(row.supersededAt !== null && { supersededAt: row.supersededAt }),
    size: row.size,
    etag: row.etag,
    attributes: JSON.parse(row.attributes) as ObjectAttributes,
    lock: {
      ...(row.lockMode !== null && { mode: row.lockMode }),
      ...(row.retainUntil !== null && { retainUntil: row.retainUntil }),
      ...(row.legalHold !== null && { legalHold: row.legalHold }),
    },
  };
}
