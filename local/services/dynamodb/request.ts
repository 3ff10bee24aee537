import type { JsonObject } from '../../kernel/kernel.ts';
import { constraint, serialization, validation } from './errors.ts';

/** Members of the API that expressions have replaced; refused by name, so that nobody wonders why they do nothing. */
export const LEGACY: readonly string[] = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

export function refuseLegacy(input: JsonObject): void {
  for (const member of LEGACY)
    if (input[member] !== undefined)
      throw validation(`The embedded cloud does not support the legacy parameter ${member}: use the expression parameter instead.`);
}

const NAME = /^[a-zA-Z0-9_.-]+$/;
const TABLE_ARN = /^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/([^/]+)$/;

/** The table a request names, by name or by ARN. */
export function tableName(input: JsonObject): string {
  const name = requiredText(input, 'TableName');
  const fromArn = name.startsWith('arn:') ? TABLE_ARN.exec(name)?.[1] : undefined;
  return fromArn ?? checkedName(name, 'tableName', 1);
}

/** A new table's or an index's name. */
export function checkedName(name: string, at: string, lengthMin = 3): string {
  if (name.length < lengthMin) throw constraint(name, at, `Member must have length greater than or equal to ${lengthMin}`);
  if (name.length > 255) throw constraint(name, at, 'Member must have length less than or equal to 255');
  if (!NAME.test(name)) throw constraint(name, at, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  return name;
}

export function requiredText(input: JsonObject, member: string): string {
  const value = optionalText(input, member);
  if (value === undefined) throw constraint(null, lowerFirst(member), 'Member must not be null');
  return value;
}

export function optionalText(input: JsonObject, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw serialization(`${member} cannot be converted to String`);
  return value;
}

export function optionalFlag(input: JsonObject, member: string): boolean {
  const value = input[member];
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw serialization(`${member} cannot be converted to Boolean`);
  return value;
}

export function optionalInteger(input: JsonObject, member: string, min: number, max: number): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw serialization(`${member} cannot be converted to Integer`);
  if (!Number.isInteger(value) || value < min)
    throw constraint(String(value), lowerFirst(member), `Member must have value greater than or equal to ${min}`);
  if (value > max) throw constraint(String(value), lowerFirst(member), `Member must have value less than or equal to ${max}`);
  return value;
}

export function optionalChoice<Choice extends string>(
  input: JsonObject,
  member: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  const value = optionalText(input, member);
  if (value === undefined) return otherwise;
  if (!choices.includes(value as Choice))
    throw constraint(value, lowerFirst(member), `Member must satisfy enum value set: [${choices.join(', ')}]`);
  return value as Choice;
}

export function object(value: unknown, at: string): JsonObject {
  if (value === undefined || value === null) throw constraint(null, at, 'Member must not be null');
  if (typeof value !== 'object' || Array.isArray(value)) throw serialization('Unexpected field type');
  return value as JsonObject;
}

/** A list of objects of 1 to `max` members. */
export function objects(value: unknown, at: string, max: number): JsonObject[] {
  if (value === undefined || value === null) throw constraint(null, at, 'Member must not be null');
  if (!Array.isArray(value)) throw serialization('Unexpected field type');
  if (value.length === 0) throw constraint('[]', at, 'Member must have length greater than or equal to 1');
  if (value.length > max) throw constraint(`[${value.length} members]`, at, `Member must have length less than or equal to ${max}`);
  return value.map((member) => object(member, at));
}

function lowerFirst(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}
