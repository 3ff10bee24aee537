import type { Pattern } from './integrations.ts';

/** The members an operation takes, so that a misspelt one is found when the definition is read. */
export interface SdkOperation {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

interface SdkService {
  /** The embedded service's name. */
  readonly service: string;
  readonly prefix: string;
  readonly operations: Readonly<Record<string, SdkOperation>>;
}

interface Optimized {
  readonly kind: 'lambda' | 'execution' | 'api';
  readonly service: string;
  readonly operation: string;
  readonly prefix: string;
  readonly patterns: readonly Pattern[];
  readonly fields: SdkOperation;
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
const takes = (required: string, optional = ''): SdkOperation => ({ required: words(required), optional: words(optional) });

const CONDITION = 'ConditionExpression ExpressionAttributeNames ExpressionAttributeValues';
const LEGACY = 'Expected ConditionalOperator';
const RETURNS = 'ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues ReturnValuesOnConditionCheckFailure';
const getItem = takes(
  'TableName Key',
  'AttributesToGet ConsistentRead ExpressionAttributeNames ProjectionExpression ReturnConsumedCapacity',
);
const putItem = takes('TableName Item', `${CONDITION} ${LEGACY} ${RETURNS}`);
const updateItem = takes('TableName Key', `UpdateExpression AttributeUpdates ${CONDITION} ${LEGACY} ${RETURNS}`);
const deleteItem = takes('TableName Key', `${CONDITION} ${LEGACY} ${RETURNS}`);
const sendMessage = takes(
  'QueueUrl MessageBody',
  'DelaySeconds MessageAttributes MessageDeduplicationId MessageGroupId MessageSystemAttributes',
);
const publish = takes(
  'Message',
  'MessageAttributes MessageDeduplicationId MessageGroupId MessageStructure PhoneNumber Subject TargetArn TopicArn',
);
const filters =
  'AttributesToGet ConditionalOperator ConsistentRead ExclusiveStartKey ExpressionAttributeNames ExpressionAttributeValues FilterExpression IndexName Limit ProjectionExpression ReturnConsumedCapacity Select';
const putEvents = takes('Entries', 'EndpointId');
const invoke = takes('FunctionName', 'ClientContext InvocationType LogType Payload Qualifier');
const startExecution = takes('StateMachineArn', 'Input Name TraceHeader');

const reads =
  'ChecksumMode ExpectedBucketOwner IfMatch IfModifiedSince IfNoneMatch IfUnmodifiedSince Range ResponseCacheControl ResponseContentDisposition ResponseContentEncoding ResponseContentLanguage ResponseContentType ResponseExpires VersionId';
const checksums = 'ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256';
const writes =
  'ACL BucketKeyEnabled CacheControl ChecksumAlgorithm ContentDisposition ContentEncoding ContentLanguage ContentType ExpectedBucketOwner Expires IfMatch IfNoneMatch Metadata ObjectLockLegalHoldStatus ObjectLockMode ObjectLockRetainUntilDate SSEKMSKeyId ServerSideEncryption StorageClass';

/** `aws-sdk:<name>`: the services and operations that this cloud has. https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
export const AWS_SDK_SERVICES: Readonly<Record<string, SdkService>> = {
  dynamodb: {
    service: 'dynamodb',
    prefix: 'DynamoDb',
    operations: {
      getItem,
      putItem,
      updateItem,
      deleteItem,
      query: takes('TableName', `${filters} KeyConditionExpression KeyConditions QueryFilter ScanIndexForward`),
      scan: takes('TableName', `${filters} ScanFilter Segment TotalSegments`),
      describeTable: takes('TableName'),
      transactWriteItems: takes('TransactItems', 'ClientRequestToken ReturnConsumedCapacity ReturnItemCollectionMetrics'),
      transactGetItems: takes('TransactItems', 'ReturnConsumedCapacity'),
      batchGetItem: takes('RequestItems', 'ReturnConsumedCapacity'),
      batchWriteItem: takes('RequestItems', 'ReturnConsumedCapacity ReturnItemCollectionMetrics'),
    },
  },
  s3: {
    service: 's3',
    prefix: 'S3',
    operations: {
      getObject: takes('Bucket Key', reads),
      headObject: takes('Bucket Key', reads),
      // AWS asks for the body, as recorded in `sdk_admission.json` of radkawar/stackd.
      putObject: takes('Bucket Key Body', `ContentMD5 ${checksums} ${writes}`),
      copyObject: takes(
        'Bucket Key CopySource',
        `CopySourceIfMatch CopySourceIfModifiedSince CopySourceIfNoneMatch CopySourceIfUnmodifiedSince MetadataDirective ${writes}`,
      ),
      deleteObject: takes('Bucket Key', 'BypassGovernanceRetention ExpectedBucketOwner IfMatch VersionId'),
      listObjectsV2: takes('Bucket', 'ContinuationToken Delimiter EncodingType ExpectedBucketOwner FetchOwner MaxKeys Prefix StartAfter'),
    },
  },
  ssm: {
    service: 'ssm',
    prefix: 'Ssm',
    operations: {
      getParameter: takes('Name', 'WithDecryption'),
      getParameters: takes('Names', 'WithDecryption'),
      putParameter: takes('Name Value', 'AllowedPattern DataType Description KeyId Overwrite Policies Tags Tier Type'),
    },
  },
  sqs: {
    service: 'sqs',
    prefix: 'Sqs',
    operations: {
      sendMessage,
      sendMessageBatch: takes('QueueUrl Entries'),
      receiveMessage: takes(
        'QueueUrl',
        'AttributeNames MaxNumberOfMessages MessageAttributeNames MessageSystemAttributeNames ReceiveRequestAttemptId VisibilityTimeout WaitTimeSeconds',
      ),
      deleteMessage: takes('QueueUrl ReceiptHandle'),
      deleteMessageBatch: takes('QueueUrl Entries'),
      changeMessageVisibility: takes('QueueUrl ReceiptHandle VisibilityTimeout'),
      getQueueUrl: takes('QueueName', 'QueueOwnerAWSAccountId'),
      getQueueAttributes: takes('QueueUrl', 'AttributeNames'),
      purgeQueue: takes('QueueUrl'),
    },
  },
  sns: { service: 'sns', prefix: 'Sns', operations: { publish } },
  ses: {
    service: 'ses',
    prefix: 'Ses',
    operations: {
      sendEmail: takes('Source Destination Message', 'ReplyToAddresses ReturnPath SourceArn ReturnPathArn Tags ConfigurationSetName'),
    },
  },
  eventbridge: { service: 'events', prefix: 'EventBridge', operations: { putEvents } },
  lambda: { service: 'lambda', prefix: 'Lambda', operations: { invoke } },
  sfn: {
    service: 'states',
    prefix: 'Sfn',
    operations: {
      startExecution,
      startSyncExecution: takes('StateMachineArn', 'IncludedData Input Name TraceHeader'),
      describeExecution: takes('ExecutionArn', 'IncludedData'),
      describeStateMachine: takes('StateMachineArn', 'IncludedData'),
      describeMapRun: takes('MapRunArn'),
      listExecutions: takes('', 'MapRunArn MaxResults NextToken RedriveFilter StateMachineArn StatusFilter'),
      listMapRuns: takes('ExecutionArn', 'MaxResults NextToken'),
      listStateMachines: takes('', 'MaxResults NextToken'),
      stopExecution: takes('ExecutionArn', 'Cause Error'),
      redriveExecution: takes('ExecutionArn', 'ClientToken'),
      sendTaskSuccess: takes('Output TaskToken'),
      sendTaskFailure: takes('TaskToken', 'Cause Error'),
      sendTaskHeartbeat: takes('TaskToken'),
    },
  },
};

const dynamodb = (operation: string, fields: SdkOperation): Optimized => ({
  kind: 'api',
  service: 'dynamodb',
  operation,
  prefix: 'DynamoDB',
  patterns: ['response'],
  fields,
});

/** The optimized integrations. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html */
export const OPTIMIZED: Readonly<Record<string, Optimized>> = {
  'lambda:invoke': {
    kind: 'lambda',
    service: 'lambda',
    operation: 'Invoke',
    prefix: 'Lambda',
    patterns: ['response', 'token'],
    fields: invoke,
  },
  'dynamodb:getItem': dynamodb('GetItem', getItem),
  'dynamodb:putItem': dynamodb('PutItem', putItem),
  'dynamodb:updateItem': dynamodb('UpdateItem', updateItem),
  'dynamodb:deleteItem': dynamodb('DeleteItem', deleteItem),
  'sqs:sendMessage': {
    kind: 'api',
    service: 'sqs',
    operation: 'SendMessage',
    prefix: 'SQS',
    patterns: ['response', 'token'],
    fields: sendMessage,
  },
  'sns:publish': { kind: 'api', service: 'sns', operation: 'Publish', prefix: 'SNS', patterns: ['response', 'token'], fields: publish },
  'events:putEvents': {
    kind: 'api',
    service: 'events',
    operation: 'PutEvents',
    prefix: 'EventBridge',
    patterns: ['response', 'token'],
    fields: putEvents,
  },
  'states:startExecution': {
    kind: 'execution',
    service: 'states',
    operation: 'StartExecution',
    prefix: 'StepFunctions',
    patterns: ['response', 'token', 'sync', 'sync2'],
    fields: startExecution,
  },
};
