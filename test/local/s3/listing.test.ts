import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { aWorld } from './world.ts';

const Bucket = 'papers';
/** In the order of their UTF-8 bytes, which is not the order of JavaScript's comparison. */
const KEYS = ['a', 'a/1', 'a/2', 'a/b/3', 'a0', 'b/1', 'c', 'z&<>', 'z\uffee', 'z\u{1f600}'];

let cloud: Cloud;
let s3: S3Client;
beforeAll(async () => {
  ({ cloud, s3 } = await aWorld({ [Bucket]: {} }));
  for (const Key of KEYS.toReversed()) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => cloud.close());

function names({ Contents = [], CommonPrefixes = [] }: ListObjectsV2CommandOutput): (string | undefined)[] {
  return [...Contents.map((object) => object.Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)];
}

describe('a list of objects', () => {
  it('holds every key in the order of its bytes, with what is known of it', async () => {
    const listed = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(names(listed)).toEqual(KEYS);
    expect(listed).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false, MaxKeys: 1000 });
    expect(listed.Contents?.[1]).toMatchObject({ Size: 3, StorageClass: 'STANDARD', LastModified: new Date('2026-03-02T01:00:00Z') });
  });

  it.each([
    { Prefix: 'a', expected: ['a', 'a/1', 'a/2', 'a/b/3', 'a0'] },
    { Prefix: 'a', Delimiter: '/', expected: ['a', 'a0', 'a/'] },
    { Prefix: 'a/', Delimiter: '/', expected: ['a/1', 'a/2', 'a/b/'] },
    { Delimiter: '/', StartAfter: 'a0', expected: ['c', 'z&<>', 'z\uffee', 'z\u{1f600}', 'b/'] },
    { Prefix: 'none', expected: [] },
    { Prefix: 'z', EncodingType: 'url' as const, expected: ['z%26%3C%3E', 'z%EF%BF%AE', 'z%F0%9F%98%80'] },
  ])('with $Prefix, $Delimiter: $expected', async ({ expected, ...input }) => {
    expect(names(await s3.send(new ListObjectsV2Command({ Bucket, ...input })))).toEqual(expected);
  });

  it.each([{ Delimiter: '/' }, { Delimiter: undefined }, { Prefix: 'a', Delimiter: '/' }])(
    'page by page is the same list: %j',
    async (input) => {
      // Prepare
      const whole = names(await s3.send(new ListObjectsV2Command({ Bucket, ...input })));
      // Act
      const paged: (string | undefined)[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket, ...input, MaxKeys: 1, ContinuationToken }));
        expect(page.KeyCount).toBe(1);
        paged.push(...names(page));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      // Assess
      expect(paged.toSorted()).toEqual(whole.toSorted());
    },
  );

  it('of the first version is paged by the key', async () => {
    const first = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'a/1' });
    const second = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Marker: first.NextMarker }));
    expect(second.Contents?.map((object) => object.Key)).toEqual(['a/2', 'a/b/3']);
  });

  it('refuses a token it did not hand out, and a page size that is none', async () => {
    await expect(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '?' }))).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 }))).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});
