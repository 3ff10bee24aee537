import type { JsonObject } from '../../kernel/kernel.ts';
import { capacityMode, consumed, readUnits, totalUnits } from './capacity.ts';
import type { Engine } from './engine.ts';
import { validation } from './errors.ts';
import { type Bindings, bind } from './expressions/bind.ts';
import { checkCondition, headsOf } from './expressions/check.ts';
import { type Compiled, compileCondition, compileProjection } from './expressions/compile.ts';
import { holds } from './expressions/evaluate.ts';
import { project, projectedHeads, type Selection, selectionOf } from './expressions/project.ts';
import type { Condition, Path } from './expressions/syntax.ts';
import { type KeyRange, keyRange } from './key-condition.ts';
import { BUCKETS, bucketPrefix, successor } from './keys.ts';
import { type Position, pageUnits, readPage, type Span, startingBehind, startPosition } from './pages.ts';
import { optionalChoice, optionalFlag, optionalInteger, optionalText, refuseLegacy, tableName } from './request.ts';
import type { Table, TableIndex } from './tables.ts';
import { checkedItem, type Item } from './values.ts';

type Select = 'SPECIFIC_ATTRIBUTES' | 'COUNT' | 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES';

/** What queries and scans have in common, checked. */
interface ReadRequest {
  readonly table: Table;
  readonly index: TableIndex | undefined;
  readonly select: Select;
  readonly wholeItems: boolean;
  readonly consistent: boolean;
  readonly limit: number | undefined;
  readonly keyCondition: Compiled<Condition> | undefined;
  readonly filter: Compiled<Condition> | undefined;
  readonly chosen: Selection | undefined;
  readonly bindings: Bindings;
  readonly startKey: Item | undefined;
}

const INTEGER_MAX = 2 ** 31 - 1;
const SEGMENTS_MAX = 1_000_000;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
export function query(engine: Engine, input: JsonObject): JsonObject {
  if (input.KeyConditionExpression === undefined && input.KeyConditions === undefined)
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  const request = readRequest(engine, input);
  const { table, index, bindings, keyCondition } = request;
  const schema = (index ?? table).schema;
  const range = keyRange((keyCondition as Compiled<Condition>).tree, bindings, schema);
  if (request.filter !== undefined) {
    const heads = headsOf(request.filter.tree, bindings);
    for (const key of [schema.hash, schema.range])
      if (key !== undefined && heads.has(key.name))
        throw validation(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`);
  }
  const span: Span = {
    table,
    index,
    from: { hash: range.hash, range: range.from, key: '' },
    to: range.to === undefined ? { hash: successor(range.hash), range: '', key: '' } : { hash: range.hash, range: range.to, key: '' },
    forward: input.ScanIndexForward === undefined || optionalFlag(input, 'ScanIndexForward'),
  };
  const start = request.startKey === undefined ? undefined : startPosition(table, index, request.startKey);
  if (start !== undefined) checkStart(start, range);
  return answer(engine, input, request, start === undefined ? span : startingBehind(span, start));
}

function checkStart(start: Position, { hash, from, to }: KeyRange): void {
  const inRange = byteOrder(start.range, from) >= 0 && (to === undefined || byteOrder(start.range, to) < 0);
  if (start.hash !== hash) throw validation('The provided starting key is outside query boundaries based on provided conditions');
  if (!inRange) throw validation('The provided starting key does not match the range key predicate');
}

function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
export function scan(engine: Engine, input: JsonObject): JsonObject {
  const request = readRequest(engine, input);
  const segment = optionalInteger(input, 'Segment', 0, SEGMENTS_MAX - 1);
  const segments = optionalInteger(input, 'TotalSegments', 1, SEGMENTS_MAX);
  checkSegment(segment, segments);
  const [from, to] = [segment ?? 0, segments ?? 1].map((_, position) =>
    bucketPrefix(Math.ceil((((segment ?? 0) + position) * BUCKETS) / (segments ?? 1))),
  ) as [string, string];
  const { table, index } = request;
  const span: Span = { table, index, from: { hash: from, range: '', key: '' }, to: { hash: to, range: '', key: '' }, forward: true };
  const start = request.startKey === undefined ? undefined : startPosition(table, index, request.startKey);
  if (start !== undefined && (start.hash < from || start.hash >= to))
    throw validation(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. ' +
        `TotalSegments: ${segments} Segment: ${segment}`,
    );
  return answer(engine, input, request, start === undefined ? span : startingBehind(span, start));
}

function checkSegment(segment: number | undefined, segments: number | undefined): void {
  if (segment !== undefined && segments === undefined)
    throw validation('The TotalSegments parameter is required but was not present in the request when Segment parameter is present');
  if (segments !== undefined && segment === undefined)
    throw validation('The Segment parameter is required but was not present in the request when parameter TotalSegments is present');
  if (segment !== undefined && segments !== undefined && segment >= segments)
    throw validation(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${segment} is not less than TotalSegments: ${segments}`,
    );
}

function readRequest(engine: Engine, input: JsonObject): ReadRequest {
  refuseLegacy(input);
  const name = tableName(input);
  const select = optionalText(input, 'Select');
  const limit = optionalInteger(input, 'Limit', 1, INTEGER_MAX);
  const startKey = input.ExclusiveStartKey === undefined ? undefined : checkedItem(input.ExclusiveStartKey);
  const keyText = optionalText(input, 'KeyConditionExpression');
  const filterText = optionalText(input, 'FilterExpression');
  const projectionText = optionalText(input, 'ProjectionExpression');
  const keyCondition = keyText === undefined ? undefined : compileCondition(keyText, 'KeyConditionExpression');
  const filter = filterText === undefined ? undefined : compileCondition(filterText, 'FilterExpression');
  const projection = projectionText === undefined ? undefined : compileProjection(projectionText);
  const expressions = [keyCondition, filter, projection].filter((expression) => expression !== undefined);
  const bindings = bind(input.ExpressionAttributeNames, input.ExpressionAttributeValues, expressions);
  for (const condition of [keyCondition, filter]) if (condition !== undefined) checkCondition(condition, bindings);
  const chosen = projection === undefined ? undefined : selectionOf(projection, bindings);
  const table = engine.tables.get(name);
  const index = requestedIndex(table, optionalText(input, 'IndexName'));
  const consistent = optionalFlag(input, 'ConsistentRead');
  if (consistent && index?.local === false) throw validation('Consistent reads are not supported on global secondary indexes');
  const selected = selection(select, index, projection !== undefined);
  const wholeItems = needsWholeItems(index, selected, projection === undefined ? [] : missingHeads(index, projection, bindings));
  return { table, index, select: selected, wholeItems, consistent, limit, keyCondition, filter, chosen, bindings, startKey };
}

function requestedIndex(table: Table, name: string | undefined): TableIndex | undefined {
  if (name === undefined) return undefined;
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (index === undefined) throw validation(`The table does not have the specified index: ${name}`);
  return index;
}

function selection(given: string | undefined, index: TableIndex | undefined, projects: boolean): Select {
  const choices = ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'] as const;
  const otherwise = projects ? 'SPECIFIC_ATTRIBUTES' : index === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
  const select = optionalChoice({ Select: given }, 'Select', choices, otherwise);
  if (projects && select !== 'SPECIFIC_ATTRIBUTES')
    throw validation(`Cannot specify the ProjectionExpression when choosing to get ${select === 'COUNT' ? 'only the Count' : select}`);
  if (!projects && select === 'SPECIFIC_ATTRIBUTES')
    throw validation('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && index === undefined)
    throw validation(
      'One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    );
  return select;
}

/** The attributes that a projection asks for and the index does not hold. */
function missingHeads(index: TableIndex | undefined, projection: Compiled<readonly Path[]>, bindings: Bindings): string[] {
  const held = index?.projected;
  return held === undefined ? [] : projectedHeads(projection, bindings).filter((name) => !held.has(name));
}

function needsWholeItems(index: TableIndex | undefined, select: Select, missing: readonly string[]): boolean {
  if (index?.projected === undefined) return false;
  if (index.local) return select === 'ALL_ATTRIBUTES' || missing.length > 0;
  if (select === 'ALL_ATTRIBUTES')
    throw validation(
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ' +
        `${index.name} because its projection type is not ALL`,
    );
  if (missing.length > 0)
    throw validation(
      `One or more parameter values were invalid: Global secondary index ${index.name} does not project [${missing.join(', ')}]`,
    );
  return false;
}

function answer(engine: Engine, input: JsonObject, request: ReadRequest, span: Span): JsonObject {
  const mode = capacityMode(input);
  const { filter, bindings, chosen } = request;
  const page = readPage(engine.kernel.store, span, {
    limit: request.limit,
    wholeItems: request.wholeItems,
    filter: filter === undefined ? undefined : (item) => holds(filter.tree, item, bindings),
  });
  const units = pageUnits(span, readUnits(page.bytes, request.consistent));
  engine.counters.read(totalUnits(units));
  return {
    ...(request.select === 'COUNT' ? {} : { Items: chosen === undefined ? page.items : page.items.map((item) => project(item, chosen)) }),
    Count: page.items.length,
    ScannedCount: page.scannedCount,
    ...(page.lastEvaluatedKey === undefined ? {} : { LastEvaluatedKey: page.lastEvaluatedKey }),
    ...consumed(mode, request.table, [units]),
  };
}
