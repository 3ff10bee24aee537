import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as its signer saw it; header names in lower case. */
export interface SignedRequest {
  readonly method: string;
  /** Percent-encoded, as on the wire. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | Uint8Array;
}

interface Signature {
  readonly accessKey: string;
  /** `20260302/us-east-1/execute-api/aws4_request` */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260302T010000Z` */
  readonly date: string;
  readonly lifetimeSeconds: number;
  readonly presigned: boolean;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const HEADER = /^AWS4-HMAC-SHA256 +Credential=([^/, ]+)\/([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]{64})$/;
/** A signature is good for five minutes around its time; a presigned address for as long as it says, at most seven days. */
const TOLERANCE_SECONDS = 300;
const PRESIGNED_SECONDS_MAX = 604_800;

/** Whether a request says that it is signed, whatever the signature is worth. */
export function claimsSignature(authorization: string | undefined, query: string): boolean {
  return authorization?.startsWith(ALGORITHM) === true || /(^|&)X-Amz-Signature=/.test(query);
}

/**
 * Who signed a request with Signature Version 4 for `execute-api`; else why it counts for nothing
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 *
 * @param secrets the secret of each access key
 * @param clocks milliseconds since the epoch; the signature must be in time by one of them
 */
export function readSignature(
  request: SignedRequest,
  secrets: Readonly<Record<string, string>>,
  region: string,
  clocks: readonly number[],
): { readonly accessKey: string } | { readonly refused: string } {
  const given = signatureIn(request);
  if (given === undefined) return { refused: 'the request is not signed, or not by Signature Version 4' };
  const { accessKey, scope, signedHeaders, date } = given;
  const secret = Object.hasOwn(secrets, accessKey) ? secrets[accessKey] : undefined;
  if (secret === undefined) return { refused: `the access key ${accessKey.slice(0, 128)} is not known` };
  if (scope !== `${date.slice(0, 8)}/${region}/execute-api/aws4_request`)
    return { refused: `the credential must be scoped to ${date.slice(0, 8)}/${region}/execute-api/aws4_request` };
  if (!signedHeaders.includes('host')) return { refused: 'the header host must be signed' };
  const signedAt = instantOf(date);
  if (signedAt === undefined || !clocks.some((now) => isInTime(given, signedAt, now)))
    return { refused: `the signature of ${date} is out of date` };
  const expected = Buffer.from(signatureOf(request, given, secret));
  return timingSafeEqual(expected, Buffer.from(given.signature)) ? { accessKey } : { refused: 'the signature does not match' };
}

function isInTime({ lifetimeSeconds, presigned }: Signature, signedAt: number, now: number): boolean {
  const age = (now - signedAt) / 1000;
  return age >= -TOLERANCE_SECONDS && age <= (presigned ? lifetimeSeconds : TOLERANCE_SECONDS);
}

function signatureIn({ headers, query }: SignedRequest): Signature | undefined {
  const [, accessKey, scope, names, signature] = HEADER.exec(headers.authorization ?? '') ?? [];
  if (accessKey !== undefined && scope !== undefined && names !== undefined && signature !== undefined)
    return {
      accessKey,
      scope,
      signature,
      signedHeaders: names.split(';'),
      date: headers['x-amz-date'] ?? basicDate(headers.date),
      lifetimeSeconds: 0,
      presigned: false,
    };
  const parameters = new URLSearchParams(query);
  const credential = parameters.get('X-Amz-Credential') ?? '';
  const slash = credential.indexOf('/');
  const lifetimeSeconds = Number(parameters.get('X-Amz-Expires'));
  const presignature = parameters.get('X-Amz-Signature') ?? '';
  if (parameters.get('X-Amz-Algorithm') !== ALGORITHM || slash < 0 || !/^[0-9a-f]{64}$/.test(presignature)) return undefined;
  if (!(lifetimeSeconds >= 1 && lifetimeSeconds <= PRESIGNED_SECONDS_MAX)) return undefined;
  return {
    accessKey: credential.slice(0, slash),
    scope: credential.slice(slash + 1),
    signature: presignature,
    signedHeaders: (parameters.get('X-Amz-SignedHeaders') ?? '').split(';'),
    date: parameters.get('X-Amz-Date') ?? '',
    lifetimeSeconds,
    presigned: true,
  };
}

function signatureOf(request: SignedRequest, { scope, signedHeaders, date }: Signature, secret: string): string {
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const text = [ALGORITHM, date, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<Buffer | string>((previous, part) => hmac(previous, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

/** Without empty and dot segments, and encoded once more: every service but S3 signs the path so. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .sort(([left, leftValue], [right, rightValue]) => compare(left, right) || compare(leftValue, rightValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All but letters, digits, and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A date of HTTP as the basic format of ISO 8601; empty where it is none. */
function basicDate(date: string | undefined): string {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? '' : new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}

function instantOf(date: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
