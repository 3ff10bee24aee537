import type { JsonObject } from '../../kernel/kernel.ts';
import {
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

const INERT = {
  ContributorInsightsSpecification: 'no metrics are published here',
  DeletionProtectionEnabled: 'nothing is deleted by the template',
  KinesisStreamSpecification: 'there is no Kinesis',
  OnDemandThroughput: 'calls are not throttled here',
  PointInTimeRecoverySpecification: 'STATE_DIR is the only copy',
  ProvisionedThroughput: 'calls are not throttled here',
  ResourcePolicy: 'every caller on this machine may do everything',
  SSESpecification: 'nothing is encrypted here',
  TableClass: 'storage costs nothing here',
  Tags: 'nothing reads tags',
  WarmThroughput: 'calls are not throttled here',
  WriteOnDemandThroughputSettings: 'calls are not throttled here',
  WriteProvisionedThroughputSettings: 'calls are not throttled here',
};

const INERT_INDEX = {
  ContributorInsightsSpecification: 'no metrics are published here',
  OnDemandThroughput: 'calls are not throttled here',
  ProvisionedThroughput: 'calls are not throttled here',
  WarmThroughput: 'calls are not throttled here',
  WriteOnDemandThroughputSettings: 'calls are not throttled here',
};

/** `AWS::DynamoDB::Table`, and `GlobalTable` (CDK's TableV2) with its one replica. */
export function tableHandlers(tables: DynamoDbService): ResourceHandler[] {
  const { KinesisStreamSpecification: _, ...inert } = INERT;
  return [
    { type: 'AWS::DynamoDB::Table', honoured: HONOURED, inert, provision: (resource) => create(resource, tables) },
    {
      type: 'AWS::DynamoDB::GlobalTable',
      honoured: [...HONOURED, 'Replicas'],
      inert,
      provision(resource) {
        const replicas = resource.properties.Replicas;
        if (!Array.isArray(replicas) || replicas.length !== 1)
          throw unsupported(resource, 'only tables with one replica are supported by the embedded cloud');
        refuseUnknown(resource, 'Replicas[0]', replicas[0], ['Region', 'GlobalSecondaryIndexes'], inert);
        return create(resource, tables);
      },
    },
  ];
}

function create(resource: Resource, tables: DynamoDbService): Provisioned {
  const { properties } = resource;
  const TableName = physicalName(resource, properties.TableName, 255);
  const indexes = (key: string) => {
    const list = properties[key] as JsonObject[] | undefined;
    for (const [position, index] of (list ?? []).entries())
      refuseUnknown(resource, `${key}[${position}]`, index, ['IndexName', 'KeySchema', 'Projection'], INERT_INDEX);
    return list === undefined ? {} : { [key]: list };
  };
  const input: JsonObject = { TableName, ...indexes('GlobalSecondaryIndexes'), ...indexes('LocalSecondaryIndexes') };
  for (const key of ['AttributeDefinitions', 'KeySchema', 'BillingMode', 'StreamSpecification', 'TimeToLiveSpecification'])
    if (properties[key] !== undefined) input[key] = properties[key];
  let table: Table;
  try {
    table = tables.createTable(input);
  } catch (error) {
    throw unsupported(resource, (error as Error).message);
  }
  return {
    ref: TableName,
    attributes: { Arn: table.arn, TableId: TableName, ...(table.stream !== undefined && { StreamArn: table.stream.arn }) },
  };
}
