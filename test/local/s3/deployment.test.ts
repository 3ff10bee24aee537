import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

function application(rows: string): string {
  return synthesize((app, directory) => {
    mkdirSync(join(directory, 'data/deep'), { recursive: true });
    writeFileSync(join(directory, 'data/rows.csv'), rows);
    writeFileSync(join(directory, 'data/deep/binary'), Buffer.from([0, 255]));
    const stack = new Stack(app, 'App');
    const queue = new Queue(stack, 'Queue', { queueName: 'inbox' });
    new BucketDeployment(stack, 'Seed', {
      destinationBucket: new Bucket(stack, 'Bucket', { bucketName: 'seeded' }) as IBucket,
      destinationKeyPrefix: 'in',
      sources: [Source.asset(join(directory, 'data')), Source.jsonData('config.json', { queue: queue.queueArn })],
    });
  });
}

async function read(cloud: Cloud, Key: string): Promise<unknown> {
  const { Body, ContentType } = await cloud.call<{ Body: Buffer; ContentType: string }>('s3', 'GetObject', { Bucket: 'seeded', Key });
  return [Buffer.from(Body).toString('latin1'), ContentType];
}

it('puts the files of an application into a bucket, when they are new and not at every start', async () => {
  // Prepare
  const stateDir = mkdtempSync(join(tmpdir(), 'cloud-s3-'));
  const first = await startCloud({ assembly: application('a,b'), stateDir });

  // Act and assess
  expect(await read(first, 'in/rows.csv')).toEqual(['a,b', 'text/csv']);
  expect(await read(first, 'in/deep/binary')).toEqual(['\u0000\u00ff', 'binary/octet-stream']);
  expect(await read(first, 'in/config.json')).toEqual(['{"queue":"arn:aws:sqs:us-east-1:000000000000:inbox"}', 'application/json']);
  await first.call('s3', 'PutObject', { Bucket: 'seeded', Key: 'in/rows.csv', Body: 'changed' });
  await first.close();

  // Act and assess: the application's own change outlives a start, and not a deployment of other files.
  const second = await startCloud({ assembly: application('a,b'), stateDir });
  expect(await read(second, 'in/rows.csv')).toMatchObject(['changed', expect.anything()]);
  await second.close();
  const third = await startCloud({ assembly: application('c,d'), stateDir });
  expect(await read(third, 'in/rows.csv')).toEqual(['c,d', 'text/csv']);
  await third.close();
});
