import { isObject } from './json.ts';

/** One of the things that a distributed Map runs over. */
export interface Item {
  readonly value: unknown;
  /** The name of a member of an object. */
  readonly key: string | undefined;
  /** What `$states.context.Map.Item.Source` says: `STATE_DATA`, or the bucket or object that it was read from. */
  readonly source: string;
}

/** Items that the state was given. */
export const STATE_DATA = 'STATE_DATA';

/**
 * The items of an array, or the members of an object. An object is run over by a distributed Map alone: an inline one refuses it, as
 * was recorded in November 2024 and, after the pages began to speak of objects, in December 2025
 * (`test_state_context_object.snapshot.json` of localstack/localstack). Undefined where the value is neither.
 */
export function itemsOf(value: unknown, source: string): Item[] | undefined {
  if (Array.isArray(value)) return value.map((item) => ({ value: item as unknown, key: undefined, source }));
  if (isObject(value)) return Object.entries(value).map(([key, member]) => ({ value: member, key, source }));
  return undefined;
}

/**
 * What an execution gets of an item without an `ItemSelector`: of a member of an object the pair.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemspath.html; its shape was measured on AWS:
 * https://github.com/floci-io/floci/pull/1588.
 */
export function inputOf({ key, value }: Item): unknown {
  return key === undefined ? value : { Key: key, Value: value };
}

/** `$states.context.Map.Item`. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html#contextobject-map */
export function contextOfItem({ key, value, source }: Item, index: number): Record<string, unknown> {
  return { Index: index, ...(key === undefined ? {} : { Key: key }), Value: value, Source: source };
}
