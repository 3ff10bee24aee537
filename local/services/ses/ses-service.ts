import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import type { DeliveryRules } from '../delivery/delivery-rules.ts';
import { assertMembers } from '../members.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { pageOf } from '../page.ts';
import { ConfigurationSets } from './configuration-sets.ts';
import { type AcceptedMail, addressOf } from './events.ts';
import { Feedback } from './feedback.ts';
import { readMime } from './mime.ts';

interface Content {
  readonly Data?: string;
}

const RECIPIENTS_MAX = 50;
const IDENTITIES_MAX = 1000;
const MESSAGE_BYTES_MAX = 40 * 1024 * 1024;
const QUOTA_24_HOURS = 50_000;
const RATE_PER_SECOND = 14;

/** A mail that a sender hands over. */
interface Outgoing extends Omit<AcceptedMail, 'messageId' | 'at' | 'configurationSet'> {
  readonly configurationSet: string | undefined;
  readonly body: string;
  readonly html: string | undefined;
}

/** SES version 1: mail goes to the outbox; every sender counts as verified; what became of it is told through configuration sets. */
export class SesService implements Service {
  readonly name = 'ses';
  readonly #kernel: Kernel;
  readonly #outbox: Outbox;
  readonly #rules: DeliveryRules;
  readonly #sets = new ConfigurationSets();
  readonly #feedback: Feedback;

  constructor(kernel: Kernel, outbox: Outbox, rules: DeliveryRules) {
    this.#kernel = kernel;
    this.#outbox = outbox;
    this.#rules = rules;
    this.#feedback = new Feedback(kernel, rules, this.#sets);
    kernel.store.define('CREATE TABLE IF NOT EXISTS ses_identities (identity TEXT PRIMARY KEY) WITHOUT ROWID;');
  }

  addIdentity(identity: string): void {
    this.#kernel.store.run('INSERT OR IGNORE INTO ses_identities (identity) VALUES (?)', identity);
  }

  /** The configuration sets, for the template to fill. */
  configurationSets(): ConfigurationSets {
    return this.#sets;
  }

  resume(): void {
    this.#feedback.resume();
  }

  onTimer(key: string): Promise<void> {
    return this.#feedback.publish(Number(key));
  }

  call(operation: string, input: JsonObject): unknown {
    assertMembers(this.name, operation, input, 'InvalidParameterValue');
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
        return this.#listIdentities(input);
      case 'GetIdentityVerificationAttributes': {
        const identities = (input.Identities as string[] | undefined) ?? [];
        return { VerificationAttributes: new Map(identities.map((identity) => [identity, { VerificationStatus: 'Success' }])) };
      }
      default:
        throw new AwsError('InvalidAction', `The embedded cloud's SES has no operation ${operation}.`);
    }
  }

  #sendEmail(input: JsonObject): JsonObject {
    const source = required(input.Source, 'Source');
    const message = (input.Message ?? {}) as { Subject?: Content; Body?: { Text?: Content; Html?: Content } };
    const subject = message.Subject?.Data;
    if (subject === undefined) throw new AwsError('ValidationError', 'Missing required field: Message.Subject.Data');
    const body = message.Body?.Text?.Data ?? message.Body?.Html?.Data;
    if (body === undefined) throw new AwsError('ValidationError', 'Missing required field: Message.Body');
    const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = (input.Destination ?? {}) as Record<string, string[]>;
    const replyTo = (input.ReplyToAddresses as string[] | undefined) ?? [];
    for (const address of replyTo) assertAddress(address);
    return this.#accept({
      source,
      recipients: [...ToAddresses, ...CcAddresses, ...BccAddresses],
      to: ToAddresses,
      subject,
      body,
      html: message.Body?.Html?.Data,
      tags: tagsOf(input.Tags),
      configurationSet: input.ConfigurationSetName as string | undefined,
      headers: [
        { name: 'From', value: source },
        { name: 'To', value: ToAddresses.join(', ') },
        ...(CcAddresses.length === 0 ? [] : [{ name: 'Cc', value: CcAddresses.join(', ') }]),
        ...(replyTo.length === 0 ? [] : [{ name: 'Reply-To', value: replyTo.join(', ') }]),
        { name: 'Subject', value: subject },
        { name: 'MIME-Version', value: '1.0' },
        { name: 'Content-Type', value: contentTypeOf(message.Body) },
      ],
    });
  }

  #sendRawEmail(input: JsonObject): JsonObject {
    const data = (input.RawMessage as { Data?: string } | undefined)?.Data;
    const raw = Buffer.from(required(data, 'RawMessage.Data'), 'base64');
    if (raw.length > MESSAGE_BYTES_MAX) throw new AwsError('MessageRejected', `A message has at most ${MESSAGE_BYTES_MAX} bytes.`);
    const mail = readMime(raw);
    const given = (input.Destinations as string[] | undefined) ?? [];
    const headerTags = (mail.headers.get('x-ses-message-tags') ?? '').split(',').map((pair) => pair.split('=').map((part) => part.trim()));
    const source = (input.Source as string | undefined) ?? mail.headers.get('from');
    if (source === undefined) throw new AwsError('InvalidParameterValue', "Missing required header 'From'.");
    return this.#accept({
      source,
      recipients: given.length > 0 ? given : mail.to,
      to: (mail.headers.get('to') ?? '').split(',').map((address) => address.trim()),
      subject: mail.headers.get('subject') ?? '',
      body: mail.body,
      html: mail.html,
      tags: { ...Object.fromEntries(headerTags.filter(([name = '']) => name !== '') as [string, string][]), ...tagsOf(input.Tags) },
      configurationSet: (input.ConfigurationSetName as string | undefined) ?? mail.headers.get('x-ses-configuration-set'),
      headers: mail.fields.filter(({ name }) => name.toLowerCase() !== 'x-ses-configuration-set'),
    });
  }

  #accept(mail: Outgoing): JsonObject {
    const { source, recipients, tags, subject, body } = mail;
    if (recipients.length === 0) throw new AwsError('InvalidParameterValue', 'Missing final recipient.');
    if (recipients.length > RECIPIENTS_MAX) throw new AwsError('InvalidParameterValue', `Recipient count exceeds ${RECIPIENTS_MAX}.`);
    for (const address of [source, ...recipients]) assertAddress(address);
    const addresses = recipients.map(addressOf);
    const configurationSet = this.#sets.of(mail.configurationSet, addressOf(source));
    if (this.#rules.throttles('ses', addresses)) throw new AwsError('ThrottlingException', 'Maximum sending rate exceeded.');
    this.#outbox.add('email', recipients.join(', '), tags, body, subject, mail.html);
    const messageId = `0100${this.#kernel.uuid()}-000000`;
    if (configurationSet !== undefined)
      this.#feedback.accepted({ ...mail, recipients: addresses, configurationSet, messageId, at: this.#kernel.now() }, body);
    return { MessageId: messageId };
  }

  /** https://docs.aws.amazon.com/ses/latest/APIReference/API_ListIdentities.html */
  #listIdentities(input: JsonObject): JsonObject {
    const { IdentityType: type, MaxItems = IDENTITIES_MAX } = input;
    if (type !== undefined && type !== 'EmailAddress' && type !== 'Domain')
      throw new AwsError('ValidationError', 'IdentityType must be EmailAddress or Domain');
    const limit = Number(MaxItems);
    if (!Number.isInteger(limit) || limit < 1 || limit > IDENTITIES_MAX)
      throw new AwsError('ValidationError', `MaxItems must be 1 to ${IDENTITIES_MAX}`);
    const chosen = this.#identities().filter((identity) => type === undefined || identity.includes('@') === (type === 'EmailAddress'));
    const invalid = () => new AwsError('InvalidParameterValue', 'NextToken is none of this list.');
    const { items, next } = pageOf(chosen, (identity) => identity, { token: input.NextToken, limit, invalid });
    return { Identities: items, NextToken: next };
  }

  #identities(): string[] {
    return this.#kernel.store
      .all<{ identity: string }>('SELECT identity FROM ses_identities ORDER BY identity')
      .map(({ identity }) => identity);
  }
}

function assertAddress(text: string): void {
  if (!/^[^@\s]+@[^@\s]+$/.test(addressOf(text)) || /[\r\n]/.test(text))
    throw new AwsError('InvalidParameterValue', `Illegal address: ${text.slice(0, 320)}`);
}

function contentTypeOf(body: { Text?: Content; Html?: Content } | undefined): string {
  if (body?.Text !== undefined && body.Html !== undefined) return 'multipart/alternative; boundary="embedded"';
  return `text/${body?.Html === undefined ? 'plain' : 'html'}; charset=UTF-8`;
}

function tagsOf(tags: unknown): Record<string, string> {
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
