import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';

/** An item as the table holds it. */
export type Item = Record<string, AttributeValue>;
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export const S = (value: string): AttributeValue => ({ S: value });
export const N = (value: number): AttributeValue => ({ N: String(value) });

export function text(item: Item | undefined, name: string): string | undefined {
  return item?.[name]?.S;
}

export function number(item: Item | undefined, name: string): number | undefined {
  const value = item?.[name]?.N;
  return value === undefined ? undefined : Number(value);
}

export function keyItem(key: Key): Item {
  return { pk: S(key.pk), sk: S(key.sk) };
}

/** How a transaction ended. `failed` are the positions whose condition did not hold. */
export type Written = { readonly ok: true } | { readonly ok: false; readonly failed: readonly number[] };

const PAGE_ITEMS_MAX = 500;
const CONFLICT_TRIES_MAX = 5;

/** The case table. All reads are strongly consistent: what decides is never stale. */
export class Table {
  readonly name: string;
  readonly #client: DynamoDBClient;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  async get(key: Key): Promise<Item | undefined> {
    const { Item: item } = await this.#client.send(new GetItemCommand({ TableName: this.name, Key: keyItem(key), ConsistentRead: true }));
    return item;
  }

  /** One picture of several items: nothing commits between the reads of them. One that meets a running write is taken again. */
  async snapshot(keys: readonly Key[]): Promise<(Item | undefined)[]> {
    const command = new TransactGetItemsCommand({
      TransactItems: keys.map((key) => ({ Get: { TableName: this.name, Key: keyItem(key) } })),
    });
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { Responses: responses } = await this.#client.send(command);
        return keys.map((_, index) => responses?.[index]?.Item);
      } catch (error) {
        if (cancellationCodes(error) === undefined || attempt >= CONFLICT_TRIES_MAX) throw error;
        await pause(attempt);
      }
    }
  }

  /**
   * Writes all or nothing. Conditions that do not hold are an answer; conflicts with another writer wrote nothing and are tried
   * again here a few times.
   *
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
   */
  async write(items: readonly TransactWriteItem[]): Promise<Written> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#client.send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
        return { ok: true };
      } catch (error) {
        const reasons = cancellationCodes(error);
        if (reasons === undefined) throw error;
        const failed = reasons.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
        if (failed.length > 0) return { ok: false, failed };
        if (attempt >= CONFLICT_TRIES_MAX) throw error;
        await pause(attempt);
      }
    }
  }

  /**
   * One write of its own, at half a transaction's price and without its conflicts.
   *
   * @returns whether the condition held
   */
  async update(key: Key, change: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
    try {
      await this.#client.send(new UpdateItemCommand({ TableName: this.name, Key: keyItem(key), ...change }));
      return true;
    } catch (error) {
      if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
      return false;
    }
  }

  /** Items of a partition whose sort key starts with a prefix, in order. */
  async list(pk: string, prefix: string, options: { readonly after?: string; readonly limit?: number } = {}): Promise<Item[]> {
    const items: Item[] = [];
    let start: Item | undefined = options.after === undefined ? undefined : keyItem({ pk, sk: options.after });
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.name,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': S(pk), ':prefix': S(prefix) },
          ConsistentRead: true,
          Limit: PAGE_ITEMS_MAX,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined && (options.limit === undefined || items.length < options.limit));
    return items;
  }

  /** One page of an index, in the order of its sort key. */
  async page(
    index: string,
    partition: { readonly name: string; readonly value: string },
    options: {
      readonly upTo?: { readonly name: string; readonly value: string };
      readonly limit: number;
      readonly start?: Item | undefined;
    },
  ): Promise<{ items: Item[]; next: Item | undefined }> {
    const { upTo, limit, start } = options;
    const page = await this.#client.send(
      new QueryCommand({
        TableName: this.name,
        IndexName: index,
        KeyConditionExpression: upTo === undefined ? '#p = :p' : '#p = :p AND #s <= :s',
        ExpressionAttributeNames: { '#p': partition.name, ...(upTo === undefined ? {} : { '#s': upTo.name }) },
        ExpressionAttributeValues: { ':p': S(partition.value), ...(upTo === undefined ? {} : { ':s': S(upTo.value) }) },
        Limit: limit,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    return { items: page.Items ?? [], next: page.LastEvaluatedKey };
  }
}

/** Long enough for the other writer to finish: a transaction takes some ten milliseconds. */
const PAUSE_MILLIS = 20;

function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS * 2 ** (attempt - 1)));
}

function cancellationCodes(error: unknown): string[] | undefined {
  const { name, CancellationReasons: reasons } = error as { name?: string; CancellationReasons?: { Code?: string }[] };
  return name === 'TransactionCanceledException' && reasons !== undefined ? reasons.map((reason) => reason.Code ?? 'None') : undefined;
}
