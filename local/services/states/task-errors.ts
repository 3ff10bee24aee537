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

/** A task's error from a service's: `DynamoDb.ConditionalCheckFailedException`, `StepFunctions.StateMachineDoesNotExistException`. */
export function errorOfCall(integration: Integration, error: AwsError, requestId: string): ErrorOutput {
  const code = error.code.split(/[.#]/).at(-1) ?? error.code;
  const name = code.endsWith('Exception') ? code : `${code}Exception`;
  const cause = integration.sdk
    ? `${error.message} (Service: ${integration.prefix}, Status Code: ${error.status}, Request ID: ${requestId})`
    : `${error.message} (Service: ${SERVICE_NAMES[integration.resourceType] ?? integration.prefix}; Status Code: ${error.status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`;
  return { Error: `${integration.prefix}.${name}`, Cause: cause };
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
