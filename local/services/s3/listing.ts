import type { JsonObject } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { Bucket } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import { flagOf, integerOf, oneOf, textOf } from './input.ts';
import { HIGHEST, type ObjectVersion, type Versions } from './versions.ts';

const PAGE_MAX = 1000;
const OWNER = { ID: ACCOUNT.padStart(64, '0') };

/** What one page of a list holds: objects and common prefixes in one order, and where the next page begins. */
interface Page {
  readonly objects: readonly ObjectVersion[];
  readonly prefixes: readonly string[];
  /** The last key or prefix of this page, where more follow. */
  readonly next?: string;
}

/** Behind a key, and of its versions behind the one of this number. */
interface Position {
  readonly key: string;
  readonly below: number;
}

interface VersionPage {
  readonly rows: readonly ObjectVersion[];
  readonly prefixes: readonly string[];
  /** The last version or prefix of this page, where more follow. */
  readonly next?: { readonly key: string; readonly version?: string };
}

const BUCKETS_MAX = 10_000;

/** What `ListBuckets` answers of all buckets, which are in the order of their names. */
export function listBuckets(buckets: readonly Bucket[], input: JsonObject): JsonObject {
  const token = textOf(input, 'ContinuationToken');
  const after = token === undefined ? '' : readToken(token);
  const prefix = textOf(input, 'Prefix') ?? '';
  const limit = Math.min(integerOf(input, 'MaxBuckets', 1, BUCKETS_MAX), BUCKETS_MAX);
  const here = (textOf(input, 'BucketRegion') ?? REGION) === REGION;
  const found = buckets.filter(({ name }) => here && name > after && name.startsWith(prefix));
  const page = found.slice(0, limit);
  return {
    Buckets: page.map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) })),
    Owner: { ID: ACCOUNT },
    Prefix: textOf(input, 'Prefix'),
    ContinuationToken: found.length > limit ? Buffer.from(page.at(-1)?.name ?? '').toString('base64') : undefined,
  };
}

/** Lists of objects and versions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html */
export class Listing {
  readonly #versions: Versions;

  constructor(versions: Versions) {
    this.#versions = versions;
  }

  listV2(bucket: Bucket, input: JsonObject): JsonObject {
    const token = textOf(input, 'ContinuationToken');
    const after = token === undefined ? (textOf(input, 'StartAfter') ?? '') : readToken(token);
    const { page, common, encode } = this.#list(bucket, input, after);
    const owner = flagOf(input, 'FetchOwner');
    return {
      ...common,
      StartAfter: encode(textOf(input, 'StartAfter')),
      ContinuationToken: token,
      NextContinuationToken: page.next === undefined ? undefined : Buffer.from(page.next).toString('base64'),
      KeyCount: page.objects.length + page.prefixes.length,
      ...entries(page, encode, owner),
    };
  }

  listV1(bucket: Bucket, input: JsonObject): JsonObject {
    const { page, common, encode } = this.#list(bucket, input, textOf(input, 'Marker') ?? '');
    return { ...common, Marker: encode(textOf(input, 'Marker') ?? ''), NextMarker: encode(page.next), ...entries(page, encode, true) };
  }

  listVersions(bucket: Bucket, input: JsonObject): JsonObject {
    const prefix = textOf(input, 'Prefix') ?? '';
    const delimiter = textOf(input, 'Delimiter') ?? '';
    const encode = encoderOf(input);
    const MaxKeys = pageSize(input);
    const marker = { key: textOf(input, 'KeyMarker') ?? '', version: textOf(input, 'VersionIdMarker') };
    if (marker.version !== undefined && marker.key === '')
      throw invalidArgument('A version-id marker cannot be specified without a key marker.', 'version-id-marker', marker.version);
    const page = this.#versionPage(bucket.name, prefix, delimiter, this.#after(bucket.name, marker), MaxKeys);
    const base = (row: ObjectVersion) => ({
      Key: encode(row.key),
      VersionId: row.version,
      IsLatest: row.latest,
      LastModified: new Date(row.at),
      Owner: OWNER,
    });
    return {
      Name: bucket.name,
      Prefix: encode(prefix),
      KeyMarker: encode(marker.key),
      VersionIdMarker: marker.version,
      MaxKeys,
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      EncodingType: textOf(input, 'EncodingType'),
      IsTruncated: page.next !== undefined,
      NextKeyMarker: encode(page.next?.key),
      NextVersionIdMarker: page.next?.version,
      Versions: page.rows.filter((row) => !row.marker).map((row) => ({ ...base(row), ...facts(row) })),
      DeleteMarkers: page.rows.filter((row) => row.marker).map(base),
      CommonPrefixes: page.prefixes.map((one) => ({ Prefix: encode(one) })),
    };
  }

  /** Where a page of versions begins. A version that was removed since had all that is left of its key behind it. */
  #after(bucket: string, { key, version }: { key: string; version: string | undefined }): Position {
    if (version === undefined) return { key, below: 0 };
    return { key, below: this.#versions.find(bucket, key, version)?.id ?? Number.MAX_SAFE_INTEGER };
  }

  #versionPage(bucket: string, prefix: string, delimiter: string, after: Position, limit: number): VersionPage {
    const rows: ObjectVersion[] = [];
    const prefixes: string[] = [];
    const behindGroup = delimiter !== '' && after.key.startsWith(prefix) && isGroup(after.key, prefix, delimiter);
    let position: Position = behindGroup ? { key: after.key + HIGHEST, below: 0 } : after;
    let last: VersionPage['next'];
    for (;;) {
      const room = limit - rows.length - prefixes.length;
      const found = this.#versions.history(bucket, prefix, position, room + 1);
      let jumped = false;
      for (const row of found) {
        if (rows.length + prefixes.length === limit) return { rows, prefixes, ...(last !== undefined && { next: last }) };
        const group = groupOf(row.key, prefix, delimiter);
        last = group === undefined ? { key: row.key, version: row.version } : { key: group };
        position = group === undefined ? { key: row.key, below: row.id } : { key: group + HIGHEST, below: 0 };
        if (group === undefined) rows.push(row);
        else {
          prefixes.push(group);
          jumped = true;
          break;
        }
      }
      if (!jumped && found.length <= room) return { rows, prefixes };
    }
  }

  #list(bucket: Bucket, input: JsonObject, after: string) {
    const prefix = textOf(input, 'Prefix') ?? '';
    const delimiter = textOf(input, 'Delimiter') ?? '';
    const MaxKeys = pageSize(input);
    const page = this.#page(bucket.name, prefix, delimiter, after, MaxKeys);
    const encode = encoderOf(input);
    const common: JsonObject = {
      Name: bucket.name,
      Prefix: encode(prefix),
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      MaxKeys,
      EncodingType: textOf(input, 'EncodingType'),
      IsTruncated: page.next !== undefined,
    };
    return { page, common, encode };
  }

  #page(bucket: string, prefix: string, delimiter: string, after: string, limit: number): Page {
    const objects: ObjectVersion[] = [];
    const prefixes: string[] = [];
    // What begins with a common prefix is passed over in one step; a page may also begin after such a prefix.
    let position = delimiter !== '' && after.startsWith(prefix) && isGroup(after, prefix, delimiter) ? after + HIGHEST : after;
    let last = after;
    for (;;) {
      const room = limit - objects.length - prefixes.length;
      const rows = this.#versions.current(bucket, prefix, position, room + 1);
      let jumped = false;
      for (const row of rows) {
        if (objects.length + prefixes.length === limit) return { objects, prefixes, ...(limit > 0 && { next: last }) };
        const group = groupOf(row.key, prefix, delimiter);
        last = group ?? row.key;
        position = group === undefined ? row.key : group + HIGHEST;
        if (group === undefined) objects.push(row);
        else {
          prefixes.push(group);
          jumped = true;
          break;
        }
      }
      if (!jumped && rows.length <= room) return { objects, prefixes };
    }
  }
}

/** The key up to the first delimiter after the prefix; undefined where there is none. */
function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

function isGroup(text: string, prefix: string, delimiter: string): boolean {
  return groupOf(text, prefix, delimiter) === text;
}

function entries(page: Page, encode: (text: string) => string, owner: boolean): JsonObject {
  return {
    Contents: page.objects.map((object) => ({
      Key: encode(object.key),
      LastModified: new Date(object.at),
      ...facts(object),
      ...(owner && { Owner: OWNER }),
    })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function facts(object: ObjectVersion): JsonObject {
  const { checksum, storageClass } = object.attributes;
  return {
    ETag: `"${object.etag}"`,
    ...(checksum && { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: 'FULL_OBJECT' }),
    Size: object.size,
    StorageClass: storageClass,
  };
}

function pageSize(input: JsonObject): number {
  return Math.min(integerOf(input, 'MaxKeys', 0, PAGE_MAX), PAGE_MAX);
}

interface Encoder {
  (text: string): string;
  (text: string | undefined): string | undefined;
}

/** XML cannot hold every character of a key; clients that know it ask for percent-encoding. */
function encoderOf(input: JsonObject): Encoder {
  const url = oneOf(input, 'EncodingType', ['url'] as const) === 'url';
  const encode = (text: string | undefined) => (url && text !== undefined ? encodeURIComponent(text).replaceAll('%2F', '/') : text);
  return encode as Encoder;
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (text === '' || Buffer.from(text).toString('base64') !== token)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  return text;
}
