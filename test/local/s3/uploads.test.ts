import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
  type UploadPartCopyCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { aWorld } from './world.ts';

/** Objects that arrive in parts. */

const Bucket = 'parts';
const MEBIBYTE = 1024 * 1024;
const LARGE = Buffer.alloc(5 * MEBIBYTE, 'large');
const SMALL = Buffer.from('the end');

let cloud: Cloud;
let s3: S3Client;
beforeAll(async () => {
  ({ cloud, s3 } = await aWorld({ [Bucket]: { versioningConfiguration: { status: 'Enabled' } } }));
});
afterAll(() => cloud.close());

async function begin(
  Key: string,
  more: Partial<CreateMultipartUploadCommandInput> = {},
): Promise<{ Bucket: string; Key: string; UploadId: string }> {
  const { UploadId = '' } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Bucket, Key, UploadId };
}

async function send(upload: Awaited<ReturnType<typeof begin>>, PartNumber: number, Body: Buffer) {
  return { PartNumber, ...(await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }))) };
}

async function copyPart(upload: Awaited<ReturnType<typeof begin>>, more: Partial<UploadPartCopyCommandInput>) {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: SMALL }));
  return s3.send(new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: `${Bucket}/source`, ...more }));
}

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

describe('an upload in parts', () => {
  it('becomes an object with what it was begun with, once it is completed', async () => {
    const upload = await begin('a b/您好', { ContentType: 'application/pdf', Metadata: { case: 'c-1' } });
    const last = await send(upload, 7, SMALL);
    await send(upload, 2, Buffer.from('replaced'));
    const first = await send(upload, 2, LARGE);
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: upload.Key }))).rejects.toMatchObject({ name: 'NotFound' });
    const page = await s3.send(new ListPartsCommand({ ...upload, MaxParts: 1 }));
    expect(page).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 2, Size: LARGE.length, ETag: first.ETag }] });
    expect(await s3.send(new ListPartsCommand({ ...upload, PartNumberMarker: page.NextPartNumberMarker }))).toMatchObject({
      IsTruncated: false,
      Parts: [{ PartNumber: 7, ETag: last.ETag }],
    });
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'a' }))).Uploads).toMatchObject([
      { Key: upload.Key, UploadId: upload.UploadId },
    ]);

    const completed = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [first, last] } }));
    const ETag = `"${createHash('md5')
      .update(Buffer.concat([md5(LARGE), md5(SMALL)]))
      .digest('hex')}-2"`;
    expect(completed).toMatchObject({ Bucket, Key: upload.Key, ETag, VersionId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: upload.Key }));
    expect(object).toMatchObject({
      ContentType: 'application/pdf',
      Metadata: { case: 'c-1' },
      ETag,
      ContentLength: LARGE.length + SMALL.length,
    });
    expect(md5(Buffer.from((await object.Body?.transformToByteArray()) ?? []))).toEqual(md5(Buffer.concat([LARGE, SMALL])));
    await expect(s3.send(new ListPartsCommand(upload))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('takes parts from objects that are there, whole or in part', async () => {
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: 'old ü', Body: Buffer.concat([LARGE, SMALL]) }));
    const upload = await begin('joined', { ChecksumAlgorithm: 'CRC32' });
    const CopySource = `${Bucket}/${encodeURIComponent('old ü')}?versionId=${VersionId}`;
    const range = { CopySourceRange: `bytes=0-${LARGE.length - 1}` };
    const first = await s3.send(new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource, ...range }));
    const second = await s3.send(new UploadPartCopyCommand({ ...upload, PartNumber: 2, CopySource }));
    expect(first).toMatchObject({
      CopySourceVersionId: VersionId,
      CopyPartResult: { ETag: `"${md5(LARGE).toString('hex')}"`, ChecksumCRC32: expect.any(String), LastModified: new Date(cloud.now()) },
    });
    const Parts = [first, second].map(({ CopyPartResult }, index) => ({ PartNumber: index + 1, ETag: CopyPartResult?.ETag }));
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'joined' }));
    expect(md5(Buffer.from((await Body?.transformToByteArray()) ?? []))).toEqual(md5(Buffer.concat([LARGE, LARGE, SMALL])));
  });

  it('is listed page by page, by key alone as well', async () => {
    const begun = [await begin('list/a'), await begin('list/a'), await begin('list/b')];
    const list = (more: object) => s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'list/', ...more }));
    const first = await list({ MaxUploads: 1 });
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'list/a' });
    const rest = await list({ KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker });
    const seen = [...(first.Uploads ?? []), ...(rest.Uploads ?? [])].map(({ UploadId }) => UploadId);
    expect(seen.toSorted()).toEqual(begun.map(({ UploadId }) => UploadId).toSorted());
    expect((await list({ KeyMarker: 'list/a' })).Uploads).toMatchObject([{ Key: 'list/b' }]);
  });

  it.each([
    ['CRC32', 'COMPOSITE'],
    ['SHA256', 'COMPOSITE'],
    ['CRC64NVME', 'FULL_OBJECT'],
  ] as const)('has a checksum of %s: %s', async (ChecksumAlgorithm, type) => {
    const upload = await begin(`sum-${ChecksumAlgorithm}`, { ChecksumAlgorithm });
    const parts = [];
    for (const [index, Body] of [LARGE, SMALL].entries())
      parts.push({
        PartNumber: index + 1,
        ...(await s3.send(new UploadPartCommand({ ...upload, PartNumber: index + 1, Body, ChecksumAlgorithm }))),
      });
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: upload.Key, ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumType).toBe(type);
    expect(head[`Checksum${ChecksumAlgorithm}`]).toMatch(type === 'COMPOSITE' ? /^[\w+/]+=*-2$/ : /^[\w+/]+=*$/);
  });

  it('is given up where it is aborted', async () => {
    const upload = await begin('aborted');
    await send(upload, 1, SMALL);
    await s3.send(new AbortMultipartUploadCommand(upload));
    await expect(send(upload, 2, SMALL)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(cloud.kernel.store.all('SELECT number FROM s3_parts WHERE upload = ?', upload.UploadId)).toEqual([]);
  });

  it.each<[string, string, (upload: Awaited<ReturnType<typeof begin>>) => Promise<unknown>]>([
    [
      'a part too small that is not the last',
      'EntityTooSmall',
      async (upload) => completeWith(upload, await send(upload, 1, SMALL), await send(upload, 2, SMALL)),
    ],
    [
      'parts in another order',
      'InvalidPartOrder',
      async (upload) => completeWith(upload, await send(upload, 2, LARGE), await send(upload, 1, LARGE)),
    ],
    ['a part that never came', 'InvalidPart', async (upload) => completeWith(upload, { PartNumber: 3, ETag: '"x"' })],
    [
      'a part that came otherwise',
      'InvalidPart',
      async (upload) => completeWith(upload, { ...(await send(upload, 1, SMALL)), ETag: `"${'0'.repeat(32)}"` }),
    ],
    ['no part at all', 'MalformedXML', (upload) => completeWith(upload)],
    [
      'an object that is there, against its wish',
      'PreconditionFailed',
      async (upload) => {
        const Parts = [await send(upload, 1, SMALL)];
        await s3.send(new CompleteMultipartUploadCommand({ ...(await other(upload)), MultipartUpload: { Parts } }));
        return s3.send(new CompleteMultipartUploadCommand({ ...upload, IfNoneMatch: '*', MultipartUpload: { Parts } }));
      },
    ],
    [
      'another size than was said',
      'InvalidRequest',
      async (upload) =>
        s3.send(
          new CompleteMultipartUploadCommand({ ...upload, MpuObjectSize: 1, MultipartUpload: { Parts: [await send(upload, 1, SMALL)] } }),
        ),
    ],
    ['a number beyond the last', 'InvalidArgument', (upload) => send(upload, 10_001, SMALL)],
    ['a part copied from nowhere', 'NoSuchBucket', (upload) => copyPart(upload, { CopySource: 'a/b' })],
    ['a part copied from beyond the end', 'InvalidArgument', (upload) => copyPart(upload, { CopySourceRange: 'bytes=0-7' })],
    ['a part copied from no range', 'InvalidArgument', (upload) => copyPart(upload, { CopySourceRange: 'bytes=3-' })],
    ['a part copied from another state', 'PreconditionFailed', (upload) => copyPart(upload, { CopySourceIfMatch: 'other' })],
    ['a copied part’s number beyond the last', 'InvalidArgument', (upload) => copyPart(upload, { PartNumber: 10_001 })],
    ['another key', 'NoSuchUpload', (upload) => send({ ...upload, Key: 'else' }, 1, SMALL)],
  ])('is refused: %s', async (_, name, act) => {
    const upload = await begin('refused');
    await expect(act(upload)).rejects.toMatchObject({ name });
  });
});

function completeWith(upload: Awaited<ReturnType<typeof begin>>, ...Parts: { PartNumber: number; ETag?: string | undefined }[]) {
  return s3.send(
    new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })) },
    }),
  );
}

/** A second upload of the same key with the same part. */
async function other({ Key }: { readonly Key: string }) {
  const upload = await begin(Key);
  await send(upload, 1, SMALL);
  return upload;
}
