import type { ReasonForArrears } from '../codes.ts';
import { balanceMinor, overdueMinor } from '../ledger.ts';
import type { Promise_ } from '../model.ts';
import type { Dimension, Scorecard, ScoredFact } from '../policy/scorecard.ts';
import type { ScoredWorld } from './score.ts';

/** What the score is made from, as numbers: counts since the case opened, and what the bank sends with its figures. */

export interface FactsOfScore {
  readonly numbers: Readonly<Partial<Record<ScoredFact, number>>>;
  /** The code of the newest reason for arrears that the customer gave. */
  readonly reasonForArrears?: ReasonForArrears | undefined;
  /** What the bank's own model said, in its words. */
  readonly bank: Readonly<Partial<Record<Dimension, string | undefined>>>;
}

/** The facts of a case; what was never observed is absent, so that nothing counts as something good or bad. */
export function factsOfScore(world: ScoredWorld, scale: Scorecard['bankScore']): FactsOfScore {
  const { account, current } = world;
  const { facts } = account;
  const paid = current.payments.filter((payment) => !payment.reversed && payment.amountMinor > 0);
  const paidMinor = paid.reduce((sum, payment) => sum + payment.amountMinor, 0);
  const minimumDue = account.figure?.minimumDueMinor ?? 0;
  const balance = balanceMinor(account);
  const numbers = {
    ...known('promises-kept', promises(current.promises, 'kept')),
    ...known('promises-part-kept', promises(current.promises, 'part-kept')),
    ...known('promises-broken', promises(current.promises, 'broken')),
    ...known('refusals', current.refusalCount ?? 0),
    ...known('conversations', current.conversationCount ?? 0),
    ...known('inbound-contacts', current.inboundCount ?? 0),
    ...(current.lastConversationAt === undefined ? known('unanswered-days', unansweredDays(world)) : {}),
    ...known('payments', paid.length),
    ...(minimumDue > 0 && paidMinor >= minimumDue ? { 'minimum-paid': 1 } : {}),
    ...(current.hardshipAt === undefined ? {} : { hardship: 1 }),
    ...(facts.score !== undefined && facts.score >= scale.from && facts.score <= scale.to ? { 'bank-score': facts.score } : {}),
    ...(facts.timesOverdueLast12Months === undefined ? {} : { 'times-overdue': facts.timesOverdueLast12Months }),
    ...(balance > 0 ? { 'overdue-share': Math.min(1, overdueMinor(account) / balance) } : {}),
  };
  return {
    numbers,
    reasonForArrears: current.reasonForArrears,
    bank: { willingness: facts.willingness, ability: facts.ability },
  };
}

function known(fact: ScoredFact, count: number): Partial<Record<ScoredFact, number>> {
  return count > 0 ? { [fact]: count } : {};
}

function promises(all: readonly Promise_[], status: Promise_['status']): number {
  return all.filter((promise) => promise.status === status).length;
}

/** Days on which the customer's own valid numbers were tried. One that is dead or somebody else's proves nothing about the customer. */
export function unansweredDays({ governor, current }: Pick<ScoredWorld, 'governor' | 'current'>): number {
  return (governor?.points ?? [])
    .filter((point) => point.channel === 'voice' && point.owner === 'self' && governor?.findings[point.addressKey] === undefined)
    .reduce((days, point) => days + (current.tries[point.id]?.days ?? 0), 0);
}
