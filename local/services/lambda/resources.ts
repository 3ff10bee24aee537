import { existsSync, statSync } from 'node:fs';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import {
  numberProperty,
  type Provisioning,
  physicalName,
  type Resource,
  type ResourceHandler,
  refuseUnknown,
  unsupported,
} from '../../template/resource.ts';
import { isDestination } from './destination.ts';
import { functionArn, functionNameOf, type LambdaService } from './lambda-service.ts';

const TIMEOUT_SECONDS_DEFAULT = 3;
const MEMORY_MEGABYTES_DEFAULT = 128;

export function functionHandlers(lambda: LambdaService): ResourceHandler[] {
  return [functionHandler(lambda), eventInvokeHandler(lambda), versionHandler(), aliasHandler()];
}

function functionHandler(lambda: LambdaService): ResourceHandler {
  return {
    type: 'AWS::Lambda::Function',
    honoured: [
      'Code',
      'DeadLetterConfig',
      'Description',
      'Environment',
      'FunctionName',
      'Handler',
      'MemorySize',
      'PackageType',
      'ReservedConcurrentExecutions',
      'Runtime',
      'Timeout',
    ],
    inert: {
      Architectures: 'the function runs in this process',
      EphemeralStorage: 'the function runs in this process',
      KmsKeyArn: 'nothing is encrypted here',
      LoggingConfig: 'output is kept by the Lambda host',
      RecursiveLoop: 'a loop is found by the kernel',
      Role: 'every caller on this machine may do everything',
      RuntimeManagementConfig: 'there is one runtime',
      Tags: 'nothing reads tags',
      TracingConfig: 'no traces are recorded here',
    },
    provision(resource, provisioning) {
      const { properties } = resource;
      const runtime = String(properties.Runtime);
      const nodeVersion = Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1]);
      if (Number.isNaN(nodeVersion)) throw unsupported(resource, `runtime ${runtime} is not supported by the embedded cloud`);
      const name = physicalName(resource, properties.FunctionName);
      const number = (key: string, fallback: number) => numberProperty(resource, key, properties[key], fallback);
      const memoryMegabytes = number('MemorySize', MEMORY_MEGABYTES_DEFAULT);
      const deadLetterArn = (properties.DeadLetterConfig as { TargetArn?: string } | undefined)?.TargetArn;
      lambda.createFunction({
        name,
        runtime,
        nodeVersion,
        code: codeOf(resource, provisioning),
        handler: String(properties.Handler),
        description: String(properties.Description ?? ''),
        environment: { ...runtimeEnvironment(name, memoryMegabytes), ...variablesOf(properties.Environment) },
        timeoutSeconds: number('Timeout', TIMEOUT_SECONDS_DEFAULT),
        memoryMegabytes,
        ...(properties.ReservedConcurrentExecutions !== undefined && { reservedConcurrency: number('ReservedConcurrentExecutions', 0) }),
        ...(deadLetterArn !== undefined && { deadLetterArn }),
      });
      return { ref: name, attributes: { Arn: functionArn(name) } };
    },
  };
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
        if (arn !== undefined && !isDestination(arn))
          throw unsupported(resource, `destination ${arn}: only queues and topics are supported`);
        return arn;
      };
      const [onFailureArn, onSuccessArn] = [destination('OnFailure'), destination('OnSuccess')];
      lambda.configureAsync(String(properties.FunctionName), {
        retries: numberProperty(resource, 'MaximumRetryAttempts', properties.MaximumRetryAttempts, 2),
        maximumAgeSeconds: numberProperty(resource, 'MaximumEventAgeInSeconds', properties.MaximumEventAgeInSeconds, 21_600),
        ...(onFailureArn !== undefined && { onFailureArn }),
        ...(onSuccessArn !== undefined && { onSuccessArn }),
      });
      return { ref: resource.logicalId };
    },
  };
}

function versionHandler(): ResourceHandler {
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
      return { ref: `${arn}:1`, attributes: { FunctionArn: `${arn}:1`, Version: '1' } };
    },
  };
}

function aliasHandler(): ResourceHandler {
  return {
    type: 'AWS::Lambda::Alias',
    honoured: ['FunctionName', 'FunctionVersion', 'Name'],
    inert: { Description: 'nothing reads it', ProvisionedConcurrencyConfig: 'there are no cold starts' },
    provision({ properties }) {
      const arn = `${functionArn(functionNameOf(String(properties.FunctionName)))}:${String(properties.Name)}`;
      return { ref: arn, attributes: { AliasArn: arn } };
    },
  };
}

function codeOf(resource: Resource, { assets }: Provisioning): { directory: string } | { inline: string } {
  const code = (resource.properties.Code ?? {}) as { S3Key?: string; ZipFile?: string };
  refuseUnknown(resource, 'Code', code, ['S3Bucket', 'S3Key', 'ZipFile']);
  if (code.ZipFile !== undefined) return { inline: code.ZipFile };
  const directory = assets.get(String(code.S3Key));
  if (directory === undefined || !existsSync(directory))
    throw unsupported(resource, `its code (asset ${String(code.S3Key)}) is not in the cloud assembly`);
  if (statSync(directory).isDirectory()) return { directory };
  throw unsupported(resource, 'its code must be a directory asset, not an archive');
}

function variablesOf(environment: unknown): Record<string, string> {
  const variables = (environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
}

/** What Lambda itself sets (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), as far as code reads it. */
function runtimeEnvironment(name: string, memoryMegabytes: number): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ACCOUNT_ID: ACCOUNT,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_REGION: REGION,
    LAMBDA_TASK_ROOT: '/var/task',
    TZ: ':UTC',
  };
}
