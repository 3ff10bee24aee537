import { Stack } from 'aws-cdk-lib';
import { CfnConfigurationSet, CfnConfigurationSetEventDestination } from 'aws-cdk-lib/aws-ses';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** What SES takes of a mail, and what it lists. */

let cloud: Cloud;
beforeAll(async () => {
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const topic = new Topic(stack, 'T', { topicName: 't' });
    const endpoint = new Queue(stack, 'Q', { queueName: 'told' }).queueArn;
    new CfnSubscription(stack, 'S', { topicArn: topic.topicArn, protocol: 'sqs', endpoint, rawMessageDelivery: true });
    const { ref: configurationSetName } = new CfnConfigurationSet(stack, 'Set', { name: 'set' });
    new CfnConfigurationSetEventDestination(stack, 'Destination', {
      configurationSetName,
      eventDestination: { matchingEventTypes: ['send'], snsDestination: { topicArn: topic.topicArn } },
    });
  });
  cloud = await startCloud({ assembly, start: 0 });
});
afterAll(() => cloud.close());

const MAIL = {
  Source: 'Bank <a@b.example>',
  Destination: { ToAddresses: ['c@d.example'] },
  Message: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } },
};
const send = (more: object) => cloud.call('ses', 'SendEmail', { ...MAIL, ...more });

describe('a mail', () => {
  it('tells where answers go', async () => {
    await send({ ReplyToAddresses: ['r@b.example', 'Desk <d@b.example>'], ConfigurationSetName: 'set' });
    await cloud.advance('PT1M');
    const { Messages } = await cloud.call<{ Messages: { Body: string }[] }>('sqs', 'ReceiveMessage', { QueueUrl: 'told' });
    const { mail } = JSON.parse(Messages[0]?.Body ?? '') as { mail: { headers: object[] } };
    expect(mail.headers).toContainEqual({ name: 'Reply-To', value: 'r@b.example, Desk <d@b.example>' });
  });

  it.each([
    ['a sender that is none', { Source: 'bank' }],
    ['a sender of two lines', { Source: 'a@b.example\r\nBcc: e@f.example' }],
    ['an answer to nobody', { ReplyToAddresses: ['nobody'] }],
    ['a receiver of two lines', { Destination: { ToAddresses: ['x\n<c@d.example>'] } }],
  ])('is refused with %s', async (_, more) => {
    const before = cloud.outbox().length;
    await expect(send(more)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    expect(cloud.outbox()).toHaveLength(before);
  });
});

it('identities are listed by kind, page by page', async () => {
  for (const EmailAddress of ['b@x.example', 'a@x.example', 'x.example']) await cloud.call('ses', 'VerifyEmailIdentity', { EmailAddress });
  expect(await cloud.call('ses', 'ListIdentities', { IdentityType: 'Domain' })).toMatchObject({ Identities: ['x.example'] });
  const first = await cloud.call('ses', 'ListIdentities', { IdentityType: 'EmailAddress', MaxItems: 1 });
  expect(first.Identities).toEqual(['a@x.example']);
  const { NextToken } = first;
  expect(await cloud.call('ses', 'ListIdentities', { IdentityType: 'EmailAddress', MaxItems: 1, NextToken })).toEqual({
    Identities: ['b@x.example'],
    NextToken: undefined,
  });
  for (const input of [{ IdentityType: 'Phone' }, { MaxItems: 0 }, { NextToken: '?' }])
    await expect(cloud.call('ses', 'ListIdentities', input)).rejects.toThrow();
});
