import * as stock from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { AwsError } from '../../../local/kernel/errors.ts';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import { joinedSdk } from '../../../local/services/lambda/sdk-seam.ts';

/** The stock module, as function code gets it. */
type Sdk = typeof import('@aws-sdk/client-dynamodb');

/** A table service that answers from a list; the last answer stays. */
function aSdk(...answers: readonly (JsonObject | AwsError)[]): { sdk: Sdk; calls: JsonObject[] } {
  const kernel = new Kernel({ store: new Store(), clock: 'virtual', start: 0 });
  const calls: JsonObject[] = [];
  kernel.register({
    name: 'dynamodb',
    call: (_operation, input) => {
      calls.push(input);
      const answer = answers[Math.min(calls.length, answers.length) - 1];
      if (answer instanceof AwsError) throw answer;
      return answer;
    },
  });
  return { sdk: joinedSdk(kernel, stock, 'lambda:test') as Sdk, calls };
}

const get = (sdk: Sdk) => new sdk.GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } });

it('sends what the stock client would, and reads the answer as it would', async () => {
  // Prepare
  const { sdk, calls } = aSdk({ Item: { pk: { S: 'a' }, blob: { B: 'AQI=' } } });
  const client = new sdk.DynamoDBClient({});
  // Act
  const { Item, $metadata } = await client.send(get(sdk));
  // Assess
  expect(calls).toEqual([{ TableName: 't', Key: { pk: { S: 'a' } } }]);
  expect(Item).toEqual({ pk: { S: 'a' }, blob: { B: new Uint8Array([1, 2]) } });
  expect($metadata.httpStatusCode).toBe(200);
});

it('gives a transaction one token for all its attempts', async () => {
  // Prepare
  const { sdk, calls } = aSdk(new AwsError('ProvisionedThroughputExceededException', 'Slow down.'), {});
  const client = new sdk.DynamoDBClient({});
  const Put = { TableName: 't', Item: { pk: { S: 'a' } } };
  // Act
  await client.send(new sdk.TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
  // Assess
  expect(calls).toHaveLength(2);
  expect(calls[0]?.ClientRequestToken).toMatch(/^[0-9a-f-]{36}$/);
  expect(calls[1]).toEqual(calls[0]);
});

it.each([
  { what: 'throttling', error: new AwsError('ThrottlingException', 'Slow down.'), attempts: 3 },
  { what: 'a fault of the service', error: new AwsError('InternalServerError', 'Oh.', 500), attempts: 3 },
  { what: 'a condition that does not hold', error: new AwsError('ConditionalCheckFailedException', 'No.'), attempts: 1 },
])('tries $attempts times on $what, then throws the SDK’s own error', async ({ error, attempts }) => {
  // Prepare
  const { sdk, calls } = aSdk(error);
  const client = new sdk.DynamoDBClient({});
  // Act
  const failure: unknown = await client.send(get(sdk)).catch((thrown: unknown) => thrown);
  // Assess
  expect(calls).toHaveLength(attempts);
  expect(failure).toBeInstanceOf(sdk.DynamoDBServiceException);
  expect(failure).toMatchObject({ name: error.code, message: error.message });
});

it('keeps the reasons of a cancelled transaction on its error', async () => {
  // Prepare
  const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Message: 'No.' }];
  const { sdk } = aSdk(new AwsError('TransactionCanceledException', 'Cancelled.', 400, { CancellationReasons }));
  const client = new sdk.DynamoDBClient({});
  // Act
  const failure: unknown = await client.send(new sdk.TransactWriteItemsCommand({ TransactItems: [] })).catch((thrown: unknown) => thrown);
  // Assess
  expect(failure).toBeInstanceOf(sdk.TransactionCanceledException);
  expect(failure).toMatchObject({ CancellationReasons });
});

it('takes the long way for a client to which the code added middleware', async () => {
  // Prepare
  const { sdk } = aSdk({ Item: {} });
  const client = new sdk.DynamoDBClient({});
  const seen: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      seen.push(context.commandName ?? '');
      return next(args);
    },
    { step: 'initialize' },
  );
  // Act
  await client.send(get(sdk));
  // Assess
  expect(seen).toEqual(['GetItemCommand']);
});
