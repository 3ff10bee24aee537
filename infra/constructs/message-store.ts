import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config/schema.ts';
import { acknowledge } from './acknowledge.ts';
import { bucketArnOf, bucketNameOf, privateBucket, readByRoles } from './read-by-roles.ts';

/** The gateway reads a message within hours; the record's own copy of the text is the table's, with the text's retention. */
const KEPT_DAYS = 30;

/** What `functions/adapters/gateway.ts` puts lies below this. */
const PREFIX = 'contacts/';

/** The name of the bucket of messages. */
export function messagesBucketName(config: Config): string {
  return bucketNameOf(config, 'messages');
}

/** All messages in it. */
export function messagesArn(config: Config): string {
  return `${bucketArnOf(messagesBucketName(config))}/${PREFIX}*`;
}

/**
 * Messages, with the addresses they go to, for the bank's own gateway. The functions may only put, the configured roles of the gateway
 * may only read, one object at a time by the reference in `DeliveryRequested`; nobody lists. Objects go by themselves.
 */
export class MessageStore extends Construct {
  constructor(scope: Construct, id: string, props: { config: Config; key: kms.Key; removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const { config, key, removalPolicy } = props;
    const bucket = new s3.Bucket(this, 'Bucket', {
      ...privateBucket(messagesBucketName(config), key, removalPolicy),
      versioned: false,
      lifecycleRules: [
        { id: 'MessagesGo', expiration: Duration.days(KEPT_DAYS), abortIncompleteMultipartUploadAfter: Duration.days(1), enabled: true },
      ],
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Who put what is on the timeline, and only the gateway may read; access logs would be a second bucket that names every contact.',
    );
    // What was written to a customer is read by whoever delivers it, and in the table's record.
    readByRoles(bucket, key, {
      bucketName: messagesBucketName(config),
      roleArns: config.gatewayRoleArns,
      actions: ['s3:GetObject'],
      objectsArn: messagesArn(config),
      readSid: 'GatewayReads',
      decryptSid: 'GatewayReadsMessages',
    });
  }
}
