import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';

/** What Lambda tells of an asynchronous invocation that is over: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export interface InvocationRecord extends JsonObject {
  readonly requestContext: { readonly functionArn: string; readonly condition: string };
}

/** The services a failed event, or a failed batch, can be handed to as it is. */
export function isDeadLetterTarget(arn: string): boolean {
  return arn.startsWith('arn:aws:sqs:') || arn.startsWith('arn:aws:sns:');
}

/** The services an invocation's record can be handed to; a bucket takes those of failures only. */
export function isDestination(arn: string, isOfFailures: boolean): boolean {
  const isBucket = arn.startsWith('arn:aws:s3:::') && !arn.includes('/');
  return isDeadLetterTarget(arn) || /^arn:aws:(?:lambda|events):/.test(arn) || (isOfFailures && isBucket);
}

/** Hands a text to a queue or a topic. */
export async function sendDeadLetter(kernel: Kernel, arn: string, body: string, MessageAttributes: JsonObject = {}): Promise<void> {
  if (arn.startsWith('arn:aws:sns:')) await kernel.call('sns', 'Publish', { TopicArn: arn, Message: body, MessageAttributes }, 'lambda');
  else await kernel.call('sqs', 'SendMessage', { QueueUrl: nameIn(arn), MessageBody: body, MessageAttributes }, 'lambda');
}

/**
 * Hands the record of an invocation to its destination
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations).
 */
export async function sendRecord(kernel: Kernel, arn: string, functionName: string, record: InvocationRecord): Promise<void> {
  const text = JSON.stringify(record);
  if (arn.startsWith('arn:aws:lambda:'))
    await kernel.call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: text }, 'lambda');
  else if (arn.startsWith('arn:aws:events:')) await putOnBus(kernel, arn, record, text);
  else if (arn.startsWith('arn:aws:s3:')) {
    await kernel.call('s3', 'PutObject', { Bucket: nameIn(arn), Key: keyOf(kernel, functionName), Body: text }, 'lambda');
  } else await sendDeadLetter(kernel, arn, text);
}

/**
 * Lambda puts the event with the rights of the function's role, to which sources of AWS's own are closed: it is `lambda`, as rules of
 * applications on AWS have it, and CDK's page on destinations.
 */
async function putOnBus(kernel: Kernel, arn: string, { requestContext: { functionArn, condition } }: InvocationRecord, Detail: string) {
  const entry = {
    EventBusName: arn,
    Source: 'lambda',
    DetailType: `Lambda Function Invocation Result - ${condition === 'Success' ? 'Success' : 'Failure'}`,
    Detail,
    Resources: [functionArn, arn],
  };
  const { Entries } = (await kernel.call('events', 'PutEvents', { Entries: [entry] }, 'lambda')) as { Entries: JsonObject[] };
  const [{ ErrorCode, ErrorMessage } = {} as JsonObject] = Entries;
  if (ErrorCode !== undefined) throw new AwsError(String(ErrorCode), String(ErrorMessage));
}

/** `aws/lambda/async/<function>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<UUID>` */
function keyOf(kernel: Kernel, functionName: string): string {
  const [date = '', time = ''] = new Date(kernel.now()).toISOString().slice(0, 19).split('T');
  return `aws/lambda/async/${functionName}/${date.replaceAll('-', '/')}/${date}T${time.replaceAll(':', '.')}-${kernel.uuid()}`;
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
