import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';

/** Reads one operation's input: refuses unknown members, and answers each member with its type checked. */
export class Request {
  readonly #input: JsonObject;

  constructor(input: JsonObject, members: readonly string[]) {
    this.#input = input;
    for (const key of Object.keys(input))
      if (!members.includes(key)) throw invalid(`The member '${key}' is not known; known are ${members.join(', ')}`);
  }

  text(member: string, max: number): string {
    const value = this.optionalText(member, max);
    if (value === undefined) throw invalid(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
    return value;
  }

  optionalText(member: string, max: number): string | undefined {
    const value = this.#input[member];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw invalid(`The member '${member}' must be a string`);
    if (value.length > max)
      throw invalid(`Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${max}`);
    return value;
  }

  flag(member: string, otherwise: boolean): boolean {
    const value = this.#input[member];
    if (value === undefined || value === null) return otherwise;
    if (typeof value !== 'boolean') throw invalid(`The member '${member}' must be true or false`);
    return value;
  }

  /** One of a few words; undefined where it is not given. */
  word(member: string, words: readonly string[]): string | undefined {
    const value = this.optionalText(member, 80);
    if (value !== undefined && !words.includes(value))
      throw invalid(
        `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(', ')}]`,
      );
    return value;
  }

  integer(member: string, least: number, most: number): number | undefined {
    const value = this.number(member, least, most);
    if (value !== undefined && !Number.isInteger(value)) throw invalid(`The member '${member}' must be an integer`);
    return value;
  }

  number(member: string, least: number, most: number): number | undefined {
    const value = this.#input[member];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number' || !(value >= least && value <= most))
      throw invalid(`Value at '${member}' failed to satisfy constraint: Member must be a number from ${least} to ${most}`);
    return value;
  }

  /** `maxResults`: 0 means the default. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
  pageSize(): number {
    return this.integer('maxResults', 0, 1000) || 100;
  }

  /** The position a `nextToken` of ours stands for. */
  page(): number | undefined {
    const token = this.optionalText('nextToken', 3096);
    if (token === undefined) return undefined;
    const position = Number.parseInt(
      Buffer.from(token, 'base64url')
        .toString('latin1')
        .replace(/^page:/, ''),
      10,
    );
    if (!Number.isSafeInteger(position) || pageToken(position) !== token)
      throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
    return position;
  }
}

export function pageToken(position: number): string {
  return Buffer.from(`page:${position}`, 'latin1').toString('base64url');
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${message}`);
}

/** What Step Functions refuses itself, rather than by the model of its API, has no preamble: as recorded in `control_lifecycle.json` of radkawar/stackd. */
export function refused(message: string, reason?: string): AwsError {
  return new AwsError('ValidationException', message, 400, reason === undefined ? {} : { reason });
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

export function checkName(name: string): string {
  if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}

const ARN = /^arn:[\w-]+:states:[\w-]+:\d{12}:[\w-]+:.+$/;

export function checkArn(arn: string): string {
  if (!ARN.test(arn)) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  return arn;
}
