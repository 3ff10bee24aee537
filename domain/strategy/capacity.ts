import type { PlannedTask, World } from '../decide/world.ts';
import { overdueMinor } from '../ledger.ts';
import type { Objective, Queue } from '../model.ts';
import { toMoney } from '../money.ts';
import { type BudgetedQueue, CAPACITY } from '../policy/capacity.ts';

/** Whom people contact where they are too few for all: those of whom most is expected, by a sum that a person can check. */

/** What a contact is worth. */
export interface Worth {
  /** What it is expected to bring, in percent of what it costs; absent in a currency that the policy does not know. */
  readonly percent?: number;
  /** The sum as a sentence. */
  readonly why: string;
}

/** Objectives that take of the budget and never wait for it: the customer named the time, and was told that we would call. */
export const ALWAYS: readonly Objective[] = ['call-back'];

/** Whether a task's queue can have a budget; asking for an approval costs nobody's time on the road. */
export function budgetedQueue({ queue, objective }: { readonly queue: Queue; readonly objective: Objective }): BudgetedQueue | undefined {
  if (queue === 'call') return queue;
  return queue === 'field-visit' && objective === 'visit' ? queue : undefined;
}

/** What is expected of a contact now: the overdue amount, times the chance of this track and these answers, against the cost. */
export function worthOf(world: World, queue: BudgetedQueue): Worth {
  const { account, track } = world;
  const currency = account.currency ?? '';
  const overdue = overdueMinor(account);
  const { chance, why } = chanceOf(world);
  const expected = Math.floor((overdue * chance) / 100);
  const amount = (minor: number) => `${currency} ${toMoney(minor, currency).amount}`;
  const chances = `${amount(overdue)} overdue x ${chance} % (${[track, ...why].join(', ')})`;
  const cost = costIn(currency, queue);
  if (cost === undefined) return { why: `${chances} = ${amount(expected)}; ${currency} is compared with no other currency` };
  const sum = `${chances} - ${amount(cost)} = ${amount(expected - cost)}`;
  return { percent: Math.floor((expected * 100) / cost), why: sum };
}

/** What a contact costs, in minor units of a currency; undefined where nobody said what that is worth. */
function costIn(currency: string, queue: BudgetedQueue): number | undefined {
  const hundredYuan = CAPACITY.hundredYuanMinor[currency];
  return hundredYuan === undefined ? undefined : Math.max(1, Math.round((CAPACITY.costFen[queue] * hundredYuan) / 10_000));
}

function chanceOf({ current, track, governor }: World): { readonly chance: number; readonly why: readonly string[] } {
  const { chancePercent, spokenPercent, silent, brokenPercent } = CAPACITY;
  const days = (governor?.points ?? []).reduce((sum, point) => sum + (current.tries[point.id]?.days ?? 0), 0);
  const bends = [
    ...(current.lastConversationAt !== undefined ? [{ percent: spokenPercent, why: 'spoken to before' }] : []),
    ...(current.lastConversationAt === undefined && days >= silent.days
      ? [{ percent: silent.percent, why: `no answer on ${days} days` }]
      : []),
    ...(current.promises.some(({ status }) => status === 'broken') ? [{ percent: brokenPercent, why: 'broke a promise' }] : []),
  ];
  const chance = bends.reduce((share, { percent }) => Math.floor((share * percent) / 100), chancePercent[track]);
  return { chance: Math.min(100, chance), why: bends.map(({ why }) => why) };
}

// ---- the line of a day ---------------------------------------------------------------------------------------------------

/** Steps of worth, in percent of the cost, each a fifth above the one before; the first is everything that does not pay. */
export const STEPS: readonly number[] = stepsOf();

function stepsOf(): number[] {
  const steps = [0, 100];
  for (let last = 100; steps.length < 48; steps.push(last)) last = Math.floor((last * 6) / 5);
  return steps;
}

/** The step that a worth stands on; the highest, where it is compared with no other. */
export function stepOf({ percent = Number.POSITIVE_INFINITY }: Pick<Worth, 'percent'>): number {
  return STEPS.findLastIndex((step) => percent >= step);
}

/**
 * The lowest step that is served on a day: as many of the days before stood on it or above as the budget has places. 0 where there were
 * places for all, and where nothing is known yet.
 *
 * @param demand of each day before, how many tasks were due by step
 */
export function lineOf(demand: readonly (readonly number[])[], budget: number): number {
  const days = demand.filter((counts) => counts.some((count) => count > 0));
  if (days.length === 0) return 0;
  let above = 0;
  for (let step = STEPS.length - 1; step > 0; step -= 1) {
    above += days.reduce((sum, counts) => sum + (counts[step] ?? 0), 0);
    if (above >= budget * days.length) return step;
  }
  return 0;
}

/** Why a contact is not made today; undefined where there is a place for it. */
export function whyForgone(
  task: Pick<PlannedTask, 'objective'>,
  worth: Worth,
  day: { readonly budget: number; readonly line: number; readonly taken: number },
): string | undefined {
  if (ALWAYS.includes(task.objective)) return undefined;
  const { budget, line, taken } = day;
  if (stepOf(worth) < line)
    return `of ${budget} a day those come first that are expected to bring ${(STEPS[line] ?? 0) / 100} times their cost; here ${worth.why}`;
  return taken >= budget ? `all ${budget} of the day are taken; here ${worth.why}` : undefined;
}
