import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { sampleApp } from '../cloud/sample-app.ts';

/** Clients that keep to no protocol, take their time or go away: none of them holds up the cloud or the others. */

let server: RunningServer;
const said: string[] = [];
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5, log: (line) => said.push(line) });
});
afterAll(() => server.close());

function open(text: string | Buffer): Socket {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(text);
  return socket;
}

/** All that is answered until the server hangs up, or says that it is done. */
async function answerTo(text: string | Buffer): Promise<string> {
  const socket = open(text);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(parts).toString();
}

async function isUp(): Promise<void> {
  const response = await fetch(`${server.url}/_local/clock`, { method: 'POST', body: '{"advance":"PT1S"}' });
  expect(response.status).toBe(200);
}

function post(target: string, body: string, ...headers: string[]): string {
  return [
    `POST / HTTP/1.1`,
    'host: localhost',
    'connection: close',
    `x-amz-target: ${target}`,
    ...headers,
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

describe('what is no request', () => {
  it.each([
    ['noise', Buffer.from([0, 1, 2, 0xff, 0xfe, 13, 10, 13, 10])],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['a header that is none', 'GET / HTTP/1.1\r\nhost localhost\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['a length and chunks', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    [
      'a chunk that is none',
      'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-amz-target: AWSEvents.PutEvents\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab\r\n',
    ],
  ])('is refused: %s', async (_, text) => {
    expect(await answerTo(text)).toMatch(/^HTTP\/1\.1 400 /);
    await isUp();
  });

  it('is refused: headers without end', async () => {
    expect(await answerTo(`GET / HTTP/1.1\r\nhost: localhost\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    await isUp();
  });

  it('is refused: no host', async () => {
    expect(await answerTo('GET /_local/clock HTTP/1.1\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    await isUp();
  });
});

describe('a client that takes its time', () => {
  it.each([
    ['a JSON protocol', 'POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AWSEvents.PutEvents\r\ncontent-length: 100\r\n\r\n{'],
    ['the Query protocol', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nAction='],
    ['the HTTP API', 'POST /api/accounts/a/journey HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{'],
    [
      'S3',
      'PUT /b/k HTTP/1.1\r\nhost: localhost\r\nauthorization: AWS4-HMAC-SHA256 Credential=a/20260302/us-east-1/s3/aws4_request\r\ncontent-length: 100\r\n\r\nab',
    ],
    ['its headers', 'POST / HTTP/1.1\r\nhost: local'],
  ])('holds up neither the clock nor a snapshot, over %s', async (_, beginning) => {
    const slow = open(beginning);
    await once(slow, 'connect');
    await isUp();
    await server.cloud.snapshot();
    slow.destroy();
    await isUp();
  });
});

describe('a client that goes away', () => {
  it('in the middle of a request leaves nothing behind', async () => {
    for (const beginning of [
      post('AWSEvents.PutEvents', '{"Entries":[]}').slice(0, -5),
      'POST /api/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nab',
    ]) {
      const socket = open(beginning);
      await once(socket, 'connect');
      socket.resetAndDestroy();
    }
    await isUp();
    expect(server.cloud.kernel.failures()).toEqual([]);
  });

  it('before its answer has its call done all the same', async () => {
    const entry = { EventBusName: 'sample-bus', Source: 'other', DetailType: 'T', Detail: '{"accountId":"acc-gone"}' };
    const socket = open(post('AWSEvents.PutEvents', JSON.stringify({ Entries: [entry] })));
    await once(socket, 'connect');
    socket.end();
    await once(socket.resume(), 'close');
    expect(server.cloud.events('acc-gone')).toHaveLength(1);
  });
});

/** What would take minutes if it were taken apart, or go round in circles: the rest of the cloud would stand still meanwhile. */
describe('what would keep the cloud busy', () => {
  const mail = (to: string) =>
    JSON.stringify({ Content: { Raw: { Data: Buffer.from(`From: a@b.example\r\nTo: ${to}\r\n\r\nx`).toString('base64') } } });
  const S3 = { authorization: 'AWS4-HMAC-SHA256 Credential=a/20260302/us-east-1/s3/aws4_request' };
  const chunked = { ...S3, 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
  const form = 'Action=Publish&Version=2010-03-31&Message=x&';
  it.each([
    ['millions of parameters', { path: '/', body: form + 'a&'.repeat(7_000_000) }, 'InvalidParameterValue'],
    ['a parameter of millions of parts', { path: '/', body: `${form}${'a.'.repeat(3_000_000)}b=1` }, 'MalformedInput'],
    ['a receiver without end', { path: '/v2/email/outbound-emails', body: mail('<'.repeat(1_000_000)) }, 'Illegal address'],
    [
      'a receiver with blanks without end',
      { path: '/v2/email/outbound-emails', body: mail(`<>${' '.repeat(1_000_000)}x`) },
      'Illegal address',
    ],
    [
      'brackets without end',
      { path: '/', body: '['.repeat(8_000_000), headers: { 'x-amz-target': 'AWSEvents.PutEvents' } },
      'SerializationException',
    ],
    ['a document of blanks', { path: '/b?delete', body: `<Delete ${' '.repeat(2_000_000)}`, headers: S3 }, 'MalformedXML'],
    [
      'millions of chunks',
      { method: 'PUT', path: '/b/k', body: '1\r\na\r\n'.repeat(2_000_000), headers: chunked },
      'InvalidChunkSizeError',
    ],
    [
      'trailers without end',
      { method: 'PUT', path: '/b/k', body: `0\r\n${'a:b\r\n'.repeat(1_000_000)}`, headers: chunked },
      'IncompleteBody',
    ],
  ])('is refused: %s', async (_, { path, body, ...more }, said) => {
    const response = await fetch(server.url + path, { method: 'POST', body, ...more });
    expect(response.status).toSatisfy((status: number) => status >= 400 && status < 500);
    expect(await response.text()).toContain(said);
    await isUp();
  });
});

describe('what is refused', () => {
  it('is said once, by name, without control characters, and the rest is not', async () => {
    said.length = 0;
    const headers = { 'x-amz-target': 'AWSEvents.DeleteRule' };
    for (let time = 0; time < 3; time += 1) await fetch(server.url, { method: 'POST', headers, body: '{}' });
    await fetch(server.url, { method: 'POST', headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord' }, body: '{}' });
    await fetch(server.url, { method: 'POST', body: 'Action=Fly%0aAway&Version=2010-03-31' });
    await fetch(`${server.url}/2015-03-31/functions/f/policy`);
    await fetch(server.url, { method: 'POST', headers: { 'x-amz-target': 'AmazonSQS.GetQueueUrl' }, body: '{"QueueName":"none"}' });
    await fetch(server.url, { method: 'POST', headers: { 'x-amz-target': 'AmazonSQS.SendMessage' }, body: '{"MessageBody":1}' });
    expect(said).toEqual([
      expect.stringMatching(/^AWSEvents\.DeleteRule: UnknownOperationException: /),
      expect.stringMatching(/^Kinesis_20131202\.PutRecord: UnknownOperationException: /),
      expect.stringMatching(/^POST \/ Fly\?Away: /),
      expect.stringMatching(/^GET \/2015-03-31\/functions\/f\/policy: UnknownOperationException: /),
      'AmazonSQS.SendMessage: SerializationException: MessageBody must be a text.',
    ]);
  });

  it.each([
    [
      'JSON',
      { path: '/', headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' } },
      'application/x-amz-json-1.0',
      '"__type":"com.amazonaws.dynamodb.v20120810#RequestEntityTooLarge"',
    ],
    ['Query', { path: '/', headers: {} }, 'text/xml', '<Code>RequestEntityTooLarge</Code>'],
    ['Lambda', { path: '/2015-03-31/functions/f/invocations', headers: {} }, 'application/json', 'A request has at most'],
    ['the HTTP API', { path: '/api/x', headers: {} }, 'application/json', '{"message":"Request Entity Too Large"}'],
    ['the cloud itself', { path: '/_local/clock', headers: {} }, 'application/problem+json', 'A request has at most'],
  ])('for its size is refused in the words of %s', async (_, { path, headers }, type, text) => {
    const response = await fetch(server.url + path, { method: 'POST', headers, body: 'x'.repeat(17 * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toContain(text);
  });
});
