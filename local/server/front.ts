import type { ServerResponse } from 'node:http';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Cloud } from '../cloud.ts';
import { consoleRoutes } from '../console/console.ts';
import { ConnectionLost } from '../kernel/errors.ts';
import type { ApiResponse } from '../services/apigateway/apigateway-service.ts';
import { OBJECT_BYTES_MAX, tooLarge } from '../services/s3/objects.ts';
import { ownPagesOnly } from './guard.ts';
import { BODY_BYTES_MAX, REQUEST_ID, TOO_LARGE } from './limits.ts';
import { localRoutes } from './local-routes.ts';
import { problem } from './problem.ts';
import { isSignedForS3 } from './s3/address.ts';
import { answerS3, errorResponse } from './s3/protocol.ts';
import { answerAws } from './wire.ts';

/** An object, and what its chunks add. */
const S3_BODY_BYTES_MAX = OBJECT_BYTES_MAX + OBJECT_BYTES_MAX / 8;
const API = '/api';

/**
 * What the cloud answers over HTTP: its own routes under `/_local`, the application's HTTP API under `/api`, and the AWS protocols
 * everywhere else. Every answer is sent after a commit: what a client was told survives the end of the process.
 */
export function httpFront(cloud: Cloud): Hono {
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
      ? cloud.track(answerBinary(cloud, context.req.raw, url))
      : next();
  });
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: () => problem(413, 'Too large', TOO_LARGE) }));
  app.use('/_local/*', ownPagesOnly());
  app.route('/_local', localRoutes(cloud));
  app.route('/', consoleRoutes(cloud));
  app.all(`${API}/*`, (context) => answerApi(cloud, context.req.raw));
  app.all(API, (context) => answerApi(cloud, context.req.raw));
  app.all('*', async (context) => {
    const url = new URL(context.req.url);
    const { status, headers, body } = await cloud.track(
      context.req.raw.text().then((text) =>
        answerAws(
          cloud.kernel,
          {
            method: context.req.method,
            path: url.pathname,
            query: url.search.slice(1),
            headers: Object.fromEntries(context.req.raw.headers),
            body: text,
          },
          'client',
        ),
      ),
    );
    return new Response(bodyOf(status, body), { status, headers });
  });
  app.onError((error, context) => {
    // Only a server has a connection that can be lost.
    if (error instanceof ConnectionLost) (context.env as { outgoing?: ServerResponse } | undefined)?.outgoing?.destroy();
    return problem(500, 'Internal error', error.message);
  });
  return app;
}

async function answerBinary(cloud: Cloud, request: Request, url: URL): Promise<Response> {
  const asked = { method: request.method, path: url.pathname, query: url.search.slice(1), headers: Object.fromEntries(request.headers) };
  const bytes = await bytesOf(request, S3_BODY_BYTES_MAX);
  const { status, headers, body } =
    bytes === undefined
      ? errorResponse(tooLarge(S3_BODY_BYTES_MAX + 1), asked)
      : await answerS3(cloud.kernel, { ...asked, body: bytes }, 'client');
  return new Response(bodyOf(status, body), { status, headers });
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

async function answerApi(cloud: Cloud, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const body = new Uint8Array(await request.arrayBuffer());
  const response = await cloud.track(
    cloud.services.apigateway.handle({
      method: request.method,
      // An endpoint that ends in a slash, joined with a path that starts with one.
      path: url.pathname.slice(API.length).replace(/^\/{2,}/, '/') || '/',
      query: url.search.slice(1),
      headers: Object.fromEntries(request.headers),
      body,
      signedPath: url.pathname,
    }),
  );
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
