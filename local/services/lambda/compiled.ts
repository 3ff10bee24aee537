import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { UnsupportedError } from '../../kernel/errors.ts';
import { SANDBOX_NAMES } from './sandbox.ts';

export type ModuleFunction = (exports: unknown, require: unknown, module: object, filename: string, dirname: string) => void;

/** Takes what the sandbox has, in the order of `SANDBOX_NAMES`, and answers the module's function. */
export type Compiled = (...sandbox: unknown[]) => ModuleFunction;

interface Code {
  readonly source: string;
  readonly isModule: boolean;
  readonly compiled: Compiled;
}

/** Names of its own may be those of globals, as in any module: so its code is a function in the one that has these. */
const WRAPPER = 'return function (exports, require, module, __filename, __dirname) {';
/** Characters of all sources together: the functions of a large application, and not every version of a file that ever was. */
const KEPT_MAX = 32 * 1024 * 1024;

const projectRequire = createRequire(import.meta.url);
/** By file, that which was asked for last at the end. Code is without state until it runs, so all clouds of this process share it. */
const kept = new Map<string, Code>();
let keptCharacters = 0;

/**
 * A file's code, ready to run; its lines and columns stay what they are, but in what was rewritten. ECMAScript modules are rewritten to
 * CommonJS, and dynamic imports too: Node would load them past the seam. What was compiled is kept, since to rewrite it starts a process,
 * and what ran before is faster. Throws an `UnsupportedError` where it cannot be rewritten, else the runtime's own.
 */
export function compiledCode(file: string, source: string, isModule: boolean): Compiled {
  const known = kept.get(file);
  if (known !== undefined) {
    kept.delete(file);
    keptCharacters -= known.source.length;
  }
  const code =
    known?.source === source && known.isModule === isModule ? known : { source, isModule, compiled: compile(file, source, isModule) };
  kept.set(file, code);
  keptCharacters += source.length;
  for (const [oldest, { source: old }] of kept) {
    if (keptCharacters <= KEPT_MAX) break;
    kept.delete(oldest);
    keptCharacters -= old.length;
  }
  return code.compiled;
}

function compile(file: string, source: string, isModule: boolean): Compiled {
  const rewritten = isModule || /\bimport\s*\(/.test(source) ? toCommonJs(file, source) : source;
  // The first line may be for a shell.
  const text = rewritten.replace(/^#!.*/, '');
  try {
    return compileFunction(`${WRAPPER}${text}\n}`, SANDBOX_NAMES, { filename: file, columnOffset: -WRAPPER.length }) as Compiled;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw Object.assign(new Error(String(error)), { name: 'Runtime.UserCodeSyntaxError', stack: error.stack });
  }
}

function toCommonJs(file: string, source: string): string {
  const { transformSync } = projectRequire('esbuild') as typeof import('esbuild');
  try {
    return transformSync(source, {
      format: 'cjs',
      platform: 'node',
      target: 'node24',
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': JSON.stringify(`file://${file}`) },
    }).code;
  } catch (error) {
    throw new UnsupportedError(`${file} cannot be run: ${(error as Error).message}`);
  }
}
