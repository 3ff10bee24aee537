import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Table } from '../../../functions/adapters/table.ts';
import { clientConfig } from '../../../local/services/lambda/sdk-seam.ts';
import { aTable, aWorld } from '../../local/dynamodb/world.ts';

/** A case table of its own, in the embedded DynamoDB. */
export function aCaseTable(): { readonly table: Table; readonly calls: string[] } {
  const { kernel, dynamodb } = aWorld();
  dynamodb.createTable(aTable('cases', 'pk,sk'));
  const calls: string[] = [];
  kernel.intercept((call, next) => {
    calls.push(call.operation);
    return next();
  });
  return { table: new Table(new DynamoDBClient(clientConfig(kernel, 'test') as object), 'cases'), calls };
}
