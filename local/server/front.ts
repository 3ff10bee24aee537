import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Cloud } from '../cloud.ts';
import { consoleRoutes } from '../console/console.ts';
import { ConnectionLost } from '../kernel/errors.ts';
import type { ApiResponse } from '../services/apigateway/apigateway-service.ts';
import { OBJECT_BYTES_MAX, tooLarge as objectTooLarge } from '../services/s3/objects.ts';
import { ownPagesOnly } from './guard.ts';
import { BODY_BYTES_MAX, REQUEST_ID, TOO_LARGE } from './limits.ts';
import { localRoutes } from './local-routes.ts';
import type { WireResponse } from './message.ts';
import { problem } from './problem.ts';
import type { Say } from './request-log.ts';
import { isSignedForS3 } from './s3/address.ts';
import { assertLinkInTime } from './s3/presigned.ts';
import { answerS3, errorResponse } from './s3/protocol.ts';
import { answerAws, tooLargeFor } from './wire.ts';

/** An object, and what its chunks add. */
const S3_BODY_BYTES_MAX = OBJECT_BYTES_MAX + OBJECT_BYTES_MAX / 8;
const API = '/api';
/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const API_BODY_BYTES_MAX = 10 * 1024 * 1024;
const API_TOO_LARGE: ApiResponse = {
  status: 413,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: 'Request Entity Too Large' }),
};

/**
 * What the cloud answers over HTTP: its own routes under `/_local`, the application's HTTP API under `/api`, and the AWS protocols
 * everywhere else. Every answer is sent after a commit: what a client was told survives the end of the process.
 */
export function httpFront(cloud: Cloud, say?: Say): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    await cloud.kernel.store.committed();
    context.header('x-amzn-requestid', REQUEST_ID);
  });
  // Any path may be the name of a bucket, so what is signed for S3 comes before all else.
  app.use((context, next) => {
    const url = new URL(context.req.url);
    return isSignedForS3(context.req.header('authorization'), url.search.slice(1))
      ? answerBinary(cloud, context.req.raw, url, say)
      : next();
  });
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (context) => tooLarge(context.req.raw, say) }));
  app.use('/_local/*', ownPagesOnly());
  app.route('/_local', localRoutes(cloud));
  app.route('/', consoleRoutes(cloud));
  const api = (context: Context) => answerApi(cloud, context.req.raw, headersOf(context), say);
  app.all(`${API}/*`, api);
  app.all(API, api);
  app.all('*', async (context) => {
    const request = context.req.raw;
    const url = new URL(request.url);
    // Before the clock is told of it: a client that takes its time must not hold up a move.
    const text = await request.text();
    const asked = {
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: Object.fromEntries(request.headers),
      body: text,
    };
    return awsResponse(await cloud.track(answerAws(cloud.kernel, asked, 'client', say)));
  });
  app.onError((error, context) => {
    // Only a server has a connection that can be lost.
    if (error instanceof ConnectionLost) (context.env as { outgoing?: ServerResponse } | undefined)?.outgoing?.destroy();
    return problem(500, 'Internal error', error.message);
  });
  return app;
}

function awsResponse({ status, headers, body }: WireResponse): Response {
  return new Response(bodyOf(status, body), { status, headers });
}

/** What a body is answered that is larger than any: in the words of whom it was meant for. */
function tooLarge(request: Request, say: Say | undefined): Response {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/_local')) return problem(413, 'Too large', TOO_LARGE);
  if (pathname === API || pathname.startsWith(`${API}/`)) return responseOf(API_TOO_LARGE);
  return awsResponse(tooLargeFor({ path: pathname, headers: Object.fromEntries(request.headers) }, say));
}

async function answerBinary(cloud: Cloud, request: Request, url: URL, say: Say | undefined): Promise<Response> {
  const asked = { method: request.method, path: url.pathname, query: url.search.slice(1), headers: Object.fromEntries(request.headers) };
  const bytes = await bytesOf(request, S3_BODY_BYTES_MAX);
  const late = asked.headers.authorization === undefined ? lateLink(cloud, asked.query) : undefined;
  const { status, headers, body } =
    bytes === undefined || late !== undefined
      ? errorResponse(late ?? objectTooLarge(S3_BODY_BYTES_MAX + 1), asked)
      : await cloud.track(answerS3(cloud.kernel, { ...asked, body: bytes }, 'client', say));
  return new Response(bodyOf(status, body), { status, headers });
}

/** Why a link that was signed beforehand is not good now. Clients outside sign by the machine's clock, functions by the cloud's. */
function lateLink({ kernel }: Cloud, query: string): unknown {
  try {
    assertLinkInTime(query, [kernel.now(), kernel.machineNow()]);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The body of a request; undefined where it is larger, and then read no further. */
async function bytesOf(request: Request, bytesMax: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > bytesMax) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The headers as they came, where they came over a connection: `Headers` joins repeated ones with a space behind the comma. */
function headersOf({ req, env }: Context): Record<string, string> {
  const raw = (env as { incoming?: IncomingMessage } | undefined)?.incoming?.rawHeaders;
  if (raw === undefined) return Object.fromEntries(req.raw.headers);
  const headers: Record<string, string> = Object.create(null);
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name, value] = [(raw[index] ?? '').toLowerCase(), raw[index + 1] ?? ''];
    headers[name] = headers[name] === undefined ? value : `${headers[name]}${name === 'cookie' ? '; ' : ','}${value}`;
  }
  return headers;
}

async function answerApi(cloud: Cloud, request: Request, headers: Record<string, string>, say: Say | undefined): Promise<Response> {
  const url = new URL(request.url);
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.length > API_BODY_BYTES_MAX) return responseOf(API_TOO_LARGE);
  const response = await cloud.track(
    cloud.services.apigateway.handle({
      method: request.method,
      // An endpoint that ends in a slash, joined with a path that starts with one.
      path: url.pathname.slice(API.length).replace(/^\/{2,}/, '/') || '/',
      query: url.search.slice(1),
      headers,
      body,
      signedPath: url.pathname,
    }),
  );
  if (response.reason !== undefined) say?.(`${request.method} ${url.pathname}: ${response.status}: ${response.reason}`);
  return responseOf(response);
}

function responseOf(response: ApiResponse): Response {
  const headers = new Headers(response.headers);
  for (const cookie of response.cookies ?? []) headers.append('set-cookie', cookie);
  const body = response.base64 === true ? Buffer.from(response.body, 'base64') : response.body;
  return new Response(bodyOf(response.status, body), { status: response.status, headers });
}

/** Some statuses must not carry a body. */
function bodyOf<B extends string | Buffer>(status: number, body: B): B | null {
  return status === 204 || status === 205 || status === 304 ? null : body;
}
