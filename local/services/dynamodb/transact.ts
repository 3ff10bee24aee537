import { hash } from 'node:crypto';
import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { addUnits, capacityMode, consumedByTable, readUnits, totalUnits, type Units, writeUnits } from './capacity.ts';
import type { Engine } from './engine.ts';
import { constraint, validation } from './errors.ts';
import { project } from './expressions/project.ts';
import { requestedSelection } from './item-operations.ts';
import { type EncodedKey, encodeKey } from './keys.ts';
import { object, objects, optionalText, refuseLegacy, tableName } from './request.ts';
import type { Table } from './tables.ts';
import { checkedItem, type Item } from './values.ts';
import { ConditionFailed, keyOfWrite, type Outcome, type Prepared, planWrite, prepareWrite, type WriteKind } from './write.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const ACTIONS_MAX = 100;
const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;
const TOKEN_LENGTH_MAX = 36;
const TOKEN_LIFE_MS = 10 * 60_000;
const KINDS: readonly WriteKind[] = ['ConditionCheck', 'Put', 'Delete', 'Update'];

interface Reason {
  Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  Message?: string;
  Item?: Item;
}

/** All or nothing: every condition is tested and every result checked before the first row is written. */
export function transactWriteItems(engine: Engine, tokens: TransactionTokens, input: JsonObject): JsonObject {
  const mode = capacityMode(input);
  const token = optionalText(input, 'ClientRequestToken');
  if (token !== undefined && (token === '' || token.length > TOKEN_LENGTH_MAX))
    throw constraint(token, 'clientRequestToken', `Member must have length less than or equal to ${TOKEN_LENGTH_MAX}`);
  const prepared = objects(input.TransactItems, 'transactItems', ACTIONS_MAX).map((action) => prepareAction(engine, action));
  const request = token === undefined ? '' : hash('sha256', JSON.stringify(input.TransactItems), 'base64');
  if (token !== undefined && tokens.isKnown(token, request)) return consumedByTable(mode, repeatedUnits(prepared), 'ReadCapacityUnits');
  const outcomes = planAll(engine, prepared);
  const used = new Map<Table, Units[]>();
  let total = 0;
  for (const [position, { change, old }] of outcomes.entries()) {
    const single: Units = change === undefined ? { table: writeUnits(old?.size ?? 0), indexes: [] } : engine.items.apply(change);
    const units = doubled(single);
    total += totalUnits(units);
    addUnits(used, (prepared[position] as Prepared).table, units);
  }
  if (token !== undefined) tokens.remember(token, request);
  engine.counters.write(total);
  engine.streams.notify();
  return consumedByTable(mode, used, 'WriteCapacityUnits');
}

function prepareAction(engine: Engine, action: JsonObject): Prepared {
  const kinds = KINDS.filter((kind) => action[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
  const input = object(action[kind], 'transactItems');
  if (kind === 'ConditionCheck' && input.ConditionExpression === undefined)
    throw constraint(null, 'transactItems.conditionCheck.conditionExpression', 'Member must not be null');
  if (kind === 'Update' && input.UpdateExpression === undefined)
    throw constraint(null, 'transactItems.update.updateExpression', 'Member must not be null');
  return prepareWrite(engine, kind, input);
}

function planAll(engine: Engine, prepared: readonly Prepared[]): Outcome[] {
  const reasons: Reason[] = prepared.map(() => ({ Code: 'None' }));
  const keys = prepared.map((write, position) => attempt(reasons, position, () => keyOfWrite(write)));
  checkDistinct(prepared, keys);
  const outcomes = keys.map((key, position) =>
    key === undefined ? undefined : attempt(reasons, position, () => planWrite(engine, prepared[position] as Prepared, key)),
  );
  if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
  const complete = outcomes as Outcome[];
  const bytes = complete.reduce(
    (sum, { change, old }) => sum + (change === undefined || change.next === undefined ? (old?.size ?? 0) : change.size),
    0,
  );
  if (bytes > TRANSACTION_BYTES_MAX) throw validation('Transaction request exceeds the maximum allowed size of 4 MB');
  return complete;
}

/** An empty key is refused at once; all else that is wrong with one action is a reason of the cancellation. */
const REFUSED_AT_ONCE = 'One or more parameter values are not valid.';

function attempt<T>(reasons: Reason[], position: number, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ConditionFailed) reasons[position] = { Code: 'ConditionalCheckFailed', Message: error.message, ...error.extra };
    else if (error instanceof AwsError && error.code === 'ValidationException' && !error.message.startsWith(REFUSED_AT_ONCE))
      reasons[position] = { Code: 'ValidationError', Message: error.message };
    else throw error;
    return undefined;
  }
}

function checkDistinct(prepared: readonly { readonly table: Table }[], keys: readonly (EncodedKey | undefined)[]): void {
  const seen = new Set<string>();
  for (const [position, key] of keys.entries()) {
    if (key === undefined) continue;
    const text = `${prepared[position]?.table.id}/${key.hash.length}/${key.hash}${key.range}`;
    if (seen.has(text)) throw validation('Transaction request cannot include multiple operations on one item');
    seen.add(text);
  }
}

function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function doubled({ table, indexes }: Units): Units {
  return { table: table * 2, indexes: indexes.map((index) => ({ ...index, units: index.units * 2 })) };
}

/** A repeated request only reads; AWS answers the read units instead. */
function repeatedUnits(prepared: readonly Prepared[]): Map<Table, Units[]> {
  const used = new Map<Table, Units[]>();
  for (const { table } of prepared) addUnits(used, table, { table: 2, indexes: [] });
  return used;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
export function transactGetItems(engine: Engine, input: JsonObject): JsonObject {
  const mode = capacityMode(input);
  const gets = objects(input.TransactItems, 'transactItems', ACTIONS_MAX).map((action) => {
    const get = object(action.Get, 'transactItems.get');
    refuseLegacy(get);
    const key = checkedItem(object(get.Key, 'transactItems.get.key'));
    return { table: engine.tables.get(tableName(get)), key, chosen: requestedSelection(get) };
  });
  const reasons: Reason[] = gets.map(() => ({ Code: 'None' }));
  const keys = gets.map(({ table, key }, position) => attempt(reasons, position, () => encodeKey(key, table.schema)));
  checkDistinct(gets, keys);
  if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
  const used = new Map<Table, Units[]>();
  let total = 0;
  const responses = gets.map(({ table, chosen }, position) => {
    const row = engine.items.read(table, keys[position] as EncodedKey);
    const units = 2 * readUnits(row?.size ?? 0, true);
    total += units;
    addUnits(used, table, { table: units, indexes: [] });
    if (row === undefined) return {};
    const item = JSON.parse(row.item) as Item;
    return { Item: chosen === undefined ? item : project(item, chosen) };
  });
  engine.counters.read(total);
  return { Responses: responses, ...consumedByTable(mode, used, 'ReadCapacityUnits') };
}

const TRIM_EVERY = 500;
const TRIM_BATCH = 2000;

/** The tokens of transactions that were done: for ten minutes, the same request under the same token does nothing. */
export class TransactionTokens {
  readonly #kernel: Kernel;
  #untilTrim = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS dynamodb_tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, request TEXT NOT NULL, at INTEGER NOT NULL);`);
  }

  /** Whether this very request was done under the token; another one under it is refused. */
  isKnown(token: string, request: string): boolean {
    const row = this.#kernel.store.get<{ request: string; at: number }>('SELECT request, at FROM dynamodb_tokens WHERE token = ?', token);
    if (row === undefined || row.at <= this.#kernel.now() - TOKEN_LIFE_MS) return false;
    if (row.request !== request)
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'ClientRequestToken was already used with different request parameters within the idempotency window',
      );
    return true;
  }

  remember(token: string, request: string): void {
    this.#kernel.store.run(
      'INSERT OR REPLACE INTO dynamodb_tokens (token, request, at) VALUES (?, ?, ?)',
      token,
      request,
      this.#kernel.now(),
    );
    this.#untilTrim -= 1;
    if (this.#untilTrim >= 0) return;
    this.#untilTrim = TRIM_EVERY;
    this.#kernel.store.run(
      'DELETE FROM dynamodb_tokens WHERE at <= ? AND id < (SELECT min(id) FROM dynamodb_tokens) + ?',
      this.#kernel.now() - TOKEN_LIFE_MS,
      TRIM_BATCH,
    );
  }
}
