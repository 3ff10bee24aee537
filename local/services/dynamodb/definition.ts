import type { JsonObject } from '../../kernel/kernel.ts';
import { validation } from './errors.ts';
import type { KeyAttribute, KeySchema, KeyType } from './keys.ts';
import { checkedName, object, objects, optionalChoice, optionalFlag, optionalText, requiredText } from './request.ts';

/**
 * What a table is made of, in the members of `CreateTable`.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
export interface TableDefinition {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: KeyType }[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly BillingMode: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly GlobalSecondaryIndexes: readonly IndexDefinition[];
  readonly LocalSecondaryIndexes: readonly IndexDefinition[];
  readonly StreamViewType?: StreamViewType;
  readonly TimeToLiveAttribute?: string;
  readonly PointInTimeRecovery: boolean;
  readonly DeletionProtection: boolean;
}

export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: { readonly ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; readonly NonKeyAttributes?: readonly string[] };
}

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';
const VIEW_TYPES: readonly StreamViewType[] = ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'];

const INVALID = 'One or more parameter values were invalid';
const GLOBAL_INDEXES_MAX = 20;
const LOCAL_INDEXES_MAX = 5;

/** Checks the input of `CreateTable`. `TimeToLiveSpecification` and `PointInTimeRecoverySpecification` may stand in it too. */
export function checkedDefinition(input: JsonObject): TableDefinition {
  const attributes = checkedAttributes(input.AttributeDefinitions);
  const schema = checkedSchema(input.KeySchema, attributes);
  const global = checkedIndexes(input.GlobalSecondaryIndexes, 'globalSecondaryIndexes', GLOBAL_INDEXES_MAX, attributes);
  const local = checkedIndexes(input.LocalSecondaryIndexes, 'localSecondaryIndexes', LOCAL_INDEXES_MAX, attributes);
  for (const index of local) checkLocal(index, schema);
  const names = [...global, ...local].map((index) => index.IndexName);
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice !== undefined) throw validation(`${INVALID}: Duplicate index name: ${twice}`);
  checkAllUsed(attributes, [schema, ...[...global, ...local].map((index) => index.KeySchema)]);
  const viewType = streamViewType(input.StreamSpecification);
  const timeToLive = timeToLiveAttribute(input.TimeToLiveSpecification);
  return {
    TableName: checkedName(requiredText(input, 'TableName'), 'tableName'),
    AttributeDefinitions: attributes,
    KeySchema: schema,
    BillingMode: optionalChoice(input, 'BillingMode', ['PROVISIONED', 'PAY_PER_REQUEST'], 'PAY_PER_REQUEST'),
    GlobalSecondaryIndexes: global,
    LocalSecondaryIndexes: local,
    ...(viewType === undefined ? {} : { StreamViewType: viewType }),
    ...(timeToLive === undefined ? {} : { TimeToLiveAttribute: timeToLive }),
    PointInTimeRecovery: pointInTimeRecovery(input.PointInTimeRecoverySpecification),
    DeletionProtection: optionalFlag(input, 'DeletionProtectionEnabled'),
  };
}

type Attributes = TableDefinition['AttributeDefinitions'];

function checkedAttributes(value: unknown): Attributes {
  return objects(value, 'attributeDefinitions', 100).map((attribute) => {
    const type = requiredText(attribute, 'AttributeType');
    return {
      AttributeName: requiredText(attribute, 'AttributeName'),
      AttributeType: optionalChoice({ attributeType: type }, 'attributeType', ['B', 'N', 'S'] as const, 'S'),
    };
  });
}

function checkedSchema(value: unknown, attributes: Attributes): readonly KeySchemaElement[] {
  const schema = objects(value, 'keySchema', 2).map((element) => ({
    AttributeName: requiredText(element, 'AttributeName'),
    KeyType: optionalChoice({ keyType: requiredText(element, 'KeyType') }, 'keyType', ['HASH', 'RANGE'] as const, 'HASH'),
  }));
  const names = schema.map((element) => element.AttributeName);
  const defined = attributes.map((attribute) => attribute.AttributeName);
  if (names.some((name) => !defined.includes(name)))
    throw validation(
      `${INVALID}: Some index key attributes are not defined in AttributeDefinitions. ` +
        `Keys: [${names.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  if (names[0] === names[1]) throw validation('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  if (schema[0]?.KeyType !== 'HASH') throw validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (schema[1] !== undefined && schema[1].KeyType !== 'RANGE')
    throw validation('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  return schema;
}

function checkedIndexes(value: unknown, at: string, max: number, attributes: Attributes): readonly IndexDefinition[] {
  if (value === undefined || value === null) return [];
  return objects(value, at, max).map((index) => checkedIndex(index, attributes));
}

/** Checks one index of a table with these attributes. */
export function checkedIndex(index: JsonObject, attributes: Attributes): IndexDefinition {
  const projection = object(index.Projection, 'projection');
  const type = optionalText(projection, 'ProjectionType');
  if (type !== 'ALL' && type !== 'KEYS_ONLY' && type !== 'INCLUDE')
    throw validation(`${INVALID}: Unknown ProjectionType: ${type ?? 'null'}`);
  const nonKey = projection.NonKeyAttributes;
  if (nonKey !== undefined && type !== 'INCLUDE')
    throw validation(`${INVALID}: ProjectionType is ${type}, but NonKeyAttributes is specified`);
  if (type === 'INCLUDE' && (!Array.isArray(nonKey) || nonKey.some((name) => typeof name !== 'string')))
    throw validation(`${INVALID}: ProjectionType is INCLUDE, but NonKeyAttributes is not specified`);
  return {
    IndexName: checkedName(requiredText(index, 'IndexName'), 'indexName'),
    KeySchema: checkedSchema(index.KeySchema, attributes),
    Projection: { ProjectionType: type, ...(type === 'INCLUDE' ? { NonKeyAttributes: nonKey as string[] } : {}) },
  };
}

function checkLocal(index: IndexDefinition, table: readonly KeySchemaElement[]): void {
  if (table[1] === undefined)
    throw validation(`${INVALID}: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`);
  if (index.KeySchema[1] === undefined)
    throw validation(`${INVALID}: Index KeySchema does not have a range key for index: ${index.IndexName}`);
  const [own, tables] = [index.KeySchema[0]?.AttributeName, table[0]?.AttributeName];
  if (own !== tables)
    throw validation(
      `${INVALID}: Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index.IndexName}. ` +
        `index hash key: ${own}, table hash key: ${tables}`,
    );
}

function checkAllUsed(attributes: Attributes, schemas: readonly (readonly KeySchemaElement[])[]): void {
  const used = new Set(schemas.flatMap((schema) => schema.map((element) => element.AttributeName)));
  if (attributes.every((attribute) => used.has(attribute.AttributeName))) return;
  throw validation(
    schemas.length === 1
      ? `${INVALID}: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`
      : `${INVALID}: Some AttributeDefinitions are not used. AttributeDefinitions: [${attributes.map((attribute) => attribute.AttributeName).join(', ')}], ` +
          `keys used: [${[...used].join(', ')}]`,
  );
}

/** The view type of a `StreamSpecification` that switches a stream on. CloudFormation's has no `StreamEnabled`. */
export function streamViewType(value: unknown): StreamViewType | undefined {
  if (value === undefined || value === null) return undefined;
  const specification = object(value, 'streamSpecification');
  if (specification.StreamEnabled === false) return undefined;
  requiredText(specification, 'StreamViewType');
  return optionalChoice(specification, 'StreamViewType', VIEW_TYPES, 'KEYS_ONLY');
}

/** The attribute of a `TimeToLiveSpecification` that is enabled. */
export function timeToLiveAttribute(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const specification = object(value, 'timeToLiveSpecification');
  return optionalFlag(specification, 'Enabled') ? requiredText(specification, 'AttributeName') : undefined;
}

function pointInTimeRecovery(value: unknown): boolean {
  return (
    value !== undefined && value !== null && optionalFlag(object(value, 'pointInTimeRecoverySpecification'), 'PointInTimeRecoveryEnabled')
  );
}

/** A key schema with the types of its attributes. */
export function typedSchema(schema: readonly KeySchemaElement[], attributes: Attributes): KeySchema {
  const [hash, range] = schema.map((element): KeyAttribute => {
    const type = attributes.find((attribute) => attribute.AttributeName === element.AttributeName)?.AttributeType;
    return { name: element.AttributeName, type: type ?? 'S' };
  });
  if (hash === undefined) throw validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  return { hash, range };
}
