import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { Harness } from './harness.ts';

const pass = (Output: unknown): JsonObject => ({ Type: 'Pass', Output, End: true });

async function resultOf(expression: string, input: unknown = {}): Promise<unknown> {
  const { output, cause } = await new Harness().run({ P: pass(`{% ${expression} %}`) }, input);
  return output === undefined ? `failed: ${cause}` : JSON.parse(output);
}

/** What comes after the name of the field. */
async function causeOf(expression: string): Promise<string> {
  const { error, cause = '' } = await new Harness().run({ P: pass(`{% ${expression} %}`) });
  expect(error).toBe('States.QueryEvaluationError');
  return cause.slice(cause.indexOf("'Output'") + "'Output' ".length);
}

describe('the functions of Step Functions', () => {
  it.each([
    ['$hash("a", "SHA-256")', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['$hash("input", "SHA-1")', '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1'],
    ['$hash("a", "MD5")', '0cc175b9c0f1b6a831c399e269772661'],
    ['$partition([1,2,3], 2)', [[1, 2], [3]]],
    ['$partition([1,2,3], 2.9)', [[1, 2], [3]]],
    ['$partition([1,2,3])', [[1, 2, 3]]],
    ['$range(0, 6, 2)', [0, 2, 4, 6]],
    ['$range(10, 0, -5)', [10, 5, 0]],
    ['$range(-1.7, 2, 1)', [-1, 0, 1, 2]],
    ['$range(1, 9, 9)', 1],
    ['$count($range(1, 360145, 1))', 360_145],
    ['$parse("{\\"a\\":[1,2]}").a[1]', 2],
    ['$exists($parse("null"))', true],
    ['$parse("{\\"a\\\\\\":\\":[\\"x:\\",{\\"a\\":1}]}")', { 'a":': ['x:', { a: 1 }] }],
    ['$map(["1", "true"], $parse)', [1, true]],
    ['$random(42)', 0.7275636800328681],
    ['$random(5) = $random(5)', true],
    ['$random() < 1', true],
    ['$length($uuid())', 36],
    [
      '[$pad("foo", 5), $pad("foo", -5, "#"), $pad("foo", 8, "+-"), $pad("foo", 2), $pad("€", 3, "")]',
      ['foo  ', '##foo', 'foo+-+-+', 'foo', '€  '],
    ],
    ['["a", "b"].$pad(2, ".")', ['a.', 'b.']],
    ['$exists($pad($x, 3))', false],
  ])('%s', async (expression, expected) => {
    expect(await resultOf(expression)).toEqual(expected);
  });

  it.each([
    '$range(1, 2)',
    '$range(1, 2, 0)',
    '$range(0, 9, -1)',
    '$partition([], 2)',
    '$partition([1], -0.5)',
    '$hash("a")',
    '$parse($x)',
  ])('%s gives nothing', async (expression) => {
    expect(await causeOf(expression)).toBe('returned nothing (undefined).');
  });

  it.each([
    ['$hash($x, "MD5")', 'T0410: Argument 1 of function "hash" does not match function signature'],
    ['$hash("a", "md5")', "D3137: Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"],
    ['$range("a", 2, 1)', 'T0410: Argument 1 of function "range" does not match function signature'],
    ['$partition(3, 1)', 'T0412: Argument 1 of function "partition" must be an array of undefined'],
    ['$partition([1], -2)', 'D3137: Second argument must be zero or greater'],
    ['$parse("")', 'D3137: Invalid JSON'],
    ['$parse("1 2")', 'D3137: Invalid JSON'],
    ['$parse("[{\\"a\\": 1, \\"a\\": 1}]")', 'D3137: Invalid JSON'],
    ['$parse(1)', 'T0410: Argument 1 of function "parse" does not match function signature'],
    ['$random("a")', 'T0410: Argument 1 of function "random" does not match function signature'],
    ['$uuid(1)', 'T0410: Argument 1 of function "uuid" does not match function signature'],
    ['$eval("1")', 'T1006: Attempted to invoke a non-function'],
  ])('%s fails', async (expression, message) => {
    expect(await causeOf(expression)).toBe(`threw an error during evaluation. ${message}`);
  });
});

describe('what an expression gives', () => {
  it.each([
    ['$map([1], function($v) { $v })', 1],
    ['$states.input.list.n', [3, 4]],
    ['$states.input.list[n = 3]', { n: 3 }],
    ['$states.input.list[n = 3][]', [{ n: 3 }]],
    ['[$states.input.list[n = 3].n]', [3]],
    ['$states.input.nothing', null],
    ['{"a": $states.input.missing, "b": 1}', { b: 1 }],
    ['$type($states.context.Execution.StartTime)', 'string'],
    ['1/0', 'Infinity'],
    ['[-1/0, {"n": 0/0}]', ['-Infinity', { n: 'NaN' }]],
    ['$string(1e21)', '1e+21'],
    ['$length("𝄞é")', 2],
  ])('%s', async (expression, expected) => {
    expect(await resultOf(expression, { list: [{ n: 3 }, { n: 4 }], nothing: null })).toEqual(expected);
  });

  it.each([
    ['$sum', 'returned an unsupported result type.'],
    ['[function($x) { $x }]', 'returned an unsupported result type.'],
    ['$states.input.list.missing', 'returned nothing (undefined).'],
    ['"a" + 1', 'threw an error during evaluation. T2001: The left side of the "+" operator must evaluate to a number'],
    ['$sum(["a"])', 'threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"'],
  ])('%s fails', async (expression, message) => {
    expect(await causeOf(expression)).toBe(message);
  });

  it('is a failure that names the innermost field, and leaves an event of it', async () => {
    const harness = new Harness();
    const run = await harness.run({ P: pass({ a: { b: [[1, '{% $x %}']] } }) });
    const event = (await harness.history(run.arn)).find(({ type }) => type === 'EvaluationFailed');
    expect(run.cause).toBe(
      "An error occurred while executing the state 'P' (entered at the event id #2). The JSONata expression '$x' specified for the field 'Output/a/b[0][1]' returned nothing (undefined).",
    );
    expect(event?.evaluationFailedEventDetails).toEqual({ error: run.error, cause: run.cause, location: 'Output/a/b[0][1]', state: 'P' });
  });
});

describe('the bounds of an expression', () => {
  const chain = (terms: number) => Array.from({ length: terms }, () => '1').join('+');
  const factorial = (n: number) => `($f := function($n) { $n = 0 ? 1 : $n * $f($n - 1) }; $f(${n}) > 0)`;
  const doubled = (times: number) => `($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f("x", ${times})))`;

  it.each<[string, string, unknown]>([
    ['100 terms', chain(100), 100],
    ['99 parentheses', `${'('.repeat(99)}1${')'.repeat(99)}`, 1],
    ['a recursion 31 deep', factorial(31), true],
    ['a range of 873,782', '[1..873782][-1]', 873_782],
    ['a text of 4 Mi characters', doubled(22), 4_194_304],
    ['262,144 characters added by $pad', "$length($pad('', 262144, 'é'))", 262_144],
    ['262,144 characters of a pattern', "$length($pad('', -262144, 'xyz'))", 262_144],
    ['a longer text by $pad', "$length($pad($pad('', 131072, 'x'), 262145))", 262_145],
    ['longer texts joined', "$length($pad('', 131072, 'x') & $pad('', 131073, 'x'))", 262_145],
    ['many small lists', '$count($map([1..500], function($v) { [$v, $v, {"a": $v, "b": [$v, 2]}] }))', 500],
  ])('allow %s', async (_what, expression, expected) => {
    expect(await resultOf(expression)).toEqual(expected);
  });

  const deep =
    'threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive. Depth=101 max=100';
  const large = 'threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage';
  it.each([
    ['101 terms', chain(101), deep],
    ['100 parentheses', `${'('.repeat(100)}1${')'.repeat(100)}`, deep],
    ['a recursion 32 deep', factorial(32), deep],
    ['a range of 873,783', '[1..873783][-1]', large],
    ['$range of 360,146', '$range(1, 360146, 1)', large],
    ['a text of 8 Mi characters', doubled(23), large],
    ['262,145 characters added by $pad', "$length($pad('', 262145, 'x'))", large],
    [
      'a loop without an end',
      '($f := function($n) { $f($n + 1) }; $f(0))',
      'threw an error during evaluation: Expression evaluation timeout: Check for infinite loop',
    ],
  ])('refuse %s', async (_what, expression, message) => {
    expect(await causeOf(expression)).toBe(message);
  });
});
