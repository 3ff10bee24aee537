import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { aWorld } from './world.ts';

/** Tags of objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */

const Bucket = 'tagged';
let cloud: Cloud;
let s3: S3Client;
beforeAll(async () => {
  ({ cloud, s3 } = await aWorld({ [Bucket]: { versioningConfiguration: { status: 'Enabled' } }, plain: {} }));
});
afterAll(() => cloud.close());

const put = (Key: string, Tagging?: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...(Tagging && { Tagging }) }));
const tag = (Key: string, ...TagSet: { Key: string; Value: string }[]) =>
  s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
const tagsOf = async (Key: string, VersionId?: string) =>
  (await s3.send(new GetObjectTaggingCommand({ Bucket, Key, ...(VersionId && { VersionId }) }))).TagSet;

describe('tags', () => {
  it('come with an object, are counted, replaced and taken away, each version its own', async () => {
    const { VersionId: first } = await put('a', 'kind=Mahnung+1&leer=&%C3%BC=%2F');
    expect(await tagsOf('a')).toEqual([
      { Key: 'kind', Value: 'Mahnung 1' },
      { Key: 'leer', Value: '' },
      { Key: 'ü', Value: '/' },
    ]);
    expect(await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }))).toMatchObject({ TagCount: 3 });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).toMatchObject({ TagCount: 3 });
    const { VersionId: second } = await put('a');
    expect(await tagsOf('a')).toEqual([]);
    expect(await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }))).not.toHaveProperty('TagCount');
    expect(await tag('a', { Key: 'n', Value: '' })).toMatchObject({ VersionId: second });
    expect(await tagsOf('a')).toEqual([{ Key: 'n', Value: '' }]);
    expect(await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'a', ...(first && { VersionId: first }) }))).toMatchObject({
      VersionId: first,
      $metadata: { httpStatusCode: 204 },
    });
    expect(await tagsOf('a', first)).toEqual([]);
    expect(await tagsOf('a')).toEqual([{ Key: 'n', Value: '' }]);
  });

  it('are copied with an object, unless the copy brings its own', async () => {
    await put('source', 'a=1');
    const copy = (Key: string, more: object) => s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, ...more }));
    await copy('same', { MetadataDirective: 'REPLACE' });
    await copy('own', { TaggingDirective: 'REPLACE', Tagging: 'b=2' });
    await copy('none', { TaggingDirective: 'REPLACE' });
    expect(await tagsOf('same')).toEqual([{ Key: 'a', Value: '1' }]);
    expect(await tagsOf('own')).toEqual([{ Key: 'b', Value: '2' }]);
    expect(await tagsOf('none')).toEqual([]);
  });

  it('come with an upload in parts, from its beginning', async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts', Tagging: 'a=1' }));
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber: 1, Body: 'x' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'parts', UploadId, MultipartUpload }));
    expect(await tagsOf('parts')).toEqual([{ Key: 'a', Value: '1' }]);
  });

  it('tell no version where a bucket keeps none', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'a', Body: 'x' }));
    expect(await s3.send(new GetObjectTaggingCommand({ Bucket: 'plain', Key: 'a' }))).not.toHaveProperty('VersionId');
  });

  it.each([
    [
      'two of a key',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      'InvalidTag',
      'same key',
    ],
    ['a key too long', [{ Key: 'k'.repeat(129), Value: '' }], 'InvalidTag', 'TagKey'],
    ['no key', [{ Key: '', Value: '' }], 'InvalidTag', 'TagKey'],
    ['a character that none may have', [{ Key: 'a#b', Value: '' }], 'InvalidTag', 'TagKey'],
    ['a value too long', [{ Key: 'a', Value: 'v'.repeat(257) }], 'InvalidTag', 'TagValue'],
    ['a name of AWS', [{ Key: 'aws:a', Value: '' }], 'InvalidTag', 'System tags'],
    ['more than ten', Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: '' })), 'BadRequest', 'greater than 10'],
  ])('are refused: %s', async (_, TagSet, name, message) => {
    await put('refused', 'kept=1');
    await expect(tag('refused', ...TagSet)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
    expect(await tagsOf('refused')).toEqual([{ Key: 'kept', Value: '1' }]);
  });

  it.each(['a=1&a=2', '=1', 'a%23=1', `a=${'v'.repeat(257)}`])('are refused with an object: %s', async (Tagging) => {
    await expect(put('unwritten', Tagging)).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'unwritten', Tagging }))).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
    await expect(tagsOf('unwritten')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('belong to no delete marker', async () => {
    await put('gone', 'a=1');
    const { VersionId } = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    await expect(tagsOf('gone')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(tagsOf('gone', VersionId)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
  });
});
