import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { parseDuration } from '../../duration.ts';
import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { KeySet } from './json-web-token.ts';

/** What a token shall say; bodies of `POST /_local/issuer/token`. */
export interface TokenRequest {
  readonly subject: string;
  readonly scopes?: readonly string[];
  /** An issuer of the template; may be left out where it has one. */
  readonly issuer?: string;
  /** Without it the first audience that the issuer's authorizer takes. */
  readonly audience?: string | readonly string[];
  /** ISO 8601 duration of at most a day, on the cloud's clock. Default an hour. */
  readonly lifetime?: string;
  /** Further claims. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A token as OAuth 2.0 answers it. */
export interface IssuedToken {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
}

/** An issuer that the template trusts, and for whom. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: readonly string[];
}

const MEMBERS: readonly string[] = ['subject', 'scopes', 'issuer', 'audience', 'lifetime', 'claims'];
const OWN_CLAIMS: readonly string[] = ['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'scope'];
const LIFETIME_DEFAULT = 'PT1H';
const DAY_MILLISECONDS = 86_400_000;
const TEXT_LENGTH_MAX = 256;
const LIST_LENGTH_MAX = 50;
const KEY_BITS = 2048;

/**
 * Stands in for the issuers that the template trusts: signs tokens in their name with a key of its own, which lasts as long as the store.
 * The key comes from the machine's entropy, not from the seed: whoever knows the seed shall not be able to sign. Nothing but the
 * signatures depends on it.
 */
export class LocalIssuer {
  readonly #kernel: Kernel;
  #key: { readonly kid: string; readonly privateKey: KeyObject } | undefined;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define('CREATE TABLE IF NOT EXISTS apigateway_issuer (kid TEXT PRIMARY KEY, private_key TEXT NOT NULL) WITHOUT ROWID;');
  }

  keySet(): KeySet {
    const { kid, privateKey } = this.#keyPair();
    return { keys: [{ ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] };
  }

  /** @throws AwsError `ValidationException` naming the member and its rule. */
  issue(given: unknown, trusted: readonly TrustedIssuer[]): IssuedToken {
    const request = checked(given);
    const { issuer, audience } = chosenIssuer(request, trusted);
    const lifetime = lifetimeOf(request.lifetime ?? LIFETIME_DEFAULT);
    const seconds = Math.floor(this.#kernel.now() / 1000);
    const scope = (request.scopes ?? []).join(' ');
    const token = this.#sign({
      ...request.claims,
      iss: issuer,
      sub: request.subject,
      ...(audience !== undefined && { aud: audience }),
      iat: seconds,
      nbf: seconds,
      exp: seconds + lifetime,
      ...(scope !== '' && { scope }),
    });
    return { access_token: token, token_type: 'Bearer', expires_in: lifetime, scope };
  }

  #sign(claims: object): string {
    const { kid, privateKey } = this.#keyPair();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', typ: 'JWT', kid })}.${part(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  }

  #keyPair(): { readonly kid: string; readonly privateKey: KeyObject } {
    this.#key ??= this.#stored() ?? this.#made();
    return this.#key;
  }

  #stored(): { kid: string; privateKey: KeyObject } | undefined {
    const row = this.#kernel.store.get<{ kid: string; private_key: string }>('SELECT kid, private_key FROM apigateway_issuer');
    return row && { kid: row.kid, privateKey: createPrivateKey(row.private_key) };
  }

  #made(): { kid: string; privateKey: KeyObject } {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
    const { e, n } = publicKey.export({ format: 'jwk' });
    // The key's thumbprint (RFC 7638).
    const kid = createHash('sha256')
      .update(JSON.stringify({ e, kty: 'RSA', n }))
      .digest('base64url');
    this.#kernel.store.run(
      'INSERT INTO apigateway_issuer (kid, private_key) VALUES (?, ?)',
      kid,
      privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    );
    return { kid, privateKey };
  }
}

function checked(given: unknown): TokenRequest {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw invalid('The body must be a JSON object.');
  const unknown = Object.keys(given).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw invalid(`${unknown} is no member: there are ${MEMBERS.join(', ')}.`);
  const { subject, scopes, issuer, audience, lifetime, claims } = given as Record<string, unknown>;
  if (!isText(subject)) throw invalid(`subject must be a text of 1 to ${TEXT_LENGTH_MAX} characters.`);
  if (scopes !== undefined && !(isTexts(scopes) && scopes.every((scope) => !/\s/.test(scope))))
    throw invalid(`scopes must be a list of at most ${LIST_LENGTH_MAX} texts without blanks.`);
  if (issuer !== undefined && !isText(issuer)) throw invalid('issuer must be a text.');
  if (audience !== undefined && !isText(audience) && !isTexts(audience)) throw invalid('audience must be a text or a list of texts.');
  if (lifetime !== undefined && !isText(lifetime)) throw invalid('lifetime must be an ISO 8601 duration.');
  if (claims !== undefined && (typeof claims !== 'object' || claims === null || Array.isArray(claims)))
    throw invalid('claims must be a JSON object.');
  const own = OWN_CLAIMS.find((name) => Object.hasOwn(claims ?? {}, name));
  if (own !== undefined) throw invalid(`claims must not hold ${own}: the other members say it.`);
  return given as TokenRequest;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= TEXT_LENGTH_MAX;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= LIST_LENGTH_MAX && value.every(isText);
}

function chosenIssuer(
  { issuer, audience }: TokenRequest,
  trusted: readonly TrustedIssuer[],
): { issuer: string; audience: string | readonly string[] | undefined } {
  const names = [...new Set(trusted.map((one) => one.issuer))];
  const only = names.length === 1 ? names[0] : undefined;
  const chosen = issuer ?? only;
  if (chosen === undefined || !names.includes(chosen))
    throw invalid(
      names.length === 0
        ? 'No authorizer takes tokens of an issuer that this one stands in for.'
        : `issuer must be one that this one stands in for: ${names.join(', ')}.`,
    );
  return { issuer: chosen, audience: audience ?? trusted.find((one) => one.issuer === chosen)?.audience[0] };
}

/** Whole seconds. */
function lifetimeOf(text: string): number {
  const milliseconds = parseDuration(text, 'lifetime');
  if (milliseconds < 1000 || milliseconds > DAY_MILLISECONDS) throw invalid('lifetime must be from a second to a day.');
  return Math.floor(milliseconds / 1000);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
