import type { JsonObject, Kernel } from '../../kernel/kernel.ts';

/** The services a failed event can be handed to. */
export function isDestination(arn: string): boolean {
  return arn.startsWith('arn:aws:sqs:') || arn.startsWith('arn:aws:sns:');
}

/** Hands a text to a queue or a topic, with text attributes. */
export async function sendToDestination(kernel: Kernel, arn: string, body: string, attributes: Record<string, string> = {}): Promise<void> {
  const MessageAttributes: JsonObject = Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value !== '')
      .map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  if (arn.startsWith('arn:aws:sns:')) await kernel.call('sns', 'Publish', { TopicArn: arn, Message: body, MessageAttributes }, 'lambda');
  else
    await kernel.call(
      'sqs',
      'SendMessage',
      { QueueUrl: arn.slice(arn.lastIndexOf(':') + 1), MessageBody: body, MessageAttributes },
      'lambda',
    );
}
