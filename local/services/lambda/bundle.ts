import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Kernel } from '../../kernel/kernel.ts';
import { compiledCode } from './compiled.ts';
import { outside } from './outside.ts';
import type { OwnTimers } from './own-timers.ts';
import { type FunctionCode, isModuleFile, packageFile } from './packages.ts';
import { type LogRing, makeSandbox, SANDBOX_NAMES, type Sandbox } from './sandbox.ts';
import { type FunctionCaller, joinedSdk } from './sdk-seam.ts';
import type { SharedWorld } from './shared-world.ts';

export type Handler = (event: unknown, context: object, callback?: (error: unknown, result?: unknown) => void) => unknown;

export interface BundleOptions {
  readonly code: FunctionCode;
  /** `index.handler`. */
  readonly handler: string;
  readonly environment: Record<string, string>;
  /** How the function names itself to the services it calls: `lambda:<name>`. */
  readonly origin: string;
  readonly log: LogRing;
  /** How it calls them. */
  readonly caller: FunctionCaller;
  readonly timers: OwnTimers;
  readonly shared: SharedWorld;
}

/** What Lambda's runtime brings along (https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html): the SDK. */
const SDK = /^@(aws-sdk|smithy)\//;
const EXTENSIONS = ['.js', '.cjs', '.mjs'];
const projectRequire = createRequire(import.meta.url);

/**
 * Loads a function's code once, as a cold start does, and answers its handler. ECMAScript modules are rewritten to CommonJS first. Errors
 * have the names of the runtime (https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, UserFunction.js).
 */
export function loadHandler(kernel: Kernel, options: BundleOptions): Handler {
  const [path, members] = handlerParts(options.handler);
  const modules = new ModuleLoader(kernel, options);
  const before = options.shared.picture();
  let handler: unknown;
  try {
    handler = modules.entry(path);
  } finally {
    options.shared.restore(before, options.origin);
  }
  for (const member of members) handler = (handler as Record<string, unknown> | null | undefined)?.[member];
  if (typeof handler === 'function') return handler as Handler;
  const problem = handler === undefined || handler === null ? 'undefined or not exported' : 'not a function';
  throw runtimeError('HandlerNotFound', `${options.handler} is ${problem}`);
}

/** The module's path and the members that lead to the function in it: `folder/index.api.handler`. */
function handlerParts(handler: string): [path: string, members: string[]] {
  if (handler.includes('..'))
    throw runtimeError(
      'MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  const dot = handler.indexOf('.', handler.lastIndexOf('/') + 1);
  if (dot < 0) throw runtimeError('MalformedHandlerName', 'Bad handler');
  return [handler.slice(0, dot), handler.slice(dot + 1).split('.')];
}

/** What Lambda's runtime makes errors of, by the name that its answers carry. */
function runtimeError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name: `Runtime.${name}` });
}

class ModuleLoader {
  readonly #options: BundleOptions;
  readonly #sandbox: Sandbox;
  readonly #loaded = new Map<string, { exports: unknown }>();
  readonly #joined = new Map<string, object>();

  constructor(kernel: Kernel, options: BundleOptions) {
    this.#options = options;
    this.#sandbox = makeSandbox(kernel, options.environment, options.log, options.timers);
  }

  entry(path: string): unknown {
    const { code } = this.#options;
    if (code.inline !== undefined) return this.#run('/var/task/index.js', code.inline, false);
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
    return this.#run(file, source, isModuleFile(file, this.#options.code));
  }

  #run(file: string, source: string, isModule: boolean): unknown {
    const module: { exports: unknown } = { exports: {} };
    this.#loaded.set(file, module);
    const run = compiledCode(file, source, isModule)(...SANDBOX_NAMES.map((name) => this.#sandbox[name]));
    const require = (name: string) => this.#require(name, file);
    run.call(module.exports, module.exports, require, module, file, dirname(file));
    return module.exports;
  }

  #require(name: string, from: string): unknown {
    if (isBuiltin(name)) return this.#builtin(name.replace(/^node:/, ''), name);
    if (name.startsWith('.') || name.startsWith('/')) return this.#file(resolve(dirname(from), name));
    if (!SDK.test(name)) return this.#package(name, from);
    const { caller, origin, shared } = this.#options;
    if (!name.startsWith('@aws-sdk/client-')) return shared.trusted(() => this.#sdkModule(name));
    let joined = this.#joined.get(name);
    if (joined === undefined) {
      joined = shared.trusted(() => joinedSdk(caller, this.#sdkModule(name), origin));
      this.#joined.set(name, joined);
    }
    return joined;
  }

  #package(name: string, from: string): unknown {
    const file = packageFile(name, from, this.#options.code);
    if (file === undefined) throw importError(name);
    return this.#file(file);
  }

  /** A module of the SDK: that of the project that the code lies in, so that all of it is of one version, else this cloud's own. */
  #sdkModule(name: string): object {
    const { directory } = this.#options.code;
    for (const require of [createRequire(join(directory, 'index.js')), projectRequire])
      try {
        return require(require.resolve(name)) as object;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      }
    throw importError(name);
  }

  #builtin(name: string, asked: string): unknown {
    const real = projectRequire(asked) as Record<string, unknown>;
    outside.watchModule(name);
    switch (name) {
      case 'process':
        return this.#sandbox.process;
      case 'console':
        return Object.assign(Object.create(this.#sandbox.console as object) as object, { Console: real.Console });
      case 'crypto':
        return this.#sandbox.nodeCrypto;
      case 'timers':
        return this.#options.timers.module;
      case 'timers/promises':
        return this.#options.timers.promises;
      case 'zlib':
        return { ...real, ...outside.watched(real, (name) => name !== 'crc32') };
      case 'perf_hooks':
        return { ...real, performance: this.#sandbox.performance };
      default:
        this.#options.shared.share(name, real);
        return real;
    }
  }
}

function importError(name: string): Error {
  return runtimeError('ImportModuleError', `Error: Cannot find module '${name}'`);
}
