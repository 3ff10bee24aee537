import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { pageOf } from '../page.ts';
import { matcherOf } from './filter-pattern.ts';

/** A line of a log. `id` is a number as text, of the same length for all, in the order of writing. */
export interface LoggedLine {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly stream: string;
  readonly message: string;
}

/** The groups that can be read, by name, oldest line first. */
export type ReadableGroups = () => ReadonlyMap<string, readonly LoggedLine[]>;

const GROUPS_MAX = 50;
const EVENTS_MAX = 10_000;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export function describeLogGroups(groups: ReadableGroups, input: JsonObject): JsonObject {
  const prefix = String(input.logGroupNamePrefix ?? '');
  const names = [...groups().keys()].filter((name) => name.startsWith(prefix)).sort();
  const { items, next } = page(names, String, input, GROUPS_MAX);
  return { logGroups: items.map(describeGroup), ...next };
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html */
export function describeLogStreams(groups: ReadableGroups, input: JsonObject): JsonObject {
  const { name, lines } = groupOf(groups, input);
  const streams = [...Map.groupBy(lines, ({ stream }) => stream)].filter(([stream]) =>
    stream.startsWith(String(input.logStreamNamePrefix ?? '')),
  );
  streams.sort(([one], [other]) => (one < other ? -1 : 1));
  const { items, next } = page(streams, ([stream]) => stream, input, GROUPS_MAX);
  const logStreams = items.map(([logStreamName, written]) => ({
    logStreamName,
    arn: `${arnOf(name)}:log-stream:${logStreamName}`,
    creationTime: written[0]?.at,
    firstEventTimestamp: written[0]?.at,
    lastEventTimestamp: written.at(-1)?.at,
    lastIngestionTime: written.at(-1)?.at,
    storedBytes: 0,
  }));
  return { logStreams, ...next };
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
export function filterLogEvents(groups: ReadableGroups, input: JsonObject): JsonObject {
  const { lines } = groupOf(groups, input);
  const streams = input.logStreamNames as readonly string[] | undefined;
  const prefix = String(input.logStreamNamePrefix ?? '');
  const matches = matcherOf(String(input.filterPattern ?? ''));
  const isAsked = ({ stream, message }: LoggedLine) => streams?.includes(stream) !== false && stream.startsWith(prefix) && matches(message);
  const { items, next } = page(inTime(lines, input).filter(isAsked), ({ id }) => id, input, EVENTS_MAX);
  const events = items.map((line) => ({ logStreamName: line.stream, ...eventOf(line), eventId: line.id }));
  return { events, searchedLogStreams: [], ...next };
}

/**
 * Pages go both ways; a token says behind or before which line, and at either end stays what it was
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html).
 */
export function getLogEvents(groups: ReadableGroups, input: JsonObject): JsonObject {
  const { lines } = groupOf(groups, input);
  const ofStream = lines.filter(({ stream }) => stream === input.logStreamName);
  if (ofStream.length === 0) throw notFound('stream');
  const limit = limitOf(input, EVENTS_MAX);
  const token = input.nextToken === undefined ? undefined : /^([fb])\/(\d+)$/.exec(String(input.nextToken));
  if (token === null) throw invalid('The specified nextToken is invalid.');
  const [, way = input.startFromHead === true ? 'f' : 'b', from] = token ?? [];
  const there = inTime(ofStream, input).filter(({ id }) => from === undefined || (way === 'f' ? id > from : id < from));
  const events = way === 'f' ? there.slice(0, limit) : there.slice(-limit);
  return {
    events: events.map(eventOf),
    nextForwardToken: `f/${events.at(-1)?.id ?? from ?? '0'}`,
    nextBackwardToken: `b/${events[0]?.id ?? from ?? '0'}`,
  };
}

function eventOf({ at, message }: LoggedLine): JsonObject {
  return { timestamp: at, message, ingestionTime: at };
}

function inTime(lines: readonly LoggedLine[], { startTime, endTime }: JsonObject): LoggedLine[] {
  const [first, end] = [Number(startTime ?? 0), Number(endTime ?? Number.POSITIVE_INFINITY)];
  return lines.filter(({ at }) => at >= first && at < end);
}

function groupOf(groups: ReadableGroups, { logGroupName, logGroupIdentifier }: JsonObject) {
  const given = String(logGroupName ?? logGroupIdentifier ?? '');
  if (given === '') throw invalid('Exactly one of logGroupName and logGroupIdentifier must be given.');
  const name = given.startsWith('arn:') ? (given.split(':')[6] ?? '') : given;
  const lines = groups().get(name);
  if (lines === undefined) throw notFound('group');
  return { name, lines };
}

function page<T>(items: readonly T[], keyOf: (item: T) => string, input: JsonObject, max: number) {
  const found = pageOf(items, keyOf, {
    token: input.nextToken,
    limit: limitOf(input, max),
    invalid: () => invalid('The specified nextToken is invalid.'),
  });
  return { items: found.items, next: found.next === undefined ? {} : { nextToken: found.next } };
}

function limitOf({ limit = undefined }: JsonObject, max: number): number {
  if (limit === undefined || limit === null) return max;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= max) return limit;
  throw invalid(
    `1 validation error detected: Value '${String(limit)}' at 'limit' failed to satisfy constraint: Member must be from 1 to ${max}`,
  );
}

function describeGroup(logGroupName: string): JsonObject {
  const arn = arnOf(logGroupName);
  return { logGroupName, logGroupClass: 'STANDARD', metricFilterCount: 0, storedBytes: 0, arn: `${arn}:*`, logGroupArn: arn };
}

function arnOf(group: string): string {
  return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}`;
}

function notFound(what: 'group' | 'stream'): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
