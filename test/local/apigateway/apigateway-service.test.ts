import { beforeEach, describe, expect, it } from 'vitest';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import { ApiGatewayService } from '../../../local/services/apigateway/apigateway-service.ts';

const NOW = Date.parse('2026-03-02T01:00:00Z');

let kernel: Kernel;
let events: JsonObject[];
let answer: unknown;
beforeEach(() => {
  kernel = new Kernel({ store: new Store(), clock: 'virtual', start: NOW });
  events = [];
  answer = { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: '{"ok":true}' };
  kernel.register({
    name: 'lambda',
    call: (_, input) => {
      events.push(JSON.parse(String(input.Payload)) as JsonObject);
      return answer instanceof Error ? { Payload: '{}', FunctionError: 'Unhandled' } : { Payload: JSON.stringify(answer) };
    },
  });
});

function gateway(): ApiGatewayService {
  const service = new ApiGatewayService(kernel);
  service.createApi('iam', 'systems');
  service.createApi('jwt', 'people');
  for (const key of ['GET /tasks', 'GET /tasks/{taskId}', 'GET /tasks/next', 'POST /tasks/{taskId}/claim', 'ANY /files/{path+}']) {
    service.addRoute('jwt', key, { functionName: 'f', authorizer: { type: 'JWT', issuer: 'https://issuer.example' } });
    service.addRoute('iam', key, { functionName: 'f', authorizer: { type: 'AWS_IAM' } });
  }
  return service;
}

describe('the HTTP API', () => {
  it.each([
    { method: 'GET', path: '/tasks', routeKey: 'GET /tasks' },
    { method: 'GET', path: '/tasks/', routeKey: 'GET /tasks' },
    { method: 'GET', path: '/tasks/next', routeKey: 'GET /tasks/next' },
    { method: 'GET', path: '/tasks/t%201', routeKey: 'GET /tasks/{taskId}', parameters: { taskId: 't 1' } },
    { method: 'POST', path: '/tasks/t1/claim', routeKey: 'POST /tasks/{taskId}/claim', parameters: { taskId: 't1' } },
    { method: 'PUT', path: '/files/a/b', routeKey: 'ANY /files/{path+}', parameters: { path: 'a/b' } },
  ])('takes $method $path to $routeKey', async ({ method, path, routeKey, parameters }) => {
    const response = await gateway().handle({
      method,
      path,
      query: 'a=1&a=2&b=%20',
      headers: { cookie: 'x=1; y=2', host: 'h' },
      body: '{}',
    });
    expect(response).toMatchObject({ status: 200, body: '{"ok":true}', headers: { 'content-type': 'application/json' } });
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey,
      rawPath: decodeURIComponent(path),
      queryStringParameters: { a: '1,2', b: ' ' },
      cookies: ['x=1', 'y=2'],
      requestContext: { apiId: 'iam', http: { method }, timeEpoch: NOW },
      body: '{}',
    });
    expect(events[0]?.pathParameters).toEqual(parameters);
    expect(events[0]?.requestContext).not.toHaveProperty('authorizer');
  });

  it.each([
    { description: 'no route', request: { method: 'DELETE', path: '/tasks' } },
    { description: 'a longer path', request: { method: 'GET', path: '/tasks/t1/other' } },
  ])('answers 404 where there is $description', async ({ request }) => {
    expect(await gateway().handle(request)).toMatchObject({ status: 404, body: '{"message":"Not Found"}' });
  });

  it.each([
    {
      description: 'any JSON',
      given: { a: 1 },
      expected: { status: 200, body: '{"a":1}', headers: { 'content-type': 'application/json' } },
    },
    { description: 'text', given: 'hello', expected: { status: 200, body: 'hello' } },
    { description: 'no body', given: { statusCode: 204 }, expected: { status: 204, body: '' } },
    { description: 'a status that is none', given: { statusCode: 'much' }, expected: { status: 500 } },
    { description: 'an error', given: new Error('x'), expected: { status: 500, body: '{"message":"Internal Server Error"}' } },
  ])('makes a response of $description', async ({ given, expected }) => {
    answer = given;
    expect(await gateway().handle({ method: 'GET', path: '/tasks' })).toMatchObject(expected);
  });

  it.each([
    { description: 'as long as it may', seconds: 30, expected: 200 },
    { description: 'longer than any may', seconds: 31, expected: 503 },
    { description: 'longer than its integration allows', seconds: 6, timeoutMilliseconds: 5_000, expected: 503 },
  ])('gives up a function that takes $description', async ({ seconds, timeoutMilliseconds, expected }) => {
    kernel.register({
      name: 'lambda',
      call: () =>
        new Promise((answered) => {
          kernel.remind(kernel.now() + seconds * 1000, 'lambda sleep', () => answered({ Payload: '{"statusCode":200}' }));
        }),
    });
    const service = gateway();
    service.addRoute('iam', 'GET /slow', {
      functionName: 'f',
      authorizer: { type: 'NONE' },
      ...(timeoutMilliseconds !== undefined && { timeoutMilliseconds }),
    });
    const response = service.handle({ method: 'GET', path: '/slow' });
    await kernel.advance(60_000);
    expect(await response).toMatchObject({ status: expected });
  });
});
