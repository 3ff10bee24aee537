import { AwsError } from '../kernel/errors.ts';
import type { Caller, JsonObject } from '../kernel/kernel.ts';
import type { WireRequest } from './message.ts';
import { assertShape } from './shapes.ts';

const ROOT = '/v2/email';

/** Whether a path is one of the second version of SES, which speaks JSON over REST. */
export function isSesV2(path: string): boolean {
  return path.startsWith(`${ROOT}/`);
}

/**
 * `SendEmail` of SES's second version, as what the first one calls it
 * (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html).
 * @throws AwsError as the second version names it
 */
export async function answerSesV2(kernel: Pick<Caller, 'call'>, { method, path, body }: WireRequest, origin: string): Promise<JsonObject> {
  if (method !== 'POST' || path !== `${ROOT}/outbound-emails`)
    throw new AwsError(
      'UnknownOperationException',
      `The embedded cloud's SES version 2 has no operation for ${method} ${path.slice(0, 200)}.`,
      404,
    );
  const [operation, input] = firstVersionOf(structure(parsed(body), 'The request'));
  assertShape('ses', operation, input, 'BadRequestException');
  try {
    return (await kernel.call('ses', operation, input, origin)) as JsonObject;
  } catch (error) {
    throw error instanceof AwsError ? new AwsError(CODES[error.code] ?? error.code, error.message, error.status, error.extra) : error;
  }
}

const CODES: Readonly<Record<string, string>> = {
  ConfigurationSetDoesNotExistException: 'NotFoundException',
  InvalidParameterValue: 'BadRequestException',
  ValidationError: 'BadRequestException',
  ThrottlingException: 'TooManyRequestsException',
};

const MEMBERS: readonly string[] = ['ConfigurationSetName', 'Content', 'Destination', 'EmailTags', 'FromEmailAddress', 'ReplyToAddresses'];

function firstVersionOf(request: JsonObject): [operation: string, input: JsonObject] {
  assertOnly(request, MEMBERS, 'SendEmail');
  const content = structure(request.Content, 'Content');
  assertOnly(content, ['Raw', 'Simple'], 'Content');
  if (content.Raw !== undefined && content.Simple !== undefined) throw bad('Content must have Simple or Raw, not both.');
  const destination = request.Destination === undefined ? {} : structure(request.Destination, 'Destination');
  assertOnly(destination, ['ToAddresses', 'CcAddresses', 'BccAddresses'], 'Destination');
  const common = { Source: request.FromEmailAddress, ConfigurationSetName: request.ConfigurationSetName, Tags: request.EmailTags };
  if (content.Raw !== undefined) {
    const addresses = Object.values(destination).flat();
    if (request.ReplyToAddresses !== undefined) throw bad('ReplyToAddresses: raw mail says itself where answers go.');
    const raw = structure(content.Raw, 'Content.Raw');
    assertOnly(raw, ['Data'], 'Content.Raw');
    const { Data } = raw;
    return ['SendRawEmail', defined({ ...common, RawMessage: { Data }, Destinations: addresses.length > 0 ? addresses : undefined })];
  }
  if (content.Simple === undefined) throw bad('Content must have Simple or Raw.');
  const simple = structure(content.Simple, 'Content.Simple');
  assertOnly(simple, ['Subject', 'Body'], 'Content.Simple');
  const { Subject, Body } = simple;
  return [
    'SendEmail',
    defined({ ...common, Destination: destination, Message: { Subject, Body }, ReplyToAddresses: request.ReplyToAddresses }),
  ];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
}

function structure(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${name} must be a structure.`);
  return value as JsonObject;
}

function assertOnly(value: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw bad(`The embedded cloud's SES version 2 has no ${unknown.join(', ').slice(0, 200)} in ${where}.`);
}

function defined(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));
}

function bad(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
