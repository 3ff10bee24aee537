import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as Lambda, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { startCloud } from '../../../local/cloud.ts';
import { startServer } from '../../../local/server/serve.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** Writes files below a folder, by their paths. */
function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function answerOf(define: (stack: Stack, directory: string) => Lambda): Promise<unknown> {
  const assembly = synthesize((app: App, directory) => {
    define(new Stack(app, 'App'), directory);
    // Beside the assembly, as a project's own packages are; on AWS they are not there.
    write(directory, { 'node_modules/stray/index.js': 'module.exports = "stray"' });
  });
  const cloud = await startCloud({ assembly, start: 0 });
  const { Payload } = await cloud.call<{ Payload: string }>('lambda', 'Invoke', { FunctionName: 'f' });
  await cloud.close();
  return JSON.parse(Payload);
}

const properties = { functionName: 'f', runtime: Runtime.NODEJS_22_X, handler: 'index.handler' };

it('finds the packages that code brings along, by their manifests, and theirs', async () => {
  const answer = await answerOf((stack, directory) => {
    const code = write(join(directory, 'code'), {
      'index.js': `const { hello } = require('greeting/words'); exports.handler = async () => hello('Ada') + new Date().toISOString();`,
      'node_modules/greeting/package.json': '{ "type": "module", "exports": { "./words": "./dist/words.js" } }',
      'node_modules/greeting/dist/words.js': `import mark from '@scope/mark'; export const hello = (name) => 'Hello ' + name + mark;`,
      'node_modules/@scope/mark/package.json': '{ "main": "lib/mark.js" }',
      'node_modules/@scope/mark/lib/mark.js': `module.exports = '! ';`,
    });
    return new Lambda(stack, 'F', { ...properties, code: Code.fromAsset(code) });
  });
  expect(answer).toBe('Hello Ada! 1970-01-01T00:00:00.000Z');
});

it('finds those of layers, of the one that was given last first', async () => {
  const answer = await answerOf((stack, directory) => {
    const layer = (id: string, packages: readonly string[]) =>
      new LayerVersion(stack, id, {
        code: Code.fromAsset(
          write(
            join(directory, id),
            Object.fromEntries(packages.map((name) => [`nodejs/node_modules/${name}/index.js`, `module.exports = '${name} of ${id}'`])),
          ),
        ),
      });
    return new Lambda(stack, 'F', {
      ...properties,
      code: Code.fromInline(`exports.handler = async () => [require('both'), require('one')]`),
      layers: [layer('First', ['both', 'one']), layer('Second', ['both'])],
    });
  });
  expect(answer).toEqual(['both of Second', 'one of First']);
});

it('takes nothing that lies around the code on this machine', async () => {
  const answer = await answerOf((stack, directory) => {
    const code = write(join(directory, 'code'), { 'index.js': `require('stray'); exports.handler = async () => 0;` });
    return new Lambda(stack, 'F', { ...properties, code: Code.fromAsset(code) });
  });
  expect(answer).toMatchObject({ errorType: 'Runtime.ImportModuleError', errorMessage: "Error: Cannot find module 'stray'" });
});

it('refuses a layer that is of somebody else, by name', async () => {
  const layer = 'arn:aws:lambda:us-east-1:094274105915:layer:AWSLambdaPowertoolsTypeScriptV2:41';
  const starting = answerOf(
    (stack) =>
      new Lambda(stack, 'F', {
        ...properties,
        code: Code.fromInline('exports.handler = async () => 0'),
        layers: [LayerVersion.fromLayerVersionArn(stack, 'Powertools', layer)],
      }),
  );
  await expect(starting).rejects.toThrow(`(AWS::Lambda::Function): layer ${layer} is no directory of this application`);
});

it('leads a client that is part of the bundle here, by way of the port, and never to AWS', async () => {
  // Prepare: the SDK is not asked for, as where a project bundles it.
  const assembly = synthesize((app: App, directory) => {
    const stdin = {
      contents: `import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';
        export const handler = async () => (await new SQSClient({}).send(new ListQueuesCommand({}))).QueueUrls;`,
      resolveDir: import.meta.dirname,
    };
    buildSync({ stdin, bundle: true, platform: 'node', outfile: join(directory, 'code/index.js'), logLevel: 'error' });
    const stack = new Stack(app, 'App');
    new Queue(stack, 'Queue', { queueName: 'inbox' });
    new Lambda(stack, 'F', { ...properties, code: Code.fromAsset(join(directory, 'code')), timeout: Duration.seconds(30) });
  });
  const server = await startServer({ port: 0, assembly, start: 0 });

  // Act
  const { Payload } = await server.cloud.call<{ Payload: string }>('lambda', 'Invoke', { FunctionName: 'f' });

  // Assess
  expect(JSON.parse(Payload)).toEqual([`${server.url}/000000000000/inbox`]);
  await server.close();
});
