import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { JsonObject } from '../../kernel/kernel.ts';
import { invalidRequest, S3Error } from './errors.ts';
import { textOf } from './input.ts';

/** The algorithms of S3 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html). */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64 of the checksum's bytes, most significant first; of a composite with the number of parts behind it. */
  readonly value: string;
  /** Of the checksums of an upload's parts instead of the object's bytes. */
  readonly composite?: true;
}

/** The member that carries a checksum of the algorithm: `ChecksumCRC32`. */
export function checksumMember(algorithm: ChecksumAlgorithm): `Checksum${ChecksumAlgorithm}` {
  return `Checksum${algorithm}`;
}

/**
 * Compares bytes with the digests their sender gave, and answers the checksum to keep; undefined where none was given besides MD5.
 * Throws `BadDigest` where one differs.
 */
export function checkDigests(input: JsonObject, bytes: Uint8Array): Checksum | undefined {
  checkMd5(textOf(input, 'ContentMD5'), bytes);
  const given = CHECKSUM_ALGORITHMS.filter((algorithm) => textOf(input, checksumMember(algorithm)) !== undefined);
  if (given.length > 1) throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  const [algorithm] = given;
  if (algorithm === undefined) {
    if (textOf(input, 'ChecksumAlgorithm') !== undefined)
      throw invalidRequest(
        'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
      );
    return undefined;
  }
  const value = textOf(input, checksumMember(algorithm)) ?? '';
  if (value !== checksumOf(algorithm, bytes))
    throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, 400);
  return { algorithm, value };
}

function checkMd5(given: string | undefined, bytes: Uint8Array): void {
  if (given === undefined) return;
  if (Buffer.from(given, 'base64').length !== 16) throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400);
  if (given !== createHash('md5').update(bytes).digest('base64'))
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400);
}

export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  switch (algorithm) {
    case 'CRC32':
      return base64OfWord(crc32(bytes));
    case 'CRC32C':
      return base64OfWord(crc32c(bytes));
    case 'CRC64NVME':
      return crc64(bytes);
    case 'SHA1':
      return createHash('sha1').update(bytes).digest('base64');
    case 'SHA256':
      return createHash('sha256').update(bytes).digest('base64');
  }
}

function base64OfWord(...words: number[]): string {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, index * 4);
  return bytes.toString('base64');
}

const CASTAGNOLI = 0x82f63b78;
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ CASTAGNOLI : crc >>> 1;
  return crc;
});

function crc32c(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC32C_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc;
}

/** NVM Express's polynomial, reflected (https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-nvme). */
const NVME = 0x9a6c9329ac4bc9b5n;
const CRC64_HIGH = new Uint32Array(256);
const CRC64_LOW = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ NVME : crc >> 1n;
  CRC64_HIGH[byte] = Number(crc >> 32n);
  CRC64_LOW[byte] = Number(crc & 0xffffffffn);
}

/** In two halves of 32 bits: with `BigInt` the megabytes of an object would take seconds. */
function crc64(bytes: Uint8Array): string {
  let high = -1;
  let low = -1;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (CRC64_LOW[index] ?? 0);
    high = (high >>> 8) ^ (CRC64_HIGH[index] ?? 0);
  }
  return base64OfWord(~high, ~low);
}
