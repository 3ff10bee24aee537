import fc from 'fast-check';
import { isPossiblePhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { expect, it } from 'vitest';
import { isWellFormed } from '../../domain/contact-points/addresses.ts';
import { NUMBER_LENGTHS } from '../../domain/contact-points/number-lengths.ts';
import { numberLengths } from '../../tools/number-lengths.ts';

/** The table against the library that it was taken from. */

const CODES = Object.keys(NUMBER_LENGTHS);
/** Codes of several countries with different lengths: the library asks the one country of the number, the table any of them. */
const SHARED = ['1', '44', '290', '599'];
const DIGITS_MAX = 15;

const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: DIGITS_MAX - 1 }).map((given) => given.join(''));
const numbers = fc
  .tuple(fc.constantFrom(...CODES), digits)
  .map(([code, rest]) => ({ code, number: `+${code}${rest}`.slice(0, DIGITS_MAX + 1) }));

/**
 * The library also forgives a national prefix after the calling code, as in +44 (0)20, and asks of the number without it. Nobody can
 * dial the one that was given, so such numbers are the table's own to judge.
 */
function isTakenAsWritten(number: string): boolean {
  return (parsePhoneNumberFromString(number)?.number ?? number) === number;
}

it('is what the library says now; if not, run "node tools/number-lengths.ts"', () => {
  expect(NUMBER_LENGTHS).toEqual(Object.fromEntries(numberLengths()));
});

it('takes what the library takes, and nothing else', () => {
  fc.assert(
    fc.property(numbers, ({ code, number }) => {
      fc.pre(isTakenAsWritten(number));
      const possible = isPossiblePhoneNumber(number);
      if (possible || !SHARED.includes(code)) expect(isWellFormed('sms', number), number).toBe(possible);
    }),
    { numRuns: 5000 },
  );
});

it('takes no number with a national prefix too many', () => {
  expect(['+442079460958', '+4402079460958'].map((number) => isWellFormed('sms', number))).toEqual([true, false]);
});

it.each(['+9991234567', '+21012345678', '+3842345678'])('takes no number of a calling code that is none: %s', (number) => {
  expect([isWellFormed('sms', number), isPossiblePhoneNumber(number)]).toEqual([false, false]);
});
