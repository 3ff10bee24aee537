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
  const near = nearlyRight(names, (target) => !target.startsWith('20') && !target.startsWith('v2')).map(([target, input]) => ({
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
      headers: { cookie: given, 'content-type': type, ...(method === 'OPTIONS' && { origin: at, 'access-control-request-method': at }) },
      body: method === 'GET' ? Buffer.alloc(0) : body,
    }));
}

/** The second version of SES, right but for one place or not right at all. */
export function anySesV2Request(names: Names): fc.Arbitrary<AnyRequest> {
  const path = fc.constantFrom('/v2/email/outbound-emails', '/v2/email/identities', '/v2/email/', '/v2/email/%zz');
  const near = nearlyRight(names, (target) => target === 'v2.SendEmail').map(([, input]) => Buffer.from(JSON.stringify(input)));
  return fc
    .tuple(fc.constantFrom('POST', 'POST', 'GET', 'PUT'), path, fc.oneof(near, anyBody(names)))
    .map(([method, at, body]) => ({ method, path: at, headers: {}, body: method === 'GET' ? Buffer.alloc(0) : body }));
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
