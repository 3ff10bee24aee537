import { validation } from './errors.ts';
import { type Bindings, boundValue, headOf } from './expressions/bind.ts';
import type { Comparator, Condition, Operand, Path } from './expressions/syntax.ts';
import { encodeHash, encodeValue, type KeySchema, prefixSuccessor, successor } from './keys.ts';
import type { AttributeValue } from './values.ts';

/** The part of a table or index that a key condition names. */
export interface KeyRange {
  readonly hash: string;
  /** Encoded range keys from here on … */
  readonly from: string;
  /** … up to but without this one; undefined: to the end of the partition. */
  readonly to: string | undefined;
}

interface Term {
  readonly operator: Comparator | 'BETWEEN' | 'begins_with';
  readonly values: readonly AttributeValue[];
}

/**
 * Reads a key condition: the partition key must equal a value; the sort key may be compared.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export function keyRange(condition: Condition, bindings: Bindings, schema: KeySchema): KeyRange {
  const terms = new Map<string, Term>();
  for (const part of condition.kind === 'and' ? condition.all : [condition]) collect(part, bindings, terms);
  if (terms.size > 2) throw validation('Conditions can be of length 1 or 2 only');
  const hash = terms.get(schema.hash.name);
  if (hash === undefined) throw validation(`Query condition missed key schema element: ${schema.hash.name}`);
  if (terms.size === 2 && schema.range === undefined) throw validation('Query key condition not supported');
  const range = schema.range === undefined ? undefined : terms.get(schema.range.name);
  if (terms.size === 2 && range === undefined) throw validation(`Query condition missed key schema element: ${schema.range?.name}`);
  if (hash.operator !== '=') throw validation('Query key condition not supported');
  checkTypes(hash, schema.hash.type);
  const encodedHash = encodeHash(hash.values[0] as AttributeValue, schema.hash.type);
  if (range === undefined || schema.range === undefined) return { hash: encodedHash, from: '', to: undefined };
  checkTypes(range, schema.range.type);
  const type = schema.range.type;
  return {
    hash: encodedHash,
    ...bounds(
      range,
      range.values.map((value) => encodeValue(value, type)),
    ),
  };
}

function bounds({ operator }: Term, [low = '', high = '']: readonly string[]): { from: string; to: string | undefined } {
  switch (operator) {
    case '=':
      return { from: low, to: successor(low) };
    case '<':
      return { from: '', to: low };
    case '<=':
      return { from: '', to: successor(low) };
    case '>':
      return { from: successor(low), to: undefined };
    case '>=':
      return { from: low, to: undefined };
    case 'BETWEEN':
      return { from: low, to: successor(high) };
    case 'begins_with':
      return { from: low, to: prefixSuccessor(low) };
    case '<>':
      throw invalidOperator('<>');
  }
}

function checkTypes({ values, operator }: Term, type: 'S' | 'N' | 'B'): void {
  if (values.some((value) => value[type] === undefined) || (operator === 'begins_with' && type === 'N'))
    throw validation('One or more parameter values were invalid: Condition parameter type does not match schema type');
  if (values.some((value) => value.S === '' || value.B === '') && operator !== 'begins_with')
    throw validation(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value.`,
    );
}

const MIRRORED: Record<Comparator, Comparator> = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function collect(part: Condition, bindings: Bindings, terms: Map<string, Term>): void {
  switch (part.kind) {
    case 'and':
      for (const inner of part.all) collect(inner, bindings, terms);
      return;
    case 'compare':
      collectComparison(part, bindings, terms);
      return;
    case 'between':
      add(terms, keyOperand(part.value, 'BETWEEN'), 'BETWEEN', [part.low, part.high], bindings);
      return;
    case 'begins_with':
      add(terms, keyOperand(part.value, 'begins_with'), 'begins_with', [part.part], bindings);
      return;
    case 'exists':
      throw invalidOperator(part.expected ? 'attribute_exists' : 'attribute_not_exists');
    case 'type':
      throw invalidOperator('attribute_type');
    case 'contains':
      throw invalidOperator('contains');
    default:
      throw invalidOperator(part.kind.toUpperCase());
  }
}

function collectComparison(part: Extract<Condition, { kind: 'compare' }>, bindings: Bindings, terms: Map<string, Term>): void {
  const { comparator, left, right } = part;
  if (comparator === '<>') throw invalidOperator('<>');
  if (left.kind === 'path') add(terms, left, comparator, [right], bindings);
  else if (right.kind === 'path') add(terms, right, MIRRORED[comparator], [left], bindings);
  else if (left.kind === 'size' || right.kind === 'size') throw nested();
  else throw validation('Invalid condition in KeyConditionExpression: No key attribute specified');
}

function keyOperand(operand: Operand, operator: string): Path {
  if (operand.kind !== 'path')
    throw validation(`Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`);
  return operand;
}

function add(terms: Map<string, Term>, path: Path, operator: Term['operator'], operands: readonly Operand[], bindings: Bindings): void {
  if (path.parts.length > 1) throw validation('KeyConditionExpressions cannot have conditions on nested attributes');
  const name = headOf(path, bindings);
  const values = operands.map((operand) => {
    if (operand.kind === 'size') throw nested();
    if (operand.kind === 'path')
      throw validation('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
    return boundValue(operand, bindings);
  });
  if (terms.has(name)) throw validation('KeyConditionExpressions must only contain one condition per key');
  terms.set(name, { operator, values });
}

function nested(): Error {
  return validation('KeyConditionExpressions cannot contain nested operations');
}

function invalidOperator(operator: string): Error {
  return validation(`Invalid operator used in KeyConditionExpression: ${operator}`);
}
