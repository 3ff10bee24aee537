import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { UnsupportedError } from '../../kernel/errors.ts';
import type { Caller, Kernel } from '../../kernel/kernel.ts';
import { type LogRing, makeSandbox, SANDBOX_NAMES, type Sandbox } from './sandbox.ts';
import { joinedSdk } from './sdk-seam.ts';

export type Handler = (event: unknown, context: object, callback?: (error: unknown, result?: unknown) => void) => unknown;

export interface BundleOptions {
  /** A directory with the code, or `inline` source text of `index.js`. */
  readonly code: { readonly directory: string } | { readonly inline: string };
  /** `index.handler`. */
  readonly handler: string;
  readonly environment: Record<string, string>;
  /** How the function names itself to the services it calls: `lambda:<name>`. */
  readonly origin: string;
  readonly log: LogRing;
  /** How it calls them. */
  readonly caller: Caller;
}

const EXTENSIONS = ['.js', '.cjs', '.mjs'];
const projectRequire = createRequire(import.meta.url);

/** Loads a function's code once, as a cold start does, and answers its handler. ECMAScript modules are rewritten to CommonJS first. */
export function loadHandler(kernel: Kernel, options: BundleOptions): Handler {
  const dot = options.handler.lastIndexOf('.');
  const exported = options.handler.slice(dot + 1);
  const modules = new ModuleLoader(kernel, options);
  const namespace = modules.entry(options.handler.slice(0, dot)) as Record<string, unknown>;
  const handler = namespace[exported];
  if (typeof handler !== 'function')
    throw Object.assign(new Error(`${options.handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  return handler as Handler;
}

class ModuleLoader {
  readonly #options: BundleOptions;
  readonly #sandbox: Sandbox;
  readonly #loaded = new Map<string, { exports: unknown }>();
  readonly #joined = new Map<string, object>();

  constructor(kernel: Kernel, options: BundleOptions) {
    this.#options = options;
    this.#sandbox = makeSandbox(kernel, options.environment, options.log);
  }

  entry(path: string): unknown {
    const { code } = this.#options;
    if ('inline' in code) return this.#run('/var/task/index.js', code.inline, '.js');
    return this.#file(resolve(code.directory, path));
  }

  #file(path: string): unknown {
    const file = [
      path,
      ...EXTENSIONS.map((extension) => path + extension),
      ...EXTENSIONS.map((extension) => join(path, `index${extension}`)),
    ].find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
    if (file === undefined) throw importError(path);
    const loaded = this.#loaded.get(file);
    if (loaded !== undefined) return loaded.exports;
    const source = readFileSync(file, 'utf8');
    if (file.endsWith('.json')) return JSON.parse(source);
    return this.#run(file, source, isModuleFile(file) ? '.mjs' : extname(file));
  }

  #run(file: string, source: string, kind: string): unknown {
    const module: { exports: unknown } = { exports: {} };
    this.#loaded.set(file, module);
    // A dynamic import is rewritten too: Node would load it past the seam.
    const text = kind === '.mjs' || /\bimport\s*\(/.test(source) ? toCommonJs(file, source) : source;
    const run = compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname', ...SANDBOX_NAMES], { filename: file });
    const require = (name: string) => this.#require(name, file);
    run(module.exports, require, module, file, dirname(file), ...SANDBOX_NAMES.map((name) => this.#sandbox[name]));
    return module.exports;
  }

  #require(name: string, from: string): unknown {
    if (isBuiltin(name)) return this.#builtin(name.replace(/^node:/, ''), name);
    if (name.startsWith('.') || name.startsWith('/')) return this.#file(resolve(dirname(from), name));
    if (name.startsWith('@aws-sdk/client-')) {
      let joined = this.#joined.get(name);
      if (joined === undefined) {
        joined = joinedSdk(this.#options.caller, name, this.#options.origin);
        this.#joined.set(name, joined);
      }
      return joined;
    }
    // The Lambda runtime brings the rest of the SDK; all else must be in the bundle.
    if (name.startsWith('@aws-sdk/') || name.startsWith('@smithy/')) return projectRequire(name);
    throw importError(name);
  }

  #builtin(name: string, asked: string): unknown {
    const real = projectRequire(asked) as Record<string, unknown>;
    switch (name) {
      case 'process':
        return this.#sandbox.process;
      case 'console':
        return Object.assign(Object.create(this.#sandbox.console as object) as object, { Console: real.Console });
      case 'crypto':
        return this.#sandbox.nodeCrypto;
      case 'timers':
        return { ...real, setTimeout: this.#sandbox.setTimeout, setInterval: this.#sandbox.setInterval };
      default:
        return real;
    }
  }
}

function isModuleFile(file: string): boolean {
  if (file.endsWith('.mjs')) return true;
  if (!file.endsWith('.js')) return false;
  const manifest = join(dirname(file), 'package.json');
  return existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
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

function importError(name: string): Error {
  return Object.assign(new Error(`Cannot find module '${name}'`), { name: 'Runtime.ImportModuleError' });
}
