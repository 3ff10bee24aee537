import { gzipSync } from 'node:zlib';

/** What AWS sends of messages, in its own shapes, with the personal data that they carry. */

const PHONE = '+8613800138000';
const EMAIL = 'wang@example.com';

/** @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html */
export function aMailEvent(eventType: string, contactId: string | undefined, at: string, more: object = {}): object {
  const mail = {
    timestamp: at,
    source: 'Bank <notices@bank.example>',
    sourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/bank.example',
    sendingAccountId: '000000000000',
    messageId: 'EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000',
    destination: [EMAIL],
    headersTruncated: false,
    headers: [{ name: 'To', value: EMAIL }],
    commonHeaders: { from: ['notices@bank.example'], to: [EMAIL], subject: '还款提醒' },
    tags: {
      'ses:configuration-set': ['overdue-journeys'],
      'ses:source-ip': ['192.0.2.0'],
      accountId: ['acc-1'],
      ...(contactId === undefined ? {} : { contactId: [contactId] }),
    },
  };
  return { eventType, mail, ...more };
}

export function aDelivery(contactId: string, at: string): object {
  const delivery = { timestamp: at, processingTimeMillis: 3959, recipients: [EMAIL], smtpResponse: `250 ok ${EMAIL}` };
  return aMailEvent('Delivery', contactId, at, { delivery });
}

export function aBounce(contactId: string, at: string, bounceType: 'Permanent' | 'Transient' | 'Undetermined' = 'Permanent'): object {
  const bounce = {
    bounceType,
    bounceSubType: 'General',
    bouncedRecipients: [{ emailAddress: EMAIL, action: 'failed', status: '5.1.1', diagnosticCode: `smtp; 550 5.1.1 <${EMAIL}>: unknown` }],
    timestamp: at,
    feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
    reportingMTA: 'dsn; mta.example.com',
  };
  return aMailEvent('Bounce', contactId, at, { bounce });
}

export function aComplaint(contactId: string, at: string, complaintFeedbackType = 'abuse'): object {
  const complaint = {
    complainedRecipients: [{ emailAddress: EMAIL }],
    timestamp: at,
    feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8bexample-000000',
    userAgent: 'Amazon SES Mailbox Simulator',
    complaintFeedbackType,
    arrivalDate: at,
  };
  return aMailEvent('Complaint', contactId, at, { complaint });
}

/** What a topic's subscription hands a function. */
export function onTopic(...messages: readonly (object | string)[]): object {
  return {
    Records: messages.map((message, index) => ({
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: 'arn:aws:sns:us-east-1:000000000000:overdue-journeys-mail-feedback:1',
      Sns: {
        Type: 'Notification',
        MessageId: `n-${index}`,
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:overdue-journeys-mail-feedback',
        Subject: 'Amazon SES Email Event Notification',
        Message: typeof message === 'string' ? message : JSON.stringify(message),
        Timestamp: '2026-03-06T02:00:00.000Z',
        MessageAttributes: {},
      },
    })),
  };
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html */
export function aTextStatus(providerRef: string, at: string, providerResponse: string, status: 'SUCCESS' | 'FAILURE' = 'FAILURE'): object {
  return {
    notification: { messageId: providerRef, timestamp: at.replace('T', ' ').replace(/(\.\d{3})?Z$/, '.558') },
    delivery: {
      phoneCarrier: 'My Phone Carrier',
      mnc: 270,
      numberOfMessageParts: 1,
      destination: PHONE,
      priceInUSD: 0.00645,
      smsType: 'Transactional',
      mcc: 460,
      providerResponse,
      dwellTimeMs: 599,
      dwellTimeMsUntilDeviceAck: 1344,
    },
    status,
  };
}

/** What a log's subscription hands a function. */
export function inLog(...messages: readonly (object | string)[]): object {
  const batch = {
    messageType: 'DATA_MESSAGE',
    owner: '000000000000',
    logGroup: 'sns/us-east-1/000000000000/DirectPublishToPhoneNumber/Failure',
    logStream: '2e0ffcf4-a2cd-4a32-9ca5-b9d7b9dba3a2',
    subscriptionFilters: ['text-messages'],
    logEvents: messages.map((message, index) => ({
      id: `3195310660696698337880902507980421114328961542429${index}`,
      timestamp: 1_772_763_600_000,
      message: typeof message === 'string' ? message : JSON.stringify(message),
    })),
  };
  return packed(batch);
}

export function packed(batch: object): object {
  return { awslogs: { data: gzipSync(JSON.stringify(batch)).toString('base64') } };
}
