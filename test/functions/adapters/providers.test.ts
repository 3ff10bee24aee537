import { SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { emailBySes, endingOf, NotTaken, reasonOf, smsBySns } from '../../../functions/adapters/providers.ts';
import { readMime } from '../../../local/services/ses/mime.ts';

const sns = mockClient(SNSClient);
const ses = mockClient(SESClient);
beforeEach(() => {
  sns.reset();
  ses.reset();
});

const labels = { accountId: 'acc-1', stage: 'reminder', template: 'reminder-first', contactId: 'case-1-reminder_1' };
const letter = { channel: 'sms', to: '+8613800138000', body: 'text', locale: 'en', labels } as const;

describe('a text message', () => {
  it('goes to the number as a transactional one, labelled with ids, and answers the reference', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
    expect(await smsBySns(new SNSClient({}), 'BANK')(letter)).toEqual({ ref: 'm-1' });
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
  const mail = { ...letter, channel: 'email', to: 'wang@example.com', subject: 'Reminder', html: '<p>text</p>' } as const;
  const tags = Object.entries(labels).map(([Name, Value]) => ({ Name, Value }));

  it('goes from our address with text, HTML and tags, and answers the reference', async () => {
    ses.on(SendEmailCommand).resolves({ MessageId: 'm-2' });
    const send = emailBySes(new SESClient({}), { address: 'notices@bank.example' });
    expect(await send(mail)).toEqual({ ref: 'm-2' });
    expect(ses.commandCalls(SendEmailCommand)[0]?.args[0].input).toEqual({
      Source: 'notices@bank.example',
      Destination: { ToAddresses: ['wang@example.com'] },
      Message: {
        Subject: { Data: 'Reminder', Charset: 'UTF-8' },
        Body: { Text: { Data: 'text', Charset: 'UTF-8' }, Html: { Data: '<p>text</p>', Charset: 'UTF-8' } },
      },
      Tags: tags,
    });
  });

  it('is reported on where a configuration set is named', async () => {
    ses.on(SendEmailCommand).resolves({ MessageId: 'm-2' });
    await emailBySes(new SESClient({}), { address: 'notices@bank.example', configurationSet: 'reports' })(mail);
    expect(ses.commandCalls(SendEmailCommand)[0]?.args[0].input.ConfigurationSetName).toBe('reports');
  });

  it.each([
    { unsubscribe: 'https://bank.example/stop?contact=c-1', post: 'List-Unsubscribe=One-Click' },
    { unsubscribe: 'mailto:stop@bank.example?subject=c-1', post: undefined },
  ])('says in its headers how to stop them: $unsubscribe', async ({ unsubscribe, post }) => {
    // Prepare
    ses.on(SendRawEmailCommand).resolves({ MessageId: 'm-3' });
    const send = emailBySes(new SESClient({}), { address: 'notices@bank.example' });
    // Act
    const handed = await send({ ...mail, subject: '还款提醒', unsubscribe });
    // Assess
    expect(handed).toEqual({ ref: 'm-3' });
    expect(ses.commandCalls(SendEmailCommand)).toEqual([]);
    const input = ses.commandCalls(SendRawEmailCommand)[0]?.args[0].input;
    expect(input).toMatchObject({ Source: 'notices@bank.example', Destinations: ['wang@example.com'], Tags: tags });
    const { headers, body, to } = readMime(Buffer.from(input?.RawMessage?.Data ?? []));
    expect(to).toEqual(['wang@example.com']);
    expect(body).toBe('text');
    expect(headers.get('subject')).toBe('还款提醒');
    expect(headers.get('list-unsubscribe')).toBe(`<${unsubscribe}>`);
    expect(headers.get('list-unsubscribe-post')).toBe(post);
  });
});

describe('how a call ended', () => {
  const answered = (name: string, status: number) =>
    Object.assign(new Error('+8613800138000 is not well'), {
      name,
      $fault: status < 500 ? 'client' : 'server',
      $metadata: { httpStatusCode: status },
    });

  it.each([
    { name: 'Throttling', status: 400 },
    { name: 'ThrottlingException', status: 400 },
    { name: 'ThrottledException', status: 429 },
    { name: 'TooManyRequestsException', status: 429 },
    { name: 'LimitExceededException', status: 400 },
    { name: 'AccountSendingPausedException', status: 400 },
    { name: 'SlowDown', status: 503 },
    { name: 'SomethingElse', status: 429 },
  ])('$name ($status): nothing was taken', ({ name, status }) => {
    expect(endingOf(answered(name, status))).toBe('not-taken');
  });

  it.each([
    { name: 'InvalidParameterException', status: 400 },
    { name: 'MessageRejected', status: 400 },
    { name: 'AuthorizationErrorException', status: 403 },
  ])('$name ($status): the message was refused', ({ name, status }) => {
    expect(endingOf(answered(name, status))).toBe('refused');
  });

  it.each([
    { what: 'a server fault', error: answered('InternalErrorException', 500) },
    { what: 'an unavailable service', error: answered('ServiceUnavailable', 503) },
    { what: 'no answer', error: Object.assign(new Error('timeout'), { name: 'TimeoutError' }) },
    { what: 'a thrown text', error: 'no' },
  ])('$what: it is not known', ({ error }) => {
    expect(endingOf(error)).toBe('in-doubt');
  });

  it('is told by the name of the error alone, which quotes nobody', () => {
    const error = answered('Throttling', 400);
    expect(reasonOf(error)).toBe('Throttling');
    expect(reasonOf(new NotTaken(error))).toBe('Throttling');
    expect(endingOf(new NotTaken(answered('InternalError', 500)))).toBe('not-taken');
  });
});
