import type { DynamoDBRecord } from 'aws-lambda';
import { toInstant } from '../../domain/calendar.ts';
import type { CountMetric } from '../adapters/metrics.ts';
import { type Table, text } from '../adapters/table.ts';
import { acknowledgePayment } from '../notices/acknowledgement.ts';
import type { NoticePorts } from '../notices/hand-over.ts';
import { remindBeforeDue } from '../notices/pre-due.ts';
import { ALL_PRE_DUE_SHARDS } from '../protocol/items.ts';

export interface SendNoticesPorts extends NoticePorts {
  /** Where an account is told of whose reminder failed: its id and the error, never its content. */
  readonly report: (accountId: string, error: unknown) => void;
  /** Told only where there are some. */
  readonly countLate: CountMetric;
  /** Told by every run. */
  readonly countFailed: CountMetric;
}

/** What a run did, by how each notice ended. */
export type Noticed = Readonly<Record<string, number>>;

const PAGE = 100;
/** Accounts worked beside each other in one run. */
const CONCURRENCY_MAX = 10;
/** What a run does not finish in so long is first in the next one. */
const RUN_MILLIS_MAX = 4 * 60_000;

/** Payments to acknowledge, as the table's stream brings them, each at least once. */
export async function acknowledgePayments(records: readonly DynamoDBRecord[], ports: SendNoticesPorts): Promise<Noticed> {
  const done: Record<string, number> = {};
  for (const record of records) {
    const image = record.dynamodb?.NewImage;
    const accountId = image?.accountId?.S;
    const paymentId = image?.paymentId?.S;
    if (accountId === undefined || paymentId === undefined || record.eventName !== 'INSERT') continue;
    count(done, await acknowledgePayment({ ...ports, now: ports.clock() }, accountId, paymentId));
  }
  if (done.late !== undefined) ports.countLate(done.late, ports.now);
  return done;
}

/**
 * Reminders before a due date whose time has come, on schedule. Each account for itself: one that fails holds up no other, stays in the
 * index and is tried again by the next run.
 */
export async function remindAll(ports: SendNoticesPorts): Promise<Noticed> {
  const done: Record<string, number> = {};
  const endsAt = ports.now + RUN_MILLIS_MAX;
  for (const shard of ALL_PRE_DUE_SHARDS) {
    let start: Awaited<ReturnType<Table['page']>>['next'];
    do {
      const page = await ports.table.page(
        'cases-by-sweep',
        { name: 'sweepShard', value: shard },
        { upTo: { name: 'sweepAt', value: toInstant(ports.now) }, limit: PAGE, start },
      );
      const accounts = page.items.map((item) => (text(item, 'pk') ?? '').slice('ACCOUNT#'.length));
      await Promise.all(Array.from({ length: CONCURRENCY_MAX }, () => remindSome(accounts, ports, done)));
      start = page.next;
    } while (start !== undefined && ports.clock() < endsAt);
  }
  ports.countFailed(done.error ?? 0, ports.now);
  return done;
}

async function remindSome(accounts: string[], ports: SendNoticesPorts, done: Record<string, number>): Promise<void> {
  for (let accountId = accounts.shift(); accountId !== undefined; accountId = accounts.shift()) {
    try {
      count(done, await remindBeforeDue({ ...ports, now: ports.clock() }, accountId));
    } catch (error) {
      ports.report(accountId, error);
      count(done, 'error');
    }
  }
}

function count(done: Record<string, number>, what: string): void {
  done[what] = (done[what] ?? 0) + 1;
}
