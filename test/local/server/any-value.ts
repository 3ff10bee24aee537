import fc from 'fast-check';

/** Values and inputs that a client may send: of any type, anywhere, or right but for one place. */

export const MEMBERS = [
  ...[
    'TableName',
    'Key',
    'Item',
    'Limit',
    'ExclusiveStartKey',
    'KeyConditionExpression',
    'FilterExpression',
    'UpdateExpression',
    'ConditionExpression',
  ],
  ...[
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
    'TransactItems',
    'RequestItems',
    'IndexName',
    'ClientRequestToken',
    'ReturnValues',
    'Select',
    'Segment',
  ],
  ...[
    'StreamArn',
    'ShardId',
    'ShardIterator',
    'ShardIteratorType',
    'TimeToLiveSpecification',
    'Entries',
    'EventBusName',
    'NamePrefix',
    'Rule',
    'Name',
  ],
  ...[
    'stateMachineArn',
    'executionArn',
    'name',
    'input',
    'definition',
    'roleArn',
    'taskToken',
    'output',
    'error',
    'cause',
    'maxResults',
    'nextToken',
    'statusFilter',
  ],
  ...[
    'mapRunArn',
    'maxConcurrency',
    'routingConfiguration',
    'Names',
    'Value',
    'Type',
    'Overwrite',
    'WithDecryption',
    'QueueUrl',
    'QueueName',
    'MessageBody',
  ],
  ...[
    'MessageAttributes',
    'MaxNumberOfMessages',
    'VisibilityTimeout',
    'WaitTimeSeconds',
    'ReceiptHandle',
    'AttributeNames',
    'MessageAttributeNames',
    'DelaySeconds',
  ],
  ...[
    'TopicArn',
    'PhoneNumber',
    'Message',
    'Subject',
    'Source',
    'Destination',
    'RawMessage',
    'Tags',
    'StackName',
    'Id',
    'Detail',
    'DetailType',
    'Attributes',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', ''],
];
export const HOSTILE_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  '.',
  '..',
  'a'.repeat(300),
  '您好',
  'Delete\u0000All',
];

export interface Names {
  readonly table: string;
  readonly queue: string;
  readonly machine: string;
}

/** Values of members: of any type, among them what the cloud does hold. */
function anyValue({ table, queue, machine }: Names): fc.Arbitrary<unknown> {
  const known = fc.constantFrom(
    table,
    queue,
    machine,
    'sample-bus',
    'default',
    'App',
    '+8613800138000',
    'a@b.example',
    '{}',
    '[]',
    '{"QueryLanguage":"JSONata"}',
  );
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      known,
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(...HOSTILE_NAMES),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(...MEMBERS, 'S', 'N', 'B', 'M', 'L', 'SS', 'pk', 'sk', 'DataType', 'StringValue', 'Put', 'Update', 'ToAddresses'),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  })).value;
}

function anyObject(names: Names): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .tuple(fc.dictionary(fc.constantFrom(...MEMBERS), anyValue(names), { maxKeys: 6 }), fc.boolean())
    .map(([members, addressed]) =>
      addressed ? { TableName: names.table, QueueUrl: names.queue, stateMachineArn: names.machine, ...members } : members,
    );
}

/** Requests that are right, as far as names go. */
function rightRequests({ table, queue, machine }: Names): readonly (readonly [target: string, input: Record<string, unknown>])[] {
  const Key = { pk: { S: 'p' }, sk: { S: 's' } };
  const attributes = { k: { DataType: 'String', StringValue: 'v' } };
  const values = {
    ExpressionAttributeNames: { '#n': 'n' },
    ExpressionAttributeValues: { ':v': { N: '1' }, ':m': { M: { l: { L: [{ BOOL: true }] } } } },
  };
  const put = {
    Put: {
      TableName: table,
      Item: { ...Key, n: { N: '1' }, b: { B: 'AAE=' }, s: { SS: ['a'] } },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
  const update = { TableName: table, Key, UpdateExpression: 'SET #n = :v, o = if_not_exists(o, :m)', ...values };
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Succeed' } } });
  return [
    ['DynamoDB_20120810.PutItem', { TableName: table, Item: put.Put.Item, ReturnValues: 'ALL_OLD' }],
    [
      'DynamoDB_20120810.GetItem',
      { TableName: table, Key, ConsistentRead: true, ProjectionExpression: 'pk, #n', ExpressionAttributeNames: { '#n': 'n' } },
    ],
    ['DynamoDB_20120810.UpdateItem', update],
    ['DynamoDB_20120810.DeleteItem', { TableName: table, Key }],
    [
      'DynamoDB_20120810.Query',
      {
        TableName: table,
        KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
        ExpressionAttributeValues: { ':p': { S: 'p' }, ':s': { S: 's' } },
        Limit: 5,
      },
    ],
    [
      'DynamoDB_20120810.Scan',
      { TableName: table, FilterExpression: 'contains(#n, :v) OR size(#n) > :v', ...values, Segment: 0, TotalSegments: 2 },
    ],
    ['DynamoDB_20120810.BatchGetItem', { RequestItems: { [table]: { Keys: [Key] } } }],
    [
      'DynamoDB_20120810.BatchWriteItem',
      { RequestItems: { [table]: [{ PutRequest: { Item: Key } }, { DeleteRequest: { Key: { ...Key, sk: { S: 't' } } } }] } },
    ],
    [
      'DynamoDB_20120810.TransactWriteItems',
      { TransactItems: [put, { Update: { ...update, Key: { ...Key, sk: { S: 'u' } } } }], ClientRequestToken: 'token' },
    ],
    ['DynamoDB_20120810.TransactGetItems', { TransactItems: [{ Get: { TableName: table, Key } }] }],
    [
      'AWSEvents.PutEvents',
      { Entries: [{ EventBusName: 'sample-bus', Source: 'other', DetailType: 'T', Detail: '{"a":1}', Resources: ['r'], Time: 1 }] },
    ],
    ['AWSEvents.ListRules', { EventBusName: 'sample-bus', NamePrefix: 'a', Limit: 5 }],
    ['AmazonSQS.SendMessage', { QueueUrl: queue, MessageBody: 'b', DelaySeconds: 1, MessageAttributes: attributes }],
    ['AmazonSQS.SendMessageBatch', { QueueUrl: queue, Entries: [{ Id: 'a', MessageBody: 'b', MessageAttributes: attributes }] }],
    [
      'AmazonSQS.ReceiveMessage',
      {
        QueueUrl: queue,
        MaxNumberOfMessages: 3,
        VisibilityTimeout: 1,
        WaitTimeSeconds: 0,
        AttributeNames: ['All'],
        MessageAttributeNames: ['k.*'],
      },
    ],
    ['AmazonSQS.DeleteMessageBatch', { QueueUrl: queue, Entries: [{ Id: 'a', ReceiptHandle: 'MTox' }] }],
    ['AmazonSQS.ChangeMessageVisibility', { QueueUrl: queue, ReceiptHandle: 'MTox', VisibilityTimeout: 1 }],
    ['AmazonSQS.GetQueueAttributes', { QueueUrl: queue, AttributeNames: ['All'] }],
    ['AmazonSQS.ListQueues', { QueueNamePrefix: 'a', MaxResults: 5 }],
    ['AmazonSSM.PutParameter', { Name: '/fuzzed', Value: 'v', Type: 'String', Overwrite: true }],
    ['AmazonSSM.GetParametersByPath', { Path: '/fuzzed', Recursive: true, MaxResults: 5 }],
    [
      'AWSEvents.TestEventPattern',
      {
        EventPattern: '{"source":[{"prefix":"a"},{"wildcard":"*b*"}],"$or":[{"a":[1]},{"b":[{"exists":false}]}]}',
        Event: '{"id":"1","account":"1","source":"ab","time":"t","region":"r","detail-type":"d"}',
      },
    ],
    ['AWSEvents.ListReplays', { NamePrefix: 'a', State: 'COMPLETED', Limit: 5 }],
    ['Logs_20140328.FilterLogEvents', { logGroupName: 'g', filterPattern: 'a -b ?c', startTime: 1, limit: 5, logStreamNames: ['s'] }],
    ['Logs_20140328.GetLogEvents', { logGroupName: 'g', logStreamName: 's', startFromHead: true, nextToken: 'f/1' }],
    ['AmazonSSM.GetParameters', { Names: ['/fuzzed'], WithDecryption: true }],
    ['AWSStepFunctions.StartExecution', { stateMachineArn: machine, name: 'fuzzed', input: '{}' }],
    ['AWSStepFunctions.ListExecutions', { stateMachineArn: machine, statusFilter: 'RUNNING', maxResults: 5 }],
    ['AWSStepFunctions.CreateStateMachine', { name: 'fuzzed', definition, roleArn: 'arn:aws:iam::000000000000:role/r', type: 'STANDARD' }],
    ['2010-03-31.Publish', { PhoneNumber: '+8613800138000', Message: 'm', MessageAttributes: attributes }],
    [
      '2010-12-01.SendEmail',
      {
        Source: 'a@b.example',
        Destination: { ToAddresses: ['c@d.example'] },
        Message: { Subject: { Data: 's' }, Body: { Text: { Data: 'b' } } },
        Tags: [{ Name: 'a', Value: 'b' }],
      },
    ],
    ['2010-03-31.Publish', { PhoneNumber: '+8613800138000', Message: '{"default":"m","sms":"s"}', MessageStructure: 'json', Subject: 's' }],
    ['2010-12-01.ListIdentities', { IdentityType: 'Domain', MaxItems: 5 }],
    ['2010-12-01.SendRawEmail', { RawMessage: { Data: 'RnJvbTogYUBiLmV4YW1wbGUNClRvOiBjQGQuZXhhbXBsZQ0KDQpi' } }],
    [
      'v2.SendEmail',
      {
        FromEmailAddress: 'a@b.example',
        Destination: { ToAddresses: ['c@d.example'], CcAddresses: [] },
        Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 'b', Charset: 'UTF-8' } } } },
        EmailTags: [{ Name: 'a', Value: 'b' }],
        ReplyToAddresses: ['e@f.example'],
      },
    ],
    ['2010-05-15.DescribeStacks', { StackName: 'App' }],
  ];
}

/** A request that is right but for one place. */
export function nearlyRight(names: Names, protocol: (target: string) => boolean): fc.Arbitrary<readonly [string, unknown]> {
  const right = rightRequests(names).filter(([target]) => protocol(target));
  return fc
    .tuple(fc.constantFrom(...right), fc.nat({ max: 1000 }), anyValue(names))
    .map(([[target, input], place, value]) => [target, replaced(input, { left: place % places(input) }, value)] as const);
}

function places(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((sum, member) => sum + places(member), 1) : 1;
}

/** The value with what stands at one of its places replaced. */
function replaced(value: unknown, place: { left: number }, by: unknown): unknown {
  const here = place.left === 0;
  place.left -= 1;
  if (here) return by;
  if (Array.isArray(value)) return value.map((member) => replaced(member, place, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, place, by)]));
}

/** As clients of the Query protocol write a value. */
export function formOf(value: unknown, name = ''): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((member, index) => formOf(member, `${name}.member.${index + 1}`));
  if (typeof value !== 'object' || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, member], index) =>
    name === 'MessageAttributes'
      ? [[`${name}.entry.${index + 1}.Name`, key] as [string, string], ...formOf(member, `${name}.entry.${index + 1}.Value`)]
      : formOf(member, name === '' ? key : `${name}.${key}`),
  );
}

/** A body that may be no JSON at all: bytes that are no text, or brackets without an end. */
export function anyBody(names: Names): fc.Arbitrary<Buffer> {
  return fc.oneof(
    { weight: 8, arbitrary: anyObject(names).map((value) => Buffer.from(JSON.stringify(value))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constantFrom('[', '{"a":', '"', '{"Item":{"M":').map((opening) => Buffer.from(opening.repeat(20_000))) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('Entries', 'Item', 'input', 'MessageAttributes')
        .map((name) => Buffer.from(`{"${name}":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)),
    },
    { weight: 1, arbitrary: fc.constant(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])) },
  );
}
