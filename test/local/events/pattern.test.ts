import { describe, expect, it } from 'vitest';
import { compilePattern, matches } from '../../../local/services/events/pattern.ts';

/**
 * One row for each operator and rule of the AWS page
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
const EVENT = {
  source: 'bank.core',
  'detail-type': 'AccountOverdue',
  time: '2026-03-02T18:43:48Z',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-1', 'arn:aws:ec2:us-east-1:123456789012:instance/i-2'],
  detail: {
    state: 'pending',
    fileName: 'dir/photo.PNG',
    empty: '',
    nothing: null,
    price: 15,
    ip: '10.0.0.7',
    ip6: '2001:db8::1',
    flag: true,
    tags: ['vip', 'staff'],
    none: [],
    object: { inner: 1 },
    list: [
      { kind: 'a', size: 1 },
      { kind: 'b', size: 2 },
    ],
    star: 'a*b',
  },
};

const CASES: readonly { description: string; pattern: object; expected: boolean }[] = [
  { description: 'equals', pattern: { source: ['bank.core'] }, expected: true },
  { description: 'equals, another value', pattern: { source: ['bank'] }, expected: false },
  { description: 'one of several values', pattern: { source: ['x', 'bank.core'] }, expected: true },
  { description: 'all fields must match', pattern: { source: ['bank.core'], detail: { state: ['done'] } }, expected: false },
  { description: 'a nested field', pattern: { detail: { state: ['pending'] } }, expected: true },
  { description: 'any item of an array in the event', pattern: { detail: { tags: ['staff'] } }, expected: true },
  { description: 'no item of the array', pattern: { detail: { tags: ['minor'] } }, expected: false },
  { description: 'an empty array matches no value', pattern: { detail: { none: [''] } }, expected: false },
  { description: 'an item of an array of objects', pattern: { detail: { list: { kind: ['b'] } } }, expected: true },
  { description: 'empty text', pattern: { detail: { empty: [''] } }, expected: true },
  { description: 'null', pattern: { detail: { nothing: [null] } }, expected: true },
  { description: 'null is not empty text', pattern: { detail: { nothing: [''] } }, expected: false },
  { description: 'null is not missing', pattern: { detail: { missing: [null] } }, expected: false },
  { description: 'a number', pattern: { detail: { price: [15] } }, expected: true },
  { description: 'a number is not its text', pattern: { detail: { price: ['15'] } }, expected: false },
  { description: 'a boolean', pattern: { detail: { flag: [true] } }, expected: true },
  { description: 'prefix', pattern: { source: [{ prefix: 'bank.' }] }, expected: true },
  { description: 'prefix of another case', pattern: { source: [{ prefix: 'BANK.' }] }, expected: false },
  { description: 'prefix ignoring case', pattern: { source: [{ prefix: { 'equals-ignore-case': 'BANK.' } }] }, expected: true },
  { description: 'prefix of an item', pattern: { resources: [{ prefix: 'arn:aws:ec2:' }] }, expected: true },
  { description: 'suffix', pattern: { detail: { fileName: [{ suffix: '.png' }] } }, expected: false },
  {
    description: 'suffix ignoring case',
    pattern: { detail: { fileName: [{ suffix: { 'equals-ignore-case': '.png' } }] } },
    expected: true,
  },
  { description: 'equals-ignore-case', pattern: { detail: { state: [{ 'equals-ignore-case': 'PENDING' }] } }, expected: true },
  { description: 'wildcard', pattern: { detail: { fileName: [{ wildcard: 'dir/*.PNG' }] } }, expected: true },
  { description: 'wildcard must cover all', pattern: { detail: { fileName: [{ wildcard: '*photo' }] } }, expected: false },
  {
    description: 'wildcard has no other special characters',
    pattern: { detail: { fileName: [{ wildcard: 'dir/photo?PNG' }] } },
    expected: false,
  },
  { description: 'wildcard, escaped star', pattern: { detail: { star: [{ wildcard: 'a\\*b' }] } }, expected: true },
  { description: 'wildcard, escaped star is literal', pattern: { detail: { fileName: [{ wildcard: 'dir\\*PNG' }] } }, expected: false },
  { description: 'anything-but', pattern: { detail: { state: [{ 'anything-but': 'initializing' }] } }, expected: true },
  { description: 'anything-but the value', pattern: { detail: { state: [{ 'anything-but': 'pending' }] } }, expected: false },
  { description: 'anything-but a list', pattern: { detail: { state: [{ 'anything-but': ['pending', 'done'] }] } }, expected: false },
  { description: 'anything-but a number', pattern: { detail: { price: [{ 'anything-but': [1, 2] }] } }, expected: true },
  { description: 'anything-but needs the field', pattern: { detail: { missing: [{ 'anything-but': 'x' }] } }, expected: false },
  { description: 'anything-but prefix', pattern: { source: [{ 'anything-but': { prefix: 'bank.' } }] }, expected: false },
  { description: 'anything-but suffix', pattern: { source: [{ 'anything-but': { suffix: '.png' } }] }, expected: true },
  {
    description: 'anything-but ignoring case',
    pattern: { detail: { state: [{ 'anything-but': { 'equals-ignore-case': ['PENDING'] } }] } },
    expected: false,
  },
  {
    description: 'anything-but wildcard',
    pattern: { detail: { fileName: [{ 'anything-but': { wildcard: '*/lib/*' } }] } },
    expected: true,
  },
  { description: 'numeric =', pattern: { detail: { price: [{ numeric: ['=', 15] }] } }, expected: true },
  { description: 'numeric range', pattern: { detail: { price: [{ numeric: ['>', 10, '<=', 20] }] } }, expected: true },
  { description: 'numeric range, excluded', pattern: { detail: { price: [{ numeric: ['>', 15, '<=', 20] }] } }, expected: false },
  { description: 'numeric does not read text', pattern: { detail: { state: [{ numeric: ['>', 0] }] } }, expected: false },
  { description: 'cidr', pattern: { detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, expected: true },
  { description: 'cidr, outside', pattern: { detail: { ip: [{ cidr: '10.0.1.0/24' }] } }, expected: false },
  { description: 'cidr of IPv6', pattern: { detail: { ip6: [{ cidr: '2001:db8::/32' }] } }, expected: true },
  { description: 'cidr on text that is no address', pattern: { detail: { state: [{ cidr: '10.0.0.0/24' }] } }, expected: false },
  { description: 'exists', pattern: { detail: { state: [{ exists: true }] } }, expected: true },
  { description: 'exists on null', pattern: { detail: { nothing: [{ exists: true }] } }, expected: true },
  { description: 'exists works on leaves only', pattern: { detail: { object: [{ exists: true }] } }, expected: false },
  { description: 'does not exist', pattern: { detail: { missing: [{ exists: false }] } }, expected: true },
  {
    description: 'does not exist, below a missing object',
    pattern: { detail: { missing: { deeper: [{ exists: false }] } } },
    expected: true,
  },
  { description: 'exists false on a field that is there', pattern: { detail: { state: [{ exists: false }] } }, expected: false },
  { description: '$or, first', pattern: { $or: [{ source: ['bank.core'] }, { detail: { price: [1] } }] }, expected: true },
  { description: '$or, none', pattern: { $or: [{ source: ['x'] }, { detail: { price: [1] } }] }, expected: false },
  {
    description: '$or beside a field',
    pattern: { source: ['x'], $or: [{ source: ['bank.core'] }, { 'detail-type': ['AccountOverdue'] }] },
    expected: false,
  },
  {
    description: '$or inside detail',
    pattern: { detail: { $or: [{ price: [{ numeric: ['<', 1] }] }, { state: ['pending'] }] } },
    expected: true,
  },
  {
    description: 'several operators in one array',
    pattern: { detail: { price: [{ numeric: ['<', 1] }, { exists: true }] } },
    expected: true,
  },
];

describe('event patterns', () => {
  it.each(CASES)('$description', ({ pattern, expected }) => {
    expect(matches(compilePattern(pattern), EVENT)).toBe(expected);
  });

  const INVALID: readonly { description: string; pattern: unknown }[] = [
    { description: 'no object', pattern: ['x'] },
    { description: 'empty', pattern: {} },
    { description: 'a bare value', pattern: { source: 'bank.core' } },
    { description: 'an empty array', pattern: { source: [] } },
    { description: 'an unknown operator', pattern: { source: [{ like: 'x' }] } },
    { description: 'two operators in one matcher', pattern: { source: [{ prefix: 'a', suffix: 'b' }] } },
    { description: '$or of one', pattern: { $or: [{ source: ['x'] }] } },
    { description: 'a numeric operator that does not exist', pattern: { detail: { price: [{ numeric: ['!=', 1] }] } } },
    { description: 'a cidr that is none', pattern: { detail: { ip: [{ cidr: 'ten' }] } } },
    { description: 'exists that is no boolean', pattern: { source: [{ exists: 'yes' }] } },
  ];
  it.each(INVALID)('refuses $description', ({ pattern }) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }));
  });
});
