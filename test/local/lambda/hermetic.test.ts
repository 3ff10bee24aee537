import { createRequire } from 'node:module';
import { Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { bundle, synthesize } from '../cloud/sample-app.ts';

/** Clients of both kinds: those whose calls take the short way and those that take the SDK's own. */
const SOURCE = `
const { SNSClient, ListTopicsCommand } = require('@aws-sdk/client-sns');
const { SESClient, ListIdentitiesCommand } = require('@aws-sdk/client-ses');
const { SQSClient, ListQueuesCommand } = require('@aws-sdk/client-sqs');
const { S3Client, ListBucketsCommand } = require('@aws-sdk/client-s3');
const { DynamoDBClient, ListTablesCommand } = require('@aws-sdk/client-dynamodb');
exports.handler = async () => {
  await new SNSClient({}).send(new ListTopicsCommand({}));
  await new SESClient({}).send(new ListIdentitiesCommand({}));
  await new SQSClient({}).send(new ListQueuesCommand({}));
  await new S3Client({}).send(new ListBucketsCommand({}));
  await new DynamoDBClient({}).send(new ListTablesCommand({}));
};`;

it('clients of functions look for nothing in the files of whoever runs the cloud, which would let a disk decide the order', async () => {
  // Prepare: before any module of the SDK is loaded, since they take what they need of a module when they are.
  const files = createRequire(import.meta.url)('node:fs/promises') as Record<string, (...given: unknown[]) => unknown>;
  const { readFile } = files;
  const read: string[] = [];
  files.readFile = (...given) => {
    read.push(String(given[0]));
    return readFile?.(...given);
  };
  const { startCloud } = await import('../../../local/cloud.ts');
  const assembly = synthesize((app, directory) => {
    new LambdaFunction(new Stack(app, 'App'), 'F', {
      functionName: 'f',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: bundle(directory, 'f', SOURCE),
    });
  });
  const cloud = await startCloud({ assembly, start: 0 });
  // Act
  const answer = await cloud.call('lambda', 'Invoke', { FunctionName: 'f' });
  // Assess
  expect(answer).not.toHaveProperty('FunctionError');
  expect(read).toEqual([]);
  await cloud.close();
});
