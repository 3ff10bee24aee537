import { createHash } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Where evidence packs lie, under lock. */
export interface EvidenceStore {
  /**
   * Puts a pack where its name says; where it lies already nothing is written.
   * @returns its reference, `s3://<bucket>/<key>`
   */
  put(key: string, bytes: Uint8Array): Promise<string>;
}

/**
 * The bucket of evidence. Its default retention locks what is put; a key holds the hash of its pack, so that a second put of the same key
 * is the same pack, and `If-None-Match` keeps the first. The digest is sent along: S3 takes nothing into a locked bucket that it cannot check.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */
export function evidenceBucket(client: Pick<S3Client, 'send'>, bucket: string): EvidenceStore {
  return {
    async put(key, bytes) {
      const ChecksumSHA256 = createHash('sha256').update(bytes).digest('base64');
      const ContentType = 'application/x-ndjson';
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType, ChecksumSHA256, IfNoneMatch: '*' }));
      } catch (error) {
        if ((error as Error).name !== 'PreconditionFailed') throw error;
      }
      return `s3://${bucket}/${key}`;
    },
  };
}
