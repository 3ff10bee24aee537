import { validation } from './errors.ts';

/**
 * DynamoDB numbers: up to 38 significant digits, magnitude 1E-130 to 9.99…E+125, exact.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
 */

/** `coefficient * 10^exponent`; the coefficient has no trailing zero, and zero is `0 * 10^0`. */
interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const DIGITS_MAX = 38;
const EXPONENT_MAX = 125;
const EXPONENT_MIN = -130;
/** Longer text is not a number anybody means; it bounds the work of parsing. */
const TEXT_LENGTH_MAX = 512;

const PLAIN_INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;
const NUMBER = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,6}))?$/;

/** The text of a number as DynamoDB stores and returns it: plain decimal notation without needless zeros. */
export function normalizeNumber(text: string): string {
  return PLAIN_INTEGER.test(text) ? text : format(parse(text));
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. Both are normalized. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length < 16 && b.length < 16 && PLAIN_INTEGER.test(a) && PLAIN_INTEGER.test(b)) return Number(a) - Number(b);
  const difference = subtract(parse(a), parse(b)).coefficient;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Exact sum of two normalized numbers. */
export function addNumbers(a: string, b: string): string {
  if (a.length < 15 && b.length < 15 && PLAIN_INTEGER.test(a) && PLAIN_INTEGER.test(b)) return String(Number(a) + Number(b));
  const [x, y] = [parse(a), parse(b)];
  return format(checked(combine(x, y.coefficient, y.exponent)));
}

/** Exact difference of two normalized numbers. */
export function subtractNumbers(a: string, b: string): string {
  if (a.length < 15 && b.length < 15 && PLAIN_INTEGER.test(a) && PLAIN_INTEGER.test(b)) return String(Number(a) - Number(b));
  return format(checked(subtract(parse(a), parse(b))));
}

/**
 * Bytes a normalized number counts for. The guide says about one byte for two digits and one more; measured, the digits before
 * and after the point are counted apart, and a minus sign costs one.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function numberSize(text: string): number {
  if (text === '0') return 1;
  const negative = text.charCodeAt(0) === 45 ? 1 : 0;
  const point = text.indexOf('.');
  let integerEnd = point < 0 ? text.length : point;
  if (point < 0) while (text.charCodeAt(integerEnd - 1) === 48) integerEnd -= 1;
  const integerDigits = text.charCodeAt(negative) === 48 ? 0 : integerEnd - negative;
  let fractionDigits = 0;
  if (point >= 0) {
    let start = point + 1;
    if (integerDigits === 0) while (text.charCodeAt(start) === 48) start += 1;
    fractionDigits = text.length - start;
  }
  return 1 + negative + Math.ceil(integerDigits / 2) + Math.ceil(fractionDigits / 2);
}

/**
 * Text whose byte order is the numeric order: a sign class, the exponent, then the digits; of negative numbers the complements
 * of both, closed by a character above all digits.
 */
export function sortableNumber(text: string): string {
  const { coefficient, exponent } = parse(text);
  if (coefficient === 0n) return '1';
  const negative = coefficient < 0n;
  const digits = String(negative ? -coefficient : coefficient);
  const magnitude = digits.length - 1 + exponent - EXPONENT_MIN;
  if (!negative) return `2${String(magnitude).padStart(3, '0')}${digits}`;
  let complement = '';
  for (let index = 0; index < digits.length; index += 1) complement += String.fromCharCode(105 - digits.charCodeAt(index));
  return `0${String(999 - magnitude)}${complement}~`;
}

function parse(text: string): Decimal {
  const match = text.length <= TEXT_LENGTH_MAX ? NUMBER.exec(text) : null;
  const integer = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || integer.length + fraction.length === 0)
    throw validation(`The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`);
  const magnitude = BigInt(integer + fraction);
  const sign = match[1] === '-' ? -1n : 1n;
  return checked(trimmed(sign * magnitude, Number(match[4] ?? 0) - fraction.length));
}

function trimmed(coefficient: bigint, exponent: number): Decimal {
  if (coefficient === 0n) return { coefficient: 0n, exponent: 0 };
  const text = String(coefficient);
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end -= 1;
  return end === text.length
    ? { coefficient, exponent }
    : { coefficient: BigInt(text.slice(0, end)), exponent: exponent + text.length - end };
}

function checked(decimal: Decimal): Decimal {
  if (decimal.coefficient === 0n) return decimal;
  const digits = String(decimal.coefficient < 0n ? -decimal.coefficient : decimal.coefficient).length;
  const magnitude = decimal.exponent + digits - 1;
  if (magnitude > EXPONENT_MAX)
    throw validation('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (magnitude < EXPONENT_MIN)
    throw validation('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  if (digits > DIGITS_MAX) throw validation('Attempting to store more than 38 significant digits in a Number');
  return decimal;
}

function subtract(a: Decimal, b: Decimal): Decimal {
  return combine(a, -b.coefficient, b.exponent);
}

function combine(a: Decimal, coefficient: bigint, exponent: number): Decimal {
  const common = Math.min(a.exponent, exponent);
  return trimmed(a.coefficient * 10n ** BigInt(a.exponent - common) + coefficient * 10n ** BigInt(exponent - common), common);
}

function format({ coefficient, exponent }: Decimal): string {
  const negative = coefficient < 0n;
  const digits = String(negative ? -coefficient : coefficient);
  const sign = negative ? '-' : '';
  if (exponent >= 0) return `${sign}${digits}${'0'.repeat(exponent)}`;
  const point = digits.length + exponent;
  return point > 0 ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}` : `${sign}0.${'0'.repeat(-point)}${digits}`;
}
