import { type IncomingHttpHeaders, request } from 'node:http';
import { Stack } from 'aws-cdk-lib';
import { CfnApi, type CfnApiProps, CfnIntegration, CfnRoute, CfnStage, type CfnStageProps } from 'aws-cdk-lib/aws-apigatewayv2';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCloud } from '../../../local/cloud.ts';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { bundle, synthesize } from '../cloud/sample-app.ts';

/** The HTTP API as clients and browsers meet it over the port, and as functions behind it are asked and answer. */

const NOW = '2026-03-02T01:00:00Z';
const ORIGIN = 'https://www.example.com';
/** Answers what the request says that it shall, else what it was asked. */
const ECHO = `exports.handler = async (event) => {
  const asked = event.queryStringParameters?.answer;
  return asked === undefined ? event : JSON.parse(asked);
};`;

const CORS: CfnApi.CorsProperty = {
  allowOrigins: [ORIGIN, 'http://localhost:3000'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['authorization', 'content-type'],
  exposeHeaders: ['x-total'],
  maxAge: 300,
  allowCredentials: true,
};

interface ApiDefinition {
  readonly api?: Partial<CfnApiProps>;
  readonly stages?: readonly Partial<CfnStageProps>[];
  readonly routes: readonly string[];
}

function app(apis: Readonly<Record<string, ApiDefinition>>): string {
  return synthesize((cdk, directory) => {
    const stack = new Stack(cdk, 'App');
    const code = bundle(directory, 'Echo', ECHO);
    const echo = new LambdaFunction(stack, 'Echo', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code });
    for (const [id, { api, stages = [{ stageName: '$default' }], routes }] of Object.entries(apis)) {
      const { ref: apiId } = new CfnApi(stack, id, { name: id, protocolType: 'HTTP', ...api });
      const integration = new CfnIntegration(stack, `${id}Echo`, {
        apiId,
        integrationType: 'AWS_PROXY',
        integrationUri: echo.functionArn,
        payloadFormatVersion: '2.0',
      });
      for (const [index, routeKey] of routes.entries())
        new CfnRoute(stack, `${id}Route${index}`, { apiId, target: `integrations/${integration.ref}`, routeKey });
      for (const [index, stage] of stages.entries()) new CfnStage(stack, `${id}Stage${index}`, { apiId, stageName: 'x', ...stage });
    }
  });
}

let server: RunningServer;
beforeAll(async () => {
  const assembly = app({
    Plain: { routes: ['GET /plain', 'GET /plain/{name}', 'POST /plain', 'OPTIONS /own'] },
    Shared: { api: { corsConfiguration: CORS }, routes: ['GET /shared', 'ANY /any'] },
    Open: { api: { corsConfiguration: { allowOrigins: ['*'], allowMethods: ['*'] } }, routes: ['GET /open'] },
    Staged: { routes: ['GET /staged'], stages: [{ stageName: 'prod', stageVariables: { color: 'blue' } }] },
  });
  server = await startServer({ port: 0, assembly, start: NOW, seed: 3 });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Node's own client sends headers as they are given, repeated ones as well. */
function ask(method: string, path: string, headers: Record<string, string | string[]> = {}, body?: string | Buffer): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path: `/api${path}`, headers, agent: false, timeout: 10_000 }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() });
    });
    asked.once('timeout', () => asked.destroy(new Error('No answer')));
    asked.once('error', reject);
    asked.end(body);
  });
}

const answering = (answer: unknown) => `/plain?answer=${encodeURIComponent(JSON.stringify(answer))}`;
const ofCors = ({ headers }: Answer) => Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));
const preflight = (path: string, origin: string, method = 'GET') =>
  ask('OPTIONS', path, { origin, 'access-control-request-method': method });

describe('the event', () => {
  it('has repeated headers and parameters joined by commas, and the cookies apart', async () => {
    const headers = { 'X-Two': ['a', 'b, c'], Cookie: ['one=1; two=2', 'three=3'], 'User-Agent': 'tests' };
    const { text } = await ask('GET', '/plain?a=1&a=2&b=%20x&constructor=y&__proto__=z', headers);
    const event = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(event).toMatchObject({
      rawQueryString: 'a=1&a=2&b=%20x&constructor=y&__proto__=z',
      cookies: ['one=1', 'two=2', 'three=3'],
      queryStringParameters: { a: '1,2', b: ' x', constructor: 'y' },
      headers: { 'x-two': 'a,b, c', 'user-agent': 'tests' },
      requestContext: { http: { method: 'GET', path: '/plain', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'tests' } },
    });
    expect(Object.entries(event.queryStringParameters ?? {})).toContainEqual(['__proto__', 'z']);
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.headers).not.toHaveProperty('connection');
  });

  it('tells the way that the request came, the time in both forms, and the number that the client is told', async () => {
    const { port } = new URL(server.url);
    const { text, headers } = await ask('GET', '/plain', { 'x-forwarded-for': '192.0.2.1' });
    const event = JSON.parse(text) as { headers: Record<string, string>; requestContext: Record<string, unknown> };
    expect(event.headers).toMatchObject({
      'x-forwarded-for': '192.0.2.1, 127.0.0.1',
      'x-forwarded-port': port,
      'x-forwarded-proto': 'http',
      'x-amzn-trace-id': expect.stringMatching(new RegExp(`^Root=1-${(Date.parse(NOW) / 1000).toString(16)}-[0-9a-f]{24}$`)),
    });
    expect(event.requestContext).toMatchObject({
      time: '02/Mar/2026:01:00:00 +0000',
      timeEpoch: Date.parse(NOW),
      stage: '$default',
      requestId: headers['apigw-requestid'],
    });
  });

  it('has the path decoded, and the parameters in it', async () => {
    expect(JSON.parse((await ask('GET', '/plain/a%20b%2Fc')).text)).toMatchObject({
      rawPath: '/plain/a b/c',
      routeKey: 'GET /plain/{name}',
      pathParameters: { name: 'a b/c' },
    });
  });

  it.each([
    ['text', 'application/json', Buffer.from('{"a":"ü"}'), { body: '{"a":"ü"}', isBase64Encoded: false }],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1'), { body: 'YT0x', isBase64Encoded: true }],
    ['bytes', 'image/png', Buffer.from([0xff]), { body: '/w==', isBase64Encoded: true }],
    ['bytes that pass for text', 'application/json', Buffer.from([0x1f, 0x8b]), { body: 'H4s=', isBase64Encoded: true }],
  ])('carries %s', async (_, type, body, expected) => {
    expect(JSON.parse((await ask('POST', '/plain', { 'content-type': type }, body)).text)).toMatchObject(expected);
  });

  it('begins the path with the stage, and tells its variables', async () => {
    expect(JSON.parse((await ask('GET', '/prod/staged')).text)).toMatchObject({
      rawPath: '/prod/staged',
      routeKey: 'GET /staged',
      requestContext: { stage: 'prod', http: { path: '/prod/staged' } },
      stageVariables: { color: 'blue' },
    });
    expect(await ask('GET', '/staged')).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
    expect(await ask('GET', '/prod')).toMatchObject({ status: 404 });
  });
});

describe('the answer', () => {
  it('is what the function says, but for what only the gateway can say', async () => {
    const headers = { 'X-Number': 7, 'content-length': '1000', connection: 'close', 'Transfer-Encoding': 'chunked' };
    const answer = await ask('GET', answering({ statusCode: '201', headers, body: 'whole', cookies: ['a=1; Path=/', 'b=2'] }));
    expect(answer).toMatchObject({
      status: 201,
      text: 'whole',
      headers: { 'x-number': '7', 'set-cookie': ['a=1; Path=/', 'b=2'], 'content-type': 'text/plain;charset=UTF-8', 'content-length': '5' },
    });
  });

  it('is decoded where the function says so', async () => {
    const body = Buffer.from('{"a":1}').toString('base64');
    expect(await ask('GET', answering({ statusCode: 200, body, isBase64Encoded: true }))).toMatchObject({ text: '{"a":1}' });
  });

  it.each([
    ['null', null, 'null'],
    ['a list', [1], '[1]'],
    ['text', 'hello', 'hello'],
    ['a structure without a status', { body: 'x' }, '{"body":"x"}'],
  ])('is made of %s', async (_, given, text) => {
    expect(await ask('GET', answering(given))).toMatchObject({ status: 200, text, headers: { 'content-type': 'application/json' } });
  });

  it.each([
    ['a status below 200', { statusCode: 101 }],
    ['a status that is a flag', { statusCode: true }],
    ['a body that is a structure', { statusCode: 200, body: { a: 1 } }],
    ['headers that are a list', { statusCode: 200, headers: ['a'] }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['b'] } }],
    ['a header’s name that is none', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['a header of two lines', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a cookie of two lines', { statusCode: 200, cookies: ['a=1\nb'] }],
    ['cookies that are no list', { statusCode: 200, cookies: 'a=1' }],
    ['a flag that is text', { statusCode: 200, body: '', isBase64Encoded: 'true' }],
  ])('is an error where the function answers %s', async (_, given) => {
    expect(await ask('GET', answering(given))).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('is an error where the request is larger than ten megabytes', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await ask('POST', answering({ statusCode: 200 }), headers, Buffer.alloc(10 * 1024 * 1024, 'a'))).status).not.toBe(413);
    expect(await ask('POST', '/plain', headers, Buffer.alloc(10 * 1024 * 1024 + 1, 'a'))).toMatchObject({
      status: 413,
      text: '{"message":"Request Entity Too Large"}',
    });
  });
});

describe('a browser of another origin', () => {
  it('is told by the gateway what it may ask, whatever the routes are', async () => {
    const before = server.cloud.counters().functions;
    const answer = await preflight('/shared', ORIGIN, 'GET');
    expect(answer.status).toBe(204);
    expect(ofCors(answer)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': '300',
    });
    expect(server.cloud.counters().functions).toEqual(before);
  });

  it('is told with the answer what it may read, in the place of the function', async () => {
    const said = {
      statusCode: 200,
      headers: { 'Access-Control-Allow-Origin': '*', 'access-control-allow-methods': 'PUT', 'x-total': '1' },
    };
    const path = `/shared?answer=${encodeURIComponent(JSON.stringify(said))}`;
    const answer = await ask('GET', path, { origin: ORIGIN });
    expect(ofCors(answer)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total',
    });
    expect(answer.headers['x-total']).toBe('1');
    expect(ofCors(await ask('GET', path))).toEqual({});
  });

  it('learns nothing where its origin is not allowed', async () => {
    for (const origin of ['https://evil.example', `${ORIGIN}.evil.example`, 'http://www.example.com', 'null']) {
      expect(ofCors(await preflight('/shared', origin))).toEqual({});
      expect(ofCors(await ask('GET', '/shared', { origin }))).toEqual({});
    }
  });

  it('is allowed as any other where all origins are', async () => {
    expect(ofCors(await preflight('/open', 'https://anybody.example'))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': '*',
    });
  });

  it('is answered by the route where one takes the method, as where no API says anything', async () => {
    expect(JSON.parse((await preflight('/any', ORIGIN)).text)).toMatchObject({ routeKey: 'ANY /any' });
    expect(ofCors(await preflight('/any', ORIGIN))).toMatchObject({ 'access-control-allow-origin': ORIGIN });
    expect(JSON.parse((await preflight('/own', ORIGIN)).text)).toMatchObject({ routeKey: 'OPTIONS /own' });
    expect((await ask('OPTIONS', '/shared', { origin: ORIGIN })).status).toBe(404);
    expect((await ask('OPTIONS', '/shared', { 'access-control-request-method': 'GET' })).status).toBe(404);
  });

  it.each([
    [{ ...CORS, allowOrigins: ['*'] }, /AllowCredentials cannot be true where AllowOrigins has \*/],
    [{ allowOrigins: ['https://*.example.com'] }, /AllowOrigins: https:\/\/\*\.example\.com is no origin/],
    [{ allowOrigins: ['*'], maxAge: 90_000 }, /MaxAge must be -1 to 86400/],
  ])('finds no API that says what no gateway takes: %j', async (corsConfiguration, message) => {
    const assembly = app({ Odd: { api: { corsConfiguration }, routes: ['GET /'] } });
    await expect(startCloud({ assembly, start: NOW })).rejects.toThrow(message);
  });
});
