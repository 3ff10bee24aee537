import { App, aws_dynamodb as dynamodb, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { tableHandlers } from '../../../local/services/dynamodb/resources.ts';
import type { Provisioned, Resource } from '../../../local/template/resource.ts';
import { aWorld, type World } from './world.ts';

/** Synthesizes a stack with one table and provisions it. */
function provisioned(
  build: (stack: Stack) => void,
  change: (properties: JsonObject) => void = () => {},
): { world: World; answer: Provisioned } {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'stateful', {
    env: { region: 'us-east-1', account: '000000000000' },
  });
  build(stack);
  const template = (stack.node.root as App).synth().getStackByName('stateful').template as {
    Resources: Record<string, { Type: string; Properties: JsonObject }>;
  };
  const world = aWorld();
  const handlers = tableHandlers(world.dynamodb);
  const [found] = Object.entries(template.Resources).flatMap(([logicalId, source]) => {
    const handler = handlers.find((candidate) => candidate.type === source.Type);
    return handler === undefined ? [] : [{ logicalId, source, handler }];
  });
  if (found === undefined) throw new Error('The stack has no table.');
  change(found.source.Properties);
  const { type } = found.handler;
  const resource: Resource = { stack: 'stateful', logicalId: found.logicalId, type, properties: found.source.Properties };
  const listed = [...found.handler.honoured, ...Object.keys(found.handler.inert ?? {})];
  expect(Object.keys(resource.properties).filter((name) => !listed.includes(name))).toEqual([]);
  const answer = found.handler.provision(resource, {
    kernel: world.kernel,
    baseUrl: 'http://127.0.0.1:4566',
    assembly: '',
    assets: new Map(),
  });
  return { world, answer };
}

const { AttributeType, Billing, ProjectionType, StreamViewType } = dynamodb;

describe('a table of the template', () => {
  it('from TableV2 has its keys, index, stream, time to live and protection', () => {
    const { world, answer } = provisioned((stack) => {
      new dynamodb.TableV2(stack, 'Cases', {
        tableName: 'cases',
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        sortKey: { name: 'sk', type: AttributeType.STRING },
        billing: Billing.onDemand(),
        dynamoStream: StreamViewType.NEW_IMAGE,
        timeToLiveAttribute: 'expiresAt',
        deletionProtection: true,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        encryption: dynamodb.TableEncryptionV2.awsManagedKey(),
        globalSecondaryIndexes: [
          {
            indexName: 'sweep',
            partitionKey: { name: 'sweep', type: AttributeType.STRING },
            sortKey: { name: 'sweepAt', type: AttributeType.STRING },
            projectionType: ProjectionType.KEYS_ONLY,
          },
        ],
      });
    });
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/cases';

    expect(answer).toMatchObject({ ref: 'cases', attributes: { Arn: arn, StreamArn: `${arn}/stream/2026-03-01T00:00:00.000` } });
    expect(world.call('DescribeTable', { TableName: 'cases' }).Table).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'sweep' }],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      DeletionProtectionEnabled: true,
    });
    expect(world.call('DescribeTimeToLive', { TableName: 'cases' }).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'expiresAt',
    });
    expect(world.call('DescribeContinuousBackups', { TableName: 'cases' }).ContinuousBackupsDescription).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    });
  });

  it('from Table works too, and gets a name where it has none', () => {
    const { world, answer } = provisioned((stack) => {
      new dynamodb.Table(stack, 'Cases', {
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
        stream: StreamViewType.NEW_AND_OLD_IMAGES,
        timeToLiveAttribute: 'expiresAt',
      });
    });

    expect(answer.ref).toMatch(/^stateful-Cases/);
    expect(world.call('DescribeTable', { TableName: answer.ref }).Table).toMatchObject({
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  it('with a replica elsewhere is refused by name', () => {
    const build = (stack: Stack) => {
      new dynamodb.TableV2(stack, 'Cases', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
    };

    expect(() =>
      provisioned(build, (properties) => {
        properties.Replicas = [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }];
      }),
    ).toThrow('only tables with one replica are supported');
    expect(() =>
      provisioned(build, (properties) => {
        properties.Replicas = [{ Region: 'us-east-1', GlobalTableSettings: 'x' }];
      }),
    ).toThrow('property Replicas[0].GlobalTableSettings is not supported by the embedded cloud');
  });
});
