import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, localDate, toInstant, toMillis } from '../../../domain/calendar.ts';
import { toMoney } from '../../../domain/money.ts';
import { recordPlanAgreed } from '../../../domain/plans/agreement.ts';
import { offersOn } from '../../../domain/plans/offers.ts';
import { recordPaymentReceived, recordPaymentReversed } from '../../../domain/record/bank-facts.ts';
import { anAccount } from '../../builders/account.ts';
import { patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

/** What a customer does about one instalment: so many per cent of it, so many days after its date; perhaps it comes back. */
interface Paid {
  readonly percent: number;
  readonly daysAfter: number;
  readonly reversedAfter?: number | undefined;
}

const onTime = fc.constant<Paid>({ percent: 100, daysAfter: 0 });
const somehow: fc.Arbitrary<Paid> = fc.record({
  percent: fc.constantFrom(100, 100, 50, 200, 0),
  daysAfter: fc.constantFrom(-2, 0, 1, 4, 5, 7),
  reversedAfter: fc.option(fc.constantFrom(1, 3, 40), { nil: undefined, freq: 4 }),
});
const paid = fc.oneof({ arbitrary: onTime, weight: 3 }, { arbitrary: somehow, weight: 1 });

interface Moment {
  readonly date: string;
  /** Of the day: payments come before reversals. */
  readonly hour: number;
  readonly amountMinor: number;
}

interface Fate {
  readonly status: string;
  readonly date?: string;
}

/** The fate of a plan by a calendar alone: what is open when a day begins and after each payment, and five days to make it good. */
function fateOf(
  rows: readonly { readonly dueDate: string; readonly amountMinor: number }[],
  moments: readonly Moment[],
  until: string,
): Fate {
  const total = sumOf(rows);
  const ofDay = (date: string) => moments.filter((moment) => moment.date === date).sort((one, other) => one.hour - other.hour);
  let missed: { readonly index: number; readonly from: string } | undefined;
  let sum = sumOf(moments.filter((moment) => moment.date < (rows[0]?.dueDate ?? '')));
  for (let date = rows[0]?.dueDate ?? until; date <= until; date = addDays(date, 1)) {
    for (const moment of [{ amountMinor: 0 }, ...ofDay(date)]) {
      sum += moment.amountMinor;
      if (sum >= total) return { status: 'completed', date };
      const open = rows.findIndex((_, index) => sum < sumOf(rows.slice(0, index + 1)));
      if (missed?.index !== open) missed = undefined;
      if (missed === undefined && date > (rows[open]?.dueDate ?? '')) missed = { index: open, from: date };
      if (missed !== undefined && date >= addDays(missed.from, 5)) return { status: 'broken', date };
    }
  }
  return { status: 'active' };
}

const sumOf = (list: readonly { readonly amountMinor: number }[]) => list.reduce((sum, row) => sum + row.amountMinor, 0);

const ZONE = 'Asia/Shanghai';

describe('the fate of a plan', () => {
  it('is what a calendar says of its payments, whatever they are', () => {
    const fates = new Set<string>();
    fc.assert(
      fc.property(fc.array(paid, { minLength: 6, maxLength: 6 }), (lives) => {
        const driver = drive(anAccount().overdueBy(12).owing('1200.00'), patientDesk());
        const offer = offersOn(driver.account, driver.world().setting, driver.today).find((row) => row.key === 'instalments-6');
        driver.tell((journal) =>
          recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt: toInstant(driver.now), channel: 'app' }),
        );
        const rows = driver.case.plan?.instalments ?? [];
        const moments: Moment[] = [];
        for (const [index, { percent, daysAfter, reversedAfter }] of lives.entries()) {
          const row = rows[index];
          const amountMinor = Math.floor(((row?.amountMinor ?? 0) * percent) / 100);
          if (row === undefined || amountMinor === 0) continue;
          const date = addDays(row.dueDate, daysAfter);
          const at = `${date}T04:00:00Z`;
          const payment = { amount: toMoney(amountMinor, 'CNY'), paidAt: at, postedAt: at, state: 'posted' as const };
          driver.later(at, (journal) => recordPaymentReceived(journal, { paymentId: `p${index}`, ...payment }));
          moments.push({ date, hour: 12, amountMinor });
          if (reversedAfter === undefined) continue;
          const back = addDays(date, reversedAfter);
          driver.later(`${back}T05:00:00Z`, (journal) =>
            recordPaymentReversed(journal, { paymentId: `p${index}`, reversedAt: `${back}T05:00:00Z`, payment }),
          );
          moments.push({ date: back, hour: 13, amountMinor: -amountMinor });
        }
        const until = addDays(rows.at(-1)?.dueDate ?? '', 20);
        driver.runTo(`${until}T12:00:00Z`);

        const expected = fateOf(rows, moments, until);
        // The case may have been cured by then, and another opened by a reversal: the timeline has what came first.
        const end = driver.entries.find((entry) => entry.type === 'PlanBroken' || entry.type === 'PlanCompleted');
        const found = end && { status: end.type === 'PlanBroken' ? 'broken' : 'completed', date: localDate(toMillis(end.at), ZONE) };
        expect(found ?? { status: driver.case.plan?.status }).toEqual(expected);
        fates.add(expected.status);
        driver.check();
      }),
      { seed: 20_261_122, numRuns: 80 },
    );
    expect([...fates].sort()).toEqual(['broken', 'completed']);
  });
});
