import { isUtf8 } from 'node:buffer';
import type { JsonObject } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { ApiRequest } from './apigateway-service.ts';
import { HOP_BY_HOP } from './response.ts';

/** What the gateway found out about a request. */
export interface RoutedRequest {
  readonly request: ApiRequest;
  readonly apiId: string;
  readonly routeKey: string;
  readonly stage: { readonly name: string; readonly variables: Readonly<Record<string, string>> };
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly authorizer: JsonObject | undefined;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The event of payload format 2.0 (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 * The path is decoded, as functions behind HTTP APIs see it (https://github.com/fastify/aws-lambda-fastify/issues/169), and begins with
 * the stage where that has a name.
 */
export function proxyEvent(routed: RoutedRequest): JsonObject {
  const { request, stage, routeKey, apiId, authorizer, requestId, now, pathParameters } = routed;
  const path = decoded(request.path);
  const sourceIp = request.sourceIp ?? '127.0.0.1';
  const query = queryIn(request.query ?? '');
  const cookies = (request.headers?.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: request.query ?? '',
    ...(request.headers?.cookie !== undefined && { cookies: cookies.filter((cookie) => cookie !== '') }),
    headers: headersOf(request, sourceIp, requestId, now),
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT,
      apiId,
      ...(authorizer !== undefined && { authorizer }),
      domainName: `${apiId}.execute-api.${REGION}.amazonaws.com`,
      domainPrefix: apiId,
      http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: request.headers?.['user-agent'] ?? '' },
      requestId,
      routeKey,
      stage: stage.name,
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(Object.keys(stage.variables).length > 0 && { stageVariables: stage.variables }),
    ...bodyOf(request),
  };
}

/** The client's headers, and what a gateway adds to them on the way. */
function headersOf({ headers = {} }: ApiRequest, sourceIp: string, requestId: string, now: number): Record<string, string> {
  const sent: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) if (name !== 'cookie' && !HOP_BY_HOP.has(name)) sent[name] = value;
  // https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-traceids
  sent['x-amzn-trace-id'] ??= `Root=1-${Math.floor(now / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)}`;
  const before = headers['x-forwarded-for'];
  sent['x-forwarded-for'] = before === undefined ? sourceIp : `${before}, ${sourceIp}`;
  sent['x-forwarded-port'] = /:(\d{1,5})$/.exec(headers.host ?? '')?.[1] ?? '80';
  sent['x-forwarded-proto'] = 'http';
  return sent;
}

/** Names that come again have their values joined by commas. */
function queryIn(text: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  return query;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const TEXT_TYPE = /^(text\/|application\/([\w.+-]*\+)?(json|xml)\b|application\/javascript\b)/i;

/** The body as text where its type is of text or not given, else in base64: forms, and all that is binary or packed. */
function bodyOf({ body, headers }: ApiRequest): { body?: string; isBase64Encoded: boolean } {
  if (body === undefined || body.length === 0) return { isBase64Encoded: false };
  if (typeof body === 'string') return { body, isBase64Encoded: false };
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return TEXT_TYPE.test(headers?.['content-type'] ?? 'text/plain') && isUtf8(bytes)
    ? { body: bytes.toString(), isBase64Encoded: false }
    : { body: bytes.toString('base64'), isBase64Encoded: true };
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
