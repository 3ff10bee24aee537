import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { isLoopbackName } from '../../../local/server/guard.ts';
import { consoleApp, START, type Visitor, visitorOf } from './console-app.ts';

let cloud: Cloud;
let visitor: Visitor;
beforeAll(async () => {
  cloud = await startCloud({ assembly: consoleApp(), start: START });
  visitor = visitorOf(cloud);
});
afterAll(() => cloud.close());

describe('only this machine’s own pages are let in', () => {
  it.each([
    ['localhost', true],
    ['localhost:4566', true],
    ['127.0.0.1:4566', true],
    ['[::1]:4566', true],
    ['bucket.localhost:4566', true],
    ['LOCALHOST', true],
    ['bank.example', false],
    ['localhost.bank.example', false],
    ['127.0.0.1.bank.example:4566', false],
    ['0.0.0.0', false],
    ['localhost:4566@bank.example', false],
    ['', false],
  ])('a request to %j is answered: %s', async (host, answered) => {
    expect(isLoopbackName(host)).toBe(answered);
    if (host === '') return;
    for (const path of ['/', '/console/executions', '/_local/outbox'])
      expect((await visitor.get(path, { host })).status).toBe(answered ? 200 : 403);
  });

  it.each([
    [{}, 303],
    [{ 'sec-fetch-site': 'same-origin' }, 303],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: 'http://bank.example' }, 403],
    [{ origin: 'http://localhost:9999' }, 403],
    [{ origin: 'https://localhost:4566' }, 403],
    [{ origin: 'null' }, 403],
  ])('a form with %j is answered by %s', async (headers, status) => {
    expect((await visitor.post('/console/clock', { move: 'quiet' }, headers)).status).toBe(status);
  });

  it('pages of other origins do not move the clock, empty the rules or read what left', async () => {
    const before = cloud.now();
    expect((await visitor.post('/_local/clock', {}, { origin: 'http://bank.example' })).status).toBe(403);
    expect((await visitor.post('/console/clock', { move: 'P1D' }, { origin: 'http://bank.example' })).status).toBe(403);
    expect(cloud.now()).toBe(before);
  });

  it('other clients of the cloud are asked for nothing', async () => {
    const answer = await visitor.post(
      '/',
      {},
      { host: 'aws.example', 'x-amz-target': 'AWSEvents.ListRules', 'content-type': 'application/x-amz-json-1.1' },
    );
    expect(answer.status).not.toBe(403);
  });

  it('a form leads back into the console and nowhere else', async () => {
    const back = async (to: string) => (await visitor.post('/console/clock', { move: 'quiet', back: to })).headers.get('location');
    expect(await back('/console/inbox?text=a+b')).toBe('/console/inbox?text=a+b');
    for (const to of ['https://bank.example', '//bank.example', '/\\bank.example', '/console/\\x', 'javascript:alert(1)', '/_local/outbox'])
      expect(await back(to)).toBe('/');
  });
});
