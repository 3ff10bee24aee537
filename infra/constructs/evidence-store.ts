import { Aws, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config/schema.ts';
import { physicalName } from '../names.ts';
import { acknowledge } from './acknowledge.ts';

/** What `functions/assemble-evidence` puts lies below this. */
const PREFIX = 'evidence/';

/** Fixed, as that of the messages is. */
export function evidenceBucketName(config: Config): string {
  return `${physicalName(config, 'evidence')}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
}

/** All packs in it. */
export function evidenceArn(config: Config): string {
  return `${bucketArn(config)}/${PREFIX}*`;
}

function bucketArn(config: Config): string {
  return `arn:${Aws.PARTITION}:s3:::${evidenceBucketName(config)}`;
}

/**
 * Evidence packs, with what was written to customers: locked from the moment they are put, versioned, encrypted, read by the configured
 * roles alone, one object at a time by the reference on the timeline. One function puts, under a name that holds the pack's hash, and the
 * policy lets nobody put over what is there. A pack goes when its lock has ended, unless counsel prolonged it.
 */
export class EvidenceStore extends Construct {
  constructor(scope: Construct, id: string, props: { config: Config; key: kms.Key; removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const { config, key, removalPolicy } = props;
    const { mode, lockedDays } = config.evidence;
    const locked = Duration.days(lockedDays);
    const bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: evidenceBucketName(config),
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        mode === 'COMPLIANCE' ? s3.ObjectLockRetention.compliance(locked) : s3.ObjectLockRetention.governance(locked),
      lifecycleRules: [
        {
          id: 'EvidenceGoesAfterItsLock',
          expiration: Duration.days(lockedDays + 1),
          // A version that is still locked stays, whatever a rule says.
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          enabled: true,
        },
      ],
      removalPolicy,
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'What was put is on the timeline, and only named roles may read; access logs would be a second bucket that names every case.',
    );
    this.#protect(config, bucket);
    this.#admit(config, bucket, key);
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html */
  #protect(config: Config, bucket: s3.Bucket): void {
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'NobodyWritesOver',
        effect: iam.Effect.DENY,
        principals: [new iam.StarPrincipal()],
        actions: ['s3:PutObject'],
        resources: [evidenceArn(config)],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
  }

  /** The denial holds for administrators too, as that of the messages does. */
  #admit(config: Config, bucket: s3.Bucket, key: kms.Key): void {
    const packs = evidenceArn(config);
    const actions = ['s3:GetObject', 's3:GetObjectVersion'];
    const roleArns = config.evidence.readerRoleArns;
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'NobodyElseReads',
        effect: iam.Effect.DENY,
        principals: [new iam.StarPrincipal()],
        actions,
        resources: [packs],
        ...(roleArns.length === 0 ? {} : { conditions: { ArnNotEquals: { 'aws:PrincipalArn': roleArns } } }),
      }),
    );
    if (roleArns.length === 0) return;
    const principals = roleArns.map((arn) => new iam.ArnPrincipal(arn));
    bucket.addToResourcePolicy(new iam.PolicyStatement({ sid: 'CounselReads', principals, actions, resources: [packs] }));
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'CounselReadsEvidence',
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
