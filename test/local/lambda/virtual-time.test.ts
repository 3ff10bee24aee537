import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { functionCloud, invoke, peek } from './function-cloud.ts';

const SLEEP = 'const sleep = (ms) => new Promise((done) => setTimeout(done, ms));';
const SEND = `const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs'); const sqs = new SQSClient({});
  const send = (MessageBody) => sqs.send(new SendMessageCommand({ QueueUrl: 'out', MessageBody }));`;
const withQueue = { more: (stack: ConstructorParameters<typeof Queue>[0]) => void new Queue(stack, 'Out', { queueName: 'out' }) };

let cloud: Cloud;
afterEach(() => cloud.close());

async function sent(): Promise<string[]> {
  const { Messages = [] } = await cloud.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', {
    QueueUrl: 'out',
    MaxNumberOfMessages: 10,
  });
  return Messages.map(({ Body }) => Body);
}

describe('a function that sleeps', () => {
  it('waits until the clock has moved so far, and no further', async () => {
    cloud = await functionCloud(
      { f: `${SLEEP} exports.handler = async () => { const from = Date.now(); await sleep(2500); return Date.now() - from; };` },
      { timeout: 10 },
    );
    const answer = invoke(cloud, 'f');
    await cloud.settle();
    expect(await peek(answer)).toBeUndefined();
    await cloud.advance(2499);
    expect(await peek(answer)).toBeUndefined();
    await cloud.advance(1);
    expect((await answer).value).toBe(2500);
  });

  it('lets others have their turn without any time', async () => {
    cloud = await functionCloud({
      f: `${SLEEP} exports.handler = async () => { const seen = []; setImmediate(() => seen.push('immediate')); await sleep(0); await sleep();
        await new Promise(setImmediate); return [seen, Date.now()]; };`,
    });
    expect((await invoke(cloud, 'f')).value).toEqual([['immediate'], Date.parse('2026-03-02T01:00:00Z')]);
  });

  it('has all of Node’s timers on the cloud’s clock', async () => {
    cloud = await functionCloud(
      {
        f: `const timers = require('node:timers'); const promises = require('node:timers/promises'); const { promisify } = require('node:util');
        const { performance: own } = require('node:perf_hooks');
        exports.handler = async () => {
          const log = []; const from = [performance.now(), own.now(), process.hrtime.bigint(), process.uptime()];
          const note = (what) => log.push(what + ' ' + (performance.now() - from[0]));
          const cleared = setTimeout(() => note('never'), 10); clearTimeout(cleared);
          const byNumber = setTimeout(() => note('never'), 10); clearTimeout(+byNumber);
          let ticks = 0; const interval = setInterval((word) => { note(word); ticks += 1; if (ticks === 3) clearInterval(interval); }, 100, 'tick');
          timers.setTimeout(() => note('module'), 150);
          const fresh = setTimeout(() => note('refreshed'), 200); setTimeout(() => fresh.refresh(), 120);
          const signal = AbortSignal.timeout(400); signal.addEventListener('abort', () => note(signal.reason.name));
          note(await promises.setTimeout(210, 'promised')); await promises.scheduler.wait(20); note('scheduler');
          note(await promisify(setTimeout)(30, 'promisified'));
          let rounds = 0; for await (const value of promises.setInterval(50, 'round')) { note(value); rounds += 1; if (rounds === 2) break; }
          await promises.setTimeout(1000, null, { signal: AbortSignal.timeout(5) }).catch((error) => note(error.name + ' ' + error.cause.name));
          await new Promise((done) => setTimeout(done, 100));
          return [log, own.now() - from[1], Number(process.hrtime.bigint() - from[2]), process.uptime() - from[3], signal instanceof AbortSignal];
        };`,
      },
      { timeout: 10 },
    );
    const answer = invoke(cloud, 'f');
    await cloud.advance('PT10S');
    const [log, own, hrtime, uptime, isSignal] = (await answer).value as [string[], number, number, number, boolean];
    expect(log).toEqual([
      'tick 100',
      'module 150',
      'tick 200',
      'promised 210',
      'scheduler 230',
      'promisified 260',
      'tick 300',
      'round 310',
      'refreshed 320',
      'round 360',
      'AbortError TimeoutError 365',
      'TimeoutError 400',
    ]);
    expect([own, hrtime, isSignal]).toEqual([465, 465e6, true]);
    expect(uptime).toBeCloseTo(0.465);
  });

  it('fires the timers of one instant, its own and those of services, in the order in which they were set', async () => {
    cloud = await functionCloud(
      {
        f: `${SLEEP} ${SEND} exports.handler = async () => {
          await sqs.send(new SendMessageCommand({ QueueUrl: 'out', MessageBody: 'a', DelaySeconds: 2 }));
          await sleep(2000); console.log('f'); };`,
      },
      withQueue,
    );
    const order: string[] = [];
    const timers = () => cloud.kernel.timers(10).map(({ service, key }) => `${service} ${key}`);
    const answer = invoke(cloud, 'f');
    await cloud.settle();
    order.push(...timers());
    await cloud.advance('PT5S');
    await answer;
    expect(order).toEqual(['lambda timer:f', 'lambda timeout:f']);
    expect(timers()).toEqual([]);
  });

  it('takes no room from others: twenty sleep, and the rest goes on', async () => {
    cloud = await functionCloud(
      {
        f: `${SLEEP} ${SEND} exports.handler = async ({ n }) => { await sleep(n * 1000); await send('f' + n); };`,
        g: `${SEND} exports.handler = async () => { await send('g'); };`,
      },
      { timeout: 60, ...withQueue },
    );
    const event = (FunctionName: string, n: number) =>
      cloud.call('lambda', 'Invoke', { FunctionName, InvocationType: 'Event', Payload: JSON.stringify({ n }) });
    for (let n = 1; n <= 20; n += 1) await event('f', n);
    await event('g', 0);
    await cloud.settle();
    expect(await sent()).toEqual(['g']);
    await cloud.advance('PT3S');
    expect(await sent()).toEqual(['f1', 'f2', 'f3']);
  });

  it('comes to the same for the same seed', async () => {
    const histories: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      cloud = await functionCloud(
        {
          f: `${SLEEP} ${SEND} exports.handler = async ({ n }) => { for (let i = 0; i < 5; i += 1) { await sleep(1 + Math.random() * 300);
            await send(n + ' ' + i + ' ' + crypto.randomUUID()); } };`,
        },
        withQueue,
      );
      for (let n = 0; n < 12; n += 1)
        await cloud.call('lambda', 'Invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: JSON.stringify({ n }) });
      await cloud.advance('PT10S');
      const all: string[] = [];
      for (let batch = await sent(); batch.length > 0; batch = await sent()) all.push(...batch);
      histories.push(all);
      if (round === 0) await cloud.close();
    }
    expect(histories[0]).toHaveLength(60);
    expect(histories[1]).toEqual(histories[0]);
  });

  it('stands still between two runs, and what fell due fires in the next', async () => {
    cloud = await functionCloud({
      f: `${SLEEP} let ticks = 0; setInterval(() => { ticks += 1; }, 1000); exports.handler = async ({ ms }) => { await sleep(ms); return ticks; };`,
    });
    expect((await invoke(cloud, 'f', { ms: 0 })).value).toBe(0);
    const { fired } = await cloud.advance('PT1H');
    expect(fired).toBe(0);
    const answer = invoke(cloud, 'f', { ms: 1500 });
    await cloud.advance('PT1H');
    expect((await answer).value).toBe(2);
  });
});

describe('the time-out of a function', () => {
  it('ends the run at its instant with Lambda’s own error, and nothing of it has an effect any more', async () => {
    cloud = await functionCloud(
      {
        f: `${SLEEP} ${SEND} let runs = 0; exports.handler = async ({ ms }) => { runs += 1; await sleep(ms); await send('sent ' + ms); return runs; };`,
      },
      { timeout: 3, ...withQueue },
    );
    expect((await invoke(cloud, 'f', { ms: 0 })).value).toBe(1);
    const answer = invoke(cloud, 'f', { ms: 3500 });
    await cloud.advance(2999);
    expect(await peek(answer)).toBeUndefined();
    await cloud.advance(1);
    expect(await answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect((await answer).value).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 3\.00 seconds$/),
    });
    expect(cloud.services.lambda.logs('f').at(-1)?.text).toMatch(
      /^2026-03-02T01:00:03\.000Z [0-9a-f-]{36} Task timed out after 3\.00 seconds$/,
    );
    await cloud.advance('PT1M');
    expect(await sent()).toEqual(['sent 0']);
    expect((await invoke(cloud, 'f', { ms: 0 })).value).toBe(1);
  });

  it('does not end what runs beside it in the same instance', async () => {
    cloud = await functionCloud(
      { f: `${SLEEP} ${SEND} exports.handler = async ({ ms }) => { await sleep(ms); await send(String(ms)); return ms; };` },
      { timeout: 3, ...withQueue },
    );
    const late = invoke(cloud, 'f', { ms: 9000 });
    await cloud.advance('PT1S');
    const inTime = invoke(cloud, 'f', { ms: 2500 });
    await cloud.advance('PT1M');
    expect((await late).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect((await inTime).value).toBe(2500);
    expect(await sent()).toEqual(['2500']);
  });

  it('comes at once in real time where the clock is real', async () => {
    cloud = await functionCloud({ f: `${SLEEP} exports.handler = async () => { await sleep(60000); };` }, { timeout: 1, clock: 'real' });
    expect((await invoke(cloud, 'f')).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  it('lets a function sleep in real time where the clock is real', async () => {
    cloud = await functionCloud({ f: `${SLEEP} exports.handler = async () => { await sleep(20); return 1; };` }, { clock: 'real' });
    expect((await invoke(cloud, 'f')).value).toBe(1);
  });

  it.each([
    ['an async handler', Runtime.NODEJS_22_X, 'exports.handler = async () => new Promise(() => {})', 'Runtime.NodeJsExit'],
    ['another that answers a promise', Runtime.NODEJS_22_X, 'exports.handler = () => new Promise(() => {})', null],
    ['one that never calls back', Runtime.NODEJS_22_X, 'exports.handler = (event, context, done) => {}', null],
    ['any of Node.js 24', Runtime.NODEJS_24_X, 'exports.handler = () => new Promise(() => {})', 'Runtime.NodeJsExit'],
  ])('is not waited for by %s that waits for nothing at all', async (_, runtime, source, expected) => {
    cloud = await functionCloud({ f: source }, { runtime });
    const { value, FunctionError } = await invoke(cloud, 'f');
    if (expected === null) expect([value, FunctionError]).toEqual([null, undefined]);
    else expect(value).toEqual({ errorType: expected, errorMessage: expect.stringContaining('a Promise that was never settled') });
  });

  it('ends a callback’s run whose timers never end', async () => {
    cloud = await functionCloud({
      f: `setInterval(() => {}, 1000); exports.handler = (event, context, done) => { context.callbackWaitsForEmptyEventLoop = event.waits; done(null, 'done'); };`,
    });
    expect((await invoke(cloud, 'f', { waits: false })).value).toBe('done');
    const answer = invoke(cloud, 'f', { waits: true });
    await cloud.advance('PT10S');
    expect((await answer).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  it('answers what a callback said once the timers of the run are over', async () => {
    cloud = await functionCloud({
      f: `exports.handler = (event, context, done) => { let n = 1; setTimeout(() => { n = 2; console.log(n); }, 500); done(null, { get n() { return n; } }); };`,
    });
    const answer = invoke(cloud, 'f');
    await cloud.settle();
    expect(await peek(answer)).toBeUndefined();
    await cloud.advance(500);
    expect((await answer).value).toEqual({ n: 1 });
    expect(cloud.services.lambda.logs('f').map(({ text }) => text)).toEqual(['2']);
  });
});

describe('a function that works outside the process', () => {
  let server: Server;
  afterEach(() => server?.close());

  it('keeps the clock still meanwhile, also where it set a time-out', async () => {
    server = createServer((_, response) => setTimeout(() => response.end('slow'), 50)).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    cloud = await functionCloud({
      fetching: `exports.handler = async ({ url }) => { const from = Date.now(); const answer = await fetch(url, { signal: AbortSignal.timeout(1000) });
        return [await answer.text(), Date.now() - from]; };`,
      http: `const { get } = require('node:http'); exports.handler = async ({ url }) => { const from = Date.now();
        const text = await new Promise((done, failed) => { const late = setTimeout(failed, 1000, new Error('late'));
          get(url, (answer) => { let text = ''; answer.on('data', (part) => { text += part; }).on('end', () => { clearTimeout(late); done(text); }); }); });
        return [text, Date.now() - from]; };`,
      pool: `const { scrypt } = require('node:crypto'); const { gzip } = require('node:zlib'); const { readFile } = require('node:fs/promises'); const { promisify } = require('node:util');
        exports.handler = async () => { const from = Date.now(); const late = new Promise((_, no) => setTimeout(no, 1000, new Error('late')));
          const work = (async () => { await crypto.subtle.digest('SHA-256', new Uint8Array(8)); await promisify(scrypt)('a', 'b', 16); await promisify(gzip)('text');
            await readFile('/dev/null'); return 'done'; })();
          return [await Promise.race([work, late]), Date.now() - from]; };`,
    });
    const answers = [invoke(cloud, 'fetching', { url }), invoke(cloud, 'http', { url }), invoke(cloud, 'pool')];
    await cloud.advance('PT1H');
    expect((await Promise.all(answers)).map(({ value }) => value)).toEqual([
      ['slow', 0],
      ['slow', 0],
      ['done', 0],
    ]);
  });

  it('is given up after so much real time', async () => {
    server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    cloud = await functionCloud({ f: `exports.handler = async ({ url }) => { await fetch(url); };` }, { watchdogMilliseconds: 50 });
    expect((await invoke(cloud, 'f', { url })).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
    server.closeAllConnections();
  });

  it('is given up where it goes round without letting time pass', async () => {
    cloud = await functionCloud(
      { f: `exports.handler = async () => { for (;;) await new Promise((done) => setImmediate(done)); };` },
      { watchdogMilliseconds: 50 },
    );
    expect((await invoke(cloud, 'f')).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });
});

describe('a run under way', () => {
  it('is cut off in a snapshot, as by the end of the process, and ends for whoever waits for it when the cloud goes back', async () => {
    cloud = await functionCloud(
      { f: `${SLEEP} ${SEND} exports.handler = async () => { await send('begun'); await sleep(2000); await send('ended'); };` },
      withQueue,
    );
    await cloud.call('lambda', 'Invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: '{}' });
    await cloud.settle();
    const waiting = invoke(cloud, 'f').catch((error: { code: string }) => error.code);
    await cloud.settle();
    const snapshot = await cloud.snapshot();
    await cloud.advance('PT1S');
    await cloud.restore(snapshot);
    expect(await waiting).toBe('SdkClientException');
    await cloud.advance('PT10S');
    // The event is of the cloud, and is run again; the client's call is not.
    expect((await sent()).sort()).toEqual(['begun', 'begun', 'begun', 'ended']);
  });

  it('does not keep the cloud from ending', async () => {
    cloud = await functionCloud({ f: `${SLEEP} exports.handler = async () => { await sleep(2000); };` });
    const lost = expect(invoke(cloud, 'f')).rejects.toMatchObject({ code: 'SdkClientException' });
    await cloud.close();
    await lost;
    cloud = await startCloudAgain();
  });
});

/** What the hook after each test ends. */
function startCloudAgain(): Promise<Cloud> {
  return functionCloud({ f: 'exports.handler = async () => 1' });
}
