import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { emailBySes, smsBySns } from '../../../functions/adapters/providers.ts';

const sns = mockClient(SNSClient);
const ses = mockClient(SESClient);
beforeEach(() => {
  sns.reset();
  ses.reset();
});

const labels = { accountId: 'acc-1', stage: 'reminder', template: 'reminder-first', contactId: 'case-1-reminder_1' };
const letter = { to: '+8613800138000', body: 'text', labels };

describe('a text message', () => {
  it('goes to the number as a transactional one, labelled with ids, and answers the reference', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
    expect(await smsBySns(new SNSClient({}), 'BANK')(letter)).toBe('m-1');
    const [call] = sns.commandCalls(PublishCommand);
    expect(call?.args[0].input).toMatchObject({ PhoneNumber: '+8613800138000', Message: 'text' });
    expect(call?.args[0].input.MessageAttributes).toEqual({
      'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
      'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: 'BANK' },
      ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, { DataType: 'String', StringValue: value }])),
    });
  });

  it('names no sender where there is none', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
    await smsBySns(new SNSClient({}), undefined)(letter);
    const attributes = sns.commandCalls(PublishCommand)[0]?.args[0].input.MessageAttributes ?? {};
    expect(Object.keys(attributes)).not.toContain('AWS.SNS.SMS.SenderID');
  });

  it('that the provider refuses is told as the provider tells it', async () => {
    sns.on(PublishCommand).rejects(Object.assign(new Error('opted out'), { name: 'InvalidParameterException' }));
    await expect(smsBySns(new SNSClient({}), undefined)(letter)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('an e-mail', () => {
  it('goes from our address with text, HTML and tags, and answers the reference', async () => {
    ses.on(SendEmailCommand).resolves({ MessageId: 'm-2' });
    const send = emailBySes(new SESClient({}), 'notices@bank.example');
    expect(await send({ ...letter, to: 'wang@example.com', subject: 'Reminder', html: '<p>text</p>' })).toBe('m-2');
    expect(ses.commandCalls(SendEmailCommand)[0]?.args[0].input).toEqual({
      Source: 'notices@bank.example',
      Destination: { ToAddresses: ['wang@example.com'] },
      Message: {
        Subject: { Data: 'Reminder', Charset: 'UTF-8' },
        Body: { Text: { Data: 'text', Charset: 'UTF-8' }, Html: { Data: '<p>text</p>', Charset: 'UTF-8' } },
      },
      Tags: Object.entries(labels).map(([Name, Value]) => ({ Name, Value })),
    });
  });
});
