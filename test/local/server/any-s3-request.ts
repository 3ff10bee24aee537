import fc from 'fast-check';
import type { AnyRequest } from './any-request.ts';
import { anyBody, type Names } from './any-value.ts';

/** S3: any path, query and header under a signature for it. */
export function anyS3Request(names: Names): fc.Arbitrary<AnyRequest> {
  const path = fc.constantFrom(
    '/',
    '/fuzzed',
    '/fuzzed/',
    '/fuzzed/k',
    '/fuzzed/%zz',
    '/fuzzed/a%00b',
    '/UPPER',
    '/a',
    `/fuzzed/${'k'.repeat(1100)}`,
    '//',
    '/fuzzed//x',
    '/none/k',
  );
  const query = fc.constantFrom(
    '',
    'list-type=2',
    'versions',
    'uploads',
    'delete',
    'tagging',
    'acl',
    'max-keys=x',
    'list-type=2&continuation-token=x',
    'versionId=zz',
    'uploadId=x&partNumber=1',
    'partNumber=0',
    '__proto__=1',
    '%zz',
    'retention',
    'list-type=2&encoding-type=url&delimiter=/',
    'tagging',
    'tagging&versionId=null',
    'versions&delimiter=/&key-marker=a&version-id-marker=b',
    'uploads&key-marker=a',
    'uploadId=x&partNumber=1',
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      'range',
      'if-match',
      'if-modified-since',
      'x-amz-copy-source',
      'x-amz-copy-source-range',
      'x-amz-tagging-directive',
      'content-md5',
      'x-amz-checksum-crc32',
      'x-amz-content-sha256',
      'x-amz-decoded-content-length',
      'x-amz-meta-a',
      'x-amz-tagging',
      'x-amz-object-lock-mode',
      'x-amz-acl',
      'content-type',
    ),
    fc.constantFrom(
      '',
      'x',
      'bytes=0-',
      'bytes=9-1',
      'bytes=-0',
      '-1',
      '/fuzzed/k',
      '/fuzzed/%zz',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'GOVERNANCE',
      'a=b',
    ),
    { maxKeys: 3 },
  );
  const xml = fc.constantFrom(
    '<Delete><Object><Key>k</Key></Object></Delete>',
    '<Delete/>',
    '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
    '<Tagging><TagSet><Tag/></TagSet></Tagging>',
    `${'<a>'.repeat(5000)}`,
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a>&#xFFFFFFF;</a>',
  );
  const body = fc.oneof(
    anyBody(names),
    xml.map((text) => Buffer.from(text)),
  );
  return fc
    .tuple(fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'), path, query, headers, body)
    .map(([method, at, search, given, bytes]) => ({
      method,
      path: search === '' ? at : `${at}?${search}`,
      headers: {
        ...given,
        authorization: 'AWS4-HMAC-SHA256 Credential=a/20260302/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : bytes,
    }));
}
