import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT } from '../../template/intrinsics.ts';
import { Authorization, type AuthorizationOptions, type Authorizer, trustedIssuers } from './authorize.ts';
import type { IssuedToken } from './issuer.ts';
import type { KeySet } from './json-web-token.ts';
import { matchRoute, parseRouteKey, type RouteKey } from './routes.ts';

interface Route {
  readonly key: RouteKey;
  readonly functionName: string;
  readonly authorizer: Authorizer;
}

/** One HTTP API of the template. */
export interface HttpApi {
  readonly id: string;
  readonly name: string;
  readonly routes: Route[];
}

/** A request to the HTTP API; header names in lower case, `path` without the `/api` it is served under. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes are handed on as text where the content type is of text, else in base64. */
  readonly body?: string | Uint8Array;
  readonly sourceIp?: string;
  /** The path that its sender signed, where that is another. */
  readonly signedPath?: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Set where the function answered several cookies. */
  readonly cookies?: readonly string[];
  readonly base64?: boolean;
  /** Why the caller was refused, for whoever runs the cloud. */
  readonly reason?: string;
}

/**
 * HTTP APIs with Lambda proxy integrations, payload format 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 *
 * All APIs of the template are served under one path. Without `authorization` nothing is asked of the caller: a route with IAM
 * authorization is preferred, and the event carries no `requestContext.authorizer`, so the function takes the caller for the
 * operator. With it a token chooses the JWT API and its claims are handed on, a signed request or one without credentials the IAM API.
 */
export class ApiGatewayService implements Service {
  readonly name = 'apigateway';
  readonly #kernel: Kernel;
  readonly #authorization: Authorization;
  readonly #apis = new Map<string, HttpApi>();

  constructor(kernel: Kernel, options: AuthorizationOptions = {}) {
    this.#kernel = kernel;
    this.#authorization = new Authorization(kernel, options);
  }

  createApi(id: string, name: string): void {
    this.#apis.set(id, { id, name, routes: [] });
  }

  addRoute(apiId: string, routeKey: string, route: Omit<Route, 'key'>): void {
    const api = this.#apis.get(apiId);
    if (api === undefined) throw new Error(`There is no HTTP API ${apiId}.`);
    api.routes.push({ ...route, key: parseRouteKey(routeKey) });
  }

  /**
   * Signs a token that the template's authorizers take; see `TokenRequest`.
   * @throws AwsError `ValidationException` naming the member and its rule.
   */
  issueToken(request: unknown): IssuedToken {
    const authorizers = [...this.#apis.values()].flatMap(({ routes }) => routes.map((route) => route.authorizer));
    return this.#authorization.issuer.issue(request, trustedIssuers(authorizers, this.#authorization));
  }

  /** What the tokens that are signed here can be verified with. */
  issuerKeys(): KeySet {
    return this.#authorization.issuer.keySet();
  }

  call(operation: string): never {
    throw new AwsError(
      'UnknownOperationException',
      `The embedded cloud's API Gateway has no operation ${operation}; APIs come from the template.`,
    );
  }

  /** Answers a request as API Gateway would; never throws. */
  async handle(request: ApiRequest): Promise<ApiResponse> {
    const found = this.#find(request);
    if (found === undefined) return problem(404, 'Not Found');
    const { route, parameters, api } = found;
    const authorized = this.#authorization.authorize(request, route.authorizer);
    if ('refusal' in authorized) return { ...authorized.refusal, reason: authorized.reason };
    const event = this.#event(request, api, route, parameters, authorized.authorizer);
    let output: { Payload?: string; FunctionError?: string };
    try {
      output = (await this.#kernel.call(
        'lambda',
        'Invoke',
        { FunctionName: route.functionName, Payload: JSON.stringify(event) },
        'apigateway',
      )) as typeof output;
    } catch (error) {
      return problem(
        error instanceof AwsError && error.status === 429 ? 503 : 500,
        error instanceof AwsError && error.status === 429 ? 'Service Unavailable' : 'Internal Server Error',
      );
    }
    if (output.FunctionError !== undefined) return problem(500, 'Internal Server Error');
    return responseOf(output.Payload ?? 'null');
  }

  #find(request: ApiRequest): { api: HttpApi; route: Route; parameters: Record<string, string> } | undefined {
    const wanted = this.#authorization.wanted(request);
    let second: { api: HttpApi; route: Route; parameters: Record<string, string> } | undefined;
    for (const api of this.#apis.values()) {
      const match = matchRoute(api.routes, request.method, request.path);
      if (match === undefined) continue;
      if (match.route.authorizer.type === wanted) return { api, ...match };
      second ??= { api, ...match };
    }
    return second;
  }

  #event(
    request: ApiRequest,
    api: HttpApi,
    route: Route,
    parameters: Record<string, string>,
    authorizer: JsonObject | undefined,
  ): JsonObject {
    const query: Record<string, string> = {};
    for (const [name, value] of new URLSearchParams(request.query ?? ''))
      query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
    const { cookie, ...headers } = request.headers ?? {};
    const now = this.#kernel.now();
    return {
      version: '2.0',
      routeKey: route.key.text,
      rawPath: request.path,
      rawQueryString: request.query ?? '',
      ...(cookie !== undefined && { cookies: cookie.split('; ') }),
      headers,
      ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
      requestContext: {
        accountId: ACCOUNT,
        apiId: api.id,
        ...(authorizer !== undefined && { authorizer }),
        domainName: `${api.id}.execute-api.us-east-1.amazonaws.com`,
        domainPrefix: api.id,
        http: {
          method: request.method,
          path: request.path,
          protocol: 'HTTP/1.1',
          sourceIp: request.sourceIp ?? '127.0.0.1',
          userAgent: headers['user-agent'] ?? '',
        },
        requestId: this.#kernel.uuid(),
        routeKey: route.key.text,
        stage: '$default',
        time: commonLogTime(now),
        timeEpoch: now,
      },
      ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
      ...bodyOf(request),
    };
  }
}

const TEXT_TYPE = /^(text\/|application\/([\w.+-]*\+)?(json|xml)\b|application\/javascript\b)/i;

/** The body as text where its type is of text or not given, else in base64: forms and all that is binary. */
function bodyOf({ body, headers }: ApiRequest): { body?: string; isBase64Encoded: boolean } {
  if (body === undefined || body.length === 0) return { isBase64Encoded: false };
  if (typeof body === 'string') return { body, isBase64Encoded: false };
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return TEXT_TYPE.test(headers?.['content-type'] ?? 'text/plain')
    ? { body: bytes.toString(), isBase64Encoded: false }
    : { body: bytes.toString('base64'), isBase64Encoded: true };
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

/** A function may answer the whole response, or any JSON that becomes the body of a 200. */
function responseOf(payload: string): ApiResponse {
  const result = JSON.parse(payload) as unknown;
  const JSON_HEADERS = { 'content-type': 'application/json' };
  if (typeof result !== 'object' || result === null || !('statusCode' in result))
    return { status: 200, headers: JSON_HEADERS, body: typeof result === 'string' ? result : payload };
  const response = result as {
    statusCode: unknown;
    headers?: Record<string, unknown>;
    body?: unknown;
    cookies?: string[];
    isBase64Encoded?: boolean;
  };
  const status = Number(response.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return problem(500, 'Internal Server Error');
  const headers = Object.fromEntries(Object.entries(response.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
  if (headers['content-type'] === undefined) headers['content-type'] = 'text/plain;charset=UTF-8';
  return {
    status,
    headers,
    body: response.body === undefined ? '' : String(response.body),
    ...(response.cookies !== undefined && { cookies: response.cookies }),
    ...(response.isBase64Encoded === true && { base64: true }),
  };
}

function problem(status: number, message: string): ApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}
