import type { ActivityRow, Worker } from './activities.ts';
import type { Engine } from './engine.ts';
import { executionArn } from './executions.ts';
import { branchesOf } from './views.ts';

/** Of tasks that wait for a worker and that their execution still waits for. */
const WANTED = `FROM states_activity_tasks AS task JOIN states_executions AS execution
  ON execution.id = task.execution AND execution.started = task.started AND execution.status = 'RUNNING' WHERE task.activity = ?`;

export interface ActivityView extends ActivityRow {
  /** Tasks that no worker has taken. */
  readonly waiting: number;
  readonly workers: readonly Worker[];
}

/** A task that waits for a worker. */
export interface WaitingTask {
  /** Where a further page begins. */
  readonly id: number;
  readonly executionArn: string;
  readonly executionName: string;
  /** The state and when it was entered, in milliseconds since the epoch; undefined where the state has gone on without an answer. */
  readonly standing: { readonly state: string; readonly since: number } | undefined;
  readonly input: string;
}

interface TaskRow {
  readonly id: number;
  readonly machine: string;
  readonly name: string;
  readonly branch: number;
  readonly attempt: number;
  readonly input: string;
  readonly snapshot: string | null;
}

/** What people see of activities: reads that change nothing, and take no task. */
export class ActivityViews {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** By name. */
  all(): ActivityView[] {
    const { activities, executions, kernel } = this.#engine;
    executions.flush();
    return activities.rows().map((row) => ({
      ...row,
      waiting: kernel.store.get<{ count: number }>(`SELECT count(*) AS count ${WANTED}`, row.arn)?.count ?? 0,
      workers: activities.workers(row.arn),
    }));
  }

  /** Tasks that wait for a worker, in the order in which they are handed out, behind the task `after`. */
  tasks(arn: string, after: number, limit: number): WaitingTask[] {
    this.#engine.executions.flush();
    const rows = this.#engine.kernel.store.all<TaskRow & { readonly [column: string]: unknown }>(
      `SELECT task.id, machine, name, branch, attempt, task.input, snapshot ${WANTED} AND task.id > ? ORDER BY task.id LIMIT ? + 0`,
      arn,
      after,
      limit,
    );
    return rows.map(({ id, machine, name, branch, attempt, input, snapshot }) => {
      const at = snapshot === null ? undefined : branchesOf(snapshot).find((one) => one.id === branch && one.attempt === attempt);
      return {
        id,
        executionArn: executionArn(machine, name),
        executionName: name,
        standing: at === undefined ? undefined : { state: at.state, since: at.enteredAt },
        input,
      };
    });
  }
}
