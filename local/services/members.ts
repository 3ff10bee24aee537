import { AwsError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/kernel.ts';

/**
 * Every member that the operations of the smaller services look at, and those that make no difference here, each with its reason. Any
 * other is refused by name: AWS would do something about it, or does not know it either.
 */
interface Members {
  readonly honoured: readonly string[];
  readonly inert: Readonly<Record<string, string>>;
}

function takes(honoured: string, inert: Readonly<Record<string, string>> = {}): Members {
  return { honoured: honoured.split(' '), inert };
}

const NOTHING: Members = { honoured: [], inert: {} };
const NOT_ENCRYPTED = { WithDecryption: 'nothing is encrypted here' };
const NO_POLICIES = 'every caller may do everything';
const QUEUED = 'MessageBody DelaySeconds MessageAttributes MessageDeduplicationId';
const LISTED = 'NamePrefix Limit NextToken';
const MAIL = { SourceArn: NO_POLICIES, ReturnPathArn: NO_POLICIES };

/** By service and operation; items of lists, which are checked like inputs, are called `Operation.Member`. */
export const MEMBERS: Readonly<Record<string, Readonly<Record<string, Members>>>> = {
  sqs: {
    SendMessage: takes(`QueueUrl ${QUEUED}`),
    SendMessageBatch: takes('QueueUrl Entries'),
    'SendMessageBatch.Entries': takes(`Id ${QUEUED}`),
    ReceiveMessage: takes(
      'QueueUrl AttributeNames MessageSystemAttributeNames MessageAttributeNames MaxNumberOfMessages VisibilityTimeout WaitTimeSeconds',
    ),
    DeleteMessage: takes('QueueUrl ReceiptHandle'),
    DeleteMessageBatch: takes('QueueUrl Entries'),
    'DeleteMessageBatch.Entries': takes('Id ReceiptHandle'),
    ChangeMessageVisibility: takes('QueueUrl ReceiptHandle VisibilityTimeout'),
    ChangeMessageVisibilityBatch: takes('QueueUrl Entries'),
    'ChangeMessageVisibilityBatch.Entries': takes('Id ReceiptHandle VisibilityTimeout'),
    GetQueueUrl: takes('QueueName QueueOwnerAWSAccountId'),
    GetQueueAttributes: takes('QueueUrl AttributeNames'),
    ListQueues: takes('QueueNamePrefix NextToken MaxResults'),
    PurgeQueue: takes('QueueUrl'),
    StartMessageMoveTask: takes('SourceArn DestinationArn MaxNumberOfMessagesPerSecond'),
    ListMessageMoveTasks: takes('SourceArn MaxResults'),
    CancelMessageMoveTask: takes('TaskHandle'),
  },
  sns: {
    Publish: takes('Message TopicArn TargetArn PhoneNumber Subject MessageStructure MessageAttributes MessageDeduplicationId'),
    CreateTopic: takes('Name', { Tags: 'nothing reads tags' }),
    ListTopics: takes('NextToken'),
  },
  ses: {
    SendEmail: takes('Source Destination Message ReplyToAddresses Tags ConfigurationSetName', {
      ...MAIL,
      ReturnPath: 'what became of a mail is told through configuration sets, not by mail',
    }),
    SendRawEmail: takes('RawMessage Source Destinations Tags ConfigurationSetName', { ...MAIL, FromArn: NO_POLICIES }),
    VerifyEmailIdentity: takes('EmailAddress'),
    GetIdentityVerificationAttributes: takes('Identities'),
    ListIdentities: takes('IdentityType NextToken MaxItems'),
    GetAccountSendingEnabled: NOTHING,
    GetSendQuota: NOTHING,
  },
  events: {
    PutEvents: takes('Entries'),
    'PutEvents.Entries': takes('Time Source Resources DetailType Detail EventBusName', { TraceHeader: 'no traces are recorded here' }),
    ListRules: takes(`EventBusName ${LISTED}`),
    DescribeRule: takes('Name EventBusName'),
    ListTargetsByRule: takes('Rule EventBusName NextToken Limit'),
    ListEventBuses: takes(LISTED),
    DescribeEventBus: takes('Name'),
    StartReplay: takes('ReplayName EventSourceArn EventStartTime EventEndTime Destination', { Description: 'nobody is shown it' }),
    DescribeReplay: takes('ReplayName'),
    ListReplays: takes(`State EventSourceArn ${LISTED}`),
    ListArchives: takes(`State EventSourceArn ${LISTED}`),
    DescribeArchive: takes('ArchiveName'),
    TestEventPattern: takes('EventPattern Event'),
  },
  logs: {
    DescribeLogGroups: takes('logGroupNamePrefix limit nextToken'),
    DescribeLogStreams: takes('logGroupName logGroupIdentifier logStreamNamePrefix limit nextToken'),
    FilterLogEvents: takes(
      'logGroupName logGroupIdentifier logStreamNames logStreamNamePrefix startTime endTime filterPattern limit nextToken',
      { interleaved: 'AWS always does by now' },
    ),
    GetLogEvents: takes('logGroupName logGroupIdentifier logStreamName startTime endTime startFromHead limit nextToken'),
  },
  ssm: {
    GetParameter: takes('Name', NOT_ENCRYPTED),
    GetParameters: takes('Names', NOT_ENCRYPTED),
    GetParametersByPath: takes('Path Recursive MaxResults NextToken', NOT_ENCRYPTED),
    PutParameter: takes('Name Value Type Overwrite Tier DataType', { Description: 'nobody is shown it', Tags: 'nothing reads tags' }),
  },
  cloudformation: {
    DescribeStacks: takes('StackName NextToken'),
    ListStacks: takes('StackStatusFilter NextToken'),
    ListStackResources: takes('StackName NextToken'),
    DescribeStackResources: takes('StackName LogicalResourceId PhysicalResourceId'),
    ListExports: takes('NextToken'),
  },
};

/** What the Query protocol adds to any input. */
const PROTOCOL = ['Action', 'Version'];
const KNOWN = new Map(
  Object.entries(MEMBERS).flatMap(([service, operations]) =>
    Object.entries(operations).map(([operation, { honoured, inert }]): [string, ReadonlySet<string>] => [
      `${service}.${operation}`,
      new Set([...PROTOCOL, ...honoured, ...Object.keys(inert)]),
    ]),
  ),
);

/**
 * Refuses by name a member that the operation does not look at.
 * @param code the service's error for a parameter that it does not take
 * @throws AwsError naming member and operation
 */
export function assertMembers(service: string, operation: string, input: JsonObject, code: string): void {
  const known = KNOWN.get(`${service}.${operation}`);
  if (known === undefined) return;
  for (const name in input)
    if (!known.has(name) && input[name] !== undefined && input[name] !== null && Object.hasOwn(input, name))
      throw new AwsError(code, `The embedded cloud's ${service} has no ${name.slice(0, 100)} in ${operation}.`);
}
