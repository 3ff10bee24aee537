import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { aCustomer, anOverdue, cny } from '../system/events.ts';
import type { Server } from './server.ts';

/** Something that was answered with success, and must be found whenever the cloud is looked at afterwards. */
export type Promised =
  | { readonly kind: 'event'; readonly id: string; readonly type: string }
  | { readonly kind: 'hold'; readonly holdId: string }
  | { readonly kind: 'release'; readonly holdId: string }
  | { readonly kind: 'outcome'; readonly taskId: string }
  | { readonly kind: 'object'; readonly key: string; readonly body: string };

/** So many accounts are told of; then the bank only speaks of those. */
const ACCOUNTS_MAX = 30;
const KEYS = { region: 'us-east-1', credentials: { accessKeyId: 'bank', secretAccessKey: 'secret' }, maxAttempts: 1 };
const SIGNED = 'AWS4-HMAC-SHA256 Credential=BANKSYSTEM/20260302/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0';

/**
 * A bank's systems and people at work beside each other: events by the SDK, holds and outcomes of tasks by the API, objects by the SDK.
 * It writes down what it was promised. What was not answered may have happened or not.
 */
export class Bank {
  readonly promised: Promised[] = [];
  /** The latest instant that a clock move or a look was answered with. */
  clock = 0;
  readonly #random: () => number;
  readonly #bucket: string;
  #accounts = 0;
  #acts = 0;
  readonly #holds: string[] = [];

  constructor(random: () => number, bucket: string) {
    this.#random = random;
    this.#bucket = bucket;
  }

  /** Goes on until the server is gone. */
  async work(server: Server, workers: number): Promise<void> {
    const clients = { events: new EventBridgeClient({ ...KEYS, endpoint: server.url }), s3: objects(server) };
    await Promise.all(Array.from({ length: workers }, () => this.#turns(server, clients)));
  }

  async #turns(server: Server, clients: { readonly events: EventBridgeClient; readonly s3: S3Client }): Promise<void> {
    while (!server.dead) {
      try {
        await this.#act(server, clients);
      } catch (error) {
        // Only the end of the process may leave a question unanswered; what it is asked is never wrong.
        if (!isLost(error)) throw error;
        return;
      }
    }
  }

  async #act(server: Server, { events, s3 }: { readonly events: EventBridgeClient; readonly s3: S3Client }): Promise<void> {
    this.#acts += 1;
    const act = `${this.#acts}-${Math.floor(this.#random() * 1e9)}`;
    const chance = this.#random();
    if (this.#accounts < 3 || (chance < 0.2 && this.#accounts < ACCOUNTS_MAX)) return this.#newAccount(events);
    const accountId = `acc-${1 + Math.floor(this.#random() * this.#accounts)}`;
    if (chance < 0.45) {
      const paidAt = this.#instant();
      return this.#put(events, 'PaymentReceived', { paymentId: `pay-${act}`, accountId, amount: cny('10.00'), paidAt });
    }
    if (chance < 0.55) return this.#hold(server, accountId, `hold-${act}`);
    if (chance < 0.65) return this.#release(server);
    if (chance < 0.8) return this.#outcome(server);
    const body = `what was kept as ${act}`;
    await s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: `kept/${act}`, Body: body }));
    this.promised.push({ kind: 'object', key: `kept/${act}`, body });
  }

  async #newAccount(events: EventBridgeClient): Promise<void> {
    this.#accounts += 1;
    const [accountId, customerId] = [`acc-${this.#accounts}`, `cus-${this.#accounts}`];
    await this.#put(events, 'CustomerUpdated', aCustomer({ customerId }));
    await this.#put(events, 'AccountOverdue', anOverdue({ accountId, customerId }));
  }

  async #put(events: EventBridgeClient, type: string, detail: object): Promise<void> {
    const entry = { EventBusName: 'overdue-journeys', Source: 'bank.core', DetailType: type, Detail: JSON.stringify(detail) };
    const { FailedEntryCount: failed, Entries: [entered] = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    if (failed !== 0 || entered?.EventId === undefined) throw new Error(`${type} was not taken: ${JSON.stringify(entered)}`);
    this.promised.push({ kind: 'event', id: entered.EventId, type });
  }

  async #hold(server: Server, accountId: string, holdId: string): Promise<void> {
    const { status } = await this.#api(server, 'POST', `/accounts/${accountId}/holds`, { holdId, kind: 'dispute' });
    if (status >= 300) return;
    this.promised.push({ kind: 'hold', holdId });
    this.#holds.push(holdId);
  }

  async #release(server: Server): Promise<void> {
    const holdId = this.#holds.pop();
    if (holdId === undefined) return;
    const { status } = await this.#api(server, 'DELETE', `/holds/${holdId}`);
    if (status < 300) this.promised.push({ kind: 'release', holdId });
  }

  async #outcome(server: Server): Promise<void> {
    const { body } = await this.#api(server, 'GET', '/tasks?queue=call&status=open');
    const tasks = (body as { tasks?: { taskId: string }[] }).tasks ?? [];
    const task = tasks[Math.floor(this.#random() * tasks.length)];
    if (task === undefined) return;
    const { status } = await this.#api(server, 'POST', `/tasks/${task.taskId}/outcome`, { outcome: 'no-answer', by: 'collector-7' });
    if (status < 300) this.promised.push({ kind: 'outcome', taskId: task.taskId });
  }

  async #api(server: Server, method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${server.url}/api${path}`, {
      method,
      headers: { authorization: SIGNED, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (response.status >= 500) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return { status: response.status, body: answer };
  }

  /** Moves the clock again and again until the server is gone. */
  async move(server: Server, by: string): Promise<void> {
    try {
      while (!server.dead) this.heard((await server.local<{ now: string }>('POST', '/clock', { advance: by })).now);
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }

  heard(now: string): void {
    this.clock = Math.max(this.clock, Date.parse(now));
  }

  /** A time of the bank's that is never ahead of the cloud's. */
  #instant(): string {
    return new Date(Math.max(this.clock, Date.parse('2026-03-02T01:30:00Z'))).toISOString();
  }
}

function objects({ url }: { readonly url: string }): S3Client {
  return new S3Client({ ...KEYS, endpoint: url, forcePathStyle: true });
}

const LOST = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'];

/** Whether a question had no answer because whoever was asked is gone. */
export function isLost(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return (code !== undefined && LOST.includes(code)) || (cause !== undefined && cause !== null && isLost(cause));
}
