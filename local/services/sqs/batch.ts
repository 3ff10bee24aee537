import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { bytesOfAttributes, textBytes } from './message-attributes.ts';

export const BATCH_MAX = 10;
/** Of a message, and of all of a batch. */
export const MESSAGE_BYTES_MAX = 1_048_576;

/**
 * The entries of a batch (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html).
 * @throws AwsError where the batch as a whole is refused
 */
export function batchIn(given: unknown): readonly JsonObject[] {
  const entries = entriesIn(given);
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > BATCH_MAX)
    throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${entries.length}.`);
  if (new Set(entries.map((entry) => entry.Id)).size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  for (const { Id } of entries)
    if (!/^[\w-]{1,80}$/.test(String(Id ?? '')))
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
  return entries;
}

/** Throws where the messages of a batch are together larger than one may be. */
export function assertBatchSize(given: unknown): void {
  let bytes = 0;
  for (const { MessageBody, MessageAttributes } of entriesIn(given))
    bytes += textBytes(MessageBody) + bytesOfAttributes(MessageAttributes as JsonObject | undefined);
  if (bytes > MESSAGE_BYTES_MAX)
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MESSAGE_BYTES_MAX} bytes. You have sent ${bytes} bytes.`,
    );
}

function entriesIn(given: unknown): readonly JsonObject[] {
  return Array.isArray(given) ? given.map((entry: unknown) => (entry ?? {}) as JsonObject) : [];
}
