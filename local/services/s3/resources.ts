import type { JsonObject } from '../../kernel/kernel.ts';
import { REGION } from '../../template/intrinsics.ts';
import {
  booleanProperty,
  numberProperty,
  physicalName,
  type Resource,
  type ResourceHandler,
  refuseUnknown,
  unsupported,
} from '../../template/resource.ts';
import { type BucketDefinition, bucketArn, type Encryption, isBucketName, type LifecycleRule, type LockMode } from './buckets.ts';
import { notificationsOf } from './notification-resources.ts';
import type { S3Service } from './s3-service.ts';

const NAME_LENGTH_MAX = 63;

/** `AWS::S3::Bucket`. */
export function bucketHandler(s3: S3Service): ResourceHandler {
  return {
    type: 'AWS::S3::Bucket',
    honoured: [
      'BucketName',
      'BucketEncryption',
      'LifecycleConfiguration',
      'NotificationConfiguration',
      'ObjectLockConfiguration',
      'ObjectLockEnabled',
      'VersioningConfiguration',
    ],
    inert: {
      AccelerateConfiguration: 'there is one way in',
      AccessControl: 'every caller on this machine may do everything',
      AnalyticsConfigurations: 'no reports are written here',
      CorsConfiguration: 'no page in a browser is answered here',
      IntelligentTieringConfigurations: 'every object lies in the same file',
      InventoryConfigurations: 'no reports are written here',
      LoggingConfiguration: 'no access logs are written here',
      MetricsConfigurations: 'no metrics are published here',
      OwnershipControls: 'there is one owner',
      PublicAccessBlockConfiguration: 'only this machine reaches the bucket',
      Tags: 'nothing reads tags',
    },
    provision(resource) {
      const given = resource.properties.BucketName;
      // A name that CloudFormation makes up is in lower case.
      const name = given === undefined ? physicalName(resource, undefined, NAME_LENGTH_MAX).toLowerCase() : String(given);
      if (!isBucketName(name)) throw unsupported(resource, `BucketName ${name} is not the name of a bucket`);
      s3.putBucket(definitionOf(resource, name));
      const notifications = notificationsOf(resource);
      if (notifications !== undefined) s3.notifications.configure(name, notifications);
      return {
        ref: name,
        attributes: {
          Arn: bucketArn(name),
          DomainName: `${name}.s3.amazonaws.com`,
          DualStackDomainName: `${name}.s3.dualstack.${REGION}.amazonaws.com`,
          RegionalDomainName: `${name}.s3.${REGION}.amazonaws.com`,
          WebsiteURL: `http://${name}.s3-website-${REGION}.amazonaws.com`,
        },
      };
    },
  };
}

function definitionOf(resource: Resource, name: string): BucketDefinition {
  const { properties } = resource;
  const status = (properties.VersioningConfiguration as { Status?: string } | undefined)?.Status;
  if (status !== undefined && status !== 'Enabled' && status !== 'Suspended')
    throw unsupported(resource, `VersioningConfiguration.Status must be Enabled or Suspended, not ${status}`);
  const objectLock = booleanProperty(properties.ObjectLockEnabled, false);
  if (objectLock && status === 'Suspended') throw unsupported(resource, 'versioning of a bucket with Object Lock cannot be suspended');
  if (!objectLock && properties.ObjectLockConfiguration !== undefined)
    throw unsupported(resource, 'ObjectLockConfiguration needs ObjectLockEnabled: true');
  const versioning = objectLock ? 'Enabled' : status;
  const defaultRetention = defaultRetentionOf(resource);
  return {
    name,
    objectLock,
    ...(versioning !== undefined && { versioning }),
    ...(defaultRetention !== undefined && { defaultRetention }),
    lifecycle: lifecycleOf(resource),
    encryption: encryptionOf(resource),
  };
}

function defaultRetentionOf(resource: Resource): BucketDefinition['defaultRetention'] {
  const configuration = resource.properties.ObjectLockConfiguration as JsonObject | undefined;
  refuseUnknown(resource, 'ObjectLockConfiguration', configuration, ['ObjectLockEnabled', 'Rule']);
  const retention = (configuration?.Rule as { DefaultRetention?: JsonObject } | undefined)?.DefaultRetention;
  if (retention === undefined) return undefined;
  const path = 'ObjectLockConfiguration.Rule.DefaultRetention';
  refuseUnknown(resource, path, retention, ['Mode', 'Days', 'Years']);
  const { Mode, Days, Years } = retention;
  if (Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') throw unsupported(resource, `${path}.Mode must be GOVERNANCE or COMPLIANCE`);
  if ((Days === undefined) === (Years === undefined)) throw unsupported(resource, `${path} needs Days or Years, one of them`);
  const mode: LockMode = Mode;
  return Days === undefined
    ? { mode, years: positive(resource, `${path}.Years`, Years) }
    : { mode, days: positive(resource, `${path}.Days`, Days) };
}

function encryptionOf(resource: Resource): Encryption {
  const configuration = resource.properties.BucketEncryption as { ServerSideEncryptionConfiguration?: JsonObject[] } | undefined;
  const [rule] = configuration?.ServerSideEncryptionConfiguration ?? [];
  refuseUnknown(resource, 'BucketEncryption', rule, ['BucketKeyEnabled', 'ServerSideEncryptionByDefault'], {
    BlockedEncryptionTypes: 'keys that a client brings are refused anyway',
  });
  const { SSEAlgorithm = 'AES256', KMSMasterKeyID } = (rule?.ServerSideEncryptionByDefault ?? {}) as Record<string, string>;
  if (SSEAlgorithm !== 'AES256' && SSEAlgorithm !== 'aws:kms' && SSEAlgorithm !== 'aws:kms:dsse')
    throw unsupported(resource, `SSEAlgorithm ${SSEAlgorithm} is not one of S3's`);
  return {
    algorithm: SSEAlgorithm,
    ...(KMSMasterKeyID !== undefined && { keyId: KMSMasterKeyID }),
    ...(booleanProperty(rule?.BucketKeyEnabled, false) && { bucketKey: true }),
  };
}

function lifecycleOf(resource: Resource): LifecycleRule[] {
  const configuration = resource.properties.LifecycleConfiguration as { Rules?: JsonObject[] } | undefined;
  refuseUnknown(resource, 'LifecycleConfiguration', configuration, ['Rules'], {
    TransitionDefaultMinimumObjectSize: 'every object lies in the same file',
  });
  return (configuration?.Rules ?? []).flatMap((rule, index) =>
    rule.Status === 'Enabled' ? [lifecycleRule(resource, rule, `LifecycleConfiguration.Rules.${index}`)] : [],
  );
}

const RULE = [
  'AbortIncompleteMultipartUpload',
  'ExpirationInDays',
  'ExpiredObjectDeleteMarker',
  'Id',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionExpirationInDays',
  'ObjectSizeGreaterThan',
  'ObjectSizeLessThan',
  'Prefix',
  'Status',
  'TagFilters',
];

function lifecycleRule(resource: Resource, rule: JsonObject, path: string): LifecycleRule {
  refuseUnknown(resource, path, rule, RULE, {
    NoncurrentVersionTransition: 'every object lies in the same file',
    NoncurrentVersionTransitions: 'every object lies in the same file',
    Transition: 'every object lies in the same file',
    Transitions: 'every object lies in the same file',
  });
  const noncurrent = rule.NoncurrentVersionExpiration as JsonObject | undefined;
  refuseUnknown(resource, `${path}.NoncurrentVersionExpiration`, noncurrent, ['NoncurrentDays', 'NewerNoncurrentVersions']);
  const abort = rule.AbortIncompleteMultipartUpload as JsonObject | undefined;
  refuseUnknown(resource, `${path}.AbortIncompleteMultipartUpload`, abort, ['DaysAfterInitiation']);
  const tags = tagsOf(resource, rule, path);
  if (tags !== undefined && (abort !== undefined || rule.ExpiredObjectDeleteMarker !== undefined))
    throw unsupported(resource, `${path}: a rule with TagFilters aborts no uploads and removes no delete markers`);
  const noncurrentDays = noncurrent?.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays;
  const number = (key: keyof LifecycleRule, name: string, value: unknown) =>
    value === undefined ? {} : { [key]: positive(resource, `${path}.${name}`, value) };
  return {
    id: String(rule.Id ?? path),
    prefix: String(rule.Prefix ?? ''),
    expiredMarkers: booleanProperty(rule.ExpiredObjectDeleteMarker, false),
    ...number('expirationDays', 'ExpirationInDays', rule.ExpirationInDays),
    ...number('noncurrentDays', 'NoncurrentVersionExpiration.NoncurrentDays', noncurrentDays),
    ...number('noncurrentKept', 'NoncurrentVersionExpiration.NewerNoncurrentVersions', noncurrent?.NewerNoncurrentVersions),
    ...(tags !== undefined && { tags }),
    ...number('abortDays', 'AbortIncompleteMultipartUpload.DaysAfterInitiation', abort?.DaysAfterInitiation),
    ...number('sizeAbove', 'ObjectSizeGreaterThan', rule.ObjectSizeGreaterThan),
    ...number('sizeBelow', 'ObjectSizeLessThan', rule.ObjectSizeLessThan),
  };
}

function tagsOf(resource: Resource, { TagFilters: filters }: JsonObject, path: string): Record<string, string> | undefined {
  if (filters === undefined) return undefined;
  const given = filters as { Key?: unknown; Value?: unknown }[];
  if (!Array.isArray(given) || given.some(({ Key, Value }) => typeof Key !== 'string' || typeof Value !== 'string'))
    throw unsupported(resource, `property ${path}.TagFilters must be a list of Key and Value`);
  return Object.fromEntries(given.map(({ Key, Value }) => [String(Key), String(Value)]));
}

function positive(resource: Resource, path: string, value: unknown): number {
  const number = numberProperty(resource, path, value, 0);
  if (!Number.isInteger(number) || number < 1) throw unsupported(resource, `property ${path} must be a whole number above 0`);
  return number;
}
