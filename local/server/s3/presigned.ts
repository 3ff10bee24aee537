import { S3Error } from '../../services/s3/errors.ts';

const NEEDED = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Expires'];
const SECONDS_MAX = 604_800;
/** S3 takes a request whose clock is so far ahead of its own. */
const AHEAD_SECONDS_MAX = 900;

/**
 * Throws where a link that was signed beforehand is not good now
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html). What it was signed with is not looked at.
 *
 * @param clocks milliseconds since the epoch; the link must be good by one of them. The first tells what is wrong.
 */
export function assertLinkInTime(query: string, clocks: readonly [number, ...number[]]): void {
  const parameters = new URLSearchParams(query);
  const [from, until, stated] = parameters.has('X-Amz-Credential') ? ofVersion4(parameters) : ofVersion2(parameters);
  if (clocks.some((now) => now >= from - AHEAD_SECONDS_MAX * 1000 && now <= until)) return;
  const [now] = clocks;
  throw new S3Error('AccessDenied', now > until ? 'Request has expired' : 'Request is not valid yet', 403, {
    ...stated,
    Expires: new Date(until).toISOString(),
    ServerTime: new Date(now).toISOString(),
  });
}

type Lifetime = [from: number, until: number, stated: Record<string, string>];

function ofVersion4(parameters: URLSearchParams): Lifetime {
  if (NEEDED.some((name) => !parameters.has(name)))
    throw refused(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(parameters.get('X-Amz-Date') ?? '') ?? [];
  const from = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(from)) throw refused("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const text = parameters.get('X-Amz-Expires') ?? '';
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(seconds)) throw refused('X-Amz-Expires should be a number');
  if (seconds < 0) throw refused('X-Amz-Expires must be non-negative');
  if (seconds > SECONDS_MAX)
    throw refused('X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds');
  return [from, from + seconds * 1000, { 'X-Amz-Expires': text }];
}

/** Of version 2 only the end is known, in seconds since the epoch. */
function ofVersion2(parameters: URLSearchParams): Lifetime {
  const seconds = Number(parameters.get('Expires') ?? '');
  if (!Number.isSafeInteger(seconds) || seconds <= 0 || seconds > 8.64e12)
    throw new S3Error('AccessDenied', 'Invalid date (should be seconds since epoch)', 403);
  return [0, seconds * 1000, {}];
}

function refused(message: string): S3Error {
  return new S3Error('AuthorizationQueryParametersError', message, 400);
}
