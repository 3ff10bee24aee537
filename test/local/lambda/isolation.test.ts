import { afterEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { functionCloud, invoke } from './function-cloud.ts';

const GOOD = `exports.handler = async () => [typeof [].left, typeof globalThis.left, JSON.stringify({ a: 1 }), Object.keys({}).length, typeof require('node:path').left];`;
const UNTOUCHED = ['undefined', 'undefined', '{"a":1}', 0, 'undefined'];

let cloud: Cloud;
afterEach(() => cloud.close());

describe('what functions share', () => {
  it.each([
    ['a prototype, when it is loaded', `Array.prototype.left = 1; exports.handler = async () => 1`, 'changed left of Array.prototype'],
    [
      'a prototype, in its first run',
      `exports.handler = async () => { await 1; Object.prototype.left = 1; }`,
      'changed left of Object.prototype',
    ],
    ['one of JavaScript’s own functions', `JSON.stringify = () => 'mine'; exports.handler = async () => 1`, 'changed stringify of JSON'],
    ['a method that it takes away', `delete Map.prototype.get; exports.handler = async () => 1`, 'changed get of Map.prototype'],
    [
      'a getter',
      `Object.defineProperty(Map.prototype, 'size', { get: () => 7 }); exports.handler = async () => 1`,
      'changed size of Map.prototype',
    ],
    ['a name that it never declared', `left = 1; exports.handler = async () => left`, 'assigned to left, which it never declared'],
    [
      'a name that it never declared, in its first run',
      `exports.handler = async () => { left = 1; return left }`,
      'assigned to left, which it never declared',
    ],
    ['a module of Node’s', `require('node:path').left = 1; exports.handler = async () => 1`, 'changed left of the module path'],
  ])('a function that changes %s is refused by name, each time, and what it did is undone', async (_, f, problem) => {
    cloud = await functionCloud({ f, good: GOOD });
    for (let round = 0; round < 2; round += 1) {
      expect(await invoke(cloud, 'f')).toMatchObject({
        FunctionError: 'Unhandled',
        value: { errorType: 'UnsupportedError', errorMessage: expect.stringMatching(new RegExp(`^(lambda:)?f ${problem}`)) },
      });
      expect((await invoke(cloud, 'good')).value).toEqual(UNTOUCHED);
    }
  });

  it('is not what a module declares for itself, whatever it calls it', async () => {
    cloud = await functionCloud({
      f: `#!/usr/bin/env node
        const crypto = require('crypto'); const { performance } = require('perf_hooks'); const fetch = 1; var process = { mine: true }; let setTimeout = 2;
        globalThis.left = 3; Reflect.metadata = 4; Error.stackTraceLimit = 50; Error.prepareStackTrace = undefined;
        exports.handler = async () => [crypto.createHash('md5').update('x').digest('hex').length, typeof performance.now(), fetch, process.mine, setTimeout, left(), Reflect.metadata, Reflect.ownKeys({ a: 1 })];
        function left() { return globalThis.left + (this === undefined ? 0 : 0); }`,
    });
    const limit = Error.stackTraceLimit;
    expect((await invoke(cloud, 'f')).value).toEqual([32, 'number', 1, true, 2, 3, 4, ['a']]);
    expect([Error.stackTraceLimit, Reflect]).toEqual([limit, expect.not.objectContaining({ metadata: 4 })]);
  });

  it('keeps lines and columns of errors what they are in the file', async () => {
    cloud = await functionCloud({ f: `exports.handler = async () => { throw new Error('here'); };\n` });
    const { value } = await invoke(cloud, 'f');
    expect((value as { trace: string[] }).trace[1]).toMatch(/index\.js:1:39/);
  });
});

describe('an error that nobody caught', () => {
  it.each([
    ['in a timer', `setTimeout(() => { throw new RangeError('no') }, 10)`, 'RangeError', 'no'],
    ['in an immediate', `setImmediate(() => { throw new RangeError('no') })`, 'RangeError', 'no'],
    [
      'as the end of the process in a timer',
      `setTimeout(() => process.exit(2), 10)`,
      'Runtime.ExitError',
      'Runtime exited with error: exit status 2',
    ],
  ])('%s ends the run and its instance, and not the cloud', async (_, code, errorType, message) => {
    cloud = await functionCloud({
      f: `let runs = 0; exports.handler = async ({ fail }) => { runs += 1; if (fail) { ${code}; await new Promise((done) => setTimeout(done, 1000)); } return runs; };`,
    });
    expect((await invoke(cloud, 'f')).value).toBe(1);
    const failed = invoke(cloud, 'f', { fail: true });
    await cloud.advance('PT1M');
    expect((await failed).value).toMatchObject({ errorType, errorMessage: expect.stringContaining(message) });
    expect((await invoke(cloud, 'f')).value).toBe(1);
    expect(cloud.kernel.failures()).toEqual([]);
  });

  it.each([
    ['unhandledRejection', 'a rejection', `Promise.reject(new Error('nobody'))`, 'Runtime.UnhandledPromiseRejection', 'Error: nobody'],
    [
      'uncaughtException',
      'in a callback of Node’s',
      `require('node:fs').readFile('/dev/null', () => { throw new Error('nobody') })`,
      'Error',
      'nobody',
    ],
  ] as const)('%s: %s ends the run and its instance, and not the cloud', async (event, _, code, errorType, errorMessage) => {
    // Prepare: the test runner would take it for one of its own.
    const listeners = process.listeners(event as 'uncaughtException').filter((listener) => !/scopes/.test(String(listener)));
    for (const listener of listeners) process.off(event, listener);
    try {
      cloud = await functionCloud({
        f: `let runs = 0; exports.handler = async ({ fail }) => { runs += 1; if (fail) { ${code}; await new Promise((done) => setTimeout(done, 1000)); } return runs; };`,
      });
      expect((await invoke(cloud, 'f')).value).toBe(1);
      // Act
      const failed = invoke(cloud, 'f', { fail: true });
      await cloud.advance('PT1M');
      // Assess
      expect((await failed).value).toMatchObject({ errorType, errorMessage });
      expect(cloud.services.lambda.logs('f').at(-1)?.text).toContain('nobody');
      expect((await invoke(cloud, 'f')).value).toBe(1);
    } finally {
      for (const listener of listeners) process.on(event, listener);
    }
  });
});
