import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountProblem, exponentOf, toMinor, toMoney } from '../../domain/money.ts';

const CURRENCIES = { CNY: 2, TWD: 2, JPY: 0, KWD: 3, CLF: 4 } as const;
const currency = fc.constantFrom(...(Object.keys(CURRENCIES) as (keyof typeof CURRENCIES)[]));

describe('money', () => {
  it('knows the exponent of each currency and of nothing else', () => {
    for (const [code, exponent] of Object.entries(CURRENCIES)) expect(exponentOf(code)).toBe(exponent);
    for (const code of ['', 'cny', 'RMB', 'XXX', '__proto__', 'constructor']) expect(exponentOf(code)).toBeUndefined();
  });

  it.each([
    [123, 'JPY', '123'],
    [0, 'JPY', '0'],
    [5, 'CNY', '0.05'],
    [-5, 'CNY', '-0.05'],
    [125_000, 'CNY', '1250.00'],
    [1, 'KWD', '0.001'],
    [12_345, 'CLF', '1.2345'],
  ])('writes %d minor units of %s as %s', (minor, code, amount) => {
    expect(toMoney(minor, code)).toEqual({ amount, currency: code });
    expect(toMinor({ amount, currency: code })).toBe(minor);
  });

  it('comes back from text as it went, in every currency', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (minor, code) => {
        const money = toMoney(minor, code);
        expect(amountProblem(money)).toBeUndefined();
        expect(toMinor(money)).toBe(minor === 0 ? 0 : minor);
      }),
    );
  });

  it('knows no negative zero', () => {
    expect(Object.is(toMinor({ amount: '-0.00', currency: 'CNY' }), 0)).toBe(true);
  });

  it.each([
    ['1250', 'CNY', 'exactly 2 digits'],
    ['1250.0', 'CNY', 'exactly 2 digits'],
    ['1250.000', 'CNY', 'exactly 2 digits'],
    ['12.50', 'JPY', 'exactly 0 digits'],
    ['1,250.00', 'CNY', 'exactly 2 digits'],
    ['1.25e3', 'CNY', 'exactly 2 digits'],
    [' 1.00', 'CNY', 'exactly 2 digits'],
    ['+1.00', 'CNY', 'exactly 2 digits'],
    ['', 'CNY', 'exactly 2 digits'],
    ['90071992547409.92', 'CNY', 'below 2^53'],
    ['9'.repeat(400), 'JPY', 'below 2^53'],
    ['1.00', 'RMB', 'ISO 4217'],
  ])('says what is wrong with %s %s', (amount, code, rule) => {
    expect(amountProblem({ amount, currency: code })).toContain(rule);
  });

  it('names a problem or reads the amount, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), currency, (amount, code) => {
        const problem = amountProblem({ amount, currency: code });
        if (problem === undefined) expect(Number.isSafeInteger(toMinor({ amount, currency: code }))).toBe(true);
        else expect(problem).toMatch(/amount must be/);
      }),
    );
  });

  it('refuses what was never checked rather than counting it', () => {
    expect(() => toMinor({ amount: 'a lot', currency: 'CNY' })).toThrow(RangeError);
    expect(() => toMoney(1.5, 'CNY')).toThrow(RangeError);
    expect(() => toMoney(Number.NaN, 'CNY')).toThrow(RangeError);
  });
});
