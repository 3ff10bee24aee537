import type { JsonObject } from '../../kernel/kernel.ts';
import { invalidArgument } from './errors.ts';

/** A member as text; undefined where it is not given. Members come as text from headers, and in their own types in process. */
export function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  return value === undefined || value === null ? undefined : String(value);
}

export function requiredText(input: JsonObject, name: string): string {
  const value = textOf(input, name);
  if (value === undefined || value === '') throw invalidArgument(`${name} must be given`, name, value ?? '');
  return value;
}

export function flagOf(input: JsonObject, name: string): boolean {
  const value = textOf(input, name);
  if (value !== undefined && value !== 'true' && value !== 'false') throw invalidArgument(`${name} must be true or false`, name, value);
  return value === 'true';
}

export function integerOf(input: JsonObject, name: string, min: number, fallback: number): number {
  const value = textOf(input, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || value.trim() === '')
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, value);
  return number;
}

/** One of a few words; undefined where the member is not given. */
export function oneOf<T extends string>(input: JsonObject, name: string, words: readonly T[]): T | undefined {
  const value = textOf(input, name);
  if (value === undefined) return undefined;
  const found = words.find((word) => word === value);
  if (found === undefined) throw invalidArgument(`${name} must be one of ${words.join(', ')}`, name, value);
  return found;
}

/** Milliseconds since the epoch of a `Date`, an ISO 8601 instant or an HTTP date. */
export function instantOf(input: JsonObject, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const at = value instanceof Date ? value.getTime() : Date.parse(String(value));
  if (Number.isNaN(at)) throw invalidArgument(`${name} must be a date`, name, value);
  return at;
}
