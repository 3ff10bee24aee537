import { toInstant } from '../../domain/calendar.ts';
import type { Queue } from '../../domain/model.ts';
import { type Item, keyItem, S, text } from '../adapters/table.ts';
import { claimantOf, claimEnds } from '../facts/claims.ts';
import { staffOf } from '../facts/outcome.ts';
import { taskKey } from '../protocol/items.ts';
import type { Ports } from '../protocol/signal.ts';
import { lookPut, type TaskLook } from '../protocol/task-audit.ts';
import { Conflict, NotFound } from './problem.ts';
import { taskView } from './tasks.ts';

/**
 * Who has a task. A claim is a note on the task, no fact about the account; it holds for the queue's time, anew with each sign of whoever
 * made it, and ends by itself, so that nobody's lunch keeps a customer waiting for ever.
 */

/** A request about a task, with the id under which it is written down. */
export interface TaskRequest {
  readonly taskId: string;
  readonly requestId: string;
}

function queueOf(item: Item): Queue {
  return text(item, 'queue') as Queue;
}

async function taskItem(ports: Ports, taskId: string): Promise<Item> {
  const item = await ports.table.get(taskKey(taskId));
  if (item === undefined) throw new NotFound(`There is no task ${taskId}.`);
  return item;
}

/** What a claim, a reassignment and a release change; all or nothing with the note of who did it. */
interface Handing {
  readonly condition: string;
  readonly update: string;
  readonly values: Item;
  readonly look: Pick<TaskLook, 'what' | 'by' | 'assignee'>;
}

async function hand(ports: Ports, { taskId, requestId }: TaskRequest, { condition, update, values, look }: Handing): Promise<boolean> {
  const written = await ports.table.write([
    {
      Update: {
        TableName: ports.table.name,
        Key: keyItem(taskKey(taskId)),
        ConditionExpression: `taskStatus = :open AND ${condition}`,
        UpdateExpression: update,
        ExpressionAttributeValues: { ':open': S('open'), ...values },
      },
    },
    lookPut(ports.table, { taskId, requestId, ...look }, ports.now),
  ]);
  return written.ok;
}

/** A visit that is assigned is for those who are assigned. */
const THEIRS = '(attribute_not_exists(staff) OR contains(staff, :who))';

/** @throws Conflict where nobody may have the task any more, or only those who are assigned */
function checkClaimable(item: Item, assignee: string): void {
  if (text(item, 'taskStatus') !== 'open') throw new Conflict('The task is closed.');
  const staff = staffOf(item);
  if (staff.length > 0 && !staff.includes(assignee)) throw new Conflict(`The visit is assigned to ${staff.join(' and ')}.`);
}

/**
 * Claims a task that nobody has, or renews one's own claim. Of two at once one gets it.
 *
 * @throws NotFound; Conflict where somebody else has it, or it is closed
 */
export async function claimTask(ports: Ports, request: TaskRequest, assignee: string): Promise<unknown> {
  const before = await taskItem(ports, request.taskId);
  const own = claimantOf(before, ports.now) === assignee;
  const done = await hand(ports, request, {
    condition: `${own ? 'assignee = :who' : '(attribute_not_exists(assignee) OR claimedUntil <= :now)'} AND ${THEIRS}`,
    update: own ? 'SET claimedUntil = :until' : 'SET assignee = :who, claimedAt = :now, claimedUntil = :until',
    values: {
      ':who': S(assignee),
      ':until': S(claimEnds(queueOf(before), ports.now)),
      ...(own ? {} : { ':now': S(toInstant(ports.now)) }),
    },
    look: { what: 'claimed', by: assignee },
  });
  const item = await taskItem(ports, request.taskId);
  if (done) return taskView(item, ports.now);
  checkClaimable(item, assignee);
  throw new Conflict(`The task is claimed by ${claimantOf(item, ports.now) ?? 'somebody else'}.`);
}

/**
 * Undoes a claim; of a task that nobody has it is a repeat.
 *
 * @throws NotFound; Conflict where somebody else has it, or it is closed
 */
export async function releaseTask(ports: Ports, request: TaskRequest, assignee: string | undefined): Promise<unknown> {
  const before = await taskItem(ports, request.taskId);
  if (text(before, 'taskStatus') !== 'open') throw new Conflict('The task is closed.');
  const holder = claimantOf(before, ports.now);
  if (holder === undefined) return taskView(before, ports.now);
  if (assignee !== undefined && holder !== assignee) throw new Conflict(`The task is claimed by ${holder}.`);
  const done = await hand(ports, request, {
    condition: 'assignee = :who',
    update: 'REMOVE assignee, claimedAt, claimedUntil',
    values: { ':who': S(holder) },
    look: { what: 'released', by: assignee },
  });
  if (!done) throw new Conflict('The task changed hands meanwhile.');
  return taskView(await taskItem(ports, request.taskId), ports.now);
}

/**
 * Gives a task to somebody, whoever had it before.
 *
 * @param by who decides so
 * @throws NotFound; Conflict where the task is closed
 */
export async function reassignTask(ports: Ports, request: TaskRequest, assignee: string, by: string | undefined): Promise<unknown> {
  const before = await taskItem(ports, request.taskId);
  const same = claimantOf(before, ports.now) === assignee;
  const done = await hand(ports, request, {
    condition: THEIRS,
    update: `SET assignee = :who, claimedUntil = :until${same ? '' : ', claimedAt = :now'}`,
    values: {
      ':who': S(assignee),
      ':until': S(claimEnds(queueOf(before), ports.now)),
      ...(same ? {} : { ':now': S(toInstant(ports.now)) }),
    },
    look: { what: 'reassigned', by, assignee },
  });
  const item = await taskItem(ports, request.taskId);
  if (done) return taskView(item, ports.now);
  checkClaimable(item, assignee);
  throw new Conflict('The task changed hands meanwhile.');
}
