import { createRequire } from 'node:module';
import type { Caller, JsonObject } from '../../kernel/kernel.ts';
import { dynamoDbError } from '../../server/wire.ts';
import { directRequest, directResponse } from './direct-dynamodb.ts';

/** What is used of a client of the AWS SDK, and of its commands. */
export interface SdkClient {
  readonly config: { readonly protocol: Protocol; readonly requestHandler: RequestHandler };
  readonly middlewareStack: { identify(): readonly string[] };
}

export interface SdkCommand {
  readonly input: object;
  /** Kind, namespace, name, traits, input and output, as the SDK's generated code has them. */
  readonly schema?: readonly unknown[];
}

interface Protocol {
  serializeRequest(operation: object, input: object, context: object): Promise<object>;
  deserializeResponse(operation: object, context: object, response: object): Promise<object>;
}

interface RequestHandler {
  handle(request: object): Promise<{ response: object }>;
}

interface RetryRules {
  isThrottlingError(error: unknown): boolean;
  isTransientError(error: unknown): boolean;
  isServerError(error: unknown): boolean;
}

/** Clients whose commands carry no middleware of their own: SQS, for one, checks digests there. */
const CLIENTS = new Set(['DynamoDBClient', 'EventBridgeClient', 'SFNClient', 'SSMClient']);

const clientRequire = createRequire(createRequire(import.meta.url).resolve('@aws-sdk/client-dynamodb'));
const { isServerError, isThrottlingError, isTransientError } = clientRequire('@smithy/core/retry') as RetryRules;

type Send = (command: SdkCommand) => Promise<object>;

/**
 * A way to send that leaves out the middleware of which nothing is left in process: user agent, endpoint rules, choice of a signer,
 * pauses between attempts. The client's own protocol writes the request and reads the answer or error, so function code meets what it
 * would meet, in a third of the time; of DynamoDB's operations on items it reads the errors only, because theirs are the calls of which
 * there are millions. Undefined for clients that have more than the stock middleware; such a client takes the long way.
 */
export function shortSend(kernel: Caller, origin: string, client: SdkClient, name: string, attemptsMax: number): Send | undefined {
  if (!CLIENTS.has(name)) return undefined;
  const { protocol, requestHandler } = client.config;
  const context = { ...client.config };
  return async ({ schema, input }) => {
    const [, namespace, operationName, traits, inputSchema, outputSchema] = schema ?? [];
    const operation = { namespace, name: operationName, traits, input: inputSchema, output: outputSchema };
    const direct = name === 'DynamoDBClient' ? directRequest(kernel, String(operationName), input) : undefined;
    if (direct !== undefined) {
      const failed = (error: unknown) => {
        const { status, headers, body } = dynamoDbError(error);
        return protocol.deserializeResponse(operation, context, { statusCode: status, headers, body: Buffer.from(body) });
      };
      return attempted(() => directCall(kernel, origin, String(operationName), direct, failed), attemptsMax);
    }
    const request = await protocol.serializeRequest(operation, input, context);
    return attempted(async () => {
      const { response } = await requestHandler.handle(request);
      return protocol.deserializeResponse(operation, context, response);
    }, attemptsMax);
  };
}

async function directCall(
  kernel: Caller,
  origin: string,
  operation: string,
  request: JsonObject,
  failed: (error: unknown) => Promise<object>,
): Promise<object> {
  let output: unknown;
  try {
    output = await kernel.call('dynamodb', operation, request, origin);
  } catch (error) {
    return failed(error);
  }
  return directResponse(output as JsonObject);
}

async function attempted(send: () => Promise<object>, attemptsMax: number): Promise<object> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (attempt >= attemptsMax || !isWorthRetrying(error)) throw error;
    }
  }
}

function isWorthRetrying(error: unknown): boolean {
  return isThrottlingError(error) || isTransientError(error) || isServerError(error);
}
