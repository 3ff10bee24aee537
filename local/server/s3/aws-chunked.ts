import { S3Error } from '../../services/s3/errors.ts';

const CRLF = '\r\n';
/** Of all chunks but the last (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). */
const CHUNK_BYTES_MIN = 8192;
const TRAILERS_BYTES_MAX = 16_384;

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
  let [before, count] = [CHUNK_BYTES_MIN, 0];
  for (;;) {
    const end = body.indexOf(CRLF, position);
    const size = /^([0-9a-f]{1,8})(;|$)/i.exec(end < 0 ? '' : body.toString('latin1', position, end))?.[1];
    if (size === undefined) throw incomplete('A chunk does not begin with its size.');
    const length = Number.parseInt(size, 16);
    const start = end + CRLF.length;
    if (length === 0) return { bytes: Buffer.concat(parts), trailers: readTrailers(body.subarray(start)) };
    count += 1;
    if (before < CHUNK_BYTES_MIN) throw tooSmall(before, count);
    before = length;
    if (start + length + CRLF.length > body.length) throw incomplete('A chunk is shorter than its size.');
    parts.push(body.subarray(start, start + length));
    position = start + length + CRLF.length;
  }
}

function readTrailers(bytes: Buffer): Record<string, string> {
  if (bytes.length > TRAILERS_BYTES_MAX) throw incomplete('What comes behind the last chunk is too large.');
  const text = bytes.toString('latin1');
  const trailers: Record<string, string> = Object.create(null);
  // Some clients end a trailer with a line feed alone.
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

/** As recorded: the number is that of the chunk behind the small one (https://github.com/versity/versitygw/issues/1683). */
function tooSmall(BadChunkSize: number, Chunk: number): S3Error {
  return new S3Error('InvalidChunkSizeError', `Only the last chunk is allowed to have a size less than ${CHUNK_BYTES_MIN} bytes`, 403, {
    Chunk,
    BadChunkSize,
  });
}

function incomplete(why: string): S3Error {
  return new S3Error('IncompleteBody', `The request body terminated unexpectedly. ${why}`, 400);
}
