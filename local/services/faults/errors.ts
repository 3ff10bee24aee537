import { AwsError } from '../../kernel/errors.ts';
import type { FaultRule } from './rules.ts';

interface ServiceErrors {
  readonly throttled: readonly [name: string, status: number, message: string];
  readonly failed: readonly [name: string, status: number, message: string];
}

const INTERNAL_FAILURE = [
  'InternalFailure',
  500,
  'The request processing has failed because of an unknown error, exception or failure.',
] as const;
const RATE_EXCEEDED = 'Rate exceeded';

/**
 * How each service says that it is asked too much, and that it failed: by the errors of its model, which are the SDK's own classes, and
 * where the model names none by the errors common to all (https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html).
 * The statuses of DynamoDB are of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html, those of S3 of
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
 */
const ERRORS: Readonly<Record<string, Partial<ServiceErrors>>> = {
  dynamodb: {
    throttled: [
      'ProvisionedThroughputExceededException',
      400,
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    ],
    failed: ['InternalServerError', 500, 'The server encountered an internal error trying to fulfill the request.'],
  },
  events: { failed: ['InternalException', 500, 'This exception occurs due to unexpected causes.'] },
  lambda: {
    throttled: ['TooManyRequestsException', 429, 'Rate Exceeded.'],
    failed: ['ServiceException', 500, 'The Lambda service encountered an internal error.'],
  },
  s3: {
    throttled: ['SlowDown', 503, 'Please reduce your request rate.'],
    failed: ['InternalError', 500, 'We encountered an internal error. Please try again.'],
  },
  sns: {
    throttled: ['ThrottledException', 429, RATE_EXCEEDED],
    failed: ['InternalErrorException', 500, 'Indicates an internal service error.'],
  },
  sqs: { throttled: ['RequestThrottled', 400, 'The request was denied due to request throttling.'] },
  ssm: { failed: ['InternalServerError', 500, 'An error occurred on the server side.'] },
};

/** The error that a call gets instead of being done. */
export function errorOf({ service, effect, error = {} }: Pick<FaultRule, 'service' | 'effect' | 'error'>): AwsError {
  const [name, status, message] =
    effect === 'throttle'
      ? (ERRORS[service]?.throttled ?? (['ThrottlingException', 400, RATE_EXCEEDED] as const))
      : (ERRORS[service]?.failed ?? INTERNAL_FAILURE);
  return new AwsError(error.name ?? name, error.message ?? message, error.status ?? status);
}
