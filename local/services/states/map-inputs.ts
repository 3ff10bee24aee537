import type { JsonObject } from '../../kernel/kernel.ts';
import type { CompiledState } from './definition.ts';
import { type Engine, scopeOf } from './engine.ts';
import { DATA_LIMIT, QueryError, StateError } from './errors.ts';
import { type Branch, type Execution, stateOf } from './execution.ts';
import type { Scope } from './expression.ts';
import { type ItemReader, readItems } from './item-reader.ts';
import { exceedsPayload, isObject, PAYLOAD_MAX_BYTES } from './json.ts';
import { contextOfItem, type Item, inputOf, itemsOf, STATE_DATA } from './map-items.ts';

/** The items given, or read. */
export async function datasetOf(engine: Engine, x: Execution, b: Branch): Promise<readonly Item[]> {
  const reader = stateOf(b).fields.get('ItemReader');
  if (reader === undefined) return itemsOf(b.result, STATE_DATA) ?? [];
  const { Resource, Arguments, ReaderConfig } = (await reader.evaluate(scopeOf(engine, x, b))) as JsonObject;
  if (!isObject(Arguments))
    throw new QueryError('ItemReader/Arguments', `The field 'Arguments' must be an object but was: ${JSON.stringify(Arguments)}`);
  const config = isObject(ReaderConfig) ? { ReaderConfig } : {};
  return readItems(engine, x, { Resource: String(Resource), Arguments, ...config } satisfies ItemReader);
}

/** One input for each item, or for each batch of them. */
export async function inputsOf(
  engine: Engine,
  x: Execution,
  b: Branch,
  items: readonly Item[],
): Promise<{ input: string; items: number }[]> {
  const state = stateOf(b);
  const selected = await selectItems(state, items, (item) => scopeOf(engine, x, b, { item }));
  const texts = selected.map((value) => JSON.stringify(value));
  const batcher = state.fields.get('ItemBatcher');
  if (batcher !== undefined) return batches(texts, (await batcher.evaluate(scopeOf(engine, x, b))) as JsonObject);
  for (const text of texts) if (exceedsPayload(text)) throw tooLarge(b);
  return texts.map((input) => ({ input, items: 1 }));
}

/** What the `ItemSelector` makes of the items, or they themselves. */
export async function selectItems(
  state: CompiledState,
  items: readonly Item[],
  scopeOfItem: (item: Record<string, unknown>) => Scope,
): Promise<unknown[]> {
  const selector = state.fields.get('ItemSelector');
  if (selector === undefined) return items.map(inputOf);
  const selected: unknown[] = [];
  for (const [index, item] of items.entries()) selected.push(await selector.evaluate(scopeOfItem(contextOfItem(item, index))));
  return selected;
}

function tooLarge(b: Branch): StateError {
  return new StateError(
    DATA_LIMIT,
    `The state/task '${b.state}' has an item with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** As many items as fit, in order. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html */
export function batches(texts: readonly string[], batcher: JsonObject): { input: string; items: number }[] {
  const limit = (name: string, most: number): number => {
    const value = batcher[name] ?? most;
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return Math.min(value, most);
    throw new QueryError(`ItemBatcher/${name}`, `The field '${name}' must be a positive integer but was: ${JSON.stringify(value)}`);
  };
  const [itemsMax, bytesMax] = [limit('MaxItemsPerBatch', Number.MAX_SAFE_INTEGER), limit('MaxInputBytesPerBatch', PAYLOAD_MAX_BYTES)];
  const head = batcher.BatchInput === undefined ? '{"Items":[' : `{"BatchInput":${JSON.stringify(batcher.BatchInput)},"Items":[`;
  const frame = Buffer.byteLength(head) + 2;
  const found: { input: string; items: number }[] = [];
  let batch: string[] = [];
  let bytes = frame;
  const end = () => {
    if (batch.length > 0) found.push({ input: `${head}${batch.join(',')}]}`, items: batch.length });
    batch = [];
    bytes = frame;
  };
  for (const text of texts) {
    const size = Buffer.byteLength(text) + 1;
    if (batch.length >= itemsMax || bytes + size - 1 > bytesMax) end();
    if (bytes + size - 1 > bytesMax)
      throw new StateError(DATA_LIMIT, `An item of ${size - 1} bytes does not fit into a batch of ${bytesMax} bytes.`);
    batch.push(text);
    bytes += size;
  }
  end();
  return found;
}
