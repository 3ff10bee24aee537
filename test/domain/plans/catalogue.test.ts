import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../domain/model.ts';
import { toMoney } from '../../../domain/money.ts';
import { recordPlanAgreed } from '../../../domain/plans/agreement.ts';
import { catalogueOn, findOffer, mayOffer, mayRefer, offersOn, type PlanOffer } from '../../../domain/plans/offers.ts';
import { ARRANGEMENTS, authorityFor } from '../../../domain/policy/arrangements.ts';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { allPacks } from '../../../domain/policy/packs/registry.ts';
import { recordHoldPlaced, recordPaymentReceived } from '../../../domain/record/bank-facts.ts';
import { Journal } from '../../../domain/record/journal.ts';
import { type AccountBuilder, anAccount, cny } from '../../builders/account.ts';
import { aSetting } from '../../builders/setting.ts';

const TODAY = '2026-03-02';
const NOW = '2026-03-02T01:30:00Z';
const TERMS = { annualRate: '0.1825', dayCount: 'ACT/365' };
const HARD_UP = { timesOverdueLast12Months: 2, willingness: 'willing', ability: 'unable' };
const COMPONENTS = { principal: cny('17900.00'), interest: cny('610.00'), fees: cny('90.00') };

const keys = (account: Account, onDate = TODAY) => offersOn(account, aSetting(), onDate).map((offer) => offer.key);
const asked = (account: Account) =>
  catalogueOn(account, aSetting(), TODAY)
    .filter((offer) => offer.needs !== undefined)
    .map((offer) => offer.key);
const offer = (account: Account, key: string): PlanOffer => {
  const found = catalogueOn(account, aSetting(), TODAY).find((row) => row.key === key);
  if (found === undefined) throw new Error(`There is no ${key}`);
  return found;
};

describe('what may be agreed at once', () => {
  it.each<[string, AccountBuilder, readonly string[]]>([
    ['anybody', anAccount(), ['instalments-3', 'instalments-6', 'instalments-12']],
    [
      'somebody who wants to pay and cannot',
      anAccount().with({ risk: HARD_UP }),
      ['instalments-3', 'instalments-6', 'instalments-12', 'instalments-24', 'instalments-36', 'instalments-48', 'instalments-60'],
    ],
    [
      'somebody who cannot pay and does not want to',
      anAccount().with({ risk: { ...HARD_UP, willingness: 'unwilling' } }),
      ['instalments-3', 'instalments-6', 'instalments-12'],
    ],
    [
      'somebody who can pay more at first, at interest',
      anAccount().with({ terms: TERMS, risk: { ...HARD_UP, ability: 'able' } }),
      ['instalments-3', 'instalments-6', 'instalments-12', 'falling-instalments-12', 'deferral-1'],
    ],
    ['somebody who was never late', anAccount().firstTimer(), ['instalments-3', 'instalments-6', 'instalments-12', 'deferral-1']],
    ['somebody who owes little', anAccount().owing('400.00'), ['instalments-3', 'deferral-1']],
    // Longer pauses are there for them, and a person looks at those first.
    [
      'somebody vulnerable who owes little',
      anAccount()
        .owing('250.00')
        .with({ flags: ['vulnerable'] }),
      [],
    ],
    ['somebody who owes too little', anAccount().owing('199.99'), []],
  ])('by %s', (_name, builder, expected) => {
    const account = builder.build();
    expect(keys(account)).toEqual(expected);
    expect(mayOffer(account, aSetting())).toBe(expected.length > 0);
  });

  it('leaves a customer enough to live on, where the bank knows what that takes', () => {
    const affordability = { income: cny('4000.00'), expenses: cny('3600.00') };
    const account = anAccount()
      .with({ risk: { timesOverdueLast12Months: 2 }, affordability })
      .build();
    // 80% of the 400.00 that are left.
    expect(offersOn(account, aSetting(), TODAY).every((row) => (row.instalments[0]?.amountMinor ?? 0) <= 32_000)).toBe(true);
    expect(keys(account)).toEqual(['instalments-24', 'instalments-36', 'instalments-48', 'instalments-60']);
    expect(mayOffer(account, aSetting())).toBe(true);
    const nothing = anAccount()
      .with({ affordability: { income: cny('3000.00'), expenses: cny('3600.00') } })
      .build();
    expect([keys(nothing), mayOffer(nothing, aSetting())]).toEqual([[], false]);
  });

  it('is nothing while the account is held for a death, a bankruptcy or a fraud', () => {
    for (const kind of ['deceased', 'bankruptcy', 'fraud'] as const) {
      const journal = new Journal(anAccount().build(), aSetting());
      recordHoldPlaced(journal, { holdId: 'd', kind: 'dispute', placedAt: NOW });
      recordHoldPlaced(journal, { holdId: 'h', kind, placedAt: NOW });
      expect(keys(journal.account)).toEqual([]);
      expect(() => recordPlanAgreed(journal, { offerId: 'o', agreedAt: NOW, channel: 'app' })).toThrow(kind);
    }
  });

  it('bears the interest of the actual days at the rate of the contract', () => {
    const found = offer(anAccount().owing('1000.00').with({ terms: TERMS }).build(), 'instalments-3');
    const [first] = found.instalments;
    // 7 days at 0.50 a day.
    expect(first).toMatchObject({ dueDate: '2026-03-09', interestMinor: 350 });
    expect(found.totalMinor).toBe(100_000 + found.interestMinor);
    expect(found.instalments.reduce((sum, row) => sum + row.principalMinor, 0)).toBe(100_000);
    expect(Number(found.effectiveRate)).toBeGreaterThan(0.19);
    expect(Number(found.effectiveRate)).toBeLessThan(0.21);
  });

  it('is found by its id as long as it is valid, whatever the days past due have become', () => {
    const [first] = offersOn(anAccount().overdueBy(29).owing('400.00').build(), aSetting(), TODAY);
    const later = aSetting({ now: '2026-03-16T01:30:00Z' });
    const account = anAccount().overdueBy(29).owing('400.00').build();
    expect(findOffer(account, later, '2026-03-16', first?.offerId ?? '')).toEqual(first);
    expect(findOffer(account, later, '2026-03-17', first?.offerId ?? '')).toBeUndefined();
  });
});

describe('what needs an approval', () => {
  const account = anAccount().with({ terms: TERMS, risk: HARD_UP, components: COMPONENTS }).build();

  it('gives up interest, fees or rate, is a longer pause, or years for somebody who may not need them', () => {
    expect(asked(account)).toEqual([
      ...['deferral-2', 'deferral-3', 'reduced-rate-12', 'reduced-rate-24', 'reduced-rate-36'],
      ...['waiver-1', 'waiver-6', 'waiver-12'],
    ]);
    const long = ['long-instalments-24', 'long-instalments-36', 'long-instalments-48', 'long-instalments-60'];
    expect(asked(anAccount().firstTimer().build())).toEqual([...long, 'deferral-2', 'deferral-3']);
    expect(asked(anAccount().overdueBy(100).with({ components: COMPONENTS }).build())).toContain('settlement-1');
    expect(asked(anAccount().build())).toEqual(long);
  });

  it('never touches the principal', () => {
    const waiver = offer(account, 'waiver-1');
    expect(waiver.waived).toEqual({ interestMinor: 61_000, feesMinor: 9000 });
    expect(waiver.principalMinor).toBe(625_000 - 70_000);
    const settlement = offer(anAccount().overdueBy(100).with({ components: COMPONENTS }).build(), 'settlement-1');
    expect([settlement.totalMinor, settlement.instalments.length]).toEqual([1_790_000, 1]);
    expect(ARRANGEMENTS.rules.every((rule) => rule.waivesPercent >= 0 && rule.waivesPercent <= 100)).toBe(true);
  });

  it('gives nothing up of a balance whose parts nobody knows now', () => {
    const known = anAccount().with({ components: COMPONENTS });
    const waivers = (row: Account) => asked(row).filter((key) => key.startsWith('waiver') || key.startsWith('settlement'));
    expect(waivers(known.build())).not.toEqual([]);
    // A newer figure says nothing of the parts, also where it is the same amount.
    for (const balance of ['18000.00', '18600.00']) {
      const stale = known.journal();
      stale.add({ type: 'BalanceUpdated', overdue: cny('6000.00'), balance: cny(balance), asOf: '2026-03-02T01:29:30Z' });
      expect(waivers(stale.account)).toEqual([]);
    }
    const paid = known.journal();
    const paidAt = '2026-03-02T01:29:30Z';
    recordPaymentReceived(paid, { paymentId: 'p-1', amount: cny('10.00'), paidAt, postedAt: paidAt, state: 'posted' });
    expect(waivers(paid.account)).toEqual([]);
  });

  it('counts the interest that a reduced rate gives up as a waiver', () => {
    const reduced = offer(account, 'reduced-rate-12');
    const contract = offer(account, 'instalments-12');
    expect(reduced.forgoneMinor).toBe(contract.interestMinor - reduced.interestMinor);
    expect(reduced.rate?.micros).toBe(91_250);
    expect(reduced.needs).toEqual({ role: 'supervisor', people: 1 });
  });

  it.each([
    [0, 0, 'CNY', 'collector', 1],
    [1, 0, 'CNY', 'supervisor', 1],
    [50_000, 0, 'CNY', 'supervisor', 1],
    [50_001, 0, 'CNY', 'approver', 1],
    [500_000, 0, 'CNY', 'approver', 1],
    [500_001, 0, 'CNY', 'approver', 2],
    [1, 1, 'CNY', 'counsel', 1],
    [1, 0, 'TWD', 'approver', 2],
  ])('%i of interest and fees and %i of principal in %s is for %s, %i', (waived, principal, currency, role, people) => {
    expect(authorityFor(waived, principal, currency)).toEqual({ role, people });
  });

  it('is not to be agreed without', () => {
    const journal = new Journal(account, aSetting());
    const { offerId } = offer(account, 'waiver-1');
    expect(() => recordPlanAgreed(journal, { offerId, agreedAt: NOW, channel: 'app' })).toThrow('needs an approval');
  });
});

describe('the catalogue', () => {
  it('can always be made, and says as quickly whether it offers anything', () => {
    fc.assert(
      fc.property(
        fc.record({
          owed: fc.integer({ min: 1, max: 50_000_000 }),
          rate: fc.option(fc.integer({ min: 0, max: 40_000_000 }), { nil: undefined }),
          dayCount: fc.constantFrom('ACT/365', 'ACT/360', '30/360', 'ACT/ACT'),
          currency: fc.constantFrom('CNY', 'TWD', 'JPY'),
          willingness: fc.constantFrom('willing', 'unwilling', 'unknown'),
          ability: fc.constantFrom('able', 'partly-able', 'unable', 'unknown'),
          left: fc.option(fc.integer({ min: -1000, max: 100_000 }), { nil: undefined }),
          daysPastDue: fc.integer({ min: 1, max: 200 }),
        }),
        ({ owed, rate, dayCount, currency, willingness, ability, left, daysPastDue }) => {
          const money = (minor: number) => toMoney(minor, currency);
          const account = anAccount()
            .overdueBy(daysPastDue)
            .with({
              overdue: money(owed),
              minimumDue: money(owed),
              balance: money(owed + 700),
              components: { principal: money(owed), interest: money(600), fees: money(100) },
              risk: { willingness, ability },
              ...(rate === undefined ? {} : { terms: { annualRate: (rate / 1e6).toFixed(6), dayCount } }),
              ...(left === undefined ? {} : { affordability: { income: money(200_000 + left), expenses: money(200_000) } }),
            })
            .build();
          const all = catalogueOn(account, aSetting(), TODAY);
          expect(mayOffer(account, aSetting())).toBe(all.some((row) => row.needs === undefined));
          for (const row of all) {
            expect(row.instalments.reduce((sum, part) => sum + part.amountMinor, 0)).toBe(row.totalMinor);
            expect(row.principalMinor + row.interestMinor + row.feesMinor).toBe(row.totalMinor);
            expect(Math.min(...row.instalments.map((part) => part.principalMinor))).toBeGreaterThanOrEqual(0);
          }
          expect(new Set(all.map((row) => row.offerId)).size).toBe(all.length);
        },
      ),
      { seed: 20_261_122, numRuns: 400 },
    );
  });

  it('asks for no more a year than the policy lets it, whatever the contract says', () => {
    const [dear] = offersOn(
      anAccount()
        .with({ terms: { annualRate: '18.25', dayCount: 'ACT/365' } })
        .build(),
      aSetting(),
      TODAY,
    );
    expect(dear?.rate?.micros).toBe(ARRANGEMENTS.rateMaxMicros);
  });

  it('stays within the longest term of each jurisdiction, and sixty months', () => {
    const months = ARRANGEMENTS.rules.flatMap((rule) => rule.months);
    expect(Math.max(...months)).toBe(60);
    for (const pack of allPacks()) {
      const most = pack.duties.plan?.termMonthsMax ?? 60;
      const setting = aSetting({ deployment: { jurisdiction: pack.id } });
      const account = { ...anAccount().with({ risk: HARD_UP }).build(), jurisdiction: pack.id };
      for (const row of catalogueOn(account, setting, TODAY)) expect(row.instalments.length).toBeLessThanOrEqual(most);
    }
  });

  it('asks for no instalment below the smallest of its currency', () => {
    const smallest = LADDER.plan.minimumInstalmentMinor.CNY ?? 0;
    for (const owed of ['200.00', '650.00', '1500.00', '6250.00'])
      for (const row of catalogueOn(anAccount().owing(owed).with({ risk: HARD_UP, terms: TERMS }).build(), aSetting(), TODAY))
        expect(row.principalMinor / row.instalments.length).toBeGreaterThanOrEqual(smallest);
  });

  it('tells where a credit is to be had only those who could get one', () => {
    expect(
      mayRefer(
        anAccount()
          .with({ risk: { ...HARD_UP, ability: 'able' } })
          .build(),
        aSetting(),
      ),
    ).toBe(true);
    expect(mayRefer(anAccount().with({ risk: HARD_UP }).build(), aSetting())).toBe(false);
    expect(
      mayRefer(
        anAccount()
          .overdueBy(61)
          .with({ risk: { ...HARD_UP, ability: 'able' } })
          .build(),
        aSetting(),
      ),
    ).toBe(false);
  });
});

describe('the agreement', () => {
  it('contains what a personalised plan has to contain', () => {
    const journal = new Journal(anAccount().with({ terms: TERMS, risk: HARD_UP, components: COMPONENTS }).build(), aSetting());
    const { offerId } = offer(journal.account, 'instalments-24');
    recordPlanAgreed(journal, { offerId, agreedAt: NOW, channel: 'voice', autodebit: true });
    const agreed = journal.drafts.find((draft) => draft.type === 'PlanAgreed');
    expect(agreed).toMatchObject({
      proofMissing: true,
      autodebit: true,
      terms: {
        key: 'instalments-24',
        debt: { overdue: cny('6250.00'), balance: cny('18600.00'), components: COMPONENTS },
        cycle: 'monthly',
        interest: TERMS,
        principal: cny('6250.00'),
        noNewCredit: true,
        conditions: ARRANGEMENTS.conditions,
      },
    });
  });

  it('on one of the last days of an offer gives days for an instalment whose date has passed', () => {
    const { offerId } = offer(anAccount().build(), 'instalments-3');
    const journal = new Journal(anAccount().build(), aSetting({ now: '2026-03-16T01:30:00Z' }));
    recordPlanAgreed(journal, { offerId, agreedAt: '2026-03-16T01:30:00Z', channel: 'app' });
    expect(journal.account.case?.plan?.instalments.map((row) => row.dueDate)).toEqual(['2026-03-19', '2026-04-09', '2026-05-09']);
  });

  it('by word of mouth with a recording, or in writing, lacks no proof', () => {
    for (const how of [{ channel: 'voice', proofRef: 'rec-1' }, { channel: 'app' }]) {
      const journal = new Journal(anAccount().build(), aSetting());
      recordPlanAgreed(journal, { offerId: offer(journal.account, 'instalments-3').offerId, agreedAt: NOW, ...how });
      expect(journal.drafts.find((draft) => draft.type === 'PlanAgreed')).not.toHaveProperty('proofMissing');
    }
  });
});
