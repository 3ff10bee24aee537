import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sampleApp, synthesize } from '../cloud/sample-app.ts';

const START = new URL('../../../local/start.ts', import.meta.url).pathname;

let assembly: string;
beforeAll(() => {
  assembly = sampleApp();
});

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

interface Run {
  readonly child: ChildProcess;
  /** The address it said it is ready at; undefined where it ended before. */
  readonly url: string | undefined;
  readonly ended: Promise<{ code: number | null; errors: string }>;
}

async function start(environment: Record<string, string> = {}, flags: readonly string[] = ['--assembly', assembly]): Promise<Run> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const child = spawn(process.execPath, [START, ...flags], { env: { PATH, NODE_COMPILE_CACHE, PORT: '0', ...environment } });
  running.add(child);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  const url = await Promise.race([
    ended.then(() => undefined),
    new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const ready = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m.exec(text);
        if (ready?.[1] !== undefined) resolve(ready[1]);
      });
    }),
  ]);
  return { child, url, ended };
}

async function call(url: string, target: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: 'POST', headers: { 'x-amz-target': target }, body: JSON.stringify(input) });
  return (await response.json()) as Record<string, unknown>;
}

async function get(url: string | undefined, path: string): Promise<unknown> {
  return (await fetch(`${url}${path}`)).json();
}

function directory(): string {
  return mkdtempSync(join(tmpdir(), 'cloud-state-'));
}

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** A CDK project of somebody else: with a command, a context and an output folder of its own, and a module of the SDK that only it has. */
function foreignProject(settings: object): string {
  const folder = directory();
  mkdirSync(join(folder, 'node_modules/@aws-sdk/lib-greeting'), { recursive: true });
  for (const name of ['aws-cdk-lib', 'constructs']) symlinkSync(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'node_modules/@aws-sdk/lib-greeting/index.js'), "exports.greeting = 'hello';");
  writeFileSync(
    join(folder, 'app.mjs'),
    `import { App, CfnOutput, Stack } from 'aws-cdk-lib';
     import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
     const app = new App();
     const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };
     const stack = new Stack(app, app.node.tryGetContext('name'), { env });
     if (app.node.tryGetContext('asks')) console.log(stack.availabilityZones);
     new Function(stack, 'Greet', { functionName: 'greet', runtime: Runtime.NODEJS_22_X, handler: 'index.handler',
       code: Code.fromInline("exports.handler = async () => require('@aws-sdk/lib-greeting').greeting") });
     new CfnOutput(stack, 'Where', { value: stack.region + ' ' + stack.account });
     if (process.argv[2] === 'broken') throw new Error('this app is broken');
     app.synth();`,
  );
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify(settings));
  return folder;
}

describe('npm start', () => {
  it('runs the CDK project in a folder as its cdk.json says, with the modules of the SDK that it has itself', async () => {
    const folder = foreignProject({ app: 'node app.mjs', context: { name: 'Mine' }, output: 'out' });
    const { url, child, ended } = await start({}, ['--app', folder]);
    expect(JSON.parse(readFileSync(join(folder, 'out/Mine.template.json'), 'utf8'))).toMatchObject({
      Outputs: { Where: { Value: 'us-east-1 000000000000' } },
    });
    const answer = await fetch(`${url}/2015-03-31/functions/greet/invocations`, { method: 'POST', body: '{}' });
    expect(await answer.json()).toBe('hello');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, errors: '' });
  });

  it.each([
    {
      why: 'there is no cdk.json',
      settings: {},
      message: /^\S+ holds no cdk\.json with an app: name the folder of a CDK project, or its /,
    },
    {
      why: 'its app fails',
      settings: { app: 'node app.mjs broken', context: { name: 'Mine' } },
      message: /^The CDK app \S+ cannot be synthesized: Error: this app is broken$/m,
    },
    {
      why: 'it asks an account',
      settings: { app: 'node app.mjs', context: { name: 'Mine', asks: true } },
      message: /^The application asks an AWS account for availability-zones:account=000000000000:region=us-east-1\. Look it up once/,
    },
  ])('says in one line that it cannot run a project because $why', async ({ settings, message }) => {
    const { url, ended } = await start({}, ['--app', foreignProject(settings)]);
    expect(url).toBeUndefined();
    expect(await ended).toMatchObject({ code: 1, errors: expect.stringMatching(message) });
  });

  it('runs until it is told to stop, and then ends with 0', async () => {
    const { child, url, ended } = await start({ CLOCK_START: '2026-03-02T01:00:00Z' });
    expect(await get(url, '/_local/clock')).toEqual({ now: '2026-03-02T01:00:00Z' });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, errors: '' });
  });

  it('keeps what it answered to, through kill -9, and its clock; --reset forgets', async () => {
    const STATE_DIR = directory();
    const first = await start({ STATE_DIR, CLOCK_START: '2026-03-02T01:00:00Z' });
    const url = first.url as string;
    const put = { Entries: [{ EventBusName: 'sample-bus', Source: 'bank.core', DetailType: 'T', Detail: '{"accountId":"acc-1"}' }] };
    expect(await call(url, 'AWSEvents.PutEvents', put)).toMatchObject({ FailedEntryCount: 0 });
    await fetch(`${url}/_local/clock`, { method: 'POST', body: '{"advance":"PT1H"}' });
    expect(await call(url, 'AWSEvents.PutEvents', { Entries: [{ ...put.Entries[0], Detail: '{"accountId":"acc-2"}' }] })).toMatchObject({
      FailedEntryCount: 0,
    });
    first.child.kill('SIGKILL');
    await first.ended;

    const second = await start({ STATE_DIR, CLOCK_START: '2030-01-01T00:00:00Z' });
    expect(await get(second.url, '/_local/clock')).toEqual({ now: '2026-03-02T02:00:00Z' });
    await fetch(`${second.url}/_local/clock`, { method: 'POST', body: '{"advance":"P2D"}' });
    const outbox = (await get(second.url, '/_local/outbox')) as { accountId: string; channel: string }[];
    expect(outbox.map((message) => `${message.accountId} ${message.channel}`)).toEqual([
      'acc-1 sms',
      'acc-1 email',
      'acc-2 sms',
      'acc-2 email',
    ]);
    await fetch(`${second.url}/_local/snapshot`, { method: 'POST', body: '{"name":"kept"}' });
    second.child.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0 });
    writeFileSync(join(STATE_DIR, 'notes.txt'), 'not the cloud’s own');

    const third = await start({ STATE_DIR, CLOCK_START: '2030-01-01T00:00:00Z' }, ['--assembly', assembly, '--reset']);
    expect(await get(third.url, '/_local/clock')).toEqual({ now: '2030-01-01T00:00:00Z' });
    expect(await get(third.url, '/_local/outbox')).toEqual([]);
    expect(await get(third.url, '/_local/snapshots')).toEqual([]);
    expect(readdirSync(STATE_DIR)).toContain('notes.txt');
  });

  it('says in one line that the port is in use', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const { ended } = await start({ PORT: String(port) });
    expect(await ended).toEqual({ code: 1, errors: `Port ${port} is in use. Set PORT to another.\n` });
    blocker.close();
  });

  it('says in one line what of a template it cannot run', async () => {
    const other = synthesize((app) => {
      new CfnStream(new Stack(app, 'App'), 'Flow');
    });
    const { ended } = await start({}, ['--assembly', other]);
    expect(await ended).toEqual({
      code: 1,
      errors: 'Stack App: Flow is of type AWS::Kinesis::Stream, which the embedded cloud cannot run.\n',
    });
  });

  it('says in one line that STATE_DIR is damaged', async () => {
    const STATE_DIR = directory();
    writeFileSync(join(STATE_DIR, 'cloud.sqlite'), 'this is no database, and long enough to be read as one '.repeat(100));
    const { ended } = await start({ STATE_DIR });
    expect(await ended).toEqual({ code: 1, errors: expect.stringMatching(/^STATE_DIR .* cannot be used: .*\n$/) });
    expect(readdirSync(STATE_DIR)).toContain('cloud.sqlite');
  });

  it.each([
    { environment: { PORT: 'many' }, message: 'PORT must be a number from 0 to 65535, not many.\n' },
    { environment: { DURABILITY: 'eternal' }, message: 'DURABILITY must be power or process, not eternal.\n' },
    { environment: { CLOCK: 'slow' }, message: 'CLOCK must be virtual or real, not slow.\n' },
    {
      environment: { CLOCK_START: 'yesterday' },
      message: 'CLOCK_START must be an ISO 8601 instant such as 2026-03-05T00:00:00Z, not "yesterday"\n',
    },
  ])('refuses $environment', async ({ environment, message }) => {
    const { ended } = await start(environment);
    expect(await ended).toEqual({ code: 1, errors: message });
  });

  it('goes by the wall clock where it is asked to, and refuses to move it', async () => {
    const { url } = await start({ CLOCK: 'real' });
    const { now } = (await get(url, '/_local/clock')) as { now: string };
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000);
    const move = (body: string) => fetch(`${url}/_local/clock`, { method: 'POST', body });
    expect((await move('{"advance":"PT1S"}')).status).toBe(409);
    expect((await move('{"advance":"PT0S"}')).status).toBe(200);
  });
});
