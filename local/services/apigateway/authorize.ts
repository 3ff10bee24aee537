import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { ApiRequest, ApiResponse } from './apigateway-service.ts';
import { LocalIssuer, type TrustedIssuer } from './issuer.ts';
import { claimTexts, type KeySet, readToken, scopesIn } from './json-web-token.ts';
import { claimsSignature, readSignature } from './signature.ts';

export interface Authorizer {
  readonly type: 'JWT' | 'AWS_IAM' | 'NONE';
  readonly issuer?: string;
  readonly audience?: readonly string[];
  readonly scopes?: readonly string[];
  /** Where the token is: `$request.header.Authorization` unless the template says otherwise. */
  readonly identitySource?: readonly string[];
}

export interface AuthorizationOptions {
  /** Whether the HTTP API asks who calls. */
  readonly authorization?: boolean;
  /** The keys of issuers that sign for themselves, by issuer; the cloud's own issuer stands in for all others. */
  readonly issuerKeys?: Readonly<Record<string, KeySet>>;
  /** The secret of each access key that may sign requests. Default: that of functions, `local` with the secret `local`. */
  readonly credentials?: Readonly<Record<string, string>>;
}

/** What a function learns of its caller, or what the caller is answered, and why. */
export type Authorized = { readonly authorizer?: JsonObject } | { readonly refusal: ApiResponse; readonly reason: string };

const CREDENTIALS_DEFAULT = { local: 'local' };
const HEADER_SOURCE = '$request.header.';
const QUERY_SOURCE = '$request.querystring.';
const SOURCES_DEFAULT: readonly string[] = [`${HEADER_SOURCE}Authorization`];

/** Says who calls an HTTP API. Without `authorization` it asks nobody. */
export class Authorization {
  readonly issuer: LocalIssuer;
  readonly #kernel: Kernel;
  readonly #options: AuthorizationOptions;

  constructor(kernel: Kernel, options: AuthorizationOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.issuer = new LocalIssuer(kernel);
  }

  /** The kind of authorizer that a request has something for, where APIs of several kinds have its route. */
  wanted({ headers, query = '' }: ApiRequest): 'JWT' | 'AWS_IAM' {
    const given = headers?.authorization;
    return this.#options.authorization === true && given !== undefined && !claimsSignature(given, query) ? 'JWT' : 'AWS_IAM';
  }

  /** Whether tokens of an issuer are signed here. */
  standsInFor(issuer: string): boolean {
    return this.#options.issuerKeys?.[issuer] === undefined;
  }

  authorize(request: ApiRequest, authorizer: Authorizer): Authorized {
    if (this.#options.authorization !== true || authorizer.type === 'NONE') return {};
    return authorizer.type === 'AWS_IAM' ? this.#bySignature(request) : this.#byToken(request, authorizer);
  }

  #bySignature(request: ApiRequest): Authorized {
    const signed = readSignature(
      {
        method: request.method,
        path: request.signedPath ?? request.path,
        query: request.query ?? '',
        headers: request.headers ?? {},
        body: request.body ?? '',
      },
      this.#options.credentials ?? CREDENTIALS_DEFAULT,
      REGION,
      // Clients sign by their own clock, which is the machine's.
      [this.#kernel.now(), this.#kernel.machineNow()],
    );
    if ('refused' in signed) return refuse(403, 'Forbidden', signed.refused);
    const { accessKey } = signed;
    return {
      authorizer: {
        iam: {
          accessKey,
          accountId: ACCOUNT,
          callerId: accessKey,
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: `arn:aws:iam::${ACCOUNT}:user/${accessKey}`,
          userId: accessKey,
        },
      },
    };
  }

  #byToken(request: ApiRequest, authorizer: Authorizer): Authorized {
    const required = authorizer.scopes ?? [];
    const token = tokenIn(request, authorizer.identitySource ?? SOURCES_DEFAULT);
    if (token === undefined) return refuse(401, 'Unauthorized', 'there is no token', 'Bearer');
    const read = readToken(token, authorizer, this.#keysOf(authorizer), this.#kernel.now());
    if (read.refused !== undefined) {
      const challenge = `Bearer scope="${required.join(' ')}" error="invalid_token" error_description="${read.refused}"`;
      return refuse(401, 'Unauthorized', read.refused, challenge);
    }
    const scopes = scopesIn(read.claims);
    if (required.length > 0 && !required.some((scope) => scopes.includes(scope))) {
      const challenge = `Bearer scope="${required.join(' ')}" error="insufficient_scope" error_description="the token has none of the scopes"`;
      return refuse(403, 'Forbidden', `the token has none of the scopes ${required.join(' ')}`, challenge);
    }
    return { authorizer: { jwt: { claims: claimTexts(read.claims), scopes: required.length > 0 ? scopes : null } } };
  }

  #keysOf({ issuer }: Authorizer): KeySet {
    return (issuer === undefined ? undefined : this.#options.issuerKeys?.[issuer]) ?? this.issuer.keySet();
  }
}

/** The token in the first place that has one, with or without `Bearer` before it. */
function tokenIn({ headers = {}, query }: ApiRequest, sources: readonly string[]): string | undefined {
  for (const source of sources) {
    const given = source.startsWith(HEADER_SOURCE)
      ? headers[source.slice(HEADER_SOURCE.length).toLowerCase()]
      : new URLSearchParams(query).get(source.slice(QUERY_SOURCE.length));
    const token = given?.replace(/^Bearer +/i, '').trim();
    if (token !== undefined && token !== '') return token;
  }
  return undefined;
}

/** Where an authorizer may look for tokens. */
export function isIdentitySource(source: string): boolean {
  return /^\$request\.(header|querystring)\.[\w-]+$/.test(source);
}

function refuse(status: number, message: string, reason: string, challenge?: string): Authorized {
  return {
    reason,
    refusal: {
      status,
      headers: { 'content-type': 'application/json', ...(challenge !== undefined && { 'www-authenticate': challenge }) },
      body: JSON.stringify({ message }),
    },
  };
}

/** The issuers of authorizers that the cloud's own stands in for. */
export function trustedIssuers(authorizers: Iterable<Authorizer>, authorization: Authorization): TrustedIssuer[] {
  const trusted = new Map<string, Set<string>>();
  for (const { issuer, audience = [] } of authorizers) {
    if (issuer === undefined || !authorization.standsInFor(issuer)) continue;
    const audiences = trusted.get(issuer) ?? new Set();
    for (const one of audience) audiences.add(one);
    trusted.set(issuer, audiences);
  }
  return [...trusted].map(([issuer, audience]) => ({ issuer, audience: [...audience] }));
}
