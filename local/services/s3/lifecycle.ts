import type { SQLInputValue } from 'node:sqlite';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Bucket, Buckets, LifecycleRule } from './buckets.ts';
import { isLocked } from './locks.ts';
import type { Removal } from './removal.ts';
import type { Uploads } from './uploads.ts';
import { HIGHEST, type Versions } from './versions.ts';

const DAY = 86_400_000;
const TIMER = 'lifecycle';
/** So many at one instant; a day's rest follows at once, in further rounds. */
const BATCH = 500;

/** A rule takes one of these from a row of `s3_versions`: which rows, by which time of theirs, after how many days. */
interface Action {
  readonly condition: string;
  readonly column: 'at' | 'superseded_at';
  readonly days: number;
}

/**
 * Lifecycle rules: what is due goes at the midnight (UTC) after its days are over, as S3 counts
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html). A locked version stays until its lock ends.
 * There is a timer only while something that is stored will fall due.
 */
export class Lifecycle {
  readonly #kernel: Kernel;
  readonly #buckets: Buckets;
  readonly #versions: Versions;
  readonly #removal: Removal;
  readonly #uploads: Uploads;

  constructor(kernel: Kernel, buckets: Buckets, versions: Versions, removal: Removal, uploads: Uploads) {
    this.#kernel = kernel;
    this.#buckets = buckets;
    this.#versions = versions;
    this.#removal = removal;
    this.#uploads = uploads;
  }

  /**
   * After a write: what it left falls due no earlier than what lies there under the same rule, so nothing needs to be looked at. A tag
   * may bring an old object under a rule.
   */
  armFor(bucket: Bucket, written: 'objects' | 'tags' | 'uploads'): void {
    if (written === 'tags') {
      if (bucket.lifecycle.some(({ tags }) => tags !== undefined)) this.arm();
      return;
    }
    const now = this.#kernel.now();
    const days = bucket.lifecycle.flatMap((rule) =>
      written === 'uploads' ? (rule.abortDays ?? []) : actionsOf(rule).map((one) => one.days),
    );
    const due = Math.min(...days.map((count) => dueAt(now, count)));
    const set = this.#kernel.timerPayload('s3', TIMER);
    if (set === undefined || due < Number(set)) this.#set(due);
  }

  /** Sets the timer to when something next falls due, never before the next midnight: what was due until now has been dealt with. */
  arm(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const bucket of this.#buckets.all())
      for (const rule of bucket.lifecycle) {
        for (const action of actionsOf(rule)) {
          const oldest = this.#oldest(bucket, rule, action);
          if (oldest !== undefined) next = Math.min(next, dueAt(oldest, action.days));
        }
        const begun = rule.abortDays === undefined ? undefined : this.#uploads.oldest(bucket.name, rule.prefix);
        if (begun !== undefined) next = Math.min(next, dueAt(begun, rule.abortDays ?? 0));
      }
    if (next === Number.POSITIVE_INFINITY) this.#kernel.cancelTimer('s3', TIMER);
    else this.#set(Math.max(next, dueAt(this.#kernel.now(), 0)));
  }

  #set(at: number): void {
    if (at < Number.POSITIVE_INFINITY) this.#kernel.setTimer('s3', TIMER, at, String(at));
  }

  run(): void {
    for (const bucket of this.#buckets.all()) for (const rule of bucket.lifecycle) this.#apply(bucket, rule);
    this.arm();
  }

  #apply(bucket: Bucket, rule: LifecycleRule): void {
    if (rule.abortDays !== undefined) this.#uploads.abortBefore(bucket.name, rule.prefix, this.#dayBefore(rule.abortDays));
    for (const action of actionsOf(rule))
      for (let after = 0; ; ) {
        const rows = this.#due(bucket, rule, action, after);
        for (const row of rows) this.#expire(bucket, rule, action, row);
        after = rows.at(-1)?.id ?? 0;
        if (rows.length < BATCH) break;
      }
  }

  #expire(bucket: Bucket, rule: LifecycleRule, action: Action, row: { key: string; version: string }): void {
    const found = this.#versions.find(bucket.name, row.key, row.version);
    if (found === undefined) return;
    const hides = action.column === 'at' && !found.marker && bucket.versioning !== undefined;
    if (hides) {
      this.#removal.mark(bucket, row.key, 'expired-marked');
      return;
    }
    if (isLocked(found.lock, this.#kernel.now())) return;
    if (action.column === 'superseded_at' && this.#newerSuperseded(found) < (rule.noncurrentKept ?? 0)) return;
    this.#removal.remove(bucket, found, 'expired');
  }

  /** The beginning of the day so long before the one that has begun: what was created earlier is due. */
  #dayBefore(days: number): number {
    return Math.floor(this.#kernel.now() / DAY) * DAY - days * DAY;
  }

  #newerSuperseded({ bucket, key, id }: { bucket: string; key: string; id: number }): number {
    const row = this.#kernel.store.get<{ count: number }>(
      'SELECT count(*) AS count FROM s3_versions WHERE bucket = ? AND key = ? AND latest = 0 AND id > ?',
      bucket,
      key,
      id,
    );
    return row?.count ?? 0;
  }

  #oldest(bucket: Bucket, rule: LifecycleRule, action: Action): number | undefined {
    const { where, parameters } = selection(bucket, rule, action);
    return (
      this.#kernel.store.get<{ oldest: number | null }>(
        `SELECT min(${action.column}) AS oldest FROM s3_versions WHERE ${where}`,
        ...parameters,
      )?.oldest ?? undefined
    );
  }

  #due(bucket: Bucket, rule: LifecycleRule, action: Action, after: number): { id: number; key: string; version: string }[] {
    const { where, parameters } = selection(bucket, rule, action);
    const until = this.#dayBefore(action.days);
    return this.#kernel.store.all(
      `SELECT id, key, version FROM s3_versions WHERE ${where} AND ${action.column} < ? AND id > ? ORDER BY id LIMIT ${BATCH}`,
      ...parameters,
      until,
      after,
    );
  }
}

function actionsOf(rule: LifecycleRule): Action[] {
  const actions: Action[] = [];
  if (rule.expirationDays !== undefined) actions.push({ condition: 'latest = 1 AND marker = 0', column: 'at', days: rule.expirationDays });
  if (rule.noncurrentDays !== undefined) actions.push({ condition: 'latest = 0', column: 'superseded_at', days: rule.noncurrentDays });
  if (rule.expiredMarkers === true || rule.expirationDays !== undefined)
    actions.push({
      condition:
        'latest = 1 AND marker = 1 AND NOT EXISTS (SELECT 1 FROM s3_versions AS o WHERE o.bucket = s3_versions.bucket AND o.key = s3_versions.key AND o.id <> s3_versions.id)',
      column: 'at',
      days: rule.expirationDays ?? 0,
    });
  return actions;
}

function selection(bucket: Bucket, rule: LifecycleRule, action: Action): { where: string; parameters: SQLInputValue[] } {
  const tags = Object.entries(rule.tags ?? {});
  const tagged = " AND EXISTS (SELECT 1 FROM json_each(attributes, '$.tags') AS tag WHERE tag.key = ? AND tag.value = ?)".repeat(
    tags.length,
  );
  return {
    where: `bucket = ? AND key >= ? AND key <= ? AND (marker = 1 OR (size > ? AND size < ?)) AND ${action.condition}${tagged}`,
    parameters: [
      bucket.name,
      rule.prefix,
      rule.prefix + HIGHEST,
      rule.sizeAbove ?? -1,
      rule.sizeBelow ?? Number.MAX_SAFE_INTEGER,
      ...tags.flat(),
    ],
  };
}

/** The midnight after the days are over; for no days, the next one. */
function dueAt(from: number, days: number): number {
  return (Math.floor(from / DAY) + 1 + days) * DAY;
}
