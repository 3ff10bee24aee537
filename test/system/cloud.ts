import { afterEach, expect, inject } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import { type Cloud, type CloudOptions, startCloud } from '../../local/cloud.ts';
import type { OutboxMessage } from '../../local/services/outbox/outbox.ts';
import { brokenInvariants } from '../simulation/invariants.ts';
import { type BusEvent, type SeenExecution, type Snapshot, takeSnapshot } from '../simulation/snapshot.ts';
import { CALLERS, signedBySystem } from './callers.ts';
import { PERSONAL } from './events.ts';

/** 2 March 2026 is a Monday; 09:30 in Shanghai. */
const START = '2026-03-02T01:30:00Z';

export interface Journey {
  readonly customerId: string;
  readonly caseId: string;
  readonly status: string;
  readonly stage?: string;
  readonly daysPastDue: number;
  readonly contractDaysPastDue: number;
  readonly overdue: { readonly amount: string };
  readonly balance: { readonly amount: string };
  readonly holds: readonly { readonly holdId: string; readonly kind: string }[];
  readonly promise?: { readonly status: string; readonly date: string };
  readonly plan?: { readonly status: string; readonly instalments: readonly { readonly status: string; readonly dueDate: string }[] };
  readonly closeReason?: string;
  readonly previousCaseId?: string;
  readonly next?: { readonly what: string; readonly notBefore: string; readonly why: string };
  readonly timeline: readonly Entry[];
}

export interface TaskSeen {
  readonly taskId: string;
  readonly queue: string;
  readonly status: string;
  readonly objective: string;
  readonly accountId: string;
  readonly dueAt: string;
  readonly assignee?: string;
  readonly closeReason?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface ApiAnswer<T = Record<string, unknown>> {
  readonly status: number;
  readonly json: T;
}

/** Without `assembly` it is the application as `local` configures it. */
interface Options
  extends Partial<Pick<CloudOptions, 'assembly' | 'start' | 'seed' | 'stateDir' | 'concurrency' | 'shuffled' | 'authorization'>> {
  /**
   * Lets the scheduled sweep run. Off by default: without it a lost wake-up shows instead of being mended, and a simulated month costs
   * 8,640 invocations less.
   */
  readonly sweep?: boolean;
  /** Lets the scheduled reminders before a due date run. Off by default: they concern no case, and look for statements 48 times a day. */
  readonly reminders?: boolean;
}

export interface Forgiven {
  /** Executions that the test killed. */
  readonly deadExecutions?: boolean;
  /** Something is due and waits for more than time: the stop switch. */
  readonly lateWakes?: boolean;
  /** Something was done twice: the queue of dead letters may show it. */
  readonly repeatedLetters?: boolean;
  /** What cannot hold after what the test did. */
  readonly invariants?: readonly number[];
}

/** The timers of the rules that invoke the sweep, and the reminders. */
const SWEEP_TIMER = 'schedule:default/overdue-journeys-sweep';
const REMINDERS_TIMER = 'schedule:default/overdue-journeys-reminders-before-due';

/** After an act that leaves something due at once the machine waits a second (functions/protocol/turns.ts). */
const SHORTEST_WAIT_MILLIS = 2000;
const DAY_MILLIS = 86_400_000;

const running: { system: System; forgiven: Forgiven }[] = [];

/** Starts the application on an embedded cloud of its own. After the test all invariants are checked on it. */
export async function aSystem(options: Options = {}, forgiven: Forgiven = {}): Promise<System> {
  const { sweep = false, reminders = false, ...rest } = options;
  const cloud = await startCloud({
    assembly: inject('assembly'),
    start: START,
    seed: 7,
    // A test needs no protection against a power cut; waiting for the disk would be half of its time.
    durability: 'process',
    ...(rest.authorization === true && CALLERS),
    ...rest,
  });
  if (!sweep) cloud.kernel.cancelTimer('events', SWEEP_TIMER);
  if (!reminders) cloud.kernel.cancelTimer('events', REMINDERS_TIMER);
  cloud.kernel.store.define('PRAGMA synchronous = OFF');
  const system = new System(cloud, rest.authorization === true);
  running.push({ system, forgiven });
  return system;
}

afterEach(async () => {
  for (const { system, forgiven } of running.splice(0)) {
    if (system.closed) continue;
    await system.checkSound(forgiven);
    await system.close();
  }
});

/** The application as the bank's systems, its people and its operators see it. */
export class System {
  readonly cloud: Cloud;
  closed = false;
  readonly #authorization: boolean;
  #puts = 0;

  constructor(cloud: Cloud, authorization = false) {
    this.cloud = cloud;
    this.#authorization = authorization;
  }

  now(): string {
    return new Date(this.cloud.now()).toISOString().replace('.000Z', 'Z');
  }

  /** Puts an event on the bus and waits until everything that follows at this instant is done. */
  async put(type: string, detail: object, source = 'bank.core'): Promise<void> {
    await this.putOnly(type, detail, source);
    await this.cloud.settle();
  }

  /** Puts an event on the bus and does not wait. */
  async putOnly(type: string, detail: object, source = 'bank.core'): Promise<void> {
    this.#puts += 1;
    const answer = await this.cloud.call('events', 'PutEvents', {
      Entries: [{ EventBusName: 'overdue-journeys', Source: source, DetailType: type, Detail: JSON.stringify(detail) }],
    });
    expect(answer).toMatchObject({ FailedEntryCount: 0 });
  }

  async advance(by: string): Promise<void> {
    await this.cloud.advance(by);
  }

  async advanceTo(at: string): Promise<void> {
    await this.cloud.advanceTo(at);
  }

  /** Runs the sweep that otherwise comes on schedule. @returns what it found */
  async sweep(): Promise<Record<string, number>> {
    const FunctionName = 'overdue-journeys-sweep-cases';
    const { Payload } = await this.cloud.call<{ Payload: string }>('lambda', 'Invoke', { FunctionName, Payload: '{}' });
    await this.cloud.settle();
    return JSON.parse(Payload) as Record<string, number>;
  }

  /** Asks as a system of the bank. */
  async api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<ApiAnswer<T>> {
    return this.apiAs(this.#authorization ? await signedBySystem(this.now(), method, path, body) : {}, method, path, body);
  }

  /** The same for a caller who says who they are; looked at only with `authorization`. */
  async apiAs<T = Record<string, unknown>>(
    headers: Readonly<Record<string, string>>,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer<T>> {
    const { status, json, body: text } = await this.cloud.fetchApi(method, path, body, headers);
    await this.cloud.settle();
    return { status, json: (json ?? safeJson(text)) as T };
  }

  async journey(accountId = 'acc-1', caseId?: string): Promise<Journey> {
    const { status, json } = await this.api<Journey>(
      'GET',
      `/accounts/${accountId}/journey${caseId === undefined ? '' : `?caseId=${caseId}`}`,
    );
    expect({ status, of: accountId }).toEqual({ status: 200, of: accountId });
    return json;
  }

  async tasks(queue: string, status: 'open' | 'closed' = 'open'): Promise<readonly TaskSeen[]> {
    const answer = await this.api<{ tasks: TaskSeen[] }>('GET', `/tasks?queue=${queue}&status=${status}`);
    expect(answer.status).toBe(200);
    return answer.json.tasks;
  }

  /** The one open task of a queue. */
  async task(queue: string): Promise<TaskSeen> {
    const tasks = await this.tasks(queue);
    expect(tasks.map((task) => task.queue)).toEqual([queue]);
    return tasks[0] as TaskSeen;
  }

  outcome(taskId: string, outcome: string, more: object = {}): Promise<ApiAnswer<TaskSeen>> {
    return this.api<TaskSeen>('POST', `/tasks/${taskId}/outcome`, {
      outcome,
      by: outcome === 'approve' ? 'approver-7' : 'collector-7',
      ...more,
    });
  }

  /** The same, and it must have been accepted. */
  async report(taskId: string, outcome: string, more: object = {}): Promise<TaskSeen> {
    const { status, json } = await this.outcome(taskId, outcome, more);
    expect({ status, json }).toMatchObject({ status: 200 });
    return json;
  }

  outbox(accountId?: string): readonly OutboxMessage[] {
    return this.cloud.outbox(accountId);
  }

  /** The messages that collect: a payment is acknowledged too, whatever the case is doing. */
  collected(accountId?: string): readonly OutboxMessage[] {
    return this.outbox(accountId).filter(({ template }) => template !== 'payment-received');
  }

  events(accountId?: string): readonly BusEvent[] {
    return this.cloud.events(accountId) as BusEvent[];
  }

  /** The names of the events out about an account, in order. */
  said(accountId = 'acc-1'): readonly string[] {
    return this.events(accountId)
      .filter((event) => event.source === 'overdue-journeys')
      .map((event) => event['detail-type']);
  }

  /** The case wakes no later than what is due next: nothing that is due waits for something else to happen. */
  async checkWakes(journey: Journey, accountId = 'acc-1', accounts = this.#accountsByCustomer()): Promise<void> {
    if (journey.next === undefined) return;
    const { Item: head } = await this.cloud.call<{ Item: { waitUntil?: { S: string } } }>('dynamodb', 'GetItem', {
      TableName: this.cloud.outputs().CaseTableName,
      Key: { pk: { S: `ACCOUNT#${accountId}` }, sk: { S: '#HEAD' } },
    });
    const wakes = Date.parse(head.waitUntil?.S ?? '');
    // What happens on the leading account of a customer reaches the others when they look, once a day.
    const patience = (accounts.get(journey.customerId)?.size ?? 0) > 1 ? DAY_MILLIS : 0;
    const due = Math.max(Date.parse(journey.next.notBefore), this.cloud.now() + SHORTEST_WAIT_MILLIS) + patience;
    expect({ accountId, now: this.now(), next: journey.next, wakes: head.waitUntil?.S, inTime: wakes <= due }).toMatchObject({
      inTime: true,
    });
  }

  /** The accounts that the bank has told of. */
  #accountsByCustomer(): ReadonlyMap<string, ReadonlySet<string>> {
    const told = new Map<string, Set<string>>();
    for (const { detail } of this.events()) {
      if (typeof detail.customerId !== 'string' || typeof detail.accountId !== 'string') continue;
      told.set(detail.customerId, (told.get(detail.customerId) ?? new Set()).add(detail.accountId));
    }
    return told;
  }

  snapshot(): Promise<Snapshot> {
    return takeSnapshot(this.cloud);
  }

  async executions(accountId = 'acc-1'): Promise<readonly SeenExecution[]> {
    const { executions } = await this.snapshot();
    return executions.filter((execution) => (JSON.parse(execution.input) as { accountId: string }).accountId === accountId);
  }

  /** No defect anywhere: jobs, executions, and every invariant of the design. */
  async checkSound(forgiven: Forgiven = {}): Promise<void> {
    const snapshot = await this.snapshot();
    expect(this.cloud.kernel.failures()).toEqual([]);
    if (forgiven.deadExecutions !== true) {
      const dead = snapshot.executions.filter((execution) => ['FAILED', 'TIMED_OUT', 'ABORTED'].includes(execution.status));
      expect(dead.map(({ name, status, states, history }) => ({ name, status, states, end: history.slice(-600) }))).toEqual([]);
    }
    const broken = brokenInvariants(snapshot, { personal: PERSONAL, lettersRepeat: forgiven.repeatedLetters === true });
    expect(broken.filter((row) => !(forgiven.invariants ?? []).includes(row.invariant))).toEqual([]);
    const accounts = this.#accountsByCustomer();
    for (const { pk, sk, caseStatus } of snapshot.items) {
      const accountId = pk.slice('ACCOUNT#'.length);
      if (sk === '#HEAD' && caseStatus === 'open' && forgiven.lateWakes !== true)
        await this.checkWakes(await this.journey(accountId), accountId, accounts);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.cloud.close();
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
