import { LEGACY } from '../dynamodb/request.ts';
import { INVOKE_MEMBERS } from '../lambda/invoke-request.ts';
import { MEMBERS } from '../members.ts';
import { OPERATIONS as OF_S3 } from '../s3/operations.ts';
import { inputOf, type Structure } from './sdk-model.ts';

/** What an integration with the SDK may give an operation. */
export interface SdkInput {
  /** All that AWS's model of it has. */
  readonly model: Structure;
  /** What must be given, and whatever else the embedded service takes: by the names that Step Functions gives them. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What AWS takes and the embedded service does not. */
  readonly refused: readonly string[];
  /** The service has other names for some of them than Step Functions. */
  readonly isRenamed: boolean;
}

/** Names of members, as the service has them. */
type Taken = readonly string[] | 'all';

interface SdkService {
  /** The embedded service's name. */
  readonly service: string;
  /** Before the dot of an error name. */
  readonly prefix: string;
  /** The members that the service takes of an operation; undefined where it has no such operation. */
  readonly taken: (operation: string) => Taken | undefined;
}

const named = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Held against the services by a test: these two keep no list of what they offer that stands apart from their code. */
const OF_DYNAMODB = named(
  'GetItem PutItem UpdateItem DeleteItem Query Scan BatchGetItem BatchWriteItem TransactWriteItems TransactGetItems CreateTable DescribeTable ListTables UpdateTable DeleteTable DescribeTimeToLive UpdateTimeToLive DescribeContinuousBackups',
);
const OF_STATES = named(
  'CreateActivity CreateStateMachine CreateStateMachineAlias DeleteActivity DeleteStateMachine DeleteStateMachineAlias DeleteStateMachineVersion DescribeActivity DescribeExecution DescribeMapRun DescribeStateMachine DescribeStateMachineAlias DescribeStateMachineForExecution GetExecutionHistory ListActivities ListExecutions ListMapRuns ListStateMachineAliases ListStateMachineVersions ListStateMachines ListTagsForResource PublishStateMachineVersion RedriveExecution SendTaskFailure SendTaskHeartbeat SendTaskSuccess StartExecution StartSyncExecution StopExecution TagResource UntagResource UpdateMapRun UpdateStateMachine UpdateStateMachineAlias ValidateStateMachineDefinition',
);
const OF_LAMBDA: Readonly<Record<string, readonly string[]>> = {
  Invoke: [...INVOKE_MEMBERS],
  GetFunction: ['FunctionName'],
  GetFunctionConfiguration: ['FunctionName'],
  ListFunctions: [],
};
/** Whether AWS makes JSON of the bytes of a part, as it does of an object's, is not known. */
const NOT_OF_S3 = named('UploadPart');
/** What AWS asks for beyond the service's own model: recorded in `sdk_admission.json` of radkawar/stackd. */
const ALSO_REQUIRED: Readonly<Record<string, readonly string[]>> = { 's3:putObject': ['Body'] };

const fromMembers = (service: string, prefix: string): SdkService => ({
  service,
  prefix,
  taken: (operation) => {
    const members = own(MEMBERS[service] ?? {}, operation);
    return members && [...members.honoured, ...Object.keys(members.inert)];
  },
});

/**
 * `aws-sdk:<name>`: the services of this cloud that a state machine can call, with all they offer
 * (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
 */
export const SDK_SERVICES: Readonly<Record<string, SdkService>> = {
  cloudformation: fromMembers('cloudformation', 'CloudFormation'),
  dynamodb: { service: 'dynamodb', prefix: 'DynamoDb', taken: (operation) => (OF_DYNAMODB.has(operation) ? 'all' : undefined) },
  eventbridge: fromMembers('events', 'EventBridge'),
  lambda: { service: 'lambda', prefix: 'Lambda', taken: (operation) => own(OF_LAMBDA, operation) },
  s3: {
    service: 's3',
    prefix: 'S3',
    taken: (operation) => {
      const input = NOT_OF_S3.has(operation) ? undefined : own(OF_S3, operation)?.input;
      return input && [...Object.keys(input), ...(operation === 'PutObject' ? ['Body'] : [])];
    },
  },
  ses: fromMembers('ses', 'Ses'),
  sfn: { service: 'states', prefix: 'Sfn', taken: (operation) => (OF_STATES.has(operation) ? 'all' : undefined) },
  sns: fromMembers('sns', 'Sns'),
  sqs: fromMembers('sqs', 'Sqs'),
  ssm: fromMembers('ssm', 'Ssm'),
};

const known = new Map<string, SdkInput | undefined>();

/** What `aws-sdk:<name>:<operation>` takes; undefined where there is no such operation on AWS or here. */
export function sdkInput(name: string, operation: string): SdkInput | undefined {
  const key = `${name}:${operation}`;
  if (!known.has(key)) known.set(key, findInput(name, operation));
  return known.get(key);
}

function findInput(name: string, operation: string): SdkInput | undefined {
  const own = operation.charAt(0).toUpperCase() + operation.slice(1);
  // Operations are in camel case: `PutItem` is none.
  if (own === operation || own.includes('.')) return undefined;
  const taken = SDK_SERVICES[name]?.taken(own);
  const model = taken && inputOf(name, own);
  if (taken === undefined || model === undefined) return undefined;
  const isTaken = ([, { name: member }]: [string, { readonly name: string }]) => takes(taken, member);
  const members = [...model.members].filter(isTaken);
  const also = ALSO_REQUIRED[`${name}:${operation}`] ?? [];
  const required = members.filter(([, { required }]) => required).map(([member]) => member);
  return {
    model,
    required: [...required, ...also],
    optional: members.filter(([member, { required }]) => !required && !also.includes(member)).map(([member]) => member),
    refused: [...model.members].filter((member) => !isTaken(member)).map(([member]) => member),
    isRenamed: members.some(([member, { name: theirs }]) => member !== theirs),
  };
}

/** Which members of an optimized integration the embedded service does not take. */
export function refusedOf(service: string, operation: string, members: readonly string[]): readonly string[] {
  const taken = Object.values(SDK_SERVICES)
    .find((entry) => entry.service === service)
    ?.taken(operation);
  return taken === undefined ? [] : members.filter((member) => !takes(taken, member));
}

function takes(taken: Taken, member: string): boolean {
  return taken === 'all' ? !LEGACY.includes(member) : taken.includes(member);
}

function own<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
