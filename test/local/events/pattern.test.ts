import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, matches, parsePattern } from '../../../local/services/events/pattern.ts';

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
    pattern: { source: ['x'], $or: [{ region: ['bank.core'] }, { 'detail-type': ['AccountOverdue'] }] },
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

/** Where the fields of an event lie in arrays: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html */
const IN_ARRAYS: readonly { description: string; pattern: object; expected: boolean }[] = [
  { description: 'both fields of one object', pattern: { detail: { list: { kind: ['b'], size: [2] } } }, expected: true },
  { description: 'one field of each of two objects', pattern: { detail: { list: { kind: ['a'], size: [2] } } }, expected: false },
  { description: 'a field that only some objects lack', pattern: { detail: { uneven: { b: [{ exists: false }] } } }, expected: false },
  { description: 'a field that all objects lack', pattern: { detail: { uneven: { c: [{ exists: false }] } } }, expected: true },
  { description: 'a field below an empty array', pattern: { detail: { none: { c: [{ exists: false }] } } }, expected: true },
  { description: 'a field of an object in an array in an array', pattern: { detail: { deep: { a: [1] } } }, expected: true },
  { description: 'a value in an array in an array', pattern: { detail: { values: ['x'] } }, expected: true },
  { description: 'anything but one of two items', pattern: { detail: { tags: [{ 'anything-but': 'vip' }] } }, expected: true },
  { description: 'anything but both items', pattern: { detail: { tags: [{ 'anything-but': ['vip', 'staff'] }] } }, expected: false },
  { description: 'an array that is empty', pattern: { detail: { none: [{ exists: false }] } }, expected: true },
  { description: 'absent, or another value', pattern: { detail: { state: ['pending', { exists: false }] } }, expected: true },
  { description: 'absent, or a value that is not there', pattern: { detail: { state: ['done', { exists: false }] } }, expected: false },
];

const MORE: readonly { description: string; pattern: object; expected: boolean }[] = [
  { description: 'the empty prefix', pattern: { source: [{ prefix: '' }] }, expected: true },
  { description: 'anything-but several prefixes', pattern: { source: [{ 'anything-but': { prefix: ['a.', 'bank.'] } }] }, expected: false },
  { description: 'anything-but several suffixes', pattern: { source: [{ 'anything-but': { suffix: ['.a', '.b'] } }] }, expected: true },
  {
    description: 'anything-but several wildcards',
    pattern: { source: [{ 'anything-but': { wildcard: ['x*', '*core'] } }] },
    expected: false,
  },
  { description: 'anything-but on null', pattern: { detail: { nothing: [{ 'anything-but': 'x' }] } }, expected: true },
  { description: 'anything-but a number, on text', pattern: { detail: { state: [{ 'anything-but': [1] }] } }, expected: true },
  {
    description: 'a wildcard’s pieces do not share characters',
    pattern: { detail: { state: [{ wildcard: 'pend*nding' }] } },
    expected: false,
  },
  { description: 'a wildcard for nothing', pattern: { detail: { state: [{ wildcard: 'pend*ing' }] } }, expected: true },
  { description: 'names that every object has', pattern: { detail: { constructor: [{ exists: false }] } }, expected: true },
  { description: 'a cidr on an address of the other family', pattern: { detail: { ip6: [{ cidr: '0.0.0.0/0' }] } }, expected: false },
];

const SPREAD = {
  ...EVENT,
  detail: { ...EVENT.detail, uneven: [{ a: 1 }, { b: 2 }], deep: [[{ a: 1 }], [{ b: 2 }]], values: [['x'], [['y']]] },
};

describe('event patterns', () => {
  it.each([...CASES, ...MORE])('$description', ({ pattern, expected }) => {
    expect(matches(compilePattern(pattern), EVENT)).toBe(expected);
  });

  it.each(IN_ARRAYS)('in arrays: $description', ({ pattern, expected }) => {
    expect(matches(compilePattern(pattern), SPREAD)).toBe(expected);
  });

  const INVALID: readonly { description: string; pattern: unknown; why: string }[] = [
    { description: 'no object', pattern: ['x'], why: 'Filter is not an object' },
    { description: 'empty', pattern: {}, why: 'Empty objects are not allowed' },
    { description: 'an empty object within', pattern: { detail: {} }, why: 'Empty objects are not allowed: detail' },
    { description: 'a bare value', pattern: { source: 'bank.core' }, why: '"source" must be an object or an array' },
    { description: 'an empty array', pattern: { source: [] }, why: 'Empty arrays are not allowed: source' },
    { description: 'a list in a list', pattern: { source: [['x']] }, why: 'Match value must be String, number' },
    { description: 'an unknown operator', pattern: { source: [{ like: 'x' }] }, why: 'Unrecognized match type like' },
    { description: 'two operators in one matcher', pattern: { source: [{ prefix: 'a', suffix: 'b' }] }, why: 'Only one key allowed' },
    { description: 'a prefix that is no text', pattern: { source: [{ prefix: 1 }] }, why: 'prefix match pattern must be a string' },
    {
      description: 'a prefix of another kind',
      pattern: { source: [{ prefix: { wildcard: 'a' } }] },
      why: 'Unsupported prefix pattern: wildcard',
    },
    { description: '$or of one', pattern: { $or: [{ source: ['x'] }] }, why: 'at least 2 Objects' },
    { description: '$or of texts', pattern: { $or: ['a', 'b'] }, why: 'Only JSON object is allowed' },
    { description: '$or that is no array', pattern: { $or: { source: ['x'] } }, why: 'It must be an Array followed with $or.' },
    {
      description: 'an operator’s word for a field in $or',
      pattern: { $or: [{ prefix: ['x'] }, { a: ['b'] }] },
      why: 'prefix is Ruler reserved',
    },
    {
      description: 'a field twice',
      pattern: { source: ['x'], $or: [{ source: ['y'] }, { a: ['b'] }] },
      why: 'Path `source` cannot be allowed multiple times',
    },
    { description: 'more combinations than a thousand', pattern: manyAlternatives(7), why: 'more than 1000 combinations' },
    { description: 'a numeric operator that does not exist', pattern: numeric('!=', 1), why: 'Unrecognized numeric range operator: !=' },
    { description: 'a number that is text', pattern: numeric('=', '1'), why: 'Value of equals must be numeric' },
    { description: 'a range upside down', pattern: numeric('>', 2, '<', 1), why: 'Bottom must be less than top' },
    { description: 'a range from above', pattern: numeric('<', 2, '>', 1), why: 'Too many elements' },
    { description: 'a range of two bottoms', pattern: numeric('>', 2, '>', 1), why: 'Bad numeric range operator: >' },
    { description: 'a range of three', pattern: numeric('>', 1, '<', 2, '<', 3), why: 'Too many terms' },
    { description: 'a number beyond five billion', pattern: numeric('<', 5e9 + 1), why: 'Value must be between' },
    { description: 'a cidr that is none', pattern: cidr('ten'), why: "one '/' required" },
    { description: 'a cidr without bits', pattern: cidr('10.0.0.0/'), why: 'mask bits must be an integer' },
    { description: 'a cidr of one address', pattern: cidr('10.0.0.0/32'), why: 'IPv4 mask bits must be < 32' },
    { description: 'a cidr of no address', pattern: cidr('10.0.0/8'), why: 'Nonstandard IP address' },
    { description: 'exists that is no boolean', pattern: { source: [{ exists: 'yes' }] }, why: 'must be either true or false' },
    { description: 'anything-but null', pattern: anythingBut(null), why: 'must be an array or single string/number' },
    { description: 'anything-but a flag in a list', pattern: anythingBut([true]), why: 'start|null|boolean is not supported' },
    { description: 'anything-but a mixed list', pattern: anythingBut(['a', 1]), why: 'mixed type is not supported' },
    { description: 'anything-but nothing', pattern: anythingBut([]), why: 'mixed type is not supported' },
    { description: 'anything-but the empty prefix', pattern: anythingBut({ prefix: '' }), why: 'Null prefix/suffix not allowed' },
    { description: 'anything-but a range', pattern: anythingBut({ numeric: ['=', 1] }), why: 'Unsupported anything-but pattern: numeric' },
    { description: 'two stars in a row', pattern: { source: [{ wildcard: 'a**b' }] }, why: 'Consecutive wildcard characters at pos 2' },
    {
      description: 'an escape of another character',
      pattern: { source: [{ wildcard: 'a\\b' }] },
      why: 'Invalid escape character at pos 2',
    },
  ];
  it.each(INVALID)('refuses $description', ({ pattern, why }) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({
        code: 'InvalidEventPatternException',
        message: expect.stringContaining(`Event pattern is not valid. Reason: `),
      }),
    );
    expect(() => compilePattern(pattern)).toThrow(why);
  });

  it('refuses a text that is no JSON, or too long', () => {
    expect(() => parsePattern('{')).toThrow('it is not JSON');
    expect(() => parsePattern(JSON.stringify({ source: ['x'.repeat(4096)] }))).toThrow('longer than 4096');
  });
});

function numeric(...argument: unknown[]) {
  return { detail: { price: [{ numeric: argument }] } };
}

function cidr(argument: string) {
  return { detail: { ip: [{ cidr: argument }] } };
}

function anythingBut(argument: unknown) {
  return { detail: { state: [{ 'anything-but': argument }] } };
}

/** Three alternatives in each of so many places. */
function manyAlternatives(places: number): object {
  return Object.fromEntries(
    Array.from({ length: places }, (_, place) => [`f${place}`, { $or: ['a', 'b', 'c'].map((name) => ({ [name]: ['x'] })) }]),
  );
}

describe('any pattern', () => {
  const shortText = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', '.'), maxLength: 6 });
  const value = fc.oneof(shortText, fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.constant(null));
  const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(value, fc.array(value, { maxLength: 3 })), { maxKeys: 3 });

  it('with wildcards matches as a regular expression would', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', '.', '*'), { maxLength: 6 }), shortText, (parts, text) => {
        const wildcard = parts.join('').replace(/\*+/g, '*');
        const expression = new RegExp(`^${wildcard.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's');
        expect(matches(compilePattern({ f: [{ wildcard }] }), { f: text })).toBe(expression.test(text));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('with $or matches where one of its alternatives does', () => {
    const alternative = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.array(value, { minLength: 1, maxLength: 2 }), { minKeys: 1 });
    fc.assert(
      fc.property(fc.array(alternative, { minLength: 2, maxLength: 4 }), fields, (alternatives, event) => {
        const one = alternatives.some((pattern) => matches(compilePattern(pattern), event));
        expect(matches(compilePattern({ $or: alternatives }), event)).toBe(one);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('holds or does not hold, as its contrary does not or does, for a field of one value', () => {
    const operator = fc.oneof(
      shortText.map((text) => [text, text] as const),
      shortText.filter((text) => text !== '').map((text) => [{ prefix: text }, { prefix: text }] as const),
      shortText.filter((text) => text !== '').map((text) => [{ suffix: text }, { suffix: text }] as const),
      shortText.map((text) => [{ 'equals-ignore-case': text }, { 'equals-ignore-case': text }] as const),
      fc.integer({ min: -3, max: 3 }).map((number) => [{ numeric: ['=', number] }, number] as const),
    );
    fc.assert(
      fc.property(operator, value, ([plain, excluded], given) => {
        const [holds, contrary] = [{ f: [plain] }, { f: [{ 'anything-but': excluded }] }].map((pattern) =>
          matches(compilePattern(pattern), { f: given }),
        );
        expect(holds).toBe(!contrary);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('is looked for in time, however many stars it has', () => {
    const pattern = compilePattern({ f: [{ wildcard: `${'*a'.repeat(60)}*b*` }] });
    expect(matches(pattern, { f: 'a'.repeat(200_000) })).toBe(false);
  });
});
