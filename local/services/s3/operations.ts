import { CHECKSUM_ALGORITHMS, checksumMember } from './checksums.ts';

/**
 * Where a member travels in HTTP: a header, a header with an HTTP date, a parameter of the query, the path, the bytes of the body, an
 * XML document, or (`metadata`) headers with a prefix.
 */
export type Place = `header:${string}` | `date:${string}` | `query:${string}` | 'path' | 'bytes' | 'xml' | 'metadata';
type Places = Readonly<Record<string, Place>>;

export interface Operation {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly level: 'service' | 'bucket' | 'object';
  /** The parameter of the query that tells the operation from others of the same method; `name=value` where the value matters. */
  readonly by?: string;
  /** The header that does. */
  readonly byHeader?: string;
  readonly input: Places;
  /** What leaves in headers; the rest is XML. */
  readonly output: Places;
  /** The document element of the answer. */
  readonly root?: string;
  /** What it changes, so that a lifecycle rule may have something new to wait for. */
  readonly writes?: 'objects' | 'tags' | 'uploads';
}

const BUCKET: Places = { Bucket: 'path', ExpectedBucketOwner: 'header:x-amz-expected-bucket-owner' };
const OBJECT: Places = { ...BUCKET, Key: 'path' };
const VERSION: Places = { ...OBJECT, VersionId: 'query:versionId' };
const DIGESTS: Places = {
  ContentMD5: 'header:content-md5',
  ChecksumAlgorithm: 'header:x-amz-sdk-checksum-algorithm',
  ...Object.fromEntries(
    CHECKSUM_ALGORITHMS.map((algorithm) => [checksumMember(algorithm), `header:x-amz-checksum-${algorithm.toLowerCase()}` as const]),
  ),
};
const CONTENT: Places = {
  CacheControl: 'header:cache-control',
  ContentDisposition: 'header:content-disposition',
  ContentEncoding: 'header:content-encoding',
  ContentLanguage: 'header:content-language',
  ContentType: 'header:content-type',
  Expires: 'header:expires',
};
const ENCRYPTION: Places = {
  ServerSideEncryption: 'header:x-amz-server-side-encryption',
  SSEKMSKeyId: 'header:x-amz-server-side-encryption-aws-kms-key-id',
  BucketKeyEnabled: 'header:x-amz-server-side-encryption-bucket-key-enabled',
};
const LOCK: Places = {
  ObjectLockMode: 'header:x-amz-object-lock-mode',
  ObjectLockRetainUntilDate: 'header:x-amz-object-lock-retain-until-date',
  ObjectLockLegalHoldStatus: 'header:x-amz-object-lock-legal-hold',
};
const UPLOAD: Places = { ...OBJECT, UploadId: 'query:uploadId' };
/** What an object is besides its bytes. */
const BEGIN: Places = {
  ...OBJECT,
  ...CONTENT,
  ...ENCRYPTION,
  ...LOCK,
  ACL: 'header:x-amz-acl',
  Metadata: 'metadata',
  StorageClass: 'header:x-amz-storage-class',
  Tagging: 'header:x-amz-tagging',
};
const COPY_SOURCE: Places = {
  CopySource: 'header:x-amz-copy-source',
  CopySourceIfMatch: 'header:x-amz-copy-source-if-match',
  CopySourceIfModifiedSince: 'date:x-amz-copy-source-if-modified-since',
  CopySourceIfNoneMatch: 'header:x-amz-copy-source-if-none-match',
  CopySourceIfUnmodifiedSince: 'date:x-amz-copy-source-if-unmodified-since',
};
const WRITE: Places = { ...BEGIN, IfMatch: 'header:if-match', IfNoneMatch: 'header:if-none-match' };
const READ: Places = {
  ...VERSION,
  ChecksumMode: 'header:x-amz-checksum-mode',
  IfMatch: 'header:if-match',
  IfModifiedSince: 'date:if-modified-since',
  IfNoneMatch: 'header:if-none-match',
  IfUnmodifiedSince: 'date:if-unmodified-since',
  Range: 'header:range',
  ResponseCacheControl: 'query:response-cache-control',
  ResponseContentDisposition: 'query:response-content-disposition',
  ResponseContentEncoding: 'query:response-content-encoding',
  ResponseContentLanguage: 'query:response-content-language',
  ResponseContentType: 'query:response-content-type',
  ResponseExpires: 'query:response-expires',
};
const CHECKSUMS_OUT: Places = { ...DIGESTS, ChecksumType: 'header:x-amz-checksum-type' };
const VERSION_OUT: Places = { VersionId: 'header:x-amz-version-id', DeleteMarker: 'header:x-amz-delete-marker' };
const READ_OUT: Places = {
  ...CONTENT,
  ...ENCRYPTION,
  ...LOCK,
  ...CHECKSUMS_OUT,
  ...VERSION_OUT,
  AcceptRanges: 'header:accept-ranges',
  ContentLength: 'header:content-length',
  ContentRange: 'header:content-range',
  ETag: 'header:etag',
  LastModified: 'date:last-modified',
  Metadata: 'metadata',
  StorageClass: 'header:x-amz-storage-class',
  TagCount: 'header:x-amz-tagging-count',
  Body: 'bytes',
};
const WRITE_OUT: Places = { ...ENCRYPTION, ...CHECKSUMS_OUT, ...VERSION_OUT, ETag: 'header:etag' };
const LIST: Places = {
  ...BUCKET,
  Delimiter: 'query:delimiter',
  EncodingType: 'query:encoding-type',
  MaxKeys: 'query:max-keys',
  Prefix: 'query:prefix',
};

/**
 * Every operation of this S3, every member each of them takes, and where it travels
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html). A header, parameter or member that
 * is not here is refused by name. Of two operations that a request fits, the more particular comes first.
 */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ListBuckets: {
    method: 'GET',
    level: 'service',
    input: {
      BucketRegion: 'query:bucket-region',
      ContinuationToken: 'query:continuation-token',
      MaxBuckets: 'query:max-buckets',
      Prefix: 'query:prefix',
    },
    output: {},
    root: 'ListAllMyBucketsResult',
  },

  GetBucketLocation: { method: 'GET', level: 'bucket', by: 'location', input: BUCKET, output: {}, root: 'LocationConstraint' },
  GetBucketVersioning: { method: 'GET', level: 'bucket', by: 'versioning', input: BUCKET, output: {}, root: 'VersioningConfiguration' },
  GetObjectLockConfiguration: {
    method: 'GET',
    level: 'bucket',
    by: 'object-lock',
    input: BUCKET,
    output: {},
    root: 'ObjectLockConfiguration',
  },
  ListMultipartUploads: {
    method: 'GET',
    level: 'bucket',
    by: 'uploads',
    input: {
      ...BUCKET,
      KeyMarker: 'query:key-marker',
      MaxUploads: 'query:max-uploads',
      Prefix: 'query:prefix',
      UploadIdMarker: 'query:upload-id-marker',
    },
    output: {},
    root: 'ListMultipartUploadsResult',
  },
  ListObjectVersions: {
    method: 'GET',
    level: 'bucket',
    by: 'versions',
    input: { ...LIST, KeyMarker: 'query:key-marker', VersionIdMarker: 'query:version-id-marker' },
    output: {},
    root: 'ListVersionsResult',
  },
  ListObjectsV2: {
    method: 'GET',
    level: 'bucket',
    by: 'list-type=2',
    input: {
      ...LIST,
      ContinuationToken: 'query:continuation-token',
      FetchOwner: 'query:fetch-owner',
      StartAfter: 'query:start-after',
    },
    output: {},
    root: 'ListBucketResult',
  },
  ListObjects: { method: 'GET', level: 'bucket', input: { ...LIST, Marker: 'query:marker' }, output: {}, root: 'ListBucketResult' },
  HeadBucket: { method: 'HEAD', level: 'bucket', input: BUCKET, output: { BucketRegion: 'header:x-amz-bucket-region' } },
  CreateBucket: {
    method: 'PUT',
    level: 'bucket',
    input: {
      Bucket: 'path',
      ACL: 'header:x-amz-acl',
      CreateBucketConfiguration: 'xml',
      ObjectLockEnabledForBucket: 'header:x-amz-bucket-object-lock-enabled',
    },
    output: { Location: 'header:location' },
  },
  DeleteBucket: { method: 'DELETE', level: 'bucket', input: BUCKET, output: {} },
  DeleteObjects: {
    method: 'POST',
    level: 'bucket',
    by: 'delete',
    input: { ...BUCKET, ...DIGESTS, BypassGovernanceRetention: 'header:x-amz-bypass-governance-retention', Delete: 'xml' },
    output: {},
    root: 'DeleteResult',
    writes: 'objects',
  },

  CreateMultipartUpload: {
    method: 'POST',
    level: 'object',
    by: 'uploads',
    input: { ...BEGIN, ChecksumAlgorithm: 'header:x-amz-checksum-algorithm', ChecksumType: 'header:x-amz-checksum-type' },
    output: { ...ENCRYPTION, ChecksumAlgorithm: 'header:x-amz-checksum-algorithm', ChecksumType: 'header:x-amz-checksum-type' },
    root: 'InitiateMultipartUploadResult',
    writes: 'uploads',
  },
  UploadPartCopy: {
    method: 'PUT',
    level: 'object',
    by: 'uploadId',
    byHeader: 'x-amz-copy-source',
    input: { ...UPLOAD, ...COPY_SOURCE, PartNumber: 'query:partNumber', CopySourceRange: 'header:x-amz-copy-source-range' },
    output: { ...ENCRYPTION, CopySourceVersionId: 'header:x-amz-copy-source-version-id' },
    root: 'CopyPartResult',
  },
  UploadPart: {
    method: 'PUT',
    level: 'object',
    by: 'uploadId',
    input: { ...UPLOAD, ...DIGESTS, PartNumber: 'query:partNumber', Body: 'bytes' },
    output: { ...CHECKSUMS_OUT, ...ENCRYPTION, ETag: 'header:etag' },
  },
  CompleteMultipartUpload: {
    method: 'POST',
    level: 'object',
    by: 'uploadId',
    input: {
      ...UPLOAD,
      ...CHECKSUMS_OUT,
      IfMatch: 'header:if-match',
      IfNoneMatch: 'header:if-none-match',
      MpuObjectSize: 'header:x-amz-mp-object-size',
      MultipartUpload: 'xml',
    },
    output: { ...ENCRYPTION, VersionId: 'header:x-amz-version-id' },
    root: 'CompleteMultipartUploadResult',
    writes: 'objects',
  },
  AbortMultipartUpload: { method: 'DELETE', level: 'object', by: 'uploadId', input: UPLOAD, output: {} },
  ListParts: {
    method: 'GET',
    level: 'object',
    by: 'uploadId',
    input: { ...UPLOAD, MaxParts: 'query:max-parts', PartNumberMarker: 'query:part-number-marker' },
    output: {},
    root: 'ListPartsResult',
  },

  GetObjectRetention: { method: 'GET', level: 'object', by: 'retention', input: VERSION, output: {}, root: 'Retention' },
  PutObjectRetention: {
    method: 'PUT',
    level: 'object',
    by: 'retention',
    input: { ...VERSION, ...DIGESTS, BypassGovernanceRetention: 'header:x-amz-bypass-governance-retention', Retention: 'xml' },
    output: {},
  },
  GetObjectLegalHold: { method: 'GET', level: 'object', by: 'legal-hold', input: VERSION, output: {}, root: 'LegalHold' },
  PutObjectLegalHold: {
    method: 'PUT',
    level: 'object',
    by: 'legal-hold',
    input: { ...VERSION, ...DIGESTS, LegalHold: 'xml' },
    output: {},
  },
  GetObjectTagging: {
    method: 'GET',
    level: 'object',
    by: 'tagging',
    input: VERSION,
    output: { VersionId: 'header:x-amz-version-id' },
    root: 'Tagging',
  },
  PutObjectTagging: {
    method: 'PUT',
    level: 'object',
    by: 'tagging',
    input: { ...VERSION, ...DIGESTS, Tagging: 'xml' },
    output: { VersionId: 'header:x-amz-version-id' },
    writes: 'tags',
  },
  DeleteObjectTagging: {
    method: 'DELETE',
    level: 'object',
    by: 'tagging',
    input: VERSION,
    output: { VersionId: 'header:x-amz-version-id' },
    writes: 'tags',
  },
  GetObject: { method: 'GET', level: 'object', input: READ, output: READ_OUT },
  HeadObject: { method: 'HEAD', level: 'object', input: READ, output: READ_OUT },
  CopyObject: {
    method: 'PUT',
    level: 'object',
    byHeader: 'x-amz-copy-source',
    input: {
      ...WRITE,
      ChecksumAlgorithm: 'header:x-amz-checksum-algorithm',
      ...COPY_SOURCE,
      TaggingDirective: 'header:x-amz-tagging-directive',
      MetadataDirective: 'header:x-amz-metadata-directive',
    },
    output: { ...ENCRYPTION, VersionId: 'header:x-amz-version-id', CopySourceVersionId: 'header:x-amz-copy-source-version-id' },
    root: 'CopyObjectResult',
    writes: 'objects',
  },
  PutObject: { method: 'PUT', level: 'object', input: { ...WRITE, ...DIGESTS, Body: 'bytes' }, output: WRITE_OUT, writes: 'objects' },
  DeleteObject: {
    method: 'DELETE',
    level: 'object',
    input: { ...VERSION, BypassGovernanceRetention: 'header:x-amz-bypass-governance-retention', IfMatch: 'header:if-match' },
    output: VERSION_OUT,
    writes: 'objects',
  },
};
