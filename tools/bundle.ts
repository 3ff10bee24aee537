import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { commandLine } from '../local/command-line.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where function sources are and where their bundles go. */
export interface BundleFolders {
  /** Holds `<name>/handler.ts` per function. */
  readonly functions: string;
  /** Receives `functions/<name>/index.js`, `maps/<name>/index.js.map` and `functions.meta.json`. */
  readonly dist: string;
}

/** The folders of this repository. */
export const repositoryFolders: BundleFolders = { functions: join(root, 'functions'), dist: join(root, 'dist') };

/**
 * Bundles every function that has a `handler.ts` in one esbuild call (0.3 s for ten) into CommonJS for Lambda's Node 24 runtime, one
 * folder a function. The AWS SDK is the runtime's own. Source maps stay beside the bundles and are not shipped: they would triple what
 * a cold start loads. Names of classes and functions are not kept, which would cost each bundle 30 KB: errors name themselves. Folders
 * of functions that are gone are removed.
 * @returns the names of the functions bundled, sorted.
 * @throws Error of esbuild where a source does not compile.
 */
export async function bundleFunctions(folders: BundleFolders = repositoryFolders): Promise<string[]> {
  const names = functionNames(folders.functions);
  const outputs = join(folders.dist, 'functions');
  mkdirSync(outputs, { recursive: true });
  for (const stale of readdirSync(outputs)) if (!names.includes(stale)) rmSync(join(outputs, stale), { recursive: true });
  if (names.length === 0) return [];
  const result = await build({
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, join(folders.functions, name, 'handler.ts')])),
    outdir: outputs,
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['@aws-sdk/*'],
    minify: true,
    // Escaped, the Chinese messages would be twice as long.
    charset: 'utf8',
    plugins: [withoutNeverCalled],
    sourcemap: 'external',
    metafile: true,
    logLevel: 'warning',
  });
  for (const file of result.outputFiles) replaceFile(folders.dist, placeOf(file), file.contents);
  replaceFile(folders.dist, 'functions.meta.json', JSON.stringify(result.metafile));
  return names;
}

/**
 * Modules that other code refers to and nothing here ever calls, so that no bundler drops them by itself: what writes zod's schemas out as
 * JSON Schema (17 KB of every function), and what parses formats of numbers in ICU messages (7 KB), which the lint of words forbids.
 */
const NEVER_CALLED =
  /[\\/](?:zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)|@formatjs[\\/]icu-skeleton-parser[\\/]index)\.js$/;

/** In place of such a module, one with the same names, that says so when it is called after all. */
const withoutNeverCalled: Plugin = {
  name: 'without-never-called',
  setup({ onLoad }) {
    onLoad({ filter: NEVER_CALLED }, async ({ path }) => {
      const names = Object.keys((await import(pathToFileURL(path).href)) as object);
      const never = `const never = () => { throw new Error('${basename(path)} is left out of the bundle'); };`;
      return { contents: [never, ...names.map((name) => `export { never as ${name} };`)].join('\n') };
    });
  },
};

function functionNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'handler.ts')))
    .map((entry) => entry.name)
    .sort();
}

function placeOf(file: OutputFile): string {
  return join(file.path.endsWith('.map') ? 'maps' : 'functions', basename(dirname(file.path)), basename(file.path));
}

/** Replaces in one step, because two synths may run in one checkout at once and must never read half a bundle. */
function replaceFile(dist: string, place: string, contents: string | Uint8Array): void {
  const temporary = join(dist, `.${process.pid}-${basename(place)}`);
  writeFileSync(temporary, contents);
  mkdirSync(dirname(join(dist, place)), { recursive: true });
  renameSync(temporary, join(dist, place));
}

if (import.meta.main) {
  commandLine('usage: npm run bundle\n\nBundles every function into dist/functions.\n', {});
  const names = await bundleFunctions();
  console.log(`bundled ${names.length} functions: ${names.join(', ')}`);
}
