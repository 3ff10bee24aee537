import { AwsError } from '../kernel/errors.ts';

/**
 * The type of a member: a text, a number, a flag, a list of one type, a map to one type, or a structure. Members that are not named may be
 * anything; members that are null count as absent, as everywhere in AWS.
 */
type Shape = 'text' | 'number' | 'flag' | { readonly list: Shape } | { readonly map: Shape } | Structure;
interface Structure {
  readonly members: Readonly<Record<string, Shape>>;
}

const TEXTS: Shape = { list: 'text' };

function structure(members: Readonly<Record<string, Shape>>): Structure {
  return { members };
}

const ATTRIBUTES: Shape = {
  map: structure({ DataType: 'text', StringValue: 'text', BinaryValue: 'text', StringListValues: TEXTS, BinaryListValues: TEXTS }),
};
const MESSAGE = {
  MessageBody: 'text',
  DelaySeconds: 'number',
  MessageAttributes: ATTRIBUTES,
  MessageSystemAttributes: ATTRIBUTES,
} as const;
const RECEIPT = { ReceiptHandle: 'text' } as const;
const VISIBILITY = { ...RECEIPT, VisibilityTimeout: 'number' } as const;
const PAGE = { Limit: 'number', MaxResults: 'number', NextToken: 'text' } as const;

const LOG_GROUP = { logGroupName: 'text', logGroupIdentifier: 'text' } as const;
const LOG_TIMES = { startTime: 'number', endTime: 'number', limit: 'number', nextToken: 'text' } as const;

function queue(members: Structure['members']): Structure {
  return structure({ QueueUrl: 'text', ...members });
}

function queueBatch(members: Structure['members']): Structure {
  return queue({ Entries: { list: structure({ Id: 'text', ...members }) } });
}

const CONTENT = structure({ Data: 'text', Charset: 'text' });
const TAGS: Shape = { list: structure({ Name: 'text', Value: 'text' }) };
const MAIL = { Source: 'text', ConfigurationSetName: 'text', ReturnPath: 'text', Tags: TAGS } as const;

/** Of the services that leave it to the protocol to look at types; the others do so themselves. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, Structure>>>> = {
  sqs: {
    SendMessage: queue(MESSAGE),
    SendMessageBatch: queueBatch(MESSAGE),
    ReceiveMessage: queue({
      AttributeNames: TEXTS,
      MessageSystemAttributeNames: TEXTS,
      MessageAttributeNames: TEXTS,
      MaxNumberOfMessages: 'number',
      VisibilityTimeout: 'number',
      WaitTimeSeconds: 'number',
    }),
    DeleteMessage: queue(RECEIPT),
    DeleteMessageBatch: queueBatch(RECEIPT),
    ChangeMessageVisibility: queue(VISIBILITY),
    ChangeMessageVisibilityBatch: queueBatch(VISIBILITY),
    GetQueueAttributes: queue({ AttributeNames: TEXTS }),
    GetQueueUrl: structure({ QueueName: 'text', QueueOwnerAWSAccountId: 'text' }),
    ListQueues: structure({ QueueNamePrefix: 'text', ...PAGE }),
    PurgeQueue: queue({}),
    StartMessageMoveTask: structure({ SourceArn: 'text', DestinationArn: 'text', MaxNumberOfMessagesPerSecond: 'number' }),
    ListMessageMoveTasks: structure({ SourceArn: 'text', MaxResults: 'number' }),
    CancelMessageMoveTask: structure({ TaskHandle: 'text' }),
  },
  events: {
    PutEvents: structure({
      Entries: {
        list: structure({
          EventBusName: 'text',
          Source: 'text',
          DetailType: 'text',
          Detail: 'text',
          Resources: TEXTS,
          TraceHeader: 'text',
        }),
      },
    }),
    ListRules: structure({ EventBusName: 'text', NamePrefix: 'text', ...PAGE }),
    DescribeRule: structure({ EventBusName: 'text', Name: 'text' }),
    ListTargetsByRule: structure({ EventBusName: 'text', Rule: 'text', ...PAGE }),
    DescribeEventBus: structure({ Name: 'text' }),
    StartReplay: structure({
      ReplayName: 'text',
      Description: 'text',
      EventSourceArn: 'text',
      EventStartTime: 'number',
      EventEndTime: 'number',
      Destination: structure({ Arn: 'text', FilterArns: TEXTS }),
    }),
    DescribeReplay: structure({ ReplayName: 'text' }),
    ListReplays: structure({ NamePrefix: 'text', EventSourceArn: 'text', State: 'text', ...PAGE }),
    DescribeArchive: structure({ ArchiveName: 'text' }),
    ListArchives: structure({ NamePrefix: 'text', EventSourceArn: 'text', State: 'text', ...PAGE }),
    ListEventBuses: structure({ NamePrefix: 'text', ...PAGE }),
    TestEventPattern: structure({ EventPattern: 'text', Event: 'text' }),
  },
  logs: {
    DescribeLogGroups: structure({ logGroupNamePrefix: 'text', limit: 'number', nextToken: 'text' }),
    DescribeLogStreams: structure({ ...LOG_GROUP, logStreamNamePrefix: 'text', limit: 'number', nextToken: 'text' }),
    FilterLogEvents: structure({ ...LOG_GROUP, ...LOG_TIMES, logStreamNames: TEXTS, logStreamNamePrefix: 'text', filterPattern: 'text' }),
    GetLogEvents: structure({ ...LOG_GROUP, ...LOG_TIMES, logStreamName: 'text', startFromHead: 'flag' }),
  },
  ssm: {
    GetParameter: structure({ Name: 'text', WithDecryption: 'flag' }),
    GetParametersByPath: structure({ Path: 'text', Recursive: 'flag', WithDecryption: 'flag', ...PAGE }),
    GetParameters: structure({ Names: TEXTS, WithDecryption: 'flag' }),
    PutParameter: structure({ Name: 'text', Value: 'text', Type: 'text', Description: 'text', Overwrite: 'flag' }),
  },
  sns: {
    Publish: structure({
      TopicArn: 'text',
      TargetArn: 'text',
      PhoneNumber: 'text',
      Message: 'text',
      MessageStructure: 'text',
      Subject: 'text',
      MessageAttributes: ATTRIBUTES,
    }),
    CreateTopic: structure({ Name: 'text' }),
    ListTopics: structure(PAGE),
  },
  ses: {
    SendEmail: structure({
      ...MAIL,
      Destination: structure({ ToAddresses: TEXTS, CcAddresses: TEXTS, BccAddresses: TEXTS }),
      Message: structure({ Subject: CONTENT, Body: structure({ Text: CONTENT, Html: CONTENT }) }),
      ReplyToAddresses: TEXTS,
    }),
    SendRawEmail: structure({ ...MAIL, Destinations: TEXTS, RawMessage: structure({ Data: 'text' }) }),
    VerifyEmailIdentity: structure({ EmailAddress: 'text' }),
    GetIdentityVerificationAttributes: structure({ Identities: TEXTS }),
    ListIdentities: structure({ IdentityType: 'text', MaxItems: 'number', ...PAGE }),
  },
  cloudformation: {
    DescribeStacks: structure({ StackName: 'text', ...PAGE }),
    DescribeStackResources: structure({ StackName: 'text', LogicalResourceId: 'text', PhysicalResourceId: 'text' }),
    ListStackResources: structure({ StackName: 'text', ...PAGE }),
    ListStacks: structure({ StackStatusFilter: TEXTS, ...PAGE }),
    ListExports: structure(PAGE),
  },
};

/**
 * Looks at the types of a request's members as AWS's protocols do before the service sees it, and takes out those that are null.
 * @param code the error of the protocol
 * @throws AwsError naming the member and what it must be
 */
export function assertShape(service: string, operation: string, input: Record<string, unknown>, code: string): void {
  const operations = SHAPES[service];
  const shape = operations !== undefined && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (shape === undefined) return;
  const wrong = fault(shape, input, '');
  if (wrong !== undefined) throw new AwsError(code, wrong);
}

/** What is wrong with a value, and where; undefined where nothing is. */
function fault(shape: Shape, value: unknown, path: string): string | undefined {
  if (shape === 'text') return typeof value === 'string' ? undefined : `${path} must be a text.`;
  if (shape === 'number') return isNumber(value) ? undefined : `${path} must be a number.`;
  if (shape === 'flag')
    return typeof value === 'boolean' || value === 'true' || value === 'false' ? undefined : `${path} must be true or false.`;
  if ('list' in shape)
    return Array.isArray(value)
      ? first(value.entries(), (index, item) => fault(shape.list, item, `${path}[${index}]`))
      : `${path} must be a list.`;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `${path === '' ? 'The request' : path} must be a structure.`;
  const members = value as Record<string, unknown>;
  const prefix = path === '' ? '' : `${path}.`;
  return first(Object.entries(members), (name, member) => {
    if (member === null) {
      delete members[name];
      return undefined;
    }
    if ('map' in shape) return fault(shape.map, member, `${prefix}${name}`);
    return Object.hasOwn(shape.members, name) ? fault(shape.members[name] as Shape, member, `${prefix}${name}`) : undefined;
  });
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)));
}

function first<K, V>(entries: Iterable<[K, V]>, look: (key: K, value: V) => string | undefined): string | undefined {
  for (const [key, value] of entries) {
    const found = look(key, value);
    if (found !== undefined) return found;
  }
  return undefined;
}
