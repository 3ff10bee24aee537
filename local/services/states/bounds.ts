import type jsonata from 'jsonata';
import type { Node } from './fast-path.ts';
import { isObject } from './json.ts';

/**
 * An expression nests 100 deep at most, makes no longer list or text than these, and takes a second at most. Depth and sizes were
 * measured on AWS (https://github.com/floci-io/floci/pull/2783), the time is of
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html. Time stands still here, so nodes are counted instead.
 */
const DEPTH_MAX = 100;
const ITEMS_MAX = 873_782;
const CHARACTERS_MAX = ITEMS_MAX * 8;
const NODES_MAX = 1_000_000;

const STACK_OVERFLOW = 'Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.';
export const MEMORY_LIMIT = 'Expression evaluation memory limit exceeded: Check for excessive memory usage';
const TIMEOUT = 'Expression evaluation timeout: Check for infinite loop';

const ENTRY = Symbol.for('jsonata.__evaluate_entry');
const EXIT = Symbol.for('jsonata.__evaluate_exit');
/** The binding under which a run's bounds lie: no variable of an expression can have this name. */
export const BOUNDS = ' bounds';

interface Frame {
  readonly isParallelCall?: boolean;
  lookup(name: string): unknown;
}

/** What one evaluation has used up. */
export class Bounds {
  #visited = 0;
  #depth = 0;
  /** Which of the nodes under way were counted: the members of a list are evaluated beside each other, and only the first nests. */
  readonly #counted = new WeakMap<Frame, Map<unknown, boolean[]>>();

  enter(node: unknown, frame: Frame): void {
    this.#visited += 1;
    if (this.#visited > NODES_MAX) throw new Error(TIMEOUT);
    const counts = frame.isParallelCall !== true;
    let nodes = this.#counted.get(frame);
    if (nodes === undefined) {
      nodes = new Map();
      this.#counted.set(frame, nodes);
    }
    const flags = nodes.get(node);
    if (flags === undefined) nodes.set(node, [counts]);
    else flags.push(counts);
    if (!counts) return;
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new Error(`${STACK_OVERFLOW} Depth=${this.#depth} max=${DEPTH_MAX}`);
  }

  leave(node: unknown, frame: Frame, result: unknown): void {
    if (Array.isArray(result) ? result.length > ITEMS_MAX : typeof result === 'string' && result.length > CHARACTERS_MAX)
      throw new Error(MEMORY_LIMIT);
    if (this.#counted.get(frame)?.get(node)?.pop() === true) this.#depth -= 1;
  }
}

/**
 * Has the library watch an expression that could go beyond its bounds: one that has functions of its own, is nested deeply or makes
 * ranges. The rest is let be, because the library waits a tick at each watched node. Answers whether it is watched.
 */
export function watch(text: string, expression: jsonata.Expression): boolean {
  if (!/function|λ|\.\./.test(text) && depthOf(expression.ast()) <= DEPTH_MAX) return false;
  const assign = expression.assign as unknown as (name: symbol, value: unknown) => void;
  assign(ENTRY, (node: unknown, _input: unknown, frame: Frame) => (frame.lookup(BOUNDS) as Bounds).enter(node, frame));
  assign(EXIT, (node: unknown, _input: unknown, frame: Frame, result: unknown) =>
    (frame.lookup(BOUNDS) as Bounds).leave(node, frame, result),
  );
  return true;
}

/** How deeply the nodes of a syntax tree nest. */
function depthOf(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  const inner = Object.values(node).reduce((most: number, part: unknown) => Math.max(most, depthOf(part)), 0);
  return inner + (isObject(node) && typeof (node as Partial<Node>).type === 'string' ? 1 : 0);
}
