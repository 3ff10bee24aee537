import { daysBetween, localDate } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import type { Promise_ } from '../model.ts';
import { amountProblem, type Money, toMinor } from '../money.ts';
import type { Ladder } from '../policy/ladder.ts';
import { type Journal, Refusal } from './journal.ts';

/** What a promise may be: how many parts, how far ahead, and how often after others were not kept. */

export interface PromisedPart {
  readonly amount: Money;
  readonly date: string;
}

/** How often a promise was made and not kept; the parts of one count once. */
export function brokenOccasions(promises: readonly Promise_[]): number {
  return new Set(promises.filter(({ status }) => status === 'broken' || status === 'part-kept').map(({ taskId }) => taskId)).size;
}

/** Whether another promise would be taken in a case with these. */
export function takesPromises(promises: readonly Promise_[], { promise }: Pick<Ladder, 'promise'>): boolean {
  return brokenOccasions(promises) < promise.brokenMax;
}

/** @throws Refusal 422 naming the field and the rule */
export function checkPromises(journal: Journal, outcome: string, parts: readonly PromisedPart[] | undefined): void {
  const { account, setting } = journal;
  const { partsMax, brokenMax } = setting.ladder.promise;
  const promising = outcome === 'promise' || outcome === 'met-promise';
  const given = parts ?? [];
  if (promising && given.length === 0) throw new Refusal(422, 'a promise needs at least one amount with a date', 'promises');
  if (!promising && parts !== undefined) throw new Refusal(422, 'only a promise carries amounts with dates', 'promises');
  if (given.length > partsMax) throw new Refusal(422, `a promise has at most ${partsMax} parts`, 'promises', 'PROMISE.PARTS');
  if (promising && !takesPromises(openCase(account)?.promises ?? [], setting.ladder)) {
    const why = `${brokenMax} promises of this case were not kept, and no more are taken: offer an arrangement instead`;
    throw new Refusal(422, why, 'promises', 'PROMISE.BROKEN');
  }
  for (const [index, part] of given.entries()) checkPart(journal, part, `promises.${index}`);
}

function checkPart({ account, setting }: Journal, { amount, date }: PromisedPart, field: string): void {
  const today = localDate(setting.now, account.timeZone);
  const { daysAheadMax } = setting.ladder.promise;
  const problem = amountProblem(amount);
  if (problem !== undefined) throw new Refusal(422, problem, `${field}.amount`);
  if (amount.currency !== account.currency)
    throw new Refusal(422, `the account is kept in ${account.currency}`, `${field}.amount.currency`);
  if (toMinor(amount) <= 0) throw new Refusal(422, 'a promised amount is more than zero', `${field}.amount.amount`);
  if (date < today) throw new Refusal(422, 'a promise lies ahead', `${field}.date`);
  if (daysBetween(today, date) > daysAheadMax)
    throw new Refusal(422, `a promise lies at most ${daysAheadMax} days ahead`, `${field}.date`, 'PROMISE.LENGTH');
}
