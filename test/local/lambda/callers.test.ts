import { Duration, type Stack } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { afterEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { httpFront } from '../../../local/server/front.ts';
import { functionCloud, invoke, peek } from './function-cloud.ts';

const SLEEPER = `exports.handler = async ({ seconds = 10, Records }) => { console.log('run ' + new Date().toISOString().slice(14, 19) + ' ' + (Records ?? []).length);
  await new Promise((done) => setTimeout(done, seconds * 1000)); return 'slept'; };`;

let cloud: Cloud;
afterEach(() => cloud.close());

function machine(stack: Stack, name: string, states: object, type = 'STANDARD'): void {
  const first = Object.keys(states)[0];
  new CfnStateMachine(stack, name, {
    stateMachineName: name,
    stateMachineType: type,
    roleArn: 'arn:aws:iam::000000000000:role/r',
    definitionString: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: first, States: states }),
  });
}

const machineArn = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';

describe('who calls a function that sleeps', () => {
  it('as a task may have less time than the function takes: the state has timed out first, and the function goes on', async () => {
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: functionArn, Payload: { seconds: 10 } },
      End: true,
    };
    cloud = await functionCloud(
      { f: SLEEPER },
      {
        timeout: 60,
        more: (stack) => {
          machine(stack, 'short', { S: { ...task, TimeoutSeconds: 4 } });
          machine(stack, 'beating', { S: { ...task, TimeoutSeconds: 40, HeartbeatSeconds: 5 } });
          machine(stack, 'long', { S: { ...task, TimeoutSeconds: 11 } });
          machine(stack, 'all', { S: task });
        },
      },
    );
    const arns: string[] = [];
    for (const name of ['short', 'beating', 'long', 'all']) {
      const { executionArn } = await cloud.call<{ executionArn: string }>('states', 'StartExecution', {
        stateMachineArn: machineArn(name),
      });
      arns.push(executionArn);
    }
    const outcome = async (executionArn: string | undefined) => {
      const {
        status,
        error,
        startDate,
        stopDate = startDate,
      } = await cloud.call<Record<string, number>>('states', 'DescribeExecution', { executionArn });
      return [status, error, (stopDate ?? 0) - (startDate ?? 0)];
    };
    await cloud.advance('PT30S');
    expect(await Promise.all(arns.map(outcome))).toEqual([
      ['FAILED', 'States.Timeout', 4],
      ['FAILED', 'States.Timeout', 5],
      ['SUCCEEDED', undefined, 10],
      ['SUCCEEDED', undefined, 10],
    ]);
    expect(cloud.counters().functions.f).toEqual({ invocations: 4, errors: 0, throttles: 0 });
    expect(cloud.kernel.failures()).toEqual([]);
  });

  it('as another function that tries a state with it waits, and is no function that waits for nothing', async () => {
    const definition = JSON.stringify({
      QueryLanguage: 'JSONata',
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: functionArn, Payload: { seconds: 10 } },
      Output: '{% $states.result.Payload %}',
      End: true,
    });
    const input = { definition, roleArn: 'arn:aws:iam::000000000000:role/r', input: '{}' };
    const tester = `const { SFNClient, TestStateCommand } = require('@aws-sdk/client-sfn');
      exports.handler = async () => (await new SFNClient({}).send(new TestStateCommand(${JSON.stringify(input)}))).output;`;
    cloud = await functionCloud({ f: SLEEPER, tester }, { timeout: 60 });
    const asked = invoke(cloud, 'tester');
    await cloud.advance('PT30S');
    expect(await asked).toMatchObject({ StatusCode: 200, value: '"slept"' });
  });

  it('as a task hears of the function’s own time-out by Lambda’s name', async () => {
    cloud = await functionCloud(
      { f: SLEEPER },
      {
        timeout: 3,
        more: (stack) =>
          machine(stack, 'm', {
            S: { Type: 'Task', Resource: functionArn, End: true, Catch: [{ ErrorEquals: ['Sandbox.Timedout'], Next: 'C' }] },
            C: { Type: 'Pass', End: true },
          }),
      },
    );
    const { executionArn } = await cloud.call<{ executionArn: string }>('states', 'StartExecution', { stateMachineArn: machineArn('m') });
    await cloud.advance('PT30S');
    expect(await cloud.call('states', 'DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('as a queue meets its messages again where they are not hidden for so long', async () => {
    cloud = await functionCloud(
      { f: SLEEPER },
      {
        timeout: 20,
        more: (stack, { f }) => {
          const queue = new Queue(stack, 'In', { queueName: 'in', visibilityTimeout: Duration.seconds(20) });
          (queue.node.defaultChild as unknown as { visibilityTimeout: number }).visibilityTimeout = 4;
          (f as LambdaFunction).addEventSource(new SqsEventSource(queue));
        },
      },
    );
    await cloud.call('sqs', 'SendMessage', { QueueUrl: 'in', MessageBody: 'x' });
    await cloud.advance('PT1M');
    const runs = cloud.services.lambda.logs('f').map(({ text }) => text);
    expect(runs.slice(0, 3)).toEqual(['run 00:00 1', 'run 00:04 1', 'run 00:08 1']);
  });

  it('over the HTTP API is told after thirty seconds that it is unavailable', async () => {
    cloud = await functionCloud(
      { f: `exports.handler = async () => { await new Promise((done) => setTimeout(done, 40000)); console.log('end'); };` },
      { timeout: 60, more: api },
    );
    const asked = cloud.fetchApi('GET', '/slow');
    await cloud.advance(29_999);
    expect(await peek(asked)).toBeUndefined();
    await cloud.advance(1);
    expect(await asked).toMatchObject({ status: 503, json: { message: 'Service Unavailable' } });
    await cloud.advance('PT1M');
    expect(cloud.services.lambda.logs('f').map(({ text }) => text)).toEqual(['end']);
  });

  it('over the port has its answer when the clock has moved, and keeps nobody from moving it', async () => {
    cloud = await functionCloud({ f: SLEEPER }, { timeout: 20, more: api });
    const front = httpFront(cloud);
    const asked = front.request('http://127.0.0.1/2015-03-31/functions/f/invocations', { method: 'POST', body: '{"seconds":5}' });
    const api2 = front.request('http://127.0.0.1/api/slow');
    await new Promise((resolve) => setImmediate(resolve));
    await cloud.advance('PT4S');
    expect(await peek(Promise.resolve(asked))).toBeUndefined();
    await cloud.snapshots.save('meanwhile');
    await cloud.advance('PT6S');
    expect(await (await asked).json()).toBe('slept');
    expect((await api2).status).toBe(200);
  });

  it('as a function waits for it, for an Express execution, and runs out of its own time first', async () => {
    cloud = await functionCloud(
      {
        f: SLEEPER,
        caller: `const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda'); const { SFNClient, StartSyncExecutionCommand } = require('@aws-sdk/client-sfn');
        exports.handler = async ({ seconds }) => {
          const answer = await new LambdaClient({}).send(new InvokeCommand({ FunctionName: 'f', Payload: JSON.stringify({ seconds }) }));
          const { output } = await new SFNClient({}).send(new StartSyncExecutionCommand({ stateMachineArn: '${machineArn('fast')}', input: '"waited"' }));
          return [answer.Payload.transformToString(), output, Date.now()];
        };`,
      },
      { timeout: 15, more: (stack) => machine(stack, 'fast', { W: { Type: 'Wait', Seconds: 5, End: true } }, 'EXPRESS') },
    );
    const from = cloud.now();
    const inTime = invoke(cloud, 'caller', { seconds: 3 });
    await cloud.advance('PT1M');
    expect((await inTime).value).toEqual(['"slept"', '"waited"', from + 8000]);
    const late = invoke(cloud, 'caller', { seconds: 12 });
    await cloud.advance('PT1M');
    expect((await late).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });
});

function api(stack: Stack, { f }: Readonly<Record<string, LambdaFunction>>): void {
  const gateway = new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' });
  const integration = new CfnIntegration(stack, 'Integration', {
    apiId: gateway.ref,
    integrationType: 'AWS_PROXY',
    integrationUri: f?.functionArn ?? '',
    payloadFormatVersion: '2.0',
  });
  new CfnRoute(stack, 'Route', { apiId: gateway.ref, routeKey: 'GET /slow', target: `integrations/${integration.ref}` });
  new CfnStage(stack, 'Stage', { apiId: gateway.ref, stageName: '$default', autoDeploy: true });
}
