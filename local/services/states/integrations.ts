import { OPTIMIZED, type SdkOperation } from './integration-catalog.ts';
import { refusedOf, SDK_SERVICES, type SdkInput, sdkInput } from './sdk-catalog.ts';

/** How a task waits: for the answer, for a callback with the token, or for the end of what it started. */
export type Pattern = 'response' | 'token' | 'sync' | 'sync2';

/** What a `Resource` means. https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html */
export interface Integration {
  /**
   * `function`: a Lambda function's own ARN; `activity`: an activity's; `lambda`: `lambda:invoke`; `execution`: `states:startExecution`;
   * `api`: any other call.
   */
  readonly kind: 'function' | 'activity' | 'lambda' | 'execution' | 'api';
  /** The embedded service and its operation. */
  readonly service: string;
  readonly operation: string;
  readonly pattern: Pattern;
  /** Before the dot of an error name: `DynamoDb`, `DynamoDB`, `Lambda`, … */
  readonly prefix: string;
  /** `aws-sdk:dynamodb` and `updateItem.waitForTaskToken`, as history events show them. */
  readonly resourceType: string;
  readonly resource: string;
  readonly region: string;
  readonly sdk: boolean;
  readonly operationFields: SdkOperation;
  /** Members that AWS takes and this cloud does not. */
  readonly refusedFields: readonly string[];
  /** What is known besides of what an integration with the SDK takes. */
  readonly sdkInput?: SdkInput;
  /** The ARN of a Lambda function named as the resource. */
  readonly functionArn: string | undefined;
  /** The ARN of an activity named as the resource. */
  readonly activityArn?: string;
}

/** Why a `Resource` is refused; `message` is for the end of a validation message. */
export class ResourceError extends Error {}

const FUNCTION_ARN = /^arn:[\w-]+:lambda:([\w-]+):\d{12}:function:[\w-]+(?::(?:\$LATEST|[\w-]+))?$/;
const SERVICE_ARN = /^arn:[\w-]+:states:([\w-]*):(\d*):(.+)$/;
const SUFFIXES: Readonly<Record<string, Pattern>> = { waitForTaskToken: 'token', sync: 'sync', 'sync:2': 'sync2' };

const parsed = new Map<string, Integration>();

/** Throws `ResourceError` for what Step Functions or this cloud does not run. */
export function parseResource(resource: string): Integration {
  const known = parsed.get(resource);
  if (known !== undefined) return known;
  const integration = parse(resource);
  parsed.set(resource, integration);
  return integration;
}

function parse(resource: string): Integration {
  const lambda = FUNCTION_ARN.exec(resource);
  if (lambda !== null) {
    return {
      kind: 'function',
      service: 'lambda',
      operation: 'Invoke',
      pattern: 'response',
      prefix: 'Lambda',
      resourceType: 'lambda',
      resource: 'invoke',
      region: lambda[1] ?? '',
      sdk: false,
      operationFields: { required: [], optional: [] },
      refusedFields: [],
      functionArn: resource,
    };
  }
  const match = SERVICE_ARN.exec(resource);
  if (match === null) throw new ResourceError(`Value is not a valid resource ARN`);
  const target = match[3] ?? '';
  if (target.startsWith('activity:')) return activity(resource);
  return target.startsWith('aws-sdk:') ? parseSdk(target) : parseOptimized(target);
}

/** A worker takes the task and answers as one that waits for a token does. */
function activity(activityArn: string): Integration {
  return {
    kind: 'activity',
    service: 'states',
    operation: 'GetActivityTask',
    pattern: 'token',
    prefix: 'Activity',
    resourceType: 'activity',
    resource: 'activity',
    region: '',
    sdk: false,
    operationFields: { required: [], optional: [] },
    refusedFields: [],
    functionArn: undefined,
    activityArn,
  };
}

function split(target: string): { readonly call: string; readonly pattern: Pattern; readonly suffix: string } {
  const dot = target.indexOf('.');
  if (dot < 0) return { call: target, pattern: 'response', suffix: '' };
  const suffix = target.slice(dot + 1);
  const pattern = SUFFIXES[suffix];
  if (pattern === undefined) throw new ResourceError(`The service integration pattern '.${suffix}' is not supported`);
  return { call: target.slice(0, dot), pattern, suffix: `.${suffix}` };
}

function parseSdk(target: string): Integration {
  const { call, pattern, suffix } = split(target);
  const [, service = '', operation = ''] = call.split(':');
  const entry = SDK_SERVICES[service];
  const fields = sdkInput(service, operation);
  if (entry === undefined || fields === undefined || (pattern !== 'response' && pattern !== 'token'))
    throw new ResourceError(`The resource '${target}' is not supported by the embedded Step Functions`);
  return {
    kind: 'api',
    service: entry.service,
    operation: operation.charAt(0).toUpperCase() + operation.slice(1),
    pattern,
    prefix: entry.prefix,
    resourceType: `aws-sdk:${service}`,
    resource: `${operation}${suffix}`,
    region: '',
    sdk: true,
    operationFields: fields,
    refusedFields: fields.refused,
    sdkInput: fields,
    functionArn: undefined,
  };
}

function parseOptimized(target: string): Integration {
  const { call, pattern, suffix } = split(target);
  const entry = OPTIMIZED[call];
  if (entry === undefined || !entry.patterns.includes(pattern))
    throw new ResourceError(`The resource '${target}' is not supported by the embedded Step Functions`);
  const [service = '', operation = ''] = call.split(':');
  const { required, optional } = entry.fields;
  const refusedFields = refusedOf(entry.service, entry.operation, optional);
  return {
    kind: entry.kind,
    service: entry.service,
    operation: entry.operation,
    pattern,
    prefix: entry.prefix,
    resourceType: service,
    resource: `${operation}${suffix}`,
    region: '',
    sdk: false,
    operationFields: { required, optional: optional.filter((member) => !refusedFields.includes(member)) },
    refusedFields,
    functionArn: undefined,
  };
}
