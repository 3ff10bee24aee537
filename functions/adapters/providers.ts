import { type SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { MessageChannel } from '../../domain/model.ts';
import type { Rendered } from '../../domain/words/render.ts';
import { mimeOf } from './mime.ts';

/** A message that is ready to go. `labels` are ids, for the provider's reports and the outbox; never personal data. */
export interface Letter {
  readonly channel: MessageChannel;
  readonly to: string;
  readonly subject?: string;
  /** The line above a push message. */
  readonly title?: string;
  readonly body: string;
  readonly html?: string;
  /** What an app shows once a push message is opened. */
  readonly detail?: string;
  readonly locale: string;
  /** Where this customer can say that they want no more e-mails: an `https:` or `mailto:` address. */
  readonly unsubscribe?: string;
  readonly labels: { readonly accountId: string; readonly stage: string; readonly template: string; readonly contactId: string };
}

/** A rendered text as a letter has it. */
export function wordsOf(rendered: Rendered): Pick<Letter, 'subject' | 'title' | 'body' | 'html' | 'detail' | 'locale'> {
  const { template: _template, version: _version, ...words } = rendered;
  return words;
}

/** What a provider answered. */
export interface HandedOver {
  /** The provider's own reference; of a gateway, where the message lies for it. */
  readonly ref: string;
  /** The message waits for the bank's gateway, which hears of it by an event. */
  readonly byGateway?: true;
}

/** Hands one message to a provider, once. Throws what the provider answers. */
export type Provider = (letter: Letter) => Promise<HandedOver>;

/** Nothing left, whatever went wrong: the message may be handed over again without ever being there twice. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  /** What the provider called it. */
  readonly reason: string;

  constructor(cause: unknown) {
    super('The message was not taken', { cause });
    this.reason = nameOf(cause);
  }
}

/** `refused`: answered, and the message is at fault. `not-taken`: too busy, nothing left. `in-doubt`: it may have been taken. */
export type Ending = 'refused' | 'not-taken' | 'in-doubt';

/**
 * Throttling by the names that SNS, SES and S3 have for it; SES says of its daily quota the same as of its rate. A paused account
 * sends again when AWS is satisfied: neither is the message's fault.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const BUSY =
  /^(Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|LimitExceeded\w*|RequestThrottled\w*|SlowDown|AccountSendingPaused\w*|ConfigurationSetSendingPaused\w*)$/;

/** What the end of a provider's call says of the message. Every 4xx of its own but throttling is a refusal; the rest may have been taken. */
export function endingOf(error: unknown): Ending {
  if (error instanceof NotTaken) return 'not-taken';
  const { $fault: fault, $metadata: metadata } = error as { $fault?: string; $metadata?: { httpStatusCode?: number } };
  const status = metadata?.httpStatusCode ?? 0;
  if (BUSY.test(nameOf(error)) || status === 429) return 'not-taken';
  return fault === 'client' && status >= 400 && status < 500 ? 'refused' : 'in-doubt';
}

/** The error's name for the timeline; its message may quote an address. */
export function reasonOf(error: unknown): string {
  return error instanceof NotTaken ? error.reason : nameOf(error);
}

function nameOf(error: unknown): string {
  return (error instanceof Error ? error.name : 'unknown').slice(0, 64);
}

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
    return { ref: id ?? '' };
  };
}

/** Who e-mails come from, and where SES reports what became of them. */
export interface EmailSender {
  readonly address: string;
  /** Absent where nobody listens to bounces and complaints. */
  readonly configurationSet?: string | undefined;
}

/**
 * By SES's own form; with a way to unsubscribe as raw MIME, because the form has no room for headers.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
 */
export function emailBySes(client: SESClient, sender: EmailSender): Provider {
  return async (letter) => {
    const { to, subject, body, html, labels, unsubscribe } = letter;
    const common = {
      Source: sender.address,
      // Tag values allow letters, digits, dash and underscore only: so do our ids.
      Tags: Object.entries(labels).map(([Name, Value]) => ({ Name, Value })),
      ...(sender.configurationSet === undefined ? {} : { ConfigurationSetName: sender.configurationSet }),
    };
    if (unsubscribe !== undefined) {
      const mail = { from: sender.address, to, subject: subject ?? '', text: body, html, headers: unsubscribeHeaders(unsubscribe) };
      const { MessageId: id } = await client.send(
        new SendRawEmailCommand({ ...common, Destinations: [to], RawMessage: { Data: Buffer.from(mimeOf(mail)) } }),
      );
      return { ref: id ?? '' };
    }
    const { MessageId: id } = await client.send(
      new SendEmailCommand({
        ...common,
        Destination: { ToAddresses: [to] },
        Message: {
          Subject: { Data: subject ?? '', Charset: 'UTF-8' },
          Body: { Text: { Data: body, Charset: 'UTF-8' }, ...(html === undefined ? {} : { Html: { Data: html, Charset: 'UTF-8' } }) },
        },
      }),
    );
    return { ref: id ?? '' };
  };
}

/**
 * One click where the bank has an address for it, else a mail to send.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8058
 */
function unsubscribeHeaders(address: string): Record<string, string> {
  return {
    'List-Unsubscribe': `<${address}>`,
    ...(address.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
  };
}
