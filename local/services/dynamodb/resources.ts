import type { JsonObject } from '../../kernel/kernel.ts';
import {
  booleanProperty,
  type Provisioned,
  physicalName,
  type Resource,
  type ResourceHandler,
  refuseUnknown,
  unsupported,
} from '../../template/resource.ts';
import type { DynamoDbService } from './dynamodb-service.ts';
import type { Table } from './tables.ts';

const HONOURED = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'StreamSpecification',
  'TimeToLiveSpecification',
];

/** What a table has of its own, and a global table with each replica. */
const HONOURED_OF_REPLICA = ['DeletionProtectionEnabled', 'PointInTimeRecoverySpecification'];

const INERT = {
  ContributorInsightsSpecification: 'no metrics are published here',
  OnDemandThroughput: 'calls are not throttled here',
  ProvisionedThroughput: 'calls are not throttled here',
  ReadOnDemandThroughputSettings: 'calls are not throttled here',
  ReadProvisionedThroughputSettings: 'calls are not throttled here',
  ResourcePolicy: 'every caller on this machine may do everything',
  SSESpecification: 'nothing is encrypted here',
  TableClass: 'storage costs nothing here',
  Tags: 'nothing reads tags',
  WarmThroughput: 'calls are not throttled here',
  WriteOnDemandThroughputSettings: 'calls are not throttled here',
  WriteProvisionedThroughputSettings: 'calls are not throttled here',
};

/** `AWS::DynamoDB::Table`, and `GlobalTable` (CDK's TableV2) with its one replica. */
export function tableHandlers(dynamodb: DynamoDbService): ResourceHandler[] {
  return [
    {
      type: 'AWS::DynamoDB::Table',
      honoured: [...HONOURED, ...HONOURED_OF_REPLICA],
      inert: INERT,
      provision: (resource) => create(resource, resource.properties, dynamodb),
    },
    {
      type: 'AWS::DynamoDB::GlobalTable',
      honoured: [...HONOURED, 'Replicas'],
      inert: INERT,
      provision: (resource) => create(resource, onlyReplica(resource), dynamodb),
    },
  ];
}

function onlyReplica(resource: Resource): JsonObject {
  const replicas = resource.properties.Replicas;
  if (!Array.isArray(replicas) || replicas.length !== 1)
    throw unsupported(resource, 'only tables with one replica are supported by the embedded cloud');
  refuseUnknown(resource, 'Replicas[0]', replicas[0], ['Region', ...HONOURED_OF_REPLICA], {
    ...INERT,
    GlobalSecondaryIndexes: 'only throughput and insights stand there',
  });
  return replicas[0] as JsonObject;
}

function create(resource: Resource, own: JsonObject, dynamodb: DynamoDbService): Provisioned {
  const { properties } = resource;
  for (const key of ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'])
    for (const [position, index] of ((properties[key] as JsonObject[] | undefined) ?? []).entries())
      refuseUnknown(resource, `${key}[${position}]`, index, ['IndexName', 'KeySchema', 'Projection'], INERT);
  const timeToLive = properties.TimeToLiveSpecification as JsonObject | undefined;
  const recovery = own.PointInTimeRecoverySpecification as JsonObject | undefined;
  const table = created(resource, dynamodb, {
    ...Object.fromEntries(HONOURED.map((name) => [name, properties[name]])),
    TableName: physicalName(resource, properties.TableName, 255),
    TimeToLiveSpecification: timeToLive && { ...timeToLive, Enabled: booleanProperty(timeToLive.Enabled, false) },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: booleanProperty(recovery?.PointInTimeRecoveryEnabled, false) },
    DeletionProtectionEnabled: booleanProperty(own.DeletionProtectionEnabled, false),
  });
  return {
    ref: table.name,
    attributes: { Arn: table.arn, TableId: String(table.id), ...(table.stream !== undefined && { StreamArn: table.stream.arn }) },
  };
}

function created(resource: Resource, dynamodb: DynamoDbService, input: JsonObject): Table {
  try {
    return dynamodb.createTable(input);
  } catch (error) {
    throw unsupported(resource, (error as Error).message);
  }
}
