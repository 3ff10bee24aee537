import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** One file of the repository, by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What is built or fetched, and what is other people's. */
const NOT_OURS = new Set(['node_modules', 'cdk.out', 'dist', 'coverage', '.git', '.cache', 'fixtures']);

/** All files below the folders (or the whole repository) whose name ends in one of the endings. */
export function filesOf(endings: readonly string[], ...folders: string[]): Source[] {
  const starts = folders.length === 0 ? [root] : folders.map((folder) => join(root, folder));
  const paths = starts.flatMap((start) => walk(start)).filter((path) => endings.some((ending) => path.endsWith(ending)));
  return paths.map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

const BEFORE_REGEX = /(?:^|[=(,:;!&|?{}[\n]|=>|\breturn)\s*$/;

/** The code alone: comments, texts and regular expressions are blanked out, line breaks kept. Code inside a template stays. */
export function codeOf(text: string): string {
  let code = '';
  let at = 0;
  const templates: number[] = [];
  const skipTo = (end: number): void => {
    code += text.slice(at, end).replaceAll(/[^\n]/g, ' ');
    at = end;
  };
  while (at < text.length) {
    const here = text[at] ?? '';
    if (text.startsWith('//', at)) skipTo(endAt(text.indexOf('\n', at), text));
    else if (text.startsWith('/*', at)) skipTo(endAt(text.indexOf('*/', at + 2) + 2, text));
    else if (here === "'" || here === '"') skipTo(endOfLiteral(text, at, here));
    else if (here === '/' && BEFORE_REGEX.test(code)) skipTo(endOfRegex(text, at));
    else if (here === '`' || (here === '}' && templates.at(-1) === 0)) {
      if (here === '}') templates.pop();
      const end = endOfTemplatePart(text, at + 1);
      if (text.startsWith('${', end - 2)) templates.push(0);
      skipTo(end);
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && here === '{') templates[depth] = (templates[depth] ?? 0) + 1;
      if (depth >= 0 && here === '}') templates[depth] = (templates[depth] ?? 0) - 1;
      code += here;
      at += 1;
    }
  }
  return code;
}

function endAt(index: number, text: string): number {
  return index < 2 ? text.length : index;
}

function endOfLiteral(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote || text[at] === '\n') return at + 1;
  }
  return text.length;
}

function endOfRegex(text: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '[') inClass = true;
    else if (text[at] === ']') inClass = false;
    else if ((text[at] === '/' && !inClass) || text[at] === '\n') return at + 1;
  }
  return text.length;
}

/** The end of the text up to the closing backtick, or behind the opening of an embedded expression. */
function endOfTemplatePart(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') return at + 1;
    else if (text.startsWith('${', at)) return at + 2;
  }
  return text.length;
}
