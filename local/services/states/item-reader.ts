import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { DELIMITERS, parseCsv, underHeaders } from './csv.ts';
import type { Engine } from './engine.ts';
import { ITEM_READER, StateError } from './errors.ts';
import type { Execution } from './execution.ts';
import { isObject, parseJson } from './json.ts';
import { type Item, itemsOf } from './map-items.ts';

/** The `ItemReader` of a distributed Map, evaluated. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
export interface ItemReader {
  readonly Resource: string;
  readonly Arguments: JsonObject;
  readonly ReaderConfig?: JsonObject;
}

/** Reads the items of a dataset in S3. Throws `States.ItemReaderFailed`. */
export async function readItems(engine: Engine, x: Execution, reader: ItemReader): Promise<Item[]> {
  const config = reader.ReaderConfig ?? {};
  const most = limitOf(config);
  const { Bucket: bucket } = reader.Arguments;
  if (reader.Resource.endsWith(':s3:getObject')) return (await itemsOfObject(engine, x, reader.Arguments, config, most)).slice(0, most);
  const listed = await list(engine, x, reader.Arguments, config.Transformation === 'LOAD_AND_FLATTEN' ? Number.POSITIVE_INFINITY : most);
  if (config.Transformation !== 'LOAD_AND_FLATTEN')
    return listed.map((value) => ({ value, key: undefined, source: `S3://${String(bucket)}` }));
  const items: Item[] = [];
  for (const { Key } of listed) {
    if (items.length >= most) break;
    for (const item of await itemsOfObject(engine, x, { Bucket: bucket, Key }, config, most)) items.push(item);
  }
  return items.slice(0, most);
}

function fail(cause: string): StateError {
  return new StateError(ITEM_READER, cause);
}

/** Nothing and 0 mean all. */
function limitOf({ MaxItems: most }: JsonObject): number {
  if (most === undefined || most === 0) return Number.POSITIVE_INFINITY;
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 0)
    throw fail(`MaxItems must be a positive integer but was: ${JSON.stringify(most)}`);
  return most;
}

async function call(engine: Engine, x: Execution, operation: string, input: JsonObject): Promise<JsonObject> {
  try {
    return (await engine.kernel.call('s3', operation, input, `states:${x.arn}`)) as JsonObject;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw fail(`${error.message} (Service: S3, Status Code: ${error.status}, Error Code: ${error.code})`);
  }
}

async function list(engine: Engine, x: Execution, given: JsonObject, most: number): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  let token: unknown;
  do {
    const page = await call(engine, x, 'ListObjectsV2', { ...given, ...(token === undefined ? {} : { ContinuationToken: token }) });
    for (const { ETag, Key, LastModified, Size, StorageClass } of (page.Contents ?? []) as JsonObject[])
      found.push({ Etag: ETag, Key, LastModified: Math.floor((LastModified as Date).getTime() / 1000), Size, StorageClass });
    token = page.NextContinuationToken;
  } while (token !== undefined && found.length < most);
  return found.slice(0, most);
}

/** An object, unpacked where its name says that it is packed. */
async function bytesOf(engine: Engine, x: Execution, given: JsonObject): Promise<Buffer> {
  const { Body: body } = await call(engine, x, 'GetObject', given);
  const bytes = Buffer.from(body as Uint8Array);
  const unpack = UNPACK[/\.\w+$/.exec(String(given.Key))?.[0] ?? ''];
  if (unpack === undefined) return bytes;
  try {
    return unpack(bytes, { maxOutputLength: UNPACKED_MAX });
  } catch (error) {
    throw fail(`The file '${String(given.Key)}' cannot be unpacked: ${(error as Error).message}`);
  }
}

const UNPACKED_MAX = 256 * 1_048_576;

type Unpack = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

const UNPACK: Readonly<Record<string, Unpack>> = { '.gz': gunzipSync, '.zst': zstdDecompressSync };

async function itemsOfObject(engine: Engine, x: Execution, given: JsonObject, config: JsonObject, most: number): Promise<Item[]> {
  const bytes = await bytesOf(engine, x, given);
  if (config.ManifestType === 'ATHENA_DATA') return itemsOfQuery(engine, x, bytes.toString('utf8'), config, most);
  const items = itemsOf(await dataOf(engine, x, bytes, config), `S3://${String(given.Bucket)}/${String(given.Key)}`);
  if (items === undefined) throw fail('Attempting to map over non-iterable node.');
  return items;
}

/**
 * The manifest that Athena writes beside an `UNLOAD`: one file of the result on each line.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
 */
async function itemsOfQuery(engine: Engine, x: Execution, manifest: string, config: JsonObject, most: number): Promise<Item[]> {
  const { ManifestType: _, ...inner } = config;
  const items: Item[] = [];
  for (const line of manifest.split('\n').map((text) => text.trim())) {
    if (line === '') continue;
    if (items.length >= most) break;
    const [, Bucket, Key] = /^"?s3:\/\/([^/]+)\/([^"]+)"?$/.exec(line) ?? [];
    if (Bucket === undefined) throw fail(`The file is not the manifest of a query of Athena: '${line.slice(0, 200)}' names no object.`);
    for (const item of await itemsOfObject(engine, x, { Bucket, Key }, inner, most)) items.push(item);
  }
  return items;
}

async function dataOf(engine: Engine, x: Execution, bytes: Buffer, config: JsonObject): Promise<unknown> {
  // The inventory is the one manifest without a type of its own; what came before the member, `MANIFEST`, says the same.
  switch (config.ManifestType === 'S3_INVENTORY' ? 'MANIFEST' : config.InputType) {
    case 'JSON':
      return pointed(bytes.toString('utf8'), config);
    case 'JSONL':
      return jsonLines(bytes.toString('utf8'));
    case 'CSV':
      return csvItems(bytes.toString('utf8'), config);
    case 'MANIFEST':
      return inventory(engine, x, bytes.toString('utf8'));
    default:
      throw fail(`InputType must be one of CSV, JSON, JSONL, MANIFEST but was: ${JSON.stringify(config.InputType)}`);
  }
}

/** What a file holds, or what `ItemsPointer` (RFC 6901) points to in it. */
export function pointed(text: string, { ItemsPointer: pointer }: JsonObject): unknown {
  const parsed = parseJson(text);
  if (parsed === undefined) throw fail('The file is not valid JSON.');
  let { value } = parsed;
  if (typeof pointer === 'string' && pointer !== '')
    for (const part of pointer.slice(1).split('/')) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
    }
  return value;
}

function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const parsed = parseJson(line);
      if (parsed === undefined) throw fail(`Line ${index + 1} of the file is not valid JSON.`);
      return parsed.value;
    });
}

function csvItems(text: string, config: JsonObject): unknown[] {
  const delimiter = DELIMITERS[String(config.CSVDelimiter ?? 'COMMA')];
  if (delimiter === undefined) throw fail(`CSVDelimiter is not known: ${String(config.CSVDelimiter)}`);
  const records = parseCsv(text, delimiter);
  const given = config.CSVHeaderLocation === 'GIVEN';
  const headers = given ? config.CSVHeaders : records[0];
  if (!Array.isArray(headers) || headers.length === 0) throw fail('The file has no header.');
  return (given ? records : records.slice(1)).map((record) => underHeaders(headers.map(String), record));
}

/** An S3 inventory: its manifest names compressed CSV files, whose columns `fileSchema` names. */
async function inventory(engine: Engine, x: Execution, text: string): Promise<unknown[]> {
  const manifest = parseJson(text)?.value;
  if (!isObject(manifest) || !Array.isArray(manifest.files) || manifest.fileFormat !== 'CSV')
    throw fail('The file is not the manifest of an S3 inventory in CSV.');
  const headers = String(manifest.fileSchema)
    .split(',')
    .map((name) => name.trim());
  const bucket = String(manifest.destinationBucket).split(':::').at(-1);
  const items: unknown[] = [];
  for (const file of manifest.files as JsonObject[]) {
    const bytes = await bytesOf(engine, x, { Bucket: bucket, Key: file.key });
    items.push(...parseCsv(bytes.toString('utf8'), ',').map((record) => underHeaders(headers, record)));
  }
  return items;
}
