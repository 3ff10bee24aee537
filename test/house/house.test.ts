import { describe, expect, it } from 'vitest';
import { functionNames } from '../../infra/names.ts';
import { codeOf, filesOf, type Source } from './sources.ts';

/** House rules that no linter has. Each check is a function, and is tried on a planted fault beside the whole source. */

// ---- time and chance ---------------------------------------------------------------------------------------------------

const CLOCKS: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'Date.now()', pattern: /\bDate\s*\.\s*now\b/ },
  { name: 'new Date()', pattern: /\bnew\s+Date\s*(\(\s*\)|[^\w\s(])/ },
  { name: 'Date()', pattern: /(?<!new\s)(?<![.\w])Date\s*\(/ },
  { name: 'Temporal.Now', pattern: /\bTemporal\s*\.\s*Now\b/ },
  { name: 'Math.random', pattern: /\bMath\s*\.\s*random\b/ },
  { name: 'randomUUID', pattern: /\brandomUUID\s*\(/ },
  { name: 'randomBytes', pattern: /\brandom(Bytes|Int|FillSync)\s*\(/ },
];

const DICE = ['Math.random', 'randomUUID', 'randomBytes'];

/** Who may: the one clock of the functions, the kernel's own, and what starts it. */
const MAY_READ_CLOCKS = [/^functions\/adapters\/clock\.ts$/, /^local\/kernel\//, /^local\/(start|world)\.ts$/];
/** Chance comes into a use case as a port; the sandbox defines a seeded one for function code. */
const MAY_THROW_DICE = [/^functions\/adapters\/random\.ts$/, /^local\/kernel\//, /^local\/services\/lambda\/sandbox\.ts$/];

function clocksIn({ path, text }: Source): string[] {
  const code = codeOf(text);
  const may = (name: string) => (DICE.includes(name) ? MAY_THROW_DICE : MAY_READ_CLOCKS).some((pattern) => pattern.test(path));
  return CLOCKS.filter(({ name, pattern }) => pattern.test(code) && !may(name)).map(({ name }) => `${path}: ${name}`);
}

describe('time and chance', () => {
  it('come from the one clock and the kernel only', () => {
    const sources = filesOf(['.ts'], 'domain', 'functions', 'local');
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(clocksIn)).toEqual([]);
  });

  it.each([
    { text: 'const now = Date.now();', found: ['Date.now()'] },
    { text: 'const now = new Date();', found: ['new Date()'] },
    { text: 'const now = new Date;', found: ['new Date()'] },
    { text: 'const now = +Date();', found: ['Date()'] },
    { text: 'const now = Temporal.Now.instant();', found: ['Temporal.Now'] },
    { text: `const dice = \`\${Math.random()}\`;`, found: ['Math.random'] },
    { text: 'const id = crypto.randomUUID();', found: ['randomUUID'] },
    { text: 'const salt = randomBytes(16);', found: ['randomBytes'] },
    { text: "// Date.now()\nconst text = 'Math.random';\nconst at = new Date(1).toISOString();", found: [] },
    { text: `const text = \`Date.now() \${name} Math.random()\`; /* new Date() */`, found: [] },
  ])('are found in "$text" as $found', ({ text, found }) => {
    expect(clocksIn({ path: 'domain/planted.ts', text })).toEqual(found.map((name) => `domain/planted.ts: ${name}`));
  });
});

// ---- the functions' folders --------------------------------------------------------------------------------------------

/** Shared by several functions; no handler lives here. */
const SHARED = ['adapters', 'api', 'contract', 'facts', 'notices', 'protocol'];

function foldersOf(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const [, folder = '', ...rest] = path.split('/');
    folders.set(folder, [...(folders.get(folder) ?? []), rest.join('/')].sort());
  }
  return folders;
}

function strayFiles(paths: readonly string[]): string[] {
  return [...foldersOf(paths)]
    .filter(([folder]) => !SHARED.includes(folder))
    .filter(([folder, files]) => JSON.stringify(files) !== JSON.stringify([`${folder}.ts`, 'handler.ts'].sort()))
    .map(([folder, files]) => `functions/${folder}: ${files.join(', ')}`);
}

/** A handler wires: it builds clients and passes them on. Whatever branches belongs into the use case, where it is tested. */
function branchesIn({ path, text }: Source): string[] {
  const code = codeOf(text);
  return /\b(if|for|while|switch|catch)\b|\?\?|&&|\|\||\?[^.:]*:/.test(code) ? [path] : [];
}

describe('a function', () => {
  const sources = filesOf(['.ts'], 'functions');

  it('has two files, its handler and its use case, named like its folder', () => {
    expect(strayFiles(sources.map(({ path }) => path))).toEqual([]);
    const folders = [...foldersOf(sources.map(({ path }) => path)).keys()];
    expect(folders.filter((folder) => !SHARED.includes(folder)).sort()).toEqual([...functionNames].sort());
  });

  it('with a third file, or without one of the two, is found', () => {
    expect(strayFiles(['functions/do-it/do-it.ts', 'functions/do-it/handler.ts', 'functions/do-it/more.ts'])).toHaveLength(1);
    expect(strayFiles(['functions/do-it/handler.ts'])).toHaveLength(1);
  });

  it('has no branches in its handler', () => {
    const handlers = sources.filter(({ path }) => path.endsWith('/handler.ts'));
    expect(handlers.flatMap(branchesIn)).toEqual([]);
    expect(branchesIn({ path: 'h', text: 'if (a) b();' })).toEqual(['h']);
    expect(branchesIn({ path: 'h', text: 'const c = a ? b : c;' })).toEqual(['h']);
    expect(branchesIn({ path: 'h', text: 'const c = a ?? b;' })).toEqual(['h']);
  });
});

// ---- errors ------------------------------------------------------------------------------------------------------------

/** Bundles keep no names of classes: an error is known by the name that it gives itself, in a state machine's catcher as in a log. */
function namelessErrors({ path, text }: Source): string[] {
  return [...text.matchAll(/^(?:export )?class (\w+) extends (\w+).*\{\n(.*)$/gm)]
    .filter(([, , parent = '']) => /(Error|Problem)$/.test(parent))
    .filter(([, name, , first = '']) => !new RegExp(`^  override readonly name(: string)? = '${name}';$`).test(first))
    .map(([, name]) => `${path}: ${name}`);
}

it('every error of domain and functions begins with its own name', () => {
  const sources = filesOf(['.ts'], 'domain', 'functions');
  expect(sources.filter(({ text }) => /extends Error\b/.test(text)).length).toBeGreaterThan(10);
  expect(sources.flatMap(namelessErrors)).toEqual([]);
  const planted = (first: string) => namelessErrors({ path: 'a', text: `export class DecideAgain extends Error {\n  ${first}\n}\n` });
  expect(planted("override readonly name = 'DecideAgain';")).toEqual([]);
  expect(planted("override readonly name = 'Again';")).toEqual(['a: DecideAgain']);
  expect(planted('readonly field: string;')).toEqual(['a: DecideAgain']);
});

// ---- words about the code ----------------------------------------------------------------------------------------------

/** Shorter ones say all by name and signature. */
const SPEAKS_FOR_ITSELF_LINES_MAX = 6;

function undocumented({ path, text }: Source): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const name = /^export (?:default )?(?:async )?(?:function\*?|class) (\w+)/.exec(line)?.[1];
    if (name === undefined || /\*\/\s*$/.test(lines[index - 1] ?? '')) return [];
    const length = lines.slice(index).findIndex((later) => later.startsWith('}'));
    return length > SPEAKS_FOR_ITSELF_LINES_MAX ? [`${path}: ${name}`] : [];
  });
}

it('every exported function and class of functions, infra and tools says what it promises', () => {
  expect(filesOf(['.ts'], 'functions', 'infra', 'tools').flatMap(undocumented)).toEqual([]);
  const long = `export function planted() {\n${'  step();\n'.repeat(7)}}`;
  expect(undocumented({ path: 'a', text: long })).toEqual(['a: planted']);
  expect(undocumented({ path: 'a', text: `/** Does it. */\n${long}` })).toEqual([]);
});

const WRITTEN = ['.ts', '.mjs', '.json', '.md', '.yml', '.html', '/run'];
const NOT_IN_THE_TREE: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a note to do something later', pattern: /\b(TODO|FIXME|HACK)\b/ },
  { what: 'a path of one machine', pattern: /(?<![\w.$}/])\/(work|home|root|Users)\/\w/ },
  { what: 'a registry', pattern: /"resolved":|https?:\/\/[\w.-]*registry\./ },
];

function strayWords({ path, text }: Source): string[] {
  return NOT_IN_THE_TREE.filter(({ pattern }) => pattern.test(text)).map(({ what }) => `${path}: ${what}`);
}

it('nothing in the tree is left for later, or true on one machine only', () => {
  // This file names what it looks for.
  const written = filesOf(WRITTEN).filter(({ path }) => path !== 'test/house/house.test.ts');
  expect(written.flatMap(strayWords)).toEqual([]);
  for (const text of ['// TODO: more', "const at = '/home/someone';", '"https://registry.example.com/a"']) {
    expect(strayWords({ path: 'a', text })).toHaveLength(1);
  }
});
