import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationSetDoesNotExistException, SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { Stack } from 'aws-cdk-lib';
import { CfnConfigurationSet, CfnConfigurationSetEventDestination, CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

interface Mail {
  messageId: string;
  timestamp: string;
  destination: string[];
  headers: { name: string; value: string }[];
  tags: Record<string, string[]>;
}
type Event = { eventType: string; mail: Mail } & Record<string, Record<string, unknown>>;

const START = '2026-03-02T01:00:00.000Z';
const ALL = ['send', 'reject', 'bounce', 'complaint', 'delivery'];

let cloud: Cloud;
afterEach(() => cloud.close());

/** A cloud whose configuration set `set` tells a queue of these kinds of events. */
async function aCloud(types: readonly string[] = ['bounce', 'complaint', 'delivery', 'reject'], stateDir?: string): Promise<Cloud> {
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const topic = new Topic(stack, 'T', { topicName: 'feedback' });
    const queue = new Queue(stack, 'Q', { queueName: 'feedback' });
    new CfnSubscription(stack, 'S', { topicArn: topic.topicArn, protocol: 'sqs', endpoint: queue.queueArn, rawMessageDelivery: true });
    const set = new CfnConfigurationSet(stack, 'Set', { name: 'set' });
    new CfnConfigurationSet(stack, 'Silent', { name: 'silent' });
    new CfnConfigurationSetEventDestination(stack, 'D', {
      configurationSetName: set.ref,
      eventDestination: { enabled: true, matchingEventTypes: [...types], snsDestination: { topicArn: topic.topicArn } },
    });
    new CfnEmailIdentity(stack, 'I', { emailIdentity: 'bank.example', configurationSetAttributes: { configurationSetName: set.ref } });
  });
  cloud = await startCloud({ assembly, start: START, seed: 3, ...(stateDir !== undefined && { stateDir }) });
  return cloud;
}

function send(to: string | string[], more: object = {}): Promise<{ MessageId: string }> {
  return cloud.call('ses', 'SendEmail', {
    Source: 'The Bank <a@other.example>',
    Destination: { ToAddresses: [to].flat() },
    Message: { Subject: { Data: 'S' }, Body: { Text: { Data: 'x' } } },
    ConfigurationSetName: 'set',
    ...more,
  });
}

/** What has been told so far, in order. */
async function told(): Promise<Event[]> {
  const events: Event[] = [];
  for (;;) {
    const answer = await cloud.call<{ Messages?: { Body: string; ReceiptHandle: string }[] }>('sqs', 'ReceiveMessage', {
      QueueUrl: 'feedback',
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 3600,
    });
    if (answer.Messages === undefined) return events;
    events.push(...answer.Messages.map((message) => JSON.parse(message.Body) as Event));
  }
}

async function kindsAfter(duration: string): Promise<string[]> {
  await cloud.advance(duration);
  return (await told()).map((event) => event.eventType);
}

describe('what becomes of a mail', () => {
  it('is a delivery, told after seconds with all that identifies the mail', async () => {
    // Prepare
    await aCloud();
    // Act
    const { MessageId } = await send('wang@example.com', { Tags: [{ Name: 'contactId', Value: 'c-1' }] });
    const before = await kindsAfter('PT2S');
    await cloud.advance('PT1M');
    // Assess
    expect(before).toEqual([]);
    expect(await told()).toEqual([
      {
        eventType: 'Delivery',
        delivery: {
          timestamp: '2026-03-02T01:00:03.000Z',
          processingTimeMillis: 3000,
          recipients: ['wang@example.com'],
          smtpResponse: expect.stringMatching(/^250 /),
          reportingMTA: expect.any(String),
        },
        mail: {
          timestamp: START,
          source: 'The Bank <a@other.example>',
          sourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/a@other.example',
          sendingAccountId: '000000000000',
          messageId: MessageId,
          destination: ['wang@example.com'],
          headersTruncated: false,
          headers: expect.arrayContaining([{ name: 'Subject', value: 'S' }]),
          commonHeaders: { from: ['The Bank <a@other.example>'], to: ['wang@example.com'], messageId: MessageId, subject: 'S' },
          tags: {
            'ses:configuration-set': ['set'],
            'ses:source-ip': ['127.0.0.1'],
            'ses:from-domain': ['other.example'],
            'ses:caller-identity': ['embedded'],
            contactId: ['c-1'],
          },
        },
      },
    ]);
    expect(cloud.outbox()).toHaveLength(1);
  });

  it.each([
    { to: 'success@simulator.amazonses.com', kinds: ['Delivery'] },
    { to: 'bounce+label@simulator.amazonses.com', kinds: ['Bounce'] },
    { to: 'ooto@simulator.amazonses.com', kinds: ['Delivery', 'Bounce'] },
    { to: 'complaint@simulator.amazonses.com', kinds: ['Delivery', 'Complaint'] },
    { to: 'suppressionlist@simulator.amazonses.com', kinds: ['Bounce'] },
  ])('at $to is $kinds', async ({ to, kinds }) => {
    await aCloud();
    await send(to);
    expect(await kindsAfter('PT5M')).toEqual(kinds);
  });

  it.each([
    {
      rule: { outcome: 'bounce' as const },
      detail: {
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [
          { emailAddress: 'x@example.com', action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
        ],
        feedbackId: expect.stringMatching(/^0100/),
        timestamp: '2026-03-02T01:00:05.000Z',
      },
    },
    { rule: { outcome: 'bounce' as const, reason: 'Suppressed' }, detail: { bounceType: 'Permanent', bounceSubType: 'Suppressed' } },
    { rule: { outcome: 'transient-bounce' as const }, detail: { bounceType: 'Transient', bounceSubType: 'General' } },
    {
      rule: { outcome: 'transient-bounce' as const, reason: 'MailboxFull', after: 'PT12H' },
      detail: { bounceType: 'Transient', bounceSubType: 'MailboxFull', timestamp: '2026-03-02T13:00:00.000Z' },
    },
  ])('is what the rule says: $rule', async ({ rule, detail }) => {
    await aCloud();
    cloud.delivery.add({ service: 'ses', ...rule });
    await send('x@example.com');
    await cloud.advance('P1D');
    const events = await told();
    expect(events).toMatchObject([{ eventType: 'Bounce', bounce: detail }]);
  });

  it('may be a complaint after the delivery, a rejection, or nothing', async () => {
    await aCloud(ALL);
    cloud.delivery.add({ service: 'ses', match: { to: 'angry@example.com' }, outcome: 'complaint', reason: 'fraud', after: 'P2D' });
    cloud.delivery.add({ service: 'ses', match: { to: 'REJECT@example.com' }, outcome: 'reject' });
    cloud.delivery.add({ service: 'ses', match: { to: '/^silent/' }, outcome: 'none' });
    await send('angry@example.com');
    await cloud.advance('P3D');
    expect(await told()).toMatchObject([
      { eventType: 'Send', send: {} },
      { eventType: 'Delivery' },
      {
        eventType: 'Complaint',
        complaint: { complaintFeedbackType: 'fraud', complainedRecipients: [{ emailAddress: 'angry@example.com' }] },
      },
    ]);
    await send('reject@example.com');
    await cloud.advance('PT1M');
    expect(await told()).toMatchObject([{ eventType: 'Send' }, { eventType: 'Reject', reject: { reason: 'Bad content' } }]);
    await send('silent@example.com');
    expect(await kindsAfter('PT1M')).toEqual(['Send']);
  });

  it('is told for each recipient by its own fate', async () => {
    await aCloud();
    cloud.delivery.add({ service: 'ses', match: { to: 'b@example.com' }, outcome: 'bounce' });
    await send(['a@example.com', 'B <b@example.com>', 'c@example.com']);
    await cloud.advance('PT1M');
    expect(await told()).toMatchObject([
      { eventType: 'Delivery', delivery: { recipients: ['a@example.com', 'c@example.com'] } },
      { eventType: 'Bounce', bounce: { bouncedRecipients: [{ emailAddress: 'b@example.com' }] } },
    ]);
  });

  it('is a rejection for the virus that is none', async () => {
    await aCloud();
    await send('a@example.com', {
      Message: {
        Subject: { Data: 'S' },
        Body: { Text: { Data: 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' } },
      },
    });
    expect(await kindsAfter('PT1M')).toEqual(['Reject']);
  });
});

describe('a configuration set', () => {
  it('may be the sender’s own choice, the raw mail’s, the identity’s, or none', async () => {
    await aCloud();
    const raw = (...headers: string[]) =>
      cloud.call('ses', 'SendRawEmail', {
        RawMessage: {
          Data: Buffer.from(['From: a@other.example', 'To: r@example.com', ...headers, '', 'x'].join('\r\n')).toString('base64'),
        },
      });
    await send('none@example.com', { ConfigurationSetName: undefined });
    await raw();
    expect(await kindsAfter('PT1M')).toEqual([]);
    await send('own@example.com', { ConfigurationSetName: undefined, Source: 'a@bank.example' });
    await raw('X-SES-CONFIGURATION-SET: set', 'X-SES-MESSAGE-TAGS: contactId=c-2, stage=call');
    await cloud.advance('PT1M');
    expect(await told()).toMatchObject([
      { mail: { destination: ['own@example.com'] } },
      { mail: { destination: ['r@example.com'], tags: { contactId: ['c-2'], stage: ['call'] } } },
    ]);
    await send('quiet@example.com', { ConfigurationSetName: 'silent' });
    expect(await kindsAfter('PT1M')).toEqual([]);
  });

  it('hears only of the kinds it asked for', async () => {
    await aCloud(['bounce']);
    await send('a@example.com');
    await send('bounce@simulator.amazonses.com');
    expect(await kindsAfter('PT1M')).toEqual(['Bounce']);
    expect(cloud.kernel.nextTimerAt()).toBeUndefined();
  });

  it('that is not there fails the sending', async () => {
    await aCloud();
    const ses = new SESClient(cloud.clientConfig() as object);
    const sending = ses.send(
      new SendRawEmailCommand({
        ConfigurationSetName: 'none',
        Source: 'a@b.example',
        RawMessage: { Data: Buffer.from('To: x@example.com\r\n\r\nx') },
      }),
    );
    await expect(sending).rejects.toThrow(ConfigurationSetDoesNotExistException);
    expect(cloud.outbox()).toEqual([]);
  });
});

it('what is to be told outlives the process', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'cloud-ses-'));
  await aCloud(undefined, stateDir);
  cloud.delivery.add({ service: 'ses', match: { count: 2 }, outcome: 'bounce' });
  await send('a@example.com');
  await cloud.close();
  await aCloud(undefined, stateDir);
  expect(cloud.delivery.list()).toMatchObject([{ match: { count: 1 }, outcome: 'bounce' }]);
  expect(await kindsAfter('PT1M')).toEqual(['Bounce']);
});

it('throttling is met as SES has it, attempt by attempt', async () => {
  await aCloud();
  const ses = new SESClient(cloud.clientConfig() as object);
  cloud.delivery.add({ service: 'ses', match: { to: '/@example/', count: 4 }, outcome: 'throttle' });
  const mail = new SendEmailCommand({
    Source: 'a@b.example',
    Destination: { ToAddresses: ['x@example.com'] },
    Message: { Subject: { Data: 'S' }, Body: { Text: { Data: 'x' } } },
  });
  await expect(ses.send(mail)).rejects.toMatchObject({ name: 'Throttling', message: 'Maximum sending rate exceeded.' });
  expect(cloud.outbox()).toEqual([]);
  await ses.send(mail);
  expect(cloud.outbox()).toHaveLength(1);
  expect(cloud.delivery.list()).toEqual([]);
});
