import { overdueMinor } from '../ledger.ts';
import { moneyOf } from '../money.ts';
import type { PlannedTask, World } from './world.ts';

/** How urgent a task is, and why: policy data, so that a person can add it up. */

export interface Priority {
  /** 1 is the most urgent. */
  readonly priority: number;
  /** The sum as a sentence. */
  readonly why: string;
}

export function priorityOf(world: World, { objective }: Pick<PlannedTask, 'objective'>): Priority {
  const { ladder } = world.setting;
  const base = ladder.priority[objective];
  const parts = ladder.urgency.objectives.includes(objective) ? urgencyOf(world) : [];
  const priority = Math.max(
    1,
    parts.reduce((sum, { points }) => sum - points, base),
  );
  return { priority, why: [`${objective} ${base}`, ...parts.map(({ points, why }) => `${why} -${points}`)].join(', ') };
}

function urgencyOf(world: World): { readonly points: number; readonly why: string }[] {
  const { account, current, setting, daysPastDue } = world;
  const { urgency } = setting.ladder;
  const overdue = overdueMinor(account);
  const { amount, currency } = moneyOf(account, overdue);
  const days = urgency.daysPastDue.find(({ from }) => daysPastDue >= from);
  const value = urgency.overdueMinor[currency]?.find(({ from }) => overdue >= from);
  const last = current.promises.at(-1);
  return [
    ...(last?.status === 'broken' || last?.status === 'part-kept'
      ? [{ points: urgency.promiseBroken, why: 'a promise was not kept' }]
      : []),
    ...(days === undefined ? [] : [{ points: days.points, why: `${daysPastDue} days past due` }]),
    ...(value === undefined ? [] : [{ points: value.points, why: `${currency} ${amount} overdue` }]),
  ];
}
