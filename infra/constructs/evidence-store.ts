import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config/schema.ts';
import { acknowledge } from './acknowledge.ts';
import { bucketArnOf, bucketNameOf, privateBucket, readByRoles } from './read-by-roles.ts';

/** What `functions/assemble-evidence` puts lies below this. */
const PREFIX = 'evidence/';

/** The name of the bucket of evidence. */
export function evidenceBucketName(config: Config): string {
  return bucketNameOf(config, 'evidence');
}

/** All packs in it. */
export function evidenceArn(config: Config): string {
  return `${bucketArnOf(evidenceBucketName(config))}/${PREFIX}*`;
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
      ...privateBucket(evidenceBucketName(config), key, removalPolicy),
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
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'What was put is on the timeline, and only named roles may read; access logs would be a second bucket that names every case.',
    );
    this.#protect(config, bucket);
    readByRoles(bucket, key, {
      bucketName: evidenceBucketName(config),
      roleArns: config.evidence.readerRoleArns,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      objectsArn: evidenceArn(config),
      readSid: 'CounselReads',
      decryptSid: 'CounselReadsEvidence',
    });
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
}
