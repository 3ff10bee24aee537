import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { aWorld } from './world.ts';

const Bucket = 'papers';
let cloud: Cloud;
let s3: S3Client;
beforeAll(async () => {
  ({ cloud, s3 } = await aWorld({
    [Bucket]: {},
    secret: {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          { bucketKeyEnabled: true, serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: 'alias/papers' } },
        ],
      },
    },
  }));
});
afterAll(() => cloud.close());

async function text(Key: string, more: object = {}): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
}

describe('an object', () => {
  it('comes back with its bytes, headers, metadata, tag and checksum', async () => {
    // Prepare
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    const Key = 'letters/2026/a b+ü&"<.pdf';
    // Act
    const put = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: bytes,
        ContentType: 'application/pdf',
        ContentDisposition: 'attachment',
        CacheControl: 'no-store',
        Metadata: { Author: 'me', case: '7' },
      }),
    );
    const got = await s3.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    // Assess
    const ETag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    expect(put).toMatchObject({ ETag, ChecksumCRC32: expect.any(String), ServerSideEncryption: 'AES256' });
    expect(got).toMatchObject({
      ETag,
      ContentLength: 5,
      ContentType: 'application/pdf',
      ContentDisposition: 'attachment',
      CacheControl: 'no-store',
      Metadata: { author: 'me', case: '7' },
      ChecksumCRC32: put.ChecksumCRC32,
      ChecksumType: 'FULL_OBJECT',
      LastModified: new Date('2026-03-02T01:00:00Z'),
      ServerSideEncryption: 'AES256',
    });
    expect(got.VersionId).toBeUndefined();
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(bytes);
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ETag, ContentLength: 5, Metadata: { case: '7' } });
  });

  it('may be empty, or come as a stream whose checksum follows it', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: '' }));
    const first = 'one '.repeat(2048);
    const Body = Readable.from([Buffer.from(first), Buffer.from('two')]);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'streamed', Body, ContentLength: 8195, ContentEncoding: 'identity' }));
    expect(await text('empty')).toBe('');
    expect(await text('streamed')).toBe(`${first}two`);
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'streamed' }))).toMatchObject({ ContentEncoding: 'identity' });
  });

  it('that comes as a stream of small pieces is refused, as on AWS', async () => {
    const Body = Readable.from([Buffer.from('one '), Buffer.from('two')]);
    const sending = s3.send(new PutObjectCommand({ Bucket, Key: 'pieces', Body, ContentLength: 7 }));
    await expect(sending).rejects.toMatchObject({ name: 'InvalidChunkSizeError', Chunk: '2', BadChunkSize: '4' });
  });

  it.each([
    { Range: 'bytes=2-4', part: 'cde', ContentRange: 'bytes 2-4/10' },
    { Range: 'bytes=7-', part: 'hij', ContentRange: 'bytes 7-9/10' },
    { Range: 'bytes=-2', part: 'ij', ContentRange: 'bytes 8-9/10' },
    { Range: 'bytes=0-99', part: 'abcdefghij', ContentRange: 'bytes 0-9/10' },
    { Range: 'bytes=4-2', part: 'abcdefghij', ContentRange: undefined },
    { Range: 'lines=1-2', part: 'abcdefghij', ContentRange: undefined },
  ])('answers $Range with $part', async ({ Range, part, ContentRange }) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'range', Body: 'abcdefghij' }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'range', Range }));
    expect(got.ContentRange).toBe(ContentRange);
    expect(got.$metadata.httpStatusCode).toBe(ContentRange === undefined ? 200 : 206);
    expect(await got.Body?.transformToString()).toBe(part);
  });

  it('has no bytes beyond its end', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'short', Body: 'ab' }));
    await expect(text('short', { Range: 'bytes=2-' })).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  });

  it('is deleted, once or again, and is not there then', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
    for (let round = 0; round < 2; round += 1) await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    await expect(text('gone')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'gone' }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('is deleted with others, each answered for', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'many/1', Body: 'x' }));
    const Objects = [{ Key: 'many/1' }, { Key: 'many/<none>' }];
    expect((await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))).Deleted).toEqual(Objects);
    expect((await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))).Deleted).toBeUndefined();
  });

  it('is copied with what describes it, or with something new', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'from here', Body: 'x', ContentType: 'text/plain', Metadata: { a: '1' } }));
    const CopySource = `${Bucket}/${encodeURIComponent('from here')}`;
    const { CopyObjectResult } = await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }));
    expect(CopyObjectResult).toMatchObject({ ETag: expect.any(String), LastModified: new Date('2026-03-02T01:00:00Z') });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource, MetadataDirective: 'REPLACE', Metadata: { b: '2' } }));
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).Metadata).toEqual({ b: '2' });
    const onto = new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/to` });
    await expect(s3.send(onto)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('is shown as encrypted the way its bucket says, with a tag that is no digest', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'secret', Key: 'k', Body: 'x' }));
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'secret', Key: 'k' }));
    expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/papers', BucketKeyEnabled: true });
    expect(head.ETag).not.toBe(`"${createHash('md5').update('x').digest('hex')}"`);
  });
});

describe('conditions', () => {
  it('let one of two writers create an object', async () => {
    const put = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' }));
    await put('first');
    await expect(put('second')).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    expect(await text('once')).toBe('first');
  });

  it('let a writer replace only what it has read', async () => {
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'cas', Body: '1' }));
    const replace = (Body: string, Key = 'cas') => s3.send(new PutObjectCommand({ Bucket, Key, Body, IfMatch: ETag }));
    await replace('2');
    await expect(replace('3')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(replace('3', 'cas-none')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('spare a reader what it has', async () => {
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'cached', Body: '1' }));
    await expect(text('cached', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(text('cached', { IfModifiedSince: new Date(cloud.now()) })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(text('cached', { IfMatch: '"other"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    expect(await text('cached', { IfMatch: ETag, IfUnmodifiedSince: new Date(0) })).toBe('1');
  });
});

describe('buckets', () => {
  it('are listed, found and placed', async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map((bucket) => bucket.Name)).toEqual(['papers', 'secret']);
    expect(await s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' });
    expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint ?? '').toBe('');
  });

  it('are made by a client, and taken away when empty', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'of-a-client' }));
    await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await s3.send(new PutObjectCommand({ Bucket: 'of-a-client', Key: 'x', Body: 'x' }));
    await expect(s3.send(new DeleteBucketCommand({ Bucket: 'of-a-client' }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await s3.send(new DeleteObjectCommand({ Bucket: 'of-a-client', Key: 'x' }));
    await s3.send(new DeleteBucketCommand({ Bucket: 'of-a-client' }));
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'of-a-client' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });
});

describe('what S3 refuses', () => {
  it.each([
    { what: 'a bucket that is not there', input: { Bucket: 'nowhere' }, name: 'NoSuchBucket' },
    { what: 'a key too long', input: { Key: 'k'.repeat(1025) }, name: 'KeyTooLongError' },
    { what: 'metadata too large', input: { Metadata: { a: 'x'.repeat(2048) } }, name: 'MetadataTooLarge' },
    { what: 'a wrong digest', input: { ContentMD5: createHash('md5').update('other').digest('base64') }, name: 'BadDigest' },
    { what: 'a wrong checksum', input: { ChecksumSHA256: createHash('sha256').update('other').digest('base64') }, name: 'BadDigest' },
    { what: 'a lock where there is none', input: { ObjectLockLegalHoldStatus: 'ON' as const }, name: 'InvalidRequest' },
    { what: 'public access', input: { ACL: 'public-read' as const }, name: 'AccessControlListNotSupported' },
    { what: 'another owner', input: { ExpectedBucketOwner: '123456789012' }, name: 'AccessDenied' },
    { what: 'a key of KMS without KMS', input: { SSEKMSKeyId: 'k' }, name: 'InvalidArgument' },
  ])('$what', async ({ input, name }) => {
    const sending = s3.send(new PutObjectCommand({ Bucket, Key: 'refused', Body: 'x', ...input }));
    await expect(sending).rejects.toMatchObject({ name });
    await expect(text('refused')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('more than one checksum', async () => {
    const sha = (name: string) => createHash(name).update('x').digest('base64');
    const given = { Bucket, Key: 'refused', Body: 'x', ChecksumSHA1: sha('sha1'), ChecksumSHA256: sha('sha256') };
    await expect(s3.send(new PutObjectCommand(given))).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    });
  });

  it('an object too large for it', async () => {
    const Body = Buffer.alloc(64 * 1024 * 1024 + 1);
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body }))).rejects.toMatchObject({ name: 'EntityTooLarge' });
  });

  it('an operation it does not have, by name', async () => {
    const asking = s3.send(new GetObjectAclCommand({ Bucket, Key: 'once' }));
    await expect(asking).rejects.toMatchObject({ name: 'NotImplemented', message: expect.stringContaining('acl') });
    await expect(cloud.call('s3', 'PutBucketPolicy', { Bucket })).rejects.toMatchObject({ code: 'NotImplemented' });
    await expect(cloud.call('s3', 'HeadObject', { Bucket, Key: 'x', PartNumber: 1 })).rejects.toThrow('PartNumber in HeadObject');
  });
});
