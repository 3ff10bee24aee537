import { type SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

/** A message that is ready to go. `labels` are ids, for the provider's reports and the outbox; never personal data. */
export interface Letter {
  readonly to: string;
  readonly subject?: string;
  readonly body: string;
  readonly html?: string;
  readonly labels: { readonly accountId: string; readonly stage: string; readonly template: string; readonly contactId: string };
}

/** Hands one message to a provider, once. @returns the provider's reference; throws what the provider answers. */
export type Provider = (letter: Letter) => Promise<string>;

/** @see https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html */
export function smsBySns(client: SNSClient, senderId: string | undefined): Provider {
  return async ({ to, body, labels }) => {
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
    const { MessageId: id } = await client.send(
      new PublishCommand({
        PhoneNumber: to,
        Message: body,
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': attribute('Transactional'),
          ...(senderId === undefined ? {} : { 'AWS.SNS.SMS.SenderID': attribute(senderId) }),
          ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, attribute(value)])),
        },
      }),
    );
    return id ?? '';
  };
}

/** @see https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html */
export function emailBySes(client: SESClient, sender: string): Provider {
  return async ({ to, subject, body, html, labels }) => {
    const { MessageId: id } = await client.send(
      new SendEmailCommand({
        Source: sender,
        Destination: { ToAddresses: [to] },
        Message: {
          Subject: { Data: subject ?? '', Charset: 'UTF-8' },
          Body: { Text: { Data: body, Charset: 'UTF-8' }, ...(html === undefined ? {} : { Html: { Data: html, Charset: 'UTF-8' } }) },
        },
        // Tag values allow letters, digits, dash and underscore only: so do our ids.
        Tags: Object.entries(labels).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    return id ?? '';
  };
}
