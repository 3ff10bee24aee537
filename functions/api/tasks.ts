import { QUEUES } from '../../domain/model.ts';
import { type Item, number, S, text } from '../adapters/table.ts';
import type { OutcomeBody } from '../contract/outcome.ts';
import { claimantOf } from '../facts/claims.ts';
import { staffOf, takeOutcome } from '../facts/outcome.ts';
import { taskQueue } from '../protocol/entry-items.ts';
import { taskKey } from '../protocol/items.ts';
import type { Ports } from '../protocol/signal.ts';
import { Malformed, NotFound } from './problem.ts';

/** The queues that people work. No personal data: ids, dates, amounts. */

const PAGE = 50;

/**
 * A task as the API answers it: ids, dates and amounts, no personal data. A claim that ran out is none; of a closed task it tells who had it.
 * Until when a claim holds is told to whoever reads the task: a repeat of the claim would answer another instant.
 */
export function taskView(item: Item, now: number): Record<string, unknown> {
  const optional = (name: string) => (text(item, name) === undefined ? {} : { [name]: text(item, name) });
  const claimed = text(item, 'taskStatus') !== 'open' || claimantOf(item, now) !== undefined;
  return {
    taskId: text(item, 'taskId'),
    queue: text(item, 'queue'),
    status: text(item, 'taskStatus'),
    accountId: text(item, 'accountId'),
    customerId: text(item, 'customerId'),
    caseId: text(item, 'caseId'),
    openedAt: text(item, 'openedAt'),
    dueAt: text(item, 'dueAt'),
    priority: number(item, 'priority'),
    ...(claimed ? optional('assignee') : {}),
    ...optional('objective'),
    ...visitView(item),
    ...optional('closedAt'),
    ...optional('closeReason'),
    facts: JSON.parse(text(item, 'facts') ?? '{}'),
  };
}

/** Who makes the visit, and when it was agreed for. */
function visitView(item: Item): Record<string, unknown> {
  const staff = staffOf(item);
  const windows = text(item, 'visitWindows');
  return { ...(staff.length === 0 ? {} : { staff }), ...(windows === undefined ? {} : { windows: JSON.parse(windows) }) };
}

/**
 * Most urgent first. The cursor is opaque to the caller and names the last task seen.
 *
 * @param confidential whether the caller sees the tasks of confidential accounts too; a page without them is shorter
 */
export async function listTasks(
  ports: Ports,
  query: Readonly<Record<string, string | undefined>>,
  confidential: boolean,
): Promise<unknown> {
  const { queue, status = 'open', cursor } = query;
  if (queue === undefined || !(QUEUES as readonly string[]).includes(queue))
    throw new Malformed(`queue must be one of ${QUEUES.join(', ')}`, 'queue');
  if (status !== 'open' && status !== 'closed') throw new Malformed('status must be open or closed', 'status');
  const start = cursor === undefined ? undefined : readCursor(cursor, taskQueue(queue, status));
  const page = await ports.table.page('tasks-by-queue', { name: 'taskQueue', value: taskQueue(queue, status) }, { limit: PAGE, start });
  const next =
    page.next === undefined
      ? {}
      : { cursor: Buffer.from(JSON.stringify([text(page.next, 'taskOrder'), text(page.next, 'pk')])).toString('base64url') };
  const shown = page.items.map((item) => taskView(item, ports.now)).filter(({ facts }) => confidential || !isConfidentialTask(facts));
  return { tasks: shown, ...next };
}

function isConfidentialTask(facts: unknown): boolean {
  return (facts as { readonly confidential?: true }).confidential === true;
}

function readCursor(cursor: string, partition: string): Item {
  try {
    const [order, pk] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown, unknown];
    if (typeof order === 'string' && typeof pk === 'string')
      return { pk: S(pk), sk: S('#TASK'), taskQueue: S(partition), taskOrder: S(order) };
  } catch {
    // Falls through to the one answer for every unreadable cursor.
  }
  throw new Malformed('cursor must be one that this list answered', 'cursor');
}

export async function reportOutcome(ports: Ports, taskId: string, body: OutcomeBody): Promise<unknown> {
  await takeOutcome(ports, taskId, body);
  const item = await ports.table.get(taskKey(taskId));
  if (item === undefined) throw new NotFound(`There is no task ${taskId}.`);
  return taskView(item, ports.now);
}
