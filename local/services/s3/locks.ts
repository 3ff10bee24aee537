import type { JsonObject } from '../../kernel/kernel.ts';
import type { Bucket, LockMode } from './buckets.ts';
import { accessDenied, invalidArgument, invalidRequest, malformedXml, S3Error } from './errors.ts';
import { instantOf, oneOf, textOf } from './input.ts';
import type { Lock } from './versions.ts';

/** Object Lock: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */

const MODES: readonly LockMode[] = ['GOVERNANCE', 'COMPLIANCE'];
const SWITCH = ['ON', 'OFF'] as const;
const LOCKED = 'Access Denied because object protected by object lock.';

/** Throws where the version may not be removed yet. `bypass`: the caller asks to overrule governance, as every caller here may. */
export function assertRemovable(lock: Lock, now: number, bypass: boolean): void {
  if (isLocked(lock, now, bypass)) throw accessDenied(LOCKED);
}

export function isLocked(lock: Lock, now: number, bypass = false): boolean {
  return lock.legalHold === 'ON' || (isRetained(lock, now) && !(bypass && lock.mode === 'GOVERNANCE'));
}

function isRetained(lock: Lock, now: number): boolean {
  return lock.retainUntil !== undefined && lock.retainUntil > now;
}

/** The lock that a new version gets: what the request says, else the bucket's default. */
export function lockOfNew(bucket: Bucket, input: JsonObject, now: number): Lock {
  const mode = oneOf(input, 'ObjectLockMode', MODES);
  const retainUntil = instantOf(input, 'ObjectLockRetainUntilDate');
  const legalHold = oneOf(input, 'ObjectLockLegalHoldStatus', SWITCH);
  if (!bucket.objectLock && (mode !== undefined || retainUntil !== undefined || legalHold !== undefined)) throw missingConfiguration();
  if ((mode === undefined) !== (retainUntil === undefined))
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? 'x-amz-object-lock-mode' : 'x-amz-object-lock-retain-until-date',
      '',
    );
  if (retainUntil !== undefined) assertFuture(retainUntil, now);
  const retention = mode !== undefined && retainUntil !== undefined ? { mode, retainUntil } : defaultRetention(bucket, now);
  return { ...retention, ...(legalHold !== undefined && { legalHold }) };
}

function defaultRetention(bucket: Bucket, now: number): Lock {
  const { defaultRetention: retention } = bucket;
  if (retention === undefined) return {};
  const until = new Date(now);
  if (retention.years !== undefined) until.setUTCFullYear(until.getUTCFullYear() + retention.years);
  else until.setUTCDate(until.getUTCDate() + (retention.days ?? 0));
  return { mode: retention.mode, retainUntil: until.getTime() };
}

/** The lock after `PutObjectRetention`. An empty retention takes one away, where governance may be overruled. */
export function withRetention(bucket: Bucket, current: Lock, wanted: JsonObject, now: number, bypass: boolean): Lock {
  if (!bucket.objectLock) throw missingConfiguration();
  const mode = oneOf(wanted, 'Mode', MODES);
  const retainUntil = instantOf(wanted, 'RetainUntilDate');
  if ((mode === undefined) !== (retainUntil === undefined)) throw malformedXml();
  if (retainUntil !== undefined) assertFuture(retainUntil, now);
  const weaker = mode !== current.mode || retainUntil === undefined || retainUntil < (current.retainUntil ?? 0);
  if (isRetained(current, now) && weaker && !(bypass && current.mode === 'GOVERNANCE')) throw accessDenied(LOCKED);
  return {
    ...(mode !== undefined && { mode }),
    ...(retainUntil !== undefined && { retainUntil }),
    ...(current.legalHold !== undefined && { legalHold: current.legalHold }),
  };
}

export function withLegalHold(bucket: Bucket, current: Lock, wanted: JsonObject): Lock {
  if (!bucket.objectLock) throw missingConfiguration();
  const legalHold = oneOf(wanted, 'Status', SWITCH);
  if (legalHold === undefined) throw malformedXml();
  return { ...current, legalHold };
}

/** What `GetObjectRetention` answers. */
export function retentionOf(bucket: Bucket, lock: Lock): JsonObject {
  if (!bucket.objectLock) throw missingConfiguration();
  if (lock.mode === undefined || lock.retainUntil === undefined) throw noSuchConfiguration();
  return { Retention: { Mode: lock.mode, RetainUntilDate: new Date(lock.retainUntil) } };
}

/** What `GetObjectLegalHold` answers. */
export function legalHoldOf(bucket: Bucket, lock: Lock): JsonObject {
  if (!bucket.objectLock) throw missingConfiguration();
  if (lock.legalHold === undefined) throw noSuchConfiguration();
  return { LegalHold: { Status: lock.legalHold } };
}

/** The members that show a lock with an object. */
export function lockMembers(lock: Lock): JsonObject {
  return {
    ObjectLockMode: lock.mode,
    ObjectLockRetainUntilDate: lock.retainUntil === undefined ? undefined : new Date(lock.retainUntil),
    ObjectLockLegalHoldStatus: lock.legalHold,
  };
}

/** What `GetObjectLockConfiguration` answers. */
export function lockConfiguration({ objectLock, defaultRetention: retention, name }: Bucket): JsonObject {
  if (!objectLock)
    throw new S3Error('ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket', 404, {
      BucketName: name,
    });
  const DefaultRetention = retention && { Mode: retention.mode, Days: retention.days, Years: retention.years };
  return { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...(DefaultRetention && { Rule: { DefaultRetention } }) } };
}

/** S3 takes no locked object unless it can tell that it arrived whole. */
export function assertDigestForLock(input: JsonObject, lock: Lock, hasChecksum: boolean): void {
  if (lock.mode === undefined && lock.legalHold === undefined) return;
  if (!hasChecksum && textOf(input, 'ContentMD5') === undefined)
    throw invalidRequest('Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters');
}

function assertFuture(retainUntil: number, now: number): void {
  if (retainUntil <= now)
    throw invalidArgument('The retain until date must be in the future!', 'RetainUntilDate', new Date(retainUntil).toISOString());
}

function missingConfiguration(): S3Error {
  return invalidRequest('Bucket is missing Object Lock Configuration');
}

function noSuchConfiguration(): S3Error {
  return new S3Error('NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration', 404);
}
