import type { LocalDate } from '../model.ts';
import { datesOf } from './due-dates.ts';
import { type Accruals, accrualsOf, interestOn, type Rate } from './interest.ts';

/**
 * Exact schedules. Amounts are integer minor units; each instalment's interest is that of the actual days since the one before on what
 * is left of the principal, rounded once (`interestOn`). The last instalment repays what is left and so absorbs all rounding.
 */

/** `equal-instalments`: the same amount each time (an annuity); `equal-principal`: the same principal each time, interest falling. */
export type Method = 'equal-instalments' | 'equal-principal';

/** A fee for the plan itself, once with the first instalment or with each. */
export interface PlanFee {
  readonly code: string;
  readonly amountMinor: number;
  readonly when: 'first' | 'each';
}

export interface ScheduleTerms {
  /** What is repaid, more than zero. */
  readonly amountMinor: number;
  /** Epoch day from which interest runs. */
  readonly from: number;
  /** Epoch days of the instalments, in order, all after `from`. */
  readonly days: readonly number[];
  /** The same days as dates, where they are known already. */
  readonly dates?: readonly LocalDate[];
  readonly method: Method;
  /** Absent: interest-free. */
  readonly rate?: Rate | undefined;
  readonly fees?: readonly PlanFee[] | undefined;
}

export interface Row {
  readonly dueDate: LocalDate;
  readonly amountMinor: number;
  readonly principalMinor: number;
  readonly interestMinor: number;
  readonly feesMinor: number;
}

export interface Schedule {
  readonly rows: readonly Row[];
  readonly principalMinor: number;
  readonly interestMinor: number;
  readonly feesMinor: number;
  /** Total cost: what the rows ask for in all. */
  readonly totalMinor: number;
}

/** Equal parts whose last absorbs the rounding; sums to `totalMinor` exactly. */
export function equalParts(totalMinor: number, count: number): number[] {
  const part = Math.floor(totalMinor / count);
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? totalMinor - part * (count - 1) : part));
}

/**
 * The schedule of terms.
 *
 * @throws RangeError where an amount or the days make no schedule, or where an instalment would not even cover its interest
 */
export function scheduleOf(terms: ScheduleTerms): Schedule {
  const { amountMinor, days, from, rate } = terms;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) throw new RangeError(`No whole amount above zero: ${amountMinor}`);
  let before = from;
  for (const day of days) {
    if (day <= before) throw new RangeError('The days of a schedule lie after its start, in order');
    before = day;
  }
  if (before === from) throw new RangeError('The days of a schedule lie after its start, and there is at least one');
  const bears = rate !== undefined && rate.micros > 0;
  return bears ? withInterest(terms, accrualsOf(rate, from, days)) : collect(equalParts(amountMinor, days.length), undefined, terms);
}

function withInterest(terms: ScheduleTerms, accruals: Accruals): Schedule {
  const { amountMinor, days, method } = terms;
  const last = days.length - 1;
  const parts = method === 'equal-principal' ? equalParts(amountMinor, days.length) : undefined;
  const level = parts === undefined ? levelAmount(amountMinor, accruals) : 0;
  const interest: number[] = [];
  const principal: number[] = [];
  let left = amountMinor;
  for (const factor of accruals.factors) {
    const index = interest.length;
    const borne = interestOn(left, factor, accruals.divisor);
    const repaid = index === last ? left : (parts?.[index] ?? level - borne);
    if (repaid < 0) throw new RangeError('An instalment must cover its interest: fewer instalments, or an earlier first one');
    interest.push(borne);
    principal.push(repaid);
    left -= repaid;
  }
  return collect(principal, interest, terms);
}

function collect(principal: readonly number[], interest: readonly number[] | undefined, terms: ScheduleTerms): Schedule {
  const { fees = [], dates = datesOf(terms.days) } = terms;
  const once = feesOf(fees, 'first');
  const each = feesOf(fees, 'each');
  let [interestSum, feesSum] = [0, 0];
  const rows = principal.map((principalMinor, index) => {
    const interestMinor = interest?.[index] ?? 0;
    const feesMinor = each + (index === 0 ? once : 0);
    interestSum += interestMinor;
    feesSum += feesMinor;
    const amountMinor = principalMinor + interestMinor + feesMinor;
    return { dueDate: dates[index] ?? '', amountMinor, principalMinor, interestMinor, feesMinor };
  });
  const principalSum = principal.reduce((sum, part) => sum + part, 0);
  return {
    rows,
    principalMinor: principalSum,
    interestMinor: interestSum,
    feesMinor: feesSum,
    totalMinor: principalSum + interestSum + feesSum,
  };
}

function feesOf(fees: readonly PlanFee[], when: PlanFee['when']): number {
  return fees.reduce((sum, fee) => (fee.when === when ? sum + fee.amountMinor : sum), 0);
}

// ---- the level amount ------------------------------------------------------------------------------------------------

/** The last instalment where each before it is `level`: it repays what is left. Falls as `level` rises. */
function lastAfter(amountMinor: number, level: number, { factors, divisor }: Accruals): number {
  let owed = amountMinor + level;
  for (const factor of factors) {
    const left = owed - level;
    owed = left + interestOn(left, factor, divisor);
  }
  return owed;
}

/**
 * The whole amount at which the last instalment differs least from the others, the larger of two; less where it would leave the last one
 * below zero. Within one unit of the annuity formula's exact amount, because interest is rounded once a period.
 *
 * The formula in fractions only says where to look: what decides is the schedule in whole units on either side.
 */
function levelAmount(amountMinor: number, accruals: Accruals): number {
  if (accruals.factors.length === 1) return 0;
  const excess = (level: number) => lastAfter(amountMinor, level, accruals) - level;
  let low = Math.max(0, Math.floor(annuity(amountMinor, accruals)));
  let over = excess(low);
  for (; over < 0; over = excess(low)) low -= 1;
  let under = excess(low + 1);
  for (; under > 0; under = excess(low + 1)) {
    low += 1;
    over = under;
  }
  return -under <= over && low + 1 + under >= 0 ? low + 1 : low;
}

function annuity(amountMinor: number, { factors, divisor }: Accruals): number {
  let [discount, sum] = [1, 0];
  for (const factor of factors) {
    discount /= 1 + factor / divisor;
    sum += discount;
  }
  return amountMinor / sum;
}
