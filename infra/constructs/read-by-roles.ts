import { Aws, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Config } from '../config/schema.ts';
import { physicalName } from '../names.ts';

/** Buckets whose objects hold personal data: functions put them, and roles that the bank names read them, one by one. */

/** Fixed, because the key's policy and the functions' roles name the bucket: references would be cycles. Of all AWS there is one such name. */
export function bucketNameOf(config: Config, what: string): string {
  return `${physicalName(config, what)}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
}

/** The ARN of a bucket of a fixed name. */
export function bucketArnOf(bucketName: string): string {
  return `arn:${Aws.PARTITION}:s3:::${bucketName}`;
}

/** Encrypted under the customers' key, never public, never without TLS, without access lists. */
export function privateBucket(bucketName: string, key: kms.Key, removalPolicy: RemovalPolicy) {
  return {
    bucketName,
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: key,
    // One data key for many objects: without it every object would be a call to KMS.
    bucketKeyEnabled: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy,
  } satisfies s3.BucketProps;
}

/** Who may read what of a bucket, and what the statements that say so are called. */
export interface Readers {
  readonly bucketName: string;
  /** ARNs; nobody at all where there is none. */
  readonly roleArns: readonly string[];
  readonly actions: readonly string[];
  readonly objectsArn: string;
  readonly readSid: string;
  readonly decryptSid: string;
}

/** Lets the roles read and nobody else: the denial holds for administrators too. */
export function readByRoles(bucket: s3.Bucket, key: kms.Key, readers: Readers): void {
  const { bucketName, roleArns, objectsArn, readSid, decryptSid } = readers;
  const actions = [...readers.actions];
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'NobodyElseReads',
      effect: iam.Effect.DENY,
      principals: [new iam.StarPrincipal()],
      actions,
      resources: [objectsArn],
      ...(roleArns.length === 0 ? {} : { conditions: { ArnNotEquals: { 'aws:PrincipalArn': roleArns } } }),
    }),
  );
  if (roleArns.length === 0) return;
  const principals = roleArns.map((arn) => new iam.ArnPrincipal(arn));
  bucket.addToResourcePolicy(new iam.PolicyStatement({ sid: readSid, principals, actions, resources: [objectsArn] }));
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: decryptSid,
      principals,
      actions: ['kms:Decrypt'],
      resources: ['*'],
      // With a bucket key the encryption context is the bucket, else the object.
      conditions: {
        StringLike: {
          'kms:ViaService': `s3.${Stack.of(bucket).region}.amazonaws.com*`,
          'kms:EncryptionContext:aws:s3:arn': `${bucketArnOf(bucketName)}*`,
        },
      },
    }),
  );
}
