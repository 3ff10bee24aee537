import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ObjectLockRetentionMode,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { aWorld } from './world.ts';

let cloud: Cloud;
let s3: S3Client;
beforeAll(async () => {
  ({ cloud, s3 } = await aWorld({
    kept: { versioningConfiguration: { status: 'Enabled' } },
    suspended: { versioningConfiguration: { status: 'Suspended' } },
    locked: { objectLockEnabled: true },
    archive: {
      objectLockEnabled: true,
      objectLockConfiguration: { objectLockEnabled: 'Enabled', rule: { defaultRetention: { mode: 'COMPLIANCE', days: 30 } } },
    },
  }));
});
afterAll(() => cloud.close());

async function put(Bucket: string, Key: string, Body: string, more: object = {}): Promise<string> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))).VersionId ?? '';
}

async function text(Bucket: string, Key: string, VersionId?: string): Promise<string | undefined> {
  return (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
}

function days(count: number): Date {
  return new Date(cloud.now() + count * 86_400_000);
}

describe('a bucket that keeps versions', () => {
  const Bucket = 'kept';

  it('keeps what was overwritten and what was deleted', async () => {
    // Act
    const first = await put(Bucket, 'doc', '1');
    const second = await put(Bucket, 'doc', '2');
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'doc' }));
    // Assess
    expect(new Set([first, second, deleted.VersionId]).size).toBe(3);
    expect(deleted.DeleteMarker).toBe(true);
    await expect(text(Bucket, 'doc')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await text(Bucket, 'doc', first)).toBe('1');
    expect(await text(Bucket, 'doc', second)).toBe('2');
    await expect(text(Bucket, 'doc', deleted.VersionId)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    await expect(text(Bucket, 'doc', 'f'.repeat(32))).rejects.toMatchObject({ name: 'NoSuchVersion' });
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'doc' }))).KeyCount).toBe(0);
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'doc' }));
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: deleted.VersionId, IsLatest: true }]);
    expect(listed.Versions).toMatchObject([
      { VersionId: second, IsLatest: false },
      { VersionId: first, IsLatest: false },
    ]);
  });

  it('brings back what lay under a version that is removed', async () => {
    await put(Bucket, 'back', '1');
    const second = await put(Bucket, 'back', '2');
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'back' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'back', VersionId: marker.VersionId }));
    expect(await text(Bucket, 'back')).toBe('2');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'back', VersionId: second }));
    expect(await text(Bucket, 'back')).toBe('1');
  });

  it('lists versions page by page, the newest of a key first', async () => {
    const versions = [await put(Bucket, 'p/1', 'a'), await put(Bucket, 'p/1', 'b'), await put(Bucket, 'p/2', 'c')];
    const listed: (string | undefined)[] = [];
    let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (let page = 0; page < 3; page += 1) {
      const answer = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'p/', MaxKeys: 1, ...marker }));
      listed.push(...(answer.Versions ?? []).map(({ VersionId }) => VersionId));
      expect(answer.IsTruncated).toBe(page < 2);
      marker = { KeyMarker: answer.NextKeyMarker ?? '', VersionIdMarker: answer.NextVersionIdMarker ?? '' };
    }
    expect(listed).toEqual([versions[1], versions[0], versions[2]]);
  });

  it('says so; one that was suspended has a single version called null', async () => {
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    expect(await put('suspended', 'n', '1')).toBe('null');
    expect(await put('suspended', 'n', '2')).toBe('null');
    expect((await s3.send(new ListObjectVersionsCommand({ Bucket: 'suspended' }))).Versions).toHaveLength(1);
  });
});

describe('a retention', () => {
  const Bucket = 'locked';

  async function retained(Key: string, mode: ObjectLockRetentionMode, length = 10): Promise<string> {
    return put(Bucket, Key, 'x', { ObjectLockMode: mode, ObjectLockRetainUntilDate: days(length) });
  }
  const remove = (Key: string, VersionId: string, BypassGovernanceRetention = false) =>
    s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention }));
  const retain = (Key: string, Mode: ObjectLockRetentionMode, length: number, BypassGovernanceRetention = false) =>
    s3.send(new PutObjectRetentionCommand({ Bucket, Key, BypassGovernanceRetention, Retention: { Mode, RetainUntilDate: days(length) } }));

  it('protects the version, and not the key', async () => {
    const version = await retained('doc', 'GOVERNANCE');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'doc' }));
    await expect(remove('doc', version)).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    expect(await text(Bucket, 'doc', version)).toBe('x');
    const many = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'doc', VersionId: version }] } }));
    expect(many.Errors).toMatchObject([{ Key: 'doc', VersionId: version, Code: 'AccessDenied' }]);
  });

  it('ends on its day', async () => {
    const version = await retained('ends', 'COMPLIANCE', 2);
    await cloud.advance(2 * 86_400_000 - 1);
    await expect(remove('ends', version)).rejects.toMatchObject({ name: 'AccessDenied' });
    await cloud.advance(1);
    await remove('ends', version);
    await expect(text(Bucket, 'ends')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('of governance can be overruled, of compliance not', async () => {
    const [governed, compliant] = [await retained('g', 'GOVERNANCE'), await retained('c', 'COMPLIANCE')];
    await expect(retain('g', 'GOVERNANCE', 5)).rejects.toMatchObject({ name: 'AccessDenied' });
    await retain('g', 'GOVERNANCE', 5, true);
    await remove('g', governed, true);
    await expect(retain('c', 'COMPLIANCE', 5, true)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(retain('c', 'GOVERNANCE', 50, true)).rejects.toMatchObject({ name: 'AccessDenied' });
    await retain('c', 'COMPLIANCE', 50);
    await expect(remove('c', compliant, true)).rejects.toMatchObject({ name: 'AccessDenied' });
    const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key: 'c' }));
    expect(Retention).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: days(50) });
  });

  it('comes from the bucket where the writer names none', async () => {
    await put('archive', 'doc', 'x');
    expect(await s3.send(new HeadObjectCommand({ Bucket: 'archive', Key: 'doc' }))).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: days(30),
    });
    expect((await s3.send(new GetObjectLockConfigurationCommand({ Bucket: 'archive' }))).ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } },
    });
    await expect(s3.send(new GetObjectLockConfigurationCommand({ Bucket: 'kept' }))).rejects.toMatchObject({
      name: 'ObjectLockConfigurationNotFoundError',
    });
  });

  it('is asked for whole, in the future, and with a digest', async () => {
    await expect(put(Bucket, 'bad', 'x', { ObjectLockMode: 'GOVERNANCE' })).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(retained('bad', 'GOVERNANCE', -1)).rejects.toThrow('The retain until date must be in the future!');
    const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: days(1) };
    await expect(cloud.call('s3', 'PutObject', { Bucket, Key: 'bad', Body: 'x', ...lock })).rejects.toThrow(
      'Content-MD5 OR x-amz-checksum-',
    );
  });
});

it('a legal hold protects a version until it is lifted', async () => {
  const Bucket = 'locked';
  const VersionId = await put(Bucket, 'held', 'x', { ObjectLockLegalHoldStatus: 'ON' });
  const remove = () => s3.send(new DeleteObjectCommand({ Bucket, Key: 'held', VersionId, BypassGovernanceRetention: true }));
  await expect(remove()).rejects.toMatchObject({ name: 'AccessDenied' });
  expect((await s3.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'held' }))).LegalHold).toEqual({ Status: 'ON' });
  await s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'held', LegalHold: { Status: 'OFF' } }));
  await remove();
  await expect(text(Bucket, 'held')).rejects.toMatchObject({ name: 'NoSuchKey' });
});
