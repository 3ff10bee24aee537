import { createHash } from 'node:crypto';
import type { AwsError } from '../../kernel/errors.ts';
import type { ErrorOutput } from './errors.ts';
import type { Integration } from './integrations.ts';

/** How the optimized integrations name the service in a cause. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  dynamodb: 'AmazonDynamoDBv2',
  sqs: 'AmazonSQS',
  sns: 'AmazonSNS',
  states: 'AWSStepFunctions',
  lambda: 'AWSLambda',
  events: 'AmazonCloudWatchEvents',
};

/** Errors common to all services, which are no shapes of their models. */
const COMMON = [
  'AccessDeniedException',
  'InternalFailure',
  'InvalidAction',
  'SerializationException',
  'ServiceUnavailable',
  'ThrottlingException',
  'UnknownOperationException',
];
/** The same for single services, and which of the common ones they do model: as the classes of their SDK clients say. */
const UNMODELLED: Readonly<Record<string, { readonly more: readonly string[]; readonly modelled: readonly string[] }>> = {
  dynamodb: { more: ['ValidationException'], modelled: ['ThrottlingException'] },
  events: { more: ['ValidationException'], modelled: ['AccessDeniedException', 'ThrottlingException'] },
  ses: { more: ['InvalidParameterValue', 'ValidationError'], modelled: [] },
  sns: { more: ['ParameterValueInvalid'], modelled: [] },
  sqs: { more: ['InvalidParameterValue', 'MissingParameter'], modelled: [] },
};

/**
 * A task's error from a service's: `DynamoDb.ConditionalCheckFailedException`, `StepFunctions.StateMachineDoesNotExistException`. It is
 * named after a class of the Java SDK (its first version behind optimized integrations), so an error that the model of the service
 * does not have is the class of all its errors: `DynamoDb.DynamoDbException`, `DynamoDB.AmazonDynamoDBException`,
 * `Lambda.AWSLambdaException`. https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html shows the first kind,
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html the second.
 */
export function errorOfCall(integration: Integration, error: AwsError, requestId: string): ErrorOutput {
  const code = error.code.split(/[.#]/).at(-1) ?? error.code;
  const known = code.endsWith('Exception') ? code : `${code}Exception`;
  const name = isModelled(integration.service, code) ? known : baseClass(integration);
  const cause = integration.sdk
    ? `${error.message} (Service: ${integration.prefix}, Status Code: ${error.status}, ${requestOf(integration, requestId)}) (SDK Attempt Count: 1)`
    : `${error.message} (Service: ${SERVICE_NAMES[integration.resourceType] ?? integration.prefix}; Status Code: ${error.status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`;
  return { Error: `${integration.prefix}.${name}`, Cause: cause };
}

/** As recorded in `task_integrations.json` and `sdk_requests.json` of radkawar/stackd: S3 has two numbers for a request. */
function requestOf({ service }: Integration, id: string): string {
  if (service !== 's3') return `Request ID: ${id}`;
  const digits = id.replaceAll('-', '');
  const extended = createHash('sha384').update(id).digest('base64');
  return `Request ID: ${digits.slice(0, 16).toUpperCase()}, Extended Request ID: ${extended}`;
}

/** S3 models few of its errors: those of its API reference that have a page of their own in the SDK. */
const OF_S3: ReadonlySet<string> = new Set([
  'BucketAlreadyExists',
  'BucketAlreadyOwnedByYou',
  'EncryptionTypeMismatch',
  'InvalidObjectState',
  'InvalidRequest',
  'InvalidWriteOffset',
  'NoSuchBucket',
  'NoSuchKey',
  'NoSuchUpload',
  'TooManyParts',
]);

function isModelled(service: string, code: string): boolean {
  if (service === 's3') return OF_S3.has(code);
  const own = UNMODELLED[service];
  if (own?.more.includes(code)) return false;
  return !COMMON.includes(code) || own?.modelled.includes(code) === true;
}

function baseClass({ sdk, prefix, resourceType }: Integration): string {
  return `${sdk ? prefix : (SERVICE_NAMES[resourceType]?.replace('v2', '') ?? prefix)}Exception`;
}

/** The process died while the call was out: the caller cannot know what became of it, as after a broken connection. */
export function errorOfRestart(integration: Integration): ErrorOutput {
  const name = integration.service === 'lambda' ? 'Lambda.ServiceException' : `${integration.prefix}.SdkClientException`;
  return { Error: name, Cause: `The connection to ${integration.service} was lost before it answered.` };
}

/** The error of a Lambda function from the payload it failed with: `{errorType, errorMessage, …}`. */
export function errorOfFunction(payload: string): ErrorOutput {
  try {
    const { errorType } = JSON.parse(payload) as { errorType?: unknown };
    if (typeof errorType === 'string' && errorType !== '') return { Error: errorType, Cause: payload };
  } catch {
    // Not JSON: treated as an answer without an error type.
  }
  return {
    Error: 'Lambda.Unknown',
    Cause: `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  };
}
