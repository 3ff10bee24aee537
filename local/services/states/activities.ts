import { AwsError } from '../../kernel/errors.ts';
import { type Engine, emit, setWake, tokenOf } from './engine.ts';
import { type Branch, type Execution, findBranch } from './execution.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS states_activities (arn TEXT PRIMARY KEY, name TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS states_activity_tasks (id INTEGER PRIMARY KEY, activity TEXT NOT NULL, execution INTEGER NOT NULL, branch INTEGER NOT NULL,
    attempt INTEGER NOT NULL, started INTEGER NOT NULL, input TEXT NOT NULL, timeout INTEGER, heartbeat INTEGER);
  CREATE INDEX IF NOT EXISTS states_activity_tasks_by_activity ON states_activity_tasks (activity, id);`;

/** How long a poll is held. https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html */
const POLL_MS = 60_000;
/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const POLLERS_MAX = 1000;
/** So many names of workers are remembered of an activity. */
const WORKERS_KEPT = 50;
/** Of the timers of polls; they die with the process, and then nobody is there to be answered. */
export const POLL = 'poll';

export interface ActivityRow {
  readonly arn: string;
  readonly name: string;
  readonly created: number;
}

/** What a worker gets; nothing where there was nothing to do. */
interface ActivityTask {
  readonly taskToken?: string;
  readonly input?: string;
}

interface TaskRow {
  readonly id: number;
  readonly execution: number;
  readonly branch: number;
  readonly attempt: number;
  /** When the execution started: row numbers are used again after the purge. */
  readonly started: number;
  readonly input: string;
  readonly timeout: number | null;
  readonly heartbeat: number | null;
  readonly [column: string]: number | string | null;
}

interface Poller {
  readonly key: string;
  readonly worker: string | undefined;
  readonly answer: (task: ActivityTask) => void;
}

/** A worker as far as this process has met it. Instants are milliseconds since the epoch. */
export interface Worker {
  /** Undefined: it gives no name. */
  readonly name: string | undefined;
  readonly polledAt: number;
  /** When it was given a task last. */
  readonly tookAt: number | undefined;
  /** Whether a poll of its is held now. */
  readonly waits: boolean;
}

/** Activities, the tasks that wait for a worker in the order they came, and the workers that wait for a task. */
export class Activities {
  readonly #engine: Engine;
  readonly #pollers = new Map<string, Poller[]>();
  readonly #workers = new Map<string, Map<string, { polledAt: number; tookAt: number | undefined }>>();
  #polls = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.kernel.store.define(SCHEMA);
  }

  /** Making an activity again is no error. */
  put(arn: string, name: string): ActivityRow {
    const { kernel } = this.#engine;
    kernel.store.run('INSERT OR IGNORE INTO states_activities (arn, name, created) VALUES (?, ?, ?)', arn, name, kernel.now());
    return this.get(arn);
  }

  /** Throws `ActivityDoesNotExist`. */
  get(arn: string): ActivityRow {
    const row = this.find(arn);
    if (row === undefined) throw new AwsError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
    return row;
  }

  find(arn: string): ActivityRow | undefined {
    return this.#engine.kernel.store.get<ActivityRow>('SELECT arn, name, created FROM states_activities WHERE arn = ?', arn);
  }

  rows(): ActivityRow[] {
    return this.#engine.kernel.store.all<ActivityRow>('SELECT arn, name, created FROM states_activities ORDER BY name');
  }

  /** Deleting what is not there is no error. */
  delete(arn: string): void {
    this.#engine.kernel.store.run('DELETE FROM states_activities WHERE arn = ?', arn);
    this.#workers.delete(arn);
  }

  /** Those who polled since this process started, the latest first. */
  workers(arn: string): Worker[] {
    const pollers = this.#pollers.get(arn) ?? [];
    return [...(this.#workers.get(arn) ?? [])]
      .map(([key, seen]) => {
        const name = key === '' ? undefined : key;
        return { name, ...seen, waits: pollers.some(({ worker }) => worker === name) };
      })
      .reverse();
  }

  #meet(activity: string, worker = ''): void {
    const known = this.#workers.get(activity) ?? new Map<string, { polledAt: number; tookAt: number | undefined }>();
    const { tookAt } = known.get(worker) ?? {};
    // Behind the others: it is the last to be forgotten.
    known.delete(worker);
    known.set(worker, { polledAt: this.#engine.kernel.now(), tookAt });
    const [oldest] = known.keys();
    if (known.size > WORKERS_KEPT && oldest !== undefined) known.delete(oldest);
    this.#workers.set(activity, known);
  }

  /** A task waits for a worker; one that polls gets it at this instant. */
  schedule(
    activity: string,
    x: Execution,
    b: Branch,
    task: { input: string; timeout: number | undefined; heartbeat: number | undefined },
  ): void {
    this.#engine.kernel.store.run(
      'INSERT INTO states_activity_tasks (activity, execution, branch, attempt, started, input, timeout, heartbeat) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      activity,
      x.id,
      b.id,
      b.attempt,
      x.startedAt,
      task.input,
      task.timeout ?? null,
      task.heartbeat ?? null,
    );
    if (this.#pollers.has(activity)) this.#engine.kernel.post(`tasks of ${activity}`, () => this.#handOut(activity));
  }

  /**
   * The oldest task of an activity. Where there is none the answer is held until there is, or a minute has passed; `hold` false:
   * it is empty at once.
   */
  poll(activity: string, worker: string | undefined, hold: boolean): ActivityTask | Promise<ActivityTask> {
    this.#meet(activity, worker);
    const task = this.#take(activity, worker);
    if (task !== undefined) return task;
    if (!hold) return {};
    const pollers = this.#pollers.get(activity) ?? [];
    if (pollers.length >= POLLERS_MAX)
      throw new AwsError('ActivityWorkerLimitExceeded', `Activity Worker Limit Exceeded: ${POLLERS_MAX} workers poll '${activity}'`);
    this.#polls += 1;
    const key = `${POLL}:${this.#polls}`;
    const { kernel } = this.#engine;
    kernel.setTimer('states', key, kernel.now() + POLL_MS);
    return new Promise((answer) => {
      this.#pollers.set(activity, [...pollers, { key, worker, answer }]);
    });
  }

  /** The minute of a poll is over. */
  endPoll(key: string): void {
    for (const [activity, pollers] of this.#pollers) {
      const poller = pollers.find((other) => other.key === key);
      if (poller === undefined) continue;
      this.#forget(activity, poller);
      poller.answer({});
      return;
    }
  }

  /** The cloud goes on from a snapshot: the polls that are held are over, as at the end of their minute, and the workers poll again. */
  abandon(): void {
    for (const pollers of this.#pollers.values()) for (const { answer } of pollers) answer({});
    this.#pollers.clear();
  }

  #handOut(activity: string): void {
    for (let [poller] = this.#pollers.get(activity) ?? []; poller !== undefined; [poller] = this.#pollers.get(activity) ?? []) {
      const task = this.#take(activity, poller.worker);
      if (task === undefined) return;
      this.#forget(activity, poller);
      this.#engine.kernel.cancelTimer('states', poller.key);
      poller.answer(task);
    }
  }

  #forget(activity: string, poller: Poller): void {
    const left = (this.#pollers.get(activity) ?? []).filter((other) => other !== poller);
    if (left.length === 0) this.#pollers.delete(activity);
    else this.#pollers.set(activity, left);
  }

  #take(activity: string, worker: string | undefined): ActivityTask | undefined {
    const { store } = this.#engine.kernel;
    for (;;) {
      const row = store.get<TaskRow>(
        'SELECT id, execution, branch, attempt, started, input, timeout, heartbeat FROM states_activity_tasks WHERE activity = ? ORDER BY id LIMIT 1',
        activity,
      );
      if (row === undefined) return undefined;
      store.run('DELETE FROM states_activity_tasks WHERE id = ?', row.id);
      // What was stopped, or has lost its neighbour, meanwhile is nobody's work any more.
      const x = this.#engine.executions.byId(row.execution);
      const b = x === undefined || x.startedAt !== row.started ? undefined : findBranch(x, row.branch);
      if (x?.status === 'RUNNING' && b !== undefined && !b.dead && b.attempt === row.attempt && b.phase === 'token')
        return this.#start(activity, x, b, row, worker);
    }
  }

  /** The time of a task runs from here on: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */
  #start(activity: string, x: Execution, b: Branch, row: TaskRow, worker: string | undefined): ActivityTask {
    emit(this.#engine, x, b, 'ActivityStarted', worker === undefined ? {} : { workerName: worker });
    const now = this.#engine.kernel.now();
    const seen = this.#workers.get(activity)?.get(worker ?? '');
    if (seen !== undefined) seen.tookAt = now;
    b.deadline = row.timeout === null ? undefined : now + row.timeout * 1000;
    b.heartbeatSeconds = row.heartbeat ?? undefined;
    b.heartbeatAt = row.heartbeat === null ? undefined : now + row.heartbeat * 1000;
    setWake(this.#engine, x, b, Math.min(b.deadline ?? Number.POSITIVE_INFINITY, b.heartbeatAt ?? Number.POSITIVE_INFINITY));
    return { taskToken: tokenOf(this.#engine, x, b, activity), input: row.input };
  }
}
