import type { Caller, JsonObject } from '../../kernel/kernel.ts';
import { S3Error } from '../../services/s3/errors.ts';
import type { Operation } from '../../services/s3/operations.ts';
import { asAwsError } from '../message.ts';
import { type Say, sayError } from '../request-log.ts';
import { escapeXml } from '../xml.ts';
import { type BinaryRequest, readRequest } from './request.ts';

export interface BinaryResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The elements of a list that are called otherwise than the member of the SDK. */
const ELEMENTS: Readonly<Record<string, string>> = { Versions: 'Version', DeleteMarkers: 'DeleteMarker', Errors: 'Error' };

/**
 * Answers one request of S3's REST protocol. Throws for a lost connection alone: what is wrong with a request comes back as the error S3
 * would send.
 */
export async function answerS3(kernel: Pick<Caller, 'call'>, request: BinaryRequest, origin: string, say?: Say): Promise<BinaryResponse> {
  try {
    const { name, operation, input } = readRequest(request);
    const output = (await kernel.call('s3', name, input, origin)) as JsonObject;
    return write(name, operation, output);
  } catch (error) {
    sayError(say, `S3 ${request.method} ${request.path}`, asAwsError(error));
    return errorResponse(error, request);
  }
}

function write(name: string, operation: Operation, output: JsonObject): BinaryResponse {
  const headers: Record<string, string> = {};
  const rest: JsonObject = {};
  let body: Buffer | undefined;
  for (const [member, value] of Object.entries(output)) {
    if (value === undefined) continue;
    const place = operation.output[member];
    const [kind, header = ''] = place?.split(':') ?? [];
    if (kind === 'header') headers[header] = value instanceof Date ? value.toISOString() : headerText(String(value));
    else if (kind === 'date') headers[header] = (value as Date).toUTCString();
    else if (kind === 'metadata')
      for (const [key, text] of Object.entries(value as object)) headers[`x-amz-meta-${key}`] = headerText(String(text));
    else if (kind === 'bytes') body = value as Buffer;
    else rest[member] = value;
  }
  if (body === undefined && operation.root !== undefined) {
    headers['content-type'] = 'application/xml';
    body = Buffer.from(DECLARATION + document(operation.root, rest));
  }
  // A `HEAD` tells the length of what it leaves out.
  headers['content-length'] ??= String(body?.length ?? 0);
  return { status: statusOf(name, output), headers, body: body ?? Buffer.alloc(0) };
}

/** A header holds ASCII; S3 sends other text as a word of RFC 2047. */
function headerText(text: string): string {
  return /^[\x20-\x7e\t]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}

function statusOf(name: string, output: JsonObject): number {
  if (output.ContentRange !== undefined) return 206;
  return NO_CONTENT.has(name) ? 204 : 200;
}

const NO_CONTENT: ReadonlySet<string> = new Set(['DeleteObject', 'DeleteObjectTagging', 'DeleteBucket', 'AbortMultipartUpload']);

/** The lists whose items lie in an element of their own. */
const WRAPPED: Readonly<Record<string, string>> = { Buckets: 'Bucket', TagSet: 'Tag' };

/** The members in the document element; a single member of the element's own name is the element. */
function document(root: string, members: JsonObject): string {
  const inner = (members[root] as JsonObject | undefined) ?? members;
  return `<${root} xmlns="${XMLNS}">${elements(inner)}</${root}>`;
}

function elements(members: JsonObject): string {
  let xml = '';
  for (const [member, value] of Object.entries(members)) {
    const name = ELEMENTS[member] ?? member;
    if (value === undefined) continue;
    const item = WRAPPED[member];
    if (item !== undefined) xml += `<${member}>${(value as JsonObject[]).map((one) => element(item, one)).join('')}</${member}>`;
    else if (Array.isArray(value)) for (const one of value) xml += element(name, one);
    else xml += element(name, value);
  }
  return xml;
}

function element(name: string, value: unknown): string {
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  if (typeof value === 'object' && value !== null) return `<${name}>${elements(value as JsonObject)}</${name}>`;
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** An error as S3 sends it; to a `HEAD` without a document. */
export function errorResponse(error: unknown, request: Pick<BinaryRequest, 'method' | 'path'>): BinaryResponse {
  const { code, status, message, extra } = asAwsError(error);
  const more = error instanceof S3Error ? error.headers : {};
  if (request.method === 'HEAD' || status === 304) return { status, headers: { ...more }, body: Buffer.alloc(0) };
  const members = { Code: code, Message: message, Resource: request.path, ...extra, RequestId: 'embedded', HostId: 'embedded' };
  const body = Buffer.from(`${DECLARATION}<Error>${elements(members)}</Error>`);
  return { status, headers: { 'content-type': 'application/xml', 'content-length': String(body.length), ...more }, body };
}
