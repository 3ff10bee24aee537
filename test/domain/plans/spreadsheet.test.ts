import { CUMIPMT, FV, IPMT, PMT, PPMT, RATE } from '@formulajs/formulajs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, epochDay } from '../../../domain/calendar.ts';
import { monthlyDays } from '../../../domain/plans/due-dates.ts';
import { type Schedule, scheduleOf } from '../../../domain/plans/schedule.ts';

/**
 * A spreadsheet's annuity functions know equal periods only. By 30/360 every month bears a twelfth of the year's interest, so a schedule
 * that starts a month before its first instalment is what they compute, apart from whole cents.
 */

const PLANS = 10_000;

interface Plan {
  readonly amountMinor: number;
  readonly count: number;
  readonly rate: number;
  readonly schedule: Schedule;
}

const plans = fc
  .record({
    amountMinor: fc.integer({ min: 50_000, max: 50_000_000 }),
    count: fc.integer({ min: 3, max: 60 }),
    micros: fc.integer({ min: 1000, max: 182_500 }),
    // The same day in every month, and the last of none: then all periods are equal.
    startOn: fc.tuple(fc.integer({ min: 0, max: 360 }), fc.integer({ min: 0, max: 26 })),
  })
  .map(({ amountMinor, count, micros, startOn: [months, days] }): Plan => {
    const startOn = addDays(addMonths('2024-01-01', months), days);
    const schedule = scheduleOf({
      amountMinor,
      from: epochDay(startOn),
      days: monthlyDays(epochDay(addMonths(startOn, 1)), count),
      method: 'equal-instalments',
      rate: { micros, dayCount: '30/360' },
    });
    return { amountMinor, count, rate: micros / 12e6, schedule };
  });

const drawn = fc.sample(plans, { seed: 4_711, numRuns: PLANS });

/** Half a unit each time, grown until then: by what the rounded amounts of the rows before may differ from exact ones. */
function drift(rate: number, rows: number): number {
  return 0.5 * (((1 + rate) ** rows - 1) / rate);
}

const one = (value: unknown): number => {
  if (typeof value !== 'number') throw new TypeError(`The spreadsheet says ${String(value)}`);
  return value;
};

describe('ten thousand plans beside a spreadsheet', () => {
  it('ask for PMT, to the cent', () => {
    for (const { amountMinor, count, rate, schedule } of drawn) {
      const exact = -one(PMT(rate, count, amountMinor));
      expect(Math.abs((schedule.rows[0]?.amountMinor ?? 0) - exact)).toBeLessThan(1);
    }
  });

  it('bear, row by row, the interest of a sheet that pays what is asked, to the cent', () => {
    for (const { amountMinor, rate, schedule } of drawn) {
      const level = schedule.rows[0]?.amountMinor ?? 0;
      for (const [index, row] of schedule.rows.entries()) {
        const left = -one(FV(rate, index, -level, amountMinor));
        expect(Math.abs(row.interestMinor - left * rate)).toBeLessThan(1);
      }
    }
  });

  it('split each instalment as IPMT and PPMT do, apart from whole cents', () => {
    for (const { amountMinor, count, rate, schedule } of drawn) {
      for (const index of [0, Math.floor(count / 2), count - 2]) {
        const row = schedule.rows[index];
        const interest = -one(IPMT(rate, index + 1, count, amountMinor));
        const principal = -one(PPMT(rate, index + 1, count, amountMinor));
        // The rounding of the amount asked for and of the interest, over the rows before.
        const tolerance = 1 + 2 * drift(rate, index) * rate;
        expect(Math.abs((row?.interestMinor ?? 0) - interest)).toBeLessThan(tolerance);
        expect(Math.abs((row?.principalMinor ?? 0) - principal)).toBeLessThan(1 + tolerance);
      }
    }
  });

  it('cost CUMIPMT in all, apart from half a cent a row', () => {
    for (const { amountMinor, count, rate, schedule } of drawn) {
      const interest = -one(CUMIPMT(rate, count, amountMinor, 1, count, 0));
      expect(Math.abs(schedule.interestMinor - interest)).toBeLessThan(2 * drift(rate, count));
    }
  });

  it('come back to their rate by RATE', () => {
    for (const { amountMinor, count, rate, schedule } of drawn) {
      const level = schedule.rows[0]?.amountMinor ?? 0;
      const found = one(RATE(count, -level, amountMinor));
      // A unit more or less asked for each time is this much of a rate.
      const unit = one(RATE(count, -(level + 1), amountMinor)) - found;
      expect(Math.abs(found - rate)).toBeLessThan(unit + 1e-9);
    }
  });
});
