import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Config } from '../config/schema.ts';
import { physicalName } from '../names.ts';

/** The first part of a log group's name. `vendedlogs` keeps Step Functions and API Gateway within the limit of log resource policies. */
type LogOwner = '/aws/lambda' | '/aws/vendedlogs';

/** A log group with the installation's key and retention. The key's policy covers exactly these names. */
export function encryptedLogGroup(
  scope: Construct,
  id: string,
  props: { config: Config; key: kms.IKey; owner: LogOwner; name: string },
): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    logGroupName: `${props.owner}/${physicalName(props.config, props.name)}`,
    encryptionKey: props.key,
    retention: props.config.logRetentionDays as logs.RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
