import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { batchGetItem, batchWriteItem } from './batch.ts';
import { Counters, type Counts } from './capacity.ts';
import { checkedDefinition, type TableDefinition } from './definition.ts';
import type { Engine } from './engine.ts';
import { deleteItem, getItem, putItem, updateItem } from './item-operations.ts';
import { Items } from './items.ts';
import { query, scan } from './query.ts';
import { type StreamRecord, Streams } from './stream.ts';
import { describeStream, getRecords, getShardIterator, listStreams } from './stream-operations.ts';
import {
  changeTable,
  createTable,
  deleteTable,
  describeContinuousBackups,
  describeTable,
  describeTimeToLive,
  listTables,
  updateTable,
  updateTimeToLive,
} from './table-operations.ts';
import { type Table, Tables } from './tables.ts';
import { TransactionTokens, transactGetItems, transactWriteItems } from './transact.ts';
import { TimeToLive } from './ttl.ts';

const TABLES_MAX = 1000;

type Operation = (input: JsonObject) => JsonObject;

/**
 * DynamoDB and DynamoDB Streams. Each call runs in one piece, so every read sees every write made before it, also through a
 * global index, and no transaction ever meets another.
 */
export class DynamoDbService implements Service {
  readonly name = 'dynamodb';
  readonly #engine: Engine;
  readonly #timeToLive: TimeToLive;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor(kernel: Kernel) {
    const tables = new Tables(kernel);
    const streams = new Streams(kernel);
    const timeToLive = new TimeToLive(kernel, this.name, tables, () => this.#engine.items);
    const items = new Items(kernel, streams, (expires) => timeToLive.expect(expires));
    this.#engine = { kernel, tables, items, streams, counters: new Counters() };
    this.#timeToLive = timeToLive;
    this.#operations = operationsOf(this.#engine, timeToLive);
  }

  call(operation: string, input: JsonObject): JsonObject {
    const run = this.#operations.get(operation);
    if (run === undefined) throw new AwsError('UnknownOperationException', `The embedded cloud does not know ${operation} of DynamoDB.`);
    return run(input);
  }

  resume(): void {
    this.#timeToLive.resume();
  }

  onTimer(): void {
    const more = this.#timeToLive.sweep();
    this.#engine.streams.notify();
    if (more) this.#engine.kernel.post('dynamodb ttl', () => this.onTimer());
    else this.#timeToLive.resume();
  }

  /**
   * Creates a table, or gives one that exists the definition, so that a restart with the same or a changed template goes on with
   * what is stored. Takes the members of `CreateTable`, besides `TimeToLiveSpecification` and `PointInTimeRecoverySpecification`.
   */
  createTable(input: JsonObject): Table {
    const definition = checkedDefinition(input);
    const present = this.#engine.tables.find(definition.TableName);
    if (present === undefined) return this.#engine.tables.create(definition);
    if (JSON.stringify(present.definition) === JSON.stringify(definition)) return present;
    refuseOtherKeys(present, definition);
    return changeTable(this.#engine, this.#timeToLive, present, definition);
  }

  /**
   * Records of a table's stream that follow a sequence number, oldest first; after the empty text, from the oldest kept.
   * @throws AwsError `ResourceNotFoundException` where the table does not exist or has no stream.
   */
  readStream(tableName: string, afterSequence: string, limit: number): StreamRecord[] {
    return this.#engine.streams.read(this.#engine.tables.get(tableName), afterSequence, limit);
  }

  /** The sequence number of the newest record of any stream: where a reader begins that wants only what is written from now on. */
  latestSequence(): string {
    return this.#engine.streams.latest();
  }

  /** Calls the listener after each call that wrote records to the table's stream. Returns how to end that. */
  onStreamWrite(tableName: string, listener: () => void): () => void {
    return this.#engine.streams.onWrite(tableName, listener);
  }

  /** A `Scan`, `Query` or `DescribeTable` that no count of requests and capacity units ever hears of. */
  look(operation: 'Scan' | 'Query' | 'DescribeTable', input: JsonObject): JsonObject {
    const run = { Scan: scan, Query: query, DescribeTable: describeTable }[operation];
    return run({ ...this.#engine, counters: new Counters() }, input);
  }

  /** All tables by name, each with the number of its items. */
  overview(): { readonly table: Table; readonly items: number }[] {
    const { kernel, tables } = this.#engine;
    return tables.names('', TABLES_MAX).map((name) => {
      const table = tables.get(name);
      const row = kernel.store.get<{ items: number }>('SELECT count(*) AS items FROM dynamodb_items WHERE table_id = ?', table.id);
      return { table, items: row?.items ?? 0 };
    });
  }

  /** Requests and capacity units since this process started. */
  counts(): Counts {
    return this.#engine.counters.counts();
  }
}

function refuseOtherKeys(present: Table, definition: TableDefinition): void {
  const keys = ({ KeySchema, AttributeDefinitions }: TableDefinition) =>
    KeySchema.map((key) => [key, AttributeDefinitions.find((attribute) => attribute.AttributeName === key.AttributeName)?.AttributeType]);
  if (JSON.stringify(keys(present.definition)) === JSON.stringify(keys(definition))) return;
  throw new AwsError(
    'ResourceInUseException',
    `Table ${present.name} exists with another primary key; delete it, or use another STATE_DIR.`,
  );
}

function operationsOf(engine: Engine, timeToLive: TimeToLive): ReadonlyMap<string, Operation> {
  const tokens = new TransactionTokens(engine.kernel);
  return new Map<string, Operation>([
    ['GetItem', (input) => getItem(engine, input)],
    ['PutItem', (input) => putItem(engine, input)],
    ['UpdateItem', (input) => updateItem(engine, input)],
    ['DeleteItem', (input) => deleteItem(engine, input)],
    ['Query', (input) => query(engine, input)],
    ['Scan', (input) => scan(engine, input)],
    ['BatchGetItem', (input) => batchGetItem(engine, input)],
    ['BatchWriteItem', (input) => batchWriteItem(engine, input)],
    ['TransactWriteItems', (input) => transactWriteItems(engine, tokens, input)],
    ['TransactGetItems', (input) => transactGetItems(engine, input)],
    ['CreateTable', (input) => createTable(engine, input)],
    ['DescribeTable', (input) => describeTable(engine, input)],
    ['ListTables', (input) => listTables(engine, input)],
    ['UpdateTable', (input) => updateTable(engine, timeToLive, input)],
    ['DeleteTable', (input) => deleteTable(engine, input)],
    ['DescribeTimeToLive', (input) => describeTimeToLive(engine, input)],
    ['UpdateTimeToLive', (input) => updateTimeToLive(engine, timeToLive, input)],
    ['DescribeContinuousBackups', (input) => describeContinuousBackups(engine, input)],
    ['ListStreams', (input) => listStreams(engine, input)],
    ['DescribeStream', (input) => describeStream(engine, input)],
    ['GetShardIterator', (input) => getShardIterator(engine, input)],
    ['GetRecords', (input) => getRecords(engine, input)],
  ]);
}
