import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { Stack } from 'aws-cdk-lib';
import { CfnApi, CfnAuthorizer, CfnIntegration, CfnRoute, type CfnRouteProps, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { Sha256 } from '../../builders/sha256.ts';
import { bundle, synthesize } from '../cloud/sample-app.ts';

/** Callers of an HTTP API that asks who they are: tokens of the cloud's own issuer and of another, and signed requests. */

const NOW = '2026-03-02T01:00:00Z';
const OWN = 'https://login.example';
const FOREIGN = 'https://elsewhere.example';

/** Two APIs with the same routes, as one for people and one for systems. */
function app(): string {
  return synthesize((cdk, directory) => {
    const stack = new Stack(cdk, 'App');
    const code = bundle(
      directory,
      'Echo',
      'exports.handler = async (event) => ({ authorizer: event.requestContext.authorizer ?? null, body: event.body ?? null, base64: event.isBase64Encoded });',
    );
    const echo = new LambdaFunction(stack, 'Echo', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code });
    const api = (id: string, ...routes: Omit<CfnRouteProps, 'apiId' | 'target'>[]) => {
      const { ref: apiId } = stack.node.tryFindChild(id) as CfnApi;
      const integration = new CfnIntegration(stack, `${id}Echo`, {
        apiId,
        integrationType: 'AWS_PROXY',
        integrationUri: echo.functionArn,
        payloadFormatVersion: '2.0',
      });
      for (const [index, route] of routes.entries())
        new CfnRoute(stack, `${id}Route${index}`, { apiId, target: `integrations/${integration.ref}`, ...route });
      new CfnStage(stack, `${id}Stage`, { apiId, stageName: '$default', autoDeploy: true });
    };
    for (const id of ['Systems', 'People']) new CfnApi(stack, id, { name: id, protocolType: 'HTTP' });
    const apiId = (stack.node.findChild('People') as CfnApi).ref;
    const jwt = (id: string, issuer: string, source: string) =>
      new CfnAuthorizer(stack, id, {
        apiId,
        authorizerType: 'JWT',
        name: id,
        identitySource: [source],
        jwtConfiguration: { issuer, audience: ['app', 'other-app'] },
      }).ref;
    const own = jwt('Own', OWN, '$request.header.Authorization');
    const foreign = jwt('Foreign', FOREIGN, '$request.querystring.token');
    api('Systems', { routeKey: 'ANY /{path+}', authorizationType: 'AWS_IAM' });
    api(
      'People',
      { routeKey: 'ANY /open', authorizationType: 'JWT', authorizerId: own },
      { routeKey: 'GET /read', authorizationType: 'JWT', authorizerId: own, authorizationScopes: ['read', 'admin'] },
      { routeKey: 'GET /foreign', authorizationType: 'JWT', authorizerId: foreign },
    );
  });
}

let server: RunningServer;
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
beforeAll(async () => {
  const keys = [
    { ...foreign.publicKey.export({ format: 'jwk' }), kid: 'theirs' },
    { ...elliptic.publicKey.export({ format: 'jwk' }), kid: 'elliptic' },
  ];
  server = await startServer({
    port: 0,
    assembly: app(),
    start: NOW,
    authorization: true,
    issuerKeys: { [FOREIGN]: { keys } },
    credentials: { SYSTEM: 'its secret' },
  });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly challenge: string | null;
  readonly json: Record<string, unknown>;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${server.url}/api${path}`, init);
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    json: (await response.json()) as Record<string, unknown>,
  };
}

const askWith = (token: string, path = '/open') => ask(path, { headers: { authorization: `Bearer ${token}` } });

function issue(body: unknown): Promise<Response> {
  return fetch(`${server.url}/_local/issuer/token`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
}

async function token(body: object = {}): Promise<string> {
  return ((await (await issue({ subject: 'anna', issuer: OWN, ...body })).json()) as { access_token: string }).access_token;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = Date.parse(NOW) / 1000;

/** A token of the other issuer, with whatever header and claims. */
function theirs(claims: object = {}, header: object = {}, key: KeyObject = foreign.privateKey, digest = 'sha256'): string {
  const all = { iss: FOREIGN, aud: 'app', sub: 'ben', exp: seconds + 60, ...claims };
  const text = `${part({ alg: 'RS256', kid: 'theirs', ...header })}.${part(all)}`;
  return `${text}.${sign(digest, Buffer.from(text), key).toString('base64url')}`;
}

describe('the cloud’s own issuer', () => {
  it('signs tokens that the authorizer of the template takes, and hands the claims on as texts', async () => {
    const signed = await token({ scopes: ['read', 'write'], claims: { customer_id: 'c-1', groups: ['a', 'b'], level: 3, staff: true } });
    expect(await askWith(signed)).toMatchObject({
      status: 200,
      json: {
        authorizer: {
          jwt: {
            claims: {
              iss: OWN,
              sub: 'anna',
              aud: 'app',
              scope: 'read write',
              customer_id: 'c-1',
              groups: '[a b]',
              level: '3',
              staff: 'true',
              iat: String(seconds),
              exp: String(seconds + 3600),
            },
            scopes: null,
          },
        },
      },
    });
    expect(await ask('/open', { headers: { authorization: signed } })).toMatchObject({ status: 200 });
    expect((await askWith(signed, '/read')).json).toMatchObject({ authorizer: { jwt: { scopes: ['read', 'write'] } } });
    expect(await (await issue({ subject: 'anna', scopes: ['read'], lifetime: 'PT5M', audience: ['x'], issuer: OWN })).json()).toMatchObject(
      {
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'read',
      },
    );
  });

  it('publishes its key where clients look for it', async () => {
    const configuration = (await (await fetch(`${server.url}/_local/issuer/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >;
    expect(configuration).toMatchObject({ issuer: `${server.url}/_local/issuer`, token_endpoint: `${server.url}/_local/issuer/token` });
    const { keys } = (await (await fetch(String(configuration.jwks_uri))).json()) as { keys: Record<string, string>[] };
    expect(keys).toEqual([{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: expect.any(String), n: expect.any(String), e: 'AQAB' }]);
    const [header = ''] = (await token()).split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT', kid: keys[0]?.kid });
  });

  it.each([
    ['{', 'must be JSON'],
    [[], 'must be a JSON object'],
    [{}, 'subject must be'],
    [{ subject: '' }, 'subject must be'],
    [{ subject: 'a', scopes: 'read' }, 'scopes must be'],
    [{ subject: 'a', scopes: ['read write'] }, 'scopes must be'],
    [{ subject: 'a', audience: 1 }, 'audience must be'],
    [{ subject: 'a', lifetime: 'P2D' }, 'lifetime must be'],
    [{ subject: 'a', lifetime: 'soon' }, 'lifetime must be'],
    [{ subject: 'a', claims: { exp: 1 } }, 'claims must not hold exp'],
    [{ subject: 'a', claims: [] }, 'claims must be'],
    [{ subject: 'a', issuer: FOREIGN }, `issuer must be one that this one stands in for: ${OWN}`],
    [{ subject: 'a', alg: 'none' }, 'alg is no member'],
  ])('refuses %j', async (body, detail) => {
    const response = await issue(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ status: 400, detail: expect.stringContaining(detail) });
  });
});

describe('a JWT authorizer', () => {
  it.each([
    ['no token', '', 'Bearer'],
    ['no parts', 'x', 'the token is malformed'],
    ['a claim set that is none', `${part({ alg: 'RS256' })}.${part([1])}.x`, 'the token is malformed'],
    ['no algorithm', theirs({}, { alg: 'none' }).replace(/[^.]*$/, ''), 'signing method none is invalid'],
    ['an algorithm of secrets', theirs({}, { alg: 'HS256' }), 'signing method HS256 is invalid'],
    ['the name of a member of objects', theirs({}, { alg: 'constructor' }), 'signing method constructor is invalid'],
    ['an elliptic curve', theirs({}, { alg: 'ES256', kid: 'elliptic' }, elliptic.privateKey), 'signing method ES256 is invalid'],
    ['a key of another kind', theirs({}, { kid: 'elliptic' }, elliptic.privateKey), 'the signature is invalid'],
    ['an unknown key', theirs({}, { kid: 'other' }), 'no key of the issuer has the kid other'],
    ['no key', theirs({}, { kid: undefined }), 'no key of the issuer has the kid none'],
    ['a key that would end the header', theirs({}, { kid: 'a"\r\nb' }), 'no key of the issuer has the kid a???b'],
    ['another digest', theirs({}, { alg: 'RS512' }), 'the signature is invalid'],
    ['another’s signature', `${theirs().replace(/[^.]*$/, '')}${theirs({ sub: 'x' }).split('.')[2]}`, 'the signature is invalid'],
    ['another issuer', theirs({ iss: OWN }), 'issuer does not match'],
    ['another audience', theirs({ aud: ['x'] }), 'the token does not have a valid audience'],
    ['the client in place of another audience', theirs({ aud: 'x', client_id: 'app' }), 'the token does not have a valid audience'],
    ['no end', theirs({ exp: undefined }), 'the token has expired'],
    ['a past end', theirs({ exp: seconds }), 'the token has expired'],
    ['an end that is text', theirs({ exp: '9999999999' }), 'the token has expired'],
    ['a start to come', theirs({ nbf: seconds + 1 }), 'the token is not valid yet'],
    ['an issue to come', theirs({ iat: seconds + 1 }), 'the token was issued in the future'],
  ])('refuses %s and says why', async (_, given, why) => {
    const answer = await ask(`/foreign?token=${encodeURIComponent(given)}`, { headers: { authorization: 'Bearer ignored' } });
    const challenge = why === 'Bearer' ? why : `Bearer scope="" error="invalid_token" error_description="${why}"`;
    expect(answer).toEqual({ status: 401, json: { message: 'Unauthorized' }, challenge });
  });

  it.each([
    ['the second audience', theirs({ aud: ['x', 'other-app'] })],
    ['the client where there is no audience', theirs({ aud: undefined, client_id: 'app' })],
    ['a longer digest', theirs({}, { alg: 'RS512' }, foreign.privateKey, 'sha512')],
    ['the instant of its start', theirs({ nbf: seconds, iat: seconds })],
  ])('takes %s of an issuer whose keys were given', async (_, given) => {
    const headers = { authorization: 'Bearer ignored' };
    expect(await ask(`/foreign?token=${given}`, { headers })).toMatchObject({
      status: 200,
      json: { authorizer: { jwt: { claims: { sub: 'ben' } } } },
    });
  });

  it('takes no token that its own issuer did not sign, nor one of the other’s', async () => {
    const forged = theirs({ iss: OWN }, { kid: 'theirs' });
    expect((await askWith(forged)).challenge).toContain('no key of the issuer has the kid theirs');
    expect((await ask(`/foreign?token=${await token()}`, { headers: { authorization: 'x' } })).status).toBe(401);
  });

  it('asks for one of the route’s scopes, in scope or scp', async () => {
    expect(await askWith(await token({ scopes: ['write', 'reader'] }), '/read')).toEqual({
      status: 403,
      json: { message: 'Forbidden' },
      challenge: expect.stringContaining('Bearer scope="read admin" error="insufficient_scope"'),
    });
    expect((await askWith(await token({ scopes: ['admin'] }), '/read')).status).toBe(200);
    expect((await askWith(await token({ claims: { scp: ['read'] } }), '/read')).status).toBe(200);
  });

  it('takes a claim of any name for what it is', async () => {
    expect((await askWith(await token({ scopes: ['read'], claims: { refused: 'never', claims: 'none' } }), '/read')).status).toBe(200);
  });

  it('goes by the cloud’s clock', async () => {
    const signed = await token({ lifetime: 'PT1S' });
    expect((await askWith(signed)).status).toBe(200);
    await server.cloud.advance(1000);
    expect((await askWith(signed)).challenge).toContain('the token has expired');
  });
});

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function signer(credentials = { accessKeyId: 'SYSTEM', secretAccessKey: 'its secret' }, service = 'execute-api', region = 'us-east-1') {
  return new SignatureV4({ credentials, service, region, sha256: Sha256 as never });
}

function requestOf({ method = 'GET', path = '/any', query = {}, headers = {}, body }: Asked) {
  const { host, hostname, port } = new URL(server.url);
  return { method, protocol: 'http:', hostname, port: Number(port), path: `/api${path}`, query, headers: { host, ...headers }, body };
}

async function signed(asked: Asked = {}, by = signer(), signingDate = new Date()): Promise<[string, RequestInit]> {
  const { headers } = await by.sign(requestOf(asked), { signingDate });
  const query = new URLSearchParams(
    Object.entries(asked.query ?? {}).flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value])),
  );
  const path = `${asked.path ?? '/any'}${query.size > 0 ? `?${query.toString().replaceAll('+', '%20')}` : ''}`;
  return [path, { method: asked.method ?? 'GET', headers, ...(asked.body !== undefined && { body: asked.body }) }];
}

describe('an IAM authorizer', () => {
  it.each<[string, Asked]>([
    ['plain', {}],
    ['with a body', { method: 'POST', body: '{"a":"您好"}', headers: { 'content-type': 'application/json' } }],
    ['with a query', { query: { b: '2', a: ['x y', '1'], ä: "é!'()*~", empty: '' } }],
    ['with an encoded path', { path: '/a%20b/c%2Fd/%E6%82%A8' }],
    ['with spaces in a header', { headers: { 'x-note': '  a   b ' } }],
    ['with a session', { headers: { 'x-amz-security-token': 'session' } }],
  ])('takes a request signed by a stock signer, %s', async (_, asked) => {
    const [path, init] = await signed(asked);
    expect(await ask(path, init)).toMatchObject({
      status: 200,
      json: { authorizer: { iam: { accessKey: 'SYSTEM', accountId: '000000000000', userArn: 'arn:aws:iam::000000000000:user/SYSTEM' } } },
    });
  });

  it('takes a request signed by the cloud’s clock, and a presigned address as long as it says', async () => {
    expect((await ask(...(await signed({}, signer(), new Date(server.cloud.now()))))).status).toBe(200);
    const presigned = async (signingDate: Date) => {
      const { query } = await signer().presign(requestOf({}), { signingDate, expiresIn: 600 });
      return ask(`/any?${new URLSearchParams(query as Record<string, string>)}`);
    };
    expect((await presigned(new Date(Date.now() - 500_000))).status).toBe(200);
    expect((await presigned(new Date(Date.now() - 700_000))).status).toBe(403);
  });

  it.each<[string, () => Promise<[string, RequestInit]>]>([
    ['without a signature', async () => ['/any', {}]],
    [
      'with a form alone',
      async () => [
        '/any',
        { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=SYSTEM/20260302/us-east-1/execute-api/aws4_request' } },
      ],
    ],
    ['with another secret', () => signed({}, signer({ accessKeyId: 'SYSTEM', secretAccessKey: 'wrong' }))],
    ['by somebody unknown', () => signed({}, signer({ accessKeyId: 'toString', secretAccessKey: 'x' }))],
    ['for another service', () => signed({}, signer(undefined, 'lambda'))],
    ['for another region', () => signed({}, signer(undefined, undefined, 'eu-west-1'))],
    ['six minutes ago', () => signed({}, signer(), new Date(Date.now() - 360_000))],
    ['in six minutes', () => signed({}, signer(), new Date(Date.now() + 360_000))],
    ['for another path', async () => ['/other', (await signed())[1]]],
    ['for another query', async () => ['/any?a=1', (await signed())[1]]],
    ['for another method', async () => ['/any', { ...(await signed())[1], method: 'DELETE' }]],
    ['for another body', async () => ['/any', { ...(await signed({ method: 'POST', body: 'a' }))[1], body: 'b' }]],
  ])('refuses a request %s', async (_, prepare) => {
    const [path, init] = await prepare();
    expect(await ask(path, init)).toMatchObject({ status: 403, json: { message: 'Forbidden' } });
  });
});

describe('a body', () => {
  it.each([
    ['application/json', '{"a":1}', { body: '{"a":1}', base64: false }],
    ['application/problem+json; charset=utf-8', '{}', { body: '{}', base64: false }],
    ['text/plain', 'ä', { body: 'ä', base64: false }],
    ['application/octet-stream', Buffer.from([0xff, 0]), { body: '/wA=', base64: true }],
  ])('of %s arrives as it was sent', async (type, body, expected) => {
    const headers = { authorization: `Bearer ${await token()}`, 'content-type': type };
    expect((await ask('/open', { method: 'POST', headers, body })).json).toMatchObject(expected);
  });
});
