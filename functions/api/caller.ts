import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { SCOPES, type Scope } from '../contract/scopes.ts';

/** Who asks, by what API Gateway checked: a person or a customer with a token, a system of the bank, or the operator of one machine. */

/** How the bank's issuer writes scopes and customers into tokens. */
export interface TokenRules {
  /** Stands before each scope, such as the identifier of a resource server: `collections/`. */
  readonly scopePrefix: string;
  /** The claim that holds the id of the customer for whom the token was issued. */
  readonly customerClaim: string;
}

export type Caller =
  /** Signed by IAM, or nobody asked (the embedded cloud without `AUTH=on`): acts for others, whom the body names. */
  | { readonly kind: 'system' }
  | {
      readonly kind: 'token';
      readonly subject: string | undefined;
      readonly scopes: readonly Scope[];
      readonly customerId: string | undefined;
    };

/**
 * The caller of a request. Claims are what the authorizer handed on: texts, also where the token had numbers or lists.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function callerOf(event: APIGatewayProxyEventV2, rules: TokenRules): Caller {
  const { authorizer } = event.requestContext as { authorizer?: { jwt?: { claims?: Readonly<Record<string, unknown>> } } };
  const jwt = authorizer?.jwt;
  if (jwt === undefined) return { kind: 'system' };
  const claims = jwt.claims ?? {};
  const given = namesIn(claims.scope ?? claims.scp);
  return {
    kind: 'token',
    subject: textIn(claims.sub),
    scopes: SCOPES.filter((scope) => given.includes(`${rules.scopePrefix}${scope}`)),
    customerId: textIn(claims[rules.customerClaim]),
  };
}

function textIn(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

/** `scope` is a text with blanks between, `scp` often a list; API Gateway hands a list on as `[a b]`. */
function namesIn(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.filter((name) => typeof name === 'string');
  if (typeof claim !== 'string') return [];
  return claim
    .replace(/^\[(.*)\]$/, '$1')
    .split(/[\s,]+/)
    .filter((name) => name !== '');
}
