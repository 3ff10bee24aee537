import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { Stack } from 'aws-cdk-lib';
import { CfnBucket, type CfnBucketProps } from 'aws-cdk-lib/aws-s3';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** A cloud with buckets of these names, and a stock client joined to it in process. */
export async function aWorld(buckets: Record<string, CfnBucketProps>, stateDir?: string): Promise<{ cloud: Cloud; s3: S3Client }> {
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    for (const [bucketName, properties] of Object.entries(buckets))
      new CfnBucket(stack, `B${bucketName.replaceAll('-', '')}`, { bucketName, ...properties });
  });
  const cloud = await startCloud({ assembly, start: '2026-03-02T01:00:00Z', seed: 5, ...(stateDir !== undefined && { stateDir }) });
  return { cloud, s3: new S3Client(cloud.clientConfig() as S3ClientConfig) };
}
