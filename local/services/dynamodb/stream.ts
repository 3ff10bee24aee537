import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { md5 } from '../../kernel/md5.ts';
import { REGION } from '../../template/intrinsics.ts';
import { keyOf } from './keys.ts';
import type { Table } from './tables.ts';
import { type Item, itemSize } from './values.ts';

/** Who made a change that no caller made. */
export interface UserIdentity {
  readonly type: 'Service';
  readonly principalId: 'dynamodb.amazonaws.com';
}

/**
 * A record of a table's stream as an event source mapping hands it to a function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
  readonly eventSourceARN: string;
  readonly userIdentity?: UserIdentity;
}

interface RecordRow {
  sequence: number;
  at: number;
  event_name: StreamRecord['eventName'];
  keys: string;
  old_image: string | null;
  new_image: string | null;
  by_service: number;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html: "24 hours". */
const RETENTION_MS = 24 * 3_600_000;
const SEQUENCE_DIGITS = 21;
const SERVICE_IDENTITY: UserIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

/** Old records are removed in passing, so many at a time, once for so many new ones: the rest costs nothing but disk. */
const TRIM_EVERY = 1000;
const TRIM_BATCH = 4000;

/** The streams of all tables that have one: append-only rows, numbered in the order of writes. */
export class Streams {
  readonly #kernel: Kernel;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #written = new Set<string>();
  #untilTrim = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS dynamodb_stream (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, table_id INTEGER NOT NULL, label TEXT NOT NULL, at INTEGER NOT NULL,
        event_name TEXT NOT NULL, keys TEXT NOT NULL, old_image TEXT, new_image TEXT, by_service INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS dynamodb_stream_by_table ON dynamodb_stream (table_id, label, sequence);`);
  }

  /** Calls the listener after each call that wrote to the table's stream. Returns how to end that. */
  onWrite(tableName: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(tableName) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(tableName, listeners);
    return () => listeners.delete(listener);
  }

  append(table: Table, oldJson: string | undefined, next: Item | undefined, json: string | undefined, identity?: UserIdentity): void {
    if (table.stream === undefined) return;
    const { viewType, label } = table.stream;
    const present = next ?? (JSON.parse(oldJson as string) as Item);
    const withOld = viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
    const withNew = viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
    this.#kernel.store.run(
      'INSERT INTO dynamodb_stream (table_id, label, at, event_name, keys, old_image, new_image, by_service) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      table.id,
      label,
      this.#kernel.now(),
      oldJson === undefined ? 'INSERT' : json === undefined ? 'REMOVE' : 'MODIFY',
      JSON.stringify(keyOf(present, table.schema)),
      withOld ? (oldJson ?? null) : null,
      withNew ? (json ?? null) : null,
      identity === undefined ? 0 : 1,
    );
    this.#written.add(table.name);
    this.#untilTrim -= 1;
    if (this.#untilTrim < 0) this.#trim();
  }

  /** Tells the listeners of the tables written to since the last time; called when a call's writes are complete. */
  notify(): void {
    if (this.#written.size === 0) return;
    const names = [...this.#written];
    this.#written.clear();
    for (const name of names) for (const listener of this.#listeners.get(name) ?? []) listener();
  }

  /** The records of the last 24 hours that follow a sequence number (empty text: from the oldest), oldest first. */
  read(table: Table, afterSequence: string, limit: number): StreamRecord[] {
    const { stream } = table;
    if (stream === undefined) throw noStream(table.name);
    return this.#kernel.store
      .all<RecordRow & Record<string, never>>(
        `SELECT sequence, at, event_name, keys, old_image, new_image, by_service FROM dynamodb_stream
         WHERE table_id = ? AND label = ? AND sequence > ? AND at > ? ORDER BY sequence LIMIT ? + 0`,
        table.id,
        stream.label,
        sequenceOf(afterSequence),
        this.#kernel.now() - RETENTION_MS,
        limit,
      )
      .map((row) => recordOf(row, stream));
  }

  /** The sequence number of the newest record ever written to any stream; empty text before the first. */
  latest(): string {
    const row = this.#kernel.store.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'dynamodb_stream'");
    return row === undefined ? '' : sequenceText(row.seq);
  }

  delete(table: Table): void {
    this.#kernel.store.run('DELETE FROM dynamodb_stream WHERE table_id = ?', table.id);
  }

  #trim(): void {
    this.#untilTrim = TRIM_EVERY;
    this.#kernel.store.run(
      'DELETE FROM dynamodb_stream WHERE at <= ? AND sequence < (SELECT min(sequence) FROM dynamodb_stream) + ?',
      this.#kernel.now() - RETENTION_MS,
      TRIM_BATCH,
    );
  }
}

function noStream(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} has no stream`);
}

/** A record in the shape of `GetRecords`, which leaves out the source. */
export function withoutSource(record: StreamRecord): JsonObject {
  const { eventSourceARN: _, ...rest } = record;
  return rest;
}

/** Most records are only looked at for their keys, by the filter of an event source: the rest is made when it is asked for. */
function recordOf(row: RecordRow, stream: { readonly arn: string; readonly viewType: string }): StreamRecord {
  const { old_image: before, new_image: after } = row;
  const keys = JSON.parse(row.keys) as Item;
  const dynamodb = {
    ApproximateCreationDateTime: Math.floor(row.at / 1000),
    Keys: keys,
    SequenceNumber: sequenceText(row.sequence),
    get SizeBytes() {
      return itemSize(keys) + imageSize(before) + imageSize(after);
    },
    StreamViewType: stream.viewType,
  };
  if (after !== null) Object.defineProperty(dynamodb, 'NewImage', { enumerable: true, get: () => JSON.parse(after) as Item });
  if (before !== null) Object.defineProperty(dynamodb, 'OldImage', { enumerable: true, get: () => JSON.parse(before) as Item });
  return {
    get eventID() {
      return md5(`${stream.arn}/${row.sequence}`);
    },
    eventName: row.event_name,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: REGION,
    dynamodb,
    eventSourceARN: stream.arn,
    ...(row.by_service === 0 ? {} : { userIdentity: SERVICE_IDENTITY }),
  };
}

function imageSize(json: string | null): number {
  return json === null ? 0 : itemSize(JSON.parse(json) as Item);
}

function sequenceText(sequence: number): string {
  return String(sequence).padStart(SEQUENCE_DIGITS, '0');
}

function sequenceOf(text: string): number {
  return text === '' ? 0 : Number(text);
}
