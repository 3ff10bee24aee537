import { html } from 'hono/html';
import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import type { KeyAttribute } from '../../services/dynamodb/keys.ts';
import type { Table } from '../../services/dynamodb/tables.ts';
import type { AttributeValue, Item } from '../../services/dynamodb/values.ts';
import { beginning, count, facts, type Html, instant, json, NOTHING, path, table } from '../html.ts';
import { type Asked, PAGE_ROWS, type Page } from '../page.ts';

const CELL_LENGTH_MAX = 60;
const KEY_LENGTH_MAX = 4096;
/** How many records behind a reader of the stream are counted. */
const BEHIND_MAX = 1000;

/** All tables. */
export function tablesPage({ cloud }: Asked): Page {
  return {
    title: 'Tables',
    main: table(
      'Tables',
      ['Table', 'Items', 'Partition key', 'Sort key', 'Indexes', 'Stream'],
      cloud.services.dynamodb
        .overview()
        .map(({ table: { name, schema, indexes, stream }, items }) => [
          html`<a href="${path('table', { name })}">${name}</a>`,
          count(items),
          keyName(schema.hash),
          schema.range === undefined ? '' : keyName(schema.range),
          indexes.map((index) => index.name).join(', '),
          stream === undefined ? 'off' : stream.viewType.toLowerCase().replaceAll('_', ' '),
        ]),
      'The stacks have no table.',
    ),
  };
}

/** One table: its items, page by page or those of a partition; its indexes; where readers of its stream stand. */
export function tablePage(asked: Asked): Page | undefined {
  const { dynamodb } = asked.cloud.services;
  const found = dynamodb.overview().find(({ table: { name } }) => name === asked.query('name'));
  if (found === undefined) return undefined;
  const { table: shown, items } = found;
  const index = shown.indexes.find(({ name }) => name === asked.query('index'));
  const chosen = { name: shown.name, index: index?.name, key: asked.query('key'), sort: asked.query('sort') };
  return {
    title: shown.name,
    main: html`${facts([
      ['Items', count(items)],
      ['Partition key', keyName(shown.schema.hash)],
      shown.schema.range === undefined ? undefined : ['Sort key', keyName(shown.schema.range)],
      ['Created', instant(shown.createdAt)],
      shown.timeToLive === undefined ? undefined : ['Expires by', html`<code>${shown.timeToLive}</code>`],
    ])}
<section><h2>Items</h2>${itemForm(shown, chosen)}${itemList(asked, shown, chosen)}</section>
<section><h2>Indexes</h2>${indexList(shown)}</section>
<section><h2>Stream</h2>${streamOf(asked, shown)}</section>`,
  };
}

interface Chosen {
  readonly name: string;
  readonly index: string | undefined;
  /** The partition's key, and what the sort key begins with. */
  readonly key: string | undefined;
  readonly sort: string | undefined;
}

function keyName({ name, type }: KeyAttribute): Html {
  return html`<code>${name}</code> (${type})`;
}

function itemForm(shown: Table, { name, index, key, sort }: Chosen): Html {
  return html`<search><form method="get" action="/console/table" class="filter"><input type="hidden" name="name" value="${name}">
<label>From <select name="index"><option value="">the table</option>${shown.indexes.map((other) => html`<option value="${other.name}"${other.name === index ? html` selected` : ''}>${other.name}</option>`)}</select></label>
<label>Partition key is <input type="search" name="key" value="${key ?? ''}" maxlength="2048"></label>
<label>Sort key begins with <input type="search" name="sort" value="${sort ?? ''}" maxlength="1024"></label><button>Read</button></form></search>`;
}

function itemList(asked: Asked, shown: Table, chosen: Chosen): Html {
  let page: JsonObject;
  try {
    page = asked.cloud.services.dynamodb.look(chosen.key === undefined ? 'Scan' : 'Query', requestOf(shown, chosen, asked.query('after')));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return html`<p class="problem" role="status">${error.message}</p>`;
  }
  const items = page.Items as Item[];
  const last = page.LastEvaluatedKey as Item | undefined;
  const keys = [shown.schema.hash, shown.schema.range].filter((key) => key !== undefined);
  return html`${table(
    chosen.key === undefined ? 'Items in the order of a scan' : 'Items of the partition',
    [...keys.map(({ name }) => name), 'Item'],
    items.map((item) => [
      ...keys.map(({ name }) => short(item[name])),
      itemCell(
        item,
        keys.map(({ name }) => name),
      ),
    ]),
    'No item is there.',
  )}${
    last === undefined
      ? NOTHING
      : html`<nav class="pager" aria-label="Pages"><a href="${path('table', { ...chosen, after: encode(last) })}" rel="next">Next</a></nav>`
  }`;
}

function requestOf(shown: Table, { name, index, key, sort }: Chosen, after: string | undefined): JsonObject {
  const schema = (shown.indexes.find((other) => other.name === index) ?? shown).schema;
  const start = after === undefined ? undefined : decode(after);
  const common = {
    TableName: name,
    Limit: PAGE_ROWS,
    ...(index !== undefined && { IndexName: index }),
    ...(start !== undefined && { ExclusiveStartKey: start }),
  };
  if (key === undefined) return common;
  const sorted = sort !== undefined && schema.range?.type === 'S';
  return {
    ...common,
    KeyConditionExpression: sorted ? '#h = :h AND begins_with(#r, :r)' : '#h = :h',
    ExpressionAttributeNames: { '#h': schema.hash.name, ...(sorted && { '#r': schema.range?.name }) },
    ExpressionAttributeValues: { ':h': { [schema.hash.type]: key }, ...(sorted && { ':r': { S: sort } }) },
  };
}

function itemCell(item: Item, keys: readonly string[]): Html {
  const rest = Object.keys(item).filter((name) => !keys.includes(name));
  const line = rest.map((name) => `${name}: ${short(item[name])}`).join(', ');
  return html`<details><summary>${beginning(line, CELL_LENGTH_MAX * 2) || 'only its key'}</summary>${json(Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)])), 'The item')}</details>`;
}

function short(value: AttributeValue | undefined): string {
  if (value === undefined) return '';
  const shown = plainValue(value);
  return beginning(typeof shown === 'string' ? shown : JSON.stringify(shown), CELL_LENGTH_MAX);
}

/** A value without its types, as people write it; numbers stay text where JavaScript would change them. */
function plainValue(value: AttributeValue): unknown {
  if (value.M !== undefined) return Object.fromEntries(Object.entries(value.M).map(([name, inner]) => [name, plainValue(inner)]));
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.N !== undefined) return String(Number(value.N)) === value.N ? Number(value.N) : value.N;
  if (value.NULL !== undefined) return null;
  return Object.values(value)[0];
}

function encode(key: Item): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** What `encode` made; anything else is for the service to refuse. */
function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text.slice(0, KEY_LENGTH_MAX), 'base64url').toString());
  } catch {
    return {};
  }
}

function indexList({ name, indexes }: Table): Html {
  return table(
    'Indexes',
    ['Index', 'Kind', 'Partition key', 'Sort key', 'Holds'],
    indexes.map((index) => [
      html`<a href="${path('table', { name, index: index.name })}">${index.name}</a>`,
      index.local ? 'local' : 'global',
      keyName(index.schema.hash),
      index.schema.range === undefined ? '' : keyName(index.schema.range),
      index.projected === undefined ? 'all attributes' : [...index.projected].join(', '),
    ]),
    'The table has no index.',
  );
}

function streamOf(asked: Asked, shown: Table): Html {
  if (shown.stream === undefined) return html`<p class="none">The table has no stream.</p>`;
  const { dynamodb, lambda } = asked.cloud.services;
  return html`${facts([
    ['Records hold', shown.stream.viewType.toLowerCase().replaceAll('_', ' ')],
    ['Newest record of all streams', html`<code>${Number(dynamodb.latestSequence())}</code>`],
  ])}${table(
    'Readers of the stream',
    ['Function', 'Stands at record', 'Records behind', 'Failed attempts'],
    lambda
      .streamPositions()
      .filter(({ tableName }) => tableName === shown.name)
      .map(({ functionName, after, attempts }) => {
        const behind = dynamodb.readStream(shown.name, after, BEHIND_MAX).length;
        return [
          html`<a href="${path('function', { name: functionName })}">${functionName}</a>`,
          html`<code>${Number(after)}</code>`,
          behind === BEHIND_MAX ? `${count(behind)} or more` : count(behind),
          attempts > 0 ? html`<span class="problem">${count(attempts)}</span>` : count(attempts),
        ];
      }),
    'No function reads it.',
  )}`;
}
