import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Item } from './stored.ts';

/** Where the items come from: the table itself, or an export of it. */

/** Profiles hold personal data and heads a task token: only what an audit reads leaves the table. */
export const READ = {
  ProjectionExpression: 'pk, sk, entry, #hash, #version, headHash, #state, body',
  FilterExpression: 'begins_with(sk, :entry) OR sk IN (:head, :governor) OR begins_with(pk, :attempt) OR begins_with(pk, :contact)',
  ExpressionAttributeNames: { '#hash': 'hash', '#version': 'version', '#state': 'state' },
  ExpressionAttributeValues: {
    ':entry': { S: 'T#' },
    ':head': { S: '#HEAD' },
    ':governor': { S: 'GOVERNOR' },
    ':attempt': { S: 'FACT#attempt#' },
    ':contact': { S: 'FACT#contact#' },
  },
};

/** @param endpoint of the embedded cloud, which takes any credentials; absent: AWS, with the credentials of the environment */
export async function scanTable(table: string, endpoint: string | undefined): Promise<Item[]> {
  const local = { endpoint: endpoint ?? '', region: 'us-east-1', credentials: { accessKeyId: 'audit', secretAccessKey: 'audit' } };
  const client = new DynamoDBClient(endpoint === undefined ? {} : local);
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true, ...READ })) {
    for (const item of page.Items ?? []) items.push(plainItem(item));
  }
  return items;
}

/**
 * Reads JSON lines: an item each as a scan returns it, or as DynamoDB exports it (`{"Item": …}`).
 *
 * @throws Error that names the line which is no item
 */
export async function readExport(path: string): Promise<Item[]> {
  const items: Item[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() !== '') items.push(itemIn(line, number));
  }
  return items;
}

function itemIn(line: string, number: number): Item {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`line ${number} must be a JSON object`);
  }
  const typed = (value as { Item?: unknown } | null)?.Item ?? value;
  const key = typed as { pk?: { S?: unknown }; sk?: { S?: unknown } } | null;
  if (typeof key?.pk?.S !== 'string' || typeof key.sk?.S !== 'string')
    throw new Error(`line ${number} must be an item with the texts pk and sk`);
  return plainItem(typed as Record<string, AttributeValue>);
}

/** The texts and numbers of an item; no others are read. */
export function plainItem(item: Record<string, AttributeValue>): Item {
  const members = Object.entries(item).map(([name, { S, N }]) => [name, S ?? (N === undefined ? undefined : Number(N))]);
  return Object.fromEntries(members) as Item;
}
