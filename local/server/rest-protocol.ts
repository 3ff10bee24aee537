import type { Caller, JsonObject } from '../kernel/kernel.ts';
import { asAwsError, type WireRequest, type WireResponse } from './message.ts';

const FUNCTIONS = '/2015-03-31/functions';
const JSON_HEADERS = { 'content-type': 'application/json' };

/** Lambda's REST paths; undefined where the path is none of them. */
export function answerRest(kernel: Pick<Caller, 'call'>, request: WireRequest, origin: string): Promise<WireResponse> | undefined {
  if (!request.path.startsWith(FUNCTIONS)) return undefined;
  const [name = '', action] = request.path
    .slice(FUNCTIONS.length + 1)
    .split('/')
    .map(decodeURIComponent);
  const call = (operation: string, input: JsonObject) => kernel.call('lambda', operation, input, origin);
  if (request.method === 'POST' && action === 'invocations') return answered(() => invoke(call, name, request));
  if (request.method !== 'GET') return undefined;
  if (name === '') return answered(() => plain(call('ListFunctions', {})));
  if (action === undefined) return answered(() => plain(call('GetFunction', { FunctionName: name })));
  if (action === 'configuration') return answered(() => plain(call('GetFunctionConfiguration', { FunctionName: name })));
  return undefined;
}

async function invoke(
  call: (operation: string, input: JsonObject) => Promise<unknown>,
  name: string,
  request: WireRequest,
): Promise<WireResponse> {
  const type = request.headers['x-amz-invocation-type'];
  const output = (await call('Invoke', {
    FunctionName: name,
    Payload: request.body,
    ...(type !== undefined && { InvocationType: type }),
  })) as { StatusCode: number; Payload?: string; FunctionError?: string; ExecutedVersion: string };
  return {
    status: output.StatusCode,
    headers: {
      ...JSON_HEADERS,
      'x-amz-executed-version': output.ExecutedVersion,
      ...(output.FunctionError !== undefined && { 'x-amz-function-error': output.FunctionError }),
    },
    body: output.Payload ?? '',
  };
}

async function plain(output: Promise<unknown>): Promise<WireResponse> {
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(await output) };
}

async function answered(run: () => Promise<WireResponse>): Promise<WireResponse> {
  try {
    return await run();
  } catch (error) {
    const { code, status, message, extra } = asAwsError(error);
    return {
      status,
      headers: { ...JSON_HEADERS, 'x-amzn-errortype': code },
      body: JSON.stringify({ Type: 'User', Message: message, message, ...extra }),
    };
  }
}
