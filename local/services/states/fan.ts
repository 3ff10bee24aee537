import { type Engine, emit, scopeOf } from './engine.ts';
import { QueryError } from './errors.ts';
import { type Branch, type Execution, type Fan, newBranch, stateOf } from './execution.ts';
import { evaluateTyped } from './expression.ts';
import { isLive, setFinishing } from './interpreter.ts';
import { exceedsPayload } from './json.ts';
import { inputTooLarge } from './tasks.ts';

/** Inline Map runs at most this many iterations at once. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const CONCURRENCY_MAX = 40;

export async function startFan(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const fan = stateOf(b).type === 'Map' ? await mapFan(engine, x, b) : await parallelFan(engine, x, b);
  if (!isLive(x, b)) return undefined;
  b.fan = fan;
  b.phase = 'inner';
  const map = fan.items !== undefined;
  emit(engine, x, b, map ? 'MapStateStarted' : 'ParallelStateStarted', map ? { length: fan.total } : undefined);
  if (fan.total === 0) return succeedFan(engine, x, b, fan);
  while (fan.next < fan.total && fan.children.length < fan.limit) startChild(engine, x, b, fan);
  return undefined;
}

async function parallelFan(engine: Engine, x: Execution, b: Branch): Promise<Fan> {
  const { children, fields } = stateOf(b);
  const given = fields.get('Arguments');
  const input = given === undefined ? b.input : await given.evaluate(scopeOf(engine, x, b));
  if (given !== undefined && exceedsPayload(JSON.stringify(input))) throw inputTooLarge(b);
  const inputs = children.map(() => input);
  return { items: undefined, inputs, total: children.length, limit: children.length, results: [], next: 0, done: 0, children: [] };
}

async function mapFan(engine: Engine, x: Execution, b: Branch): Promise<Fan> {
  const { fields } = stateOf(b);
  const scope = scopeOf(engine, x, b);
  const given = fields.get('Items');
  if (given === undefined && !Array.isArray(b.input))
    throw new QueryError('Items', `Map state input must be an array but was: ${JSON.stringify(b.input)}`);
  const items = (given === undefined ? b.input : await evaluateTyped(given, scope, 'array')) as unknown[];
  const concurrency = fields.get('MaxConcurrency');
  const limit = concurrency === undefined ? 0 : ((await evaluateTyped(concurrency, scope, 'number')) as number);
  if (!Number.isInteger(limit) || limit < 0)
    throw new QueryError('MaxConcurrency', `MaxConcurrency must be a non-negative integer but was: ${limit}`);
  // An inline Map tolerates no failure; the fields are evaluated all the same.
  for (const name of ['ToleratedFailureCount', 'ToleratedFailurePercentage']) {
    const field = fields.get(name);
    if (field !== undefined) await evaluateTyped(field, scope, 'number');
  }
  const inputs = await selectInputs(engine, x, b, items);
  return {
    items,
    inputs,
    total: items.length,
    limit: Math.min(limit || CONCURRENCY_MAX, CONCURRENCY_MAX),
    results: [],
    next: 0,
    done: 0,
    children: [],
  };
}

async function selectInputs(engine: Engine, x: Execution, b: Branch, items: readonly unknown[]): Promise<unknown[] | undefined> {
  const selector = stateOf(b).fields.get('ItemSelector');
  if (selector === undefined) return undefined;
  const inputs: unknown[] = [];
  for (const [Index, Value] of items.entries()) {
    const input = await selector.evaluate(scopeOf(engine, x, b, { item: { Index, Value } }));
    if (exceedsPayload(JSON.stringify(input))) throw inputTooLarge(b);
    inputs.push(input);
  }
  return inputs;
}

/** @param after the event that the first of the child's follows, where that is not the last of its state */
function startChild(engine: Engine, x: Execution, b: Branch, fan: Fan, after = b.lastEvent): void {
  const index = fan.next;
  fan.next += 1;
  const { children, name } = stateOf(b);
  const container = fan.items === undefined ? children[index] : children[0];
  if (container === undefined) throw new Error(`The state ${name} has no branch ${index}.`);
  const item = fan.items === undefined ? undefined : { Index: index, Value: fan.items[index] };
  const child = newBranch(x, container, fan.inputs === undefined ? item?.Value : fan.inputs[index], { parent: b, index, item });
  child.lastEvent = after;
  fan.children.push(child);
  if (fan.items !== undefined) emit(engine, x, child, 'MapIterationStarted', { name, index });
  engine.post(x, child);
}

/** A branch or iteration has come to its end; answers the state around it when it was the last. */
export function finishChild(engine: Engine, x: Execution, b: Branch, child: Branch, output: unknown): Branch | undefined {
  const { fan } = b;
  if (fan === undefined) throw new Error(`The state ${b.state} has no inner branches.`);
  const { lastEvent } = child;
  if (fan.items !== undefined) emit(engine, x, child, 'MapIterationSucceeded', { name: stateOf(b).name, index: child.index });
  fan.results[child.index] = output;
  fan.done += 1;
  fan.children = fan.children.filter((other) => other !== child);
  child.dead = true;
  b.lastEvent = child.lastEvent;
  if (fan.done === fan.total) return succeedFan(engine, x, b, fan);
  // Recorded, in `dataflow_execution.json` of radkawar/stackd: the next iteration follows the last state of this one, not its success.
  if (fan.next < fan.total) startChild(engine, x, b, fan, lastEvent);
  engine.executions.touch(x);
  return undefined;
}

function succeedFan(engine: Engine, x: Execution, b: Branch, fan: Fan): Branch {
  emit(engine, x, b, fan.items === undefined ? 'ParallelStateSucceeded' : 'MapStateSucceeded');
  return setFinishing(b, fan.results);
}
