import type { JsonObject } from '../../kernel/kernel.ts';
import { checkDigests } from '../../services/s3/checksums.ts';
import { invalidRequest, malformedXml, notImplemented, S3Error } from '../../services/s3/errors.ts';
import { assertSize } from '../../services/s3/objects.ts';
import { OPERATIONS, type Operation } from '../../services/s3/operations.ts';
import { childText, readXml, type XmlElement } from '../xml.ts';
import { addressOf, type Headers } from './address.ts';
import { unchunk } from './aws-chunked.ts';

/** A request whose body may be anything; header names in lower case. */
export interface BinaryRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface ReadRequest {
  readonly name: string;
  readonly operation: Operation;
  readonly input: JsonObject;
}

const XML_BYTES_MAX = 2 * 1024 * 1024;
const METADATA = 'x-amz-meta-';

/** What a signature, the SDKs and their transport add to any request. */
const TRANSPORT_HEADERS = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-security-token',
  'x-amz-trailer',
  'x-amz-user-agent',
]);
const TRANSPORT_PARAMETERS = /^(x-id|X-Amz-.*|AWSAccessKeyId|Signature|Expires)$/;

/** Finds the operation and reads its members. Whatever has no place in it is `NotImplemented`, by name. */
export function readRequest(request: BinaryRequest): ReadRequest {
  const { headers } = request;
  const parameters = new Map(new URLSearchParams(request.query));
  const { bucket, key } = addressIn(request);
  const level = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object';
  const found = Object.entries(OPERATIONS).find(
    ([, operation]) =>
      operation.method === request.method &&
      operation.level === level &&
      (operation.byHeader === undefined || headers[operation.byHeader] !== undefined) &&
      (operation.by === undefined || isChosen(operation.by, parameters)),
  );
  if (found === undefined) throw notImplemented(`operation for ${[request.method, level, ...parameters.keys()].join(' ')}`);
  const [name, operation] = found;
  assertKnown(name, operation, headers, parameters);
  const { bytes, trailers } = bodyOf(request);
  const input = membersOf(operation, { ...headers, ...trailers }, parameters, bytes);
  if (bucket !== undefined) input.Bucket = bucket;
  if (key !== undefined) input.Key = key;
  return { name, operation, input };
}

function addressIn(request: BinaryRequest): { bucket?: string; key?: string } {
  try {
    return addressOf(request.headers, request.path);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", 400, { URI: request.path });
  }
}

function isChosen(by: string, parameters: ReadonlyMap<string, string>): boolean {
  const [name = '', value] = by.split('=');
  return value === undefined ? parameters.has(name) : parameters.get(name) === value;
}

function assertKnown(name: string, operation: Operation, headers: Headers, parameters: ReadonlyMap<string, string>): void {
  const places = new Set<string>(Object.values(operation.input));
  for (const header of Object.keys(headers)) {
    if (!header.startsWith('x-amz-') || TRANSPORT_HEADERS.has(header) || header === operation.byHeader) continue;
    if (header.startsWith(METADATA) && places.has('metadata')) continue;
    if (!places.has(`header:${header}`) && !places.has(`date:${header}`)) throw notImplemented(`header ${header} in ${name}`);
  }
  const chosenBy = operation.by?.split('=')[0];
  for (const parameter of parameters.keys())
    if (parameter !== chosenBy && !TRANSPORT_PARAMETERS.test(parameter) && !places.has(`query:${parameter}`))
      throw notImplemented(`parameter ${parameter} in ${name}`);
}

/** The body as its sender had it, and what came behind it. */
function bodyOf({ headers, body }: BinaryRequest): { bytes: Buffer; trailers: Readonly<Record<string, string>> } {
  if (!(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')) return { bytes: body, trailers: {} };
  const { bytes, trailers } = unchunk(body);
  const declared = headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== bytes.length)
    throw new S3Error('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header.', 400);
  return { bytes, trailers };
}

function membersOf(operation: Operation, headers: Headers, parameters: ReadonlyMap<string, string>, bytes: Buffer): JsonObject {
  const input: JsonObject = {};
  for (const [member, place] of Object.entries(operation.input)) {
    const [kind, name = ''] = place.split(':');
    if (kind === 'bytes') input[member] = sized(bytes);
    else if (kind === 'metadata') input[member] = metadataIn(headers);
    else if (kind === 'query') input[member] = parameters.get(name);
    else if (kind === 'header' || kind === 'date') input[member] = name === 'content-encoding' ? contentEncoding(headers) : headers[name];
    else if (kind === 'xml') {
      // The digests at the end of an upload are those of the object.
      if (member !== 'MultipartUpload') checkDigests(headersOnly(operation, headers), bytes);
      if (bytes.length > 0) input[member] = documentOf(member, bytes);
    }
  }
  return input;
}

function headersOnly(operation: Operation, headers: Headers): JsonObject {
  const digests = Object.entries(operation.input).filter(([member]) => /^(ContentMD5|Checksum)/.test(member));
  return Object.fromEntries(digests.map(([member, place]) => [member, headers[place.slice('header:'.length)]]));
}

function sized(bytes: Buffer): Buffer {
  assertSize(bytes.length);
  return bytes;
}

/** The coding for the transport is not the object's. */
function contentEncoding(headers: Headers): string | undefined {
  const own = (headers['content-encoding'] ?? '').split(',').filter((coding) => !['', 'aws-chunked'].includes(coding.trim()));
  return own.length === 0 ? undefined : own.join(',').trim();
}

function metadataIn(headers: Headers): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith(METADATA) && value !== undefined) metadata[name.slice(METADATA.length)] = value;
  return metadata;
}

function documentOf(member: string, bytes: Buffer): JsonObject {
  const root = bytes.length > XML_BYTES_MAX ? undefined : readXml(bytes.toString());
  if (root === undefined) throw malformedXml();
  if (member === 'MultipartUpload') return { Parts: root.children.filter(({ name }) => name === 'Part').map(membersIn) };
  if (member === 'Tagging') return tagging(root);
  return member === 'Delete' ? deletions(root) : membersIn(root);
}

function membersIn(element: XmlElement): JsonObject {
  return Object.fromEntries(element.children.map((child) => [child.name, child.text]));
}

function tagging(root: XmlElement): JsonObject {
  const set = root.children.find(({ name }) => name === 'TagSet');
  return { TagSet: set?.children.filter(({ name }) => name === 'Tag').map(membersIn) };
}

function deletions(root: XmlElement): JsonObject {
  const Objects = root.children
    .filter((child) => child.name === 'Object')
    .map((object) => ({ Key: childText(object, 'Key'), VersionId: childText(object, 'VersionId'), ETag: childText(object, 'ETag') }));
  if (Objects.some((object) => object.Key === undefined)) throw invalidRequest('Every Object to delete needs a Key.');
  return { Objects, Quiet: childText(root, 'Quiet') };
}
