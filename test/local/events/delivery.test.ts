import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { AwsError } from '../../../local/kernel/errors.ts';
import { synthesize } from '../cloud/sample-app.ts';

let cloud: Cloud;
afterEach(() => cloud.close());

async function start(define: (stack: Stack) => void): Promise<void> {
  cloud = await startCloud({ assembly: synthesize((app) => define(new Stack(app, 'App'))), start: '2026-03-02T01:00:00Z', seed: 1 });
}

/** What lies in a queue, read and taken out. */
async function drain(queue: string): Promise<string[]> {
  const { Messages = [] } = await cloud.call<{ Messages?: { Body: string; ReceiptHandle: string }[] }>('sqs', 'ReceiveMessage', {
    QueueUrl: queue,
    MaxNumberOfMessages: 10,
  });
  for (const { ReceiptHandle } of Messages) await cloud.call('sqs', 'DeleteMessage', { QueueUrl: queue, ReceiptHandle });
  return Messages.map((message) => message.Body);
}

function put(detail: object, bus = 'default'): Promise<unknown> {
  return cloud.call('events', 'PutEvents', {
    Entries: [{ EventBusName: bus, Source: 'bank.core', DetailType: 'T', Detail: JSON.stringify(detail), Resources: ['r-1'] }],
  });
}

describe('targets of a rule', () => {
  it('get the event in its envelope', async () => {
    await start(
      (stack) =>
        new Rule(stack, 'R', {
          eventPattern: { source: ['bank.core'] },
          targets: [new SqsQueue(new Queue(stack, 'Q', { queueName: 'q' }))],
        }),
    );
    await put({ a: 1 });
    const [body = ''] = await drain('q');
    expect(JSON.parse(body)).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'T',
      source: 'bank.core',
      account: '000000000000',
      time: '2026-03-02T01:00:00Z',
      region: 'us-east-1',
      resources: ['r-1'],
      detail: { a: 1 },
    });
  });

  it('get what an input transformer makes of it', async () => {
    await start((stack) => {
      const queue = new Queue(stack, 'Q', { queueName: 'q' });
      const message = RuleTargetInput.fromObject({
        id: EventField.fromPath('$.detail.id'),
        all: EventField.fromPath('$.detail'),
        text: `for ${EventField.fromPath('$.detail.name')}`,
      });
      new Rule(stack, 'R', { eventPattern: { source: ['bank.core'] }, targets: [new SqsQueue(queue, { message })] });
    });
    await put({ id: 7, name: 'a "b"' });
    expect((await drain('q')).map((body) => JSON.parse(body) as unknown)).toEqual([
      { id: 7, all: { id: 7, name: 'a "b"' }, text: 'for a "b"' },
    ]);
  });

  it('get it again, ever later, until the retry policy ends; then it is in the dead-letter queue', async () => {
    await start((stack) => {
      const [queue, dead] = ['q', 'dead'].map((queueName) => new Queue(stack, queueName, { queueName }));
      new Rule(stack, 'R', {
        eventPattern: { source: ['bank.core'] },
        targets: [new SqsQueue(queue as Queue, { retryAttempts: 3, maxEventAge: Duration.hours(1), deadLetterQueue: dead as Queue })],
      });
    });
    let attempts = 0;
    const heal = cloud.kernel.intercept((call, next) => {
      if (call.service !== 'sqs' || call.operation !== 'SendMessage' || call.input.QueueUrl !== 'q') return next();
      attempts += 1;
      throw new AwsError('RequestThrottled', 'slow down');
    });
    await put({ a: 1 });
    expect(attempts).toBe(1);
    await cloud.advance('PT3S');
    expect(attempts).toBe(3);
    await cloud.advance('PT1H');
    expect(attempts).toBe(4);
    const { Messages } = await cloud.call<{ Messages: { Body: string; MessageAttributes: Record<string, { StringValue: string }> }[] }>(
      'sqs',
      'ReceiveMessage',
      { QueueUrl: 'dead', MessageAttributeNames: ['All'] },
    );
    expect(Messages[0]?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'THROTTLING' },
      ERROR_MESSAGE: { StringValue: 'slow down' },
      RETRY_ATTEMPTS: { StringValue: '3' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
    });
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({ detail: { a: 1 } });

    heal();
    await put({ a: 2 });
    expect(await drain('q')).toHaveLength(1);
  });

  it('that are not there are not tried again', async () => {
    await start((stack) => {
      const dead = new Queue(stack, 'dead', { queueName: 'dead' });
      new CfnRule(stack, 'R', {
        eventPattern: { source: ['bank.core'] },
        targets: [{ id: 'gone', arn: 'arn:aws:sqs:us-east-1:000000000000:gone', deadLetterConfig: { arn: dead.queueArn } }],
      });
    });
    await put({ a: 1 });
    await cloud.settle();
    const { Messages } = await cloud.call<{ Messages: { MessageAttributes: Record<string, { StringValue: string }> }[] }>(
      'sqs',
      'ReceiveMessage',
      { QueueUrl: 'dead', MessageAttributeNames: ['All'] },
    );
    expect(Messages[0]?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'NO_RESOURCE' },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
    expect(Messages[0]?.MessageAttributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
    expect(cloud.kernel.nextTimerAt()).toBeUndefined();
  });

  it('may be functions, state machines and other buses', async () => {
    await start((stack) => {
      const queue = new Queue(stack, 'Q', { queueName: 'q' });
      const other = new EventBus(stack, 'Other', { eventBusName: 'other' });
      new Rule(stack, 'Onward', { eventBus: other, eventPattern: { source: ['bank.core'] }, targets: [new SqsQueue(queue)] });
      const fn = new Lambda(stack, 'F', {
        functionName: 'f',
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = async (event) => console.log(event.detail.a)'),
      });
      const machine = new CfnStateMachine(stack, 'M', {
        stateMachineName: 'm',
        roleArn: 'arn:aws:iam::000000000000:role/r',
        definitionString: '{"QueryLanguage":"JSONata","StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}',
      });
      new Rule(stack, 'R', { eventPattern: { source: ['bank.core'] }, targets: [new LambdaFunction(fn)] });
      new CfnRule(stack, 'R2', {
        eventPattern: { source: ['bank.core'] },
        targets: [
          { id: 'm', arn: machine.attrArn },
          { id: 'other', arn: other.eventBusArn },
        ],
      });
    });
    await put({ a: 5 });
    await cloud.settle();
    expect(cloud.services.lambda.logs('f').map((line) => line.text)).toEqual(['5']);
    const { executions } = await cloud.call<{ executions: { status: string }[] }>('states', 'ListExecutions', {
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m',
    });
    expect(executions).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(await drain('q')).toHaveLength(1);
  });

  it('hear of executions that ended badly', async () => {
    await start((stack) => {
      new CfnStateMachine(stack, 'M', {
        stateMachineName: 'm',
        roleArn: 'arn:aws:iam::000000000000:role/r',
        definitionString: '{"QueryLanguage":"JSONata","StartAt":"No","States":{"No":{"Type":"Fail","Error":"Broken"}}}',
      });
      const eventPattern = {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      };
      new Rule(stack, 'R', { eventPattern, targets: [new SqsQueue(new Queue(stack, 'Q', { queueName: 'q' }))] });
    });
    await cloud.call('states', 'StartExecution', { stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m', name: 'x' });
    await cloud.settle();
    const bodies = (await drain('q')).map((body) => JSON.parse(body) as unknown);
    expect(bodies).toMatchObject([{ source: 'aws.states', detail: { name: 'x', status: 'FAILED', error: 'Broken' } }]);
    // It is no event that anybody put on a bus.
    expect(cloud.events()).toEqual([]);
  });
});

describe('schedules', () => {
  it('of rules run at their instants, each once', async () => {
    await start(
      (stack) =>
        new Rule(stack, 'R', {
          schedule: Schedule.expression('rate(10 minutes)'),
          targets: [new SqsQueue(new Queue(stack, 'Q', { queueName: 'q' }))],
        }),
    );
    await cloud.advance('PT9M59S');
    expect(await drain('q')).toEqual([]);
    await cloud.advance('PT20M');
    const times = (await drain('q')).map((body) => (JSON.parse(body) as { time: string }).time);
    expect(times).toEqual(['2026-03-02T01:10:00Z', '2026-03-02T01:20:00Z']);
  });

  it('of the Scheduler run in their time zone, with their input', async () => {
    await start((stack) => {
      const queue = new Queue(stack, 'Q', { queueName: 'q' });
      new CfnSchedule(stack, 'S', {
        flexibleTimeWindow: { mode: 'OFF' },
        scheduleExpression: 'cron(30 9 * * ? *)',
        scheduleExpressionTimezone: 'Asia/Shanghai',
        target: { arn: queue.queueArn, roleArn: 'arn:aws:iam::000000000000:role/r', input: '{"daily":true}' },
      });
    });
    await cloud.advanceTo('2026-03-02T01:29:59Z');
    expect(await drain('q')).toEqual([]);
    await cloud.advanceTo('2026-03-02T01:30:00Z');
    expect(await drain('q')).toEqual(['{"daily":true}']);
  });

  it('that are disabled do not run', async () => {
    await start(
      (stack) =>
        new Rule(stack, 'R', {
          enabled: false,
          schedule: Schedule.expression('rate(1 minute)'),
          targets: [new SqsQueue(new Queue(stack, 'Q', { queueName: 'q' }))],
        }),
    );
    await cloud.advance('PT1H');
    expect(await drain('q')).toEqual([]);
  });
});
