import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>>;

/** The public keys of an issuer, as its `jwks_uri` answers them. */
export interface KeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
}

/** What a JWT authorizer asks of a token. */
export interface ExpectedToken {
  readonly issuer?: string;
  readonly audience?: readonly string[];
}

/** What a token says, or why it counts for nothing: apart, because a token may claim anything under any name. */
export type ReadToken = { readonly claims: Claims; readonly refused?: never } | { readonly refused: string };

/** Only RSA-based algorithms are taken. */
const DIGESTS: Readonly<Record<string, string>> = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' };
const PARTS = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

/**
 * The claims of a token that was signed by one of the keys and is meant for this authorizer now; else why not, in lower case as API
 * Gateway writes it after `error_description`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
 *
 * @param now milliseconds since the epoch
 */
export function readToken(token: string, expected: ExpectedToken, { keys }: KeySet, now: number): ReadToken {
  const [, header = '', payload = '', signature = ''] = PARTS.exec(token) ?? [];
  const { alg, kid } = jsonIn(header) ?? {};
  const claims = jsonIn(payload);
  if (claims === undefined) return { refused: 'the token is malformed' };
  const digest = typeof alg === 'string' && Object.hasOwn(DIGESTS, alg) ? DIGESTS[alg] : undefined;
  if (digest === undefined) return { refused: `signing method ${describe(alg)} is invalid` };
  const key = keys.find((candidate) => candidate.kid !== undefined && candidate.kid === kid);
  if (key === undefined) return { refused: `no key of the issuer has the kid ${describe(kid)}` };
  if (!isSignedBy(key, digest, `${header}.${payload}`, signature)) return { refused: 'the signature is invalid' };
  const refused = refusalOf(claims, expected, now / 1000);
  return refused === undefined ? { claims } : { refused };
}

function refusalOf(claims: Claims, { issuer, audience }: ExpectedToken, seconds: number): string | undefined {
  if (issuer !== undefined && claims.iss !== issuer) return 'issuer does not match';
  const audiences = [claims.aud ?? claims.client_id].flat();
  if (audience !== undefined && !audiences.some((one) => typeof one === 'string' && audience.includes(one)))
    return 'the token does not have a valid audience';
  if (typeof claims.exp !== 'number' || claims.exp <= seconds) return 'the token has expired';
  if (claims.nbf !== undefined && !(typeof claims.nbf === 'number' && claims.nbf <= seconds)) return 'the token is not valid yet';
  if (claims.iat !== undefined && !(typeof claims.iat === 'number' && claims.iat <= seconds)) return 'the token was issued in the future';
  return undefined;
}

function isSignedBy(key: JsonWebKey, digest: string, text: string, signature: string): boolean {
  try {
    const publicKey = createPublicKey({ key, format: 'jwk' });
    // A key of another kind would verify by its own algorithm.
    return publicKey.asymmetricKeyType === 'rsa' && verify(digest, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

function jsonIn(part: string): Claims | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** A word of the token for a header: nothing that would end the quotation. */
function describe(word: unknown): string {
  return typeof word === 'string' ? word.replace(/[^\w.:-]/g, '?').slice(0, 64) : 'none';
}

/** The scopes in a token: `scope` is a text with blanks between, `scp` often a list. */
export function scopesIn(claims: Claims): string[] {
  const given = claims.scope ?? claims.scp;
  if (Array.isArray(given)) return given.filter((one) => typeof one === 'string');
  return typeof given === 'string' ? given.split(' ').filter((one) => one !== '') : [];
}

/** Claims as functions get them: every one a text, lists as `[a b]`. */
export function claimTexts(claims: Claims): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, Array.isArray(value) ? `[${value.map(text).join(' ')}]` : text(value)]),
  );
}

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
