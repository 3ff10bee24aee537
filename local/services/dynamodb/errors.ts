import { AwsError } from '../../kernel/errors.ts';

/** What DynamoDB answers to a request that is malformed or breaks a rule. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A member breaks a constraint of the API model; `at` is the member's path as AWS spells it (`tableName`, `key`). */
export function constraint(value: string | null, at: string, rule: string): AwsError {
  const shown = value === null ? 'null' : `'${value}'`;
  return validation(`1 validation error detected: Value ${shown} at '${at}' failed to satisfy constraint: ${rule}`);
}

/** A member has another JSON type than the API model says. */
export function serialization(message: string): AwsError {
  return new AwsError('SerializationException', message);
}

export function resourceNotFound(message = 'Requested resource not found'): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
