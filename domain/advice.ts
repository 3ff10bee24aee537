import { addDays, startOfDay } from './calendar.ts';
import { contractDaysPastDue, daysPastDue, isArranged, isCured, needsNamedApproval } from './case-status.ts';
import type { Draft } from './entries.ts';
import { isActive } from './holds.ts';
import type { Account, AdvisedAction, Case, Hold } from './model.ts';
import type { Setting } from './record/journal.ts';
import { productFacts } from './strategy/reporting.ts';
import { isHigher } from './transitions.ts';

/**
 * What the core is advised to do with an account, each once an occasion: a card's block once until it is unblocked, a recall once a
 * placement, the rest once a case. We advise, the core acts: its answer comes as `AccountStatusChanged`, or not at all.
 */

type Advice = Draft<'AccountActionAdvised'>;
/** What advice is made from. */
export type Advised = Pick<Setting, 'now' | 'ladder' | 'deployment'>;

/** The advice that is due and was not given yet. */
export function dueAdvice(account: Account, current: Case, setting: Advised): Advice[] {
  const due = [unblock, recall, block, placement, chargeOffReview].flatMap((rule) => rule(account, current, setting) ?? []);
  return due.filter(({ action, occasion }) => account.advised?.[action] !== occasion);
}

function advice(account: Account, setting: Advised, action: AdvisedAction, occasion: string, why: string): Advice {
  return { type: 'AccountActionAdvised', action, occasion, why, daysPastDue: contractDaysPastDue(account, setting.now) };
}

function isBlocked({ advised }: Account): boolean {
  return advised?.['block-card'] !== undefined;
}

function unblock(account: Account, current: Case, setting: Advised): Advice | undefined {
  const occasion = account.advised?.['block-card'];
  if (occasion === undefined || current.curedAt === undefined) return undefined;
  return advice(account, setting, 'unblock-card', occasion, 'Nothing is overdue any more');
}

/** Nobody is blocked without a warning: the case has left the first stage, whose least is one message. */
function block(account: Account, current: Case, setting: Advised): Advice | undefined {
  const { blockCardDays } = setting.ladder.advice;
  if (!productFacts({ account, setting })?.suspendsCard || isBlocked(account) || rests(account, current, setting)) return undefined;
  if (!isHigher(current.deepestStage, 'reminder') || daysPastDue(account, setting.now) < blockCardDays) return undefined;
  return advice(account, setting, 'block-card', current.caseId, `${blockCardDays} days past due`);
}

/** For those only whom the bank itself may still press: a protected customer, a promise, a suit and a hold keep the account here. */
function placement(account: Account, current: Case, setting: Advised): Advice | undefined {
  const product = productFacts({ account, setting });
  if (!product?.placesWithAgencies || product.placementDays === undefined || rests(account, current, setting)) return undefined;
  if (daysPastDue(account, setting.now) < product.placementDays || !isHigher(current.deepestStage, 'reminder')) return undefined;
  if (needsNamedApproval(account, current) || current.legal.intentConfirmedAt !== undefined || current.legal.referredAt !== undefined)
    return undefined;
  return advice(account, setting, 'place-with-agency', current.caseId, `${product.placementDays} days past due`);
}

/** By contract, and held or not: how old a debt is does not stop. A plan that is kept makes it no loss. */
function chargeOffReview(account: Account, current: Case, setting: Advised): Advice | undefined {
  const { chargeOffReviewDays } = setting.ladder.advice;
  if (isOver(account, current, setting) || contractDaysPastDue(account, setting.now) < chargeOffReviewDays) return undefined;
  return advice(account, setting, 'charge-off-review', current.caseId, `${chargeOffReviewDays} days past due by contract`);
}

/** An agency collects as we do: whatever stops us stops it. */
function recall(account: Account, current: Case, setting: Advised): Advice | undefined {
  const why = current.curedAt === undefined ? whyRecall(account, current, setting.now) : 'Nothing is overdue any more';
  return why === undefined ? undefined : recallFor(account, setting, why);
}

/** The advice to take the account back from its agency; undefined where none has it, or that was said before. */
export function recallFor(account: Account, setting: Advised, why: string): Advice | undefined {
  const placed = placementOf(account, setting.now);
  if (placed === undefined || account.advised?.['recall-from-agency'] === placed.holdId) return undefined;
  const reference = account.standing?.reference;
  const said = advice(account, setting, 'recall-from-agency', placed.holdId, why);
  return reference === undefined ? said : { ...said, reference };
}

function whyRecall(account: Account, current: Case, now: number): string | undefined {
  if (isArranged(current)) return 'The customer agreed an arrangement';
  const hold = account.holds.find((row) => row.kind !== 'placed' && isActive(row, now));
  return hold === undefined ? undefined : `A hold stops contact: ${hold.kind}`;
}

function placementOf({ holds }: Account, now: number): Hold | undefined {
  return holds.find((hold) => hold.kind === 'placed' && isActive(hold, now));
}

function isOver(account: Account, current: Case, { ladder }: Advised): boolean {
  return current.ending !== undefined || isArranged(current) || isCured(account, ladder);
}

function rests(account: Account, current: Case, setting: Advised): boolean {
  if (isOver(account, current, setting) || current.promises.some(({ status }) => status === 'open')) return true;
  return account.holds.some((hold) => isActive(hold, setting.now));
}

/** The instants ahead at which the days past due bring the next advice: whoever waits looks again then. */
export function comingAdvice(account: Account, today: string, setting: Advised): number[] {
  const { ladder, now } = setting;
  const { placementDays } = productFacts({ account, setting }) ?? {};
  const byLadder = [ladder.advice.blockCardDays, ...(placementDays === undefined ? [] : [placementDays])];
  const left = [
    ...byLadder.map((days) => days - daysPastDue(account, now)),
    ladder.advice.chargeOffReviewDays - contractDaysPastDue(account, now),
  ];
  return left.filter((days) => days > 0).map((days) => startOfDay(addDays(today, days), account.timeZone));
}
