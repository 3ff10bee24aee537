import { expect } from 'vitest';
import type { AwsError } from '../../../local/kernel/errors.ts';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import { DynamoDbService } from '../../../local/services/dynamodb/dynamodb-service.ts';
import type { Item } from '../../../local/services/dynamodb/values.ts';

export const START = Date.parse('2026-03-01T00:00:00Z');

interface Answer extends JsonObject {
  Item?: Item;
  Attributes?: Item;
  Items?: Item[];
  Count?: number;
  ScannedCount?: number;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: JsonObject;
}

export interface World {
  readonly kernel: Kernel;
  readonly dynamodb: DynamoDbService;
  call(operation: string, input: JsonObject): Answer;
  /** The error that a call must end with. */
  refusal(operation: string, input: JsonObject): AwsError;
}

/** A cloud with nothing but DynamoDB, at 2026-03-01. With a directory, what it stores survives `kernel.stop()`. */
export function aWorld(directory?: string): World {
  const kernel = new Kernel({ store: new Store(directory), clock: 'virtual', start: START });
  const dynamodb = new DynamoDbService(kernel);
  kernel.register(dynamodb);
  kernel.resume();
  const call = (operation: string, input: JsonObject) => dynamodb.call(operation, input) as Answer;
  return {
    kernel,
    dynamodb,
    call,
    refusal: (operation, input) => {
      let error: unknown;
      try {
        call(operation, input);
      } catch (thrown) {
        error = thrown;
      }
      expect(error, `${operation} must be refused`).toBeDefined();
      return error as AwsError;
    },
  };
}

/** `CreateTable` input for keys like `pk` or `pk,sk:N`, with the attributes of indexes after a slash. */
export function aTable(name: string, keys: string, more: JsonObject = {}): JsonObject {
  const [schema = '', others = ''] = keys.split('/');
  const typed = (text: string) => text.split(',').flatMap((part) => (part === '' ? [] : [part.split(':')]));
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...typed(schema), ...typed(others)].map(([attribute, type]) => ({
      AttributeName: attribute,
      AttributeType: type ?? 'S',
    })),
    KeySchema: typed(schema).map(([attribute], position) => ({
      AttributeName: attribute,
      KeyType: position === 0 ? 'HASH' : 'RANGE',
    })),
    ...more,
  };
}

export function anIndex(name: string, keys: string, projection: JsonObject = { ProjectionType: 'ALL' }): JsonObject {
  return {
    IndexName: name,
    KeySchema: keys.split(',').map((attribute, position) => ({ AttributeName: attribute, KeyType: position === 0 ? 'HASH' : 'RANGE' })),
    Projection: projection,
  };
}
