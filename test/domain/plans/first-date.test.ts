import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../../domain/calendar.ts';
import { recordPlanAgreed } from '../../../domain/plans/agreement.ts';
import { catalogueOn, findOffer, firstDueWindow, offersOn } from '../../../domain/plans/offers.ts';
import { Journal } from '../../../domain/record/journal.ts';
import { anAccount } from '../../builders/account.ts';
import { aSetting } from '../../builders/setting.ts';

/** The day on which the first instalment falls due, as the customer names it: after their pay day, or with the statement. */

const TODAY = '2026-03-02';
const SETTING = aSetting();
const account = anAccount().owing('6000.00').build();
const bearing = anAccount()
  .owing('6000.00')
  .with({ terms: { annualRate: '0.1825', dayCount: 'ACT/365' } })
  .build();

const monthly = (offers: ReturnType<typeof catalogueOn>) => offers.filter(({ kind }) => kind === 'instalments');

describe('the window of the first day', () => {
  it('holds every day of a month, whenever it is asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), (offset) => {
        const onDate = addDays('2024-01-01', offset);
        const { from, to, unlessNamed } = firstDueWindow(SETTING, onDate);
        const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index).slice(8));
        const possible = Array.from({ length: 28 }, (_, index) => String(index + 1).padStart(2, '0'));
        expect(new Set(days)).toEqual(new Set([...possible, ...days]));
        expect(from <= unlessNamed && unlessNamed <= to).toBe(true);
      }),
    );
  });

  it('has an offer of every line on each of its days, the rest of them monthly, and nothing outside', () => {
    const lines = catalogueOn(account, SETTING, TODAY).map(({ key }) => key);
    for (let days = 0; days <= 40; days += 1) {
      const firstDueOn = addDays(TODAY, days);
      const offers = catalogueOn(account, SETTING, TODAY, firstDueOn);
      expect(offers.map(({ key }) => key)).toEqual(days >= 3 && days <= 33 ? lines : []);
      for (const { instalments } of monthly(offers)) {
        expect(instalments[0]?.dueDate).toBe(firstDueOn);
        const sameDay = instalments.filter(({ dueDate }) => dueDate.slice(8) === firstDueOn.slice(8) || dueDate.slice(8) > '27');
        expect(sameDay).toHaveLength(instalments.length);
      }
    }
  });

  it('moves neither a deferral nor a settlement: their one day follows from their kind', () => {
    const old = anAccount()
      .overdueBy(95)
      .with({
        components: {
          principal: { amount: '17900.00', currency: 'CNY' },
          interest: { amount: '610.00', currency: 'CNY' },
          fees: { amount: '90.00', currency: 'CNY' },
        },
      })
      .build();
    const once = (firstDueOn?: string) =>
      catalogueOn(old, SETTING, TODAY, firstDueOn).filter(({ kind }) => kind === 'settlement' || kind === 'deferral');
    expect(once().length).toBeGreaterThan(0);
    expect(once('2026-03-25')).toEqual(once());
  });
});

describe('an offer with a day of its own', () => {
  it('is as it was where the day is the one of everybody', () => {
    expect(catalogueOn(account, SETTING, TODAY, '2026-03-09')).toEqual(catalogueOn(account, SETTING, TODAY));
  });

  it('bears interest to that day: later costs more, and every schedule adds up', () => {
    const totals = ['2026-03-05', '2026-03-09', '2026-04-04'].map((firstDueOn) => {
      const offers = monthly(catalogueOn(bearing, SETTING, TODAY, firstDueOn));
      for (const { instalments, totalMinor, principalMinor, interestMinor } of offers) {
        expect(instalments.reduce((sum, row) => sum + row.amountMinor, 0)).toBe(totalMinor);
        expect([principalMinor, totalMinor - interestMinor]).toEqual([600_000, 600_000]);
      }
      return offers.find(({ key }) => key === 'instalments-6')?.totalMinor ?? 0;
    });
    expect(totals).toEqual([...totals].sort((one, other) => one - other));
    expect(new Set(totals).size).toBe(3);
  });

  it('is known by its id, by which it may be agreed for as long as any other, also once another day is asked for', () => {
    const offer = offersOnDay('2026-03-25').find(({ key }) => key === 'instalments-3');
    const id = offer?.offerId ?? '';
    expect(id).toMatch(/-d20260325$/);
    expect(id.length).toBeLessThanOrEqual(64);
    expect(findOffer(account, SETTING, '2026-03-16', id)).toEqual(offer);
    expect(findOffer(account, SETTING, '2026-03-17', id)).toBeUndefined();
    for (const forged of ['-d20260435', '-d20260310', '-d20261231', '-d2026032'])
      expect(findOffer(account, SETTING, TODAY, `${id.slice(0, -10)}${forged}`)?.offerId).not.toBe(id);
    expect(findOffer(account, SETTING, TODAY, id.replace('-d20260325', '-d20261231'))).toBeUndefined();
    // Within the window as texts go, and no date.
    for (const none of ['-d20260230', '-d20260332', '-d99999999', '-d00000000'])
      expect(findOffer(account, SETTING, '2026-02-25', id.replace('-d20260325', none))).toBeUndefined();
  });

  it('is agreed with that day, and a day that has passed by then becomes one three days later', () => {
    const first = (firstDueOn: string, now: string) => {
      const journal = new Journal(account, aSetting({ now }));
      const offerId = offersOnDay(firstDueOn)[0]?.offerId ?? '';
      recordPlanAgreed(journal, { offerId, agreedAt: now, channel: 'app' });
      return journal.account.case?.plan?.instalments[0]?.dueDate;
    };
    expect(first('2026-03-25', '2026-03-02T01:30:00Z')).toBe('2026-03-25');
    expect(first('2026-03-05', '2026-03-10T01:30:00Z')).toBe('2026-03-13');
  });

  it('has an id of at most 64 characters, whatever the line and the amount', () => {
    const large = anAccount()
      .owing('9999999999.00')
      .with({ terms: { annualRate: '0.1825', dayCount: 'ACT/365' } })
      .build();
    for (const { offerId } of catalogueOn(large, SETTING, TODAY, '2026-03-25')) expect(offerId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  });
});

function offersOnDay(firstDueOn: string) {
  const keys = new Set(offersOn(account, SETTING, TODAY).map(({ key }) => key));
  return catalogueOn(account, SETTING, TODAY, firstDueOn).filter(({ key }) => keys.has(key));
}
