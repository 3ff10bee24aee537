import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/client-dynamodb';

/**
 * What the case table holds about a customer in words, and how it goes: the profile with its salt, the note for visitors, texts and notes. The
 * timeline, the heads and the governor have ids, codes, dates and salted hashes, and stay.
 */

type Item = Record<string, AttributeValue>;
type Sender = Pick<DynamoDBClient, 'send'>;

interface ItemKey {
  readonly pk: string;
  readonly sk: string;
  /** Of a profile: a newer one, which came meanwhile, stays. */
  readonly asOf?: string;
}

/** What was found; nothing may go while `hindrances` names anything. */
export interface Held {
  readonly accounts: readonly string[];
  readonly keys: readonly ItemKey[];
  /** Why nothing may go yet, in a sentence each. */
  readonly hindrances: readonly string[];
}

interface Governor {
  readonly points: readonly unknown[];
  readonly openCases: readonly { readonly accountId: string }[];
}

/** Reads the whole table once: no index knows a customer's accounts, and those of earlier cases must not be missed. */
export async function heldAbout(client: DynamoDBClient, table: string, customerId: string): Promise<Held> {
  const own = await itemsOf(client, table, customerId);
  const named = new Set(own.flatMap(({ pk, sk }) => (sk.startsWith('T#') ? [pk.slice('ACCOUNT#'.length)] : [])));
  const accounts: string[] = [];
  const hindrances = await hindrancesOf(client, table, customerId);
  for (const accountId of named) {
    const owner = (JSON.parse((await get(client, table, accountKey(accountId, '#HEAD')))?.state?.S ?? '{}') as { customerId?: string })
      .customerId;
    if (owner === customerId) accounts.push(accountId);
    else hindrances.push(`account ${accountId} belongs to another customer now: look at its texts and notes by hand`);
  }
  const keys: ItemKey[] = [];
  for (const accountId of accounts) {
    for (const prefix of ['TEXT#', 'NOTES#']) keys.push(...(await keysUnder(client, table, accountId, prefix)));
  }
  keys.push(...elsewhere(own, new Set(accounts)));
  for (const sk of ['SAFETY', 'PROFILE']) {
    const key = { pk: `CUSTOMER#${customerId}`, sk };
    const item = await get(client, table, key);
    if (item !== undefined) keys.push({ ...key, ...(item.asOf?.S === undefined ? {} : { asOf: item.asOf.S }) });
  }
  return { accounts: accounts.sort(), keys, hindrances };
}

/**
 * Deletes what was found, the profile last: stopped half-way, the rest is found again.
 *
 * @returns how many items
 * @throws ConditionalCheckFailedException where the core told of the customer meanwhile: that profile stays
 */
export async function erase(client: Sender, table: string, { keys }: Held): Promise<number> {
  for (const { pk, sk, asOf } of keys) {
    const asRead = { ConditionExpression: 'asOf = :asOf', ExpressionAttributeValues: { ':asOf': { S: asOf ?? '' } } };
    const Key = { pk: { S: pk }, sk: { S: sk } };
    await client.send(new DeleteItemCommand({ TableName: table, Key, ...(asOf === undefined ? {} : asRead) }));
  }
  return keys.length;
}

/** A case whose customer cannot be looked up, or an address that is still planned for, would ask again and again. */
async function hindrancesOf(client: Sender, table: string, customerId: string): Promise<string[]> {
  const item = await get(client, table, { pk: `CUSTOMER#${customerId}`, sk: 'GOVERNOR' });
  if (item === undefined) return [`there is no customer ${customerId}`];
  const { points, openCases } = JSON.parse(item.state?.S ?? '{}') as Governor;
  return [
    ...openCases.map(({ accountId }) => `account ${accountId} has an open case`),
    ...(points.length === 0
      ? []
      : [`the customer has ${points.length} contact points: have the core send a CustomerUpdated without any first`]),
  ];
}

interface OwnItem extends ItemKey {
  readonly item: Item;
}

async function itemsOf(client: DynamoDBClient, table: string, customerId: string): Promise<OwnItem[]> {
  const found: OwnItem[] = [];
  const query = {
    TableName: table,
    ConsistentRead: true,
    ProjectionExpression: 'pk, sk, accountId, caseId, contactKey, body',
    FilterExpression: 'customerId = :customer',
    ExpressionAttributeValues: { ':customer': { S: customerId } },
  };
  for await (const page of paginateScan({ client }, query))
    for (const item of page.Items ?? []) found.push({ pk: item.pk?.S ?? '', sk: item.sk?.S ?? '', item });
  return found;
}

/** What was written to this person, or reported of them, about the account of somebody else. */
function elsewhere(own: readonly OwnItem[], accounts: ReadonlySet<string>): ItemKey[] {
  return own.flatMap(({ pk, item }) => {
    const accountId = item.accountId?.S;
    if (pk.startsWith('CONTACT#') && accountId !== undefined && !accounts.has(accountId))
      return [accountKey(accountId, `TEXT#${item.caseId?.S ?? 'notice'}#${item.contactKey?.S}`)];
    if (!pk.startsWith('FACT#contact#')) return [];
    const told = (JSON.parse(item.body?.S ?? '{}') as { accounts?: readonly string[] }).accounts ?? [];
    const notes = `NOTES#contact#${pk.slice('FACT#contact#'.length)}`;
    return told.filter((other) => !accounts.has(other)).map((other) => accountKey(other, notes));
  });
}

async function keysUnder(client: DynamoDBClient, table: string, accountId: string, prefix: string): Promise<ItemKey[]> {
  const keys: ItemKey[] = [];
  const query = {
    TableName: table,
    ConsistentRead: true,
    ProjectionExpression: 'pk, sk',
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': { S: `ACCOUNT#${accountId}` }, ':prefix': { S: prefix } },
  };
  for await (const page of paginateQuery({ client }, query))
    for (const { pk, sk } of page.Items ?? []) keys.push({ pk: pk?.S ?? '', sk: sk?.S ?? '' });
  return keys;
}

async function get(client: Sender, table: string, { pk, sk }: ItemKey): Promise<Item | undefined> {
  const { Item: item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
  );
  return item;
}

function accountKey(accountId: string, sk: string): ItemKey {
  return { pk: `ACCOUNT#${accountId}`, sk };
}
