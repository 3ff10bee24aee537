import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { addDays, DAY, localDate } from '../../domain/calendar.ts';
import type { PlannedTask, World } from '../../domain/decide/world.ts';
import type { LocalDate } from '../../domain/model.ts';
import { type BudgetedQueue, CAPACITY } from '../../domain/policy/capacity.ts';
import { ALWAYS, budgetedQueue, lineOf, STEPS, stepOf, type Worth, whyForgone, worthOf } from '../../domain/strategy/capacity.ts';
import { type Item, type Key, keyItem, N, number, type Table } from '../adapters/table.ts';

/**
 * The places of a queue on a day: how many are taken, what was due, and where the line is drawn. Three items a queue and local day of the
 * deployment; nobody reads them where no budget is configured.
 */

const takenKey = (queue: BudgetedQueue, date: LocalDate): Key => ({ pk: `CAPACITY#${queue}#${date}`, sk: '#TAKEN' });
const demandKey = (queue: BudgetedQueue, date: LocalDate): Key => ({ pk: `CAPACITY#${queue}#${date}`, sk: '#DEMAND' });
const lineKey = (queue: BudgetedQueue, date: LocalDate): Key => ({ pk: `CAPACITY#${queue}#${date}`, sk: '#LINE' });

const KEPT_DAYS = 60;

interface Asking {
  readonly table: Table;
  readonly now: number;
}

/** A task's place, or why it has none. */
export interface Place {
  readonly queue: BudgetedQueue;
  readonly budget: number;
  readonly worth: Worth;
  /** Goes into the task's transaction: it fails where the last place was taken meanwhile. */
  readonly take?: TransactWriteItem;
  readonly forgone?: string;
}

/** Whether there is a place for the task today; undefined where its queue has no budget. */
export async function placeFor(ports: Asking, world: World, task: PlannedTask): Promise<Place | undefined> {
  const queue = budgetedQueue(task);
  const { deployment } = world.setting;
  const budget = queue === undefined ? undefined : deployment.capacity?.[queue];
  if (queue === undefined || budget === undefined) return undefined;
  const today = localDate(ports.now, deployment.timeZone);
  const worth = worthOf(world, queue);
  const line = await lineToday(ports, queue, today, budget);
  const taken = number(await ports.table.get(takenKey(queue, today)), 'taken') ?? 0;
  const forgone = whyForgone(task, worth, { budget, line, taken });
  if (forgone !== undefined) return { queue, budget, worth, forgone };
  return { queue, budget, worth, take: takePlace(ports, takenKey(queue, today), ALWAYS.includes(task.objective) ? undefined : budget) };
}

function takePlace(ports: Asking, key: Key, budget: number | undefined): TransactWriteItem {
  return {
    Update: {
      TableName: ports.table.name,
      Key: keyItem(key),
      ...(budget === undefined ? {} : { ConditionExpression: 'attribute_not_exists(taken) OR taken < :budget' }),
      UpdateExpression: 'SET expiresAt = :expires ADD taken :one',
      ExpressionAttributeValues: {
        ':one': N(1),
        ':expires': expiry(ports.now),
        ...(budget === undefined ? {} : { ':budget': N(budget) }),
      },
    },
  };
}

/** Counts what was due, served or not: tomorrow's line is drawn by it. An estimate: one that dies before this is not counted. */
export async function countDemand({ table, now }: Asking, world: World, { queue, worth }: Place): Promise<void> {
  const today = localDate(now, world.setting.deployment.timeZone);
  await table.update(demandKey(queue, today), {
    UpdateExpression: `SET expiresAt = :expires ADD step${stepOf(worth)} :one`,
    ExpressionAttributeValues: { ':one': N(1), ':expires': expiry(now) },
  });
}

/** Drawn once a day by whoever comes first, from the days before; the same for all who come after. */
async function lineToday(ports: Asking, queue: BudgetedQueue, today: LocalDate, budget: number): Promise<number> {
  const { table } = ports;
  const key = lineKey(queue, today);
  const drawn = number(await table.get(key), 'line');
  if (drawn !== undefined) return drawn;
  const days = Array.from({ length: CAPACITY.historyDays }, (_, index) => demandKey(queue, addDays(today, -index - 1)));
  const line = lineOf((await table.snapshot(days)).map(countsOf), budget);
  const first = await table.update(key, {
    ConditionExpression: 'attribute_not_exists(line)',
    UpdateExpression: 'SET line = :line, budget = :budget, expiresAt = :expires',
    ExpressionAttributeValues: { ':line': N(line), ':budget': N(budget), ':expires': expiry(ports.now) },
  });
  return first ? line : (number(await table.get(key), 'line') ?? line);
}

function countsOf(item: Item | undefined): number[] {
  return STEPS.map((_, step) => number(item, `step${step}`) ?? 0);
}

function expiry(now: number) {
  return N(Math.floor((now + KEPT_DAYS * DAY) / 1000));
}
