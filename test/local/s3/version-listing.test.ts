import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { aWorld } from './world.ts';

const Bucket = 'kept-versions';
let cloud: Cloud;
let s3: S3Client;
beforeAll(async () => {
  const versioningConfiguration = { status: 'Enabled' };
  ({ cloud, s3 } = await aWorld({ [Bucket]: { versioningConfiguration }, emptied: { versioningConfiguration }, other: {} }));
});
afterAll(() => cloud.close());

async function* pages(input: { Bucket: string; Delimiter?: string; Prefix?: string; MaxKeys: number }) {
  let marker: Pick<ListObjectVersionsCommandOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> = {};
  for (;;) {
    const page = await s3.send(
      new ListObjectVersionsCommand({ ...input, KeyMarker: marker.NextKeyMarker, VersionIdMarker: marker.NextVersionIdMarker }),
    );
    yield page;
    if (page.IsTruncated !== true) return;
    marker = page;
  }
}

describe('a list of versions', () => {
  it.each([1, 2, 3, 100])('groups by a delimiter, in pages of %i', async (MaxKeys) => {
    for (const Key of ['a', 'd/1', 'd/2', 'd/2', 'e/1', 'f', 'f']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'e/1' }));
    const whole = (await pages({ Bucket, MaxKeys: 1000 }).next()).value as ListObjectVersionsCommandOutput;
    const [seen, prefixes]: [unknown[], unknown[]] = [[], []];
    for await (const { Versions = [], CommonPrefixes = [], DeleteMarkers } of pages({ Bucket, Delimiter: '/', MaxKeys })) {
      expect(Versions.length + CommonPrefixes.length).toBeLessThanOrEqual(MaxKeys);
      expect(DeleteMarkers ?? []).toEqual([]);
      seen.push(...Versions.map(({ VersionId }) => VersionId));
      prefixes.push(...CommonPrefixes.map(({ Prefix }) => Prefix));
    }
    expect(prefixes).toEqual(['d/', 'e/']);
    expect(seen).toEqual(whole.Versions?.filter(({ Key }) => !Key?.includes('/')).map(({ VersionId }) => VersionId));
  });

  it('goes on behind a version that was removed since, as whoever empties a bucket needs', async () => {
    for (let version = 0; version < 5; version += 1)
      await s3.send(new PutObjectCommand({ Bucket: 'emptied', Key: 'a', Body: String(version) }));
    let removed = 0;
    for await (const { Versions = [] } of pages({ Bucket: 'emptied', MaxKeys: 2 })) {
      const Objects = Versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
      removed += (await s3.send(new DeleteObjectsCommand({ Bucket: 'emptied', Delete: { Objects } }))).Deleted?.length ?? 0;
    }
    expect(removed).toBe(5);
  });

  it('begins behind no version of no key', async () => {
    const asking = s3.send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker: 'a'.repeat(32) }));
    await expect(asking).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('a list of buckets', () => {
  it('comes in pages, by prefix and Region', async () => {
    const first = await s3.send(new ListBucketsCommand({ MaxBuckets: 2 }));
    expect(first.Buckets?.map(({ Name }) => Name)).toEqual(['emptied', Bucket]);
    const { ContinuationToken } = first;
    expect(await s3.send(new ListBucketsCommand({ MaxBuckets: 2, ContinuationToken }))).toMatchObject({ Buckets: [{ Name: 'other' }] });
    expect((await s3.send(new ListBucketsCommand({ Prefix: 'em' }))).Buckets?.map(({ Name }) => Name)).toEqual(['emptied']);
    expect((await s3.send(new ListBucketsCommand({ BucketRegion: 'eu-west-1' }))).Buckets).toEqual([]);
  });
});
