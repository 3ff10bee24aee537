import { generateKeyPairSync, sign } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../builders/sha256.ts';

/** Who may call the HTTP API of a test with `authorization`: people and customers by the bank's tokens, its systems by signed requests. */

const ISSUER = 'https://login.bank.example';
const HOST = 'localhost';
const SYSTEM = { accessKeyId: 'BANKSYSTEM', secretAccessKey: 'known to the bank' };
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What the embedded cloud must know of them. */
export const CALLERS = {
  issuerKeys: { [ISSUER]: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bank' }] } },
  credentials: { [SYSTEM.accessKeyId]: SYSTEM.secretAccessKey },
} as const;

/** The header of a token of the bank's with these claims, good for as long as a test may take. */
export function bearer(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const all = { iss: ISSUER, aud: 'overdue-journeys', exp: Date.parse('2100-01-01T00:00:00Z') / 1000, ...claims };
  const text = `${part({ alg: 'RS256', kid: 'bank' })}.${part(all)}`;
  return { authorization: `Bearer ${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}` };
}

/** The headers of a request that a system of the bank signed at an instant. */
export async function signedBySystem(at: string, method: string, path: string, body: unknown): Promise<Record<string, string>> {
  const [pathname = '', search] = path.split('?');
  const signer = new SignatureV4({ credentials: SYSTEM, service: 'execute-api', region: 'us-east-1', sha256: Sha256 as never });
  const query = Object.fromEntries(new URLSearchParams(search));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = { method, protocol: 'http:', hostname: HOST, path: pathname, query, headers: { host: HOST }, body: text };
  return (await signer.sign(request, { signingDate: new Date(at) })).headers;
}
