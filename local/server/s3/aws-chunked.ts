import { S3Error } from '../../services/s3/errors.ts';

const CRLF = '\r\n';

/** A body that arrived in signed or unsigned chunks. */
export interface Unchunked {
  readonly bytes: Buffer;
  /** The headers behind the last chunk, names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Takes a body out of its `aws-chunked` coding; the signatures of the chunks are not verified
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html).
 */
export function unchunk(body: Buffer): Unchunked {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const end = body.indexOf(CRLF, position);
    const size = /^([0-9a-f]{1,8})(;|$)/i.exec(end < 0 ? '' : body.toString('latin1', position, end))?.[1];
    if (size === undefined) throw incomplete('A chunk does not begin with its size.');
    const length = Number.parseInt(size, 16);
    const start = end + CRLF.length;
    if (length === 0) return { bytes: Buffer.concat(parts), trailers: readTrailers(body.toString('latin1', start)) };
    if (start + length + CRLF.length > body.length) throw incomplete('A chunk is shorter than its size.');
    parts.push(body.subarray(start, start + length));
    position = start + length + CRLF.length;
  }
}

function readTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  // Some clients end a trailer with a line feed alone.
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

function incomplete(why: string): S3Error {
  return new S3Error('IncompleteBody', `The request body terminated unexpectedly. ${why}`, 400);
}
