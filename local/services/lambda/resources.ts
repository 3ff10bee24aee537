import { existsSync, statSync } from 'node:fs';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import {
  type Provisioning,
  physicalName,
  type Resource,
  type ResourceHandler,
  refuseUnknown,
  unsupported,
  wholeProperty,
} from '../../template/resource.ts';
import { isDestination } from './destination.ts';
import { LOG_STREAM } from './invocation-context.ts';
import { functionArn, functionNameOf, type LambdaService } from './lambda-service.ts';
import type { FunctionCode } from './packages.ts';

/** The one version that there is of each function's code. */
const VERSION = '1';
const TIMEOUT_SECONDS_DEFAULT = 3;
const MEMORY_MEGABYTES_DEFAULT = 128;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const TIMEOUT_SECONDS = [1, 900] as const;
const MEMORY_MEGABYTES = [128, 10_240] as const;
const CONCURRENCY = [0, 1_000_000] as const;
const ENVIRONMENT_BYTES_MAX = 4096;
/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const RETRIES = [0, 2] as const;
const EVENT_AGE_SECONDS = [60, 21_600] as const;

export function functionHandlers(lambda: LambdaService): ResourceHandler[] {
  const layers = new Map<string, string>();
  return [functionHandler(lambda, layers), layerHandler(layers), eventInvokeHandler(lambda), versionHandler(lambda), aliasHandler(lambda)];
}

function functionHandler(lambda: LambdaService, layers: ReadonlyMap<string, string>): ResourceHandler {
  return {
    type: 'AWS::Lambda::Function',
    honoured: [
      'Code',
      'DeadLetterConfig',
      'Description',
      'Environment',
      'FunctionName',
      'Handler',
      'Layers',
      'LoggingConfig',
      'MemorySize',
      'PackageType',
      'ReservedConcurrentExecutions',
      'Runtime',
      'Timeout',
    ],
    inert: {
      Architectures: 'the function runs in this process',
      CodeSigningConfigArn: 'the code is the assembly’s own',
      EphemeralStorage: 'the function runs in this process',
      KmsKeyArn: 'nothing is encrypted here',
      RecursiveLoop: 'a loop is found by the kernel',
      Role: 'every caller on this machine may do everything',
      RuntimeManagementConfig: 'there is one runtime',
      SnapStart: 'there are no cold starts',
      Tags: 'nothing reads tags',
      TracingConfig: 'no traces are recorded here',
      VpcConfig: 'the function runs in this process',
    },
    provision(resource, provisioning) {
      const { properties } = resource;
      const runtime = String(properties.Runtime);
      const nodeVersion = Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1]);
      if (Number.isNaN(nodeVersion)) throw unsupported(resource, `runtime ${runtime} is not supported by the embedded cloud`);
      const name = physicalName(resource, properties.FunctionName);
      const number = (key: string, bounds: readonly [number, number], fallback: number) =>
        wholeProperty(resource, key, properties[key], bounds, fallback);
      const memoryMegabytes = number('MemorySize', MEMORY_MEGABYTES, MEMORY_MEGABYTES_DEFAULT);
      const handler = String(properties.Handler);
      const logGroup = logGroupOf(resource, name);
      const deadLetterArn = (properties.DeadLetterConfig as { TargetArn?: string } | undefined)?.TargetArn;
      lambda.createFunction({
        name,
        runtime,
        nodeVersion,
        code: { ...codeOf(resource, provisioning), layers: layersOf(resource, layers) },
        handler,
        description: String(properties.Description ?? ''),
        environment: {
          ...runtimeEnvironment({ name, memoryMegabytes, runtime, handler, logGroup, endpoint: provisioning.baseUrl }),
          ...variablesOf(resource),
        },
        timeoutSeconds: number('Timeout', TIMEOUT_SECONDS, TIMEOUT_SECONDS_DEFAULT),
        memoryMegabytes,
        logGroup,
        ...(properties.ReservedConcurrentExecutions !== undefined && {
          reservedConcurrency: number('ReservedConcurrentExecutions', CONCURRENCY, 0),
        }),
        ...(deadLetterArn !== undefined && { deadLetterArn }),
      });
      return { ref: name, attributes: { Arn: functionArn(name) } };
    },
  };
}

/** Layers of the application's own; what lies in them is found by functions below `/opt` on AWS. */
function layerHandler(layers: Map<string, string>): ResourceHandler {
  return {
    type: 'AWS::Lambda::LayerVersion',
    honoured: ['Content', 'LayerName'],
    inert: {
      CompatibleArchitectures: 'functions run in this process',
      CompatibleRuntimes: 'functions run in this process',
      Description: 'nothing reads it',
      LicenseInfo: 'nothing reads it',
    },
    provision(resource, { assets }) {
      const { Content, LayerName } = resource.properties;
      const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:layer:${physicalName(resource, LayerName)}:${VERSION}`;
      const directory = assets.get(String((Content as { S3Key?: string } | undefined)?.S3Key));
      // One that is an archive, as CDK's own of the AWS command is, is refused where a function uses it.
      if (directory !== undefined && existsSync(directory) && statSync(directory).isDirectory()) layers.set(arn, directory);
      return { ref: arn, attributes: { LayerVersionArn: arn } };
    },
  };
}

function layersOf(resource: Resource, layers: ReadonlyMap<string, string>): string[] {
  const given = ((resource.properties.Layers as unknown[] | undefined) ?? []).map(String);
  const directories = given.map((arn) => {
    const directory = layers.get(arn);
    if (directory === undefined) throw unsupported(resource, `layer ${arn} is no directory of this application`);
    return directory;
  });
  // A later layer overwrites an earlier one.
  return directories.reverse();
}

function eventInvokeHandler(lambda: LambdaService): ResourceHandler {
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    honoured: ['FunctionName', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'],
    inert: { Qualifier: 'there is one version of each function' },
    provision(resource) {
      const { properties } = resource;
      const destinations = properties.DestinationConfig as Record<string, { Destination?: string }> | undefined;
      refuseUnknown(resource, 'DestinationConfig', destinations, ['OnFailure', 'OnSuccess']);
      const destination = (kind: string) => {
        const arn = destinations?.[kind]?.Destination;
        if (arn !== undefined && !isDestination(arn, kind === 'OnFailure'))
          throw unsupported(
            resource,
            `its ${kind} ${arn} is no destination: they are functions, queues, topics, buses and, of failures, buckets`,
          );
        return arn;
      };
      const [onFailureArn, onSuccessArn] = [destination('OnFailure'), destination('OnSuccess')];
      lambda.configureAsync(String(properties.FunctionName), {
        retries: wholeProperty(resource, 'MaximumRetryAttempts', properties.MaximumRetryAttempts, RETRIES, 2),
        maximumAgeSeconds: wholeProperty(
          resource,
          'MaximumEventAgeInSeconds',
          properties.MaximumEventAgeInSeconds,
          EVENT_AGE_SECONDS,
          EVENT_AGE_SECONDS[1],
        ),
        ...(onFailureArn !== undefined && { onFailureArn }),
        ...(onSuccessArn !== undefined && { onSuccessArn }),
      });
      return { ref: resource.logicalId };
    },
  };
}

function versionHandler(lambda: LambdaService): ResourceHandler {
  return {
    type: 'AWS::Lambda::Version',
    honoured: ['FunctionName'],
    inert: {
      CodeSha256: 'nothing is uploaded',
      Description: 'nothing reads it',
      ProvisionedConcurrencyConfig: 'there are no cold starts',
      RuntimePolicy: 'there is one runtime',
    },
    provision({ properties }) {
      const arn = functionArn(functionNameOf(String(properties.FunctionName)));
      lambda.addQualifier(arn, VERSION, VERSION);
      return { ref: `${arn}:${VERSION}`, attributes: { FunctionArn: `${arn}:${VERSION}`, Version: VERSION } };
    },
  };
}

function aliasHandler(lambda: LambdaService): ResourceHandler {
  return {
    type: 'AWS::Lambda::Alias',
    honoured: ['FunctionName', 'FunctionVersion', 'Name'],
    inert: { Description: 'nothing reads it', ProvisionedConcurrencyConfig: 'there are no cold starts' },
    provision({ properties }) {
      const name = functionNameOf(String(properties.FunctionName));
      const arn = `${functionArn(name)}:${String(properties.Name)}`;
      lambda.addQualifier(name, String(properties.Name), String(properties.FunctionVersion));
      return { ref: arn, attributes: { AliasArn: arn } };
    },
  };
}

/** Of a function's logging only the group makes a difference: lines are text, and all are kept. */
function logGroupOf(resource: Resource, name: string): string {
  const logging = resource.properties.LoggingConfig as { LogGroup?: string } | undefined;
  refuseUnknown(resource, 'LoggingConfig', logging, ['ApplicationLogLevel', 'LogFormat', 'LogGroup', 'SystemLogLevel']);
  return logging?.LogGroup ?? `/aws/lambda/${name}`;
}

function codeOf(resource: Resource, { assembly, assets }: Provisioning): FunctionCode {
  const code = (resource.properties.Code ?? {}) as { S3Key?: string; ZipFile?: string };
  refuseUnknown(resource, 'Code', code, ['S3Bucket', 'S3Key', 'ZipFile']);
  if (code.ZipFile !== undefined) return { directory: assembly, inline: code.ZipFile };
  const directory = assets.get(String(code.S3Key));
  if (directory === undefined || !existsSync(directory))
    throw unsupported(resource, `its code (asset ${String(code.S3Key)}) is not in the cloud assembly`);
  if (statSync(directory).isDirectory()) return { directory };
  throw unsupported(resource, 'its code must be a directory asset, not an archive');
}

/** Names that Lambda keeps for itself. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED = new Set([
  ...['_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME'],
  ...['AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME'],
  ...['AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  ...['AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR'],
]);
const VARIABLE = /^[a-zA-Z]\w+$/;

function variablesOf(resource: Resource): Record<string, string> {
  const environment = resource.properties.Environment as { Variables?: Record<string, unknown> } | undefined;
  refuseUnknown(resource, 'Environment', environment, ['Variables']);
  const variables = Object.entries(environment?.Variables ?? {}).map(([name, value]) => [name, String(value)] as const);
  for (const [name] of variables) {
    if (RESERVED.has(name)) throw unsupported(resource, `the environment variable ${name} is reserved by Lambda`);
    if (!VARIABLE.test(name)) throw unsupported(resource, `${name} is no name of an environment variable`);
  }
  const size = Buffer.byteLength(variables.map(([name, value]) => name + value).join(''));
  if (size > ENVIRONMENT_BYTES_MAX)
    throw unsupported(resource, `the environment variables have ${size} bytes together, more than ${ENVIRONMENT_BYTES_MAX}`);
  return Object.fromEntries(variables);
}

interface Runtime {
  readonly name: string;
  readonly memoryMegabytes: number;
  readonly runtime: string;
  readonly handler: string;
  readonly logGroup: string;
  readonly endpoint: string;
}

/** What Lambda itself sets (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), as far as code reads it. */
function runtimeEnvironment({ name, memoryMegabytes, runtime, handler, logGroup, endpoint }: Runtime): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ACCOUNT_ID: ACCOUNT,
    AWS_DEFAULT_REGION: REGION,
    // Not of Lambda's: a client that is part of the code's own bundle must not go to AWS from here.
    AWS_ENDPOINT_URL: endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: LOG_STREAM,
    AWS_REGION: REGION,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: '/var/task',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: handler,
  };
}
