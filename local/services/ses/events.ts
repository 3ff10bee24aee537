import type { JsonObject } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { EventType } from './configuration-sets.ts';
import type { Fate } from './outcomes.ts';

/** A mail that SES has accepted, as its events describe it. */
export interface AcceptedMail {
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** As the sender wrote it, maybe with a name. */
  readonly source: string;
  readonly recipients: readonly string[];
  readonly to: readonly string[];
  readonly subject: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string;
}

const MAIL_SERVER = 'a8-50.smtp-out.amazonses.com';
const LOOPBACK = '127.0.0.1';

/** The bare address in `Name <address>`. */
export function addressOf(text: string): string {
  const whole = text.trim();
  return whole.endsWith('>') && whole.includes('<') ? whole.slice(whole.lastIndexOf('<') + 1, -1).trim() : whole;
}

/** The `mail` of every event (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html). */
function mailObject(mail: AcceptedMail): JsonObject {
  const from = addressOf(mail.source);
  const tags = {
    'ses:configuration-set': mail.configurationSet,
    'ses:source-ip': LOOPBACK,
    'ses:from-domain': from.slice(from.indexOf('@') + 1),
    'ses:caller-identity': 'embedded',
    ...mail.tags,
  };
  return {
    timestamp: new Date(mail.at).toISOString(),
    source: mail.source,
    sourceArn: `arn:aws:ses:${REGION}:${ACCOUNT}:identity/${from}`,
    sendingAccountId: ACCOUNT,
    messageId: mail.messageId,
    destination: mail.recipients,
    headersTruncated: false,
    headers: mail.headers,
    commonHeaders: { from: [mail.source], to: mail.to, messageId: mail.messageId, subject: mail.subject },
    tags: Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])),
  };
}

export interface FeedbackEvent {
  readonly type: EventType;
  readonly body: JsonObject;
}

/** The event that tells of a fate at the instant `at`; undefined where nothing is told. */
export function feedbackEvent(mail: AcceptedMail, fate: Fate, at: number, feedbackId: string): FeedbackEvent | undefined {
  const timestamp = new Date(at).toISOString();
  const event = (type: EventType, detail: JsonObject): FeedbackEvent => ({
    type,
    body: { eventType: type, [type.toLowerCase()]: detail, mail: mailObject(mail) },
  });
  switch (fate.outcome) {
    case 'delivery':
      return event('Delivery', {
        timestamp,
        processingTimeMillis: at - mail.at,
        recipients: fate.recipients,
        smtpResponse: '250 2.6.0 Message received',
        reportingMTA: MAIL_SERVER,
      });
    case 'bounce':
    case 'transient-bounce':
      return event('Bounce', { ...bounce(fate), timestamp, feedbackId });
    case 'complaint':
      return event('Complaint', {
        complainedRecipients: fate.recipients.map((emailAddress) => ({ emailAddress })),
        timestamp,
        feedbackId,
        complaintSubType: null,
        userAgent: 'Embedded cloud',
        complaintFeedbackType: fate.reason ?? 'abuse',
        arrivalDate: timestamp,
      });
    case 'reject':
      return event('Reject', { reason: 'Bad content' });
    default:
      return undefined;
  }
}

export function sendEvent(mail: AcceptedMail): FeedbackEvent {
  return { type: 'Send', body: { eventType: 'Send', mail: mailObject(mail), send: {} } };
}

/** The enhanced status and what the server said, by the sub-type of the bounce (https://www.rfc-editor.org/rfc/rfc3463). */
const DIAGNOSTICS: Readonly<Record<string, { status: string; code: string }>> = {
  'Permanent General': { status: '5.1.1', code: 'smtp; 550 5.1.1 user unknown' },
  'Permanent NoEmail': { status: '5.1.1', code: 'smtp; 550 5.1.1 user unknown' },
  'Permanent Suppressed': {
    status: '5.1.1',
    code: 'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
  },
  'Permanent OnAccountSuppressionList': {
    status: '5.1.1',
    code: 'Amazon SES did not send the message to this address because it is on the suppression list for your account.',
  },
  'Transient MailboxFull': { status: '4.2.2', code: 'smtp; 452 4.2.2 mailbox full' },
  'Transient MessageTooLarge': { status: '5.3.4', code: 'smtp; 552 5.3.4 message size exceeds fixed limit' },
  'Transient ContentRejected': { status: '5.7.1', code: 'smtp; 550 5.7.1 message content rejected' },
  'Transient AttachmentRejected': { status: '5.7.1', code: 'smtp; 550 5.7.1 attachment rejected' },
};

function bounce({ outcome, reason, recipients }: Fate): JsonObject {
  const bounceType = outcome === 'bounce' ? 'Permanent' : 'Transient';
  const bounceSubType = reason ?? 'General';
  const diagnostic = DIAGNOSTICS[`${bounceType} ${bounceSubType}`];
  const suppressed = bounceSubType.includes('Suppress');
  return {
    bounceType,
    bounceSubType,
    bouncedRecipients: recipients.map((emailAddress) => ({
      emailAddress,
      // A general transient bounce carries no report of a mail server.
      ...(diagnostic !== undefined && { action: 'failed', status: diagnostic.status, diagnosticCode: diagnostic.code }),
    })),
    ...(diagnostic !== undefined && { reportingMTA: suppressed ? 'dns; amazonses.com' : `dns; ${MAIL_SERVER}` }),
  };
}
