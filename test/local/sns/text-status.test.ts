import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PublishCommand, SNSClient, ThrottledException } from '@aws-sdk/client-sns';
import { Stack } from 'aws-cdk-lib';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

const GROUP = 'sns/us-east-1/000000000000/DirectPublishToPhoneNumber';

/** Unpacks what it is handed, as function code does. */
const LISTENER = `
const { gunzipSync } = require('node:zlib');
exports.handler = async ({ awslogs }) => console.log(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString());`;

interface Batch {
  logGroup: string;
  logEvents: { id: string; timestamp: number; message: string }[];
}

let cloud: Cloud;
afterEach(() => cloud.close());

/** A cloud where a function listens to these of SNS's log groups. */
async function aCloud(groups: readonly string[] = [GROUP, `${GROUP}/Failure`], stateDir?: string): Promise<Cloud> {
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const fn = new Lambda(stack, 'F', {
      functionName: 'f',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(LISTENER),
    });
    for (const [index, logGroupName] of groups.entries()) {
      const group = new CfnLogGroup(stack, `G${index}`, { logGroupName });
      new CfnSubscriptionFilter(stack, `S${index}`, {
        logGroupName: group.ref,
        filterName: `filter-${index}`,
        filterPattern: '',
        destinationArn: fn.functionArn,
      });
    }
  });
  cloud = await startCloud({ assembly, start: '2026-03-02T01:00:00Z', seed: 3, ...(stateDir !== undefined && { stateDir }) });
  return cloud;
}

function text(PhoneNumber: string, more: object = {}): Promise<{ MessageId: string }> {
  return cloud.call('sns', 'Publish', { PhoneNumber, Message: 'Pay soon', ...more });
}

/** What the function was handed, one entry an invocation. */
function heard(): Batch[] {
  return cloud.services.lambda.logs('f').map((line) => JSON.parse(line.text) as Batch);
}

function statuses(): unknown[] {
  return heard().flatMap((batch) => batch.logEvents.map((event) => JSON.parse(event.message) as unknown));
}

describe('the status of a text message', () => {
  it('is a success in SNS’s log, in the form of the log', async () => {
    // Prepare
    await aCloud();
    const MessageAttributes = { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } };
    // Act
    const { MessageId } = await text('+8613800138000', { MessageAttributes });
    await cloud.advance('PT1M');
    // Assess
    expect(heard()).toEqual([
      {
        messageType: 'DATA_MESSAGE',
        owner: '000000000000',
        logGroup: GROUP,
        logStream: expect.any(String),
        subscriptionFilters: ['filter-0'],
        logEvents: [{ id: expect.stringMatching(/^\d{56}$/), timestamp: Date.parse('2026-03-02T01:00:02Z'), message: expect.any(String) }],
      },
    ]);
    expect(statuses()).toEqual([
      {
        notification: { messageId: MessageId, timestamp: '2026-03-02 01:00:00.000' },
        delivery: {
          phoneCarrier: expect.any(String),
          mnc: expect.any(Number),
          numberOfMessageParts: 1,
          destination: '+8613800138000',
          priceInUSD: expect.any(Number),
          smsType: 'Transactional',
          mcc: expect.any(Number),
          providerResponse: 'Message has been accepted by phone carrier',
          dwellTimeMs: 599,
          dwellTimeMsUntilDeviceAck: 2000,
        },
        status: 'SUCCESS',
      },
    ]);
  });

  it('is a failure where a rule says so, with the reason and at the time it names', async () => {
    await aCloud();
    const reason = 'Phone is currently unreachable/unavailable';
    cloud.delivery.add({ service: 'sns', match: { to: '+8613800138000' }, outcome: 'failure', reason, after: 'PT6H' });
    cloud.delivery.add({ service: 'sns', match: { to: '/^\\+86139/', count: 1 }, outcome: 'failure' });
    await text('+8613800138000');
    for (let round = 0; round < 2; round += 1) await text('+8613900139000');
    await cloud.advance('PT1H');
    expect(statuses()).toMatchObject([
      { status: 'FAILURE', delivery: { destination: '+8613900139000', providerResponse: 'Unknown error attempting to reach phone' } },
      { status: 'SUCCESS', delivery: { destination: '+8613900139000' } },
    ]);
    await cloud.advance('PT5H');
    expect(heard().at(-1)?.logGroup).toBe(`${GROUP}/Failure`);
    expect(statuses().at(-1)).toMatchObject({ status: 'FAILURE', delivery: { destination: '+8613800138000', providerResponse: reason } });
  });

  it('is told of up to a hundred at once', async () => {
    await aCloud();
    for (let index = 0; index < 250; index += 1) await text(`+86138001${String(index).padStart(5, '0')}`);
    await cloud.advance('PT1M');
    expect(cloud.services.lambda.invocations().f).toMatchObject({ invocations: 3, errors: 0 });
  });

  it('may never come', async () => {
    await aCloud();
    cloud.delivery.add({ service: 'sns', outcome: 'none' });
    await text('+8613800138000');
    await cloud.advance('P1D');
    expect(heard()).toEqual([]);
    expect(cloud.outbox()).toHaveLength(1);
  });

  it('is not kept where nobody listens to it', async () => {
    await aCloud([`${GROUP}/Failure`]);
    cloud.delivery.add({ service: 'sns', match: { to: '+8613900139000' }, outcome: 'failure' });
    await text('+8613800138000');
    expect(cloud.kernel.nextTimerAt()).toBeUndefined();
    await text('+8613900139000');
    await cloud.advance('PT1M');
    expect(statuses()).toMatchObject([{ status: 'FAILURE' }]);
  });

  it('outlives the process', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'cloud-sns-'));
    await aCloud(undefined, stateDir);
    await text('+8613800138000');
    await cloud.close();
    await aCloud(undefined, stateDir);
    await cloud.advance('PT1M');
    expect(statuses()).toMatchObject([{ status: 'SUCCESS' }]);
  });
});

it('throttling is met as SNS has it, attempt by attempt', async () => {
  await aCloud();
  const sns = new SNSClient(cloud.clientConfig() as object);
  cloud.delivery.add({ service: 'sns', match: { count: 4 }, outcome: 'throttle' });
  const publish = new PublishCommand({ PhoneNumber: '+8613800138000', Message: 'x' });
  await expect(sns.send(publish)).rejects.toThrow(ThrottledException);
  expect(cloud.outbox()).toEqual([]);
  await sns.send(publish);
  expect(cloud.outbox()).toHaveLength(1);
});

it.each([
  { what: 'a pattern', properties: { filterPattern: '{ $.status = "FAILURE" }' }, said: 'FilterPattern must be empty' },
  {
    what: 'another destination',
    properties: { destinationArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' },
    said: 'only functions are supported',
  },
])('a filter with $what is refused by name', async ({ properties, said }) => {
  await aCloud([]);
  const assembly = synthesize((app) => {
    new CfnSubscriptionFilter(new Stack(app, 'App'), 'Filter', {
      logGroupName: 'g',
      filterPattern: '',
      destinationArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      ...properties,
    });
  });
  await expect(startCloud({ assembly, start: 0 })).rejects.toThrow(said);
});
