import fc from 'fast-check';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import type { AttributeValue, Item } from '../../../local/services/dynamodb/values.ts';

/** Arbitrary calls on a table `cases` with keys `pk` (S) and `sk` (N) and an index `byG` on `g`, for two services to be compared. */
export const TABLE = 'cases';

export interface Operation {
  readonly name: string;
  readonly input: JsonObject;
  /** Whether `Items` come in no particular order. */
  readonly unordered?: boolean;
}

/** A call of one run: the partitions of each run are its own. */
export type Make = (run: number) => Operation;

const number = fc
  .oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0.5, -2.25, 1e10, 123456789.125))
  .map((value) => ({ N: String(value) }));
const text = fc.constantFrom('x', 'xy', 'y', 'é', '10').map((S) => ({ S }));
/** Without `false`, which dynalite takes for an attribute that is not there. */
const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(text, number, fc.constant({ BOOL: true }), fc.constant({ NULL: true }));
const textSet = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 3 }).map((SS) => ({ SS }));
const numberSet = fc.uniqueArray(fc.constantFrom('1', '2', '10'), { minLength: 1, maxLength: 3 }).map((NS) => ({ NS }));
const list = fc.array(scalar, { maxLength: 3 }).map((L) => ({ L }));
const map = fc
  .dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(scalar, list), { maxKeys: 3, noNullPrototype: true })
  .map((M) => ({ M }));
const value: fc.Arbitrary<AttributeValue> = fc.oneof({ weight: 4, arbitrary: scalar }, textSet, numberSet, list, map);

/** `g` is the key of the index: often absent, and of the right type. */
const attributes = fc.record({ a: value, b: value, m: map, l: list, tags: textSet, g: text }, { requiredKeys: [], noNullPrototype: true });
const key = fc.record(
  { pk: fc.constantFrom('p', 'p', 'q'), sk: fc.constantFrom('1', '1', '2', '2', '3', '10', '-1') },
  { noNullPrototype: true },
);
const path = fc.constantFrom('a', 'b', 'm', 'l', 'm.a', 'm.b', 'm.c', 'l[0]', 'l[1]', 'l[5]', 'm.a[0]');

/** A part of an expression with the values it refers to. */
interface Part {
  readonly text: string;
  readonly values: Item;
}

let references = 0;

function withValue(make: (reference: string) => string, given: AttributeValue): Part {
  references += 1;
  return { text: make(`:v${references}`), values: { [`:v${references}`]: given } };
}

function join(one: Part, two: Part, between: string): Part {
  return { text: `${one.text}${between}${two.text}`, values: { ...one.values, ...two.values } };
}

const comparable = fc.oneof(text, number);
/** Lists and maps are compared by no condition: dynalite never finds two of them equal. */
const simpleCondition: fc.Arbitrary<Part> = fc.oneof(
  fc.tuple(path, fc.constantFrom('attribute_exists', 'attribute_not_exists')).map(([at, name]) => ({ text: `${name}(${at})`, values: {} })),
  fc
    .tuple(path, fc.constantFrom('=', '<>'), fc.oneof(scalar, textSet, numberSet))
    .map(([at, operator, given]) => withValue((v) => `${at} ${operator} ${v}`, given)),
  fc
    .tuple(path, fc.constantFrom('<', '<=', '>', '>='), comparable)
    .map(([at, operator, given]) => withValue((v) => `${at} ${operator} ${v}`, given)),
  fc.tuple(path, text).map(([at, given]) => withValue((v) => `begins_with(${at}, ${v})`, given)),
  fc.tuple(path, comparable).map(([at, given]) => withValue((v) => `contains(${at}, ${v})`, given)),
  fc.tuple(path, fc.integer({ min: 0, max: 3 })).map(([at, size]) => withValue((v) => `size(${at}) >= ${v}`, { N: String(size) })),
  fc
    .tuple(path, fc.constantFrom('S', 'N', 'M', 'L', 'SS', 'BOOL'))
    .map(([at, S]) => withValue((v) => `attribute_type(${at}, ${v})`, { S })),
  fc.tuple(path, comparable, comparable).map(([at, one, two]) =>
    join(
      withValue((v) => `${at} IN (${v}`, one),
      withValue((v) => `${v})`, two),
      ', ',
    ),
  ),
  fc.tuple(path, fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 9 })).map(([at, from, more]) =>
    join(
      withValue((v) => `${at} BETWEEN ${v}`, { N: String(from) }),
      withValue((v) => v, { N: String(from + more) }),
      ' AND ',
    ),
  ),
);
const condition: fc.Arbitrary<Part> = fc.letrec<{ condition: Part }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    simpleCondition,
    fc.tuple(tie('condition'), tie('condition'), fc.constantFrom(' AND ', ' OR ')).map(([one, two, between]) => join(one, two, between)),
    tie('condition').map((inner) => ({ text: `NOT (${inner.text})`, values: inner.values })),
  ),
})).condition;

/** The targets of an update are mostly apart, so that most updates are legal. */
const target = fc.constantFrom('a', 'm.a', 'l[0]', 'l[5]');
/** No place around a target, nor one that ADD and DELETE work on: dynalite does not copy what it assigns, and changes both. */
const source = fc.constantFrom('a', 'a', 'a', 'l[1]', 'm.c', 'g');
const assignment = fc.oneof(
  fc.tuple(target, value).map(([at, given]) => ({ at, ...withValue((v) => `${at} = ${v}`, given) })),
  fc.tuple(target, source).map(([at, from]) => ({ at, text: `${at} = ${from}`, values: {} })),
  fc
    .tuple(target, source, fc.constantFrom('+', '-'), number)
    .map(([at, from, sign, given]) => ({ at, ...withValue((v) => `${at} = ${from} ${sign} ${v}`, given) })),
  fc.tuple(target, source, value).map(([at, from, given]) => ({ at, ...withValue((v) => `${at} = if_not_exists(${from}, ${v})`, given) })),
  fc.tuple(list).map(([given]) => ({ at: 'a', ...withValue((v) => `a = list_append(l, ${v})`, given) })),
);
const update: fc.Arbitrary<Part> = fc
  .record({
    set: fc.uniqueArray(assignment, { minLength: 1, maxLength: 2, selector: (action) => action.at }),
    remove: fc.option(fc.constantFrom('m.c', 'l[1]', 'l[7]', 'nobody', 'a'), { freq: 2 }),
    add: fc.option(
      fc.oneof({ weight: 5, arbitrary: fc.tuple(fc.constantFrom('b', 'm.n'), number) }, fc.tuple(fc.constantFrom('b', 'm.n'), numberSet)),
      { freq: 2 },
    ),
    take: fc.option(
      fc.oneof({ weight: 5, arbitrary: fc.tuple(fc.constantFrom('tags', 'm.b'), textSet) }, fc.tuple(fc.constant('tags'), numberSet)),
      { freq: 2 },
    ),
  })
  .map(({ set, remove, add, take }) => {
    const first = set.reduce<Part | undefined>((before, action) => (before === undefined ? action : join(before, action, ', ')), undefined);
    const sections: Part[] = [{ text: `SET ${first?.text}`, values: first?.values ?? {} }];
    if (remove !== null) sections.push({ text: `REMOVE ${remove}`, values: {} });
    if (add !== null) sections.push(withValue((v) => `ADD ${add[0]} ${v}`, add[1]));
    if (take !== null) sections.push(withValue((v) => `DELETE ${take[0]} ${v}`, take[1]));
    return sections.reduce((one, two) => join(one, two, ' '));
  });

/** The members of a call for some expressions and the values they refer to. */
function expressions(parts: Record<string, Part | null>, more: Item = {}): JsonObject {
  const given = Object.entries(parts).flatMap(([name, part]) => (part === null ? [] : [[name, part] as const]));
  const values: Item = Object.assign({ ...more }, ...given.map(([, part]) => part.values));
  return {
    ...Object.fromEntries(given.map(([name, part]) => [name, part.text])),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}

function keyOf(run: number, { pk, sk }: { readonly pk: string; readonly sk: string }): Item {
  return { pk: { S: `${run}-${pk}` }, sk: { N: sk } };
}

const put: fc.Arbitrary<Make> = fc
  .tuple(key, attributes, fc.option(condition, { freq: 2 }), fc.constantFrom('NONE', 'ALL_OLD'))
  .map(([at, item, when, returned]) => (run) => ({
    name: 'PutItem',
    input: {
      TableName: TABLE,
      Item: { ...keyOf(run, at), ...item },
      ReturnValues: returned,
      ...expressions({ ConditionExpression: when }),
    },
  }));

const change: fc.Arbitrary<Make> = fc
  .tuple(key, update, fc.option(condition, { freq: 2 }), fc.constantFrom('NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'))
  .map(([at, what, when, returned]) => (run) => ({
    name: 'UpdateItem',
    input: {
      TableName: TABLE,
      Key: keyOf(run, at),
      ReturnValues: returned,
      ...expressions({ UpdateExpression: what, ConditionExpression: when }),
    },
  }));

const remove: fc.Arbitrary<Make> = fc
  .tuple(key, fc.option(condition, { freq: 2 }), fc.constantFrom('NONE', 'ALL_OLD'))
  .map(([at, when, returned]) => (run) => ({
    name: 'DeleteItem',
    input: { TableName: TABLE, Key: keyOf(run, at), ReturnValues: returned, ...expressions({ ConditionExpression: when }) },
  }));

const get: fc.Arbitrary<Make> = fc
  .tuple(key, fc.option(fc.uniqueArray(path, { minLength: 1, maxLength: 3 })))
  .map(([at, shown]) => (run) => ({
    name: 'GetItem',
    input: { TableName: TABLE, Key: keyOf(run, at), ...(shown === null ? {} : { ProjectionExpression: shown.join(', ') }) },
  }));

const query: fc.Arbitrary<Make> = fc
  .record({
    pk: fc.constantFrom('p', 'q'),
    range: fc.option(fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), fc.integer({ min: -2, max: 11 }))),
    filter: fc.option(condition),
    limit: fc.option(fc.integer({ min: 1, max: 4 })),
    forward: fc.boolean(),
  })
  .map(({ pk, range, filter, limit, forward }) => (run) => ({
    name: 'Query',
    input: {
      TableName: TABLE,
      KeyConditionExpression: range === null ? 'pk = :pk' : `pk = :pk AND sk ${range[0]} :sk`,
      ScanIndexForward: forward,
      ...(limit === null ? {} : { Limit: limit }),
      ...expressions(
        { FilterExpression: filter },
        { ':pk': { S: `${run}-${pk}` }, ...(range === null ? {} : { ':sk': { N: String(range[1]) } }) },
      ),
    },
  }));

const indexQuery: fc.Arbitrary<Make> = text.map((g) => (run) => ({
  name: 'Query',
  unordered: true,
  input: {
    TableName: TABLE,
    IndexName: 'byG',
    KeyConditionExpression: 'g = :g',
    FilterExpression: 'begins_with(pk, :run)',
    ExpressionAttributeValues: { ':g': g, ':run': { S: `${run}-` } },
  },
}));

const batchGet: fc.Arbitrary<Make> = fc
  .uniqueArray(key, { minLength: 1, maxLength: 4, selector: (at) => `${at.pk}${at.sk}` })
  .map((keys) => (run) => ({
    name: 'BatchGetItem',
    input: { RequestItems: { [TABLE]: { Keys: keys.map((at) => keyOf(run, at)) } } },
  }));

const batchWrite: fc.Arbitrary<Make> = fc
  .uniqueArray(fc.tuple(key, fc.option(attributes)), { minLength: 1, maxLength: 4, selector: ([at]) => `${at.pk}${at.sk}` })
  .map((writes) => (run) => ({
    name: 'BatchWriteItem',
    input: {
      RequestItems: {
        [TABLE]: writes.map(([at, item]) =>
          item === null ? { DeleteRequest: { Key: keyOf(run, at) } } : { PutRequest: { Item: { ...keyOf(run, at), ...item } } },
        ),
      },
    },
  }));

/** A scan of what one run has written. */
export function scanOf(run: number, filter: Part | null = null): Operation {
  return {
    name: 'Scan',
    unordered: true,
    input: {
      TableName: TABLE,
      FilterExpression: `begins_with(pk, :run)${filter === null ? '' : ` AND (${filter.text})`}`,
      ExpressionAttributeValues: { ':run': { S: `${run}-` }, ...filter?.values },
    },
  };
}

const scan: fc.Arbitrary<Make> = condition.map((filter) => (run) => scanOf(run, filter));

/** Any call. */
export const anyCall: fc.Arbitrary<Make> = fc.oneof(
  { weight: 3, arbitrary: put },
  { weight: 6, arbitrary: change },
  { weight: 3, arbitrary: query },
  remove,
  get,
  indexQuery,
  batchGet,
  batchWrite,
  scan,
);

const rich = fc.record(
  {
    a: number,
    b: number,
    m: fc.record({ a: number, b: textSet, c: number }, { noNullPrototype: true }).map((M) => ({ M })),
    l: fc.array(number, { minLength: 2, maxLength: 3 }).map((L) => ({ L })),
    tags: textSet,
    g: text,
  },
  { noNullPrototype: true },
);

/** A first call: items with all attributes, so that the next calls find something to work on. */
export const anyStart: fc.Arbitrary<Make> = fc.array(rich, { minLength: 4, maxLength: 4 }).map((items) => (run) => ({
  name: 'BatchWriteItem',
  input: {
    RequestItems: {
      [TABLE]: items.map((item, position) => ({
        PutRequest: { Item: { ...keyOf(run, { pk: position < 3 ? 'p' : 'q', sk: String((position % 3) + 1) }), ...item } },
      })),
    },
  },
}));
