import * as z from 'zod';
import { instant } from './values.ts';

/** What AWS tells of messages that it took: only the fields that are read. The rest holds addresses and texts, and is left alone. */

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export const topicEvent = z.object({
  Records: z.array(z.object({ Sns: z.object({ MessageId: z.string(), Message: z.string() }) })).max(100),
});

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
export const logEvent = z.object({ awslogs: z.object({ data: z.base64() }) });

/** The same, unpacked. A control message only asks whether anybody listens. */
export const logBatch = z.object({
  messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
  logEvents: z.array(z.object({ id: z.string(), message: z.string() })).max(20_000),
});

const mail = z.object({ timestamp: instant, tags: z.record(z.string(), z.array(z.string())).default({}) });
const feedbackId = z.string().min(1).max(256);

/** @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
export const mailEvent = z.discriminatedUnion('eventType', [
  z.object({ eventType: z.literal('Delivery'), mail, delivery: z.object({ timestamp: instant }) }),
  z.object({
    eventType: z.literal('Bounce'),
    mail,
    bounce: z.object({ bounceType: z.string(), timestamp: instant, feedbackId }),
  }),
  z.object({
    eventType: z.literal('Complaint'),
    mail,
    complaint: z.object({ timestamp: instant, feedbackId, complaintFeedbackType: z.string().nullish() }),
  }),
  z.object({ eventType: z.literal('Reject'), mail }),
]);
export type MailEvent = z.infer<typeof mailEvent>;

const dwellMillis = z
  .number()
  .min(0)
  .max(7 * 86_400_000)
  .optional();

/** @see https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html */
export const textStatus = z.object({
  notification: z.object({
    messageId: z.string().min(1).max(128),
    timestamp: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,9})?$/, 'must be a UTC time such as 2016-06-28 00:40:34.558')
      .transform((value) => `${value.replace(' ', 'T')}Z`)
      .pipe(instant),
  }),
  delivery: z.object({
    providerResponse: z.string().max(1000).default(''),
    dwellTimeMs: dwellMillis,
    dwellTimeMsUntilDeviceAck: dwellMillis,
  }),
  status: z.enum(['SUCCESS', 'FAILURE']),
});
export type TextStatus = z.infer<typeof textStatus>;
