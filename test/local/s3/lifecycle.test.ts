import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnBucket, type CfnBucketProps } from 'aws-cdk-lib/aws-s3';
import { expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';
import { aWorld } from './world.ts';

const Bucket = 'papers';

function withRules(rules: CfnBucket.RuleProperty[], more: CfnBucketProps = {}): Record<string, CfnBucketProps> {
  return { [Bucket]: { ...more, lifecycleConfiguration: { rules } } };
}

async function keys(cloud: Cloud): Promise<unknown[]> {
  const { Contents } = await cloud.call<{ Contents: { Key: string }[] }>('s3', 'ListObjectsV2', { Bucket });
  return Contents.map(({ Key }) => Key);
}

async function history(cloud: Cloud): Promise<{ versions: number; markers: number }> {
  const answer = await cloud.call<Record<'Versions' | 'DeleteMarkers', unknown[]>>('s3', 'ListObjectVersions', { Bucket });
  return { versions: answer.Versions.length, markers: answer.DeleteMarkers.length };
}

const put = (cloud: Cloud, Key: string, Body = 'x') => cloud.call('s3', 'PutObject', { Bucket, Key, Body });
const enabled = { status: 'Enabled' };

it('objects go at the midnight after their days, those under the prefix only', async () => {
  // Prepare: the clock starts at one in the morning of the 2nd.
  const { cloud } = await aWorld(withRules([{ ...enabled, prefix: 'tmp/', expirationInDays: 3 }]));
  await put(cloud, 'tmp/1');
  await put(cloud, 'kept');
  await cloud.advanceTo('2026-03-03T23:00:00Z');
  await put(cloud, 'tmp/2');
  // Act and assess
  await cloud.advanceTo('2026-03-05T23:59:59Z');
  expect(await keys(cloud)).toEqual(['kept', 'tmp/1', 'tmp/2']);
  await cloud.advanceTo('2026-03-06T00:00:00Z');
  expect(await keys(cloud)).toEqual(['kept', 'tmp/2']);
  await cloud.advanceTo('2026-03-07T00:00:00Z');
  expect(await keys(cloud)).toEqual(['kept']);
  expect(cloud.kernel.nextTimerAt()).toBeUndefined();
  expect(cloud.kernel.failures()).toEqual([]);
  await cloud.close();
});

it('a bucket that keeps versions hides first, removes later, and takes the markers away at the end', async () => {
  const { cloud } = await aWorld(
    withRules([{ ...enabled, expirationInDays: 1, noncurrentVersionExpiration: { noncurrentDays: 2 } }], {
      versioningConfiguration: enabled,
    }),
  );
  await put(cloud, 'a', '1');
  await put(cloud, 'a', '2');
  await cloud.advanceTo('2026-03-04T00:00:00Z');
  expect(await keys(cloud)).toEqual([]);
  expect(await history(cloud)).toEqual({ versions: 2, markers: 1 });
  // The first version was superseded on the 2nd, the second on the 4th.
  await cloud.advanceTo('2026-03-05T00:00:00Z');
  expect(await history(cloud)).toEqual({ versions: 1, markers: 1 });
  await cloud.advanceTo('2026-03-07T00:00:00Z');
  expect((await history(cloud)).versions).toBe(0);
  await cloud.advanceTo('2026-03-09T00:00:00Z');
  expect(await history(cloud)).toEqual({ versions: 0, markers: 0 });
  expect(cloud.kernel.nextTimerAt()).toBeUndefined();
  await cloud.close();
});

it('the newest superseded versions stay where the rule says so', async () => {
  const { cloud } = await aWorld(
    withRules([{ ...enabled, noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 2 } }], {
      versioningConfiguration: enabled,
    }),
  );
  for (const body of ['1', '2', '3', '4', '5']) await put(cloud, 'a', body);
  await cloud.advance('P10D');
  expect(await history(cloud)).toEqual({ versions: 3, markers: 0 });
  await cloud.close();
});

it('a locked version outlives its rule, until the lock ends', async () => {
  // Prepare
  const { cloud } = await aWorld(
    withRules([{ ...enabled, noncurrentVersionExpiration: { noncurrentDays: 1 } }], { objectLockEnabled: true }),
  );
  const ContentMD5 = createHash('md5').update('x').digest('base64');
  const lock = { ContentMD5, ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: '2026-03-10T12:00:00Z' };
  await cloud.call('s3', 'PutObject', { Bucket, Key: 'a', Body: 'x', ...lock });
  await put(cloud, 'a', 'y');
  // Act and assess
  await cloud.advanceTo('2026-03-10T00:00:00Z');
  expect((await history(cloud)).versions).toBe(2);
  await cloud.advanceTo('2026-03-11T00:00:00Z');
  expect((await history(cloud)).versions).toBe(1);
  await cloud.close();
});

it('uploads in parts that were begun are given up at the midnight after their days, those under the prefix only', async () => {
  const rules = [{ ...enabled, prefix: 'tmp/', abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } }];
  const { cloud } = await aWorld(withRules(rules));
  const begin = (Key: string) =>
    cloud.call<{ InitiateMultipartUploadResult: { UploadId: string } }>('s3', 'CreateMultipartUpload', { Bucket, Key });
  const { UploadId } = (await begin('tmp/a')).InitiateMultipartUploadResult;
  await cloud.call('s3', 'UploadPart', { Bucket, Key: 'tmp/a', UploadId, PartNumber: 1, Body: 'x' });
  await begin('kept');
  const open = async () => {
    const { Upload } = await cloud.call<{ Upload: { Key: string }[] }>('s3', 'ListMultipartUploads', { Bucket });
    return Upload.map(({ Key }) => Key);
  };
  await cloud.advanceTo('2026-03-03T12:00:00Z');
  await begin('tmp/b');
  await cloud.advanceTo('2026-03-04T23:59:59Z');
  expect(await open()).toEqual(['kept', 'tmp/a', 'tmp/b']);
  await cloud.advanceTo('2026-03-05T00:00:00Z');
  expect(await open()).toEqual(['kept', 'tmp/b']);
  await expect(cloud.call('s3', 'UploadPart', { Bucket, Key: 'tmp/a', UploadId, PartNumber: 2, Body: 'x' })).rejects.toMatchObject({
    code: 'NoSuchUpload',
  });
  await cloud.advanceTo('2026-03-06T00:00:00Z');
  expect(await open()).toEqual(['kept']);
  expect(cloud.kernel.nextTimerAt()).toBeUndefined();
  await cloud.close();
});

it('a rule by tags takes objects that have all of them, once they have them', async () => {
  const tagFilters = [
    { key: 'kind', value: 'draft' },
    { key: 'a.b', value: '' },
  ];
  const { cloud } = await aWorld(withRules([{ ...enabled, expirationInDays: 1, tagFilters }]));
  const both = [
    { Key: 'kind', Value: 'draft' },
    { Key: 'a.b', Value: '' },
  ];
  const tag = (Key: string, TagSet: object[]) => cloud.call('s3', 'PutObjectTagging', { Bucket, Key, Tagging: { TagSet } });
  for (const Key of ['plain', 'half', 'late']) await put(cloud, Key);
  await cloud.call('s3', 'PutObject', { Bucket, Key: 'both', Body: 'x', Tagging: 'kind=draft&a.b=' });
  await tag('half', both.slice(1));
  await cloud.advanceTo('2026-03-07T12:00:00Z');
  expect(await keys(cloud)).toEqual(['half', 'late', 'plain']);
  await tag('late', both);
  await cloud.advanceTo('2026-03-07T23:59:59Z');
  expect(await keys(cloud)).toEqual(['half', 'late', 'plain']);
  await cloud.advanceTo('2026-03-08T00:00:00Z');
  expect(await keys(cloud)).toEqual(['half', 'plain']);
  await cloud.close();
});

it('what is to go is remembered across a restart, and so is what the bucket was', async () => {
  // Prepare
  const stateDir = mkdtempSync(join(tmpdir(), 'cloud-s3-'));
  const rules = withRules([{ ...enabled, expirationInDays: 1 }]);
  const first = await aWorld(rules, stateDir);
  await put(first.cloud, 'a');
  await first.cloud.close();
  // Act
  const second = await aWorld(rules, stateDir);
  const before = await keys(second.cloud);
  await second.cloud.advance('P2D');
  // Assess
  expect(before).toEqual(['a']);
  expect(await keys(second.cloud)).toEqual([]);
  await second.cloud.close();
});

it.each([
  { what: 'a property it would not honour', properties: { websiteConfiguration: {} }, said: 'property WebsiteConfiguration' },
  {
    what: 'a rule by tags that aborts uploads',
    properties: {
      lifecycleConfiguration: {
        rules: [{ ...enabled, tagFilters: [{ key: 'a', value: 'b' }], abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }],
      },
    },
    said: 'LifecycleConfiguration.Rules.0: a rule with TagFilters aborts no uploads',
  },
  {
    what: 'a retention without a lock',
    properties: { objectLockConfiguration: { objectLockEnabled: 'Enabled' } },
    said: 'ObjectLockConfiguration needs ObjectLockEnabled',
  },
  { what: 'a name that is none', properties: { bucketName: '192.168.0.1' }, said: 'BucketName 192.168.0.1 is not the name of a bucket' },
])('a template with $what is refused by name', async ({ properties, said }) => {
  const assembly = synthesize((app) => new CfnBucket(new Stack(app, 'App'), 'Files', properties));
  await expect(startCloud({ assembly, start: 0 })).rejects.toThrow(`Files (AWS::S3::Bucket): ${said}`);
});
