import * as stock from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import { clientConfig, joinedSdk } from '../../../local/services/lambda/sdk-seam.ts';

it('lets a document client be made of a client, which asks that no middleware is cached', async () => {
  const { direct, wired } = bothWays();
  expect([direct.config.cacheMiddleware, wired.config.cacheMiddleware]).not.toContain(true);
});

/** A table service that answers what it is told to, with one client that takes the wire and one that does not. */
function bothWays() {
  const kernel = new Kernel({ store: new Store(), clock: 'virtual', start: 0 });
  const seen: JsonObject[] = [];
  let answer: JsonObject = {};
  kernel.register({
    name: 'dynamodb',
    call: (_operation, input) => {
      seen.push(input);
      return structuredClone(answer);
    },
  });
  const joined = joinedSdk(kernel, stock, 'lambda:test') as typeof stock;
  const wired = new stock.DynamoDBClient(clientConfig(kernel, 'lambda:test') as stock.DynamoDBClientConfig);
  return {
    seen,
    answerWith: (next: JsonObject) => {
      answer = next;
    },
    direct: new joined.DynamoDBClient({}),
    wired,
  };
}

/** But `__proto__`, which the SDK itself loses when it reads. */
const name = () =>
  fc.oneof(fc.constantFrom('B', 'BS', 'M', 'S', 'a'), fc.string({ minLength: 1, maxLength: 5 })).filter((text) => text !== '__proto__');
const { value: attribute } = fc.letrec<{ value: stock.AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.record({ S: fc.string({ unit: 'binary' }) }),
    fc.record({ N: fc.integer().map(String) }),
    fc.record({ B: fc.uint8Array({ maxLength: 8 }) }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NULL: fc.constant(true) }),
    fc.record({ SS: fc.array(fc.string(), { minLength: 1, maxLength: 3 }) }),
    fc.record({ BS: fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 3 }) }),
    fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(name(), tie('value'), { maxKeys: 3, noNullPrototype: true }) }),
  ) as fc.Arbitrary<stock.AttributeValue>,
}));
const item = fc.dictionary(name(), attribute, { maxKeys: 4, noNullPrototype: true });

it('asks of the table what the wire would ask, and answers what the wire would answer', async () => {
  const { seen, answerWith, direct, wired } = bothWays();
  await fc.assert(
    fc.asyncProperty(item, fc.option(fc.boolean(), { nil: undefined }), async (given, consistent) => {
      // Prepare
      seen.length = 0;
      answerWith({});
      const put = new stock.PutItemCommand({ TableName: 'B', Item: given, ConditionExpression: undefined });
      const get = new stock.TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: 'BS', Key: given } }] });
      const query = new stock.QueryCommand({ TableName: 't', ExclusiveStartKey: given, ConsistentRead: consistent });
      // Act
      for (const client of [direct, wired]) for (const command of [put, get, query]) await client.send(command as stock.QueryCommand);
      // Assess
      expect(seen.slice(0, 3)).toStrictEqual(seen.slice(3));

      // Act: what was just asked for is answered, at the places where answers have items.
      const stored = (seen[0] as { Item: JsonObject }).Item;
      answerWith({ Items: [stored], LastEvaluatedKey: stored, Count: 1 });
      const batch = new stock.BatchGetItemCommand({ RequestItems: { BS: { Keys: [given] } } });
      const pages = [await direct.send(query), await wired.send(query)] as const;
      answerWith({ Responses: { BS: [stored], B: [stored] } });
      const batches = [await direct.send(batch), await wired.send(batch)] as const;
      // Assess
      expect(pages[0].Items).toEqual(pages[1].Items);
      expect(pages[0].LastEvaluatedKey).toEqual(pages[1].LastEvaluatedKey);
      expect(batches[0].Responses).toEqual(batches[1].Responses);
    }),
    { numRuns: 300, seed: 7 },
  );
});

it('keeps nothing of what the caller handed in', async () => {
  // Prepare
  const { seen, direct } = bothWays();
  const tags = ['a'];
  // Act
  await direct.send(new stock.PutItemCommand({ TableName: 't', Item: { pk: { S: 'x' }, tags: { SS: tags } } }));
  tags.push('b');
  // Assess
  expect(seen).toEqual([{ TableName: 't', Item: { pk: { S: 'x' }, tags: { SS: ['a'] } } }]);
});

it('sends an attribute of any name', async () => {
  // Prepare
  const { seen, direct } = bothWays();
  const Item = JSON.parse('{"pk":{"S":"x"},"__proto__":{"S":"y"}}') as Record<string, stock.AttributeValue>;
  // Act
  await direct.send(new stock.PutItemCommand({ TableName: 't', Item }));
  // Assess
  expect(JSON.stringify(seen[0]?.Item)).toBe('{"pk":{"S":"x"},"__proto__":{"S":"y"}}');
});
