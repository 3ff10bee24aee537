import { Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Config } from '../config/schema.ts';
import { physicalName, type Stage, stages } from '../names.ts';
import type { DataStack } from '../stacks/data-stack.ts';

/** What every construct of the app stack builds on. */
export interface Platform {
  readonly config: Config;
  readonly table: dynamodb.TableV2;
  readonly bus: events.EventBus;
  readonly sendingParameter: ssm.IStringParameter;
  /** Known here by ARN only: its policy is the data stack's, complete, and must not grow references back to this stack. */
  readonly key: kms.IKey;
  /** As the key. */
  readonly deadLetterQueue: sqs.IQueue;
}

/** The data stack's resources as the app stack may use them. */
export function platformOf(scope: Construct, config: Config, data: DataStack): Platform {
  return {
    config,
    table: data.table,
    bus: data.bus,
    sendingParameter: data.sendingParameter,
    key: kms.Key.fromKeyArn(scope, 'Key', data.key.keyArn),
    deadLetterQueue: sqs.Queue.fromQueueAttributes(scope, 'DeadLetters', {
      queueArn: data.deadLetterQueue.queueArn,
      queueUrl: data.deadLetterQueue.queueUrl,
    }),
  };
}

/** The ARN of a stage's machine, from its name: the machines start each other through functions, references would be cycles. */
export function stateMachineArn(scope: Construct, config: Config, stage: Stage): string {
  return `${stateMachineArnPrefix(scope, config)}${stage}`;
}

/** A machine's ARN without the stage: what functions get, and append the stage to. */
export function stateMachineArnPrefix(scope: Construct, config: Config): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:states:${region}:${account}:stateMachine:${physicalName(config, '')}`;
}

/** All five machines' ARNs. */
export function stateMachineArns(scope: Construct, config: Config): string[] {
  return stages.map((stage) => stateMachineArn(scope, config, stage));
}
