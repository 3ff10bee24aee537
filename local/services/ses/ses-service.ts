import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import type { Outbox, OutboxLabels } from '../outbox/outbox.ts';
import { readMime } from './mime.ts';

interface Content {
  readonly Data?: string;
}

const RECIPIENTS_MAX = 50;
const MESSAGE_BYTES_MAX = 40 * 1024 * 1024;
const QUOTA_24_HOURS = 50_000;
const RATE_PER_SECOND = 14;

/** SES version 1: mail goes to the outbox; every sender counts as verified. */
export class SesService implements Service {
  readonly name = 'ses';
  readonly #kernel: Kernel;
  readonly #outbox: Outbox;

  constructor(kernel: Kernel, outbox: Outbox) {
    this.#kernel = kernel;
    this.#outbox = outbox;
    kernel.store.define('CREATE TABLE IF NOT EXISTS ses_identities (identity TEXT PRIMARY KEY) WITHOUT ROWID;');
  }

  addIdentity(identity: string): void {
    this.#kernel.store.run('INSERT OR IGNORE INTO ses_identities (identity) VALUES (?)', identity);
  }

  call(operation: string, input: JsonObject): unknown {
    switch (operation) {
      case 'SendEmail':
        return this.#sendEmail(input);
      case 'SendRawEmail':
        return this.#sendRawEmail(input);
      case 'GetSendQuota':
        return {
          Max24HourSend: QUOTA_24_HOURS,
          MaxSendRate: RATE_PER_SECOND,
          SentLast24Hours: this.#outbox.emailsSince(this.#kernel.now() - 86_400_000),
        };
      case 'GetAccountSendingEnabled':
        return { Enabled: true };
      case 'VerifyEmailIdentity':
        this.addIdentity(required(input.EmailAddress, 'EmailAddress'));
        return {};
      case 'ListIdentities':
        return { Identities: this.#identities() };
      case 'GetIdentityVerificationAttributes': {
        const identities = (input.Identities as string[] | undefined) ?? [];
        return { VerificationAttributes: new Map(identities.map((identity) => [identity, { VerificationStatus: 'Success' }])) };
      }
      default:
        throw new AwsError('InvalidAction', `The embedded cloud's SES has no operation ${operation}.`);
    }
  }

  #sendEmail(input: JsonObject): JsonObject {
    required(input.Source, 'Source');
    const message = (input.Message ?? {}) as { Subject?: Content; Body?: { Text?: Content; Html?: Content } };
    const subject = message.Subject?.Data;
    if (subject === undefined) throw new AwsError('ValidationError', 'Missing required field: Message.Subject.Data');
    const body = message.Body?.Text?.Data ?? message.Body?.Html?.Data;
    if (body === undefined) throw new AwsError('ValidationError', 'Missing required field: Message.Body');
    return this.#accept(recipientsOf(input.Destination), labelsOf(input.Tags), body, subject);
  }

  #sendRawEmail(input: JsonObject): JsonObject {
    const data = (input.RawMessage as { Data?: string } | undefined)?.Data;
    const raw = Buffer.from(required(data, 'RawMessage.Data'), 'base64');
    if (raw.length > MESSAGE_BYTES_MAX) throw new AwsError('MessageRejected', `A message has at most ${MESSAGE_BYTES_MAX} bytes.`);
    const mail = readMime(raw);
    const given = (input.Destinations as string[] | undefined) ?? [];
    const tags = Object.fromEntries(
      (mail.headers.get('x-ses-message-tags') ?? '')
        .split(',')
        .map((pair) => pair.split('=').map((part) => part.trim()) as [string, string]),
    );
    return this.#accept(
      given.length > 0 ? given : mail.to,
      { ...tags, ...labelsOf(input.Tags) },
      mail.body,
      mail.headers.get('subject') ?? '',
    );
  }

  #accept(recipients: readonly string[], labels: OutboxLabels, body: string, subject: string): JsonObject {
    if (recipients.length === 0) throw new AwsError('InvalidParameterValue', 'Missing final recipient.');
    if (recipients.length > RECIPIENTS_MAX) throw new AwsError('InvalidParameterValue', `Recipient count exceeds ${RECIPIENTS_MAX}.`);
    for (const recipient of recipients)
      if (!/^[^@\s]+@[^@\s]+$/.test(recipient.replace(/^.*<(.*)>$/, '$1')))
        throw new AwsError('InvalidParameterValue', `Illegal address: ${recipient}`);
    this.#outbox.add('email', recipients.join(', '), labels, body, subject);
    return { MessageId: `0100${this.#kernel.uuid()}-000000` };
  }

  #identities(): string[] {
    return this.#kernel.store
      .all<{ identity: string }>('SELECT identity FROM ses_identities ORDER BY identity')
      .map(({ identity }) => identity);
  }
}

function recipientsOf(destination: unknown): string[] {
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = (destination ?? {}) as Record<string, string[]>;
  return [...ToAddresses, ...CcAddresses, ...BccAddresses];
}

function labelsOf(tags: unknown): OutboxLabels {
  const list = (tags ?? []) as { Name?: string; Value?: string }[];
  for (const { Name = '', Value = '' } of list)
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(Name) || !/^[A-Za-z0-9_.@-]{1,256}$/.test(Value))
      throw new AwsError('InvalidParameterValue', `Invalid tag ${Name}: names and values are 1-256 letters, digits, _ and -.`);
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}

function required(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new AwsError('ValidationError', `Missing required field: ${name}`);
  return value;
}
