import type { JsonObject } from '../../../kernel/kernel.ts';
import { checkLimits, itemsGiven, settingsOf } from '../distributed.ts';
import { type ErrorOutput, QueryError, TOLERATED_FAILURES } from '../errors.ts';
import { typed } from '../expression.ts';
import { pointed } from '../item-reader.ts';
import { exceedsPayload } from '../json.ts';
import { batches, selectItems } from '../map-inputs.ts';
import { type Item, itemsOf, STATE_DATA } from '../map-items.ts';
import { inputTooLarge } from '../tasks.ts';
import { invalid } from './mock.ts';
import { scopeFor, type Test } from './test.ts';

/**
 * A Map up to where its iterations would begin: evaluates its fields, tells what they gave, and whether as many failed iterations as the
 * caller says are more than the state tolerates. Answers the error that the state then has.
 */
export async function prepareMap(test: Test): Promise<ErrorOutput | undefined> {
  const { state, inspected, configuration } = test;
  const items = await itemsFor(test);
  const limits = await settingsOf(state, scopeFor(test));
  checkLimits(limits);
  inspected.maxConcurrency = limits.concurrency;
  if (limits.count !== undefined) inspected.toleratedFailureCount = limits.count;
  if (limits.percentage !== undefined) inspected.toleratedFailurePercentage = limits.percentage;
  test.iterations = await iterationsOf(test, items);
  const { failures = 0 } = configuration;
  if (failures > test.iterations) throw invalid('Map iteration failure count must be less than or equal to the number of Map iterations');
  const { count, percentage } = limits;
  const exceeded =
    (count !== undefined && failures > count) ||
    (percentage !== undefined && failures > 0 && (failures / test.iterations) * 100 > percentage);
  return exceeded ? { Error: TOLERATED_FAILURES, Cause: 'The specified tolerated failure threshold was exceeded' } : undefined;
}

async function itemsFor(test: Test): Promise<readonly Item[]> {
  const { state, input, configuration } = test;
  const scope = scopeFor(test);
  if (state.fields.has('ItemReader')) return itemsRead(test);
  if (state.distributed !== undefined) return itemsOf(await itemsGiven(state, input, scope), STATE_DATA) ?? [];
  if (configuration.readerData !== undefined)
    throw invalid('ItemReader data is only supported when testing a Map state with ItemReader specified.');
  const field = state.fields.get('Items');
  if (field === undefined && !Array.isArray(input))
    throw new QueryError('Items', `Map state input must be an array but was: ${JSON.stringify(input)}`);
  const given = field === undefined ? input : typed(field, await field.evaluate(scope), 'array');
  return itemsOf(given, STATE_DATA) ?? [];
}

/** Nothing is read: the caller gives what the reader would have found. */
async function itemsRead(test: Test): Promise<readonly Item[]> {
  const { state, configuration, inspected } = test;
  const { readerData } = configuration;
  if (readerData === undefined) throw invalid('ItemReader data must be specified when testing a Map state with ItemReader specified.');
  const reader = (await state.fields.get('ItemReader')?.evaluate(scopeFor(test))) as JsonObject;
  const config = (reader.ReaderConfig ?? {}) as JsonObject;
  const { Bucket, Key } = (reader.Arguments ?? {}) as JsonObject;
  const data = pointed(readerData, config);
  if (config.ItemsPointer !== undefined) inspected.afterItemsPointer = JSON.stringify(data);
  const items = itemsOf(data, Key === undefined ? `S3://${String(Bucket)}` : `S3://${String(Bucket)}/${String(Key)}`);
  if (items === undefined) throw invalid('ItemReader data must be a JSON array or object.');
  return typeof config.MaxItems === 'number' && config.MaxItems > 0 ? items.slice(0, config.MaxItems) : items;
}

/** How many iterations there would be. */
async function iterationsOf(test: Test, items: readonly Item[]): Promise<number> {
  const { state, inspected } = test;
  // An inline Map says nothing of where its items are from.
  const itemOf = (item: Record<string, unknown>) => {
    const { Source, ...inline } = item;
    return state.distributed === undefined ? inline : item;
  };
  const texts = (await selectItems(state, items, (item) => scopeFor(test, {}, itemOf(item)))).map((value) => JSON.stringify(value));
  for (const text of texts) if (exceedsPayload(text)) throw inputTooLarge({ state: state.name });
  // As recorded, spaces included.
  if (state.fields.has('ItemSelector')) inspected.afterItemSelector = `[${texts.join(', ')}]`;
  const batcher = state.fields.get('ItemBatcher');
  if (batcher === undefined) return texts.length;
  const settings = (await batcher.evaluate(scopeFor(test))) as JsonObject;
  const made = batches(texts, settings);
  let next = 0;
  const shown = made.map(({ items: size }) => {
    next += size;
    const { BatchInput } = settings;
    return JSON.stringify({ ...(BatchInput === undefined ? {} : { BatchInput }), Items: texts.slice(next - size, next) });
  });
  inspected.afterItemBatcher = `[${shown.join(', ')}]`;
  return made.length;
}
