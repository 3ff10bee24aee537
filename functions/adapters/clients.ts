import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { required } from './environment.ts';
import { Table } from './table.ts';

/** The case table, as every function sees it. Clients are made once per container; the SDK finds Region and credentials itself. */
export function caseTable(): Table {
  return new Table(new DynamoDBClient({}), required('CASE_TABLE'));
}
