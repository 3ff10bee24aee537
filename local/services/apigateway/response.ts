import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { JsonObject } from '../../kernel/kernel.ts';
import type { ApiResponse } from './apigateway-service.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Between two hosts only: the gateway speaks for itself to the client (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1). */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** An answer of the gateway's own. */
export function gatewayProblem(status: number, message: string): ApiResponse {
  return { status, headers: { ...JSON_HEADERS }, body: JSON.stringify({ message }) };
}

/**
 * The response that a function answered, as format 2.0 has it: a structure with a `statusCode`, or any JSON, which becomes the body of a 200
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html). A structure that cannot be
 * sent is the gateway's own 500.
 */
export function responseOf(payload: string): ApiResponse {
  const result = JSON.parse(payload) as unknown;
  if (typeof result !== 'object' || result === null || !('statusCode' in result))
    return { status: 200, headers: { ...JSON_HEADERS }, body: typeof result === 'string' ? result : payload };
  return structured(result as JsonObject) ?? gatewayProblem(500, 'Internal Server Error');
}

function structured({ statusCode, headers, body, cookies, isBase64Encoded }: JsonObject): ApiResponse | undefined {
  const status = typeof statusCode === 'number' || typeof statusCode === 'string' ? Number(statusCode) : Number.NaN;
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const text = body ?? '';
  const sent = headersIn(headers ?? {});
  if (sent === undefined || typeof text !== 'string' || !areCookies(cookies ?? []) || typeof (isBase64Encoded ?? false) !== 'boolean')
    return undefined;
  return {
    status,
    headers: sent,
    body: text,
    ...(Array.isArray(cookies) && { cookies: cookies as string[] }),
    ...(isBase64Encoded === true && { base64: true }),
  };
}

/** The headers in lower case, but for those that the gateway writes itself; undefined where one of them cannot be sent. */
function headersIn(given: unknown): Record<string, string> | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!['string', 'number', 'boolean'].includes(typeof value) || !isHeader(name, String(value))) return undefined;
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && lower !== 'content-length') headers[lower] = String(value);
  }
  headers['content-type'] ??= 'text/plain;charset=UTF-8';
  return headers;
}

function areCookies(cookies: unknown): boolean {
  return Array.isArray(cookies) && cookies.every((cookie) => typeof cookie === 'string' && isHeader('set-cookie', cookie));
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
