import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addNumbers,
  compareNumbers,
  normalizeNumber,
  numberSize,
  sortableNumber,
  subtractNumbers,
} from '../../../local/services/dynamodb/numbers.ts';

/** The reference: every number as a whole count of 1E-130, so that plain BigInt arithmetic is exact. */
const SCALE = 130;

interface Sample {
  readonly text: string;
  readonly scaled: bigint;
}

const sample: fc.Arbitrary<Sample> = fc
  .record({
    negative: fc.boolean(),
    digits: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }), fc.bigInt({ min: 0n, max: 999n })),
    exponent: fc.oneof(fc.integer({ min: -130, max: 87 }), fc.integer({ min: -6, max: 6 })),
    spelling: fc.constantFrom('exponent', 'zeros', 'plain'),
  })
  .map(({ negative, digits, exponent, spelling }) => {
    const sign = negative ? '-' : '';
    const text =
      spelling === 'exponent' || Math.abs(exponent) > 40
        ? `${sign}${digits}E${exponent}`
        : `${sign}${spelling === 'zeros' ? '000' : ''}${plain(digits, exponent)}`;
    return { text, scaled: (negative ? -digits : digits) * 10n ** BigInt(exponent + SCALE) };
  });

function plain(digits: bigint, exponent: number): string {
  if (exponent >= 0) return `${digits}${'0'.repeat(exponent)}.000`;
  const padded = String(digits).padStart(1 - exponent, '0');
  return `${padded.slice(0, padded.length + exponent)}.${padded.slice(exponent)}`;
}

function scaledOf(normalized: string): bigint {
  const [integer = '', fraction = ''] = normalized.replace('-', '').split('.');
  const scaled = BigInt(integer + fraction.padEnd(SCALE, '0'));
  return normalized.startsWith('-') ? -scaled : scaled;
}

function fits(scaled: bigint): boolean {
  const digits = String(scaled < 0n ? -scaled : scaled);
  return scaled === 0n || (digits.length <= 126 + SCALE && digits.replace(/0+$/, '').length <= 38);
}

describe('numbers', () => {
  it('keep their value and get one spelling each', () => {
    fc.assert(
      fc.property(sample, ({ text, scaled }) => {
        const normalized = normalizeNumber(text);

        expect(scaledOf(normalized)).toBe(scaled);
        expect(normalized).toMatch(/^(?:0|-?(?:[1-9][0-9]*|0)(?:\.[0-9]*[1-9])?)$/);
        expect(normalized).not.toBe('-0');
        expect(normalizeNumber(normalized)).toBe(normalized);
      }),
    );
  });

  it('compare, sort and add exactly', () => {
    fc.assert(
      fc.property(sample, sample, (one, two) => {
        const [a, b] = [normalizeNumber(one.text), normalizeNumber(two.text)];
        const order = one.scaled < two.scaled ? -1 : one.scaled > two.scaled ? 1 : 0;
        const [x, y] = [sortableNumber(a), sortableNumber(b)];

        expect(Math.sign(compareNumbers(a, b))).toBe(order);
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(order);
        for (const [result, calculate] of [
          [one.scaled + two.scaled, addNumbers],
          [one.scaled - two.scaled, subtractNumbers],
        ] as const) {
          if (fits(result)) expect(scaledOf(calculate(a, b))).toBe(result);
          else expect(() => calculate(a, b)).toThrow(/Number overflow|38 significant digits/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['1E126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['-1E126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1E-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    ['123456789012345678901234567890123456789', 'Attempting to store more than 38 significant digits in a Number'],
    ['', 'The parameter cannot be converted to a numeric value'],
    ['abc', 'The parameter cannot be converted to a numeric value: abc'],
    ['1e', 'The parameter cannot be converted to a numeric value: 1e'],
    ['.', 'The parameter cannot be converted to a numeric value: .'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['0x10', 'The parameter cannot be converted to a numeric value: 0x10'],
  ])('refuse %j', (text, message) => {
    expect(() => normalizeNumber(text)).toThrow(message);
  });

  it.each([
    ['00042', '42'],
    ['-0', '0'],
    ['1.5E2', '150'],
    ['3.1400', '3.14'],
    ['+7', '7'],
    ['.5', '0.5'],
    ['0E999', '0'],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    ['9.9999999999999999999999999999999999999E+125', `${'9'.repeat(38)}${'0'.repeat(88)}`],
  ])('normalize %s', (text, normalized) => {
    expect(normalizeNumber(text)).toBe(normalized);
  });

  it.each([
    ['0', 1],
    ['1', 2],
    ['12', 2],
    ['123', 3],
    ['123456', 4],
    ['3.14159', 5],
    ['-1', 3],
    ['1E125', 2],
    ['0.00042', 2],
    ['1.005', 4],
    ['100', 2],
  ])('count the bytes of %s', (text, bytes) => {
    expect(numberSize(normalizeNumber(text))).toBe(bytes);
  });
});
