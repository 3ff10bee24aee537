import { addDays, daysBetween, isLocalDate, localDate } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import type { Account, LocalDate } from '../model.ts';
import { ARRANGEMENTS, type Authority, authorityFor, type OfferRule } from '../policy/arrangements.ts';
import type { Setting } from '../record/journal.ts';
import { sha256 } from '../timeline.ts';
import { datesOf, monthlyDays } from './due-dates.ts';
import { effectiveRate } from './effective-rate.ts';
import type { Rate } from './interest.ts';
import { type PlanKind, REPLAN } from './plan.ts';
import { type Method, type Row, type Schedule, scheduleOf } from './schedule.ts';
import { grantedUntil, isBeyondAbility, noOfferReason, type Standing, standingOn } from './standing.ts';

/** The catalogue of what a customer may agree, with its exact schedules. */

/** An arrangement that may be agreed. */
export interface PlanOffer {
  readonly offerId: string;
  readonly kind: PlanKind;
  /** The line of the catalogue and the number of instalments: what a person approves. */
  readonly key: string;
  /** As the catalogue has them: of a deferral until its one payment. */
  readonly months: number;
  readonly method: Method;
  /** The last day on which it may be agreed: of its kind, and of every approval that it rests on. */
  readonly validUntil: LocalDate;
  /** From when interest runs. */
  readonly startsOn: LocalDate;
  readonly instalments: readonly Row[];
  readonly totalMinor: number;
  readonly principalMinor: number;
  readonly interestMinor: number;
  readonly feesMinor: number;
  readonly rate?: Rate;
  /** Per year, of all that is paid beyond the principal. */
  readonly effectiveRate: string;
  /** Given up once the rest is paid. */
  readonly waived: { readonly interestMinor: number; readonly feesMinor: number };
  /** Interest below the contract's that is given up on the way. */
  readonly forgoneMinor: number;
  /** Who has to approve it first; absent: it may be agreed at once. */
  readonly needs?: Authority;
}

/** What may be agreed at once on a local date. The same facts give the same offers with the same ids. */
export function offersOn(account: Account, setting: Setting, onDate: LocalDate): PlanOffer[] {
  return catalogueOn(account, setting, onDate).filter((offer) => offer.needs === undefined);
}

/** Between which days a customer may name the first instalment of what they are offered on a date, and which it is where they name none. */
export function firstDueWindow(
  { ladder }: Pick<Setting, 'ladder'>,
  onDate: LocalDate,
): Readonly<Record<'from' | 'to' | 'unlessNamed', LocalDate>> {
  const { firstFromDays, firstWithinDays, firstAfterDays } = ladder.plan;
  return {
    from: addDays(onDate, firstFromDays),
    to: addDays(onDate, firstWithinDays),
    unlessNamed: addDays(onDate, firstAfterDays),
  };
}

/**
 * Everything that may be asked for on a local date, each with who approves it.
 *
 * @param firstDueOn the day that the customer named for the first of monthly instalments; nothing is to be had for one outside the window
 */
export function catalogueOn(account: Account, setting: Setting, onDate: LocalDate, firstDueOn?: LocalDate): PlanOffer[] {
  const current = openCase(account);
  if (current === undefined || noOfferReason(account, setting, onDate) !== undefined) return [];
  const { from, to, unlessNamed } = firstDueWindow(setting, onDate);
  const first = firstDueOn ?? unlessNamed;
  if (first < from || first > to) return [];
  const standing = standingOn(account, current, setting, onDate);
  const set = offerSet(standing, setting, first);
  return ARRANGEMENTS.rules
    .filter((rule) => isEligible(rule, standing))
    .flatMap((rule) =>
      rule.months.filter((months) => fits(rule, months, standing)).flatMap((months) => offerOf(rule, months, standing, set)),
    );
}

/** Whether anything may be offered, on whatever date: the question of every decision, without making the offers. */
export function mayOffer(account: Account, setting: Setting): boolean {
  const onDate = localDate(setting.now, account.timeZone);
  const current = openCase(account);
  if (current === undefined || noOfferReason(account, setting, onDate) !== undefined) return false;
  const standing = standingOn(account, current, setting, onDate);
  // Whether an instalment is affordable depends on its interest: only then the schedules are needed.
  if (standing.affordableMinor !== undefined || current.planRequests !== undefined) return offersOn(account, setting, onDate).length > 0;
  return ARRANGEMENTS.rules.some(
    (rule) =>
      rule.waivesPercent === 0 &&
      rule.reviewed !== true &&
      rule.ratePercent === 100 &&
      isEligible(rule, standing) &&
      rule.months.some((months) => fits(rule, months, standing)),
  );
}

/** An offer made on one of the days for which it stays valid, if the facts are still the same. */
export function findOffer(account: Account, setting: Setting, today: LocalDate, offerId: string): PlanOffer | undefined {
  const firstDueOn = firstDueIn(offerId);
  for (let back = 0; back <= setting.ladder.plan.offerValidDays; back += 1) {
    const offer = catalogueOn(account, setting, addDays(today, -back), firstDueOn).find(
      (row) => row.offerId === offerId && today <= row.validUntil,
    );
    if (offer !== undefined) return offer;
  }
  return undefined;
}

/** The day that was named for the first instalment stands in the id, or the offer could not be made again from that. */
function suffixFor(first: LocalDate): string {
  return `-d${first.replaceAll('-', '')}`;
}

function firstDueIn(offerId: string): LocalDate | undefined {
  const [, year, month, day] = /-d(\d{4})(\d{2})(\d{2})$/.exec(offerId) ?? [];
  const named = `${year}-${month}-${day}`;
  return isLocalDate(named) ? named : undefined;
}

// ---- eligibility -----------------------------------------------------------------------------------------------------

function isEligible(rule: OfferRule, standing: Standing): boolean {
  const { account, track, willingness, ability, daysPastDue, rate } = standing;
  if (rule.tracks !== undefined && !rule.tracks.includes(track)) return false;
  if (!rule.willingness.includes(willingness) || !rule.ability.includes(ability)) return false;
  if (rule.products !== undefined && !rule.products.includes(account.facts.product ?? '')) return false;
  if (rule.needsTerms && rate === undefined) return false;
  if (rule.waivesPercent > 0 && standing.waivable.interestMinor + standing.waivable.feesMinor === 0) return false;
  return (
    (rule.fromDaysPastDue ?? 0) <= daysPastDue && (rule.beyondAbility === undefined || rule.beyondAbility === isBeyondAbility(standing))
  );
}

function fits(rule: OfferRule, months: number, standing: Standing): boolean {
  if (months > standing.monthsMax || standing.current.planRequests?.rejectedKeys?.includes(keyOf(rule, months))) return false;
  return Math.floor(repaidUnder(rule, standing) / countOf(rule, months)) >= standing.minimumInstalmentMinor;
}

function keyOf(rule: OfferRule, months: number): string {
  return `${rule.id}-${months}`;
}

function countOf(rule: OfferRule, months: number): number {
  return rule.kind === 'deferral' ? 1 : months;
}

/** What is left to repay where a rule's share of interest and fees is given up. */
function repaidUnder(rule: OfferRule, standing: Standing): number {
  const { interestMinor, feesMinor } = waivedUnder(rule, standing);
  const amount = rule.covers === 'balance' ? standing.balanceMinor : standing.overdueMinor;
  return amount - interestMinor - feesMinor;
}

/** Fees first, then interest, never more than the amount has of them. */
function waivedUnder({ waivesPercent, covers }: OfferRule, standing: Standing): PlanOffer['waived'] {
  if (waivesPercent === 0) return NOTHING;
  const { waivable } = standing;
  const amount = covers === 'balance' ? standing.balanceMinor : standing.overdueMinor;
  const feesMinor = Math.max(0, Math.min(Math.floor((waivable.feesMinor * waivesPercent) / 100), amount));
  const interestMinor = Math.max(0, Math.min(Math.floor((waivable.interestMinor * waivesPercent) / 100), amount - feesMinor));
  return { feesMinor, interestMinor };
}

const NOTHING: PlanOffer['waived'] = { interestMinor: 0, feesMinor: 0 };

// ---- schedules -------------------------------------------------------------------------------------------------------

/** The days of an offer set: the same for everybody who asks on a date. */
interface Calendar {
  readonly instalments: Days;
  readonly deferral: Days;
  readonly settlement: Days;
  readonly validUntil: LocalDate;
}

interface Days {
  readonly days: readonly number[];
  readonly dates: readonly LocalDate[];
}

/** What the offers of one set share. */
interface OfferSet {
  readonly calendar: Calendar;
  /** Of the case, the day and the terms: an offer's id adds its line and its total. */
  readonly idPrefix: string;
  /** Of the day that was named for the first of monthly instalments; none where nobody named one. */
  readonly idSuffix: string;
  /** Schedules of what is overdue at the contract's rate, by their number of instalments: what a reduced rate gives up is told by them. */
  readonly atContract: Map<number, Schedule>;
}

function offerSet(standing: Standing, setting: Setting, first: LocalDate): OfferSet {
  const { current, onDate, rate } = standing;
  return {
    calendar: calendarOf(standing, daysBetween(onDate, first), setting.ladder.plan.offerValidDays),
    idPrefix: `o-${sha256(`${current.caseId}|${onDate}|${rate?.micros ?? 0}|${rate?.dayCount ?? ''}`).slice(0, 16)}`,
    idSuffix: first === firstDueWindow(setting, onDate).unlessNamed ? '' : suffixFor(first),
    atContract: new Map(),
  };
}

/** A fortnight's calendars, for those who ask again for an offer of these days; then it starts anew. */
const CALENDARS_MAX = 32;
const calendars = new Map<string, Calendar>();

function calendarOf({ day, monthsMax, onDate }: Standing, firstAfterDays: number, validDays: number): Calendar {
  const key = `${day}|${monthsMax}|${firstAfterDays}|${validDays}`;
  const known = calendars.get(key);
  if (known !== undefined) return known;
  const made: Calendar = {
    instalments: dated(monthlyDays(day + firstAfterDays, monthsMax)),
    deferral: dated(monthlyDays(day, DEFERRED_MONTHS_MAX + 1).slice(1)),
    settlement: dated([day + ARRANGEMENTS.settlementDays]),
    validUntil: addDays(onDate, validDays),
  };
  if (calendars.size >= CALENDARS_MAX) calendars.clear();
  calendars.set(key, made);
  return made;
}

function dated(days: readonly number[]): Days {
  return { days, dates: datesOf(days) };
}

const DEFERRED_MONTHS_MAX = Math.max(...ARRANGEMENTS.rules.flatMap((rule) => (rule.kind === 'deferral' ? rule.months : [1])));

/** The others have their one day by their kind. */
function isMonthly({ kind }: OfferRule): boolean {
  return kind !== 'settlement' && kind !== 'deferral';
}

function daysOf(rule: OfferRule, months: number, calendar: Calendar): Days {
  if (rule.kind === 'settlement') return calendar.settlement;
  const { days, dates } = rule.kind === 'deferral' ? calendar.deferral : calendar.instalments;
  const from = rule.kind === 'deferral' ? months - 1 : 0;
  return { days: days.slice(from, months), dates: dates.slice(from, months) };
}

function offerOf(rule: OfferRule, months: number, standing: Standing, { calendar, idPrefix, idSuffix, atContract }: OfferSet): PlanOffer[] {
  const { day, onDate, affordableMinor } = standing;
  const key = keyOf(rule, months);
  const { days, dates } = daysOf(rule, months, calendar);
  const amountMinor = repaidUnder(rule, standing);
  const rate = rateUnder(rule, standing.rate);
  const terms = { amountMinor, from: day, days, dates, method: rule.method, rate, fees: rule.fees };
  const schedule = scheduleOf(terms);
  if (rule.id === 'instalments') atContract.set(months, schedule);
  if (affordableMinor !== undefined && countOf(rule, months) > 1 && (schedule.rows[0]?.amountMinor ?? 0) > affordableMinor) return [];
  const contract = rule.kind === 'reduced-rate' ? (atContract.get(months) ?? scheduleOf({ ...terms, rate: standing.rate })) : schedule;
  const forgoneMinor = Math.max(0, contract.interestMinor - schedule.interestMinor);
  const waived = waivedUnder(rule, standing);
  const givenUp = waived.interestMinor + waived.feesMinor + forgoneMinor;
  const approvedUntil = grantedUntil(standing.current, key, onDate, givenUp);
  const needs = approvedUntil === undefined ? authorityOf(rule, givenUp, standing) : undefined;
  const { totalMinor, principalMinor, interestMinor, feesMinor } = schedule;
  return [
    {
      offerId: `${idPrefix}-${key}-${totalMinor.toString(36)}${isMonthly(rule) ? idSuffix : ''}`,
      kind: rule.kind,
      key,
      months,
      method: rule.method,
      validUntil: validUntilOf(rule, standing, [calendar.validUntil, approvedUntil]),
      startsOn: onDate,
      instalments: schedule.rows,
      totalMinor,
      principalMinor,
      interestMinor,
      feesMinor,
      ...(rate === undefined ? {} : { rate }),
      effectiveRate: effectiveRate(amountMinor, day, days, schedule.rows, (rate?.micros ?? 0) / 1e6),
      waived,
      forgoneMinor,
      ...(needs === undefined ? {} : { needs }),
    },
  ];
}

/** What a second arrangement rests on ends it as well: nobody may agree what nobody approves any more. */
function validUntilOf({ validDays }: OfferRule, { current, onDate }: Standing, ends: readonly (LocalDate | undefined)[]): LocalDate {
  const own = validDays === undefined ? undefined : addDays(onDate, validDays);
  const all = [...ends, own, grantedUntil(current, REPLAN, onDate, 0)].flatMap((end) => end ?? []);
  return all.reduce((first, end) => (end < first ? end : first));
}

function rateUnder({ ratePercent }: OfferRule, contract: Rate | undefined): Rate | undefined {
  if (contract === undefined || ratePercent === 0) return undefined;
  return ratePercent === 100 ? contract : { ...contract, micros: Math.floor((contract.micros * ratePercent + 50) / 100) };
}

/** Who has to approve; undefined where nothing is given up and nobody looks. */
function authorityOf(rule: OfferRule, givenUpMinor: number, { currency }: Standing): Authority | undefined {
  if (givenUpMinor === 0 && rule.reviewed !== true) return undefined;
  // Nothing given up is nothing in every currency, also in one without limits of its own.
  return givenUpMinor === 0 ? ARRANGEMENTS.ofReview : authorityFor(givenUpMinor, 0, currency);
}

/** What an offer gives up in all: the amount that decides who approves. */
export function givenUpMinor({ waived, forgoneMinor }: PlanOffer): number {
  return waived.interestMinor + waived.feesMinor + forgoneMinor;
}

/** Whether the customer may be told where a credit is to be had that would replace this debt; nothing is agreed by it. */
export function mayRefer(account: Account, setting: Setting): boolean {
  const current = openCase(account);
  if (current === undefined || current.curedAt !== undefined) return false;
  const standing = standingOn(account, current, setting, localDate(setting.now, account.timeZone));
  const { willingness, ability, untilDaysPastDue } = ARRANGEMENTS.referral;
  return standing.daysPastDue <= untilDaysPastDue && willingness.includes(standing.willingness) && ability.includes(standing.ability);
}
