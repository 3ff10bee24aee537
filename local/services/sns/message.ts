import { AwsError } from '../../kernel/errors.ts';
import type { AttributeValues } from './notification.ts';

/** What `Publish` takes (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */

const MESSAGE_BYTES_MAX = 262_144;
const SMS_BYTES_MAX = 1600;
const SUBJECT_LENGTH_MAX = 100;

/** A message's text for each kind of subscriber. */
export interface MessageTexts {
  /** What was given, of whatever structure. */
  readonly given: string;
  for(protocol: string): string;
}

export function messageTexts(message: unknown, structure: unknown): MessageTexts {
  if (typeof message !== 'string' || message === '') throw invalid('Empty message');
  if (structure === undefined) return { given: message, for: () => message };
  if (structure !== 'json')
    throw invalid(`Message Structure - Invalid MessageStructure parameter value: ${String(structure).slice(0, 100)}`);
  const texts = textsIn(message);
  const fallback = texts.default;
  if (typeof fallback !== 'string') throw invalid('Message Structure - No default entry in JSON message body');
  return {
    given: message,
    for(protocol) {
      const own = Object.hasOwn(texts, protocol) ? texts[protocol] : undefined;
      return typeof own === 'string' ? own : fallback;
    },
  };
}

function textsIn(message: string): Record<string, unknown> {
  try {
    const texts: unknown = JSON.parse(message);
    if (typeof texts === 'object' && texts !== null && !Array.isArray(texts)) return texts as Record<string, unknown>;
  } catch {
    // Said below, as for any other JSON.
  }
  throw invalid('Message Structure - JSON message body failed to parse');
}

/** Attributes count as AWS counts them: names, types and values. */
export function assertSize(message: string, attributes: AttributeValues): void {
  let bytes = Buffer.byteLength(message);
  for (const [name, { DataType = '', StringValue = '', BinaryValue = '' }] of Object.entries(attributes))
    bytes +=
      Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue) + Buffer.byteLength(BinaryValue, 'base64');
  if (bytes > MESSAGE_BYTES_MAX) throw invalid('Message too long');
}

/** ASCII text of one line, that begins with a letter, digit or punctuation mark. */
export function subjectOf(given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined;
  const subject = String(given);
  if (subject.length > SUBJECT_LENGTH_MAX || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject)) throw invalid('Subject');
  return subject;
}

export function assertText(phoneNumber: string, message: string): void {
  if (!/^\+?[1-9]\d{1,14}$/.test(phoneNumber.replace(/[ ().-]/g, '')))
    throw invalid(`PhoneNumber Reason: ${phoneNumber} is not valid to publish to`);
  if (Buffer.byteLength(message) > SMS_BYTES_MAX) throw invalid(`Message Reason: a text message has at most ${SMS_BYTES_MAX} bytes`);
}

/** https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html */
const TEXT_ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  'AWS.SNS.SMS.SMSType': /^(Promotional|Transactional)$/,
  'AWS.SNS.SMS.SenderID': /^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/,
};

export function checkAttributes(given: unknown): AttributeValues {
  const attributes = (given ?? {}) as AttributeValues;
  for (const [name, value] of Object.entries(attributes)) {
    const { DataType = '', StringValue = '', BinaryValue = '' } = value ?? {};
    if (!/^(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/.test(name))
      throw invalidValue(`The message attribute name '${name.slice(0, 300)}' is invalid.`);
    if (!/^(String|Number|Binary|String\.Array)(\..+)?$/.test(DataType))
      throw invalidValue(`The message attribute '${name}' has an invalid message attribute type.`);
    if ((DataType.startsWith('Binary') ? BinaryValue : StringValue) === '')
      throw invalidValue(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    if (DataType.startsWith('Number') && !Number.isFinite(Number(StringValue)))
      throw invalidValue(`The message attribute '${name}' must be a number for message attribute type '${DataType}'.`);
    if (TEXT_ATTRIBUTES[name]?.test(StringValue) === false)
      throw invalid(`${name.slice('AWS.SNS.SMS.'.length)}: ${StringValue.slice(0, 100)}`);
  }
  return attributes;
}

function invalidValue(message: string): AwsError {
  return new AwsError('ParameterValueInvalid', message);
}

export function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
}
