import fc from 'fast-check';
import { anyBody, formOf, HOSTILE_NAMES, MEMBERS, type Names, nearlyRight } from './any-value.ts';

/** Requests that a client may send, sensible or not, for each protocol of the port. */
export interface AnyRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  DynamoDB_20120810: [
    'GetItem',
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'Query',
    'Scan',
    'BatchGetItem',
    'BatchWriteItem',
    'TransactWriteItems',
    'TransactGetItems',
    'DescribeTable',
    'ListTables',
    'UpdateTable',
    'DescribeTimeToLive',
    'UpdateTimeToLive',
    'DescribeContinuousBackups',
  ],
  DynamoDBStreams_20120810: ['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords'],
  AWSEvents: ['PutEvents', 'ListRules', 'DescribeRule', 'ListTargetsByRule', 'ListEventBuses', 'DescribeEventBus'],
  AWSStepFunctions: [
    'StartExecution',
    'StopExecution',
    'DescribeExecution',
    'ListExecutions',
    'GetExecutionHistory',
    'ListStateMachines',
    'DescribeStateMachine',
    'CreateStateMachine',
    'UpdateStateMachine',
    'ValidateStateMachineDefinition',
    'SendTaskSuccess',
    'SendTaskFailure',
    'SendTaskHeartbeat',
    'RedriveExecution',
    'ListMapRuns',
    'DescribeMapRun',
    'UpdateMapRun',
    'PublishStateMachineVersion',
    'CreateStateMachineAlias',
    'CreateActivity',
    'ListActivities',
  ],
  AmazonSSM: ['GetParameter', 'GetParameters', 'PutParameter'],
  AmazonSQS: [
    'SendMessage',
    'SendMessageBatch',
    'ReceiveMessage',
    'DeleteMessage',
    'DeleteMessageBatch',
    'ChangeMessageVisibility',
    'ChangeMessageVisibilityBatch',
    'GetQueueUrl',
    'GetQueueAttributes',
    'ListQueues',
  ],
};
const QUERY_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '2010-03-31': ['Publish', 'ListTopics', 'CreateTopic'],
  '2010-12-01': [
    'SendEmail',
    'SendRawEmail',
    'GetSendQuota',
    'ListIdentities',
    'GetIdentityVerificationAttributes',
    'VerifyEmailIdentity',
    'GetAccountSendingEnabled',
  ],
  '2010-05-15': ['DescribeStacks', 'ListStacks', 'ListStackResources', 'DescribeStackResources', 'ListExports'],
  '2012-11-05': ['SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'ListQueues', 'GetQueueAttributes', 'GetQueueUrl'],
};
function chosen(table: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<readonly [string, string]> {
  const all = Object.entries(table).flatMap(([service, operations]) => operations.map((operation) => [service, operation] as const));
  const hostile = fc.tuple(fc.constantFrom(...Object.keys(table), ...HOSTILE_NAMES), fc.constantFrom('DeleteEverything', ...HOSTILE_NAMES));
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...all) }, { weight: 1, arbitrary: hostile });
}

const contentType = fc.constantFrom(
  'application/x-amz-json-1.0',
  'application/x-amz-json-1.1',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  '',
);
const authorization = fc.constantFrom(
  undefined,
  'AWS4-HMAC-SHA256 Credential=a/20260302/us-east-1/sqs/aws4_request',
  'Bearer x',
  'Basic Og==',
  'AWS4-HMAC-SHA256',
  ',',
);

/** JSON 1.0 and 1.1. */
export function anyJsonRequest(names: Names): fc.Arbitrary<AnyRequest> {
  const near = nearlyRight(names, (target) => !target.startsWith('20')).map(([target, input]) => ({
    method: 'POST',
    path: '/',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(input)),
  }));
  return fc.oneof(near, wildJsonRequest(names));
}

function wildJsonRequest(names: Names): fc.Arbitrary<AnyRequest> {
  return fc.tuple(chosen(OPERATIONS), anyBody(names), contentType, authorization).map(([[service, operation], body, type, given]) => ({
    method: 'POST',
    path: '/',
    headers: {
      'x-amz-target': headerText(`${service}.${operation}`),
      'content-type': type,
      ...(given !== undefined && { authorization: given }),
    },
    body,
  }));
}

/** The Query protocol. */
export function anyQueryRequest(names: Names): fc.Arbitrary<AnyRequest> {
  const near = nearlyRight(names, (target) => target.startsWith('20')).map(([target, input]) => {
    const [Version = '', Action = ''] = target.split('.');
    return form([['Version', Version], ['Action', Action], ...formOf(input)]);
  });
  return fc.oneof(near, wildQueryRequest(names));
}

function form(pairs: [string, string][]): AnyRequest {
  const body = Buffer.from(new URLSearchParams(pairs).toString());
  return { method: 'POST', path: '/', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
}

function wildQueryRequest(names: Names): fc.Arbitrary<AnyRequest> {
  const index = fc.constantFrom(
    '',
    '.member.1',
    '.member.x',
    '.entry.1.Name',
    '.entry.1.Value.StringValue',
    '.1',
    '.Data',
    '.member.1.member.1',
    '.__proto__.x',
  );
  const parameter = fc.tuple(
    fc.constantFrom(...MEMBERS),
    index,
    fc.oneof(fc.string(), fc.constantFrom(names.queue, 'App', '+8613800138000', '%', '%zz')),
  );
  return fc
    .tuple(chosen(QUERY_OPERATIONS), fc.array(parameter, { maxLength: 8 }), fc.boolean())
    .map(([[version, action], parameters, raw]) => {
      const form = new URLSearchParams([
        ['Action', action],
        ['Version', version],
        ...parameters.map(([name, at, value]) => [name + at, value] as [string, string]),
      ]);
      return {
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(raw ? decodeURIComponentSafely(form.toString()) : form.toString()),
      };
    });
}

/** Lambda's REST paths. */
export function anyLambdaRequest(names: Names): fc.Arbitrary<AnyRequest> {
  const name = fc.constantFrom('none', '%zz', '%00', 'a%2Fb', '', '%F0%9F', 'constructor', 'x'.repeat(500));
  const rest = fc.constantFrom('', '/', '/invocations', '/configuration', '/invocations/x', '/code', '/policy');
  const type = fc.constantFrom('RequestResponse', 'Event', 'DryRun', 'Never', '');
  return fc
    .tuple(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'), name, rest, type, anyBody(names))
    .map(([method, given, more, invocation, body]) => ({
      method,
      path: `/2015-03-31/functions/${given}${more}`,
      headers: { 'x-amz-invocation-type': invocation, 'x-amz-log-type': 'Tail' },
      body: method === 'GET' ? Buffer.alloc(0) : body,
    }));
}

/** S3: any path, query and header under a signature for it. */
export function anyS3Request(names: Names): fc.Arbitrary<AnyRequest> {
  const path = fc.constantFrom(
    '/',
    '/fuzzed',
    '/fuzzed/',
    '/fuzzed/k',
    '/fuzzed/%zz',
    '/fuzzed/a%00b',
    '/UPPER',
    '/a',
    `/fuzzed/${'k'.repeat(1100)}`,
    '//',
    '/fuzzed//x',
    '/none/k',
  );
  const query = fc.constantFrom(
    '',
    'list-type=2',
    'versions',
    'uploads',
    'delete',
    'tagging',
    'acl',
    'max-keys=x',
    'list-type=2&continuation-token=x',
    'versionId=zz',
    'uploadId=x&partNumber=1',
    'partNumber=0',
    '__proto__=1',
    '%zz',
    'retention',
    'list-type=2&encoding-type=url&delimiter=/',
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      'range',
      'if-match',
      'if-modified-since',
      'x-amz-copy-source',
      'content-md5',
      'x-amz-checksum-crc32',
      'x-amz-content-sha256',
      'x-amz-decoded-content-length',
      'x-amz-meta-a',
      'x-amz-tagging',
      'x-amz-object-lock-mode',
      'x-amz-acl',
      'content-type',
    ),
    fc.constantFrom(
      '',
      'x',
      'bytes=0-',
      'bytes=9-1',
      'bytes=-0',
      '-1',
      '/fuzzed/k',
      '/fuzzed/%zz',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'GOVERNANCE',
      'a=b',
    ),
    { maxKeys: 3 },
  );
  const xml = fc.constantFrom(
    '<Delete><Object><Key>k</Key></Object></Delete>',
    '<Delete/>',
    `${'<a>'.repeat(5000)}`,
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a>&#xFFFFFFF;</a>',
  );
  const body = fc.oneof(
    anyBody(names),
    xml.map((text) => Buffer.from(text)),
  );
  return fc
    .tuple(fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'), path, query, headers, body)
    .map(([method, at, search, given, bytes]) => ({
      method,
      path: search === '' ? at : `${at}?${search}`,
      headers: {
        ...given,
        authorization: 'AWS4-HMAC-SHA256 Credential=a/20260302/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : bytes,
    }));
}

/** The application's HTTP API. */
export function anyApiRequest(names: Names): fc.Arbitrary<AnyRequest> {
  const path = fc.constantFrom(
    '',
    '/',
    '/accounts',
    '/accounts/x/journey',
    '/accounts/%zz/journey',
    '/accounts/%00/journey',
    '/accounts/__proto__/journey',
    '/accounts/a%2Fb/journey',
    '//accounts//x//journey',
    `/accounts/${'x'.repeat(900)}/journey`,
  );
  const query = fc.constantFrom('', '?', '?a=1&a=2', '?%zz=%', '?__proto__=1', '?a[b]=c', `?${'a=1&'.repeat(500)}`);
  const cookie = fc.constantFrom('', 'a=b; c', ';;', 'x');
  return fc
    .tuple(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'), path, query, cookie, contentType, anyBody(names))
    .map(([method, at, search, given, type, body]) => ({
      method,
      path: `/api${at}${search}`,
      headers: { cookie: given, 'content-type': type },
      body: method === 'GET' ? Buffer.alloc(0) : body,
    }));
}

/** The cloud's own routes. Nothing here moves the clock far, takes snapshots or sets faults. */
export function anyLocalRequest(names: Names): fc.Arbitrary<AnyRequest> {
  const path = fc.constantFrom(
    '',
    '/',
    '/clock',
    '/outbox',
    '/outbox?accountId=%zz',
    '/events?accountId=__proto__',
    '/events',
    '/logs',
    '/logs?function=constructor',
    '/health',
    '/delivery',
    '/delivery/x',
    '/delivery/99999999999999999999',
    '/snapshots/%zz',
    '/snapshots/..%2F..',
    '/issuer/token',
    '/issuer/jwks.json',
    '/faults/x',
    '/nothing',
  );
  const body = fc.oneof(
    anyBody(names),
    fc
      .constantFrom('{"advance":"PT0S"}', '{"advance":1}', '{"to":"x"}', '{"service":"ses"}', '{"subject":"a"}', 'null')
      .map((text) => Buffer.from(text)),
  );
  const headers = fc.constantFrom(
    {},
    { origin: 'http://elsewhere.example' },
    { host: 'elsewhere.example' },
    { 'content-type': 'text/plain' },
  );
  return fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'), path, body, headers).map(([method, at, bytes, given]) => ({
    method,
    path: `/_local${at}`,
    headers: given as Record<string, string>,
    body: method === 'GET' ? Buffer.alloc(0) : bytes,
  }));
}

/** What a header may hold. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
