import { AwsError } from '../kernel/errors.ts';
import type { Caller, JsonObject } from '../kernel/kernel.ts';
import { asAwsError, type WireRequest, type WireResponse } from './message.ts';
import { readForm, writeErrorXml, writeResultXml } from './query-protocol.ts';
import { answerRest } from './rest-protocol.ts';

const DYNAMODB: JsonService = { service: 'dynamodb', version: '1.0', namespace: 'com.amazonaws.dynamodb.v20120810#' };

/** The services of the JSON protocols, by the prefix of `X-Amz-Target`. */
const TARGETS: Readonly<Record<string, JsonService>> = {
  DynamoDB_20120810: DYNAMODB,
  DynamoDBStreams_20120810: DYNAMODB,
  AWSStepFunctions: { service: 'states', version: '1.0', namespace: '' },
  AWSEvents: { service: 'events', version: '1.1', namespace: '' },
  AmazonSSM: { service: 'ssm', version: '1.1', namespace: '' },
  AmazonSQS: { service: 'sqs', version: '1.0', namespace: 'com.amazonaws.sqs#' },
};

/** Calls whose answer may be held until the clock has moved. */
const HELD: ReadonlySet<string> = new Set(['AWSStepFunctions.GetActivityTask', 'AWSStepFunctions.StartSyncExecution']);

/** Whether a move of the clock must not wait for the answer, because the answer may wait for the move. */
export function needsTime(target: string | string[] | undefined): boolean {
  return typeof target === 'string' && HELD.has(target);
}

/** The services of the Query protocol, by the API version every request carries. */
const VERSIONS: Readonly<Record<string, { service: string; xmlns: string }>> = {
  '2010-03-31': { service: 'sns', xmlns: 'http://sns.amazonaws.com/doc/2010-03-31/' },
  '2010-12-01': { service: 'ses', xmlns: 'http://ses.amazonaws.com/doc/2010-12-01/' },
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
 * Throws for a lost connection alone: what is wrong with a request comes back as the error AWS would send.
 */
export async function answerAws(kernel: Pick<Caller, 'call'>, request: WireRequest, origin: string): Promise<WireResponse> {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return answerJson(kernel, target, request.body, origin);
  const rest = answerRest(kernel, request, origin);
  if (rest !== undefined) return rest;
  return answerQuery(kernel, request, origin);
}

async function answerJson(kernel: Pick<Caller, 'call'>, target: string, body: string, origin: string): Promise<WireResponse> {
  const dot = target.indexOf('.');
  const service = TARGETS[target.slice(0, dot)];
  if (service === undefined)
    return {
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ __type: 'UnknownOperationException', message: `The embedded cloud has no service for ${target}.` }),
    };
  const headers: Record<string, string> = { 'content-type': `application/x-amz-json-${service.version}` };
  try {
    const output = await kernel.call(service.service, target.slice(dot + 1), parseBody(body), origin);
    return { status: 200, headers, body: JSON.stringify(output ?? {}) };
  } catch (error) {
    return jsonError(service, error);
  }
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

async function answerQuery(kernel: Pick<Caller, 'call'>, request: WireRequest, origin: string): Promise<WireResponse> {
  const headers = { 'content-type': 'text/xml' };
  let xmlns = '';
  try {
    const form = readForm(request.body === '' ? (request.query ?? '') : request.body);
    const action = String(form.Action ?? '');
    const service = VERSIONS[String(form.Version)];
    if (action === '' || service === undefined)
      throw new AwsError(
        'InvalidAction',
        `The embedded cloud does not know this request: action ${action || 'none'}, version ${String(form.Version ?? 'none')}.`,
      );
    xmlns = service.xmlns;
    const output = (await kernel.call(service.service, action, form, origin)) as JsonObject | undefined;
    return { status: 200, headers, body: writeResultXml(xmlns, action, output ?? {}, 'embedded') };
  } catch (error) {
    const { code, status, message } = asAwsError(error);
    // On the wire these services leave out the suffix that the SDKs add.
    const wireCode = code === 'ValidationException' ? code : code.replace(/Exception$/, '');
    return { status, headers, body: writeErrorXml(xmlns, wireCode, message, status < 500) };
  }
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
