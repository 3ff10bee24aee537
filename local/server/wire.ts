import { AwsError } from '../kernel/errors.ts';
import type { Caller, JsonObject } from '../kernel/kernel.ts';
import { TOO_LARGE } from './limits.ts';
import { asAwsError, type WireRequest, type WireResponse } from './message.ts';
import { readForm, writeErrorXml, writeResultXml } from './query-protocol.ts';
import { type Say, sayError } from './request-log.ts';
import { answerRest, isRest, restError } from './rest-protocol.ts';
import { assertShape } from './shapes.ts';
import { readSqsForm, sqsElements } from './sqs-query.ts';

const DYNAMODB: JsonService = { service: 'dynamodb', version: '1.0', namespace: 'com.amazonaws.dynamodb.v20120810#' };

/** The services of the JSON protocols, by the prefix of `X-Amz-Target`. */
const TARGETS: Readonly<Record<string, JsonService>> = {
  DynamoDB_20120810: DYNAMODB,
  DynamoDBStreams_20120810: DYNAMODB,
  AWSStepFunctions: { service: 'states', version: '1.0', namespace: '' },
  AWSEvents: { service: 'events', version: '1.1', namespace: '' },
  Logs_20140328: { service: 'logs', version: '1.1', namespace: '' },
  AmazonSSM: { service: 'ssm', version: '1.1', namespace: '' },
  AmazonSQS: { service: 'sqs', version: '1.0', namespace: 'com.amazonaws.sqs#' },
};

/** The origin of what comes over the port. */
const CLIENT = 'client';

const NAME_LENGTH_MAX = 100;
const XML_HEADERS = { 'content-type': 'text/xml' };

/** What a target of no service is answered as. */
const UNKNOWN: JsonService = { service: '', version: '1.0', namespace: '' };

/** Calls whose answer may be held until the clock has moved. */
const HELD: ReadonlySet<string> = new Set([
  'AWSStepFunctions.GetActivityTask',
  'AWSStepFunctions.StartSyncExecution',
  'AWSStepFunctions.TestState',
]);

/** Whether a move of the clock must not wait for the answer, because the answer may wait for the move. */
export function needsTime(target: string | string[] | undefined): boolean {
  return typeof target === 'string' && HELD.has(target);
}

/** The services of the Query protocol, by the API version every request carries. */
const VERSIONS: Readonly<Record<string, { service: string; xmlns: string }>> = {
  '2010-03-31': { service: 'sns', xmlns: 'http://sns.amazonaws.com/doc/2010-03-31/' },
  '2010-12-01': { service: 'ses', xmlns: 'http://ses.amazonaws.com/doc/2010-12-01/' },
  '2012-11-05': { service: 'sqs', xmlns: 'http://queue.amazonaws.com/doc/2012-11-05/' },
  '2010-05-15': { service: 'cloudformation', xmlns: 'http://cloudformation.amazonaws.com/doc/2010-05-15/' },
};

/** Clients of SQS branch on the codes of its older protocol, sent along in a header. */
const SQS_QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

/**
 * Answers one request of a stock AWS client: JSON 1.0 and 1.1 by `X-Amz-Target`, the Query protocol by `Action` and `Version`,
 * Lambda by its REST paths. These are the protocols the clients speak for the services offered here; none of them uses CBOR.
 * Throws for a lost connection alone: what is wrong with a request comes back as the error AWS would send, and is said where it is more
 * than a service's answer.
 */
export async function answerAws(kernel: Pick<Caller, 'call'>, request: WireRequest, origin: string, say?: Say): Promise<WireResponse> {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return answerJson(kernel, target, request.body, origin, say);
  const rest = answerRest(kernel, request, origin, say);
  if (rest !== undefined) return rest;
  return answerQuery(kernel, request, origin, say);
}

/** The error of a request whose body was not read because it is too large, in its protocol. */
export function tooLargeFor({ path, headers }: Pick<WireRequest, 'path' | 'headers'>, say?: Say): WireResponse {
  const error = new AwsError('RequestEntityTooLarge', TOO_LARGE, 413);
  const target = headers['x-amz-target'];
  sayError(say, target ?? path, error);
  if (target !== undefined) return jsonError(serviceOf(TARGETS, target.slice(0, target.indexOf('.'))) ?? UNKNOWN, error);
  return isRest(path) ? restError(error) : queryError('', error);
}

async function answerJson(
  kernel: Pick<Caller, 'call'>,
  target: string,
  body: string,
  origin: string,
  say: Say | undefined,
): Promise<WireResponse> {
  const dot = target.indexOf('.');
  const service = serviceOf(TARGETS, target.slice(0, dot));
  if (service === undefined) {
    const error = new AwsError('UnknownOperationException', `The embedded cloud has no service for ${target.slice(0, 200)}.`);
    sayError(say, target, error);
    return jsonError(UNKNOWN, error);
  }
  const headers: Record<string, string> = { 'content-type': `application/x-amz-json-${service.version}` };
  try {
    const operation = target.slice(dot + 1);
    const input = parseBody(body);
    // Function code speaks through the SDK, which looks at types itself.
    if (origin === CLIENT) assertShape(service.service, operation, input, 'SerializationException');
    const output = await kernel.call(service.service, operation, input, origin);
    return { status: 200, headers, body: JSON.stringify(output ?? {}) };
  } catch (error) {
    const refused = asAwsError(error);
    sayError(say, target, refused);
    return jsonError(service, refused);
  }
}

function serviceOf<S>(services: Readonly<Record<string, S>>, name: string): S | undefined {
  return Object.hasOwn(services, name) ? services[name] : undefined;
}

interface JsonService {
  readonly service: string;
  readonly version: string;
  readonly namespace: string;
}

function jsonError({ service, version, namespace }: JsonService, error: unknown): WireResponse {
  const { code, status, message, extra } = asAwsError(error);
  const headers: Record<string, string> = { 'content-type': `application/x-amz-json-${version}` };
  if (service === 'sqs') headers['x-amzn-query-error'] = `${SQS_QUERY_CODES[code] ?? code};${status < 500 ? 'Sender' : 'Receiver'}`;
  return { status, headers, body: JSON.stringify({ __type: namespace + code, message, ...extra }) };
}

/** What DynamoDB's clients read a failed call from. */
export function dynamoDbError(error: unknown): WireResponse {
  return jsonError(DYNAMODB, error);
}

async function answerQuery(
  kernel: Pick<Caller, 'call'>,
  request: WireRequest,
  origin: string,
  say: Say | undefined,
): Promise<WireResponse> {
  let [xmlns, action] = ['', ''];
  try {
    const form = readForm(request.body === '' ? (request.query ?? '') : request.body);
    action = String(form.Action ?? '').slice(0, NAME_LENGTH_MAX);
    const version = String(form.Version ?? 'none').slice(0, NAME_LENGTH_MAX);
    const service = serviceOf(VERSIONS, version);
    if (action === '' || service === undefined)
      throw new AwsError('InvalidAction', `The embedded cloud does not know this request: action ${action || 'none'}, version ${version}.`);
    xmlns = service.xmlns;
    const isSqs = service.service === 'sqs';
    const input = isSqs ? readSqsForm(form, request.path) : form;
    if (origin === CLIENT) assertShape(service.service, action, input, 'MalformedInput');
    const output = ((await kernel.call(service.service, action, input, origin)) ?? {}) as JsonObject;
    const elements = isSqs ? sqsElements(action, output) : output;
    return { status: 200, headers: XML_HEADERS, body: writeResultXml(xmlns, action, elements, 'embedded', isSqs) };
  } catch (error) {
    const refused = asAwsError(error);
    sayError(say, `${request.method} ${request.path} ${action}`, refused);
    return queryError(xmlns, refused);
  }
}

function queryError(xmlns: string, { code, status, message }: AwsError): WireResponse {
  // On the wire these services leave out the suffix that the SDKs add.
  const wireCode = SQS_QUERY_CODES[code] ?? (code === 'ValidationException' ? code : code.replace(/Exception$/, ''));
  return { status, headers: XML_HEADERS, body: writeErrorXml(xmlns, wireCode, message, status < 500) };
}

function parseBody(body: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = body === '' ? {} : JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new AwsError('SerializationException', 'The request body is not a JSON object.');
  return parsed as JsonObject;
}
