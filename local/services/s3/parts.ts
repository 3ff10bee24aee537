import type { JsonObject } from '../../kernel/kernel.ts';
import { CHECKSUM_ALGORITHMS, type Checksum, type ChecksumAlgorithm, checksumMember, checksumOf } from './checksums.ts';
import { invalidArgument, invalidRequest, malformedXml, S3Error } from './errors.ts';
import { integerOf, textOf } from './input.ts';

/** An upload in parts that was begun. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly at: number;
  /** The input it was begun with: what the object will be besides its bytes. */
  readonly input: string;
  readonly algorithm: ChecksumAlgorithm | null;
  readonly composite: number;
}

/** A part of it, without its bytes. */
export interface Part {
  readonly number: number;
  readonly at: number;
  readonly size: number;
  readonly etag: string;
  readonly checksum: string | null;
}

export const PART_NUMBER_MAX = 10_000;

/** The SHAs know composites only, CRC64NVME only whole objects; the other sums are composites unless told otherwise. */
export function isComposite(algorithm: ChecksumAlgorithm | undefined, type: 'COMPOSITE' | 'FULL_OBJECT' | undefined): boolean {
  if (algorithm === undefined) return false;
  const only = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : algorithm.startsWith('SHA') ? 'COMPOSITE' : undefined;
  if (only !== undefined && type !== undefined && type !== only)
    throw invalidRequest(`The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`);
  return (only ?? type ?? 'COMPOSITE') === 'COMPOSITE';
}

export function checksumOfWhole({ algorithm, composite }: Upload, parts: readonly Part[], body: Uint8Array): Checksum | undefined {
  if (algorithm === null) return undefined;
  if (composite === 0) return { algorithm, value: checksumOf(algorithm, body) };
  const sums = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum ?? '', 'base64')));
  return { algorithm, value: `${checksumOf(algorithm, sums)}-${parts.length}`, composite: true };
}

/** What the client says of the whole must be true. */
export function assertWhole(input: JsonObject, body: Uint8Array, checksum: Checksum | undefined): void {
  const size = textOf(input, 'MpuObjectSize');
  if (size !== undefined && Number(size) !== body.byteLength)
    throw invalidRequest(`The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${body.byteLength}`);
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const given = textOf(input, checksumMember(algorithm));
    if (
      given !== undefined &&
      given.split('-')[0] !== (checksum?.algorithm === algorithm ? checksum.value : checksumOf(algorithm, body)).split('-')[0]
    )
      throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, 400);
  }
}

export function partNumberIn(input: JsonObject): number {
  const number = integerOf(input, 'PartNumber', 1, 0);
  if (number >= 1 && number <= PART_NUMBER_MAX) return number;
  const given = textOf(input, 'PartNumber') ?? '';
  throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', given);
}

export function partsIn(given: unknown): JsonObject[] {
  const parts = (given as { Parts?: unknown } | undefined)?.Parts;
  if (
    !Array.isArray(parts) ||
    parts.length === 0 ||
    parts.length > PART_NUMBER_MAX ||
    parts.some((part) => typeof part !== 'object' || part === null)
  )
    throw malformedXml();
  return parts as JsonObject[];
}

export function unquoted(etag: string | undefined): string | undefined {
  return etag?.replace(/^"(.*)"$/, '$1');
}
