import { S3Error } from './errors.ts';

/** A part of an object's bytes; both ends inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
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
