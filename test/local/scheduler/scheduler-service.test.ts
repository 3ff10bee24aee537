import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { CfnSchedule, type CfnScheduleProps } from 'aws-cdk-lib/aws-scheduler';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { AwsError } from '../../../local/kernel/errors.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** EventBridge Scheduler: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */

const START = '2026-03-02T01:00:00Z';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q';
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead';
/** After a test had the time to prepare. */
const SOON = '2026-03-02T01:00:30Z';
const TIMED = '<aws.scheduler.scheduled-time>';

type Given = Omit<Partial<CfnScheduleProps>, 'target'> & { target?: Partial<CfnSchedule.TargetProperty> };

function app(...schedules: Given[]): string {
  return synthesize((cdk) => {
    const stack = new Stack(cdk, 'App');
    for (const queueName of ['q', 'dead']) new CfnQueue(stack, queueName, { queueName });
    new CfnEventBus(stack, 'Bus', { name: 'bus' });
    for (const [index, { target, ...schedule }] of schedules.entries())
      new CfnSchedule(stack, `S${index}`, {
        name: 's',
        flexibleTimeWindow: { mode: 'OFF' },
        scheduleExpression: 'rate(1 hour)',
        ...schedule,
        target: { arn: QUEUE, roleArn: 'arn:aws:iam::000000000000:role/r', input: TIMED, ...target },
      });
  });
}

let cloud: Cloud;
afterEach(() => cloud.close());

async function start(...schedules: Given[]): Promise<void> {
  cloud = await startCloud({ assembly: app(...schedules), start: START, seed: 4 });
}

interface Received {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly MessageAttributes?: Record<string, { readonly StringValue: string }>;
}

async function received(QueueUrl = 'q'): Promise<Received[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  const { Messages = [] } = await cloud.call<{ Messages?: Received[] }>('sqs', 'ReceiveMessage', input);
  return Messages;
}

/** What came since it was last asked for. */
async function bodies(): Promise<string[]> {
  const messages = await received();
  for (const { ReceiptHandle } of messages) await cloud.call('sqs', 'DeleteMessage', { QueueUrl: 'q', ReceiptHandle });
  return messages.map(({ Body }) => Body);
}

/** Refuses what is sent to the queue so many times. */
function refuse(times: number): { at: number[] } {
  const refused: { at: number[] } = { at: [] };
  cloud.kernel.intercept((call, next) => {
    if (call.operation !== 'SendMessage' || call.input.QueueUrl !== 'q' || refused.at.length === times) return next();
    refused.at.push(cloud.now() - Date.parse(SOON));
    throw new AwsError('RequestThrottled', 'slow down');
  });
  return refused;
}

describe('a schedule', () => {
  it('by a rate runs at once, and each time its period is over', async () => {
    await start({});
    await cloud.settle();
    expect(await bodies()).toEqual(['2026-03-02T01:00:00Z']);
    await cloud.advance('PT2H30M');
    expect(await bodies()).toEqual(['2026-03-02T02:00:00Z', '2026-03-02T03:00:00Z']);
  });

  it('by a rate runs from its start until before its end', async () => {
    await start({ startDate: '2026-03-02T05:30:00Z', endDate: '2026-03-02T07:30:00Z' });
    await cloud.advance('P2D');
    expect(await bodies()).toEqual(['2026-03-02T05:30:00Z', '2026-03-02T06:30:00Z']);
    expect(cloud.kernel.nextTimerAt()).toBeUndefined();
  });

  it('by a rate that began before keeps to its beginning', async () => {
    await start({ startDate: '2026-03-01T00:20:00Z' });
    await cloud.advance('PT1H');
    expect(await bodies()).toEqual(['2026-03-02T01:20:00Z']);
  });

  it('by a table runs between its dates, at the very first as well', async () => {
    await start({ scheduleExpression: 'cron(0 9 * * ? *)', startDate: '2026-03-03T09:00:00Z', endDate: '2026-03-05T09:00:00Z' });
    await cloud.advance('P4D');
    expect(await bodies()).toEqual(['2026-03-03T09:00:00Z', '2026-03-04T09:00:00Z']);
  });

  it('runs once at an instant of its time zone, whatever its dates are', async () => {
    await start({
      scheduleExpression: 'at(2026-03-05T09:00:00)',
      scheduleExpressionTimezone: 'Asia/Shanghai',
      startDate: '2026-04-01T00:00:00Z',
    });
    await cloud.advance('P4D');
    expect(await bodies()).toEqual(['2026-03-05T01:00:00Z']);
  });

  it('of one group is another than that of the same name in another', async () => {
    const input = '<aws.scheduler.schedule-arn>';
    await start({ target: { input } }, { groupName: 'g', target: { input } });
    await cloud.settle();
    const arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule';
    expect((await bodies()).toSorted()).toEqual([`${arn}/default/s`, `${arn}/g/s`]);
  });

  it('neither runs again nor forgets a run at a restart, and takes another time zone at once', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'cloud-scheduler-'));
    const table = (scheduleExpressionTimezone: string) => app({ scheduleExpression: 'cron(0 9 * * ? *)', scheduleExpressionTimezone });
    cloud = await startCloud({ assembly: table('UTC'), start: START, stateDir });
    await cloud.close();
    cloud = await startCloud({ assembly: table('UTC'), stateDir });
    await cloud.advanceTo('2026-03-02T09:00:00Z');
    expect(await bodies()).toEqual(['2026-03-02T09:00:00Z']);
    await cloud.close();
    cloud = await startCloud({ assembly: table('Asia/Shanghai'), stateDir });
    await cloud.advanceTo('2026-03-03T09:00:00Z');
    expect(await bodies()).toEqual(['2026-03-03T01:00:00Z']);
  });

  it('tells its run and its attempt', async () => {
    await start({ startDate: SOON, target: { input: '{"attempt":<aws.scheduler.attempt-number>,"id":"<aws.scheduler.execution-id>"}' } });
    refuse(2);
    await cloud.advance('PT30M');
    const [body] = await bodies();
    expect(JSON.parse(body ?? '')).toEqual({ attempt: 3, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('puts an event on a bus', async () => {
    await start({
      target: {
        arn: 'arn:aws:events:us-east-1:000000000000:event-bus/bus',
        input: '{"accountId":"a"}',
        eventBridgeParameters: { detailType: 'T', source: 'clock' },
      },
    });
    await cloud.settle();
    expect(cloud.events()).toMatchObject([{ eventBusName: 'bus', source: 'clock', 'detail-type': 'T', detail: { accountId: 'a' } }]);
  });
});

describe('a run that is refused', () => {
  it('is tried again beside the runs that follow', async () => {
    await start({ scheduleExpression: 'rate(1 minute)', startDate: SOON, endDate: '2026-03-02T01:02:30Z' });
    const refused = refuse(8);
    await cloud.advance('PT30M');
    // Six times of the first run, then two of the second.
    expect(refused.at.map((at) => at / 1000)).toEqual([0, 1, 3, 7, 15, 31, 60, 61]);
    expect(await bodies()).toEqual(['2026-03-02T01:00:30Z', '2026-03-02T01:01:30Z']);
  });

  it.each([
    ['MaximumRetryAttempts', { maximumRetryAttempts: 2 }, '2'],
    ['MaximumEventAgeInSeconds', { maximumEventAgeInSeconds: 60 }, '6'],
  ])('ends by %s in the dead-letter queue', async (condition, retryPolicy, attempts) => {
    await start({ startDate: SOON, endDate: '2026-03-02T01:30:00Z', target: { retryPolicy, deadLetterConfig: { arn: DEAD } } });
    refuse(1000);
    await cloud.advance('PT1H');
    const [message, ...more] = await received('dead');
    expect(more).toEqual([]);
    expect(message?.Body).toBe(SOON);
    const told = Object.fromEntries(Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]));
    expect(told).toEqual({
      ERROR_CODE: 'RequestThrottled',
      ERROR_MESSAGE: 'slow down',
      EXECUTION_ID: expect.any(String),
      EXHAUSTED_RETRY_CONDITION: condition,
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: attempts,
      SCHEDULED_TIME: SOON,
      SCHEDULE_ARN: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/s',
      TARGET_ARN: QUEUE,
    });
  });
});

it.each([
  [{ flexibleTimeWindow: { mode: 'FLEXIBLE' } }, 'MaximumWindowInMinutes belongs to Mode FLEXIBLE'],
  [{ flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 1441 } }, 'must be 1 to 1440'],
  [{ flexibleTimeWindow: { mode: 'MAYBE' } }, 'must be OFF or FLEXIBLE'],
  [{ startDate: '2026-03-02T01:00:00Z', endDate: '2026-03-01T01:00:00Z' }, 'StartDate must be before EndDate'],
  [{ startDate: 'soon' }, 'property StartDate must be an instant'],
  [{ target: { sqsParameters: { messageGroupId: 'g' } } }, 'property Target.SqsParameters.MessageGroupId is not supported'],
  [
    { target: { arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', input: 'hello' } },
    'Target.Input must be well-formed JSON for arn:aws:lambda:',
  ],
  [{ target: { arn: 'arn:aws:events:us-east-1:000000000000:event-bus/bus' } }, 'EventBridgeParameters with DetailType and Source belong'],
] as [Given, string][])('a template with %j is refused by name', async (given, message) => {
  await start();
  await expect(startCloud({ assembly: app(given), start: START })).rejects.toThrow(message);
});
