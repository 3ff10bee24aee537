import { invalidArgument, S3Error } from './errors.ts';

/** A part of an object's bytes; both ends inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Reads the bytes that `UploadPartCopy` takes of its source: both ends are needed, and must be there. */
export function readCopyRange(text: string | undefined, size: number): ByteRange | undefined {
  if (text === undefined) return undefined;
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (from === undefined || last < first)
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      text,
    );
  if (last >= size)
    throw invalidArgument(`Range specified is not valid for source object of size: ${size}`, 'x-amz-copy-source-range', text);
  return { first, last };
}

/**
 * Reads a `Range` header. Undefined means the whole object: none was asked for, several at once (which S3 does not answer), or what
 * was asked for is no range, which RFC 9110 says to ignore. A range beyond the end is `InvalidRange`.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null || match[0] === 'bytes=-') return undefined;
  const [, from = '', to = ''] = match;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (first >= size || last < first)
    throw new S3Error(
      'InvalidRange',
      'The requested range is not satisfiable',
      416,
      { RangeRequested: header, ActualObjectSize: size },
      { 'content-range': `bytes */${size}` },
    );
  return { first, last };
}
