import * as fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { compileFast, type Node, UNDECIDED } from '../../../local/services/states/fast-path.ts';

const names = ['a', 'b', 'length', 'constructor', 'x y'];
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, -0, 1, 2.5, 1e21, 2 ** 53, '', 'a', '1', 'é'),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const path = fc
  .tuple(
    fc.constantFrom('x', 'y', 'string', 'unset'),
    fc.array(fc.constantFrom('a', 'b', 'length', 'constructor', '`x y`'), { maxLength: 3 }),
  )
  .map(([head, steps]) => ['$'.concat(head), ...steps].join('.'));
const literal = fc.constantFrom('1', '0', '2.5', "''", "'a'", "'1'", 'true', 'false', 'null');
const expression: fc.Arbitrary<string> = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    path,
    literal,
    fc
      .tuple(tie('expression'), fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '+', '-', '&', 'and', 'or'), tie('expression'))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    fc.tuple(fc.constantFrom('$exists', '$string', '$not'), tie('expression')).map(([name, inner]) => `${name}(${inner})`),
  ),
})).expression;

/** What the library answers: a value, undefined, or that it throws. */
async function library(text: string, variables: Record<string, unknown>): Promise<unknown> {
  try {
    const value: unknown = await jsonata(text).evaluate(undefined, variables);
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value) ?? '"function"');
  } catch {
    return 'threw';
  }
}

function fast(text: string, variables: Record<string, unknown>): unknown {
  const evaluate = compileFast(jsonata(text).ast() as Node);
  return evaluate === undefined ? UNDECIDED : evaluate((name) => (Object.hasOwn(variables, name) ? variables[name] : undefined));
}

describe('the fast path', () => {
  it('answers what the library answers, or leaves it to the library', async () => {
    await fc.assert(
      fc.asyncProperty(expression, json, json, async (text, x, y) => {
        const variables = { x, y };
        const answer = fast(text, variables);
        if (answer === UNDECIDED) return;
        const plain = answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
        expect({ text, answer: plain }).toEqual({ text, answer: await library(text, variables) });
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes the shapes that machines use most', () => {
    const variables = { turn: { act: 'send', n: 3, list: [1] }, states: { input: { a: { b: 1 } } } };
    const shapes = [
      '$states.input.a.b',
      "$turn.act = 'send'",
      '$string($turn.n + 1)',
      "'ACCOUNT#' & $turn.act",
      '$exists($turn.none)',
      '$turn.list',
    ];
    expect(shapes.map((text) => fast(text, variables))).toEqual([1, true, '4', 'ACCOUNT#send', false, [1]]);
  });

  it('leaves alone what is not trivial', () => {
    const variables = { x: { list: [{ a: 1 }] } };
    for (const text of ['$x.list.a', '$x.list[0]', '$sum', '$map($x, $string)', '$x = $x']) expect(fast(text, variables)).toBe(UNDECIDED);
  });
});
