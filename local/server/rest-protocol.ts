import { AwsError } from '../kernel/errors.ts';
import type { Caller, JsonObject } from '../kernel/kernel.ts';
import { asAwsError, type WireRequest, type WireResponse } from './message.ts';
import { type Say, sayError } from './request-log.ts';
import { answerSesV2, isSesV2 } from './ses-v2.ts';

const FUNCTIONS = '/2015-03-31/functions';
const JSON_HEADERS = { 'content-type': 'application/json' };

/** Whether a path is one of Lambda's, or of the second version of SES. */
export function isRest(path: string): boolean {
  return path === FUNCTIONS || path.startsWith(`${FUNCTIONS}/`) || isSesV2(path);
}

/** The REST paths of Lambda and of SES's second version; undefined where the path is none of those. */
export function answerRest(
  kernel: Pick<Caller, 'call'>,
  request: WireRequest,
  origin: string,
  say: Say | undefined,
): Promise<WireResponse> | undefined {
  if (!isRest(request.path)) return undefined;
  if (isSesV2(request.path)) return answered(request, say, () => plain(answerSesV2(kernel, request, origin)));
  return answered(request, say, async () => {
    const [name = '', action, ...more] = request.path
      .slice(FUNCTIONS.length + 1)
      .split('/')
      .map(decoded);
    const call = (operation: string, input: JsonObject) => kernel.call('lambda', operation, input, origin);
    if (more.length > 0) throw unknownOperation(request);
    if (request.method === 'POST' && action === 'invocations') return invoke(call, name, request);
    if (request.method !== 'GET') throw unknownOperation(request);
    if (name === '') return plain(call('ListFunctions', {}));
    if (action === undefined) return plain(call('GetFunction', { FunctionName: name }));
    if (action === 'configuration') return plain(call('GetFunctionConfiguration', { FunctionName: name }));
    throw unknownOperation(request);
  });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError('InvalidRequestContentException', `${segment.slice(0, 100)} in the path is not percent-encoded text.`);
  }
}

function unknownOperation({ method, path }: WireRequest): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `The embedded cloud's Lambda has no operation for ${method} ${path.slice(0, 200)}.`,
    404,
  );
}

async function invoke(
  call: (operation: string, input: JsonObject) => Promise<unknown>,
  name: string,
  request: WireRequest,
): Promise<WireResponse> {
  const type = request.headers['x-amz-invocation-type'];
  const logType = request.headers['x-amz-log-type'];
  const clientContext = request.headers['x-amz-client-context'];
  const qualifier = new URLSearchParams(request.query ?? '').get('Qualifier');
  const output = (await call('Invoke', {
    FunctionName: name,
    Payload: request.body,
    ...(type !== undefined && { InvocationType: type }),
    ...(logType !== undefined && { LogType: logType }),
    ...(clientContext !== undefined && { ClientContext: clientContext }),
    ...(qualifier !== null && { Qualifier: qualifier }),
  })) as { StatusCode: number; Payload?: string; FunctionError?: string; LogResult?: string; ExecutedVersion: string };
  return {
    status: output.StatusCode,
    headers: {
      ...JSON_HEADERS,
      'x-amz-executed-version': output.ExecutedVersion,
      ...(output.FunctionError !== undefined && { 'x-amz-function-error': output.FunctionError }),
      ...(output.LogResult !== undefined && { 'x-amz-log-result': output.LogResult }),
    },
    body: output.Payload ?? '',
  };
}

async function plain(output: Promise<unknown>): Promise<WireResponse> {
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(await output) };
}

async function answered({ method, path }: WireRequest, say: Say | undefined, run: () => Promise<WireResponse>): Promise<WireResponse> {
  try {
    return await run();
  } catch (error) {
    const refused = asAwsError(error);
    sayError(say, `${method} ${path}`, refused);
    return restError(refused);
  }
}

export function restError({ code, status, message, extra }: AwsError): WireResponse {
  return {
    status,
    headers: { ...JSON_HEADERS, 'x-amzn-errortype': code },
    body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message, message, ...extra }),
  };
}
