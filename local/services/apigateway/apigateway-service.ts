import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { Authorization, type AuthorizationOptions, type Authorizer, trustedIssuers } from './authorize.ts';
import { answerPreflight, type CorsConfiguration, isPreflight, withCors } from './cors.ts';
import { proxyEvent } from './event.ts';
import type { IssuedToken } from './issuer.ts';
import type { KeySet } from './json-web-token.ts';
import { gatewayProblem, responseOf } from './response.ts';
import { matchRoute, parseRouteKey, type RouteKey } from './routes.ts';

interface Route {
  readonly key: RouteKey;
  readonly functionName: string;
  readonly authorizer: Authorizer;
  /** How long the integration may take by the cloud's clock; without it as long as any may. */
  readonly timeoutMilliseconds?: number;
}

interface Stage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** One HTTP API of the template. */
export interface HttpApi {
  readonly id: string;
  readonly name: string;
  readonly cors?: CorsConfiguration;
  readonly routes: Route[];
  /** By name. */
  readonly stages: Map<string, Stage>;
}

interface Match {
  readonly api: HttpApi;
  readonly stage: Stage;
  readonly route: Route;
  readonly parameters: Record<string, string>;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const TIMEOUT_MILLISECONDS_MAX = 30_000;
const DEFAULT_STAGE: Stage = { name: '$default', variables: {} };

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

  createApi(id: string, name: string, cors?: CorsConfiguration): void {
    this.#apis.set(id, { id, name, ...(cors !== undefined && { cors }), routes: [], stages: new Map() });
  }

  /** Serves the routes of an API below `/<name>`, or, as `$default`, at its root. An API that has no stage is served at its root. */
  addStage(apiId: string, name: string, variables: Readonly<Record<string, string>>): void {
    this.#existing(apiId).stages.set(name, { name, variables });
  }

  addRoute(apiId: string, routeKey: string, route: Omit<Route, 'key'>): void {
    this.#existing(apiId).routes.push({ ...route, key: parseRouteKey(routeKey) });
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
    if (found === undefined) {
      const cors = isPreflight(request) ? this.#corsFor(request) : undefined;
      return cors === undefined ? gatewayProblem(404, 'Not Found') : answerPreflight(cors, request);
    }
    const { cors } = found.api;
    const response = await this.#answer(request, found);
    return cors === undefined ? response : withCors(cors, request, response);
  }

  async #answer(request: ApiRequest, { api, stage, route, parameters }: Match): Promise<ApiResponse> {
    const authorized = this.#authorization.authorize(request, route.authorizer);
    if ('refusal' in authorized) return { ...authorized.refusal, reason: authorized.reason };
    const now = this.#kernel.now();
    const requestId = this.#kernel.uuid();
    const event = proxyEvent({
      request,
      apiId: api.id,
      routeKey: route.key.text,
      stage,
      pathParameters: parameters,
      authorizer: authorized.authorizer,
      requestId,
      now,
    });
    const answer = await this.#inTime(now + (route.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS_MAX), this.#invoke(route, event));
    return { ...answer, headers: { ...answer.headers, 'apigw-requestid': requestId } };
  }

  /** What the integration answers, unless its time is over before; the function goes on then. */
  async #inTime(deadline: number, answer: Promise<ApiResponse>): Promise<ApiResponse> {
    const late = Promise.withResolvers<ApiResponse>();
    const giveUp = () => late.resolve(gatewayProblem(503, 'Service Unavailable'));
    // An answer of the very instant still counts.
    const reminder = this.#kernel.remind(deadline, `${this.name} integration`, () =>
      this.#kernel.postBehind(`${this.name} integration`, giveUp),
    );
    try {
      return await Promise.race([answer, late.promise]);
    } finally {
      this.#kernel.forget(reminder);
    }
  }

  async #invoke({ functionName }: Route, event: JsonObject): Promise<ApiResponse> {
    try {
      const input = { FunctionName: functionName, Payload: JSON.stringify(event) };
      const output = (await this.#kernel.call('lambda', 'Invoke', input, 'apigateway')) as { Payload?: string; FunctionError?: string };
      return output.FunctionError === undefined ? responseOf(output.Payload ?? 'null') : gatewayProblem(500, 'Internal Server Error');
    } catch (error) {
      return error instanceof AwsError && error.status === 429
        ? gatewayProblem(503, 'Service Unavailable')
        : gatewayProblem(500, 'Internal Server Error');
    }
  }

  #find(request: ApiRequest): Match | undefined {
    const wanted = this.#authorization.wanted(request);
    let second: Match | undefined;
    for (const api of this.#apis.values()) {
      const match = matchIn(api, request.method, request.path);
      if (match === undefined) continue;
      if (match.route.authorizer.type === wanted) return match;
      second ??= match;
    }
    return second;
  }

  /** What is said of the request that a browser asks about: by the API that would take it, else by the first that says anything. */
  #corsFor({ headers, path }: ApiRequest): CorsConfiguration | undefined {
    const apis = [...this.#apis.values()].filter(({ cors }) => cors !== undefined);
    const method = headers?.['access-control-request-method'] ?? '';
    return (apis.find((api) => matchIn(api, method, path) !== undefined) ?? apis[0])?.cors;
  }

  #existing(apiId: string): HttpApi {
    const api = this.#apis.get(apiId);
    if (api === undefined) throw new Error(`There is no HTTP API ${apiId}.`);
    return api;
  }
}

/** The route of an API for a path, which begins with the stage where that has a name. */
function matchIn(api: HttpApi, method: string, path: string): Match | undefined {
  const [, first = ''] = path.split('/', 2);
  const named = first === '$default' ? undefined : api.stages.get(first);
  const stage = named ?? (api.stages.size === 0 ? DEFAULT_STAGE : api.stages.get('$default'));
  if (stage === undefined) return undefined;
  const match = matchRoute(api.routes, method, named === undefined ? path : path.slice(first.length + 1));
  return match && { api, stage, ...match };
}
