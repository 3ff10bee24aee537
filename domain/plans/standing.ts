import { addDays, epochDay, localDate, startOfDay } from '../calendar.ts';
import { contractDaysPastDue, isArranged, openCase } from '../case-status.ts';
import type { World } from '../decide/world.ts';
import { isActive } from '../holds.ts';
import { balanceMinor, overdueMinor } from '../ledger.ts';
import type { Account, Case, LocalDate, Track } from '../model.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';
import { HARDSHIP_FOUND } from '../policy/hardship.ts';
import { packFor } from '../policy/packs/registry.ts';
import type { Setting } from '../record/journal.ts';
import type { Level } from '../score/levels.ts';
import { scoreOf } from '../score/score.ts';
import { trackOf } from '../strategy/tracks.ts';
import { isDayCount, microsOf, type Rate } from './interest.ts';
import { REPLAN } from './plan.ts';

/** Whether anything may be agreed with a customer on a date, and what that depends on. */

export interface Standing {
  readonly account: Account;
  readonly current: Case;
  readonly currency: string;
  readonly onDate: LocalDate;
  readonly day: number;
  readonly track: Track;
  /** Somebody of the bank knows of it; what a customer says of themselves is looked at first. */
  readonly inHardship: boolean;
  readonly willingness: Level;
  readonly ability: Level;
  readonly daysPastDue: number;
  readonly overdueMinor: number;
  readonly balanceMinor: number;
  readonly minimumInstalmentMinor: number;
  readonly monthsMax: number;
  /** Penalty interest and fees within what is owed, where the core said so of this very balance. */
  readonly waivable: { readonly interestMinor: number; readonly feesMinor: number };
  readonly rate?: Rate;
  /** The most that an instalment may take of what is left of a month's income. */
  readonly affordableMinor?: number;
}

/** Longer than any jurisdiction's limit that is known; one without a limit of its own has this. */
const MONTHS_MAX = 60;

/** Why none may be offered, as a sentence; undefined when some may. */
export function noOfferReason(account: Account, setting: Setting, onDate = localDate(setting.now, account.timeZone)): string | undefined {
  const current = openCase(account);
  if (current === undefined) return 'No case is open for this account.';
  if (current.curedAt !== undefined) return 'Nothing is overdue any more.';
  if (isArranged(current)) return 'An arrangement is already running.';
  const hold = forbiddingHold(account, setting);
  if (hold !== undefined) return `The account is held (${hold.kind}): nothing is arranged with the customer.`;
  const again = noSecondPlan(current, onDate);
  if (again !== undefined) return again;
  if (overdueMinor(account) < smallestInstalment(setting, account.currency ?? '') * 2)
    return 'The overdue amount is too small for instalments.';
  return undefined;
}

/** A hold under which nothing is arranged with the customer. */
export function forbiddingHold(account: Account, setting: Setting): Account['holds'][number] | undefined {
  const none: readonly string[] = ARRANGEMENTS.noneWhileHeld;
  return account.holds.find((row) => none.includes(row.kind) && isActive(row, setting.now));
}

function smallestInstalment({ ladder }: Setting, currency: string): number {
  return ladder.plan.minimumInstalmentMinor[currency] ?? ARRANGEMENTS.smallestInstalmentMinor;
}

function noSecondPlan(current: Case, onDate: LocalDate): string | undefined {
  const requests = current.planRequests;
  if ((requests?.broken ?? 0) === 0 && current.plan?.status !== 'broken') return undefined;
  if ((requests?.agreed ?? 0) >= ARRANGEMENTS.plansMax) return `${ARRANGEMENTS.plansMax} arrangements of this case were agreed already.`;
  return isGranted(current, REPLAN, onDate, 0) ? undefined : 'An arrangement of this case was broken; a new one needs a review.';
}

/** Whether somebody approved this, for at least so much, and the approval still holds on a date. */
export function isGranted(current: Case, key: string, onDate: LocalDate, waivedMinor: number): boolean {
  return grantedUntil(current, key, onDate, waivedMinor) !== undefined;
}

/** The last day of an approval that holds on a date; undefined where there is none for at least so much. */
export function grantedUntil({ planRequests }: Case, key: string, onDate: LocalDate, waivedMinor: number): LocalDate | undefined {
  return planRequests?.grants?.find((grant) => grant.key === key && onDate <= grant.until && waivedMinor <= grant.waivedMinor)?.until;
}

/**
 * How the customer stands at the end of a date: what is eligible follows from this alone, so that whoever asks on whichever day of an
 * offer's validity gets the same answer while the facts stay.
 */
export function standingOn(account: Account, current: Case, setting: Setting, onDate: LocalDate): Standing {
  const now = startOfDay(addDays(onDate, 1), account.timeZone) - 1;
  const { terms, affordability } = account.facts;
  const days = contractDaysPastDue(account, now);
  const world = {
    account,
    current,
    governor: undefined,
    setting: { ...setting, now },
    now,
    today: onDate,
    daysPastDue: days,
    contractDaysPastDue: days,
    hold: undefined,
    others: [],
  };
  const { track } = trackOf(world);
  const score = scoreOf({ account, current, governor: undefined });
  const currency = account.currency ?? '';
  const micros = terms === undefined ? 0 : Math.min(microsOf(terms.annualRate), ARRANGEMENTS.rateMaxMicros);
  const left = affordability === undefined ? undefined : Math.max(0, affordability.incomeMinor - affordability.expensesMinor);
  return {
    account,
    current,
    currency,
    onDate,
    day: epochDay(onDate),
    track,
    inHardship: track === 'hardship' && isHardshipKnown(world),
    willingness: score.willingness,
    ability: score.ability,
    daysPastDue: days,
    overdueMinor: overdueMinor(account),
    balanceMinor: balanceMinor(account),
    minimumInstalmentMinor: smallestInstalment(setting, currency),
    monthsMax: packFor(account.jurisdiction ?? setting.deployment.jurisdiction, now)?.duties.plan?.termMonthsMax ?? MONTHS_MAX,
    waivable: waivableOf(account),
    ...(terms !== undefined && micros > 0 && isDayCount(terms.dayCount) ? { rate: { micros, dayCount: terms.dayCount } } : {}),
    ...(left === undefined ? {} : { affordableMinor: Math.floor((left * ARRANGEMENTS.affordablePercent) / 100) }),
  };
}

/** A hold under which hardship is looked at can be placed by the customer: it is a question, and the review's answer comes first. */
function isHardshipKnown(world: Omit<World, 'track'>): boolean {
  const { account, current } = world;
  if (current.approvals.includes(HARDSHIP_FOUND)) return true;
  const holds = account.holds.filter(({ kind }) => kind !== 'hardship-review');
  return holds.length === account.holds.length || trackOf({ ...world, account: { ...account, holds } }).track === 'hardship';
}

/** Nothing where nobody knows how the balance is made up now: after a payment, or a newer figure that does not say. */
function waivableOf(account: Account): Standing['waivable'] {
  const { components } = account.facts;
  if (components === undefined || account.factsAsOf !== account.figure?.asOf) return { interestMinor: 0, feesMinor: 0 };
  const { principalMinor, interestMinor, feesMinor } = components;
  if (principalMinor + interestMinor + feesMinor !== balanceMinor(account)) return { interestMinor: 0, feesMinor: 0 };
  return { interestMinor: Math.max(0, interestMinor), feesMinor: Math.max(0, feesMinor) };
}

/** Whether the amount exceeds what the customer can pay: as the art. 70 of the Chinese order asks before a personalised plan. */
export function isBeyondAbility(standing: Standing): boolean {
  const { ability, inHardship, affordableMinor, overdueMinor: owed } = standing;
  return ability === 'low' || inHardship || (affordableMinor !== undefined && affordableMinor * 12 < owed);
}
