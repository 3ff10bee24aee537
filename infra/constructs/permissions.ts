import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { usesGateway } from '../config/schema.ts';
import { physicalName, stages } from '../names.ts';
import { evidenceArn } from './evidence-store.ts';
import { messagesArn } from './message-store.ts';
import { type Platform, stateMachineArns } from './platform.ts';

/** What a role may do with items of the case table. Nobody may scan it, and nobody may delete: items expire. */
type TableAccess = 'get' | 'query' | 'query-indexes' | 'write' | 'update';

const tableActions: Readonly<Record<TableAccess, readonly string[]>> = {
  get: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
  query: ['dynamodb:Query'],
  'query-indexes': ['dynamodb:Query'],
  write: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'],
  update: ['dynamodb:UpdateItem'],
};

/**
 * Access to the case table and, through DynamoDB only, to its key. Transactions need no right of their own: DynamoDB checks the rights
 * of the actions inside.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function tableStatements(platform: Platform, ...access: TableAccess[]): iam.PolicyStatement[] {
  const onTable = access.filter((kind) => kind !== 'query-indexes').flatMap((kind) => tableActions[kind]);
  const statements = [new iam.PolicyStatement({ actions: onTable, resources: [platform.table.tableArn] })];
  if (access.includes('query-indexes')) {
    const indexes = ['cases-by-sweep', 'tasks-by-queue'].map((index) => `${platform.table.tableArn}/index/${index}`);
    statements.push(new iam.PolicyStatement({ actions: [...tableActions['query-indexes']], resources: indexes }));
  }
  const writes = access.includes('write') || access.includes('update');
  const keyActions = writes
    ? ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo']
    : ['kms:Decrypt', 'kms:DescribeKey'];
  return [...statements, keyVia(platform, 'dynamodb', keyActions)];
}

/** Reading the table's stream. The service checks all four rights when the mapping is made. */
export function streamStatements(platform: Platform): iam.PolicyStatement[] {
  const streamArn = platform.table.tableStreamArn;
  if (streamArn === undefined) throw new Error('The case table has no stream: events out come from nowhere else.');
  const actions = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];
  return [new iam.PolicyStatement({ actions, resources: [streamArn] }), keyVia(platform, 'dynamodb', ['kms:Decrypt'])];
}

/** Putting messages in the dead-letter queue: rejected originals, stream records past their retries, failed invocations. */
export function deadLetterStatements(platform: Platform): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [platform.deadLetterQueue.queueArn] }),
    keyVia(platform, 'sqs', ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

/** Working messages off one queue of ours. */
export function receiveStatements(platform: Platform, queueArn: string): iam.PolicyStatement[] {
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'];
  return [new iam.PolicyStatement({ actions, resources: [queueArn] }), keyVia(platform, 'sqs', ['kms:Decrypt'])];
}

/** What a function may do with executions of the five machines. */
type ExecutionAccess = 'start' | 'signal' | 'describe';

/**
 * Starting, signalling and describing executions. Their inputs, outputs and histories are encrypted with the customer key under the
 * machine's ARN, and the caller's own rights are used for it.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function executionStatements(scope: Construct, platform: Platform, ...access: ExecutionAccess[]): iam.PolicyStatement[] {
  const machines = stateMachineArns(scope, platform.config);
  const statements: iam.PolicyStatement[] = [];
  if (access.includes('start')) statements.push(new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: machines }));
  if (access.includes('signal')) statements.push(new iam.PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: machines }));
  if (access.includes('describe')) {
    statements.push(new iam.PolicyStatement({ actions: ['states:DescribeExecution'], resources: executionArns(scope, platform) }));
  }
  return [
    ...statements,
    new iam.PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [platform.key.keyArn],
      conditions: { StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': machines } },
    }),
  ];
}

/** All executions of the five machines: an execution's name is made at run time, so the last part cannot be named. */
function executionArns(scope: Construct, platform: Platform): string[] {
  const { partition, region, account } = Stack.of(scope);
  return stages.map((stage) => `arn:${partition}:states:${region}:${account}:execution:${physicalName(platform.config, stage)}:*`);
}

/** Reading the kill switch, at most a few seconds old. */
export function sendingStatements(platform: Platform): iam.PolicyStatement[] {
  return [new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [platform.sendingParameter.parameterArn] })];
}

/** Putting messages for the bank's gateway, and nothing else: whoever puts cannot read them back. */
export function messageStatements(platform: Platform): iam.PolicyStatement[] {
  if (!usesGateway(platform.config)) return [];
  return [
    new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [messagesArn(platform.config)] }),
    keyVia(platform, 's3', ['kms:GenerateDataKey']),
  ];
}

/** Putting evidence packs, and nothing else: whoever puts can neither read nor overwrite nor unlock them. */
export function evidenceStatements(platform: Platform): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [evidenceArn(platform.config)] }),
    keyVia(platform, 's3', ['kms:GenerateDataKey']),
  ];
}

/** The customer key, but only when the named service asks for the caller. China's service names end in another suffix. */
function keyVia(platform: Platform, service: 'dynamodb' | 's3' | 'sqs', actions: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions,
    resources: [platform.key.keyArn],
    conditions: { StringLike: { 'kms:ViaService': `${service}.${Stack.of(platform.table).region}.amazonaws.com*` } },
  });
}
