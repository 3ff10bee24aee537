import { addDays, startOfDay } from './calendar.ts';
import { contractDaysPastDue, daysPastDue, isArranged, isCured, needsNamedApproval } from './case-status.ts';
import type { Draft } from './entries.ts';
import { isActive } from './holds.ts';
import type { Account, AdvisedAction, Case, Hold, LocalDate } from './model.ts';
import type { Setting } from './record/journal.ts';
import { treatmentOf } from './strategy/flags.ts';
import { productFacts } from './strategy/reporting.ts';
import { isHigher } from './transitions.ts';

/**
 * What the core is advised to do with an account, each once an occasion: a card's block once until it is unblocked, a recall once a
 * placement, the stay of a suit and its end once an arrangement, the rest once a case. We advise, the core acts: its answer comes as `AccountStatusChanged`, or not at all.
 */

type Advice = Draft<'AccountActionAdvised'>;
type Policy = Pick<Setting, 'now' | 'ladder' | 'deployment'>;

/** A case with its age; the world of a decision is one. */
export interface CaseNow {
  readonly account: Account;
  readonly current: Case;
  readonly setting: Policy;
  readonly daysPastDue: number;
  readonly contractDaysPastDue: number;
}

/** The same outside a decision. */
export function caseNow(account: Account, current: Case, setting: Policy): CaseNow {
  const { now } = setting;
  return { account, current, setting, daysPastDue: daysPastDue(account, now), contractDaysPastDue: contractDaysPastDue(account, now) };
}

/** The advice that is due and was not given yet. */
export function dueAdvice(view: CaseNow): Advice[] {
  return [unblock, recall, block, placement, chargeOffReview, staySuit, resumeSuit].flatMap((rule) => rule(view) ?? []);
}

function advise(view: CaseNow, action: AdvisedAction, occasion: string, why: string): Advice {
  return { type: 'AccountActionAdvised', action, occasion, why, daysPastDue: view.contractDaysPastDue };
}

/** Undefined where it was given before. */
function once(view: CaseNow, action: AdvisedAction, occasion: string, why: string): Advice | undefined {
  return view.account.advised?.[action] === occasion ? undefined : advise(view, action, occasion, why);
}

/** Also of a card that was blocked in an earlier case; the advice takes the block off the record, so that it is given once. */
function unblock(view: CaseNow): Advice | undefined {
  const occasion = view.account.advised?.['block-card'];
  if (occasion === undefined || view.current.curedAt === undefined) return undefined;
  return advise(view, 'unblock-card', occasion, 'Nothing is overdue any more');
}

/** Nobody is blocked without a warning: the case has left the first stage, whose least is one message. */
function block(view: CaseNow): Advice | undefined {
  const { account, current, setting } = view;
  const { blockCardDays } = setting.ladder.advice;
  if (view.daysPastDue < blockCardDays || !isHigher(current.deepestStage, 'reminder')) return undefined;
  if (!productFacts(view)?.suspendsCard || account.advised?.['block-card'] !== undefined || rests(view)) return undefined;
  return once(view, 'block-card', current.caseId, `${blockCardDays} days past due`);
}

/** Only where the bank itself might go on pressing: a protected customer, a promise, a suit and a hold keep the account here. */
function placement(view: CaseNow): Advice | undefined {
  const { account, current } = view;
  const { placesWithAgencies = false, placementDays = Number.POSITIVE_INFINITY } = productFacts(view) ?? {};
  if (!placesWithAgencies || view.daysPastDue < placementDays || !isHigher(current.deepestStage, 'reminder')) return undefined;
  const { intentConfirmedAt, referredAt } = current.legal;
  if (intentConfirmedAt !== undefined || referredAt !== undefined || rests(view)) return undefined;
  if (needsNamedApproval(account, current) || treatmentOf(account, 'legal').treatment !== 'allow') return undefined;
  return once(view, 'place-with-agency', current.caseId, `${placementDays} days past due`);
}

/** By contract, and held or not: how old a debt is does not stop. A plan that is kept makes it no loss. */
function chargeOffReview(view: CaseNow): Advice | undefined {
  const { chargeOffReviewDays } = view.setting.ladder.advice;
  if (view.contractDaysPastDue < chargeOffReviewDays || isOver(view)) return undefined;
  return once(view, 'charge-off-review', view.current.caseId, `${chargeOffReviewDays} days past due by contract`);
}

/** What was agreed in court holds the suit as it holds us: whoever conducts it asks for a stay, or withdraws it. */
function staySuit(view: CaseNow): Advice | undefined {
  const { plan, legal } = view.current;
  if (plan?.status !== 'active' || legal.referredAt === undefined || view.current.ending !== undefined) return undefined;
  return aboutSuit(view, once(view, 'stay-suit', plan.planId, 'The customer agreed an arrangement while the suit runs'));
}

/** Of a suit that is withdrawn meanwhile there is nothing to go on with, and one that the arrangement has paid off ends. */
function resumeSuit(view: CaseNow): Advice | undefined {
  const { account, current, setting } = view;
  const { plan, legal } = current;
  if (plan === undefined || legal.referredAt === undefined || account.advised?.['stay-suit'] !== plan.planId) return undefined;
  if (!['broken', 'ended'].includes(plan.status) || current.ending !== undefined || isCured(account, setting.ladder)) return undefined;
  return aboutSuit(view, once(view, 'resume-suit', plan.planId, 'The arrangement for which the suit was stayed is over'));
}

function aboutSuit({ account }: CaseNow, advice: Advice | undefined): Advice | undefined {
  const reference = account.suit?.reference;
  return advice === undefined || reference === undefined ? advice : { ...advice, reference };
}

/** An agency collects as we do: whatever stops us stops it. */
function recall(view: CaseNow): Advice | undefined {
  if (placementOf(view) === undefined) return undefined;
  const why = whyRecall(view);
  return why === undefined ? undefined : recallFor(view, why);
}

/**
 * The advice to take the account back from its agency; undefined where none has it, or that was said before.
 *
 * @param again a person says so because the core has not answered
 */
export function recallFor(view: CaseNow, why: string, again = false): Advice | undefined {
  const placed = placementOf(view);
  if (placed === undefined) return undefined;
  const said = (again ? advise : once)(view, 'recall-from-agency', placed.holdId, why);
  const reference = view.account.standing?.reference;
  return said === undefined || reference === undefined ? said : { ...said, reference };
}

function whyRecall({ account, current, setting }: CaseNow): string | undefined {
  if (current.curedAt !== undefined) return 'Nothing is overdue any more';
  if (isArranged(current)) return 'The customer agreed an arrangement';
  const hold = account.holds.find((row) => row.kind !== 'placed' && isActive(row, setting.now));
  return hold === undefined ? undefined : `A hold stops contact: ${hold.kind}`;
}

function placementOf({ account, setting }: CaseNow): Hold | undefined {
  return account.holds.find((hold) => hold.kind === 'placed' && isActive(hold, setting.now));
}

function isOver({ account, current, setting }: CaseNow): boolean {
  return current.ending !== undefined || isArranged(current) || isCured(account, setting.ladder);
}

function rests(view: CaseNow): boolean {
  const { account, current, setting } = view;
  if (isOver(view) || current.promises.some(({ status }) => status === 'open')) return true;
  return account.holds.some((hold) => isActive(hold, setting.now));
}

/**
 * The next instant at which the days past due alone may bring advice, so that whoever waits looks again then; epoch milliseconds,
 * undefined where none comes within the longest wait.
 */
export function nextAdviceAt(view: CaseNow & { readonly today: LocalDate }): number | undefined {
  const { account, setting, today } = view;
  const { blockCardDays, chargeOffReviewDays } = setting.ladder.advice;
  const { placementDays = 0 } = productFacts(view) ?? {};
  const left = [blockCardDays - view.daysPastDue, placementDays - view.daysPastDue, chargeOffReviewDays - view.contractDaysPastDue].filter(
    (days) => days > 0,
  );
  const soonest = Math.min(...left);
  // Nobody waits longer: whoever looks again then finds the next.
  return soonest > setting.ladder.waitDaysMax ? undefined : startOfDay(addDays(today, soonest), account.timeZone);
}
