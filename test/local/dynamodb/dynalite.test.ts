import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { anyCall, anyStart, type Operation, scanOf, TABLE } from './any-call.ts';
import { anIndex, aTable, aWorld, type World } from './world.ts';

/**
 * The same calls to this service and to dynalite, a DynamoDB server written from observations of the real one: both must answer
 * the same. Left out is what dynalite is known not to do as AWS does: transactions, the item of a failed condition, spellings of
 * numbers, empty text as an index key, updates that only take away from an item that is not there.
 */

const COMMANDS: Readonly<Record<string, unknown>> = {
  PutItem: PutItemCommand,
  GetItem: GetItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
  BatchGetItem: BatchGetItemCommand,
  BatchWriteItem: BatchWriteItemCommand,
};

const require = createRequire(import.meta.url);

describe('beside dynalite', () => {
  let server: Server;
  let client: DynamoDBClient;
  let world: World;

  beforeAll(async () => {
    const dynalite = require('dynalite') as (options: { createTableMs: number }) => Server;
    server = dynalite({ createTableMs: 0 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      maxAttempts: 1,
    });
    world = aWorld();
    const definition = aTable(TABLE, 'pk,sk:N/g', { GlobalSecondaryIndexes: [anIndex('byG', 'g')] });
    world.call('CreateTable', definition);
    await client.send(
      new CreateTableCommand({
        ...definition,
        BillingMode: 'PAY_PER_REQUEST',
      } as unknown as CreateTableCommandInput),
    );
  });

  afterAll(async () => {
    client.destroy();
    server.close();
    await once(server, 'close');
  });

  async function theirs({ name, input, unordered }: Operation): Promise<unknown> {
    try {
      const Command = COMMANDS[name] as typeof PutItemCommand;
      return comparable({ ...(await client.send(new Command(input as unknown as PutItemCommandInput))) }, unordered === true);
    } catch (error) {
      return refusal((error as Error).name, (error as Error).message);
    }
  }

  function ours({ name, input, unordered }: Operation): unknown {
    try {
      return comparable(world.call(name, input), unordered === true);
    } catch (error) {
      return refusal((error as { code?: string }).code, (error as Error).message);
    }
  }

  it('answers any sequence of calls the same', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(anyStart, fc.array(anyCall, { minLength: 3, maxLength: 12 }), async (start, calls) => {
        run += 1;
        for (const operation of [start, ...calls].map((make) => make(run)).concat(scanOf(run)))
          expect(ours(operation), JSON.stringify(operation)).toEqual(await theirs(operation));
      }),
      { numRuns: 150 },
    );
  });
});

/** Of two rules that a request breaks, each may name the other; the texts about expressions are exact. */
function refusal(error: string | undefined, message: string): unknown {
  return { error, ...(message.startsWith('Invalid ') ? { message } : {}) };
}

/** An answer without what has no order or may be left out. */
function comparable(answer: JsonObject, unordered: boolean): unknown {
  const { $metadata: _, Attributes: changed, ...others } = answer;
  const kept = changed === undefined || Object.keys(changed as object).length === 0 ? others : { ...others, Attributes: changed };
  return sorted(kept, unordered ? ['SS', 'NS', TABLE, 'Items'] : ['SS', 'NS', TABLE]);
}

function sorted(value: unknown, unordered: readonly string[], name = ''): unknown {
  if (Array.isArray(value)) {
    const members = value.map((member) => sorted(member, unordered));
    return unordered.includes(name) ? members.sort((one, two) => (JSON.stringify(one) < JSON.stringify(two) ? -1 : 1)) : members;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([one], [two]) => (one < two ? -1 : 1));
  return Object.fromEntries(members.map(([member, inner]) => [member, sorted(inner, unordered, member)]));
}
