import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import type { MessageRow, Messages } from './messages.ts';
import { arnOf, nameOfArn } from './queue-arn.ts';

/** What a task needs to know of the queues. */
export interface Queues {
  has(name: string): boolean;
  /** Whether another queue gives up messages to it. */
  isDeadLetterQueue(name: string): boolean;
  /** Puts a message of a dead-letter queue into another queue as a new one. */
  move(row: MessageRow, to: string): void;
}

interface TaskRow {
  readonly id: number;
  readonly source: string;
  readonly destination: string | null;
  readonly rate: number | null;
  readonly startedAt: number;
  readonly toMove: number;
  readonly moved: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly reason: string | null;
}

const COLUMNS = 'id, source, destination, rate, started_at AS startedAt, to_move AS toMove, moved, status, reason';
const RATE_MAX = 500;
const RESULTS_MAX = 10;
const PAGE = 500;

/**
 * Redrives of dead-letter queues (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html). One
 * without a rate is over at once; what becomes visible or comes later than its start is not its own. Errors are worded as recorded in
 * `test_sqs_move_task.snapshot.json` of localstack/localstack, reasons as on
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-dlq-redrive.html.
 */
export class MoveTasks {
  /** Timers carry keys that begin with this, which no queue's name does. */
  readonly prefix = 'move:';
  readonly #kernel: Kernel;
  readonly #messages: Messages;
  readonly #queues: Queues;

  constructor(kernel: Kernel, messages: Messages, queues: Queues) {
    this.#kernel = kernel;
    this.#messages = messages;
    this.#queues = queues;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS sqs_move_tasks (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, destination TEXT, rate INTEGER,
        started_at INTEGER NOT NULL, to_move INTEGER NOT NULL, moved INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL, reason TEXT);
      CREATE INDEX IF NOT EXISTS sqs_move_tasks_by_source ON sqs_move_tasks (source, id);`);
  }

  start(input: JsonObject): JsonObject {
    const source = this.#queueIn(input, 'SourceArn');
    const destination = input.DestinationArn === undefined ? null : this.#queueIn(input, 'DestinationArn');
    const rate = numberIn(input, 'MaxNumberOfMessagesPerSecond', RATE_MAX) ?? null;
    if (!this.#queues.isDeadLetterQueue(source)) throw invalid('Source queue must be configured as a Dead Letter Queue.');
    if (this.#latest(source, 1)[0]?.status === 'RUNNING')
      throw invalid('There is already a task running. Only one active task is allowed for a source queue arn at a given time.');
    const now = this.#kernel.now();
    const { lastInsertRowid: id } = this.#kernel.store.run(
      "INSERT INTO sqs_move_tasks (source, destination, rate, started_at, to_move, status) VALUES (?, ?, ?, ?, ?, 'RUNNING')",
      source,
      destination,
      rate,
      now,
      this.#messages.count(source, now).visible,
    );
    this.#goOn(id);
    return { TaskHandle: handleOf(id, source) };
  }

  list(input: JsonObject): JsonObject {
    const source = this.#queueIn(input, 'SourceArn');
    const rows = this.#latest(source, numberIn(input, 'MaxResults', RESULTS_MAX) ?? 1);
    return rows.length === 0 ? {} : { Results: rows.map(describe) };
  }

  cancel(input: JsonObject): JsonObject {
    const { id, source } = readHandle(input.TaskHandle);
    if (!this.#queues.has(source)) throw notFound("The resource that you specified for the SourceArn parameter doesn't exist.");
    const task = this.#find(id);
    if (task === undefined || task.source !== source) throw notFound('Task does not exist.');
    if (task.status !== 'RUNNING') throw new AwsError('UnsupportedOperation', 'A message movement can only be cancelled while it runs.');
    this.#kernel.cancelTimer('sqs', `${this.prefix}${id}`);
    this.#end(id, 'CANCELLED');
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  onTimer(key: string): void {
    this.#goOn(Number(key.slice(this.prefix.length)));
  }

  /** Moves what may be moved in this second. */
  #goOn(id: number): void {
    const task = this.#find(id);
    if (task?.status !== 'RUNNING') return;
    const most = Math.min(task.toMove - task.moved, task.rate ?? Number.POSITIVE_INFINITY);
    let moved = 0;
    while (moved < most) {
      const rows = this.#messages.visible(task.source, this.#kernel.now(), Math.min(PAGE, most - moved));
      if (rows.length === 0) break;
      for (const row of rows) {
        const to = task.destination ?? row.source;
        if (to === null || !this.#queues.has(to)) {
          this.#end(id, 'FAILED', moved, to === null ? NO_SOURCE : NO_QUEUE);
          return;
        }
        this.#queues.move(row, to);
        moved += 1;
      }
    }
    if (task.rate === null || moved < most || task.moved + moved === task.toMove) {
      this.#end(id, 'COMPLETED', moved);
      return;
    }
    this.#kernel.store.run('UPDATE sqs_move_tasks SET moved = moved + ? WHERE id = ?', moved, id);
    this.#kernel.setTimer('sqs', `${this.prefix}${id}`, this.#kernel.now() + 1000);
  }

  #end(id: number, status: TaskRow['status'], moved = 0, reason: string | null = null): void {
    this.#kernel.store.run('UPDATE sqs_move_tasks SET status = ?, moved = moved + ?, reason = ? WHERE id = ?', status, moved, reason, id);
  }

  #find(id: number): TaskRow | undefined {
    return this.#kernel.store.get<TaskRow>(`SELECT ${COLUMNS} FROM sqs_move_tasks WHERE id = ?`, id);
  }

  #latest(source: string, limit: number): TaskRow[] {
    const latest = `SELECT ${COLUMNS} FROM sqs_move_tasks WHERE source = ? ORDER BY id DESC LIMIT ? + 0`;
    return this.#kernel.store.all<TaskRow>(latest, source, limit);
  }

  #queueIn(input: JsonObject, member: 'SourceArn' | 'DestinationArn'): string {
    const arn = String(input[member] ?? '');
    const name = nameOfArn(arn);
    if (arnOf(name) === arn && this.#queues.has(name)) return name;
    throw notFound(`The resource that you specified for the ${member} parameter doesn't exist.`);
  }
}

const NO_QUEUE = 'AWS.SimpleQueueService.NonExistentQueue';
const NO_SOURCE = 'CouldNotDetermineMessageSource';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasksResultEntry.html */
function describe(task: TaskRow): JsonObject {
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: handleOf(task.id, task.source) }),
    Status: task.status,
    SourceArn: arnOf(task.source),
    ...(task.destination !== null && { DestinationArn: arnOf(task.destination) }),
    ...(task.rate !== null && { MaxNumberOfMessagesPerSecond: task.rate }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.reason !== null && { FailureReason: task.reason }),
    StartedTimestamp: task.startedAt,
  };
}

function handleOf(taskId: number, source: string): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn: arnOf(source) })).toString('base64');
}

function readHandle(given: unknown): { readonly id: number; readonly source: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(String(given), 'base64').toString()) as { taskId?: unknown; sourceArn?: unknown };
    if (typeof sourceArn === 'string') return { id: Number.isInteger(taskId) ? (taskId as number) : 0, source: nameOfArn(sourceArn) };
  } catch {
    // It is no handle of ours.
  }
  throw invalid('Value for parameter TaskHandle is invalid.');
}

function numberIn(input: JsonObject, member: string, max: number): number | undefined {
  const { [member]: value } = input;
  if (value === undefined || value === null) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > max)
    throw invalid(`Value for parameter ${member} is invalid. Reason: Must be between 1 and ${max}, if provided.`);
  return number;
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404);
}
