import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import type { Item } from '../../../local/services/dynamodb/values.ts';
import { aTable, aWorld } from './world.ts';

const ITEM: Item = {
  pk: { S: 'p' },
  text: { S: 'hello' },
  accents: { S: 'é' },
  count: { N: '10' },
  big: { N: '99999999999999999999999999999999999999' },
  bytes: { B: 'AQID' },
  yes: { BOOL: true },
  nothing: { NULL: true },
  tags: { SS: ['a', 'b'] },
  numbers: { NS: ['1', '2'] },
  blobs: { BS: ['AQ==', 'Ag=='] },
  list: { L: [{ S: 'x' }, { N: '5' }, { M: { deep: { S: 'y' } } }] },
  map: { M: { core: { N: '3' }, 'dotted.name': { S: 'd' } } },
};

const VALUES: Item = {
  ':hello': { S: 'hello' },
  ':he': { S: 'he' },
  ':x': { S: 'x' },
  ':a': { S: 'a' },
  ':z': { S: 'z' },
  ':d': { S: 'd' },
  ':0': { N: '0' },
  ':1': { N: '1.0' },
  ':2': { N: '2' },
  ':3': { N: '3' },
  ':5': { N: '5' },
  ':9': { N: '9' },
  ':10': { N: '1e1' },
  ':11': { N: '11' },
  ':bigger': { N: '99999999999999999999999999999999999998' },
  ':t10': { S: '10' },
  ':b12': { B: 'AQI=' },
  ':b1': { B: 'AQ==' },
  ':true': { BOOL: true },
  ':null': { NULL: true },
  ':ab': { SS: ['b', 'a'] },
  ':abc': { SS: ['a', 'b', 'c'] },
  ':y': { M: { deep: { S: 'y' } } },
  ':S': { S: 'S' },
  ':M': { S: 'M' },
};

function world() {
  const cloud = aWorld();
  cloud.call('CreateTable', aTable('cases', 'pk'));
  cloud.call('PutItem', { TableName: 'cases', Item: ITEM });
  return cloud;
}

/** The placeholders that a text mentions. */
function used<T>(text: string, all: Record<string, T>): Record<string, T> | undefined {
  const names = Object.keys(all).filter((name) => new RegExp(`${name}(?![A-Za-z0-9_])`).test(text));
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, all[name] as T]));
}

const NAMES = { '#count': 'count', '#list': 'list', '#map': 'map', '#dotted': 'dotted.name', '#gone': 'constructor', '#text': 'text' };

function asked(expression: string): JsonObject {
  const names = used(expression, NAMES);
  const values = used(expression, VALUES);
  return {
    ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
    ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
  };
}

describe('a condition', () => {
  const { call, refusal } = world();

  it.each([
    ['#text = :hello', true],
    ['#text <> :hello', false],
    ['#text <> :t10', true],
    ['#count = :10', true],
    ['#count = :t10', false],
    ['#count <> :t10', true],
    ['#count > :9', true],
    ['#count < :9', false],
    ['#count >= :10 AND #count <= :10', true],
    [':9 < #count', true],
    ['big > :bigger', true],
    ['#text > :he', true],
    ['bytes > :b12', true],
    ['yes = :true', true],
    ['nothing = :null', true],
    ['tags = :ab', true],
    ['tags = :abc', false],
    ['#list[2] = :y', true],
    ['gone = :hello', false],
    ['gone <> :hello', true],
    ['gone < :9', false],
    ['gone = absent', false],
    ['NOT gone = :hello', true],
    ['#count BETWEEN :9 AND :11', true],
    ['#count BETWEEN :10 AND :10', true],
    ['#count BETWEEN :11 AND :11', false],
    [':10 BETWEEN :9 AND #count', true],
    ['#text BETWEEN :a AND :z', true],
    ['#text BETWEEN :9 AND :11', false],
    ['#count IN (:9, :10)', true],
    ['#count IN (:9, :t10)', false],
    ['gone IN (:9)', false],
    ['tags IN (:ab)', true],
    ['attribute_exists(pk)', true],
    ['attribute_exists(gone)', false],
    ['attribute_not_exists(gone)', true],
    ['attribute_not_exists(#gone)', true],
    ['attribute_exists(#map.core)', true],
    ['attribute_exists(#map.#dotted)', true],
    ['#map.#dotted = :d', true],
    ['attribute_exists(#map.gone)', false],
    ['attribute_exists(#list[2].deep)', true],
    ['attribute_exists(#list[3])', false],
    ['attribute_exists(#text.x)', false],
    ['attribute_type(#text, :S)', true],
    ['attribute_type(#map, :M)', true],
    ['attribute_type(#map, :S)', false],
    ['attribute_type(gone, :S)', false],
    ['begins_with(#text, :he)', true],
    ['begins_with(#text, :hello)', true],
    ['begins_with(#text, :a)', false],
    ['begins_with(bytes, :b12)', true],
    ['begins_with(#count, :he)', false],
    ['contains(#text, :he)', true],
    ['contains(tags, :a)', true],
    ['contains(tags, :z)', false],
    ['contains(numbers, :2)', true],
    ['contains(numbers, :1)', true],
    ['contains(blobs, :b1)', true],
    ['contains(bytes, :b12)', true],
    ['contains(#list, :x)', true],
    ['contains(#list, :5)', true],
    ['contains(#list, :y)', true],
    ['contains(#count, :he)', false],
    ['size(#text) = :5', true],
    ['size(bytes) = :3', true],
    ['size(tags) = :2', true],
    ['size(#list) = :3', true],
    ['size(#map) = :2', true],
    ['size(gone) = :0', false],
    ['size(#count) = :2', false],
    ['size(#text) > size(tags)', true],
    ['attribute_exists(pk) AND #count = :9 OR #count = :10', true],
    ['#count = :10 OR #count = :9 AND attribute_exists(gone)', true],
    ['(#count = :10 OR #count = :9) AND attribute_exists(gone)', false],
    ['NOT #count = :10 AND attribute_exists(gone)', false],
    ['NOT (#count = :10 AND attribute_exists(gone))', true],
    ['NOT NOT #count = :10', true],
    ['not #count in (:9) and #count between :9 and :11', true],
    [' \t#count\n=\r:10 ', true],
  ])('%s is %s', (expression, expected) => {
    const answer = call('Scan', { TableName: 'cases', FilterExpression: expression, ...asked(expression) });

    expect(answer.Count === 1).toBe(expected);
  });

  it('counts a text in characters for size', () => {
    const answer = call('Scan', {
      TableName: 'cases',
      FilterExpression: 'size(accents) = :1',
      ExpressionAttributeValues: { ':1': { N: '1' } },
    });

    expect(answer.Count).toBe(1);
  });

  it.each([
    ['', 'The expression can not be empty;'],
    ['   ', 'The expression can not be empty;'],
    ['#count', 'Syntax error; token: "<EOF>", near: "#count"'],
    ['#count = ', 'Syntax error; token: "<EOF>", near: "= "'],
    ['#count == :9', 'Syntax error; token: "=", near: "== :9"'],
    ['#count = :9 :10', 'Syntax error; token: ":10", near: ":9 :10"'],
    ['#count = :9 AND', 'Syntax error; token: "<EOF>", near: "AND"'],
    ['(#count = :9', 'Syntax error; token: "<EOF>", near: ":9"'],
    ['#count = :9 & #count = :10', 'Syntax error; token: "&", near: ":9 &"'],
    ['#list[x] = :9', 'Syntax error; token: "x", near: "[x]"'],
    ['#list[-1] = :9', 'Syntax error; token: "-", near: "[-1"'],
    ['#count IN ()', 'Syntax error; token: ")", near: "()"'],
    ['#count BETWEEN :9 OR :10', 'Syntax error; token: "OR", near: ":9 OR :10"'],
    ['Date = :9', 'Attribute name is a reserved keyword; reserved keyword: Date'],
    ['attribute_exists(a.name)', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['((#count = :9))', 'The expression has redundant parentheses;'],
    ['attribute_exists(pk) AND ((#count = :9))', 'The expression has redundant parentheses;'],
    ['exists(pk)', 'Invalid function name; function: exists'],
    [
      'attribute_exists(pk, #count)',
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
    ],
    [
      'begins_with(#text)',
      'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
    ],
    ['attribute_exists(:9)', 'Operator or function requires a document path; operator or function: attribute_exists'],
    ['attribute_exists(pk) = :true', 'Syntax error; token: "=", near: ") = :true"'],
    [':true = attribute_exists(pk)', 'The function is not allowed to be used this way in an expression; function: attribute_exists'],
    ['begins_with(#text, :9)', 'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N'],
    ['size(:9) = :9', 'Incorrect operand type for operator or function; operator or function: size, operand type: N'],
    ['yes > :true', 'Incorrect operand type for operator or function; operator: >, operand type: BOOL'],
    ['attribute_type(#text, :he)', 'Invalid attribute type name found; type: he, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}'],
    [
      'attribute_type(#text, pk)',
      'Incorrect operand type for operator or function; operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}',
    ],
    [
      '#count = #count',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [count]',
    ],
    [
      'contains(#list[0], #list[0])',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [list, [0]]',
    ],
    [
      '#count BETWEEN :11 AND :9',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:11}, upper bound operand: AttributeValue: {N:9}',
    ],
    [
      '#count BETWEEN :9 AND :a',
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: {S:a}',
    ],
    ['#nobody = :9', 'An expression attribute name used in the document path is not defined; attribute name: #nobody'],
    ['#count = :nobody', 'An expression attribute value used in expression is not defined; attribute value: :nobody'],
  ])('%s is refused', (expression, message) => {
    const error = refusal('PutItem', { TableName: 'cases', Item: ITEM, ConditionExpression: expression, ...asked(expression) });

    expect(error).toMatchObject({ code: 'ValidationException', message: `Invalid ConditionExpression: ${message}` });
  });

  it.each([
    [{ ExpressionAttributeNames: { '#a': 'a' } }, 'ExpressionAttributeNames can only be specified when using expressions'],
    [{ ExpressionAttributeValues: { ':a': { S: 'a' } } }, 'ExpressionAttributeValues can only be specified when using expressions'],
    [{ ConditionExpression: 'a = b', ExpressionAttributeNames: {} }, 'ExpressionAttributeNames must not be empty'],
    [{ ConditionExpression: 'a = b', ExpressionAttributeValues: {} }, 'ExpressionAttributeValues must not be empty'],
    [
      { ConditionExpression: 'a = b', ExpressionAttributeNames: { a: 'a' } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    ],
    [
      { ConditionExpression: 'a = b', ExpressionAttributeValues: { a: { S: '' } } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"',
    ],
    [
      { ConditionExpression: 'a = b', ExpressionAttributeNames: { '#x': 'x', '#y': 'y' } },
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x, #y}',
    ],
    [
      { ConditionExpression: 'a = b', ExpressionAttributeValues: { ':x': { S: 'x' } } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
    ],
    [
      { ConditionExpression: 'a = :x', ExpressionAttributeValues: { ':x': { N: 'x' } } },
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :x',
    ],
    [
      { Expected: { a: { Exists: false } } },
      'The embedded cloud does not support the legacy parameter Expected: use the expression parameter instead.',
    ],
  ])('its placeholders are checked: %j', (members, message) => {
    const error = refusal('PutItem', { TableName: 'cases', Item: ITEM, ...members });

    expect(error).toMatchObject({ code: 'ValidationException', message });
  });

  it('is limited to 4 KB and 300 operators', () => {
    const long = refusal('DeleteItem', {
      TableName: 'cases',
      Key: { pk: { S: 'p' } },
      ConditionExpression: `attribute_exists(${'a'.repeat(4096)})`,
    });
    const many = refusal('DeleteItem', {
      TableName: 'cases',
      Key: { pk: { S: 'p' } },
      ConditionExpression: Array.from({ length: 160 }, () => 'a = b').join(' AND '),
    });

    expect(long.message).toContain('Expression size has exceeded the maximum allowed size; expression size: 4114');
    expect(many.message).toContain('too many operators');
  });
});
