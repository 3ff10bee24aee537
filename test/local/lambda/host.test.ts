import { Stack } from 'aws-cdk-lib';
import { CfnEventInvokeConfig, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cloud, type CloudOptions, startCloud } from '../../../local/cloud.ts';
import { bundle, synthesize } from '../cloud/sample-app.ts';

interface Answer {
  readonly StatusCode: number;
  readonly Payload?: string;
  readonly FunctionError?: string;
}

describe('the Lambda host', () => {
  let cloud: Cloud;
  afterEach(() => cloud.close());

  /** A cloud with one function `f`; `file` names its bundle's file. */
  async function host(
    source: string,
    options: { file?: string; more?: (stack: Stack, fn: LambdaFunction) => void } & Partial<CloudOptions> = {},
  ): Promise<void> {
    const { file, more, ...cloudOptions } = options;
    const assembly = synthesize((app, directory) => {
      const stack = new Stack(app, 'App');
      const fn = new LambdaFunction(stack, 'F', {
        functionName: 'f',
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: bundle(directory, 'f', source, file),
        environment: { GREETING: 'hello' },
      });
      more?.(stack, fn);
    });
    cloud = await startCloud({ assembly, start: '2026-03-02T01:00:00Z', seed: 3, ...cloudOptions });
  }

  async function invoke(payload: unknown = {}): Promise<Answer & { value: unknown }> {
    const answer = await cloud.call<Answer>('lambda', 'Invoke', { FunctionName: 'f', Payload: JSON.stringify(payload) });
    return { ...answer, value: JSON.parse(answer.Payload ?? 'null') };
  }

  it('gives a function its own environment and the cloud’s clock', async () => {
    await host(`exports.handler = async (event, context) => ({
      env: process.env.GREETING, path: process.env.PATH ?? null, region: process.env.AWS_REGION, name: context.functionName,
      now: new Date().toISOString(), millis: Date.now(), global: new globalThis.Date().toISOString(), given: new Date(0).toISOString(),
      isDate: new Date() instanceof Date, parsed: Date.parse('1970-01-01'), text: typeof Date(), left: context.getRemainingTimeInMillis() })`);
    await cloud.advance('P1D');
    const now = '2026-03-03T01:00:00.000Z';
    expect((await invoke()).value).toEqual({
      env: 'hello',
      path: null,
      region: 'us-east-1',
      name: 'f',
      now,
      millis: Date.parse(now),
      global: now,
      given: '1970-01-01T00:00:00.000Z',
      isDate: true,
      parsed: 0,
      text: 'string',
      left: 3000,
    });
  });

  it('draws randomness from the seed', async () => {
    const source = `const { randomUUID } = require('node:crypto');
      exports.handler = async () => [randomUUID(), crypto.randomUUID(), Math.random(), Math.max(1, 2), [...crypto.getRandomValues(new Uint8Array(4))].length]`;
    const runs = [];
    for (let round = 0; round < 2; round += 1) {
      await host(source);
      runs.push((await invoke()).value);
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.any(String), expect.any(Number), 2, 4]);
  });

  it('draws bytes and numbers of node:crypto from the seed too, within their bounds', async () => {
    const source = `const { randomBytes, randomInt, randomFillSync, webcrypto, createHash } = require('node:crypto');
      exports.handler = async () => {
        const later = await new Promise((resolve, reject) => randomBytes(3, (error, bytes) => (error ? reject(error) : resolve(bytes))));
        const filled = randomFillSync(Buffer.alloc(4), 2);
        const dice = Array.from({ length: 200 }, () => randomInt(1, 7));
        return [randomBytes(16).toString('hex'), later.toString('hex'), filled.toString('hex'), dice, randomInt(3) < 3, webcrypto.randomUUID(),
          createHash('md5').update('x').digest('hex')];
      };`;
    const runs = [];
    for (let round = 0; round < 2; round += 1) {
      await host(source);
      runs.push((await invoke()).value as unknown[]);
    }
    expect(runs[0]).toEqual(runs[1]);
    const [bytes, later, filled, dice] = runs[0] ?? [];
    expect([bytes, later, filled]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{6}$/),
      expect.stringMatching(/^0000[0-9a-f]{4}$/),
    ]);
    expect([...new Set(dice as number[])].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('runs an ECMAScript module', async () => {
    await host(
      `import { basename } from 'node:path'; import { SNSClient } from '@aws-sdk/client-sns';
       export const handler = async () => [basename('/a/b'), new SNSClient({}) instanceof SNSClient];`,
      { file: 'index.mjs' },
    );
    expect((await invoke()).value).toEqual(['b', true]);
  });

  it('joins the SDK to this cloud however it is loaded', async () => {
    await host(`exports.handler = async () => {
      const { SNSClient, PublishCommand } = await import('@aws-sdk/client-sns');
      await new SNSClient({ region: 'eu-west-1', endpoint: 'https://example.com' }).send(new PublishCommand({ PhoneNumber: '+8613800138000', Message: 'x' }));
    }`);
    expect(await invoke()).not.toHaveProperty('FunctionError');
    expect(cloud.outbox()).toMatchObject([{ body: 'x' }]);
  });

  it('keeps what a function wrote, and drops old lines', async () => {
    await host(
      `exports.handler = async ({ count }) => { for (let i = 0; i < count; i += 1) console.log('line %d', i); process.stderr.write('end'); }`,
    );
    await invoke({ count: 1000 });
    const lines = cloud.services.lambda.logs('f').map((line) => line.text);
    expect(lines).toHaveLength(200);
    expect(lines.slice(-2)).toEqual(['line 999', 'end']);
  });

  it.each([
    {
      description: 'an error',
      source: `class TooLate extends Error { name = 'TooLate' } exports.handler = async () => { throw new TooLate('no') }`,
      expected: { errorType: 'TooLate', errorMessage: 'no' },
    },
    {
      description: 'no error object',
      source: `exports.handler = async () => { throw 'no' }`,
      expected: { errorType: 'string', errorMessage: 'no', trace: [] },
    },
    {
      description: 'an error before any await',
      source: `exports.handler = () => { throw new RangeError('early') }`,
      expected: { errorType: 'RangeError' },
    },
    {
      description: 'a callback with an error',
      source: `exports.handler = (event, context, done) => { done(new Error('late')) }`,
      expected: { errorMessage: 'late' },
    },
    { description: 'a module that is not there', source: `require('left-pad')`, expected: { errorType: 'Runtime.ImportModuleError' } },
    { description: 'no handler', source: `exports.other = 1`, expected: { errorType: 'Runtime.HandlerNotFound' } },
    {
      description: 'a syntax error',
      source: `exports.handler = (`,
      expected: { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: expect.stringMatching(/^SyntaxError: /) },
    },
    {
      description: 'the end of the process',
      source: `exports.handler = async () => { try { process.exit(3) } catch { return 'caught' } }`,
      expected: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/),
      },
    },
  ])('answers $description as Lambda does', async ({ source, expected }) => {
    await host(source);
    expect(await invoke()).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', value: expected });
    expect(cloud.counters().functions.f).toEqual({ invocations: 1, errors: 1, throttles: 0 });
  });

  it('starts a function afresh after a run that ended its process, and only then', async () => {
    await host(
      `let runs = 0; exports.handler = async (event) => { runs += 1; if (event.end) process.exit(1); if (event.fail) throw new Error('no'); return runs }`,
    );
    expect([(await invoke()).value, (await invoke({ fail: true })).FunctionError, (await invoke()).value]).toEqual([1, 'Unhandled', 3]);
    expect((await invoke({ end: true })).FunctionError).toBe('Unhandled');
    expect((await invoke()).value).toBe(1);
  });

  it('keeps globals, environment and modules of one function from another', async () => {
    const source = `globalThis.left ??= []; globalThis.left.push(process.env.AWS_LAMBDA_FUNCTION_NAME); process.env.GREETING += '!';
      exports.handler = async () => [globalThis.left, process.env.GREETING]`;
    await host(source, {
      more: (stack) => {
        new LambdaFunction(stack, 'G', {
          functionName: 'g',
          runtime: Runtime.NODEJS_22_X,
          handler: 'index.handler',
          code: Code.fromInline(source),
        });
      },
    });
    expect((await invoke()).value).toEqual([['f'], 'hello!']);
    const { Payload } = await cloud.call<Answer>('lambda', 'Invoke', { FunctionName: 'g' });
    expect(JSON.parse(Payload ?? '')).toEqual([['g'], 'undefined!']);
    expect(globalThis).not.toHaveProperty('left');
  });

  it('shows the end of what a run wrote to whoever asks for it', async () => {
    await host(`exports.handler = async (event) => { for (let n = 0; n < event.lines; n += 1) console.log('line ' + n); }`);
    const tail = async (lines: number) => {
      const input = { FunctionName: 'f', LogType: 'Tail', Payload: JSON.stringify({ lines }) };
      return Buffer.from((await cloud.call<{ LogResult: string }>('lambda', 'Invoke', input)).LogResult, 'base64').toString();
    };
    const id = '[0-9a-f-]{36}';
    const line = (number: number) => `2026-03-02T01:00:00.000Z\t${id}\tINFO\tline ${number}\n`;
    const report = `END RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: 0.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\t`;
    const start = `START RequestId: ${id} Version: \\$LATEST\n`;
    expect(await tail(2)).toMatch(new RegExp(`^${start}${line(0)}${line(1)}${report}Init Duration: 0.00 ms\t\n$`));
    expect(await tail(0)).toMatch(new RegExp(`^${start}${report}\n$`));
    expect(await tail(1000)).toMatch(new RegExp(`${line(998)}${line(999)}${report}\n$`));
    expect((await tail(1000)).length).toBe(4096);
    expect(await invoke({ lines: 1 })).not.toHaveProperty('LogResult');
  });

  it('shows with the end of a log what the code wrote past the console, how it failed, and how it was ended', async () => {
    const source = `process.stdout.write('loading');
      exports.handler = async (event) => {
        process.stdout.write('plain');
        console.warn('%d left', 3);
        if (event.sleeps) await new Promise((resolve) => setTimeout(resolve, 60000));
        if (event.exits) process.exit(7);
        throw Object.assign(new RangeError('no'), { code: 'E', hint: 'x' });
      };`;
    await host(source);
    const tail = async (event: object) => {
      const input = { FunctionName: 'f', LogType: 'Tail', Payload: JSON.stringify(event) };
      const answer = cloud.call<{ LogResult: string }>('lambda', 'Invoke', input);
      await cloud.advance('PT5S');
      return Buffer.from((await answer).LogResult, 'base64')
        .toString()
        .split('\n');
    };

    const failed = await tail({});
    const slept = await tail({ sleeps: true });
    const exited = await tail({ exits: true });

    expect(failed).toEqual([
      'loading',
      expect.stringMatching(/^START /),
      'plain',
      expect.stringMatching(/^2026-03-02T01:00:00.000Z\t[0-9a-f-]{36}\tWARN\t3 left$/),
      expect.stringMatching(
        /\tERROR\tInvoke Error \t{"errorType":"RangeError","errorMessage":"no","code":"E","hint":"x","stack":\["RangeError: no","/,
      ),
      expect.stringMatching(/^END /),
      expect.stringMatching(/\tInit Duration: 0.00 ms\t$/),
      '',
    ]);
    expect(slept.slice(-4)).toEqual([
      expect.stringMatching(/^2026-03-02T01:00:08.000Z [0-9a-f-]{36} Task timed out after 3.00 seconds$/),
      expect.stringMatching(/^END /),
      expect.stringMatching(/\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\t.* MB\tStatus: timeout$/),
      '',
    ]);
    expect(exited.at(-2)).toMatch(/Status: error\tError Type: Runtime.ExitError$/);
  });

  it('shows of runs that go on beside each other to each its own lines', async () => {
    await host(`exports.handler = async (event) => {
      console.log('begin ' + event.id); await new Promise((done) => setTimeout(done, event.id * 100)); console.log('end ' + event.id);
    };`);
    const tail = async (id: number) => {
      const input = { FunctionName: 'f', LogType: 'Tail', Payload: JSON.stringify({ id }) };
      return Buffer.from((await cloud.call<{ LogResult: string }>('lambda', 'Invoke', input)).LogResult, 'base64').toString();
    };

    const both = Promise.all([tail(1), tail(2)]);
    await cloud.advance('PT1S');
    const [one, two] = await both;

    expect(one?.match(/(begin|end) \d/g)).toEqual(['begin 1', 'end 1']);
    expect(two?.match(/(begin|end) \d/g)).toEqual(['begin 2', 'end 2']);
    expect(two).toContain('\tDuration: 200.00 ms\t');
  });

  it('tries an asynchronous event three times, with a minute and two between, then hands it to the failure destination', async () => {
    await host(`exports.handler = async (event) => { throw new Error('never ' + event.id) }`, {
      more: (stack, fn) => {
        const failures = new Queue(stack, 'Failures', { queueName: 'failures' });
        new CfnEventInvokeConfig(stack, 'Async', {
          functionName: fn.functionName,
          qualifier: '$LATEST',
          destinationConfig: { onFailure: { destination: failures.queueArn } },
        });
      },
    });
    const attempts = () => cloud.counters().functions.f?.invocations;

    await cloud.call('lambda', 'Invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: '{"id":1}' });
    await cloud.advance(59_000);
    expect(attempts()).toBe(1);
    await cloud.advance(1000);
    expect(attempts()).toBe(2);
    await cloud.advance('PT2M');
    expect(attempts()).toBe(3);
    await cloud.advance('P1D');
    expect(attempts()).toBe(3);

    const { Messages } = await cloud.call<{ Messages: { Body: string }[] }>('sqs', 'ReceiveMessage', { QueueUrl: 'failures' });
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { id: 1 },
      responsePayload: { errorMessage: 'never 1' },
    });
  });

  it('refuses what Lambda refuses', async () => {
    await host('exports.handler = async () => 1');
    const call = (input: Record<string, unknown>) => cloud.call('lambda', 'Invoke', input);
    await expect(call({ FunctionName: 'other' })).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
    await expect(call({ FunctionName: 'f', Payload: '{' })).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
    await expect(call({ FunctionName: 'f', LogType: 'All' })).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
    const payload = (bytes: number) => JSON.stringify('ä'.repeat((bytes - 2) / 2));
    const tooLarge = { code: 'RequestEntityTooLargeException', status: 413 };
    await expect(call({ FunctionName: 'f', Payload: payload(6 * 1024 * 1024 + 2) })).rejects.toMatchObject(tooLarge);
    expect(await call({ FunctionName: 'f', Payload: payload(6 * 1024 * 1024) })).toMatchObject({ StatusCode: 200 });
    const event = { FunctionName: 'f', InvocationType: 'Event' };
    await expect(call({ ...event, Payload: payload(1024 * 1024 + 2) })).rejects.toMatchObject(tooLarge);
    expect(await call({ ...event, Payload: payload(1024 * 1024) })).toMatchObject({ StatusCode: 202 });
    await expect(call({ FunctionName: 'f', InvocationType: 'Later' })).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
    expect(await call({ FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:f', InvocationType: 'DryRun' })).toMatchObject({
      StatusCode: 204,
    });
  });

  it('holds a function to its reserved concurrency', async () => {
    await host('exports.handler = async () => new Promise((done) => setTimeout(done, 20))', {
      more: (_, fn) => {
        (fn.node.defaultChild as unknown as { reservedConcurrentExecutions: number }).reservedConcurrentExecutions = 1;
      },
    });
    const first = invoke();
    await expect(invoke()).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
    await cloud.advance(20);
    expect(await first).toMatchObject({ StatusCode: 200 });
  });

  it('runs code that stands in the template', async () => {
    cloud = await startCloud({
      assembly: synthesize((app) => {
        new LambdaFunction(new Stack(app, 'App'), 'F', {
          functionName: 'f',
          runtime: Runtime.NODEJS_22_X,
          handler: 'index.handler',
          code: Code.fromInline('exports.handler = async () => 42'),
        });
      }),
      start: 0,
    });
    expect((await invoke()).value).toBe(42);
  });
});
