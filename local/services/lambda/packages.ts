import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

/** A directory with the code, or `inline` source text of an `index.js` that would lie in it. */
export interface FunctionCode {
  readonly directory: string;
  readonly inline?: string;
  /** What lies below `/opt`, the layer that was given last first. */
  readonly layers?: readonly string[];
}

/**
 * The file of a package that the code or one of its layers brings along, as Node finds it there
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-layers.html); nothing that lies around them on this machine is taken.
 */
export function packageFile(name: string, from: string, code: FunctionCode): string | undefined {
  const layers = code.layers ?? [];
  const starts = [from, join(code.directory, 'index.js'), ...layers.map((layer) => join(layer, 'nodejs', 'index.js'))];
  const roots = [code.directory, ...layers].map((root) => realpathSync(root) + sep);
  for (const start of starts) {
    const file = resolved(name, start);
    if (file !== undefined && roots.some((root) => file.startsWith(root))) return file;
  }
  return undefined;
}

function resolved(name: string, start: string): string | undefined {
  try {
    return createRequire(start).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Whether a file is an ECMAScript module, by its name or by the nearest manifest inside the code. */
export function isModuleFile(file: string, { directory, layers = [] }: FunctionCode): boolean {
  if (file.endsWith('.mjs')) return true;
  if (!file.endsWith('.js')) return false;
  const roots = [directory, ...layers].flatMap((root) => (existsSync(root) ? [root, realpathSync(root)] : [root]));
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
    if (roots.includes(folder) || folder === dirname(folder)) return false;
  }
}
