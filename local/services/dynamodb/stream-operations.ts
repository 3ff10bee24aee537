import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import type { Engine } from './engine.ts';
import { resourceNotFound, validation } from './errors.ts';
import { optionalChoice, optionalInteger, optionalText, requiredText } from './request.ts';
import { withoutSource } from './stream.ts';
import type { Table } from './tables.ts';

/** Every stream here is one shard that never closes. */
const SHARD = 'shardId-00000000000000000000-00000000';
const ITERATOR_LIFE_MS = 15 * 60_000;
const RECORDS_MAX = 1000;
const STREAM_ARN = /^arn:aws:dynamodb:[^:]+:[^:]+:table\/([^/]+)\/stream\/[^/]+$/;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html */
export function listStreams(engine: Engine, input: JsonObject): JsonObject {
  const only = optionalText(input, 'TableName');
  const limit = optionalInteger(input, 'Limit', 1, 100) ?? 100;
  const after = optionalText(input, 'ExclusiveStartStreamArn');
  const names =
    only === undefined
      ? engine.tables.names(after === undefined ? '' : (STREAM_ARN.exec(after)?.[1] ?? ''), Number.MAX_SAFE_INTEGER)
      : [only];
  const streams = names.flatMap((name) => {
    const stream = engine.tables.find(name)?.stream;
    return stream === undefined ? [] : [{ StreamArn: stream.arn, TableName: name, StreamLabel: stream.label }];
  });
  const page = streams.slice(0, limit);
  return { Streams: page, ...(streams.length > limit ? { LastEvaluatedStreamArn: page.at(-1)?.StreamArn } : {}) };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html */
export function describeStream(engine: Engine, input: JsonObject): JsonObject {
  const table = streamTable(engine, requiredText(input, 'StreamArn'));
  const first = engine.streams.read(table, '', 1)[0]?.dynamodb.SequenceNumber;
  return {
    StreamDescription: {
      StreamArn: table.stream?.arn,
      StreamLabel: table.stream?.label,
      StreamStatus: 'ENABLED',
      StreamViewType: table.stream?.viewType,
      CreationRequestDateTime: table.createdAt / 1000,
      TableName: table.name,
      KeySchema: table.definition.KeySchema,
      Shards: [{ ShardId: SHARD, SequenceNumberRange: first === undefined ? {} : { StartingSequenceNumber: first } }],
    },
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
export function getShardIterator(engine: Engine, input: JsonObject): JsonObject {
  const table = streamTable(engine, requiredText(input, 'StreamArn'));
  if (requiredText(input, 'ShardId') !== SHARD) throw resourceNotFound(`Requested resource not found: Shard does not exist`);
  requiredText(input, 'ShardIteratorType');
  const types = ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const;
  const type = optionalChoice(input, 'ShardIteratorType', types, 'TRIM_HORIZON');
  return { ShardIterator: iterator(engine, table, afterSequence(engine, type, optionalText(input, 'SequenceNumber'))) };
}

function afterSequence(engine: Engine, type: string, sequence: string | undefined): string {
  if (type === 'TRIM_HORIZON') return '';
  if (type === 'LATEST') return engine.streams.latest();
  if (sequence === undefined || !/^[0-9]{1,40}$/.test(sequence)) throw validation('SequenceNumber must be the number of a record');
  return type === 'AFTER_SEQUENCE_NUMBER' ? sequence : String(Math.max(0, Number(sequence) - 1));
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html */
export function getRecords(engine: Engine, input: JsonObject): JsonObject {
  const limit = optionalInteger(input, 'Limit', 1, RECORDS_MAX) ?? RECORDS_MAX;
  const parts = Buffer.from(requiredText(input, 'ShardIterator'), 'base64').toString().split('|');
  const [arn, after, at] = parts;
  if (parts.length !== 3 || arn === undefined || after === undefined) throw validation('Invalid ShardIterator');
  if (Number(at) < engine.kernel.now() - ITERATOR_LIFE_MS)
    throw new AwsError('ExpiredIteratorException', 'Iterator expired: shard iterators live for 15 minutes');
  const table = streamTable(engine, arn);
  const records = engine.streams.read(table, after, limit);
  const last = records.at(-1)?.dynamodb.SequenceNumber ?? after;
  return { Records: records.map(withoutSource), NextShardIterator: iterator(engine, table, last) };
}

function iterator(engine: Engine, table: Table, after: string): string {
  return Buffer.from(`${table.stream?.arn}|${after}|${engine.kernel.now()}`).toString('base64');
}

function streamTable(engine: Engine, arn: string): Table {
  const table = engine.tables.find(STREAM_ARN.exec(arn)?.[1] ?? '');
  if (table?.stream?.arn !== arn) throw resourceNotFound(`Requested resource not found: Stream: ${arn} not found`);
  return table;
}
