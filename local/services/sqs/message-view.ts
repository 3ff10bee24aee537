import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { md5 } from '../../kernel/md5.ts';
import { ACCOUNT } from '../../template/intrinsics.ts';
import { md5OfMessageAttributes } from './message-attributes.ts';
import type { MessageRow } from './messages.ts';
import { arnOf } from './queue-arn.ts';

/** A message that was just received. */
export interface ReceivedMessage {
  readonly row: MessageRow;
  readonly receipt: string;
  /** How often it was received from this queue, this time counted. */
  readonly receiveCount: number;
  /** Milliseconds since the epoch. */
  readonly firstReceivedAt: number;
}

/** A message as `ReceiveMessage` answers it, with the attributes asked for. */
export function describe(message: ReceivedMessage, system: readonly string[], wanted: readonly string[]): JsonObject {
  const { row } = message;
  const chosen =
    system.length === 0
      ? []
      : Object.entries(systemAttributes(message)).filter(([name]) => system.includes('All') || system.includes(name));
  const attributes = row.attributes === null || wanted.length === 0 ? {} : (JSON.parse(row.attributes) as JsonObject);
  const visible = Object.entries(attributes).filter(([name]) =>
    wanted.some(
      (pattern) =>
        pattern === 'All' || pattern === '.*' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))),
    ),
  );
  return {
    MessageId: row.messageId,
    ReceiptHandle: message.receipt,
    Body: row.body,
    MD5OfBody: md5(row.body),
    ...(chosen.length > 0 && { Attributes: Object.fromEntries(chosen) }),
    ...(visible.length > 0 && {
      MessageAttributes: Object.fromEntries(visible),
      MD5OfMessageAttributes: md5OfMessageAttributes(Object.fromEntries(visible)),
    }),
  };
}

/** The system attributes of a message just received; times are milliseconds since the epoch, as text. */
export function systemAttributes(message: ReceivedMessage): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.row.earlierReceives + message.receiveCount),
    SentTimestamp: String(message.row.sentAt),
    SenderId: ACCOUNT,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.row.source !== null && { DeadLetterQueueSourceArn: arnOf(message.row.source) }),
  };
}

export function receiptOf(id: number, receives: number): string {
  return Buffer.from(`${id}:${receives}`).toString('base64url');
}

export function readReceipt(handle: unknown): { id: number; receives: number } {
  const match = /^(\d+):(\d+)$/.exec(Buffer.from(String(handle), 'base64url').toString());
  if (match === null)
    throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${String(handle)}" is not a valid receipt handle.`);
  return { id: Number(match[1]), receives: Number(match[2]) };
}
