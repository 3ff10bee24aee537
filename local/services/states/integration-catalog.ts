import type { Pattern } from './integrations.ts';

/** The members an operation takes, so that a misspelt one is found when the definition is read. Those of the SDK are in `sdk-catalog.ts`. */
export interface SdkOperation {
  readonly required: readonly string[];
  readonly optional: readonly string[];
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
const putEvents = takes('Entries', 'EndpointId');
const invoke = takes('FunctionName', 'ClientContext InvocationType LogType Payload Qualifier');
const startExecution = takes('StateMachineArn', 'Input Name TraceHeader');

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
