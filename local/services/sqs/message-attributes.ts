import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';

interface AttributeValue {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

const ATTRIBUTES_MAX = 10;

/** The attributes of a message, checked; undefined where there are none. */
export function checkMessageAttributes(given: unknown): JsonObject | undefined {
  if (given === undefined || given === null) return undefined;
  const names = Object.keys(given);
  if (names.length === 0) return undefined;
  if (names.length > ATTRIBUTES_MAX)
    throw new AwsError('InvalidParameterValue', `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`);
  for (const [name, value] of Object.entries(given as Record<string, AttributeValue>)) {
    if (!/^(?!(aws|amazon)\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i.test(name))
      throw new AwsError('InvalidParameterValue', `Message (user) attribute name '${name.slice(0, 300)}' is invalid.`);
    if (!/^(String|Number|Binary)(\..+)?$/.test(value?.DataType ?? ''))
      throw new AwsError(
        'InvalidParameterValue',
        `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
      );
    const other = Object.keys(value).find((member) => !['DataType', 'StringValue', 'BinaryValue'].includes(member));
    if (other !== undefined) throw new AwsError('UnsupportedOperation', `Message attribute ${other} is not supported: '${name}'.`);
    if (value.DataType?.startsWith('Number') === true && !isDecimal(value.StringValue))
      throw new AwsError('InvalidParameterValue', `Can't cast the value of message (user) attribute '${name}' to a number.`);
    if (!(value.DataType?.startsWith('Binary') === true ? value.BinaryValue : value.StringValue))
      throw new AwsError('InvalidParameterValue', `The message (user) attribute '${name}' must contain a non-empty value.`);
  }
  return given as JsonObject;
}

function isDecimal(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '' && Number.isFinite(Number(text));
}

/** What the attributes count of a message's size: their names, types and values. */
export function bytesOfAttributes(attributes: JsonObject | undefined): number {
  if (attributes === undefined || attributes === null) return 0;
  let bytes = 0;
  for (const [name, value] of Object.entries(attributes)) {
    const { DataType, StringValue, BinaryValue } = (value ?? {}) as AttributeValue;
    bytes += textBytes(name) + textBytes(DataType) + textBytes(StringValue);
    if (typeof BinaryValue === 'string') bytes += Buffer.byteLength(BinaryValue, 'base64');
  }
  return bytes;
}

export function textBytes(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : 0;
}

/**
 * The digest that clients compare
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation).
 */
export function md5OfMessageAttributes(attributes: JsonObject): string {
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name] as AttributeValue;
    add(Buffer.from(name));
    add(Buffer.from(value.DataType ?? ''));
    const binary = value.DataType?.startsWith('Binary') === true;
    hash.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? Buffer.from(value.BinaryValue ?? '', 'base64') : Buffer.from(value.StringValue ?? ''));
  }
  return hash.digest('hex');
}
