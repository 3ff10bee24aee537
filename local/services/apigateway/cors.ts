import type { ApiRequest, ApiResponse } from './apigateway-service.ts';

/**
 * What an API tells browsers of other origins (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html). With it the
 * gateway answers preflight requests that no route of the API takes, and speaks in the place of the integration.
 */
export interface CorsConfiguration {
  /** `https://www.example.com`, `https://*` or `*`. */
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  /** Seconds that a browser may keep the answer to a preflight request. */
  readonly maxAge?: number;
}

const PREFIX = 'access-control-';

/** Whether a browser asks what it may ask: both headers must be there. */
export function isPreflight({ method, headers }: ApiRequest): boolean {
  return method === 'OPTIONS' && headers?.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** The answer to a preflight request; without a header of CORS where the origin is none of the allowed ones. */
export function answerPreflight(cors: CorsConfiguration, request: ApiRequest): ApiResponse {
  const allowed = allowedOrigin(cors, request);
  if (allowed === undefined) return { status: 204, headers: {}, body: '' };
  const headers = {
    ...allowed,
    ...listed('allow-methods', cors.allowMethods),
    ...listed('allow-headers', cors.allowHeaders),
    ...(cors.maxAge !== undefined && { [`${PREFIX}max-age`]: String(cors.maxAge) }),
  };
  return { status: 204, headers, body: '' };
}

/** An answer as a browser gets it: what the integration says of CORS counts for nothing. */
export function withCors(cors: CorsConfiguration, request: ApiRequest, response: ApiResponse): ApiResponse {
  const own = Object.entries(response.headers).filter(([name]) => !name.startsWith(PREFIX));
  const allowed = allowedOrigin(cors, request);
  const added = allowed === undefined ? {} : { ...allowed, ...listed('expose-headers', cors.exposeHeaders) };
  return { ...response, headers: { ...Object.fromEntries(own), ...added } };
}

function allowedOrigin(cors: CorsConfiguration, { headers }: ApiRequest): Record<string, string> | undefined {
  const origin = headers?.origin;
  if (origin === undefined) return undefined;
  const rule = cors.allowOrigins.find(
    (allowed) => allowed === origin || (allowed.endsWith('*') && origin.startsWith(allowed.slice(0, -1))),
  );
  if (rule === undefined) return undefined;
  return {
    [`${PREFIX}allow-origin`]: rule === '*' ? '*' : origin,
    ...(cors.allowCredentials && { [`${PREFIX}allow-credentials`]: 'true' }),
  };
}

function listed(name: string, values: readonly string[]): Record<string, string> {
  return values.length === 0 ? {} : { [PREFIX + name]: values.join(',') };
}

/** What is wrong with a configuration; undefined where nothing is. */
export function corsProblem({ allowOrigins, allowCredentials, maxAge }: CorsConfiguration): string | undefined {
  const odd = allowOrigins.find((origin) => origin !== '*' && !/^[a-z][a-z0-9+.-]*:\/\/(\*|[^*/\s]+)$/i.test(origin));
  if (odd !== undefined) return `AllowOrigins: ${odd} is no origin, nor one of *, http://* and https://*`;
  // As CDK's HttpApi refuses it; a browser takes no `*` for a request with credentials.
  if (allowCredentials && allowOrigins.includes('*')) return 'AllowCredentials cannot be true where AllowOrigins has *';
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= -1 && maxAge <= 86_400)) return 'MaxAge must be -1 to 86400 seconds';
  return undefined;
}
