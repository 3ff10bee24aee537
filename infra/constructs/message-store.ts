import { Aws, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config/schema.ts';
import { physicalName } from '../names.ts';
import { acknowledge } from './acknowledge.ts';

/** The gateway reads a message within hours; the record's own copy of the text is the table's, with the text's retention. */
const KEPT_DAYS = 30;

/** What `functions/adapters/gateway.ts` puts lies below this. */
const PREFIX = 'contacts/';

/** Fixed, because the key's policy and the functions' roles name the bucket: references would be cycles. Of all AWS there is one such name. */
export function messagesBucketName(config: Config): string {
  return `${physicalName(config, 'messages')}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
}

/** All messages in it. */
export function messagesArn(config: Config): string {
  return `${bucketArn(config)}/${PREFIX}*`;
}

function bucketArn(config: Config): string {
  return `arn:${Aws.PARTITION}:s3:::${messagesBucketName(config)}`;
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
      bucketName: messagesBucketName(config),
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      // One data key for many objects: without it every message would be a call to KMS.
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: false,
      lifecycleRules: [
        { id: 'MessagesGo', expiration: Duration.days(KEPT_DAYS), abortIncompleteMultipartUploadAfter: Duration.days(1), enabled: true },
      ],
      removalPolicy,
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Who put what is on the timeline, and only the gateway may read; access logs would be a second bucket that names every contact.',
    );
    this.#admit(config, bucket, key);
  }

  /** The denial holds for administrators too: what was written to a customer is read by whoever delivers it, and in the table's record. */
  #admit(config: Config, bucket: s3.Bucket, key: kms.Key): void {
    const messages = messagesArn(config);
    const roleArns = config.gatewayRoleArns;
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'NobodyElseReads',
        effect: iam.Effect.DENY,
        principals: [new iam.StarPrincipal()],
        actions: ['s3:GetObject'],
        resources: [messages],
        ...(roleArns.length === 0 ? {} : { conditions: { ArnNotEquals: { 'aws:PrincipalArn': roleArns } } }),
      }),
    );
    if (roleArns.length === 0) return;
    const principals = roleArns.map((arn) => new iam.ArnPrincipal(arn));
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({ sid: 'GatewayReads', principals, actions: ['s3:GetObject'], resources: [messages] }),
    );
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'GatewayReadsMessages',
        principals,
        actions: ['kms:Decrypt'],
        resources: ['*'],
        // With a bucket key the encryption context is the bucket, else the object.
        conditions: {
          StringLike: {
            'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com*`,
            'kms:EncryptionContext:aws:s3:arn': `${bucketArn(config)}*`,
          },
        },
      }),
    );
  }
}
