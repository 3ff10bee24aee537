import { request } from 'node:http';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { bundle, synthesize } from '../cloud/sample-app.ts';

/** A name that is also the first word of the cloud's own paths. */
const Bucket = 'api';
const FILES = `
const { S3Client, PutObjectCommand, GetObjectCommand } = require('@aws-sdk/client-s3');
const { Readable } = require('node:stream');
const s3 = new S3Client({});
exports.handler = async ({ Key, text }) => {
  const put = await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key, Body: Readable.from([text]), ContentLength: Buffer.byteLength(text) }));
  const got = await s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key }));
  const missing = await s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: 'missing' })).catch((error) => error.name);
  return { crc: put.ChecksumCRC32, text: await got.Body.transformToString(), missing };
};`;

/** `20260302T010000Z` */
function basic(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}

function linkTo(key: string, { date = basic(server.cloud.now()), expires = '3600' }: { date?: string; expires?: string }): string {
  const credential = 'any%2F20260302%2Fus-east-1%2Fs3%2Faws4_request';
  return `${server.url}/${Bucket}/${key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=${date}&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=0`;
}

function linkOfVersion2(key: string, expires: number | string): string {
  return `${server.url}/${Bucket}/${key}?AWSAccessKeyId=any&Signature=0&Expires=${expires}`;
}

let server: RunningServer;
let s3: S3Client;
beforeAll(async () => {
  const assembly = synthesize((app, directory) => {
    const stack = new Stack(app, 'App');
    const bucket = new CfnBucket(stack, 'Files', { bucketName: Bucket });
    bundle(directory, 'files', FILES);
    const asset = new Asset(stack, 'Code', { path: `${directory}/files` });
    new CfnFunction(stack, 'Function', {
      functionName: 'files',
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      role: 'arn:aws:iam::000000000000:role/files',
      code: { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey },
      environment: { variables: { BUCKET: bucket.ref } },
    });
    for (const attribute of ['Arn', 'DomainName', 'RegionalDomainName'])
      new CfnOutput(stack, attribute, { value: bucket.getAtt(attribute).toString() });
    new CfnOutput(stack, 'UnnamedBucket', { value: new CfnBucket(stack, 'Unnamed').ref });
  });
  server = await startServer({ port: 0, assembly, start: '2026-03-02T01:00:00Z', seed: 5 });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'thing' };
  s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterAll(async () => {
  s3.destroy();
  await server.close();
});

const SIGNED = { authorization: 'AWS4-HMAC-SHA256 Credential=any/20260302/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0' };

describe('a stock client over HTTP', () => {
  it('writes, heads, reads and lists', async () => {
    const Body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a/é %2F+', Body, Metadata: { who: 'me' } }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/é %2F+' }))).toMatchObject({
      ContentLength: 256,
      Metadata: { who: 'me' },
    });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/é %2F+' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Body);
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/' }))).Contents).toMatchObject([{ Key: 'a/é %2F+', Size: 256 }]);
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toMatchObject([
      { Name: 'api' },
      { Name: server.cloud.outputs().UnnamedBucket },
    ]);
  });

  it('sends a stream of megabytes in chunks with their checksum at the end', async () => {
    const piece = Buffer.alloc(1024 * 1024, 7);
    const Body = Readable.from(Array.from({ length: 17 }, () => piece));
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body, ContentLength: 17 * piece.length }));
    expect(put.ChecksumCRC32).toEqual(expect.any(String));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'large' }))).toMatchObject({ ContentLength: 17 * piece.length });
  });

  it('is told where an object is too large, be it ever so much so', async () => {
    for (const megabytes of [65, 80])
      await expect(
        s3.send(new PutObjectCommand({ Bucket, Key: 'too-large', Body: Buffer.alloc(megabytes * 1024 * 1024) })),
      ).rejects.toMatchObject({
        name: 'EntityTooLarge',
      });
  });

  it('meets errors as S3 names them', async () => {
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
  });
});

describe('the address of an object', () => {
  it('may have the bucket in the name of the host', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'by/host', Body: 'here' }));
    const { port } = new URL(server.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const headers = { ...SIGNED, host: `${Bucket}.localhost:${port}` };
      request({ host: '127.0.0.1', port, path: '/by/host', headers }, (response) => {
        let text = '';
        response.on('data', (part) => {
          text += String(part);
        });
        response.on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
    expect(answer).toBe('here');
  });

  it('may be a presigned link, for as long as it says', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'linked', Body: 'here' }));
    const response = await fetch(`${linkTo('linked', { date: basic(server.cloud.now()) })}&response-content-type=text%2Fcsv`);
    expect(response.headers.get('content-type')).toBe('text/csv');
    expect(await response.text()).toBe('here');
    // Clients outside sign by their own clock.
    expect((await fetch(linkTo('linked', { date: basic(Date.now()) }))).status).toBe(200);
  });

  it.each([
    {
      what: 'is over',
      link: () => linkTo('linked', { date: basic(server.cloud.now() - 3_601_000) }),
      code: 'AccessDenied',
      said: 'expired',
    },
    {
      what: 'is to come',
      link: () => linkTo('linked', { date: basic(server.cloud.now() + 901_000) }),
      code: 'AccessDenied',
      said: 'not valid yet',
    },
    { what: 'is too long', link: () => linkTo('linked', { expires: '604801' }), said: 'less than a week' },
    { what: 'is negative', link: () => linkTo('linked', { expires: '-1' }), said: 'non-negative' },
    { what: 'is no number', link: () => linkTo('linked', { expires: 'long' }), said: 'should be a number' },
    { what: 'has no beginning', link: () => linkTo('linked', { date: 'yesterday' }), said: 'ISO8601' },
    { what: 'is not given', link: () => linkTo('linked', {}).replace('X-Amz-Expires', 'X-Amz-Other'), said: 'requires the' },
    { what: 'of version 2 is over', link: () => linkOfVersion2('linked', 1), code: 'AccessDenied', said: 'expired' },
    { what: 'of version 2 is none', link: () => linkOfVersion2('linked', 'x'), code: 'AccessDenied', said: 'Invalid date' },
  ])('is no link whose time $what', async ({ link, code = 'AuthorizationQueryParametersError', said }) => {
    const response = await fetch(link());
    expect(response.status).toBe(code === 'AccessDenied' ? 403 : 400);
    expect(await response.text()).toMatch(new RegExp(`<Code>${code}</Code><Message>[^<]*${said}`));
  });

  it('that is not signed for S3 leads elsewhere', async () => {
    expect((await fetch(`${server.url}/${Bucket}/linked`)).headers.get('content-type')).toContain('json');
    expect(await (await fetch(server.url)).text()).toContain('<h1>Overview</h1>');
  });
});

describe('a malformed request', () => {
  const chunked = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };

  it.each([
    { what: 'a chunk without a size', path: '/api/x', init: { method: 'PUT', headers: chunked, body: 'zz\r\n' }, code: 'IncompleteBody' },
    { what: 'a chunk cut short', path: '/api/x', init: { method: 'PUT', headers: chunked, body: '9\r\nabc\r\n' }, code: 'IncompleteBody' },
    {
      what: 'another length than declared',
      path: '/api/x',
      init: { method: 'PUT', headers: { ...chunked, 'x-amz-decoded-content-length': '4' }, body: '3\r\nabc\r\n0\r\n\r\n' },
      code: 'IncompleteBody',
    },
    {
      what: 'a wrong checksum behind the chunks',
      path: '/api/x',
      init: { method: 'PUT', headers: chunked, body: '3\r\nabc\r\n0\r\nx-amz-checksum-crc64nvme:AAAAAAAAAAA=\r\n\r\n' },
      code: 'BadDigest',
    },
    { what: 'a document that is none', path: '/api?delete', init: { method: 'POST', body: '<Delete><Object>' }, code: 'MalformedXML' },
    {
      what: 'a document with a type',
      path: '/api?delete',
      init: { method: 'POST', body: '<!DOCTYPE x []><Delete/>' },
      code: 'MalformedXML',
    },
    { what: 'an empty document', path: '/api?delete', init: { method: 'POST', body: '<Delete/>' }, code: 'MalformedXML' },
    { what: 'a path that does not decode', path: '/api/%ff', init: {}, code: 'InvalidURI' },
    { what: 'an operation beyond', path: '/api?uploads', init: { method: 'POST' }, code: 'NotImplemented' },
    {
      what: 'a header beyond',
      path: '/api/x',
      init: { headers: { 'x-amz-server-side-encryption-customer-key': 'k' } },
      code: 'NotImplemented',
    },
  ])('$what is $code', async ({ path, init, code }) => {
    const response = await fetch(server.url + path, { ...init, headers: { ...SIGNED, ...('headers' in init && init.headers) } });
    expect(response.headers.get('content-type')).toBe('application/xml');
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
  });

  it('with a right checksum behind its chunks is none', async () => {
    // The check values of "123456789": https://reveng.sourceforge.io/crc-catalogue/all.htm
    const values = { crc64nvme: Buffer.from('ae8b14860a799888', 'hex'), crc32c: Buffer.from('e3069283', 'hex') };
    for (const [name, value] of Object.entries(values)) {
      const body = `9;chunk-signature=0\r\n123456789\r\n0;chunk-signature=0\r\nx-amz-checksum-${name}:${value.toString('base64')}\r\n\r\n`;
      const headers = {
        ...SIGNED,
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
      };
      expect((await fetch(`${server.url}/${Bucket}/checked`, { method: 'PUT', headers, body })).status).toBe(200);
    }
  });
});

describe('a body in chunks', () => {
  const put = (...sizes: number[]) => {
    const headers = { ...SIGNED, 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'content-encoding': 'aws-chunked' };
    const body = [...sizes.map((size) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`), '0\r\n\r\n'].join('');
    return fetch(`${server.url}/${Bucket}/chunked`, { method: 'PUT', headers, body });
  };

  it('may end with a small one', async () => {
    expect((await put(8192, 8192, 5)).status).toBe(200);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'chunked' }))).ContentLength).toBe(16_389);
  });

  it('holds no small one before that, as clients learn that send a stream as it comes', async () => {
    const response = await put(8192, 5, 1);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain(
      '<Code>InvalidChunkSizeError</Code><Message>Only the last chunk is allowed to have a size less than 8192 bytes</Message>',
    );
  });
});

it('function code finds the same service in its own process', async () => {
  const { Payload } = await server.cloud.call<{ Payload: string }>('lambda', 'Invoke', {
    FunctionName: 'files',
    Payload: JSON.stringify({ Key: 'by/function', text: '您好' }),
  });
  expect(JSON.parse(Payload)).toEqual({ crc: expect.any(String), text: '您好', missing: 'NoSuchKey' });
});

it('a bucket’s attributes are those of AWS', () => {
  expect(server.cloud.outputs()).toMatchObject({
    Arn: 'arn:aws:s3:::api',
    DomainName: 'api.s3.amazonaws.com',
    RegionalDomainName: 'api.s3.us-east-1.amazonaws.com',
    UnnamedBucket: expect.stringMatching(/^app-unnamed-[0-9a-f]{12}$/),
  });
});
