/**
 * Money as the outside sees it (a decimal string with the currency's ISO 4217 exponent) and as the inside counts it (integer minor
 * units, never a float). Exponents: ISO 4217 list one (https://www.six-group.com/en/products-services/financial-information/data-standards.html).
 */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

const TWO_DIGITS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UZS VED VES WST XCD XCG YER ZAR ZMW ZWG';
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...TWO_DIGITS.split(' ').map((code) => [code, 2] as const),
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/** Digits after the point, or undefined for a code that ISO 4217 does not list. */
export function exponentOf(currency: string): number | undefined {
  return EXPONENTS.get(currency);
}

/** What is wrong with an amount, as a rule in words; undefined when nothing is. */
export function amountProblem(money: Money): string | undefined {
  const exponent = exponentOf(money.currency);
  if (exponent === undefined) return `currency must be an ISO 4217 code, got ${JSON.stringify(money.currency).slice(0, 20)}`;
  const pattern = exponent === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${exponent}}$`);
  if (!pattern.test(money.amount))
    return `amount must be a decimal string with exactly ${exponent} digits after the point in ${money.currency}`;
  if (!Number.isSafeInteger(Number(money.amount.replace('.', '')))) return 'amount must be below 2^53 minor units';
  return undefined;
}

/** Integer minor units of an amount that was checked where it came in. */
export function toMinor(money: Money): number {
  const minor = Number(money.amount.replace('.', ''));
  if (!Number.isSafeInteger(minor)) throw new RangeError('An unchecked amount reached the ledger');
  return minor === 0 ? 0 : minor;
}

export function toMoney(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`Not an integer number of minor units: ${minor}`);
  const exponent = exponentOf(currency) ?? 2;
  const digits = Math.abs(minor)
    .toString()
    .padStart(exponent + 1, '0');
  const amount = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return { amount: minor < 0 ? `-${amount}` : amount, currency };
}

/** ISO 4217's own code for no currency at all: that of an account whose core has named no amount yet, and which owes zero. */
export const NO_CURRENCY = 'XXX';

/** An amount of an account, in minor units of its currency. */
export function moneyOf({ currency = NO_CURRENCY }: { readonly currency?: string }, minor: number): Money {
  return toMoney(minor, currency);
}
