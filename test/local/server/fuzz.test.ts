import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { sampleApp } from '../cloud/sample-app.ts';
import { anyConsoleRequest } from './any-console-request.ts';
import {
  type AnyRequest,
  anyApiRequest,
  anyJsonRequest,
  anyLambdaRequest,
  anyLocalRequest,
  anyQueryRequest,
  anySesV2Request,
} from './any-request.ts';
import { anyS3Request } from './any-s3-request.ts';
import type { Names } from './any-value.ts';

/** The server stays up whatever a client sends, and says what is wrong in the words of the protocol. `FUZZ_RUNS` tries more than a share. */

const RUNS = Number(process.env.FUZZ_RUNS ?? 150);
const SEED = Number(process.env.FUZZ_SEED ?? 7);
const ANSWER_MILLISECONDS = 10_000;

let server: RunningServer;
const names: { value: Names } = { value: { table: '', queue: '', machine: '' } };
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5 });
  const { TableName = '', DeadLetterQueueUrl = '', MachineArn = '' } = server.cloud.outputs();
  names.value = { table: TableName, queue: DeadLetterQueueUrl, machine: MachineArn };
  await server.cloud.call('s3', 'CreateBucket', { Bucket: 'fuzzed' });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Node's own client, because `fetch` mends paths and refuses some methods and headers. */
function send({ method, path, headers, body }: AnyRequest): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = httpRequest({
      hostname,
      port,
      method,
      path,
      headers: { ...headers, 'content-length': body.length },
      timeout: ANSWER_MILLISECONDS,
      agent: false,
    });
    asked.once('response', async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text: Buffer.concat(parts).toString() });
    });
    asked.once('timeout', () => asked.destroy(new Error(`No answer to ${method} ${path}`)));
    asked.once('error', reject);
    asked.end(body);
  });
}

/** What an answer must look like, whatever was asked. */
function assess(request: AnyRequest, { status, type, text }: Answer, errorType: RegExp): void {
  const seen = `${request.method} ${request.path} ${JSON.stringify(request.headers)} ${request.body.toString().slice(0, 600)} → ${status} ${text.slice(0, 300)}`;
  // What this S3 does not do is 501.
  expect(status, seen).toSatisfy((given: number) => given < 500 || given === 501);
  expect(text, seen).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
  if (status >= 400 && request.method !== 'HEAD') expect(type, seen).toMatch(errorType);
}

function holds(requests: (known: Names) => fc.Arbitrary<AnyRequest>, errorType: RegExp): Promise<void> {
  return fc.assert(
    fc.asyncProperty(requests(names.value), async (request) => assess(request, await send(request), errorType)),
    { numRuns: RUNS, seed: SEED },
  );
}

describe('any request', () => {
  it('of the JSON protocols', () => holds(anyJsonRequest, /^application\/x-amz-json-1\.[01]$/));
  it('of the Query protocol', () => holds(anyQueryRequest, /^text\/xml$/));
  it('for Lambda', () => holds(anyLambdaRequest, /^application\/json$/));
  it('for the second version of SES', () => holds(anySesV2Request, /^application\/json$/));
  it('for the pages', () => holds(anyConsoleRequest, /^(text\/html|application\/problem\+json|text\/xml)/));
  it('for S3', () => holds(anyS3Request, /^application\/xml$/));
  it('for the HTTP API', () => holds(anyApiRequest, /^application\/(problem\+)?json$/));
  it('for the cloud’s own routes', () => holds(anyLocalRequest, /^application\/problem\+json$/));

  it('leaves the cloud as sound as it was', async () => {
    await server.cloud.settle();
    expect(server.cloud.kernel.failures()).toEqual([]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect((await send({ method: 'GET', path: '/_local/health', headers: {}, body: Buffer.alloc(0) })).status).toBe(200);
  });
});
