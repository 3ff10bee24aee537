import { parseCondition } from './condition-parser.ts';
import { Lexer } from './lexer.ts';
import { Placeholders, parseProjection } from './paths.ts';
import type { Condition, Path, UpdateAction } from './syntax.ts';
import { parseUpdate } from './update-parser.ts';

/** An expression parsed once; bound to the names and values of each call. */
export interface Compiled<Tree> {
  /** `ConditionExpression`, `UpdateExpression`, …: errors begin with it. */
  readonly parameter: string;
  readonly tree: Tree;
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/** Programs have a few hundred expressions; whoever builds texts with literals inside only loses the cache. */
const CACHE_MAX = 5000;

export type ConditionParameter = 'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression';

const conditions = new Map<string, Compiled<Condition>>();
const updates = new Map<string, Compiled<readonly UpdateAction[]>>();
const projections = new Map<string, Compiled<readonly Path[]>>();

export function compileCondition(text: string, parameter: ConditionParameter): Compiled<Condition> {
  return compiled(conditions, text, parameter, parseCondition);
}

export function compileUpdate(text: string): Compiled<readonly UpdateAction[]> {
  return compiled(updates, text, 'UpdateExpression', parseUpdate);
}

export function compileProjection(text: string): Compiled<readonly Path[]> {
  return compiled(projections, text, 'ProjectionExpression', parseProjection);
}

function compiled<Tree>(
  cache: Map<string, Compiled<Tree>>,
  text: string,
  parameter: string,
  parse: (lexer: Lexer, placeholders: Placeholders) => Tree,
): Compiled<Tree> {
  // Key conditions and conditions share a cache but not their error texts.
  const key = parameter + text;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const placeholders = new Placeholders();
  const tree = parse(new Lexer(text, parameter), placeholders);
  if (cache.size >= CACHE_MAX) cache.clear();
  const result = { parameter, tree, names: placeholders.names, values: placeholders.values };
  cache.set(key, result);
  return result;
}
