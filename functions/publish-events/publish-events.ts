import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import { type Entry, PUBLISHED } from '../../domain/entries.ts';
import type { CountMetric } from '../adapters/metrics.ts';

export interface PublishPorts {
  readonly events: EventBridgeClient;
  readonly queues: SQSClient;
  readonly bus: string;
  readonly deadLetterQueueUrl: string;
  /** Contacts that were made without asking the gate. */
  readonly reportUngated: CountMetric;
  readonly now: number;
}

type Image = Record<string, { S?: string } | undefined>;

const SOURCE = 'overdue-journeys';
/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;
const published: ReadonlySet<string> = new Set(PUBLISHED);

/**
 * Tells the outside what became true: every new timeline entry that the contract names, and every rejection. The stream brings each
 * at least once and in order per account; `eventId` and `seq` let a receiver tell and sort them.
 *
 * @throws where the bus or the queue did not take everything: the batch comes again
 */
export async function publishEvents(records: readonly DynamoDBRecord[], ports: PublishPorts): Promise<void> {
  const entries: PutEventsRequestEntry[] = [];
  let ungated = 0;
  for (const record of records) {
    const image = record.dynamodb?.NewImage as Image | undefined;
    if (record.eventName !== 'INSERT' || image === undefined) continue;
    if (image.sk?.S?.startsWith('T#')) {
      const entry = entryOf(image);
      if ('ungated' in entry) ungated += 1;
      entries.push(...entryEvent(entry, image, ports.bus));
    } else if (image.pk?.S?.startsWith('REJECTED#')) {
      await ports.queues.send(new SendMessageCommand({ QueueUrl: ports.deadLetterQueueUrl, MessageBody: image.original?.S ?? '' }));
      entries.push(rejectionEvent(image, ports.bus));
    }
  }
  for (let from = 0; from < entries.length; from += ENTRIES_MAX) await put(entries.slice(from, from + ENTRIES_MAX), ports.events);
  if (ungated > 0) ports.reportUngated(ungated, ports.now);
}

function entryOf(image: Image): Entry {
  const { previousHash: _chain, ...entry } = JSON.parse(image.entry?.S ?? '{}') as Entry & { previousHash: string };
  return entry as Entry;
}

/** Some of a batch may fail while the others went: only those go again. */
async function put(entries: PutEventsRequestEntry[], client: EventBridgeClient): Promise<void> {
  let left = entries;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const { Entries: results } = await client.send(new PutEventsCommand({ Entries: left }));
    const failed = left.filter((_, index) => results?.[index]?.ErrorCode !== undefined);
    if (failed.length > 0 && attempt >= 3)
      throw new Error(`The bus did not take ${failed.length} events: ${results?.find((row) => row.ErrorCode)?.ErrorCode}`);
    left = failed;
  }
}

function entryEvent(entry: Entry, image: Image, bus: string): PutEventsRequestEntry[] {
  const { type, ...facts } = entry;
  if (!published.has(type)) return [];
  const accountId = image.pk?.S?.slice('ACCOUNT#'.length) ?? '';
  const customerId = image.customerId?.S;
  const detail = {
    eventId: `${facts.caseId ?? accountId}:${facts.seq}`,
    accountId,
    ...(customerId === undefined ? {} : { customerId }),
    ...facts,
  };
  return [{ EventBusName: bus, Source: SOURCE, DetailType: type, Detail: JSON.stringify(detail) }];
}

function rejectionEvent(image: Image, bus: string): PutEventsRequestEntry {
  const named = (name: string) => (image[name]?.S === undefined ? {} : { [name]: image[name].S });
  const detail = {
    eventId: `rejected:${image.eventId?.S}`,
    at: image.at?.S,
    ...named('accountId'),
    ...named('customerId'),
    rejectedType: image.detailType?.S,
    field: image.field?.S,
    rule: image.rule?.S,
  };
  return { EventBusName: bus, Source: SOURCE, DetailType: 'EventRejected', Detail: JSON.stringify(detail) };
}
