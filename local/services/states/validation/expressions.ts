import jsonata from 'jsonata';
import { expressionOf } from '../expression.ts';
import { isObject } from '../json.ts';
import type { Diagnostics } from './diagnostics.ts';

/** Which members of `$states` exist where the expression stands, beside `input` and `context`. */
export interface Place {
  readonly result: boolean;
  readonly errorOutput: boolean;
}

/** Checks every expression in a field. */
export function checkTemplate(value: unknown, path: string, place: Place, diagnostics: Diagnostics): void {
  if (typeof value === 'string') {
    const text = expressionOf(value);
    if (text !== undefined) checkExpression(text, path, place, diagnostics);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkTemplate(item, `${path}[${index}]`, place, diagnostics);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) checkTemplate(item, `${path}/${key}`, place, diagnostics);
  }
}

type AstNode = Record<string, unknown>;

function checkExpression(text: string, path: string, place: Place, diagnostics: Diagnostics): void {
  let ast: AstNode;
  try {
    ast = jsonata(text).ast() as unknown as AstNode;
  } catch (error) {
    const { message } = error as { message?: unknown };
    diagnostics.add('INVALID_JSONATA_EXPRESSION', String(message ?? error), path);
    return;
  }
  const refused = new Set<string>();
  findReferences(ast, true, place, refused);
  for (const reference of refused) diagnostics.add('UNSUPPORTED_JSONATA_EXPRESSION', refusal(reference), path);
}

/** The words of AWS, measured by others: https://github.com/floci-io/floci/issues/2745, https://github.com/anomalyco/sst/issues/6110. */
function refusal(reference: string): string {
  if (reference.startsWith('$states.')) return `Field '${reference}' does not exist.`;
  return reference === '$$' ? "Reference to '$$' is not supported." : `Reference to '${reference}' at the top level is not supported.`;
}

/**
 * Gathers what reads a value that is not there. An expression is evaluated without a context item: at the top level (`top`) a
 * bare name, `$`, `*`, `**` and `%` read nothing; within a later step of a path, a filter or a sort they read that step's item.
 * `$$` reads nothing anywhere.
 */
function findReferences(node: unknown, top: boolean, place: Place, refused: Set<string>): void {
  if (Array.isArray(node)) {
    for (const part of node) findReferences(part, top, place, refused);
    return;
  }
  if (!isObject(node)) return;
  checkNode(node, top, refused);
  switch (node.type) {
    case 'path':
      findInPath(node, top, place, refused);
      return;
    case 'lambda':
      findReferences(node.body, top, place, refused);
      return;
    case 'transform':
      for (const part of [node.pattern, node.update, node.delete]) findReferences(part, false, place, refused);
      return;
    default:
  }
  for (const key of ['lhs', 'rhs', 'expression', 'expressions', 'arguments', 'procedure', 'condition', 'then', 'else'])
    findReferences(node[key], top, place, refused);
  findInItems(node, place, refused);
}

const NOTHING_AT_TOP: Readonly<Record<string, string>> = { wildcard: '*', descendant: '**', parent: '%' };

function checkNode(node: AstNode, top: boolean, refused: Set<string>): void {
  const { type, value } = node;
  if (type === 'variable' && value === '$') refused.add('$$');
  if (!top) return;
  if (type === 'variable' && value === '') refused.add('$');
  if (type === 'name') refused.add(String(value));
  const reference = typeof type === 'string' ? NOTHING_AT_TOP[type] : undefined;
  if (reference !== undefined) refused.add(reference);
}

function findInPath(node: AstNode, top: boolean, place: Place, refused: Set<string>): void {
  const steps = Array.isArray(node.steps) ? (node.steps as AstNode[]) : [];
  const [first, second] = steps;
  if (first?.type === 'variable' && first.value === 'states' && second?.type === 'name') {
    const member = String(second.value);
    const known =
      member === 'input' ||
      member === 'context' ||
      (member === 'result' && place.result) ||
      (member === 'errorOutput' && place.errorOutput);
    if (!known) refused.add(`$states.${member}`);
  }
  for (const [index, step] of steps.entries()) {
    findReferences(step, top && index === 0, place, refused);
    if (step.type === 'sort') findReferences(step.terms, false, place, refused);
  }
  findInItems(node, place, refused);
}

/** Filters, sorts and groups see the items of what they stand behind. */
function findInItems(node: AstNode, place: Place, refused: Set<string>): void {
  for (const key of ['stages', 'predicate', 'terms']) {
    const list = node[key];
    if (Array.isArray(list))
      for (const entry of list) if (isObject(entry)) findReferences(entry.expr ?? entry.expression, false, place, refused);
  }
  if (isObject(node.group)) findReferences(node.group.lhs, false, place, refused);
}
