import { describe, expect, it } from 'vitest';
import { compiledCode, type ModuleFunction } from '../../../local/services/lambda/compiled.ts';

const COUNTER = 'let count = 0; exports.handler = () => { count += 1; return count; };';

interface Counting {
  handler(): number;
}

/** Runs a module as a cold start does. */
function loaded(file: string, source: string, isModule = false, require: (name: string) => unknown = () => undefined): Counting {
  const module = { exports: {} as Counting };
  const run: ModuleFunction = compiledCode(file, source, isModule)();
  run.call(module.exports, module.exports, require, module, file, '/');
  return module.exports;
}

describe('compiled code', () => {
  it('is compiled once for a file, and has a state of its own in each that runs it', () => {
    const [first, second] = [loaded('/a/index.js', COUNTER), loaded('/a/index.js', COUNTER)];

    expect([first.handler(), first.handler(), second.handler()]).toEqual([1, 2, 1]);
    expect(compiledCode('/a/index.js', COUNTER, false)).toBe(compiledCode('/a/index.js', COUNTER, false));
  });

  it('is what the file has now, not what it had', () => {
    loaded('/b/index.js', COUNTER);

    expect(loaded('/b/index.js', COUNTER.replace('+= 1', '+= 5')).handler()).toBe(5);
    expect(loaded('/b/index.js', COUNTER).handler()).toBe(1);
  });

  it('is that of its own kind: the same text is a module where it is read as one', () => {
    const source = 'export const handler = () => 1;';

    expect(() => loaded('/c/index.js', source)).toThrow(expect.objectContaining({ name: 'Runtime.UserCodeSyntaxError' }));
    expect(() => loaded('/c/index.js', source)).toThrow('Unexpected token');
    expect(loaded('/c/index.js', source, true)).toHaveProperty('handler');
    expect(compiledCode('/c/index.js', COUNTER, true)).not.toBe(compiledCode('/c/index.js', COUNTER, false));
  });

  it('imports through the seam, each time', async () => {
    const source = `exports.handler = () => import('@aws-sdk/client-s3').then((sdk) => sdk.own);`;
    const seen = ['first', 'second'].map((own) => loaded('/d/index.js', source, false, () => ({ own })));

    expect(await Promise.all(seen.map((module) => module.handler()))).toEqual(['first', 'second']);
  });

  it('is kept up to a limit, the latest longest', () => {
    const large = `${COUNTER}/*${' '.repeat(10_000_000)}*/`;
    const [kept, gone] = [compiledCode('/e/0.js', large, false), compiledCode('/e/1.js', large, false)];
    compiledCode('/e/2.js', large, false);
    compiledCode('/e/0.js', large, false);

    compiledCode('/e/3.js', large, false);

    expect(compiledCode('/e/0.js', large, false)).toBe(kept);
    expect(compiledCode('/e/1.js', large, false)).not.toBe(gone);
  });
});
