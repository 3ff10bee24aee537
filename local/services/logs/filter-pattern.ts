import { AwsError } from '../../kernel/errors.ts';

/** A term, in quotes or without, behind a sign where it may or must not occur. */
const TERM = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?:\s+|$)/y;

/**
 * Whether a message matches a filter pattern of terms: it has all of them, none of those behind `-`, and where all stand behind `?` any
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html). Letters count as they are written.
 * @throws AwsError `InvalidParameterException` for patterns of JSON, of fields and of regular expressions, which are not done here
 */
export function matcherOf(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[]|%/.test(text))
    throw new AwsError(
      'InvalidParameterException',
      `The embedded cloud's CloudWatch Logs has only patterns of terms, not ${text.slice(0, 100)}`,
    );
  const terms: { sign: string; term: string }[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const match = TERM.exec(text);
    if (match === null) throw new AwsError('InvalidParameterException', 'Invalid filter pattern');
    terms.push({ sign: match[1] ?? '', term: match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? '' });
  }
  const of = (sign: string) => terms.filter((one) => one.sign === sign).map(({ term }) => term);
  const [needed, unwanted, any] = [of(''), of('-'), of('?')];
  // Beside other terms those that may occur make no difference, as on AWS.
  const isAnyNeeded = any.length > 0 && any.length === terms.length;
  return (message) =>
    needed.every((term) => message.includes(term)) &&
    !unwanted.some((term) => message.includes(term)) &&
    (!isAnyNeeded || any.some((term) => message.includes(term)));
}
