import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { type Bucket, bucketArn } from './buckets.ts';

/** Who is told of a bucket's changes. */
export interface NotificationConfiguration {
  /** All changes are events on the default bus. */
  readonly eventBridge: boolean;
  readonly targets: readonly NotificationTarget[];
}

export interface NotificationTarget {
  readonly id: string;
  /** A function, queue or topic. */
  readonly arn: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete`, … */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** What became of an object. */
export interface Change {
  readonly key: string;
  /** Of a change to a version: which; `null` where the bucket keeps none. */
  readonly version: string;
  /** What was written; a removal has neither. */
  readonly written?: { readonly size: number; readonly etag: string };
  readonly kind: ChangeKind;
}

type ChangeKind = keyof typeof KINDS;

/**
 * The name of a change in a notification, and the detail of its event on the bus
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).
 */
const KINDS = {
  put: { name: 'ObjectCreated:Put', type: 'Object Created', detail: { reason: 'PutObject' } },
  copy: { name: 'ObjectCreated:Copy', type: 'Object Created', detail: { reason: 'CopyObject' } },
  joined: { name: 'ObjectCreated:CompleteMultipartUpload', type: 'Object Created', detail: { reason: 'CompleteMultipartUpload' } },
  deleted: {
    name: 'ObjectRemoved:Delete',
    type: 'Object Deleted',
    detail: { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' },
  },
  marked: {
    name: 'ObjectRemoved:DeleteMarkerCreated',
    type: 'Object Deleted',
    detail: { reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' },
  },
  expired: {
    name: 'LifecycleExpiration:Delete',
    type: 'Object Deleted',
    detail: { reason: 'Lifecycle Expiration', 'deletion-type': 'Permanently Deleted' },
  },
  'expired-marked': {
    name: 'LifecycleExpiration:DeleteMarkerCreated',
    type: 'Object Deleted',
    detail: { reason: 'Lifecycle Expiration', 'deletion-type': 'Delete Marker Created' },
  },
  tagged: { name: 'ObjectTagging:Put', type: 'Object Tags Added', detail: {} },
  untagged: { name: 'ObjectTagging:Delete', type: 'Object Tags Deleted', detail: {} },
} as const;

/** Every kind of change that this S3 tells of, as configurations name it: `s3:` and the name, or a family of them. */
export const EVENT_NAMES: ReadonlySet<string> = new Set(
  Object.values(KINDS).flatMap(({ name }) => [`s3:${name}`, `s3:${name.slice(0, name.indexOf(':'))}:*`]),
);

/** Puts an event of a service on the default bus. */
export type PutServiceEvent = (source: string, detailType: string, detail: JsonObject, resources: readonly string[]) => void;

interface PendingRow {
  readonly id: number;
  readonly arn: string;
  readonly message: string;
  readonly at: number;
}

export const NOTIFICATIONS_TIMER = 'notifications';
/** A target that cannot be reached is tried again for a day; S3 says of this only that it delivers at least once. */
const RETRY_MILLISECONDS = 60_000;
const RETRIED_MILLISECONDS_MAX = 86_400_000;

/**
 * Tells of changes to objects: functions, queues and topics by a record, the bus by an event. What is to be told is written down in the
 * commit of the change. Buckets that nobody listens to cost nothing.
 */
export class Notifications {
  readonly #kernel: Kernel;
  readonly #putEvent: PutServiceEvent;
  readonly #byBucket = new Map<string, NotificationConfiguration>();
  #posted = false;

  constructor(kernel: Kernel, putEvent: PutServiceEvent) {
    this.#kernel = kernel;
    this.#putEvent = putEvent;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS s3_notifications (id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL, message TEXT NOT NULL,
        at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS s3_sequence (n INTEGER NOT NULL);
      INSERT INTO s3_sequence SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM s3_sequence);`);
  }

  /** Adds to whom a bucket's changes are told. */
  configure(bucket: string, { eventBridge, targets }: NotificationConfiguration): void {
    const before = this.#byBucket.get(bucket);
    this.#byBucket.set(bucket, {
      eventBridge: eventBridge || before?.eventBridge === true,
      targets: [...(before?.targets ?? []), ...targets],
    });
  }

  resume(): void {
    if (this.#kernel.timerAt('s3', NOTIFICATIONS_TIMER) === undefined) this.post();
  }

  tell(bucket: Bucket, change: Change): void {
    const configuration = this.#byBucket.get(bucket.name);
    if (configuration === undefined) return;
    const sequencer = this.#nextSequencer();
    const { name, type, detail } = KINDS[change.kind];
    const versionId = bucket.versioning === undefined ? undefined : change.version;
    if (configuration.eventBridge)
      this.#putEvent('aws.s3', type, { ...eventDetail(bucket, change, versionId, sequencer), ...this.#request(), ...detail }, [
        bucketArn(bucket.name),
      ]);
    for (const target of configuration.targets)
      if (
        change.key.startsWith(target.prefix) &&
        change.key.endsWith(target.suffix) &&
        target.events.some((event) => event === `s3:${name}` || (event.endsWith('*') && `s3:${name}`.startsWith(event.slice(0, -1))))
      ) {
        const record = this.#record(bucket, change, target.id, { versionId, sequencer });
        this.#kernel.store.run(
          'INSERT INTO s3_notifications (arn, message, at) VALUES (?, ?, ?)',
          target.arn,
          JSON.stringify({ Records: [record] }),
          this.#kernel.now(),
        );
        this.post();
      }
  }

  /** Hands over what is written down, once the work under way is done. */
  post(): void {
    if (this.#posted) return;
    this.#posted = true;
    this.#kernel.postBehind('s3 notifications', () => this.#handOver());
  }

  async #handOver(): Promise<void> {
    this.#posted = false;
    const rows = this.#kernel.store.all<PendingRow & Record<string, never>>(
      'SELECT id, arn, message, at FROM s3_notifications ORDER BY id',
    );
    for (const row of rows) {
      if (!(await this.#reached(row)) && this.#kernel.now() - row.at < RETRIED_MILLISECONDS_MAX) {
        this.#kernel.setTimer('s3', NOTIFICATIONS_TIMER, this.#kernel.now() + RETRY_MILLISECONDS);
        continue;
      }
      // Only now: whoever dies on the way hands it over again.
      this.#kernel.store.run('DELETE FROM s3_notifications WHERE id = ?', row.id);
    }
  }

  async #reached({ arn, message }: PendingRow): Promise<boolean> {
    try {
      switch (arn.split(':')[2]) {
        case 'lambda':
          await this.#kernel.call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: message }, 's3');
          break;
        case 'sqs':
          await this.#kernel.call('sqs', 'SendMessage', { QueueUrl: arn.slice(arn.lastIndexOf(':') + 1), MessageBody: message }, 's3');
          break;
        default:
          await this.#kernel.call('sns', 'Publish', { TopicArn: arn, Subject: 'Amazon S3 Notification', Message: message }, 's3');
      }
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return false;
    }
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
  #record(
    bucket: Bucket,
    { key, written, kind }: Change,
    configurationId: string,
    { versionId, sequencer }: { readonly versionId: string | undefined; readonly sequencer: string },
  ): JsonObject {
    const request = this.#request()['request-id'];
    return {
      eventVersion: '2.6',
      eventSource: 'aws:s3',
      awsRegion: REGION,
      eventTime: new Date(this.#kernel.now()).toISOString(),
      eventName: KINDS[kind].name,
      userIdentity: { principalId: ACCOUNT },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { 'x-amz-request-id': request, 'x-amz-id-2': request },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId,
        bucket: { name: bucket.name, ownerIdentity: { principalId: ACCOUNT }, arn: bucketArn(bucket.name) },
        object: {
          key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
          ...(written !== undefined && { size: written.size, eTag: written.etag }),
          ...(versionId !== undefined && { versionId }),
          sequencer,
        },
      },
    };
  }

  #request(): { readonly 'request-id': string; readonly requester: string; readonly 'source-ip-address': string } {
    const id = this.#kernel.uuid().replaceAll('-', '').slice(0, 16).toUpperCase();
    return { 'request-id': id, requester: ACCOUNT, 'source-ip-address': '127.0.0.1' };
  }

  /** Hexadecimal digits by which the changes of a key are told earlier from later. */
  #nextSequencer(): string {
    const row = this.#kernel.store.get<{ n: number }>('UPDATE s3_sequence SET n = n + 1 RETURNING n');
    return (row?.n ?? 0).toString(16).padStart(16, '0').toUpperCase();
  }
}

function eventDetail(bucket: Bucket, { key, written }: Change, versionId: string | undefined, sequencer: string): JsonObject {
  return {
    version: '0',
    bucket: { name: bucket.name },
    object: { key, ...written, ...(versionId !== undefined && { 'version-id': versionId }), sequencer },
  };
}
