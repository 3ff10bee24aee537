import { gunzipSync } from 'node:zlib';
import type * as z from 'zod';
import { toInstant, toMillis } from '../../domain/calendar.ts';
import type { DeliveryReport } from '../../domain/record/delivery.ts';
import { logBatch, logEvent, type MailEvent, mailEvent, type TextStatus, textStatus, topicEvent } from '../contract/feedback.ts';

/** What SES and SNS report of messages, in our words. */

/** One report: on the contact that its message was tagged with, or on the message that the provider knows by this reference. */
export type Feedback = { readonly id: string } & (
  | { readonly kind: 'report'; readonly report: DeliveryReport; readonly contactId: string }
  | { readonly kind: 'report'; readonly report: DeliveryReport; readonly providerRef: string }
  /** Says nothing that we ask for. */
  | { readonly kind: 'ignored' }
  /** Not what AWS documents: somebody has to look at it. */
  | { readonly kind: 'unreadable' }
);

/** Unpacked a batch has at most some megabytes. */
const UNPACKED_BYTES_MAX = 32 * 1024 * 1024;

/** The reports of one invocation, by a topic or by a log's subscription. @throws ZodError, or what unpacking throws */
export function readFeedback(event: unknown): Feedback[] {
  const log = logEvent.safeParse(event);
  if (!log.success) return topicEvent.parse(event).Records.map(({ Sns }) => readMail(Sns.MessageId, Sns.Message));
  const unpacked = gunzipSync(Buffer.from(log.data.awslogs.data, 'base64'), { maxOutputLength: UNPACKED_BYTES_MAX });
  const { messageType, logEvents } = logBatch.parse(parsed(unpacked.toString('utf8')));
  return messageType === 'CONTROL_MESSAGE' ? [] : logEvents.map(({ id, message }) => readText(id, message));
}

/** Undefined for what is no JSON: the parser's own error would quote it. */
function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

// ---- mail --------------------------------------------------------------------------------------------------------------

const ASKED_FOR: readonly unknown[] = mailEvent.options.map((option) => option.shape.eventType.value);

/** When a destination is made SES greets the topic with a sentence that is no JSON. */
function readMail(id: string, message: string): Feedback {
  const body = parsed(message);
  const type = (body as { eventType?: unknown } | undefined)?.eventType;
  if (body === undefined || (typeof type === 'string' && !ASKED_FOR.includes(type))) return { id, kind: 'ignored' };
  const result: z.ZodSafeParseResult<MailEvent> = mailEvent.safeParse(body);
  if (!result.success) return { id, kind: 'unreadable' };
  const report = reportOnMail(result.data);
  const [contactId] = result.data.mail.tags.contactId ?? [];
  return report === undefined || contactId === undefined ? { id, kind: 'ignored' } : { id, kind: 'report', report, contactId };
}

/**
 * Delivered means taken by the recipient's mail server. Only a permanent bounce is an end: the others are mailboxes that are full or
 * answer by themselves. A complaint proves that the mail arrived. What SES rejects is our text, not the address.
 */
function reportOnMail(event: MailEvent): DeliveryReport | undefined {
  const how = 'provider';
  switch (event.eventType) {
    case 'Delivery':
      return { how, status: 'delivered', at: event.delivery.timestamp };
    case 'Bounce': {
      const { bounceType, timestamp: at, feedbackId: proofRef } = event.bounce;
      return { how, status: bounceType === 'Permanent' ? 'bounced' : 'failed', at, proofRef };
    }
    case 'Complaint': {
      const { complaintFeedbackType: type, timestamp: at, feedbackId: proofRef } = event.complaint;
      return type === 'not-spam' ? undefined : { how, status: 'delivered', at, proofRef, finding: 'complained' };
    }
    case 'Reject':
      return { how, status: 'refused', at: event.mail.timestamp, ownFault: true };
  }
}

// ---- text messages -----------------------------------------------------------------------------------------------------

function readText(id: string, message: string): Feedback {
  const result: z.ZodSafeParseResult<TextStatus> = textStatus.safeParse(parsed(message));
  if (!result.success) return { id, kind: 'unreadable' };
  const report = reportOnText(result.data);
  // That it was taken is on the record since it was sent.
  if (report.status === 'accepted') return { id, kind: 'ignored' };
  return { id, kind: 'report', report, providerRef: result.data.notification.messageId };
}

/** What our own text or account is to blame for says nothing of the number. */
const OWN_FAULT = /quota|max price|message body is invalid|as spam|has blocked this message/i;

/**
 * A carrier that took a message has not delivered it: only the phone's own answer says so. The reasons of failures are sentences.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
 */
function reportOnText({ notification, delivery, status }: TextStatus): DeliveryReport {
  const { providerResponse: response, dwellTimeMs, dwellTimeMsUntilDeviceAck } = delivery;
  const at = toInstant(toMillis(notification.timestamp) + (dwellTimeMsUntilDeviceAck ?? dwellTimeMs ?? 0));
  const how = 'provider';
  if (status === 'SUCCESS') return { how, at, status: /by phone carrier/i.test(response) ? 'accepted' : 'delivered' };
  if (/invalid phone number/i.test(response)) return { how, at, status: 'bounced' };
  if (/opted out/i.test(response)) return { how, at, status: 'refused', finding: 'opted-out' };
  return { how, at, status: 'failed', ...(OWN_FAULT.test(response) ? { ownFault: true as const } : {}) };
}
