import { join } from 'node:path';
import { type Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type FunctionName, physicalName } from '../names.ts';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import { type Platform, stateMachineArnPrefix } from './platform.ts';

/** What one function differs in from the others. */
export interface JourneyFunctionProps {
  readonly platform: Platform;
  /** Holds `<name>/index.js` of every function. */
  readonly bundles: string;
  readonly name: FunctionName;
  readonly description: string;
  readonly timeout: Duration;
  /** All the function may do besides writing its own log. */
  readonly permissions: readonly iam.PolicyStatement[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Invoked by an event rule, a topic or a log: what still fails after Lambda's two retries goes to the dead-letter queue. */
  readonly asynchronous?: boolean;
}

/**
 * A function with the house defaults: Node 24 on arm64, a role of its own, a log group with key and retention, its environment
 * encrypted. 512 MB because Lambda gives CPU by memory, and the bundles load twice as fast as with 256.
 */
export class JourneyFunction extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: JourneyFunctionProps) {
    super(scope, id);
    const { config, key, table, deadLetterQueue } = props.platform;
    const functionName = physicalName(config, props.name);
    const logGroup = encryptedLogGroup(this, 'Log', { config, key, owner: '/aws/lambda', name: props.name });
    const role = new iam.Role(this, 'Role', {
      description: `Runs ${functionName}`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    role.addToPolicy(
      new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    );
    role.addToPolicy(this.#environmentKeyStatement(props.platform, functionName));
    for (const statement of props.permissions) role.addToPolicy(statement);
    this.function = new lambda.Function(this, 'Function', {
      functionName,
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(props.bundles, props.name)),
      memorySize: 512,
      timeout: props.timeout,
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      // Start, end and report of every invocation would be most of the log and of its price.
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      environmentEncryption: key,
      environment: {
        CASE_TABLE: table.tableName,
        STATE_MACHINE_ARN_PREFIX: stateMachineArnPrefix(this, config),
        DEPLOYMENT: JSON.stringify(config.deployment),
        POWERTOOLS_SERVICE_NAME: config.prefix,
        ...props.environment,
      },
      ...(props.asynchronous === true ? { deadLetterQueue } : {}),
    });
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html */
  #environmentKeyStatement(platform: Platform, functionName: string): iam.PolicyStatement {
    const { partition, region, account } = Stack.of(this);
    const functionArn = `arn:${partition}:lambda:${region}:${account}:function:${functionName}`;
    return new iam.PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [platform.key.keyArn],
      conditions: { StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': functionArn } },
    });
  }
}
